//! Real daemons that hold all kinds mixed, half by each, and answered: one change, start, takeover, and every look at it,
//! through the socket and as whole programs.

use super::{Home, PATIENCE, Socket, change, idle, millis, paired, report, request, start};
use super::{TROTH, proposal, root, status_field};
use serde_json::{Value, json};
use std::process::Command;
use std::time::{Duration, Instant};
use troth_proto::api::Request;
use troth_proto::said::told::ToldKind;
use troth_tests::mixed;

/// Things that each tells before the other answers.
const ROUND: usize = 50;
/// Requests under way at once.
const AT_ONCE: usize = 64;
const LOOKS: usize = 50;
const PROGRAMS: usize = 30;

fn told(ask: Value) -> Request {
    request("told", ask)
}

/// Asks all of it, many at once. What is refused is none.
fn all(socket: &mut Socket, asks: &[Request]) -> Vec<Option<Value>> {
    let mut answers = Vec::with_capacity(asks.len());
    for (sent, ask) in asks.iter().enumerate() {
        socket.send(ask);
        if sent >= AT_ONCE {
            answers.push(socket.answer().ok());
        }
    }
    while answers.len() < asks.len() {
        answers.push(socket.answer().ok());
    }
    answers
}

fn id(answer: &Value) -> Option<String> {
    answer["id"].as_str().map(str::to_owned)
}

