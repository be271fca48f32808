//! What reaches a node, and what it wants done.

use super::private::{Found, How, Stretch};
use crate::books::rows::Write;
use crate::call::{Cast, Lan};
use crate::draft::loom::{Job, Woven};
use crate::keys::Key;
use crate::pairing;
use crate::private::Halves;
use serde_json::Value;
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use troth_proto::api::{DraftText, Notify, Request, RouterWay, Tried};
use troth_proto::pairing::LinkId;
use troth_proto::{Day, DraftId, Hash, Problem};

/// A client of the local API, as the shell numbers it.
pub type Client = u64;
/// A stream to the partner, as the shell numbers it.
pub type Link = u64;

/// What the clocks say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since some moment, never going back; counts sleep.
    pub mono: u64,
    /// Seconds since 1970 by the wall clock. Only pairing windows, yeses that rest, slots and calls use it.
    pub unix: i64,
    /// The local date.
    pub day: Day,
}

/// Those who are told of changes: clients that asked to be, and clients that follow a draft, with the tips at which they
/// were told last.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Listeners {
    pub(super) subscribers: BTreeSet<Client>,
    pub(super) followers: Vec<(DraftId, Client, Vec<Hash>)>,
}

/// What happens to a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// The shell is ready to perform effects.
    Started,
    /// This node takes the place of one whose save failed, before [`Input::Started`]: those who listened to that one listen
    /// on, and nothing is written by itself for a while.
    SaveFailed(Listeners),
    /// A client asks.
    Request {
        /// Who.
        client: Client,
        /// The call's id.
        id: u64,
        /// What.
        request: Request,
    },
    /// A client is gone.
    ClientGone(Client),
    /// A stream to the partner is up.
    LinkUp {
        /// Its number.
        link: Link,
        /// The link id at this end of it.
        own: LinkId,
        /// The link id at its other end, as the channel proved it.
        peer: LinkId,
        /// Where its other end is as seen from here, and whether that stays: it was dialled, or listens on that port.
        at: Option<(SocketAddr, bool)>,
    },
    /// A frame came.
    Frame {
        /// On which stream.
        link: Link,
        /// As it came.
        bytes: Vec<u8>,
    },
    /// A stream is gone.
    LinkDown(Link),
    /// An attempt at one place did not reach the partner.
    Tried {
        /// Where.
        at: SocketAddr,
        /// What came of it.
        what: Tried,
    },
    /// The machine slept.
    Woke,
    /// The wall clock was set, and the machine did not sleep.
    ClockSet,
    /// Where this daemon can be reached, and its long-term link id.
    Listening {
        /// Multiaddresses.
        addresses: Vec<String>,
    },
    /// The interfaces of this device on which others may be, those that lead out first.
    Lans(Vec<Lan>),
    /// Something came to where calls are heard, or where one was sent from.
    Called {
        /// From whom. An address that means something on one link only says over which interface.
        from: SocketAddr,
        /// To which address and port here; one for many, or none, if the system does not say to which.
        to: SocketAddr,
        /// As it came.
        bytes: Vec<u8>,
    },
    /// What the router says to letting connections in, while it is asked to.
    Mapped(Mapping),
    /// The pairing network is up under a throw-away id.
    PairListening {
        /// The id.
        own: LinkId,
        /// Multiaddresses.
        addresses: Vec<String>,
    },
    /// The pairing network or the listening address could not be had.
    ListenFailed {
        /// The address as it was asked for.
        address: String,
    },
    /// Something came over the pairing network.
    Pair(pairing::Input),
    /// A book is made into an automerge document, and checked by loading it; or not.
    Exported {
        /// For whom.
        client: Client,
        /// For which call.
        id: u64,
        /// Its bytes.
        bytes: Option<Vec<u8>>,
    },
    /// What became of a draft's text.
    Woven {
        /// The number under which it was asked for.
        number: u64,
        /// What.
        woven: Woven,
    },
    /// Nothing that was dropped or written anew stands in the file or its log any more; or that could not be done.
    Erased(bool),
    /// The person has paused, or stopped, and the disk did not take it: it holds while this daemon runs.
    Unsaved {
        /// Stopped.
        stopped: bool,
    },
    /// How the device is, before a person asks what works.
    Device(Device),
    /// The private pages, before anything is asked.
    Private {
        /// What the home's key gives for them.
        halves: Halves,
        /// Their file.
        found: Found,
    },
    /// Keys came of the passphrases that were to be stretched.
    Stretched {
        /// For whom.
        client: Client,
        /// For which call.
        id: u64,
        /// One for each.
        keys: Vec<Key>,
    },
    /// The private pages' file is written: both slots, or the first only; or nothing of it.
    PrivateKept(Result<bool, Problem>),
    /// Whether the desktop showed that there is something.
    Notified(bool),
    /// A deadline has passed.
    Tick,
}

