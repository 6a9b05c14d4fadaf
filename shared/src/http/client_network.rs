//! The network that a request comes from: the address that API Gateway saw, or the socket's in the local deployment. Never the
//! value of a header, because anybody can send one.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request};

/// An IPv4 address, or the IPv6 network of one household or company, which has all addresses in it (RFC 6177).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientNetwork(IpAddr);

impl From<IpAddr> for ClientNetwork {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
            }
            IpAddr::V4(address) => address.into(),
        })
    }
}

/// The network of a request; `None` if neither gateway nor socket is known.
#[must_use]
pub fn from_request(request: &Request) -> Option<ClientNetwork> {
    let from_gateway = request.extensions().get::<ClientNetwork>().copied();
    from_gateway.or_else(|| request.extensions().get::<ConnectInfo<SocketAddr>>().map(|socket| socket.0.ip().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(address: &str) -> ClientNetwork {
        address.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn the_gateway_decides_then_the_socket_and_never_a_header() {
        let mut request = Request::new(axum::body::Body::empty());
        request.headers_mut().insert("x-forwarded-for", http::HeaderValue::from_static("192.0.2.9"));
        assert_eq!(from_request(&request), None);
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 443))));
        assert_eq!(from_request(&request), Some(source("192.0.2.1")));
        request.extensions_mut().insert(source("192.0.2.2"));
        assert_eq!(from_request(&request), Some(source("192.0.2.2")));
    }

    #[test]
    fn one_ipv6_network_counts_once() {
        assert_eq!(source("2001:db8:1:2::1"), source("2001:db8:1:2:ffff::9"));
        assert_ne!(source("2001:db8:1:2::1"), source("2001:db8:1:3::1"));
        assert_ne!(source("192.0.2.1"), source("192.0.2.2"));
        assert_eq!(source("::ffff:192.0.2.1"), source("192.0.2.1"));
    }
}
