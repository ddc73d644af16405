use std::net::SocketAddr;

use axum::extract::connect_info::Connected;
use axum::serve::Listener;

/// A connection that was accepted: what [`Serve::serve`](crate::Serve::serve) makes a service for.
///
/// It is to `serve` what [`axum::serve::IncomingStream`] is to `axum::serve`. A type of your own that
/// handlers extract as `ConnectInfo` implements [`Connected`] for it:
///
/// ```
/// # #[cfg(unix)] mod unix {
/// use axum::extract::connect_info::Connected;
/// use obs_axum::Incoming;
/// use tokio::net::UnixListener;
///
/// #[derive(Clone)]
/// struct Peer(Option<u32>);
///
/// impl Connected<Incoming<'_, UnixListener>> for Peer {
///     fn connect_info(incoming: Incoming<'_, UnixListener>) -> Self {
///         Self(incoming.io().peer_cred().ok().map(|peer| peer.uid()))
///     }
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Incoming<'a, L: Listener> {
    io: &'a L::Io,
    remote_addr: &'a L::Addr,
}

impl<'a, L: Listener> Incoming<'a, L> {
    pub(super) fn new(io: &'a L::Io, remote_addr: &'a L::Addr) -> Self {
        Self { io, remote_addr }
    }

    /// The connection.
    #[must_use]
    pub fn io(&self) -> &L::Io {
        self.io
    }

    /// The address of the client.
    #[must_use]
    pub fn remote_addr(&self) -> &L::Addr {
        self.remote_addr
    }
}

impl<L: Listener<Addr = SocketAddr>> Connected<Incoming<'_, L>> for SocketAddr {
    fn connect_info(incoming: Incoming<'_, L>) -> Self {
        *incoming.remote_addr
    }
}
