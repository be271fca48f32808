//! Drafts that both type in: begun, read, edited, proposed, closed.

use super::{Unsaid, bound, keep_asking, mend, partner, passes, propose, typed};
use crate::ask::Asking;
use crate::cli::{Draft, DraftFormArg};
use crate::link::Link;
use crate::live::Unsaved;
use crate::words::t;
use crate::{Said, editor, names, say, wrap};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};
use std::time::{Duration, Instant};
use troth_proto::api::{DraftLine, DraftList, DraftText, Request};
use troth_proto::draft::{DraftForm, Edit};
use troth_proto::ids::Who;
use troth_proto::{Hash, Problem, limits};

/// How long the fewest changes between two texts are looked for; after that, few are good enough.
const DIFFERS: Duration = Duration::from_secs(2);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Titled {
    title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edits {
    at: Vec<Hash>,
    edits: Vec<Edit>,
}

/// What was changed in an editor, and the text in which it was.
#[derive(Clone, Serialize, Deserialize)]
struct Left {
    at: Vec<Hash>,
    edits: Vec<Edit>,
}

/// The drafts that are open.
pub(crate) fn list(link: &mut Link) -> Result<Vec<DraftLine>, Problem> {
    let all: DraftList = typed(&link.ask(&Request::DraftList {})?)?;
    Ok(all.drafts)
}

/// The draft that is meant: by words of its title, by its number in the list, or by the name that scripts use.
pub(super) fn named(link: &mut Link, words: &[String]) -> Result<DraftLine, Problem> {
    let text = words.join(" ");
    let text = text.trim();
    let all = list(link)?;
    let number = text.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
    if let Some(line) = number.and_then(|n| all.get(n)) {
        return Ok(line.clone());
    }
    let by_name = |line: &&DraftLine| text.len() >= 4 && line.draft.hex().starts_with(text);
    let by_name: Vec<&DraftLine> = all.iter().filter(by_name).collect();
    let found = match by_name.as_slice() {
        [one] => vec![*one],
        _ => names::by_words(&all, |line| &line.title, text),
    };
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Problem::NoSuch { what: text.into() }),
        _ => Err(Problem::NotUnique { what: text.into() }),
    }
}

/// The text as it is now.
pub(super) fn read(link: &mut Link, draft: &DraftLine) -> Result<(String, Vec<Hash>), Problem> {
    let request = Request::DraftRead {
        draft: draft.draft.hex(),
        since: None,
        follow: false,
    };
    let answer: DraftText = typed(&link.ask(&request)?)?;
    Ok((answer.text.unwrap_or_default(), answer.at))
}

pub(super) fn run(link: &mut Link, step: Draft, asking: Asking) -> Result<Said, Problem> {
    match step {
        Draft::New { form } => new(link, form, asking),
        Draft::List => {
            let listed: DraftList = typed(&link.ask(&Request::DraftList {})?)?;
            offer_what_was_typed(link, listed.typed, asking)?;
            let (all, them) = (listed.drafts, partner(link)?);
            let words = say::drafts(&all, &them);
            Ok(Said::new(json!({"drafts": all}), words))
        }
        Draft::Show { draft } => {
            let draft = named(link, &draft)?;
            let (text, at) = read(link, &draft)?;
            let words = say::draft(&draft.title, &text);
            let json = json!({"draft": draft.draft, "title": draft.title, "at": at, "text": text});
            Ok(Said::new(json, words))
        }
        Draft::Edit { draft, live } => {
            let draft = named(link, &draft)?;
            if asking.json {
                let Edits { at, edits } = asking.object()?;
                let answer = link.ask(&edit_request(&draft, at, edits))?;
                return Ok(Said::new(answer, String::new()));
            }
            if live {
                return self::live(link, &draft, asking);
            }
            edit(link, &draft, asking)
        }
        Draft::Propose { draft } => {
            let draft = named(link, &draft)?;
            let (text, _) = read(link, &draft)?;
            propose::from_draft(link, &draft, &text, asking)
        }
        Draft::Close { draft } => close(link, &draft, asking),
    }
}

/// Words that are kept here and were typed for drafts which are gone: nothing else leads back to them.
fn offer_what_was_typed(
    link: &mut Link,
    typed: Vec<String>,
    asking: Asking,
) -> Result<(), Problem> {
    for about in typed.into_iter().filter(|_| asking.person()) {
        let unsaid = Unsaid::new(about);
        let kept = unsaid.kept(link, 1)?;
        let left = kept.and_then(|it| serde_json::from_str::<Left>(&it.0).ok());
        let Some(words) = left.map(|left| left.words()) else {
            continue;
        };
        wrap::tell(&format!(
            "{}\n\n{}",
            t!("draft-typed-gone"),
            say::calm(&words)
        ));
        let wanted = unsaid.wanted(link, 1, &t!("ask-draft-put-down"), asking)?;
        if wanted && super::private::put_down(link, "", &words, asking) {
            unsaid.put(link, 1, None)?;
        }
    }
    Ok(())
}

