//! A reader of Prometheus' protobuf format, from the wire up: it shares nothing with our writer.

use std::collections::BTreeMap;

use super::exposition::{Exemplar, Exposition, Series};

/// The native part of a histogram.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Native {
    pub(crate) schema: i64,
    pub(crate) zero_threshold: f64,
    pub(crate) zero_count: u64,
    /// Those that count something.
    pub(crate) buckets: BTreeMap<i64, u64>,
    pub(crate) count: u64,
}

/// What the message says, as the text format would: buckets, sums and counts are series.
pub(crate) fn parse(mut bytes: &[u8]) -> (Exposition, BTreeMap<Series, Native>) {
    let mut all = Exposition::default();
    let mut natives = BTreeMap::new();
    while !bytes.is_empty() {
        let length = varint(&mut bytes) as usize;
        family(&Message::read(take(&mut bytes, length)), &mut all, &mut natives);
    }
    all.check_no_clash();
    (all, natives)
}

fn family(message: &Message<'_>, all: &mut Exposition, natives: &mut BTreeMap<Series, Native>) {
    message.only(&[1, 2, 3, 4, 5]);
    let name = message.text(1);
    let kind = message.number(3).expect("no type");
    let kind = ["counter", "gauge", "", "", "histogram"][kind as usize];
    assert!(all.kind.insert(name.clone(), kind.to_owned()).is_none(), "family twice: {name}");
    all.help.insert(name.clone(), message.text(2));
    if !message.text(5).is_empty() {
        all.unit.insert(name.clone(), message.text(5));
    }
    assert!(!message.messages(4).is_empty(), "{name} has no metrics");
    for metric in message.messages(4) {
        let labels = labels(&metric, 1);
        let fields: &[u64] = match kind {
            "counter" => &[1, 3],
            "gauge" => &[1, 2],
            _ => &[1, 7],
        };
        metric.only(fields);
        let [value] = &metric.messages(fields[1])[..] else { panic!("{name} {labels:?}") };
        let mut add = |suffix: &str, labels: &BTreeMap<String, String>, value: f64| {
            let series = (format!("{name}{suffix}"), labels.clone());
            assert!(all.samples.insert(series, value).is_none(), "series twice: {name}{suffix}");
        };
        if kind != "histogram" {
            add("", &labels, value.double(1).unwrap());
            if kind == "counter" {
                value.only(&[1, 2, 3]);
                created(value, 3, |at| {
                    let base = name.strip_suffix("_total").unwrap_or(&name);
                    all.samples.insert((format!("{base}_created"), labels.clone()), at);
                });
                for one in value.messages(2) {
                    all.exemplars.insert((name.clone(), labels.clone()), exemplar(&one));
                }
            }
            continue;
        }
        value.only(&[1, 2, 3, 5, 6, 7, 12, 13, 15, 16]);
        add("_sum", &labels, value.double(2).unwrap());
        let mut count = 0;
        let mut exemplars = Vec::new();
        for bucket in value.messages(3) {
            bucket.only(&[1, 2, 3]);
            let bound = bucket.double(2).unwrap();
            let le = if bound.is_infinite() { "+Inf".to_owned() } else { format!("{bound:?}") };
            let mut labels = labels.clone();
            assert!(labels.insert("le".to_owned(), le).is_none(), "{name}");
            count = bucket.number(1).unwrap();
            add("_bucket", &labels, count as f64);
            for one in bucket.messages(3) {
                let series = (format!("{name}_bucket"), labels.clone());
                exemplars.push((series, exemplar(&one)));
            }
        }
        add("_count", &labels, count as f64);
        created(value, 15, |at| add("_created", &labels, at));
        match native(value) {
            Some(native) => {
                assert_eq!(value.number(1), Some(native.count));
                natives.insert((name.clone(), labels), native);
                let others: Vec<_> = value.messages(16).iter().map(exemplar).collect();
                assert!(exemplars.iter().all(|(_, one)| others.contains(one)));
            }
            None => assert_eq!(value.number(1), Some(count), "{name}"),
        }
        all.exemplars.extend(exemplars);
    }
}

