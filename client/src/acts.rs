//! One command, one request: what is typed becomes a request, and the answer becomes sentences.

use crate::ask::{Asking, Settled};
use crate::cli::{Agreement, Carry, Checkin, Command, KeysArg};
use crate::link::Link;
use crate::{Said, say};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{Duration, Instant};
use troth_proto::api::{
    self, AgreementList, CarryPiece, Init, InitDone, KeyHome, Propose, Request, Secret, Slots,
    Status, Unlock,
};
use troth_proto::assertion::{
    CheckIn, Does, Lean, Malformed, Sealed, Talk, Thanks, Weight, WhenThen, Words,
};
use troth_proto::home::Home;
use troth_proto::ids::Who;
use troth_proto::view::{AgreementView, SealedState, TodayView, VersionState, VersionView};
use troth_proto::{Problem, Slot, carry};

/// Seconds that `--wait` waits at most: a day.
const LONGEST_WAIT: u64 = 86_400;
/// Bytes of a carried file in one request.
const PIECE: usize = 512 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    #[serde(default)]
    note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsOnly {
    words: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LookWords {
    words: String,
    lean: Lean,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InitWords {
    name: String,
    #[serde(default)]
    passphrase: Option<Secret>,
    /// For private pages, which this version does not have: taken so that scripts need not change, and kept nowhere.
    #[serde(default, rename = "private_passphrase")]
    _private: Option<Secret>,
}

/// An answer in the type its command promises.
fn typed<T: DeserializeOwned>(answer: &Value) -> Result<T, Problem> {
    serde_json::from_value(answer.clone()).map_err(|_| Problem::ApiVersion)
}

pub(crate) fn run(
    home: &Home,
    command: Option<Command>,
    asking: Asking,
    wait: Option<u64>,
) -> Result<Said, Problem> {
    let mut link = Link::open(home)?;
    let link = &mut link;
    let writes = matches!(&command, Some(Command::Agreement(a)) if !matches!(a, Agreement::Show { .. } | Agreement::List { .. }))
        || matches!(&command, Some(Command::Checkin(c)) if !matches!(c, Checkin::Show { .. }));
    let said = match command {
        None => today(link, true),
        Some(Command::Today) => today(link, false),
        Some(Command::Init { keys, listen }) => init(link, keys, listen, asking),
        Some(Command::Status) => {
            let answer = link.ask(&Request::Status {})?;
            let words = say::status(&typed(&answer)?);
            Ok(Said::new(answer, words))
        }
        Some(Command::Agreement(step)) => agreement(link, step, asking),
        Some(Command::Checkin(step)) => checkin(link, step, asking),
        Some(Command::Carry(Carry::Out { file, upto })) => carry_out(link, &file, upto),
        Some(Command::Carry(Carry::In { file })) => carry_in(link, &file),
        Some(Command::Pause) => sharing(
            link,
            &Request::Pause {},
            "You have paused. To the other it looks like a computer that is off.\nSudden silence can make things worse; you know best. `troth resume` goes on.\n",
        ),
        Some(Command::Resume) => sharing(link, &Request::Resume {}, "You share again.\n"),
        Some(Command::Stop) => sharing(
            link,
            &Request::Stop {},
            "You have stopped sharing. To the other it looks like a computer that is off.\nEverything you have stays here. `troth resume` shares again, if you wish.\n",
        ),
        Some(Command::Unlock { recovery_words }) => unlock(link, recovery_words, asking),
        Some(Command::Lock) => {
            link.ask(&Request::Lock {})?;
            Ok(Said::new(json!({"keys": "locked"}), "Troth is locked.\n"))
        }
        Some(Command::Reach { address }) => {
            let answer = link.ask(&Request::Reach { address })?;
            let words = "Troth tries this address too, from now on. `troth doctor` shows whether it works.\n";
            Ok(Said::new(answer, words))
        }
        Some(Command::Doctor) => {
            let answer = link.ask(&Request::Doctor {})?;
            let words = say::doctor(&typed(&answer)?);
            Ok(Said::new(answer, words))
        }
        // Handled before a daemon is needed.
        Some(_) => Err(Problem::Internal),
    }?;
    match wait.filter(|_| writes) {
        Some(seconds) => Ok(Said {
            // What was written is told in any case; that it has not arrived yet is told besides.
            but: delivered(link, Duration::from_secs(seconds.min(LONGEST_WAIT)))
                .unwrap_or_else(Some),
            ..said
        }),
        None => Ok(said),
    }
}

/// Waits until the partner's disk has everything written here.
fn delivered(link: &mut Link, within: Duration) -> Result<Option<Problem>, Problem> {
    let begun = Instant::now();
    link.ask(&Request::Subscribe {})?;
    loop {
        let status: Status = typed(&link.ask(&Request::Status {})?)?;
        if status.partner_has_all {
            return Ok(None);
        }
        let left = within.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return Ok(Some(Problem::NotDelivered {
                partner: status.partner.unwrap_or_else(|| "your partner".into()),
            }));
        }
        link.changed(left)?;
    }
}

/// The partner's name, for one who is about to write: what would be refused is not asked for.
fn bound(link: &mut Link) -> Result<String, Problem> {
    let status: Status = typed(&link.ask(&Request::Status {})?)?;
    match (status.keys.as_str(), status.locked_by, status.partner) {
        ("not_set_up", ..) => Err(Problem::NotSetUp),
        ("locked", Some(by), _) => Err(Problem::Locked { by }),
        (_, _, Some(partner)) => Ok(say::calm(&partner)),
        _ => Err(Problem::NotPaired),
    }
}

fn partner(link: &mut Link) -> Result<String, Problem> {
    let status: Status = typed(&link.ask(&Request::Status {})?)?;
    Ok(say::calm(
        &status.partner.unwrap_or_else(|| "your partner".into()),
    ))
}

fn today(link: &mut Link, whole: bool) -> Result<Said, Problem> {
    let status: Status = typed(&link.ask(&Request::Status {})?)?;
    if whole && status.keys != "open" {
        return Ok(Said::new(
            json!({"keys": status.keys}),
            say::status(&status),
        ));
    }
    let answer = link.ask(&Request::Today {})?;
    let mut today: TodayView = typed(&answer)?;
    if whole {
        // The others are told above, with the rest of how things are.
        today
            .notices
            .retain(|notice| !status.notices.contains(notice));
    }
    let mut words = say::today(&today);
    if whole {
        words = format!("{}\n{}", say::status(&status), words);
    }
    Ok(Said::new(answer, words))
}

fn init(
    link: &mut Link,
    keys: KeysArg,
    listen: Option<String>,
    asking: Asking,
) -> Result<Said, Problem> {
    let status: Status = typed(&link.ask(&Request::Status {})?)?;
    if status.keys != "not_set_up" {
        return Err(Problem::AlreadySetUp);
    }
    let keys = match keys {
        KeysArg::Os => KeyHome::Os,
        KeysArg::Passphrase => KeyHome::Passphrase,
        KeysArg::File => KeyHome::File,
    };
    let words = if asking.json {
        asking.object()?
    } else {
        let name = asking.needed("Your name, as your partner will see it:")?;
        let passphrase = match keys {
            KeyHome::Passphrase => Some(new_passphrase(asking)?),
            _ => None,
        };
        InitWords {
            name,
            passphrase,
            _private: None,
        }
    };
    let answer = link.ask(&Request::Init(Init {
        name: words.name,
        keys,
        passphrase: words.passphrase,
        listen,
    }))?;
    let done: InitDone = typed(&answer)?;
    let list: Vec<String> = done
        .recovery_words
        .iter()
        .enumerate()
        .map(|(i, word)| format!("{:>4}  {}", i + 1, word.0))
        .collect();
    let weaker = if keys == KeyHome::File {
        "The key is in a file on this disk: weaker than a keyring or a passphrase.\n\n"
    } else {
        ""
    };
    let words = format!(
        "These are your 24 recovery words. They open your Troth if everything else is lost.\n\
         Write them down on paper, in order. They are not shown again.\n\n{}\n\n{weaker}Next: `troth pair`, together with your partner.\n",
        list.join("\n")
    );
    Ok(Said::new(answer, words))
}

fn new_passphrase(asking: Asking) -> Result<Secret, Problem> {
    loop {
        let first = asking.secret("A passphrase, eight characters or more:")?;
        if first.0.chars().count() < 8 {
            let problem = Problem::PassphraseTooShort;
            let _ = writeln!(std::io::stderr(), "{} {}", problem.what(), problem.next());
            continue;
        }
        if asking.secret("The same once more:")? == first {
            return Ok(first);
        }
        let _ = writeln!(std::io::stderr(), "The two were not the same.");
    }
}

fn unlock(link: &mut Link, recovery_words: bool, asking: Asking) -> Result<Said, Problem> {
    let status: Status = typed(&link.ask(&Request::Status {})?)?;
    let unlock = if status.keys == "open" {
        return Ok(Said::new(json!({"keys": "open"}), "Troth is open.\n"));
    } else if asking.json {
        asking.object()?
    } else if recovery_words {
        Unlock {
            passphrase: None,
            recovery_words: Some(asking.secret("Your 24 words, in order:")?),
        }
    } else if status.key_home == Some(KeyHome::Passphrase) {
        Unlock {
            passphrase: Some(asking.secret("Your passphrase:")?),
            recovery_words: None,
        }
    } else {
        Unlock::default()
    };
    link.ask(&Request::Unlock(unlock))?;
    Ok(Said::new(json!({"keys": "open"}), "Troth is open.\n"))
}

fn sharing(link: &mut Link, request: &Request, words: &str) -> Result<Said, Problem> {
    let answer = link.ask(request)?;
    Ok(Said::new(answer, words))
}

fn agreement(link: &mut Link, step: Agreement, asking: Asking) -> Result<Said, Problem> {
    let note = |question: &str| -> Result<String, Problem> {
        if asking.json {
            return asking.object::<Note>().map(|note| note.note);
        }
        if asking.silent {
            Ok(String::new())
        } else {
            asking.line(question)
        }
    };
    let request = match step {
        Agreement::Propose {
            same_as: Some(version),
            ..
        } => return proposed(link, &Request::AgreementSame { version }),
        Agreement::Propose { change, .. } => {
            let words = propose_words(link, change, asking)?;
            return proposed(link, &Request::AgreementPropose(words));
        }
        Agreement::List { state } => return list(link, state),
        Agreement::Yes { version } if asking.json || asking.silent => {
            Request::AgreementYes { version }
        }
        Agreement::Yes { version } => Request::AgreementYes {
            version: the_very_words(link, &version, asking)?,
        },
        Agreement::NotNow { version } => Request::AgreementNotNow {
            version,
            note: note("A note, if you wish:")?,
        },
        Agreement::NeedTime { version, until } => Request::AgreementNeedTime { version, until },
        Agreement::StepBack { version } => Request::AgreementStepBack {
            version,
            note: note("A note, if you wish:")?,
        },
        Agreement::LetGo { agreement } => Request::AgreementLetGo {
            agreement,
            note: note("A note, if you wish:")?,
        },
        Agreement::MyPart { agreement } => {
            let text = if asking.json {
                asking.object::<Text>()?.text
            } else {
                asking.text_from("Your part in it:", "")?
            };
            Request::AgreementMyPart { agreement, text }
        }
        Agreement::Look { version } => {
            let said = if asking.json {
                asking.object::<LookWords>()?
            } else {
                LookWords {
                    words: asking.text_from("How has it been?", "")?,
                    lean: lean(asking)?,
                }
            };
            Request::AgreementLook {
                version,
                words: said.words,
                lean: said.lean,
            }
        }
        Agreement::Show { agreement } => Request::AgreementShow { agreement },
    };
    let answer = link.ask(&request)?;
    let view: AgreementView = typed(&answer)?;
    let words = say::agreement(&view, &partner(link)?);
    Ok(Said::new(answer, words))
}

/// Shows one wording and asks for a yes to it. What is said yes to is what was shown, whatever comes meanwhile: its hash
/// goes to the daemon. The name of an agreement stands for the one wording of it that waits.
fn the_very_words(link: &mut Link, name: &str, asking: Asking) -> Result<String, Problem> {
    let view: AgreementView = typed(&link.ask(&Request::AgreementShow {
        agreement: name.to_owned(),
    })?)?;
    let them = partner(link)?;
    let asked = name.trim().to_ascii_lowercase();
    let begins =
        |v: &&VersionView| v.version.hex().starts_with(&asked) || v.hash.hex().starts_with(&asked);
    let waits =
        |v: &&VersionView| v.state == VersionState::Proposed && !v.said_yes.contains(&Who::Me);
    let mut meant: Vec<&VersionView> = view.versions.iter().filter(begins).collect();
    if meant.is_empty() {
        meant = view.versions.iter().filter(waits).collect();
    }
    let [version] = meant[..] else {
        let _ = writeln!(std::io::stderr(), "{}", say::agreement(&view, &them));
        return Err(if meant.is_empty() {
            Problem::NotOnOffer
        } else {
            Problem::NotUnique { what: asked }
        });
    };
    let _ = write!(
        std::io::stderr(),
        "{}\n\n{}\n",
        say::calm(&view.topic),
        say::version(version, &them)
    );
    if asking.yes("Yes to these very words?")? {
        Ok(version.hash.hex())
    } else {
        Err(Problem::Interrupted)
    }
}

fn lean(asking: Asking) -> Result<Lean, Problem> {
    loop {
        match asking
            .needed("Where do you lean: keep, change, or let go?")?
            .as_str()
        {
            "keep" => return Ok(Lean::Keep),
            "change" => return Ok(Lean::Change),
            "let go" | "let_go" => return Ok(Lean::LetGo),
            _ => {}
        }
    }
}

fn proposed(link: &mut Link, request: &Request) -> Result<Said, Problem> {
    let answer = link.ask(request)?;
    let done: api::Proposed = typed(&answer)?;
    let them = partner(link)?;
    let words = format!(
        "Proposed, as {}. It waits for {them}'s answer.\n",
        say::short(&done.version)
    );
    Ok(Said::new(answer, words))
}

fn list(
    link: &mut Link,
    state: Option<troth_proto::view::AgreementState>,
) -> Result<Said, Problem> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let part: AgreementList = typed(&link.ask(&Request::AgreementList { state, after })?)?;
        all.extend(part.agreements);
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    let words = say::agreements(&all);
    Ok(Said::new(json!({"agreements": all}), words))
}

