//! What routers say, and what strangers who would be one say.

use super::*;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};

const ROUTER: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 1);

#[test]
fn a_place_leads_to_the_router_or_nowhere() {
    for (url, port, path) in [
        (
            "http://192.168.1.1:5000/rootDesc.xml",
            5000,
            "/rootDesc.xml",
        ),
        ("http://192.168.1.1/", 80, "/"),
        (" http://192.168.1.1:49152 ", 49152, "/"),
    ] {
        assert_eq!(place(url, ROUTER), Some((port, path.into())), "{url}");
    }
    for elsewhere in [
        "http://192.168.1.2:5000/rootDesc.xml",
        "http://router.example/rootDesc.xml",
        "http://192.168.1.1@spy.example/",
        "http://spy.example:80@192.168.1.1/",
        "http://192.168.1.1.spy.example/",
        "http://127.0.0.1/",
        "http://[::ffff:192.168.1.1]/",
        "http://3232235777/",
        "http://192.168.1.01/",
        "https://192.168.1.1/",
        "file:///etc/passwd",
        "//192.168.1.2/",
        "http://192.168.1.1:0/",
        "http://192.168.1.1:99999/",
        "http://192.168.1.1/a b",
        "http://192.168.1.1/a\r\nHost: spy",
        "",
    ] {
        assert_eq!(place(elsewhere, ROUTER), None, "{elsewhere}");
    }
    let long = format!("http://192.168.1.1/{}", "a".repeat(PATH));
    assert_eq!(place(&long, ROUTER), None);
}

fn described(control: &str, base: &str) -> String {
    let kind = KINDS[1];
    format!(
        "<?xml version=\"1.0\"?><root xmlns=\"urn:schemas-upnp-org:device-1-0\">{base}<device><serviceList><service>\
         <serviceType>urn:schemas-upnp-org:service:Layer3Forwarding:1</serviceType><controlURL>/ctl/L3F</controlURL>\
         </service></serviceList><deviceList><device><serviceList><service>\n <serviceType>{kind}</serviceType>\
         <SCPDURL>/x.xml</SCPDURL><controlURL>\n{control}</controlURL></service></serviceList></device></deviceList>\
         </device></root>"
    )
}

#[test]
fn a_description_names_what_can_let_in_on_the_router_alone() {
    let of = |control: &str, base: &str| {
        let about = described(control, base);
        let all = controls(&about, ROUTER, (5000, "/d/root.xml")).into_iter();
        all.map(|it| format!("{}{}", it.at, it.path))
            .collect::<Vec<_>>()
    };
    assert_eq!(of("/ctl/IPConn", ""), ["192.168.1.1:5000/ctl/IPConn"]);
    assert_eq!(
        of("ctl?a=1&amp;b=2", ""),
        ["192.168.1.1:5000/d/ctl?a=1&b=2"]
    );
    let base = "<URLBase>http://192.168.1.1:80/</URLBase>";
    assert_eq!(of("ctl", base), ["192.168.1.1:80/ctl"]);
    assert_eq!(of("http://192.168.1.1:81/c", ""), ["192.168.1.1:81/c"]);
    for elsewhere in [
        "http://192.168.1.2/c",
        "http://spy.example/c",
        "a b",
        "/\r\nX: y",
    ] {
        assert_eq!(of(elsewhere, ""), [""; 0], "{elsewhere}");
    }
    assert_eq!(of("/c", "<URLBase>http://spy.example/</URLBase>"), [""; 0]);
    let many = described("/c", "").repeat(99);
    assert_eq!(controls(&many, ROUTER, (80, "/")).len(), CONNECTIONS);
}

#[test]
fn answers_are_read_whole_in_chunks_or_to_the_end() {
    let plain = b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n<a>1</a>";
    let answer = read(plain).unwrap();
    assert_eq!(
        (answer.status, between(&answer.body, "a")),
        (200, Some("1"))
    );
    let chunks = b"HTTP/1.1 500 No\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\n<a>\r\n6;x=y\r\n12</a>\r\n0\r\n\r\n";
    let answer = read(chunks).unwrap();
    assert_eq!((answer.status, answer.body.as_str()), (500, "<a>12</a>"));
    for bad in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1\r\n\r\n",
        b"\xff\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\na\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\na\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na",
    ] {
        assert_eq!(read(bad), None, "{bad:?}");
    }
}

/// Somebody who answers each request on loopback with the next of these; what was asked comes back.
fn answering(answers: Vec<Vec<u8>>) -> (Control, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (asked, asks) = channel();
    std::thread::spawn(move || {
        for answer in answers {
            let Ok((mut stream, _)) = listener.accept() else {
                return;
            };
            let mut bytes = [0; 8192];
            let n = stream.read(&mut bytes).unwrap_or(0);
            let _ = asked.send(String::from_utf8_lossy(&bytes[..n]).into_owned());
            for piece in answer.chunks(1000) {
                if stream.write_all(piece).is_err() {
                    break;
                }
            }
        }
    });
    let control = Control {
        at: SocketAddrV4::new(Ipv4Addr::LOCALHOST, port),
        path: "/ctl".into(),
        kind: KINDS[1],
    };
    (control, asks)
}

fn said(status: &str, body: &str) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}", body.len());
    format!("{head}\r\n\r\n{body}").into_bytes()
}

#[tokio::test]
async fn a_router_is_asked_and_its_refusal_has_a_code() {
    let address = "<u:GetExternalIPAddressResponse><NewExternalIPAddress dt:dt=\"string\">8.8.4.4</NewExternalIPAddress>";
    let no = "<s:Fault><UPnPError><errorCode>718</errorCode></UPnPError></s:Fault>";
    let (control, asks) = answering(vec![
        said("200 OK", address),
        said("200 OK", ""),
        said("500 No", no),
        said("500 No", "what?"),
    ]);
    let out = control.external_address().await;
    assert_eq!(out, Ok(Ipv4Addr::new(8, 8, 4, 4)));
    let entry = Entry {
        protocol: "UDP",
        external: 4711,
        internal: SocketAddrV4::new(Ipv4Addr::new(192, 168, 1, 7), 4712),
        lease: 3600,
    };
    assert_eq!(control.add(&entry).await, Ok(()));
    assert_eq!(control.add(&entry).await, Err(Failed::Code(718)));
    assert_eq!(control.remove("TCP", 4711).await, Err(Failed::Silent));
    let asked: Vec<String> = asks.iter().take(4).collect();
    let soap = format!("SOAPAction: \"{}#AddPortMapping\"", KINDS[1]);
    assert!(asked[1].contains(&soap), "{}", asked[1]);
    assert!(asked[1].contains("<NewInternalClient>192.168.1.7</NewInternalClient>"));
    assert!(!asked.concat().to_lowercase().contains("troth"));
}

#[tokio::test]
async fn an_answer_without_an_end_is_given_up() {
    let endless = [said("200 OK", ""), vec![b' '; 40 * ANSWER]].concat();
    let endless = String::from_utf8(endless)
        .unwrap()
        .replace("Content-Length: 0\r\n", "");
    let late = said("200 OK", &"<a>".repeat(ANSWER));
    let elsewhere = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\n\r\n".to_vec();
    let (control, _asks) = answering(vec![endless.into_bytes(), late, elsewhere]);
    for _ in 0..3 {
        assert_eq!(control.external_address().await, Err(Failed::Silent));
    }
}
