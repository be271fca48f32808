//! Pairing: commit, reveal, then each types the other's number (PROTOCOL §4).
//!
//! A state machine of one window. Nothing about the person leaves before the number typed here has matched.

mod comparing;

use crate::keys::{Entropy, Key, draw, same};
use comparing::{Comparing, meeting};
use serde::{Deserialize, Serialize};
use troth_proto::api::{Meeting, PairFailed, PairStep};
use troth_proto::pairing::{
    Introduction, Invitation, LinkId, Message, Record, Role, VERSIONS, Values,
};
use troth_proto::{CoupleId, Hash, PersonId, Problem, limits, wire};
use x25519_dalek::{PublicKey, StaticSecret};

/// A connection between throw-away identities, as the shell numbers it.
pub type Conn = u64;

/// What the window asks of the shell, and of the node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Send a message.
    Send(Conn, Message),
    /// Drop a connection.
    Drop(Conn),
    /// Dial one who was found in the same network.
    Dial {
        /// Their throw-away id.
        peer: LinkId,
        /// Where they are.
        addresses: Vec<String>,
    },
    /// The person here has said yes to the person there: keep it as pending.
    Keep(Box<Bond>),
    /// The other said no after all: drop what is pending.
    Forget,
    /// The window is closed.
    Close,
}

/// What two partners share once both said yes; pending until a link under the long-term ids has proved it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bond {
    /// The couple.
    pub couple: CoupleId,
    /// The key of the pair: links prove it, carried files are sealed with it.
    pub key: Key,
    /// This side's role in the pairing.
    pub role: Role,
    /// The transcript.
    pub transcript: Hash,
    /// The version both offered.
    pub version: u16,
    /// Who I am in it.
    pub me: PersonId,
    /// Who the other is in it: on a new device the record's person, not the one that was made there.
    pub partner_person: PersonId,
    /// The other's device.
    pub partner: Introduction,
}

impl Bond {
    /// Who the other is.
    #[must_use]
    pub fn partner_person(&self) -> PersonId {
        self.partner_person
    }

    /// What a home keeps of the couple.
    #[must_use]
    pub fn record(&self) -> Record {
        Record {
            couple: self.couple,
            partner: self.partner_person,
        }
    }

    /// What a hello carries: proof of the bond by one side, for one run of its daemon.
    #[must_use]
    pub fn proof(
        &self,
        role: Role,
        initiator: &LinkId,
        responder: &LinkId,
        run: &[u8; 16],
    ) -> Hash {
        let key = self.key.derive("troth/link-proof/1");
        key.mac(&[
            role.label().as_bytes(),
            &self.transcript.0,
            &initiator.0,
            &responder.0,
            run,
        ])
    }
}

/// What happens to a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A connection is up.
    Up {
        /// Its number.
        conn: Conn,
        /// The throw-away id at its other end, as the channel proved it.
        peer: LinkId,
        /// Whether it was dialled here.
        dialled: bool,
    },
    /// A message came.
    Message {
        /// On which connection.
        conn: Conn,
        /// The throw-away id at its other end, as the channel proved it.
        peer: LinkId,
        /// As it came.
        bytes: Vec<u8>,
    },
    /// A connection is gone.
    Down {
        /// Its number.
        conn: Conn,
    },
    /// Somebody else with an open window is in the same network.
    Found {
        /// Their throw-away id, as they say.
        peer: LinkId,
        /// Where, as they say.
        addresses: Vec<String>,
    },
    /// So many say to be in the same network that nobody is looked for any more.
    Crowd,
}

enum Stage {
    /// No connection counts yet.
    Waiting,
    /// Initiator: committed, waits for the other's values.
    Committed {
        conn: Conn,
        mine: Values,
        secret: StaticSecret,
    },
    /// Responder: has a commitment, has revealed, waits for the other's values.
    Revealed {
        conn: Conn,
        commit: Hash,
        mine: Values,
        secret: StaticSecret,
    },
    /// Both revealed. Each types the other's number; then introductions and yeses pass.
    Comparing(Box<Comparing>),
    /// Over without a pair.
    Failed(PairFailed),
}

