//! What is told in trust: advice that comes back, thanks first, who may tell it on (K15 to K17), and when it is folded (K9).

use super::*;

impl Model {
    /// The confidence that advice is given on.
    pub(super) fn advised(&self, x: Id) -> Option<Id> {
        let asking = self.about(x)?;
        if self.verb(x) != Some(&Verb::Words) {
            return None;
        }
        let confidence = match self.verb(asking) {
            Some(Verb::ListenAs(_)) => self.about(asking)?,
            _ => asking,
        };
        matches!(self.kind(confidence), Some(Kind::Confidence(_))).then_some(confidence)
    }

    /// K15: advice that nobody asked for, or no more.
    pub fn came_back(&self, x: Id, inside: &Set) -> bool {
        let Some(confidence) = self.advised(x) else {
            return false;
        };
        let Some(asking) = self.about(x) else {
            return false;
        };
        let asked = match (&self.acts[asking].say, self.kind(asking)) {
            (_, Some(Kind::Confidence(how))) => *how,
            (
                Say::Answer {
                    verb: Verb::ListenAs(how),
                    ..
                },
                _,
            ) => *how,
            _ => return false,
        };
        let just_listen_after = |y: Id| {
            self.by(y) == self.by(asking)
                && self.verb(y) == Some(&Verb::ListenAs(As::JustListen))
                && self.about(y) == Some(confidence)
                && self.acts[y].past.contains(&asking)
        };
        asked == As::JustListen || self.acts_sound(inside).any(just_listen_after)
    }

    /// K16: what is said of a small truth comes after thanks or a need of time.
    pub fn thanked_first(&self, x: Id) -> bool {
        let heard_or_words = matches!(self.verb(x), Some(Verb::Heard | Verb::Words));
        let Some(truth) = self.about(x) else {
            return true;
        };
        if !heard_or_words || !matches!(self.kind(truth), Some(Kind::SmallTruth(_))) {
            return true;
        }
        self.acts_sound(&self.acts[x].past).any(|y| {
            self.by(y) == self.by(x)
                && self.about(y) == Some(truth)
                && matches!(self.verb(y), Some(Verb::Thank | Verb::NeedTime { .. }))
        })
    }

    // --- K17 and may_i

    /// `tell_nobody` was said of it or of an earlier wording, and not taken back: whatever became of that wording.
    pub fn nobody(&self, confidence: Id, inside: &Set) -> bool {
        let mut wordings = self.earlier_wordings(confidence);
        wordings.insert(confidence);
        self.acts_sound(inside).any(|x| {
            self.verb(x) == Some(&Verb::TellNobody)
                && self.about(x).is_some_and(|c| wordings.contains(&c))
                && !self.taken_back(x, inside)
        })
    }

    /// K17: whether this permission lets the other tell this confidence.
    pub fn lets_tell(&self, permission: Id, confidence: Id, inside: &Set, today: i64) -> bool {
        let Some(Kind::Permission { until }) = self.kind(permission) else {
            return false;
        };
        let this = match self.about(permission) {
            None => true,
            Some(y) if y == confidence => true,
            Some(y) => self.verb(y) == Some(&Verb::MayI) && self.about(y) == Some(confidence),
        };
        this && matches!(self.kind(confidence), Some(Kind::Confidence(_)))
            && self.by(permission) == self.by(confidence)
            && self.stands(permission, inside)
            && until.is_none_or(|day| today <= day)
            && self.stands(confidence, inside)
            && !self.said_better(confidence, inside)
            && !self.nobody(confidence, inside)
    }

    /// Whether a permission holds: of its confidence, or, standing for all, at all.
    pub fn holds(&self, permission: Id, inside: &Set, today: i64) -> bool {
        let Some(Kind::Permission { until }) = self.kind(permission) else {
            return false;
        };
        match self.about(permission) {
            None => self.stands(permission, inside) && until.is_none_or(|day| today <= day),
            Some(y) => {
                let confidence = match self.verb(y) {
                    Some(_) => self.about(y),
                    None => Some(y),
                };
                confidence.is_some_and(|c| self.lets_tell(permission, c, inside, today))
            }
        }
    }

    /// The permissions by which the other may tell this confidence.
    pub fn may_tell(&self, confidence: Id, inside: &Set, today: i64) -> Set {
        let lets = |x: &Id| self.lets_tell(*x, confidence, inside, today);
        inside.iter().copied().filter(lets).collect()
    }

    /// A permission answers this asking: also one that was revoked since.
    pub fn answered(&self, may_i: Id, inside: &Set) -> bool {
        self.acts_sound(inside).any(|x| {
            matches!(self.kind(x), Some(Kind::Permission { .. })) && self.about(x) == Some(may_i)
        })
    }

    /// Whether a `may_i` reaches the one who is asked.
    pub fn asking_shown(&self, may_i: Id, inside: &Set) -> bool {
        let Some(confidence) = self.about(may_i) else {
            return false;
        };
        if !self.stands(may_i, inside) || self.nobody(confidence, inside) {
            return false;
        }
        // One after the other, each once the one before was answered.
        let mut waiting: Vec<Id> = self
            .acts_sound(inside)
            .filter(|x| self.verb(*x) == Some(&Verb::MayI) && self.about(*x) == Some(confidence))
            .collect();
        loop {
            let first = |x: &&Id| waiting.iter().all(|y| !self.acts[**x].past.contains(y));
            let next = waiting.iter().filter(first);
            let Some(next) = next.min_by_key(|x| &self.acts[**x].hash).copied() else {
                return false;
            };
            if next == may_i {
                return true;
            }
            if !self.answered(next, inside) {
                return false;
            }
            waiting.retain(|x| *x != next);
        }
    }

    // --- K9: folded

    /// What was told in trust is put away until the two are through.
    pub fn fold(&self, inside: &Set, eyes: &Eyes) -> bool {
        let near = |on: i64| (on - eyes.today).abs() <= 1;
        eyes.learned.is_some_and(near)
            || self.pause(inside, eyes.now) != Pause::None
            || self.repairs(inside).into_iter().any(|repair| {
                !self.closed(repair, inside)
                    || self.closing_days(repair, inside).into_iter().any(near)
            })
    }

    /// What somebody has said that closes a repair, or would if the other said so, too.
    pub fn closings(&self, by: usize, inside: &Set) -> Set {
        let closes = |x: &Id| match (self.verb(*x), &self.acts[*x].say) {
            (Some(Verb::Stop | Verb::Done { step: Some(7) }), _) => true,
            (_, Say::TakeBack(y)) => self.is_repair(Some(*y)),
            _ => false,
        };
        let all = self.acts_sound(inside).filter(|x| self.by(*x) == by);
        all.filter(closes).collect()
    }
}