/// Both have everything of the other's.
fn met(sockets: &mut [Socket; 2]) {
    let by = Instant::now() + PATIENCE;
    for socket in sockets {
        while socket.ask(&Request::Status {})["partner_has_all"] != true {
            assert!(Instant::now() < by, "they do not meet");
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Tells and answers until so much is written. Says what each told last.
fn fill(homes: [&Home; 2], size: usize) -> [String; 2] {
    let begun = Instant::now();
    let mut sockets = homes.map(|home| Socket::connect(&home.dir));
    let (mut n, mut written, mut rounds) = (0, 0, 0);
    let mut last = [String::new(), String::new()];
    while written < size {
        let ids = [0, 1].map(|p| {
            let asks: Vec<Request> = (n..n + ROUND).map(|n| told(mixed::told(n))).collect();
            n += ROUND;
            let answers = all(&mut sockets[p], &asks);
            answers.iter().flatten().filter_map(id).collect::<Vec<_>>()
        });
        assert!(
            ids.iter().all(|ids| ids.len() == ROUND),
            "each thing is told"
        );
        written += 2 * ROUND + agreement(&mut sockets, n, size);
        // A quarter waits, unopened.
        if rounds % 4 != 3 {
            for p in 0..2 {
                written += answers(&mut sockets[p], &ids[1 - p]);
            }
            met(&mut sockets);
        }
        rounds += 1;
        last = ids.map(|mut ids| ids.pop().unwrap());
    }
    written += breaks(&mut sockets);
    println!(
        "{:<58} {:>8.3} s",
        format!("{written} of all kinds, told and answered by both"),
        begun.elapsed().as_secs_f64()
    );
    last
}

/// One proposes, the other says yes. Both have everything then.
fn agreement(sockets: &mut [Socket; 2], n: usize, size: usize) -> usize {
    let proposed = sockets[0].ask(&proposal(n, size));
    met(sockets);
    sockets[1].ask(&request(
        "agreement_yes",
        json!({"version": proposed["version"]}),
    ));
    3 // with the closing yes
}

/// Opens each, and answers with whatever fits.
fn answers(socket: &mut Socket, ids: &[String]) -> usize {
    let opens = ids.iter().map(|id| told(json!({"do": "open", "id": id})));
    all(socket, &opens.collect::<Vec<_>>());
    let says = ids.iter().flat_map(|id| {
        let says = mixed::SAYS.iter();
        says.map(move |says| told(mixed::answer(id, says)))
    });
    let said = all(socket, &says.collect::<Vec<_>>());
    said.iter().flatten().count()
}

/// A few that are over early.
fn breaks(sockets: &mut [Socket; 2]) -> usize {
    for _ in 0..20 {
        let add = json!({"do": "add", "kind": "break", "minutes": 20});
        let pause = id(&sockets[0].ask(&told(add))).unwrap();
        met(sockets);
        for socket in sockets.iter_mut() {
            socket.ask(&told(mixed::answer(&pause, "done")));
        }
        met(sockets);
    }
    60
}

/// Many that were stopped, and one that is open: what is told in trust is folded.
fn repairs(homes: [&Home; 2]) {
    let mut sockets = homes.map(|home| Socket::connect(&home.dir));
    for n in 0..20 {
        let words = json!({"words": mixed::WORDS});
        let add = json!({"do": "add", "kind": "repair", "words": words});
        let repair = id(&sockets[n % 2].ask(&told(add))).unwrap();
        if n < 19 {
            sockets[n % 2].ask(&told(mixed::answer(&repair, "stop")));
        }
    }
    met(&mut sockets);
}

fn timed(what: String, socket: &mut Socket, ask: &Request) {
    let times = (0..LOOKS).map(|_| {
        let begun = Instant::now();
        socket.ask(ask);
        begun.elapsed()
    });
    report(&what, times.collect());
}

/// All pages of an answer, or the first hundred.
fn pages(what: String, socket: &mut Socket, ask: &Value) {
    let (mut times, mut ask) = (Vec::new(), ask.clone());
    while times.len() < 100 {
        let begun = Instant::now();
        let answer = socket.ask(&told(ask.clone()));
        times.push(begun.elapsed());
        if answer["next"].is_null() {
            break;
        }
        ask["after"] = answer["next"].clone();
    }
    report(&what, times);
}

const SOUGHT: [&str; 4] = ["moonlight", "kettle on before", "für eine", "Ärger"];

/// Every look through the local API.
fn looks(home: &Home, who: &str) {
    let mut socket = Socket::connect(&home.dir);
    let begun = Instant::now();
    socket.ask(&Request::Today {});
    let first = millis(begun.elapsed());
    println!("{:<58} {first:>8.3} ms", format!("{who}: today, the first"));
    timed(format!("{who}: today"), &mut socket, &Request::Today {});
    let agreements = request("agreement_list", json!({"state": null, "after": null}));
    timed(
        format!("{who}: a list of agreements"),
        &mut socket,
        &agreements,
    );
    pages(
        format!("{who}: the list of all, each page"),
        &mut socket,
        &json!({"do": "list"}),
    );
    for kind in ToldKind::ALL {
        let ask = told(json!({"do": "list", "kind": kind}));
        timed(
            format!("{who}: the list of {}", kind.name()),
            &mut socket,
            &ask,
        );
    }
    for words in SOUGHT {
        let ask = json!({"do": "search", "words": words});
        timed(
            format!("{who}: a search for {words}"),
            &mut socket,
            &told(ask.clone()),
        );
        pages(
            format!("{who}: a search for {words}, each page"),
            &mut socket,
            &ask,
        );
    }
}

/// The same as whole programs.
fn programs(home: &Home, who: &str) {
    let mut asks: Vec<Vec<&str>> = vec![vec![], vec!["status"], vec!["agreement", "list"]];
    asks.extend(["thanks", "confidence", "ask", "bid", "repair"].map(|kind| vec![kind, "list"]));
    asks.extend(SOUGHT.map(|words| vec!["search", words]));
    for ask in asks {
        let times = (0..PROGRAMS).map(|_| {
            let begun = Instant::now();
            let done = home.run(&ask, "");
            let took = begun.elapsed();
            assert!(done.status.success(), "{ask:?}: {done:?}");
            took
        });
        let name = format!("{who}: `troth {}`, whole process", ask.join(" "));
        report(&name, times.collect());
    }
}

/// Where a home is kept as it was once.
fn early(home: &Home) -> String {
    format!("{}-early", home.dir.display())
}

fn copied(from: &str, to: &str) {
    let done = Command::new("cp").args(["-a", from, to]).status();
    assert!(done.unwrap().success());
}

/// The home of before, which has nothing yet, takes over all of both books.
fn takeover(homes: [&Home; 2], last: &[String; 2], size: usize) {
    let [ana, ben] = homes;
    ben.stop();
    std::fs::remove_dir_all(&ben.dir).unwrap();
    copied(&early(ben), &ben.dir.display().to_string());
    ben.ask(&["status"], Value::Null);
    let mut b = Socket::connect(&ben.dir);
    let lacks = |b: &mut Socket| {
        last.iter().any(|id| {
            b.send(&told(json!({"do": "show", "id": id})));
            b.answer().is_err()
        })
    };
    assert!(lacks(&mut b), "it has nothing yet");
    let begun = Instant::now();
    b.ask(&Request::Resume {});
    while lacks(&mut b) {
        assert!(begun.elapsed() < PATIENCE, "it takes nothing over");
        std::thread::sleep(Duration::from_millis(2));
    }
    let took = begun.elapsed().as_secs_f64();
    println!(
        "{:<58} {took:>8.3} s",
        format!("a home without anything takes over both books, {size}")
    );
    ana.until(&["status"], |status| status["partner_has_all"] == true);
}

fn resident(home: &Home, what: &str) {
    let rss = status_field(home.pid().unwrap(), "VmRSS") as f64 / 1024.0;
    println!("{what:<58} {rss:>8.1} MiB resident");
}

/// All of it with so many assertions.
pub fn run(size: usize) {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let homes = [&ana, &ben];
    ben.ask(&["pause"], Value::Null);
    ben.stop();
    copied(&ben.dir.display().to_string(), &early(&ben));
    ben.ask(&["resume"], Value::Null);
    let last = fill(homes, size);
    resident(&ana, &format!("right after it, A, {size} mixed"));
    let add = |n: usize| told(mixed::told(n * 10));
    let show = |done: &Value| told(json!({"do": "show", "id": done["id"]}));
    change(&ana, &ben, &format!("{size} mixed"), add, show);
    start(&ben, size);
    ben.ask(&["status"], Value::Null);
    ana.until(&["status"], |status| status["partner_has_all"] == true);
    for (home, who) in [(&ana, "A"), (&ben, "B")] {
        looks(home, who);
        programs(home, who);
    }
    repairs(homes);
    looks(&ana, "A, folded");
    programs(&ana, "A, folded");
    idle(&ana, &format!("idle, connected, A, {size} mixed"));
    idle(
        &ben,
        &format!("idle, connected, B, just started, {size} mixed"),
    );
    takeover(homes, &last, size);
    resident(&ben, &format!("right after taking over, {size} mixed"));
}
