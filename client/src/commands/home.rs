//! A home: made, opened, and given the recovery words of an earlier one.

use super::typed;
use crate::ask::{Asking, Unseen};
use crate::cli::KeysArg;
use crate::link::Link;
use crate::words::t;
use crate::wrap;
use crate::{Said, login, recovery, say};
use serde::Deserialize;
use serde_json::{Value, json};
use troth_proto::Problem;
use troth_proto::api::{Init, InitDone, KeyHome, Request, Secret, Status, Unlock};
use troth_proto::home::Home;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InitWords {
    name: String,
    #[serde(default)]
    passphrase: Option<Secret>,
    #[serde(default)]
    recovery_words: Option<Secret>,
    #[serde(default)]
    private_passphrase: Option<Secret>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EarlierWords {
    recovery_words: Secret,
}

impl KeysArg {
    /// As the daemon names it.
    pub(super) fn home(self) -> KeyHome {
        match self {
            Self::Os => KeyHome::Os,
            Self::Passphrase => KeyHome::Passphrase,
            Self::File => KeyHome::File,
        }
    }
}

/// Makes the home. Where no keyring answers a passphrase is offered instead: nothing that was typed is lost over it.
pub(super) fn made(link: &mut Link, mut home: Init, asking: Asking) -> Result<Value, Problem> {
    loop {
        match link.ask(&Request::Init(home.clone())) {
            Err(problem @ Problem::NoKeyring { .. }) if asking.person() => {
                super::mend(&problem);
                if !asking.yes(&t!("ask-passphrase-instead"))? {
                    return Err(problem);
                }
                home.keys = KeyHome::Passphrase;
                home.passphrase = Some(new_passphrase(&t!("ask-new-passphrase"), asking)?);
            }
            answer => return answer,
        }
    }
}

pub(super) fn init(
    link: &mut Link,
    home: &Home,
    (keys, listen, mapping, recovery_words): (KeysArg, Option<String>, bool, bool),
    asking: Asking,
) -> Result<Said, Problem> {
    let status: Status = typed(&link.ask(&Request::Status {})?)?;
    if status.keys != "not_set_up" {
        return Err(Problem::AlreadySetUp);
    }
    match home_made(link, (keys.home(), listen, mapping, recovery_words), asking) {
        Err(Problem::Interrupted) => Err(Problem::NothingSetUp),
        Err(problem) => Err(problem),
        Ok((answer, keys)) => made_known(home, answer, keys, asking),
    }
}

/// Asks for what a home needs, and makes it.
fn home_made(
    link: &mut Link,
    (keys, listen, mapping, recovery_words): (KeyHome, Option<String>, bool, bool),
    asking: Asking,
) -> Result<(Value, KeyHome), Problem> {
    let words = if asking.json {
        asking.object()?
    } else {
        let name = loop {
            let name = asking.needed(&t!("ask-name"))?;
            if troth_proto::name::name_fits(&name) {
                break name;
            }
            if !asking.person() {
                break name; // the daemon says what is wrong with it
            }
            wrap::tell(&t!("name-fits"));
        };
        let passphrase = match keys {
            KeyHome::Passphrase => Some(new_passphrase(&t!("ask-new-passphrase"), asking)?),
            _ => None,
        };
        let earlier = if recovery_words {
            Some(words_asked(&t!("ask-earlier-words"), asking)?)
        } else {
            None
        };
        let private_passphrase = if asking.person() {
            wrap::tell(&t!("private-passphrase-tells"));
            super::private::new_passphrase(asking, true)?
        } else {
            None
        };
        InitWords {
            name,
            passphrase,
            recovery_words: earlier,
            private_passphrase,
        }
    };
    let request = Init {
        name: words.name,
        keys,
        passphrase: words.passphrase,
        listen,
        mapping,
        recovery_words: words.recovery_words,
        from: None,
        private_passphrase: words.private_passphrase,
        bus: None,
    };
    Ok((made(link, request, asking)?, keys))
}

/// Shows what a home that was just made gives only once.
fn made_known(home: &Home, answer: Value, keys: KeyHome, asking: Asking) -> Result<Said, Problem> {
    let done: InitDone = typed(&answer)?;
    // Asked once the home is there; the words are shown last, and stay on the screen. Whoever breaks off here sees them too.
    if asking.person()
        && login::installed(home).is_none()
        && asking.yes(&t!("ask-at-login")).is_ok_and(|yes| yes)
        && let Err(problem) = login::install(home)
    {
        wrap::tell(&say::problem(&problem).0);
    }
    let list: Vec<String> = done
        .recovery_words
        .iter()
        .enumerate()
        .map(|(i, word)| format!("{:>4}  {}", i + 1, word.0))
        .collect();
    let weaker = if keys == KeyHome::File {
        t!("init-key-file") + "\n\n"
    } else {
        String::new()
    };
    if list.is_empty() {
        let (own, next) = (t!("init-own-words"), t!("next-pair-again"));
        let words = format!("{own}\n{weaker}{next}\n");
        return Ok(Said::new(answer, words));
    }
    let (head, list, next) = (t!("init-words"), list.join("\n"), t!("next-pair"));
    if asking.person() {
        wrap::tell(&format!("{head}\n\n{list}\n"));
        if recovery::read_back(&done.recovery_words, asking).is_err() {
            return Err(Problem::WordsNotReadBack);
        }
        return Ok(Said::new(answer, format!("{weaker}{next}\n")));
    }
    let words = format!("{head}\n\n{list}\n\n{weaker}{next}\n");
    Ok(Said::new(answer, words))
}

pub(super) fn new_passphrase(question: &str, asking: Asking) -> Result<Secret, Problem> {
    loop {
        let first = asking.secret(question)?;
        if first.0.chars().count() < 8 {
            super::mend(&Problem::PassphraseTooShort);
            continue;
        }
        if asking.secret(&t!("ask-once-more"))? == first {
            return Ok(first);
        }
        wrap::tell(&t!("passphrases-differ"));
    }
}

/// The 24 words. A person types them as they stand on the paper, and is told which one cannot be right: the list of all
/// words is public, and saying that one is not in it tells nothing.
fn words_asked(question: &str, asking: Asking) -> Result<Secret, Problem> {
    if !asking.person() {
        return asking.secret(question);
    }
    loop {
        let words = asking.secret(question)?;
        match recovery::slip(&words.0) {
            None => return Ok(words),
            Some(slip) => {
                wrap::tell(&recovery::said(&slip));
            }
        }
    }
}

/// How often a passphrase is asked for.
pub(super) const TRIES: u32 = 3;

/// A home that a passphrase opens is opened where the person sits, whatever they were about to do: now, and if it turns out
/// to be locked later, as when a daemon has ended meanwhile.
pub(crate) fn opens_here(link: &mut Link, asking: Asking) -> Result<(), Problem> {
    if asking.person() {
        opened_here(link, asking)?;
        link.open_by(Box::new(move |link| opened_here(link, asking)));
    }
    Ok(())
}

/// Whether the home was locked, and is open now by a passphrase that was asked for.
fn opened_here(link: &mut Link, asking: Asking) -> Result<bool, Problem> {
    let status: Status = typed(&link.ask(&Request::Status {})?)?;
    let by = status.locked_by.filter(|_| status.keys == "locked");
    let by = by.filter(|_| status.key_home == Some(KeyHome::Passphrase));
    let Some(by) = by else {
        return Ok(false);
    };
    wrap::tell(&say::problem(&Problem::Locked { by }).0);
    let unlock = Unlock {
        passphrase: Some(asking.secret(&t!("ask-passphrase"))?),
        ..Unlock::default()
    };
    open_with(link, unlock, asking).map(|()| true)
}

/// Opens with what was typed; a slip is no reason to begin anew.
fn open_with(link: &mut Link, mut unlock: Unlock, asking: Asking) -> Result<(), Problem> {
    let mut tries = if asking.person() { TRIES } else { 1 };
    loop {
        tries -= 1;
        let unseen = asking.person().then(Unseen::begin);
        let answer = link.ask(&Request::Unlock(unlock.clone()));
        drop(unseen);
        match answer {
            Ok(_) => return Ok(()),
            Err(problem @ (Problem::WrongPassphrase | Problem::WrongWords)) if tries > 0 => {
                wrap::tell(&say::problem(&problem).0);
                if unlock.passphrase.is_some() {
                    unlock.passphrase = Some(asking.secret(&t!("ask-passphrase"))?);
                } else {
                    unlock.recovery_words = Some(words_asked(&t!("ask-recovery-words"), asking)?);
                }
            }
            Err(problem) => return Err(problem),
        }
    }
}

pub(super) fn unlock(
    link: &mut Link,
    recovery_words: bool,
    asking: Asking,
) -> Result<Said, Problem> {
    let status: Status = typed(&link.ask(&Request::Status {})?)?;
    let unlock = if status.keys == "open" {
        return Ok(Said::new(json!({"keys": "open"}), t!("open-now") + "\n"));
    } else if asking.json {
        asking.object()?
    } else if recovery_words {
        Unlock {
            recovery_words: Some(words_asked(&t!("ask-recovery-words"), asking)?),
            ..Unlock::default()
        }
    } else if status.key_home == Some(KeyHome::Passphrase) {
        Unlock {
            passphrase: Some(asking.secret(&t!("ask-passphrase"))?),
            ..Unlock::default()
        }
    } else {
        Unlock::default()
    };
    open_with(link, unlock, asking)?;
    Ok(Said::new(json!({"keys": "open"}), t!("open-now") + "\n"))
}

/// What is sealed under the words of an earlier home comes back; or all of it, as the partner has it.
pub(super) fn recovery_words(
    link: &mut Link,
    as_they_have_it: bool,
    asking: Asking,
) -> Result<Said, Problem> {
    let request = if as_they_have_it {
        asking.sure(String::new, &t!("ask-as-they-have-it"))?;
        Request::AsPartnerHasIt {}
    } else if asking.json {
        let words: EarlierWords = asking.object()?;
        Request::EarlierWords {
            recovery_words: words.recovery_words,
        }
    } else {
        Request::EarlierWords {
            recovery_words: words_asked(&t!("ask-earlier-words"), asking)?,
        }
    };
    let answer = link.ask(&request)?;
    let status: Status = typed(&answer)?;
    let shown = if status.partner.is_some() {
        t!("words-come-back") + "\n"
    } else {
        t!("words-known") + "\n"
    };
    Ok(Said::new(super::said_status(answer, &status), shown))
}
