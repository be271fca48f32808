//! Steps of an agreement: each is checked against the view, and then one assertion in my book.

use super::desk::{Resting, Saying};
use super::requests::value;
use super::{Node, Now};
use crate::agreement::{Move, Standing, View};
use crate::books::book::{Said, Subject};
use crate::books::couple::Thread;
use crate::books::past::Past;
use crate::keys::{Entropy, draw};
use serde_json::Value;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use troth_proto::api::{Acted, Propose, Proposed};
use troth_proto::assertion::{Weight, unblinded};
use troth_proto::ids::Who;
use troth_proto::notice::Notice;
use troth_proto::problem::Wrong;
use troth_proto::said::agreement::{
    Lacks, MyPart, NeedTime, NotNow, StepBack, Target, Version, Words, Yes,
};
use troth_proto::said::forgetting::PutAway;
use troth_proto::said::sealed::{Lean, Look, Sealed};
use troth_proto::said::{Spoken, Text};
use troth_proto::view::{AgreementState, VersionState};
use troth_proto::{AgreementId, Body, Day, Hash, Problem, Slot, limits};

/// A version a person named, with its agreement as it stands.
struct Named {
    agreement: AgreementId,
    view: View,
    standing: Standing,
}

/// An own version, and its words once they were asked for.
type OwnVersion<'a> = (&'a Move, OnceCell<Option<Words>>);

/// What tells whether words of the partner's are those that were announced: looked for once for all versions of an agreement.
struct Announced<'a> {
    /// Versions whose author knew of no others.
    firsts: Vec<&'a Move>,
    /// Own versions, by what says which words are the same; and their words, once they were asked for.
    mine: BTreeMap<Hash, Vec<OwnVersion<'a>>>,
}

impl<'a> Announced<'a> {
    fn of(thread: Option<&'a Thread>) -> Self {
        let moves = thread.map_or(&[][..], |thread| &thread.moves);
        let mut mine: BTreeMap<Hash, Vec<_>> = BTreeMap::new();
        for act in moves {
            crate::steps::step();
            if let (Who::Me, Some(same)) = (act.by, act.same()) {
                mine.entry(same).or_default().push((act, OnceCell::new()));
            }
        }
        Self {
            firsts: moves.iter().filter(|act| act.first).collect(),
            mine,
        }
    }

    /// The first version, as one who has this past knows it: it knows of no other. Of several, by copies or by a program that
    /// lies, the one with the lowest hash.
    fn first(&self, past: &Past) -> Option<Hash> {
        let there = self.firsts.iter().filter(|act| past.holds(act.place));
        there.map(|act| act.hash).min()
    }
}

/// Words to be proposed, with what of them is in the head.
struct Wording {
    words: Words,
    trial_until: Option<Day>,
    look_again: Option<Day>,
    weight: Weight,
}

impl Node {
    pub(super) fn propose(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        asked: Propose,
    ) -> Result<Value, Problem> {
        self.bound()?;
        let mut agreement = asked
            .agreement
            .map(|named| self.agreement_named(&named))
            .transpose()?;
        let mut base = Vec::new();
        if let Some(named) = &asked.base {
            for version in named {
                let version = self.version_named(now, version)?;
                if *agreement.get_or_insert(version.agreement) != version.agreement {
                    return Err(Problem::BadRequest {
                        wrong: Wrong::OtherBase,
                    });
                }
                base.push(version.standing.hash);
            }
            base.sort();
            base.dedup();
        } else if let Some(agreement) = &agreement {
            base = self.view(now, agreement).to_build_on();
        }
        let wording = Wording {
            words: Words {
                topic: asked.topic,
                terms: asked.terms,
                does: asked.does,
                when_then: asked.when_then,
                not_meant: asked.not_meant,
                tag: asked.tag,
            },
            trial_until: asked.trial_until,
            look_again: asked.look_again,
            weight: asked.weight,
        };
        self.propose_words(now, entropy, agreement, base, wording)
    }

