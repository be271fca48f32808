//! Keys that open a home, and what it takes to open, lock and look again.

use super::reading::load;
use super::{Daemon, Open, State};
use crate::bus::Bus;
use crate::clock::Os;
use crate::store::{Spare, Store};
use crate::{interfaces, keyring, memory, private};
use troth_core::books::rows::Vault;
use troth_core::closed::{self, Answer, Closed};
use troth_core::keys::Key;
use troth_core::node::{Client, Found, Input, Listeners};
use troth_core::private::Halves;
use troth_proto::Problem;
use troth_proto::api::{Init, KeyHome, Request, Secret, Unlock};
use troth_proto::problem::LockedBy;

impl Daemon {
    /// What kept the home closed may have passed without anybody asking: a keyring that came up after this program, a
    /// key file on a disk that was not there yet, a full disk.
    pub(super) async fn try_again(&mut self) {
        let State::Closed(closed, _) = &self.state else {
            return;
        };
        if matches!(closed, Closed::Unusable(_)) {
            self.open_store();
        }
        self.fetch_key().await;
    }

    pub(super) async fn closed_request(&mut self, client: Client, id: u64, request: Request) {
        if let Request::Unlock(Unlock { bus: Some(bus), .. })
        | Request::Init(Init { bus: Some(bus), .. }) = &request
        {
            self.bus = Bus::read(bus);
        }
        if let (Request::Lock {}, State::Closed(Closed::Locked(lockbox, why), _)) =
            (&request, &mut self.state)
            && lockbox.key_home != KeyHome::Passphrase
        {
            // From now on it stays closed until a person opens it, whatever comes back.
            *why = LockedBy::ByHand;
        } else if !matches!(request, Request::Lock {} | Request::Shutdown {})
            && matches!(&self.state, State::Closed(closed, _) if closed.may_be_mended())
        {
            self.try_again().await;
            if let State::Open(open) = &mut self.state {
                let effects = open.node.handle(
                    self.clock.now(),
                    &mut Os,
                    Input::Request {
                        client,
                        id,
                        request,
                    },
                );
                return self.perform(effects);
            }
        }
        let State::Closed(closed, _) = &self.state else {
            return;
        };
        let answer = match closed.answer(request) {
            Answer::Now(answer) => answer,
            Answer::Make(init) => self.set_up(init).await,
            Answer::Fetch => {
                self.fetch_key().await;
                self.unlocked()
            }
            Answer::Passphrase(passphrase) => self.try_passphrase(passphrase).await,
            Answer::Words(text) => closed::words(&text).and_then(|words| {
                let State::Closed(Closed::Locked(lockbox, _), _) = &self.state else {
                    return Err(Problem::Internal);
                };
                let data = lockbox.open_with_words(&words).ok_or(Problem::WrongWords)?;
                self.open_with(data, None);
                self.unlocked()
            }),
            Answer::End => {
                self.ending = true;
                Ok(serde_json::Value::Null)
            }
        };
        self.answer(client, id, answer);
    }

    fn unlocked(&self) -> Result<serde_json::Value, Problem> {
        match &self.state {
            State::Open(_) => Ok(serde_json::Value::Null),
            State::Closed(closed, _) => Err(closed.problem()),
        }
    }

    async fn try_passphrase(&mut self, passphrase: Secret) -> Result<serde_json::Value, Problem> {
        let State::Closed(Closed::Locked(lockbox, _), _) = &self.state else {
            return Err(Problem::Internal);
        };
        let lockbox = lockbox.clone();
        let open = move || memory::with_keys(|| lockbox.open_with_passphrase(&passphrase.0));
        let opened = tokio::task::spawn_blocking(open).await;
        let data = opened.ok().flatten().ok_or(Problem::WrongPassphrase)?;
        self.open_with(data, None);
        self.unlocked()
    }

    pub(super) fn open_store(&mut self) {
        self.state = State::Closed(Closed::NotSetUp, None); // lets go of a file that was open
        let path = self.home.store();
        let open = |store: Store| match store.lockbox()? {
            // A home was here: the second copy knows it.
            None if Spare::read(&path).is_some() => Err(Problem::DiskDamaged),
            lockbox => Ok((lockbox, store)),
        };
        let opened = match Store::open(&path).and_then(open) {
            Err(Problem::DiskDamaged) => Store::rescue(&path).and_then(open),
            opened => opened,
        };
        self.state = match opened {
            Ok((None, store)) => State::Closed(Closed::NotSetUp, Some(store)),
            Ok((Some(lockbox), store)) => State::Closed(Closed::locked(lockbox), Some(store)),
            Err(problem) => State::Closed(Closed::Unusable(problem), None),
        };
    }

