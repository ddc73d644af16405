//! Which servers TLS trusts: the system's authorities, and those of `OTEL_EXPORTER_OTLP_CERTIFICATE`.

use std::fs::File;
use std::io::{self, Read as _};
use std::sync::Arc;

use http::Uri;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

/// A larger file is not read.
const MAX_FILE: u64 = 1 << 20;

/// The PEM of a file, if it has at least one certificate that can be trusted.
pub(crate) fn read(path: &str) -> Option<Vec<u8>> {
    // A pipe would block.
    if !std::fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut pem = Vec::new();
    File::open(path).ok()?.take(MAX_FILE + 1).read_to_end(&mut pem).ok()?;
    let fits = u64::try_from(pem.len()).is_ok_and(|length| length <= MAX_FILE);
    let mut roots = RootCertStore::empty();
    add(&mut roots, &pem);
    (fits && !roots.is_empty()).then_some(pem)
}

/// The TLS of a client for `uri`, which trusts the system's authorities and those of this PEM.
///
/// # Errors
/// If there are none and `uri` is `https`.
pub(crate) fn config(uri: &Uri, authorities: &[u8]) -> io::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    if uri.scheme_str() == Some("https") {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        add(&mut roots, authorities);
        if roots.is_empty() {
            return Err(io::Error::other("the system has no valid certificates of authorities"));
        }
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

fn add(roots: &mut RootCertStore, pem: &[u8]) {
    roots.add_parsable_certificates(CertificateDer::pem_slice_iter(pem).filter_map(Result::ok));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_with_a_certificate_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let key = rcgen::KeyPair::generate().unwrap();
        let own =
            rcgen::CertificateParams::new(Vec::new()).unwrap().self_signed(&key).unwrap().pem();
        assert_eq!(read(&file("own", &own)), Some(own.clone().into_bytes()));
        let half = &own[..own.len() / 2];
        let long = format!("{own}{}", "#".repeat(1 << 20));
        for (name, text) in [("none", "nothing"), ("half", half), ("long", &long), ("empty", "")] {
            assert_eq!(read(&file(name, text)), None, "{name}");
        }
        for path in ["/no/such/file", "/dev/zero", folder.path().to_str().unwrap(), ""] {
            assert_eq!(read(path), None, "{path}");
        }
    }
}
