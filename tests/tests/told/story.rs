//! Two people who tell each other things, on the model alone.

pub use Kind::*;
pub use troth_tests::told_model::*;

pub const NOW: i64 = 1_000_000;
pub const ANA: usize = 0;
pub const BEN: usize = 1;

/// Two people who write and meet. Each test runs it four times: with exchanged names, and with pasts that hold all that the
/// author had or only the author's book and what is named.
#[derive(Clone)]
pub struct Story {
    pub acts: Vec<Act>,
    pub held: [Set; 2],
    pub opened: [Set; 2],
    pub turned: bool,
    pub all_seen: bool,
    pub today: i64,
}

pub fn each(tell: impl Fn(&mut Story)) {
    for turned in [false, true] {
        for all_seen in [false, true] {
            let mut story = Story {
                acts: Vec::new(),
                held: Default::default(),
                opened: Default::default(),
                turned,
                all_seen,
                today: 100,
            };
            tell(&mut story);
        }
    }
}

impl Story {
    pub fn who(&self, who: usize) -> usize {
        if self.turned { 1 - who } else { who }
    }

    /// Says it on top of all that this one has (or of an older end of the own book).
    pub fn says_on(&mut self, who: usize, say: Say, own: &Set) -> Id {
        let by = self.who(who);
        let mut past = own.clone();
        let named: Vec<Id> = match &say {
            Say::Entry {
                about, instead_of, ..
            } => about.iter().chain(instead_of).copied().collect(),
            Say::Answer {
                about, instead_of, ..
            } => instead_of.iter().copied().chain([*about]).collect(),
            Say::TakeBack(y) | Say::PutAway(y) => vec![*y],
            _ => Vec::new(),
        };
        let agreements = self.held[by].iter().copied();
        let agreements = agreements.filter(|v| matches!(self.acts[*v].say, Say::Agreement(_)));
        let mut queue: Vec<Id> = named.into_iter().chain(agreements).collect();
        if self.all_seen && own.is_superset(&self.own(by)) {
            queue.extend(&self.held[by]);
        }
        for y in queue {
            assert!(self.held[by].contains(&y), "names what is not held");
            past.extend(self.acts[y].past.clone());
            past.insert(y);
        }
        let x = self.acts.len();
        self.acts.push(Act {
            by,
            past,
            say,
            hash: format!("{:08x}", (x as u32 + 1).wrapping_mul(2_654_435_761)),
            id: format!("{:08x}", (x as u32 + 7).wrapping_mul(2_246_822_519)),
            on: self.today,
        });
        self.held[by].insert(x);
        x
    }

    pub fn own(&self, by: usize) -> Set {
        let mine = |x: &&Id| self.acts[**x].by == by;
        let mine = self.held[by].iter().filter(mine);
        let mut own = Set::new();
        for x in mine {
            own.extend(self.acts[*x].past.clone());
            own.insert(*x);
        }
        own
    }

    pub fn says(&mut self, who: usize, say: Say) -> Id {
        let own = self.own(self.who(who));
        self.says_on(who, say, &own)
    }

    pub fn tells(&mut self, who: usize, kind: Kind) -> Id {
        self.says(who, told(kind, None))
    }

    pub fn tells_of(&mut self, who: usize, kind: Kind, about: Id) -> Id {
        self.says(who, told(kind, Some(about)))
    }

    pub fn answers(&mut self, who: usize, about: Id, verb: Verb) -> Id {
        self.says(who, answer(about, verb))
    }

    pub fn better(&mut self, who: usize, earlier: Id) -> Id {
        let mut say = self.acts[earlier].say.clone();
        match &mut say {
            Say::Entry { instead_of, .. } | Say::Answer { instead_of, .. } => {
                *instead_of = Some(earlier);
            }
            _ => panic!("cannot be said better"),
        }
        self.says(who, say)
    }

    pub fn takes_back(&mut self, who: usize, x: Id) -> Id {
        self.says(who, Say::TakeBack(x))
    }

    pub fn page(&mut self, who: usize, repair: Id, step: u8) -> Id {
        let id = self.acts[repair].id.clone();
        self.says(who, Say::Open(Slot::Repair { id, step }))
    }

    pub fn agreement(&mut self, id: &str) {
        self.says(ANA, Say::Agreement(id.to_owned()));
        self.meet();
    }

    pub fn opens(&mut self, who: usize, x: Id) {
        let by = self.who(who);
        self.opened[by].insert(x);
    }

    pub fn meet(&mut self) {
        let all: Set = (0..self.acts.len()).collect();
        self.held = [all.clone(), all];
    }

    pub fn model(&self) -> Model {
        Model::of(self.acts.clone())
    }

