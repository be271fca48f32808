//! UPnP's Internet Gateway Device: the router is found in its network and asked over HTTP to let a port in (PROTOCOL §8.7).
//!
//! Anybody in the network may answer. Only what comes from the router's own address is read, only the router is called, no
//! answer is longer or takes longer than a limit, and no XML is parsed: what stands between two tags is looked for.

use rustix::net::sockopt;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::{Instant, timeout, timeout_at};

/// Where routers are looked for.
const GROUP: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(239, 255, 255, 250), 1900);
/// How long an answer is waited for, and when it is asked once more.
const SEARCH: (Duration, Duration) = (Duration::from_millis(2_500), Duration::from_millis(800));
/// How long one request may take, with its answer.
const ANSWER_TIME: Duration = Duration::from_secs(3);
/// Bytes of an answer that are taken; real ones have 2 to 20 KiB.
const ANSWER: usize = 64 * 1024;
/// Bytes of a path on the router.
const PATH: usize = 512;
/// Connections of a router that are tried.
const CONNECTIONS: usize = 4;

const KINDS: [&str; 3] = [
    "urn:schemas-upnp-org:service:WANIPConnection:2",
    "urn:schemas-upnp-org:service:WANIPConnection:1",
    "urn:schemas-upnp-org:service:WANPPPConnection:1",
];

/// Why a router does not do what it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// It did not answer, or nothing that can be read.
    Silent,
    /// It answered with this code.
    Code(u16),
}

/// What a router does for its connection to the outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    at: SocketAddrV4,
    path: String,
    kind: &'static str,
}

/// What a router is to let in, and for how long.
pub struct Entry {
    /// `UDP` or `TCP`.
    pub protocol: &'static str,
    /// The port outside.
    pub external: u16,
    /// This device, and its port.
    pub internal: SocketAddrV4,
    /// Seconds; 0 for ever.
    pub lease: u32,
}

/// Looks for what the router at this address does; `own` is the own address in its network.
pub async fn find(router: Ipv4Addr, own: Ipv4Addr) -> Option<(Control, Ipv4Addr)> {
    let (port, path) = search(router, own).await?;
    let about = ask(router, port, &get(router, port, &path)).await?;
    if about.status != 200 {
        return None;
    }
    for control in controls(&about.body, router, (port, &path)) {
        // One that is not connected has no address.
        match control.external_address().await {
            Ok(address) if !address.is_unspecified() => return Some((control, address)),
            _ => {}
        }
    }
    None
}

/// Where the router describes itself: a port and a path.
async fn search(router: Ipv4Addr, own: Ipv4Addr) -> Option<(u16, String)> {
    let socket = UdpSocket::bind((own, 0)).await.ok()?;
    sockopt::set_ip_multicast_if(&socket, &own).ok()?;
    let ends = Instant::now() + SEARCH.0;
    let mut again = Some(Instant::now() + SEARCH.1);
    let mut bytes = [0; 2048];
    search_once(&socket).await;
    loop {
        let until = again.unwrap_or(ends);
        match timeout_at(until, socket.recv_from(&mut bytes)).await {
            Ok(Ok((n, from))) if from.ip() == router => {
                let text = std::str::from_utf8(&bytes[..n]).unwrap_or_default();
                if let Some(place) = header(text, "location").and_then(|at| place(at, router)) {
                    return Some(place);
                }
            }
            Ok(Ok(_)) => {}
            // What a send led to, such as that nobody is there.
            Ok(Err(_)) => tokio::time::sleep(Duration::from_millis(20)).await,
            Err(_) if again.take().is_some() => search_once(&socket).await,
            Err(_) => return None,
        }
        if Instant::now() >= ends {
            return None; // whoever else answers does not prolong it
        }
    }
}

async fn search_once(socket: &UdpSocket) {
    for target in [
        "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
        KINDS[1],
        KINDS[2],
    ] {
        let text = format!(
            "M-SEARCH * HTTP/1.1\r\nHOST: {GROUP}\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: {target}\r\n\r\n"
        );
        let _ = socket.send_to(text.as_bytes(), GROUP).await;
    }
}

