//! Which commit this was built from, for `--version`.

fn main() {
    println!("cargo::rerun-if-changed=../.git/HEAD");
    println!("cargo::rerun-if-changed=../.git/refs");
    let asked = std::process::Command::new("git")
        .args(["rev-parse", "--short=12", "HEAD"])
        .output();
    let commit = asked.ok().filter(|it| it.status.success());
    let commit = commit.and_then(|it| String::from_utf8(it.stdout).ok());
    let commit = commit.map_or_else(|| "unknown".into(), |it| it.trim().to_owned());
    println!("cargo::rustc-env=TROTH_COMMIT={commit}");
}
