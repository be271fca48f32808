//! How trothd is linked.

#[path = "../packed.rs"]
mod packed;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    packed::relocations();
}
