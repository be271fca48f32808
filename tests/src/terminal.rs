//! A person at a terminal: what they are asked and answer, and what they read.

use crate::home::{Home, PATIENCE};
use rexpect::session::{PtySession, spawn_command};

/// A command at a terminal.
pub fn sit_down(home: &Home, arguments: &[&str]) -> PtySession {
    let mut command = home.command(arguments);
    command.env("TERM", "xterm").env("PAGER", "cat");
    spawn_command(command, Some(PATIENCE.as_millis() as u64)).unwrap()
}

/// What stands between two words: a blank, or a new row and what moves the cursor there.
const BETWEEN: &str = r"(?:\s|\x1b\[[0-9;?]*[A-Za-z])+";

/// Waits for a question, however its lines are broken, and types the answer. What stood before it.
pub fn answer(session: &mut PtySession, question: &str, words: &str) -> String {
    let words_of: Vec<&str> = question.split_whitespace().collect();
    let broken: Vec<String> = words_of.iter().map(|it| regex_of(it)).collect();
    let (before, _) = session
        .exp_regex(&broken.join(BETWEEN))
        .unwrap_or_else(|e| panic!("{question}: {e}"));
    session.send_line(words).unwrap();
    before
}

/// What is asked for a proposal to Ben, in order.
const PROPOSAL: [&str; 9] = [
    "What is it about, in a few words?",
    "What do you agree on?",
    "What will you do?",
    "What will Ben do?",
    "When something happens",
    "What is not meant?",
    "Is it a trial?",
    "When do you want to look at it again",
    "Is it a big one",
];

/// Leaves everything in a proposal as it is, from one question on. `alone`: only Ana does something in it, so that it is asked
/// whether it holds for both.
pub fn leaves_from(session: &mut PtySession, first: &str, alone: bool) {
    for question in PROPOSAL.iter().skip_while(|it| **it != first) {
        answer(session, question, "");
        if alone && *question == "What will Ben do?" {
            answer(session, "Does the same go for Ben too?", "");
        }
    }
}

/// A word as a regular expression finds it.
fn regex_of(word: &str) -> String {
    let escaped = |c: char| match c.is_alphanumeric() {
        true => c.to_string(),
        false => format!(r"\x{{{:x}}}", u32::from(c)),
    };
    word.chars().map(escaped).collect()
}

/// What a command that must succeed prints for a person, however its lines are broken.
pub fn reads(home: &Home, arguments: &[&str]) -> String {
    let output = home.run(arguments, "");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// These words are among them.
pub fn says(home: &Home, arguments: &[&str], words: &str) {
    let said = reads(home, arguments);
    assert!(said.contains(words), "{arguments:?}: {said}");
}
