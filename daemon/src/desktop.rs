//! The desktop says that Troth has something: one sentence, over the message bus of this very user.

use crate::bus::Bus;
use std::collections::HashMap;
use std::time::Duration;
use tokio::net::UnixStream;
use tokio::sync::mpsc;
use troth_core::node::Input;
use troth_proto::api::Notify;
use zbus::connection::Builder;
use zbus::zvariant::Value;

/// How long the desktop may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Who shows notifications, and where (Desktop Notifications 1.2).
const SHOWS: &str = "org.freedesktop.Notifications";
const AT: &str = "/org/freedesktop/Notifications";
/// What the system is to choose: how long it is shown.
const AS_USUAL: i32 = -1;

/// What there is to be said, and nothing else: as in the words of the client, which a test holds together.
fn sentence(how: Notify) -> Option<&'static str> {
    match how {
        Notify::Off => None,
        Notify::En => Some("Troth has something for you"),
        Notify::De => Some("Troth hat etwas für dich"),
    }
}

/// A notification that was shown: its number, and who showed it.
type Shown = (u32, String);

/// The way to the desktop.
pub struct Desktop(mpsc::Sender<(Notify, Option<Bus>)>);

impl Desktop {
    /// Begins to listen; each time it tells whether the desktop showed it.
    pub fn begin(inputs: mpsc::Sender<Input>) -> Self {
        let (asks, mut inbox) = mpsc::channel(1);
        tokio::spawn(async move {
            let (mut last, mut told) = (None, false);
            while let Some((how, handed)) = inbox.recv().await {
                let Some(sentence) = sentence(how) else {
                    continue;
                };
                let show = tokio::time::timeout(PATIENCE, show(sentence, handed, last.take()));
                last = show.await.ok().flatten();
                let shown = last.is_some();
                if !shown && !told {
                    tracing::info!("the desktop shows no notification");
                    told = true;
                }
                let _ = inputs.send(Input::Notified(shown)).await;
            }
        });
        Self(asks)
    }

    /// Has it said, at the bus of this session or else at the one that a client named.
    pub fn notify(&self, how: Notify, handed: Option<Bus>) {
        // One that is on its way says the same.
        let _ = self.0.try_send((how, handed));
    }
}

/// Shows it in the place of the one before, so that there is one at most.
async fn show(sentence: &str, handed: Option<Bus>, before: Option<Shown>) -> Option<Shown> {
    // Whose program answers is asked of the very stream that is used.
    let own = move || {
        let mut all = Bus::of_session().into_iter().chain(handed);
        all.find_map(|bus| bus.connect())
    };
    let stream = tokio::task::spawn_blocking(own).await.ok()??;
    stream.set_nonblocking(true).ok()?;
    let stream = UnixStream::from_std(stream).ok()?;
    let bus = Builder::unix_stream(stream).build().await.ok()?;
    // A number means nothing to another program, or to one that began anew.
    let owner = bus
        .call_method(
            Some("org.freedesktop.DBus"),
            "/org/freedesktop/DBus",
            Some("org.freedesktop.DBus"),
            "GetNameOwner",
            &SHOWS,
        )
        .await;
    let owner: Option<String> = owner.ok().and_then(|it| it.body().deserialize().ok());
    let before = before.filter(|(_, by)| owner.as_ref() == Some(by));
    let instead_of = before.map_or(0, |(number, _)| number);
    let hints = HashMap::from([("transient", Value::from(true))]);
    let (icon, more, buttons) = ("", "", Vec::<&str>::new());
    let body = (
        "Troth", instead_of, icon, sentence, more, buttons, hints, AS_USUAL,
    );
    let answer = bus
        .call_method(Some(SHOWS), AT, Some(SHOWS), "Notify", &body)
        .await
        .ok()?;
    let number = answer.body().deserialize().ok()?;
    let by = answer.header().sender()?.to_string();
    Some((number, by))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_stands_in_the_words() {
        for (how, words) in [
            (Notify::En, include_str!("../../client/words/en.ftl")),
            (Notify::De, include_str!("../../client/words/de.ftl")),
        ] {
            let line = format!("label-notification = {}", sentence(how).unwrap());
            assert!(words.lines().any(|it| it == line), "{line}");
        }
        assert_eq!(sentence(Notify::Off), None);
    }
}
