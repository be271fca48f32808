//! Private pages: written, read, thrown away. Nothing of them is shared.

use super::{mend, once, partner, passes, typed};
use crate::ask::{Asking, Unseen};
use crate::cli::{Copy, Private};
use crate::link::Link;
use crate::names::Names;
use crate::words::{means, t};
use crate::{Said, say, wrap};
use serde::Deserialize;
use serde_json::{Value, json};
use troth_proto::api::{Request, Secret, Slots};
use troth_proto::home::Home;
use troth_proto::private::{Page, PageKind, PageLine, PageList, PageWords, Part, Written};
use troth_proto::{Problem, limits};

/// How often a passphrase is asked for.
const TRIES: u32 = 3;

/// What scripts give.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    #[serde(default)]
    private_passphrase: Option<Secret>,
    #[serde(default)]
    title: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    parts: Vec<Part>,
    #[serde(default)]
    chosen: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenPassphrases {
    #[serde(default)]
    old: Option<Secret>,
    new: Secret,
}

pub(super) fn run(
    link: &mut Link,
    home: &Home,
    step: Option<Private>,
    asking: Asking,
) -> Result<Said, Problem> {
    match step {
        Some(Private::Passphrase { anew }) => return passphrase(link, anew, asking),
        Some(Private::Keep) => return keep(link, asking),
        _ => {}
    }
    let mut given = if asking.json {
        asking.object()?
    } else {
        Given::default()
    };
    enter(link, given.private_passphrase.take(), asking)?;
    match step {
        None if asking.person() => sit(link, home, asking),
        None | Some(Private::List) => list(link),
        Some(Private::Show { page }) => show(link, page),
        Some(Private::Edit { page }) => edit(link, page, given, asking),
        Some(Private::Drop { page }) => throw_away(link, page, asking),
        Some(Private::Copy(what)) => copy(link, home, what, asking),
        Some(Private::Journal) => write(link, home, PageKind::Journal, given, asking),
        Some(Private::Letter) => write(link, home, PageKind::Letter, given, asking),
        Some(Private::Mistrust) => write(link, home, PageKind::Mistrust, given, asking),
        Some(Private::HaveI) => write(link, home, PageKind::HaveI, given, asking),
        Some(Private::Keep | Private::Passphrase { .. }) => Err(Problem::Internal),
    }
}

/// Opens the pages for this conversation.
fn enter(link: &mut Link, given: Option<Secret>, asking: Asking) -> Result<(), Problem> {
    // That there is no passphrase yet is said before one is asked for.
    match link.ask(&Request::PrivateList { before: None }) {
        Ok(_) => return Ok(()),
        Err(Problem::PrivateLocked) => {}
        Err(problem) => return Err(problem),
    }
    if asking.json {
        let passphrase = given.ok_or(Problem::PrivateLocked)?;
        link.ask(&Request::PrivateOpen { passphrase })?;
        return Ok(());
    }
    opened(link, asking).map(|_| ())
}

/// Asks for the passphrase until it opens the pages.
fn opened(link: &mut Link, asking: Asking) -> Result<Secret, Problem> {
    let mut tries = if asking.person() { TRIES } else { 1 };
    loop {
        tries -= 1;
        let passphrase = asking.secret(&t!("ask-private-passphrase"))?;
        let request = Request::PrivateOpen {
            passphrase: passphrase.clone(),
        };
        let unseen = asking.person().then(Unseen::begin);
        let answer = link.ask(&request);
        drop(unseen);
        match answer {
            Err(problem @ Problem::WrongPrivatePassphrase) if tries > 0 => {
                wrap::tell(&say::problem(&problem).0);
            }
            answer => return answer.map(|_| passphrase),
        }
    }
}

