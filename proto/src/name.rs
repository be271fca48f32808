//! What a partner may be called: a name that the eye can see, and that reads as nobody else's and as no sentence of ours.

use crate::limits;

/// What Troth calls the one who reads, and itself, in each language; letters only.
const TAKEN: [&str; 12] = [
    "you",
    "yourpartner",
    "me",
    "we",
    "du",
    "ich",
    "ihr",
    "wir",
    "gegenüber",
    "deingegenüber",
    "deinpartner",
    "troth",
];

/// Letters that look like one of the alphabet in which those stand.
const ALIKE: [(char, &str); 15] = [
    ('b', "вВΒ"),
    ('c', "сСᴄᶜϲ"),
    ('d', "ԁᴅᵈ"),
    ('e', "еЕεΕᴇᵉ"),
    ('g', "ցɡᶃ"),
    ('h', "һнНηΗհʜʰ"),
    ('i', "іІιΙıɪⁱ1"),
    ('m', "мМμΜᴍᵐ"),
    ('n', "пПηνɴⁿ"),
    ('o', "оОοΟօᴏᵒ0"),
    ('p', "рРρΡᴘᵖ"),
    ('r', "гГʀʳ"),
    ('t', "тТτΤᴛᵗ"),
    ('u', "иυսᴜᵘ"),
    ('y', "уУүҮΥγʏʸ"),
];

/// Alphabets of which letters look alike, by their ranges.
const ALPHABETS: [&[(char, char)]; 6] = [
    &[
        ('A', 'Z'),
        ('a', 'z'),
        ('À', 'ʯ'),
        ('ᴀ', 'ᶿ'),
        ('Ḁ', 'ỿ'),
        ('Ⱡ', 'Ɀ'),
        ('Ꜣ', 'ꟿ'),
        ('Ａ', 'ｚ'),
    ],
    &[('Ͱ', 'Ͽ'), ('ἀ', 'ῼ')],
    &[('Ѐ', 'ԯ'), ('Ꙁ', 'ꚛ')],
    &[('Ա', 'և')],
    &[('Ꭰ', 'ᏽ'), ('ꭰ', 'ꮿ')],
    &[('Ⲁ', 'ⳳ')],
];

/// Whether a name may be taken: one line with a letter in it that the eye can see; none that mixes alphabets within a word;
/// not what Troth calls the one who reads, whatever it is written with; and nothing that could end a name within a sentence.
#[must_use]
pub fn name_fits(name: &str) -> bool {
    limits::line_fits(name, limits::NAME_CHARS)
        && name.chars().any(char::is_alphanumeric)
        && !name.chars().any(|c| limits::is_hidden(c) || ends_it(c))
        && !ends_a_sentence(name)
        && !name.split(|c: char| !c.is_alphanumeric()).any(is_mixed)
        && !TAKEN.contains(&letters(name).as_str())
}

/// Marks that stand around names and commands in our sentences.
fn ends_it(c: char) -> bool {
    matches!(c, '`' | '"' | '“' | '”' | '„' | '‟' | '＂')
}

fn ends_a_sentence(name: &str) -> bool {
    let behind = name.chars().skip(1);
    let mut pairs = name.chars().zip(behind);
    pairs.any(|(c, next)| matches!(c, '.' | '!' | '?' | ':' | ';' | '…') && next.is_whitespace())
}

fn is_mixed(word: &str) -> bool {
    let of = |c: char| {
        let within = |ranges: &&[(char, char)]| ranges.iter().any(|(a, z)| (*a..=*z).contains(&c));
        ALPHABETS.iter().position(within)
    };
    let mut all = word.chars().filter_map(of);
    let first = all.next();
    all.any(|it| Some(it) != first)
}

