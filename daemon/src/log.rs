//! The log: files that are kept for a week, which `troth logs` shows, and under systemd the journal besides. No words of
//! entries are ever in it.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use troth_proto::home::Home;

/// Days of files kept.
const DAYS: usize = 7;

/// Begins the log. `TROTH_LOG` chooses how much: `info` (default), `debug` or `trace`.
pub fn begin(home: &Home) {
    let level = std::env::var("TROTH_LOG")
        .ok()
        .filter(|level| ["debug", "trace"].contains(&level.as_str()));
    let level = level.unwrap_or_else(|| "info".into());
    // The libraries' own lines name addresses and ids; only their warnings are of use to a person.
    let filter = EnvFilter::new(format!("error,troth_core={level},troth_daemon={level}"));
    let journald = in_journal()
        .then(tracing_journald::layer)
        .and_then(Result::ok);
    let (folder, name) = home.logs();
    let file = tracing_appender::rolling::Builder::new()
        .rotation(tracing_appender::rolling::Rotation::DAILY)
        .filename_prefix(name)
        .max_log_files(DAYS)
        .build(folder);
    let lines = file.ok().map(|file| {
        tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_span_events(FmtSpan::NONE)
            .with_writer(std::sync::Mutex::new(file))
    });
    let _ = tracing_subscriber::registry()
        .with(filter)
        .with(journald)
        .with(lines)
        .try_init();
}

/// Whether what this program says goes to the journal: systemd names the file that it gave, and a program started by
/// hand inside of another unit has only the name.
fn in_journal() -> bool {
    let Ok(given) = std::env::var("JOURNAL_STREAM") else {
        return false;
    };
    rustix::fs::fstat(std::io::stderr())
        .is_ok_and(|own| given == format!("{}:{}", own.st_dev, own.st_ino))
}