fn propose_words(
    link: &mut Link,
    change: Option<String>,
    asking: Asking,
) -> Result<Propose, Problem> {
    if asking.json {
        let mut words: Propose = asking.object()?;
        words.agreement = words.agreement.or(change);
        return Ok(words);
    }
    let them = bound(link)?;
    if let Some(agreement) = &change {
        let answer = link.ask(&Request::AgreementShow {
            agreement: agreement.clone(),
        })?;
        let shown = say::agreement(&typed(&answer)?, &them);
        let _ = writeln!(std::io::stderr(), "{shown}");
    }
    let mut words = Propose {
        agreement: change,
        topic: String::new(),
        terms: String::new(),
        does: Does::default(),
        when_then: Vec::new(),
        not_meant: String::new(),
        trial_until: None,
        look_again: None,
        weight: Weight::Everyday,
        tag: None,
        base: None,
    };
    loop {
        fill(&mut words, asking)?;
        let shown = Words {
            topic: words.topic.clone(),
            terms: words.terms.clone(),
            does: words.does.clone(),
            when_then: words.when_then.clone(),
            not_meant: words.not_meant.clone(),
            trial_until: words.trial_until,
            look_again: words.look_again,
            tag: None,
        };
        let _ = write!(
            std::io::stderr(),
            "\n{}\n\n{}\n",
            say::calm(&words.topic),
            say::words(&shown, words.weight, &them)
        );
        // What would be refused is mended here, where the words still are.
        let refused = match shown.check() {
            Ok(()) => match asking.settled(&format!("Propose this to {them}?"))? {
                Settled::Yes => return Ok(words),
                Settled::Change => continue,
                Settled::No => return Err(Problem::Interrupted),
            },
            Err(Malformed::OverLimit) => Problem::TooLong,
            Err(Malformed::Form) => Problem::NobodyDoes,
        };
        mend(&refused);
    }
}

