//! What went wrong, in two sentences: what happened, and what to do next.

use super::{by, calm_line, name};
use crate::days::{self, spoken};
use crate::refusal;
use crate::words::t;
use troth_proto::Problem;
use troth_proto::problem::{FileWrong, LockedBy, NotStarted, Wrong};

/// The two sentences of a message.
macro_rules! both {
    ($id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        (t!($id $(, $name = $value)*), t!(concat!($id, ".next") $(, $name = $value)*))
    };
}

/// What happened, and what to do next.
#[must_use]
pub fn problem(problem: &Problem) -> (String, String) {
    problem_of(problem, None)
}

/// That there is nothing by a name, and the command that lists what there is.
fn no_such(what: &str, list: Option<String>) -> (String, String) {
    let (told, next) = both!("problem-no-such", what = calm_line(what));
    match list {
        Some(list) => (told, t!("problem-no-such-list", list = list)),
        None => (told, next),
    }
}

/// The same, where the command is known in which it was typed.
#[must_use]
pub fn problem_of(problem: &Problem, command: Option<&str>) -> (String, String) {
    match problem {
        Problem::BadRequest { wrong: what } => wrong(what, command),
        Problem::FileFailed { path, why } => (file(path, why), t!("file-next")),
        Problem::DaemonDidNotStart { why } => not_started(why),
        Problem::Locked { by } => locked(*by),
        Problem::NoTopic { what, near: None } => both!("problem-no-topic", what = calm_line(what)),
        Problem::NoTopic {
            what,
            near: Some(near),
        } => {
            both!(
                "problem-no-topic-near",
                what = calm_line(what),
                near = near.as_str()
            )
        }
        Problem::AlreadyLetGo {
            by: who,
            partner,
            on,
        } => both!(
            "problem-already-let-go",
            by = by(*who),
            partner = name(partner),
            day = spoken(*on)
        ),
        Problem::DayPassed { day } => both!("problem-day-passed", day = spoken(*day)),
        Problem::NoKeyring {
            by: LockedBy::KeyringLocked,
        } => both!("problem-no-keyring-locked"),
        Problem::NoKeyring {
            by: LockedBy::KeyringSlow,
        } => both!("problem-no-keyring-slow"),
        Problem::NoKeyring { .. } => both!("problem-no-keyring"),
        Problem::WrongNumber { tries_left: 0 } => both!("problem-wrong-number-last"),
        Problem::WrongNumber { .. } => both!("problem-wrong-number"),
        Problem::WrongDevice => both!("problem-wrong-device"),
        Problem::TooLong => both!("problem-too-long"),
        Problem::NothingSaid => both!("problem-nothing-said"),
        Problem::NobodyDoes => both!("problem-nobody-does"),
        Problem::NoSuch { what } => no_such(what, command.and_then(refusal::lists)),
        Problem::NoSuchAgreement { what } => no_such(what, Some("troth agreement list".into())),
        Problem::NoSuchTemplate { what } => no_such(what, Some("troth agreement templates".into())),
        Problem::NotUnique { what } => both!("problem-not-unique", what = calm_line(what)),
        Problem::WhichWeek { weeks } => both!("problem-which-week", weeks = calm_line(weeks)),
        Problem::SeveralWait { commands } => {
            both!("problem-several-wait", commands = calm_line(commands))
        }
        Problem::YesWouldNotCount => both!("problem-yes-would-not-count"),
        Problem::NotYours => both!("problem-not-yours"),
        Problem::NotOnOffer => both!("problem-not-on-offer"),
        Problem::NotHeldYet => both!("problem-not-held-yet"),
        Problem::WhichTwo { name } => both!("problem-which-two", name = calm_line(name)),
        Problem::NothingWaits => both!("problem-nothing-waits"),
        Problem::YourOwn { partner } => both!("problem-your-own", partner = name(partner)),
        Problem::AlreadySaidYes => both!("problem-already-said-yes"),
        Problem::PickSame => both!("problem-pick-same"),
        Problem::TooManyActs => both!("problem-too-many-acts"),
        Problem::BookFull => both!("problem-book-full"),
        Problem::WordsNotHere => both!("problem-words-not-here"),
        Problem::RestsAlready => both!("problem-rests-already"),
        Problem::NothingRests => both!("problem-nothing-rests"),
        Problem::StillStands => both!("problem-still-stands"),
        Problem::TooManyDrafts => both!("problem-too-many-drafts"),
        Problem::DraftIsClosed => both!("problem-draft-is-closed"),
        Problem::DraftFull => both!("problem-draft-full"),
        Problem::DraftsFull => both!("problem-drafts-full"),
        Problem::DraftNotWoven => both!("problem-draft-not-woven"),
        Problem::NotTheText => both!("problem-not-the-text"),
        Problem::NothingOfYoursOpen => both!("problem-nothing-of-yours-open"),
        Problem::NothingFits if command.is_some_and(|it| last_word(it) == "open") => {
            both!("problem-nothing-to-open")
        }
        Problem::NothingFits => both!("problem-nothing-fits"),
        Problem::NotSaidOfThis => both!("problem-not-said-of-this"),
        Problem::NoLonger => both!("problem-no-longer"),
        Problem::NothingAtHand { what } => {
            let command = format!("`troth {} list`", calm_line(what));
            both!("problem-nothing-at-hand", command = command.as_str())
        }
        Problem::OpenFirst => both!("problem-open-first"),
        Problem::ApologyUnread => both!("problem-apology-unread"),
        Problem::Folded => both!("problem-folded"),
        Problem::SaidBetter => both!("problem-said-better"),
        Problem::SaidAlready => both!("problem-said-already"),
        Problem::SameWords => both!("problem-same-words"),
        Problem::NotAskedFor => both!("problem-not-asked-for"),
        Problem::ThanksFirst => both!("problem-thanks-first"),
        Problem::AlreadyAsked => both!("problem-already-asked"),
        Problem::BothMeaningsFirst => both!("problem-both-meanings-first"),
        Problem::TodayOrTomorrow => both!("problem-today-or-tomorrow"),
        Problem::BreakLength => both!("problem-break-length"),
        Problem::AwayDays => both!("problem-away-days"),
        Problem::RepairClosed => both!("problem-repair-closed"),
        Problem::SayBackFirst => both!("problem-say-back-first"),
        Problem::NotMarkedYet => both!("problem-not-marked-yet"),
        Problem::RepairIsOpen { id } => both!(
            "problem-repair-is-open",
            id = id.chars().take(8).collect::<String>()
        ),
        Problem::NotThisStep { step } => both!("problem-not-this-step", step = step.to_string()),
        Problem::AlreadyTakenBack => both!("problem-already-taken-back"),
        Problem::ForeignSeals { partner } => {
            both!("problem-foreign-seals", partner = name(partner))
        }
        Problem::BackupDamaged => both!("problem-backup-damaged"),
        Problem::BackupNewer => both!("problem-backup-newer"),
        Problem::BackupOfAnother => both!("problem-backup-of-another"),
        Problem::BackupPassphrase => both!("problem-backup-passphrase"),
        Problem::WrittenAlready => both!("problem-written-already"),
        Problem::AlreadyReady => both!("problem-already-ready"),
        Problem::NotReady => both!("problem-not-ready"),
        Problem::LockedIn { partner } => both!("problem-locked-in", partner = name(partner)),
        Problem::AlreadyOpen => both!("problem-already-open"),
        Problem::OpenNotCalledBack => both!("problem-open-not-called-back"),
        Problem::NothingOpen { partner } => both!("problem-nothing-open", partner = name(partner)),
        Problem::NotSetUp => both!("problem-not-set-up"),
        Problem::AlreadySetUp => both!("problem-already-set-up"),
        Problem::NothingSetUp => both!("problem-nothing-set-up"),
        Problem::WordsNotReadBack => both!("problem-words-not-read-back"),
        Problem::WrongPassphrase => both!("problem-wrong-passphrase"),
        Problem::WrongWords => both!("problem-wrong-words"),
        Problem::PrivateLocked => both!("problem-private-locked"),
        Problem::WrongPrivatePassphrase => both!("problem-wrong-private-passphrase"),
        Problem::NoPrivatePassphrase => both!("problem-no-private-passphrase"),
        Problem::PrivateFull => both!("problem-private-full"),
        Problem::PassphraseTooShort => both!("problem-passphrase-too-short"),
        Problem::NotPaired => both!("problem-not-paired"),
        Problem::AlreadyPaired { partner } => {
            both!("problem-already-paired", partner = name(partner))
        }
        Problem::NoWindow => both!("problem-no-window"),
        Problem::BadInvitation => both!("problem-bad-invitation"),
        Problem::InvitationExpired => both!("problem-invitation-expired"),
        Problem::OwnInvitation => both!("problem-own-invitation"),
        Problem::NumberChanged => both!("problem-number-changed"),
        Problem::OwnNumber => both!("problem-own-number"),
        Problem::NotSixDigits => both!("problem-not-six-digits"),
        Problem::PairingNotThere => both!("problem-pairing-not-there"),
        Problem::PairingEnded => both!("problem-pairing-ended"),
        Problem::ListenFailed { address } => {
            both!("problem-listen-failed", address = calm_line(address))
        }
        Problem::NotForUs => both!("problem-not-for-us"),
        Problem::CarryDamaged => both!("problem-carry-damaged"),
        Problem::CarryNewer => both!("problem-carry-newer"),
        Problem::CarryGap { partner } => both!("problem-carry-gap", partner = name(partner)),
        Problem::Refused { partner } => both!("problem-refused", partner = name(partner)),
        Problem::RefusedInPart { partner } => {
            both!("problem-refused-in-part", partner = name(partner))
        }
        Problem::DiskFull => both!("problem-disk-full"),
        Problem::DiskReadOnly => both!("problem-disk-read-only"),
        Problem::DiskDamaged => both!("problem-disk-damaged"),
        Problem::StoreNewer => both!("problem-store-newer"),
        Problem::NotSharedUnsaved => both!("problem-not-shared-unsaved"),
        Problem::DiskFailed => both!("problem-disk-failed"),
        Problem::AnotherDaemon => both!("problem-another-daemon"),
        Problem::ForeignSocket => both!("problem-foreign-socket"),
        Problem::NoDaemon => both!("problem-no-daemon"),
        Problem::ApiVersion => both!("problem-api-version"),
        Problem::TooManyClients => both!("problem-too-many-clients"),
        Problem::Stopping => both!("problem-stopping"),
        Problem::NotDelivered { partner } => {
            both!("problem-not-delivered", partner = name(partner))
        }
        Problem::NeedsTerminal => both!("problem-needs-terminal"),
        Problem::NeedsYes => both!("problem-needs-yes"),
        Problem::NoMemoryFolder => both!("problem-no-memory-folder"),
        Problem::EditorFailed { editor } => {
            both!("problem-editor-failed", editor = calm_line(editor))
        }
        Problem::Interrupted if command.is_some_and(says_nothing) => {
            both!("problem-stopped-before")
        }
        Problem::Interrupted => both!("problem-interrupted"),
        Problem::Internal => both!("problem-internal"),
    }
}

