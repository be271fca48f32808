//! The node's part in pairing: windows, and what becomes of a bond.

use super::{Client, Effect, Node, Now, Opening, PairEffect, Paired};
use crate::keys::{Entropy, Key, draw};
use crate::pairing::{Act, Input, Window};
use crate::rows::Row;
use troth_proto::api::{PairStep, PairView};
use troth_proto::pairing::{Introduction, Invitation, LinkId};
use troth_proto::{Problem, limits};

/// Milliseconds that the other device has for each of its own answers: one that is silent keeps nobody else out.
const PAIR_ANSWER: u64 = 10_000;

impl Node {
    /// Opens a window; the answer follows once its network is up.
    pub(super) fn pair_open(
        &mut self,
        entropy: &mut dyn Entropy,
        (client, id): (Client, u64),
        invitation: Option<&str>,
        listen: Option<String>,
        nearby: bool,
    ) -> Result<(), Problem> {
        if let Some(paired) = self.paired.as_ref().filter(|paired| paired.proved) {
            return Err(Problem::AlreadyPaired {
                partner: paired.bond.partner.name.clone(),
            });
        }
        let invitation = match invitation {
            Some(text) => Some(Invitation::read(text).ok_or(Problem::BadInvitation)?),
            None => None,
        };
        if let Some(mine) = self.window.as_ref().and_then(Window::invitation)
            && invitation
                .as_ref()
                .is_some_and(|theirs| theirs.id == mine.id)
        {
            return Err(Problem::OwnInvitation);
        }
        self.close_window();
        if let Some(listen) = listen {
            self.me.listen = Some(listen);
            self.put(Row::Me);
        }
        self.pair_failed = None;
        self.opening = Some(Opening {
            client,
            id,
            invitation,
            nearby,
        });
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
        let Some(opening) = self.opening.take() else {
            return;
        };
        let me = Introduction {
            name: self.me.name.clone(),
            person: self.me.person,
            installation: self.me.installation,
            link: self.me.link.clone(),
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
                    let (peer, addresses) = (invitation.id.clone(), invitation.addresses.clone());
                    self.out
                        .effects
                        .push(Effect::Pair(PairEffect::Dial { peer, addresses }));
                }
                let left = u64::try_from(window.expires() - now.unix).unwrap_or(0);
                self.window_until = Some(now.mono + left * 1000);
                self.window = Some(window);
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
        match self.opening.take() {
            Some(opening) => {
                let answer = Err(Problem::ListenFailed { address });
                self.out.effects.push(Effect::Reply {
                    client: opening.client,
                    id: opening.id,
                    answer,
                });
            }
            None => {
                self.listen_failed = Some(address.clone());
                self.addresses.clear();
                self.notice(&Problem::ListenFailed { address });
            }
        }
    }

    pub(super) fn pair_input(&mut self, now: Now, entropy: &mut dyn Entropy, input: Input) {
        let Some(window) = &mut self.window else {
            return;
        };
        let acts = window.handle(input, entropy);
        self.pair_answer_by = match window.waits_for_a_device() {
            true => self.pair_answer_by.or(Some(now.mono + PAIR_ANSWER)),
            false => None,
        };
        self.perform(now, acts);
        self.out.told = true;
    }

    pub(super) fn pair_number(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        number: &str,
    ) -> Result<(), Problem> {
        let window = self.window.as_mut().ok_or(Problem::NoWindow)?;
        let typed = window.type_number(number, entropy);
        if matches!(typed, Err(Problem::WrongNumber { tries_left: 0 })) {
            self.end_window();
        }
        let acts = typed?;
        self.perform(now, acts);
        Ok(())
    }

    pub(super) fn pair_yes(&mut self, now: Now) -> Result<(), Problem> {
        let acts = self.window.as_mut().ok_or(Problem::NoWindow)?.yes()?;
        self.perform(now, acts);
        Ok(())
    }

