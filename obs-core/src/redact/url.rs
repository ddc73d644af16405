//! Credentials before the host of a URL.

use super::text::Found;

/// Looks at the URLs of one text.
pub(super) struct Urls {
    /// The text is longer than the part of it that is looked at.
    goes_on: bool,
    /// There is no `@` in the URL that ends here: it is not searched for again.
    plain_until: usize,
}

impl Urls {
    pub(super) fn new(goes_on: bool) -> Self {
        Self { goes_on, plain_until: 0 }
    }

    /// What stands before the last `@` of the authority that begins at `start`.
    ///
    /// A password may hold all that RFC 3986 allows there, an `@`, and, if it is preceded by a user
    /// name, also `/`, `?` and `#`, as people write them. What cannot be told from a port and a
    /// path, as `1234/5678` in `http://user:1234/5678@host`, is taken for these.
    pub(super) fn userinfo(&mut self, text: &str, start: usize) -> Found {
        let mut end = start + authority(&text[start..]);
        let mut last = text[start..end].rfind('@').map(|at| start + at);
        // In a list of URLs, this one ends with the scheme of the next one.
        let in_list = |end: usize| text.as_bytes()[end - 1..].starts_with(b"://");
        if last.is_none()
            && !in_list(end)
            && !are_hosts(&text[start..end])
            && let Some(at) = self.next_at(text, end)
        {
            end = at + authority(&text[at..]);
            last = text[at..end].rfind('@').map(|last| at + last);
        }
        let open = self.goes_on
            && (end == text.len()
                || (!are_hosts(&text[start..end]) && self.plain_until == text.len()));
        if last.is_none() && open {
            // The `@` may stand behind what is looked at.
            return Found { secret: start..text.len(), resume: text.len() };
        }
        // The address after the URL of a list: no user without a password has such a name.
        let credentials = |at: &usize| {
            let user = &text[start..*at];
            user.contains(':') || !user.contains([',', ';', '&', '\'', '(', ')'])
        };
        let secret = start..last.filter(credentials).unwrap_or(start);
        Found { secret, resume: end - usize::from(in_list(end)) }
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

/// How long the authority is that `rest` begins with.
fn authority(rest: &str) -> usize {
    let ends = |letter: u8| matches!(letter, b'/' | b'?' | b'#') || ends_url(letter);
    rest.bytes().position(ends).unwrap_or(rest.len())
}

fn ends_url(letter: u8) -> bool {
    letter.is_ascii_whitespace() || letter.is_ascii_control() || b"\"<>`".contains(&letter)
}

/// Hosts, each with or without a port, with a comma between them.
fn are_hosts(authority: &str) -> bool {
    authority.split(',').all(|host| {
        // The address of an IPv6 host has colons of its own.
        let name = host.rsplit_once(']').map_or(host, |(_, rest)| rest);
        name.split_once(':').is_none_or(|(_, port)| {
            !port.is_empty() && port.bytes().all(|letter| letter.is_ascii_digit())
        })
    })
}