fn new(link: &mut Link, form: DraftFormArg, asking: Asking) -> Result<Said, Problem> {
    let title = if asking.json {
        asking.object::<Titled>()?.title
    } else {
        bound(link)?;
        asking.needed(&t!("ask-draft-title"))?
    };
    let form = match form {
        DraftFormArg::Agreement => DraftForm::Agreement,
        DraftFormArg::Letter => DraftForm::Letter,
        DraftFormArg::List => DraftForm::List,
    };
    let request = Request::DraftNew {
        form,
        title: title.clone(),
    };
    let answer = keep_asking(link, &request, asking)?;
    let name = names::short(&title).unwrap_or_else(|| "1".into());
    let them = partner(link)?;
    let words = t!("draft-begun", partner = them, name = name) + "\n";
    Ok(Said::new(answer, words))
}

fn edit_request(draft: &DraftLine, at: Vec<Hash>, edits: Vec<Edit>) -> Request {
    Request::DraftEdit {
        draft: draft.draft.hex(),
        at,
        edits,
    }
}

/// One who typed takes out nothing more, and puts nothing in, where they have closed it: nobody types what would be refused.
fn may_type(draft: &DraftLine) -> Result<(), Problem> {
    if draft.closed_by.contains(&Who::Me) {
        return Err(Problem::DraftIsClosed);
    }
    Ok(())
}

/// Opens the text in the person's editor, and merges what it saves with what the other typed meanwhile.
fn edit(link: &mut Link, draft: &DraftLine, asking: Asking) -> Result<Said, Problem> {
    let mut saving = Saving::new(draft, asking);
    if let Err(closed) = may_type(draft) {
        saving.put_down_what_was_kept(link)?;
        return Err(closed);
    }
    let left = match saving.offered(link)? {
        Some(left) => {
            saving.may_be_there = true;
            left
        }
        None => {
            let (before, at) = read(link, draft)?;
            let (left, taken) = saving.in_editor((&before, &at), &before)?;
            if !taken {
                saving.keep(link, &left);
                return Err(Problem::Interrupted);
            }
            left
        }
    };
    saving.save(link, left, None)
}

/// Types in the terminal; what could not be saved is not lost with it.
fn live(link: &mut Link, draft: &DraftLine, asking: Asking) -> Result<Said, Problem> {
    may_type(draft)?;
    let (said, unsaved) = crate::live::run(link, draft, asking)?;
    let Some(Unsaved { at, edit, problem }) = unsaved else {
        return Ok(said);
    };
    let left = Left {
        at,
        edits: vec![edit],
    };
    Saving::new(draft, asking).save(link, left, Some(problem))
}

impl Left {
    /// What was typed.
    fn words(&self) -> String {
        let typed: Vec<&str> = self.edits.iter().map(|edit| &*edit.insert).collect();
        typed.join("\n")
    }

    /// The text with it; where it was read some time ago, the words behind the text.
    fn within(&self, (text, at): (&str, &[Hash])) -> String {
        if self.at != at {
            return format!("{text}\n{}", self.words());
        }
        let mut chars: Vec<char> = text.chars().collect();
        for edit in self.edits.iter().rev() {
            let from = (edit.at as usize).min(chars.len());
            let to = from.saturating_add(edit.delete as usize).min(chars.len());
            chars.splice(from..to, edit.insert.chars());
        }
        chars.into_iter().collect()
    }

    /// Whether all that was typed stands where it was typed, in what has changed since the text was read; `length`: how
    /// many characters it has now.
    fn is_in(&self, since: &[Edit], length: usize) -> bool {
        let come: usize = since.iter().map(|it| it.insert.chars().count()).sum();
        let gone: usize = since.iter().map(|it| it.delete as usize).sum();
        // Each character by its place in the text that was read, or as itself if it came since.
        let before = (length + gone).saturating_sub(come);
        let mut all: Vec<Result<usize, char>> = (0..before).map(Ok).collect();
        for edit in since {
            let from = (edit.at as usize).min(all.len());
            let to = from.saturating_add(edit.delete as usize).min(all.len());
            all.splice(from..to, edit.insert.chars().map(Err));
        }
        let came_at = |from: usize, to: usize| -> String {
            let behind = all.iter().position(|it| matches!(it, Ok(n) if *n >= to));
            let behind = behind.unwrap_or(all.len());
            let (first, _) = all.split_at(behind);
            let ahead = first
                .iter()
                .rposition(|it| matches!(it, Ok(n) if *n < from));
            let here = first.iter().skip(ahead.map_or(0, |it| it + 1));
            here.filter_map(|it| it.err()).collect()
        };
        self.edits.iter().all(|edit| {
            let from = edit.at as usize;
            came_at(from, from + edit.delete as usize).contains(&edit.insert)
        })
    }
}

