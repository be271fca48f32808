//! Pairing messages and the invitation (PROTOCOL §4, FORMAT §4).

use crate::{CoupleId, Hash, PersonId, limits, name, wire};
use serde::{Deserialize, Serialize};

/// The name under which pairing is asked for on a connection between throw-away identities.
pub const PROTOCOL: &str = "/troth/pair/1";

/// Versions of pairing that this program speaks, newest last.
pub const VERSIONS: &[u16] = &[1];

/// Who dialled. The dialler is the initiator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// Dialled.
    Initiator,
    /// Was dialled.
    Responder,
}

impl Role {
    /// The other's role.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Initiator => Self::Responder,
            Self::Responder => Self::Initiator,
        }
    }

    /// As it stands in key labels.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Initiator => "I",
            Self::Responder => "R",
        }
    }
}

/// A libp2p peer id, as its bytes: 64 at most.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LinkId(pub Vec<u8>);

/// What one side commits to and then reveals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values {
    /// The sender's role.
    pub role: Role,
    /// The initiator's throw-away id.
    pub i: LinkId,
    /// The responder's throw-away id.
    pub r: LinkId,
    /// All versions offered.
    pub versions: Vec<u16>,
    /// Random.
    pub nonce: [u8; 32],
    /// A fresh X25519 public key.
    pub key: [u8; 32],
}

/// The couple that a home has a record of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The couple.
    pub couple: CoupleId,
    /// The other one of the two.
    pub partner: PersonId,
}

/// What passes after the numbers matched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introduction {
    /// The name to show.
    pub name: String,
    /// The person.
    pub person: PersonId,
    /// The couple that this home has a record of, and the partner in it; none in a home that has none yet.
    pub record: Option<Record>,
    /// The long-term link id.
    pub link: LinkId,
    /// Where it can be reached, as multiaddresses.
    pub addresses: Vec<String>,
}

/// One message of a pairing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Message {
    /// I→R: the commitment, and the invitation's token over it.
    Commit {
        /// Hash of the initiator's values.
        commit: Hash,
        /// HMAC of the commitment under the invitation's token.
        mac: Hash,
    },
    /// R→I, then I→R: the values.
    Reveal(Values),
    /// Either way: an [`Introduction`], sealed.
    Introduce(Vec<u8>),
    /// Either way: "yes", an HMAC over both introductions.
    Yes(Hash),
    /// The window is over, or the person said no.
    No,
}

impl Message {
    /// Writes a message.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        wire::encode(self)
    }

    /// Reads a message within the limit for strangers.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > limits::EARLY_FRAME_BYTES {
            return None;
        }
        let message: Self = wire::decode(bytes)?;
        let fits = match &message {
            Self::Reveal(values) => {
                values.versions.len() <= limits::VERSIONS && values.i.fits() && values.r.fits()
            }
            _ => true,
        };
        fits.then_some(message)
    }
}

impl LinkId {
    /// Whether it is no longer than any peer id.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.0.len() <= 64
    }
}

impl Introduction {
    /// Whether everything keeps to its limits.
    #[must_use]
    pub fn fits(&self) -> bool {
        name::name_fits(&self.name) && self.link.fits() && wire::addresses_fit(&self.addresses)
    }
}

/// What one partner hands the other to begin with: `troth:` and base32. Holds nothing that stays secret after pairing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Where the inviter waits, as multiaddresses.
    pub addresses: Vec<String>,
    /// The inviter's throw-away id.
    pub id: LinkId,
    /// Seconds since 1970 after which it is void.
    pub expires: i64,
    /// Keeps strangers from using up tries.
    pub token: [u8; 16],
}

impl Invitation {
    /// As text to hand over.
    #[must_use]
    pub fn write(&self) -> String {
        let body = wire::encode(self);
        let check = Hash::of("troth/invitation/1", &[&body]);
        format!(
            "troth:{}",
            data_encoding::BASE32_NOPAD
                .encode(&[&check.0[..4], &body].concat())
                .to_ascii_lowercase()
        )
    }

    /// Reads an invitation; spaces and line breaks that a mail program added do not matter.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if text.len() > limits::INVITATION_CHARS {
            return None;
        }
        let text: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect::<String>()
            .to_ascii_lowercase();
        let bytes = data_encoding::BASE32_NOPAD
            .decode(text.strip_prefix("troth:")?.to_ascii_uppercase().as_bytes())
            .ok()?;
        let (check, body) = bytes.split_at_checked(4)?;
        if Hash::of("troth/invitation/1", &[body]).0[..4] != *check {
            return None;
        }
        let it: Self = wire::decode(body)?;
        (wire::addresses_fit(&it.addresses) && it.id.fits()).then_some(it)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn invitation() -> Invitation {
        Invitation {
            addresses: vec!["/ip4/192.0.2.1/udp/4100/quic-v1".into()],
            id: LinkId(vec![7; 38]),
            expires: 1_800_000_000,
            token: [9; 16],
        }
    }

    #[test]
    fn an_invitation_survives_a_mail_program_and_a_slip_of_the_pen_is_noticed() {
        let text = invitation().write();
        let (a, b) = text.split_at(30);
        assert_eq!(
            Invitation::read(&format!(" {a}\n  {} ", b.to_ascii_uppercase())).unwrap(),
            invitation()
        );
        let slip = text.replacen('a', "b", 1);
        assert_ne!(slip, text);
        assert_eq!(Invitation::read(&slip), None);
        assert_eq!(Invitation::read("hello"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic_the_message_reader(bytes in proptest::collection::vec(any::<u8>(), 0..300), text in ".{0,80}") {
            let _ = Message::read(&bytes);
            let _ = Invitation::read(&text);
            let _ = Invitation::read(&format!("troth:{text}"));
        }
    }
}
