//! What can go wrong, and the two sentences a person reads: what happened, and what to do next. All of them are here.

use crate::Day;
use serde::{Deserialize, Serialize};

/// Something that did not work. Nothing was changed unless its sentence says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs)] // each variant's sentences stand beside it in `what` and `next`
pub enum Problem {
    // what the person asked for
    BadRequest { detail: String },
    TooLong,
    NothingSaid,
    NobodyDoes,
    NoSuch { what: String },
    NoTopic { what: String, near: Option<String> },
    NotUnique { what: String },
    // agreements
    YesWouldNotCount,
    NotYours,
    AlreadyLetGo { by: String, on: Day },
    NotOnOffer,
    AlreadySaidYes,
    PickSame,
    TooManyActs,
    BookFull,
    WordsNotHere,
    RestsAlready,
    NothingRests,
    StillStands,
    // sealed exchange
    AlreadyReady,
    NotReady,
    LockedIn { partner: String },
    AlreadyOpen,
    NothingOpen { partner: String },
    NothingOfYoursOpen,
    AlreadyTakenBack,
    // keys and home
    NotSetUp,
    AlreadySetUp,
    Locked { by: LockedBy },
    WrongPassphrase,
    WrongWords,
    PassphraseTooShort,
    NoKeyring { by: LockedBy },
    // pairing
    NotPaired,
    AlreadyPaired { partner: String },
    NoWindow,
    BadInvitation,
    InvitationExpired,
    OwnInvitation,
    WrongNumber { tries_left: u8 },
    NumberChanged,
    OwnNumber,
    NotSixDigits,
    PairingNotThere,
    PairingEnded,
    ListenFailed { address: String },
    // exchange
    NotForUs,
    CarryDamaged,
    CarryNewer,
    CarryGap { partner: String },
    Refused { partner: String },
    RefusedInPart { partner: String },
    ForeignSeals { partner: String },
    // backups
    BackupDamaged,
    BackupNewer,
    BackupOfAnother,
    BackupPassphrase,
    WrittenAlready,
    // disk
    DiskFull,
    DiskReadOnly,
    DiskDamaged,
    StoreNewer,
    DiskFailed,
    // programs
    AnotherDaemon,
    ForeignSocket,
    NoDaemon,
    DaemonDidNotStart { detail: String },
    ApiVersion,
    TooManyClients,
    Stopping,
    NotDelivered { partner: String },
    NeedsTerminal,
    NeedsYes,
    DayPassed { day: Day },
    Interrupted,
    FileFailed { path: String, detail: String },
    Internal,
}

/// Why the keys cannot be reached. Each is a different state with different words; none of them ever makes a new key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockedBy {
    /// A passphrase opens it.
    Passphrase,
    /// The keyring is there, and locked.
    KeyringLocked,
    /// There is no keyring to ask.
    KeyringAbsent,
    /// The keyring answers, and has no key of this home.
    KeyMissing,
    /// The keyring said no.
    KeyringDenied,
    /// The keyring has not answered yet.
    KeyringSlow,
    /// The keyring's key does not open this home.
    KeyForeign,
    /// The key file is not there.
    FileMissing,
    /// The person locked it.
    ByHand,
}

/// The exit code for scripts (DESIGN §8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Failed.
    Failed = 1,
    /// Not used as the help says.
    Usage = 2,
    /// The daemon is not running.
    NoDaemon = 3,
    /// The keys are locked.
    Locked = 4,
    /// Not paired, or not set up.
    NotPaired = 5,
    /// Saved here, not yet with the partner.
    NotDelivered = 6,
    /// A person has to decide.
    Decision = 7,
    /// Interrupted.
    Interrupted = 130,
}

