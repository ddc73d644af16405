//! Tokens that are recognised by themselves: by the prefix that their issuer gives them, or by their
//! form.

use std::ops::Range;

use super::REDACTED;
use super::harmless::is_harmless;
use super::letters::{ends_with, is_random, quoted, random_token, run, starts_with, token};
use super::name::{name, of_name};

/// How tokens begin, as their issuers document it: up to the first `_`, `-` or `.`, and what always
/// follows it.
const PREFIXES: &[&str] = &[
    // GitHub, GitLab, npm, PyPI, RubyGems, Docker Hub
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "gldt-",
    "glrt-",
    "glcbt-",
    "glptt-",
    "glft-",
    "glsoat-",
    "gloas-",
    "glagent-",
    "npm_",
    "pypi-",
    "rubygems_",
    "dckr_",
    // Slack
    "xoxa-",
    "xoxb-",
    "xoxc-",
    "xoxd-",
    "xoxe-",
    "xoxe.",
    "xoxo-",
    "xoxp-",
    "xoxr-",
    "xoxs-",
    "xapp-",
    "xwfp-",
    // Stripe, Square, Shopify, Flutterwave
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "rk_test_",
    "whsec_",
    "sq0csp-",
    "sq0atp-",
    "shpss_",
    "shpat_",
    "shpca_",
    "shppa_",
    "FLWSECK-",
    "FLWSECK_",
    // Google, DigitalOcean, Heroku, Fly, Supabase, Netlify, Vercel
    "GOCSPX-",
    "ya29.",
    "dop_v1_",
    "doo_v1_",
    "dor_v1_",
    "HRKU-",
    "fo1_",
    "fm2_",
    "sbp_",
    "nfp_",
    "vcp_",
    "vck_",
    // SendGrid, Brevo, Mailgun
    "SG.",
    "xkeysib-",
    "xsmtpsib-",
    "key-",
    // Hashicorp, Doppler, age, Pulumi
    "hvs.",
    "hvb.",
    "hvr.",
    "dp.pt.",
    "dp.st.",
    "dp.ct.",
    "dp.sa.",
    "dp.scim.",
    "dp.audit.",
    "AGE-SECRET-KEY-",
    "pul-",
    // OpenAI, Anthropic, Hugging Face, Replicate, Groq, Perplexity, NVIDIA, xAI
    "sk-",
    "hf_",
    "r8_",
    "gsk_",
    "pplx-",
    "nvapi-",
    "xai-",
    // Sentry, Grafana, New Relic, Dynatrace, PostHog, Sourcegraph, Honeycomb
    "sntrys_",
    "sntryu_",
    "glsa_",
    "glc_",
    "NRAK-",
    "NRJS-",
    "NRII-",
    "dt0c01.",
    "dt0s01.",
    "dt0s16.",
    "phx_",
    "phs_",
    "sgp_",
    "hcaik_",
    "hcbik_",
    // Postman, Linear, Figma, Notion, Dropbox, Tailscale, PlanetScale, CircleCI, Contentful
    "PMAK-",
    "lin_api_",
    "lin_oauth_",
    "figd_",
    "figo_",
    "ntn_",
    "sl.",
    "tskey-",
    "pscale_",
    "CCIPAT_",
    "CFPAT-",
    "rnd_",
    "rdme_",
    "apify_api_",
    "duffel_",
];

/// The last two letters of every prefix, as [`slot`] mixes them: most words that are joined by such
/// a letter end otherwise.
static ENDINGS: [bool; 1024] = {
    let mut endings = [false; 1024];
    let mut nth = 0;
    while nth < PREFIXES.len() {
        let prefix = PREFIXES[nth].as_bytes();
        let joint = joint(prefix);
        endings[slot(prefix[joint - 2], prefix[joint - 1])] = true;
        nth += 1;
    }
    endings
};

/// Where the first `_`, `-` or `.` of a prefix is.
const fn joint(prefix: &[u8]) -> usize {
    let mut at = 0;
    while at < prefix.len() && !matches!(prefix[at], b'_' | b'-' | b'.') {
        at += 1;
    }
    at
}

const fn slot(last_but_one: u8, last: u8) -> usize {
    (last_but_one as usize * 37 + last as usize * 5) & 1023
}

/// Whether a prefix may end before `at`.
#[inline]
pub(super) fn may_have_prefix(bytes: &[u8], at: usize) -> bool {
    matches!(bytes[..at], [.., a, b] if ENDINGS[slot(a, b)])
}

