//! A story: two partners on this machine, paired, apart, together again. Real programs, a real disk, a real link.

use crate::link::Link;
use crate::words::t;
use crate::{Said, say, wrap};
use serde_json::{Value, json};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use troth_proto::Problem;
use troth_proto::api::{Init, KeyHome, Request, Slots};
use troth_proto::home::Home;
use troth_proto::problem::{Exit, FileWrong};
use troth_proto::view::{AgreementState, AgreementView, SealedState};

/// What the two are waited for, at most, before the story gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// Held while a daemon is being started, and while everybody leaves.
static MOVING: Mutex<()> = Mutex::new(());

/// The two of them.
const NAMES: [&str; 2] = ["Ana", "Ben"];

struct Partner {
    name: &'static str,
    link: Link,
}

struct Stage {
    silent: bool,
    folder: PathBuf,
    keep: bool,
    partners: Vec<Partner>,
}

impl Drop for Stage {
    fn drop(&mut self) {
        // Whoever was interrupted is leaving already, and ends the program when all are gone.
        let _leaving = MOVING.lock();
        leave(&self.folder, self.keep);
    }
}

/// Everybody goes home, and nothing is left unless it shall be kept.
fn leave(folder: &Path, keep: bool) {
    for name in NAMES {
        let home = Home::under(&folder.join(name.to_lowercase()));
        while let Ok(Some(link)) = Link::connect(&home) {
            if link.shut_down(&home).is_err() {
                break;
            }
        }
    }
    if !keep {
        let _ = std::fs::remove_dir_all(folder);
    }
}

/// Whoever breaks the story off leaves nothing behind either.
fn leave_when_interrupted(folder: &Path, keep: bool) -> Result<(), Problem> {
    let signals = [SIGINT, SIGTERM, SIGHUP];
    let mut signals = Signals::new(signals).map_err(|_| Problem::Internal)?;
    let folder = folder.to_owned();
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            // Not while a daemon is being started, which nobody could end yet.
            let _starting = MOVING.lock();
            leave(&folder, keep);
            std::process::exit(Exit::Interrupted as i32);
        }
    });
    Ok(())
}

pub(crate) fn run(keep: Option<&Path>, silent: bool) -> Result<Said, Problem> {
    let folder = folder(keep)?;
    leave_when_interrupted(&folder, keep.is_some())?;
    let mut stage = Stage {
        silent,
        folder: folder.clone(),
        keep: keep.is_some(),
        partners: Vec::new(),
    };
    let result = stage.play();
    let kept = keep.is_some();
    drop(stage);
    let state = result?;
    let words = if kept {
        look_around(&folder)
    } else {
        t!("demo-gone") + "\n"
    };
    Ok(Said::new(
        json!({"agreement": state, "kept": kept.then(|| folder.display().to_string())}),
        words,
    ))
}

fn look_around(folder: &Path) -> String {
    let troth = std::env::args().next().unwrap_or_else(|| "troth".into());
    let at = |name: &str| format!("  {troth} --home {}\n", folder.join(name).display());
    format!(
        "{}\n{}{}  {troth} --home {} agreement list\n",
        t!("demo-kept"),
        at("ana"),
        at("ben"),
        folder.join("ana").display()
    )
}

fn folder(keep: Option<&Path>) -> Result<PathBuf, Problem> {
    let failed = |path: &Path, e: &std::io::Error| Problem::FileFailed {
        path: path.display().to_string(),
        why: e.into(),
    };
    if let Some(dir) = keep {
        let dir = std::path::absolute(dir).map_err(|e| failed(dir, &e))?;
        if dir.join("ana").exists() || dir.join("ben").exists() {
            return Err(Problem::FileFailed {
                path: dir.display().to_string(),
                why: FileWrong::StoryThere,
            });
        }
        std::fs::create_dir_all(&dir).map_err(|e| failed(&dir, &e))?;
        return Ok(dir);
    }
    for n in 0..1000 {
        let dir = std::env::temp_dir().join(format!("troth-demo-{}-{n}", std::process::id()));
        match std::fs::create_dir(&dir) {
            Ok(()) => return Ok(dir),
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(failed(&dir, &e)),
        }
    }
    Err(Problem::Internal)
}

impl Stage {
    fn tell(&self, text: &str) {
        if !self.silent {
            let text = wrap::for_stdout(format!("{text}\n"));
            let _ = std::io::stdout().lock().write_all(text.as_bytes());
        }
    }

    fn ask(&mut self, who: usize, request: &Request) -> Result<Value, Problem> {
        self.partners
            .get_mut(who)
            .ok_or(Problem::Internal)?
            .link
            .ask(request)
    }