/// The port and the path of a URL that leads to the router itself by its number.
fn place(url: &str, router: Ipv4Addr) -> Option<(u16, String)> {
    let rest = url.trim().strip_prefix("http://")?;
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (ip, port) = match host.split_once(':') {
        Some((ip, port)) => (ip, port.parse().ok()?),
        None => (host, 80),
    };
    let there = ip.parse::<Ipv4Addr>() == Ok(router) && port != 0;
    let path = if path.is_empty() { "/" } else { path };
    (there && is_path(path)).then(|| (port, path.to_owned()))
}

fn is_path(path: &str) -> bool {
    path.starts_with('/') && path.len() <= PATH && path.bytes().all(|b| b.is_ascii_graphic())
}

/// Where a reference in a description leads: to the router, or nowhere.
fn resolve(reference: &str, router: Ipv4Addr, base: (u16, &str)) -> Option<(u16, String)> {
    if reference.contains("://") {
        return place(reference, router);
    }
    let path = if reference.starts_with('/') {
        reference.to_owned()
    } else {
        let folder = base.1.rfind('/').map_or("/", |at| &base.1[..=at]);
        format!("{folder}{reference}")
    };
    is_path(&path).then_some((base.0, path))
}

/// What a description names that can let ports in.
fn controls(about: &str, router: Ipv4Addr, at: (u16, &str)) -> Vec<Control> {
    let base = match between(about, "URLBase") {
        Some(url) if !url.is_empty() => match place(url, router) {
            Some(base) => base,
            None => return Vec::new(),
        },
        _ => (at.0, at.1.to_owned()),
    };
    let mut all = Vec::new();
    for service in about.split("<service>").skip(1) {
        let Some((service, _)) = service.split_once("</service>") else {
            break;
        };
        let named = between(service, "serviceType").unwrap_or_default();
        let kind = KINDS.into_iter().find(|kind| *kind == named);
        let path = between(service, "controlURL").unwrap_or_default();
        let path = path.replace("&amp;", "&");
        let to = resolve(&path, router, (base.0, &base.1));
        if let (Some(kind), Some((port, path))) = (kind, to) {
            let at = SocketAddrV4::new(router, port);
            all.push(Control { at, path, kind });
        }
        if all.len() == CONNECTIONS {
            break;
        }
    }
    all
}

/// What stands between a tag, whatever else is in it, and its end, without the blanks around it.
fn between<'a>(text: &'a str, tag: &str) -> Option<&'a str> {
    let (begin, end) = (format!("<{tag}"), format!("</{tag}>"));
    let mut begun = text.split(begin.as_str()).skip(1);
    let rest = begun.find(|rest| rest.starts_with(['>', ' ', '\t', '\r', '\n']))?;
    let (_, rest) = rest.split_once('>')?;
    let (inside, _) = rest.split_once(end.as_str())?;
    Some(inside.trim())
}

/// A header of an HTTP message, whatever its case.
fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut named = lines.filter(|(it, _)| it.trim().eq_ignore_ascii_case(name));
    named.next().map(|(_, value)| value.trim())
}

impl Control {
    /// The router's address outside.
    pub async fn external_address(&self) -> Result<Ipv4Addr, Failed> {
        let answer = self.act("GetExternalIPAddress", &[]).await?;
        let address = between(&answer, "NewExternalIPAddress").and_then(|ip| ip.parse().ok());
        address.ok_or(Failed::Silent)
    }

    /// Lets in, or goes on to.
    pub async fn add(&self, entry: &Entry) -> Result<(), Failed> {
        let (external, internal) = (
            entry.external.to_string(),
            entry.internal.port().to_string(),
        );
        let (client, lease) = (entry.internal.ip().to_string(), entry.lease.to_string());
        // Whoever looks at the router's list reads this: no more than what stands there anyway.
        let says = format!("{} {internal}", entry.protocol);
        let words: [(&str, &str); 8] = [
            ("NewRemoteHost", ""),
            ("NewExternalPort", &external),
            ("NewProtocol", entry.protocol),
            ("NewInternalPort", &internal),
            ("NewInternalClient", &client),
            ("NewEnabled", "1"),
            ("NewPortMappingDescription", &says),
            ("NewLeaseDuration", &lease),
        ];
        self.act("AddPortMapping", &words).await.map(|_| ())
    }

