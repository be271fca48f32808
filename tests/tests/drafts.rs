//! Two people who type in one draft, with the real programs: in an editor, live at two terminals, apart, and at its end.

use crate::hostile::Stolen;
use crate::strangers::resident;
use rexpect::session::{PtySession, spawn_command};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use troth_core::sim::Sim;
use troth_proto::api::Request;
use troth_proto::draft::{DraftEntry, DraftForm, Edit, Element, SealedDraft, Typed};
use troth_proto::wire::{self, DraftEntries, Frame};
use troth_proto::{CoupleId, DraftId, Hash, PersonId, limits};
use troth_tests::home::{Home, paired, root};
use troth_tests::socket::Socket;

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
const PATIENCE: Option<u64> = Some(30_000);

fn sit_down(home: &Home, editor: &str, arguments: &str) -> PtySession {
    let mut command = Command::new("sh");
    let troth = format!("'{TROTH}' --home '{}' {arguments}", home.dir.display());
    command.args(["-c", &format!("stty rows 24 cols 80; exec {troth}")]);
    command
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("XDG_RUNTIME_DIR")
        .env_remove("VISUAL")
        .env("EDITOR", editor)
        .env("TROTH_LANG", "en")
        .env("TERM", "xterm")
        .env("PAGER", "cat");
    spawn_command(command, PATIENCE).unwrap()
}

fn text(home: &Home, draft: &str) -> String {
    let shown = home.ask(&["draft", "show", draft], Value::Null);
    shown["text"].as_str().unwrap().to_owned()
}

fn until(home: &Home, draft: &str, words: &str) {
    home.until(&["draft", "show", draft], |shown| {
        shown["text"].as_str().is_some_and(|text| text == words)
    });
}

fn type_in(home: &Home, draft: &str, at: usize, delete: usize, insert: &str) {
    let shown = home.ask(&["draft", "show", draft], Value::Null);
    let edits = json!([{"at": at, "delete": delete, "insert": insert}]);
    let words = json!({"at": shown["at"], "edits": edits});
    home.ask(&["draft", "edit", draft], words);
}

#[test]
fn a_draft_is_written_in_two_editors_at_once_proposed_and_closed() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    // Whoever has written nothing is told no news: what comes to an empty home is old.
    let words = json!({"topic": "Visits", "does": {"me": "I call."}});
    ben.ask(&["agreement", "propose"], words);
    let mut a = sit_down(&ana, "", "draft new --form agreement");
    a.exp_string("What is it called?").unwrap();
    a.send_line("House rules").unwrap();
    a.exp_string("troth draft edit").unwrap();
    a.exp_eof().unwrap();
    ben.until(&["draft", "list"], |list| list["drafts"][0].is_object());
    let news = String::from_utf8(ben.run(&["today"], "").stdout).unwrap();
    assert!(news.contains("Ana began “House rules”"), "{news}");
    type_in(
        &ana,
        "house",
        0,
        0,
        "Quiet hours\n\nFrom ten on it is quiet.\nMusic by headphones.\n",
    );
    until(&ben, "rules", &text(&ana, "1"));
    // She has it open in her editor; he types meanwhile; she saves.
    let script = root.path().join("does.vim");
    std::fs::write(
        &script,
        "%s/From ten on/From eleven on/\nnormal Go- Sundays too.\nwq\n",
    )
    .unwrap();
    let gate = root.path().join("gate");
    let held = format!(
        "call system('while [ ! -e {} ]; do sleep 0.02; done')\n",
        gate.display()
    );
    let does = held + &std::fs::read_to_string(&script).unwrap();
    std::fs::write(&script, does).unwrap();
    let mut a = sit_down(
        &ana,
        &format!("vim -S {}", script.display()),
        "draft edit house",
    );
    a.exp_string("words.md").unwrap();
    type_in(&ben, "house", 0, 5, "Calm");
    until(
        &ana,
        "house",
        "Calm hours\n\nFrom ten on it is quiet.\nMusic by headphones.\n",
    );
    std::fs::write(&gate, "").unwrap();
    a.exp_string("With what Ben typed meanwhile").unwrap();
    a.exp_string("Calm hours").unwrap();
    a.exp_eof().unwrap();
    let merged =
        "Calm hours\n\nFrom eleven on it is quiet.\nMusic by headphones.\n- Sundays too.\n";
    assert_eq!(text(&ana, "house"), merged);
    until(&ben, "house", merged);
    // A snapshot is proposed; the draft goes on by itself.
    let proposed = ana.ask(&["draft", "propose", "house"], json!({"me": "I whisper."}));
    type_in(&ben, "house", 0, 4, "Loud");
    let agreement = proposed["agreement"].as_str().unwrap();
    let shown = ben.until(&["agreement", "show", agreement], |_| true);
    assert_eq!(shown["topic"], "Calm hours");
    assert_eq!(
        shown["versions"][0]["terms"],
        "From eleven on it is quiet.\nMusic by headphones.\n- Sundays too."
    );
    // Any automerge tool opens it; and it is closed by both.
    let file = root.path().join("draft.automerge");
    let export = ["export", "--format", "automerge", "--draft", "house"];
    let path = file.to_str().unwrap();
    ana.until(&["status"], |status| status["partner_has_all"] == true);
    ana.ask(&[&export[..], &[path]].concat(), Value::Null);
    let document = automerge_text(&file);
    assert_eq!(document, text(&ana, "house"));
    for home in [&ana, &ben] {
        let closed = home.run(&["--no-input", "draft", "close", "house"], "");
        assert_eq!(closed.status.code(), Some(2), "it is asked about");
        home.run(&["--no-input", "--yes", "draft", "close", "house"], "");
    }
    for home in [&ana, &ben] {
        home.until(&["draft", "list"], |list| list["drafts"] == json!([]));
        for word in ["headphones", "House rules"] {
            home.until(&["status"], |_| true);
            if word == "House rules" || !home.holds_word("Calm hours") {
                assert!(!home.holds_word(word), "{word}");
            }
        }
    }
}