    fn play(&mut self) -> Result<AgreementState, Problem> {
        self.tell(&(t!("demo-begin") + "\n"));
        self.settle_in()?;
        self.pair()?;
        let agreement = self.agree()?;
        self.part(&agreement)?;
        let state = self.meet(&agreement)?;
        self.check_in()?;
        Ok(state)
    }

    fn settle_in(&mut self) -> Result<(), Problem> {
        for name in NAMES {
            let home = Home::under(&self.folder.join(name.to_lowercase()));
            let starting = MOVING.lock();
            let mut link = Link::open(&home)?.and_no_other();
            drop(starting);
            let listen = Some("127.0.0.1:0".into());
            link.ask(&Request::Init(Init {
                name: name.into(),
                keys: KeyHome::File,
                passphrase: None,
                listen,
                mapping: false,
                recovery_words: None,
                from: None,
                private_passphrase: None,
                bus: None,
            }))?;
            self.partners.push(Partner { name, link });
        }
        self.tell(&t!("demo-set-up"));
        Ok(())
    }

    fn pair(&mut self) -> Result<(), Problem> {
        let invited = self.ask(
            0,
            &Request::PairInvite {
                listen: None,
                nearby: false,
                again: false,
            },
        )?;
        let invitation = invited["invitation"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        self.ask(
            1,
            &Request::PairJoin {
                invitation,
                listen: None,
                again: false,
            },
        )?;
        let mut numbers = Vec::new();
        for who in 0..2 {
            let view = self.until(who, &Request::PairState {}, |view| {
                view["my_number"].is_string()
            })?;
            numbers.push(view["my_number"].as_str().unwrap_or_default().to_owned());
        }
        let (ana, ben) = (numbers[0].as_str(), numbers[1].as_str());
        self.tell(&t!("demo-numbers", ana = ana, ben = ben));
        for who in 0..2 {
            self.ask(
                who,
                &Request::PairNumber {
                    number: numbers[1 - who].clone(),
                    shown: None,
                },
            )?;
        }
        for who in 0..2 {
            self.until(who, &Request::PairState {}, |view| {
                view["state"] == "confirming"
            })?;
            self.ask(who, &Request::PairYes {})?;
        }
        for who in 0..2 {
            self.until(who, &Request::PairState {}, |view| {
                view["state"] == "paired"
            })?;
        }
        self.tell(&(t!("demo-paired") + "\n"));
        Ok(())
    }

    fn agree(&mut self) -> Result<String, Problem> {
        let words = json!({"topic": t!("demo-word-topic"), "terms": t!("demo-word-terms"),
            "does": {"me": t!("demo-word-ana"), "partner": t!("demo-word-ben")}});
        let proposed = self.propose(0, words)?;
        let (agreement, version) = (text(&proposed, "agreement"), text(&proposed, "version"));
        self.until(
            1,
            &Request::AgreementList {
                state: None,
                after: None,
            },
            |list| list["agreements"].get(0).is_some(),
        )?;
        self.ask(1, &Request::AgreementYes { version })?;
        self.until_state(0, &agreement, AgreementState::InForce)?;
        self.tell(&(t!("demo-agreed", topic = t!("demo-word-topic")) + "\n"));
        Ok(agreement)
    }

    fn part(&mut self, agreement: &str) -> Result<(), Problem> {
        let offer = json!({"agreement": agreement, "topic": t!("demo-word-topic"), "terms": t!("demo-word-day-terms"),
            "does": {"me": t!("demo-word-day-me"), "partner": t!("demo-word-day-you")}});
        let offered = self.propose(1, offer)?;
        self.until_state(0, agreement, AgreementState::ChangeProposed)?;
        self.ask(0, &Request::Pause {})?;
        self.tell(&t!("demo-apart"));
        self.ask(
            0,
            &Request::AgreementYes {
                version: text(&offered, "version"),
            },
        )?;
        self.tell(&format!("  {}", t!("demo-apart-yes")));
        let rewritten = json!({"agreement": agreement, "topic": t!("demo-word-topic"), "terms": t!("demo-word-two-terms"),
            "does": {"me": t!("demo-word-two-me"), "partner": t!("demo-word-two-you")}, "base": [text(&offered, "version")]});
        self.propose(1, rewritten)?;
        self.tell(&format!("  {}", t!("demo-apart-rewrites")));
        self.ask(
            0,
            &ready(&t!("demo-word-ana-thanks"), &t!("demo-word-ana-well")),
        )?;
        self.tell(&format!("  {}\n", t!("demo-apart-page")));
        Ok(())
    }

    fn meet(&mut self, agreement: &str) -> Result<AgreementState, Problem> {
        self.ask(0, &Request::Resume {})?;
        for who in 0..2 {
            self.until(who, &Request::Status {}, |status| {
                status["partner_has_all"] == true
            })?;
            self.until(
                who,
                &Request::AgreementShow {
                    agreement: agreement.into(),
                    after: None,
                },
                |view| view["versions"].as_array().is_some_and(|v| v.len() == 3),
            )?;
        }
        self.tell(&(t!("demo-back") + "\n"));
        let mut states = Vec::new();
        for who in 0..2 {
            let answer = self.ask(
                who,
                &Request::AgreementShow {
                    agreement: agreement.into(),
                    after: None,
                },
            )?;
            let view: AgreementView =
                serde_json::from_value(answer).map_err(|_| Problem::ApiVersion)?;
            let (name, other) = (self.partners[who].name, self.partners[1 - who].name);
            self.tell(&format!(
                "{}\n{}",
                t!("demo-screen", name = name),
                indent(&say::agreement(&view, other))
            ));
            states.push(view.state);
        }
        self.tell(&(t!("demo-binds") + "\n"));
        if states.first() == states.last() {
            Ok(states[0])
        } else {
            Err(Problem::Internal)
        }
    }

    fn check_in(&mut self) -> Result<(), Problem> {
        let sealed = self.until(1, &CHECKINS, |all| all["slots"].get(0).is_some())?;
        let sealed: Slots = serde_json::from_value(sealed).map_err(|_| Problem::ApiVersion)?;
        if let Some(slot) = sealed.slots.first() {
            self.tell(&format!(
                "{}\n{}",
                t!("demo-screen", name = NAMES[1]),
                indent(&say::slot(slot, "Ana"))
            ));
        }
        self.ask(
            1,
            &ready(&t!("demo-word-ben-thanks"), &t!("demo-word-ben-well")),
        )?;
        for who in 0..2 {
            let both = |all: &Value| {
                let slots: Option<Slots> = serde_json::from_value(all.clone()).ok();
                slots.is_some_and(|s| {
                    s.slots
                        .iter()
                        .any(|s| s.mine == SealedState::Open && s.partner == SealedState::Open)
                })
            };
            self.until(who, &CHECKINS, both)?;
        }
        self.tell(&(t!("demo-page") + "\n"));
        let answer = self.ask(0, &CHECKINS)?;
        let slots: Slots = serde_json::from_value(answer).map_err(|_| Problem::ApiVersion)?;
        if let Some(slot) = slots.slots.first() {
            self.tell(&format!(
                "{}\n{}",
                t!("demo-screen", name = NAMES[0]),
                indent(&say::slot(slot, "Ben"))
            ));
        }
        Ok(())
    }

    fn propose(&mut self, who: usize, words: Value) -> Result<Value, Problem> {
        let words = serde_json::from_value(words).map_err(|_| Problem::Internal)?;
        self.ask(who, &Request::AgreementPropose(words))
    }

    fn until_state(
        &mut self,
        who: usize,
        agreement: &str,
        state: AgreementState,
    ) -> Result<(), Problem> {
        let wanted = serde_json::to_value(state).map_err(|_| Problem::Internal)?;
        let show = Request::AgreementList {
            state: None,
            after: None,
        };
        self.until(who, &show, |list| {
            let lines = list["agreements"].as_array();
            lines.is_some_and(|lines| {
                lines
                    .iter()
                    .any(|line| line["agreement"] == agreement && line["state"] == wanted)
            })
        })?;
        Ok(())
    }

    /// Asks again until the answer is so.
    fn until(
        &mut self,
        who: usize,
        request: &Request,
        so: impl Fn(&Value) -> bool,
    ) -> Result<Value, Problem> {
        let by = Instant::now() + PATIENCE;
        loop {
            let answer = self.ask(who, request)?;
            if so(&answer) {
                return Ok(answer);
            }
            if Instant::now() > by {
                return Err(Problem::NotDelivered {
                    partner: self.partners[1 - who].name.into(),
                });
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// All check-ins, the first page.
const CHECKINS: Request = Request::CheckinShow {
    slot: None,
    after: None,
};

fn ready(thanks: &str, went_well: &str) -> Request {
    let words = json!({"thanks": [{"did": thanks}], "went_well": went_well});
    Request::CheckinReady {
        slot: None,
        words: serde_json::from_value(words).unwrap_or_default(),
    }
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_default().to_owned()
}

fn indent(text: &str) -> String {
    text.lines()
        .map(|line| {
            if line.is_empty() {
                "\n".into()
            } else {
                format!("  | {line}\n")
            }
        })
        .collect()
}