    pub fn sees_in(&self, who: usize, x: Id, inside: &Set) -> Seen {
        let me = self.who(who);
        let eyes = Eyes {
            me,
            opened: &self.opened[me],
            today: self.today,
            now: NOW,
            learned: None,
        };
        self.model().see(&eyes, x, inside)
    }

    pub fn sees(&self, who: usize, x: Id) -> Seen {
        self.sees_in(who, x, &self.held[self.who(who)])
    }

    pub fn both_see(&self, x: Id, seen: Seen) {
        for who in [ANA, BEN] {
            assert_eq!(self.sees(who, x), seen);
        }
    }

    pub fn repair(&self, repair: Id) -> Repairing {
        let all: Set = (0..self.acts.len()).collect();
        self.model().repairing(repair, &all, self.today, NOW)
    }

    pub fn pause(&self) -> Pause {
        let all: Set = (0..self.acts.len()).collect();
        self.model().pause(&all, NOW)
    }
}

pub fn told(kind: Kind, about: Option<Id>) -> Say {
    let worded = !matches!(kind, Break { .. } | Repair { agreement: Some(_) });
    Say::Entry {
        kind,
        worded,
        about,
        instead_of: None,
    }
}

pub fn answer(about: Id, verb: Verb) -> Say {
    let worded = matches!(
        verb,
        Verb::Words | Verb::SayBack | Verb::MayI | Verb::Meaning | Verb::Apology
    );
    Say::Answer {
        about,
        verb,
        worded,
        instead_of: None,
    }
}

pub fn every_kind() -> Vec<Kind> {
    vec![
        Thanks,
        Confidence(As::JustListen),
        Confidence(As::HelpMeThink),
        Permission { until: None },
        SmallTruth(As::LetsTalk),
        TenderSpot,
        TrustGiven { look_again: None },
        ToTalkAbout,
        Ask,
        Bid { day: 101 },
        Break { back_at: NOW + 40 },
        Repair { agreement: None },
        AboutMe(Page::MyPatterns),
    ]
}

pub fn every_verb() -> Vec<Verb> {
    vec![
        Verb::Heard,
        Verb::Thank,
        Verb::NeedTime { until: 103 },
        Verb::Words,
        Verb::SayBack,
        Verb::Yes,
        Verb::NotYet,
        Verb::ListenAs(As::HelpMeThink),
        Verb::TellNobody,
        Verb::MayI,
        Verb::Meaning,
        Verb::Plan("Visits".to_owned()),
        Verb::Done { step: None },
        Verb::Done { step: Some(3) },
        Verb::Day(105),
        Verb::Apology,
        Verb::Stop,
    ]
}

/// The verbs that `who` may say about `x`, by §4.
pub fn rows(story: &Story, who: usize, x: Id) -> Vec<Verb> {
    let fits = |verb: &Verb| {
        let mut more = story.clone();
        let y = more.answers(who, x, verb.clone());
        more.model().sound(y)
    };
    every_verb().into_iter().filter(fits).collect()
}

/// What puts something before both.
type Begins = Box<dyn Fn(&mut Story) -> Id>;

/// Something of Ana's, as it lies before both: an entry, or an answer of hers with what it speaks of.
pub fn things() -> Vec<Begins> {
    let mut all: Vec<Begins> = Vec::new();
    for kind in every_kind() {
        let entry = kind.clone();
        all.push(Box::new(move |story| {
            let x = story.tells(ANA, entry.clone());
            story.meet();
            x
        }));
        for by in [ANA, BEN] {
            for verb in every_verb() {
                let entry = kind.clone();
                all.push(Box::new(move |story| {
                    let x = story.tells(by, entry.clone());
                    story.meet();
                    let y = story.answers(ANA, x, verb.clone());
                    story.meet();
                    y
                }));
            }
        }
    }
    all
}

/// Things of Ana's that are sound.
pub fn each_thing(tell: impl Fn(&mut Story, Id)) {
    let mut reached = 0;
    for thing in things() {
        each(|story| {
            story.agreement("Visits");
            let x = thing(story);
            if story.model().sound(x) {
                tell(story, x);
            }
        });
        reached += 1;
    }
    assert!(reached > 100);
}

pub fn till(minutes: i64) -> Kind {
    Break {
        back_at: NOW + minutes,
    }
}

pub const DONE: Verb = Verb::Done { step: None };

pub const WORDS: Kind = Repair { agreement: None };

pub fn of_visits() -> Kind {
    Repair {
        agreement: Some("Visits".to_owned()),
    }
}

pub const HELP: Kind = Confidence(As::HelpMeThink);

pub const LISTEN: Verb = Verb::ListenAs(As::JustListen);
