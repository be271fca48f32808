//! For build scripts: programs whose places in memory are written down in short, where the system can read that.

use std::env::var;
use std::process::Command;

/// The first version of the GNU C library that reads them so. One linked so is refused by an older one.
const SINCE: (u32, u32) = (2, 36);

/// Asks the linker for it if the machine that builds is of the kind that it is built for, and its library is new enough: half
/// a megabyte less of the daemon.
pub fn relocations() {
    println!("cargo::rerun-if-changed=../packed.rs");
    let is = |name: &str, value: &str| var(name).is_ok_and(|it| it == value);
    let at_home = var("HOST").is_ok_and(|host| is("TARGET", &host));
    if at_home && is("CARGO_CFG_TARGET_ENV", "gnu") && library().is_some_and(|it| it >= SINCE) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// The version of this machine's GNU C library.
fn library() -> Option<(u32, u32)> {
    let asked = Command::new("getconf").arg("GNU_LIBC_VERSION").output();
    let said = String::from_utf8(asked.ok()?.stdout).ok()?;
    let (major, minor) = said.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
