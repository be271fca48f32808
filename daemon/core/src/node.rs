//! The Node: one owner of everything, one function. Inputs in, effects out, no IO.

mod agreements;
mod calls;
mod carrying;
mod checkins;
mod desk;
mod dial;
mod disk;
mod doctor;
mod drafting;
mod forgetting;
mod history;
mod io;
mod keeping;
mod link;
mod load;
mod mapping;
mod marks;
mod notify;
mod private;
mod requests;
mod search;
mod show;
mod telling;
mod told;
mod window;

use crate::books::couple::Couple;
use crate::books::gate::Seals;
use crate::books::rows::{Row, Write};
use crate::keys::{Entropy, Key};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use troth_proto::ids::Who;
use troth_proto::notice::Notice;
use troth_proto::{AgreementId, Day, DraftId, Hash, PersonId, Slot};

use dial::{Bonds, Paired};
pub use io::{
    Client, Device, Disk, Effect, Input, Link, Listeners, Map, Mapping, Now, PairEffect, Share,
    Swap, unsaved,
};
pub use keeping::seal_keys;
pub use load::{Damaged, Founding, Loadable};
pub use private::{Found, How, Opened, Stretch};
use window::Known;

/// Who I am, and how this home is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Me {
    person: PersonId,
    name: String,
    /// Keys of the seals of everything written in my name, the one in use first.
    seals: Vec<Key>,
    /// The recovery words' public half.
    words_public: Hash,
    link_seed: Key,
    listen: Option<String>,
    sharing: Shares,
    /// The router is asked to let connections in.
    mapping: bool,
    /// The person chose to take back what is in their name whoever sealed it.
    as_partner_has_it: bool,
}

impl Me {
    /// The seals asked of entries of one's own book; none of the partner's.
    fn seals_asked(&self, who: Who) -> Option<Seals<'_>> {
        (who == Who::Me && !self.as_partner_has_it).then_some(Seals { keys: &self.seals })
    }
}

/// Whether the person shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Shares {
    On,
    Paused,
    Stopped,
}

/// Everything a daemon holds while its keys are open. Each part is held by the file of its name.
pub struct Node {
    me: Me,
    known: Option<Known>,
    bonds: Bonds,
    couple: Option<Couple>,
    desk: desk::Desk,
    disk: disk::Disk,
    link: link::Links,
    dial: dial::Dial,
    calls: calls::Calling,
    mapping: mapping::Router,
    window: window::Windows,
    carrying: carrying::Carrying,
    drafts: drafting::Drafts,
    forgetting: forgetting::Forgetting,
    away: told::Look,
    private: private::Private,
    notify: notify::Notifying,
    subscribers: BTreeSet<Client>,
    /// Whether the disk has not taken that the person paused or stopped.
    unsaved: bool,
    /// As the shell saw it last.
    device: Option<Device>,
    /// When the calendar was looked at, and when it is looked at again.
    calendar: Option<(Day, u64)>,
    /// On which day it was looked at what has been put away for long enough.
    away_looked_at: Option<Day>,
    /// Random for each run of a daemon.
    run: [u8; 16],
    out: Out,
}

/// What one input leads to.
#[derive(Default)]
struct Out {
    writes: Vec<Write>,
    /// Rows that are written as they are in the end.
    rows: BTreeSet<Row>,
    effects: Vec<Effect>,
    told: bool,
    agreements: BTreeSet<AgreementId>,
    slots: BTreeSet<Slot>,
    drafts: BTreeSet<DraftId>,
    /// Something came by which the partner closes a repair.
    closing: bool,
    /// What something was said about that was told or opened.
    told_roots: BTreeSet<(Who, u32)>,
}

/// Milliseconds between looks at the calendar.
const CALENDAR: u64 = 600_000;
/// Milliseconds from a start to the first one: also a home that is never up for long keeps its days.
const FIRST_LOOK: u64 = 5_000;

