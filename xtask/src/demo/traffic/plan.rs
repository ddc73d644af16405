//! What the clients do, and how often.

/// One thing a client does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Step {
    PlaceOrder,
    PlaceEmptyOrder,
    ListOrders,
    PeekAtOrders,
    ReadOrder,
    ReadMissingOrder,
    PayOrder,
    PayTwice,
    PayWrongAmount,
    ReceiveGoods,
    ReceiveGoodsElsewhere,
    ReadUtilization,
    ReadUtilizationElsewhere,
    ReadForecast,
    BreakForecast,
    Export,
    ExportAndLeave,
    WatchEvents,
    ReadReport,
    LoseReportPatience,
    Reconcile,
    ScanForHoles,
    SpeakStrangely,
}

/// The mix, in parts of [`total`].
pub(super) const PLAN: [(Step, u32); 23] = [
    (Step::PlaceOrder, 180),
    (Step::PlaceEmptyOrder, 15),
    (Step::ListOrders, 140),
    (Step::PeekAtOrders, 15),
    (Step::ReadOrder, 200),
    (Step::ReadMissingOrder, 30),
    (Step::PayOrder, 110),
    (Step::PayTwice, 12),
    (Step::PayWrongAmount, 10),
    (Step::ReceiveGoods, 70),
    (Step::ReceiveGoodsElsewhere, 8),
    (Step::ReadUtilization, 70),
    (Step::ReadUtilizationElsewhere, 10),
    (Step::ReadForecast, 30),
    (Step::BreakForecast, 6),
    (Step::Export, 15),
    (Step::ExportAndLeave, 8),
    (Step::WatchEvents, 6),
    (Step::ReadReport, 20),
    (Step::LoseReportPatience, 10),
    (Step::Reconcile, 10),
    (Step::ScanForHoles, 20),
    (Step::SpeakStrangely, 5),
];

pub(super) fn total() -> u32 {
    PLAN.iter().map(|(_, weight)| weight).sum()
}

/// The next step of a client, at random by weight.
pub(super) fn next() -> Step {
    at(fastrand::u32(..total()))
}

fn at(mut point: u32) -> Step {
    for (step, weight) in PLAN {
        if point < weight {
            return step;
        }
        point -= weight;
    }
    Step::ListOrders
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_step_gets_its_weight() {
        let mut got = BTreeMap::new();
        for point in 0..total() {
            *got.entry(at(point)).or_default() += 1;
        }
        assert_eq!(got, BTreeMap::from(PLAN));
    }

    #[test]
    fn orders_are_placed_at_least_as_often_as_paid() {
        let weight = |step| PLAN.iter().find(|(planned, _)| *planned == step).unwrap().1;
        assert!(weight(Step::PlaceOrder) > weight(Step::PayOrder));
    }

    #[test]
    fn a_default_run_shows_every_step() {
        // 20 s at 150/s; five expected of the rarest makes a run without one improbable.
        let rarest = PLAN.iter().map(|(_, weight)| weight).min().unwrap();
        assert!(3000 * rarest / total() >= 5);
    }
}
