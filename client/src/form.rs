//! Words with their headings, as they stand in an editor: written out, and read back to the last letter.

/// What a heading begins with.
const MARK: &str = "## ";

/// A heading, and the words under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub head: String,
    pub text: String,
}

impl Part {
    pub fn new(head: impl Into<String>, text: impl Into<String>) -> Self {
        let (head, text) = (head.into(), text.into());
        Self { head, text }
    }
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Read {
    /// The parts in the order in which they stand; a heading may stand there more than once, or not at all.
    pub parts: Vec<Part>,
    /// Headings that nobody asked for. Their words stay with the part before.
    pub unknown: Vec<String>,
    /// Words before the first heading, which belong to nothing.
    pub astray: String,
}

/// The parts as one text. `about` stands before them, and is no part.
#[must_use]
pub fn written(about: &str, parts: &[Part]) -> String {
    let mut out = format!("{about}\n");
    for part in parts {
        out += &format!("\n{MARK}{}\n", one_line(&part.head));
        for line in part.text.lines() {
            if looks_like_a_heading(line) {
                out.push('\\');
            }
            out += line;
            out.push('\n');
        }
    }
    out
}

/// The parts of a text that was edited. `heads`: those that are known.
#[must_use]
pub fn read(text: &str, about: &str, heads: &[String]) -> Read {
    let mut read = Read::default();
    let mut astray = String::new();
    for line in text.lines() {
        let head = line.strip_prefix(MARK).map(str::trim);
        match head {
            Some(head) if heads.iter().any(|known| one_line(known) == head) => {
                read.parts.push(Part::new(head, ""));
                continue;
            }
            Some(head) => read.unknown.push(head.to_owned()),
            None => {}
        }
        let line = match line.strip_prefix('\\') {
            Some(rest) if looks_like_a_heading(rest) => rest,
            _ => line,
        };
        let into = read.parts.last_mut().map_or(&mut astray, |p| &mut p.text);
        into.push_str(line);
        into.push('\n');
    }
    for part in &mut read.parts {
        part.text = part.text.trim().to_owned();
    }
    let told = |line: &&str| !about.lines().any(|known| known.trim() == line.trim());
    let astray: Vec<&str> = astray.lines().filter(told).collect();
    astray.join("\n").trim().clone_into(&mut read.astray);
    read
}

/// A line that would be taken for a heading, with as many backslashes before it as were put there.
fn looks_like_a_heading(line: &str) -> bool {
    line.trim_start_matches('\\').starts_with(MARK)
}

fn one_line(head: &str) -> String {
    head.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABOUT: &str = "Write under the headings.\nThen close.";

    fn heads() -> Vec<String> {
        ["What is it about?", "What will you do?", "When"]
            .map(str::to_owned)
            .to_vec()
    }

    fn parts(texts: &[(usize, &str)]) -> Vec<Part> {
        let heads = heads();
        let part = |(at, text): &(usize, &str)| Part::new(heads[*at].clone(), *text);
        texts.iter().map(part).collect()
    }

    #[test]
    fn words_come_back_to_the_last_letter_whatever_they_look_like() {
        let all = parts(&[
            (0, "Visits"),
            (1, "## When\n\\## When\n\n  - ask first\nÄöü 🦆"),
            (2, ""),
            (2, "# one\n### three\n##none\nWrite under the headings."),
        ]);
        let read = read(&written(ABOUT, &all), ABOUT, &heads());
        assert_eq!(read.parts, all);
        assert_eq!((read.unknown, read.astray), (Vec::new(), String::new()));
    }

    #[test]
    fn a_heading_that_is_not_known_and_words_before_the_first_are_told() {
        let text = format!("{ABOUT}\nVisits\n\n## What is it about?\na\n## Wen\nb\r\n## When\r\nc");
        let read = read(&text, ABOUT, &heads());
        assert_eq!(read.unknown, ["Wen"]);
        assert_eq!(read.astray, "Visits");
        assert_eq!(read.parts, parts(&[(0, "a\n## Wen\nb"), (2, "c")]));
    }

    #[test]
    fn what_was_emptied_has_no_parts() {
        assert_eq!(read("", ABOUT, &heads()), Read::default());
    }
}