/// What the router says to letting connections in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Mapping {
    /// It is not asked.
    #[default]
    Off,
    /// It is being asked.
    Asking,
    /// It lets them in.
    Mapped {
        /// How it was asked.
        by: RouterWay,
        /// Where they come in, as multiaddresses.
        at: Vec<String>,
    },
    /// There is none, or none that answers.
    NoRouter,
    /// It does not let them in.
    Refused,
    /// It would, but has no public address itself.
    NotPublic {
        /// What it has.
        address: IpAddr,
    },
}

/// What of a device decides whether words are kept from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Whether the disk takes what is written.
    pub disk: Disk,
    /// Where memory may be written to.
    pub swap: Swap,
}

/// Whether a disk takes what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    /// It does.
    Takes,
    /// It is full.
    Full,
    /// It can only be read.
    ReadOnly,
}

/// Where memory may be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Swap {
    /// Nowhere: there is none, or it is memory itself.
    None,
    /// Only to what is encrypted.
    Sealed,
    /// To these, and they are not encrypted.
    Plain(Vec<String>),
    /// To these, and whether they are encrypted cannot be told.
    Unknown(Vec<String>),
}

/// What the shell does, in this order: Save, Reply, Send, and the rest.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Put all of it on the disk, or nothing. What follows is done only after it is there.
    Save(Vec<Write>),
    /// Answer a client.
    Reply {
        /// Whom.
        client: Client,
        /// The call's id.
        id: u64,
        /// With what.
        answer: Result<Value, Problem>,
    },
    /// Send a frame to the partner.
    Send {
        /// On which stream.
        link: Link,
        /// The frame.
        bytes: Vec<u8>,
    },
    /// Close a stream once all frames before are gone.
    Close(Link),
    /// Be reachable for exactly this partner, or (none) mute.
    Share(Option<Share>),
    /// Keep the ports of this address while mute, so that they are nobody else's, and answer nobody there.
    Hold(String),
    /// Ask the router to let connections in, also if it was asked before; or (none) to do so no more.
    Map(Option<Map>),
    /// Dial the partner.
    Dial {
        /// The link ids one of which is to be met there.
        partners: Vec<LinkId>,
        /// Where the partner was, and says he is, over both transports: never names to be looked up.
        remembered: Vec<SocketAddr>,
        /// Where the person here says, `HOST:PORT`.
        typed: Option<String>,
        /// Also beside a link that is there: it may be dead. What connects takes its place.
        beside: bool,
    },
    /// Hear calls at exactly these ports.
    Calls(Vec<u16>),
    /// Send these, while calls are heard.
    Cast(Vec<Cast>),
    /// Something for the pairing network.
    Pair(PairEffect),
    /// Make a book into an automerge document, off the loop.
    Export {
        /// For whom.
        client: Client,
        /// For which call.
        id: u64,
        /// What [`crate::document::make`] reads.
        input: Vec<u8>,
    },
    /// Something with a draft's text, off the loop, one after the other.
    Weave {
        /// Comes back with the answer.
        number: u64,
        /// What.
        job: Job,
    },
    /// Tell a client what was typed in a draft that it follows.
    Follow {
        /// Whom.
        client: Client,
        /// What changed.
        change: DraftText,
    },
    /// Empty the file's write-ahead log into it, so that what was dropped or written anew stands in neither.
    Erase {
        /// Words were forgotten: what was set aside as damaged may hold them, and goes first.
        forgotten: bool,
    },
    /// Make keys of passphrases, off the loop.
    Stretch {
        /// For whom.
        client: Client,
        /// For which call.
        id: u64,
        /// The other half of each key.
        half: Key,
        /// The passphrases.
        what: Vec<Stretch>,
    },
    /// Write the private pages' file, and say so.
    KeepPrivate {
        /// How.
        how: How,
        /// What stands in each of its two slots.
        slot: Vec<u8>,
    },
    /// Have the desktop say, in this language, that there is something: nothing of what it is.
    Notify(Notify),
    /// Tell these clients that something shown may have changed.
    Tell(Vec<Client>),
    /// Stop the daemon.
    End,
}

/// With whom to share, and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The only ones who may connect: the partner's device, and while the two pair anew also the next one.
    pub partners: Vec<LinkId>,
    /// Where to listen, `ADDRESS:PORT`.
    pub listen: Option<String>,
    /// The seed of the own long-term link key.
    pub seed: Key,
}

