//! Frames of the partner's link, and what a node does with one after the hello.
#![no_main]

use libfuzzer_sys::fuzz_target;
use troth_core::sim::Sim;
use troth_proto::{limits, wire::Frame};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(frame) = Frame::read(bytes, limits::FRAME_BYTES) {
        assert_eq!(Frame::read(&frame.write(), limits::FRAME_BYTES), Ok(frame), "a frame reads back as written");
    }
    thread_local!(static SIM: std::cell::RefCell<Sim> = std::cell::RefCell::new(Sim::paired(1)));
    SIM.with_borrow_mut(|sim| {
        sim.connect();
        sim.settle();
        sim.devices[0].inbox.push_back(bytes.to_vec());
        sim.settle();
    });
});
