//! Lines of the local API, and what a node answers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use troth_core::sim::Sim;
use troth_proto::api::{Call, Request};

fuzz_target!(|bytes: &[u8]| {
    let line = [br#"{"jsonrpc":"2.0","id":1,"#, bytes].concat();
    for line in [bytes, &line] {
        let Ok(call) = Call::read(line) else { continue };
        if matches!(call.request, Request::Pause {} | Request::Stop {}) {
            continue; // they would end the conversation this runs in
        }
        thread_local!(static SIM: std::cell::RefCell<Sim> = std::cell::RefCell::new(Sim::paired(1)));
        SIM.with_borrow_mut(|sim| {
            let _ = sim.request(0, call.request);
            sim.settle();
        });
    }
});
