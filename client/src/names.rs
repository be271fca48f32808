//! How a person names an agreement and a wording of it: a word of the topic, a number of the last list, a letter for the
//! wording; or the name that scripts use.

use crate::ask::Asking;
use crate::commands::whole;
use crate::link::Link;
use crate::say;
use crate::words::t;
use crate::wrap;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use troth_proto::api::{AgreementList, Request};
use troth_proto::home::Home;
use troth_proto::ids::Who;
use troth_proto::view::{AgreementLine, AgreementState, AgreementView, VersionState, VersionView};
use troth_proto::{AgreementId, Problem};

/// Characters of a name that scripts use, where a person reads it.
const SHORT: usize = 8;
/// The fewest characters of a name that scripts use.
const FEWEST: usize = 4;

/// Which wording is meant when none is named: the one that fits, if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// One that waits for an answer.
    Waiting,
    /// One to which a yes rests here.
    Resting,
    /// One that holds, or else one that is on offer.
    Standing,
    /// One that holds or has held.
    Held,
    /// One whose words were proposed and did not come to hold.
    NotAgreed,
}

impl Meant {
    fn fits(self, v: &VersionView) -> bool {
        match self {
            Self::Waiting => {
                v.state == VersionState::Proposed
                    && !v.said_yes.contains(&Who::Me)
                    && v.rests_until.is_none()
            }
            Self::Resting => v.rests_until.is_some(),
            Self::Standing => matches!(v.state, VersionState::InForce | VersionState::Proposed),
            Self::Held => matches!(v.state, VersionState::InForce | VersionState::Over),
            Self::NotAgreed => !matches!(v.state, VersionState::InForce | VersionState::Proposed),
        }
    }

    fn may_fit(self, state: AgreementState) -> bool {
        use AgreementState as A;
        match self {
            Self::Waiting | Self::Resting => {
                matches!(state, A::Proposed | A::ChangeProposed | A::TwoYeses)
            }
            Self::Standing => !matches!(state, A::LetGo | A::NotAgreed | A::Draft),
            Self::Held => matches!(state, A::InForce | A::ChangeProposed | A::Over),
            Self::NotAgreed => true,
        }
    }
}

/// The letter of a wording, by its place: a, b, c.
#[must_use]
pub fn letter(place: usize) -> String {
    let letter = char::from(b'a' + (place % 26) as u8);
    match place / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{round}"),
    }
}

/// One who looks for names.
pub struct Names<'a> {
    pub link: &'a mut Link,
    pub home: &'a Home,
    pub asking: Asking,
}

