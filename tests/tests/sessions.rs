//! The README and the help, typed as they stand there: two people at two terminals, each on a computer of their own, joined
//! by a cable. Each command that is named in them is played, and each that is played is named.

use crate::network::Cable;
use rexpect::session::{PtySession, spawn_command};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use troth_tests::home::{as_root, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
const README: &str = include_str!("../../README.md");
const PATIENCE: Option<u64> = Some(60_000);
const TOPICS: [&str; 15] = [
    "begin",
    "pairing",
    "agreements",
    "drafts",
    "checkin",
    "tell",
    "repair",
    "cards",
    "private",
    "carry",
    "losses",
    "keys",
    "privacy",
    "afraid",
    "scripting",
];

/// A person at a computer: a home folder, a terminal, and `troth` in the path.
struct Person {
    folder: PathBuf,
    namespace: String,
    /// What was typed, as it is written in the documents.
    typed: Rc<RefCell<BTreeSet<String>>>,
}

impl Person {
    fn new(root: &Path, name: &str, namespace: &str) -> Self {
        let folder = root.join(name);
        let person = Self {
            folder,
            namespace: namespace.to_owned(),
            typed: Rc::default(),
        };
        for place in ["bin", "run", "tmp"] {
            std::fs::create_dir_all(person.folder.join(place)).unwrap();
        }
        let mut mode = std::fs::metadata(person.folder.join("run"))
            .unwrap()
            .permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut mode, 0o700);
        std::fs::set_permissions(person.folder.join("run"), mode).unwrap();
        std::os::unix::fs::symlink(TROTH, person.folder.join("bin/troth")).unwrap();
        person
    }

    /// The same person with a new computer.
    fn anew(&self, root: &Path, name: &str) -> Self {
        self.run("troth service stop");
        let mut person = Self::new(root, name, &self.namespace);
        person.typed = Rc::clone(&self.typed);
        person
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.namespace, "sh", "-c", line]);
        let path = std::env::var("PATH").unwrap();
        command
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env_remove("XDG_DATA_HOME")
            .env_remove("XDG_STATE_HOME")
            .env_remove("XDG_CONFIG_HOME")
            .env("HOME", &self.folder)
            .env("XDG_RUNTIME_DIR", self.folder.join("run"))
            .env("TMPDIR", self.folder.join("tmp"))
            .env("PATH", format!("{}/bin:{path}", self.folder.display()))
            .env("TROTH_LANG", "en")
            .env("TERM", "xterm")
            .env("PAGER", "cat")
            .current_dir(&self.folder);
        command
    }

    /// Types a line as it stands in a document; `also`: what stands for its placeholders.
    fn types(&self, line: &str, also: &[(&str, &str)]) -> PtySession {
        self.typed.borrow_mut().insert(line.to_owned());
        let line = also
            .iter()
            .fold(line.to_owned(), |line, (name, it)| line.replace(name, it));
        spawn_command(self.command(&line), PATIENCE).unwrap()
    }

    /// Types a line that asks nothing, and reads what it says.
    fn reads(&self, line: &str, also: &[(&str, &str)]) -> String {
        let session = self.types(line, also);
        ends(session, line)
    }

    /// Runs a line for the test itself.
    fn run(&self, line: &str) -> String {
        let output = self.command(line).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    /// Waits until a line says so.
    fn until(&self, line: &str, words: &str) -> String {
        let by = std::time::Instant::now() + troth_tests::home::PATIENCE;
        loop {
            let said = self.run(line);
            if said.contains(words) {
                return said;
            }
            assert!(
                std::time::Instant::now() < by,
                "{line} never said “{words}”: {said}"
            );
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        self.run("troth service stop");
    }
}

/// The rest of a session that ends well. It is let go of: who reads along in it spins once it has ended.
fn ends(mut session: PtySession, line: &str) -> String {
    let said = session
        .exp_eof()
        .unwrap_or_else(|e| panic!("{line} does not end: {e}"));
    let status = session.process().wait().unwrap();
    let status = format!("{status:?}");
    let well = status.starts_with("Exited(") && status.ends_with(", 0)");
    assert!(well, "{line}: {status}: {said}");
    said
}

fn answers(session: &mut PtySession, all: &[(&str, &str)]) {
    for (question, words) in all {
        session
            .exp_string(question)
            .unwrap_or_else(|e| panic!("{question}: {e}"));
        session.send_line(words).unwrap();
    }
}

/// The 24 words, and three of them typed back.
fn words_on_paper(session: &mut PtySession) -> String {
    session.exp_string("24 recovery words").unwrap();
    let mut words = Vec::new();
    for number in 1..=24 {
        let (_, found) = session.exp_regex(&format!(r" {number}  [a-z]+")).unwrap();
        words.push(found.split_whitespace().last().unwrap().to_owned());
    }
    for _ in 0..3 {
        let (_, asked) = session.exp_regex(r"Word [0-9]+:").unwrap();
        let number = asked.trim_matches(|c: char| !c.is_ascii_digit());
        let place: usize = number.parse().unwrap();
        session.send_line(&words[place - 1]).unwrap();
    }
    words.join(" ")
}

/// Two people at their telephones: each types the other's number.
fn numbers(sessions: [&mut PtySession; 2]) {
    let [a, b] = sessions;
    let number = |session: &mut PtySession| {
        session.exp_string("Your number is ").unwrap();
        session.exp_regex("[0-9]{6}").unwrap().1
    };
    let (hers, his) = (number(a), number(b));
    answers(a, &[("The number on the other screen:", &his)]);
    answers(b, &[("The number on the other screen:", &hers)]);
}

/// Somebody who sets a passphrase for their private pages, and writes, reads and throws away.
fn private_pages(ana: &Person) {
    let ask = "The passphrase of your private pages:";
    let new = "A passphrase for your private pages";
    let tells = |line: &str, also: &[(&str, &str)], words: &[(&str, &str)]| {
        let mut session = ana.types(line, also);
        answers(&mut session, words);
        ends(session, line)
    };
    let twice = [(new, "calm horse"), ("The same once more:", "calm horse")];
    tells("troth private passphrase", &[], &twice);
    let open = (ask, "calm horse");
    let write = "What do you want to write?";
    tells("troth private journal", &[], &[open, (write, "Rain.")]);
    let letter = [open, ("To whom?", "Ben"), (write, "Unsent.")];
    tells("troth private letter", &[], &letter);
    let mistrust = [
        open,
        ("What do I feel?", "Uneasy."),
        ("Is it from then", ""),
        ("Is it something the other did", ""),
        ("What do I want to ask?", ""),
        ("Their numbers", "1"),
        ("Ask this of Ben?", "n"),
    ];
    tells("troth private mistrust", &[], &mistrust);
    let mut have_i = vec![open];
    let questions = [
        "Have I left",
        "Have I said",
        "Have I prom",
        "Have I told",
        "Have I made",
        "Have I called",
        "Have I gone",
    ];
    have_i.extend(questions.map(|question| (question, "")));
    tells("troth private have-i", &[], &have_i);
    let thought = [("What do you want to put down?", "A thought.")];
    tells("troth private keep", &[], &thought);
    tells("troth private copy checkin", &[], &[open]);
    let name = [("NAME", "phones")];
    tells("troth private copy agreement NAME", &name, &[open]);
    let list = tells("troth private list", &[], &[open]);
    assert!(list.contains("put down: A thought."), "{list}");
    let shown = tells("troth private show N", &[("N", "1")], &[open]);
    assert!(shown.contains("Rain."), "{shown}");
    let more = [open, (write, " It stopped.")];
    let edited = tells("troth private edit N", &[("N", "1")], &more);
    assert!(edited.contains("Saved, as page 1"), "{edited}");
    let sure = [open, ("Throw this page away?", "y")];
    tells("troth private drop N", &[("N", "2")], &sure);
    let next = "A page's number to read it";
    tells("troth private", &[], &[open, (next, "1"), (next, "")]);
    let mut anew = vec![("Throw away whatever is in", "y")];
    anew.extend(twice);
    tells("troth private passphrase --anew", &[], &anew);
}

/// A line that asks these questions, in this order, and ends well.
fn plays(person: &Person, line: &str, also: &[(&str, &str)], words: &[(&str, &str)]) -> String {
    let mut session = person.types(line, also);
    answers(&mut session, words);
    ends(session, line)
}

/// Thanks, from the first word to the last; and a call.
fn telling(ana: &Person, ben: &Person) {
    let say = ("Say this to", "yes");
    let note = ("A word with it", "");
    let did = ("What did Ben do?", "You cooked.");
    let of_him = ("What does it say of Ben?", "");
    let call = ("Which small moment would you like with Ben?", "The moon?");
    let bid = [("Which of these is it", "9"), call, say];
    plays(ana, "troth say", &[], &bid);
    plays(ana, "troth thanks add", &[], &[did, of_him, say]);
    ben.until("troth", "something to thank you for");
    assert!(ben.reads("troth thanks open", &[]).contains("You cooked."));
    plays(ben, "troth thanks thank", &[], &[note]);
    ana.until("troth", "Ben thanked you.");
    ana.reads("troth open", &[]);
    ana.reads("troth thanks list", &[]);
    let first = [("N", "1")];
    ana.reads("troth thanks show N", &first);
    let better = [("What did Ben do?", " Well."), of_him, say];
    plays(ana, "troth thanks better N", &first, &better);
    let found = ana.reads("troth search WORDS", &[("WORDS", "cooked")]);
    assert!(found.contains("You cooked. Well."), "{found}");
    ana.run("troth thanks list");
    ana.reads("troth thanks put-away N", &first);
    let sure = [("Take this back?", "y")];
    plays(ana, "troth thanks take-back N", &first, &sure);
}

/// A repair through its seven steps, with a break; and one that is stopped.
fn repairing(ana: &Person, ben: &Person) {
    let say = ("Say this to", "yes");
    let note = ("A word with it", "");
    let how = ("How may it have come", "1");
    let phones = [("NAME", "phones")];
    let begin = [("What happened", ""), how, ("didn't hold?", "yes")];
    plays(ana, "troth agreement did-not-hold NAME", &phones, &begin);
    ben.until("troth", "step 1 of 7");
    let both = [ana, ben];
    for person in both {
        let day = [("DAY", "tomorrow")];
        plays(person, "troth repair day DAY", &day, &[note]);
    }
    let write = |step: &str, question: &str| {
        for person in both {
            person.until("troth repair show", step);
        }
        for person in both {
            let words = [(question, "As it was."), ("Are you ready", "yes")];
            plays(person, "troth repair write", &[], &words);
        }
    };
    let done = |step: &str| {
        for person in both {
            person.until("troth repair show", step);
            let sure = [("Are you through with this step?", "y")];
            plays(person, "troth repair done", &[], &sure);
        }
    };
    write("Step 2 of 7", "What did you feel?");
    for (person, other) in [(ana, ben), (ben, ana)] {
        person.until("troth repair show", "Step 3 of 7");
        let back = |words: &str| {
            let asked = [("What did you understand", words), say];
            plays(person, "troth repair say-back", &[], &asked);
            other.until("troth repair show", words);
        };
        back("You felt low.");
        let lacks = [("What is still missing?", "")];
        plays(other, "troth repair not-yet", &[], &lacks);
        person.until("troth repair show", "not quite");
        back(" You felt left.");
        plays(other, "troth repair yes", &[], &[note]);
        person.until("troth repair show", "that's it");
    }
    done("Step 3 of 7");
    write("Step 4 of 7", "How did you see it?");
    let minutes = [("In how many minutes", ""), note];
    plays(ana, "troth break add", &[], &minutes);
    ana.reads("troth break done", &[]);
    ben.until("troth", "Ana is back. You?");
    ben.run("troth break done");
    write("Step 5 of 7", "What was your own part in it?");
    ana.until("troth repair show", "Step 6 of 7");
    let sorry = [("What are you sorry for?", "For Sunday."), say];
    plays(ana, "troth repair apology", &[], &sorry);
    ben.until("troth repair show", "something you may want to read");
    ben.run("troth repair open");
    let accepts = [("Accept this apology?", "y"), note];
    plays(ben, "troth repair yes", &[], &accepts);
    done("Step 6 of 7");
    ana.until("troth repair show", "Step 7 of 7");
    ana.reads("troth repair plan NAME", &phones);
    done("Step 7 of 7");
    ben.until("troth repair list", "Put away.");
    ana.until("troth repair list", "Put away.");
    let about = ("Which agreement did not hold", "");
    let car = [about, ("What happened", "The car."), how, say];
    plays(ana, "troth repair add", &[], &car);
    ana.reads("troth repair show", &[]);
    let stop = [("Stop this repair here?", "y"), note];
    plays(ana, "troth repair stop", &[], &stop);
}

/// A card, and the long check-in.
fn longer_questions(ana: &Person, ben: &Person) {
    let ready = ("Are you ready with these words?", "yes");
    assert!(ana.reads("troth card", &[]).contains("small-steps"));
    let fits = [
        "Do you two live together",
        "Is some of your money",
        "Are there children",
        "Are children wished for",
        "Are you married",
        "Is sex something",
        "Does faith have a place",
        "Was there a love before this one?",
        "Is at least one of your parents",
        "Do you work for pay?",
    ];
    let fits = fits.map(|question| (question, "n"));
    plays(ana, "troth card fits", &[], &fits);
    let deck = ("DECK", "small-steps");
    let words = [("Answer it?", "yes"), ("Your answer:", "Tea."), ready];
    plays(ana, "troth card DECK", &[deck], &words);
    let list = ana.reads("troth card list", &[]);
    let card = list.split_once("small-steps ").unwrap().1;
    let card = ("CARD", card.split(':').next().unwrap());
    plays(ben, "troth card DECK", &[deck], &words);
    ana.until(
        &format!("troth card show small-steps {}", card.1),
        "Ben wrote",
    );
    ana.reads("troth card show DECK CARD", &[deck, card]);
    let line = [
        ("Which line would you like", "1"),
        ("What is it about", "Tea"),
        ("What do you agree on?", ""),
        ("What will you do?", "I boil."),
        ("What will Ben do?", ""),
        ("Does the same go for Ben too?", "y"),
        ("When something happens", ""),
        ("What is not meant?", ""),
        ("Is it a trial?", ""),
        ("When do you want to look", ""),
        ("Is it a big one", "n"),
        ("Propose this to", "yes"),
    ];
    plays(ana, "troth card propose DECK CARD", &[deck, card], &line);
    ana.until("troth agreement show tea", "Tea.");
    let year = [
        ("Thanks: what did", ""),
        ("What went well?", "The sea."),
        ("What have you not said yet?", ""),
        ("One thing to talk about", ""),
        ("One wish:", ""),
        ("What from this year", "The goat."),
        ("In which hard moment", ""),
        ("What have you learned about your partner", ""),
        ("What have you learned about yourself?", ""),
        ("Which agreement has carried", ""),
        ("What have the two of you let rest", ""),
        ("Where would you like more room", ""),
        ("What would you like the two of you", ""),
        ready,
    ];
    plays(ana, "troth checkin ready --slot 2026", &[], &year);
}

/// Every command that a text names: in its lists, between its backticks.
fn named(text: &str) -> BTreeSet<String> {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let quoted = flat.split('`').skip(1).step_by(2).map(str::to_owned);
    let listed = text.lines().filter_map(|line| {
        let line = line.trim();
        let line = line.split("  ").next()?.split('#').next()?;
        line.starts_with("troth").then(|| line.trim().to_owned())
    });
    let all = quoted.chain(listed);
    all.filter(|it| it == "troth" || it.starts_with("troth "))
        .collect()
}

#[test]
fn what_the_readme_and_the_help_name_can_be_typed_as_it_stands_there() {
    if !as_root() {
        return;
    }
    let root = root();
    let cable = Cable::lay("read");
    let [a, b] = &cable.names;
    let ana = Person::new(root.path(), "ana", a);
    let ben = Person::new(root.path(), "ben", b);

    // What they have before anything is set up.
    let mut documented = named(README);
    for topic in TOPICS {
        let said = ana.run(&format!("troth help {topic}"));
        documented.extend(named(&said));
        let german = ana.run(&format!("TROTH_LANG=de troth help {topic}"));
        assert_eq!(named(&german), named(&said), "{topic} in German");
    }
    documented.retain(|line| !line.starts_with("troth help TOPIC"));
    assert!(ana.reads("troth help", &[]).contains("afraid"));
    for topic in ["afraid", "losses", "privacy", "repair"] {
        ana.reads(&format!("troth help {topic}"), &[]);
    }
    let pages = root.path().join("pages").display().to_string();
    ana.reads("troth man FOLDER", &[("FOLDER", &pages)]);
    assert!(root.path().join("pages/troth-agreement-propose.1").exists());
    let script = ana.reads("troth completions SHELL", &[("SHELL", "bash")]);
    assert!(script.contains("complete"), "{script}");

    // Set up: one with no keyring who is offered a passphrase, and one who asks for it.
    let passphrase = [
        ("A passphrase that opens Troth", "correct horse"),
        ("The same once more:", "correct horse"),
    ];
    let at_login = [("Shall Troth start when you log in", "n")];
    let mut session = ana.types("troth init", &[]);
    answers(
        &mut session,
        &[
            ("Your name, as your partner will see it:", "Ana"),
            ("A passphrase for your private pages", ""),
            ("Use a passphrase instead of the keyring?", "y"),
        ],
    );
    answers(&mut session, &passphrase);
    answers(&mut session, &at_login);
    let words = words_on_paper(&mut session);
    ends(session, "troth init");
    let mut session = ben.types("troth init --keys passphrase", &[]);
    answers(
        &mut session,
        &[("Your name, as your partner will see it:", "Ben")],
    );
    answers(&mut session, &passphrase);
    answers(
        &mut session,
        &[
            ("A passphrase for your private pages", "calm horse"),
            ("The same once more:", "calm horse"),
        ],
    );
    answers(&mut session, &at_login);
    words_on_paper(&mut session);
    ends(session, "troth init");
    ana.reads("troth service install", &[]);
    assert!(ana.folder.join(".config").exists());
    ana.reads("troth service uninstall", &[]);

    // Paired, in one network, with no invitation.
    let mut both = [ana.types("troth pair", &[]), ben.types("troth pair", &[])];
    for session in &mut both {
        answers(session, &[("An invitation from your partner", "")]);
    }
    let [hers, his] = &mut both;
    numbers([hers, his]);
    for session in &mut both {
        answers(session, &[("Is this your partner", "y")]);
    }
    for session in both {
        ends(session, "troth pair");
    }

    // An agreement from the first word to the last.
    let propose = |person: &Person, topic: &str, big: &str| {
        let mut session = person.types("troth agreement propose", &[]);
        answers(
            &mut session,
            &[
                ("What is it about", topic),
                ("What do you agree on?", ""),
                ("What will you do?", "I ask first."),
                ("What will ", ""),
                ("Does the same go for ", "y"),
                ("When something happens", ""),
                ("What is not meant?", ""),
                ("Is it a trial?", ""),
                ("When do you want to look", ""),
                ("Is it a big one", big),
                ("Propose this to", "yes"),
            ],
        );
        ends(session, "troth agreement propose");
    };
    propose(&ana, "Phones", "n");
    ben.until("troth", "Ana proposes");
    assert!(
        ben.reads("troth", &[])
            .contains("troth agreement yes phones")
    );
    let mut session = ben.types("troth agreement yes", &[]);
    answers(&mut session, &[("Yes to these very words?", "y")]);
    ends(session, "troth agreement yes");
    ana.until("troth agreement show phones", "in force");
    assert!(
        ana.reads("troth agreement show phones", &[])
            .contains("I ask first.")
    );
    // A big one, whose yes rests and is called back; then two wordings, and the second is it.
    propose(&ana, "Visits", "y");
    ben.until("troth", "Visits");
    let mut session = ben.types("troth agreement yes", &[]);
    answers(&mut session, &[("Yes to these very words?", "y")]);
    ends(session, "troth agreement yes");
    ben.reads("troth agreement call-back NAME", &[("NAME", "visits")]);
    let mut session = spawn_command(
        ana.command("troth agreement propose --change visits"),
        PATIENCE,
    )
    .unwrap();
    answers(
        &mut session,
        &[
            ("What is it about", ""),
            ("What do you agree on?", "A day before."),
            ("What will you do?", ""),
            ("What will ", ""),
            ("When something happens", ""),
            ("What is not meant?", ""),
            ("Is it a trial?", ""),
            ("When do you want to look", ""),
            ("Is it a big one", "n"),
            ("Propose this to", "yes"),
        ],
    );
    ends(session, "propose --change");
    ben.until("troth agreement show visits", "A day before.");
    ben.reads("troth agreement show visits", &[]);
    let mut session = ben.types("troth agreement yes visits b", &[]);
    answers(&mut session, &[("Yes to these very words?", "y")]);
    ends(session, "troth agreement yes visits b");
    ana.until("troth agreement show visits", "in force");
    ana.run("troth --no-input --yes agreement let-go visits");
    ben.until("troth agreement show visits", "let go");
    let told = ana.reads("troth agreement history visits", &[]);
    assert!(told.contains("you let it go."), "{told}");
    ana.reads("troth agreement put-away NAME", &[("NAME", "visits")]);
    // Words to begin from are there to read, and nothing of them leaves by that.
    let ready = ana.reads("troth agreement templates", &[]);
    assert!(ready.contains("A space plan"), "{ready}");
    let mut session = ana.types("troth agreement propose --template questions", &[]);
    session.exp_string("What is it about").unwrap();
    session.send_control('c').unwrap();
    session.exp_eof().unwrap();
    drop(session);
    // The long check-in begins with a first question, and can wait.
    let mut session = ana.types("troth checkin ready --slot year", &[]);
    session.exp_string("what did Ben do?").unwrap();
    session.send_control('c').unwrap();
    session.exp_eof().unwrap();
    drop(session);

    // A page: ready, called back, ready again, opened alone, taken back.
    let page = |person: &Person| {
        let mut session = person.types("troth checkin ready", &[]);
        answers(
            &mut session,
            &[
                ("Thanks: what did", ""),
                ("What went well?", "Cooking."),
                ("What have you not said yet?", ""),
                ("One thing to talk about", ""),
                ("One wish:", ""),
                ("Are you ready with these words?", "yes"),
            ],
        );
        ends(session, "troth checkin ready");
    };
    page(&ana);
    ana.reads("troth checkin cancel", &[]);
    let mut session = ana.types("troth checkin ready", &[]);
    answers(&mut session, &[("Are you ready with these words?", "yes")]);
    ends(session, "troth checkin ready");
    let sure = [("Open your page", "y")];
    plays(&ana, "troth checkin share", &[], &sure);
    private_pages(&ana);
    ben.until("troth checkin show", "Cooking.");
    let mut session = ana.types("troth checkin take-back", &[]);
    answers(&mut session, &[("Take back your page", "y")]);
    ends(session, "troth checkin take-back");

    telling(&ana, &ben);
    repairing(&ana, &ben);
    longer_questions(&ana, &ben);

    // A letter that both write.
    let mut session = ana.types("troth draft new", &[]);
    answers(&mut session, &[("What is it called?", "Dear us")]);
    ends(session, "troth draft new");
    let name = [("NAME", "dear")];
    ben.until("troth draft list", "Dear us");
    ben.reads("troth draft list", &[]);
    let writes = |person: &Person, line: &str| {
        let script = person.folder.join("writes.vim");
        let words = format!("call append(0, '{line}')\nwq\n");
        std::fs::write(&script, words).unwrap();
        format!("EDITOR='vim -S {}' troth draft edit dear", script.display())
    };
    let line = writes(&ben, "Supper at seven");
    let session = ben.types("troth draft edit NAME", &[("troth draft edit NAME", &line)]);
    ends(session, &line);
    ana.until("troth draft show dear", "Supper at seven");
    let mut session = ana.types("troth draft edit --live NAME", &name);
    session.exp_string("Escape leaves.").unwrap();
    session.send("! ").unwrap();
    session.flush().unwrap();
    session.exp_string("! ").unwrap();
    session.send("\u{1b}").unwrap();
    session.flush().unwrap();
    ends(session, "troth draft edit --live");
    assert!(ben.until("troth draft show dear", "!").contains("Supper"));
    ben.reads("troth draft show NAME", &name);
    let mut session = ana.types("troth draft propose NAME", &name);
    answers(
        &mut session,
        &[
            ("What is it about", ""),
            ("What do you agree on?", ""),
            ("What will you do?", "I cook."),
            ("What will ", ""),
            ("Does the same go for ", "y"),
            ("When something happens", ""),
            ("What is not meant?", ""),
            ("Is it a trial?", ""),
            ("When do you want to look", ""),
            ("Is it a big one", "n"),
            ("Propose this to", "yes"),
        ],
    );
    ends(session, "troth draft propose");
    for person in [&ana, &ben] {
        let mut session = person.types("troth draft close NAME", &name);
        answers(&mut session, &[("Close it?", "y")]);
        ends(session, "troth draft close");
    }
    ana.until("troth draft list", "No draft is open.");

    // Apart: by file, and by an address.
    ben.reads("troth pause", &[]);
    propose(&ana, "Letters", "n");
    let file = root.path().join("carried").display().to_string();
    ana.reads("troth carry out FILE", &[("FILE", &file)]);
    ben.reads("troth carry in FILE", &[("FILE", &file)]);
    assert!(ben.run("troth agreement list").contains("Letters"));
    ana.reads("troth carry out --whole FILE", &[("FILE", &file)]);
    ben.run("troth resume");
    let router = ana.reads("troth network mapping on", &[]);
    let router: Vec<&str> = router.split_whitespace().collect();
    let router = router.join(" ");
    assert!(router.contains("sees a port and this device"), "{router}");
    ana.run("troth network mapping off");
    let desktop = ana.reads("troth notify on", &[]);
    let desktop: Vec<&str> = desktop.split_whitespace().collect();
    let desktop = desktop.join(" ");
    assert!(desktop.contains("Whoever sees this screen"), "{desktop}");
    ana.run("troth notify off");
    let doctor = ana.reads("troth doctor", &[]);
    let address = doctor
        .split(|c: char| c.is_whitespace() || c == ',')
        .find(|word| word.starts_with("10.9.0.1:"))
        .unwrap_or_else(|| panic!("doctor names an address: {doctor}"));
    let address = address.trim_end_matches(['.', ';']).to_owned();
    ben.reads("troth reach HOST:PORT", &[("HOST:PORT", &address)]);

    // Losses: a backup on a new computer, pair again; the words when the passphrase is gone; a computer with no backup.
    let backup = root.path().join("backup").display().to_string();
    let mut session = ana.types("troth backup FILE", &[("FILE", &backup)]);
    let [(_, secret), again] = passphrase;
    answers(
        &mut session,
        &[("A passphrase for the backup", secret), again],
    );
    ends(session, "troth backup FILE");
    let pair_again = |ana: &Person, ben: &Person| {
        let line = "troth pair again";
        let mut both = [ana.types(line, &[]), ben.types(line, &[])];
        for session in &mut both {
            answers(session, &[("An invitation from your partner", "")]);
        }
        let [hers, his] = &mut both;
        numbers([hers, his]);
        for session in &mut both {
            session.exp_regex(r"\[y/N\]").unwrap();
            session.send_line("y").unwrap();
        }
        for session in both {
            ends(session, line);
        }
    };
    let ana = ana.anew(root.path(), "ana2");
    let mut session = ana.types("troth restore FILE", &[("FILE", &backup)]);
    answers(
        &mut session,
        &[("The passphrase of the backup:", "correct horse")],
    );
    session.exp_string("Use a passphrase instead").unwrap();
    session.send_line("y").unwrap();
    answers(&mut session, &passphrase);
    ends(session, "troth restore FILE");
    pair_again(&ana, &ben);
    ana.until("troth agreement list", "Letters");
    ana.reads("troth lock", &[]);
    let mut session = ana.types("troth unlock --recovery-words", &[]);
    answers(&mut session, &[("Your 24 words, in order:", &words)]);
    ends(session, "troth unlock --recovery-words");
    let ana = ana.anew(root.path(), "ana3");
    let mut session = ana.types("troth init --recovery-words", &[]);
    answers(
        &mut session,
        &[
            ("Your name, as your partner will see it:", "Ana"),
            ("The 24 recovery words of your earlier Troth", &words),
            ("A passphrase for your private pages", ""),
            ("Use a passphrase instead of the keyring?", "y"),
        ],
    );
    answers(&mut session, &passphrase);
    answers(&mut session, &at_login);
    ends(session, "troth init --recovery-words");
    pair_again(&ana, &ben);
    ana.until("troth agreement list", "Letters");
    let mut session = ana.types("troth recovery-words", &[]);
    answers(&mut session, &[("24", &words)]);
    session.exp_eof().unwrap();
    // The words too are gone: everything in her name, as he has it.
    let ana = ana.anew(root.path(), "ana4");
    let mut session = ana.types("troth init", &[]);
    answers(
        &mut session,
        &[
            ("Your name, as your partner will see it:", "Ana"),
            ("A passphrase for your private pages", ""),
            ("Use a passphrase instead of the keyring?", "y"),
        ],
    );
    answers(&mut session, &passphrase);
    answers(&mut session, &at_login);
    words_on_paper(&mut session);
    ends(session, "troth init");
    pair_again(&ana, &ben);
    let mut session = ana.types("troth recovery-words --as-they-have-it", &[]);
    answers(&mut session, &[("Take everything in your name", "y")]);
    ends(session, "troth recovery-words --as-they-have-it");
    ana.until("troth agreement list", "Letters");
    let left = root.path().join("left.md").display().to_string();
    ana.reads("troth export --format markdown FILE", &[("FILE", &left)]);
    assert!(std::fs::read_to_string(&left).unwrap().contains("Letters"));
    ana.reads("troth stop", &[]);

    let mut typed = ana.typed.take();
    typed.extend(ben.typed.take());
    assert_eq!(
        documented.symmetric_difference(&typed).collect::<Vec<_>>(),
        [""; 0],
        "named and not played, or played and not named"
    );
}