/// What a router is asked to let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map {
    /// The port of the link, UDP and TCP.
    pub port: u16,
    /// By which the router knows who asked, so that nobody else in its network can take it away.
    pub key: Key,
}

/// What the pairing network does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PairEffect {
    /// Come up under a fresh throw-away key; dial, if there is whom.
    Open {
        /// Where to listen, `ADDRESS:PORT`.
        listen: Option<String>,
        /// The seed of the throw-away key.
        seed: Key,
        /// Look for others with an open window in the same network.
        nearby: bool,
    },
    /// Dial the inviter, or one who was found.
    Dial {
        /// Their throw-away id.
        peer: LinkId,
        /// Where they wait.
        addresses: Vec<String>,
    },
    /// Send a message.
    Send(pairing::Conn, Vec<u8>),
    /// Drop a connection.
    Drop(pairing::Conn),
    /// Go down.
    Close,
}

impl Effect {
    /// The order in which effects are performed.
    pub(super) fn turn(&self) -> u8 {
        match self {
            Self::Save(_) => 0,
            Self::Reply { .. } | Self::Follow { .. } => 1,
            Self::Send { .. } => 2,
            Self::Tell(_) => 4,
            Self::End => 5,
            _ => 3,
        }
    }
}

impl Input {
    /// Whether it is about private pages. No log tells that they are used.
    #[must_use]
    pub fn is_private(&self) -> bool {
        match self {
            Self::Request { request, .. } => request.is_private(),
            Self::Private { .. } | Self::Stretched { .. } | Self::PrivateKept(_) => true,
            _ => false,
        }
    }

    /// Its name in the log.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::SaveFailed(_) => "a save failed",
            Self::Request { .. } => "request",
            Self::ClientGone(_) => "client gone",
            Self::LinkUp { .. } => "link up",
            Self::Frame { .. } => "frame",
            Self::LinkDown(_) => "link down",
            Self::Tried { .. } => "tried",
            Self::Woke => "woke",
            Self::ClockSet => "clock set",
            Self::Listening { .. } => "listening",
            Self::Lans(_) => "lans",
            Self::Called { .. } => "called",
            Self::Mapped(_) => "mapped",
            Self::PairListening { .. } => "pair listening",
            Self::ListenFailed { .. } => "listen failed",
            Self::Pair(_) => "pair",
            Self::Exported { .. } => "exported",
            Self::Woven { .. } => "woven",
            Self::Erased(_) => "erased",
            Self::Unsaved { .. } => "unsaved",
            Self::Device(_) => "device",
            Self::Private { .. } => "private",
            Self::Stretched { .. } => "stretched",
            Self::PrivateKept(_) => "private kept",
            Self::Notified(_) => "notified",
            Self::Tick => "tick",
        }
    }
}

/// What those who asked are told when the save with these effects has failed: nobody that it is saved, and whoever asked that
/// nothing be shared, or that the daemon end, that it is so all the same.
#[must_use]
pub fn unsaved(
    effects: Vec<Effect>,
    problem: &Problem,
    quiet: Option<(Client, u64)>,
    end: Option<(Client, u64)>,
) -> Vec<(Client, u64, Result<Value, Problem>)> {
    let told = |effect| match effect {
        Effect::Reply { client, id, answer } if end == Some((client, id)) => {
            Some((client, id, answer))
        }
        Effect::Reply { client, id, .. } | Effect::Export { client, id, .. } => {
            let quiet = quiet == Some((client, id));
            let told = quiet.then_some(Problem::NotSharedUnsaved);
            Some((client, id, Err(told.unwrap_or_else(|| problem.clone()))))
        }
        _ => None,
    };
    effects.into_iter().filter_map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_was_not_saved_nobody_hears_that_it_is_but_a_pause_and_an_end_hold() {
        let reply = |id| Effect::Reply {
            client: 7,
            id,
            answer: Ok(Value::Null),
        };
        let export = Effect::Export {
            client: 7,
            id: 4,
            input: Vec::new(),
        };
        let effects = vec![reply(1), reply(2), Effect::Tell(vec![7]), reply(3), export];
        let told = unsaved(effects, &Problem::DiskFull, Some((7, 2)), Some((7, 3)));
        let full = Err(Problem::DiskFull);
        let expected = [
            (7, 1, full.clone()),
            (7, 2, Err(Problem::NotSharedUnsaved)),
            (7, 3, Ok(Value::Null)),
            (7, 4, full),
        ];
        assert_eq!(told, expected);
    }
}