impl Names<'_> {
    /// The agreement that is meant.
    ///
    /// # Errors
    /// There is none by that name, or more than one.
    pub fn agreement(&mut self, words: &[String]) -> Result<AgreementView, Problem> {
        let text = words.join(" ");
        self.find(text.trim(), |_| true)
    }

    /// The wording that is meant, and its agreement.
    ///
    /// # Errors
    /// There is none by that name, or more than one.
    pub fn wording(
        &mut self,
        words: &[String],
        meant: Meant,
    ) -> Result<(AgreementView, VersionView), Problem> {
        let (name, wording) = match words {
            [name @ .., last] if !name.is_empty() && is_letter(last) => {
                // A topic may end in a letter by itself: "Plan B".
                let whole = words.join(" ").to_lowercase();
                let all = list(self.link)?;
                if all
                    .iter()
                    .any(|line| line.topic.trim().to_lowercase() == whole)
                {
                    (words, None)
                } else {
                    (name, Some(last))
                }
            }
            all => (all, None),
        };
        let text = name.join(" ");
        let text = text.trim();
        let view = match text.is_empty() {
            true => self.find_fitting(meant)?,
            false => self.find(text, |_| true)?,
        };
        let asked = text.to_ascii_lowercase();
        let named = |v: &VersionView| {
            is_script_name(&asked)
                && (v.version.hex().starts_with(&asked) || v.hash.hex().starts_with(&asked))
        };
        let places = || view.versions.iter().enumerate();
        let mut all: Vec<&VersionView> = match wording {
            Some(wanted) => {
                let wanted = wanted.to_ascii_lowercase();
                let it = places().filter(|(place, _)| letter(*place) == wanted);
                it.map(|(_, v)| v).collect()
            }
            None => places().map(|(_, v)| v).filter(|v| named(v)).collect(),
        };
        if all.is_empty() && wording.is_none() {
            all = view.versions.iter().filter(|v| meant.fits(v)).collect();
            let holds: Vec<&VersionView> = all
                .iter()
                .copied()
                .filter(|v| meant == Meant::Standing && v.state == VersionState::InForce)
                .collect();
            if !holds.is_empty() {
                all = holds;
            }
        }
        match all[..] {
            [one] => {
                let one = one.clone();
                Ok((view, one))
            }
            [] if wording.is_some() => Err(Problem::NoSuchAgreement {
                what: words.join(" "),
            }),
            [] => Err(self.why_none(&view, meant)?),
            _ => self.one_of_its_wordings(view),
        }
    }

    /// The only agreement of which a wording fits, where none is named.
    fn find_fitting(&mut self, meant: Meant) -> Result<AgreementView, Problem> {
        let (mut fit, mut aside) = (Vec::new(), Vec::new());
        for line in list(self.link)? {
            if !meant.may_fit(line.state) {
                continue;
            }
            let view = whole(self.link, &line.agreement.hex())?;
            let fits = |v: &&VersionView| meant.fits(v);
            let answered = |v: &VersionView| v.answers.iter().any(|it| it.by == Who::Me);
            let mut fitting = view.versions.iter().filter(fits);
            if fitting.clone().any(|v| !answered(v)) {
                fit.push(line.agreement);
            } else if fitting.next().is_some() {
                aside.push(line.agreement);
            }
        }
        // What one has answered with "not now" waits behind what waits.
        if fit.is_empty() {
            fit = aside;
        }
        let found = self.find("", |line| fit.contains(&line.agreement));
        found.map_err(|problem| match (problem, meant) {
            (Problem::NotOnOffer, Meant::Waiting) => Problem::NothingWaits,
            (Problem::NotOnOffer, Meant::Resting) => Problem::NothingRests,
            (problem, _) => problem,
        })
    }

    /// Why no wording of an agreement fits.
    fn why_none(&mut self, view: &AgreementView, meant: Meant) -> Result<Problem, Problem> {
        let offered = |v: &&VersionView| v.state == VersionState::Proposed;
        Ok(match meant {
            Meant::Resting => Problem::NothingRests,
            Meant::Waiting if view.state == AgreementState::TwoYeses => Problem::PickSame,
            Meant::Waiting => match view.versions.iter().rev().find(offered) {
                Some(v) if v.rests_until.is_some() => Problem::RestsAlready,
                Some(v) if v.by == Who::Me => Problem::YourOwn {
                    partner: crate::commands::partner(self.link)?,
                },
                Some(_) => Problem::AlreadySaidYes,
                None => Problem::NotOnOffer,
            },
            Meant::Held if view.versions.iter().any(|v| offered(&v)) => Problem::NotHeldYet,
            _ => Problem::NotOnOffer,
        })
    }

    /// An agreement and two wordings of it, by their places: named by letters behind it or as scripts name them; else the
    /// one in force and the newest on offer.
    ///
    /// # Errors
    /// There are none by that name, or not two.
    pub fn two_wordings(
        &mut self,
        words: &[String],
    ) -> Result<(AgreementView, (usize, usize)), Problem> {
        if let [a, b] = words
            && is_script_name(a)
            && is_script_name(b)
        {
            let view = whole(self.link, a)?;
            let place = |name: &String| {
                let named = |v: &VersionView| {
                    v.version.hex().starts_with(name.as_str())
                        || v.hash.hex().starts_with(name.as_str())
                };
                let place = view.versions.iter().position(named);
                place.ok_or_else(|| Problem::NoSuchAgreement { what: name.clone() })
            };
            let both = (place(a)?, place(b)?);
            return Ok((view, both));
        }
        let (name, letters) = match words {
            [name @ .., a, b] if !name.is_empty() && is_letter(a) && is_letter(b) => {
                (name, Some((a.to_ascii_lowercase(), b.to_ascii_lowercase())))
            }
            all => (all, None),
        };
        let view = self.agreement(name)?;
        let versions = || view.versions.iter().enumerate();
        let places = match &letters {
            Some((a, b)) => {
                let place = |wanted: &String| {
                    let found = versions().find(|(place, _)| letter(*place) == *wanted);
                    let found = found.map(|(place, _)| place);
                    found.ok_or_else(|| Problem::NoSuchAgreement {
                        what: words.join(" "),
                    })
                };
                (place(a)?, place(b)?)
            }
            None => {
                let held = versions().find(|(_, v)| Some(v.hash) == view.in_force);
                let offered = versions().rfind(|(_, v)| v.state == VersionState::Proposed);
                match (held, offered) {
                    (Some((a, _)), Some((b, _))) => (a, b),
                    // None holds, and there are no others.
                    _ if view.versions.len() == 2 => (0, 1),
                    _ => {
                        let name = short(&view.topic).unwrap_or_else(|| words.join(" "));
                        return Err(Problem::WhichTwo { name });
                    }
                }
            }
        };
        Ok((view, places))
    }

    fn one_of_its_wordings(
        &mut self,
        view: AgreementView,
    ) -> Result<(AgreementView, VersionView), Problem> {
        let what = say::calm_line(&view.topic);
        if !self.asking.person() {
            return Err(Problem::NotUnique { what });
        }
        let them = crate::commands::partner(self.link)?;
        wrap::tell(&say::agreement(&view, &them));
        let wanted = self.asking.needed(&t!("ask-which-wording"))?;
        let wanted = wanted.to_ascii_lowercase();
        let found = (0..view.versions.len()).find(|place| letter(*place) == wanted);
        match found.map(|place| view.versions[place].clone()) {
            Some(version) => Ok((view, version)),
            None => Err(Problem::NoSuchAgreement { what: wanted }),
        }
    }

    fn find(
        &mut self,
        text: &str,
        fits: impl Fn(&AgreementLine) -> bool,
    ) -> Result<AgreementView, Problem> {
        if is_script_name(text) {
            match whole(self.link, text) {
                // It may be a word too.
                Err(Problem::NoSuch { .. }) if !self.asking.json => {}
                Err(Problem::NoSuch { what }) => return Err(Problem::NoSuchAgreement { what }),
                answer => return answer,
            }
        }
        if let Ok(number) = text.parse::<usize>()
            && let Some(id) = last_list(self.home).get(number.wrapping_sub(1))
        {
            return whole(self.link, &id.hex());
        }
        let all = list(self.link)?;
        let found: Vec<&AgreementLine> = if text.is_empty() {
            all.iter().filter(|line| fits(line)).collect()
        } else {
            by_topic(&all, text)
        };
        match found[..] {
            [one] => whole(self.link, &one.agreement.hex()),
            [] if text.is_empty() => Err(Problem::NotOnOffer),
            [] => Err(Problem::NoSuchAgreement {
                what: text.to_owned(),
            }),
            _ if self.asking.person() => {
                let mut lines: Vec<AgreementLine> = found.into_iter().cloned().collect();
                say::sort(&mut lines);
                keep_list(self.home, &lines);
                wrap::tell(&say::agreements(&lines));
                let answer = self.asking.needed(&t!("ask-which-agreement"))?;
                let chosen = answer.parse::<usize>().ok();
                let chosen = chosen.and_then(|n| lines.get(n.wrapping_sub(1)));
                match chosen {
                    Some(line) => whole(self.link, &line.agreement.hex()),
                    None => Err(Problem::NoSuchAgreement { what: answer }),
                }
            }
            _ => Err(Problem::NotUnique {
                what: text.to_owned(),
            }),
        }
    }
}