/// Asks for what words were typed for. They stay here until they are saved, or until the person lets them go.
fn keep_asking(link: &mut Link, request: &Request, asking: Asking) -> Result<Value, Problem> {
    let request = once(request);
    loop {
        let refused = match link.ask(&request) {
            Err(problem) if asking.person() => problem,
            answer => return answer,
        };
        match refused {
            // Nothing was asked for a while.
            Problem::PrivateLocked => {
                wrap::tell(&t!("private-locked-meanwhile"));
                match enter(link, None, asking) {
                    Ok(()) | Err(Problem::WrongPrivatePassphrase) => continue,
                    Err(problem) => mend(&problem),
                }
            }
            Problem::PrivateFull | Problem::TooLong => mend(&refused),
            _ if passes(&refused) => mend(&refused),
            _ => return Err(refused),
        }
        if !asking.yes_unless(&t!("ask-try-again"), true)? {
            return Err(refused);
        }
    }
}

fn pages(link: &mut Link) -> Result<Vec<PageLine>, Problem> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let list: PageList = typed(&link.ask(&Request::PrivateList { before })?)?;
        all.extend(list.pages);
        before = list.next;
        if before.is_none() {
            return Ok(all);
        }
    }
}

fn list(link: &mut Link) -> Result<Said, Problem> {
    let all = pages(link)?;
    let words = say::private::list(&all);
    Ok(Said::new(json!({"pages": all}), words))
}

fn page(link: &mut Link, page: u64) -> Result<Page, Problem> {
    typed(&link.ask(&Request::PrivateShow { page })?)
}

fn show(link: &mut Link, number: u64) -> Result<Said, Problem> {
    let page = page(link, number)?;
    let json = serde_json::to_value(&page).map_err(|_| Problem::ApiVersion)?;
    Ok(Said::new(json, say::private::page(&page)))
}

fn throw_away(link: &mut Link, number: u64, asking: Asking) -> Result<Said, Problem> {
    let page = page(link, number)?;
    let shown = || say::private::list(&[page.line()]);
    asking.sure(shown, &t!("ask-private-drop"))?;
    keep_asking(link, &Request::PrivateDrop { page: number }, asking)?;
    let words = t!("private-dropped") + "\n";
    Ok(Said::new(json!({"dropped": number}), words))
}

/// What is asked on a page of a kind.
fn questions(kind: PageKind) -> Vec<String> {
    match kind {
        PageKind::Mistrust => vec![
            t!("ask-mistrust-feel"),
            t!("ask-mistrust-from"),
            t!("ask-mistrust-whose"),
            t!("ask-mistrust-ask"),
        ],
        PageKind::HaveI => vec![
            t!("ask-have-i-unsaid"),
            t!("ask-have-i-yes"),
            t!("ask-have-i-promised"),
            t!("ask-have-i-told"),
            t!("ask-have-i-small"),
            t!("ask-have-i-end"),
            t!("ask-have-i-silent"),
        ],
        PageKind::Journal | PageKind::Letter | PageKind::Draft | PageKind::Copy => {
            vec![t!("ask-private-words")]
        }
    }
}

/// Asks for the words of a page; what is there when it is broken off stays there.
fn asked(words: &mut PageWords, asking: Asking) -> Result<(), Problem> {
    let kind = words.kind;
    if kind == PageKind::Letter {
        words.title = title(&words.title, asking)?;
    }
    for head in questions(kind) {
        let saved = asking.saved_from(&head, "")?;
        let head = match kind {
            PageKind::Mistrust | PageKind::HaveI => &*head,
            _ => "",
        };
        words.parts.extend(cut(head, &saved.text));
        if !saved.taken {
            words.kind = PageKind::Draft;
            return Err(Problem::Interrupted);
        }
    }
    Ok(())
}

/// To whom a letter is: no longer than it may be, before anything else is asked.
fn title(so_far: &str, asking: Asking) -> Result<String, Problem> {
    let mut title = asking.line_from(&t!("ask-private-to"), so_far)?;
    while !limits::line_fits(&title, limits::LINE_CHARS) {
        mend(&Problem::TooLong);
        title = asking.line_from(&t!("ask-private-to"), &title)?;
    }
    Ok(title)
}

