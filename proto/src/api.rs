//! The local API: JSON-RPC 2.0, one message a line, over the daemon's socket (DESIGN §7, FORMAT §6). Additive only.

pub use crate::doctor::{
    Doctor, Network, Notifications, Notify, RouterWay, Rung, RungName, RungState, Tried, TriedAt,
    Why,
};
pub use crate::draft::{DraftLine, DraftList, DraftText};

use crate::assertion::Weight;
use crate::ids::Who;
use crate::notice::Notice;
use crate::private::PageWords;
use crate::problem::Wrong;
use crate::said::agreement::{Does, WhenThen};
use crate::said::sealed::{CheckIn, Lean};
use crate::{AgreementId, AssertionId, Day, Hash, Problem, Slot, limits, view};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The version of the local API.
pub const VERSION: u32 = 1;

/// A secret as it passes the socket: never shown in a log or a debug line.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Where the key that opens the home is kept. Chosen once, at `init`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyHome {
    /// The system's keyring.
    Os,
    /// Nowhere; a passphrase makes it.
    Passphrase,
    /// A file that only its owner may read. Weaker: whoever has the disk has the key.
    File,
}

/// One line from a client.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Chosen by the client; comes back with the answer.
    pub id: u64,
    /// What is asked.
    pub request: Request,
}