/// How often a number may be typed wrong.
const SLIPS: u8 = 3;

/// One pairing window, opened by hand.
pub struct Window {
    stage: Stage,
    own: LinkId,
    token: [u8; 16],
    /// Whom to dial, for the one who joins.
    inviter: Option<LinkId>,
    me: Introduction,
    /// Tries left with the invitation, and without it. A stranger nearby uses up none of the invitation's.
    tries: u8,
    tries_nearby: u8,
    /// The conversation under way, or the last one, is with one who came without the invitation.
    uninvited: bool,
    /// Values were revealed in the conversation under way.
    revealed: bool,
    /// A conversation in which they were has come to nothing in this window.
    begun_again: bool,
    /// Seconds since 1970 at which it closes.
    expires: i64,
    /// The invitation to show, for the one who invites.
    invitation: Option<Invitation>,
    /// Whoever is found in the same network may come too, without an invitation.
    nearby: bool,
    /// There are too many in the same network for that.
    crowded: bool,
}

impl Window {
    /// Opens a window to invite.
    pub fn invite(
        own: LinkId,
        me: Introduction,
        addresses: Vec<String>,
        unix: i64,
        entropy: &mut dyn Entropy,
    ) -> Self {
        let (token, expires) = (draw(entropy), unix + limits::PAIRING_MINUTES * 60);
        let invitation = Invitation {
            addresses,
            id: own.clone(),
            expires,
            token,
        };
        let tries = limits::PAIRING_TRIES;
        Self {
            stage: Stage::Waiting,
            own,
            token,
            inviter: None,
            me,
            tries,
            tries_nearby: tries,
            uninvited: false,
            revealed: false,
            begun_again: false,
            expires,
            invitation: Some(invitation),
            nearby: false,
            crowded: false,
        }
    }

    /// Lets in whoever is found in the same network, and looks for them: the invitation's token then keeps nobody from
    /// using up tries.
    #[must_use]
    pub fn nearby(mut self) -> Self {
        self.nearby = true;
        self
    }

    /// Whether it looks for the other in the same network.
    #[must_use]
    pub fn is_nearby(&self) -> bool {
        self.nearby
    }

    /// Whether it looks no more for the other in the same network, for all those who are there.
    #[must_use]
    pub fn is_crowded(&self) -> bool {
        self.crowded
    }

    /// Opens a window to answer an invitation.
    ///
    /// # Errors
    /// An invitation that has expired, or is this device's own.
    pub fn join(
        own: LinkId,
        me: Introduction,
        invitation: &Invitation,
        unix: i64,
    ) -> Result<Self, Problem> {
        if unix >= invitation.expires {
            return Err(Problem::InvitationExpired);
        }
        if invitation.id == own {
            return Err(Problem::OwnInvitation);
        }
        let expires = unix + limits::PAIRING_MINUTES * 60;
        let (token, inviter, tries) = (
            invitation.token,
            Some(invitation.id.clone()),
            limits::PAIRING_TRIES,
        );
        Ok(Self {
            stage: Stage::Waiting,
            own,
            token,
            inviter,
            me,
            tries,
            tries_nearby: tries,
            uninvited: false,
            revealed: false,
            begun_again: false,
            expires,
            invitation: None,
            nearby: false,
            crowded: false,
        })
    }

    /// When it closes, in seconds since 1970.
    #[must_use]
    pub fn expires(&self) -> i64 {
        self.expires
    }

    /// The invitation to hand over.
    #[must_use]
    pub fn invitation(&self) -> Option<&Invitation> {
        self.invitation.as_ref()
    }

    /// Tries left: with whoever is at the other end or was there last, as long as such may come, or with the invitation.
    #[must_use]
    pub fn tries(&self) -> u8 {
        match self.stage {
            Stage::Waiting if !self.nearby => self.tries,
            Stage::Failed(_) => self.tries,
            _ if self.uninvited => self.tries_nearby,
            _ => self.tries,
        }
    }