/// A text as parts, each of which fits; the first under what was asked.
fn cut(head: &str, text: &str) -> Vec<Part> {
    // What a terminal acts on is nothing that was written.
    let plain = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    let plain: Vec<char> = plain.collect();
    let parts = plain.chunks(limits::TEXT_CHARS).enumerate();
    let part = |(n, text): (usize, &[char])| Part {
        head: if n == 0 {
            head.to_owned()
        } else {
            String::new()
        },
        text: text.iter().collect(),
    };
    parts.map(part).collect()
}

/// Parts as they were before they were cut.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut all: Vec<Part> = Vec::new();
    let mut goes_on = false;
    for part in parts {
        let whole = part.text.chars().count() == limits::TEXT_CHARS;
        match all.last_mut() {
            Some(last) if goes_on && part.head.is_empty() => last.text += &part.text,
            _ => all.push(part),
        }
        goes_on = whole;
    }
    all
}

/// Words that have no place any more, put down in private pages, which may be locked. Says whether they are there.
pub(super) fn put_down(link: &mut Link, title: &str, words: &str, asking: Asking) -> bool {
    let parts = cut("", words);
    for parts in parts.chunks(limits::PRIVATE_PARTS) {
        let words = PageWords {
            kind: PageKind::Draft,
            title: title.chars().take(limits::LINE_CHARS).collect(),
            parts: parts.to_vec(),
        };
        if let Err(problem) = keep_asking(link, &Request::PrivateKeep { words }, asking) {
            mend(&problem);
            return false;
        }
    }
    wrap::tell(&t!("private-kept"));
    true
}

/// Changes a page: what stands there is asked for once more, as it stands.
fn edit(link: &mut Link, number: u64, given: Given, asking: Asking) -> Result<Said, Problem> {
    let page = page(link, number)?;
    let before = PageWords {
        kind: page.kind,
        title: page.title,
        parts: page.parts,
    };
    let mut words = before.clone();
    if asking.json {
        words.parts = given.parts;
        if !given.words.is_empty() {
            let (head, text) = (String::new(), given.words);
            words.parts.push(Part { head, text });
        }
        if !given.title.is_empty() {
            words.title = given.title;
        }
    } else {
        words.parts = joined(words.parts);
        let broken_off = changed(link, &mut words, asking);
        let parts = words.parts.iter();
        words.parts = parts.flat_map(|part| cut(&part.head, &part.text)).collect();
        if words == before || words.parts.is_empty() {
            broken_off?;
            let same = t!("draft-as-before") + "\n";
            return Ok(Said::new(json!({"page": number}), same));
        }
    }
    let page = Some(number);
    keep_asking(link, &Request::PrivateWrite { page, words }, asking)?;
    let words = t!("private-written", page = number.to_string()) + "\n";
    Ok(Said::new(json!({"page": number}), words))
}

/// Asks for what stands on a page. What an editor left that was not taken is put down beside it.
fn changed(link: &mut Link, words: &mut PageWords, asking: Asking) -> Result<(), Problem> {
    if words.kind == PageKind::Letter {
        words.title = title(&words.title, asking)?;
    }
    for part in &mut words.parts {
        let question = match part.head.as_str() {
            "" => t!("ask-private-words"),
            head => say::calm_line(head),
        };
        let saved = asking.saved_from(&question, &part.text)?;
        if !saved.taken {
            put_down(link, &words.title, &saved.text, asking);
            return Err(Problem::Interrupted);
        }
        part.text = saved.text;
    }
    Ok(())
}