/// Asks for the words of a proposal, beginning from what stands there already.
fn fill(words: &mut Propose, asking: Asking) -> Result<(), Problem> {
    words.topic = asking.needed_from("What is it about, in a few words?", &words.topic)?;
    words.terms = asking.text_from("What do you agree on?", &words.terms)?;
    let both = !words.does.me.is_empty() && words.does.me == words.does.partner;
    loop {
        let does = &mut words.does;
        does.me = asking.text_from("What will you do?", &does.me)?;
        does.partner = asking.text_from("What will the other do?", &does.partner)?;
        if !does.me.is_empty() || !does.partner.is_empty() {
            break;
        }
    }
    let does = &mut words.does;
    let one = does.me.is_empty() != does.partner.is_empty();
    if one && !both && asking.yes("Should this hold for both?")? {
        let it = format!("{}{}", does.me, does.partner);
        (does.me, does.partner) = (it.clone(), it);
    }
    let mut so_far = std::mem::take(&mut words.when_then).into_iter();
    loop {
        // One that was there and is emptied is taken out; an empty new one is the end.
        let before = so_far.next();
        let there = before.is_some();
        let (when, then) = before
            .map(|line| (line.when, line.then))
            .unwrap_or_default();
        let when = asking.text_from(
            "When something happens, then one of you does something. When? (empty: no more)",
            &when,
        )?;
        if when.is_empty() && there {
            continue;
        }
        if when.is_empty() {
            break;
        }
        let who = if asking.yes("Is it you who then does something?")? {
            Who::Me
        } else {
            Who::Partner
        };
        let then = asking.needed_from("Then:", &then)?;
        words.when_then.push(WhenThen { who, when, then });
    }
    words.not_meant = asking.text_from("What is not meant? (may be empty)", &words.not_meant)?;
    words.trial_until = day(
        asking,
        "Is it a trial? Until which day, YYYY-MM-DD? (empty: no trial)",
        words.trial_until,
    )?;
    words.look_again = day(
        asking,
        "When do you want to look at it again, YYYY-MM-DD? (empty: not set)",
        words.look_again,
    )?;
    let big = asking.yes("Is it a big one, that should rest for a day after both yeses?")?;
    words.weight = if big { Weight::Big } else { Weight::Everyday };
    Ok(())
}