impl Node {
    /// Takes an input and says what is to be done, in order.
    pub fn handle(&mut self, now: Now, entropy: &mut dyn Entropy, input: Input) -> Vec<Effect> {
        let before = self.couple.as_ref().map(Couple::length);
        // Whatever strangers send to where calls are heard leaves no trace.
        if !input.is_private() && !matches!(input, Input::Called { .. }) {
            tracing::trace!(input = input.name(), "node");
        }
        // An answer about private pages never waits for a save that something else leads to, nor fails with it.
        let alone = matches!(input, Input::PrivateKept(_));
        // What is over by now is over before anything else is looked at.
        if !alone && self.disk.takes(now) {
            self.new_day(now, entropy);
        }
        self.window_tick(now);
        let moves = self.may_have_moved(&input);
        match input {
            Input::Started => self.started(now, entropy),
            Input::SaveFailed(listeners) => self.save_failed(now, listeners),
            Input::Request {
                client,
                id,
                request,
            } => {
                self.client_opened(now, client);
                self.request(now, entropy, client, id, request);
            }
            Input::ClientGone(client) => {
                self.subscribers.remove(&client);
                self.carrying.client_gone(client);
                self.follow_no_more(client);
                self.private.client_gone(client);
            }
            Input::LinkUp {
                link,
                own,
                peer,
                at,
            } => self.link_up(now, (link, own, peer), at),
            Input::Frame { link, bytes } => self.frame(now, entropy, link, &bytes),
            Input::LinkDown(link) => self.link_down(now, link),
            Input::Tried { at, what } => self.tried(now, at, what),
            Input::Woke => {
                self.private.lock();
                self.dial_beside(now);
            }
            Input::ClockSet => {
                self.dial.turns.clock_set();
                self.plan_rests(now);
            }
            Input::Listening { addresses } => self.listening(now, addresses),
            Input::Lans(lans) => self.lans(now, entropy, lans),
            Input::Called { from, to, bytes } => {
                self.call_heard(now, entropy, (from, to), &bytes);
            }
            Input::Mapped(said) => self.mapped(said),
            Input::PairListening { own, addresses } => {
                self.pair_listening(now, entropy, own, addresses);
            }
            Input::ListenFailed { address } => self.listen_failed(address),
            Input::Pair(input) => self.pair_input(now, entropy, input),
            Input::Exported { client, id, bytes } => self.exported(client, id, bytes),
            Input::Woven { number, woven } => self.woven(number, woven),
            Input::Erased(done) => self.erased(now, done),
            Input::Unsaved { stopped } => self.share_nothing_unsaved(stopped),
            Input::Device(device) => self.device = Some(device),
            Input::Private { halves, found } => self.private_read(now, entropy, halves, found),
            Input::Stretched { client, id, keys } => {
                self.private_stretched(now, entropy, (client, id), &keys);
            }
            Input::PrivateKept(done) => self.private_kept(now, entropy, done),
            Input::Notified(shown) => self.notify.shown(shown),
            Input::Tick => {}
        }
        if !alone {
            self.tick(now, entropy);
        }
        self.settle_mapping(moves);
        self.settle_drafts(now, entropy);
        // Whatever led to it, what was said goes to the partner.
        if self.couple.as_ref().map(Couple::length) != before || !self.out.drafts.is_empty() {
            self.pump_current();
        }
        self.finish(now, before)
    }

    /// When to hand in [`Input::Tick`] at the latest, and who asked for it.
    #[must_use]
    pub fn deadline(&self) -> Option<(u64, &'static str)> {
        let always = [
            self.link.deadline(),
            self.dial.deadline(),
            self.calls.deadline(),
        ]
        .into_iter()
        .chain(self.window.deadlines())
        .chain(self.private.deadlines());
        if let Some(at) = self.disk.refused_until {
            return always.flatten().chain([(at, "the disk")]).min();
        }
        let calendar = self.calendar.map(|(_, at)| (at, "calendar"));
        let rest = self.desk.rest_at.map(|at| (at, "a yes that rests"));
        let erase = self.forgetting.again_at.map(|at| (at, "forgetting"));
        let away = self.away.at.map(|at| (at, "what is put away"));
        always
            .chain(self.disk.deadlines())
            .chain([calendar, rest, erase, away, self.notify.deadline()])
            .flatten()
            .min()
    }

    fn started(&mut self, now: Now, entropy: &mut dyn Entropy) {
        entropy.fill(&mut self.run);
        self.calendar = Some((now.day, now.mono + FIRST_LOOK));
        if self.disk.takes(now) {
            self.catch_up(now, entropy);
        }
        self.share(now);
    }

    /// What became due while this home was closed, or its disk took nothing.
    fn catch_up(&mut self, now: Now, entropy: &mut dyn Entropy) {
        self.plan_rests(now);
        self.forget_after_a_load(now);
        self.call_back_old_readies(now, entropy);
        self.settle_all(now, entropy);
        self.forget_what_is_due(now, entropy);
    }

    /// The disk did not take what the node before this one wrote. It can be read, and a person may try; what comes about by
    /// itself waits: it would fail at once again, and the home would be read without end.
    fn save_failed(&mut self, now: Now, listeners: Listeners) {
        // What a load tidies can wait for another.
        self.out.writes.clear();
        self.disk.refused(now);
        self.subscribers = listeners.subscribers;
        self.out.told = true;
        self.follow_on(listeners.followers);
    }

    /// Those who are told of changes, for the node that takes the place of this one.
    #[must_use]
    pub fn listeners(&self) -> Listeners {
        Listeners {
            subscribers: self.subscribers.clone(),
            followers: self.followers(),
        }
    }