fn native(histogram: &Message<'_>) -> Option<Native> {
    let schema = zigzag(histogram.number(5)?);
    let mut deltas = histogram.numbers(13).into_iter();
    let (mut at, mut last) = (0, 0);
    let mut buckets = BTreeMap::new();
    for span in histogram.messages(12) {
        at += zigzag(span.number(1).unwrap());
        for _ in 0..span.number(2).unwrap() {
            last += zigzag(deltas.next().unwrap());
            assert!(last >= 0);
            if last > 0 {
                assert!(buckets.insert(at, last as u64).is_none());
            }
            at += 1;
        }
    }
    assert_eq!(deltas.next(), None);
    let zero_count = histogram.number(7).unwrap();
    let count = zero_count + buckets.values().sum::<u64>();
    let zero_threshold = histogram.double(6).unwrap();
    Some(Native { schema, zero_threshold, zero_count, buckets, count })
}

fn exemplar(message: &Message<'_>) -> Exemplar {
    message.only(&[1, 2, 3]);
    let mut at = 0.0;
    created(message, 3, |time| at = time);
    Exemplar { labels: labels(message, 1), value: message.double(2).unwrap(), at }
}

fn created(message: &Message<'_>, field: u64, mut found: impl FnMut(f64)) {
    for at in message.messages(field) {
        let (seconds, nanos) = (at.number(1).unwrap_or(0), at.number(2).unwrap_or(0));
        // As the text says it.
        found(format!("{seconds}.{nanos:09}").parse().unwrap());
    }
}

fn labels(message: &Message<'_>, field: u64) -> BTreeMap<String, String> {
    let pairs = message.messages(field);
    let labels: BTreeMap<_, _> = pairs.iter().map(|pair| (pair.text(1), pair.text(2))).collect();
    assert_eq!(labels.len(), pairs.len(), "label twice");
    labels
}

enum Field<'a> {
    Varint(u64),
    Fixed(u64),
    Bytes(&'a [u8]),
}

struct Message<'a>(Vec<(u64, Field<'a>)>);

impl<'a> Message<'a> {
    fn read(mut bytes: &'a [u8]) -> Self {
        let mut fields = Vec::new();
        while !bytes.is_empty() {
            let key = varint(&mut bytes);
            let field = match key & 7 {
                0 => Field::Varint(varint(&mut bytes)),
                1 => Field::Fixed(u64::from_le_bytes(take(&mut bytes, 8).try_into().unwrap())),
                2 => {
                    let length = varint(&mut bytes) as usize;
                    Field::Bytes(take(&mut bytes, length))
                }
                wire => panic!("wire type {wire}"),
            };
            fields.push((key >> 3, field));
        }
        Self(fields)
    }

    fn only(&self, known: &[u64]) {
        assert!(self.0.iter().all(|(field, _)| known.contains(field)));
    }

    fn of(&self, wanted: u64) -> impl DoubleEndedIterator<Item = &Field<'a>> {
        self.0.iter().filter(move |(field, _)| *field == wanted).map(|(_, value)| value)
    }

    fn number(&self, field: u64) -> Option<u64> {
        self.numbers(field).pop()
    }

    /// Packed or not.
    fn numbers(&self, field: u64) -> Vec<u64> {
        let mut numbers = Vec::new();
        for value in self.of(field) {
            match value {
                Field::Varint(value) => numbers.push(*value),
                Field::Bytes(packed) => {
                    let mut packed = *packed;
                    while !packed.is_empty() {
                        numbers.push(varint(&mut packed));
                    }
                }
                Field::Fixed(_) => panic!("not a number: {field}"),
            }
        }
        numbers
    }

    fn double(&self, field: u64) -> Option<f64> {
        self.of(field).next_back().map(|value| match value {
            Field::Fixed(bits) => f64::from_bits(*bits),
            _ => panic!("no double: {field}"),
        })
    }

    fn bytes(&self, field: u64) -> impl Iterator<Item = &'a [u8]> {
        self.of(field).map(move |value| match value {
            Field::Bytes(bytes) => *bytes,
            _ => panic!("no bytes: {field}"),
        })
    }

    fn text(&self, field: u64) -> String {
        String::from_utf8(self.bytes(field).last().unwrap_or_default().to_vec()).unwrap()
    }

    fn messages(&self, field: u64) -> Vec<Message<'a>> {
        self.bytes(field).map(Message::read).collect()
    }
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(bytes, 1)[0];
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return value;
        }
    }
    panic!("varint too long")
}

fn zigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

fn take<'a>(bytes: &mut &'a [u8], count: usize) -> &'a [u8] {
    let (taken, rest) = bytes.split_at(count);
    *bytes = rest;
    taken
}