/// The token around `at`, the first `_`, `-` or `.` of it.
pub(super) fn with_prefix(text: &str, at: usize, goes_on: bool) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    if !may_have_prefix(bytes, at) {
        return None;
    }
    let longest = &bytes[at.saturating_sub(9)..at];
    let start = at - run_back(longest, |letter| letter.is_ascii_alphanumeric()).len();
    let alone = start == 0 || !(of_name(bytes[start - 1]) || bytes[start - 1] == b'.');
    let own = &text[start..];
    let known = PREFIXES.iter().find(|prefix| own.starts_with(**prefix)).filter(|_| alone)?;
    if *known == "key-" && run(&bytes[at + 1..], |letter| letter.is_ascii_hexdigit()) != 32 {
        // Mailgun's; others are of caches and tables.
        return None;
    }
    random_token(bytes, at + 1, 16, goes_on).map(|token| start..token.end)
}

/// A JSON web token around the `J` of its `eyJ`: all that is between dots.
pub(super) fn jwt(text: &str, at: usize, goes_on: bool) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let start = at.checked_sub(2).filter(|start| bytes[*start..].starts_with(b"eyJ"))?;
    let token = token(bytes, start);
    let open = goes_on && token.end == bytes.len();
    let header = run(&bytes[start..], of_name);
    let signed = header > 10 && bytes[start + header..token.end].starts_with(b".");
    (open || signed || token.len() >= 64).then_some(token)
}

/// Tokens that begin with an `A` of their prefix, and the words of SMTP's `AUTH PLAIN`.
pub(super) fn with_capital(text: &str, at: usize, goes_on: bool) -> Option<Range<usize>> {
    let (before, bytes) = (&text.as_bytes()[..at], text.as_bytes());
    let (start, least) = match &bytes[at..] {
        // Google, Atlassian, JFrog, Facebook and Square.
        [b'A', b'I', b'z', b'a', ..] => (at, 30),
        [b'A', b'T', b'A' | b'C' | b'B', b'T', b'T', ..] => (at, 20),
        [b'A', b'K', b'C', ..] => (at, 60),
        [b'A', b'A', ..] if before.ends_with(b"E") => (at - 1, 30),
        // As Redis shows its commands: `"AUTH" "user" "secret"`.
        [b'A', b'U', b'T', b'H', b'"', b' ', b'"', ..] => {
            let first = quoted(text, at + "AUTH\" ".len())?;
            let second = first.end + "\" ".len();
            let more = bytes[first.end..].starts_with(b"\" \"");
            return if more { quoted(text, second) } else { Some(first) };
        }
        [b'A', b'U', b'T', b'H', b' ', rest @ ..] => {
            let scheme = [&b"plain "[..], b"login ", b"xoauth2 ", b"cram-md5 "];
            let words = at + "AUTH ".len();
            match scheme.into_iter().find(|scheme| starts_with(rest, scheme)) {
                Some(scheme) => (words + scheme.len(), 8),
                None => return of_redis(text, words),
            }
        }
        _ => return None,
    };
    if start > 0 && of_name(bytes[start - 1]) {
        return None;
    }
    random_token(bytes, start, least, goes_on)
}

/// The token of a Telegram bot, around the `:` after its number.
pub(super) fn of_bot(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    if !bytes[..at].last()?.is_ascii_digit() {
        return None;
    }
    let number = run_back(&bytes[at.saturating_sub(11)..at], |letter| letter.is_ascii_digit());
    let secret = run(&bytes[at + 1..], of_name);
    let fits =
        (8..=10).contains(&number.len()) && secret >= 30 && bytes[at + 1..].starts_with(b"AA");
    fits.then_some(at + 1..at + 1 + secret)
}

/// The credentials after `Bearer` or `Basic` at `at`, unless they look like words of a sentence.
pub(super) fn of_scheme(text: &str, at: usize, goes_on: bool) -> Option<Range<usize>> {
    let (before, rest) = (&text.as_bytes()[..at], &text.as_bytes()[at..]);
    let name = [&b"bearer "[..], b"basic "].into_iter().find(|name| starts_with(rest, name))?;
    if before.last().is_some_and(|letter| of_name(*letter)) {
        return None;
    }
    let start = at + name.len() + run(&rest[name.len()..], |letter| letter == b' ');
    let token = token(text.as_bytes(), start);
    let own = &text.as_bytes()[token.clone()];
    let open = goes_on && token.end == text.len();
    // `token_type=bearer expires_in=3600`
    let name = run(own, of_name);
    let pair = !is_random(&own[..name], 8)
        && own[name..].starts_with(b"=")
        && own.get(name + 1).is_some_and(|b| *b != b'=');
    if pair {
        return None;
    }
    let long = own.len() >= 20 && own.iter().all(u8::is_ascii_alphanumeric);
    (open || long || is_random(own, 8)).then_some(token)
}

