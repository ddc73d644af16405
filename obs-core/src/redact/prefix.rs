//! Tokens that are recognised by the prefix that their issuer gives them.

use std::ops::Range;

use super::letters::{run, run_back};
use super::name::of_name;
use super::tokens::Tokens;

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

/// The first prefix whose two last letters, before its joint, have the same [`slot`], counted from
/// 1; 0 if there is none: most words that are joined by such a letter end otherwise.
static FIRST: [u8; 1024] = TABLES.0;
/// The next such prefix, for each of them.
static NEXT: [u8; PREFIXES.len()] = TABLES.1;

const TABLES: ([u8; 1024], [u8; PREFIXES.len()]) = {
    let (mut first, mut next) = ([0; 1024], [0; PREFIXES.len()]);
    let mut nth = PREFIXES.len();
    while nth > 0 {
        nth -= 1;
        let prefix = PREFIXES[nth].as_bytes();
        let joint = joint(prefix);
        let slot = slot(prefix[joint - 2], prefix[joint - 1]);
        next[nth] = first[slot];
        first[slot] = nth as u8 + 1;
    }
    (first, next)
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

/// Whether a prefix has `byte` before its joint.
pub(super) const fn may_end_prefix(byte: u8) -> bool {
    let mut nth = 0;
    while nth < PREFIXES.len() {
        let prefix = PREFIXES[nth].as_bytes();
        if prefix[joint(prefix) - 1] == byte {
            return true;
        }
        nth += 1;
    }
    false
}

/// The token around `at`, the first `_`, `-` or `.` of it.
pub(super) fn with_prefix(text: &str, at: usize, tokens: &mut Tokens) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let [.., a, b] = bytes[..at] else { return None };
    let mut nth = FIRST[slot(a, b)];
    if nth == 0 {
        return None;
    }
    let longest = &bytes[at.saturating_sub(9)..at];
    let start = at - run_back(longest, |letter| letter.is_ascii_alphanumeric()).len();
    if start > 0 && (of_name(bytes[start - 1]) || bytes[start - 1] == b'.') {
        return None;
    }
    let own = &bytes[start..];
    while nth > 0 {
        let prefix = PREFIXES[usize::from(nth) - 1].as_bytes();
        if prefix[0] == own[0] && own.starts_with(prefix) {
            // Mailgun's; others are of caches and tables.
            let mailgun = || run(&bytes[at + 1..], |letter| letter.is_ascii_hexdigit()) == 32;
            return if prefix != b"key-" || mailgun() {
                tokens.random(bytes, at + 1, 16).map(|token| start..token.end)
            } else {
                None
            };
        }
        nth = NEXT[usize::from(nth) - 1];
    }
    None
}