    pub(super) fn propose_same(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        version: &str,
    ) -> Result<Value, Problem> {
        let named = self.version_named(now, version)?;
        let words = self.words_of_wording(&named.view, &named.standing);
        let to_come = |day: &Day| *day >= now.day;
        let wording = Wording {
            words: words.ok_or(Problem::WordsNotHere)?,
            // What has passed of its days is not proposed again: a trial that is over is one without its end.
            trial_until: named.standing.trial_until.filter(to_come),
            look_again: named.standing.look_again.filter(to_come),
            weight: named.standing.weight,
        };
        let base = named.view.to_build_on();
        self.propose_words(now, entropy, Some(named.agreement), base, wording)
    }

    fn propose_words(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        mut agreement: Option<AgreementId>,
        mut base: Vec<Hash>,
        wording: Wording,
    ) -> Result<Value, Problem> {
        wording.words.check().map_err(|lacks| match lacks {
            Lacks::Shortness => Problem::TooLong,
            Lacks::Topic => Problem::NothingSaid,
            Lacks::Doing => Problem::NobodyDoes,
        })?;
        let days = [wording.trial_until, wording.look_again].into_iter();
        if let Some(day) = days.flatten().find(|day| *day < now.day) {
            return Err(Problem::DayPassed { day });
        }
        // What both have put away stays as it was: the words begin anew.
        if agreement.is_some_and(|id| self.is_put_away_by_both(&id)) {
            (agreement, base) = (None, Vec::new());
        }
        let agreement = agreement.unwrap_or_else(|| AgreementId(draw(entropy)));
        let mut version = Version {
            agreement,
            base,
            trial_until: wording.trial_until,
            look_again: wording.look_again,
            same: Hash(draw(entropy)),
        };
        let (_, couple) = self.bound()?;
        let blind = Self::blind(entropy);
        // As whoever reads it finds it: in the past that it will have.
        let (_, past) = Self::seen_next(couple, version.base.clone(), true);
        let known = Announced::of(couple.thread(&agreement));
        let secret = match known.first(&past) {
            Some(first) => self.blind_of(&first),
            None => Some(blind.to_vec()),
        };
        // Where the first version's words are not here, no other wording can be told to be the same.
        if let Some(secret) = secret {
            let owners = [Who::Me, Who::Partner].map(|who| couple.book(who).owner);
            version.same = wording.words.same(&version, &secret, owners[0], owners[1]);
        }
        let words = wording.words.write(&blind);
        let based_on = version.base.clone();
        let mut saying = Saying::plain(Body::Version(version))
            .on(now)
            .words(words.ok_or(Problem::TooLong)?)
            .seen(based_on);
        saying.weight = wording.weight;
        let hash = self.say(entropy, saying)?;
        Ok(self.proposed(&agreement, &hash))
    }

    /// What a proposal led to.
    pub(super) fn proposed(&self, agreement: &AgreementId, hash: &Hash) -> Value {
        let couple = self.couple.as_ref();
        let version = couple.and_then(|c| c.find(hash)).map(|(_, said)| said.id);
        value(&Proposed {
            agreement: agreement.hex(),
            version: version.map(|id| id.hex()).unwrap_or_default(),
            hash: hash.hex(),
        })
    }

    fn is_put_away_by_both(&self, id: &AgreementId) -> bool {
        let (Some(couple), Some(thread)) = (&self.couple, self.thread(id)) else {
            return false;
        };
        let all = couple.all();
        [Who::Me, Who::Partner]
            .iter()
            .all(|who| couple.put_away(thread, *who, &all))
    }

    pub(super) fn yes(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        version: &str,
    ) -> Result<Value, Problem> {
        let named = self.version_named(now, version)?;
        let standing = self.to_say_yes_to(&named)?;
        if standing.weight == Weight::Big {
            let due = now.unix + limits::REST_SECONDS;
            let rests = Resting {
                agreement: named.agreement,
                due,
                day: now.day.plus(1),
            };
            self.desk.local.resting.insert(standing.hash, rests);
            self.put_local();
            self.plan_rests(now);
            self.out.agreements.insert(named.agreement);
            self.out.told = true;
        } else {
            self.say_yes(now, entropy, standing.hash)?;
        }
        self.acted(now, &named.agreement, Some(&standing.hash))
    }

