//! Drafts that both type in: begun, read, edited, proposed, closed.

use super::{Unsaid, bound, keep_asking, mend, partner, propose, typed};
use crate::ask::Asking;
use crate::cli::{Draft, DraftFormArg};
use crate::link::Link;
use crate::words::t;
use crate::{Said, editor, names, say};
use serde::{Deserialize, Serialize};
use serde_json::json;
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
fn read(link: &mut Link, draft: &DraftLine) -> Result<(String, Vec<Hash>), Problem> {
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
            let all = list(link)?;
            let them = partner(link)?;
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
                return crate::live::run(link, &draft, asking);
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

/// Opens the text in the person's editor, and merges what it saves with what the other typed meanwhile.
fn edit(link: &mut Link, draft: &DraftLine, asking: Asking) -> Result<Said, Problem> {
    let unsaid = Unsaid {
        about: format!("edit {}", draft.draft),
    };
    let show = |left: &Left| {
        let typed: Vec<&str> = left.edits.iter().map(|edit| &*edit.insert).collect();
        say::draft(&draft.title, &typed.join("\n"))
    };
    let (left, wanted) = match unsaid.offer(link, show, asking)? {
        Some(left) => (left, None),
        None => {
            let (before, at) = read(link, draft)?;
            let after = editor::edit(&before, asking)?;
            // Editors end a text with a line break that nobody typed.
            let after = match (before.ends_with('\n'), after.strip_suffix('\n')) {
                (false, Some(shorter)) if !shorter.ends_with('\n') => shorter,
                _ => &after,
            };
            if after.is_empty() && !before.is_empty() && !asking.yes(&t!("ask-draft-empty"))? {
                return Err(Problem::Interrupted);
            }
            let edits = differs(&before, after);
            (Left { at, edits }, Some(after.to_owned()))
        }
    };
    if left.edits.is_empty() {
        return Ok(Said::new(json!({"edits": 0}), t!("draft-as-before") + "\n"));
    }
    let Left { at, edits } = left.clone();
    let answer = keep_asking(link, &edit_request(draft, at, edits), asking);
    if answer.is_ok() {
        unsaid.let_go(link)?;
    } else {
        unsaid.keep(link, &left, asking);
    }
    let answer = answer?;
    let (text, _) = read(link, draft)?;
    let words = if wanted.as_deref() == Some(&*text) {
        t!("draft-saved") + "\n"
    } else {
        // The other typed meanwhile, or this one read the text long ago.
        let them = partner(link)?;
        let now = t!("draft-reads-now", partner = them);
        format!("{now}\n\n{}", say::draft(&draft.title, &text))
    };
    Ok(Said::new(answer, words))
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

/// What a person is told when an edit was refused while typing.
pub(crate) fn refused(problem: &Problem) {
    mend(problem);
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
}
