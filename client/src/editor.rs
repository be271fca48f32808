//! The person's own editor. What is edited stands in a file that only this person can read, in a folder that is only in
//! memory, for as long as the editor is open (SPEC §8.6; PROTOCOL §9).

use crate::ask::Asking;
use crate::commands::mend;
use crate::form::{self, Part};
use crate::say;
use crate::words::t;
use rustix::fs::statfs;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::flag;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use troth_proto::problem::Wrong;
use troth_proto::{Problem, limits};

/// What file systems in memory call themselves.
const IN_MEMORY: [u32; 2] = [0x0102_1994, 0x8584_58f6];
/// What our folders begin with; behind it the number of the process.
const FOLDER: &str = "troth-words-";

/// An editor that leaves no swap file, undo file, backup or history behind when it is begun like this.
struct Known {
    begins: &'static str,
    flags: &'static [&'static str],
}

const KNOWN: [Known; 9] = [
    Known {
        begins: "vim",
        flags: VIM,
    },
    Known {
        begins: "nvim",
        flags: VIM,
    },
    Known {
        begins: "gvim",
        flags: VIM,
    },
    Known {
        begins: "nano",
        flags: &["--ignorercfiles"],
    },
    Known {
        begins: "emacs",
        flags: &[
            "--eval",
            "(setq make-backup-files nil auto-save-default nil create-lockfiles nil)",
        ],
    },
    Known {
        begins: "micro",
        flags: &["-backup", "false", "-savehistory", "false"],
    },
    Known {
        begins: "hx",
        flags: &[],
    },
    Known {
        begins: "busybox",
        flags: &[],
    },
    Known {
        begins: "ed",
        flags: &[],
    },
];

const VIM: &[&str] = &[
    "-n",
    "-i",
    "NONE",
    "-c",
    "set noundofile nobackup nowritebackup",
    // One with windows stays, too, until it is closed.
    "-f",
];

/// What the person edits with: `VISUAL`, else `EDITOR`, else one that is there.
struct Editor {
    program: PathBuf,
    arguments: Vec<String>,
    known: bool,
}

impl Editor {
    fn found() -> Result<Self, Problem> {
        let set = |name| std::env::var(name).ok().filter(|it| !it.trim().is_empty());
        let Some(wanted) = set("VISUAL").or_else(|| set("EDITOR")) else {
            let mut there = ["nano", "vim", "vi"].into_iter().filter_map(in_path);
            let program = there.next().ok_or_else(|| failed("nano"))?;
            return Ok(Self::at(program, Vec::new()));
        };
        let mut words = wanted.split_whitespace().map(str::to_owned);
        let name = words.next().unwrap_or_default();
        let program = in_path(&name).ok_or_else(|| failed(&name))?;
        Ok(Self::at(program, words.collect()))
    }

    fn at(program: PathBuf, wanted: Vec<String>) -> Self {
        // `vi` and `editor` are often links to another.
        let real = fs::canonicalize(&program).unwrap_or_else(|_| program.clone());
        let name = real.file_name().unwrap_or_default().to_string_lossy();
        let known = KNOWN.iter().find(|it| named(&name, it.begins));
        let flags = known.iter().flat_map(|it| it.flags);
        let flags = flags.map(|flag| (*flag).to_owned());
        let arguments = flags.chain(wanted).collect();
        let known = known.is_some();
        Self {
            program,
            arguments,
            known,
        }
    }
}

/// Whether a program is that editor, or one of its builds: `vim.basic`, `emacs-29`.
fn named(program: &str, editor: &str) -> bool {
    let rest = program.strip_prefix(editor);
    rest.is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
}

fn in_path(name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(|path| path.is_file());
    }
    let path = std::env::var_os("PATH")?;
    let mut all = std::env::split_paths(&path).map(|folder| folder.join(name));
    all.find(|path| path.is_file())
}

fn failed(editor: &str) -> Problem {
    Problem::EditorFailed {
        editor: editor.to_owned(),
    }
}

