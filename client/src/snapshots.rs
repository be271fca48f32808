//! Every message and every help text a person can see, in snapshots: a changed word is seen before it is shipped.

use crate::words::Language;
use crate::{cli, help, say};
use serde_json::{Value, json};
use troth_proto::ids::Who;
use troth_proto::problem::{FileWrong, LockedBy, NotStarted, Wrong};
use troth_proto::said::told::ToldKind;
use troth_proto::view::{AgreementView, VersionView};
use troth_proto::{Day, Problem};

fn all_problems() -> Vec<Problem> {
    let ben = || "Ben".to_owned();
    let mut all = vec![
        Problem::BadRequest {
            wrong: Wrong::MissingField {
                field: "topic".into(),
            },
        },
        Problem::TooLong,
        Problem::NothingSaid,
        Problem::NobodyDoes,
        Problem::NoSuch {
            what: "abcd".into(),
        },
        Problem::NoSuchAgreement {
            what: "abcd".into(),
        },
        Problem::NoSuchTemplate {
            what: "abcd".into(),
        },
        Problem::NoTopic {
            what: "nothing".into(),
            near: Some("checkin".into()),
        },
        Problem::NotUnique {
            what: "abcd".into(),
        },
        Problem::SameWords,
        Problem::WhichWeek {
            weeks: "2026-W48, 2026-W47".into(),
        },
        Problem::SeveralWait {
            commands: "`troth thanks open`, `troth ask open`".into(),
        },
        Problem::YesWouldNotCount,
        Problem::NotYours,
        Problem::AlreadyLetGo {
            by: Who::Partner,
            partner: ben(),
            on: Day::new(2026, 6, 9).unwrap(),
        },
        Problem::NotOnOffer,
        Problem::NotHeldYet,
        Problem::WhichTwo {
            name: "visits".into(),
        },
        Problem::NothingWaits,
        Problem::YourOwn {
            partner: "Ben".into(),
        },
        Problem::AlreadySaidYes,
        Problem::PickSame,
        Problem::AwayDays,
        Problem::TooManyActs,
        Problem::BookFull,
        Problem::WordsNotHere,
        Problem::RestsAlready,
        Problem::NothingRests,
        Problem::StillStands,
        Problem::AlreadyReady,
        Problem::NotReady,
        Problem::LockedIn { partner: ben() },
        Problem::AlreadyOpen,
        Problem::NothingOpen { partner: ben() },
        Problem::TooManyDrafts,
        Problem::DraftIsClosed,
        Problem::DraftFull,
        Problem::DraftsFull,
        Problem::DraftNotWoven,
        Problem::NotTheText,
        Problem::NotSaidOfThis,
        Problem::NothingFits,
        Problem::NothingAtHand {
            what: "repair".into(),
        },
        Problem::ApologyUnread,
        Problem::NotMarkedYet,
        Problem::OpenNotCalledBack,
        Problem::NothingSetUp,
        Problem::WordsNotReadBack,
        Problem::OpenFirst,
        Problem::NoLonger,
        Problem::Folded,
        Problem::SaidBetter,
        Problem::SaidAlready,
        Problem::NotAskedFor,
        Problem::ThanksFirst,
        Problem::AlreadyAsked,
        Problem::BothMeaningsFirst,
        Problem::TodayOrTomorrow,
        Problem::BreakLength,
        Problem::RepairClosed,
        Problem::SayBackFirst,
        Problem::RepairIsOpen {
            id: "0123456789abcdef".into(),
        },
        Problem::NotThisStep { step: 3 },
        Problem::NothingOfYoursOpen,
        Problem::AlreadyTakenBack,
        Problem::NotSetUp,
        Problem::AlreadySetUp,
        Problem::WrongPassphrase,
        Problem::WrongWords,
        Problem::PassphraseTooShort,
        Problem::NotPaired,
        Problem::AlreadyPaired { partner: ben() },
        Problem::NoWindow,
        Problem::BadInvitation,
        Problem::InvitationExpired,
        Problem::OwnInvitation,
        Problem::WrongNumber { tries_left: 2 },
        Problem::WrongNumber { tries_left: 0 },
        Problem::WrongDevice,
        Problem::NumberChanged,
        Problem::OwnNumber,
        Problem::NotSixDigits,
        Problem::PairingNotThere,
        Problem::ListenFailed {
            address: "127.0.0.1:1".into(),
        },
        Problem::NotForUs,
        Problem::CarryDamaged,
        Problem::CarryNewer,
        Problem::CarryGap { partner: ben() },
        Problem::Refused { partner: ben() },
        Problem::RefusedInPart { partner: ben() },
        Problem::ForeignSeals { partner: ben() },
        Problem::PrivateLocked,
        Problem::WrongPrivatePassphrase,
        Problem::NoPrivatePassphrase,
        Problem::PrivateFull,
        Problem::BackupDamaged,
        Problem::BackupNewer,
        Problem::BackupOfAnother,
        Problem::BackupPassphrase,
        Problem::WrittenAlready,
        Problem::DiskFull,
        Problem::DiskReadOnly,
        Problem::DiskDamaged,
        Problem::StoreNewer,
        Problem::DiskFailed,
        Problem::NotSharedUnsaved,
        Problem::AnotherDaemon,
        Problem::ForeignSocket,
        Problem::NoDaemon,
        Problem::DaemonDidNotStart {
            why: NotStarted::NotBeside,
        },
        Problem::ApiVersion,
        Problem::TooManyClients,
        Problem::Stopping,
        Problem::NotDelivered { partner: ben() },
        Problem::NeedsTerminal,
        Problem::NeedsYes,
        Problem::NoMemoryFolder,
        Problem::EditorFailed {
            editor: "nano".into(),
        },
        Problem::DayPassed {
            day: Day::new(2026, 11, 22).unwrap(),
        },
        Problem::PairingEnded,
        Problem::Interrupted,
        Problem::FileFailed {
            path: "/some/file".into(),
            why: FileWrong::Denied,
        },
        Problem::Internal,
    ];
    let locked = [
        LockedBy::Passphrase,
        LockedBy::KeyringLocked,
        LockedBy::KeyringAbsent,
        LockedBy::KeyMissing,
        LockedBy::KeyringDenied,
        LockedBy::KeyringSlow,
        LockedBy::KeyForeign,
        LockedBy::FileMissing,
        LockedBy::ByHand,
    ];
    all.extend(locked.map(|by| Problem::Locked { by }));
    all.extend(locked.map(|by| Problem::NoKeyring { by }));
    all
}

