//! The ids under which two devices are linked: another one in each network that a device joins, so that whoever meets it in two
//! cannot tell that it is one device (PROTOCOL §8.6).

use crate::keys::Key;
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use troth_proto::limits;
use troth_proto::pairing::LinkId;

/// What stands before an Ed25519 key in a libp2p peer id: the identity multihash of its protobuf form.
const ED25519_ID: [u8; 6] = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];

/// The link id of a seed.
#[must_use]
pub fn id_of(seed: &Key) -> LinkId {
    let public = SigningKey::from_bytes(&seed.0).verifying_key();
    LinkId([&ED25519_ID[..], public.as_bytes()].concat())
}

/// The seed of a device's link id of a number.
#[must_use]
pub fn seed(base: &Key, n: u32) -> Key {
    match n {
        0 => base.clone(),
        n => base.derive(&format!("troth/link/{n}")),
    }
}

/// Which of its ids a device goes by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// The number of the one taken last.
    n: u32,
    /// The highest number that the partner's device lets in.
    known: u32,
    /// The networks that it was taken in.
    networks: Vec<String>,
}

impl Own {
    /// The number of the id in use.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.n
    }

    /// The numbers that come next when one is gone by: the one taken last too, if that is another.
    fn coming(&self, in_use: u32) -> impl Iterator<Item = u32> {
        let first = self.n.saturating_add(u32::from(in_use == self.n));
        (0..limits::NEXT_LINKS as u32).map(move |more| first.saturating_add(more))
    }

    /// The ids that come next, for a hello that is said under the id of a number.
    #[must_use]
    pub fn next(&self, base: &Key, in_use: u32) -> Vec<LinkId> {
        self.coming(in_use).map(|n| id_of(&seed(base, n))).collect()
    }

    /// The partner's device has taken a hello that was said under the id of this number. Says whether that is news.
    pub fn taken(&mut self, in_use: u32) -> bool {
        let before = self.known;
        self.known = self.coming(in_use).last().unwrap_or(0).max(before);
        self.known != before
    }

    /// Two devices have paired anew: the other one knows the id in use alone.
    pub fn introduced(&mut self) {
        self.known = self.n;
    }

    /// Whether these networks are others than those that the id in use was taken in.
    #[must_use]
    fn is_elsewhere(&self, networks: &[String]) -> bool {
        let met = |network: &String| self.networks.iter().any(|other| are_one(network, other));
        !networks.is_empty() && !self.networks.is_empty() && !networks.iter().any(met)
    }

    /// Takes the next id in other networks, as long as the partner's device lets it in. Says whether anything changed.
    pub fn join(&mut self, networks: Vec<String>) -> bool {
        if networks.is_empty() || self.networks == networks {
            return false;
        }
        if self.is_elsewhere(&networks) && self.n < self.known {
            self.n += 1;
        }
        self.networks = networks;
        true
    }
}

/// Whether two names mean one network: who leads out of it may not be known at times.
fn are_one(a: &str, b: &str) -> bool {
    let parts = |name: &str| {
        name.split_once(' ')
            .map(|(net, out)| (net.to_owned(), out.to_owned()))
    };
    match (parts(a), parts(b)) {
        (Some((a, a_out)), Some((b, b_out))) => {
            a == b && (a_out == b_out || a_out.is_empty() || b_out.is_empty())
        }
        _ => a == b,
    }
}

/// The ids under which the partner's device is let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Theirs(Vec<LinkId>);

impl Theirs {
    /// The one that it was introduced by: let in for good, since a device whose disk was put back knows no other.
    #[must_use]
    pub fn introduced(id: LinkId) -> Self {
        Self(vec![id])
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &LinkId> {
        self.0.iter()
    }

    /// Whether a device is let in under an id.
    #[must_use]
    pub fn has(&self, id: &LinkId) -> bool {
        self.0.contains(id)
    }

    /// A hello came from one id and named the next ones: those before stay, as long as there is room.
    pub fn named(&mut self, from: &LinkId, next: &[LinkId]) {
        let Some((first, before)) = self.0.split_first() else {
            return;
        };
        let new: Vec<&LinkId> = [from]
            .into_iter()
            .chain(next)
            .filter(|id| *id != first)
            .collect();
        let kept = before.iter().filter(|id| !new.contains(id));
        let mut rest: Vec<LinkId> = kept.chain(new.iter().copied()).cloned().collect();
        rest.dedup();
        let over = rest.len().saturating_sub(limits::KNOWN_LINKS - 1);
        rest.drain(..over);
        self.0 = [vec![first.clone()], rest].concat();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_id_is_a_libp2p_peer_id() {
        // RFC 8032, section 7.1, test 1.
        let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap();
        let secret = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        let public = hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        let id = id_of(&Key(secret.try_into().unwrap()));
        assert_eq!(id.0, [&ED25519_ID[..], &public].concat());
    }

    #[test]
    fn each_network_has_another_id_as_long_as_the_partner_knows_it() {
        let mut own = Own::default();
        assert!(own.join(networks(&["home"])) && own.number() == 0);
        assert!(
            own.join(networks(&["hotel"])) && own.number() == 0,
            "nobody knows another"
        );
        own.taken(0);
        assert!(!own.join(networks(&["hotel"])));
        assert!(!own.join(networks(&[])), "between two networks");
        assert!(own.join(networks(&["hotel", "cable"])) && own.number() == 0);
        for n in 1..20u32 {
            assert!(own.join(networks(&[&format!("cafe {n}")])));
            assert_eq!(own.number(), n.min(limits::NEXT_LINKS as u32));
        }
        own.introduced();
        assert!(own.join(networks(&["home"])) && own.number() == limits::NEXT_LINKS as u32);
        // Said under the id of the pairing, a hello names the one taken last as well.
        let base = Key([7; 32]);
        assert_eq!(own.next(&base, 0)[0], id_of(&seed(&base, own.number())));
        assert_eq!(own.next(&base, own.number()).len(), limits::NEXT_LINKS);
        assert!(own.taken(0) && !own.taken(0));
    }

    #[test]
    fn those_named_are_let_in_those_before_too_and_the_first_for_good() {
        let id = |n: u32| LinkId(n.to_be_bytes().to_vec());
        let mut theirs = Theirs::introduced(id(0));
        for n in 0..500 {
            let next: Vec<LinkId> = (n + 1..n + 9).map(id).collect();
            theirs.named(&id(n), &next);
            assert!(theirs.has(&id(0)) && (n..n + 9).all(|n| theirs.has(&id(n))));
            assert!(theirs.all().count() <= limits::KNOWN_LINKS);
        }
        assert!(theirs.has(&id(460)) && !theirs.has(&id(400)));
        let before = theirs.clone();
        theirs.named(&id(499), &(500..508).map(id).collect::<Vec<_>>());
        assert_eq!(theirs, before);
    }
}