/// What a client asks.
#[allow(missing_docs)] // the fields are named after CLI.md
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "method",
    content = "params",
    rename_all = "snake_case",
    deny_unknown_fields
)]
pub enum Request {
    /// The first on every connection.
    Hello { api: u32 },
    /// Sets this home up.
    Init(Init),
    /// Opens the keys.
    Unlock(Unlock),
    /// Closes the keys.
    Lock {},
    /// How everything is.
    Status {},
    /// What waits, and what is told once.
    Today {},
    /// The same without what is told once: that stays for Today.
    Glance {},
    /// Opens a pairing window and makes an invitation; `nearby`, also looks for the partner in the same network; `again`,
    /// with the same partner, on another device or after a loss.
    PairInvite {
        listen: Option<String>,
        #[serde(default)]
        nearby: bool,
        #[serde(default)]
        again: bool,
    },
    /// Opens a pairing window and answers an invitation.
    PairJoin {
        invitation: String,
        listen: Option<String>,
        #[serde(default)]
        again: bool,
    },
    /// Where the pairing is.
    PairState {},
    /// The number on the other screen; and the one that was on this one, if it is known: if that has changed meanwhile,
    /// nothing is counted.
    PairNumber {
        number: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shown: Option<String>,
    },
    /// Yes to the person shown.
    PairYes {},
    /// No; closes the window.
    PairNo {},
    /// Proposes words.
    AgreementPropose(Propose),
    /// Proposes the words of a version anew.
    AgreementSame { version: String },
    /// Yes to a version.
    AgreementYes { version: String },
    /// Calls back a yes that rests here.
    AgreementCallBack { version: String },
    /// Puts away an agreement that was let go; own words leave after so many days, once both have.
    AgreementPutAway {
        agreement: String,
        days: Option<u16>,
    },
    /// Not now.
    AgreementNotNow { version: String, note: String },
    /// I need time.
    AgreementNeedTime { version: String, until: Day },
    /// A step back from a version.
    AgreementStepBack { version: String, note: String },
    /// Lets an agreement go.
    AgreementLetGo { agreement: String, note: String },
    /// My own part.
    AgreementMyPart { agreement: String, text: String },
    /// A sealed review.
    AgreementLook {
        version: String,
        words: String,
        lean: Lean,
    },
    /// One agreement, by its name or a version's, a page at a time.
    AgreementShow {
        agreement: String,
        after: Option<usize>,
    },
    /// What each said about an agreement, and when, a page at a time.
    AgreementHistory {
        agreement: String,
        after: Option<usize>,
    },
    /// All agreements.
    AgreementList {
        state: Option<view::AgreementState>,
        after: Option<String>,
    },
    /// Ready for a check-in.
    CheckinReady { slot: Option<Slot>, words: CheckIn },
    /// Not ready after all.
    CheckinCancel { slot: Slot },
    /// Opens own words without waiting.
    CheckinShare { slot: Slot },
    /// "I heard you".
    CheckinHeard { slot: Slot, words: String },
    /// Takes back own words that are open.
    CheckinTakeBack { slot: Slot },
    /// Ready for any slot: a card, a step of a repair.
    SlotReady { slot: Slot, words: String },
    /// What is told and answered.
    Told(crate::telling::Ask),
    /// All slots of every kind, a page at a time: to leave with.
    SlotList { after: Option<usize> },
    /// One slot, or those nearest to this week, a page at a time.
    CheckinShow {
        slot: Option<Slot>,
        after: Option<usize>,
    },
    /// The next piece of a file to carry; `whole`, also of what the partner is believed to hold.
    CarryOut {
        cursor: Option<String>,
        upto: Option<u64>,
        #[serde(default)]
        whole: bool,
    },
    /// A piece of a carried file; taken in when `last`.
    CarryIn { piece: String, last: bool },
    /// The next lines of a backup.
    Backup { cursor: Option<String> },
    /// Lines of a backup; taken in with the last.
    Restore { lines: Secret, last: bool },
    /// Recovery words of an earlier home of one's own: what is sealed under them comes back.
    EarlierWords { recovery_words: Secret },
    /// Takes one's own book as the partner has it, whoever sealed it. Only for a home that has written nothing yet.
    AsPartnerHasIt {},
    /// The next piece of a book as an automerge document. Of the partner's, the words are in it that leave with this person:
    /// those told in trust only `with_confidences`.
    ExportBook {
        whose: Who,
        #[serde(default)]
        with_confidences: bool,
        cursor: Option<String>,
    },
    /// Begins a draft that both type in.
    DraftNew {
        form: crate::draft::DraftForm,
        title: String,
    },
    /// The drafts that are open.
    DraftList {},
    /// A draft's text; or, with the tips at which it was read, what changed since. With `follow`, every later change comes
    /// as a `draft` line.
    DraftRead {
        draft: String,
        since: Option<Vec<Hash>>,
        #[serde(default)]
        follow: bool,
    },
    /// Edits of the text as it was read at these tips, from its beginning to its end, none over another. Whatever was typed
    /// meanwhile stays. The answer tells what changed since, these edits with it.
    DraftEdit {
        draft: String,
        at: Vec<Hash>,
        edits: Vec<crate::draft::Edit>,
    },
    /// Closes a draft, as far as the looker is concerned. Once both have, it leaves both devices.
    DraftClose { draft: String },
    /// The next piece of a draft as an automerge document.
    ExportDraft {
        draft: String,
        cursor: Option<String>,
    },
    /// Words that were typed and not said, for next time: kept on this device, or let go where there are none. `about` says
    /// what they were for. Of more than [`limits::UNSAID`] the oldest go, and the answer says so.
    KeepUnsaid {
        about: String,
        words: Option<Secret>,
    },
    /// What was kept so, if anything.
    Unsaid { about: String },
    /// Opens the private pages for this connection. Costs Argon2id.
    PrivateOpen { passphrase: Secret },
    /// Locks them again for this connection.
    PrivateClose {},
    /// The private pages, newest first; `before`, from an answer before.
    PrivateList { before: Option<u64> },
    /// One private page.
    PrivateShow { page: u64 },
    /// Writes a private page, or writes one anew.
    PrivateWrite { page: Option<u64>, words: PageWords },
    /// Throws a private page away.
    PrivateDrop { page: u64 },
    /// A new passphrase for the private pages. The first one needs no `old`. `anew`: whatever is in them is thrown away, and
    /// they begin with this passphrase. They are open for this connection then.
    PrivatePassphrase {
        old: Option<Secret>,
        new: Secret,
        #[serde(default)]
        anew: bool,
    },
    /// Puts something into the private pages, whether they are open or not. It can be read once they are.
    PrivateKeep { words: PageWords },
    /// Where the partner's device can be reached, `HOST:PORT`, besides where it was last.
    Reach { address: String },
    /// Calls each address of the networks here, once.
    ReachHere {},
    /// How the network is set; `mapping`, whether the router is asked from now on to let connections in.
    Network {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mapping: Option<bool>,
    },
    /// Whether the desktop says that there is something for this person; `set`, from now on so.
    Notify {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        set: Option<Notify>,
    },
    /// No listening, no dialling, no answer, until resumed.
    Pause {},
    /// Shares again.
    Resume {},
    /// Stops sharing, at once.
    Stop {},
    /// Which ways to the partner work.
    Doctor {},
    /// A request that says something ([`Request::says`]), under an id that the client drew. Where that is said already, it is
    /// answered with what stands: one whose answer was lost asks again, and nothing is said twice.
    Once {
        id: AssertionId,
        request: Box<Request>,
    },
    /// From now on, a `changed` line whenever something shown may have changed.
    Subscribe {},
    /// Ends the daemon.
    Shutdown {},
}