    /// Whether a conversation has come to nothing in this window: what was on the screen then counts no more.
    #[must_use]
    pub fn has_begun_again(&self) -> bool {
        self.begun_again
    }

    /// Revealed from here on, whatever comes of it.
    fn spend(&mut self) {
        let tries = if self.uninvited {
            &mut self.tries_nearby
        } else {
            &mut self.tries
        };
        *tries = tries.saturating_sub(1);
        self.revealed = true;
    }

    /// Where it is.
    #[must_use]
    pub fn step(&self) -> PairStep {
        match &self.stage {
            Stage::Waiting | Stage::Committed { .. } | Stage::Revealed { .. } => PairStep::Waiting,
            Stage::Comparing(c) if c.matched && c.introduced.is_some() => PairStep::Confirming,
            Stage::Comparing(_) => PairStep::Comparing,
            Stage::Failed(_) => PairStep::Failed,
        }
    }

    /// Why it failed.
    #[must_use]
    pub fn why(&self) -> Option<PairFailed> {
        if let Stage::Failed(why) = self.stage {
            Some(why)
        } else {
            None
        }
    }

    /// The number to read to the other.
    #[must_use]
    pub fn number(&self) -> Option<String> {
        match &self.stage {
            Stage::Comparing(c) => Some(c.number(c.role)),
            _ => None,
        }
    }

    /// Whether the number typed here matched, and whether yes was said.
    #[must_use]
    pub fn progress(&self) -> (bool, bool) {
        match &self.stage {
            Stage::Comparing(c) => (c.matched, c.said_yes),
            _ => (false, false),
        }
    }

    /// The other, once both numbers matched.
    #[must_use]
    pub fn introduced(&self) -> Option<&Introduction> {
        match &self.stage {
            Stage::Comparing(c) if c.matched => c.introduced.as_ref(),
            _ => None,
        }
    }

    /// Who the other is to this home.
    #[must_use]
    pub fn meeting(&self) -> Option<Meeting> {
        self.introduced().and_then(|other| meeting(&self.me, other))
    }

    /// Takes what the network brought.
    pub fn handle(&mut self, input: Input, entropy: &mut dyn Entropy) -> Vec<Act> {
        match input {
            Input::Up {
                conn,
                peer,
                dialled,
            } => self.up(conn, peer, dialled, entropy),
            Input::Message { conn, peer, bytes } => match Message::read(&bytes) {
                Some(Message::Commit { commit, mac }) => {
                    self.committed(conn, &peer, commit, mac, entropy)
                }
                Some(message) => self.message(conn, message),
                None => self.broken(conn),
            },
            Input::Down { conn } => self.down(conn),
            Input::Found { peer, addresses } => self.found(peer, addresses),
            Input::Crowd => {
                (self.nearby, self.crowded) = (false, true);
                Vec::new()
            }
        }
    }

    /// Both dial whom they find; [`Window::committed`] settles which of two connections stays.
    fn found(&self, peer: LinkId, addresses: Vec<String>) -> Vec<Act> {
        // Also in the middle of a conversation: it may come to nothing, and nobody is found twice.
        if !self.nearby || peer == self.own || matches!(self.stage, Stage::Failed(_)) {
            return Vec::new();
        }
        vec![Act::Dial { peer, addresses }]
    }

