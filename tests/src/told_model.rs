//! A plain reference model of everything two people tell each other: KINDS §2 to §5 read aloud, over explicit sets of acts.
//! Written from that text alone; it shares no types with the code it is held against, and is slow on purpose.

mod newest;
mod repair;
mod seen;
mod sound;
mod trust;

use std::collections::BTreeSet;

/// An act, as an index into [`Model::acts`].
pub type Id = usize;
/// Some acts; closed: with each act its past.
pub type Set = BTreeSet<Id>;

/// How somebody wants to be listened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum As {
    /// No advice.
    JustListen,
    /// Advice is asked for.
    HelpMeThink,
    /// Advice is welcome.
    LetsTalk,
}

/// A page about oneself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// What one is called.
    Name,
    /// A ground rule of one's own.
    MyResponsibility,
    /// Another.
    MyPatterns,
}

/// The twelve things that somebody tells, with the facts of their heads. Days are numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// For what the other did.
    Thanks,
    /// Told in trust.
    Confidence(As),
    /// To tell it on, up to and with a day.
    Permission {
        /// Its last day.
        until: Option<i64>,
    },
    /// Told in trust, thanked first.
    SmallTruth(As),
    /// What hurts.
    TenderSpot,
    /// What the other may.
    TrustGiven {
        /// When its giver wants to see it again.
        look_again: Option<i64>,
    },
    /// A matter.
    ToTalkAbout,
    /// A wish.
    Ask,
    /// A call for a moment.
    Bid {
        /// Its last day.
        day: i64,
    },
    /// Till then.
    Break {
        /// In minutes.
        back_at: i64,
    },
    /// Of an agreement, or of words.
    Repair {
        /// The agreement that did not hold.
        agreement: Option<String>,
    },
    /// One's own page.
    AboutMe(Page),
}

/// The sixteen verbs, with the facts of their heads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    /// I heard you.
    Heard,
    /// Thank you.
    Thank,
    /// I need time.
    NeedTime {
        /// Its last day.
        until: i64,
    },
    /// An answer in words; about a confidence it is advice.
    Words,
    /// What I understood.
    SayBack,
    /// Yes.
    Yes,
    /// Not yet, later, not quite.
    NotYet,
    /// Asks anew.
    ListenAs(As),
    /// Nobody may hear it.
    TellNobody,
    /// May I tell it?
    MayI,
    /// What it means to me.
    Meaning,
    /// A proposal that came of it.
    Plan(String),
    /// I am done with it, or with a step.
    Done {
        /// 3, 6 or 7 of a repair.
        step: Option<u8>,
    },
    /// A day for a repair.
    Day(i64),
    /// An apology.
    Apology,
    /// A repair ends.
    Stop,
}

/// A sealed page that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// Of a repair.
    Repair {
        /// The repair.
        id: String,
        /// 2 feelings, 4 view, 5 my part.
        step: u8,
    },
    /// Of a check-in, a card or a look.
    Page(String),
}

/// What an act says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Say {
    /// Something told.
    Entry {
        /// What.
        kind: Kind,
        /// It has words that are not blank.
        worded: bool,
        /// What it speaks of.
        about: Option<Id>,
        /// The own earlier wording.
        instead_of: Option<Id>,
    },
    /// Something said about it.
    Answer {
        /// What it speaks of.
        about: Id,
        /// What it says.
        verb: Verb,
        /// It has words that are not blank.
        worded: bool,
        /// The own earlier wording.
        instead_of: Option<Id>,
    },
    /// An own thing is taken back.
    TakeBack(Id),
    /// An own thing is put away.
    PutAway(Id),
    /// An own page of a slot is open.
    Open(Slot),
    /// A wording of this agreement.
    Agreement(String),
    /// Anything else, or what has not the form of its kind.
    Odd,
}

/// One act.
#[derive(Debug, Clone)]
pub struct Act {
    /// 0 for Ana, 1 for Ben.
    pub by: usize,
    /// Its past: closed, and never with itself in it.
    pub past: Set,
    /// What it says.
    pub say: Say,
    /// Of branches the lower counts.
    pub hash: String,
    /// The name that slots and agreements call it by.
    pub id: String,
    /// The day that its author wrote on it.
    pub on: i64,
}

