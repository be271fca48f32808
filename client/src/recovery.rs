//! The 24 words, as a person types them: a slip is named before anything is tried with them.

use crate::ask::Asking;
use crate::words::t;
use crate::wrap;
use bip39::{Language, Mnemonic};
use sha2::{Digest, Sha256};
use troth_proto::Problem;
use troth_proto::api::Secret;

/// How many there are.
const WORDS: usize = 24;
/// How many are asked for after they were shown.
const ASKED: usize = 3;
/// How often one of them may be mistyped before it is let be.
const TRIES: u32 = 5;

/// What cannot be right about words that were typed.
#[derive(Debug, PartialEq, Eq)]
pub enum Slip {
    /// So many instead of 24.
    Count(usize),
    /// Those at these places are in no list.
    NotInList(Vec<usize>),
    /// Each is in the list, and together they do not fit.
    Check,
}

/// What cannot be right about words, if anything.
#[must_use]
pub fn slip(typed: &str) -> Option<Slip> {
    let typed = typed.to_lowercase();
    let words: Vec<&str> = typed.split_whitespace().collect();
    let known = |word: &str| Language::English.find_word(word).is_some();
    let unknown = words.iter().enumerate().filter(|(_, word)| !known(word));
    let unknown: Vec<usize> = unknown.map(|(at, _)| at + 1).collect();
    if !unknown.is_empty() {
        return Some(Slip::NotInList(unknown));
    }
    if words.len() != WORDS {
        return Some(Slip::Count(words.len()));
    }
    let fits = Mnemonic::parse_in_normalized(Language::English, &words.join(" ")).is_ok();
    (!fits).then_some(Slip::Check)
}

/// The same in a sentence: places, never words.
#[must_use]
pub fn said(slip: &Slip) -> String {
    match slip {
        Slip::Count(count) => t!("words-count", count = *count),
        Slip::NotInList(places) => {
            let all: Vec<String> = places.iter().map(usize::to_string).collect();
            t!(
                "words-not-in-list",
                count = places.len(),
                places = all.join(", ")
            )
        }
        Slip::Check => t!("words-check"),
    }
}

/// Three different places of 24. Which ones need not be a secret, only differ from home to home: they come from the words.
fn places(words: &[Secret]) -> Vec<usize> {
    let mut sum = Sha256::new();
    for word in words {
        sum.update(word.0.as_bytes());
    }
    let mut all: Vec<usize> = Vec::new();
    for byte in sum.finalize() {
        let place = usize::from(byte) % words.len().max(1);
        if all.len() < ASKED && !all.contains(&place) {
            all.push(place);
        }
    }
    all.sort_unstable();
    all
}

/// Has a person type three of the words from their paper. Nothing depends on it but that they see whether it holds them.
///
/// # Errors
/// As [`Asking::line`].
pub fn read_back(words: &[Secret], asking: Asking) -> Result<(), Problem> {
    wrap::tell(&t!("words-read-back"));
    for place in places(words) {
        let number = (place + 1).to_string();
        for _ in 0..TRIES {
            let typed = asking.line(&t!("ask-word-back", number = number.as_str()))?;
            if words
                .get(place)
                .is_some_and(|word| word.0 == typed.trim().to_lowercase())
            {
                break;
            }
            let wrong = t!("word-back-wrong", number = number.as_str());
            wrap::tell(&wrong);
        }
    }
    wrap::tell(&format!("{}\n", t!("word-back-done")));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_in_the_words_is_named_by_its_place() {
        let right = format!("{}art", "abandon ".repeat(23));
        assert_eq!(slip(&right), None);
        assert_eq!(slip(&right.to_uppercase()), None);
        assert_eq!(slip("abandon ability"), Some(Slip::Count(2)));
        let wrong = right.replacen("abandon abandon", "abandon abandom", 1);
        assert_eq!(slip(&wrong), Some(Slip::NotInList(vec![2])));
        let swapped = format!("art {}", "abandon ".repeat(23));
        assert_eq!(slip(&swapped), Some(Slip::Check));
        let said = said(&Slip::NotInList(vec![2, 24]));
        assert_eq!(said, "These are not in the list of recovery words: 2, 24.");
    }

    #[test]
    fn three_places_are_asked_for_and_none_twice() {
        let words: Vec<Secret> = (0..24).map(|n| Secret(format!("word{n}"))).collect();
        let all = places(&words);
        assert_eq!(all.len(), ASKED);
        assert!(all.windows(2).all(|two| two[0] < two[1]) && all.iter().all(|at| *at < 24));
    }
}
