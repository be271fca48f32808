//! Steps of an agreement: each is checked against the view, and then one assertion in my book.

use super::requests::value;
use super::{Node, Now};
use crate::agreement::{Standing, View};
use crate::book::{Said, Subject, Thread};
use crate::gate::{self, Refusal};
use crate::keys::{Entropy, draw};
use serde_json::Value;
use troth_proto::api::{Propose, Proposed};
use troth_proto::assertion::{
    self, From, Lean, Look, MyPart, NeedTime, Noted, OfVersion, StepBack, Version, Weight, Words,
};
use troth_proto::ids::Who;
use troth_proto::view::{AgreementState, VersionState};
use troth_proto::wire::{Entry, Op, SealedEntry, entry_hash};
use troth_proto::{AgreementId, Assertion, AssertionId, Body, Day, Hash, Problem, Slot};

/// A version a person named, with its agreement as it stands.
struct Named {
    agreement: AgreementId,
    view: View,
    standing: Standing,
}

impl Node {
    /// One assertion in my book, through the same gate as the partner's.
    pub(super) fn say(
        &mut self,
        entropy: &mut dyn Entropy,
        on: Option<Day>,
        body: Body,
        weight: Weight,
        seen: Vec<Hash>,
    ) -> Result<Hash, Problem> {
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let book = couple.book(Who::Me);
        let id = AssertionId(draw(entropy));
        let it = Assertion {
            id,
            seq: book.seq() + 1,
            on,
            body,
            about: None,
            seen,
            instead_of: None,
            weight,
        };
        let bytes = it.write().map_err(|_| Problem::TooLong)?;
        let value = String::from_utf8(bytes).map_err(|_| Problem::Internal)?;
        let hash = assertion::hash(couple.id, book.owner, value.as_bytes());
        let op = Op {
            kind: Op::PUT,
            key: id,
            value,
        };
        let entry = Entry {
            n: book.n() + 1,
            prev: book.have().head,
            deps: Vec::new(),
            ops: vec![op],
        };
        let (log, n) = (book.log, entry.n);
        let entry_hash = entry_hash(couple.id, &log, &entry);
        let sealed = SealedEntry {
            entry,
            hash: entry_hash,
            seal: self.seal(&log, n, &entry_hash),
        };
        let couple = self.couple.as_mut().ok_or(Problem::NotPaired)?;
        gate::admit(couple, Who::Me, &log, &[sealed]).map_err(|refusal| match refusal {
            Refusal::Limit => Problem::TooManyActs,
            _ => {
                tracing::error!(%refusal, "an own entry was refused");
                Problem::Internal
            }
        })?;
        self.touch(Who::Me, n);
        Ok(hash)
    }

    /// Notes which agreements and slots an entry speaks of.
    pub(super) fn touch(&mut self, who: Who, n: u64) {
        let Some(couple) = &self.couple else { return };
        for said in couple.book(who).said_at(n) {
            match said.subject {
                Subject::Agreement(id) => {
                    self.out.touched.insert(*id);
                }
                Subject::Slot(slot) => {
                    self.out.slots.insert((**slot).clone());
                }
                Subject::Newer => {}
            }
        }
    }

    /// The newest agreement assertion of the partner's that my book has not seen yet: nothing else is listed.
    fn seen(&self) -> Vec<Hash> {
        let Some(couple) = &self.couple else {
            return Vec::new();
        };
        let have = couple.past_of_next(Who::Me, &[]) as usize;
        let unseen = couple.book(Who::Partner).said().skip(have);
        let newest = unseen
            .rev()
            .find(|said| matches!(said.subject, Subject::Agreement(_)));
        newest.map(|said| said.hash).into_iter().collect()
    }

    fn say_now(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        body: Body,
        weight: Weight,
    ) -> Result<Hash, Problem> {
        let seen = self.seen();
        self.say(entropy, Some(now.day), body, weight, seen)
    }

    pub(super) fn propose(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        asked: Propose,
    ) -> Result<Value, Problem> {
        self.bound()?;
        let words = Words {
            topic: asked.topic,
            terms: asked.terms,
            does: asked.does,
            when_then: asked.when_then,
            not_meant: asked.not_meant,
            trial_until: asked.trial_until,
            look_again: asked.look_again,
            tag: asked.tag,
        };
        let agreement = asked
            .agreement
            .map(|named| self.agreement_named(&named))
            .transpose()?;
        let mut base = Vec::new();
        if let Some(named) = &asked.base {
            for version in named {
                let version = self.version_named(now, version)?;
                if agreement != Some(version.agreement) {
                    return Err(Problem::BadRequest {
                        detail: "every `base` must be of the `agreement` given".into(),
                    });
                }
                base.push(version.standing.hash);
            }
            base.sort();
            base.dedup();
        } else if let Some(agreement) = &agreement {
            base = self.to_build_on(now, agreement);
        }
        self.propose_words(now, entropy, agreement, base, words, asked.weight)
    }

