//! The log: files that are kept for a week, which `troth logs` shows, and under systemd the journal besides. No words of
//! entries are ever in it. Whatever happens to this program, it takes no more than [`FILES`] × [`FILE_BYTES`].

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Result, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use troth_proto::home::Home;

/// Files kept, and bytes of each: 8 MiB in all.
const FILES: usize = 8;
const FILE_BYTES: u64 = 1024 * 1024;
/// How long a file is kept.
const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// A sentence stands once in this time; then how often it was said.
const ONCE: Duration = Duration::from_secs(60);
/// Sentences that are remembered.
const SENTENCES: usize = 64;

/// Begins the log. `TROTH_LOG` chooses how much: `info` (default), `debug` or `trace`.
pub fn begin(home: &Home) {
    let level = match std::env::var("TROTH_LOG").as_deref() {
        Ok("debug") => LevelFilter::DEBUG,
        Ok("trace") => LevelFilter::TRACE,
        _ => LevelFilter::INFO,
    };
    // The libraries' own lines name addresses and ids; only their warnings are of use to a person.
    let filter = Targets::new()
        .with_default(LevelFilter::ERROR)
        .with_target("troth_core", level)
        .with_target("troth_daemon", level);
    let journal = in_journal().then(|| Box::new(std::io::stderr()) as Box<dyn Write + Send>);
    let (folder, name) = home.logs();
    let calm = Calm::new(Files::new(folder, name), journal);
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_span_events(FmtSpan::NONE)
        .with_writer(std::sync::Mutex::new(calm));
    let _ = tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .try_init();
}

/// Whether what this program says on its standard error goes to the journal: systemd names the file that it gave, and a program started by
/// hand inside of another unit has only the name.
fn in_journal() -> bool {
    let Ok(given) = std::env::var("JOURNAL_STREAM") else {
        return false;
    };
    rustix::fs::fstat(std::io::stderr())
        .is_ok_and(|own| given == format!("{}:{}", own.st_dev, own.st_ino))
}

/// Files that follow each other, the oldest of which go. Their names end in the time at which they were begun.
struct Files {
    folder: PathBuf,
    name: &'static str,
    /// The newest, and bytes that it still takes.
    newest: Option<(File, u64)>,
}

impl Files {
    fn new(folder: &Path, name: &'static str) -> Self {
        let mut it = Self {
            folder: folder.to_owned(),
            name,
            newest: None,
        };
        // One that was begun before goes on if it has room.
        if let Some(path) = it.all().pop()
            && let Ok(file) = File::options().append(true).open(path)
            && let Ok(about) = file.metadata()
            && about.len() < FILE_BYTES
        {
            it.newest = Some((file, FILE_BYTES - about.len()));
        }
        it.tidy();
        it
    }

    /// Oldest first.
    fn all(&self) -> Vec<PathBuf> {
        let there = std::fs::read_dir(&self.folder).into_iter().flatten();
        let ours = there.flatten().map(|entry| entry.path()).filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.starts_with(self.name))
        });
        let mut all: Vec<PathBuf> = ours.collect();
        all.sort();
        all
    }

    fn tidy(&self) {
        let old = |path: &PathBuf| {
            let changed = std::fs::metadata(path).and_then(|about| about.modified());
            changed.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > WEEK))
        };
        let all = self.all();
        let surplus = all.len().saturating_sub(FILES);
        for (i, path) in all.iter().enumerate() {
            if i < surplus || old(path) {
                let _ = std::fs::remove_file(path);
            }
        }
    }

    fn write(&mut self, line: &[u8]) -> Result<()> {
        let room = self.newest.as_ref().map_or(0, |(_, room)| *room);
        if room < line.len() as u64 {
            let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
            let now = since.unwrap_or_default().as_millis();
            // The newest comes last, whatever the clock says.
            let last = self.all().pop();
            let last = last.and_then(|path| path.extension()?.to_str()?.parse::<u128>().ok());
            let millis = last.map_or(now, |last| now.max(last + 1));
            let path = self.folder.join(format!("{}.{millis:013}", self.name));
            let file = File::options().append(true).create(true).open(path)?;
            self.newest = Some((file, FILE_BYTES));
            self.tidy();
        }
        if let Some((file, room)) = &mut self.newest {
            file.write_all(line)?;
            *room = room.saturating_sub(line.len() as u64);
        }
        Ok(())
    }
}

/// Writes a sentence once, and how often it was said when its time is over: nobody can fill a disk by making this program
/// say the same again and again. Numbers make no other sentence.
struct Calm {
    files: Files,
    journal: Option<Box<dyn Write + Send>>,
    said: BTreeMap<Vec<u8>, Said>,
}

struct Said {
    until: Instant,
    /// How often it was said since it was written.
    more: u64,
}

impl Calm {
    fn new(files: Files, journal: Option<Box<dyn Write + Send>>) -> Self {
        Self {
            files,
            journal,
            said: BTreeMap::new(),
        }
    }

    fn line(&mut self, line: &[u8], now: Instant) -> Result<()> {
        self.settle(now)?;
        let sentence = sentence(line);
        if let Some(said) = self.said.get_mut(&sentence) {
            said.more += 1;
            return Ok(());
        }
        if self.said.len() < SENTENCES && !is_for_finding_faults(line) {
            let until = now + ONCE;
            self.said.insert(sentence, Said { until, more: 0 });
        }
        self.tell(line)
    }

