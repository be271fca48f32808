//! The node's part in pairing: windows, and what becomes of a bond.

use super::{Client, Effect, Node, Now, PairEffect, Paired, Shares};
use crate::books::rows::Row;
use crate::keys::{Entropy, Key, draw};
use crate::links;
use crate::pairing::{Act, Input, Window};
use serde::{Deserialize, Serialize};
use troth_proto::api::{PairFailed, PairStep, PairView};
use troth_proto::notice::Notice;
use troth_proto::pairing::{Introduction, Invitation, LinkId, Record};
use troth_proto::{Problem, limits};

/// Milliseconds that the other device has for each of its own answers: one that is silent keeps nobody else out.
const PAIR_ANSWER: u64 = 10_000;
/// Milliseconds that two people have for comparing numbers.
const PAIR_COMPARE: u64 = 120_000;

/// The couple, as a home has a record of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Known {
    pub record: Record,
    /// The partner's name.
    pub name: String,
}

/// The pairing window, if one is open or opening.
#[derive(Default)]
pub(super) struct Windows {
    open: Option<Window>,
    opening: Option<Opening>,
    /// When it is looked at again.
    until: Option<u64>,
    /// Until when the other device must have answered.
    answer_by: Option<u64>,
    /// What is waited for until then: a device, or two people.
    waits: (bool, bool),
    failed: Option<PairFailed>,
}

/// A window that waits for its network.
struct Opening {
    client: Client,
    id: u64,
    invitation: Option<Invitation>,
    nearby: bool,
}

/// How a window is asked for.
pub(super) struct Asked<'a> {
    pub invitation: Option<&'a str>,
    pub listen: Option<String>,
    pub nearby: bool,
    /// With the same partner, on another device or after a loss.
    pub again: bool,
}

impl Windows {
    pub(super) fn deadlines(&self) -> [Option<(u64, &'static str)>; 2] {
        [
            self.until.map(|at| (at, "pairing window")),
            self.answer_by.map(|at| (at, "pairing answer")),
        ]
    }
}

impl Node {
    /// Opens a window; the answer follows once its network is up.
    pub(super) fn pair_open(
        &mut self,
        entropy: &mut dyn Entropy,
        (client, id): (Client, u64),
        asked: Asked<'_>,
    ) -> Result<(), Problem> {
        if self.bonds.proved.is_some() && !asked.again {
            return Err(Problem::AlreadyPaired {
                partner: self.partner_name(),
            });
        }
        let nearby = asked.nearby;
        let invitation = match asked.invitation {
            Some(text) => Some(Invitation::read(text).ok_or(Problem::BadInvitation)?),
            None => None,
        };
        if let Some(mine) = self.window.open.as_ref().and_then(Window::invitation)
            && invitation
                .as_ref()
                .is_some_and(|theirs| theirs.id == mine.id)
        {
            return Err(Problem::OwnInvitation);
        }
        self.close_window();
        if let Some(listen) = asked.listen {
            self.me.listen = Some(listen);
            self.put(Row::Me);
        }
        self.window.failed = None;
        let before = self.window.opening.replace(Opening {
            client,
            id,
            invitation,
            nearby,
        });
        if let Some(before) = before {
            // Whoever began before is not left waiting.
            self.out.effects.push(Effect::Reply {
                client: before.client,
                id: before.id,
                answer: Err(Problem::PairingEnded),
            });
        }
        let seed = Key(draw(entropy));
        self.out.effects.push(Effect::Pair(PairEffect::Open {
            listen: self.me.listen.clone(),
            seed,
            nearby,
        }));
        Ok(())
    }

    pub(super) fn pair_listening(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        own: LinkId,
        mut addresses: Vec<String>,
    ) {
        let Some(opening) = self.window.opening.take() else {
            return;
        };
        let me = Introduction {
            name: self.me.name.clone(),
            person: self.me.person,
            record: self.known.as_ref().map(|known| known.record),
            link: links::id_of(&links::seed(&self.me.link_seed, self.bonds.own.number())),
            addresses: self.own_addresses(),
        };
        addresses.truncate(limits::ADDRESSES);
        let window = match &opening.invitation {
            None => {
                let window = Window::invite(own, me, addresses, now.unix, entropy);
                Ok(if opening.nearby {
                    window.nearby()
                } else {
                    window
                })
            }
            Some(invitation) => Window::join(own, me, invitation, now.unix),
        };
        let answer = match window {
            Ok(window) => {
                if let Some(invitation) = &opening.invitation {
                    let peer = invitation.id.clone();
                    let addresses = self.may_dial(&invitation.addresses);
                    self.out
                        .effects
                        .push(Effect::Pair(PairEffect::Dial { peer, addresses }));
                }
                let left = u64::try_from(window.expires() - now.unix).unwrap_or(0);
                self.window.until = Some(now.mono + left * 1000);
                self.window.open = Some(window);
                Ok(super::requests::value(&self.pair_view(now)))
            }
            Err(problem) => {
                self.out.effects.push(Effect::Pair(PairEffect::Close));
                Err(problem)
            }
        };
        self.out.effects.push(Effect::Reply {
            client: opening.client,
            id: opening.id,
            answer,
        });
    }

