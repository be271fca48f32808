//! The thread in which drafts become texts, off the loop. It is there once a draft is read, and goes with the open home.

use crate::memory;
use tokio::sync::mpsc;
use troth_core::draft::loom::{Job, Loom};
use troth_core::node::Input;

/// Where jobs go.
pub struct Thread(std::sync::mpsc::Sender<(u64, Job)>);

impl Thread {
    /// Begins. What comes of each job goes to the loop, in their order.
    pub fn begin(inputs: mpsc::Sender<Input>) -> Option<Self> {
        let (jobs, waiting) = std::sync::mpsc::channel::<(u64, Job)>();
        let work = move || {
            memory::keep_stack();
            let mut loom = Loom::default();
            for (number, job) in waiting {
                let woven = loom.work(job);
                if inputs
                    .blocking_send(Input::Woven { number, woven })
                    .is_err()
                {
                    return;
                }
            }
        };
        let named = std::thread::Builder::new().name("loom".into());
        named.spawn(work).ok().map(|_| Self(jobs))
    }

    /// Does one job after those before. The node asks for a draft's next part only once it has the one before, so few wait.
    pub fn work(&self, number: u64, job: Job) -> bool {
        self.0.send((number, job)).is_ok()
    }
}