    /// The version that a yes goes to, if one may be said.
    fn to_say_yes_to(&self, named: &Named) -> Result<Standing, Problem> {
        let standing = &named.standing;
        // Words that were let go, refused or overtaken need a proposal of their own, also by one who said yes once.
        match standing.state {
            VersionState::TwoYeses => return Err(Problem::PickSame),
            VersionState::Ended
            | VersionState::NotAgreed
            | VersionState::Replaced
            | VersionState::Over => return Err(Problem::NotOnOffer),
            VersionState::Proposed | VersionState::InForce => {}
        }
        // Of wordings that are the same, yes is said to the other's.
        let theirs = named.view.wording(standing).find(|v| v.by == Who::Partner);
        let resting = &self.desk.local.resting;
        if standing.bound.contains(&Who::Me) || theirs.is_none() {
            return Err(Problem::AlreadySaidYes);
        }
        let theirs = theirs.ok_or(Problem::AlreadySaidYes)?;
        if named
            .view
            .wording(standing)
            .any(|v| resting.contains_key(&v.hash))
        {
            return Err(Problem::RestsAlready);
        }
        if self.words_of_wording(&named.view, standing).is_none() {
            return Err(Problem::WordsNotHere);
        }
        if !named.view.yes_would_count(&theirs.hash) {
            return Err(Problem::YesWouldNotCount);
        }
        Ok(theirs.clone())
    }

    fn say_yes(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        version: Hash,
    ) -> Result<(), Problem> {
        let yes = Saying::plain(Body::Yes(Yes { version }));
        self.say(entropy, yes.on(now).seen([version])).map(drop)
    }

    pub(super) fn call_back_yes(&mut self, now: Now, version: &str) -> Result<Value, Problem> {
        let named = self.version_named(now, version)?;
        let wording: Vec<Hash> = named
            .view
            .wording(&named.standing)
            .map(|v| v.hash)
            .collect();
        if !self.no_longer_rests(&named.agreement, |hash| wording.contains(hash)) {
            return Err(Problem::NothingRests);
        }
        self.acted(now, &named.agreement, Some(&named.standing.hash))
    }

    /// Drops yeses that rest. Says whether there were any.
    fn no_longer_rests(&mut self, agreement: &AgreementId, which: impl Fn(&Hash) -> bool) -> bool {
        let resting = &mut self.desk.local.resting;
        let before = resting.len();
        resting.retain(|hash, rests| rests.agreement != *agreement || !which(hash));
        let dropped = resting.len() < before;
        if dropped {
            self.put_local();
            self.out.agreements.insert(*agreement);
            self.out.told = true;
        }
        dropped
    }

    /// Works out when the next yes has rested. The wall clock may be set meanwhile, and not every system says so: it is looked
    /// at with the calendar, too.
    pub(super) fn plan_rests(&mut self, now: Now) {
        for rests in self.desk.local.resting.values_mut() {
            // Nothing rests longer than a day, whatever the clock said when it began.
            rests.due = rests.due.min(now.unix + limits::REST_SECONDS);
        }
        let due = self.desk.local.resting.values().map(|rests| rests.due);
        self.desk.rest_at = due.min().map(|due| {
            let left = u64::try_from(due - now.unix).unwrap_or(0);
            now.mono + (left * 1000).min(super::CALENDAR)
        });
    }

    /// Says each yes that has rested, if it still counts.
    pub(super) fn rest_tick(&mut self, now: Now, entropy: &mut dyn Entropy) {
        if self.desk.rest_at.is_none_or(|at| at > now.mono) {
            return;
        }
        let due: Vec<(Hash, AgreementId)> = self
            .desk
            .local
            .resting
            .iter()
            .filter(|(_, rests)| rests.due <= now.unix)
            .map(|(hash, rests)| (*hash, rests.agreement))
            .collect();
        for (hash, agreement) in due {
            self.no_longer_rests(&agreement, |resting| *resting == hash);
            let view = self.view(now, &agreement);
            if view
                .version(&hash)
                .is_some_and(|v| v.bound.contains(&Who::Me))
            {
                continue; // said otherwise meanwhile
            }
            let counts = view
                .version(&hash)
                .is_some_and(|v| v.state == VersionState::Proposed && !v.bound.contains(&Who::Me))
                && view.yes_would_count(&hash);
            if !counts || self.say_yes(now, entropy, hash).is_err() {
                let topic = self.words_of(&hash).map(|words| words.topic);
                let topic = topic.unwrap_or_default();
                self.notice(Notice::YesNotSaid { topic });
            }
        }
        self.plan_rests(now);
    }