    fn up(
        &mut self,
        conn: Conn,
        peer: LinkId,
        dialled: bool,
        entropy: &mut dyn Entropy,
    ) -> Vec<Act> {
        let wanted = match &self.inviter {
            Some(inviter) => *inviter == peer,
            None => self.nearby,
        };
        // A number that is shown is never replaced by a new connection, and nobody pairs with themself.
        if peer == self.own || !wanted || !dialled || !matches!(self.stage, Stage::Waiting) {
            let answer_later = !dialled
                && (matches!(self.stage, Stage::Waiting) || self.yields_to(&peer).is_some())
                && self.inviter.is_none()
                && peer != self.own;
            return if answer_later {
                Vec::new()
            } else {
                vec![Act::Drop(conn)]
            };
        }
        let secret = StaticSecret::from(draw::<32>(entropy));
        let mine = Values {
            role: Role::Initiator,
            i: self.own.clone(),
            r: peer,
            versions: VERSIONS.to_vec(),
            nonce: draw(entropy),
            key: PublicKey::from(&secret).to_bytes(),
        };
        let commit = commitment(&mine);
        self.uninvited = self.inviter.is_none();
        let token = if self.uninvited { NO_TOKEN } else { self.token };
        let mac = Key(pad(token)).mac(&[b"troth/pair/1/token", &commit.0]);
        self.stage = Stage::Committed { conn, mine, secret };
        vec![Act::Send(conn, Message::Commit { commit, mac })]
    }

    fn committed(
        &mut self,
        conn: Conn,
        peer: &LinkId,
        commit: Hash,
        mac: Hash,
        entropy: &mut dyn Entropy,
    ) -> Vec<Act> {
        let fits = |token| {
            let expected = Key(pad(token)).mac(&[b"troth/pair/1/token", &commit.0]);
            same(&mac, &expected)
        };
        let yielded = self.yields_to(peer);
        let open =
            (matches!(self.stage, Stage::Waiting) || yielded.is_some()) && self.inviter.is_none();
        // Without the invitation's token nobody can use up a try of it.
        let invited = fits(self.token) && self.tries > 0;
        let let_in = invited || (self.nearby && self.tries_nearby > 0 && fits(NO_TOKEN));
        if !open || *peer == self.own || !let_in {
            return vec![Act::Drop(conn)];
        }
        self.uninvited = !invited;
        let secret = StaticSecret::from(draw::<32>(entropy));
        let mine = Values {
            role: Role::Responder,
            i: peer.clone(),
            r: self.own.clone(),
            versions: VERSIONS.to_vec(),
            nonce: draw(entropy),
            key: PublicKey::from(&secret).to_bytes(),
        };
        self.spend();
        let reveal = Message::Reveal(mine.clone());
        self.stage = Stage::Revealed {
            conn,
            commit,
            mine,
            secret,
        };
        let mut acts: Vec<Act> = yielded.map(Act::Drop).into_iter().collect();
        acts.push(Act::Send(conn, reveal));
        acts
    }

    /// If both dialled, the connection that the lower id dialled stays: my own that I give up for it.
    fn yields_to(&self, peer: &LinkId) -> Option<Conn> {
        match &self.stage {
            Stage::Committed { conn, mine, .. }
                if self.nearby && mine.r == *peer && *peer < self.own =>
            {
                Some(*conn)
            }
            _ => None,
        }
    }

    fn message(&mut self, conn: Conn, message: Message) -> Vec<Act> {
        if self.conn() != Some(conn) {
            return vec![Act::Drop(conn)];
        }
        match (std::mem::replace(&mut self.stage, Stage::Waiting), message) {
            (Stage::Committed { mine, secret, .. }, Message::Reveal(theirs)) => {
                self.spend(); // about to reveal
                let reveal = Message::Reveal(mine.clone());
                let commit = commitment(&mine);
                match Comparing::begin(conn, commit, &mine, &theirs, &secret) {
                    Some(comparing) => {
                        self.stage = Stage::Comparing(Box::new(comparing));
                        vec![Act::Send(conn, reveal)]
                    }
                    None => self.broken(conn),
                }
            }
            (
                Stage::Revealed {
                    commit,
                    mine,
                    secret,
                    ..
                },
                Message::Reveal(theirs),
            ) => {
                let honest = commitment(&theirs) == commit;
                match Comparing::begin(conn, commit, &mine, &theirs, &secret) {
                    Some(comparing) if honest => {
                        self.stage = Stage::Comparing(Box::new(comparing));
                        Vec::new()
                    }
                    _ => self.broken(conn),
                }
            }
            (Stage::Comparing(mut comparing), message) => {
                let acts = comparing.take(message, &self.me);
                self.stage = Stage::Comparing(comparing);
                match acts {
                    Some(acts) => acts,
                    // A stranger in the same network ends nothing but their own attempt, whatever they send.
                    None if self.uninvited && !self.progress().0 => self.broken(conn),
                    None => {
                        let why = match &self.stage {
                            Stage::Comparing(c) if c.other_couple => PairFailed::OtherCouple,
                            _ => PairFailed::SaidNo,
                        };
                        self.fail(why, Some(conn))
                    }
                }
            }
            (stage, _) => {
                self.stage = stage;
                self.broken(conn)
            }
        }
    }