    pub(super) fn pair_no(&mut self, now: Now) {
        if let Some(window) = &mut self.window {
            let acts = window.no();
            self.perform(now, acts);
        }
        // Nobody has proved the bond: no is no, also after a yes.
        if self.paired.as_ref().is_some_and(|paired| !paired.proved) {
            self.forget(now);
        }
    }

    fn perform(&mut self, now: Now, acts: Vec<Act>) {
        for act in acts {
            match act {
                Act::Send(conn, message) => self
                    .out
                    .effects
                    .push(Effect::Pair(PairEffect::Send(conn, message.write()))),
                Act::Drop(conn) => self.out.effects.push(Effect::Pair(PairEffect::Drop(conn))),
                Act::Dial { peer, addresses } => self
                    .out
                    .effects
                    .push(Effect::Pair(PairEffect::Dial { peer, addresses })),
                Act::Keep(bond) => {
                    tracing::info!("a pair, to be proved by the first link");
                    self.couple = Some(self.couple_of(&bond));
                    self.paired = Some(Paired {
                        bond: *bond,
                        proved: false,
                        typed: None,
                    });
                    self.put(Row::Pair);
                    self.share(now);
                }
                Act::Forget => self.forget(now),
                Act::Close => self.end_window(),
            }
        }
    }

    fn forget(&mut self, now: Now) {
        if self.paired.as_ref().is_some_and(|paired| !paired.proved) {
            self.paired = None;
            self.couple = None;
            self.put(Row::Pair);
            self.share(now);
        }
    }

    /// The window's network goes down; how it ended stays to be seen.
    fn end_window(&mut self) {
        self.pair_failed = self.window.as_ref().and_then(Window::why);
        if self
            .window
            .as_ref()
            .is_some_and(|w| w.step() == PairStep::Failed)
        {
            self.window = None;
        }
        self.out.effects.push(Effect::Pair(PairEffect::Close));
        self.out.told = true;
    }

    pub(super) fn close_window(&mut self) {
        if self.window.take().is_some() {
            self.out.effects.push(Effect::Pair(PairEffect::Close));
        }
    }

    pub(super) fn window_tick(&mut self, now: Now) {
        // By the clock that does not jump, and by the one the invitation names.
        let Some(window) = &mut self.window else {
            (self.window_until, self.pair_answer_by) = (None, None);
            return;
        };
        if self.pair_answer_by.take_if(|at| *at <= now.mono).is_some() {
            let acts = window.too_slow();
            return self.perform(now, acts);
        }
        let late = self.window_until.is_some_and(|at| at <= now.mono);
        if (late || now.unix >= window.expires()) && !window.progress().1 {
            let acts = window.no();
            self.perform(now, acts);
        }
        self.window_until = self.window_until.filter(|_| !late);
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
            will_share: Vec::new(),
            tries_left: None,
            nearby: false,
            why: None,
        };
        // A window in which nobody has said yes yet comes before a bond that nothing has proved.
        let begun_anew = self.window.as_ref().is_some_and(|w| !w.progress().1);
        if let Some(paired) = self.paired.as_ref().filter(|p| p.proved || !begun_anew) {
            view.their_name = Some(paired.bond.partner.name.clone());
            (view.number_matched, view.said_yes) = (true, true);
            view.state = if paired.proved {
                PairStep::Paired
            } else {
                PairStep::Confirming
            };
            return view;
        }
        let Some(window) = &self.window else {
            if let Some(why) = self.pair_failed {
                (view.state, view.why) = (PairStep::Failed, Some(why.into()));
            }
            return view;
        };
        view.state = window.step();
        view.nearby = window.is_nearby();
        view.invitation = window.invitation().map(Invitation::write);
        view.expires = Some(rfc3339(window.expires().max(now.unix)));
        view.my_number = window.number();
        (view.number_matched, view.said_yes) = window.progress();
        view.tries_left = Some(window.tries());
        if let Some(partner) = window.introduced() {
            view.their_name = Some(partner.name.clone());
            view.will_share = vec![
                "your name".into(),
                "every agreement you propose, and every yes and step back".into(),
                "check-ins, cards and reviews, once you are both ready".into(),
                "nothing of your private pages".into(),
            ];
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
