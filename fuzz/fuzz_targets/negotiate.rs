//! Any headers are answered, and an element that is not ours changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use obs_metrics::Representation;

fuzz_target!(|headers: (&str, &str)| {
    let (accept, accept_encoding) = headers;
    let chosen = Representation::negotiate(accept, accept_encoding);
    let others = Representation::negotiate(
        &format!("application/json;a=\"x,y\" , {accept}"),
        &format!("br;q=0.3,{accept_encoding}"),
    );
    assert_eq!(chosen, others);
    // What was chosen is never what is excluded.
    let (content_type, _) = chosen.content_type().split_once(';').unwrap_or_default();
    if content_type != "text/plain" {
        let without = format!("{content_type};version=1.0.0;encoding=delimited;q=0");
        assert_ne!(Representation::negotiate(&without, "").content_type(), chosen.content_type());
    }
});