/// A folder in memory, gone with what it holds when it is let go.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, Problem> {
        let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
        let places = runtime.into_iter().chain([PathBuf::from("/dev/shm")]);
        let mut places = places.filter(|place| in_memory(place));
        let place = places.next().ok_or(Problem::NoMemoryFolder)?;
        sweep(&place);
        let path = place.join(format!("{FOLDER}{}", std::process::id()));
        let made = DirBuilder::new().mode(0o700).create(&path);
        made.map_err(|e| Problem::FileFailed {
            path: path.display().to_string(),
            why: (&e).into(),
        })?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn in_memory(folder: &Path) -> bool {
    statfs(folder).is_ok_and(|it| IN_MEMORY.contains(&(it.f_type as u32)))
}

/// Takes away what one left behind that was ended before it could.
fn sweep(place: &Path) {
    let own = rustix::process::getuid().as_raw();
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix(FOLDER));
        let Some(number) = number.and_then(|it| it.parse::<u32>().ok()) else {
            continue;
        };
        let ours =
            fs::symlink_metadata(entry.path()).is_ok_and(|it| it.is_dir() && it.uid() == own);
        let gone = number == std::process::id() || !Path::new(&format!("/proc/{number}")).exists();
        if ours && gone {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Signals to this program while the editor has the terminal: they are the editor's.
fn hold_signals() -> &'static AtomicBool {
    static ACTS: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    ACTS.get_or_init(|| {
        let acts = Arc::new(AtomicBool::new(true));
        for signal in [SIGINT, SIGQUIT, SIGHUP, SIGTERM] {
            let _ = flag::register_conditional_default(signal, Arc::clone(&acts));
        }
        acts
    })
}

/// What an editor left.
pub struct Saved {
    /// The text.
    pub text: String,
    /// The person wants it taken; else it is only not to be lost.
    pub taken: bool,
}

/// Lets the person edit a text, and gives back what they saved.
///
/// # Errors
/// Nobody is there, no folder is only in memory, there is no editor, or what was saved is no text or too long.
pub fn edit(text: &str, asking: Asking) -> Result<Saved, Problem> {
    if !asking.person() {
        return Err(Problem::NeedsTerminal);
    }
    let editor = Editor::found()?;
    let name = editor.program.display().to_string();
    if !editor.known && !asking.yes_unless(&t!("ask-editor", editor = name.as_str()), true)? {
        return Err(Problem::Interrupted);
    }
    let folder = Folder::new()?;
    let path = folder.0.join("words.md");
    let broken = |e: std::io::Error| Problem::FileFailed {
        path: path.display().to_string(),
        why: (&e).into(),
    };
    let mut options = OpenOptions::new();
    let options = options.write(true).create_new(true).mode(0o600);
    let mut file = options.open(&path).map_err(broken)?;
    file.write_all(text.as_bytes()).map_err(broken)?;
    drop(file);
    loop {
        let acts = hold_signals();
        acts.store(false, Ordering::SeqCst);
        let mut command = Command::new(&editor.program);
        let done = command.args(&editor.arguments).arg(&path).status();
        acts.store(true, Ordering::SeqCst);
        let done = done.map_err(|_| failed(&name))?;
        match read_back(&path) {
            // What was written is still in the file.
            Err(problem @ Problem::TooLong) => {
                mend(&problem);
                if !again(asking) {
                    return Err(problem);
                }
            }
            Ok((text, false)) => {
                mend(&Problem::BadRequest {
                    wrong: Wrong::NotText,
                });
                if !again(asking) {
                    let taken = false;
                    return Ok(Saved { text, taken });
                }
            }
            read => {
                let (after, _) = read?;
                let taken = done.success() || after != text && took_what_was_saved(asking);
                if !taken && after == text {
                    return Err(Problem::Interrupted);
                }
                return Ok(Saved { text: after, taken });
            }
        }
    }
}

/// Whether the person goes on in the editor.
#[must_use]
pub fn again(asking: Asking) -> bool {
    let again = asking.yes_unless(&t!("ask-editor-again"), true);
    again.is_ok_and(|again| again)
}