#[test]
fn every_problem_says_what_happened_and_what_to_do() {
    let all = all_problems();
    let text: String = all
        .iter()
        .map(|p| {
            let (what, next) = say::problem(p);
            format!("{} ({})\n  {what}\n  {next}\n\n", p.kind(), p.exit() as u8)
        })
        .collect();
    insta::assert_snapshot!("problems", text);
    for problem in &all {
        let (what, next) = say::problem(problem);
        for sentence in [what, next] {
            for never in [
                "sync",
                "peer",
                "merge",
                "conflict",
                "commit",
                "breach",
                "violation",
                "overdue",
                "missed",
                "score",
                "admin",
            ] {
                assert!(!sentence.to_lowercase().contains(never), "{sentence}");
            }
        }
    }
}

#[test]
fn no_kind_of_problem_is_left_out_of_the_snapshot() {
    let source = include_str!("../../proto/src/problem.rs");
    let variants = source
        .split("pub enum Problem {")
        .nth(1)
        .unwrap()
        .split("\n}\n")
        .next()
        .unwrap();
    let name = |problem: &Problem| {
        let problem = serde_json::to_value(problem).unwrap();
        problem["kind"].as_str().unwrap().to_owned()
    };
    let known: std::collections::BTreeSet<String> = all_problems().iter().map(name).collect();
    let names = variants
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with(char::is_uppercase));
    let count = names
        .inspect(|line| {
            let name: String = line
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect();
            let snake: String = name
                .chars()
                .enumerate()
                .flat_map(|(i, c)| {
                    let gap = if c.is_uppercase() && i > 0 {
                        Some('_')
                    } else {
                        None
                    };
                    gap.into_iter().chain(c.to_lowercase())
                })
                .collect();
            assert!(known.contains(&snake), "{snake} is in no snapshot");
        })
        .count();
    assert_eq!(count, known.len());
}

