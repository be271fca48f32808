//! Looking for words: own and opened ones, with no index anywhere (KINDS §7).

use super::requests::value;
use super::show::SLOT_ACTS;
use super::told::{ACTS_LOOKED_AT, Looked, Looker};
use super::{Node, Now};
use crate::books::book::{Said, Subject};
use crate::told::Thread;
use memchr::memmem::Finder;
use serde_json::Value;
use std::collections::BTreeSet;
use troth_proto::ids::Who;
use troth_proto::said::sealed::Sealed;
use troth_proto::said::{Spoken, Text};
use troth_proto::telling::{Found, FoundLine};
use troth_proto::{AgreementId, Body, Hash, Problem, Slot, limits};

/// Lines of one answer, and things that are looked into for them.
const LINES: usize = 50;
const LOOKED_AT: usize = 1_000;
/// Characters of a line, around what was looked for.
const AROUND: usize = 60;
/// Characters that may be looked for.
const WORDS_CHARS: usize = limits::LINE_CHARS;

/// A text without case and accents.
fn folded(text: &str) -> String {
    text.chars().flat_map(fold).collect()
}

fn fold(c: char) -> impl Iterator<Item = char> {
    let plain = match c {
        'ß' => return Folded::Two('s', 's'),
        'æ' | 'Æ' => return Folded::Two('a', 'e'),
        'œ' | 'Œ' => return Folded::Two('o', 'e'),
        'À'..='Å' | 'à'..='å' | 'Ā'..='ą' => 'a',
        'Ç' | 'ç' | 'Ć'..='č' => 'c',
        'Ď'..='đ' => 'd',
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' => 'e',
        'Ĝ'..='ģ' => 'g',
        'Ĥ'..='ħ' => 'h',
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' => 'i',
        'Ĵ' | 'ĵ' => 'j',
        'Ķ' | 'ķ' => 'k',
        'Ĺ'..='ł' => 'l',
        'Ñ' | 'ñ' | 'Ń'..='ň' => 'n',
        'Ò'..='Ö' | 'Ø' | 'ò'..='ö' | 'ø' | 'Ō'..='ő' => 'o',
        'Ŕ'..='ř' => 'r',
        'Ś'..='š' => 's',
        'Ţ'..='ŧ' => 't',
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' => 'u',
        'Ŵ' | 'ŵ' => 'w',
        'Ý' | 'ý' | 'ÿ' | 'Ŷ' | 'ŷ' | 'Ÿ' => 'y',
        'Ź'..='ž' => 'z',
        // An accent that stands by itself.
        '\u{300}'..='\u{36f}' => return Folded::None,
        other => return Folded::Lower(other.to_lowercase()),
    };
    Folded::One(plain)
}

/// What one character becomes.
enum Folded {
    None,
    One(char),
    Two(char, char),
    Lower(std::char::ToLowercase),
}

impl Iterator for Folded {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match std::mem::replace(self, Self::None) {
            Self::None => None,
            Self::One(c) => Some(c),
            Self::Two(a, b) => {
                *self = Self::One(b);
                Some(a)
            }
            Self::Lower(mut all) => {
                let next = all.next();
                if next.is_some() {
                    *self = Self::Lower(all);
                }
                next
            }
        }
    }
}

/// A text without case and accents, written over what stood there: of stretches without accents all at once.
fn fold_over(text: &str, out: &mut String) {
    out.clear();
    let mut rest = text;
    while !rest.is_empty() {
        let plain = plain_bytes(rest.as_bytes());
        let (before, after) = rest.split_at(plain);
        let from = out.len();
        out.push_str(before);
        if let Some(new) = out.get_mut(from..) {
            new.make_ascii_lowercase();
        }
        let end = after.find(|c: char| c.is_ascii()).unwrap_or(after.len());
        let (accented, after) = after.split_at(end);
        out.extend(accented.chars().flat_map(fold));
        rest = after;
    }
}

/// How many bytes come before the first that is not ASCII.
fn plain_bytes(bytes: &[u8]) -> usize {
    const AT_ONCE: usize = 16;
    let chunks = bytes.chunks(AT_ONCE);
    let plain = chunks.take_while(|chunk| chunk.is_ascii());
    let whole: usize = plain.map(<[u8]>::len).sum();
    let rest = bytes.iter().skip(whole).take_while(|byte| byte.is_ascii());
    whole + rest.count()
}

/// Something that is looked for.
struct Sought {
    folded: String,
    finder: Finder<'static>,
}

impl Sought {
    fn of(words: &str) -> Result<Self, Problem> {
        let words = words.trim();
        if words.chars().count() > WORDS_CHARS {
            return Err(Problem::TooLong);
        }
        let folded = folded(words);
        if folded.trim().is_empty() {
            return Err(Problem::NothingSaid);
        }
        Ok(Self {
            finder: Finder::new(&folded).into_owned(),
            folded,
        })
    }