/// The letters of a name as the eye takes them: small, of the usual width, without what stands between or over them.
fn letters(name: &str) -> String {
    let whole = name.replace("u\u{308}", "ü").replace("U\u{308}", "ü");
    let plain = whole
        .chars()
        .filter(|c| c.is_alphanumeric() || is_enclosed(*c));
    plain.map(looks_like).flat_map(char::to_lowercase).collect()
}

/// Letters in circles and squares, and those of flags, are no letters to the standard.
fn is_enclosed(c: char) -> bool {
    matches!(c, 'Ⓐ'..='ⓩ' | '\u{1f130}'..='\u{1f189}' | '\u{1f1e6}'..='\u{1f1ff}')
}

fn looks_like(c: char) -> char {
    let number = u32::from(c);
    let after = |first: u32, letters: u32| {
        let place = ((number - first) % letters % 26) as u8;
        char::from(b'a' + place)
    };
    match c {
        '！'..='～' => char::from((number - 0xfee0) as u8),
        '\u{1d400}'..='\u{1d6a3}' => after(0x1d400, 52),
        'Ⓐ'..='ⓩ' => after(0x24b6, 26),
        '\u{1f130}'..='\u{1f149}' => after(0x1f130, 26),
        '\u{1f150}'..='\u{1f169}' => after(0x1f150, 26),
        '\u{1f170}'..='\u{1f189}' => after(0x1f170, 26),
        '\u{1f1e6}'..='\u{1f1ff}' => after(0x1f1e6, 26),
        c => {
            let alike = ALIKE.iter().find(|(_, all)| all.contains(c));
            alike.map_or(c, |(it, _)| *it)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_seen_and_is_nobody_elses() {
        for name in [
            "Ana",
            "Ана",
            "Юлия Смирнова",
            "Νίκος",
            "アナ",
            "Aさん",
            "José María",
            "Dürer",
            "Ana-Lena ☀",
            "Youssef",
            "Yūichi",
            "Mei",
            "Ihrig",
            "O'Neil",
            "J.R.",
            "Ben jr.",
            "Анна-Maria",
        ] {
            assert!(name_fits(name), "{name}");
        }
        let long = "a".repeat(limits::NAME_CHARS + 1);
        for name in [
            "",
            " ",
            "☀",
            "...",
            "You",
            " yOU ",
            "your partner",
            "Your \u{a0} partner",
            "Du",
            "Ihr",
            "we",
            "Troth",
            "dein Gegenüber",
            "dein Gegenu\u{308}ber",
            "\u{200b}",
            "An\u{200d}a",
            "Ana\u{202e}",
            "Ana\u{61c}",
            "Ana\u{2028}Ben",
            "Ana\nBen",
            "Ana\tBen",
            "\u{e0041}na",
            "\u{3164}",
            "\u{2800}",
            "\u{1d159}",
            "\u{13441}",
            "Ana\u{13441}",
            "A\u{1b}[2J",
            "Ana\u{feff}",
            long.as_str(),
        ] {
            assert!(!name_fits(name), "{name:?}");
        }
    }

    #[test]
    fn what_only_looks_like_another_is_no_name() {
        for name in [
            "Уou",
            "You.",
            "Y.o.u",
            "Yo\u{335}u",
            "Y0u",
            "уоυ",
            "уои",
            "Ｄｕ",
            "𝐘𝐨𝐮",
            "𝕕𝕦",
            "Ⓨⓞⓤ",
            "🅈🄾🅄",
            "ʏᴏᴜ",
            "ʸᵒᵘ",
            "МЕ",
            "ıch",
            "Вen",
            "Benο",
        ] {
            assert!(!name_fits(name), "{name:?}");
        }
    }

    #[test]
    fn a_name_ends_no_sentence_and_no_quotation_of_ours() {
        for name in [
            "Ben. You said yes",
            "Ben! Ana",
            "Ben “Ana”",
            "Ben\"",
            "„Ben",
            "Ben `troth`",
            "Ben.\u{a0}Ana",
        ] {
            assert!(!name_fits(name), "{name:?}");
        }
    }
}
