//! Where a request comes from: the address that API Gateway saw, or the socket's on one machine. Never what a header
//! says, for anybody can write one.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request};

/// An address, or for IPv6 the network of one household or company (RFC 6177): whoever has one address there has them
/// all.
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

/// The source of a request; none where neither gateway nor socket told.
#[must_use]
pub fn from_request(request: &Request) -> Option<ClientNetwork> {
    let told = request.extensions().get::<ClientNetwork>().copied();
    told.or_else(|| request.extensions().get::<ConnectInfo<SocketAddr>>().map(|socket| socket.0.ip().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(address: &str) -> ClientNetwork {
        address.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn a_request_comes_from_where_the_gateway_says_else_from_the_socket_and_never_from_where_it_says_itself() {
        let mut request = Request::new(axum::body::Body::empty());
        request.headers_mut().insert("x-forwarded-for", http::HeaderValue::from_static("192.0.2.9"));
        assert_eq!(from_request(&request), None);
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 443))));
        assert_eq!(from_request(&request), Some(source("192.0.2.1")));
        request.extensions_mut().insert(source("192.0.2.2"));
        assert_eq!(from_request(&request), Some(source("192.0.2.2")));
    }

    #[test]
    fn one_network_is_one_source() {
        assert_eq!(source("2001:db8:1:2::1"), source("2001:db8:1:2:ffff::9"));
        assert_ne!(source("2001:db8:1:2::1"), source("2001:db8:1:3::1"));
        assert_ne!(source("192.0.2.1"), source("192.0.2.2"));
        assert_eq!(source("::ffff:192.0.2.1"), source("192.0.2.1"));
    }
}