    /// Writes a line wherever it is kept. The journal knows the time, and is told how much it matters.
    fn tell(&mut self, line: &[u8]) -> Result<()> {
        if let Some(journal) = &mut self.journal {
            let level: &[u8] = match &line[..line.len().min(HEAD)] {
                head if has(head, b"ERROR ") => b"<3>",
                head if has(head, b"WARN ") => b"<4>",
                head if has(head, b"INFO ") => b"<6>",
                _ => b"<7>",
            };
            // A journal that takes nothing keeps nothing from the files.
            let _ = journal.write_all(&[level, timeless(line)].concat());
        }
        self.files.write(line)
    }

    /// Says how often what was not written was said, once its time is over.
    fn settle(&mut self, now: Instant) -> Result<()> {
        let over = self.said.iter().filter(|(_, said)| said.until <= now);
        let over: Vec<Vec<u8>> = over.map(|(sentence, _)| sentence.clone()).collect();
        for sentence in over {
            let Some(said) = self.said.remove(&sentence).filter(|said| said.more > 0) else {
                continue;
            };
            let times = format!("    {} times more within a minute:", said.more);
            self.tell(&[times.as_bytes(), &sentence].concat())?;
        }
        Ok(())
    }
}

impl Write for Calm {
    fn write(&mut self, line: &[u8]) -> Result<usize> {
        self.line(line, Instant::now())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Drop for Calm {
    fn drop(&mut self) {
        let _ = self.settle(Instant::now() + ONCE);
    }
}

/// Where in a line its level stands.
const HEAD: usize = 56;

fn timeless(line: &[u8]) -> &[u8] {
    let time = line.iter().position(|byte| *byte == b' ').unwrap_or(0);
    &line[time..]
}

/// A line without its time and its numbers.
fn sentence(line: &[u8]) -> Vec<u8> {
    let rest = timeless(line).iter().copied();
    rest.filter(|byte| !byte.is_ascii_digit()).collect()
}

fn has(head: &[u8], level: &[u8]) -> bool {
    head.windows(level.len()).any(|at| at == level)
}

/// Lines that a person has asked for to find a fault are all written.
fn is_for_finding_faults(line: &[u8]) -> bool {
    let head = &line[..line.len().min(HEAD)];
    has(head, b" DEBUG ") || has(head, b" TRACE ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn text(folder: &Path) -> String {
        let files = Files::new(folder, "log");
        let read = |path: &PathBuf| std::fs::read_to_string(path).unwrap();
        files.all().iter().map(read).collect()
    }

    #[test]
    fn a_sentence_stands_once_a_minute_and_then_how_often_it_was_said() {
        let folder = tempfile::tempdir().unwrap();
        let mut calm = Calm::new(Files::new(folder.path(), "log"), None);
        let begun = Instant::now();
        for n in 0..1000 {
            let line = format!("2026-11-25T03:00:{n:06}Z  WARN core: refused frame={n}\n");
            calm.line(line.as_bytes(), begun).unwrap();
        }
        calm.line(b"2026-11-25T03:00:01Z  INFO core: paired\n", begun)
            .unwrap();
        let written = text(folder.path());
        assert_eq!(written.lines().count(), 2, "{written}");
        let later = begun + ONCE;
        calm.line(b"2026-11-25T03:01:01Z  WARN core: refused frame=7\n", later)
            .unwrap();
        let written = text(folder.path());
        assert!(written.contains("999 times more"), "{written}");
        assert_eq!(written.matches("WARN core: refused frame=").count(), 3);
    }

    #[test]
    fn the_journal_is_told_the_same_and_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal");
        let file = Box::new(File::create(&journal).unwrap());
        let mut calm = Calm::new(Files::new(folder.path(), "log"), Some(file));
        let begun = Instant::now();
        for n in 0..1000 {
            let line = format!("2026-11-25T03:00:{n:06}Z  WARN core: refused frame={n}\n");
            calm.line(line.as_bytes(), begun).unwrap();
        }
        calm.line(b"2026-11-25T03:01:01Z  INFO core: paired\n", begun + ONCE)
            .unwrap();
        let told = std::fs::read_to_string(journal).unwrap();
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(
            lines,
            [
                "<4>  WARN core: refused frame=0",
                "<4>    999 times more within a minute:  WARN core: refused frame=",
                "<6>  INFO core: paired"
            ]
        );
    }

    #[test]
    fn whatever_is_said_takes_no_more_than_its_room_and_the_newest_stays() {
        let folder = tempfile::tempdir().unwrap();
        let mut calm = Calm::new(Files::new(folder.path(), "log"), None);
        let filler = "x".repeat(60_000);
        for n in 0..400u32 {
            // Different sentences, as many as one likes: letters in the place of numbers.
            let name: String = n.to_string().bytes().map(|b| (b + 49) as char).collect();
            let line = format!("2026-11-25T03:00:01Z  WARN core: {name} {filler}\n");
            calm.line(line.as_bytes(), Instant::now()).unwrap();
        }
        let all = Files::new(folder.path(), "log").all();
        let bytes: u64 = all
            .iter()
            .map(|path| std::fs::metadata(path).unwrap().len())
            .sum();
        assert!(
            all.len() <= FILES && bytes <= FILES as u64 * FILE_BYTES,
            "{bytes}"
        );
        let newest = text(folder.path());
        // A clock that was years ahead once keeps nothing from being written.
        let ahead = folder.path().join("log.4900000000000");
        std::fs::write(&ahead, "x".repeat(FILE_BYTES as usize)).unwrap();
        let mut calm = Calm::new(Files::new(folder.path(), "log"), None);
        calm.line(
            b"2026-11-25T03:00:01Z  WARN core: still here\n",
            Instant::now(),
        )
        .unwrap();
        assert!(text(folder.path()).contains("still here"));
        assert!(bytes > 6 * FILE_BYTES && newest.contains("WARN core: djj "));
    }
}