    /// Looks for the key where the person keeps it.
    pub(super) async fn fetch_key(&mut self) {
        let State::Closed(Closed::Locked(lockbox, _), _) = &self.state else {
            return;
        };
        let lockbox = lockbox.clone();
        let key = match lockbox.key_home {
            KeyHome::Passphrase => Err(LockedBy::Passphrase),
            KeyHome::File => keyring::read_file(&self.home.key_file()),
            KeyHome::Os => keyring::read(lockbox.home, self.bus.as_ref()).await,
        };
        let data = key.and_then(|key| lockbox.open_with_key(&key).ok_or(LockedBy::KeyForeign));
        match data {
            Ok(data) => self.open_with(data, None),
            Err(by) => {
                tracing::info!(?by, "locked");
                if let State::Closed(Closed::Locked(_, why), _) = &mut self.state {
                    *why = by;
                }
            }
        }
    }

    /// Reads everything with the data key, and begins; `failed`: after a save that failed, for those who listened.
    pub(super) fn open_with(&mut self, data: Key, failed: Option<Listeners>) {
        let unusable = |problem| State::Closed(Closed::Unusable(problem), None);
        let State::Closed(Closed::Locked(lockbox, _), Some(mut store)) =
            std::mem::replace(&mut self.state, unusable(Problem::Internal))
        else {
            return;
        };
        self.keys_passed = true;
        let vault = Vault::new(&data);
        let path = self.home.store();
        let (private, halves) = (self.home.private(), Halves::of(&data));
        // Beside the rows, which take longer.
        let pages =
            std::thread::spawn(move || memory::with_keys(|| private::read(&private, &halves)));
        let loaded = tokio::task::block_in_place(|| match load(&mut store, &vault, &path) {
            // Pages above the rows are damaged: the rows are looked for one by one.
            Err(Problem::DiskDamaged) => {
                store = Store::rescue(&path)?;
                load(&mut store, &vault, &path)
            }
            loaded => loaded,
        });
        match loaded {
            Ok((node, ledger)) => {
                let lockbox = *lockbox;
                let open = Open {
                    node,
                    ledger,
                    data,
                    store,
                    lockbox,
                    loom: None,
                };
                let pages = tokio::task::block_in_place(|| pages.join());
                let gone = |_| Found::Problem(Problem::Internal);
                self.begin(open, pages.unwrap_or_else(gone), failed);
            }
            Err(problem) => self.state = unusable(problem),
        }
    }

    /// The keys are open, and lie where they stay.
    pub(super) fn begin(&mut self, open: Open, found: Found, failed: Option<Listeners>) {
        let mut open = Box::new(open);
        open.keep();
        let unsaved = self.unsaved.map(|stopped| Input::Unsaved { stopped });
        let pages = Input::Private {
            halves: Halves::of(&open.data),
            found,
        };
        let mut effects = Vec::new();
        let networks = Input::Lans(interfaces::lans());
        let failed = failed.map(Input::SaveFailed);
        let first = unsaved.into_iter().chain(failed).chain([pages, networks]);
        for input in first.chain([Input::Started]) {
            effects.extend(open.node.handle(self.clock.now(), &mut Os, input));
        }
        self.state = State::Open(open);
        // Whatever is moved may leave bytes of a key where it does not fill its place.
        memory::keep(std::slice::from_ref(self));
        self.perform(effects);
    }

    /// Empties this thread's stack after keys were opened on it. While rows are read it gives its work to another thread, and
    /// may rest from then on where nothing else empties it.
    pub(super) fn empty_behind_keys(&mut self) {
        if std::mem::take(&mut self.keys_passed) {
            memory::empty_deep_stack();
        }
    }

    /// Lets go of the keys. Says whether they were open: what is closed stays as it is.
    pub(super) fn lock(&mut self) -> bool {
        let none = State::Closed(Closed::NotSetUp, None);
        let open = match std::mem::replace(&mut self.state, none) {
            State::Open(open) => open,
            closed => {
                self.state = closed;
                return false;
            }
        };
        self.leave_the_network();
        for (client, id) in open.node.waits_for_private() {
            self.answer(client, id, Err(Problem::PrivateLocked));
        }
        let drafts = open.node.waits_for_drafts();
        let Open { lockbox, store, .. } = *open;
        let closed = Closed::locked(lockbox);
        for (client, id) in drafts {
            self.answer(client, id, Err(closed.problem()));
        }
        self.state = State::Closed(closed, Some(store));
        memory::empty_deep_stack();
        true
    }
}
