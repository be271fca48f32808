//! Private pages at rest: a drawer that one passphrase opens, with a slit through which words can go in while it is closed
//! (PROTOCOL §6, FORMAT §7.1). Always of one size, whatever is in it.

use crate::keys::{Entropy, Key, Zeroizing, draw, stretch};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use troth_proto::private::{Page, PageWords};
use troth_proto::wire::{decode, encode};
use troth_proto::{AssertionId, Day, Hash, Problem, limits};
use x25519_dalek::{PublicKey, StaticSecret};

/// Bytes that sealing adds: nonce and tag.
const SEAL: usize = 24 + 16;
/// Bytes of the sealed pages.
const PAGES: usize = limits::PRIVATE_PAGES_BYTES + SEAL;
/// Bytes before the sealed pages: generation, whether a passphrase is set, salt, public half, what was kept last.
const HEAD: usize = 8 + 1 + 32 + 32 + 16 * limits::PRIVATE_ASKED;
/// Words that went in are padded to multiples of this many bytes.
const STEP: usize = 4096;
/// What one slot is bound to.
const SLOT: &[u8] = b"troth/private/slot/1";
/// What the pages are bound to.
const SHEETS: &[u8] = b"troth/private/pages/1";

/// What the home's own key gives for the drawer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Halves {
    /// Seals the file, so that each writing of it looks like any other.
    file: Key,
    /// One half of the key of the pages; the passphrase is the other.
    pages: Key,
}

impl Halves {
    /// Of a home.
    #[must_use]
    pub fn of(data: &Key) -> Self {
        Self {
            file: data.derive("troth/private/file/1"),
            pages: data.derive("troth/private/half/1"),
        }
    }

    /// The key of the pages. Takes a fraction of a second and 64 MiB on purpose.
    #[must_use]
    pub fn key(pages: &Key, passphrase: &str, salt: &Hash) -> Key {
        stretch(passphrase, salt).derive_salted(&pages.0, "troth/private/key/1")
    }

    /// The half that [`Halves::key`] takes.
    #[must_use]
    pub fn pages(&self) -> &Key {
        &self.pages
    }
}

/// What waits until the drawer is opened.
#[derive(Clone, PartialEq, Eq)]
struct Waiting {
    /// The public half of a key that was used for this only.
    once: Hash,
    nonce: [u8; 24],
    sealed: Vec<u8>,
}

/// The private pages, sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct Drawer {
    generation: u64,
    /// Whether there is a passphrase that opens it.
    pub set: bool,
    /// For Argon2id.
    pub salt: Hash,
    public: Hash,
    /// Under which ids words went in last, the newest first. At the beginning ids that nobody drew: how many went in is not told.
    kept: [AssertionId; limits::PRIVATE_ASKED],
    /// Nonce and sealed pages.
    pages: Vec<u8>,
    waiting: Vec<Waiting>,
}

impl std::fmt::Debug for Drawer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Drawer")
    }
}

/// What is in an open drawer.
#[derive(Serialize, Deserialize)]
pub struct Sheets {
    /// What opens the words that went in while it was closed.
    secret: [u8; 32],
    next: u64,
    /// The pages, oldest first.
    pub pages: Vec<Page>,
    /// Under which ids pages were written last, the newest first.
    written: VecDeque<(AssertionId, u64)>,
}

impl Drop for Sheets {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.secret);
    }
}

impl Sheets {
    /// Adds a page, and says its number.
    fn add(&mut self, day: Day, words: PageWords) -> u64 {
        let page = self.next;
        self.next += 1;
        self.pages.push(Page {
            page,
            day,
            kind: words.kind,
            title: words.title,
            parts: words.parts,
        });
        page
    }

