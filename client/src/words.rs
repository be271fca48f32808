//! Every sentence that a person reads stands in `client/words/`, one file a language (Fluent). Here they are looked up.

pub use fluent_bundle::FluentValue;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use std::cell::{Cell, OnceCell};
use unic_langid::{LanguageIdentifier, langid};

/// A language that Troth speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// The one that every message is in, and scripts read.
    English,
    /// German.
    German,
}

type Bundle = FluentBundle<FluentResource>;

thread_local! {
    static SPOKEN: Cell<Language> = const { Cell::new(Language::English) };
    static BUNDLES: [OnceCell<Bundle>; 2] = const { [OnceCell::new(), OnceCell::new()] };
}

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

    fn bundle(self) -> Bundle {
        let mut bundle = Bundle::new(vec![self.id()]);
        // A terminal would show the marks that keep directions apart as boxes; names hold nothing that turns them.
        bundle.set_use_isolating(false);
        // What does not parse is left out; a test knows that nothing is.
        let resource = FluentResource::try_new(self.source().into());
        bundle.add_resource_overriding(resource.unwrap_or_else(|(parsed, _)| parsed));
        let named = |id| message(&bundle, id, &FluentArgs::new()).unwrap_or_default();
        let (unnamed, dative) = (named("word-unnamed"), named("word-unnamed-dative"));
        // What stands for a name has cases where a name has none.
        let _ = bundle.add_function("DATIVE", move |given, _| match given {
            [FluentValue::String(name), ..] if **name == *unnamed => dative.clone().into(),
            [name, ..] => name.clone().into_owned(),
            [] => FluentValue::Error,
        });
        bundle
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

/// A message in the language that is spoken. `id` may name an attribute of it behind a point.
#[must_use]
pub fn say(id: &str, args: &[(&str, FluentValue<'_>)]) -> String {
    let args: FluentArgs = args.iter().map(|(n, v)| (*n, v.clone())).collect();
    BUNDLES.with(|bundles| {
        let of = |language: Language, id: &str| {
            let bundle = bundles[language as usize].get_or_init(|| language.bundle());
            message(bundle, id, &args)
        };
        let text = of(spoken(), id).or_else(|| of(Language::English, id));
        let text = text.unwrap_or_else(|| id.to_owned());
        // What stands for a name that is not known may come to begin a sentence.
        let unnamed = ["word-unnamed", "word-unnamed-dative"];
        let begins = |name: &&str| of(spoken(), name).is_some_and(|name| text.starts_with(&name));
        match unnamed.contains(&id) || !unnamed.iter().any(begins) {
            true => text,
            false => upper(&text),
        }
    })
}

fn message(bundle: &Bundle, id: &str, args: &FluentArgs<'_>) -> Option<String> {
    let (name, attribute) = match id.split_once('.') {
        Some((name, attribute)) => (name, Some(attribute)),
        None => (id, None),
    };
    let message = bundle.get_message(name)?;
    let pattern = match attribute {
        Some(attribute) => message.get_attribute(attribute)?.value(),
        None => message.value()?,
    };
    let mut lacks = Vec::new();
    Some(
        bundle
            .format_pattern(pattern, Some(args), &mut lacks)
            .into_owned(),
    )
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
    let all = BUNDLES.with(|bundles| {
        let bundle = bundles[language as usize].get_or_init(|| language.bundle());
        message(bundle, id, &FluentArgs::new()).unwrap_or_default()
    });
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
        $crate::words::say($id, &[$((stringify!($name), $crate::words::FluentValue::from($value))),*])
    };
}
pub(crate) use t;

#[cfg(test)]
mod tests;
