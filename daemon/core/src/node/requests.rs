//! What clients ask, one by one, and how this node is.

use super::{Client, Effect, Node, Now, Shares};
use crate::keys::Entropy;
use crate::rows::Row;
use serde::Serialize;
use serde_json::Value;
use troth_proto::Problem;
use troth_proto::api::{Doctor, PairStep, Request, Rung, RungState, Sharing, Status};
use troth_proto::ids::Who;

/// An answer as JSON.
pub(super) fn value<T: Serialize>(answer: &T) -> Value {
    serde_json::to_value(answer).unwrap_or(Value::Null)
}

impl Node {
    pub(super) fn request(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        client: Client,
        id: u64,
        request: Request,
    ) {
        let before = self.lengths();
        let answer = self.answer(now, entropy, (client, id), request);
        match answer {
            Ok(None) => return, // the answer follows
            Ok(Some(answer)) => self.out.effects.push(Effect::Reply {
                client,
                id,
                answer: Ok(answer),
            }),
            Err(problem) => {
                // Nothing of a request that failed stays.
                if let (Some(couple), Some([mine, theirs])) = (&mut self.couple, before) {
                    couple.truncate(Who::Me, mine);
                    couple.truncate(Who::Partner, theirs);
                }
                self.out.effects.push(Effect::Reply {
                    client,
                    id,
                    answer: Err(problem),
                });
            }
        }
        self.pump_current();
    }

    fn answer(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        from: (Client, u64),
        request: Request,
    ) -> Result<Option<Value>, Problem> {
        let done = |v: Value| Ok(Some(v));
        match request {
            Request::Hello { .. } => done(Value::Null), // the shell has answered it
            Request::Init(_) => Err(Problem::AlreadySetUp),
            Request::Unlock(_) | Request::Lock {} => done(Value::Null), // the shell's: they open and close the keys
            Request::Status {} => done(value(&self.status())),
            Request::Today {} => {
                let mut today = self.today(now);
                if !self.notices.is_empty() {
                    today.notices = std::mem::take(&mut self.notices);
                    self.put(Row::Notices);
                }
                done(value(&today))
            }
            Request::PairInvite { listen, nearby } => self
                .pair_open(entropy, from, None, listen, nearby)
                .map(|()| None),
            Request::PairJoin { invitation, listen } => self
                .pair_open(entropy, from, Some(&invitation), listen, false)
                .map(|()| None),
            Request::PairState {} => done(value(&self.pair_view(now))),
            Request::PairNumber { number } => {
                self.pair_number(now, entropy, &number)?;
                done(value(&self.pair_view(now)))
            }
            Request::PairYes {} => {
                if self.pair_view(now).state != PairStep::Paired {
                    self.pair_yes(now)?;
                }
                done(value(&self.pair_view(now)))
            }
            Request::PairNo {} => {
                self.pair_no(now);
                done(value(&self.pair_view(now)))
            }
            Request::AgreementPropose(words) => self.propose(now, entropy, words).map(Some),
            Request::AgreementSame { version } => {
                self.propose_same(now, entropy, &version).map(Some)
            }
            Request::AgreementYes { version } => self.yes(now, entropy, &version).map(Some),
            Request::AgreementNotNow { version, note } => {
                self.not_now(now, entropy, &version, note).map(Some)
            }
            Request::AgreementNeedTime { version, until } => {
                self.need_time(now, entropy, &version, until).map(Some)
            }
            Request::AgreementStepBack { version, note } => {
                self.step_back(now, entropy, &version, note).map(Some)
            }
            Request::AgreementLetGo { agreement, note } => {
                self.let_go(now, entropy, &agreement, note).map(Some)
            }
            Request::AgreementMyPart { agreement, text } => {
                self.my_part(now, entropy, &agreement, text).map(Some)
            }
            Request::AgreementLook {
                version,
                words,
                lean,
            } => self.look(now, entropy, &version, words, lean).map(Some),
            Request::AgreementShow { agreement } => self.show_named(now, &agreement).map(Some),
            Request::AgreementList { state, after } => {
                done(value(&self.list(now, state, after.as_deref())))
            }
            Request::CheckinReady { slot, words } => {
                self.checkin_ready(now, entropy, slot, words).map(Some)
            }
            Request::CheckinCancel { slot } => self.checkin_cancel(now, entropy, &slot).map(Some),
            Request::CheckinShare { slot } => self.checkin_share(now, entropy, &slot).map(Some),
            Request::CheckinHeard { slot, words } => {
                self.checkin_heard(now, entropy, &slot, words).map(Some)
            }
            Request::CheckinShow { slot } => self.checkin_show(now, slot.as_ref()).map(Some),
            Request::CarryOut { cursor, upto } => self
                .carry_out(entropy, cursor.as_deref(), upto)
                .map(|piece| Some(value(&piece))),
            Request::CarryIn { piece, last } => self
                .carry_in(now, entropy, from.0, &piece, last)
                .map(|it| Some(value(&it))),
            Request::Reach { address } => {
                self.reach(now, address)?;
                done(value(&self.status()))
            }
            Request::Pause {} => done(self.set_sharing(now, Shares::Paused)),
            Request::Resume {} => done(self.set_sharing(now, Shares::On)),
            Request::Stop {} => done(self.set_sharing(now, Shares::Stopped)),
            Request::Doctor {} => done(value(&self.doctor())),
            Request::Subscribe {} => {
                self.subscribers.insert(from.0);
                done(Value::Null)
            }
            Request::Shutdown {} => {
                self.save_later_rows();
                self.out.effects.push(Effect::End);
                done(Value::Null)
            }
        }
    }