    /// Writes a page, or writes one anew.
    ///
    /// # Errors
    /// There is no such page, or no room for one more.
    pub fn write(&mut self, page: Option<u64>, day: Day, words: PageWords) -> Result<u64, Problem> {
        let Some(number) = page else {
            if self.pages.len() >= limits::PRIVATE_PAGES {
                return Err(Problem::PrivateFull);
            }
            return Ok(self.add(day, words));
        };
        let page = self.page_mut(number)?;
        (page.kind, page.title, page.parts) = (words.kind, words.title, words.parts);
        Ok(number)
    }

    /// A page is written under an id.
    pub fn note(&mut self, id: AssertionId, page: u64) {
        self.written.push_front((id, page));
        self.written.truncate(limits::PRIVATE_ASKED);
    }

    /// The page that was written under an id lately.
    #[must_use]
    pub fn written_under(&self, id: &AssertionId) -> Option<u64> {
        let mut written = self.written.iter();
        written.find(|(it, _)| it == id).map(|(_, page)| *page)
    }

    fn page_mut(&mut self, number: u64) -> Result<&mut Page, Problem> {
        let mut pages = self.pages.iter_mut();
        pages
            .find(|page| page.page == number)
            .ok_or_else(|| no_such(number))
    }

    /// One page.
    ///
    /// # Errors
    /// There is no such page.
    pub fn page(&self, number: u64) -> Result<&Page, Problem> {
        let mut pages = self.pages.iter();
        pages
            .find(|page| page.page == number)
            .ok_or_else(|| no_such(number))
    }

    /// Throws a page away.
    ///
    /// # Errors
    /// There is no such page.
    pub fn throw_away(&mut self, number: u64) -> Result<(), Problem> {
        self.page(number)?;
        self.pages.retain(|page| page.page != number);
        Ok(())
    }
}

fn no_such(page: u64) -> Problem {
    let what = page.to_string();
    Problem::NoSuch { what }
}

/// Bytes with their length before them, and zeros up to a size; none if they do not fit.
fn padded(bytes: &[u8], size: usize) -> Option<Zeroizing<Vec<u8>>> {
    let length = u32::try_from(bytes.len()).ok()?;
    if bytes.len() + 4 > size {
        return None;
    }
    let mut out = Zeroizing::new(Vec::with_capacity(size));
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
    out.resize(size, 0);
    Some(out)
}

fn unpadded(bytes: &[u8]) -> Option<&[u8]> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.get(..u32::from_be_bytes(*length) as usize)
}

fn seal(key: &Key, bytes: &[u8], bound_to: &[u8], entropy: &mut dyn Entropy) -> Vec<u8> {
    let nonce: [u8; 24] = draw(entropy);
    let sealed = key.seal(&nonce, bytes, bound_to);
    let mut out = Vec::with_capacity(24 + sealed.len());
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&sealed);
    out
}

fn open(key: &Key, bytes: &[u8], bound_to: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = bytes.split_first_chunk::<24>()?;
    key.open(nonce, sealed, bound_to)
}

impl Drawer {
    /// An empty drawer. Without a key nothing opens it: nobody has a passphrase yet, and nothing goes in.
    #[must_use]
    pub fn new(salt: Hash, key: Option<&Key>, entropy: &mut dyn Entropy) -> Self {
        let secret: [u8; 32] = draw(entropy);
        let public = Hash(PublicKey::from(&StaticSecret::from(secret)).to_bytes());
        let nobodys = Key(draw(entropy));
        let mut drawer = Self {
            generation: 0,
            set: key.is_some(),
            salt,
            public,
            kept: [(); limits::PRIVATE_ASKED].map(|()| AssertionId(draw(entropy))),
            pages: Vec::new(),
            waiting: Vec::new(),
        };
        let empty = Sheets {
            secret,
            next: 1,
            pages: Vec::new(),
            written: VecDeque::new(),
        };
        // What is empty fits.
        let _ = drawer.put(key.unwrap_or(&nobodys), &empty, entropy);
        drawer
    }