    /// Looks after everything whose time has come.
    fn tick(&mut self, now: Now, entropy: &mut dyn Entropy) {
        self.link_tick(now);
        self.dial_tick(now, entropy);
        self.calls_tick(now, entropy);
        self.private_tick(now, entropy);
        if !self.disk.takes(now) {
            return;
        }
        if self.disk.refused_until.take().is_some() {
            self.catch_up(now, entropy);
            self.share(now);
        }
        self.own_id_tick(now);
        self.rest_tick(now, entropy);
        self.away_tick(now, entropy);
        self.forgetting_tick(now);
        self.notify_tick(now);
        self.disk_tick(now);
    }

    /// Looks at the calendar.
    fn new_day(&mut self, now: Now, entropy: &mut dyn Entropy) {
        let Some((day, at)) = self.calendar else {
            return;
        };
        if at <= now.mono || day != now.day {
            self.calendar = Some((now.day, now.mono + CALENDAR));
            // Not at a start, which somebody waits for.
            if self.away_looked_at.replace(now.day) != Some(now.day) {
                self.forget_told(now, entropy);
                tracing::debug!(day = %now.day, "looked at what is put away");
            }
        }
        if day != now.day {
            self.out.told = true;
            if self.link.is_up() {
                self.met_today(now);
            }
            self.desk.told.clear();
            self.plan_rests(now);
            self.call_back_old_readies(now, entropy);
            self.forget_what_is_due(now, entropy);
        }
    }

    /// Turns what the input led to into effects in their order.
    fn finish(&mut self, now: Now, before: Option<[crate::books::book::Length; 2]>) -> Vec<Effect> {
        self.write_runs(now, before);
        self.write_draft_runs(now);
        if !self.out.writes.is_empty() || !self.out.rows.is_empty() {
            self.save_with_next();
        }
        self.write_rows();
        let out = std::mem::take(&mut self.out);
        for id in &out.agreements {
            self.desk.states.remove(id);
        }
        self.told_changed(&out.slots, &out.told_roots);
        let mut effects = Vec::with_capacity(out.effects.len() + 2);
        if !out.writes.is_empty() {
            effects.push(Effect::Save(out.writes));
        }
        effects.extend(out.effects);
        effects.sort_by_key(Effect::turn);
        if out.told && !self.subscribers.is_empty() {
            effects.push(Effect::Tell(self.subscribers.iter().copied().collect()));
        }
        effects
    }

    /// The two books, once there are two people.
    #[must_use]
    pub fn couple(&self) -> Option<&Couple> {
        self.couple.as_ref()
    }

    /// Keys that lie apart from the rest.
    #[must_use]
    pub fn seal_keys(&self) -> &[Key] {
        &self.me.seals
    }

    /// An entry in my own book that this program would not write: for a hostile partner to be tried with.
    #[cfg(any(test, feature = "sim"))]
    pub(crate) fn inject(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        sealed: &troth_proto::wire::SealedEntry,
    ) -> Option<Vec<Effect>> {
        let before = self.couple.as_ref().map(Couple::length);
        let couple = self.couple.as_mut()?;
        let document = couple.book(Who::Me).document();
        let sealed = std::slice::from_ref(sealed);
        let before_it = couple.book(Who::Me).entries();
        crate::books::gate::admit(couple, &document, None, sealed).ok()?;
        let after = couple.book(Who::Me).entries();
        for index in before_it..after {
            self.touch(Who::Me, index);
        }
        self.after_taking(now, entropy);
        self.pump_current();
        Some(self.finish(now, before))
    }

    #[cfg(any(test, feature = "sim"))]
    pub(crate) fn couple_mut(&mut self) -> Option<&mut Couple> {
        self.couple.as_mut()
    }

    /// Tells the person something, once a day at most.
    fn notice(&mut self, notice: Notice) {
        if self.noticed(notice) {
            self.put(Row::Notices);
        }
    }

    /// The same at a start, where a full disk would keep it from being saved at each start anew.
    fn notice_with_next(&mut self, notice: Notice) {
        if self.noticed(notice) {
            self.with_next(Row::Notices);
        }
    }

    fn noticed(&mut self, notice: Notice) -> bool {
        if self.desk.notices.contains(&notice) || !self.desk.told.insert(notice.clone()) {
            return false;
        }
        self.desk.notices.push(notice);
        self.desk.notices.truncate(8);
        self.out.told = true;
        true
    }

    /// The partner's name, or what to call them before it is known.
    fn partner_name(&self) -> String {
        self.partner_called().unwrap_or_default()
    }

    /// The same, if there is a partner.
    fn partner_called(&self) -> Option<String> {
        let known = self.known.as_ref()?;
        Some(
            self.called(Who::Partner)
                .unwrap_or_else(|| known.name.clone()),
        )
    }
}
