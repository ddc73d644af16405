use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use obs_core::redact::is_secret_name;
use tracing_core::{Event, Metadata};
use tracing_log::NormalizeEvent as _;

use super::escape::escape;
use super::reserved;

/// What is known of an event before it happens.
pub(crate) struct Callsite {
    /// `","level":"INFO","message":"`
    pub(crate) level: &'static [u8],
    /// `,"target":"orders::cart"`
    pub(crate) target: Box<[u8]>,
    pub(crate) keys: Box<[Key]>,
    /// The message comes before all other fields, as the macros have it.
    pub(crate) message_first: bool,
    /// It is that of all records of the `log` crate of one level: the target is in a field.
    pub(crate) of_log_crate: bool,
}

/// A field of an event.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    /// `,"name":`
    pub(crate) json: Box<[u8]>,
    pub(crate) role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Plain,
    Message,
    Secret,
    /// The callsite names it twice, or it says where a record of the `log` crate comes from.
    Skipped,
}

/// Whether a field of a record of the `log` crate says where the record comes from.
pub(crate) fn is_origin(name: &str) -> bool {
    matches!(name, "log.target" | "log.module_path" | "log.file" | "log.line")
}

impl Callsite {
    fn of(metadata: &'static Metadata<'static>, of_log_crate: bool) -> Self {
        let names: Vec<&'static str> = metadata.fields().iter().map(|field| field.name()).collect();
        let keys = names.iter().enumerate().map(|(at, name)| Key {
            name,
            json: key(name),
            role: match *name {
                name if names[..at].contains(&name) => Role::Skipped,
                name if of_log_crate && is_origin(name) => Role::Skipped,
                "message" => Role::Message,
                name if is_secret_name(name) => Role::Secret,
                _ => Role::Plain,
            },
        });
        let mut target = b",\"target\":\"".to_vec();
        escape(metadata.target(), &mut target);
        target.push(b'"');
        Self {
            level: match *metadata.level() {
                tracing_core::Level::ERROR => b"\",\"level\":\"ERROR\",\"message\":\"",
                tracing_core::Level::WARN => b"\",\"level\":\"WARN\",\"message\":\"",
                tracing_core::Level::INFO => b"\",\"level\":\"INFO\",\"message\":\"",
                tracing_core::Level::DEBUG => b"\",\"level\":\"DEBUG\",\"message\":\"",
                tracing_core::Level::TRACE => b"\",\"level\":\"TRACE\",\"message\":\"",
            },
            target: target.into(),
            keys: keys.collect(),
            message_first: names.first() == Some(&"message"),
            of_log_crate,
        }
    }
}

fn key(name: &str) -> Box<[u8]> {
    let mut json = reserved::opening(name, reserved::of_line).to_vec();
    escape(name, &mut json);
    json.extend_from_slice(b"\":");
    json.into()
}

/// The callsites that this thread has met, by the address of their metadata, which is theirs for
/// ever.
#[derive(Default)]
pub(crate) struct Callsites(HashMap<usize, Callsite, BuildHasherDefault<Address>>);

impl Callsites {
    pub(crate) fn of(&mut self, event: &Event<'_>) -> &Callsite {
        let metadata = event.metadata();
        let address = std::ptr::from_ref(metadata).addr();
        self.0.entry(address).or_insert_with(|| Callsite::of(metadata, event.is_log()))
    }
}

/// Fibonacci hashing: no client chooses addresses.
#[derive(Default)]
struct Address(u64);

impl Hasher for Address {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_usize(usize::from(*byte)));
    }

    fn write_usize(&mut self, address: usize) {
        // The map looks at both ends, and only the upper half is well mixed.
        let mixed = (self.0 ^ address as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed.rotate_left(26);
    }
}
