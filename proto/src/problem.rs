//! What can go wrong, as data. The client has the sentences: what happened, and what to do next.

use crate::Day;
use crate::ids::Who;
use serde::{Deserialize, Serialize};

/// Something that did not work. Nothing was changed unless its sentence says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs)] // each variant's two sentences stand in the client's words, under its kind
pub enum Problem {
    // what the person asked for
    BadRequest { wrong: Wrong },
    TooLong,
    NothingSaid,
    NobodyDoes,
    NoSuch { what: String },
    NoSuchAgreement { what: String },
    NoSuchTemplate { what: String },
    NoTopic { what: String, near: Option<String> },
    NotUnique { what: String },
    WhichWeek { weeks: String },
    SeveralWait { commands: String },
    // agreements
    YesWouldNotCount,
    NotYours,
    AlreadyLetGo { by: Who, partner: String, on: Day },
    NotOnOffer,
    NotHeldYet,
    WhichTwo { name: String },
    NothingWaits,
    YourOwn { partner: String },
    AlreadySaidYes,
    PickSame,
    TooManyActs,
    BookFull,
    WordsNotHere,
    RestsAlready,
    NothingRests,
    StillStands,
    // drafts
    TooManyDrafts,
    DraftIsClosed,
    DraftFull,
    DraftsFull,
    DraftNotWoven,
    NotTheText,
    // sealed exchange
    AlreadyReady,
    NotReady,
    LockedIn { partner: String },
    AlreadyOpen,
    OpenNotCalledBack,
    NothingOpen { partner: String },
    NothingOfYoursOpen,
    AlreadyTakenBack,
    // what is told and answered
    NotSaidOfThis,
    NothingFits,
    NothingAtHand { what: String },
    OpenFirst,
    ApologyUnread,
    NoLonger,
    Folded,
    SaidBetter,
    SaidAlready,
    SameWords,
    NotAskedFor,
    ThanksFirst,
    AlreadyAsked,
    BothMeaningsFirst,
    TodayOrTomorrow,
    BreakLength,
    AwayDays,
    RepairIsOpen { id: String },
    RepairClosed,
    NotThisStep { step: u8 },
    SayBackFirst,
    NotMarkedYet,
    // keys and home
    NotSetUp,
    AlreadySetUp,
    NothingSetUp,
    WordsNotReadBack,
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
    WrongDevice,
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
    // private pages
    PrivateLocked,
    WrongPrivatePassphrase,
    NoPrivatePassphrase,
    PrivateFull,
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
    NotSharedUnsaved,
    // programs
    AnotherDaemon,
    ForeignSocket,
    NoDaemon,
    DaemonDidNotStart { why: NotStarted },
    ApiVersion,
    TooManyClients,
    Stopping,
    NotDelivered { partner: String },
    NeedsTerminal,
    NeedsYes,
    NoMemoryFolder,
    EditorFailed { editor: String },
    DayPassed { day: Day },
    Interrupted,
    FileFailed { path: String, why: FileWrong },
    Internal,
}

/// What about a request, or about what was typed, is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
#[allow(missing_docs)] // likewise
pub enum Wrong {
    // a line of the local API, or JSON on standard input
    LongOrDeep,
    NotJson,
    NotAnObject,
    NotACall,
    NotTheForm,
    MissingField { field: String },
    UnknownField { field: String },
    UnknownVariant { field: String },
    UnknownMethod { field: String },
    NoDate,
    NoSlot,
    NotText,
    NotBase64,
    NoCursor,
    AnotherFile,
    // what is named
    NoAddress,
    NoName,
    NoPersonName,
    OtherBase,
    NoDay { text: String },
    NoWeek { text: String },
    NeedsFile,
    // commands
    NoCommand { word: String, near: Option<String> },
    NoOption { option: String },
    WordTooMany { word: String },
    Missing { what: String },
    NoStep,
    NotTogether { one: String, other: String },
    OneOf { what: String, all: String },
    NoValue { what: String },
    NotTaken { value: String, what: String },
    NoSense,
}

/// Why a file or folder could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{self:?}")]
#[serde(tag = "is", rename_all = "snake_case")]
#[allow(missing_docs)] // likewise
pub enum FileWrong {
    NotThere,
    Denied,
    Folder,
    NoFolder,
    Unknown,
    PathTooLong,
    AnotherThere,
    StoryThere,
    Link,
    NotOwn,
    SomebodyElses,
    Full,
    ReadOnly,
    Other,
}

impl From<&std::io::Error> for FileWrong {
    fn from(error: &std::io::Error) -> Self {
        use std::io::ErrorKind as Kind;
        if let Some(told) = error.get_ref().and_then(|e| e.downcast_ref::<Self>()) {
            return told.clone();
        }
        match error.kind() {
            Kind::NotFound => Self::NotThere,
            Kind::PermissionDenied => Self::Denied,
            Kind::IsADirectory => Self::Folder,
            Kind::NotADirectory => Self::NoFolder,
            Kind::InvalidFilename => Self::PathTooLong,
            Kind::AlreadyExists => Self::AnotherThere,
            Kind::StorageFull | Kind::QuotaExceeded => Self::Full,
            Kind::ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::Other,
        }
    }
}

/// Why a daemon did not come up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
#[allow(missing_docs)] // likewise
pub enum NotStarted {
    NotBeside,
    WhereUnknown,
    System,
    Ended { status: String },
    Silent,
    Told { problem: Box<Problem> },
    Manager { told: String },
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
            | Self::NoMemoryFolder
            | Self::EditorFailed { .. }
            | Self::DayPassed { .. }
            | Self::AwayDays
            | Self::PassphraseTooShort
            | Self::NoTopic { .. } => Exit::Usage,
            Self::NoDaemon | Self::DaemonDidNotStart { .. } => Exit::NoDaemon,
            Self::Locked { .. } | Self::PrivateLocked | Self::NoPrivatePassphrase => Exit::Locked,
            Self::NotPaired | Self::NotSetUp => Exit::NotPaired,
            Self::NotDelivered { .. } => Exit::NotDelivered,
            Self::YesWouldNotCount
            | Self::NotUnique { .. }
            | Self::WhichWeek { .. }
            | Self::SeveralWait { .. }
            | Self::PickSame
            | Self::NotOnOffer
            | Self::NotHeldYet
            | Self::WhichTwo { .. }
            | Self::NothingWaits
            | Self::YourOwn { .. }
            | Self::NothingAtHand { .. }
            | Self::NothingFits => Exit::Decision,
            Self::Interrupted | Self::NothingSetUp | Self::WordsNotReadBack => Exit::Interrupted,
            _ => Exit::Failed,
        }
    }

    /// The name of its kind, as scripts see it.
    #[must_use]
    pub fn kind(&self) -> String {
        // What was sought is told apart in sentences, where it leads to another list.
        if matches!(
            self,
            Self::NoSuchAgreement { .. } | Self::NoSuchTemplate { .. }
        ) {
            return "no_such".to_owned();
        }
        let named = serde_json::to_value(self).ok();
        named
            .and_then(|v| v.get("kind").and_then(|k| k.as_str().map(str::to_owned)))
            .unwrap_or_else(|| "internal".to_owned())
    }
}
