//! Looking for words: own and opened ones, with no index anywhere (KINDS §7).

use super::requests::value;
use super::{Node, Now};
use crate::books::book::{Said, Subject};
use serde_json::Value;
use troth_proto::ids::Who;
use troth_proto::telling::{Found, FoundLine};
use troth_proto::{Body, Problem, Slot, limits};

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

/// Something that is looked for.
struct Sought {
    folded: String,
    chars: Vec<char>,
    /// How many characters still fit when the next one does not (Knuth, Morris, Pratt).
    falls: Vec<usize>,
    /// Where its rarest letter is.
    rare: usize,
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
        let chars: Vec<char> = folded.chars().collect();
        let mut falls = vec![0; chars.len()];
        let mut fits = 0;
        for i in 1..chars.len() {
            while fits > 0 && chars[i] != chars[fits] {
                fits = falls[fits - 1];
            }
            fits += usize::from(chars[i] == chars[fits]);
            falls[i] = fits;
        }
        let rank = |byte: &u8| {
            COMMON
                .iter()
                .position(|it| it == byte)
                .unwrap_or(COMMON.len())
        };
        let rare = (0..folded.len()).max_by_key(|at| rank(&folded.as_bytes()[*at]));
        Ok(Self {
            rare: rare.unwrap_or(0),
            folded,
            chars,
            falls,
        })
    }

    /// Whether a text holds it.
    fn is_in(&self, text: &str) -> bool {
        if self.folded.is_ascii() && text.is_ascii() {
            return holds_ascii(text.as_bytes(), self.folded.as_bytes(), self.rare);
        }
        let mut fits = 0;
        for c in text.chars().flat_map(fold) {
            while fits > 0 && c != self.chars[fits] {
                fits = self.falls[fits - 1];
            }
            fits += usize::from(c == self.chars[fits]);
            if fits == self.chars.len() {
                return true;
            }
        }
        false
    }
}

/// Letters by how often they are written, the rarest last: what is looked for first is the rarest of what is sought.
const COMMON: &[u8] = b" etaoinsrhdlucmfgwypbvkjxqz";

/// Whether ASCII text holds lower-case ASCII, whatever its case. `rare`: where its rarest letter is.
fn holds_ascii(text: &[u8], sought: &[u8], rare: usize) -> bool {
    let Some(lower) = sought.get(rare) else {
        return true;
    };
    let upper = lower.to_ascii_uppercase();
    let mut from = rare;
    while let Some(at) = text
        .get(from..)
        .and_then(|rest| memchr::memchr2(*lower, upper, rest))
    {
        let begin = from + at - rare;
        let Some(window) = text.get(begin..begin + sought.len()) else {
            return false;
        };
        if window.eq_ignore_ascii_case(sought) {
            return true;
        }
        from += at + 1;
    }
    false
}

/// All texts in the JSON of words.
fn texts(value: Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text),
        Value::Array(all) => all.into_iter().for_each(|it| texts(it, into)),
        Value::Object(all) => {
            // What is chosen and not written is no text.
            let chosen = |name: &str| matches!(name, "who" | "lean" | "tag");
            let written = all.into_iter().filter(|(name, _)| !chosen(name));
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
    let at = (0..chars.len()).find(|from| {
        let rest: String = chars[*from..].iter().collect();
        folded(&rest).starts_with(&sought.folded)
    });
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
        let hits = self.hits(&sought)?;
        let looker = self.looker(now)?;
        let mut found = Found::default();
        let after = after.unwrap_or(0);
        // Only those that fill the page are looked into.
        for (n, hit) in hits.into_iter().enumerate().skip(after) {
            if found.found.len() == LINES || n - after >= LOOKED_AT {
                found.next = Some(n);
                break;
            }
            let shown = match hit.root {
                Some(root) => looker.is_found(root, hit.at),
                None => looker.node.finds_in_slot_or_agreement(hit.at),
            };
            if shown {
                found.found.extend(looker.node.found_line(&hit, &sought));
            }
        }
        Ok(value(&found))
    }

    /// All that holds what is looked for, newest first as their authors had it.
    fn hits(&self, sought: &Sought) -> Result<Vec<Hit>, Problem> {
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let mut hits = Vec::new();
        for who in [Who::Me, Who::Partner] {
            for said in couple.book(who).said() {
                let Some(words) = said.words().filter(|words| !words.is_empty()) else {
                    continue;
                };
                let root = match said.subject {
                    Some(Subject::Told(who, index)) => Some((*who, *index)),
                    Some(Subject::Agreement(_) | Subject::Slot(_)) => None,
                    Some(Subject::Draft(_)) | None => continue,
                };
                if holds(words, sought) {
                    hits.push((
                        said.depth(),
                        said.hash,
                        Hit {
                            at: (who, said.index()),
                            root,
                        },
                    ));
                }
            }
        }
        hits.sort_by_key(|(depth, hash, _)| std::cmp::Reverse((*depth, *hash)));
        Ok(hits.into_iter().map(|(_, _, hit)| hit).collect())
    }

    /// Whether words of an agreement, or of a page, may be found: what is shown of both. Of a page, what both have opened, or
    /// one's own.
    fn finds_in_slot_or_agreement(&self, (who, index): (Who, u32)) -> bool {
        let Some(couple) = &self.couple else {
            return false;
        };
        let said = couple.book(who).at(index as usize);
        match said.subject {
            Some(Subject::Agreement(id)) => {
                let away = |thread| {
                    let all = couple.all();
                    couple.put_away(thread, Who::Me, &all)
                };
                let topic = matches!(said.read().map(|it| it.body), Some(Body::Version(_)));
                topic && !couple.thread(id).is_some_and(away)
            }
            Some(Subject::Slot(slot)) => {
                let stands = couple.slot(slot);
                let both = who == Who::Me || stands.opening(Who::Me).is_some();
                let open = stands.opening(who) == Some(said.hash);
                let closed = match &**slot {
                    Slot::Repair { id, .. } => {
                        self.repair_with(id).is_none_or(|(_, _, is)| is.is_closed())
                    }
                    _ => false,
                };
                let root = (who, said.index());
                let away = crate::told::Thread::of(couple, root).is_some_and(|it| it.put_away());
                both && open && !closed && !away && couple.taken_back_by(&said.hash).is_none()
            }
            _ => false,
        }
    }

    fn found_line(&self, hit: &Hit, sought: &Sought) -> Option<FoundLine> {
        let couple = self.couple.as_ref()?;
        let said: Said<'_> = couple.book(hit.at.0).at(hit.at.1 as usize);
        let it = said.read()?;
        let blind = it.body.blind();
        let (_, json) = troth_proto::assertion::unblinded(said.words()?, blind)?;
        let mut all = Vec::new();
        texts(serde_json::from_str(json).ok()?, &mut all);
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

/// Something that holds what is looked for.
struct Hit {
    at: (Who, u32),
    /// The thread it is in, if it was told.
    root: Option<(Who, u32)>,
}

/// Whether words hold what is looked for: their JSON is read only if it may be there. What JSON writes otherwise than it is, a
/// quote, a backslash or a control character, is never where the first look would miss it.
fn holds(words: &str, sought: &Sought) -> bool {
    let literal = !sought.folded.contains(['"', '\\']);
    if literal && !sought.is_in(words) {
        return false;
    }
    // The random bytes before are no words, nor are the names of texts.
    let Some(begin) = words.find('{') else {
        return false;
    };
    let Ok(value) = serde_json::from_str(&words[begin..]) else {
        return false;
    };
    let mut all = Vec::new();
    texts(value, &mut all);
    all.iter().any(|text| sought.is_in(text))
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
}
