//! The loop without its programs: a disk that fails in the middle of a batch, and tasks that do not keep up.

use super::*;
use std::net::{TcpListener, UdpSocket};
use troth_core::keys::draw;
use troth_core::node::Share;

/// What the loop's tasks would hear, and the client.
struct Outside {
    net: mpsc::Receiver<net::Ask>,
    pair: mpsc::Receiver<PairEffect>,
    _calls: mpsc::Receiver<calls::Ask>,
    _inputs: mpsc::Receiver<Input>,
    lines: mpsc::Receiver<String>,
    asked: u64,
}

const CLIENT: Client = 1;

/// A loop for a home that is not set up, and a client.
async fn daemon(folder: &Path, places: usize) -> (Daemon, Outside) {
    let home = Home::under(folder);
    crate::folders::make(&home).unwrap();
    let ((to_net, net), (to_pair, pair)) = (mpsc::channel(places), mpsc::channel(places));
    let ((to_calls, _calls), (inputs, _inputs)) = (mpsc::channel(places), mpsc::channel(64));
    let (client, lines) = local::Lines::heard();
    let mut daemon = Daemon {
        home,
        clock: Clock::default(),
        bus: None,
        state: State::Closed(Closed::NotSetUp, None),
        asks_sharing: None,
        asks_end: None,
        unsaved: None,
        clients: Clients::default(),
        net: Asks::new("the network", to_net),
        pair: Asks::new("the pairing network", to_pair),
        calls: Asks::new("calling", to_calls),
        map: watch::channel(None).0,
        desktop: Desktop::begin(inputs.clone()),
        inputs,
        reading_back: false,
        keys_passed: false,
        ending: false,
    };
    daemon.open_store();
    let there = vec![Event::Client(CLIENT, client)];
    daemon.take(there, Vec::new()).await;
    let outside = Outside {
        net,
        pair,
        _calls,
        _inputs,
        lines,
        asked: 0,
    };
    (daemon, outside)
}

impl Outside {
    /// All of these in one batch, and what is answered: nothing, or the kind of the problem.
    async fn ask<const N: usize>(
        &mut self,
        daemon: &mut Daemon,
        requests: [Request; N],
    ) -> [Option<String>; N] {
        let calls = requests.map(|request| {
            self.asked += 1;
            Event::Call {
                client: CLIENT,
                id: self.asked,
                request: Box::new(request),
            }
        });
        daemon.take(calls.into(), Vec::new()).await;
        std::array::from_fn(|_| {
            loop {
                let line: Line = serde_json::from_str(&self.lines.try_recv().unwrap()).unwrap();
                if line.id.is_some() {
                    return line.error.map(|error| error.data.kind().to_owned());
                }
            }
        })
    }
}

fn init() -> Request {
    let init = r#"{"name": "Ana", "keys": "file", "listen": "127.0.0.1:0"}"#;
    Request::Init(serde_json::from_str(init).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_in_one_batch_with_a_save_that_fails_leaves_the_home_and_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let (mut daemon, mut outside) = daemon(folder.path(), 64).await;
    assert_eq!(outside.ask(&mut daemon, [init()]).await, [None]);
    let (store, key) = (daemon.home.store(), daemon.home.key_file());
    let (elsewhere, its) = (
        store.with_extension("elsewhere"),
        std::fs::read(&key).unwrap(),
    );
    let State::Open(open) = &daemon.state else {
        unreachable!("it is open")
    };
    open.store.refuse_writes();
    std::fs::rename(&store, &elsewhere).unwrap();
    std::fs::create_dir(&store).unwrap();
    let writes = Request::Network {
        mapping: Some(true),
    };
    let answers = outside.ask(&mut daemon, [writes, Request::Lock {}]).await;
    let failed = || Some("disk_read_only".to_owned());
    assert_eq!(answers, [failed(), failed()]);
    assert!(matches!(
        daemon.state,
        State::Closed(Closed::Unusable(_), _)
    ));
    std::fs::remove_dir(&store).unwrap();
    std::fs::rename(&elsewhere, &store).unwrap();
    let already = Some("already_set_up".to_owned());
    assert_eq!(outside.ask(&mut daemon, [init()]).await, [already]);
    assert_eq!(std::fs::read(&key).unwrap(), its);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_founded_where_no_file_is_open_and_the_key_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (mut daemon, mut outside) = daemon(folder.path(), 64).await;
    daemon.state = State::Closed(Closed::NotSetUp, None);
    let key = daemon.home.key_file();
    std::fs::write(&key, [7; 32]).unwrap();
    let answers = outside.ask(&mut daemon, [init()]).await;
    assert_eq!(answers, [Some("internal".to_owned())]);
    assert_eq!(std::fs::read(&key).unwrap(), [7; 32]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_reaches_a_network_that_does_not_keep_up() {
    let folder = tempfile::tempdir().unwrap();
    let (mut daemon, mut outside) = daemon(folder.path(), 1).await;
    daemon.net.ask(net::Ask::Close(1));
    daemon.pair.ask(PairEffect::Drop(1));
    daemon.leave_the_network();
    assert!(matches!(outside.net.try_recv(), Ok(net::Ask::Close(1))));
    assert_eq!(outside.pair.try_recv(), Ok(PairEffect::Drop(1)));
    let both = futures::future::join(daemon.net.catch_up(), daemon.pair.catch_up());
    tokio::time::timeout(GOODBYE, both).await.unwrap();
    assert!(matches!(outside.net.try_recv(), Ok(net::Ask::Share(None))));
    assert_eq!(outside.pair.try_recv(), Ok(PairEffect::Close));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_waits_to_be_heard_still_says_goodbye() {
    let (asks, net_inbox) = mpsc::channel(64);
    let (frames, from_net) = mpsc::channel(1);
    let (inputs, from_others) = mpsc::channel(1);
    frames.try_send(Input::Tick).unwrap();
    // It has to tell that it can listen nowhere, and there is no room.
    let taken = UdpSocket::bind("127.77.0.1:0").unwrap();
    let at = taken.local_addr().unwrap();
    let _tcp = TcpListener::bind(at).unwrap();
    let seed = Key(draw(&mut Os));
    let partner = troth_core::links::id_of(&Key(draw(&mut Os)));
    let share = Share {
        partners: vec![partner],
        listen: Some(at.to_string()),
        seed,
    };
    asks.try_send(net::Ask::Share(Some(share))).unwrap();
    drop(asks);
    let network = tokio::spawn(net::run(net_inbox, frames));
    let ended = network.abort_handle();
    let router = tokio::spawn(async move { drop(inputs) });
    goodbye((from_net, from_others), (network, router)).await;
    assert!(ended.is_finished());
}
