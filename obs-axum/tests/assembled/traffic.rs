//! Requests, and what came back.

use std::ops::Range;

use crate::harness::{Answer, Client, Process, Protocol};

/// A request for an order, and its answer.
#[derive(Debug)]
pub(crate) struct Ordered {
    pub(crate) number: u64,
    pub(crate) parent: Option<Parent>,
    pub(crate) answer: Answer,
}

/// What the caller says of its own trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parent {
    pub(crate) trace_id: String,
    pub(crate) span_id: String,
    pub(crate) flags: &'static str,
}

impl Ordered {
    /// Whether its spans are exported: as the caller decided, if there is one.
    pub(crate) fn is_kept(&self) -> bool {
        self.parent.as_ref().is_none_or(|parent| parent.flags == "01")
    }
}

/// Which traces callers are in: of four one is in none, and one in a trace that is not kept.
fn parent(number: u64) -> Option<Parent> {
    let flags = ["", "01", "00", "01"][(number % 4) as usize];
    (!flags.is_empty()).then(|| Parent {
        trace_id: format!("{:032x}", 0xabc0_0000_0000 + u128::from(number)),
        span_id: format!("{:016x}", 0xdef0_0000 + number),
        flags,
    })
}

/// As the service decides.
pub(crate) fn status(number: u64) -> u16 {
    if number.is_multiple_of(5) { 500 } else { 200 }
}

/// Asks for one order.
pub(crate) async fn order(client: &mut Client, number: u64) -> Ordered {
    let parent = parent(number);
    let header = parent
        .as_ref()
        .map(|Parent { trace_id, span_id, flags }| format!("00-{trace_id}-{span_id}-{flags}"));
    let headers: Vec<_> = header.iter().map(|value| ("traceparent", value.as_str())).collect();
    let answer = client.call("GET", &format!("/orders/{number}"), &headers).await;
    let answer = answer.expect("the service answers");
    assert_eq!(answer.status.as_u16(), status(number), "order {number}");
    if status(number) == 200 {
        assert_eq!(answer.text(), format!("order {number}"));
    }
    Ordered { number, parent, answer }
}

/// Asks for all of these orders, over as many connections, each with its share.
pub(crate) async fn orders(
    service: &Process,
    numbers: Range<u64>,
    connections: u64,
) -> Vec<Ordered> {
    let addr = service.addr;
    let mut tasks = tokio::task::JoinSet::new();
    for first in numbers.start..numbers.start + connections {
        let numbers = (first..numbers.end).step_by(connections as usize);
        tasks.spawn(async move {
            let mut client = Client::connect(addr, Protocol::Http1).await;
            let mut answers = Vec::new();
            for number in numbers {
                answers.push(order(&mut client, number).await);
            }
            answers
        });
    }
    tasks.join_all().await.into_iter().flatten().collect()
}
