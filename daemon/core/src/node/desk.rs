//! Where things are written: one entry in my book, through the same gate as the partner's; and what only this device knows.

use super::{Node, Now, show};
use crate::books::book::{Said, Subject};
use crate::books::couple::Couple;
use crate::books::gate::{self, Seals};
use crate::books::past::Past;
use crate::books::rows::Row;
use crate::keys::{Entropy, draw};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use troth_proto::api::Notify;
use troth_proto::assertion::{self, Weight};
use troth_proto::ids::Who;
use troth_proto::notice::Notice;
use troth_proto::said::forgetting::PutAway;
use troth_proto::said::told::{Answer, ToldKind, Verb};
use troth_proto::wire::{Entry, Op, SealedEntry, Words, entry_hash};
use troth_proto::{
    AgreementId, Assertion, AssertionId, Body, Day, DraftId, Hash, Problem, Slot, limits,
};

/// What lies on the desk.
#[derive(Default)]
pub(super) struct Desk {
    /// Words that have not left this device.
    pub kept: BTreeMap<Slot, Kept>,
    pub local: Local,
    /// Words that were typed and not said, by what they were for; the oldest first.
    pub unsaid: Vec<(String, String)>,
    pub notices: Vec<Notice>,
    /// What was told since the day changed: nobody is told the same twice a day.
    pub told: BTreeSet<Notice>,
    /// Agreements as lists show them.
    pub states: BTreeMap<AgreementId, show::Summary>,
    /// When the next yes has rested.
    pub rest_at: Option<u64>,
    /// Things in my name that came back from the partner, since the daemon started.
    pub came_back: u64,
    /// What of the partner's was opened or set aside here.
    pub marks: super::marks::Marks,
    /// The id that a client drew for what it is saying.
    pub once: Option<AssertionId>,
    /// Repairs as others need them, once they were asked for.
    pub repairs: Option<super::told::Repairs>,
}

/// What own words of drafts that are gone are kept under, and how many characters of them together.
const ENDED: &str = "ended draft ";
const ENDED_CHARS: usize = 10_000;

/// Words that have not left this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub round: u32,
    /// As they will be opened.
    pub words: String,
    pub since: Day,
    /// They wait to open; else they are a draft that came back.
    pub waiting: bool,
}

/// What only this device knows. Never an assertion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Local {
    /// Own yeses that rest, by the version they are to.
    pub resting: BTreeMap<Hash, Resting>,
    /// Agreements put away here: after how many days own words leave, and since when both have put it away.
    pub put_away: BTreeMap<AgreementId, (u16, Option<Day>)>,
    /// Words of the partner's that leave and are here for some days more: when this device learned of it.
    pub learned: BTreeMap<Hash, Day>,
    /// Since when this device knows that something told is closed or settled, where own words of it are here.
    pub away_since: BTreeMap<Hash, Day>,
    /// After how many days own words leave of what was put away here, where that was said.
    pub away_days: BTreeMap<Hash, u16>,
    /// What the partner said and Today has not told yet, oldest first; and whether there was more.
    pub news: (Vec<Hash>, bool),
    /// How often the file of the private pages had been written when this was saved; none until there is one. A row of
    /// before ends before it.
    pub private: Option<u64>,
    /// Whether the desktop says that there is something. Off in a row of before, which lacks it.
    pub notify: Notify,
    /// The day on which this device learned last that the partner closed a repair, whatever day stands on that. A row of before
    /// lacks it.
    pub closed_on: Option<Day>,
}

/// A yes that rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Resting {
    pub agreement: AgreementId,
    /// Seconds since 1970 from which on it is said.
    pub due: i64,
    /// The day of that.
    pub day: Day,
}

/// One thing to be written.
pub(super) struct Saying {
    pub on: Option<Day>,
    pub body: Body,
    pub about: Option<AssertionId>,
    pub weight: Weight,
    pub instead_of: Option<AssertionId>,
    /// Besides what agreements list by themselves.
    pub seen: Vec<Hash>,
    /// The partner's that it speaks of: always listed as seen, so that it is clear which is meant.
    pub of: Option<Hash>,
    /// As they are kept; empty for none.
    pub words: String,
}