/// Typing that goes into a draft, or stays with the person who typed it.
struct Saving<'a> {
    draft: &'a DraftLine,
    asking: Asking,
    unsaid: Unsaid,
    /// What the text was to be, where one knows it whole.
    wanted: Option<String>,
    /// An answer was waited for in vain: it may be in the text already.
    may_be_there: bool,
}

impl<'a> Saving<'a> {
    fn new(draft: &'a DraftLine, asking: Asking) -> Self {
        let unsaid = Unsaid::new(troth_proto::draft::typed_for(&draft.draft));
        Self {
            draft,
            asking,
            unsaid,
            wanted: None,
            may_be_there: false,
        }
    }

    /// Lets the person edit; `shown`: what the editor begins with, if not the text itself. Also says whether it is to be
    /// taken.
    fn in_editor(
        &mut self,
        (before, at): (&str, &[Hash]),
        shown: &str,
    ) -> Result<(Left, bool), Problem> {
        let saved = editor::edit(shown, self.asking)?;
        // Editors end a text with a line break that nobody typed.
        let after = match (before.ends_with('\n'), saved.text.strip_suffix('\n')) {
            (false, Some(shorter)) if !shorter.ends_with('\n') => shorter,
            _ => &saved.text,
        };
        let left = Left {
            at: at.to_vec(),
            edits: differs(before, after),
        };
        let emptied = after.is_empty() && !before.is_empty();
        if saved.taken && emptied && !self.asking.yes(&t!("ask-draft-empty"))? {
            return Err(Problem::Interrupted);
        }
        self.wanted = Some(after.to_owned());
        Ok((left, saved.taken))
    }

    /// Saves it. Whatever keeps it from being saved, the words stay: they are asked for again, kept here, or put down.
    fn save(
        mut self,
        link: &mut Link,
        mut left: Left,
        mut refused: Option<Problem>,
    ) -> Result<Said, Problem> {
        loop {
            if left.edits.is_empty() {
                return Ok(Said::new(json!({"edits": 0}), t!("draft-as-before") + "\n"));
            }
            let problem = match self.ask(link, &left, refused.take()) {
                Ok(answer) => {
                    self.unsaid.let_go(link)?;
                    return self.saved(link, answer);
                }
                Err(problem) => problem,
            };
            match problem {
                // What was typed can be made to fit.
                Problem::DraftFull | Problem::DraftsFull | Problem::TooLong
                    if self.asking.person() =>
                {
                    mend(&problem);
                    match self.again(link, &left) {
                        Ok(Some(better)) => left = better,
                        Ok(None) => return Err(problem),
                        Err(other) => return Err(other),
                    }
                }
                Problem::DraftIsClosed | Problem::NoSuch { .. } => {
                    self.put_down(link, &left);
                    return Err(Problem::DraftIsClosed);
                }
                _ => {
                    self.keep(link, &left);
                    return Err(problem);
                }
            }
        }
    }

    /// Asks until it is saved, or may not pass, or the person asks no more.
    fn ask(
        &mut self,
        link: &mut Link,
        left: &Left,
        refused: Option<Problem>,
    ) -> Result<Value, Problem> {
        let mut refused = refused;
        loop {
            let problem = match refused.take() {
                Some(problem) => problem,
                None if self.may_be_there && self.is_there(link, left)? => return Ok(json!({})),
                None => {
                    let Left { at, edits } = left.clone();
                    match link.ask(&edit_request(self.draft, at, edits)) {
                        Ok(answer) => return Ok(answer),
                        Err(problem) => problem,
                    }
                }
            };
            self.may_be_there |= problem == Problem::NoDaemon;
            if !self.asking.person() || !passes(&problem) {
                return Err(problem);
            }
            mend(&problem);
            if !self.asking.yes_unless(&t!("ask-try-again"), true)? {
                return Err(problem);
            }
        }
    }

