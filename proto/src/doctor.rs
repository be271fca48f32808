//! The ways to the partner, what was tried on each, and what answered: the answers to `doctor`, `network` and `notify` (FORMAT §6).

use serde::{Deserialize, Serialize};

/// One way to the partner, or one condition of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    /// Its name.
    pub name: RungName,
    /// How it is.
    pub state: RungState,
    /// Why.
    pub why: Why,
}

/// What a rung is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RungName {
    /// Whether this Troth shares.
    Sharing,
    /// Whether it can be reached.
    Listening,
    /// Where the partner was, and says to be.
    RememberedAddresses,
    /// The networks that each of the two devices is in.
    Networks,
    /// Calling in one's own network.
    Call,
    /// The link itself.
    Link,
    /// Whether the router lets connections in.
    PortMapping,
    /// A file.
    CarriedFile,
    /// Whether the disk takes what is written.
    Disk,
    /// Whether what is in memory stays off the disk.
    Memory,
    /// Whether the desktop says that there is something.
    Notifications,
}

/// Why a rung is as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
#[allow(missing_docs)] // the client says each in a sentence
pub enum Why {
    Shares,
    Paused,
    Stopped,
    NotPaired,
    Mute {
        port: Option<u16>,
    },
    PortTaken {
        address: String,
    },
    NoNetwork,
    HalfTaken {
        at: String,
        kind: String,
    },
    ListensAt {
        at: String,
    },
    NotDialled,
    NoAddress,
    LinkedAt {
        at: Option<String>,
        seen_as: Option<String>,
        known: Vec<String>,
    },
    ToBeTried {
        at: Vec<String>,
    },
    Tried {
        places: Vec<TriedAt>,
    },
    OwnNetworks {
        own: Vec<String>,
    },
    SameNetwork {
        own: Vec<String>,
    },
    PublicHere {
        at: String,
    },
    PublicThere {
        at: String,
    },
    NoCommonNetwork {
        own: Vec<String>,
        theirs: Vec<String>,
    },
    NotCalled,
    NowhereToCall,
    CalledNobody {
        own: Vec<String>,
    },
    NotTried,
    Connected,
    AnotherOfMine,
    NoAnswer,
    AlwaysWorks,
    NobodyYet,
    NotMet,
    Beginning,
    Named {
        places: Vec<TriedAt>,
        at: String,
    },
    MappingOff,
    MappingWaits,
    MappingInside,
    MappingAsked,
    Mapped {
        at: String,
        by: RouterWay,
    },
    NoRouter,
    RouterRefuses,
    RouterNotPublic {
        at: String,
    },
    WaitsForDisk,
    OnAnotherDisk,
    DiskTakes,
    DiskFull,
    DiskReadOnly,
    NoSwap,
    SwapSealed,
    SwapPlain {
        at: String,
    },
    SwapUnknown {
        at: String,
    },
    NotifyOff,
    NotifyOn,
    NotShown,
}

/// What came of dialling one place since this device's addresses changed last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriedAt {
    /// Address and port.
    pub at: String,
    /// What came of it last.
    pub what: Tried,
    /// How often it was tried, over either transport.
    pub times: u32,
    /// Seconds since the last time.
    pub ago: u64,
}

/// What comes of an attempt at one place over one transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tried {
    /// Nothing answers there.
    NoAnswer,
    /// No network leads there.
    NoWay,
    /// Something is there, and does not listen.
    Refused,
    /// Somebody else is there.
    Stranger,
}

/// How a router is asked to let connections in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RouterWay {
    /// Port Control Protocol, RFC 6887.
    Pcp,
    /// NAT Port Mapping Protocol, RFC 6886.
    NatPmp,
    /// UPnP's Internet Gateway Device.
    Upnp,
}

/// How a rung is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RungState {
    /// Works.
    Ok,
    /// Does not work.
    Failed,
    /// Not used.
    Off,
}

/// The answer to `doctor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doctor {
    /// From the first that is tried to the last.
    pub rungs: Vec<Rung>,
}

/// The answer to `network`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// Whether the router is to be asked to let connections in.
    pub mapping: bool,
    /// What came of it.
    pub router: Rung,
}

/// Whether the desktop says that Troth has something, and in which language: one sentence in each (SPEC §8.5).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notify {
    /// It does not.
    #[default]
    Off,
    /// In English.
    En,
    /// In German.
    De,
}

/// The answer to `notify`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notifications {
    /// Whether the desktop is to say it.
    pub notify: Notify,
    /// What came of it.
    pub desktop: Rung,
}