fn locked(by: LockedBy) -> (String, String) {
    match by {
        LockedBy::Passphrase => both!("problem-locked"),
        LockedBy::ByHand => both!("problem-locked-by-hand"),
        LockedBy::KeyringLocked => both!("problem-locked-keyring"),
        LockedBy::KeyringAbsent => both!("problem-locked-no-keyring"),
        LockedBy::KeyMissing => both!("problem-locked-key-missing"),
        LockedBy::KeyForeign => both!("problem-locked-key-foreign"),
        LockedBy::KeyringDenied => both!("problem-locked-denied"),
        LockedBy::KeyringSlow => both!("problem-locked-slow"),
        LockedBy::FileMissing => both!("problem-locked-file-missing"),
    }
}

/// Whether a command does something else than to say words.
fn says_nothing(command: &str) -> bool {
    let steps = [
        "backup",
        "restore",
        "unlock",
        "step-back",
        "let-go",
        "take-back",
    ];
    steps.contains(&last_word(command))
}

/// The step that a command names.
fn last_word(command: &str) -> &str {
    command.split(' ').next_back().unwrap_or_default()
}

fn wrong(wrong: &Wrong, command: Option<&str>) -> (String, String) {
    let typed = |what| match command {
        Some(command) => (what, t!("wrong-next-command", name = command)),
        None => (what, t!("wrong-next-help")),
    };
    let asked = |what| (what, t!("wrong-next"));
    match wrong {
        Wrong::LongOrDeep => asked(t!("wrong-long-or-deep")),
        Wrong::NotJson => asked(t!("wrong-not-json")),
        Wrong::NotAnObject => asked(t!("wrong-not-an-object")),
        Wrong::NotACall => asked(t!("wrong-not-a-call")),
        Wrong::NotTheForm => asked(t!("wrong-not-the-form")),
        Wrong::MissingField { field } => asked(t!("wrong-missing-field", field = field.as_str())),
        Wrong::UnknownField { field } => asked(t!("wrong-unknown-field", field = field.as_str())),
        Wrong::UnknownVariant { field } => {
            asked(t!("wrong-unknown-variant", field = field.as_str()))
        }
        Wrong::UnknownMethod { field } => asked(t!("wrong-unknown-method", field = field.as_str())),
        Wrong::NoDate => asked(t!("wrong-no-date")),
        Wrong::NoSlot => asked(t!("wrong-no-slot")),
        Wrong::NotText => asked(t!("wrong-not-text")),
        Wrong::NotBase64 => asked(t!("wrong-not-base64")),
        Wrong::NoCursor => asked(t!("wrong-no-cursor")),
        Wrong::AnotherFile => asked(t!("wrong-another-file")),
        Wrong::NoName => asked(t!("wrong-no-name")),
        Wrong::NoPersonName => asked(t!("name-fits")),
        Wrong::OtherBase => asked(t!("wrong-other-base")),
        Wrong::NoAddress => typed(t!("wrong-no-address")),
        Wrong::NoDay { text } => typed(t!(
            "wrong-no-day",
            text = calm_line(text),
            like = days::like()
        )),
        Wrong::NoWeek { text } => typed(t!("wrong-no-week", text = calm_line(text))),
        Wrong::NoCommand { word, near: None } => {
            typed(t!("wrong-no-command", word = calm_line(word)))
        }
        Wrong::NoCommand {
            word,
            near: Some(near),
        } => typed(t!(
            "wrong-no-command-near",
            word = calm_line(word),
            near = near.as_str()
        )),
        Wrong::NoOption { option } => typed(t!("wrong-no-option", option = calm_line(option))),
        Wrong::WordTooMany { word } => typed(t!("wrong-word-too-many", word = calm_line(word))),
        Wrong::Missing { what } => typed(
            refusal::question(what).unwrap_or_else(|| t!("wrong-missing", what = what.as_str())),
        ),
        Wrong::NoStep => typed(t!("wrong-no-step")),
        Wrong::NotTogether { one, other } => typed(t!(
            "wrong-not-together",
            one = one.as_str(),
            other = other.as_str()
        )),
        Wrong::OneOf { what, all } if !what.starts_with('-') => {
            typed(t!("wrong-one-of-these", all = all.as_str()))
        }
        Wrong::OneOf { what, all } => {
            typed(t!("wrong-one-of", what = what.as_str(), all = all.as_str()))
        }
        Wrong::NoValue { what } => typed(
            refusal::question(what).unwrap_or_else(|| t!("wrong-no-value", what = what.as_str())),
        ),
        Wrong::NotTaken { value, what } if !what.starts_with('-') => {
            typed(t!("wrong-not-here", value = calm_line(value)))
        }
        Wrong::NotTaken { value, what } => typed(t!(
            "wrong-not-taken",
            value = calm_line(value),
            what = what.as_str()
        )),
        Wrong::NeedsFile => typed(t!("wrong-needs-file")),
        Wrong::NoSense => typed(t!("wrong-no-sense")),
    }
}