    /// Whether a text holds it.
    fn is_in(&self, text: &str) -> bool {
        self.is_in_with(text, &mut String::new())
    }

    /// The same, with room that is used again.
    fn is_in_with(&self, text: &str, room: &mut String) -> bool {
        fold_over(text, room);
        self.finder.find(room.as_bytes()).is_some()
    }

    /// At which character of a text it begins.
    fn begins_at(&self, text: &[char]) -> Option<usize> {
        let (mut folded, mut starts) = (String::new(), Vec::with_capacity(text.len()));
        for c in text {
            starts.push(folded.len());
            folded.extend(fold(*c));
        }
        let at = self.finder.find(folded.as_bytes())?;
        // Of those that begin there the last: accents that stand by themselves became nothing.
        starts.partition_point(|start| *start <= at).checked_sub(1)
    }
}

/// What is chosen and not written is no text.
fn is_chosen(name: &str) -> bool {
    matches!(name, "who" | "lean" | "tag")
}

/// All texts in the JSON of words.
fn texts(value: Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text),
        Value::Array(all) => all.into_iter().for_each(|it| texts(it, into)),
        Value::Object(all) => {
            let written = all.into_iter().filter(|(name, _)| !is_chosen(name));
            written.for_each(|(_, it)| texts(it, into));
        }
        _ => {}
    }
}

/// The line of a text that holds what was looked for, shortened around it.
fn line_of(text: &str, sought: &Sought) -> Option<String> {
    let line = text.lines().find(|line| sought.is_in(line));
    // What goes over the end of a line is told by the first.
    let line = line.or_else(|| text.lines().find(|line| !line.trim().is_empty()))?;
    let chars: Vec<char> = line.trim().chars().collect();
    if chars.len() <= 2 * AROUND {
        return Some(chars.into_iter().collect());
    }
    let at = sought.begins_at(&chars);
    let from = at.unwrap_or(0).saturating_sub(AROUND);
    let to = (from + 2 * AROUND).min(chars.len());
    let middle: String = chars[from..to].iter().collect();
    let (before, after) = (
        if from > 0 { "…" } else { "" },
        if to < chars.len() { "…" } else { "" },
    );
    Some(format!("{before}{}{after}", middle.trim()))
}

impl Node {
    pub(super) fn search(
        &mut self,
        now: Now,
        words: &str,
        after: Option<usize>,
    ) -> Result<Value, Problem> {
        let sought = Sought::of(words)?;
        let after = after.unwrap_or(0);
        let (hits, more) = self.hits(&sought, after.saturating_add(LOOKED_AT))?;
        let looker = self.looker(now)?;
        let (mut found, mut looked) = (Found::default(), Looked::default());
        // Only those that fill the page are looked into.
        let last = hits.len();
        for (n, hit) in hits.into_iter().enumerate().skip(after) {
            if found.found.len() == LINES || looked.acts > ACTS_LOOKED_AT {
                found.next = Some(n);
                break;
            }
            let all = match hit.root {
                Some(root) => looker
                    .found(root, hit.at, &mut looked)
                    .map(|it| it.0.into_values().collect()),
                None => looker.found_in_slot_or_agreement(hit.at, &mut looked),
            };
            let line = all.and_then(|all| looker.node.found_line(&hit, all, &sought));
            found.found.extend(line);
        }
        if more && found.next.is_none() {
            found.next = Some(last);
        }
        Ok(value(&found))
    }

    /// The newest, as their authors had them, of what may hold what is looked for; and whether there are more.
    fn hits(&self, sought: &Sought, wanted: usize) -> Result<(Vec<Hit>, bool), Problem> {
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let (mut hits, mut room) = (Vec::new(), String::new());
        for who in [Who::Me, Who::Partner] {
            for said in couple.book(who).said() {
                let root = match said.subject {
                    Some(Subject::Told(who, index)) => Some((*who, *index)),
                    Some(Subject::Agreement(_) | Subject::Slot(_)) => None,
                    Some(Subject::Draft(_)) | None => continue,
                };
                let words = said.words().unwrap_or_default();
                if !words.is_empty() && may_hold(words, sought, &mut room) {
                    let at = (who, said.index());
                    hits.push(((said.depth(), said.hash), Hit { at, root }));
                }
            }
        }
        let newest = |one: &((u32, Hash), Hit)| std::cmp::Reverse(one.0);
        let more = hits.len() > wanted;
        if more {
            hits.select_nth_unstable_by_key(wanted, newest);
            hits.truncate(wanted);
        }
        hits.sort_unstable_by_key(newest);
        Ok((hits.into_iter().map(|(_, hit)| hit).collect(), more))
    }