#[test]
fn every_help_text() {
    let mut out = String::new();
    let mut waiting = vec![cli::command()];
    let mut steps = std::collections::BTreeSet::new();
    while let Some(mut command) = waiting.pop() {
        // A step of what is told is the same for each kind, but for what it begins with.
        let name = command.get_bin_name().unwrap_or_default().to_owned();
        if let ["troth", kind, step] = name.split(' ').collect::<Vec<_>>()[..] {
            let told = cli::id_below(&format!("cli-{kind}"), step).starts_with("cli-told-");
            if told && step != "add" && !steps.insert(step.to_owned()) {
                continue;
            }
        }
        out.push_str(&format!(
            "=== {}\n{}\n",
            command.get_bin_name().unwrap_or("troth").to_owned(),
            command.render_long_help()
        ));
        let name = command.get_bin_name().unwrap_or("troth").to_owned();
        let mut below: Vec<_> = command
            .get_subcommands()
            .filter(|it| !it.is_hide_set())
            .cloned()
            .collect();
        below.reverse();
        waiting.extend(below.into_iter().map(|sub| {
            let full = format!("{name} {}", sub.get_name());
            sub.bin_name(full)
        }));
    }
    insta::assert_snapshot!("commands", out);
    let topics: String = help::TOPICS
        .iter()
        .map(|topic| format!("=== {topic}\n{}\n", help::text(Some(topic)).unwrap()))
        .collect();
    insta::assert_snapshot!("topics", help::text(None).unwrap() + &topics);
}

fn version(state: &str, by: &str, more: Value) -> Value {
    let mut it = json!({"version": "0a".repeat(16), "hash": "0b".repeat(32), "by": by, "on": "2026-11-22", "base": [], "said_yes": [by],
        "state": state, "topic": "Visits", "terms": "We tell each other.", "does": {"me": "I ask first.", "partner": "You ask first."},
        "when_then": [{"who": "partner", "when": "it is late", "then": "send a message"}], "not_meant": "Parents.", "weight": "big"});
    for (key, value) in more.as_object().unwrap() {
        it[key] = value.clone();
    }
    it
}

#[test]
fn agreements_in_every_state() {
    let mut out = String::new();
    for state in [
        "proposed",
        "rests_here",
        "both_said_yes",
        "forgotten",
        "in_force",
        "change_proposed",
        "two_yeses",
        "over",
        "let_go",
        "not_agreed",
        "draft",
    ] {
        let versions = match state {
            "two_yeses" => vec![
                version("two_yeses", "me", json!({})),
                version("two_yeses", "partner", json!({})),
            ],
            "change_proposed" => vec![
                version("in_force", "me", json!({})),
                version("proposed", "me", json!({})),
                version(
                    "proposed",
                    "partner",
                    json!({"same_words": ["0c".repeat(32)]}),
                ),
            ],
            "let_go" => vec![version(
                "ended",
                "me",
                json!({"steps_back": [{"by": "partner", "on": "2026-12-01", "note": "It was too much."}]}),
            )],
            "over" => vec![version(
                "over",
                "me",
                json!({"trial_until": "2026-11-30", "look_again": "2026-11-25"}),
            )],
            "proposed" => vec![version(
                "proposed",
                "partner",
                json!({"answers": [{"by": "me", "need_time_until": "2026-11-30"}, {"by": "partner", "note": "later"}]}),
            )],
            "rests_here" => vec![version(
                "proposed",
                "partner",
                json!({"rests_until": "2026-11-23"}),
            )],
            "both_said_yes" => vec![
                version(
                    "proposed",
                    "partner",
                    json!({"said_yes": ["me", "partner"]}),
                ),
                version("proposed", "me", json!({"said_yes": ["me", "partner"]})),
            ],
            "forgotten" => vec![
                json!({"version": "0a".repeat(16), "hash": "0b".repeat(32), "by": "me", "on": "2026-11-22",
                "base": [], "said_yes": [], "state": "ended", "weight": "everyday"}),
            ],
            "draft" => vec![],
            other => vec![version(
                other,
                "me",
                json!({"looks": [{"by": "me", "words": "It went well.", "lean": "keep"}]}),
            )],
        };
        let whole = match state {
            "rests_here" | "both_said_yes" => "proposed",
            "forgotten" => "let_go",
            other => other,
        };
        let view = json!({"agreement": "0d".repeat(16), "topic": "Visits", "state": whole, "in_force": null, "of": versions.len(), "versions": versions,
            "my_part": "I forget to call.", "partner_part": null});
        out.push_str(&format!(
            "=== {state}\n{}\n",
            say::agreement(&serde_json::from_value(view).unwrap(), "Ben")
        ));
    }
    insta::assert_snapshot!("agreements", out);
}

