//! The local API, spoken by hand: for benches, and for tests that look at the wire between client and daemon.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use troth_proto::api::{self, Call, Line, Request};

/// A conversation with a daemon.
pub struct Socket {
    reader: BufReader<UnixStream>,
    calls: u64,
}

impl Socket {
    /// Connects and says hello.
    pub fn connect(home: &Path) -> Self {
        let stream = UnixStream::connect(home.join("run/trothd.sock")).expect("a daemon");
        let mut it = Self {
            reader: BufReader::new(stream),
            calls: 0,
        };
        it.ask(&Request::Hello { api: api::VERSION });
        it
    }

    /// Sends without waiting for the answer.
    pub fn send(&mut self, request: &Request) {
        self.calls += 1;
        let line = Call::write(self.calls, request);
        self.reader
            .get_mut()
            .write_all(line.as_bytes())
            .expect("written");
    }

    /// The next line.
    pub fn line(&mut self) -> Line {
        let mut text = String::new();
        self.reader.read_line(&mut text).expect("a line");
        serde_json::from_str(&text).expect("a line of the API")
    }

    /// The next answer, whatever was told meanwhile.
    pub fn answer(&mut self) -> Result<Value, Value> {
        loop {
            let line = self.line();
            if line.method.is_some() {
                continue;
            }
            return match line.error {
                Some(error) => Err(json!(error.data)),
                None => Ok(line.result.unwrap_or(Value::Null)),
            };
        }
    }

    /// Asks and waits.
    pub fn ask(&mut self, request: &Request) -> Value {
        self.send(request);
        self.answer().expect("an answer")
    }
}