/// Writes a page, and from what was chosen on it something asked, or a letter.
fn write(
    link: &mut Link,
    home: &Home,
    kind: PageKind,
    given: Given,
    asking: Asking,
) -> Result<Said, Problem> {
    let mut words = PageWords {
        kind,
        title: given.title,
        parts: given.parts,
    };
    let mut broken_off = Ok(());
    if asking.json {
        if !given.words.is_empty() {
            let head = String::new();
            let text = given.words;
            words.parts.push(Part { head, text });
        }
    } else {
        match kind {
            PageKind::Mistrust => wrap::tell(&t!("private-mistrust")),
            PageKind::HaveI => wrap::tell(&t!("private-have-i")),
            _ => {}
        }
        broken_off = asked(&mut words, asking);
        words.parts.retain(|part| !part.text.trim().is_empty());
        if words.parts.is_empty() {
            broken_off?;
            return Ok(Said::new(
                json!({"page": null}),
                t!("private-nothing") + "\n",
            ));
        }
    }
    let chosen = if asking.json {
        given.chosen
    } else if broken_off.is_ok() && matches!(kind, PageKind::Mistrust | PageKind::HaveI) {
        chosen(&words.parts, asking).unwrap_or_default()
    } else {
        Vec::new()
    };
    let number = written(link, words, asking)?;
    if chosen.is_empty() {
        let words = t!("private-written", page = number.to_string()) + "\n";
        return Ok(Said::new(json!({"page": number}), words));
    }
    let text = chosen.join("\n");
    if let Some(mut said) = asked_of(link, home, &text, asking) {
        let page = t!("private-written", page = number.to_string());
        said.words = format!("{page}\n\n{}", said.words);
        said.json = json!({"page": number, "asked": said.json["told"]["id"]});
        return Ok(said);
    }
    let shown = say::calm(&text).replace('\n', "\n  ");
    let letter = PageWords {
        kind: PageKind::Letter,
        title: String::new(),
        parts: cut("", &text),
    };
    let letter = written(link, letter, asking)?;
    let said = t!(
        "private-chosen",
        page = number.to_string(),
        letter = letter.to_string()
    );
    let words = format!("{said}\n\n  {shown}\n");
    Ok(Said::new(json!({"page": number, "letter": letter}), words))
}

/// What was chosen, asked of the partner, if the person wants that and says yes to it once more.
fn asked_of(link: &mut Link, home: &Home, text: &str, asking: Asking) -> Option<Said> {
    let them = super::bound(link).ok().filter(|_| asking.person())?;
    wrap::tell(&format!("\n  {}", say::calm(text).replace('\n', "\n  ")));
    let wanted = asking.yes(&t!("ask-private-ask", partner = them));
    if !wanted.is_ok_and(|wanted| wanted) {
        return None;
    }
    match super::told::ask_of(link, home, text, asking) {
        Ok(said) => Some(said),
        Err(Problem::Interrupted) => None,
        Err(problem) => {
            mend(&problem);
            None
        }
    }
}

fn written(link: &mut Link, words: PageWords, asking: Asking) -> Result<u64, Problem> {
    let request = Request::PrivateWrite { page: None, words };
    let written: Written = typed(&keep_asking(link, &request, asking)?)?;
    Ok(written.page)
}

/// The sentences that the person wants to say or ask.
fn chosen(parts: &[Part], asking: Asking) -> Result<Vec<String>, Problem> {
    let all: Vec<String> = parts
        .iter()
        .flat_map(|part| sentences(&part.text))
        .collect();
    let mut list = t!("private-sentences") + "\n";
    for (n, sentence) in all.iter().enumerate() {
        list += &format!("\n{:>4}  {}", n + 1, say::calm_line(sentence));
    }
    wrap::tell(&list);
    let answer = asking.line(&t!("ask-private-chosen"))?;
    let numbers = answer.split(|c: char| !c.is_ascii_digit());
    let places = numbers.filter_map(|number| number.parse::<usize>().ok()?.checked_sub(1));
    Ok(places.filter_map(|place| all.get(place).cloned()).collect())
}