/// What `init` needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Init {
    /// The name the partner will see.
    pub name: String,
    /// Where the key is kept.
    pub keys: KeyHome,
    /// With [`KeyHome::Passphrase`]: the passphrase.
    #[serde(default)]
    pub passphrase: Option<Secret>,
    /// Where to listen, `ADDRESS:PORT`; all addresses and a port of the system's choice if none.
    #[serde(default)]
    pub listen: Option<String>,
    /// Whether the router is asked to let connections in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mapping: bool,
    /// The recovery words of an earlier home of one's own: the same keys, and the same words from now on.
    #[serde(default)]
    pub recovery_words: Option<Secret>,
    /// Who one was, from a backup. Its recovery words stay those of the backup.
    #[serde(default)]
    pub from: Option<Identity>,
    /// The passphrase of the private pages; it can be given later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_passphrase: Option<Secret>,
    /// With [`KeyHome::Os`]: the bus of the person's session, as in [`Unlock`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bus: Option<String>,
}

/// Who somebody was in the home that a backup was made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The person.
    pub person: crate::PersonId,
    /// Keys of the seals of everything written, newest first, in hex.
    pub seal_keys: Vec<Secret>,
    /// The recovery words' public half: keys can be wrapped for them without typing them.
    pub words_public: Hash,
}

/// What opens the keys: nothing (the keyring or key file is asked again), the passphrase, or the words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unlock {
    /// The passphrase.
    #[serde(default)]
    pub passphrase: Option<Secret>,
    /// The 24 recovery words.
    #[serde(default)]
    pub recovery_words: Option<Secret>,
    /// The message bus of the person's session, `unix:path=…` or `unix:abstract=…`, where a keyring may answer if none does in
    /// the daemon's own: it may have begun without one. Taken only if it is this user's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bus: Option<String>,
}

/// The words of a proposal, from the proposer's side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Propose {
    /// The agreement to change; a new one if none.
    #[serde(default)]
    pub agreement: Option<String>,
    /// One line.
    pub topic: String,
    /// What is agreed.
    #[serde(default)]
    pub terms: String,
    /// What each will do.
    pub does: Does,
    /// When this, then that.
    #[serde(default)]
    pub when_then: Vec<WhenThen>,
    /// What is not meant.
    #[serde(default)]
    pub not_meant: String,
    /// The last day of a trial.
    #[serde(default)]
    pub trial_until: Option<Day>,
    /// A day to look again.
    #[serde(default)]
    pub look_again: Option<Day>,
    /// How much it weighs.
    #[serde(default)]
    pub weight: Weight,
    /// `ground` for a ground rule.
    #[serde(default)]
    pub tag: Option<String>,
    /// The versions it is based on, by name; what is in force (else the newest proposals) if none are given.
    #[serde(default)]
    pub base: Option<Vec<String>>,
}

