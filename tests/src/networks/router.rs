//! A home router: its own network behind one public address, as nearly all have it.

use super::{Lan, Space};

/// A router with masquerading: one public address and the same port for one behind it, whomever it talks to, and nobody
/// gets in who was not spoken to.
pub struct Router {
    /// The network behind it.
    pub lan: Lan,
    /// Its address in the network that leads on, as the kernel's table of mappings writes it.
    outside: String,
}

impl Router {
    /// A router whose network has the address `inside` (`192.168.7.1/24`) for it, and which is `outside` in the network that
    /// leads on.
    pub fn new(scenario: &str, name: &str, inside: &str, leads_to: &Space, outside: &str) -> Self {
        let lan = Lan::new(scenario, name);
        lan.space.ip(&format!("addr add {inside} brd + dev lan"));
        lan.space.set("ipv4/ip_forward", "1");
        // Mappings go soon, so that a test need not wait two minutes for one to be gone.
        lan.space.set("netfilter/nf_conntrack_udp_timeout", "10");
        lan.space
            .set("netfilter/nf_conntrack_udp_timeout_stream", "12");
        let (own, other) = (&lan.space.name, &leads_to.name);
        lan.space.ip(&format!(
            "link add wan netns {own} type veth peer name {name}-wan netns {other}"
        ));
        leads_to.ip(&format!("link set {name}-wan master lan up"));
        lan.space.ip("link set wan up");
        lan.space.ip(&format!("addr add {outside} dev wan"));
        lan.space.nft(
            "table inet troth {\n\
             chain out {\ntype nat hook postrouting priority 100;\noifname wan masquerade\n}\n\
             chain in {\ntype nat hook prerouting priority -100;\n}\n\
             chain input {\ntype filter hook input priority 0;\n\
             iifname wan ct state established,related accept\niifname wan drop\n}\n\
             chain forward {\ntype filter hook forward priority 0;\nct status dnat accept\n\
             iifname wan ct state established,related accept\niifname wan drop\n}\n}\n",
        );
        let ip = outside.split('/').next().unwrap_or_default();
        Self {
            lan,
            outside: format!("dst={ip} "),
        }
    }

    /// Lets a port in, to one behind it.
    pub fn lets_in(&self, port: u16, to: &str) {
        for kind in ["udp", "tcp"] {
            self.lan.space.nft(&format!(
                "add rule inet troth in iifname wan {kind} dport {port} dnat ip to {to}:{port}\n"
            ));
        }
    }

    /// Lets nobody in any more.
    pub fn lets_nobody_in(&self) {
        self.lan.space.nft("flush chain inet troth in\n");
    }

    /// How many are still let in over UDP because somebody behind it, or in front of it, has spoken before.
    pub fn still_open(&self) -> usize {
        let mut cat = self.lan.space.command("cat");
        let table = cat.arg("/proc/net/nf_conntrack").output().expect("cat");
        assert!(table.status.success(), "{table:?}");
        let table = String::from_utf8_lossy(&table.stdout).into_owned();
        let open = |line: &&str| line.contains(" udp ") && line.contains(&self.outside);
        table.lines().filter(open).count()
    }

    /// How many bytes a packet may have on the line to the world.
    pub fn carries(&self, bytes: u32) {
        self.lan.space.ip(&format!("link set wan mtu {bytes}"));
    }

    /// The line to the world is cut, or whole again.
    pub fn line(&self, to: &str) {
        self.lan.space.ip(&format!("link set wan {to}"));
    }
}