/// What a database calls a password: `IDENTIFIED BY 'secret'`, at its `BY`.
pub(super) fn identified_by(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let by = starts_with(&bytes[at..], b"by ") && ends_with(&bytes[..at], b"identified ");
    if !by {
        return None;
    }
    quoted(text, at + 3)
}

fn run_back(bytes: &[u8], of: impl Fn(u8) -> bool) -> &[u8] {
    let start = bytes.iter().rposition(|letter| !of(*letter));
    &bytes[start.map_or(0, |at| at + 1)..]
}

/// A password or a token after its word: `password is secret`, `PASSWORD 'secret'`, `token secret`,
/// `OTP is 123456`. `at` is the `w`, the `k` or the `T` of the word.
pub(super) fn after_word(text: &str, at: usize, goes_on: bool) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let (before, rest) = (&bytes[..at], &bytes[at..]);
    let (length, least) = match bytes[at] {
        b'w' | b'W' if ends_with(before, b"pass") && starts_with(rest, b"word ") => (5, 6),
        b'w' | b'W' if ends_with(before, b"pass") && starts_with(rest, b"wd ") => (3, 6),
        b'k' | b'K' if ends_with(before, b"to") && starts_with(rest, b"ken ") => (4, 16),
        b'T' if before.ends_with(b"O") && rest.starts_with(b"TP ") => (3, 0),
        _ => return None,
    };
    let own = name(&bytes[..at + length - 1]);
    let mut start = at + length + run(&bytes[at + length..], |letter| letter == b' ');
    for verb in ["code ", "is ", "was ", "to "] {
        if starts_with(&bytes[start..], verb.as_bytes()) {
            start += verb.len();
        }
    }
    if least == 0 {
        let digits = run(&bytes[start..], |letter| letter.is_ascii_digit());
        let alone = !bytes.get(start + digits).is_some_and(u8::is_ascii_alphanumeric);
        return (alone && (4..=8).contains(&digits)).then_some(start..start + digits);
    }
    let sql = own.iter().all(u8::is_ascii_uppercase) && bytes.get(start) == Some(&b'\'');
    if sql && least == 6 {
        return quoted(text, start);
    }
    let quote = usize::from(bytes.get(start).is_some_and(|letter| b"\"'`".contains(letter)));
    random_token(bytes, start + quote, least, goes_on)
}

/// The password of Redis in a command, `AUTH user secret`, whose words begin at `start`.
fn of_redis(text: &str, start: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let quote = usize::from(bytes.get(start).is_some_and(|letter| matches!(letter, b'"' | b'\'')));
    let first = token(bytes, start + quote);
    if bytes.get(first.end) == Some(&b' ')
        && let Some(second) = random_token(bytes, first.end + 1, 8, false)
    {
        return Some(second);
    }
    if text[first.end..].strip_prefix(' ').is_some_and(|rest| rest.starts_with(REDACTED)) {
        return None;
    }
    // Replies of servers and sentences have words here.
    is_random(&bytes[first.clone()], 8).then_some(first)
}

/// The password in a configuration of Redis, `requirepass secret`, around its `q` at `at`.
pub(super) fn of_redis_file(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    if !starts_with(&bytes[at..], b"quirepass") {
        return None;
    }
    let start = at + "quirepass".len();
    let start = start + run(&bytes[start..], |letter| b" \t\"'".contains(&letter));
    let end = start + run(&bytes[start..], |b| !(b.is_ascii_whitespace() || b"\"'".contains(&b)));
    let hidden = text[start..].starts_with(REDACTED);
    (!hidden && !is_harmless(b"requirepass", &text[start..])).then_some(start..end)
}

/// The last field of a line of PostgreSQL's `.pgpass`, `host:port:database:user:password`, whose
/// first `:` is at `at`.
pub(super) fn of_pgpass(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let field = |start: usize| {
        let near = &bytes[start..bytes.len().min(start + 64)];
        let end = start + run(near, |letter| letter != b':' && !letter.is_ascii_whitespace());
        (end > start && bytes.get(end) == Some(&b':')).then_some(end)
    };
    let port = field(at + 1)?;
    if !bytes[at + 1..port].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let user = field(field(port + 1)? + 1)?;
    let end = user + 1 + run(&bytes[user + 1..], |letter| !letter.is_ascii_whitespace());
    is_random(&bytes[user + 1..end], 6).then_some(user + 1..end)
}