/// One line to a client: an answer, or a notification without an id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Always "2.0".
    pub jsonrpc: String,
    /// The call's id; none for a notification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<serde_json::Value>,
    /// Or what went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<RpcError>,
    /// A notification's name: `changed`, `draft`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// What a notification holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<DraftText>,
}

/// A JSON-RPC error with the problem in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RpcError {
    /// -32700 for what is no JSON, -32600 for what is no call, 1 for everything else.
    pub code: i32,
    /// What happened.
    pub message: String,
    /// The problem.
    pub data: Problem,
}

/// The answer to `hello`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The API's version.
    pub api: u32,
    /// The program's version.
    pub version: String,
    /// The daemon's process.
    pub pid: u32,
}

/// The answer to `init`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InitDone {
    /// 24 words, shown once; none if the person has them already.
    pub recovery_words: Vec<Secret>,
}

/// How a pairing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PairStep {
    /// None is under way.
    None,
    /// A window is open.
    Waiting,
    /// Each types the other's number.
    Comparing,
    /// Each says yes to the other.
    Confirming,
    /// Done.
    Paired,
    /// The window closed without a pair.
    Failed,
}

/// The answer to every `pair_…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairView {
    /// Where it is.
    pub state: PairStep,
    /// The invitation, to the one who invites.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<String>,
    /// When the window closes, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// The number to read to the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub my_number: Option<String>,
    /// Whether the number typed here matched.
    #[serde(default)]
    pub number_matched: bool,
    /// Whether yes was said here.
    #[serde(default)]
    pub said_yes: bool,
    /// The other's name, once both numbers matched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub their_name: Option<String>,
    /// Who the other is to this home.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting: Option<Meeting>,
    /// Whether it looks for the partner in the same network.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nearby: bool,
    /// Whether there are too many devices in that network to look for one any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub crowded: bool,
    /// Tries left in this window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tries_left: Option<u8>,
    /// The other device went away or has begun again in this window: a number that was here before counts no more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub begun_again: bool,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<PairFailed>,
}

/// Who the other is to this home: what a yes is a yes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meeting {
    /// Two who have nothing in common yet.
    New,
    /// Both have the record of this couple.
    Again,
    /// This home has the record; the other says to be the partner in it, on a device that has none.
    TheSame,
    /// The other has the record; this home takes back what is in it.
    TakeBack,
}

/// Why a pairing window ended without a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PairFailed {
    /// Its time was over.
    Expired,
    /// No was said, here or there.
    SaidNo,
    /// Three tries are spent.
    TriesSpent,
    /// The same number was typed wrong three times.
    WrongNumber,
    /// The other's home belongs to another couple.
    OtherCouple,
}

/// Whether this Troth shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    /// Shares.
    On,
    /// Paused.
    Paused,
    /// Stopped.
    Stopped,
    /// There is nobody to share with yet.
    NotPaired,
}

/// The answer to `reach_here`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalledHere {
    /// Whether this Troth shares.
    pub sharing: Sharing,
    /// Whether the two are connected already, and nobody is called.
    pub connected: bool,
    /// Addresses that are called now, one by one.
    pub called: usize,
}

/// The answer to `status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// My name.
    pub me: Option<String>,
    /// The partner's name.
    pub partner: Option<String>,
    /// Whether this Troth shares.
    pub sharing: Sharing,
    /// Whether the partner's disk has everything written here; true also while there is nobody to share with.
    pub partner_has_all: bool,
    /// Whether the two devices are linked.
    pub linked: bool,
    /// The day on which they were linked last, by this device's calendar.
    pub met: Option<Day>,
    /// While much is coming in or going out: entries done and known of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taking_over: Option<Progress>,
    /// What happened, told once.
    pub notices: Vec<Notice>,
    /// `open`, `locked` or `not_set_up`.
    pub keys: String,
    /// Why, while locked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked_by: Option<crate::problem::LockedBy>,
    /// Where the key is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_home: Option<KeyHome>,
    /// The day it is here, while the keys are open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub today: Option<Day>,
    /// `open` or `locked`: the private pages, for this connection.
    pub private: String,
    /// The daemon.
    pub daemon: Daemon,
}