/// What automerge's own package makes of a file.
fn automerge_text(file: &Path) -> String {
    let output = node("draft.mjs", &[file.to_str().unwrap()], "");
    output["text"].as_str().unwrap().to_owned()
}

fn node(script: &str, arguments: &[&str], stdin: &str) -> Value {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("js");
    let mut child = Command::new("node")
        .arg(package.join(script))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut to = child.stdin.take().unwrap();
    to.write_all(stdin.as_bytes()).unwrap();
    drop(to);
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "run tests/run, which installs the package: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The same typing by automerge's own package: where no home was copied, its text and its heads are the same.
#[test]
fn automerges_own_package_makes_the_same_of_the_same_typing() {
    let seed = troth_tests::histories::fresh_seed();
    eprintln!("seed {seed}");
    let mut sim = Sim::paired(seed);
    let request = |sim: &mut Sim, p: usize, request| sim.request(p, request).unwrap();
    let begun = request(
        &mut sim,
        0,
        Request::DraftNew {
            form: DraftForm::Letter,
            title: "To us".into(),
        },
    );
    let draft = begun["draft"].as_str().unwrap().to_owned();
    sim.settle();
    let export = |sim: &mut Sim, p: usize| {
        let (draft, cursor) = (draft.clone(), None);
        let piece = request(sim, p, Request::ExportDraft { draft, cursor });
        assert_eq!(piece["cursor"], Value::Null);
        piece["piece"].as_str().unwrap().to_owned()
    };
    let genesis = export(&mut sim, 0);
    let actors: Vec<String> = (0..2)
        .map(|p| {
            let couple = sim.node(p).couple().unwrap();
            couple.book(troth_proto::ids::Who::Me).owner.hex()
        })
        .collect();
    let mut steps = Vec::new();
    sim.cut();
    for n in 0..300 {
        if sim.chance.one_in(6) {
            sim.connect();
            sim.settle();
            sim.cut();
            steps.push(json!({"merge": true}));
            continue;
        }
        let p = sim.chance.below(2);
        let read = Request::DraftRead {
            draft: draft.clone(),
            since: None,
            follow: false,
        };
        let shown = request(&mut sim, p, read);
        let length = shown["text"].as_str().unwrap().chars().count();
        let at = sim.chance.below(length + 1);
        let delete = sim.chance.below(4).min(length - at);
        let insert = match sim.chance.below(3) {
            0 if delete > 0 => String::new(),
            1 => format!("🦆ä{n}"),
            _ => format!("w{n} "),
        };
        steps.push(json!({"by": p, "at": at, "delete": delete, "insert": insert}));
        let edit = Edit {
            at: at as u32,
            delete: delete as u32,
            insert,
        };
        let edit = Request::DraftEdit {
            draft: draft.clone(),
            at: serde_json::from_value(shown["at"].clone()).unwrap(),
            edits: vec![edit],
        };
        request(&mut sim, p, edit);
    }
    sim.connect();
    sim.settle();
    let folder = root();
    let file = folder.path().join("draft");
    let bytes = data_encoding::BASE64.decode(export(&mut sim, 1).as_bytes());
    std::fs::write(&file, bytes.unwrap()).unwrap();
    let ours = node("draft.mjs", &[file.to_str().unwrap()], "");
    let typing = json!({"genesis": genesis, "actors": actors, "steps": steps});
    let theirs = node("type.mjs", &[], &typing.to_string());
    assert_eq!(ours["text"], theirs["text"], "seed {seed}");
    assert_eq!(ours["heads"], theirs["heads"], "seed {seed}");
    assert!(ours["text"].as_str().unwrap().len() > 100);
}

#[test]
fn two_who_type_live_see_each_other_at_once() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    ana.ask(&["draft", "new"], json!({"title": "Letter"}));
    ben.until(&["draft", "list"], |list| list["drafts"][0].is_object());
    let mut a = sit_down(&ana, "", "draft edit --live letter");
    let mut b = sit_down(&ben, "", "draft edit --live letter");
    for session in [&mut a, &mut b] {
        session.exp_string("Escape leaves.").unwrap();
    }
    a.send("Dear you").unwrap();
    a.flush().unwrap();
    b.exp_string("Dear you").unwrap();
    // He goes to the beginning and types there, while she goes on at the end.
    b.send("\u{1b}[H\u{1b}[HMy ").unwrap();
    b.flush().unwrap();
    a.exp_string("My Dear you").unwrap();
    a.send(", and us").unwrap();
    a.flush().unwrap();
    b.exp_string("My Dear you, and us").unwrap();
    b.send("\u{7f}!").unwrap();
    b.flush().unwrap();
    a.exp_string("My!Dear you, and us").unwrap();
    for session in [&mut a, &mut b] {
        session.send("\u{1b}").unwrap();
        session.flush().unwrap();
        session.exp_eof().unwrap();
    }
    assert_eq!(text(&ana, "letter"), "My!Dear you, and us");
    assert_eq!(text(&ben, "letter"), "My!Dear you, and us");
}

