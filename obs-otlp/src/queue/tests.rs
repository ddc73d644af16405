use std::time::Duration;

use obs_core::export::Envelope;
use proptest::prelude::*;

use super::{Item, Limits, Queue, Step};
use crate::reason::Reason;

const BOUND: usize = 1000;

#[derive(Clone, Debug)]
enum Act {
    Push(usize),
    Take,
    Settle(u64),
    Hurry,
    Close,
    Abandon,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => (0_usize..400).prop_map(Act::Push),
        4 => Just(Act::Take),
        4 => (0_u64..4).prop_map(Act::Settle),
        1 => Just(Act::Hurry),
        1 => Just(Act::Close),
        1 => Just(Act::Abandon),
    ]
}

fn queue(interval: Duration) -> Queue<Envelope> {
    Queue::new(Limits { bytes: BOUND, batch_bytes: 300, interval })
}

fn item(bytes: usize) -> Envelope {
    Envelope { body: vec![0; bytes] }
}

proptest! {
    #[test]
    fn everything_is_accounted_for_within_the_bound(acts in prop::collection::vec(act(), 0..60)) {
        let queue = queue(Duration::from_secs(60));
        let (mut pushed, mut here, mut bytes) = (0, std::collections::VecDeque::new(), 0);
        let (mut under_way, mut open) = (None, true);
        for act in acts {
            match act {
                Act::Push(size) => {
                    let item = item(size);
                    let size = item.bytes();
                    queue.push(item);
                    pushed += 1;
                    if open && bytes + size <= BOUND {
                        here.push_back(size);
                        bytes += size;
                    }
                }
                Act::Take if under_way.is_none() => {
                    if let Step::Deliver(batch) = queue.step() {
                        let taken: Vec<_> = here.drain(..batch.items.len()).collect();
                        prop_assert_eq!(batch.load.count, taken.len() as u64);
                        let size: usize = taken.iter().sum();
                        prop_assert!(taken.len() == 1 || size <= 300);
                        under_way = Some(size);
                    }
                }
                Act::Settle(written) => {
                    queue.settle(written, Reason::Rejected);
                    bytes -= under_way.take().unwrap_or(0);
                }
                Act::Hurry => prop_assert_eq!(queue.has_left(queue.hurry()), bytes == 0),
                Act::Close => {
                    queue.close();
                    open = false;
                }
                Act::Abandon => {
                    queue.abandon(Reason::Shutdown);
                    here.clear();
                    (bytes, under_way, open) = (0, None, false);
                }
                Act::Take => {}
            }
            let tally = queue.tally();
            prop_assert_eq!(tally.bytes, bytes);
            prop_assert!(tally.bytes <= BOUND);
            prop_assert_eq!(tally.accepted, pushed);
        }
        queue.abandon(Reason::Shutdown);
        let tally = queue.tally();
        prop_assert_eq!(tally.written + tally.dropped.iter().sum::<u64>(), pushed);
        prop_assert!(matches!(queue.step(), Step::End));
    }
}

#[test]
fn a_batch_waits_for_time_size_haste_or_the_end() {
    let waiting = || {
        let queue = queue(Duration::from_secs(60));
        queue.push(item(10));
        assert!(matches!(queue.step(), Step::Wait(Some(_))));
        queue
    };
    let delivers = |queue: &Queue<Envelope>| matches!(queue.step(), Step::Deliver(_));

    let sized = waiting();
    sized.push(item(300));
    assert!(delivers(&sized));

    let hurried = waiting();
    hurried.hurry();
    assert!(delivers(&hurried));
    hurried.settle(1, Reason::Rejected);
    hurried.push(item(10));
    assert!(!delivers(&hurried), "the haste was for what was there");

    let closing = waiting();
    closing.close();
    assert!(delivers(&closing));

    let due = queue(Duration::ZERO);
    due.push(item(10));
    assert!(delivers(&due));
    assert!(matches!(due.step(), Step::Wait(None)));
}