    /// The person typed what the other screen shows.
    ///
    /// # Errors
    /// Their own number, a wrong one, or a window that is not at this step. After [`Problem::WrongDevice`] the other is to be
    /// [sent away](Self::send_away).
    pub fn type_number(
        &mut self,
        typed: &str,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<Act>, Problem> {
        let Stage::Comparing(c) = &mut self.stage else {
            return Err(Problem::PairingNotThere);
        };
        let digits: String = typed
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .collect();
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Problem::NotSixDigits);
        }
        if c.matched {
            return Ok(Vec::new());
        }
        if digits == c.number(c.role.other()) {
            c.matched = true;
            return Ok(c.introduce(&self.me, entropy));
        }
        if digits == c.number(c.role) {
            return Err(Problem::OwnNumber);
        }
        // A slip of the hand costs nothing; the same number wrong three times is not a slip.
        c.slips += 1;
        let tries_left = SLIPS.saturating_sub(c.slips);
        if tries_left == 0 {
            // Somebody else in the same network ends nothing but their own attempt.
            if self.uninvited {
                self.tries_nearby = 0;
                return Err(Problem::WrongDevice);
            }
            self.stage = Stage::Failed(PairFailed::WrongNumber);
            self.tries = 0;
            return Err(Problem::WrongNumber { tries_left });
        }
        Err(Problem::WrongNumber { tries_left })
    }

    /// The person said yes to the one shown.
    ///
    /// # Errors
    /// Nobody is shown yet.
    pub fn yes(&mut self) -> Result<Vec<Act>, Problem> {
        let me = self.me.clone();
        let Stage::Comparing(c) = &mut self.stage else {
            return Err(Problem::PairingNotThere);
        };
        let (true, Some(partner)) = (c.matched, c.introduced.clone()) else {
            return Err(Problem::PairingNotThere);
        };
        if c.said_yes {
            return Ok(Vec::new());
        }
        c.said_yes = true;
        // Ids are the record's, if either has one.
        let fresh = c.key.derive("troth/couple/1").0;
        let fresh = (
            CoupleId(fresh[..16].try_into().unwrap_or_default()),
            me.person,
            partner.person,
        );
        let (couple, my_person, partner_person) = match (me.record, partner.record) {
            (Some(mine), _) => (mine.couple, me.person, mine.partner),
            (None, Some(theirs)) => (theirs.couple, theirs.partner, partner.person),
            (None, None) => fresh,
        };
        let bond = Bond {
            couple,
            me: my_person,
            partner_person,
            key: c.key.derive("troth/pair-key/1"),
            role: c.role,
            transcript: c.transcript,
            version: c.version,
            partner: partner.clone(),
        };
        let mut acts = vec![Act::Keep(Box::new(bond))];
        if let Some(conn) = c.conn {
            acts.push(Act::Send(
                conn,
                Message::Yes(c.yes_mac(c.role, &me, &partner)),
            ));
        }
        if c.heard_yes {
            acts.push(Act::Close);
        }
        Ok(acts)
    }

    /// The person said no.
    pub fn no(&mut self) -> Vec<Act> {
        self.end(PairFailed::SaidNo)
    }

    /// The time is over.
    pub fn expire(&mut self) -> Vec<Act> {
        self.end(PairFailed::Expired)
    }

    fn end(&mut self, why: PairFailed) -> Vec<Act> {
        let conn = self.conn();
        let mut acts: Vec<Act> = conn
            .map(|conn| Act::Send(conn, Message::No))
            .into_iter()
            .collect();
        acts.extend(self.fail(why, None));
        acts
    }

    fn conn(&self) -> Option<Conn> {
        match &self.stage {
            Stage::Committed { conn, .. } | Stage::Revealed { conn, .. } => Some(*conn),
            Stage::Comparing(c) => c.conn,
            Stage::Waiting | Stage::Failed(_) => None,
        }
    }

    /// What came is not what the protocol has here: the connection ends, and the window waits again if tries are left.
    fn broken(&mut self, conn: Conn) -> Vec<Act> {
        if self.conn().is_some_and(|active| active != conn) {
            return vec![Act::Drop(conn)];
        }
        let mut acts = vec![Act::Drop(conn)];
        acts.extend(self.again());
        acts
    }

    fn down(&mut self, conn: Conn) -> Vec<Act> {
        if self.conn() != Some(conn) {
            return Vec::new();
        }
        if let Stage::Comparing(c) = &mut self.stage
            && c.said_yes
        {
            c.conn = None; // kept as pending: the link proves or disproves the rest
            return Vec::new();
        }
        self.again()
    }

    /// Whether an answer is waited for that a device gives by itself.
    #[must_use]
    pub fn waits_for_a_device(&self) -> bool {
        matches!(self.stage, Stage::Committed { .. } | Stage::Revealed { .. })
    }

    /// Whether two people compare numbers: that has a time of its own, so that one who stays keeps nobody else out.
    #[must_use]
    pub fn compares(&self) -> bool {
        // One who came without the invitation may say who they are as early as they like: that proves nothing.
        let early = |c: &Comparing| self.uninvited || c.introduced.is_none();
        matches!(&self.stage, Stage::Comparing(c) if !c.matched && early(c))
    }

    /// Whoever is at the other end goes; the window waits for another.
    pub fn send_away(&mut self) -> Vec<Act> {
        self.conn().map_or_else(Vec::new, |conn| self.broken(conn))
    }

    /// The other device, or the two people, took too long: the window waits for another.
    pub fn too_slow(&mut self) -> Vec<Act> {
        match self.conn() {
            Some(conn) if self.waits_for_a_device() || self.compares() => self.broken(conn),
            _ => Vec::new(),
        }
    }

    fn again(&mut self) -> Vec<Act> {
        self.begun_again |= std::mem::take(&mut self.revealed);
        if self.tries == 0 {
            return self.fail(PairFailed::TriesSpent, None);
        }
        // Whoever is nearby has had their tries; the invitation is still good.
        self.nearby &= self.tries_nearby > 0;
        self.stage = Stage::Waiting;
        Vec::new()
    }

    fn fail(&mut self, why: PairFailed, drop: Option<Conn>) -> Vec<Act> {
        let kept = matches!(&self.stage, Stage::Comparing(c) if c.said_yes);
        self.stage = Stage::Failed(why);
        let mut acts: Vec<Act> = drop.map(Act::Drop).into_iter().collect();
        if kept {
            acts.push(Act::Forget);
        }
        acts.push(Act::Close);
        acts
    }
}

fn commitment(values: &Values) -> Hash {
    Hash::of("troth/pair/1/commit", &[&wire::encode(values)])
}

/// What stands for a token where there is no invitation.
const NO_TOKEN: [u8; 16] = [0; 16];

fn pad(token: [u8; 16]) -> [u8; 32] {
    std::array::from_fn(|i| token.get(i).copied().unwrap_or(0))
}

#[cfg(test)]
#[path = "pairing_attacks.rs"]
mod attacks;
