//! Scenario 2: Ben's daemon is replaced by one that keeps no rules. Real sockets, real keys, forged frames.

use futures::{AsyncReadExt, AsyncWriteExt, StreamExt};
use libp2p::swarm::SwarmEvent;
use libp2p::{Multiaddr, PeerId, Stream, StreamProtocol, Swarm};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use troth_core::keys::Key;
use troth_core::links::id_of;
use troth_core::node::{Damaged, Effect, Input, Loadable, Node, Now};
use troth_core::test_entropy::Seeded;
use troth_daemon::single::Streams;
use troth_proto::ids::Who;
use troth_proto::pairing::LinkId;
use troth_proto::wire::{
    Bye, Document, Entries, Entry, Frame, Have, Here, Op, PROTOCOL, SealedEntry, Words, entry_hash,
};
use troth_proto::{AssertionId, CoupleId, Day, Hash, PersonId, limits};
use troth_tests::home::{Home, paired, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

/// Ben's keys and books, in the hands of somebody else.
pub struct Stolen {
    node: Node,
    entropy: Seeded,
    seed: [u8; 32],
    ana: PeerId,
    address: Multiaddr,
}

/// A connection that goes on until this is dropped.
pub struct Swarming(tokio::task::JoinHandle<()>);

impl Drop for Swarming {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn now() -> Now {
    Now {
        mono: 1,
        unix: 1_780_000_000,
        day: Day::new(2026, 11, 22).unwrap(),
    }
}

impl Stolen {
    pub fn from(ben: &Home) -> Self {
        let rows = ben.rows().into_iter();
        let rows = rows.map(|(row, bytes)| Ok(Loadable::Row(row, bytes)));
        let mut node = Node::load::<Damaged>(rows).unwrap();
        let mut entropy = Seeded::new(2);
        let (mut share, mut addresses) = (None, Vec::new());
        for effect in node.handle(now(), &mut entropy, Input::Started) {
            match effect {
                Effect::Share(with) => share = with,
                Effect::Dial { remembered, .. } => addresses = remembered,
                _ => {}
            }
        }
        let share = share.expect("Ben shares");
        let at = addresses.first().expect("Ana listens");
        Self {
            node,
            entropy,
            seed: share.seed.0,
            ana: PeerId::from_bytes(&share.partners[0].0).unwrap(),
            address: format!("/ip4/{}/tcp/{}", at.ip(), at.port())
                .parse()
                .unwrap(),
        }
    }

    /// The couple, and who is played.
    pub fn whose(&self) -> (CoupleId, PersonId) {
        let couple = self.node.couple().unwrap();
        (couple.id, couple.book(Who::Me).owner)
    }

    fn sends(&mut self, input: Input) -> Vec<Vec<u8>> {
        let effects = self.node.handle(now(), &mut self.entropy, input);
        effects
            .into_iter()
            .filter_map(|effect| {
                if let Effect::Send { bytes, .. } = effect {
                    Some(bytes)
                } else {
                    None
                }
            })
            .collect()
    }

    /// Connects with Ben's own key, and goes on with that in a task. The stream of the connection; none, if Ana's daemon lets
    /// nobody in.
    pub async fn connect(&self) -> (Option<Stream>, Swarming) {
        let mut swarm = self.swarm();
        let address = self.address.clone().with_p2p(self.ana).unwrap();
        swarm.dial(address).unwrap();
        let (came, mut stream) = tokio::sync::mpsc::channel(1);
        let swarming = tokio::spawn(async move {
            loop {
                match swarm.select_next_some().await {
                    SwarmEvent::ConnectionEstablished {
                        peer_id,
                        connection_id,
                        ..
                    } => swarm.behaviour_mut().open(peer_id, connection_id),
                    SwarmEvent::Behaviour(opened) => {
                        let _ = came.try_send(opened.stream);
                    }
                    SwarmEvent::ConnectionClosed { .. }
                    | SwarmEvent::OutgoingConnectionError { .. } => {
                        let _ = came.try_send(None);
                    }
                    _ => {}
                }
            }
        });
        (stream.recv().await.flatten(), Swarming(swarming))
    }

    fn swarm(&self) -> Swarm<Streams> {
        let mut seed = self.seed;
        let pair = libp2p::identity::Keypair::ed25519_from_bytes(&mut seed).unwrap();
        let streams = Streams::new(StreamProtocol::new(PROTOCOL));
        troth_daemon::swarm(pair, streams).unwrap()
    }

    /// The same over QUIC, where it was over TCP.
    pub fn over_quic(mut self) -> Self {
        let text = self.address.to_string().replace("/tcp/", "/udp/");
        self.address = format!("{text}/quic-v1").parse().unwrap();
        self
    }

    /// What Ben's device says first on a stream.
    fn greetings(&mut self) -> Vec<Vec<u8>> {
        self.sends(Input::LinkUp {
            link: 1,
            own: id_of(&Key(self.seed)),
            peer: LinkId(self.ana.to_bytes()),
            at: None,
        })
    }

    /// Streams one after the other, on each of them frames as fast as they go out: what is refused, where he is, what he
    /// holds, empty ones and acknowledgements. Says how many streams and frames that were.
    pub async fn flood(&mut self, until: Instant) -> (u32, u64) {
        let (mut streams, mut frames) = (0, 0);
        while Instant::now() < until {
            let (stream, _swarming) = self.connect().await;
            let Some(stream) = stream else {
                continue;
            };
            streams += 1;
            let (_from, mut to) = stream.split();
            for bytes in self.greetings() {
                let _ = to.write_all(&framed(&bytes)).await;
            }
            for n in 0..5_000u16 {
                let bytes = match streams % 5 {
                    0 => vec![1, 0xff],
                    1 => Vec::new(),
                    2 => Frame::Got(n.into()).write(),
                    3 => self.holds(usize::from(n % 2)),
                    _ => Frame::Here(Here {
                        places: vec![SocketAddr::from(([10, 7, 0, 2], 4_000 + n))],
                        you: None,
                    })
                    .write(),
                };
                let frame = framed(&bytes);
                let write = async {
                    to.write_all(&frame).await?;
                    to.flush().await
                };
                let written = tokio::time::timeout(Duration::from_millis(200), write).await;
                if !matches!(written, Ok(Ok(()))) || Instant::now() >= until {
                    break;
                }
                frames += 1;
            }
            let _ = self.sends(Input::LinkDown(1));
        }
        (streams, frames)
    }

    /// Connects with Ben's own key, greets as he would (unless told otherwise), sends what is forged, and returns what
    /// Ana's daemon answered until it hung up.
    async fn attack(&mut self, greet: bool, forged: Vec<u8>, length: Option<u32>) -> Vec<Frame> {
        let answers = self.try_attack(greet, forged, length).await;
        answers.expect("Ana's daemon takes the stream")
    }

    /// The same; nothing, if Ana's daemon takes no stream.
    pub async fn try_attack(
        &mut self,
        greet: bool,
        forged: Vec<u8>,
        length: Option<u32>,
    ) -> Option<Vec<Frame>> {
        let mut sent = Vec::new();
        if greet {
            sent.extend(self.greetings().iter().flat_map(|bytes| framed(bytes)));
        }
        let length = length.unwrap_or(forged.len() as u32);
        sent.extend(length.to_be_bytes());
        sent.extend(forged);
        self.exchange(&sent, false).await
    }

    /// Greets as Ben would, sends frames and goes. Returns what Ana's daemon answered until it hung up too.
    pub async fn says(&mut self, frames: &[Frame]) -> Option<Vec<Frame>> {
        let greetings = self.greetings();
        let all = greetings.into_iter().chain(frames.iter().map(Frame::write));
        let sent: Vec<u8> = all.flat_map(|bytes| framed(&bytes)).collect();
        self.exchange(&sent, true).await
    }

    /// Greets, sends bytes as they are, then a frame, and waits until Ana's daemon hangs up.
    pub async fn says_after(&mut self, bytes: &[u8], frame: &[u8]) -> Option<Vec<Frame>> {
        let greetings = self.greetings();
        let mut sent: Vec<u8> = greetings.iter().flat_map(|bytes| framed(bytes)).collect();
        sent.extend_from_slice(bytes);
        sent.extend(framed(frame));
        self.exchange(&sent, false).await
    }

    /// Streams one after the other, as fast as they go; how many of them Ana's daemon greets.
    pub async fn greeted(&mut self, until: Instant) -> usize {
        let mut greeted = 0;
        while Instant::now() < until {
            let (stream, _swarming) = self.connect().await;
            let Some(mut stream) = stream else {
                continue;
            };
            let mut length = [0; 4];
            let hello = stream.read_exact(&mut length);
            let hello = tokio::time::timeout(Duration::from_millis(500), hello).await;
            greeted += usize::from(matches!(hello, Ok(Ok(()))));
        }
        greeted
    }

    /// One zero byte for each write on a connection of its own, as fast as they go; how many went within a time.
    pub async fn crumbs(&self, most: u32, within: Duration) -> u32 {
        let (stream, _swarming) = self.connect().await;
        let Some(mut stream) = stream else {
            return 0;
        };
        let mut sent = 0;
        let sending = async {
            while sent < most {
                let crumb = async {
                    stream.write_all(&[0]).await?;
                    stream.flush().await
                };
                if crumb.await.is_err() {
                    break;
                }
                sent += 1;
            }
        };
        let _ = tokio::time::timeout(within, sending).await;
        sent
    }

    async fn exchange(&mut self, sent: &[u8], goes: bool) -> Option<Vec<Frame>> {
        let (stream, _swarming) = self.connect().await;
        let (mut from, mut to) = stream?.split();
        to.write_all(sent).await.ok()?;
        to.flush().await.ok()?;
        if goes {
            to.close().await.ok()?;
        }
        let mut answers = Vec::new();
        loop {
            let mut length = [0; 4];
            let read = tokio::time::timeout(Duration::from_secs(15), from.read_exact(&mut length))
                .await
                .expect("Ana's daemon hangs up");
            if read.is_err() {
                break;
            }
            let mut bytes = vec![0; u32::from_be_bytes(length) as usize];
            if from.read_exact(&mut bytes).await.is_err() {
                break;
            }
            // An empty one only says that she is there.
            if !bytes.is_empty() {
                let frame = Frame::read(&bytes, limits::FRAME_BYTES);
                answers.push(frame.expect("Ana's daemon sends frames"));
            }
        }
        let _ = self.sends(Input::LinkDown(1));
        Some(answers)
    }

    /// That he holds so many entries of his own book.
    fn holds(&self, entries: usize) -> Vec<u8> {
        let book = self.node.couple().unwrap().book(Who::Me);
        let marks = (0..entries.min(book.entries())).map(|index| book.mark(index));
        Frame::Have(Have {
            document: book.document(),
            marks: marks.collect(),
            lacks: Vec::new(),
        })
        .write()
    }

    fn forged(&self, change: impl Fn(&mut Document, &mut Entry)) -> Vec<u8> {
        let couple = self.node.couple().unwrap();
        let book = couple.book(Who::Me);
        let id = AssertionId([0xbe; 16]);
        let mut entry = Entry {
            n: book.highest() + 1,
            after: book.tips().iter().map(|tip| tip.hash).collect(),
            ops: vec![Op {
                kind: Op::PUT,
                key: id,
                head: json!({"id": id, "kind": "song", "body": {"verse": "la"}}).to_string(),
                words: Words::Here(String::new()),
            }],
        };
        let mut document = book.document();
        change(&mut document, &mut entry);
        let hash = entry_hash(couple.id, &document, &entry);
        Frame::Entries(Entries {
            document,
            entries: vec![SealedEntry {
                entry,
                hash,
                seal: Hash([1; 32]),
            }],
        })
        .write()
    }

    fn anas_book(&self) -> Document {
        self.node.couple().unwrap().book(Who::Partner).document()
    }
}

/// A frame as it goes over a stream.
fn framed(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_be_bytes(), bytes].concat()
}

/// What it is, whether it greets first, what is sent, a length that lies, and the answer to expect.
type Attack = (&'static str, bool, Vec<u8>, Option<u32>, Option<Bye>);

#[test]
fn a_daemon_that_keeps_no_rules_changes_nothing_and_a_good_one_works_afterwards() {
    let root = root();
    let (mut ana, ben) = paired(root.path(), TROTH);
    ana.expected = vec![
        "refused what the partner",
        "a frame over its limit",
        "none of this home's seal keys",
    ];
    let v = ana.ask(
        &["agreement", "propose"],
        json!({"topic": "Visits", "does": {"me": "I call before."}}),
    );
    ben.until(
        &["agreement", "show", v["agreement"].as_str().unwrap()],
        |_| true,
    );
    ana.until(&["status"], |status| status["partner_has_all"] == true);
    let mut stolen = Stolen::from(&ben);
    let before = ana.ask(&["agreement", "list"], Value::Null);
    let anas = stolen.anas_book();
    let attacks: Vec<Attack> = vec![
        (
            "noise",
            true,
            vec![1, 0xff, 0xff, 0xff],
            None,
            Some(Bye::Refused),
        ),
        (
            "a frame of a kind nobody knows",
            true,
            vec![77, 1, 2, 3],
            None,
            Some(Bye::Version),
        ),
        (
            "a length of four gigabytes",
            true,
            vec![0; 10],
            Some(u32::MAX),
            None,
        ),
        (
            "a long frame before the hello",
            false,
            vec![0; 8192],
            None,
            None,
        ),
        (
            "entries before the hello",
            false,
            stolen.forged(|_, _| {}),
            None,
            Some(Bye::Refused),
        ),
        (
            "Ana's own book",
            true,
            stolen.forged(|document, _| *document = anas),
            None,
            Some(Bye::Refused),
        ),
        (
            "a book nobody knows",
            true,
            stolen.forged(|document, _| *document = Document::Book(PersonId([7; 16]))),
            None,
            Some(Bye::Refused),
        ),
        (
            "an overlong text",
            true,
            stolen.forged(|_, entry| entry.ops[0].words = Words::Here("x".repeat(100_000))),
            None,
            Some(Bye::Refused),
        ),
        (
            "what is written on nothing that is here",
            true,
            stolen.forged(|_, entry| entry.after = vec![Hash([9; 32])]),
            None,
            Some(Bye::Refused),
        ),
        (
            "an operation of a newer Troth",
            true,
            stolen.forged(|_, entry| entry.ops[0].kind = 9),
            None,
            Some(Bye::Version),
        ),
        (
            "an acknowledgement of what was never sent",
            true,
            Frame::Got(5).write(),
            None,
            Some(Bye::Refused),
        ),
    ];
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for (what, greet, forged, length, expected) in attacks {
        ana.until(&["doctor"], |doctor| {
            doctor["rungs"].to_string().contains("does not answer")
        });
        let answers = runtime.block_on(stolen.attack(greet, forged, length));
        assert!(
            matches!(answers.first(), Some(Frame::Hello(_))),
            "{what}: {answers:?}"
        );
        let bye = answers.iter().find_map(|frame| {
            if let Frame::Bye(why) = frame {
                Some(*why)
            } else {
                None
            }
        });
        assert_eq!(bye, expected, "{what}");
        assert_eq!(
            ana.ask(&["agreement", "list"], Value::Null),
            before,
            "{what}"
        );
    }
    let notices = ana.ask(&["status"], Value::Null)["notices"].clone();
    let told = [
        "Ben's Troth sent something it may not. Nothing here was changed.",
        "Ben's Troth holds things in your name that the recovery words of this Troth did not seal. If they are from an earlier Troth of yours, `troth recovery-words` asks for its words, and they come back. If you have written nothing here yet, `troth recovery-words --as-they-have-it` takes them without those words.",
    ];
    assert_eq!(notices, json!(told), "each is told once");
    drop(stolen);
    ben.ask(
        &["agreement", "propose"],
        json!({"topic": "Honest", "does": {"me": "I dig."}}),
    );
    ana.until(&["agreement", "list"], |list| {
        list["agreements"].as_array().unwrap().len() == 2
    });
    let today = ana.ask(&["today"], Value::Null);
    assert_eq!(today["notices"], json!(told));
    assert_eq!(
        ana.ask(&["status"], Value::Null)["notices"],
        json!([]),
        "told once"
    );
}

#[test]
fn a_stranger_gets_no_further_than_a_handshake() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let mut stranger = Stolen::from(&ben);
    stranger.seed = [9; 32];
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let spoke = runtime.block_on(async {
        let (stream, _swarming) = stranger.connect().await;
        let byte = async { stream?.read_exact(&mut [0]).await.ok() };
        tokio::time::timeout(Duration::from_secs(3), byte).await
    });
    let spoke = spoke.ok().flatten();
    assert_eq!(spoke, None, "a stranger had a conversation");
    assert_eq!(ana.ask(&["status"], Value::Null)["notices"], json!([]));
    ben.ask(&["status"], Value::Null);
    ana.until(&["doctor"], |doctor| {
        doctor["rungs"]
            .to_string()
            .contains("You and Ben are connected.")
    });
}