#[test]
fn what_was_refused_or_broken_off_is_told_by_what_it_would_have_done() {
    let said = |problem: &Problem, command| say::problem_of(problem, Some(command));
    let nothing = "Nothing has happened.";
    for command in ["backup", "agreement step-back"] {
        assert_eq!(said(&Problem::Interrupted, command).1, nothing);
    }
    assert_ne!(said(&Problem::Interrupted, "thanks add").1, nothing);
    let open = said(&Problem::NothingFits, "confidence open").0;
    assert_eq!(open, "There is nothing here to open now.");
    assert_ne!(said(&Problem::NothingFits, "confidence heard").0, open);
    Language::German.speak();
    assert!(help::text(Some("klaerung")).is_some());
    Language::English.speak();
}

#[test]
fn not_now_waits_for_no_answer_and_an_export_holds_no_hints() {
    let version = json!({"version": "0d".repeat(16), "hash": "0d".repeat(32), "by": "partner", "on": "2026-11-24",
        "base": [], "said_yes": ["partner"], "state": "proposed", "topic": "Visits", "terms": "We say so before.",
        "does": {"me": "I call.", "partner": ""}, "when_then": [], "not_meant": "", "weight": "everyday",
        "answers": [{"by": "me"}]});
    let view = json!({"agreement": "0d".repeat(16), "topic": "Visits", "state": "change_proposed", "in_force": null,
        "of": 1, "versions": [version], "my_part": null, "partner_part": null, "put_away": ["partner"]});
    let view: AgreementView = serde_json::from_value(view).unwrap();
    let shown = say::agreement(&view, "Ben");
    assert!(
        shown.contains("You can still say yes at any time."),
        "{shown}"
    );
    assert!(!shown.contains("Waiting for your answer."), "{shown}");
    assert!(shown.contains("agreement diff"), "{shown}");
    let alone = say::agreement_alone(&view, "Ben");
    assert!(alone.contains("We say so before."), "{alone}");
    assert!(
        !alone.contains('`') && !alone.contains("at any time"),
        "{alone}"
    );
}

#[test]
fn what_follows_when_one_puts_an_agreement_away_is_said() {
    let view = |put_away: Value| -> AgreementView {
        let view = json!({"agreement": "0d".repeat(16), "topic": "Visits", "state": "let_go", "in_force": null,
            "of": 0, "versions": [], "my_part": null, "partner_part": null, "put_away": put_away});
        serde_json::from_value(view).unwrap()
    };
    let act = troth_proto::api::Request::AgreementPutAway {
        agreement: "0d".repeat(16),
        days: None,
    };
    let is_now = |by: Value| say::is_now(&act, &view(by), "visits", "Ben");
    let one = "Once Ben puts it away too, its words leave both devices after a while.";
    assert!(is_now(json!(["me"])).contains(one));
    assert!(is_now(json!(["me", "partner"])).contains("put away by both of you"));
    let shown = |by: Value| say::agreement(&view(by), "Ben");
    assert!(shown(json!(["me"])).contains("You put this away. Once Ben does too"));
    let theirs = shown(json!(["partner"]));
    assert!(
        theirs.contains("Ben put this away. Once you do too"),
        "{theirs}"
    );
    assert!(
        theirs.contains("`troth agreement put-away visits`"),
        "{theirs}"
    );
    assert!(shown(json!(["me", "partner"])).contains("Both of you put this away."));
    assert!(!shown(json!([])).contains("away"));
}

#[test]
fn a_yes_says_whether_it_holds_whatever_else_is_on_offer() {
    let hash = "0b".repeat(32);
    let act = troth_proto::api::Request::AgreementYes {
        version: hash.clone(),
    };
    let said = |in_force: Value| {
        let view = json!({"agreement": "0d".repeat(16), "topic": "Visits", "state": "change_proposed", "in_force": in_force,
            "of": 0, "versions": [], "my_part": null, "partner_part": null});
        say::is_now(
            &act,
            &serde_json::from_value(view).unwrap(),
            "visits",
            "Ben",
        )
    };
    assert_eq!(said(json!(hash)), "“Visits” is in force.");
    for other in [Value::Null, json!("0c".repeat(32))] {
        assert!(said(other).starts_with("You said yes"));
    }
}