impl Saying {
    /// Without words, date and weight.
    pub(super) fn plain(body: Body) -> Self {
        Self {
            on: None,
            body,
            about: None,
            weight: Weight::Everyday,
            instead_of: None,
            seen: Vec::new(),
            of: None,
            words: String::new(),
        }
    }

    pub(super) fn on(mut self, now: Now) -> Self {
        self.on = Some(now.day);
        self
    }

    pub(super) fn words(mut self, words: String) -> Self {
        self.words = words;
        self
    }

    pub(super) fn seen(mut self, seen: impl IntoIterator<Item = Hash>) -> Self {
        self.seen.extend(seen);
        self
    }
}

/// What holds less than what is there, or closes what is: there is always room for it.
fn holds_less(body: &Body, on: Option<Day>) -> bool {
    matches!(
        body,
        Body::StepBack(_)
            | Body::Cancel(_)
            | Body::Lock(_)
            | Body::Open(_)
            | Body::TakeBack(_)
            | Body::PutAway(_)
            | Body::Forget(_)
            | Body::DraftClosed(_)
            | Body::Answer(Answer {
                says: Verb::Done | Verb::Stop,
                ..
            })
    ) || (on.is_none() && matches!(body, Body::Yes(_)))
}

fn is_about_an_agreement(body: &Body) -> bool {
    matches!(
        body,
        Body::Version(_)
            | Body::Yes(_)
            | Body::NotNow(_)
            | Body::NeedTime(_)
            | Body::StepBack(_)
            | Body::MyPart(_)
            | Body::PutAway(PutAway { agreement: Some(_) })
            | Body::Forget(_)
    )
}

impl Node {
    /// Writes one thing, and says under which hash.
    pub(super) fn say(
        &mut self,
        entropy: &mut dyn Entropy,
        saying: Saying,
    ) -> Result<Hash, Problem> {
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let book = couple.book(Who::Me);
        let mut tips = book.tips();
        tips.truncate(limits::ENTRY_AFTER);
        let less = holds_less(&saying.body, saying.on);
        let about = is_about_an_agreement(&saying.body);
        let (mut seen, _) = Self::seen_next(couple, saying.seen, about);
        if let Some(of) = saying.of.filter(|of| !seen.contains(of)) {
            seen.push(of);
            seen.sort();
        }
        let drawn = self.desk.once.take();
        let it = Assertion {
            id: drawn.unwrap_or_else(|| AssertionId(draw(entropy))),
            on: saying.on,
            body: saying.body,
            about: saying.about,
            seen,
            instead_of: saying.instead_of,
            weight: saying.weight,
        };
        let head = it.write().map_err(|_| Problem::TooLong)?;
        let op = Op {
            kind: Op::PUT,
            key: it.id,
            head,
            words: Words::Here(saying.words),
        };
        let hash = assertion::hash(couple.id, book.owner, op.head.as_bytes(), &op.words.hash());
        let entry = Entry {
            n: tips.iter().map(|tip| tip.n).max().unwrap_or(0) + 1,
            after: tips.iter().map(|tip| tip.hash).collect(),
            ops: vec![op],
        };
        let bytes = book.bytes() + troth_proto::wire::entry_bytes(&entry) as u64;
        let most =
            limits::DOCUMENT_BYTES_WRITTEN + if less { limits::DOCUMENT_BYTES_BACK } else { 0 };
        if bytes > most {
            return Err(Problem::BookFull);
        }
        let document = book.document();
        let entry_hash = entry_hash(couple.id, &document, &entry);
        let key = self.me.seals.first().ok_or(Problem::Internal)?;
        let sealed = SealedEntry {
            seal: gate::seal_of(key, couple.id, &entry_hash),
            entry,
            hash: entry_hash,
        };
        let couple = self.couple.as_mut().ok_or(Problem::NotPaired)?;
        let before = couple.length();
        let keys = Seals {
            keys: &self.me.seals,
        };
        let came = gate::admit(couple, &document, Some(&keys), &[sealed]);
        if let Err(refusal) = came {
            tracing::error!(%refusal, "an own entry was refused");
            return Err(if refusal == gate::Refusal::Limit {
                Problem::TooLong
            } else {
                Problem::Internal
            });
        }
        let index = couple.book(Who::Me).entries() - 1;
        let written = couple.book(Who::Me).said_in(index).next();
        let room = if less { 2 } else { 1 } * limits::ACTS_WRITTEN;
        let fits = written
            .and_then(|said| Some((said.subject?.clone(), said.past())))
            .map(|(subject, past)| couple.own_acts(&subject, Who::Me, &past) < room);
        match fits {
            Some(true) => {}
            Some(false) => {
                couple.truncate(before);
                return Err(Problem::TooManyActs);
            }
            None => {
                tracing::error!("an own entry would count for nothing");
                couple.truncate(before);
                return Err(Problem::Internal);
            }
        }
        self.touch(Who::Me, index);
        Ok(hash)
    }

