//! Any `Forwarded` and `X-Forwarded-Proto` are answered, by their beginning alone.
#![no_main]

use libfuzzer_sys::fuzz_target;
use obs_core::Headers;
use obs_tracing::forwarded_scheme;

struct Sent<'a>(Option<&'a [u8]>, Option<&'a [u8]>);

impl Headers for Sent<'_> {
    fn get(&self, name: &str) -> Option<&[u8]> {
        if name == "forwarded" { self.0 } else { self.1 }
    }
}

fuzz_target!(|values: (&[u8], &[u8])| {
    let (forwarded, proto) = values;
    let scheme = forwarded_scheme(&Sent(Some(forwarded), Some(proto)));
    let standard = forwarded_scheme(&Sent(Some(forwarded), None));
    let other = forwarded_scheme(&Sent(None, Some(proto)));
    assert_eq!(scheme, standard.or(other), "the standard counts first");
    assert!(matches!(scheme, None | Some("https" | "http")));
    let bounded = |value: &[u8]| value[..value.len().min(1024)].to_vec();
    let (short, short_proto) = (bounded(forwarded), bounded(proto));
    assert_eq!(scheme, forwarded_scheme(&Sent(Some(&short), Some(&short_proto))));
    // What a further proxy appends changes nothing.
    if standard.is_some() {
        let more = [forwarded, b", proto=gopher"].concat();
        assert_eq!(forwarded_scheme(&Sent(Some(&more), None)), standard);
    }
    // Whatever is said before, in quotes, is not the scheme.
    if !forwarded.iter().any(|byte| b"\"\\".contains(byte)) && forwarded.len() < 1000 {
        let quoted = [b"for=\"", forwarded, b"\";proto=HTTPS"].concat();
        assert_eq!(forwarded_scheme(&Sent(Some(&quoted), None)), Some("https"));
    }
});