    fn found_line(&self, hit: &Hit, all: Vec<String>, sought: &Sought) -> Option<FoundLine> {
        let couple = self.couple.as_ref()?;
        let said: Said<'_> = couple.book(hit.at.0).at(hit.at.1 as usize);
        let it = said.read()?;
        let text = all.iter().find(|text| sought.is_in(text))?;
        let (id, kind) = match (said.subject?, &it.body) {
            (Subject::Agreement(id), _) => (id.hex(), "agreement".to_owned()),
            (Subject::Slot(slot), _) => (slot.to_string(), "page".to_owned()),
            (Subject::Told(who, index), body) => {
                let root = couple.book(*who).at(*index as usize);
                let id = match root.subject? {
                    Subject::Slot(slot) => slot.to_string(),
                    _ => root.id.hex(),
                };
                (id, body.kind().to_owned())
            }
            (Subject::Draft(_), _) => return None,
        };
        Some(FoundLine {
            id,
            kind,
            by: hit.at.0,
            on: it.on,
            line: line_of(text, sought)?,
        })
    }
}

impl Looker<'_> {
    /// The texts of an agreement's wording, of a part or a note in it, or of a page, that may be found: what is shown of both.
    fn found_in_slot_or_agreement(
        &self,
        (who, index): (Who, u32),
        looked: &mut Looked,
    ) -> Option<Vec<String>> {
        let said = self.couple.book(who).at(index as usize);
        let words = match said.subject? {
            Subject::Slot(slot) => {
                if !looked.pages.contains_key(&**slot) {
                    let pages = self.pages_found(slot, &mut looked.acts);
                    looked.pages.insert((**slot).clone(), pages);
                }
                looked.pages.get(&**slot)?.get(&said.hash)?;
                match Sealed::of(slot, said.words()?)? {
                    Sealed::CheckIn(page) => value(&page),
                    Sealed::Look(look) => value(&look),
                    Sealed::Card(card) => value(&card),
                }
            }
            Subject::Agreement(id) => {
                let thread = self.couple.thread(id)?;
                looked.acts += thread.moves.len().saturating_sub(SLOT_ACTS);
                if self.couple.put_away(thread, Who::Me, &self.couple.all()) {
                    return None;
                }
                match said.read()?.body {
                    Body::Version(_) => value(&self.node.words_of(&said.hash)?),
                    Body::NotNow(_) | Body::StepBack(_) => value(&Text::read(said.words()?)?),
                    // The newest stands for all.
                    Body::MyPart(_) => {
                        let newest = self.newest_part(id, who, looked)?;
                        if newest != said.hash {
                            return None;
                        }
                        value(&Text::read(said.words()?)?)
                    }
                    _ => return None,
                }
            }
            _ => return None,
        };
        let mut all = Vec::new();
        texts(words, &mut all);
        Some(all)
    }

    /// The newest part of one of them in an agreement, found once for all that are looked at.
    fn newest_part(&self, id: &AgreementId, who: Who, looked: &mut Looked) -> Option<Hash> {
        if let Some(known) = looked.parts.get(&(*id, who)) {
            return *known;
        }
        let all = self.couple.first_in(self.couple.thread(id)?);
        looked.acts += all.len().saturating_sub(SLOT_ACTS);
        let newest = all.into_iter().rev().find(|(by, it)| {
            let body = || it.read().map(|it| it.body);
            *by == who && matches!(body(), Some(Body::MyPart(_)))
        });
        let newest = newest.map(|(_, said)| said.hash);
        looked.parts.insert((*id, who), newest);
        newest
    }

    /// Pages in a slot that may be found: what both have opened, or one's own; not put away, and of no closed repair.
    fn pages_found(&self, slot: &Slot, acts: &mut usize) -> BTreeSet<Hash> {
        *acts += self.couple.acts_in_slot(slot).saturating_sub(SLOT_ACTS);
        if let Slot::Repair { id, .. } = slot
            && self.repair_under(id).is_none_or(|is| is.is_closed())
        {
            return BTreeSet::new();
        }
        let stands = self.couple.slot(slot);
        let mine = stands.opening(Who::Me);
        let theirs = stands.opening(Who::Partner).filter(|_| mine.is_some());
        let mut all: BTreeSet<Hash> = mine.into_iter().chain(theirs).collect();
        all.retain(|hash| {
            let root = self
                .couple
                .find(hash)
                .map(|(who, said)| (who, said.index()));
            *acts += root.map_or(0, |root| self.couple.acts_about(root));
            let thread = root.and_then(|root| Thread::of(self.couple, root));
            let away = thread.is_some_and(|it| it.put_away());
            !away && self.couple.taken_back_by(hash).is_none()
        });
        all
    }
}

/// Something that holds what is looked for.
struct Hit {
    at: (Who, u32),
    /// The thread it is in, if it was told.
    root: Option<(Who, u32)>,
}