    /// Lets in no more.
    pub async fn remove(&self, protocol: &'static str, external: u16) -> Result<(), Failed> {
        let external = external.to_string();
        let words: [(&str, &str); 3] = [
            ("NewRemoteHost", ""),
            ("NewExternalPort", &external),
            ("NewProtocol", protocol),
        ];
        self.act("DeletePortMapping", &words).await.map(|_| ())
    }

    async fn act(&self, action: &str, words: &[(&str, &str)]) -> Result<String, Failed> {
        let (Self { at, path, kind }, mut inside) = (self, String::new());
        for (name, value) in words {
            inside += &format!("<{name}>{value}</{name}>");
        }
        let body = format!(
            "<?xml version=\"1.0\"?>\r\n<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" \
             s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body><u:{action} xmlns:u=\"{kind}\">\
             {inside}</u:{action}></s:Body></s:Envelope>\r\n"
        );
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {at}\r\nContent-Type: text/xml; charset=\"utf-8\"\r\n\
             SOAPAction: \"{kind}#{action}\"\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        let answer = ask(*at.ip(), at.port(), &request).await;
        let answer = answer.ok_or(Failed::Silent)?;
        match answer.status {
            200 => Ok(answer.body),
            _ => {
                let code = between(&answer.body, "errorCode").and_then(|code| code.parse().ok());
                Err(code.map_or(Failed::Silent, Failed::Code))
            }
        }
    }
}

fn get(router: Ipv4Addr, port: u16, path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {router}:{port}\r\nConnection: close\r\n\r\n")
}

/// An answer over HTTP.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: u16,
    body: String,
}

/// Asks the router, and follows nobody elsewhere.
async fn ask(router: Ipv4Addr, port: u16, request: &str) -> Option<Answer> {
    let asked = async {
        let mut stream = TcpStream::connect((router, port)).await.ok()?;
        stream.write_all(request.as_bytes()).await.ok()?;
        let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
        let mut whole = None;
        loop {
            let n = stream.read(&mut part).await.ok()?;
            if n == 0 {
                break;
            }
            let before = bytes.len();
            bytes.extend_from_slice(&part[..n]);
            if bytes.len() > ANSWER {
                return None;
            }
            // The head is looked at once, when its end has come.
            let from = before.saturating_sub(3);
            if whole.is_none()
                && let Some(end) = head_end(&bytes[from..])
            {
                whole = Some(length(&bytes[..from + end]).map(|length| from + end + length));
            }
            match whole {
                Some(Some(whole)) if bytes.len() >= whole => break,
                Some(None) if bytes.ends_with(b"\r\n0\r\n\r\n") => break,
                _ => {}
            }
        }
        read(&bytes)
    };
    timeout(ANSWER_TIME, asked).await.ok().flatten()
}

/// Where a head is over.
fn head_end(bytes: &[u8]) -> Option<usize> {
    let at = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(at + 4)
}

/// Bytes of the body, if the head says so; none if it goes on to the end.
fn length(head: &[u8]) -> Option<usize> {
    let head = std::str::from_utf8(head).ok()?;
    let length = header(head, "content-length")?.parse().ok()?;
    Some(usize::min(length, ANSWER))
}

fn read(bytes: &[u8]) -> Option<Answer> {
    let (head, body) = bytes.split_at(head_end(bytes)?);
    let head = std::str::from_utf8(head).ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let chunked = header(head, "transfer-encoding");
    let body = if chunked.is_some_and(|it| it.eq_ignore_ascii_case("chunked")) {
        joined(body)?
    } else {
        body.to_vec()
    };
    let body = String::from_utf8_lossy(&body).into_owned();
    Some(Answer { status, body })
}

/// What stands in chunks, in one piece.
fn joined(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    loop {
        let end = bytes.windows(2).position(|two| two == b"\r\n")?;
        let size = std::str::from_utf8(&bytes[..end]).ok()?;
        let size = size.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        bytes = &bytes[end + 2..];
        if size == 0 {
            return Some(all);
        }
        all.extend_from_slice(bytes.get(..size)?);
        bytes = bytes.get(size..)?.strip_prefix(b"\r\n")?;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