    /// The closing yes: what I proposed and the other said yes to binds me once my own daemon has seen it.
    pub(super) fn close_what_is_due(&mut self, entropy: &mut dyn Entropy, id: &AgreementId) {
        // Nearly always nothing; else one, or one for each of several branches that came together.
        for _ in 0..limits::ACTS_WRITTEN {
            let moves = self.thread(id).map_or(&[][..], |thread| &thread.moves);
            let yeses = moves.iter().any(|act| {
                act.by == Who::Partner && matches!(act.what, crate::agreement::What::Yes(_))
            });
            if !yeses {
                return;
            }
            let view = View::of(moves, None);
            let Some(version) = view.to_close().next().map(|v| v.hash) else {
                return;
            };
            let closing = Saying::plain(Body::Yes(Yes { version }));
            if self.say(entropy, closing).is_err() {
                return;
            }
        }
    }

    pub(super) fn not_now(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        version: &str,
        note: String,
    ) -> Result<Value, Problem> {
        let named = self.on_offer_to_me(now, version)?;
        let version = named.standing.hash;
        let words = self.note(entropy, note)?;
        let saying = Saying::plain(Body::NotNow(NotNow { version }));
        self.say(entropy, saying.on(now).words(words).seen([version]))?;
        self.no_longer_rests(&named.agreement, |hash| *hash == version);
        self.acted(now, &named.agreement, Some(&version))
    }

    pub(super) fn need_time(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        version: &str,
        until: Day,
    ) -> Result<Value, Problem> {
        let named = self.on_offer_to_me(now, version)?;
        let version = named.standing.hash;
        let saying = Saying::plain(Body::NeedTime(NeedTime { version, until }));
        self.say(entropy, saying.on(now).seen([version]))?;
        self.no_longer_rests(&named.agreement, |hash| *hash == version);
        self.acted(now, &named.agreement, Some(&version))
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

    /// A note as words; none if it is empty.
    fn note(&self, entropy: &mut dyn Entropy, text: String) -> Result<String, Problem> {
        if text.is_empty() {
            return Ok(text);
        }
        Text { text }
            .write(&Self::blind(entropy))
            .ok_or(Problem::TooLong)
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
            return Err(self
                .already_let_go(&named.standing)
                .unwrap_or(Problem::NotOnOffer));
        }
        let version = named.standing.hash;
        let words = self.note(entropy, note)?;
        let saying = Saying::plain(Body::StepBack(StepBack {
            from: Target::Version(version),
        }));
        self.say(entropy, saying.on(now).words(words).seen([version]))?;
        let wording: Vec<Hash> = named
            .view
            .wording(&named.standing)
            .map(|v| v.hash)
            .collect();
        self.no_longer_rests(&named.agreement, |hash| wording.contains(hash));
        self.acted(now, &named.agreement, Some(&version))
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
        let ended = view
            .versions
            .iter()
            .find(|v| v.state == VersionState::Ended);
        if view.state == AgreementState::LetGo
            && let Some(problem) = ended.and_then(|v| self.already_let_go(v))
        {
            return Err(problem);
        }
        let words = self.note(entropy, note)?;
        let saying = Saying::plain(Body::StepBack(StepBack {
            from: Target::Agreement(agreement),
        }));
        self.say(entropy, saying.on(now).words(words))?;
        self.no_longer_rests(&agreement, |_| true);
        self.acted(now, &agreement, None)
    }

    fn already_let_go(&self, standing: &Standing) -> Option<Problem> {
        if standing.state != VersionState::Ended {
            return None;
        }
        let (by, hash) = standing.backs.first()?;
        let on = self.couple.as_ref()?.find(hash)?.1.read()?.on?;
        let (by, partner) = (*by, self.partner_name());
        Some(Problem::AlreadyLetGo { by, partner, on })
    }

