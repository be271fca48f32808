//! Every sentence that a person reads stands in `client/words/`, one file a language (Fluent). Here they are looked up.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use unic_langid::{LanguageIdentifier, langid};

/// A language that Troth speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// The one that every message is in, and scripts read.
    English,
    /// German.
    German,
}

/// What can be said in a language.
struct Messages {
    /// Each message as it is written down, by its name.
    written: HashMap<&'static str, &'static str>,
    /// Those that were said before: nobody waits for all of them to be read.
    read: RefCell<FluentBundle<FluentResource>>,
}

thread_local! {
    static SPOKEN: Cell<Language> = const { Cell::new(Language::English) };
    static MESSAGES: [OnceCell<Messages>; 2] = const { [OnceCell::new(), OnceCell::new()] };
}

/// What stands for a name in a message: a text or a number.
pub trait Word {
    /// As Fluent takes it.
    fn value(&self) -> FluentValue<'_>;
}

impl Word for str {
    fn value(&self) -> FluentValue<'_> {
        self.into()
    }
}

impl Word for String {
    fn value(&self) -> FluentValue<'_> {
        self.as_str().into()
    }
}

impl<T: Word + ?Sized> Word for &T {
    fn value(&self) -> FluentValue<'_> {
        (**self).value()
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {
        $(impl Word for $number {
            fn value(&self) -> FluentValue<'_> {
                (*self).into()
            }
        })*
    };
}
numbers!(i8, u8, u16, u32, u64, usize, i32, i64);

impl Language {
    /// The one that the person has asked for: `TROTH_LANG`, or what the system says.
    #[must_use]
    pub fn wanted() -> Self {
        let names = ["TROTH_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];
        let set = names.iter().filter_map(|name| std::env::var(name).ok());
        Self::called(
            &set.into_iter()
                .find(|it| !it.is_empty())
                .unwrap_or_default(),
        )
    }

    /// By a name like `de_AT.UTF-8`.
    fn called(name: &str) -> Self {
        match name.split(['_', '-', '.', '@']).next() {
            Some("de") => Self::German,
            _ => Self::English,
        }
    }

    /// All its messages, as they are written down.
    #[must_use]
    pub fn source(self) -> &'static str {
        match self {
            Self::English => include_str!("../words/en.ftl"),
            Self::German => include_str!("../words/de.ftl"),
        }
    }

    fn id(self) -> LanguageIdentifier {
        match self {
            Self::English => langid!("en"),
            Self::German => langid!("de"),
        }
    }

    /// All that it can say, none of it read yet.
    fn messages(self) -> Messages {
        let mut bundle = FluentBundle::new(vec![self.id()]);
        // A terminal would show the marks that keep directions apart as boxes; names hold nothing that turns them.
        bundle.set_use_isolating(false);
        let messages = Messages {
            written: written(self.source()).collect(),
            read: RefCell::new(bundle),
        };
        let named = |id| messages.say(id, &[]).unwrap_or_default();
        let (unnamed, dative) = (named("word-unnamed"), named("word-unnamed-dative"));
        // What stands for a name has cases where a name has none.
        let mut bundle = messages.read.borrow_mut();
        let _ = bundle.add_function("DATIVE", move |given, _| match given {
            [FluentValue::String(name), ..] if **name == *unnamed => dative.clone().into(),
            [name, ..] => name.clone().into_owned(),
            [] => FluentValue::Error,
        });
        drop(bundle);
        messages
    }

    /// A message in this language, if it has it.
    fn say(self, id: &str, words: &[(&'static str, &dyn Word)]) -> Option<String> {
        MESSAGES.with(|all| {
            all[self as usize]
                .get_or_init(|| self.messages())
                .say(id, words)
        })
    }

    /// From now on, in this language.
    pub fn speak(self) {
        SPOKEN.set(self);
    }
}

/// The language that is spoken.
#[must_use]
pub fn spoken() -> Language {
    SPOKEN.get()
}

/// Each message of a file with its name: it begins in the first column with a letter, and ends where the next begins.
fn written(source: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_name = |line: &str| line.starts_with(|c: char| c.is_ascii_alphabetic());
    let mut begins: Vec<usize> = Vec::new();
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        begins.extend(is_name(line).then_some(at));
        at += line.len();
    }
    let ends = begins.clone().into_iter().skip(1).chain([at]);
    begins.into_iter().zip(ends).map(|(from, to)| {
        let message = &source[from..to];
        let name = message.split([' ', '=']).next().unwrap_or_default();
        (name, message)
    })
}

impl Messages {
    /// A message; `id` may name an attribute of it behind a point.
    fn say(&self, id: &str, words: &[(&'static str, &dyn Word)]) -> Option<String> {
        let (name, attribute) = match id.split_once('.') {
            Some((name, attribute)) => (name, Some(attribute)),
            None => (id, None),
        };
        if !self.read.borrow().has_message(name) {
            let message = *self.written.get(name)?;
            // What does not parse is left out; a test knows that nothing is.
            let read = FluentResource::try_new(message.to_owned());
            let read = read.unwrap_or_else(|(parsed, _)| parsed);
            self.read.borrow_mut().add_resource_overriding(read);
        }
        let bundle = self.read.borrow();
        let message = bundle.get_message(name)?;
        let pattern = match attribute {
            Some(attribute) => message.get_attribute(attribute)?.value(),
            None => message.value()?,
        };
        let args: FluentArgs<'_> = words.iter().map(|(n, word)| (*n, word.value())).collect();
        let mut lacks = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut lacks);
        Some(text.into_owned())
    }
}

/// A message in the language that is spoken. `id` may name an attribute of it behind a point.
#[must_use]
pub fn say(id: &str, words: &[(&'static str, &dyn Word)]) -> String {
    let of = |language: Language| language.say(id, words);
    let text = of(spoken()).or_else(|| of(Language::English));
    let text = text.unwrap_or_else(|| id.to_owned());
    // What stands for a name that is not known may come to begin a sentence.
    let unnamed = ["word-unnamed", "word-unnamed-dative"];
    let begins = |name: &&str| {
        let name = spoken().say(name, &[]);
        name.is_some_and(|name| text.starts_with(&name))
    };
    match unnamed.contains(&id) || !unnamed.iter().any(begins) {
        true => text,
        false => upper(&text),
    }
}

/// A text that begins with a capital letter.
fn upper(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}

/// A list of words that a person may type in a language, lower case.
#[must_use]
pub fn list(language: Language, id: &str) -> Vec<String> {
    let all = language.say(id, &[]).unwrap_or_default();
    all.split(',')
        .map(|word| word.trim().to_lowercase())
        .collect()
}

/// Whether a word is in such a list, of the language that is spoken or of the one that scripts speak.
#[must_use]
pub fn means(id: &str, word: &str) -> bool {
    let word = word.trim().to_lowercase();
    [spoken(), Language::English]
        .into_iter()
        .any(|language| list(language, id).contains(&word))
}

/// A message: `t!("today-proposal", partner = them, topic = topic)`.
macro_rules! t {
    ($id:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::words::say($id, &[$((stringify!($name), &$value as &dyn $crate::words::Word)),*])
    };
}
pub(crate) use t;

#[cfg(test)]
mod tests;