/// Who looks, with what only this device knows.
#[derive(Debug, Clone)]
pub struct Eyes<'a> {
    /// 0 for Ana, 1 for Ben.
    pub me: usize,
    /// What was opened here.
    pub opened: &'a Set,
    /// The day here.
    pub today: i64,
    /// The minute here.
    pub now: i64,
    /// The day on which this device learned last that the other closed a repair.
    pub learned: Option<i64>,
}

/// What somebody sees of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Whole.
    Open,
    /// That it is there.
    Closed,
    /// That it is put away until the two are through.
    Folded,
    /// One line.
    TakenBack,
    /// Folded, but readable to one who had it: an earlier wording, or advice that came back after it was read.
    Older,
    /// Nothing at all.
    Nothing,
}

/// Whether the two are on a break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// No.
    None,
    /// Till then.
    On(i64),
    /// It was till then, and nobody said more.
    NotYetOver(i64),
}

/// How far a repair is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repairing {
    /// 1 to 7; 8 after the last.
    pub step: u8,
    /// Who has finished the present step.
    pub finished: [bool; 2],
    /// Stopped by either.
    pub stopped: bool,
    /// Both are through, and nobody stopped.
    pub through: bool,
    /// The day that both have named.
    pub day: Option<i64>,
    /// The one that is walked, of those about the same agreement.
    pub walked: bool,
    /// Waits for the end of a break or for somebody's time.
    pub waits: bool,
}

/// Where newest own counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Newest {
    /// I heard you.
    Heard,
    /// Thank you.
    Thank,
    /// What I understood.
    SayBack,
    /// Yes or not yet.
    Yes,
    /// What it means to me.
    Meaning,
    /// How to listen.
    ListenAs,
    /// A page about oneself.
    Page(Page),
}

/// All acts that somebody holds.
#[derive(Debug, Default)]
pub struct Model {
    /// By id, each after those in its past.
    pub acts: Vec<Act>,
    sound: Vec<bool>,
}

impl Model {
    /// A model of these acts.
    pub fn of(acts: Vec<Act>) -> Self {
        let mut model = Self {
            acts,
            sound: Vec::new(),
        };
        for x in 0..model.acts.len() {
            let sound = model.judge(x);
            model.sound.push(sound);
        }
        model
    }

    /// Whether one more act would count.
    pub fn would_be_sound(&mut self, act: Act) -> bool {
        self.acts.push(act);
        let sound = self.judge(self.acts.len() - 1);
        self.acts.pop();
        sound
    }

    /// Everything.
    pub fn all(&self) -> Set {
        (0..self.acts.len()).collect()
    }

    // --- what an act is

    /// What an entry is.
    pub fn kind(&self, x: Id) -> Option<&Kind> {
        match &self.acts[x].say {
            Say::Entry { kind, .. } => Some(kind),
            _ => None,
        }
    }

    /// What an answer says.
    pub fn verb(&self, x: Id) -> Option<&Verb> {
        match &self.acts[x].say {
            Say::Answer { verb, .. } => Some(verb),
            _ => None,
        }
    }

    /// What an entry or answer speaks of.
    pub fn about(&self, x: Id) -> Option<Id> {
        match &self.acts[x].say {
            Say::Entry { about, .. } => *about,
            Say::Answer { about, .. } => Some(*about),
            _ => None,
        }
    }

    /// The own earlier wording of an entry or answer.
    pub fn instead_of(&self, x: Id) -> Option<Id> {
        match &self.acts[x].say {
            Say::Entry { instead_of, .. } | Say::Answer { instead_of, .. } => *instead_of,
            _ => None,
        }
    }

    /// An entry or answer with words.
    pub fn worded(&self, x: Id) -> bool {
        match &self.acts[x].say {
            Say::Entry { worded, .. } | Say::Answer { worded, .. } => *worded,
            _ => false,
        }
    }

    /// Its author.
    pub fn by(&self, x: Id) -> usize {
        self.acts[x].by
    }

    /// ✉: closed until opened.
    pub fn comes_closed(&self, x: Id) -> bool {
        use Kind::*;
        matches!(
            self.kind(x),
            Some(
                Thanks
                    | Confidence(_)
                    | SmallTruth(_)
                    | TenderSpot
                    | TrustGiven { .. }
                    | ToTalkAbout
                    | Ask
            )
        )
    }