/// The sentences of a text.
fn sentences(text: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut ends = false;
    for c in text.chars() {
        if c == '\n' || ends && c.is_whitespace() {
            all.push(String::new());
            ends = false;
            continue;
        }
        ends = matches!(c, '.' | '!' | '?' | '…');
        if let Some(last) = all.last_mut() {
            last.push(c);
        }
    }
    let all = all.into_iter().map(|sentence| sentence.trim().to_owned());
    all.filter(|sentence| !sentence.is_empty()).collect()
}

/// Something goes in while the pages are locked.
fn keep(link: &mut Link, asking: Asking) -> Result<Said, Problem> {
    // Where nobody could ever read it, it is not asked for.
    match link.ask(&Request::PrivateList { before: None }) {
        Ok(_) | Err(Problem::PrivateLocked) => {}
        Err(problem) => return Err(problem),
    }
    let (title, parts) = if asking.json {
        let given: Given = asking.object()?;
        let (head, text) = (String::new(), given.words);
        (given.title, vec![Part { head, text }])
    } else {
        // Also what an editor left is put down: whoever does not want it throws it away.
        let saved = asking.saved_from(&t!("ask-private-keep"), "")?;
        (String::new(), cut("", &saved.text))
    };
    if parts.is_empty() {
        return Ok(Said::new(
            json!({"kept": false}),
            t!("private-nothing") + "\n",
        ));
    }
    let words = PageWords {
        kind: PageKind::Draft,
        title,
        parts,
    };
    keep_asking(link, &Request::PrivateKeep { words }, asking)?;
    Ok(Said::new(json!({"kept": true}), t!("private-kept") + "\n"))
}

/// A new passphrase; the first one needs none before.
fn passphrase(link: &mut Link, anew: bool, asking: Asking) -> Result<Said, Problem> {
    let request = if asking.json {
        let given: GivenPassphrases = asking.object()?;
        let (old, new) = (given.old, given.new);
        Request::PrivatePassphrase { old, new, anew }
    } else {
        let first = match link.ask(&Request::PrivateList { before: None }) {
            Err(Problem::NoPrivatePassphrase) => true,
            Ok(_) | Err(Problem::PrivateLocked) => false,
            Err(problem) => return Err(problem),
        };
        let old = if first {
            None
        } else if anew {
            asking.sure(|| t!("private-anew"), &t!("ask-private-anew"))?;
            None
        } else {
            // A slip is told before a new one is thought of.
            Some(opened(link, asking)?)
        };
        wrap::tell(&t!("private-passphrase-tells"));
        let new = new_passphrase(asking, false)?;
        let new = new.ok_or(Problem::PassphraseTooShort)?;
        Request::PrivatePassphrase { old, new, anew }
    };
    keep_asking(link, &request, asking)?;
    let words = t!("private-passphrase-set") + "\n";
    Ok(Said::new(json!({"private": "open"}), words))
}

/// A passphrase for private pages, typed twice; none if it is left for later.
pub(super) fn new_passphrase(asking: Asking, later: bool) -> Result<Option<Secret>, Problem> {
    loop {
        let question = if later {
            t!("ask-private-new-or-later")
        } else {
            t!("ask-private-new")
        };
        let first = asking.secret(&question)?;
        if first.0.is_empty() && later {
            return Ok(None);
        }
        if first.0.chars().count() < 8 {
            mend(&Problem::PassphraseTooShort);
        } else if asking.secret(&t!("ask-once-more"))? == first {
            return Ok(Some(first));
        } else {
            wrap::tell(&t!("passphrases-differ"));
        }
    }
}

