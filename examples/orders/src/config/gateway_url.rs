use hyper::Uri;

use super::Fault;

/// Where the payment gateway is.
#[derive(Debug, Clone)]
pub struct GatewayUrl {
    pub host: String,
    pub port: u16,
    pub path: String,
}

impl GatewayUrl {
    /// # Errors
    ///
    /// Not of the form `http://HOST[:PORT][/PATH]`.
    pub fn new(url: &str) -> Result<Self, Fault> {
        let fault =
            |problem: &str| Fault::new("GATEWAY_URL", url, problem, "write http://HOST:PORT/PATH");
        let uri: Uri = url.parse().map_err(|_| fault("not a URL"))?;
        if uri.scheme_str() != Some("http") {
            return Err(fault("only plain http is built in"));
        }
        let authority = uri.authority().ok_or_else(|| fault("no host"))?;
        if authority.as_str().contains('@') {
            return Err(fault("a login is not supported"));
        }
        let port = authority.port_u16().unwrap_or(80);
        Ok(Self { host: authority.host().to_owned(), port, path: uri.path().to_owned() })
    }

    /// `host:port`, for the `Host` header.
    pub fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}