    /// ⌂: its author may put it away.
    pub fn may_be_put_away(&self, x: Id) -> bool {
        use Kind::*;
        match &self.acts[x].say {
            Say::Entry { kind, .. } => {
                matches!(kind, Thanks | Confidence(_) | SmallTruth(_) | Ask)
            }
            // A repair's words are not put away singly (KINDS §6).
            Say::Open(slot) => matches!(slot, Slot::Page(_)),
            _ => false,
        }
    }

    /// ↻: may be said better.
    pub fn may_be_said_better(&self, x: Id) -> bool {
        use Kind::*;
        match &self.acts[x].say {
            Say::Entry { kind, .. } => matches!(
                kind,
                Thanks
                    | Confidence(_)
                    | SmallTruth(_)
                    | TenderSpot
                    | TrustGiven { .. }
                    | ToTalkAbout
                    | Ask
            ),
            Say::Answer { verb, .. } => {
                matches!(verb, Verb::Words | Verb::SayBack | Verb::Apology)
            }
            _ => false,
        }
    }

    /// ♥: told in trust, and all that speaks about it (K9).
    pub fn in_trust(&self, x: Id) -> bool {
        use Kind::*;
        match self.kind(x) {
            Some(kind) => matches!(kind, Confidence(_) | Permission { .. } | SmallTruth(_)),
            None => self.about(x).is_some_and(|y| self.in_trust(y)),
        }
    }

    fn same_kind(&self, x: Id, y: Id) -> bool {
        use std::mem::discriminant;
        match (&self.acts[x].say, &self.acts[y].say) {
            (Say::Entry { kind: a, .. }, Say::Entry { kind: b, .. }) => {
                discriminant(a) == discriminant(b)
            }
            (Say::Answer { verb: a, .. }, Say::Answer { verb: b, .. }) => {
                discriminant(a) == discriminant(b)
            }
            _ => false,
        }
    }

    fn knows_agreement(&self, past: &Set, id: &str) -> bool {
        past.iter()
            .any(|v| matches!(&self.acts[*v].say, Say::Agreement(known) if known == id))
    }

    // --- K2, K3, K5: taken back, fallen, older

    /// All own wordings before this one.
    pub fn earlier_wordings(&self, x: Id) -> Set {
        let (mut all, mut at) = (Set::new(), x);
        while let Some(before) = self.instead_of(at) {
            if !all.insert(before) {
                break;
            }
            at = before;
        }
        all
    }

    fn acts_sound<'a>(&'a self, inside: &'a Set) -> impl Iterator<Item = Id> + 'a {
        inside.iter().copied().filter(|x| self.sound(*x))
    }

    /// K2: by its author, and with it every earlier wording.
    pub fn taken_back(&self, x: Id, inside: &Set) -> bool {
        self.acts_sound(inside).any(|t| match self.acts[t].say {
            Say::TakeBack(y) => y == x || (self.sound(y) && self.earlier_wordings(y).contains(&x)),
            _ => false,
        })
    }

    /// K3: taken back, or about something fallen.
    pub fn fallen(&self, x: Id, inside: &Set) -> bool {
        self.taken_back(x, inside) || self.fell_with_its_about(x, inside)
    }

    /// It speaks of what has fallen, and falls with it.
    pub fn fell_with_its_about(&self, x: Id, inside: &Set) -> bool {
        let Some(y) = self.about(x) else {
            return false;
        };
        match self.kind(y) {
            // What was said in a repair or of a break does not fall with its opening words.
            Some(Kind::Repair { .. } | Kind::Break { .. }) => false,
            // "Its tender spot taken back: this stays, the link says so" (KINDS §8).
            Some(Kind::TenderSpot) if matches!(self.kind(x), Some(Kind::TrustGiven { .. })) => {
                false
            }
            _ => self.fallen(y, inside),
        }
    }

    /// Sound, and not fallen.
    pub fn stands(&self, x: Id, inside: &Set) -> bool {
        self.sound(x) && !self.fallen(x, inside)
    }

    /// K5: its author has said it better.
    pub fn said_better(&self, x: Id, inside: &Set) -> bool {
        self.acts_sound(inside)
            .any(|y| self.earlier_wordings(y).contains(&x))
    }
}
