//! Networks for two devices to meet in: real ones, of the kernel's namespaces, and what goes wrong in them. Needs root.
//!
//! A [`Device`] has interfaces, which are plugged into a [`Lan`]; a [`Router`] is one that leads on to another. Whatever was
//! built is taken down when it is dropped. No packet leaves this machine.

mod device;
mod lan;
mod line;
mod process;
mod router;
mod script;
mod space;
mod stranger;
mod watch;

pub use device::Device;
pub use lan::{GROUPS, Lan};
pub use line::SlowLine;
pub use process::Process;
pub use router::Router;
pub use space::Space;
pub use stranger::Stranger;
pub use watch::{Seen, Watch};
