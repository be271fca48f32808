//! The program in the background: start, stop, whether it runs, and its log.

use crate::cli::Service;
use crate::link::{self, Link};
use crate::words::t;
use crate::{Said, login, say};
use serde_json::json;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::time::Duration;
use troth_proto::Problem;
use troth_proto::home::Home;

pub(crate) fn run(home: &Home, service: &Service) -> Result<Said, Problem> {
    match service {
        Service::Start => {
            let link = Link::open(home)?;
            Ok(Said::new(
                json!({"running": true, "pid": link.welcome.pid}),
                t!("running-now") + "\n",
            ))
        }
        Service::Stop => {
            match Link::connect(home)? {
                Some(link) => link.shut_down(home)?,
                // One that nobody can talk to holds the lock all the same.
                None => match link::end(home) {
                    Ok(()) | Err(Problem::NoDaemon) => {}
                    Err(problem) => return Err(problem),
                },
            }
            Ok(Said::new(
                json!({"running": false}),
                t!("stopped-now") + "\n",
            ))
        }
        Service::Status => match Link::connect(home)? {
            Some(link) if link.welcome.version.is_empty() => Err(Problem::ApiVersion),
            Some(link) => {
                let at_login = login::installed(home).is_some();
                let version = link.welcome.version.as_str();
                let running = t!("running-version", version = version);
                let words = format!("{running}\n{}\n", starts(at_login));
                Ok(Said::new(
                    json!({"running": true, "pid": link.welcome.pid, "version": link.welcome.version, "at_login": at_login}),
                    words,
                ))
            }
            None => Err(Problem::NoDaemon),
        },
        Service::Install => {
            let way = match login::install(home)? {
                login::Way::Systemd => "systemd",
                login::Way::Desktop => "desktop",
            };
            let words = format!("{} {}\n", t!("running-now"), starts(true));
            Ok(Said::new(json!({"at_login": true, "by": way}), words))
        }
        Service::Uninstall => {
            login::uninstall(home)?;
            let words = format!("{}\n", starts(false));
            Ok(Said::new(json!({"at_login": false}), words))
        }
    }
}

fn starts(at_login: bool) -> String {
    if at_login {
        t!("at-login")
    } else {
        t!("not-at-login")
    }
}

/// Prints the log, and with `follow` goes on as it grows.
pub(crate) fn logs(home: &Home, follow: bool, json: bool) -> Result<Said, Problem> {
    let (folder, name) = home.logs();
    let there = || {
        let all = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let ours = all.map(|entry| entry.path()).filter(|path| {
            let file = path.file_name().and_then(|file| file.to_str());
            file.is_some_and(|file| file.starts_with(name))
        });
        let mut files: Vec<PathBuf> = ours.collect();
        files.sort();
        files
    };
    let files = there();
    let failed = |path: &PathBuf, e: &std::io::Error| Problem::FileFailed {
        path: path.display().to_string(),
        why: e.into(),
    };
    let mut text = String::new();
    for path in &files {
        let mut bytes = Vec::new();
        File::open(path)
            .and_then(|mut file| file.read_to_end(&mut bytes))
            .map_err(|e| failed(path, &e))?;
        text.push_str(&String::from_utf8_lossy(&bytes));
    }
    if follow && !json {
        print(&say::calm(&text));
        let mut path = files.last().cloned();
        let mut at = path.as_ref().and_then(|path| std::fs::metadata(path).ok());
        let mut at = at.take().map_or(0, |about| about.len());
        loop {
            std::thread::sleep(Duration::from_millis(300));
            if let Some(path) = &path {
                let mut more = Vec::new();
                let read = File::open(path).and_then(|mut file| {
                    file.seek(SeekFrom::Start(at))?;
                    file.read_to_end(&mut more)
                });
                at += read.map_err(|e| failed(path, &e))? as u64;
                print(&say::calm(&String::from_utf8_lossy(&more)));
            }
            // A full file is followed by another.
            let newest = there().pop();
            if newest != path {
                (path, at) = (newest, 0);
            }
        }
    }
    Ok(Said::new(json!({"log": text}), say::calm(&text)))
}

fn print(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}