    pub(super) fn listen_failed(&mut self, address: String) {
        match self.window.opening.take() {
            Some(opening) => {
                let answer = Err(Problem::ListenFailed { address });
                self.out.effects.push(Effect::Reply {
                    client: opening.client,
                    id: opening.id,
                    answer,
                });
            }
            None => {
                self.dial.listen_failed = Some(address.clone());
                self.dial.addresses.clear();
                self.notice(Notice::ListenFailed { address });
            }
        }
    }

    pub(super) fn pair_input(&mut self, now: Now, entropy: &mut dyn Entropy, input: Input) {
        let Some(window) = &mut self.window.open else {
            return;
        };
        let acts = window.handle(input, entropy);
        let waits = (window.waits_for_a_device(), window.compares());
        if self.window.waits != waits {
            self.window.waits = waits;
            self.window.answer_by = match waits {
                (true, _) => Some(now.mono + PAIR_ANSWER),
                (_, true) => Some(now.mono + PAIR_COMPARE),
                _ => None,
            };
        }
        self.perform(now, acts);
        self.out.told = true;
    }

    pub(super) fn pair_number(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        number: &str,
        shown: Option<&str>,
    ) -> Result<(), Problem> {
        let window = self.window.open.as_mut().ok_or(Problem::NoWindow)?;
        // Only a number that is on the screen counts, whatever came while it was being read out.
        if shown.is_some_and(|shown| window.number().as_deref() != Some(shown)) {
            return Err(Problem::NumberChanged);
        }
        let typed = window.type_number(number, entropy);
        match typed {
            Err(Problem::WrongNumber { tries_left: 0 }) => self.end_window(),
            Err(Problem::WrongDevice) => {
                let acts = window.send_away();
                self.perform(now, acts);
                self.out.told = true;
            }
            _ => {}
        }
        let acts = typed?;
        self.perform(now, acts);
        Ok(())
    }

    pub(super) fn pair_yes(&mut self, now: Now) -> Result<(), Problem> {
        let acts = self.window.open.as_mut().ok_or(Problem::NoWindow)?.yes()?;
        self.perform(now, acts);
        Ok(())
    }

    pub(super) fn pair_no(&mut self, now: Now) {
        if let Some(window) = &mut self.window.open {
            let acts = window.no();
            self.perform(now, acts);
        }
        // Nobody has proved the bond: no is no, also after a yes.
        self.drop_pending(now);
    }

    fn perform(&mut self, now: Now, acts: Vec<Act>) {
        for act in acts {
            match act {
                Act::Send(conn, message) => self
                    .out
                    .effects
                    .push(Effect::Pair(PairEffect::Send(conn, message.write()))),
                Act::Drop(conn) => self.out.effects.push(Effect::Pair(PairEffect::Drop(conn))),
                Act::Dial { peer, addresses } => {
                    let addresses = self.may_dial(&addresses);
                    if !addresses.is_empty() {
                        let dial = PairEffect::Dial { peer, addresses };
                        self.out.effects.push(Effect::Pair(dial));
                    }
                }
                Act::Keep(bond) => {
                    tracing::info!("a pair, to be proved by the first link");
                    self.bonds.own.introduced();
                    let number = self.bonds.own.number();
                    self.bonds.pending = Some(Paired::new(*bond, number));
                    self.bonds.turns = (0, 0);
                    self.put(Row::Pair);
                    if self.bonds.proved.is_none() && self.me.sharing != Shares::On {
                        // Said when there was nobody, and before this yes.
                        self.me.sharing = Shares::On;
                        self.put(Row::Me);
                    }
                    self.share(now);
                }
                Act::Forget => self.drop_pending(now),
                Act::Close => self.end_window(),
            }
        }
    }

    pub(super) fn drop_pending(&mut self, now: Now) {
        if self.bonds.pending.take().is_some() {
            self.put(Row::Pair);
            self.share(now);
        }
    }

