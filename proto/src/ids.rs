//! Names of things: random ids of 16 bytes and hashes of 32, each a type of its own.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest, Sha256};
use std::fmt;

/// An id or hash was not written as lower-case hex of the right length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not lower-case hex of {0} bytes")]
pub struct NotHex(pub usize);

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Reads lower-case hex of exactly the right length.
            ///
            /// # Errors
            /// [`NotHex`] for anything else.
            pub fn from_hex(text: &str) -> Result<Self, NotHex> {
                let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).map_err(|_| NotHex($len))?;
                Ok(Self(bytes.try_into().map_err(|_| NotHex($len))?))
            }

            /// Lower-case hex.
            #[must_use]
            pub fn hex(&self) -> String {
                data_encoding::HEXLOWER.encode(&self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.hex())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({}…)"), &self.hex()[..8])
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                if to.is_human_readable() { to.serialize_str(&self.hex()) } else { self.0.serialize(to) }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                if from.is_human_readable() {
                    let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
                    Self::from_hex(&text).map_err(D::Error::custom)
                } else {
                    <[u8; $len]>::deserialize(from).map(Self)
                }
            }
        }
    };
}

name!(
    /// One assertion, in every copy of the book.
    AssertionId, 16
);
name!(
    /// A draft that both type in.
    DraftId, 16
);
name!(
    /// The thread that the versions of one agreement share.
    AgreementId, 16
);
name!(
    /// The two of them; made at pairing, kept across re-pairing and restores.
    CoupleId, 16
);
name!(
    /// One partner; made at `init`, kept across new devices. Also automerge's actor of their book.
    PersonId, 16
);

name!(
    /// A SHA-256.
    Hash, 32
);

impl Hash {
    /// SHA-256 over a domain and parts, each preceded by its length, so that no two lists of parts read alike.
    #[must_use]
    pub fn of(domain: &str, parts: &[&[u8]]) -> Self {
        let mut sha = Sha256::new();
        sha.update((domain.len() as u64).to_be_bytes());
        sha.update(domain.as_bytes());
        for part in parts {
            sha.update((part.len() as u64).to_be_bytes());
            sha.update(part);
        }
        Self(sha.finalize().into())
    }
}

/// Whose something is, always from the side of the one who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The one who looks.
    Me,
    /// The other.
    Partner,
}

impl Who {
    /// The other of the two.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Me => Self::Partner,
            Self::Partner => Self::Me,
        }
    }
}