    /// Opens it.
    #[must_use]
    pub fn open(&self, key: &Key) -> Option<Sheets> {
        if !self.set {
            return None;
        }
        let plain = open(key, &self.pages, SHEETS)?;
        decode(unpadded(&plain)?)
    }

    /// Puts pages into it, and locks it.
    ///
    /// # Errors
    /// [`Problem::PrivateFull`]; nothing was changed.
    pub fn put(
        &mut self,
        key: &Key,
        sheets: &Sheets,
        entropy: &mut dyn Entropy,
    ) -> Result<(), Problem> {
        let bytes = Zeroizing::new(encode(sheets));
        let plain = padded(&bytes, limits::PRIVATE_PAGES_BYTES).ok_or(Problem::PrivateFull)?;
        self.pages = seal(key, &plain, SHEETS, entropy);
        Ok(())
    }

    /// Another key for the same pages.
    ///
    /// # Errors
    /// As [`Drawer::put`].
    pub fn rekey(
        &mut self,
        salt: Hash,
        key: &Key,
        sheets: &Sheets,
        entropy: &mut dyn Entropy,
    ) -> Result<(), Problem> {
        self.put(key, sheets, entropy)?;
        self.salt = salt;
        Ok(())
    }

    /// How often it has been written.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The same, written after one of that generation.
    #[must_use]
    pub fn following(self, generation: u64) -> Self {
        Self {
            generation: self.generation.max(generation),
            ..self
        }
    }

    /// An empty one in its place, which follows it in the file.
    #[must_use]
    pub fn begun_anew(&self, salt: Hash, key: &Key, entropy: &mut dyn Entropy) -> Self {
        Self {
            generation: self.generation,
            ..Self::new(salt, Some(key), entropy)
        }
    }

    /// Words through the slit: nobody reads them before it is opened.
    ///
    /// # Errors
    /// No passphrase is set that would ever open it, or too much waits already; nothing was changed.
    pub fn slip_in(
        &mut self,
        day: Day,
        words: &PageWords,
        entropy: &mut dyn Entropy,
    ) -> Result<(), Problem> {
        if !self.set {
            return Err(Problem::NoPrivatePassphrase);
        }
        let bytes = Zeroizing::new(encode(&(day, words)));
        let size = (bytes.len() + 4).next_multiple_of(STEP);
        let plain = padded(&bytes, size).ok_or(Problem::PrivateFull)?;
        let secret = StaticSecret::from(draw::<32>(entropy));
        let once = Hash(PublicKey::from(&secret).to_bytes());
        let key = waiting_key(&secret, &self.public, &once, &self.public);
        let nonce = draw(entropy);
        let sealed = key.seal(&nonce, &plain, &self.public.0);
        let waiting = Waiting {
            once,
            nonce,
            sealed,
        };
        let there: usize = self.waiting.iter().map(Waiting::length).sum();
        if there + waiting.length() > limits::PRIVATE_INBOX_BYTES {
            return Err(Problem::PrivateFull);
        }
        self.waiting.push(waiting);
        Ok(())
    }

    /// Words went in under an id.
    pub fn note(&mut self, id: AssertionId) {
        self.kept.rotate_right(1);
        self.kept[0] = id;
    }

    /// Whether words went in under an id lately.
    #[must_use]
    pub fn kept_under(&self, id: &AssertionId) -> bool {
        self.kept.contains(id)
    }