fn day(
    asking: Asking,
    question: &str,
    so_far: Option<troth_proto::Day>,
) -> Result<Option<troth_proto::Day>, Problem> {
    let so_far = so_far.map(|day| day.to_string()).unwrap_or_default();
    loop {
        let line = asking.line_from(question, &so_far)?;
        if line.is_empty() {
            return Ok(None);
        }
        if let Ok(day) = line.parse() {
            return Ok(Some(day));
        }
        let _ = writeln!(std::io::stderr(), "A day is written like 2026-11-22.");
    }
}

fn checkin(link: &mut Link, step: Checkin, asking: Asking) -> Result<Said, Problem> {
    let request = match step {
        Checkin::Ready(slot) => {
            let words = if asking.json {
                asking.object()?
            } else {
                checkin_words(link, slot.slot.as_ref(), asking)?
            };
            Request::CheckinReady {
                slot: slot.slot,
                words,
            }
        }
        Checkin::Cancel { slot } => Request::CheckinCancel { slot },
        Checkin::Share { slot } => Request::CheckinShare { slot },
        Checkin::Heard { slot } => {
            let words = if asking.json {
                asking.object::<WordsOnly>()?.words
            } else {
                asking.text_from("What did you hear, in your own words?", "")?
            };
            Request::CheckinHeard { slot, words }
        }
        Checkin::Show { slot } => Request::CheckinShow { slot },
    };
    let answer = link.ask(&request)?;
    let slots: Slots = typed(&answer)?;
    let them = partner(link)?;
    let words: Vec<String> = slots
        .slots
        .iter()
        .map(|slot| say::slot(slot, &them))
        .collect();
    let words = if words.is_empty() {
        "There are no check-ins yet. `troth checkin ready` begins one.\n".into()
    } else {
        words.join("\n")
    };
    match (&request, slots.slots.first()) {
        (Request::CheckinReady { .. }, Some(slot)) => {
            let mine = if slot.mine == SealedState::Empty {
                SealedState::Ready
            } else {
                slot.mine
            };
            Ok(Said::new(json!({"slot": slot.slot, "mine": mine}), words))
        }
        // The others print the slot as `show` does.
        _ => Ok(Said::new(answer, words)),
    }
}