impl Problem {
    /// The exit code.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::BadRequest { .. }
            | Self::TooLong
            | Self::NothingSaid
            | Self::NobodyDoes
            | Self::NotSixDigits
            | Self::NeedsTerminal
            | Self::NeedsYes
            | Self::DayPassed { .. }
            | Self::PassphraseTooShort
            | Self::NoTopic { .. } => Exit::Usage,
            Self::NoDaemon | Self::DaemonDidNotStart { .. } => Exit::NoDaemon,
            Self::Locked { .. } => Exit::Locked,
            Self::NotPaired | Self::NotSetUp => Exit::NotPaired,
            Self::NotDelivered { .. } => Exit::NotDelivered,
            Self::YesWouldNotCount | Self::NotUnique { .. } | Self::PickSame | Self::NotOnOffer => {
                Exit::Decision
            }
            Self::Interrupted => Exit::Interrupted,
            _ => Exit::Failed,
        }
    }

    /// The name of its kind, as scripts see it.
    #[must_use]
    pub fn kind(&self) -> String {
        let named = serde_json::to_value(self).ok();
        named
            .and_then(|v| v.get("kind").and_then(|k| k.as_str().map(str::to_owned)))
            .unwrap_or_else(|| "internal".to_owned())
    }

    /// What happened.
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::BadRequest { detail } => format!("This is not what the command expects: {detail}."),
            Self::TooLong => "This is too long to keep in one piece.".into(),
            Self::NothingSaid => "There are no words in it yet.".into(),
            Self::NobodyDoes => "The proposal does not say yet what each of you will do.".into(),
            Self::NoSuch { what } => format!("There is nothing here by the name {what}."),
            Self::NoTopic { what, .. } => format!("There is no help on {what}."),
            Self::NotUnique { what } => format!("More than one thing here begins with {what}."),
            Self::YesWouldNotCount => "Something else was agreed since, and this wording does not build on it.".into(),
            Self::NotYours => "Only the one who wrote it can do this.".into(),
            Self::AlreadyLetGo { by, on } => format!("This agreement has already been let go. {by} ended it on {}.", spoken(*on)),
            Self::NotOnOffer => "This wording is no longer on offer.".into(),
            Self::AlreadySaidYes => "You have already said yes to these words.".into(),
            Self::PickSame => "You each said yes to the other's wording.".into(),
            Self::TooManyActs => "This one has grown as long as Troth keeps in one thread.".into(),
            Self::BookFull => "Your book has grown as large as Troth keeps one.".into(),
            Self::WordsNotHere => "The words of this are not here.".into(),
            Self::RestsAlready => "Your yes to these words rests here already.".into(),
            Self::NothingRests => "No yes of yours to these words rests here.".into(),
            Self::StillStands => "Something of this agreement still stands.".into(),
            Self::NothingOfYoursOpen => "Nothing of yours is open here.".into(),
            Self::AlreadyTakenBack => "You have already taken this back.".into(),
            Self::ForeignSeals { partner } => format!("{partner}'s Troth holds things in your name that this home's recovery words did not seal. Nothing here was changed."),
            Self::BackupDamaged => "This is not a whole backup of Troth. Nothing here was changed.".into(),
            Self::BackupNewer => "This backup was written by a newer Troth. Nothing here was changed.".into(),
            Self::BackupOfAnother => "This backup is of another person's home, or of another couple. Nothing here was changed.".into(),
            Self::BackupPassphrase => "That passphrase does not open this backup.".into(),
            Self::WrittenAlready => "Something has been written here already. Nothing was changed.".into(),
            Self::AlreadyReady => "You are ready already.".into(),
            Self::NotReady => "You have nothing waiting here.".into(),
            Self::LockedIn { partner } => format!("{partner} is ready too, and both pages are about to open. It cannot be called back any more."),
            Self::AlreadyOpen => "Your page is already open.".into(),
            Self::NothingOpen { partner } => format!("There is no open page of {partner}'s here yet."),
            Self::NotSetUp => "Troth is not set up here yet.".into(),
            Self::AlreadySetUp => "Troth is already set up here.".into(),
            Self::Locked { by } => by.what().into(),
            Self::WrongPassphrase => "That passphrase does not open it.".into(),
            Self::WrongWords => "Those are not the recovery words of this Troth.".into(),
            Self::PassphraseTooShort => "That passphrase is too short to protect anything.".into(),
            Self::NoKeyring { by: LockedBy::KeyringLocked } => "Your keyring is locked. Nothing was set up.".into(),
            Self::NoKeyring { by: LockedBy::KeyringSlow } => "Your keyring has not answered; it may be waiting for you. Nothing was set up.".into(),
            Self::NoKeyring { .. } => "No keyring answers here. Nothing was set up.".into(),
            Self::NotPaired => "You are not paired with anyone yet.".into(),
            Self::AlreadyPaired { partner } => format!("You are already paired with {partner}."),
            Self::NoWindow => "No pairing is under way.".into(),
            Self::BadInvitation => "This is not a whole invitation.".into(),
            Self::InvitationExpired => "This invitation has expired.".into(),
            Self::OwnInvitation => "This is the invitation from this very device.".into(),
            Self::WrongNumber { tries_left: 0 } => "The number did not match, and this was the last try. Nothing about you was shared.".into(),
            Self::WrongNumber { .. } => "This is not the number of the device at the other end.".into(),
            Self::NumberChanged => "The other device has begun again meanwhile. The number that was here counts no more.".into(),
            Self::OwnNumber => "This is the number on your own screen.".into(),
            Self::NotSixDigits => "The number has six digits.".into(),
            Self::PairingNotThere => "The pairing is not at this step.".into(),
            Self::PairingEnded => "The two of you are not paired.".into(),
            Self::ListenFailed { address } => format!("Troth could not listen at {address}."),
            Self::NotForUs => "This file was not carried from your partner's Troth, or is damaged. Nothing here was changed.".into(),
            Self::CarryDamaged => "This file is damaged or not whole. Nothing here was changed.".into(),
            Self::CarryNewer => "This file was written by a newer Troth. Nothing here was changed.".into(),
            Self::CarryGap { .. } => "This file begins later than what you have. Nothing here was changed.".into(),
            Self::Refused { partner } => format!("{partner}'s Troth sent something it may not. Nothing here was changed."),
            Self::RefusedInPart { partner } => format!("{partner}'s Troth wrote something into this file that it may not. What stands before it is here now; the rest was not taken in."),
            Self::DiskFull => "The disk is full. Nothing was saved, and nothing was lost.".into(),
            Self::DiskReadOnly => "The disk can only be read. Nothing was saved, and nothing was lost.".into(),
            Self::DiskDamaged => "A part of Troth's file on this disk is damaged. Nothing was changed in it.".into(),
            Self::StoreNewer => "This home was written by a newer Troth. Nothing was changed in it.".into(),
            Self::DiskFailed => "The disk did not take it. Nothing was saved, and nothing was lost.".into(),
            Self::AnotherDaemon => "Troth is already running for this home.".into(),
            Self::ForeignSocket => "The program that answers for this home belongs to another user.".into(),
            Self::NoDaemon => "Troth is not running in the background.".into(),
            Self::DaemonDidNotStart { detail } => format!("Troth could not start in the background: {detail}"),
            Self::ApiVersion => "The two programs of Troth on this device are of different versions.".into(),
            Self::TooManyClients => "Too many programs talk to Troth at once.".into(),
            Self::Stopping => "Troth is just stopping.".into(),
            Self::NotDelivered { partner } => format!("It is saved here. It has not reached {partner} yet."),
            Self::NeedsTerminal => "This needs an answer, and there is nobody here to ask.".into(),
            Self::NeedsYes => "This binds or ends something, and there is nobody here to ask.".into(),
            Self::DayPassed { day } => format!("{} has passed.", spoken(*day)),
            Self::Interrupted => "Stopped.".into(),
            Self::FileFailed { path, detail } => format!("{path} could not be used: {detail}."),
            Self::Internal => "Troth made a mistake of its own. What you wrote before is safe.".into(),
        }
    }

    /// What to do next.
    #[must_use]
    pub fn next(&self) -> String {
        match self {
            Self::BadRequest { .. } => "`troth help scripting` shows what each command reads.",
            Self::TooLong => "A text holds 20,000 characters, a topic 200, a name 60, and one piece 60 KB altogether. Split it in two.",
            Self::NothingSaid => "Write at least one line.",
            Self::NobodyDoes => "Say what you will do, or what the other will do, and for both if it should hold for both.",
            Self::NoSuch { .. } => "`troth agreement list` and `troth checkin show` show what is here.",
            Self::NoTopic { near: Some(near), .. } => return format!("Did you mean `troth help {near}`? `troth help` lists the topics."),
            Self::NoTopic { .. } => "`troth help` lists the topics.",
            Self::NotUnique { .. } => "Give a few more letters of its name.",
            Self::YesWouldNotCount => "Propose these words anew: `troth agreement propose --same-as` with this version's name.",
            Self::NotYours => "You can propose other words instead.",
            Self::AlreadyLetGo { .. } => "To begin it again, propose it anew.",
            Self::NotOnOffer => "Look at the agreement again, or propose these words anew.",
            Self::AlreadySaidYes => "Nothing more is needed from you.",
            Self::PickSame => "Choose one and propose it on both: `troth agreement propose --same-as` with its name.",
            Self::TooManyActs => "Begin a new agreement, or a new round, and leave this one as it is.",
            Self::BookFull => "Put away what you no longer need; stepping back and calling back still work.",
            Self::WordsNotHere => "If they are missing, they come when the two devices meet.",
            Self::RestsAlready => "It is said tomorrow. `troth agreement call-back` takes it back before.",
            Self::NothingRests => "`troth` shows what rests.",
            Self::StillStands => "Let it go first: `troth agreement let-go`.",
            Self::NothingOfYoursOpen => "What is not open yet can be called back: `troth checkin cancel`.",
            Self::AlreadyTakenBack => "Nothing more is needed from you.",
            Self::ForeignSeals { .. } => "Give the recovery words of your other home: `troth recovery-words`. If you have written nothing here yet, `troth recovery-words --as-they-have-it` takes it without.",
            Self::BackupDamaged => "Choose the file that `troth backup` wrote.",
            Self::BackupNewer => "Update Troth on this device, then restore it again.",
            Self::BackupOfAnother => "Restore it into an empty home, or into the one it was made of.",
            Self::BackupPassphrase => "Try again. Nobody can open it without.",
            Self::WrittenAlready => "Give the recovery words of your other home instead: `troth recovery-words`.",
            Self::AlreadyReady => "To change your words, call them back first: `troth checkin cancel`.",
            Self::NotReady => "`troth checkin ready` begins one.",
            Self::LockedIn { .. } => "It will open as soon as the two devices meet.",
            Self::AlreadyOpen => "To add something, write a new one.",
            Self::NothingOpen { .. } => "It opens when you are both ready.",
            Self::NotSetUp => "Begin with `troth init`.",
            Self::AlreadySetUp => "Nothing needs to be done. `troth status` shows how it is.",
            Self::Locked { by } => by.next(),
            Self::WrongPassphrase => "Try again. If it is lost, your 24 recovery words open it: `troth unlock --recovery-words`.",
            Self::WrongWords => "Check the order and the spelling of all 24.",
            Self::PassphraseTooShort => "Take at least eight characters; several words are better.",
            Self::NoKeyring { by: LockedBy::KeyringLocked | LockedBy::KeyringSlow } => "Unlock it and try again, or use a passphrase instead: `troth init --keys passphrase`.",
            Self::NoKeyring { .. } => "Use a passphrase instead: `troth init --keys passphrase`.",
            Self::NotPaired => "`troth pair` begins; your partner does the same.",
            Self::AlreadyPaired { .. } => "Troth is for exactly two people. Nothing was changed.",
            Self::NoWindow => "`troth pair invite` on one device, `troth pair join` on the other.",
            Self::BadInvitation => "Copy all of it, from `troth:` to its end.",
            Self::InvitationExpired => "Ask for a new one: `troth pair invite` on the other device.",
            Self::OwnInvitation => "Use it on your partner's device.",
            Self::WrongNumber { tries_left: 0 } => "Begin again when you can talk to each other: `troth pair invite`.",
            Self::NumberChanged => "Compare the new numbers.",
            Self::WrongNumber { .. } => "Read it to each other once more, by voice or side by side, and type what the other screen shows.",
            Self::OwnNumber => "Type the number that your partner's screen shows.",
            Self::NotSixDigits => "Type the six digits that your partner's screen shows.",
            Self::PairingNotThere => "`troth pair state` shows where it is.",
            Self::PairingEnded => "`troth pair` begins anew, on both devices.",
            Self::ListenFailed { .. } => "Another program may use it; Troth goes on trying. Before you pair you can choose another: `--listen ADDRESS:PORT`.",
            Self::NotForUs => "Ask your partner for `troth carry out` once more, and carry that file here.",
            Self::CarryDamaged => "Copy it once more, or have it written anew with `troth carry out`.",
            Self::CarryNewer => "Update Troth on this device, then carry it in again.",
            Self::CarryGap { partner } => return format!("Ask {partner} for a whole file: `troth carry out --whole FILE`."),
            Self::Refused { .. } | Self::RefusedInPart { .. } => "Ask your partner whether their Troth is in order. Exchange goes on with a Troth that is.",
            Self::DiskFull => "Make some room and try again. Troth goes on by itself.",
            Self::DiskReadOnly => "Make the disk writable and try again. Troth goes on by itself.",
            Self::DiskDamaged => "Keep this file as it is. Your partner's device holds all that you both shared; `troth logs` names the damaged part.",
            Self::StoreNewer => "Update Troth on this device.",
            Self::DiskFailed => "Look after the disk and try again. `troth logs` tells more.",
            Self::AnotherDaemon => "Nothing needs to be done; `troth status` talks to it.",
            Self::ForeignSocket => "Use a home of your own with `--home`, or ask who put it there.",
            Self::NoDaemon => "`troth service start` starts it; every other command does so by itself.",
            Self::DaemonDidNotStart { .. } => "`troth logs` tells more.",
            Self::ApiVersion => "Stop Troth with `troth service stop` and try again.",
            Self::TooManyClients => "Close some of them and try again.",
            Self::Stopping => "Try again in a moment.",
            Self::NotDelivered { .. } => "It goes over by itself when the two devices meet.",
            Self::NeedsYes => "Run it in a terminal, or say `--yes`.",
            Self::DayPassed { .. } => "Choose a day that is to come.",
            Self::NeedsTerminal => "Run it in a terminal, or give the words on standard input with `--json`.",
            Self::Interrupted => "Nothing was saved by this command.",
            Self::FileFailed { .. } => "Check the path and try again.",
            Self::Internal => "`troth logs` tells more. Starting again may help: `troth service stop`, then any command.",
        }
        .into()
    }
}