    pub(super) fn propose_same(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        version: &str,
    ) -> Result<Value, Problem> {
        let named = self.version_named(now, version)?;
        let (words, weight) = self
            .words_of(&named.standing.hash)
            .ok_or(Problem::Internal)?;
        let base = self.to_build_on(now, &named.agreement);
        self.propose_words(now, entropy, Some(named.agreement), base, words, weight)
    }

    fn propose_words(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        agreement: Option<AgreementId>,
        base: Vec<Hash>,
        words: Words,
        weight: Weight,
    ) -> Result<Value, Problem> {
        words.check().map_err(|malformed| match malformed {
            assertion::Malformed::OverLimit => Problem::TooLong,
            assertion::Malformed::Form if words.topic.trim().is_empty() => Problem::NothingSaid,
            assertion::Malformed::Form => Problem::NobodyDoes,
        })?;
        let agreement = agreement.unwrap_or_else(|| AgreementId(draw(entropy)));
        let hash = self.say_now(
            now,
            entropy,
            Body::Version(Version {
                agreement,
                base,
                words,
            }),
            weight,
        )?;
        let version = self
            .couple
            .as_ref()
            .and_then(|c| c.find(&hash))
            .map(|(_, said)| said.id.hex());
        Ok(value(&Proposed {
            agreement: agreement.hex(),
            version: version.unwrap_or_default(),
            hash: hash.hex(),
        }))
    }

    pub(super) fn yes(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        version: &str,
    ) -> Result<Value, Problem> {
        let named = self.version_named(now, version)?;
        let mut standing = named.standing;
        // Of two wordings that are the same, yes is said to the other's.
        if standing.by == Who::Me
            && standing.state == VersionState::Proposed
            && let Some(twin) = named.view.twin_of(&standing)
        {
            standing = twin.clone();
        }
        // Words that were let go, refused or overtaken need a proposal of their own, also by one who said yes once.
        match standing.state {
            VersionState::TwoYeses => return Err(Problem::PickSame),
            VersionState::Ended
            | VersionState::NotAgreed
            | VersionState::Replaced
            | VersionState::Over => {
                return Err(Problem::NotOnOffer);
            }
            _ if standing.yes.contains(&Who::Me) => return Err(Problem::AlreadySaidYes),
            _ => {}
        }
        let acts = self
            .thread(&named.agreement)
            .map(|t| t.acts.clone())
            .unwrap_or_default();
        if !named.view.yes_would_count(&acts, &standing.hash) {
            return Err(Problem::YesWouldNotCount);
        }
        self.say_now(
            now,
            entropy,
            Body::Yes(OfVersion {
                version: standing.hash,
            }),
            Weight::Everyday,
        )?;
        self.show_agreement(now, &named.agreement)
    }

    pub(super) fn not_now(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        version: &str,
        note: String,
    ) -> Result<Value, Problem> {
        let named = self.on_offer_to_me(now, version)?;
        let body = Body::NotNow(Noted {
            version: named.standing.hash,
            note,
        });
        self.say_now(now, entropy, body, Weight::Everyday)?;
        self.show_agreement(now, &named.agreement)
    }

    pub(super) fn need_time(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        version: &str,
        until: Day,
    ) -> Result<Value, Problem> {
        let named = self.on_offer_to_me(now, version)?;
        let body = Body::NeedTime(NeedTime {
            version: named.standing.hash,
            until,
        });
        self.say_now(now, entropy, body, Weight::Everyday)?;
        self.show_agreement(now, &named.agreement)
    }

    fn on_offer_to_me(&self, now: Now, version: &str) -> Result<Named, Problem> {
        let named = self.version_named(now, version)?;
        if named.standing.by == Who::Me {
            return Err(Problem::NotYours);
        }
        if named.standing.state != VersionState::Proposed {
            return Err(Problem::NotOnOffer);
        }
        Ok(named)
    }

    pub(super) fn step_back(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        version: &str,
        note: String,
    ) -> Result<Value, Problem> {
        let named = self.version_named(now, version)?;
        if let VersionState::Ended | VersionState::NotAgreed = named.standing.state {
            return Err(self.already_let_go(&named).unwrap_or(Problem::NotOnOffer));
        }
        let body = Body::StepBack(StepBack {
            from: From::Version(named.standing.hash),
            note,
        });
        self.say_now(now, entropy, body, Weight::Everyday)?;
        self.show_agreement(now, &named.agreement)
    }

    pub(super) fn let_go(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        agreement: &str,
        note: String,
    ) -> Result<Value, Problem> {
        let agreement = self.agreement_named(agreement)?;
        let view = self.view(now, &agreement);
        if view.state == AgreementState::LetGo
            && let Some(ended) = view
                .versions
                .iter()
                .find(|v| v.state == VersionState::Ended)
                .cloned()
            && let Some(problem) = self.already_let_go(&Named {
                agreement,
                view,
                standing: ended,
            })
        {
            return Err(problem);
        }
        let body = Body::StepBack(StepBack {
            from: From::Agreement(agreement),
            note,
        });
        self.say_now(now, entropy, body, Weight::Everyday)?;
        self.show_agreement(now, &agreement)
    }