    fn set_sharing(&mut self, now: Now, sharing: Shares) -> Value {
        if self.me.sharing != sharing {
            self.me.sharing = sharing;
            self.put(Row::Me);
            if sharing != Shares::On {
                // The shell drops the network whole, as at shutdown: no word of why.
                self.streams.clear();
                self.current = None;
                self.close_window();
            }
            self.share(now);
            self.out.told = true;
        }
        value(&self.status())
    }

    /// Whether the partner's disk has everything written here.
    pub(super) fn partner_has_all(&self) -> bool {
        self.couple
            .as_ref()
            .is_none_or(|couple| self.acked >= couple.book(Who::Me).n())
    }

    pub(super) fn status(&self) -> Status {
        let mut notices = self.notices.clone();
        if self.couple.as_ref().is_some_and(|c| c.newer() > 0) {
            notices.push("Some of what is here was written with a newer Troth. It is kept, and shown once this one is updated.".into());
        }
        Status {
            me: Some(self.me.name.clone()),
            partner: self
                .paired
                .as_ref()
                .filter(|p| p.proved)
                .map(|p| p.bond.partner.name.clone()),
            sharing: self.sharing(),
            partner_has_all: self.partner_has_all(),
            taking_over: self.progress(),
            notices,
            keys: "open".into(),
            locked_by: None,
            key_home: None,
            private: "absent".into(),
            daemon: crate::closed::daemon(),
        }
    }

