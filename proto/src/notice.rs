//! What happened without anybody asking, as data. The client has the sentences.

use crate::DraftId;
use serde::{Deserialize, Serialize};

/// Something a person is told once, calmly.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// The partner's program sent what it may not. Nothing was changed.
    Refused,
    /// The partner's program wrote what counts for nothing. It is kept, and changes nothing.
    CountsForNothing,
    /// The partner holds things in the looker's name that this home's recovery words did not write.
    ForeignSeals,
    /// So many things in the looker's name came back from the partner.
    CameBack {
        /// How many.
        things: u64,
    },
    /// Another program with the partner's keys is about.
    AnotherCopy,
    /// Another program with this home's keys is about.
    AnotherOfMine,
    /// Nothing could listen there.
    ListenFailed {
        /// The address as it was asked for.
        address: String,
    },
    /// Parts of this home's file could not be read. What the partner holds comes back when the two meet.
    Damaged {
        /// How many.
        parts: u64,
    },
    /// The file of the private pages could not be read. It is kept, and a new one was made.
    PrivateDamaged,
    /// The file of the private pages was there, and is not any more. A new one was made.
    PrivateGone,
    /// The file of the private pages is older than one that was here before.
    PrivateOlder,
    /// A part of this home's file is older than the rest of it, or one is gone.
    OlderPart,
    /// Words have left this disk.
    Forgotten,
    /// Words could not be taken off this disk yet. It is tried again.
    NotForgottenYet,
    /// The partner's book no longer holds some words; here they stay.
    ForgottenThere,
    /// A yes that rested here would no longer count, and was not said.
    YesNotSaid {
        /// The agreement's topic.
        topic: String,
    },
    /// Some of what is here was written with a newer Troth.
    Newer,
    /// Own words in a draft that both have closed had not reached the partner: they are kept on this device.
    DraftKept {
        /// The draft.
        draft: DraftId,
    },
    /// The two are paired anew; the device before is cut off, and so are files made before.
    PairedAgain,
}