#[test]
fn check_ins_in_every_state() {
    let mut out = String::new();
    for (mine, partner) in [
        ("empty", "empty"),
        ("empty", "ready"),
        ("ready", "empty"),
        ("locked", "ready"),
        ("open", "open"),
        ("open", "void"),
    ] {
        let page = json!({"thanks": [{"did": "You cooked.", "says_of_you": "You care."}], "went_well": "Sunday.", "not_yet_said": "I worry.",
            "talk": {"when": "you work late", "felt": "alone", "would_like": "a call"}, "wish": "rain"});
        let answer = |n: u8, says: &str| {
            json!({"id": format!("{n:02x}").repeat(16), "by": "partner", "says": says, "seen": "open",
            "facts": {}})
        };
        let mut answers = json!([
            answer(1, "heard"),
            answer(2, "thank"),
            answer(3, "need_time")
        ]);
        answers[0]["words"] = json!({"words": "You worry."});
        answers[2]["facts"] = json!({"until": "2026-12-04"});
        let opened = if mine == "open" {
            json!({"me": page, "partner": if partner == "open" { page.clone() } else { Value::Null }})
        } else {
            Value::Null
        };
        let view = json!({"slot": "2026-W47", "mine": mine, "partner": partner, "opened": opened,
            "words_lost": mine == "locked", "taken_back": if mine == "ready" { json!(["partner"]) } else { json!([]) },
            "may_keep": mine == "ready",
            "answers": if partner == "open" { answers.clone() } else { json!([]) },
            "put_away": if partner == "open" { json!(["me"]) } else { json!([]) }});
        out.push_str(&format!(
            "=== {mine}, {partner}\n{}\n",
            say::slot(&serde_json::from_value(view).unwrap(), "Ben")
        ));
    }
    insta::assert_snapshot!("checkins", out);
}

#[test]
fn pairings_in_every_step() {
    let mut out = String::new();
    for step in [
        json!({"state": "none"}),
        json!({"state": "waiting", "invitation": "troth:abc"}),
        json!({"state": "waiting", "invitation": "troth:abc", "crowded": true}),
        json!({"state": "waiting"}),
        json!({"state": "comparing", "my_number": "482913"}),
        json!({"state": "comparing", "my_number": "482913", "number_matched": true}),
        json!({"state": "confirming", "their_name": "Ben", "meeting": "new"}),
        json!({"state": "confirming", "their_name": "Ben", "said_yes": true}),
        json!({"state": "paired", "their_name": "Ben"}),
        json!({"state": "failed", "why": "said_no"}),
        json!({"state": "failed", "why": "expired"}),
        json!({"state": "failed", "why": "tries_spent"}),
        json!({"state": "failed", "why": "wrong_number"}),
        json!({"state": "failed", "why": "other_couple"}),
    ] {
        out.push_str(&format!(
            "=== {step}\n{}\n",
            say::pairing(&serde_json::from_value(step.clone()).unwrap())
        ));
    }
    for meeting in ["new", "again", "the_same", "take_back"] {
        let step = json!({"state": "confirming", "their_name": "Ben", "meeting": meeting});
        let question = say::pair_question(&serde_json::from_value(step).unwrap());
        out.push_str(&format!("=== {meeting}\n{question}\n"));
    }
    insta::assert_snapshot!("pairings", out);
}

#[test]
fn ways_to_the_partner() {
    let own = json!(["192.168.1.0/24", "fd00::/64"]);
    let tried = |what: &str, times: u32, ago: u64| json!({"at": "192.168.7.2:4711", "what": what, "times": times, "ago": ago});
    let places = json!([
        tried("no_answer", 1, 1),
        tried("no_way", 2, 59),
        tried("refused", 3, 60),
        tried("stranger", 9, 7_300)
    ]);
    let mut out = String::new();
    for (name, state, why) in [
        (
            "remembered_addresses",
            "ok",
            json!({"is": "linked_at", "at": "10.0.0.2:4711", "seen_as": "10.0.0.1:4711", "known": []}),
        ),
        (
            "remembered_addresses",
            "ok",
            json!({"is": "linked_at", "at": "10.0.0.2:4711", "seen_as": null, "known": []}),
        ),
        (
            "remembered_addresses",
            "off",
            json!({"is": "to_be_tried", "at": ["10.0.0.2:4711", "[fd00::2]:4711"]}),
        ),
        (
            "remembered_addresses",
            "failed",
            json!({"is": "tried", "places": places}),
        ),
        (
            "remembered_addresses",
            "failed",
            json!({"is": "named", "at": "home.example:4711", "places": places}),
        ),
        (
            "remembered_addresses",
            "failed",
            json!({"is": "named", "at": "home.example:4711", "places": []}),
        ),
        (
            "remembered_addresses",
            "failed",
            json!({"is": "no_address"}),
        ),
        ("networks", "ok", json!({"is": "own_networks", "own": own})),
        ("networks", "ok", json!({"is": "same_network", "own": own})),
        (
            "networks",
            "ok",
            json!({"is": "public_here", "at": "8.8.4.4"}),
        ),
        (
            "networks",
            "ok",
            json!({"is": "public_there", "at": "8.8.4.4"}),
        ),
        (
            "networks",
            "failed",
            json!({"is": "no_common_network", "own": own, "theirs": ["192.168.7.2"]}),
        ),
        ("call", "off", json!({"is": "not_called"})),
        ("call", "off", json!({"is": "nowhere_to_call"})),
        ("call", "failed", json!({"is": "called_nobody", "own": own})),
        ("link", "failed", json!({"is": "no_answer"})),
        ("notifications", "off", json!({"is": "notify_off"})),
        ("notifications", "ok", json!({"is": "notify_on"})),
        ("notifications", "failed", json!({"is": "not_shown"})),
    ] {
        let rung = json!({"name": name, "state": state, "why": why});
        let told = say::rung(&serde_json::from_value(rung).unwrap(), "Ben");
        let told = |key: &str| told[key].as_str().unwrap_or_default().to_owned();
        out.push_str(&format!(
            "{}: {}\n  {}\n",
            told("name"),
            told("why"),
            told("who_must_act")
        ));
    }
    insta::assert_snapshot!("ways", out);
}

