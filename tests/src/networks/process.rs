//! What a daemon costs, as the kernel counts it.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

/// A process that is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Process(pub i32);

impl Process {
    /// How often each of its threads has gone to sleep so far: each time, something woke it before.
    fn sleeps(&self) -> BTreeMap<String, u64> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.0)).expect("a process");
        let of = |task: fs::DirEntry| {
            let status = fs::read_to_string(task.path().join("status")).ok()?;
            let name = task.file_name().to_string_lossy().into_owned();
            Some((name, number(&status, "voluntary_ctxt_switches:")))
        };
        tasks.flatten().filter_map(of).collect()
    }

    /// Wake-ups a second, over a window in which nothing else is asked of it.
    pub fn wakes_a_second(&self, window: Duration) -> f64 {
        let (begun, before) = (Instant::now(), self.sleeps());
        std::thread::sleep(window);
        // A thread that has ended meanwhile is not in it, and one that is new is.
        let woken = |(thread, now)| now - before.get(&thread).copied().unwrap_or(0);
        let woken: u64 = self.sleeps().into_iter().map(woken).sum();
        woken as f64 / begun.elapsed().as_secs_f64()
    }

    /// Its threads.
    pub fn threads(&self) -> u64 {
        number(&self.status(), "Threads:")
    }

    /// Memory that is resident, in KiB.
    pub fn resident(&self) -> u64 {
        number(&self.status(), "VmRSS:")
    }

    /// Its open sockets.
    pub fn sockets(&self) -> usize {
        let open = fs::read_dir(format!("/proc/{}/fd", self.0)).expect("a process");
        let to = open
            .flatten()
            .filter_map(|fd| fs::read_link(fd.path()).ok());
        to.filter(|to| to.to_string_lossy().starts_with("socket:"))
            .count()
    }

    fn status(&self) -> String {
        fs::read_to_string(format!("/proc/{}/status", self.0)).expect("a process")
    }
}

fn number(status: &str, what: &str) -> u64 {
    let line = status.lines().find(|line| line.starts_with(what));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(0)
}
