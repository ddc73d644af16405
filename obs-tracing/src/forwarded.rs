//! What a proxy says of the client's own connection, in `Forwarded`
//! ([RFC 7239](https://www.rfc-editor.org/rfc/rfc7239)) and `X-Forwarded-Proto`.

use obs_core::Headers;

/// How many bytes of a header are looked at.
const MAX_SCAN: usize = 1024;

/// `https` or `http`, whichever the client used to reach the first proxy.
///
/// `Forwarded` counts before `X-Forwarded-Proto`, and the first element of a list before those that
/// later proxies have added. `None` if no header says either. Only the first 1 KiB of a header is read.
/// Anyone can send these headers: ask only if the peer is a proxy of yours.
#[must_use]
pub fn forwarded_scheme(headers: &dyn Headers) -> Option<&'static str> {
    headers
        .get("forwarded")
        .and_then(|value| proto(bounded(value)))
        .or_else(|| headers.get("x-forwarded-proto").and_then(|value| first(bounded(value))))
}

fn bounded(value: &[u8]) -> &[u8] {
    &value[..value.len().min(MAX_SCAN)]
}

/// The first of several, separated by commas.
fn first(value: &[u8]) -> Option<&'static str> {
    scheme(value.split(|byte| *byte == b',').next()?)
}

fn scheme(text: &[u8]) -> Option<&'static str> {
    let text = text.trim_ascii();
    ["https", "http"].into_iter().find(|known| text.eq_ignore_ascii_case(known.as_bytes()))
}

/// The first `proto` of a `Forwarded` header. `None` if what comes before it is invalid.
fn proto(mut rest: &[u8]) -> Option<&'static str> {
    loop {
        rest = rest.trim_ascii_start();
        let (pair, after) = match rest {
            [] => return None,
            [b',' | b';', after @ ..] => (None, after),
            _ => pair(rest).map(|(name, value, after)| (Some((name, value)), after))?,
        };
        if let Some((name, value)) = pair
            && name.eq_ignore_ascii_case(b"proto")
        {
            return scheme(value);
        }
        rest = after;
    }
}

/// `name=value` or `name="value"`, and what follows it.
fn pair(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let equals = text.iter().position(|byte| matches!(byte, b'=' | b',' | b';'))?;
    let (name, value) = (&text[..equals], text.get(equals + 1..)?);
    if text[equals] != b'=' {
        return None;
    }
    if let [b'"', quoted @ ..] = value {
        let end = closing(quoted)?;
        return Some((name, &quoted[..end], &quoted[end + 1..]));
    }
    let end = value.iter().position(|byte| matches!(byte, b',' | b';')).unwrap_or(value.len());
    Some((name, &value[..end], &value[end..]))
}

/// Where a quoted value ends. One that has anything escaped is not a scheme, but has an end.
fn closing(quoted: &[u8]) -> Option<usize> {
    let mut escaped = false;
    quoted.iter().position(|byte| {
        let end = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        end
    })
}