/// The answer to whatever a person says about an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted {
    /// The agreement.
    pub agreement: AgreementId,
    /// The version it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<AssertionId>,
    /// How the agreement stands now.
    pub state: view::AgreementState,
    /// The yes rests here until this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rests_until: Option<Day>,
}

/// How far a takeover is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Entries here.
    pub here: u64,
    /// Entries the partner announced.
    pub of: u64,
}

/// The daemon's versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Daemon {
    /// The program's.
    pub version: String,
    /// The exchange's.
    pub protocol: u16,
    /// The local API's.
    pub api: u32,
}

/// The answer to `agreement_propose`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// The thread.
    pub agreement: String,
    /// The version.
    pub version: String,
    /// Its hash.
    pub hash: String,
}

/// The answer to `agreement_list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementList {
    /// In the order of their names.
    pub agreements: Vec<view::AgreementLine>,
    /// To go on with, as `after`; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The answer to `checkin_show`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slots {
    /// Those nearest to this week, newest first.
    pub slots: Vec<view::SlotView>,
    /// The check-in of this week.
    pub this_week: Slot,
    /// To go on with, as `after`; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<usize>,
}

/// The answer to `backup`: lines of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupLines {
    /// The next lines.
    pub lines: Secret,
    /// To go on with; none at the end.
    pub cursor: Option<String>,
}

/// The answer to `restore`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// How many entries were new. None while lines are still to come; and after the last ones, while parts are still to be
    /// taken in: each with other empty last lines.
    pub new: Option<u64>,
}

/// The answer to `carry_out`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarryPiece {
    /// The next bytes of the file, base64.
    pub piece: String,
    /// To go on with; none at the end.
    pub cursor: Option<String>,
}

/// The answer to `carry_in`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// Whether anything was new. None while pieces are still to come; and after the last one, while parts of the file are still
    /// to be taken in: each with another empty last piece.
    pub carried: Option<bool>,
}

impl Request {
    /// Whether it is about private pages.
    #[must_use]
    pub fn is_private(&self) -> bool {
        match self {
            Self::Once { request, .. } => request.is_private(),
            Self::PrivateOpen { .. }
            | Self::PrivateClose {}
            | Self::PrivateList { .. }
            | Self::PrivateShow { .. }
            | Self::PrivateWrite { .. }
            | Self::PrivateDrop { .. }
            | Self::PrivatePassphrase { .. }
            | Self::PrivateKeep { .. } => true,
            _ => false,
        }
    }

    /// Whether it puts something into one's own book, or among the private pages, that would stand there twice, or be refused as
    /// said already, if it was asked twice.
    #[must_use]
    pub fn says(&self) -> bool {
        use crate::telling::Ask;
        matches!(
            self,
            Self::AgreementPropose(_)
                | Self::AgreementSame { .. }
                | Self::AgreementYes { .. }
                | Self::AgreementNotNow { .. }
                | Self::AgreementNeedTime { .. }
                | Self::AgreementStepBack { .. }
                | Self::AgreementLetGo { .. }
                | Self::AgreementMyPart { .. }
                | Self::AgreementLook { .. }
                | Self::CheckinReady { .. }
                | Self::CheckinHeard { .. }
                | Self::SlotReady { .. }
                | Self::DraftNew { .. }
                | Self::PrivateWrite { .. }
                | Self::PrivateKeep { .. }
                | Self::Told(
                    Ask::Add(_)
                        | Ask::Answer { .. }
                        | Ask::TakeBack { .. }
                        | Ask::PutAway { .. }
                        | Ask::Keep { .. }
                )
        )
    }
}

impl Call {
    /// Writes a call as one line, with its line break.
    #[must_use]
    pub fn write(id: u64, request: &Request) -> String {
        let mut value = serde_json::to_value(request).unwrap_or_default();
        if let Some(object) = value.as_object_mut() {
            object.insert("jsonrpc".into(), "2.0".into());
            object.insert("id".into(), id.into());
        }
        format!("{value}\n")
    }