/// Of an editor that ended as one that failed, or that was told to give up.
fn took_what_was_saved(asking: Asking) -> bool {
    let wanted = asking.yes(&t!("ask-editor-take"));
    wanted.is_ok_and(|wanted| wanted)
}

/// What was saved, within a limit, and whether all of it is text.
fn read_back(path: &Path) -> Result<(String, bool), Problem> {
    let broken = |e: std::io::Error| Problem::FileFailed {
        path: path.display().to_string(),
        why: (&e).into(),
    };
    let most = limits::API_LINE_BYTES as u64;
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(broken)?;
    file.take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(broken)?;
    if bytes.len() as u64 > most {
        return Err(Problem::TooLong);
    }
    let whole = std::str::from_utf8(&bytes).is_ok();
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    // What a terminal acts on came with a paste, and is nothing that was written.
    let plain = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    Ok((text.chars().filter(plain).collect(), whole))
}

/// Parts in the person's editor, as often as they want to go on with them.
pub struct Sheet {
    about: String,
    heads: Vec<String>,
    /// Which of them takes a text of any length.
    text_at: usize,
    /// As it was left.
    text: Option<String>,
    /// The editor was left so that nothing of it is to be taken, and is not to be lost either.
    pub given_up: bool,
}

impl Sheet {
    /// `heads`: every heading that may stand there; `text_at`: one of them under which a text of any length may stand.
    pub fn new(about: String, heads: Vec<String>, text_at: usize) -> Self {
        Self {
            about,
            heads,
            text_at,
            text: None,
            given_up: false,
        }
    }

    /// What stands there once it is edited, and what is not as it must be. Begins from `parts`, the next time from what was
    /// left.
    ///
    /// # Errors
    /// As [`edit`].
    pub fn edit(
        &mut self,
        parts: &[Part],
        asking: Asking,
    ) -> Result<(Vec<Part>, Vec<String>), Problem> {
        let before = self.text.take();
        let before = before.unwrap_or_else(|| form::written(&self.about, parts));
        let saved = edit(&before, asking)?;
        let after = saved.text;
        self.given_up = !saved.taken;
        let mut read = form::read(&after, &self.about, &self.heads);
        self.text = Some(after);
        let unknown = read.unknown.iter().map(|head| say::calm_line(head));
        let mut wrong: Vec<String> = unknown
            .map(|head| t!("edit-unknown", head = head))
            .collect();
        if !read.astray.is_empty() {
            wrong.push(t!("edit-astray"));
            self.take_in(&mut read);
        }
        Ok((read.parts, wrong))
    }

    /// Puts words that stand under no heading where they are not lost: before those under one that takes a text.
    fn take_in(&self, read: &mut form::Read) {
        let head = self.heads.get(self.text_at).or(self.heads.first());
        let Some(head) = head else { return };
        match read.parts.iter_mut().find(|part| part.head == *head) {
            Some(part) => part.text = format!("{}\n{}", read.astray, part.text).trim().to_owned(),
            None => read.parts.insert(0, Part::new(head, &read.astray)),
        }
    }
}

/// One text in the person's editor, under what is asked.
///
/// # Errors
/// As [`edit`].
pub fn edit_one(question: &str, so_far: &str, asking: Asking) -> Result<Saved, Problem> {
    let before = format!("{question}\n\n{so_far}\n");
    let saved = edit(&before, asking)?;
    let text = saved.text.trim();
    let text = text.strip_prefix(question).unwrap_or(text).trim();
    Ok(Saved {
        text: text.to_owned(),
        ..saved
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editors_are_known_by_what_they_really_are() {
        let known = |name: &str| KNOWN.iter().any(|it| named(name, it.begins));
        for name in [
            "vim",
            "vim.basic",
            "vim.tiny",
            "nvim",
            "nano",
            "emacs-29.4",
            "ed",
            "hx",
        ] {
            assert!(known(name), "{name}");
        }
        for name in [
            "code",
            "editor",
            "edit",
            "vimpager",
            "emacsclient",
            "nanonote",
        ] {
            assert!(!known(name), "{name}");
        }
    }
}
