//! A new home: its keys, where they are kept, and its first rows.

use super::{Daemon, Open, State};
use crate::clock::Os;
use crate::{addresses, keyring, memory, private};
use troth_core::books::rows::{Ledger, Vault};
use troth_core::closed::{self, Closed};
use troth_core::keys::{Key, Lockbox, Made, WordsOf, draw};
use troth_core::node::{Founding, Node, seal_keys};
use troth_core::private::{Drawer, Halves};
use troth_proto::api::{Init, InitDone, KeyHome, Secret};
use troth_proto::{Hash, Problem};

/// The keys of a new home, and the private pages' file.
struct Keys {
    made: Made,
    pages: Vec<u8>,
}

impl Daemon {
    /// Makes the keys and the home, all of it or nothing.
    pub(super) async fn set_up(&mut self, init: Init) -> Result<serde_json::Value, Problem> {
        // Where no file is open nobody knows whether a home is there.
        if !matches!(self.state, State::Closed(Closed::NotSetUp, Some(_))) {
            return Err(Problem::Internal);
        }
        let listen = addresses::settle(init.listen.as_deref())?;
        let keys = Keys::make(&init).await?;
        self.keep_key(&keys.made).await?;
        let mut seals: Vec<Key> = keys.made.seal.clone().into_iter().collect();
        seals.extend(init.from.as_ref().and_then(seal_keys).unwrap_or_default());
        let founding = Founding {
            name: init.name.trim().to_owned(),
            person: init.from.map(|identity| identity.person),
            seals,
            words_public: keys.made.words_public,
            link_seed: Key(draw(&mut Os)),
            listen: Some(listen),
            mapping: init.mapping,
        };
        let words = keys.made.new_words.clone().map(|words| words.list());
        self.write_home(keys, founding)?;
        let recovery_words = words.unwrap_or_default().into_iter().map(Secret).collect();
        serde_json::to_value(InitDone { recovery_words }).map_err(|_| Problem::Internal)
    }

    /// Keeps the key that opens the home where the person wants it.
    async fn keep_key(&mut self, made: &Made) -> Result<(), Problem> {
        let Some(wrapping) = &made.wrapping else {
            return Ok(());
        };
        match made.lockbox.key_home {
            KeyHome::Os => {
                let written =
                    keyring::write(made.lockbox.home, wrapping.clone(), self.bus.as_ref());
                written.await.map_err(|by| Problem::NoKeyring { by })
            }
            KeyHome::File => keyring::write_file(&self.home.key_file(), wrapping),
            KeyHome::Passphrase => Ok(()),
        }
    }

    /// Writes the home, and begins.
    fn write_home(&mut self, keys: Keys, founding: Founding) -> Result<(), Problem> {
        let Keys { made, pages } = keys;
        let (node, rows) = Node::found(founding, &mut Os);
        let State::Closed(Closed::NotSetUp, Some(store)) = &mut self.state else {
            return Err(Problem::Internal);
        };
        self.keys_passed = true;
        let mut ledger = Ledger::new(&Vault::new(&made.data));
        let path = self.home.private();
        private::make(&path, &pages)?;
        if let Err(problem) = store.found(&made.lockbox, &ledger.seal(&rows, &mut Os)) {
            let _ = std::fs::remove_file(&path);
            return Err(problem);
        }
        store.keep_twice(&ledger.kept_twice());
        let State::Closed(_, Some(store)) =
            std::mem::replace(&mut self.state, State::Closed(Closed::NotSetUp, None))
        else {
            return Err(Problem::Internal);
        };
        let found = private::read(&path, &Halves::of(&made.data));
        let open = Open {
            node,
            ledger,
            data: made.data,
            store,
            lockbox: made.lockbox,
            loom: None,
        };
        self.begin(open, found, None);
        Ok(())
    }
}

impl Keys {
    async fn make(init: &Init) -> Result<Self, Problem> {
        let words_of = match (&init.recovery_words, &init.from) {
            (Some(words), _) => WordsOf::EarlierHome(closed::words(words)?),
            (None, Some(identity)) => WordsOf::Backup(identity.words_public),
            (None, None) => WordsOf::NewHome,
        };
        let (keys, pages) = (init.keys, init.private_passphrase.clone());
        let passphrase = init.passphrase.clone();
        let passphrase = passphrase.filter(|_| keys == KeyHome::Passphrase);
        let make = move || {
            let passphrase = passphrase.as_ref().map(|p| p.0.as_str());
            let made = Lockbox::make(keys, passphrase, words_of, &mut Os);
            let (halves, salt) = (Halves::of(&made.data), Hash(draw(&mut Os)));
            let key = pages.map(|pages| Halves::key(halves.pages(), &pages.0, &salt));
            let pages = Drawer::new(salt, key.as_ref(), &mut Os).sealed(&halves, &mut Os);
            Self { made, pages }
        };
        let made = tokio::task::spawn_blocking(|| memory::with_keys(make)).await;
        made.map_err(|_| Problem::Internal)
    }
}