fn file(path: &str, why: &FileWrong) -> String {
    let path = calm_line(path);
    match why {
        FileWrong::NotThere => t!("file-not-there", path = path),
        FileWrong::Denied => t!("file-denied", path = path),
        FileWrong::Folder => t!("file-folder", path = path),
        FileWrong::NoFolder => t!("file-no-folder", path = path),
        FileWrong::Unknown => t!("file-home-unknown"),
        FileWrong::PathTooLong => t!("file-path-too-long", path = path),
        FileWrong::AnotherThere => t!("file-another-there", path = path),
        FileWrong::StoryThere => t!("file-story-there", path = path),
        FileWrong::Link => t!("file-link", path = path),
        FileWrong::NotOwn => t!("file-not-own", path = path),
        FileWrong::SomebodyElses => t!("file-somebody-elses", path = path),
        FileWrong::Full => t!("file-full", path = path),
        FileWrong::ReadOnly => t!("file-read-only", path = path),
        FileWrong::Other => t!("file-other", path = path),
    }
}

fn not_started(why: &NotStarted) -> (String, String) {
    let what = match why {
        NotStarted::NotBeside => t!("start-not-beside"),
        NotStarted::WhereUnknown => t!("start-where-unknown"),
        NotStarted::System => t!("start-system"),
        NotStarted::Ended { status } => t!("start-ended", status = calm_line(status)),
        NotStarted::Silent => t!("start-silent"),
        NotStarted::Told { problem: told } => {
            let (what, next) = problem(told);
            return (t!("start-told", what = what), next);
        }
        NotStarted::Manager { told } => t!("start-manager", told = calm_line(told)),
    };
    (what, t!("start-next"))
}