    pub(super) fn my_part(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        agreement: &str,
        text: String,
    ) -> Result<Value, Problem> {
        let agreement = self.agreement_named(agreement)?;
        let words = self.note(entropy, text)?;
        let saying = Saying::plain(Body::MyPart(MyPart { agreement }));
        self.say(entropy, saying.on(now).words(words))?;
        self.acted(now, &agreement, None)
    }

    pub(super) fn put_away_agreement(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        agreement: &str,
        days: Option<u16>,
    ) -> Result<Value, Problem> {
        Self::may_leave_after(days)?;
        let agreement = self.agreement_named(agreement)?;
        if !self.view(now, &agreement).nothing_stands() {
            return Err(Problem::StillStands);
        }
        let (_, couple) = self.bound()?;
        let thread = self.thread(&agreement).ok_or(Problem::Internal)?;
        let already = couple.put_away(thread, Who::Me, &couple.all());
        if !already {
            let saying = Saying::plain(Body::PutAway(PutAway {
                agreement: Some(agreement),
            }));
            self.say(entropy, saying.on(now))?;
        }
        let days = days.unwrap_or(limits::PUT_AWAY_DAYS);
        let since = self.desk.local.put_away.get(&agreement);
        let since = since.and_then(|(_, since)| *since);
        self.desk.local.put_away.insert(agreement, (days, since));
        self.forgetting.look_again();
        self.put_local();
        self.forget_what_is_due(now, entropy);
        self.acted(now, &agreement, None)
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
        let look = Sealed::Look(Look { words, lean });
        let slot = self.next_of(&Slot::look(named.standing.hash));
        self.ready(now, entropy, &slot, &look)?;
        self.acted(now, &named.agreement, Some(&named.standing.hash))
    }

    /// What a person's act led to.
    pub(super) fn acted(
        &self,
        now: Now,
        agreement: &AgreementId,
        version: Option<&Hash>,
    ) -> Result<Value, Problem> {
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let rests = version.and_then(|hash| self.desk.local.resting.get(hash));
        let version = version.and_then(|hash| couple.find(hash));
        Ok(value(&Acted {
            agreement: *agreement,
            version: version.map(|(_, said)| said.id),
            state: self.view(now, agreement).state,
            rests_until: rests.map(|rests| rests.day),
        }))
    }

    pub(super) fn thread(&self, agreement: &AgreementId) -> Option<&Thread> {
        self.couple.as_ref()?.thread(agreement)
    }

    pub(super) fn view(&self, now: Now, agreement: &AgreementId) -> View {
        let moves = self.thread(agreement).map_or(&[][..], |t| &t.moves);
        View::of(moves, Some(now.day))
    }

    /// The random bytes before a version's words. Those of an agreement's first version make [`Words::same`] tell nothing
    /// once the words are forgotten.
    fn blind_of(&self, version: &Hash) -> Option<Vec<u8>> {
        let words = self.couple.as_ref()?.find(version)?.1.words()?;
        unblinded(words, Words::BLIND).map(|(blind, _)| blind)
    }

    /// The words of a version from my side: none if they are not here, or not those that its head announced. Own words are
    /// mine whatever they announce.
    pub(super) fn words_of(&self, version: &Hash) -> Option<Words> {
        let (_, said) = self.couple.as_ref()?.find(version)?;
        let Some(Subject::Agreement(agreement)) = said.subject else {
            return None;
        };
        self.words_by(version, &OnceCell::new(), agreement)
    }

    /// The partner's versions of an agreement whose words are here, and are those that were announced.
    pub(super) fn versions_of_partner(&self, agreement: &AgreementId) -> Vec<Hash> {
        let known = OnceCell::new();
        let moves = self
            .thread(agreement)
            .map_or(&[][..], |thread| &thread.moves);
        let theirs = moves.iter().filter(|act| act.by == Who::Partner);
        theirs
            .filter(|act| self.words_by(&act.hash, &known, agreement).is_some())
            .map(|act| act.hash)
            .collect()
    }