#[test]
fn status_and_today() {
    let daemon = json!({"version": "0.1.0", "protocol": 1, "api": 1});
    let mut out = String::new();
    let notices = json!([{"kind": "refused"}, {"kind": "counts_for_nothing"}, {"kind": "foreign_seals"},
        {"kind": "came_back", "things": 1}, {"kind": "came_back", "things": 3}, {"kind": "another_copy"},
        {"kind": "another_of_mine"}, {"kind": "listen_failed", "address": "127.0.0.1:1"}, {"kind": "damaged", "parts": 1},
        {"kind": "older_part"}, {"kind": "forgotten"}, {"kind": "not_forgotten_yet"}, {"kind": "forgotten_there"},
        {"kind": "yes_not_said", "topic": "Visits"}, {"kind": "newer"}, {"kind": "paired_again"}]);
    for more in [
        json!({"keys": "not_set_up"}),
        json!({"keys": "locked", "locked_by": "keyring_locked"}),
        json!({"me": "Ana"}),
        json!({"me": "Ana", "partner": "Ben", "sharing": "on"}),
        json!({"me": "Ana", "partner": "Ben", "sharing": "on", "linked": true, "met": "2026-12-01"}),
        json!({"me": "Ana", "partner": "Ben", "sharing": "on", "met": "2026-12-01"}),
        json!({"me": "Ana", "partner": "Ben", "sharing": "on", "met": "2026-11-03"}),
        json!({"me": "Ana", "partner": "Ben", "sharing": "on", "partner_has_all": false, "taking_over": {"here": 3, "of": 10}}),
        json!({"me": "Ana", "partner": "Ben", "sharing": "paused"}),
        json!({"me": "Ana", "partner": "Ben", "sharing": "stopped", "notices": notices}),
    ] {
        let mut status = json!({"me": null, "partner": null, "sharing": "not_paired", "partner_has_all": true, "notices": [], "keys": "open",
            "linked": false, "met": null, "today": "2026-12-01", "private": "locked", "daemon": daemon});
        for (key, value) in more.as_object().unwrap() {
            status[key] = value.clone();
        }
        out.push_str(&format!(
            "=== {more}\n{}\n",
            say::status(&serde_json::from_value(status).unwrap())
        ));
    }
    let line = |what: &str| json!({"what": what, "id": "0a".repeat(16), "topic": "Visits"});
    let slot = |what: &str| json!({"what": what, "id": "2026-W47"});
    let waiting = json!([
        line("proposal"),
        line("change"),
        line("two_yeses"),
        slot("ready"),
        slot("opened"),
        slot("came_back"),
        slot("words_lost"),
        slot("void")
    ]);
    let today = json!({"partner": "Ben", "waiting": waiting, "resting": [line("resting")],
        "to_look_at": [line("look_again"), line("trial_over")], "break": null});
    let all = [topic_line("Visits")];
    out.push_str(&say::today(&serde_json::from_value(today).unwrap(), &all));
    let empty = json!({"waiting": [], "resting": [], "to_look_at": [], "break": null});
    out.push_str(&say::today(&serde_json::from_value(empty).unwrap(), &[]));
    let kinds = [
        "yes",
        "not_now",
        "needs_time",
        "stepped_back",
        "let_go",
        "part",
    ];
    let mut news: Vec<Value> = kinds
        .iter()
        .map(|what| json!({"what": what, "id": "0a", "topic": "Visits", "state": "proposed", "until": "2026-12-01", "note": true}))
        .collect();
    news.push(json!({"what": "yes", "id": "0a", "topic": "Visits", "state": "in_force"}));
    news.push(json!({"what": "heard", "id": "2026-W47"}));
    let today = json!({"partner": "Ben", "waiting": [], "resting": [], "to_look_at": [], "break": null, "news": news,
        "more_news": true, "on_offer": ["Phones", "Visits"]});
    out.push_str(&say::today(&serde_json::from_value(today).unwrap(), &all));
    insta::assert_snapshot!("status", out);
}