fn checkin_words(link: &mut Link, slot: Option<&Slot>, asking: Asking) -> Result<CheckIn, Problem> {
    let all: Slots = typed(&link.ask(&Request::CheckinShow { slot: None })?)?;
    let wanted = slot.unwrap_or(&all.this_week);
    let here = all.slots.iter().find(|view| view.slot == *wanted);
    match here.map(|view| view.mine) {
        None | Some(SealedState::Empty | SealedState::Void) => {}
        Some(SealedState::Ready) => return Err(Problem::AlreadyReady),
        Some(SealedState::Locked) => {
            return Err(Problem::LockedIn {
                partner: partner(link)?,
            });
        }
        Some(SealedState::Open) => return Err(Problem::AlreadyOpen),
    }
    if here.is_some_and(|view| view.partner == SealedState::Ready) {
        let _ = writeln!(
            std::io::stderr(),
            "{}'s is ready. This will open at once.",
            partner(link)?
        );
    }
    let mut words = CheckIn::default();
    let mut written = false;
    if let Some(Sealed::CheckIn(back)) = here.and_then(|view| view.kept_here.as_ref()) {
        let _ = writeln!(
            std::io::stderr(),
            "These words came back to you. Nobody saw them."
        );
        (words, written) = (back.clone(), true);
    }
    loop {
        if !written {
            fill_check_in(&mut words, asking)?;
        }
        let text = serde_json::to_string(&words).map_err(|_| Problem::Internal)?;
        let shown = Sealed::CheckIn(words.clone());
        let _ = write!(std::io::stderr(), "\n{}\n", say::sealed(&shown));
        written = false;
        // What would be refused is mended here, where the words still are.
        let refused = match Sealed::read(wanted, &text) {
            Ok(_) => match asking.settled("Are you ready with these words?")? {
                Settled::Yes => return Ok(words),
                Settled::Change => continue,
                Settled::No => return Err(Problem::Interrupted),
            },
            Err(Malformed::OverLimit) => Problem::TooLong,
            Err(Malformed::Form) => Problem::NothingSaid,
        };
        mend(&refused);
    }
}