/// Whether a text may be the beginning of a name that scripts use.
pub fn is_script_name(text: &str) -> bool {
    text.len() >= FEWEST && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn is_letter(word: &str) -> bool {
    let mut chars = word.chars();
    let first = chars.next().is_some_and(|c| c.is_ascii_alphabetic());
    first && chars.all(|c| c.is_ascii_digit())
}

/// Agreements whose topic is these words; else those with a word that begins with each of them.
fn by_topic<'a>(all: &'a [AgreementLine], text: &str) -> Vec<&'a AgreementLine> {
    by_words(all, |line| &line.topic, text)
}

/// Those whose name is these words; else those with a word in it that begins with each of them.
pub fn by_words<'a, T>(all: &'a [T], name: impl Fn(&T) -> &str, text: &str) -> Vec<&'a T> {
    let wanted = text.to_lowercase();
    let exactly = |it: &&T| name(it).trim().to_lowercase() == wanted;
    let found: Vec<&T> = all.iter().filter(exactly).collect();
    if !found.is_empty() {
        return found;
    }
    let parts = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words.filter(|w| !w.is_empty()).map(str::to_owned).collect()
    };
    let wanted = parts(&wanted);
    let has = |it: &&T| {
        let name = parts(&name(it).to_lowercase());
        let begins = |part: &String| name.iter().any(|word| word.starts_with(part.as_str()));
        !wanted.is_empty() && wanted.iter().all(begins)
    };
    all.iter().filter(has).collect()
}

/// All agreements.
///
/// # Errors
/// As the daemon answers.
pub fn list(link: &mut Link) -> Result<Vec<AgreementLine>, Problem> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let request = Request::AgreementList { state: None, after };
        let part: AgreementList = crate::commands::typed(&link.ask(&request)?)?;
        all.extend(part.agreements);
        after = part.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

/// Keeps which agreement stood at which number, for the next command: their names for scripts, and nothing else.
pub fn keep_list(home: &Home, lines: &[AgreementLine]) {
    let text: String = lines
        .iter()
        .map(|line| line.agreement.hex() + "\n")
        .collect();
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(home.last_list());
    // Without it numbers are not known, and words still are.
    let _ = file.and_then(|mut file| file.write_all(text.as_bytes()));
}

