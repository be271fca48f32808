//! A home whose keys are not open: not set up, locked, or not usable. What each request leads to then (FORMAT §8).

use crate::keys::{Lockbox, RecoveryWords};
use serde_json::Value;
use troth_proto::api::{self, Init, KeyHome, Request, Secret, Sharing, Status};
use troth_proto::problem::{LockedBy, Wrong};
use troth_proto::{Problem, limits, name, wire};

/// The state of a home without a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed {
    /// Nothing is here yet.
    NotSetUp,
    /// Everything is here and sealed.
    Locked(Box<Lockbox>, LockedBy),
    /// What is here cannot be used now.
    Unusable(Problem),
}

/// What a request leads to while a home is closed.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// This, at once.
    Now(Result<Value, Problem>),
    /// Make the keys and the home.
    Make(Init),
    /// Ask the keyring or the key file.
    Fetch,
    /// Try a passphrase.
    Passphrase(Secret),
    /// Try the recovery words.
    Words(Secret),
    /// End the daemon.
    End,
}

/// Characters that a passphrase has at least.
const PASSPHRASE_LEAST: usize = 8;

impl Closed {
    /// A home that is locked, and for what.
    #[must_use]
    pub fn locked(lockbox: Lockbox) -> Self {
        let by = match lockbox.key_home {
            KeyHome::Passphrase => LockedBy::Passphrase,
            KeyHome::Os | KeyHome::File => LockedBy::ByHand,
        };
        Self::Locked(Box::new(lockbox), by)
    }

    /// What a person is told.
    #[must_use]
    pub fn problem(&self) -> Problem {
        match self {
            Self::NotSetUp => Problem::NotSetUp,
            Self::Locked(_, by) => Problem::Locked { by: *by },
            Self::Unusable(problem) => problem.clone(),
        }
    }

    /// What a request leads to.
    #[must_use]
    pub fn answer(&self, request: Request) -> Answer {
        let problem = self.problem();
        match (self, request) {
            (_, Request::Status {}) => Answer::Now(self.status()),
            (_, Request::Shutdown {}) => Answer::End,
            (Self::NotSetUp, Request::Init(init)) => match check(&init) {
                Ok(()) => Answer::Make(init),
                Err(problem) => Answer::Now(Err(problem)),
            },
            (Self::Locked(..), Request::Init(_)) => Answer::Now(Err(Problem::AlreadySetUp)),
            (Self::Locked(..), Request::Lock {}) => Answer::Now(Ok(Value::Null)),
            (Self::Locked(lockbox, _), Request::Unlock(unlock)) => {
                match (unlock.passphrase, unlock.recovery_words) {
                    (_, Some(words)) => Answer::Words(words),
                    (Some(passphrase), None) if lockbox.key_home == KeyHome::Passphrase => {
                        Answer::Passphrase(passphrase)
                    }
                    _ if lockbox.key_home == KeyHome::Passphrase => Answer::Now(Err(problem)),
                    _ => Answer::Fetch,
                }
            }
            _ => Answer::Now(Err(problem)),
        }
    }

    /// Whether what keeps the home closed may pass by itself, so that it is looked at again from time to time. A keyring
    /// that is there and locked is not asked: it would ask the person. A damaged row stays damaged.
    #[must_use]
    pub fn passes(&self) -> bool {
        match self {
            Self::NotSetUp => false,
            Self::Locked(_, by) => matches!(by, LockedBy::KeyringAbsent | LockedBy::FileMissing),
            Self::Unusable(problem) => matches!(
                problem,
                Problem::DiskFull | Problem::DiskReadOnly | Problem::DiskFailed
            ),
        }
    }

    /// Whether it is looked at again when somebody asks for something: a person may have mended it.
    #[must_use]
    pub fn may_be_mended(&self) -> bool {
        self.passes() || matches!(self, Self::Unusable(_))
    }

    fn status(&self) -> Result<Value, Problem> {
        let (keys, locked_by, key_home) = match self {
            Self::NotSetUp => ("not_set_up", None, None),
            Self::Locked(lockbox, by) => ("locked", Some(*by), Some(lockbox.key_home)),
            Self::Unusable(problem) => return Err(problem.clone()),
        };
        let status = Status {
            me: None,
            partner: None,
            sharing: Sharing::NotPaired,
            partner_has_all: true,
            linked: false,
            met: None,
            taking_over: None,
            notices: Vec::new(),
            keys: keys.into(),
            locked_by,
            key_home,
            today: None,
            private: "locked".into(),
            daemon: daemon(),
        };
        serde_json::to_value(status).map_err(|_| Problem::Internal)
    }
}

/// The daemon's versions, as `status` tells them.
#[must_use]
pub fn daemon() -> api::Daemon {
    let protocol = wire::VERSIONS.last().copied().unwrap_or(0);
    api::Daemon {
        version: env!("CARGO_PKG_VERSION").into(),
        protocol,
        api: api::VERSION,
    }
}

/// Reads 24 words.
///
/// # Errors
/// [`Problem::WrongWords`].
pub fn words(text: &Secret) -> Result<RecoveryWords, Problem> {
    RecoveryWords::read(&text.0).ok_or(Problem::WrongWords)
}

/// Whether a passphrase is of a length that is taken.
///
/// # Errors
/// It is too short or too long.
pub(crate) fn passphrase_fits(passphrase: &Secret) -> Result<(), Problem> {
    match passphrase.0.chars().count() {
        n if n < PASSPHRASE_LEAST => Err(Problem::PassphraseTooShort),
        n if n > limits::PASSPHRASE_CHARS => Err(Problem::TooLong),
        _ => Ok(()),
    }
}

fn check(init: &Init) -> Result<(), Problem> {
    if !name::name_fits(init.name.trim()) {
        let wrong = Wrong::NoPersonName;
        return Err(Problem::BadRequest { wrong });
    }
    init.private_passphrase
        .as_ref()
        .map_or(Ok(()), passphrase_fits)?;
    let passphrase = init.passphrase.as_ref().map(|p| p.0.chars().count());
    match (init.keys, passphrase) {
        (KeyHome::Passphrase, None) => Err(Problem::BadRequest {
            wrong: Wrong::MissingField {
                field: "passphrase".into(),
            },
        }),
        (KeyHome::Passphrase, Some(n)) if n < PASSPHRASE_LEAST => Err(Problem::PassphraseTooShort),
        (KeyHome::Passphrase, Some(n)) if n > limits::PASSPHRASE_CHARS => Err(Problem::TooLong),
        _ => Ok(()),
    }
}