/// Says why words would be refused, before they are asked for again.
fn mend(refused: &Problem) {
    let _ = writeln!(std::io::stderr(), "{}\n{}", refused.what(), refused.next());
}

/// Asks for the words of a check-in, beginning from what stands there already.
fn fill_check_in(words: &mut CheckIn, asking: Asking) -> Result<(), Problem> {
    let mut so_far = std::mem::take(&mut words.thanks).into_iter();
    loop {
        // One that was there and is emptied is taken out; an empty new one is the end.
        let before = so_far.next();
        let there = before.is_some();
        let before = before.unwrap_or_default();
        let did = asking.text_from(
            "Thanks: what did the other do? (empty: no more)",
            &before.did,
        )?;
        if did.is_empty() && there {
            continue;
        }
        if did.is_empty() {
            break;
        }
        let says_of_you = asking.text_from("What does it say of them?", &before.says_of_you)?;
        words.thanks.push(Thanks { did, says_of_you });
    }
    words.went_well = asking.text_from("What went well?", &words.went_well)?;
    words.not_yet_said = asking.text_from("What have you not said yet?", &words.not_yet_said)?;
    let talk = words.talk.take().unwrap_or_default();
    let when = asking.text_from(
        "One thing to talk about: when …? (empty: nothing)",
        &talk.when,
    )?;
    if !when.is_empty() {
        words.talk = Some(Talk {
            when,
            felt: asking.text_from("… I felt …", &talk.felt)?,
            would_like: asking.text_from("… and I would like …", &talk.would_like)?,
        });
    }
    words.wish = asking.text_from("One wish:", &words.wish)?;
    Ok(())
}