    /// Reads one line.
    ///
    /// # Errors
    /// The answer to give: what is no JSON, no call, or no request that this version knows.
    pub fn read(line: &[u8]) -> Result<Self, Box<Line>> {
        let fail = |id, code, wrong: Wrong| {
            let problem = Problem::BadRequest { wrong };
            Box::new(Line::failed(id, code, problem))
        };
        if line.len() > limits::API_LINE_BYTES
            || !limits::json_depth_fits(line, limits::ASSERTION_DEPTH)
        {
            return Err(fail(None, -32600, Wrong::LongOrDeep));
        }
        let mut value: serde_json::Value =
            serde_json::from_slice(line).map_err(|_| fail(None, -32700, Wrong::NotJson))?;
        let Some(object) = value.as_object_mut() else {
            return Err(fail(None, -32600, Wrong::NotAnObject));
        };
        let (version, id) = (
            object.remove("jsonrpc"),
            object.remove("id").and_then(|id| id.as_u64()),
        );
        let (Some("2.0"), Some(id)) = (version.as_ref().and_then(|v| v.as_str()), id) else {
            return Err(fail(None, -32600, Wrong::NotACall));
        };
        // Calls without parameters may leave them out.
        object
            .entry("params")
            .or_insert_with(|| serde_json::Value::Object(serde_json::Map::new()));
        let request = serde_json::from_value(value).map_err(|e| fail(Some(id), 1, said(&e)))?;
        Ok(Self { id, request })
    }
}

/// The answer to `keep_unsaid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptUnsaid {
    /// For how many older ones there was no room any more.
    pub gone: usize,
}

/// The answer to `unsaid`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsaidWords {
    /// As they were kept.
    pub words: Option<Secret>,
}

/// What serde found wrong, without the words that were sent: a message may quote them.
#[must_use]
pub fn said(error: &serde_json::Error) -> Wrong {
    let text = error.to_string();
    let field = |known: &str| {
        let (_, rest) = text.split_once(known)?;
        let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '_' || *c == '-';
        Some(rest.chars().take_while(plain).take(40).collect::<String>())
    };
    if let Some(field) = field("missing field `") {
        return Wrong::MissingField { field };
    }
    if let Some(field) = field("unknown field `") {
        return Wrong::UnknownField { field };
    }
    if let Some(field) = field("unknown variant `") {
        return Wrong::UnknownVariant { field };
    }
    if let Some(field) = field("unknown method `") {
        return Wrong::UnknownMethod { field };
    }
    if text.contains("not a date") {
        Wrong::NoDate
    } else if text.contains("not a week") {
        Wrong::NoSlot
    } else {
        Wrong::NotTheForm
    }
}

impl Line {
    /// An answer.
    #[must_use]
    pub fn result(id: u64, result: serde_json::Value) -> Self {
        Self {
            jsonrpc: "2.0".into(),
            id: Some(id),
            result: Some(result),
            error: None,
            method: None,
            params: None,
        }
    }

    /// A problem.
    #[must_use]
    pub fn failed(id: Option<u64>, code: i32, problem: Problem) -> Self {
        let error = RpcError {
            code,
            message: problem.kind(),
            data: problem,
        };
        Self {
            jsonrpc: "2.0".into(),
            id,
            result: None,
            error: Some(error),
            method: None,
            params: None,
        }
    }

    /// The notification that something shown may have changed.
    #[must_use]
    pub fn changed() -> Self {
        Self {
            jsonrpc: "2.0".into(),
            id: None,
            result: None,
            error: None,
            method: Some("changed".into()),
            params: None,
        }
    }

    /// The notification of what was typed in a draft.
    #[must_use]
    pub fn drafted(change: DraftText) -> Self {
        Self {
            method: Some("draft".into()),
            params: Some(change),
            ..Self::changed()
        }
    }

    /// As one line with its line break.
    #[must_use]
    pub fn write(&self) -> String {
        serde_json::to_string(self)
            .map(|line| line + "\n")
            .unwrap_or_default()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
