//! Keys: the data key that seals everything at rest, the ways to it, and the 24 recovery words (DESIGN §6, FORMAT §7).
//!
//! Only [`Lockbox::make`] makes keys. A way that fails is never a reason to make new ones.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use troth_proto::Hash;
use troth_proto::api::KeyHome;
use x25519_dalek::{PublicKey, StaticSecret};
pub use zeroize::Zeroizing;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Where randomness comes from: the operating system, or the seed of a simulation.
pub trait Entropy {
    /// Fills the bytes.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// Draws an array.
pub fn draw<const N: usize>(from: &mut dyn Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    from.fill(&mut bytes);
    bytes
}

/// A secret of 32 bytes, wiped when dropped, shown nowhere.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop, Serialize, Deserialize)]
pub struct Key(pub [u8; 32]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    /// A sub-key by HKDF-SHA-256; each label has one use.
    #[must_use]
    pub fn derive(&self, label: &str) -> Self {
        self.derive_salted(&[], label)
    }

    /// [`Key::derive`] with a salt.
    #[must_use]
    pub fn derive_salted(&self, salt: &[u8], label: &str) -> Self {
        let mut out = [0; 32];
        // 32 bytes are always within what HKDF can give.
        let _ = Hkdf::<Sha256>::new(Some(salt), &self.0).expand(label.as_bytes(), &mut out);
        Self(out)
    }

    /// HMAC-SHA-256 over parts, each preceded by its length.
    #[must_use]
    pub fn mac(&self, parts: &[&[u8]]) -> Hash {
        let mut mac = match <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&self.0) {
            Ok(mac) => mac,
            Err(_) => return Hash::default(), // HMAC takes keys of any length
        };
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        Hash(mac.finalize().into_bytes().into())
    }

    /// Seals bytes under a nonce that is never used twice with this key.
    #[must_use]
    pub fn seal(&self, nonce: &[u8; 24], bytes: &[u8], bound_to: &[u8]) -> Vec<u8> {
        let cipher = XChaCha20Poly1305::new(&self.0.into());
        let payload = Payload {
            msg: bytes,
            aad: bound_to,
        };
        // Fails only for more bytes than memory holds.
        cipher
            .encrypt(&XNonce::from(*nonce), payload)
            .unwrap_or_default()
    }

    /// Opens what [`Key::seal`] sealed, or nothing.
    #[must_use]
    pub fn open(
        &self,
        nonce: &[u8; 24],
        sealed: &[u8],
        bound_to: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let cipher = XChaCha20Poly1305::new(&self.0.into());
        let payload = Payload {
            msg: sealed,
            aad: bound_to,
        };
        cipher
            .decrypt(&XNonce::from(*nonce), payload)
            .ok()
            .map(Zeroizing::new)
    }
}

/// Whether two tags are the same, in constant time.
#[must_use]
pub fn same(a: &Hash, b: &Hash) -> bool {
    subtle::ConstantTimeEq::ct_eq(&a.0[..], &b.0[..]).into()
}

/// 24 recovery words: 32 bytes in BIP-39.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct RecoveryWords([u8; 32]);

impl RecoveryWords {
    /// Reads the words, in any case and spacing.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = Zeroizing::new(
            text.split_whitespace()
                .map(str::to_lowercase)
                .collect::<Vec<_>>()
                .join(" "),
        );
        let mnemonic =
            bip39::Mnemonic::parse_in_normalized(bip39::Language::English, &text).ok()?;
        let (entropy, length) = mnemonic.to_entropy_array();
        (length == 32).then(|| Self(std::array::from_fn(|i| entropy[i])))
    }

    /// The words, in order.
    #[must_use]
    pub fn list(&self) -> Vec<String> {
        match bip39::Mnemonic::from_entropy(&self.0) {
            Ok(mnemonic) => mnemonic.words().map(str::to_owned).collect(),
            Err(_) => Vec::new(), // 32 bytes always make 24 words
        }
    }

    /// The key that seals the author's entries.
    #[must_use]
    pub fn seal_key(&self) -> Key {
        Key(self.0).derive("troth/words/seal/1")
    }

    /// The public half: keys can be wrapped for the words without typing them.
    #[must_use]
    pub fn public(&self) -> Hash {
        Hash(PublicKey::from(&self.secret()).to_bytes())
    }

    fn secret(&self) -> StaticSecret {
        StaticSecret::from(Key(self.0).derive("troth/words/wrap/1").0)
    }
}