#[test]
fn what_was_typed_apart_survives_kills_and_comes_together() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    ana.ask(
        &["draft", "new", "--form", "list"],
        json!({"title": "To buy"}),
    );
    ben.until(&["draft", "list"], |list| list["drafts"][0].is_object());
    type_in(&ana, "buy", 0, 0, "bread\n");
    until(&ben, "buy", "bread\n");
    ana.ask(&["pause"], Value::Null);
    for n in 0..20 {
        type_in(&ana, "buy", 0, 0, &format!("a{n}\n"));
        type_in(&ben, "buy", 0, 0, &format!("b{n}\n"));
    }
    ana.kill();
    ben.kill();
    let lines = |home: &Home| {
        let mut lines: Vec<String> = text(home, "buy").lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(
        (lines(&ana).len(), lines(&ben).len()),
        (21, 21),
        "saved is saved"
    );
    ana.ask(&["resume"], Value::Null);
    let both: Vec<String> = {
        let all = (0..20).flat_map(|n| [format!("a{n}"), format!("b{n}")]);
        let mut all: Vec<String> = all.chain(["bread".to_owned()]).collect();
        all.sort();
        all
    };
    for home in [&ana, &ben] {
        home.until(&["status"], |status| status["partner_has_all"] == true);
        home.until(&["draft", "show", "buy"], |shown| {
            shown["text"]
                .as_str()
                .is_some_and(|it| it.lines().count() == 41)
        });
        assert_eq!(lines(home), both);
    }
    assert_eq!(text(&ana, "buy"), text(&ben, "buy"));
    for home in [&ana, &ben] {
        home.stop();
        let told = home.log();
        assert!(
            !told.contains("bread") && !told.contains("To buy"),
            "{told}"
        );
    }
}

/// Entries of one letter each, one after the other, as fast as they can be made: every one of them is lawful.
struct Typist {
    couple: CoupleId,
    by: PersonId,
    draft: DraftId,
    n: u64,
    last: Option<Hash>,
}

impl Typist {
    fn frame(&mut self, letters: usize) -> Vec<u8> {
        let mut entries = Vec::new();
        for _ in 0..letters {
            let after = self.last.map(|entry| Element { entry, before: 0 });
            let text = "x".to_owned();
            let entry = DraftEntry {
                by: self.by,
                n: self.n + 1,
                after: self.last.into_iter().collect(),
                form: DraftEntry::FORM,
                ops: wire::encode(&vec![Typed::Insert { after, text }]),
            };
            let hash = entry.hash(self.couple, &self.draft);
            let seal = Hash::default();
            (self.n, self.last) = (self.n + 1, Some(hash));
            entries.push(SealedDraft { entry, hash, seal });
        }
        let draft = self.draft;
        Frame::DraftEntries(DraftEntries { draft, entries }).write()
    }

    /// So many frames, each behind its length but the first.
    fn frames(&mut self, count: usize) -> (u32, Vec<u8>) {
        let (mut all, mut first) = (Vec::new(), 0);
        for n in 0..count {
            let frame = self.frame(limits::DRAFT_ENTRIES);
            let length = frame.len() as u32;
            if n == 0 {
                first = length;
            } else {
                all.extend(length.to_be_bytes());
            }
            all.extend(frame);
        }
        (first, all)
    }
}