/// Whether words may hold what is looked for: what is shown of them is read where they are found. Their JSON is read only
/// where it writes otherwise than it is.
fn may_hold(words: &str, sought: &Sought, room: &mut String) -> bool {
    // The random bytes before are no words, nor are the names of texts.
    let json = words.find('{').and_then(|begin| words.get(begin..));
    let Some(json) = json else {
        return false;
    };
    if !sought.folded.contains(['"', '\\']) {
        let mut values = Values {
            rest: json,
            chosen: false,
        };
        return values.any(|text| sought.is_in_with(text, room));
    }
    let mut all = Vec::new();
    if let Ok(value) = serde_json::from_str(json) {
        texts(value, &mut all);
    }
    all.iter().any(|text| sought.is_in_with(text, room))
}

/// Texts in JSON as they stand there, without what is chosen and not written.
struct Values<'a> {
    rest: &'a str,
    chosen: bool,
}

impl<'a> Iterator for Values<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        loop {
            let open = memchr::memchr(b'"', self.rest.as_bytes())?;
            let inside = self.rest.get(open + 1..)?;
            let end = end_of_text(inside)?;
            let text = inside.get(..end)?;
            self.rest = inside.get(end + 1..)?;
            if self.rest.trim_start().starts_with(':') {
                self.chosen = is_chosen(text);
            } else if !self.chosen {
                return Some(text);
            }
        }
    }
}

/// Where a text in JSON ends.
fn end_of_text(json: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let rest = json.as_bytes().get(from..)?;
        let at = from + memchr::memchr2(b'"', b'\\', rest)?;
        if json.as_bytes().get(at) == Some(&b'"') {
            return Some(at);
        }
        from = at + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_case_nor_accents_matter() -> Result<(), Problem> {
        for (sought, text, there) in [
            ("cafe", "Im CAFÉ um drei", true),
            ("Café", "cafe", true),
            ("strasse", "Straße", true),
            ("straße", "STRASSE", true),
            ("e\u{301}t", "Été", true),
            ("uber", "Über uns", true),
            ("tee", "Café", false),
            ("aab", "aaab", true),
            ("grüße aus", "Viele GRU\u{308}SSE AUS Köln", true),
            ("koln", "Viele Grüße aus Köln", true),
            ("ölk", "Viele Grüße aus Köln", false),
            ("ж", "Ж", true),
        ] {
            assert_eq!(Sought::of(sought)?.is_in(text), there, "{sought} in {text}");
        }
        assert_eq!(Sought::of(" \u{301} ").err(), Some(Problem::NothingSaid));
        Ok(())
    }

    #[test]
    fn a_line_is_shortened_around_what_was_found() -> Result<(), Problem> {
        let long = format!("{} needle {}", "a ".repeat(100), "b ".repeat(100));
        let line = line_of(&long, &Sought::of("NEEDLE")?).unwrap_or_default();
        assert!(line.contains("needle") && line.chars().count() <= 2 * AROUND + 2);
        assert!(line.starts_with('…') && line.ends_with('…'));
        Ok(())
    }

    #[test]
    fn neither_names_nor_what_is_chosen_nor_what_comes_before_are_words() -> Result<(), Problem> {
        let words = r#"kettle{"topic":"Tea","does":{"me":"Say \"now\"\nloud","partner":""},"who":"me","tag" : "ground","list":["Öl","{\"x\":1}"]}"#;
        for (sought, there) in [
            ("tea", true),
            ("topic", false),
            ("kettle", false),
            ("ground", false),
            ("\"now\"", true),
            ("loud", true),
            ("ol", true),
            ("me", false),
            ("x", true),
            ("list", false),
        ] {
            let sought_for = Sought::of(sought)?;
            assert_eq!(
                may_hold(words, &sought_for, &mut String::new()),
                there,
                "{sought}"
            );
        }
        let broken = r#"{"topic":"Tea\"#;
        assert!(!may_hold(broken, &Sought::of("tea")?, &mut String::new()));
        Ok(())
    }

    #[test]
    fn all_at_once_is_the_same_as_one_after_the_other() {
        let texts = [
            "",
            "Plain and long enough for two chunks of it",
            "ß",
            "aé",
            "éa\u{301}ÉA",
            "日本 Köln Ж",
        ];
        let mut room = "what stood there".to_owned();
        for text in texts {
            fold_over(text, &mut room);
            assert_eq!(room, folded(text), "{text}");
        }
    }

    #[test]
    fn a_line_is_shortened_around_what_stands_at_its_end() -> Result<(), Problem> {
        let long = "a\u{301} ".repeat(limits::TEXT_CHARS / 3 - 3) + "nadel";
        let line = line_of(&long, &Sought::of("Nadel")?).unwrap_or_default();
        assert!(line.ends_with("nadel") && line.starts_with('…'));
        Ok(())
    }
}
