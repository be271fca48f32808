//! The log: to journald under systemd, else to files that are kept for a week. No words of entries are ever in it.

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
    if std::env::var_os("JOURNAL_STREAM").is_some()
        && let Ok(journald) = tracing_journald::layer()
    {
        let _ = tracing_subscriber::registry()
            .with(filter)
            .with(journald)
            .try_init();
        return;
    }
    let (folder, name) = home.logs();
    let file = tracing_appender::rolling::Builder::new()
        .rotation(tracing_appender::rolling::Rotation::DAILY)
        .filename_prefix(name)
        .max_log_files(DAYS)
        .build(folder);
    if let Ok(file) = file {
        let lines = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_span_events(FmtSpan::NONE)
            .with_writer(std::sync::Mutex::new(file));
        let _ = tracing_subscriber::registry()
            .with(filter)
            .with(lines)
            .try_init();
    }
}
