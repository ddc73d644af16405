use std::net::{IpAddr, Ipv6Addr};

/// Whose `Forwarded` and `X-Forwarded-Proto` headers are believed.
///
/// They say how a client reached the first proxy, and anyone can send them. A request whose peer is
/// not known, as with axum without `ConnectInfo`, is believed by [`Private`](Self::Private) and
/// [`All`](Self::All) only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrustedProxies {
    /// Peers on this host and in private networks: loopback, 10/8, 172.16/12, 192.168/16, 100.64/10,
    /// 169.254/16, fc00::/7, fe80::/10. The default.
    #[default]
    Private,
    /// Every peer.
    All,
    /// No peer: the headers are not read.
    None,
    /// Peers in these networks.
    Networks(Vec<Network>),
}

/// An IP network, such as `10.1.0.0/16`, or a single address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// As an IPv6 address; IPv4 is mapped into it.
    address: u128,
    prefix: u32,
}

/// How many bits an IPv4 address has in front as an IPv6 address.
const MAPPED: u32 = 96;
/// Most networks of a list.
const MAX_NETWORKS: usize = 64;

impl TrustedProxies {
    /// What `private`, `all`, `none`, or a list of addresses and networks with commas stands for; at
    /// most 64.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "private" => Some(Self::Private),
            "all" => Some(Self::All),
            "none" => Some(Self::None),
            list => {
                let networks: Option<Vec<_>> =
                    list.split(',').take(MAX_NETWORKS + 1).map(Network::parse).collect();
                networks.filter(|list| list.len() <= MAX_NETWORKS).map(Self::Networks)
            }
        }
    }

    /// Whether the headers of a request from this peer are believed.
    #[must_use]
    pub fn trust(&self, peer: Option<IpAddr>) -> bool {
        match (self, peer) {
            (Self::All, _) | (Self::Private, None) => true,
            (Self::None, _) | (Self::Networks(_), None) => false,
            (Self::Private, Some(peer)) => is_private(peer),
            (Self::Networks(networks), Some(peer)) => {
                networks.iter().any(|network| network.contains(peer))
            }
        }
    }
}

impl Network {
    /// What an address or `address/prefix` stands for.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let before = if address.is_ipv4() { MAPPED } else { 0 };
        let prefix = prefix.map_or(128, |prefix| before.saturating_add(prefix));
        (prefix <= 128).then(|| Self { address: bits(address), prefix })
    }

    /// Whether the address is in it.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        // Shifted by 128 there is nothing left to differ.
        let differ = self.address ^ bits(address);
        differ.checked_shr(128 - self.prefix).unwrap_or(0) == 0
    }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

fn is_private(peer: IpAddr) -> bool {
    match peer.to_canonical() {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            address.is_loopback()
                || address.is_private()
                || address.is_link_local()
                || (first == 100 && second & 0xc0 == 64)
        }
        IpAddr::V6(address) => {
            address == Ipv6Addr::LOCALHOST
                || address.is_unique_local()
                || address.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trusts(proxies: &str, peer: &str) -> bool {
        TrustedProxies::parse(proxies).unwrap().trust(peer.parse().ok())
    }

    #[test]
    fn who_is_trusted() {
        for peer in [
            "127.0.0.1",
            "127.8.8.8",
            "::1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.3.4",
            "100.64.0.1",
            "169.254.1.1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(
                trusts("private", peer) && trusts("all", peer) && !trusts("none", peer),
                "{peer}"
            );
        }
        for peer in ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2001:db8::1", "::ffff:8.8.8.8"] {
            assert!(!trusts("private", peer) && trusts("all", peer), "{peer}");
        }
        let list = "10.1.0.0/16, 192.0.2.7 ,2001:db8::/32";
        for peer in ["10.1.255.255", "::ffff:10.1.0.1", "192.0.2.7", "2001:db8:ffff::1"] {
            assert!(trusts(list, peer), "{peer}");
        }
        for peer in ["10.2.0.0", "192.0.2.8", "2001:db9::1", "127.0.0.1"] {
            assert!(!trusts(list, peer), "{peer}");
        }
        assert!(trusts("0.0.0.0/0", "8.8.8.8") && !trusts("0.0.0.0/0", "2001:db8::1"));
        assert!(trusts("::/0", "8.8.8.8") && trusts("::/0", "2001:db8::1"));
        let unknown = "";
        assert!(trusts("private", unknown) && trusts("all", unknown));
        assert!(!trusts("none", unknown) && !trusts("::/0", unknown));
    }

    #[test]
    fn what_is_no_list() {
        for text in
            ["", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "proxy", "10.0.0.1;10.0.0.2", "10.0.0.1,"]
        {
            assert_eq!(TrustedProxies::parse(text), None, "{text:?}");
        }
        assert_eq!(TrustedProxies::parse(&["10.0.0.1"; 65].join(",")), None);
    }
}