fn carry_out(link: &mut Link, path: &Path, upto: Option<u64>) -> Result<Said, Problem> {
    let failed = |e: &std::io::Error| Problem::FileFailed {
        path: path.display().to_string(),
        detail: e.kind().to_string(),
    };
    // What is there is replaced only if it is such a file: a slip of the finger loses no letter.
    let mut head = [0; carry::MAGIC.len()];
    match File::open(path).map(|mut there| there.read_exact(&mut head)) {
        Ok(Ok(())) if head == *carry::MAGIC => {}
        Ok(_) => {
            return Err(Problem::FileFailed {
                path: path.display().to_string(),
                detail: "another file is there already".into(),
            });
        }
        Err(_) => {}
    }
    // Written beside it and put in its place when whole: a file cut short carries nothing.
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&part)
        .map_err(|e| failed(&e))?;
    let mut write = || -> Result<(), Problem> {
        let mut cursor = None;
        loop {
            let piece: CarryPiece = typed(&link.ask(&Request::CarryOut { cursor, upto })?)?;
            let bytes = data_encoding::BASE64
                .decode(piece.piece.as_bytes())
                .map_err(|_| Problem::ApiVersion)?;
            file.write_all(&bytes).map_err(|e| failed(&e))?;
            cursor = piece.cursor;
            if cursor.is_none() {
                return file.sync_all().map_err(|e| failed(&e));
            }
        }
    };
    let written = write().and_then(|()| std::fs::rename(&part, path).map_err(|e| failed(&e)));
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written?;
    let status: Status = typed(&link.ask(&Request::Status {})?)?;
    let them = partner(link)?;
    Ok(Said::new(
        json!({"carried": !status.partner_has_all, "file": path.display().to_string()}),
        format!(
            "Carry {} to {them}, for `troth carry in`.\n",
            path.display()
        ),
    ))
}

fn carry_in(link: &mut Link, path: &Path) -> Result<Said, Problem> {
    let failed = |e: &std::io::Error| Problem::FileFailed {
        path: path.display().to_string(),
        detail: e.kind().to_string(),
    };
    let mut file = File::open(path).map_err(|e| failed(&e))?;
    let mut left = file.metadata().map_err(|e| failed(&e))?.len();
    let mut carried = None;
    loop {
        let mut bytes = vec![0; usize::try_from(left).unwrap_or(PIECE).min(PIECE)];
        file.read_exact(&mut bytes).map_err(|e| failed(&e))?;
        left -= bytes.len() as u64;
        let last = left == 0;
        let answer: api::Carried = typed(&link.ask(&Request::CarryIn {
            piece: data_encoding::BASE64.encode(&bytes),
            last,
        })?)?;
        carried = answer.carried.or(carried);
        if last {
            break;
        }
    }
    let new = carried.unwrap_or(false);
    let words = if new {
        "Everything in the file is here now.\n"
    } else {
        "Everything in the file was here already.\n"
    };
    Ok(Said::new(json!({"carried": new}), words))
}
