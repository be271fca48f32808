//! The program in the background: start, stop, whether it runs, and its log.

use crate::cli::Service;
use crate::link::Link;
use crate::{Said, say};
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
                "Troth is running in the background.\n",
            ))
        }
        Service::Stop => {
            if let Some(link) = Link::connect(home)? {
                link.shut_down(home)?;
            }
            Ok(Said::new(
                json!({"running": false}),
                "Troth is not running.\n",
            ))
        }
        Service::Status => match Link::connect(home)? {
            Some(link) if link.welcome.version.is_empty() => Err(Problem::ApiVersion),
            Some(link) => {
                let words = format!(
                    "Troth {} is running in the background.\n",
                    link.welcome.version
                );
                Ok(Said::new(
                    json!({"running": true, "pid": link.welcome.pid, "version": link.welcome.version}),
                    words,
                ))
            }
            None => Err(Problem::NoDaemon),
        },
    }
}

/// Prints the log, and with `follow` goes on as it grows.
pub(crate) fn logs(home: &Home, follow: bool, json: bool) -> Result<Said, Problem> {
    let (folder, name) = home.logs();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.retain(|path| {
        path.file_name()
            .and_then(|n| n.to_str())
            .is_some_and(|n| n.starts_with(name))
    });
    files.sort();
    let failed = |path: &PathBuf, e: &std::io::Error| Problem::FileFailed {
        path: path.display().to_string(),
        detail: e.kind().to_string(),
    };
    let mut text = String::new();
    for path in &files {
        let mut bytes = Vec::new();
        File::open(path)
            .and_then(|mut file| file.read_to_end(&mut bytes))
            .map_err(|e| failed(path, &e))?;
        text.push_str(&String::from_utf8_lossy(&bytes));
    }
    if let (true, Some(path), false) = (follow, files.last(), json) {
        print(&say::calm(&text));
        let mut file = File::open(path).map_err(|e| failed(path, &e))?;
        let mut at = file.seek(SeekFrom::End(0)).map_err(|e| failed(path, &e))?;
        loop {
            std::thread::sleep(Duration::from_millis(300));
            let mut more = Vec::new();
            let read = file
                .seek(SeekFrom::Start(at))
                .and_then(|_| file.read_to_end(&mut more))
                .map_err(|e| failed(path, &e))?;
            at += read as u64;
            print(&say::calm(&String::from_utf8_lossy(&more)));
        }
    }
    Ok(Said::new(json!({"log": text}), say::calm(&text)))
}

fn print(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}