/// A copy of what is open, into the private pages. Nobody is told.
fn copy(link: &mut Link, home: &Home, what: Copy, asking: Asking) -> Result<Said, Problem> {
    let them = partner(link)?;
    let (title, shown) = match what {
        Copy::Checkin { slot } => {
            let slot = slot
                .map(|slot| super::checkin::slot(link, &slot))
                .transpose()?;
            let request = Request::CheckinShow { slot, after: None };
            let slots: Slots = typed(&link.ask(&request)?)?;
            let view = slots.slots.iter().find(|view| view.opened.is_some());
            let view = view.ok_or_else(|| Problem::NothingOpen {
                partner: them.clone(),
            })?;
            (say::page_head(view), say::slot(view, &them))
        }
        Copy::Agreement { agreement } => {
            let mut names = Names { link, home, asking };
            let view = names.agreement(&agreement)?;
            (view.topic.clone(), say::agreement(&view, &them))
        }
    };
    let plain = shown.chars().filter(|c| !say::marks::ALL.contains(c));
    let words = PageWords {
        kind: PageKind::Copy,
        title: title.chars().take(limits::LINE_CHARS).collect(),
        parts: cut("", &plain.collect::<String>()),
    };
    let number = written(link, words, asking)?;
    let words = t!("private-copied", page = number.to_string()) + "\n";
    Ok(Said::new(json!({"page": number}), words))
}

/// A person sits down with their pages, until they are done.
fn sit(link: &mut Link, home: &Home, asking: Asking) -> Result<Said, Problem> {
    wrap::tell(say::private::list(&pages(link)?).trim_end());
    loop {
        let answer = match asking.line(&t!("ask-private-next")) {
            Err(Problem::Interrupted) => String::new(),
            answer => answer?,
        };
        let kinds = [
            ("word-private-journal", PageKind::Journal),
            ("word-private-letter", PageKind::Letter),
            ("word-private-mistrust", PageKind::Mistrust),
            ("word-private-have-i", PageKind::HaveI),
        ];
        let kind = kinds.iter().find(|(word, _)| means(word, &answer));
        let number = answer
            .split_whitespace()
            .last()
            .and_then(|it| it.parse().ok());
        let done = match (kind, number) {
            _ if answer.is_empty() => break,
            (Some((_, kind)), _) => write(link, home, *kind, Given::default(), asking),
            (None, Some(number)) if answer.split_whitespace().count() == 1 => show(link, number),
            (None, Some(number)) if means("word-private-drop", first(&answer)) => {
                throw_away(link, number, asking)
            }
            (None, Some(number)) if means("word-private-edit", first(&answer)) => {
                edit(link, number, Given::default(), asking)
            }
            _ if means("word-private-list", &answer) => list(link),
            _ => continue,
        };
        match done {
            Ok(said) => wrap::tell(said.words.trim_end()),
            Err(Problem::PrivateLocked) => {
                wrap::tell(&t!("private-locked-meanwhile"));
                enter(link, None, asking)?;
            }
            Err(Problem::Interrupted) => {}
            Err(problem) => mend(&problem),
        }
    }
    link.ask(&Request::PrivateClose {})?;
    Ok(Said::new(
        json!({"private": "locked"}),
        t!("private-closed") + "\n",
    ))
}

fn first(answer: &str) -> &str {
    answer.split_whitespace().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_its_sentences() {
        let text = "I was afraid. Was it 3.5 hours? I don't know …\n\nWhy\n";
        let told = [
            "I was afraid.",
            "Was it 3.5 hours?",
            "I don't know …",
            "Why",
        ];
        assert_eq!(sentences(text), told);
        assert!(sentences(" \n ").is_empty());
    }

    #[test]
    fn a_long_text_is_cut_into_parts_that_fit_and_comes_back_whole() {
        let long = "ä\n".repeat(limits::TEXT_CHARS);
        let mut parts = cut("Head", &format!("{long}\u{1b}[31m"));
        parts.extend(cut("", "next"));
        let kind = PageKind::HaveI;
        let title = String::new();
        let words = PageWords { kind, title, parts };
        assert_eq!((words.parts.len(), words.check()), (4, Ok(())));
        assert_eq!(words.parts[1].head, "");
        let back = joined(words.parts);
        assert_eq!(back.len(), 2, "what was not cut stays apart");
        assert_eq!(
            (&*back[0].head, &*back[0].text),
            ("Head", &*format!("{long}[31m"))
        );
        assert_eq!(cut("Head", ""), []);
    }
}
