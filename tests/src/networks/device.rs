//! A device: where a daemon runs, with interfaces that can be plugged in, pulled out and moved.

use super::Space;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// A device with interfaces.
pub struct Device {
    /// Where its programs run.
    pub space: Space,
    name: String,
    /// Which namespace the far end of each interface is in.
    far: RefCell<BTreeMap<String, String>>,
}

impl Device {
    /// A device without interfaces.
    pub fn new(scenario: &str, name: &str) -> Self {
        Self {
            space: Space::new(scenario, name),
            name: name.to_owned(),
            far: RefCell::default(),
        }
    }

    /// What the far end of an interface is called in the switch it is plugged into.
    pub fn port(&self, interface: &str) -> String {
        format!("{}-{interface}", self.name)
    }

    /// Plugs an interface into the switch in a namespace, from wherever it was, and gives it these addresses and no others,
    /// as a network would that knows it.
    pub fn plug(&self, interface: &str, into: &Space, addresses: &[&str]) {
        self.take_to(interface, into);
        self.addressed(interface, addresses);
    }

    /// The same, with a router that leads on.
    pub fn plug_with_router(&self, interface: &str, into: &Space, address: &str, router: &str) {
        self.plug(interface, into, &[address]);
        self.leads_on(interface, router);
    }

    /// Moves an interface to another switch, without an address so far.
    fn take_to(&self, interface: &str, into: &Space) {
        let port = self.port(interface);
        let mut far = self.far.borrow_mut();
        match far.get(interface) {
            None => {
                let (own, other) = (&self.space.name, &into.name);
                self.space.ip(&format!(
                    "link add {interface} netns {own} type veth peer name {port} netns {other}"
                ));
            }
            Some(at) if *at != into.name => {
                // As when a radio leaves: first the carrier goes, then the addresses.
                let ip = |line: String| super::space::ip_in(at, &line);
                ip(format!("link set {port} down"));
                self.space
                    .ip(&format!("addr flush dev {interface} scope global"));
                ip(format!("link set {port} netns {}", into.name));
            }
            Some(_) => {}
        }
        far.insert(interface.to_owned(), into.name.clone());
        into.ip(&format!("link set {port} master lan up"));
        self.space.ip(&format!("link set {interface} up"));
    }

    /// Gives an interface these addresses in place of the ones it has.
    pub fn addressed(&self, interface: &str, addresses: &[&str]) {
        self.space
            .ip(&format!("addr flush dev {interface} scope global"));
        for address in addresses {
            let broadcast = if address.contains(':') { "" } else { " brd +" };
            self.space
                .ip(&format!("addr add {address}{broadcast} dev {interface}"));
        }
    }

    /// The router that leads on, in the network of an interface.
    pub fn leads_on(&self, interface: &str, router: &str) {
        self.space.ip(&format!(
            "route replace default via {router} dev {interface}"
        ));
    }

    /// Pulls the cable out at the switch; the interface keeps its addresses.
    pub fn pull(&self, interface: &str) {
        self.far_end(interface, "down");
    }

    /// Puts the cable back.
    pub fn put_back(&self, interface: &str) {
        self.far_end(interface, "up");
    }

    /// Pulls the cable out for good: the addresses go, as a system lets them go.
    pub fn leave(&self, interface: &str) {
        self.pull(interface);
        self.space
            .ip(&format!("addr flush dev {interface} scope global"));
    }

    fn far_end(&self, interface: &str, to: &str) {
        let far = self.far.borrow();
        let port = self.port(interface);
        super::space::ip_in(&far[interface], &format!("link set {port} {to}"));
    }

    /// A firewall that drops, without a word, whatever does not answer this device. What it remembers of UDP goes soon, so that
    /// a test need not wait two minutes for it.
    pub fn drops_inbound(&self) {
        self.space.nft(
            "table inet troth {\nchain input {\ntype filter hook input priority 0; policy drop;\n\
             iif lo accept\nct state established,related accept\nmeta l4proto { icmp, icmpv6 } accept\n}\n}\n",
        );
        for (what, seconds) in [("timeout", "10"), ("timeout_stream", "12")] {
            let what = format!("netfilter/nf_conntrack_udp_{what}");
            self.space.set(&what, seconds);
        }
    }

    /// How much of UDP its firewall remembers, and lets in as an answer.
    pub fn still_open(&self) -> usize {
        let mut cat = self.space.command("cat");
        let table = cat.arg("/proc/net/nf_conntrack").output().expect("cat");
        assert!(table.status.success(), "{table:?}");
        let table = String::from_utf8_lossy(&table.stdout).into_owned();
        table.lines().filter(|line| line.contains(" udp ")).count()
    }
}
