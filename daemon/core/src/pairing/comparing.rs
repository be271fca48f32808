//! Both have revealed: what each shows, who the other says they are, and the yeses (PROTOCOL §4).

use super::{Act, Conn};
use crate::keys::{Entropy, Key, draw, same};
use troth_proto::api::Meeting;
use troth_proto::pairing::{Introduction, Message, Role, Values};
use troth_proto::{Hash, wire};
use x25519_dalek::{PublicKey, StaticSecret};

/// A conversation in which both have revealed.
pub(super) struct Comparing {
    pub(super) conn: Option<Conn>,
    pub(super) role: Role,
    pub(super) transcript: Hash,
    pub(super) key: Key,
    pub(super) version: u16,
    pub(super) matched: bool,
    pub(super) slips: u8,
    pub(super) introduced: Option<Introduction>,
    pub(super) said_yes: bool,
    pub(super) heard_yes: bool,
    /// The other's home belongs to another couple.
    pub(super) other_couple: bool,
}

/// Who the other is to this home; none for the home of another couple.
pub(super) fn meeting(me: &Introduction, other: &Introduction) -> Option<Meeting> {
    match (me.record, other.record) {
        (None, None) => Some(Meeting::New),
        (Some(_), None) => Some(Meeting::TheSame),
        (None, Some(theirs)) => (theirs.partner != other.person).then_some(Meeting::TakeBack),
        (Some(mine), Some(theirs)) => (mine.couple == theirs.couple
            && mine.partner == other.person
            && theirs.partner == me.person)
            .then_some(Meeting::Again),
    }
}

impl Comparing {
    pub(super) fn begin(
        conn: Conn,
        commit: Hash,
        mine: &Values,
        theirs: &Values,
        secret: &StaticSecret,
    ) -> Option<Self> {
        let role = mine.role;
        let sane = theirs.role == role.other()
            && theirs.i == mine.i
            && theirs.r == mine.r
            && theirs.nonce != mine.nonce
            && theirs.key != mine.key
            && mine.i != mine.r;
        if !sane {
            return None;
        }
        let version = mine
            .versions
            .iter()
            .filter(|v| theirs.versions.contains(v))
            .max()
            .copied()?;
        let shared = secret.diffie_hellman(&PublicKey::from(theirs.key));
        if !shared.was_contributory() {
            return None;
        }
        let (i, r) = if role == Role::Initiator {
            (mine, theirs)
        } else {
            (theirs, mine)
        };
        let transcript = Hash::of(
            "troth/pair/1/T",
            &[&commit.0, &wire::encode(r), &wire::encode(i)],
        );
        let key = Key(shared.to_bytes()).derive_salted(&transcript.0, "troth/pair/1/K");
        let (conn, introduced) = (Some(conn), None);
        Some(Self {
            conn,
            role,
            transcript,
            key,
            version,
            matched: false,
            slips: 0,
            introduced,
            said_yes: false,
            heard_yes: false,
            other_couple: false,
        })
    }

    /// Six digits that the screen of `role` shows.
    pub(super) fn number(&self, role: Role) -> String {
        let bytes = self.key.derive(&format!("number/{}", role.label())).0;
        let first: [u8; 8] = bytes[..8].try_into().unwrap_or_default();
        format!("{:06}", u64::from_be_bytes(first) % 1_000_000)
    }

    fn way(&self, from: Role) -> Key {
        self.key.derive(&format!("introduce/{}", from.label()))
    }

    pub(super) fn introduce(&self, me: &Introduction, entropy: &mut dyn Entropy) -> Vec<Act> {
        let nonce: [u8; 24] = draw(entropy);
        let sealed = self
            .way(self.role)
            .seal(&nonce, &wire::encode(me), &self.transcript.0);
        let message = Message::Introduce([&nonce[..], &sealed].concat());
        self.conn
            .map(|conn| Act::Send(conn, message))
            .into_iter()
            .collect()
    }

    pub(super) fn yes_mac(&self, role: Role, me: &Introduction, partner: &Introduction) -> Hash {
        let (i, r) = if self.role == Role::Initiator {
            (me, partner)
        } else {
            (partner, me)
        };
        let key = self.key.derive("troth/pair/1/yes");
        key.mac(&[
            b"yes",
            role.label().as_bytes(),
            &self.transcript.0,
            &wire::encode(i),
            &wire::encode(r),
        ])
    }

    /// A message after both revealed; none if it ends the window.
    pub(super) fn take(&mut self, message: Message, me: &Introduction) -> Option<Vec<Act>> {
        match message {
            Message::Introduce(sealed) if self.introduced.is_none() => {
                let (nonce, sealed) = sealed.split_first_chunk::<24>()?;
                let plain = self
                    .way(self.role.other())
                    .open(nonce, sealed, &self.transcript.0)?;
                let introduction: Introduction = wire::decode(&plain)?;
                if !introduction.fits()
                    || introduction.person == me.person
                    || introduction.link == me.link
                {
                    return None;
                }
                if meeting(me, &introduction).is_none() {
                    self.other_couple = true;
                    return None;
                }
                self.introduced = Some(introduction);
                Some(Vec::new())
            }
            Message::Yes(mac) => {
                let partner = self.introduced.as_ref()?;
                if !same(&mac, &self.yes_mac(self.role.other(), me, partner)) {
                    return None;
                }
                self.heard_yes = true;
                Some(if self.said_yes {
                    vec![Act::Close]
                } else {
                    Vec::new()
                })
            }
            _ => None,
        }
    }
}