    /// A link has proved the pending bond: it takes the place of the one before, whose device is cut off.
    pub(super) fn bond_is_proved(&mut self, now: Now) {
        let Some(paired) = self.bonds.pending.take() else {
            return;
        };
        tracing::info!("paired");
        let before = self.bonds.proved.is_some();
        let record = paired.bond.record();
        if self.known.is_none() {
            // Nothing has been written here yet: who I am is what the record says.
            self.me.person = paired.bond.me;
            self.put(Row::Me);
        }
        let name = paired.bond.partner.name.clone();
        self.known = Some(Known { record, name });
        self.put(Row::Couple);
        if self.couple.is_none() {
            self.begin_books();
        }
        self.bonds.proved = Some(paired);
        self.put(Row::Pair);
        if before {
            self.notice(Notice::PairedAgain);
            // The device before is shut out of what is shared.
            self.tell_share(now);
        }
        self.close_window();
        self.later(now, Row::Acked);
    }

    /// The window's network goes down; how it ended stays to be seen.
    fn end_window(&mut self) {
        let open = self.window.open.as_ref();
        self.window.failed = open.and_then(Window::why);
        if open.is_some_and(|w| w.step() == PairStep::Failed) {
            self.window.open = None;
        }
        self.out.effects.push(Effect::Pair(PairEffect::Close));
        self.out.told = true;
    }

    pub(super) fn close_window(&mut self) {
        if self.window.open.take().is_some() {
            self.out.effects.push(Effect::Pair(PairEffect::Close));
        }
    }

    pub(super) fn window_tick(&mut self, now: Now) {
        // By the clock that does not jump, and by the one the invitation names.
        let Some(window) = &mut self.window.open else {
            (self.window.until, self.window.answer_by) = (None, None);
            return;
        };
        let slow = self.window.answer_by.take_if(|at| *at <= now.mono);
        if slow.is_some() {
            let acts = window.too_slow();
            self.window.waits = (false, false);
            self.out.told = true;
            return self.perform(now, acts);
        }
        let late = self.window.until.is_some_and(|at| at <= now.mono);
        if (late || now.unix >= window.expires()) && !window.progress().1 {
            let acts = window.expire();
            self.perform(now, acts);
        }
        self.window.until = self.window.until.filter(|_| !late);
    }

    pub(super) fn pair_view(&self, now: Now) -> PairView {
        let mut view = PairView {
            state: PairStep::None,
            invitation: None,
            expires: None,
            my_number: None,
            number_matched: false,
            said_yes: false,
            their_name: None,
            meeting: None,
            tries_left: None,
            begun_again: false,
            nearby: false,
            crowded: false,
            why: None,
        };
        // A window in which nobody has said yes yet comes before a bond that nothing has proved, and any before one that
        // is to be followed.
        let open = self.window.open.as_ref();
        let begun_anew = open.is_some_and(|w| !w.progress().1);
        let pending = self.bonds.pending.as_ref().filter(|_| !begun_anew);
        if let Some(paired) = pending {
            view.their_name = Some(paired.bond.partner.name.clone());
            (view.number_matched, view.said_yes) = (true, true);
            view.state = PairStep::Confirming;
            return view;
        }
        let Some(window) = open else {
            if let Some(why) = self.window.failed {
                (view.state, view.why) = (PairStep::Failed, Some(why));
            } else if self.bonds.proved.is_some() {
                view.their_name = Some(self.partner_name());
                (view.number_matched, view.said_yes) = (true, true);
                view.state = PairStep::Paired;
            }
            return view;
        };
        view.state = window.step();
        (view.nearby, view.crowded) = (window.is_nearby(), window.is_crowded());
        view.invitation = window.invitation().map(Invitation::write);
        view.expires = Some(rfc3339(window.expires().max(now.unix)));
        view.my_number = window.number();
        (view.number_matched, view.said_yes) = window.progress();
        view.tries_left = Some(window.tries());
        view.begun_again = window.has_begun_again();
        if let Some(partner) = window.introduced() {
            view.their_name = Some(partner.name.clone());
            view.meeting = window.meeting();
        }
        view
    }
}

/// Seconds since 1970 as RFC 3339 in UTC.
fn rfc3339(unix: i64) -> String {
    let days = unix.div_euclid(86_400);
    let (hours, rest) = (unix.rem_euclid(86_400) / 3600, unix.rem_euclid(3600));
    let day = troth_proto::Day::new(1970, 1, 1)
        .map(|epoch| epoch.plus(days).to_string())
        .unwrap_or_default();
    format!("{day}T{hours:02}:{:02}:{:02}Z", rest / 60, rest % 60)
}
