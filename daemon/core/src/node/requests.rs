//! What clients ask, one by one, and how this node is.

use super::window::Asked;
use super::{Client, Effect, Node, Now, Shares};
use crate::books::book::Subject;
use crate::books::rows::Row;
use crate::keys::Entropy;
use serde::Serialize;
use serde_json::Value;
use troth_proto::api::{KeptUnsaid, PairStep, Request, Secret, Sharing, Status, UnsaidWords};
use troth_proto::ids::Who;
use troth_proto::notice::Notice;
use troth_proto::problem::Wrong;
use troth_proto::telling::Ask;
use troth_proto::{AssertionId, Problem, Slot};

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
        let before = self.couple.as_ref().map(|couple| couple.length());
        let answer = self.answer(now, entropy, (client, id), request);
        match answer {
            Ok(None) => {} // the answer follows
            Ok(Some(answer)) => self.out.effects.push(Effect::Reply {
                client,
                id,
                answer: Ok(answer),
            }),
            Err(problem) => {
                // Nothing of a request that failed stays.
                if let (Some(couple), Some(before)) = (&mut self.couple, before)
                    && couple.length() != before
                {
                    couple.truncate(before);
                    self.desk.repairs = None;
                }
                self.out.effects.push(Effect::Reply {
                    client,
                    id,
                    answer: Err(problem),
                });
            }
        }
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
            Request::Status {} => {
                let mut status = self.status();
                if self.private.is_open(from.0) {
                    status.private = "open".into();
                }
                done(value(&status))
            }
            Request::Glance {} => done(value(&self.glance(now))),
            Request::Today {} => {
                let mut today = self.glance(now);
                self.notify.today_is_seen();
                (today.news, today.more_news) = self.tell_news(now);
                if !self.desk.notices.is_empty() {
                    today.notices = std::mem::take(&mut self.desk.notices);
                    self.later(now, Row::Notices); // what is only read can be read on a full disk
                }
                done(value(&today))
            }
            Request::PairInvite {
                listen,
                nearby,
                again,
            } => {
                let asked = Asked {
                    invitation: None,
                    listen,
                    nearby,
                    again,
                };
                self.pair_open(entropy, from, asked).map(|()| None)
            }
            Request::PairJoin {
                invitation,
                listen,
                again,
            } => {
                let asked = Asked {
                    invitation: Some(&invitation),
                    listen,
                    nearby: false,
                    again,
                };
                self.pair_open(entropy, from, asked).map(|()| None)
            }
            Request::PairState {} => done(value(&self.pair_view(now))),
            Request::PairNumber { number, shown } => {
                self.pair_number(now, entropy, &number, shown.as_deref())?;
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
            Request::AgreementCallBack { version } => self.call_back_yes(now, &version).map(Some),
            Request::AgreementPutAway { agreement, days } => self
                .put_away_agreement(now, entropy, &agreement, days)
                .map(Some),
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
            Request::AgreementShow { agreement, after } => {
                self.show_agreement(now, &agreement, after).map(Some)
            }
            Request::AgreementHistory { agreement, after } => {
                self.history(now, &agreement, after).map(Some)
            }
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
            Request::CheckinTakeBack { slot } => {
                self.checkin_take_back(now, entropy, &slot).map(Some)
            }
            Request::SlotReady { slot, words } => {
                self.slot_ready(now, entropy, &slot, words).map(Some)
            }
            Request::SlotList { after } => self.all_slots(now, after).map(Some),
            Request::Told(ask) => self.told_request(now, entropy, from, ask),
            Request::CheckinShow { slot, after } => {
                self.checkin_show(now, slot.as_ref(), after).map(Some)
            }
            Request::CarryOut {
                cursor,
                upto,
                whole,
            } => self
                .carry_out(entropy, cursor.as_deref(), upto, whole)
                .map(|piece| Some(value(&piece))),
            Request::CarryIn { piece, last } => self
                .carry_in(now, entropy, from.0, &piece, last)
                .map(|it| Some(value(&it))),
            Request::Backup { cursor } => self
                .backup(cursor.as_deref())
                .map(|lines| Some(value(&lines))),
            Request::Restore { lines, last } => {
                self.restore(now, entropy, from.0, &lines.0, last).map(Some)
            }
            Request::EarlierWords { recovery_words } => {
                self.earlier_words(now, &recovery_words)?;
                done(value(&self.status()))
            }
            Request::AsPartnerHasIt {} => {
                self.as_partner_has_it(now)?;
                done(value(&self.status()))
            }
            Request::ExportBook {
                whose,
                with_confidences,
                cursor,
            } => self.export_book(now, from, (whose, with_confidences), cursor.as_deref()),
            Request::DraftNew { form, title } => {
                self.draft_new(now, entropy, form, title).map(Some)
            }
            Request::DraftList {} => done(value(&self.draft_list()?)),
            Request::DraftRead {
                draft,
                since,
                follow,
            } => self.draft_read(from, &draft, since, follow).map(|()| None),
            Request::DraftEdit { draft, at, edits } => {
                self.draft_edit(from, &draft, at, edits).map(|()| None)
            }
            Request::DraftClose { draft } => self.draft_close(entropy, &draft).map(Some),
            Request::ExportDraft { draft, cursor } => match cursor {
                None => self.draft_save(from, &draft).map(|()| None),
                Some(cursor) => self.export_next(from.0, &cursor).map(Some),
            },
            Request::KeepUnsaid { about, words } => {
                let gone = self.keep_unsaid(&about, words.map(|words| words.0))?;
                done(value(&KeptUnsaid { gone }))
            }
            Request::Unsaid { about } => {
                let words = self.unsaid(&about).map(Secret);
                done(value(&UnsaidWords { words }))
            }
            Request::PrivateOpen { .. }
            | Request::PrivateClose {}
            | Request::PrivateList { .. }
            | Request::PrivateShow { .. }
            | Request::PrivateWrite { .. }
            | Request::PrivateDrop { .. }
            | Request::PrivatePassphrase { .. }
            | Request::PrivateKeep { .. } => self.private_request(now, entropy, from, request),
            Request::Reach { address } => {
                self.reach(now, address)?;
                done(value(&self.status()))
            }
            Request::ReachHere {} => done(value(&self.reach_here(now, entropy)?)),
            Request::Network { mapping } => done(value(&self.network(mapping))),
            Request::Notify { set } => done(value(&self.notifications(set))),
            Request::Pause {} => done(self.set_sharing(now, Shares::Paused)),
            Request::Resume {} => done(self.set_sharing(now, Shares::On)),
            Request::Stop {} => done(self.set_sharing(now, Shares::Stopped)),
            Request::Doctor {} => done(value(&self.doctor(now))),
            Request::Once { id, request } => self.once(now, entropy, from, (id, *request)),
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

    /// Says something under an id that the client drew, unless it is said already. Private pages keep such ids themselves.
    fn once(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        from: (Client, u64),
        (id, request): (AssertionId, Request),
    ) -> Result<Option<Value>, Problem> {
        if !request.says() {
            return Err(Problem::BadRequest {
                wrong: Wrong::NotTheForm,
            });
        }
        if request.is_private() {
            let request = Box::new(request);
            return self.private_request(now, entropy, from, Request::Once { id, request });
        }
        if let Some(stands) = self.said_under(now, &id, &request) {
            return stands.map(Some);
        }
        self.desk.once = Some(id);
        let answer = self.answer(now, entropy, from, request);
        self.desk.once = None;
        answer
    }

    /// What the request led to that said something under this id, as it stands; nothing if nothing was said.
    fn said_under(
        &mut self,
        now: Now,
        id: &AssertionId,
        request: &Request,
    ) -> Option<Result<Value, Problem>> {
        let couple = self.couple.as_ref()?;
        let said = *couple.book(Who::Me).by_id(id).first()?;
        let (hash, is_version) = (said.hash, said.is_version);
        Some(match (request, said.subject?.clone()) {
            (Request::CheckinHeard { slot, .. }, _) => self.checkin_show(now, Some(slot), None),
            (Request::Told(Ask::TakeBack { .. }), _) => {
                let about = said.read()?.about?;
                let of = *couple.book(Who::Me).by_id(&about).first()?;
                let (thread, hash) = (of.thread(), of.hash);
                let Subject::Told(who, index) = thread else {
                    return None;
                };
                let view = self.told_taken_back(now, (who, index), &hash);
                view.map(|view| value(&view))
            }
            (_, Subject::Agreement(id)) if is_version => Ok(self.proposed(&id, &hash)),
            (_, Subject::Agreement(id)) => self.acted(now, &id, None),
            (Request::AgreementLook { .. }, Subject::Slot(slot)) => {
                let Slot::Look { version, .. } = *slot else {
                    return None;
                };
                let Some(Subject::Agreement(id)) = couple.find(&version)?.1.subject else {
                    return None;
                };
                self.acted(now, &id.clone(), Some(&version))
            }
            (_, Subject::Slot(slot)) => self.checkin_show(now, Some(&slot), None),
            (_, Subject::Draft(draft)) => Ok(serde_json::json!({"draft": draft})),
            (_, Subject::Told(who, index)) => {
                let view = self.told_show(now, (who, index), false);
                view.map(|view| value(&view))
            }
        })
    }

    fn set_sharing(&mut self, now: Now, sharing: Shares) -> Value {
        if self.bonds.nobody() && sharing != Shares::On {
            // There is nobody from whom to keep anything: whoever pairs later means to share.
            self.close_window();
            self.out.told = true;
        } else if self.me.sharing != sharing || self.unsaved {
            self.unsaved = false;
            self.me.sharing = sharing;
            self.put(Row::Me);
            if sharing != Shares::On {
                // The shell drops the network whole, as at shutdown: no word of why.
                self.link.clear();
                self.close_window();
            }
            self.share(now);
            self.out.told = true;
        }
        value(&self.status())
    }

    pub(super) fn sharing(&self) -> Sharing {
        match self.me.sharing {
            _ if self.bonds.nobody() => Sharing::NotPaired,
            Shares::Paused => Sharing::Paused,
            Shares::Stopped => Sharing::Stopped,
            Shares::On if self.bonds.proved.is_none() => Sharing::NotPaired,
            Shares::On => Sharing::On,
        }
    }

    /// What the disk did not take holds all the same, until this daemon ends.
    pub(super) fn share_nothing_unsaved(&mut self, stopped: bool) {
        self.me.sharing = if stopped {
            Shares::Stopped
        } else {
            Shares::Paused
        };
        self.unsaved = true;
    }

    pub(super) fn status(&self) -> Status {
        let mut notices = self.desk.notices.clone();
        let newer = self.couple.as_ref().is_some_and(|c| c.newer() > 0);
        if newer && !notices.contains(&Notice::Newer) {
            notices.push(Notice::Newer);
        }
        Status {
            me: Some(self.called(Who::Me).unwrap_or_else(|| self.me.name.clone())),
            partner: self.partner_called(),
            sharing: self.sharing(),
            partner_has_all: self.partner_has_all(),
            linked: self.link.is_up(),
            met: self.bonds.proved.as_ref().and_then(|paired| paired.met),
            taking_over: self.progress(),
            notices,
            keys: "open".into(),
            locked_by: None,
            key_home: None,
            today: self.calendar.map(|(day, _)| day),
            private: "locked".into(),
            daemon: crate::closed::daemon(),
        }
    }
}
