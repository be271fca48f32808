//! Where the system may write memory to, and whether that is encrypted: read from `/proc` and `/sys`.

use std::path::{Path, PathBuf};
use troth_core::node::Swap;

/// Devices that lie one below another, at most: a file on a volume on a partition is three.
const DEPTH: u32 = 8;

/// What is known of one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It is memory again, compressed.
    Memory,
    Sealed,
    Plain,
    Unknown,
}

/// Looks at every swap of the system whose folders are under this one.
pub fn look(root: &Path) -> Swap {
    let Ok(swaps) = std::fs::read_to_string(root.join("proc/swaps")) else {
        // A kernel without swaps has no such file.
        return if root.join("proc/self").exists() {
            Swap::None
        } else {
            Swap::Unknown(vec!["/proc/swaps".into()])
        };
    };
    let system = System { root };
    let (mut sealed, mut plain, mut unknown) = (false, Vec::new(), Vec::new());
    for line in swaps.lines().skip(1) {
        let mut fields = line.split_whitespace();
        let (Some(name), Some(kind)) = (fields.next(), fields.next()) else {
            continue;
        };
        let name = unescaped(name);
        let place = match kind {
            "file" => system.file(&name, DEPTH),
            _ => system.named(&name, DEPTH),
        };
        match place {
            Kind::Memory => {}
            Kind::Sealed => sealed = true,
            Kind::Plain => plain.push(name),
            Kind::Unknown => unknown.push(name),
        }
    }
    if !plain.is_empty() {
        Swap::Plain(plain)
    } else if !unknown.is_empty() {
        Swap::Unknown(unknown)
    } else if sealed {
        Swap::Sealed
    } else {
        Swap::None
    }
}

/// The folders of a system.
struct System<'a> {
    root: &'a Path,
}

impl System<'_> {
    fn at(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// A device by its path, like `/dev/sda2` or `/dev/mapper/swap`.
    fn named(&self, path: &str, depth: u32) -> Kind {
        let at = self.at(path);
        let at = std::fs::canonicalize(&at).unwrap_or(at);
        match at.file_name().and_then(|name| name.to_str()) {
            Some(name) => self.device(&self.at("sys/class/block").join(name), depth),
            None => Kind::Unknown,
        }
    }

    /// A device by its folder in `/sys`: encrypted itself, or only on what is.
    fn device(&self, folder: &Path, depth: u32) -> Kind {
        let Ok(folder) = std::fs::canonicalize(folder) else {
            return Kind::Unknown;
        };
        if depth == 0 {
            return Kind::Unknown;
        }
        let text = |name: &str| {
            let text = std::fs::read_to_string(folder.join(name));
            text.map(|text| text.trim().to_owned()).ok()
        };
        let name = folder.file_name().and_then(|name| name.to_str());
        if name.is_some_and(|name| name.starts_with("zram")) {
            // It may write to a device what it has no room for.
            return match text("backing_dev").as_deref() {
                None | Some("" | "none") => Kind::Memory,
                Some(path) => self.named(path, depth - 1),
            };
        }
        if text("dm/uuid").is_some_and(|uuid| uuid.starts_with("CRYPT-")) {
            return Kind::Sealed;
        }
        if let Some(file) = text("loop/backing_file") {
            return self.file(&file, depth - 1);
        }
        let below = std::fs::read_dir(folder.join("slaves"));
        let below: Vec<PathBuf> = below
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.path())
            .collect();
        match folder.parent() {
            _ if !below.is_empty() => self.all(&below, depth - 1),
            // A part of a device is as the whole of it.
            Some(whole) if folder.join("partition").exists() => self.device(whole, depth - 1),
            _ => Kind::Plain,
        }
    }

    /// What lies on several devices is encrypted if each of them is.
    fn all(&self, folders: &[PathBuf], depth: u32) -> Kind {
        let kinds = folders.iter().map(|folder| self.device(folder, depth));
        kinds.fold(Kind::Sealed, |all, one| match (all, one) {
            (Kind::Plain, _) | (_, Kind::Plain) => Kind::Plain,
            (Kind::Sealed, Kind::Sealed | Kind::Memory) => Kind::Sealed,
            _ => Kind::Unknown,
        })
    }

    /// A file is as the device of its file system.
    fn file(&self, path: &str, depth: u32) -> Kind {
        let mounts = std::fs::read_to_string(self.at("proc/self/mountinfo"));
        // Seen from a container, the file may be elsewhere.
        if depth == 0 || !self.at(path).is_file() {
            return Kind::Unknown;
        }
        let mounts = mounts.unwrap_or_default();
        let mut best: Option<(PathBuf, &str, String)> = None;
        for line in mounts.lines() {
            let Some((before, after)) = line.split_once(" - ") else {
                continue;
            };
            let (mut before, mut after) = (before.split(' ').skip(2), after.split(' ').skip(1));
            let (Some(numbers), _, Some(point)) = (before.next(), before.next(), before.next())
            else {
                continue;
            };
            let point = PathBuf::from(unescaped(point));
            // The last one that lies deepest is what is seen there.
            let deeper = |best: &(PathBuf, _, _)| point.starts_with(&best.0);
            if Path::new(path).starts_with(&point) && best.as_ref().is_none_or(deeper) {
                let source = after.next().map(unescaped).unwrap_or_default();
                best = Some((point, numbers, source));
            }
        }
        match best {
            // A file system of several devices has numbers of its own, and names one of them.
            Some((_, numbers, source)) if numbers.starts_with("0:") => {
                if source.starts_with("/dev/") {
                    self.named(&source, depth - 1)
                } else {
                    Kind::Unknown
                }
            }
            Some((_, numbers, _)) => {
                self.device(&self.at("sys/dev/block").join(numbers), depth - 1)
            }
            None => Kind::Unknown,
        }
    }
}