    /// Whether the text says already what was typed: nothing is put in twice.
    fn is_there(&self, link: &mut Link, left: &Left) -> Result<bool, Problem> {
        let request = |since| Request::DraftRead {
            draft: self.draft.draft.hex(),
            since,
            follow: false,
        };
        let mut read = |since| -> Option<DraftText> {
            let answer = link.ask(&request(since)).ok()?;
            typed(&answer).ok()
        };
        let (Some(since), Some(now)) = (read(Some(left.at.clone())), read(None)) else {
            return Ok(false);
        };
        let text = now.text.unwrap_or_default();
        let may_be = left.edits.iter().all(|edit| text.contains(&edit.insert));
        if since.text.is_none() {
            return Ok(since.at == now.at && left.is_in(&since.edits, text.chars().count()));
        }
        if self.wanted.as_ref() == Some(&text) {
            return Ok(true);
        }
        if !may_be || left.words().is_empty() || !self.asking.person() {
            return Ok(false);
        }
        // What has changed since is not known any more: the person sees it.
        wrap::tell(&say::draft(&self.draft.title, &text));
        self.asking.yes(&t!("ask-draft-there"))
    }

    /// What is too much, once more in the editor; nothing, if the person leaves it.
    fn again(&mut self, link: &mut Link, left: &Left) -> Result<Option<Left>, Problem> {
        let now = if editor::again(self.asking) {
            read(link, self.draft)
        } else {
            Err(Problem::Interrupted)
        };
        let edited = now.and_then(|(text, at)| {
            let shown = left.within((&text, &at));
            self.in_editor((&text, &at), &shown)
        });
        let (kept, result) = match edited {
            Ok((better, true)) => return Ok(Some(better)),
            Ok((better, false)) => (better, Ok(None)),
            Err(Problem::Interrupted) => (left.clone(), Ok(None)),
            Err(problem) => (left.clone(), Err(problem)),
        };
        self.keep(link, &kept);
        result
    }

    /// Keeps it here for next time; where that cannot be, it stands on the screen at least.
    fn keep(&self, link: &mut Link, left: &Left) {
        if !self.unsaid.keep(link, left, self.asking) && self.asking.person() {
            wrap::tell(&say::draft(&self.draft.title, &left.words()));
        }
    }

    /// What was typed before and could not be saved, if the person goes on from it.
    fn offered(&self, link: &mut Link) -> Result<Option<Left>, Problem> {
        let show = |left: &Left| say::draft(&self.draft.title, &left.words());
        self.unsaid.offer(link, show, self.asking)
    }

    /// The same where it will go into the draft no more.
    fn put_down_what_was_kept(&self, link: &mut Link) -> Result<(), Problem> {
        if let Some(left) = self.offered(link)? {
            self.put_down(link, &left);
        }
        Ok(())
    }

    /// Words for which there is no draft any more: shown, and among the private pages if the person wants that.
    fn put_down(&self, link: &mut Link, left: &Left) {
        let words = left.words();
        if !self.asking.person() || words.is_empty() {
            return;
        }
        let shown = say::draft(&self.draft.title, &words);
        wrap::tell(&format!("{}\n\n{shown}", t!("draft-typed")));
        let wanted = self.asking.yes_unless(&t!("ask-draft-put-down"), true);
        let kept = wanted.is_ok_and(|wanted| wanted)
            && super::private::put_down(link, &self.draft.title, &words, self.asking);
        // Where there is no private page for them they stay where they were typed.
        if !kept {
            self.keep(link, left);
        } else if let Err(problem) = self.unsaid.let_go(link) {
            mend(&problem);
        }
    }

    fn saved(&self, link: &mut Link, answer: Value) -> Result<Said, Problem> {
        let (text, _) = read(link, self.draft)?;
        let words = if self.wanted.as_deref() == Some(&*text) {
            t!("draft-saved") + "\n"
        } else {
            // The other typed meanwhile, or this one read the text long ago.
            let them = partner(link)?;
            let now = t!("draft-reads-now", partner = them);
            format!("{now}\n\n{}", say::draft(&self.draft.title, &text))
        };
        Ok(Said::new(answer, words))
    }
}

