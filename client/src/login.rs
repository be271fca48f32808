//! Starting at login: a user unit where systemd runs, the desktop's autostart elsewhere. Written for the programs that are
//! running, and for this home.

use crate::link;
use crate::say;
use crate::words::t;
use etcetera::BaseStrategy;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use troth_proto::Problem;
use troth_proto::home::Home;
use troth_proto::problem::{FileWrong, NotStarted};

/// How the daemon is started at login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// systemd's user manager starts it, and again if it falls.
    Systemd,
    /// The desktop starts it when the person logs in.
    Desktop,
}

/// Where what starts it stands.
struct Files {
    unit: PathBuf,
    unit_name: String,
    desktop: PathBuf,
}

impl Files {
    fn of(home: &Home) -> Result<Self, Problem> {
        let system = etcetera::choose_base_strategy().map_err(|_| Problem::FileFailed {
            path: "~".into(),
            why: FileWrong::Unknown,
        })?;
        let config = system.config_dir();
        // One for each home that was given a folder of its own.
        let name = match &home.given {
            None => "trothd".to_owned(),
            Some(dir) => {
                let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
                let path = dir.display().to_string();
                let words: String = path.chars().map(plain).collect();
                // Two paths may come to the same letters.
                let sum = Sha256::digest(path.as_bytes());
                format!(
                    "trothd{words}-{}",
                    data_encoding::HEXLOWER.encode(&sum[..4])
                )
            }
        };
        Ok(Self {
            unit: config.join("systemd/user").join(format!("{name}.service")),
            unit_name: format!("{name}.service"),
            desktop: config.join("autostart").join(format!("{name}.desktop")),
        })
    }
}

/// Starts the daemon at login from now on. One that runs goes on, and its keys stay open; one runs in any case.
///
/// # Errors
/// A file that could not be written, or a manager that does not take it.
pub fn install(home: &Home) -> Result<Way, Problem> {
    let (files, program) = (Files::of(home)?, link::program()?);
    drop(link::Link::open(home)?);
    if !manager_runs() {
        write(&files.desktop, &desktop_entry(&program, home))?;
        return Ok(Way::Desktop);
    }
    write(&files.unit, &unit(&program, home))?;
    manager(&["daemon-reload"])?;
    manager(&["enable", &files.unit_name])?;
    Ok(Way::Systemd)
}

/// Starts it at login no more. One that runs goes on.
///
/// # Errors
/// A file that could not be removed.
pub fn uninstall(home: &Home) -> Result<(), Problem> {
    let files = Files::of(home)?;
    if files.unit.exists() && manager_runs() {
        manager(&["disable", &files.unit_name])?;
    }
    for path in [&files.unit, &files.desktop] {
        match std::fs::remove_file(path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(failed(path, &e)),
            _ => {}
        }
    }
    if manager_runs() {
        manager(&["daemon-reload"])?;
    }
    Ok(())
}

/// How it is started at login, if it is.
pub fn installed(home: &Home) -> Option<Way> {
    let files = Files::of(home).ok()?;
    if files.unit.exists() {
        Some(Way::Systemd)
    } else {
        files.desktop.exists().then_some(Way::Desktop)
    }
}

fn failed(path: &Path, e: &std::io::Error) -> Problem {
    Problem::FileFailed {
        path: path.display().to_string(),
        why: e.into(),
    }
}

fn write(path: &Path, text: &str) -> Result<(), Problem> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder).map_err(|e| failed(folder, &e))?;
    let file = std::fs::File::create(path);
    let done = file.and_then(|mut file| file.write_all(text.as_bytes()));
    done.map_err(|e| failed(path, &e))
}

/// Whether systemd looks after this user's programs.
fn manager_runs() -> bool {
    let asked = Command::new("systemctl")
        .args(["--user", "show-environment"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    asked.is_ok_and(|status| status.success())
}

fn manager(arguments: &[&str]) -> Result<(), Problem> {
    let failed = |told: String| Problem::DaemonDidNotStart {
        why: NotStarted::Manager { told },
    };
    let output = Command::new("systemctl")
        .arg("--user")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| failed(format!("systemctl: {}", e.kind())))?;
    if output.status.success() {
        return Ok(());
    }
    let told = String::from_utf8_lossy(&output.stderr);
    let told = say::calm(told.lines().next().unwrap_or_default());
    Err(failed(format!("systemctl {}: {told}", arguments.join(" "))))
}

/// A word of a command in a unit: in quotes, with nothing that systemd would put something else in the place of.
fn unit_word(word: &str) -> String {
    let word = word.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", word.replace('%', "%%").replace('$', "$$"))
}

fn unit(program: &Path, home: &Home) -> String {
    let mut command = unit_word(&program.display().to_string());
    if let Some(dir) = &home.given {
        command += &format!(" --home {}", unit_word(&dir.display().to_string()));
    }
    let about = t!("label-login-about");
    let small = link::SMALL.map(|(name, value)| format!("{name}={value}"));
    let small = small.join(" ");
    format!(
        "[Unit]\nDescription={about}\n\n[Service]\nType=notify\nExecStart={command}\nRestart=on-failure\nNoNewPrivileges=yes\nLimitCORE=0\nUMask=0077\nEnvironment={small}\n\n[Install]\nWantedBy=default.target\n"
    )
}

/// A word of a command in an entry of the desktop, by its own rules of quoting.
fn desktop_word(word: &str) -> String {
    let mut quoted = String::new();
    for c in word.chars() {
        // Twice: once for the string, once for the word.
        match c {
            '\\' => quoted += "\\\\\\\\",
            '"' | '`' | '$' => quoted.extend(['\\', '\\', c]),
            '%' => quoted += "%%",
            c => quoted.push(c),
        }
    }
    format!("\"{quoted}\"")
}

fn desktop_entry(program: &Path, home: &Home) -> String {
    let mut command = desktop_word(&program.display().to_string());
    if let Some(dir) = &home.given {
        command += &format!(" --home {}", desktop_word(&dir.display().to_string()));
    }
    let about = t!("label-login-about");
    format!(
        "[Desktop Entry]\nType=Application\nName=Troth\nComment={about}\nExec={command}\nTerminal=false\nNoDisplay=true\nX-GNOME-Autostart-enabled=true\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_one_word_whatever_is_in_them() {
        assert_eq!(
            unit_word(r#"/a b/100% "x" $HOME\"#),
            r#""/a b/100%% \"x\" $$HOME\\""#
        );
        assert_eq!(desktop_word(r#"/a b/$x"`\"#), r#""/a b/\\$x\\"\\`\\\\""#);
        let home = Home::under(Path::new("/home/ana/our home"));
        let unit = unit(Path::new("/usr/bin/trothd"), &home);
        assert!(unit.contains("ExecStart=\"/usr/bin/trothd\" --home \"/home/ana/our home\"\n"));
        let entry = desktop_entry(Path::new("/usr/bin/trothd"), &home);
        assert!(entry.contains("Exec=\"/usr/bin/trothd\" --home \"/home/ana/our home\"\n"));
    }
}