    /// The words of a version, with what is known of its agreement once it was asked for.
    fn words_by<'a>(
        &'a self,
        version: &Hash,
        known: &OnceCell<Announced<'a>>,
        agreement: &AgreementId,
    ) -> Option<Words> {
        let couple = self.couple.as_ref()?;
        let (by, said) = couple.find(version)?;
        let words = Words::read(said.words()?)?;
        let Body::Version(head) = said.read()?.body else {
            return None;
        };
        if by == Who::Me {
            return Some(words);
        }
        let known = known.get_or_init(|| Announced::of(couple.thread(agreement)));
        let first = known.first(&said.past()).unwrap_or(*version);
        let fits = match self.blind_of(&first) {
            Some(secret) => {
                let (owner, other) = (couple.book(by).owner, couple.book(by.other()).owner);
                words.same(&head, &secret, owner, other) == head.same
            }
            None => self.are_mine_where_announced(known, &head, &words.exchanged()),
        };
        fits.then(|| words.exchanged())
    }

    /// Whether every wording of mine that the partner's version is announced to be has these very words. Asked where nothing
    /// else tells: the partner chooses which first version theirs knows of, and that may be one without words.
    fn are_mine_where_announced(
        &self,
        known: &Announced<'_>,
        announced: &Version,
        words: &Words,
    ) -> bool {
        let mut alike = known.mine.get(&announced.same).into_iter().flatten();
        alike.all(|(act, mine)| {
            let mine = || mine.get_or_init(|| self.words_of(&act.hash));
            !act.announces(announced) || mine().as_ref() == Some(words)
        })
    }

    /// The words of a wording, from whichever of its versions has them here: of mine first.
    pub(super) fn words_of_wording(&self, view: &View, of: &Standing) -> Option<Words> {
        let by = |who: Who| view.wording(of).filter(move |v| v.by == who);
        let mut all = by(Who::Me).chain(by(Who::Partner));
        all.find_map(|v| self.words_of(&v.hash))
    }

    /// An agreement by the beginning of its name, or of a version's.
    pub(super) fn agreement_named(&self, name: &str) -> Result<AgreementId, Problem> {
        let name = checked_name(name)?;
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let mut found = couple.threads_beginning(&name);
        if found.is_empty() {
            let versions = self.versions_beginning(&name)?.into_iter();
            found = versions.filter_map(agreement_of).collect();
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
        let found = self.versions_beginning(&name)?;
        let said = match found[..] {
            [] => return Err(Problem::NoSuch { what: name }),
            [said] => said,
            _ => return Err(Problem::NotUnique { what: name }),
        };
        let agreement = agreement_of(said).ok_or(Problem::Internal)?;
        let view = self.view(now, &agreement);
        let standing = view.version(&said.hash).cloned();
        Ok(Named {
            agreement,
            standing: standing.ok_or(Problem::NoSuch { what: name })?,
            view,
        })
    }

    fn versions_beginning(&self, name: &str) -> Result<Vec<Said<'_>>, Problem> {
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let too_many = || Problem::NotUnique { what: name.into() };
        let mine = couple.book(Who::Me);
        let mut by_id = mine
            .beginning(name, |said| said.is_version)
            .ok_or_else(too_many)?;
        // Under an id of one's own, one's own is meant.
        let taken = |said: &Said<'_>| by_id.iter().any(|mine| mine.id == said.id);
        if couple.books_with(name).contains(&Who::Partner) {
            let theirs = couple
                .book(Who::Partner)
                .beginning(name, |said| said.is_version && !taken(said));
            by_id.extend(theirs.ok_or_else(too_many)?);
        }
        if by_id.is_empty() {
            let hash = Hash::from_hex(name).ok();
            let found = hash.and_then(|hash| couple.find(&hash));
            let found = found.map(|(_, said)| said);
            by_id.extend(found.filter(|said| said.is_version));
        }
        Ok(by_id)
    }
}

fn agreement_of(said: Said<'_>) -> Option<AgreementId> {
    match said.subject {
        Some(Subject::Agreement(id)) => Some(*id),
        _ => None,
    }
}

/// A name as people type it: four letters at least, of those that names are written in.
pub(super) fn checked_name(name: &str) -> Result<String, Problem> {
    let name = name.trim().to_ascii_lowercase();
    let fits = (4..=64).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if fits {
        Ok(name)
    } else {
        Err(Problem::BadRequest {
            wrong: Wrong::NoName,
        })
    }
}