/// As few characters taken out and put in as lead from one text to the other.
fn differs(before: &str, after: &str) -> Vec<Edit> {
    let (old, new): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
    let until = Instant::now() + DIFFERS;
    let all = capture_diff_slices_deadline(Algorithm::Myers, &old, &new, Some(until));
    // Places are counted here: what an operation says of the other text's place is not always so.
    let (mut was, mut is) = (0, 0);
    let mut edits: Vec<Edit> = Vec::new();
    for op in &all {
        let (gone, come) = (op.old_range().len(), op.new_range().len());
        let change = Edit {
            at: was as u32,
            delete: gone as u32,
            insert: new.get(is..is + come).into_iter().flatten().collect(),
        };
        (was, is) = (was + gone, is + come);
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        match edits.last_mut() {
            // What is put in where something was taken out is one change.
            Some(last) if last.at + last.delete == change.at && change.delete == 0 => {
                last.insert += &change.insert;
            }
            _ => edits.push(change),
        }
    }
    if edits.len() <= limits::EDITS {
        return edits;
    }
    // Nearly everything is new.
    vec![Edit {
        at: 0,
        delete: old.len() as u32,
        insert: after.to_owned(),
    }]
}

fn close(link: &mut Link, draft: &[String], asking: Asking) -> Result<Said, Problem> {
    let draft = named(link, draft)?;
    let them = partner(link)?;
    let (text, _) = read(link, &draft)?;
    // Once it is gone nothing leads back to what was typed for it.
    Saving::new(&draft, asking).put_down_what_was_kept(link)?;
    let question = if draft.closed_by.contains(&Who::Partner) {
        t!("ask-draft-close-both", partner = them.as_str())
    } else {
        t!("ask-draft-close", partner = them.as_str())
    };
    asking.sure(|| say::draft(&draft.title, &text), &question)?;
    let request = Request::DraftClose {
        draft: draft.draft.hex(),
    };
    let answer = link.ask(&request)?;
    let words = if answer["closed_by_both"] == true {
        t!("draft-closed-both")
    } else {
        t!("draft-closed", partner = them)
    };
    Ok(Said::new(answer, words + "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use troth_proto::draft::edited;

    /// Edits of one text, each counted in that text, as if one after the other.
    fn one_after_the_other(edits: &[Edit]) -> Vec<Edit> {
        let mut shift = 0_i64;
        let one = |edit: &Edit| {
            let at = (i64::from(edit.at) + shift) as u32;
            shift += edit.insert.chars().count() as i64 - i64::from(edit.delete);
            Edit { at, ..edit.clone() }
        };
        edits.iter().map(one).collect()
    }

    #[test]
    fn as_little_as_possible_is_changed() {
        for (before, after, changes) in [
            ("", "", 0),
            ("", "new", 1),
            ("all of it", "", 1),
            ("We call before.", "We write before.", 2),
            ("From ten on", "From eleven on", 2),
            ("Zwölf Äpfel 🦆", "Zwölf rote Äpfel 🦆!", 2),
        ] {
            let edits = differs(before, after);
            assert_eq!(edited(before, &one_after_the_other(&edits)), after);
            assert!(edits.len() <= changes, "{before} → {after}: {edits:?}");
        }
    }

    fn edits(all: &[(u32, u32, &str)]) -> Vec<Edit> {
        let edit = |(at, delete, insert): &(u32, u32, &str)| Edit {
            at: *at,
            delete: *delete,
            insert: (*insert).to_owned(),
        };
        all.iter().map(edit).collect()
    }

    #[test]
    fn what_was_typed_is_known_again_only_where_it_was_typed() {
        let left = |all| Left {
            at: Vec::new(),
            edits: edits(all),
        };
        let before = "We call before.".chars().count();
        let hello = left(&[(8, 0, "soon "), (14, 1, "!")]);
        // Each as it stands in the text, one after the other.
        let ours = [(8, 0, "soon "), (19, 1, "!")];
        assert!(hello.is_in(&edits(&ours), before + 5));
        assert!(!hello.is_in(&[], before), "nothing came");
        assert!(!hello.is_in(&edits(&ours[..1]), before + 5), "half of it");
        let elsewhere = [(0, 0, "soon "), (19, 1, "!")];
        assert!(!hello.is_in(&edits(&elsewhere), before + 5));
        // Also among what the other typed at the same place, and took out around it.
        let both = [(0, 3, ""), (5, 0, "very soon indeed "), (26, 3, "?!")];
        assert!(hello.is_in(&edits(&both), before - 3 + 17 - 1));
        // Taking out twice is taking out once.
        assert!(left(&[(0, 3, "")]).is_in(&[], before));
    }

    #[test]
    fn what_is_too_much_is_shown_where_it_was_typed_or_behind_a_text_that_has_changed() {
        let left = Left {
            at: vec![Hash([1; 32])],
            edits: edits(&[(0, 2, "Both"), (8, 0, "soon ")]),
        };
        let text = "We call before.";
        assert_eq!(left.within((text, &left.at)), "Both call soon before.");
        assert_eq!(left.within((text, &[])), "We call before.\nBoth\nsoon ");
    }
}
