//! Credentials before the host of a URL.

use std::ops::Range;

use super::bounded::floor;
use super::letters::is_random;

/// Looks at the URLs of one text.
pub(super) struct Urls {
    /// The text is longer than the part of it that is looked at.
    goes_on: bool,
    /// There is no `@` in the URL that ends here: it is not searched for again.
    plain_until: usize,
    /// Up to here the text was judged with its last URL.
    pub(super) until: usize,
}

impl Urls {
    pub(super) fn new(goes_on: bool) -> Self {
        Self { goes_on, plain_until: 0, until: 0 }
    }

    /// The secret of the URL whose authority begins at `start`.
    pub(super) fn found(&mut self, text: &str, start: usize) -> Option<Range<usize>> {
        let bytes = &text.as_bytes()[start..];
        // Most URLs have a plain host.
        let plain = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'.' | b'-');
        let host = bytes.iter().position(|letter| !plain(*letter));
        let ends = |at: usize| matches!(bytes[at], b'/' | b'?' | b' ' | b'"');
        match host {
            Some(host) if ends(host) => {
                let webhook = is_webhook_host(&bytes[..host]).then(|| of_webhook(text, start));
                self.until = start + host;
                webhook.flatten()
            }
            _ => self.userinfo(text, start),
        }
    }

    /// What stands before the last `@` of the authority that begins at `start`.
    ///
    /// A password may hold all that RFC 3986 allows there, an `@`, and, if it is preceded by a user
    /// name, also `/`, `?` and `#`, as people write them. What cannot be distinguished from a port and a
    /// path, as `1234/5678` in `http://user:1234/5678@host`, is taken for these.
    fn userinfo(&mut self, text: &str, start: usize) -> Option<Range<usize>> {
        let mut end = start + authority(&text[start..]);
        let bytes = text.as_bytes();
        let at_in = |part: Range<usize>| {
            bytes[part.clone()].iter().rposition(|b| *b == b'@').map(|at| part.start + at)
        };
        let mut last = at_in(start..end);
        // In a list of URLs, this one ends with the scheme of the next one.
        let in_list = |end: usize| bytes[end - 1..].starts_with(b"://");
        if last.is_none()
            && !in_list(end)
            && !are_hosts(&text[start..end])
            && let Some(at) = self.next_at(text, end)
        {
            end = at + authority(&text[at..]);
            last = at_in(at..end);
        }
        let open = last.is_none()
            && self.goes_on
            && (end == text.len()
                || (!are_hosts(&text[start..end]) && self.plain_until == text.len()));
        if open {
            // The `@` may stand behind what is looked at.
            self.until = text.len();
            return Some(start..text.len());
        }
        // The address after the URL of a list: no user without a password has such a name.
        let credentials = |at: &usize| {
            let user = &text[start..*at];
            user.contains(':')
                || ((user.len() >= 16 || is_random(user.as_bytes(), 8))
                    && !user.contains([',', ';', '&', '\'', '(', ')']))
        };
        let secret = start..last.filter(credentials).unwrap_or(start);
        // JDBC has its parameters there: `sqlserver://host;user=a;password=b`.
        let behind = start.max(secret.end);
        let rest = &bytes[behind..end.max(behind)];
        let parameters = rest.iter().position(|b| *b == b';').map(|at| behind + at);
        self.until = parameters.unwrap_or(end - usize::from(in_list(end)));
        Some(secret)
    }

    fn next_at(&mut self, text: &str, from: usize) -> Option<usize> {
        if from < self.plain_until {
            return None;
        }
        let rest = &text[from..];
        let rest = &rest[..rest.bytes().position(ends_url).unwrap_or(rest.len())];
        let at = rest.find('@');
        if at.is_none() {
            self.plain_until = from + rest.len();
        }
        at.map(|at| from + at)
    }
}

/// Hosts and paths before the secret path of a webhook.
const WEBHOOKS: [&str; 5] = [
    "hooks.slack.com/services/",
    "hooks.slack.com/workflows/",
    "discord.com/api/webhooks/",
    "discordapp.com/api/webhooks/",
    "hooks.zapier.com/hooks/catch/",
];

fn is_webhook_host(host: &[u8]) -> bool {
    matches!(host.first(), Some(b'h' | b'd')) || host.ends_with(b".office.com")
}

/// The path of a webhook: it is all that a caller needs to post.
fn of_webhook(text: &str, start: usize) -> Option<Range<usize>> {
    let rest = &text[start..];
    let known = WEBHOOKS.iter().find_map(|prefix| rest.strip_prefix(prefix));
    let path = known.or_else(|| {
        // Each customer has a host of its own.
        let host = &rest[..rest.bytes().take(80).position(|letter| letter == b'/')?];
        host.ends_with(".webhook.office.com").then(|| &rest[host.len() + 1..])
    })?;
    let start = text.len() - path.len();
    Some(start..start + path.bytes().position(|b| ends_url(b) || b == b')').unwrap_or(path.len()))
}

/// The password of Oracle's driver, `jdbc:oracle:thin:user/password@host`, after its `:` at `at`.
pub(super) fn of_thin_driver(text: &str, at: usize) -> Option<Range<usize>> {
    if !text.as_bytes()[..at].ends_with(b":thin") {
        return None;
    }
    let near = &text[at + 1..floor(text, at + 128)];
    let end = near.find('@')?;
    let slash = near[..end].find('/')?;
    Some(at + 1 + slash + 1..at + 1 + end)
}

/// How long the authority is that `rest` begins with.
fn authority(rest: &str) -> usize {
    let ends = |letter: u8| matches!(letter, b'/' | b'?' | b'#') || ends_url(letter);
    rest.bytes().position(ends).unwrap_or(rest.len())
}

fn ends_url(letter: u8) -> bool {
    letter <= b' ' || matches!(letter, b'"' | b'<' | b'>' | b'`' | 0x7f)
}

/// Hosts, each with or without a port, with a comma between them.
fn are_hosts(authority: &str) -> bool {
    let bytes = authority.as_bytes();
    bytes.split(|letter| *letter == b',').all(|host| {
        // The address of an IPv6 host has colons of its own.
        let name = host.iter().rposition(|letter| *letter == b']').map_or(0, |at| at + 1);
        let colon = host[name..].iter().position(|letter| *letter == b':');
        colon.is_none_or(|colon| {
            let port = &host[name + colon + 1..];
            !port.is_empty() && port.iter().all(u8::is_ascii_digit)
        })
    })
}
