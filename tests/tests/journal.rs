//! A daemon that systemd started: what it says to the journal, and that it says nothing of anybody there.

use serde_json::{Value, json};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use troth_tests::home::{Home, pair, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
const TROTHD: &str = env!("CARGO_BIN_EXE_sut-trothd");

/// A daemon as systemd starts it, whose standard error is its journal.
struct Unit {
    child: Child,
    journal: PathBuf,
    output: PathBuf,
}

impl Unit {
    fn start(home: &Home, root: &Path, level: &str) -> Self {
        let at = |what: &str| {
            let name = home.dir.file_name().unwrap().to_string_lossy();
            root.join(format!("{name}.{what}"))
        };
        let (journal, output) = (at("journal"), at("output"));
        let file = std::fs::File::create(&journal).unwrap();
        let about = file.metadata().unwrap();
        let child = Command::new(TROTHD)
            .arg("--home")
            .arg(&home.dir)
            .env("JOURNAL_STREAM", format!("{}:{}", about.dev(), about.ino()))
            .env("TROTH_LOG", level)
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .stdin(Stdio::null())
            .stdout(std::fs::File::create(&output).unwrap())
            .stderr(file)
            .spawn()
            .unwrap();
        home.until(&["service", "status"], |status| status["running"] == true);
        assert_eq!(home.pid(), Some(child.id() as i32));
        Self {
            child,
            journal,
            output,
        }
    }

    /// What it wrote until its end.
    fn told(mut self, home: &Home) -> (String, String) {
        home.stop();
        self.child.wait().unwrap();
        let read = |path: &PathBuf| std::fs::read_to_string(path).unwrap();
        (read(&self.journal), read(&self.output))
    }
}

#[test]
fn the_journal_holds_no_word_no_name_and_no_address() {
    for level in ["info", "trace"] {
        let root = root();
        let [ana, ben] = ["one", "two"].map(|name| Home::new(root.path(), name, TROTH));
        let units = [&ana, &ben].map(|home| Unit::start(home, root.path(), level));
        ana.init("Anouk");
        ben.init("Benedict");
        pair(&ana, &ben);
        // Words of every sort, what is refused, and what is not there.
        let words = json!({"topic": "Marmalade", "does": {"me": "I marmalade."}, "terms": "More marmalade."});
        let done = ana.ask(&["agreement", "propose"], words);
        let (agreement, hash) = (&done["agreement"], &done["hash"]);
        let agreement = agreement.as_str().unwrap();
        ben.until(&["agreement", "show", agreement], |it| {
            it["topic"].is_string()
        });
        ben.ask(&["agreement", "yes", hash.as_str().unwrap()], Value::Null);
        ana.ask(&["thanks", "add"], json!({"words": {"did": "Marmalade."}}));
        ana.ask(&["draft", "new"], json!({"title": "Marmalade"}));
        ben.until(&["draft", "list"], |list| list["drafts"][0].is_object());
        let wish = json!({"wish": "marmalade"});
        ana.ask(&["checkin", "ready", "--slot", "2026-W47"], wish);
        ana.ask(&["private", "passphrase"], json!({"new": "marmalade jar"}));
        let twice = json!({"name": "Marmalade"});
        ana.script(&["init", "--keys", "file"], &twice);
        ana.script(&["agreement", "show", "marmalade"], &Value::Null);
        ana.ask(&["reach", "127.0.0.1:9"], Value::Null);
        ana.ask(&["doctor"], Value::Null);
        ana.ask(&["today"], Value::Null);
        ana.until(&["status"], |status| status["partner_has_all"] == true);
        ana.ask(&["lock"], Value::Null);
        ana.ask(&["unlock"], json!({}));
        for (unit, home) in units.into_iter().zip([&ana, &ben]) {
            let (journal, output) = unit.told(home);
            assert_eq!(output, "", "on its standard output");
            for sentence in ["<6>", "ready", "stopped"] {
                assert!(journal.contains(sentence), "{sentence}: {journal}");
            }
            let low = journal.to_lowercase();
            for word in [
                "marmalade",
                "anouk",
                "benedict",
                "127.0.0.1",
                "/ip4/",
                "::1",
            ] {
                let line = low.lines().find(|line| line.contains(word));
                assert_eq!(line, None, "{level}: {word}");
            }
            let kept = home.log();
            assert!(kept.contains("ready"), "the files hold it too");
        }
    }
}