    fn doctor(&self) -> Doctor {
        let rung = |name: &str, state, why: &str, who: &str| Rung {
            name: name.into(),
            state,
            why: why.into(),
            who_must_act: who.into(),
        };
        let partner = self.partner_name();
        let sharing = match self.sharing() {
            Sharing::On => rung("sharing", RungState::Ok, "You share.", ""),
            Sharing::Paused => rung(
                "sharing",
                RungState::Off,
                "You have paused.",
                "you: `troth resume`",
            ),
            Sharing::Stopped => rung(
                "sharing",
                RungState::Off,
                "You have stopped sharing.",
                "you, if you wish: `troth resume`",
            ),
            Sharing::NotPaired => rung(
                "sharing",
                RungState::Off,
                "You are not paired yet.",
                "both of you: `troth pair`",
            ),
        };
        let shares = self.sharing() == Sharing::On;
        let port = port_of(self.me.listen.as_deref().unwrap_or_default());
        let over = |kind: &str| self.addresses.iter().any(|a| a.contains(kind));
        let listening = if !shares {
            let why = match port {
                Some(port) => format!(
                    "Nothing listens while nothing is shared. Later it is port {port}, and while pairing {}; a firewall must let both in, UDP and TCP.",
                    port.saturating_add(1)
                ),
                None => "Nothing listens while nothing is shared.".into(),
            };
            rung("listening", RungState::Off, &why, "")
        } else if let Some(address) = self
            .listen_failed
            .as_ref()
            .filter(|_| self.addresses.is_empty())
        {
            let why = format!(
                "Nothing could listen at {address}: another program has that port. Troth goes on trying."
            );
            rung(
                "listening",
                RungState::Failed,
                &why,
                "you: end that program",
            )
        } else if self.addresses.is_empty() {
            rung(
                "listening",
                RungState::Failed,
                "This device has no network address.",
                "you: connect it to a network",
            )
        } else if !over("/udp/") || !over("/tcp/") {
            let which = if over("/udp/") { "TCP" } else { "UDP" };
            let why = format!(
                "At {}, but another program has the {which} port. Troth goes on trying.",
                spoken(&self.addresses)
            );
            rung(
                "listening",
                RungState::Failed,
                &why,
                "you: end that program",
            )
        } else {
            let why = format!("At {}, UDP and TCP.", spoken(&self.addresses));
            rung("listening", RungState::Ok, &why, "")
        };
        let known = match &self.paired {
            Some(paired) => {
                let typed = paired.typed.iter().cloned();
                let all: Vec<String> = paired
                    .bond
                    .partner
                    .addresses
                    .iter()
                    .cloned()
                    .chain(typed)
                    .collect();
                spoken(&all)
            }
            None => String::new(),
        };
        let remembered = match (shares, known.is_empty()) {
            (false, _) => rung("remembered addresses", RungState::Off, "Not dialled.", ""),
            (true, true) => rung(
                "remembered addresses",
                RungState::Failed,
                &format!(
                    "No address of {partner}'s is known. `troth doctor` there names it, and `troth reach` here takes it."
                ),
                "both of you",
            ),
            (true, false) => rung(
                "remembered addresses",
                RungState::Ok,
                &format!("{partner} was last at {known}."),
                "",
            ),
        };
        let link = match (shares, self.current.is_some()) {
            (false, _) => rung("link", RungState::Off, "Not tried.", ""),
            (true, true) => rung(
                "link",
                RungState::Ok,
                &format!("You and {partner} are connected."),
                "",
            ),
            (true, false) if self.forked => rung(
                "link",
                RungState::Failed,
                &Problem::Older {
                    partner: partner.clone(),
                }
                .what(),
                "you",
            ),
            (true, false) => {
                let why = format!("{partner}'s device does not answer. Troth goes on trying.");
                rung(
                    "link",
                    RungState::Failed,
                    &why,
                    "nobody, if it is off; if it is on elsewhere, `troth reach` here with an address that `troth doctor` names there",
                )
            }
        };
        let carried = rung(
            "carried file",
            if shares || self.couple.is_some() {
                RungState::Ok
            } else {
                RungState::Off
            },
            "`troth carry out FILE` always works.",
            "",
        );
        Doctor {
            rungs: vec![sharing, listening, remembered, link, carried],
        }
    }
}

/// Addresses as a person types them: each host and port once.
fn spoken(addresses: &[String]) -> String {
    let mut all: Vec<String> = Vec::new();
    for address in addresses {
        let parts: Vec<&str> = address.split('/').collect();
        let spoken = match parts[..] {
            ["", "ip4", host, _, port, ..] => format!("{host}:{port}"),
            ["", "ip6", host, _, port, ..] => format!("[{host}]:{port}"),
            _ => address.clone(),
        };
        if !all.contains(&spoken) {
            all.push(spoken);
        }
    }
    all.join(", ")
}

fn port_of(listen: &str) -> Option<u16> {
    listen.rsplit_once(':')?.1.parse().ok()
}