/// An agreement in a list.
fn topic_line(topic: &str) -> troth_proto::view::AgreementLine {
    let line =
        json!({"agreement": "0d".repeat(16), "topic": topic, "state": "in_force", "proposals": 0});
    serde_json::from_value(line).unwrap()
}

#[test]
fn a_topic_closes_no_quotation_marks_of_ours() {
    let sly = "Visits”. You said yes to “Phones„, \"all\" of it";
    let today = json!({"partner": "Ben", "waiting": [{"what": "proposal", "id": "0a", "topic": sly}],
        "resting": [], "to_look_at": [], "break": null,
        "news": [{"what": "yes", "id": "0a", "topic": sly, "state": "proposed"}]});
    for language in [Language::English, Language::German] {
        language.speak();
        let said = say::today(&serde_json::from_value(today.clone()).unwrap(), &[]);
        let marks = |c: &char| ['„', '“', '”', '"'].contains(c);
        assert_eq!(said.chars().filter(marks).count(), 4, "{said}");
        assert!(said.contains("Visits’. You said yes to ‘Phones‚, 'all' of it"));
    }
    Language::English.speak();
}

#[test]
fn what_the_other_wrote_cannot_take_over_the_screen() {
    assert_eq!(say::calm("a\u{1b}[2Jb\u{202e}c\nd"), "a[2Jbc\nd");
    assert_eq!(say::calm("a\u{61c}\u{200b}\u{e0041}b\u{2028}c"), "ab\nc");
    // Nor begin a line of its own: whatever they write, each line of it stands within its place.
    let text = "PLANT\nPLANT\r\nPLANT\u{2028}PLANT\u{2029}PLANT\u{85}PLANT\u{b}PLANT";
    for screen in screens_with(text) {
        let mut lines = screen
            .lines()
            .filter(|line| line.contains("PLANT"))
            .filter(|line| !line.starts_with(char::is_whitespace));
        assert!(
            lines.all(|line| line.matches("PLANT").count() >= 7),
            "{screen}"
        );
    }
}

#[test]
fn no_blank_that_the_other_wrote_brings_their_words_to_the_margin() {
    let sentence = "Ben let Visits go.";
    let blanks = ('\0'..=char::MAX).filter(|c| c.is_whitespace() && !c.is_control());
    let runs = blanks.map(|blank| String::from(blank).repeat(75));
    let runs = runs.chain(["\t".repeat(16), " \t\u{a0}\u{3000}".repeat(20)]);
    // A sign that looks like a blank and is none, and what terminals are not of one mind about.
    let seeming = [
        "\u{1d159}",
        "\u{13441}",
        "\u{1f469}\u{200d}",
        "\u{263a}\u{fe0f}",
    ];
    let runs = runs.chain(seeming.map(|it| it.repeat(75)));
    for run in runs {
        for text in [format!("{run}{sentence}"), format!("A{run}{sentence}")] {
            for screen in screens_with(&text) {
                let ours = |line: &&str| !line.is_empty() && !line.starts_with(' ');
                let lines = screen.lines().filter(ours).count();
                for columns in [24, 40, 60, 80, 97] {
                    let shown = crate::wrap::wrapped(&screen, columns);
                    let rows = crate::wrap::rows(&shown, columns);
                    let rows = rows.iter().map(String::as_str).filter(ours).count();
                    assert_eq!(rows, lines, "{columns}: {run:?} in\n{shown}");
                }
            }
        }
    }
}