/// What stands unsealed beside the sealed rows: how the data key can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lockbox {
    /// The format of everything at rest.
    pub format: u32,
    /// Random; names the key in the keyring.
    pub home: Hash,
    /// Where the person chose to keep the key.
    pub key_home: KeyHome,
    /// The data key, wrapped once for that place.
    daily: Wrap,
    /// The data key, wrapped once for the recovery words.
    words: Wrap,
}

/// The data key under one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrap {
    /// For a passphrase: Argon2id's salt. For the words: the ephemeral X25519 public key.
    salt: Hash,
    nonce: String,
    sealed: String,
}

/// The format this program writes.
pub const FORMAT: u32 = 1;

/// Argon2id: 64 MiB, 3 passes, 1 lane.
const ARGON: (u32, u32, u32) = (64 * 1024, 3, 1);

/// The recovery words of a home that is made.
pub enum WordsOf {
    /// New ones.
    NewHome,
    /// Those of an earlier home of one's own.
    EarlierHome(RecoveryWords),
    /// Those whose public half stands in a backup.
    Backup(Hash),
}

/// What `init` makes.
pub struct Made {
    /// To be written beside the rows.
    pub lockbox: Lockbox,
    /// Seals the rows.
    pub data: Key,
    /// Goes into the keyring or the key file; none with a passphrase.
    pub wrapping: Option<Key>,
    /// New words, shown once.
    pub new_words: Option<RecoveryWords>,
    /// The words' public half.
    pub words_public: Hash,
    /// The key of the seals from now on, if the words are known.
    pub seal: Option<Key>,
}

impl Lockbox {
    /// Makes all keys of a home.
    pub fn make(
        key_home: KeyHome,
        passphrase: Option<&str>,
        words_of: WordsOf,
        entropy: &mut dyn Entropy,
    ) -> Made {
        let (home, data) = (Hash(draw(entropy)), Key(draw(entropy)));
        let (words, new) = match &words_of {
            WordsOf::NewHome => (Some(RecoveryWords(draw(entropy))), true),
            WordsOf::EarlierHome(words) => (Some(words.clone()), false),
            WordsOf::Backup(_) => (None, false),
        };
        let words_public = match (&words, &words_of) {
            (Some(words), _) => words.public(),
            (None, WordsOf::Backup(public)) => *public,
            (None, _) => Hash::default(),
        };
        let salt = Hash(draw(entropy));
        let wrapping = match passphrase {
            Some(passphrase) => stretch(passphrase, &salt),
            None => Key(draw(entropy)),
        };
        let daily = Wrap::new(&wrapping, salt, &data, &home, entropy);
        let ephemeral = StaticSecret::from(draw::<32>(entropy));
        let public = Hash(PublicKey::from(&ephemeral).to_bytes());
        let theirs = PublicKey::from(words_public.0);
        let shared = Key(ephemeral.diffie_hellman(&theirs).to_bytes());
        let key = shared.derive_salted(&public.0, "troth/wrap/words/1");
        let words_wrap = Wrap::new(&key, public, &data, &home, entropy);
        let lockbox = Self {
            format: FORMAT,
            home,
            key_home,
            daily,
            words: words_wrap,
        };
        Made {
            lockbox,
            data,
            wrapping: passphrase.is_none().then_some(wrapping),
            seal: words.as_ref().map(RecoveryWords::seal_key),
            words_public,
            new_words: words.filter(|_| new),
        }
    }

    /// Opens with the key from the keyring or the key file.
    #[must_use]
    pub fn open_with_key(&self, wrapping: &Key) -> Option<Key> {
        self.daily.open(wrapping, &self.home)
    }

    /// Opens with the passphrase. Takes a fraction of a second and 64 MiB on purpose.
    #[must_use]
    pub fn open_with_passphrase(&self, passphrase: &str) -> Option<Key> {
        if self.key_home != KeyHome::Passphrase {
            return None;
        }
        self.daily
            .open(&stretch(passphrase, &self.daily.salt), &self.home)
    }

    /// Opens with the recovery words.
    #[must_use]
    pub fn open_with_words(&self, words: &RecoveryWords) -> Option<Key> {
        let public = PublicKey::from(self.words.salt.0);
        let shared = Key(words.secret().diffie_hellman(&public).to_bytes());
        self.words.open(
            &shared.derive_salted(&self.words.salt.0, "troth/wrap/words/1"),
            &self.home,
        )
    }
}

impl Wrap {
    fn new(key: &Key, salt: Hash, data: &Key, home: &Hash, entropy: &mut dyn Entropy) -> Self {
        let nonce: [u8; 24] = draw(entropy);
        let sealed = key.seal(&nonce, &data.0, &home.0);
        Self {
            salt,
            nonce: data_encoding::HEXLOWER.encode(&nonce),
            sealed: data_encoding::HEXLOWER.encode(&sealed),
        }
    }