    /// What the next thing said lists as seen, sorted, and the past that it has: what is named comes first, and of what is
    /// only seen as much as has room.
    pub(super) fn seen_next(
        couple: &Couple,
        mut named: Vec<Hash>,
        about_an_agreement: bool,
    ) -> (Vec<Hash>, Past) {
        let mut tips = couple.book(Who::Me).tips();
        tips.truncate(limits::ENTRY_AFTER);
        let mut past = couple.under(tips.iter().map(|tip| &tip.hash));
        named.retain(|hash| couple.place(hash).is_some_and(|place| !past.holds(place)));
        named.sort();
        named.dedup();
        let with = |past: &mut Past, hashes: &[Hash]| {
            for (_, said) in hashes.iter().filter_map(|hash| couple.find(hash)) {
                *past = past.union(&said.past().and(said.place));
            }
        };
        with(&mut past, &named);
        if about_an_agreement {
            let mut unseen = couple.unseen(&past);
            unseen.truncate(limits::LISTED_HASHES.saturating_sub(named.len()));
            with(&mut past, &unseen);
            named.extend(unseen);
        }
        named.sort();
        (named, past)
    }

    /// Notes which agreements and slots an entry speaks of.
    pub(super) fn touch(&mut self, who: Who, index: usize) {
        let Some(couple) = &self.couple else { return };
        for said in couple.book(who).said_in(index) {
            match said.subject {
                Some(Subject::Agreement(id)) => {
                    self.out.agreements.insert(*id);
                }
                Some(Subject::Slot(slot)) => {
                    self.out.slots.insert((**slot).clone());
                }
                Some(Subject::Draft(id)) => {
                    self.out.drafts.insert(*id);
                }
                Some(Subject::Told(whose, index)) => {
                    self.out.told_roots.insert((*whose, *index));
                }
                None => {}
            }
        }
    }

    /// Things in an entry of the partner's that are told on Today. Not to one who has written nothing: what comes to an empty
    /// home is old.
    pub(super) fn note_news(&mut self, index: usize) {
        let Some(couple) = &self.couple else { return };
        if couple.book(Who::Me).entries() == 0 {
            return;
        }
        let said = couple.book(Who::Partner).said_in(index);
        let news: Vec<Hash> = said
            .filter(|said| {
                said.read().is_some_and(|it| {
                    is_news(&it.body) || is_news_of_a_slot(couple, said, &it.body)
                })
            })
            .map(|said| said.hash)
            .collect();
        if news.is_empty() {
            return;
        }
        let (all, more) = &mut self.desk.local.news;
        all.extend(news);
        let surplus = all.len().saturating_sub(limits::NEWS);
        all.drain(..surplus);
        *more |= surplus > 0;
        self.put_local();
    }

    /// What my own daemon does by itself once entries are in: closing yeses, locks and openings, and forgetting.
    pub(super) fn after_taking(&mut self, now: Now, entropy: &mut dyn Entropy) {
        let agreements = std::mem::take(&mut self.out.agreements);
        for id in &agreements {
            self.close_what_is_due(entropy, id);
        }
        self.out.agreements.extend(agreements);
        let mut slots = std::mem::take(&mut self.out.slots);
        let roots = std::mem::take(&mut self.out.told_roots);
        slots.extend(self.slots_of_repairs(&roots));
        self.told_changed(&slots, &roots);
        if std::mem::take(&mut self.out.closing) {
            self.desk.local.closed_on = Some(now.day);
            self.put_local();
        }
        self.settle_slots(now, entropy, &slots);
        self.forget_what_is_due(now, entropy);
    }