    fn already_let_go(&self, named: &Named) -> Option<Problem> {
        if named.standing.state != VersionState::Ended {
            return None;
        }
        let acts = &self.thread(&named.agreement)?.acts;
        let first = acts.get(*named.standing.backs.first()?)?;
        let by = match first.by {
            Who::Me => self.me.name.clone(),
            Who::Partner => self.partner_name(),
        };
        Some(Problem::AlreadyLetGo { by, on: first.on })
    }

    pub(super) fn my_part(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        agreement: &str,
        text: String,
    ) -> Result<Value, Problem> {
        let agreement = self.agreement_named(agreement)?;
        if !troth_proto::limits::text_fits(&text, troth_proto::limits::TEXT_CHARS) {
            return Err(Problem::TooLong);
        }
        self.say_now(
            now,
            entropy,
            Body::MyPart(MyPart { agreement, text }),
            Weight::Everyday,
        )?;
        self.show_agreement(now, &agreement)
    }

    pub(super) fn look(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        version: &str,
        words: String,
        lean: Lean,
    ) -> Result<Value, Problem> {
        let named = self.version_named(now, version)?;
        if words.trim().is_empty() {
            return Err(Problem::NothingSaid);
        }
        let text = serde_json::to_string(&Look { words, lean }).map_err(|_| Problem::Internal)?;
        self.ready(now, entropy, &Slot::Look(named.standing.hash), text)?;
        self.show_agreement(now, &named.agreement)
    }

    pub(super) fn show_named(&self, now: Now, agreement: &str) -> Result<Value, Problem> {
        self.bound()?;
        let agreement = self.agreement_named(agreement)?;
        self.show_agreement(now, &agreement)
    }

    pub(super) fn thread(&self, agreement: &AgreementId) -> Option<&Thread> {
        self.couple.as_ref()?.thread(agreement)
    }

    pub(super) fn view(&self, now: Now, agreement: &AgreementId) -> View {
        View::of(self.thread(agreement).map_or(&[], |t| &t.acts), now.day)
    }

    fn to_build_on(&self, now: Now, agreement: &AgreementId) -> Vec<Hash> {
        let acts = self.thread(agreement).map_or(&[][..], |t| &t.acts);
        View::of(acts, now.day).to_build_on(acts)
    }

    /// The words of a version from my side.
    pub(super) fn words_of(&self, version: &Hash) -> Option<(Words, Weight)> {
        let (by, said) = self.couple.as_ref()?.find(version)?;
        let it = said.read()?;
        let Body::Version(version) = it.body else {
            return None;
        };
        Some((
            if by == Who::Me {
                version.words
            } else {
                version.words.exchanged()
            },
            it.weight,
        ))
    }

    /// An agreement by the beginning of its name, or of a version's.
    pub(super) fn agreement_named(&self, name: &str) -> Result<AgreementId, Problem> {
        let name = checked_name(name)?;
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let mut found = couple.threads_beginning(&name);
        if found.is_empty() {
            found = self
                .versions_beginning(&name)
                .into_iter()
                .filter_map(agreement_of)
                .collect();
            found.dedup();
        }
        match found[..] {
            [] => Err(Problem::NoSuch { what: name }),
            [id] => Ok(id),
            _ => Err(Problem::NotUnique { what: name }),
        }
    }

    fn version_named(&self, now: Now, name: &str) -> Result<Named, Problem> {
        let name = checked_name(name)?;
        self.bound()?;
        let found = self.versions_beginning(&name);
        let said = match found[..] {
            [] => return Err(Problem::NoSuch { what: name }),
            [said] => said,
            _ => return Err(Problem::NotUnique { what: name }),
        };
        let agreement = agreement_of(said).ok_or(Problem::Internal)?;
        let view = self.view(now, &agreement);
        let standing = view.version(&said.hash).cloned().ok_or(Problem::Internal)?;
        Ok(Named {
            agreement,
            view,
            standing,
        })
    }

    fn versions_beginning(&self, name: &str) -> Vec<Said<'_>> {
        let Some(couple) = &self.couple else {
            return Vec::new();
        };
        let both = [Who::Me, Who::Partner].into_iter();
        let by_id: Vec<Said<'_>> = both
            .clone()
            .flat_map(|who| couple.book(who).versions_beginning(name))
            .collect();
        if !by_id.is_empty() {
            return by_id;
        }
        let hash = Hash::from_hex(name).ok();
        hash.and_then(|hash| couple.find(&hash))
            .map(|(_, said)| said)
            .filter(|said| said.is_version)
            .into_iter()
            .collect()
    }
}

fn agreement_of(said: Said<'_>) -> Option<AgreementId> {
    match said.subject {
        Subject::Agreement(id) => Some(*id),
        _ => None,
    }
}

/// A name as people type it: four letters at least, of those that names are written in.
fn checked_name(name: &str) -> Result<String, Problem> {
    let name = name.trim().to_ascii_lowercase();
    let fits = (4..=64).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if fits {
        Ok(name)
    } else {
        Err(Problem::BadRequest {
            detail: "a name is four or more of the characters 0-9 and a-f".into(),
        })
    }
}