    /// Whether words wait to be taken in.
    #[must_use]
    pub fn has_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Takes in what waited, as far as there is room: what does not fit goes on waiting.
    pub fn take_in(&mut self, key: &Key, sheets: &mut Sheets, entropy: &mut dyn Entropy) {
        let secret = StaticSecret::from(sheets.secret);
        let mut left = Vec::new();
        for waiting in std::mem::take(&mut self.waiting) {
            let key = waiting_key(&secret, &waiting.once, &waiting.once, &self.public);
            let plain = key.open(&waiting.nonce, &waiting.sealed, &self.public.0);
            let read = plain
                .as_ref()
                .and_then(|plain| decode::<(Day, PageWords)>(unpadded(plain)?));
            let taken = read.is_some_and(|(day, words)| sheets.write(None, day, words).is_ok());
            if !taken {
                left.push(waiting);
            }
        }
        // Too much for the pages: the last ones go back, one by one.
        let mut taken: Vec<Waiting> = Vec::new();
        while encode(sheets).len() + 4 > limits::PRIVATE_PAGES_BYTES {
            let Some(last) = sheets.pages.pop() else {
                break;
            };
            let mut again = self.clone();
            again.waiting.clear();
            let words = PageWords {
                kind: last.kind,
                title: last.title,
                parts: last.parts,
            };
            if again.slip_in(last.day, &words, entropy).is_ok() {
                taken.extend(again.waiting);
            }
        }
        taken.reverse();
        self.waiting = taken.into_iter().chain(left).collect();
        // They fit now.
        let _ = self.put(key, sheets, entropy);
    }

    /// What stands in each of the file's two slots.
    pub fn sealed(&mut self, halves: &Halves, entropy: &mut dyn Entropy) -> Vec<u8> {
        self.generation += 1;
        let mut plain = Zeroizing::new(Vec::with_capacity(limits::PRIVATE_SLOT_BYTES));
        plain.extend_from_slice(&self.generation.to_be_bytes());
        plain.push(u8::from(self.set));
        plain.extend_from_slice(&self.salt.0);
        plain.extend_from_slice(&self.public.0);
        for id in &self.kept {
            plain.extend_from_slice(&id.0);
        }
        plain.extend_from_slice(&self.pages);
        for waiting in &self.waiting {
            let length = waiting.sealed.len() as u32; // far below 2³²
            plain.extend_from_slice(&length.to_be_bytes());
            plain.extend_from_slice(&waiting.once.0);
            plain.extend_from_slice(&waiting.nonce);
            plain.extend_from_slice(&waiting.sealed);
        }
        plain.resize(limits::PRIVATE_SLOT_BYTES - SEAL, 0);
        seal(&halves.file, &plain, SLOT, entropy)
    }

    /// Reads the file: the newer of its two slots, and the slot that is to be written first the next time, so that a whole
    /// one always stays, and whether both are. None if neither opens.
    #[must_use]
    pub fn read(halves: &Halves, file: &[u8]) -> Option<(Self, usize, bool)> {
        let mut slots = file.chunks(limits::PRIVATE_SLOT_BYTES);
        let [a, b] = [(); 2].map(|()| slots.next().and_then(|slot| Self::slot(halves, slot)));
        let whole = a.is_some() && b.is_some();
        let (newer, first) = match (a, b) {
            (Some(a), Some(b)) if b.generation > a.generation => (b, 0),
            (Some(a), _) => (a, 1),
            (None, Some(b)) => (b, 0),
            (None, None) => return None,
        };
        Some((newer, first, whole))
    }

    fn slot(halves: &Halves, slot: &[u8]) -> Option<Self> {
        if slot.len() != limits::PRIVATE_SLOT_BYTES {
            return None;
        }
        let plain = open(&halves.file, slot, SLOT)?;
        let (head, rest) = plain.split_at_checked(HEAD)?;
        let (generation, head) = head.split_first_chunk::<8>()?;
        let (set, head) = head.split_first()?;
        let (salt, head) = head.split_first_chunk::<32>()?;
        let (public, head) = head.split_first_chunk::<32>()?;
        let mut kept = [AssertionId([0; 16]); limits::PRIVATE_ASKED];
        for (id, bytes) in kept.iter_mut().zip(head.chunks(16)) {
            id.0 = bytes.try_into().ok()?;
        }
        let (pages, mut rest) = rest.split_at_checked(PAGES)?;
        let mut waiting = Vec::new();
        while let Some((length, after)) = rest.split_first_chunk::<4>() {
            let length = u32::from_be_bytes(*length) as usize;
            if length == 0 {
                break;
            }
            let (once, after) = after.split_first_chunk::<32>()?;
            let (nonce, after) = after.split_first_chunk::<24>()?;
            let (sealed, after) = after.split_at_checked(length)?;
            waiting.push(Waiting {
                once: Hash(*once),
                nonce: *nonce,
                sealed: sealed.to_owned(),
            });
            rest = after;
        }
        Some(Self {
            generation: u64::from_be_bytes(*generation),
            set: *set == 1,
            salt: Hash(*salt),
            public: Hash(*public),
            kept,
            pages: pages.to_owned(),
            waiting,
        })
    }
}