/// A path as the kernel writes it: what would end a field is written in octal.
fn unescaped(field: &str) -> String {
    let mut text = field.to_owned();
    for (escape, c) in [
        ("\\040", " "),
        ("\\011", "\t"),
        ("\\012", "\n"),
        ("\\134", "\\"),
    ] {
        text = text.replace(escape, c);
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A system in a folder.
    struct Fake(tempfile::TempDir);

    impl Fake {
        fn new(swaps: &[(&str, &str)]) -> Self {
            let fake = Self(tempfile::tempdir().unwrap());
            let lines = swaps
                .iter()
                .map(|(name, kind)| format!("{name} {kind} 1 0 -2\n"));
            let head = "Filename Type Size Used Priority\n".to_owned();
            fake.write("proc/swaps", &lines.fold(head, |all, line| all + &line));
            fake.write("proc/self/mountinfo", "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:40 / /pool rw - btrfs /dev/mapper/home rw\n3 1 0:41 / /tank rw - zfs tank/a rw\n4 1 253:0 / /safe\\040place rw - ext4 /dev/dm-0 rw\n");
            // A disk with two parts; on the second a crypt, and on that a volume.
            fake.device("sda", "devices/sda", "8:0");
            fake.device("sda1", "devices/sda/sda1", "8:1");
            fake.device("sda2", "devices/sda/sda2", "8:2");
            for part in ["sda1", "sda2"] {
                fake.write(&format!("sys/devices/sda/{part}/partition"), "1");
            }
            fake.device("dm-0", "devices/dm-0", "253:0");
            fake.write("sys/devices/dm-0/dm/uuid", "CRYPT-LUKS2-0123\n");
            fake.device("dm-1", "devices/dm-1", "253:1");
            fake.write("sys/devices/dm-1/dm/uuid", "LVM-0123\n");
            fake.below("dm-1", &["dm-0"]);
            fake.device("md0", "devices/md0", "9:0");
            fake.below("md0", &["dm-0", "sda2"]);
            fake.device("zram0", "devices/zram0", "252:0");
            std::fs::create_dir_all(fake.0.path().join("dev/mapper")).unwrap();
            fake.write("dev/dm-1", "");
            symlink("../dm-1", fake.0.path().join("dev/mapper/home")).unwrap();
            fake
        }

        fn write(&self, path: &str, text: &str) {
            let path = self.0.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }

        fn device(&self, name: &str, folder: &str, numbers: &str) {
            let folder = self.0.path().join("sys").join(folder);
            std::fs::create_dir_all(folder.join("slaves")).unwrap();
            for (place, link) in [("class/block", name), ("dev/block", numbers)] {
                let place = self.0.path().join("sys").join(place);
                std::fs::create_dir_all(&place).unwrap();
                symlink(&folder, place.join(link)).unwrap();
            }
        }

        fn below(&self, name: &str, devices: &[&str]) {
            let sys = self.0.path().join("sys/class/block");
            for below in devices {
                symlink(sys.join(below), sys.join(name).join("slaves").join(below)).unwrap();
            }
        }

        fn look(&self) -> Swap {
            look(self.0.path())
        }
    }

    #[test]
    fn without_a_swap_or_with_one_in_memory_nothing_is_written() {
        assert_eq!(Fake::new(&[]).look(), Swap::None);
        let zram = Fake::new(&[("/dev/zram0", "partition")]);
        assert_eq!(zram.look(), Swap::None);
        zram.write("sys/devices/zram0/backing_dev", "none\n");
        assert_eq!(zram.look(), Swap::None);
        zram.write("sys/devices/zram0/backing_dev", "/dev/sda2\n");
        assert_eq!(zram.look(), Swap::Plain(vec!["/dev/zram0".into()]));
    }

    #[test]
    fn a_device_is_as_what_it_lies_on() {
        for (name, sealed) in [
            ("/dev/sda2", false),
            ("/dev/dm-0", true),
            ("/dev/dm-1", true),
            ("/dev/mapper/home", true),
            ("/dev/md0", false),
        ] {
            let expected = if sealed {
                Swap::Sealed
            } else {
                Swap::Plain(vec![name.into()])
            };
            assert_eq!(Fake::new(&[(name, "partition")]).look(), expected, "{name}");
        }
        let both = Fake::new(&[("/dev/dm-0", "partition"), ("/dev/sda2", "partition")]);
        assert_eq!(both.look(), Swap::Plain(vec!["/dev/sda2".into()]));
    }

    #[test]
    fn a_file_is_as_its_file_system_and_what_cannot_be_told_is_said_so() {
        let look = |name: &str, there: &str| {
            let fake = Fake::new(&[(name, "file")]);
            fake.write(there, "");
            fake.look()
        };
        assert_eq!(
            look("/swapfile", "swapfile"),
            Swap::Plain(vec!["/swapfile".into()])
        );
        assert_eq!(
            look("/safe\\040place/swap", "safe place/swap"),
            Swap::Sealed
        );
        assert_eq!(look("/pool/swap", "pool/swap"), Swap::Sealed);
        let unknown = |name: &str| Swap::Unknown(vec![name.into()]);
        assert_eq!(look("/tank/swap", "tank/swap"), unknown("/tank/swap"));
        assert_eq!(look("/elsewhere", "another"), unknown("/elsewhere"));
        let gone = Fake::new(&[("/dev/nothing", "partition")]);
        assert_eq!(gone.look(), unknown("/dev/nothing"));
    }

    #[test]
    fn devices_that_lie_on_each_other_come_to_an_end() {
        let fake = Fake::new(&[("/dev/a", "partition")]);
        fake.device("a", "devices/a", "7:1");
        fake.device("b", "devices/b", "7:2");
        fake.below("a", &["b"]);
        fake.below("b", &["a"]);
        assert_eq!(fake.look(), Swap::Unknown(vec!["/dev/a".into()]));
    }
}