/// What shows words of the other, with these for all of them.
fn screens_with(text: &str) -> Vec<String> {
    let hash = "0b".repeat(32);
    let wording = version(
        "proposed",
        "partner",
        json!({"topic": text, "terms": text, "does": {"me": text, "partner": text}, "not_meant": text,
            "when_then": [{"who": "partner", "when": text, "then": text}],
            "answers": [{"by": "partner", "note": text}],
            "steps_back": [{"by": "partner", "on": "2026-12-01", "note": text}],
            "looks": [{"by": "partner", "words": text, "lean": "keep"}]}),
    );
    let agreement = json!({"agreement": "0d".repeat(16), "topic": text, "state": "proposed", "in_force": null, "of": 1,
        "versions": [wording], "my_part": text, "partner_part": text});
    let agreement: AgreementView = serde_json::from_value(agreement).unwrap();
    let page = json!({"thanks": [{"did": text, "says_of_you": text}], "went_well": text, "not_yet_said": text,
        "talk": {"when": text, "felt": text, "would_like": text}, "wish": text,
        "more": [{"asked": text, "words": text}]});
    let slot = json!({"slot": "2026-W47", "mine": "open", "partner": "open", "opened": {"me": page, "partner": page},
        "answers": [{"id": "0a".repeat(16), "by": "partner", "says": "heard", "seen": "open", "words": {"words": text}}]});
    let card = json!({"slot": "card:first", "mine": "open", "partner": "open", "opened": {"me": {"words": text}, "partner": {"words": text}}});
    let line = json!({"agreement": "0d".repeat(16), "topic": text, "state": "proposed", "proposals": 1, "begins": text});
    let told = json!({"id": "0a".repeat(16), "kind": "confidence", "by": "partner", "seen": "open", "begins": text,
        "topic": text, "on": "2026-12-01"});
    let found = json!({"found": [{"id": "0a".repeat(16), "kind": "confidence", "by": "partner", "line": text,
        "on": "2026-12-01"}], "more": false});
    let mut of_view = json!({"id": "0a".repeat(16), "by": "partner", "on": "2026-12-01", "kind": "confidence", "seen": "open",
        "facts": {}, "words": {}});
    for field in ToldKind::Confidence.row().fields {
        of_view["words"][field.name] = json!(text);
    }
    let draft = json!({"draft": "0a".repeat(16), "title": text, "form": "letter", "begun_by": "partner",
        "begun_on": "2026-12-01", "closed_by": []});
    let what = ["proposal", "change", "set_aside", "two_yeses", "look_again"];
    let waiting = what.map(|it| json!({"what": it, "id": "0a", "topic": text}));
    let what = [
        "yes",
        "not_now",
        "needs_time",
        "stepped_back",
        "let_go",
        "part",
        "began_draft",
    ];
    let news = what.map(|it| json!({"what": it, "id": "0a", "topic": text, "note": true}));
    let of_told = json!([{"what": "bid", "id": "0a".repeat(16), "kind": "bid", "line": text},
        {"what": "step", "id": "0a".repeat(16), "kind": "repair", "step": 2, "line": text}]);
    let today = json!({"partner": "Ben", "waiting": waiting, "resting": [], "to_look_at": [], "break": null, "news": news,
        "told": of_told, "on_offer": [text, text]});
    let happened = json!([{"what": "stepped_back", "note": text, "by": "partner", "on": "2026-12-01", "wording": hash}]);
    let happened: Vec<troth_proto::history::Happened> = serde_json::from_value(happened).unwrap();
    let history = say::history_lines(&happened, &agreement, "Ben");
    let whole = &agreement.versions[0];
    let empty = VersionView {
        words: None,
        ..whole.clone()
    };
    let differs = say::difference(&empty, whole, "Ben");
    vec![
        say::agreement(&agreement, "Ben"),
        say::agreements(&[serde_json::from_value(line).unwrap()]),
        say::history(&agreement, &history),
        say::differences(&differs, text, ("A", "B"), "Ben"),
        say::printed(&agreement.versions, ("Ana", "Ben"), whole.on),
        say::slot(&serde_json::from_value(slot).unwrap(), "Ben"),
        say::slot(&serde_json::from_value(card).unwrap(), "Ben"),
        say::draft(text, text),
        say::drafts(&[serde_json::from_value(draft).unwrap()], "Ben"),
        say::told::view(&serde_json::from_value(of_view).unwrap(), "Ben"),
        say::told::list(None, &[serde_json::from_value(told).unwrap()], "Ben"),
        say::told::found(
            &serde_json::from_value(found).unwrap(),
            &say::told::Named::default(),
            "Ben",
        ),
        say::today(&serde_json::from_value(today).unwrap(), &[topic_line(text)]),
    ]
}