impl Waiting {
    fn length(&self) -> usize {
        4 + 32 + 24 + self.sealed.len()
    }
}

/// The key of what waits: of the key that was used once, and the drawer's.
fn waiting_key(secret: &StaticSecret, theirs: &Hash, once: &Hash, public: &Hash) -> Key {
    let shared = Key(secret.diffie_hellman(&PublicKey::from(theirs.0)).to_bytes());
    let both = [once.0, public.0].concat();
    shared.derive_salted(&both, "troth/private/waiting/1")
}

/// Milliseconds until the next rewriting. Without memory: when the last one was tells nothing of when the next one is, and one
/// that a person caused stands out from none.
pub fn until_rewritten(entropy: &mut dyn Entropy) -> u64 {
    let drawn = u64::from_be_bytes(draw(entropy)) >> 11;
    let below_one = drawn as f64 / (1u64 << 53) as f64;
    let mean = limits::PRIVATE_REWRITE as f64;
    (-(1.0 - below_one).ln() * mean) as u64
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::test_entropy::Seeded;
    use troth_proto::private::{PageKind, Part};

    const DATA: Key = Key([7; 32]);

    fn day() -> Day {
        "2026-11-22".parse().unwrap()
    }

    fn words(text: &str) -> PageWords {
        PageWords {
            kind: PageKind::Journal,
            title: String::new(),
            parts: vec![Part {
                head: String::new(),
                text: text.into(),
            }],
        }
    }

    fn key() -> Key {
        DATA.derive("a key for tests, without Argon2id")
    }

    fn drawer(entropy: &mut Seeded) -> Drawer {
        Drawer::new(Hash([1; 32]), Some(&key()), entropy)
    }

    fn texts(sheets: &Sheets) -> Vec<&str> {
        let pages = sheets.pages.iter();
        pages.map(|page| page.parts[0].text.as_str()).collect()
    }

    fn again(drawer: &mut Drawer, entropy: &mut Seeded) -> Drawer {
        let halves = Halves::of(&DATA);
        let file = drawer.sealed(&halves, entropy).repeat(2);
        Drawer::read(&halves, &file).unwrap().0
    }

    #[test]
    fn pages_come_back_as_written_and_only_with_both_halves_of_the_key() {
        let mut entropy = Seeded::new(1);
        let halves = Halves::of(&DATA);
        let salt = Hash([3; 32]);
        let right = Halves::key(halves.pages(), "four calm green trees", &salt);
        let mut drawer = Drawer::new(salt, Some(&right), &mut entropy);
        let mut sheets = drawer.open(&right).unwrap();
        let n = sheets.write(None, day(), words("rain")).unwrap();
        sheets.write(Some(n), day(), words("snow")).unwrap();
        drawer.put(&right, &sheets, &mut entropy).unwrap();
        let drawer = again(&mut drawer, &mut entropy);
        assert_eq!(texts(&drawer.open(&right).unwrap()), ["snow"]);
        let slip = Halves::key(halves.pages(), "four calm green tree", &salt);
        let elsewhere = Halves::of(&Key([8; 32]));
        let elsewhere = Halves::key(elsewhere.pages(), "four calm green trees", &salt);
        for wrong in [slip, elsewhere] {
            assert!(drawer.open(&wrong).is_none());
        }
    }

    #[test]
    fn words_go_in_while_it_is_closed_and_are_read_once_it_is_open() {
        let mut entropy = Seeded::new(2);
        let mut drawer = drawer(&mut entropy);
        for text in ["one", "two"] {
            drawer.slip_in(day(), &words(text), &mut entropy).unwrap();
        }
        let mut drawer = again(&mut drawer, &mut entropy);
        let mut sheets = drawer.open(&key()).unwrap();
        assert!(sheets.pages.is_empty() && drawer.has_waiting());
        drawer.take_in(&key(), &mut sheets, &mut entropy);
        assert!(!drawer.has_waiting());
        assert_eq!(texts(&drawer.open(&key()).unwrap()), ["one", "two"]);
    }

    #[test]
    fn a_drawer_that_nobody_can_open_takes_nothing_in() {
        let mut entropy = Seeded::new(3);
        let mut drawer = Drawer::new(Hash([1; 32]), None, &mut entropy);
        let refused = drawer.slip_in(day(), &words("lost"), &mut entropy);
        assert_eq!(refused, Err(Problem::NoPrivatePassphrase));
        assert!(again(&mut drawer, &mut entropy).open(&key()).is_none());
    }

    #[test]
    fn it_is_of_one_size_and_like_noise_whatever_is_in_it() {
        let mut entropy = Seeded::new(4);
        let halves = Halves::of(&DATA);
        let mut never = Drawer::new(Hash([1; 32]), None, &mut entropy);
        let mut daily = drawer(&mut entropy);
        let mut sheets = daily.open(&key()).unwrap();
        for n in 0..400 {
            let text = format!("Day {n}. {}", "It rained and we talked. ".repeat(40));
            sheets.write(None, day(), words(&text)).unwrap();
        }
        daily.put(&key(), &sheets, &mut entropy).unwrap();
        daily.slip_in(day(), &words("more"), &mut entropy).unwrap();
        let mut files = Vec::new();
        for drawer in [&mut never, &mut daily] {
            for _ in 0..2 {
                files.push(drawer.sealed(&halves, &mut entropy));
            }
        }
        for file in &files {
            assert_eq!(file.len(), limits::PRIVATE_SLOT_BYTES);
            let mut counts = [0f64; 256];
            file.iter().for_each(|byte| counts[*byte as usize] += 1.0);
            let even = file.len() as f64 / 256.0;
            let chi: f64 = counts.iter().map(|n| (n - even).powi(2) / even).sum();
            assert!((130.0..420.0).contains(&chi), "{chi}");
        }
        // No two writings have a piece in common, whether something was written in between or not.
        for (n, a) in files.iter().enumerate() {
            for b in &files[n + 1..] {
                let same = a.chunks(16).zip(b.chunks(16)).filter(|(a, b)| a == b);
                assert_eq!(same.count(), 0);
            }
        }
    }

    #[test]
    fn one_slot_torn_at_any_place_costs_nothing_and_both_are_noticed() {
        let mut entropy = Seeded::new(5);
        let halves = Halves::of(&DATA);
        let mut drawer = drawer(&mut entropy);
        let old = [(); 2].map(|()| drawer.sealed(&halves, &mut entropy));
        drawer.slip_in(day(), &words("new"), &mut entropy).unwrap();
        let new = [(); 2].map(|()| drawer.sealed(&halves, &mut entropy));
        for torn in [0, 1, 100, limits::PRIVATE_SLOT_BYTES - 1] {
            for slot in 0..2 {
                let mut file = old.clone();
                file[slot][..torn].copy_from_slice(&new[slot][..torn]);
                let (read, first, _) = Drawer::read(&halves, &file.concat()).unwrap();
                assert!(!read.has_waiting());
                assert!(torn == 0 || first == slot, "the torn one is written first");
                // The next writing is broken off, too.
                file[first].fill(0);
                assert!(Drawer::read(&halves, &file.concat()).is_some());
            }
        }
        for slot in 0..2 {
            let mut file = old.clone();
            file[slot] = new[slot].clone();
            let (read, first, _) = Drawer::read(&halves, &file.concat()).unwrap();
            assert!(read.has_waiting() && first == 1 - slot);
        }
        assert!(Drawer::read(&halves, &new.concat()[1..]).is_none());
        assert!(Drawer::read(&halves, b"").is_none());
    }

    #[test]
    fn what_does_not_fit_is_refused_and_what_waits_goes_on_waiting() {
        let mut entropy = Seeded::new(6);
        let mut drawer = drawer(&mut entropy);
        let mut sheets = drawer.open(&key()).unwrap();
        let long = words(&"x".repeat(limits::TEXT_CHARS));
        let mut longer = long.clone();
        longer.parts = vec![long.parts[0].clone(); 10];
        for words in [&longer, &long] {
            sheets = drawer.open(&key()).unwrap();
            while drawer.put(&key(), &sheets, &mut entropy).is_ok() {
                sheets.write(None, day(), words.clone()).unwrap();
            }
        }
        assert_eq!(
            drawer.put(&key(), &sheets, &mut entropy),
            Err(Problem::PrivateFull)
        );
        let kept = drawer.open(&key()).unwrap().pages.len();
        assert_eq!(kept, sheets.pages.len() - 1);
        let mut slipped = 0;
        while drawer.slip_in(day(), &long, &mut entropy).is_ok() {
            slipped += 1;
        }
        assert!(slipped >= 4);
        let mut sheets = drawer.open(&key()).unwrap();
        drawer.take_in(&key(), &mut sheets, &mut entropy);
        let mut drawer = again(&mut drawer, &mut entropy);
        let mut sheets = drawer.open(&key()).unwrap();
        assert_eq!(sheets.pages.len(), kept);
        let all: Vec<u64> = sheets.pages.iter().map(|page| page.page).collect();
        for page in all {
            sheets.throw_away(page).unwrap();
        }
        drawer.take_in(&key(), &mut sheets, &mut entropy);
        assert_eq!(drawer.open(&key()).unwrap().pages.len(), slipped);
    }

    /// `vectors/1/private.txt`: the hash of a slot made of fixed values. Later versions read such a file.
    #[test]
    fn a_slot_of_version_1_is_as_it_was_written() {
        let mut entropy = Seeded::new(11);
        let halves = Halves::of(&DATA);
        let salt = Hash([3; 32]);
        let key = Halves::key(halves.pages(), "four calm green trees", &salt);
        let mut drawer = Drawer::new(salt, Some(&key), &mut entropy);
        let mut sheets = drawer.open(&key).unwrap();
        sheets.write(None, day(), words("rain — ä 😀")).unwrap();
        drawer.put(&key, &sheets, &mut entropy).unwrap();
        drawer.slip_in(day(), &words("snow"), &mut entropy).unwrap();
        let slot = drawer.sealed(&halves, &mut entropy);
        let kept = include_str!("../../../proto/vectors/1/private.txt");
        assert_eq!(Hash::of("private", &[&slot]).hex(), kept.trim());
    }

    #[test]
    fn the_time_until_the_next_writing_has_no_memory() {
        let mut entropy = Seeded::new(7);
        let drawn: Vec<u64> = (0..20_000).map(|_| until_rewritten(&mut entropy)).collect();
        let mean = |all: &[u64]| all.iter().sum::<u64>() as f64 / all.len() as f64;
        let (whole, half) = (limits::PRIVATE_REWRITE, limits::PRIVATE_REWRITE / 2);
        assert!((mean(&drawn) / whole as f64 - 1.0).abs() < 0.03);
        let later: Vec<u64> = drawn
            .iter()
            .filter(|n| **n > half)
            .map(|n| n - half)
            .collect();
        assert!((mean(&later) / whole as f64 - 1.0).abs() < 0.03);
    }
}
