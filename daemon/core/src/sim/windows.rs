//! Pairing windows, and the whole pairing as two people do it.

use super::{Sim, address_of};
use crate::links::id_of as link_id;
use crate::node::{Input, PairEffect};
use crate::pairing;
use troth_proto::api::Request;
use troth_proto::pairing::{Invitation, LinkId};

impl Sim {
    /// The whole pairing, as two people do it.
    pub fn pair(&mut self) {
        self.pair_as([false, false]);
    }

    /// The same, each with the partner of before or not.
    pub fn pair_as(&mut self, again: [bool; 2]) {
        let invited = self
            .request(
                0,
                Request::PairInvite {
                    listen: None,
                    nearby: false,
                    again: again[0],
                },
            )
            .unwrap_or_default();
        let invitation = invited["invitation"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        debug_assert!(Invitation::read(&invitation).is_some());
        let _ = self.request(
            1,
            Request::PairJoin {
                invitation,
                listen: None,
                again: again[1],
            },
        );
        self.settle_pairing();
        let number = |sim: &mut Self, p: usize| {
            let view = sim.request(p, Request::PairState {}).unwrap_or_default();
            view["my_number"].as_str().unwrap_or_default().to_owned()
        };
        let numbers = [number(self, 0), number(self, 1)];
        for p in 0..2 {
            let _ = self.request(
                p,
                Request::PairNumber {
                    number: numbers[1 - p].clone(),
                    shown: None,
                },
            );
        }
        self.settle_pairing();
        for p in 0..2 {
            let _ = self.request(p, Request::PairYes {});
        }
        self.settle_pairing();
    }

    /// Delivers all pairing messages on the way.
    pub fn settle_pairing(&mut self) {
        while let Some(p) = (0..2).find(|p| !self.devices[*p].pair_inbox.is_empty()) {
            let Some(bytes) = self.devices[p].pair_inbox.pop_front() else {
                return;
            };
            if let Some(peer) = self.pair_id(1 - p) {
                self.input(
                    p,
                    Input::Pair(pairing::Input::Message {
                        conn: 1,
                        peer,
                        bytes,
                    }),
                );
            }
        }
    }

    pub(super) fn pair_effect(&mut self, p: usize, effect: PairEffect) {
        match effect {
            PairEffect::Open { seed, .. } => {
                let own = link_id(&seed);
                // What was on the way to a window before this one does not reach it.
                self.devices.iter_mut().for_each(|d| d.pair_inbox.clear());
                self.devices[p].pair_seed = Some(seed);
                self.input(
                    p,
                    Input::PairListening {
                        own,
                        addresses: vec![address_of(p)],
                    },
                );
            }
            PairEffect::Dial { peer, .. } => {
                self.devices[p].inviter = Some(peer.clone());
                if let (Some(mine), Some(_)) = (self.pair_id(p), self.pair_id(1 - p)) {
                    self.input(
                        1 - p,
                        Input::Pair(pairing::Input::Up {
                            conn: 1,
                            peer: mine,
                            dialled: false,
                        }),
                    );
                    self.input(
                        p,
                        Input::Pair(pairing::Input::Up {
                            conn: 1,
                            peer,
                            dialled: true,
                        }),
                    );
                }
            }
            PairEffect::Send(_, bytes) => self.devices[1 - p].pair_inbox.push_back(bytes),
            PairEffect::Drop(_) | PairEffect::Close => {}
        }
    }

    fn pair_id(&self, p: usize) -> Option<LinkId> {
        self.devices[p].pair_seed.as_ref().map(link_id)
    }
}