    fn open(&self, key: &Key, home: &Hash) -> Option<Key> {
        let nonce: [u8; 24] = data_encoding::HEXLOWER
            .decode(self.nonce.as_bytes())
            .ok()?
            .try_into()
            .ok()?;
        let sealed = data_encoding::HEXLOWER
            .decode(self.sealed.as_bytes())
            .ok()?;
        let data = key.open(&nonce, &sealed, &home.0)?;
        Some(Key(data.as_slice().try_into().ok()?))
    }
}

/// The key that a passphrase makes, by Argon2id. Takes a fraction of a second and 64 MiB on purpose.
#[must_use]
pub fn stretch(passphrase: &str, salt: &Hash) -> Key {
    let (memory, passes, lanes) = ARGON;
    let mut out = [0; 32];
    // The parameters are constants within Argon2's limits, and so is a salt of 32 bytes.
    if let Ok(params) = argon2::Params::new(memory, passes, lanes, Some(32)) {
        let argon =
            argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
        let _ = argon.hash_password_into(passphrase.as_bytes(), &salt.0, &mut out);
    }
    Key(out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::test_entropy::Seeded;

    #[test]
    fn each_way_opens_the_same_key_and_nothing_else_does() {
        let mut entropy = Seeded::new(1);
        let made = Lockbox::make(KeyHome::Os, None, WordsOf::NewHome, &mut entropy);
        assert_eq!(
            made.lockbox.open_with_key(made.wrapping.as_ref().unwrap()),
            Some(made.data.clone())
        );
        assert_eq!(
            made.lockbox
                .open_with_words(made.new_words.as_ref().unwrap()),
            Some(made.data.clone())
        );
        assert_eq!(made.lockbox.open_with_key(&Key([9; 32])), None);
        let other = Lockbox::make(KeyHome::Os, None, WordsOf::NewHome, &mut entropy);
        assert_eq!(
            made.lockbox
                .open_with_words(other.new_words.as_ref().unwrap()),
            None
        );
        assert_eq!(made.lockbox.open_with_passphrase("anything"), None);
    }

    #[test]
    fn a_passphrase_opens_and_a_slip_of_it_does_not() {
        let made = Lockbox::make(
            KeyHome::Passphrase,
            Some("four calm green trees"),
            WordsOf::NewHome,
            &mut Seeded::new(2),
        );
        assert!(made.wrapping.is_none());
        assert_eq!(
            made.lockbox.open_with_passphrase("four calm green trees"),
            Some(made.data.clone())
        );
        assert_eq!(
            made.lockbox.open_with_passphrase("four calm green tree"),
            None
        );
    }

    #[test]
    fn words_read_back_in_any_case_and_spacing_and_a_swapped_pair_is_noticed() {
        let made = Lockbox::make(KeyHome::File, None, WordsOf::NewHome, &mut Seeded::new(3));
        let list = made.new_words.as_ref().unwrap().list();
        assert_eq!(list.len(), 24);
        let text = list.join("  \n").to_uppercase();
        assert!(RecoveryWords::read(&text).unwrap() == *made.new_words.as_ref().unwrap());
        let mut swapped = list.clone();
        swapped.swap(0, 1);
        assert!(
            RecoveryWords::read(&swapped.join(" "))
                .is_none_or(|w| made.lockbox.open_with_words(&w).is_none())
        );
    }

    #[test]
    fn the_lockbox_reads_back_as_written() {
        let made = Lockbox::make(KeyHome::File, None, WordsOf::NewHome, &mut Seeded::new(4));
        let text = serde_json::to_string(&made.lockbox).unwrap();
        assert_eq!(
            serde_json::from_str::<Lockbox>(&text).unwrap(),
            made.lockbox
        );
    }

    #[test]
    fn a_home_made_from_a_backup_opens_with_the_words_that_were_there_before() {
        let mut entropy = Seeded::new(7);
        let first = Lockbox::make(KeyHome::File, None, WordsOf::NewHome, &mut entropy);
        let words = first.new_words.unwrap();
        let from = WordsOf::Backup(first.words_public);
        let second = Lockbox::make(KeyHome::File, None, from, &mut entropy);
        assert!(second.new_words.is_none() && second.seal.is_none());
        assert_eq!(second.lockbox.open_with_words(&words), Some(second.data));
        let third = WordsOf::EarlierHome(words.clone());
        let third = Lockbox::make(KeyHome::File, None, third, &mut entropy);
        assert_eq!(third.lockbox.open_with_words(&words), Some(third.data));
        assert_eq!(third.seal, first.seal);
    }
}