fn last_list(home: &Home) -> Vec<AgreementId> {
    let text = std::fs::read_to_string(home.last_list()).unwrap_or_default();
    text.lines()
        .filter_map(|line| AgreementId::from_hex(line).ok())
        .collect()
}

/// A short name for an agreement in a sentence: the longest word of its topic. One that looks like a name for scripts, or a
/// number, would be taken for that first.
#[must_use]
pub fn short(topic: &str) -> Option<String> {
    let words = words(topic).into_iter();
    words.max_by_key(|word| word.chars().count())
}

/// What leads back to an agreement, and to no other: a word of its topic, the longest that does; else all of them; else the
/// name that scripts use.
#[must_use]
pub fn leads_back(all: &[AgreementLine], topic: &str, id: &str) -> String {
    let mut names = words(topic);
    let whole = names.join(" ");
    let letter_behind = names.len() > 1 && names.last().is_some_and(|last| is_letter(last));
    names.reverse();
    names.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    names.extend((!letter_behind).then_some(whole));
    let leads = |text: &String| matches!(by_topic(all, text)[..], [one] if one.topic == topic);
    let found = names.into_iter().find(leads);
    found.unwrap_or_else(|| id.chars().take(SHORT).collect())
}

/// What leads to one of several by its name, and to no other: a word of it; else the longest; none where no word can.
#[must_use]
pub fn word_for<T>(all: &[T], name: impl Fn(&T) -> &str, one: &T) -> Option<String> {
    let mut names = words(name(one));
    names.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let leads =
        |text: &&String| matches!(by_words(all, &name, text)[..], [it] if std::ptr::eq(it, one));
    names.iter().find(leads).or(names.first()).cloned()
}

/// The words of a topic that can name it.
#[must_use]
pub fn words(topic: &str) -> Vec<String> {
    let words = topic.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).map(str::to_lowercase);
    words
        .filter(|word| !is_script_name(word) && word.parse::<usize>().is_err())
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn line(topic: &str) -> AgreementLine {
        let value = serde_json::json!({"agreement": "0d".repeat(16), "topic": topic, "state": "in_force", "proposals": 0});
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn an_agreement_is_named_by_any_words_of_its_topic() {
        let all = [
            "Phones in the bedroom",
            "Phones",
            "Visits of my mother",
            "Übernachten",
        ]
        .map(line);
        let found = |text: &str| -> Vec<String> {
            let found = by_topic(&all, text);
            found.iter().map(|line| line.topic.clone()).collect()
        };
        assert_eq!(found("phones"), ["Phones"]);
        assert_eq!(found("bed"), ["Phones in the bedroom"]);
        assert_eq!(found("phon bed"), ["Phones in the bedroom"]);
        assert_eq!(found("pho"), ["Phones in the bedroom", "Phones"]);
        assert_eq!(found("über"), ["Übernachten"]);
        assert_eq!(found("ones"), [""; 0]);
        assert_eq!(found("!"), [""; 0]);
    }

    #[test]
    fn what_names_an_agreement_leads_to_no_other() {
        let topics = [
            "Phones",
            "Our phones",
            "Our phones at night",
            "Visits",
            "Visits",
            "Plan B",
            "Plan",
            "2026",
            "!!",
            "Our ”cafe”",
            "Nächte, Nächte",
        ];
        let all = topics.map(line);
        let mut names = Vec::new();
        for topic in topics {
            let name = leads_back(&all, topic, "0d0d0d0d0d");
            let found = by_topic(&all, &name);
            let alone = found.len() == 1 && found[0].topic == topic;
            assert!(alone || name == "0d0d0d0d", "{topic}: {name}");
            names.push(name);
        }
        let by_words = [
            "phones",
            "our phones",
            "night",
            "0d0d0d0d",
            "0d0d0d0d",
            "b",
            "plan",
        ];
        assert_eq!(names[..7], by_words);
        assert_eq!(names[7..], ["0d0d0d0d", "0d0d0d0d", "0d0d0d0d", "nächte"]);
    }

    #[test]
    fn short_names_lead_back_to_their_agreement() {
        assert_eq!(short("The phones, at night").unwrap(), "phones");
        assert_eq!(short("Us two").unwrap(), "two");
        assert_eq!(short("!!"), None);
        assert_eq!(
            short("Feed the cat").unwrap(),
            "cat",
            "the other may be a name for scripts"
        );
        assert_eq!(short("2026"), None);
        assert_eq!((letter(0), letter(27)), ("a".into(), "b1".into()));
    }
}