/// `TROTH_FLOOD=60` for a minute; the suite's is short. The figures of both are printed.
#[test]
fn a_partners_program_that_types_at_full_speed_costs_little() {
    let flood = std::env::var("TROTH_FLOOD").ok();
    let seconds: u64 = flood.as_ref().and_then(|s| s.parse().ok()).unwrap_or(3);
    let root = root();
    let (mut ana, ben) = paired(root.path(), TROTH);
    ana.expected = vec![
        "refused what the partner",
        "times more",
        "a frame over",
        "opens too many streams",
    ];
    let begun = ana.ask(&["draft", "new"], json!({"title": "Letter"}));
    let draft = begun["draft"].as_str().unwrap().to_owned();
    ben.until(&["draft", "list"], |list| list["drafts"][0].is_object());
    let mut stolen = Stolen::from(&ben);
    let (couple, by) = stolen.whose();
    let mut typist = Typist {
        couple,
        by,
        draft: DraftId::from_hex(&draft).unwrap(),
        n: 0,
        last: None,
    };
    let until = Instant::now() + Duration::from_secs(seconds);
    let (mut times, mut most) = (Vec::new(), 0);
    std::thread::scope(|threads| {
        let flooding = threads.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = { runtime }.enable_all().build().unwrap();
            while Instant::now() < until {
                let (first, frames) = typist.frames(70);
                let once = stolen.try_attack(true, frames, Some(first));
                let _ = runtime
                    .block_on(async { tokio::time::timeout(Duration::from_secs(2), once).await });
            }
        });
        let mut socket = Socket::connect(&ana.dir);
        let read = socket.ask(&Request::DraftRead {
            draft: draft.clone(),
            since: None,
            follow: true,
        });
        let mut at = read["at"].clone();
        while Instant::now() < until {
            let edit = Edit {
                at: 0,
                delete: 0,
                insert: "a".into(),
            };
            let begun = Instant::now();
            let told = socket.ask(&Request::DraftEdit {
                draft: draft.clone(),
                at: serde_json::from_value(at).unwrap(),
                edits: vec![edit],
            });
            times.push(begun.elapsed());
            at = told["at"].clone();
            most = most.max(resident(&ana));
            std::thread::sleep(Duration::from_millis(20));
        }
        flooding.join().unwrap();
    });
    times.sort();
    let p99 = times[(times.len() - 1) * 99 / 100];
    eprintln!(
        "{} letters in {seconds} s: {} MiB resident at most, own typing p99 {p99:?} of {}",
        typist.n,
        most / 1024,
        times.len()
    );
    assert!(most < 96 * 1024, "{most} KiB");
    assert!(typist.n > 1_000 && times.len() > 1);
    let own = text(&ana, "letter").matches('a').count();
    assert_eq!(own, times.len(), "what she typed is there");
}

#[test]
fn own_words_that_the_other_never_had_are_among_the_private_pages_and_nowhere_else() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    ana.ask(&["draft", "new"], json!({"title": "Letter"}));
    ben.until(&["draft", "list"], |list| list["drafts"][0].is_object());
    type_in(&ben, "letter", 0, 0, "Dear ");
    until(&ana, "letter", "Dear ");
    ana.run(&["--no-input", "--yes", "draft", "close", "letter"], "");
    ben.until(&["draft", "list"], |list| {
        list["drafts"][0]["closed_by"] == json!(["partner"])
    });
    ben.ask(&["pause"], Value::Null);
    type_in(&ben, "letter", 5, 0, "marmalade");
    ben.run(&["--no-input", "--yes", "draft", "close", "letter"], "");
    let told = String::from_utf8(ben.run(&["status"], "").stdout).unwrap();
    assert!(told.contains("your private pages"), "{told}");
    // They wait until these have a passphrase.
    ben.ask(&["private", "passphrase"], json!({"new": "correct horse"}));
    let passphrase = json!({"private_passphrase": "correct horse"});
    let listed = ben.ask(&["private", "list"], passphrase.clone());
    assert_eq!(listed["pages"].as_array().unwrap().len(), 1, "{listed}");
    let page = listed["pages"][0]["page"].to_string();
    let shown = ben.ask(&["private", "show", &page], passphrase);
    assert_eq!(shown["parts"][0]["text"], "marmalade", "{shown}");
    ben.ask(&["resume"], Value::Null);
    for home in [&ana, &ben] {
        home.until(&["draft", "list"], |list| list["drafts"] == json!([]));
        home.until(&["status"], |status| status["partner_has_all"] == true);
        assert!(!home.holds_word("marmalade"));
    }
}