impl LockedBy {
    fn what(self) -> &'static str {
        match self {
            Self::Passphrase | Self::ByHand => "Troth is locked.",
            Self::KeyringLocked => "Your keyring is locked, and Troth's key is in it.",
            Self::KeyringAbsent => "No keyring answers in this login, and Troth's key is in yours.",
            Self::KeyMissing => "Your keyring is open, but Troth's key is not in it.",
            Self::KeyringDenied => "Your keyring did not let Troth read its key.",
            Self::KeyringSlow => "Your keyring has not answered yet; it may be waiting for you.",
            Self::KeyForeign => "The key in your keyring does not open this home.",
            Self::FileMissing => "Troth's key file is not where it was.",
        }
    }

    fn next(self) -> &'static str {
        match self {
            Self::Passphrase => "`troth unlock` asks for your passphrase.",
            Self::ByHand => "`troth unlock` opens it.",
            Self::KeyringLocked => {
                "Unlock the keyring (logging in to the desktop usually does) and try `troth unlock`."
            }
            Self::KeyringAbsent => {
                "Log in to the desktop, or open it with your 24 words: `troth unlock --recovery-words`."
            }
            Self::KeyMissing | Self::KeyForeign => {
                "If you use more than one keyring, open the right one. Your 24 words open it too: `troth unlock --recovery-words`."
            }
            Self::KeyringDenied => "Allow it when the keyring asks, then `troth unlock`.",
            Self::KeyringSlow => {
                "Look for a window that asks for the keyring's password, then `troth unlock`."
            }
            Self::FileMissing => {
                "Put it back, or open with your 24 words: `troth unlock --recovery-words`."
            }
        }
    }
}

/// A day as it is said: 9 June, with the year added when it may not be clear.
#[must_use]
pub fn spoken(day: Day) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (year, month, date) = day.parts();
    let month = MONTHS
        .get(usize::from(month.unsigned_abs()).saturating_sub(1))
        .unwrap_or(&"");
    format!("{date} {month} {year}")
}
