//! TLS on the wire: the certificates of the system decide, here those of `SSL_CERT_FILE`.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

mod common;

use std::env;
use std::process::Command;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use common::collector::{Grpc, relay};
use common::{assert_conserved, exchange, sample, spans_to};
use obs_core::ServiceIdentity;
use obs_core::config::Reader;
use obs_otlp::{ExportSettings, Exporter, Protocol};
use obs_testing::{OK, Scripted};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use tokio_rustls::TlsAcceptor;

/// A server for `localhost` in front of `port`, and the certificate of whoever signed for it.
fn tls(port: u16, alpn: &str) -> (u16, String) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let server = server.signed_by(&key, &authority).unwrap();
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![server.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    config.alpn_protocols = vec![alpn.as_bytes().to_vec()];
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(relay(acceptor, port, &sender));
    });
    (receiver.recv().unwrap(), authority.pem())
}

/// Another process, since the certificates come from its environment.
fn export(certificates: &str, port: u16, protocol: &str, expected: &str, more: &[(&str, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, certificates).unwrap();
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "exporting_process", "--ignored", "--nocapture"])
        .env("SSL_CERT_FILE", &file)
        .envs(more.iter().copied())
        .env("TEST_EXPORT", format!("{protocol} https://localhost:{port} {expected}"))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{text}");
    assert!(text.contains("1 passed"), "{text}");
}

#[test]
#[ignore = "run by the tests below, as a process"]
fn exporting_process() {
    let Ok(order) = env::var("TEST_EXPORT") else { return };
    let [protocol, endpoint, expected] = order.split(' ').collect::<Vec<_>>()[..] else { panic!() };
    let protocol = if protocol == "grpc" { Protocol::Grpc } else { Protocol::Http };
    let exporter = match env::var("OTEL_EXPORTER_OTLP_CERTIFICATE") {
        Err(_) => spans_to(endpoint, protocol),
        Ok(_) => {
            let mut reader = Reader::process();
            let settings = ExportSettings::read(&mut reader);
            assert_eq!(reader.outcome().unwrap().faults.len(), 0);
            Exporter::start(&settings, &ServiceIdentity::default(), None)
        }
    };
    exporter.spans().unwrap().push(exchange("GET /"));
    let end = exporter.shutdown(Duration::from_secs(8));
    assert_conserved(end.traces, 2);
    if expected == "written" {
        assert_eq!(end.traces.written, 2);
    } else {
        assert_eq!(sample(&exporter, "obs_export_dropped_total traces unreachable"), 2);
    }
}

#[test]
fn a_known_authority_is_trusted_and_another_is_not() {
    let http = Scripted::new(&[OK]);
    let grpc = Grpc::new(&[|| Ok(Default::default())]);
    let (_, stranger) = tls(1, "h2");
    for (name, port, alpn) in [("http", http.port, "http/1.1"), ("grpc", grpc.port, "h2")] {
        let (port, authority) = tls(port, alpn);
        export(&authority, port, name, "written", &[]);
        export(&stranger, port, name, "unreachable", &[]);
        export("nothing\n", port, name, "unreachable", &[]);
    }
    assert_eq!((http.got().len(), grpc.len()), (1, 1));
}

/// Beside the system's, which are a stranger's or none.
#[test]
fn the_standard_variable_names_a_further_authority() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("further.pem");
    let http = Scripted::new(&[OK]);
    let grpc = Grpc::new(&[|| Ok(Default::default())]);
    let (_, stranger) = tls(1, "h2");
    for (name, port, alpn, system) in
        [("http", http.port, "http/1.1", &*stranger), ("grpc", grpc.port, "h2", "nothing\n")]
    {
        let (port, authority) = tls(port, alpn);
        std::fs::write(&file, authority).unwrap();
        let protocol = if name == "grpc" { "grpc" } else { "http/protobuf" };
        let set = [
            ("OTEL_EXPORTER_OTLP_CERTIFICATE", file.to_str().unwrap()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &format!("https://localhost:{port}")),
        ];
        export(system, port, name, "written", &set);
    }
    assert_eq!((http.got().len(), grpc.len()), (1, 1));
}
