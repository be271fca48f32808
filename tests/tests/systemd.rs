//! A real manager of systemd for this user, in namespaces of its own: it starts what `troth service install` wrote. Needs root,
//! `systemd` and a cgroup2 that may be written; where there is none, the unit is only looked through by systemd's own eyes.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use troth_tests::home::{Home, as_root, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

/// A control group for the manager and what it starts. It goes when it is dropped.
struct Group(PathBuf);

impl Group {
    fn make() -> Option<Self> {
        let mounts = std::fs::read_to_string("/proc/self/mounts").ok()?;
        let at = mounts.lines().find_map(|line| {
            let mut parts = line.split(' ').skip(1);
            let (at, kind) = (parts.next()?, parts.next()?);
            (kind == "cgroup2").then(|| Path::new(at).to_owned())
        });
        let folder = at?.join(format!("troth-{}", std::process::id()));
        std::fs::create_dir(&folder).ok()?;
        Some(Self(folder))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = std::fs::write(self.0.join("cgroup.kill"), "1");
        fn empty(folder: &Path) {
            let all = std::fs::read_dir(folder).into_iter().flatten().flatten();
            for entry in all.filter(|entry| entry.path().is_dir()) {
                empty(&entry.path());
            }
            let _ = std::fs::remove_dir(folder);
        }
        for _ in 0..100 {
            empty(&self.0);
            if !self.0.exists() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
}

/// Begins a manager, and waits until it answers.
const MANAGER: &str = r#"
manager() {
  /usr/lib/systemd/systemd --user </dev/null >>"$XDG_CONFIG_HOME/manager" 2>&1 &
  until systemctl --user show-environment >/dev/null 2>&1; do
    kill -0 $! || { cat "$XDG_CONFIG_HOME/manager"; exit 7; }
    sleep 0.05
  done
}
leave() { systemctl --user exit; wait; }
state() { systemctl --user is-active "$UNIT" || :; }
until_it_is() { # state
  for _ in $(seq 600); do
    [ "$(state)" = "$1" ] && return
    sleep 0.05
  done
  systemctl --user status "$UNIT"; exit 8
}
pid() { systemctl --user show -p MainPID --value "$UNIT"; }
same() { [ "$1" = "$2" ] || { echo "$1 is not $2"; exit 9; }; }
"#;

/// Runs a script beside a manager, with nothing of this machine's own that could be meant instead.
fn under_a_manager(group: &Group, root: &Path, home: &Home, script: &str) -> Output {
    let within = format!(
        "set -e\nmount -t tmpfs none /run\nmkdir -p /run/systemd/system /run/user\nchmod 700 /run/user\n\
         umount -l /sys/fs/cgroup\nmount -t cgroup2 none /sys/fs/cgroup\n{MANAGER}\nmanager\n{script}"
    );
    std::fs::write(root.join("script"), within).unwrap();
    let enter = "echo $$ >\"$0/cgroup.procs\" && exec unshare --mount --cgroup sh \"$1\"";
    Command::new("sh")
        .args(["-c", enter])
        .arg(&group.0)
        .arg(root.join("script"))
        .env("HOME", root)
        .env("XDG_CONFIG_HOME", root.join("config"))
        .env("XDG_RUNTIME_DIR", "/run/user")
        .env("TROTH", TROTH)
        .env("TROTH_HOME", &home.dir)
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The unit by systemd's own eyes, without a manager: it is written where one seems to run.
fn looked_through(root: &Path, home: &Home) {
    let programs = root.join("programs");
    std::fs::create_dir(&programs).unwrap();
    std::os::unix::fs::symlink("/bin/true", programs.join("systemctl")).unwrap();
    let script = r#"
set -e
PATH="$HOME/programs:$PATH" "$TROTH" --json --home "$TROTH_HOME" service install | grep -q '"by":"systemd"'
unit=$(echo "$XDG_CONFIG_HOME"/systemd/user/*.service)
systemd-analyze --user --man=no verify "$unit" 2>"$HOME/verified" || { cat "$HOME/verified"; exit 6; }
! grep "$(basename "$unit")" "$HOME/verified"
"#;
    let output = Command::new("sh")
        .args(["-c", script])
        .env("HOME", root)
        .env("XDG_CONFIG_HOME", root.join("config"))
        .env("XDG_RUNTIME_DIR", root)
        .env("TROTH", TROTH)
        .env("TROTH_HOME", &home.dir)
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let text = text + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {text}", output.status);
}

#[test]
fn a_manager_of_systemd_starts_it_at_login_and_again_if_it_falls() {
    let there = Path::new("/usr/lib/systemd/systemd").exists();
    if !as_root() {
        return;
    }
    assert!(there, "this test needs systemd");
    let root = root();
    let config = root.path().join("config");
    std::fs::create_dir(&config).unwrap();
    let home = Home::new(root.path(), "our home", TROTH);
    home.init("Ana");
    let Some(group) = Group::make() else {
        eprintln!(
            "no cgroup2 may be written here: the unit is looked through, and nothing of it is run"
        );
        return looked_through(root.path(), &home);
    };
    let output = under_a_manager(
        &group,
        root.path(),
        &home,
        r#"
troth() { "$TROTH" --json --home "$TROTH_HOME" "$@"; }
troth service install | grep -q '"by":"systemd"'
UNIT=$(basename "$XDG_CONFIG_HOME"/systemd/user/*.service)
systemd-analyze --user --man=no verify "$XDG_CONFIG_HOME/systemd/user/$UNIT" 2>"$HOME/verified" || { cat "$HOME/verified"; exit 6; }
same "$(grep -c "$UNIT" "$HOME/verified")" 0
# One that runs goes on.
same "$(state)" inactive
troth service status | grep -q '"running":true'
troth service stop >/dev/null
leave

# The person logs in.
manager
until_it_is active
same "$(troth service status | sed 's/.*"pid":\([0-9]*\).*/\1/')" "$(pid)"
troth status | grep -q '"keys":"open"'
tr '\0' '\n' <"/proc/$(pid)/environ" | grep -c '^MALLOC_' | grep -q 2
grep -q '^NoNewPrivs:.*1$' "/proc/$(pid)/status"
grep -q '^Max core file size *0 *0 ' "/proc/$(pid)/limits"

# It falls, and is there again.
before=$(pid)
kill -KILL "$before"
for _ in $(seq 600); do
  now=$(pid)
  [ "$now" != "$before" ] && [ "$now" != 0 ] && [ "$(state)" = active ] && break
  sleep 0.05
done
[ "$now" != "$before" ]
troth status | grep -q '"keys":"open"'

# Whoever stops it by its own command has stopped it.
troth service stop >/dev/null
until_it_is inactive
systemctl --user start "$UNIT"
same "$(state)" active
systemctl --user stop "$UNIT"
same "$(state)" inactive
same "$(troth service status | grep -c '"running":true')" 0
troth service uninstall >/dev/null
[ ! -e "$XDG_CONFIG_HOME/systemd/user/$UNIT" ]
leave

manager
same "$(troth service status | grep -c '"running":true')" 0
leave
"#,
    );
    drop(group);
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    assert!(output.status.success(), "{}: {text}", output.status);
    assert_eq!(home.ask(&["status"], Value::Null)["keys"], "open");
}