    /// Random bytes before words.
    pub(super) fn blind(entropy: &mut dyn Entropy) -> [u8; 16] {
        draw(entropy)
    }

    /// Keeps words that were typed and not said, or lets them go. Says for how many older ones there was no room any more.
    pub(super) fn keep_unsaid(
        &mut self,
        about: &str,
        words: Option<String>,
    ) -> Result<usize, Problem> {
        // More than can be said is kept, too: it is shortened later.
        let long = |words: &String| words.len() > limits::API_LINE_BYTES;
        if !limits::line_fits(about, limits::LINE_CHARS) || words.as_ref().is_some_and(long) {
            return Err(Problem::TooLong);
        }
        Ok(self.keep_words(about, words))
    }

    fn keep_words(&mut self, about: &str, words: Option<String>) -> usize {
        let all = &mut self.desk.unsaid;
        let before = all.len();
        all.retain(|(it, _)| it != about);
        if words.is_none() && all.len() == before {
            return 0;
        }
        all.extend(words.map(|words| (about.to_owned(), words)));
        let typed = |it: &&(String, String)| !it.0.starts_with(ENDED);
        let gone = all
            .iter()
            .filter(typed)
            .count()
            .saturating_sub(limits::UNSAID);
        let mut surplus = gone;
        all.retain(|(it, _)| {
            let goes = surplus > 0 && !it.starts_with(ENDED);
            surplus -= usize::from(goes);
            !goes
        });
        self.put(Row::Unsaid);
        gone
    }

    /// Keeps own words of a draft that is gone, in as many parts as it takes.
    pub(super) fn keep_of_draft(&mut self, draft: &DraftId, words: &str) {
        let chars: Vec<char> = words.chars().collect();
        for (n, part) in chars.chunks(ENDED_CHARS).enumerate() {
            let part = part.iter().collect();
            self.keep_words(&format!("{ENDED}{draft} {n}"), Some(part));
        }
    }

    /// A part of such words, and under what it is kept.
    pub(super) fn kept_of_drafts(&self) -> Option<(String, String)> {
        let mut all = self.desk.unsaid.iter();
        all.find(|(about, _)| about.starts_with(ENDED)).cloned()
    }

    /// What words are kept under.
    pub(super) fn unsaid_abouts(&self) -> impl Iterator<Item = &String> {
        self.desk.unsaid.iter().map(|(about, _)| about)
    }

    /// What was kept so.
    pub(super) fn unsaid(&self, about: &str) -> Option<String> {
        let found = self.desk.unsaid.iter().find(|(it, _)| it == about);
        found.map(|(_, words)| words.clone())
    }

    pub(super) fn put_local(&mut self) {
        self.put(Row::Local);
    }
}

/// Whether it is told on Today by itself: a proposal or a page stands there anyway, and a closing yes closes a yes of one's
/// own.
fn is_news(body: &Body) -> bool {
    matches!(
        body,
        Body::Yes(_)
            | Body::NotNow(_)
            | Body::NeedTime(_)
            | Body::StepBack(_)
            | Body::MyPart(_)
            | Body::Draft(_)
            | Body::DraftClosed(_)
    ) || matches!(body, Body::Told(told) if told.kind == ToldKind::Permission)
}

/// Whether an answer to what was opened in a slot is told so: others are opened one by one.
fn is_news_of_a_slot(couple: &Couple, said: &Said<'_>, body: &Body) -> bool {
    let (Body::Answer(answer), Some(Subject::Told(who, root))) = (body, said.subject) else {
        return false;
    };
    let told = matches!(answer.says, Verb::Heard | Verb::Thank | Verb::SayBack);
    told && couple.is_opening((*who, *root))
}
