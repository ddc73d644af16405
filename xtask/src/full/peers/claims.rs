//! What we say of the metric store.

use super::OURS;
use super::figures::{Figures, Scaling};
use crate::overhead::Budgets;

/// What is kept in shards; business families are plain atomics.
const SHARDED: &str = "red-record";
/// Two threads on one series cost each what one does, but for what a shared machine adds.
const SCALING: f64 = 1.5;

/// A sentence for every claim that does not hold: ours is within its budget, writes text with fewer
/// instructions than every peer, and a request costs the same when two threads share its series.
pub(super) fn broken(
    instructions: &Figures<f64>,
    threads: &Figures<Scaling>,
    budgets: &Budgets,
) -> Vec<String> {
    let mut broken = Vec::new();
    for operation in instructions.operations() {
        let Some(ours) = instructions.get(OURS, operation) else { continue };
        if let Some(most) = budgets.instructions(operation).filter(|most| ours > *most) {
            broken.push(format!("{operation}: {ours:.0} instructions, {most} allowed"));
        }
        if !operation.starts_with("encode-") {
            continue;
        }
        for peer in instructions.libraries() {
            let theirs = instructions.get(peer, operation).filter(|_| peer != OURS);
            if let Some(theirs) = theirs.filter(|theirs| ours >= *theirs) {
                broken.push(format!("{operation}: {ours:.0} instructions, {peer} {theirs:.0}"));
            }
        }
    }
    let factor = threads.get(OURS, SHARDED).map(Scaling::factor);
    if let Some(factor) = factor.filter(|factor| *factor > SCALING) {
        broken.push(format!("{SHARDED}: two threads cost {factor:.1} times what one does"));
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_claim_can_break() {
        let budgets =
            toml::from_str("[inc]\ninstructions = { most = 10 }\nallocations = { most = 0 }\n");
        let budgets: Budgets = budgets.unwrap();
        let broken = |ours: &str, threads: &str| {
            let text = format!("{ours}\npeer/encode-a 100\npeer/inc 5\n");
            let instructions = Figures::parse(&text, |words| words.parse().ok()).unwrap();
            let threads = Figures::parse(threads, Scaling::parse).unwrap();
            super::broken(&instructions, &threads, &budgets)
        };
        let none: [&str; 0] = [];
        let fine = "obs/red-record 5 7 5 5\nobs/inc 5 50 5 5\n";
        assert_eq!(broken("obs/encode-a 99\nobs/inc 10", fine), none);
        assert_eq!(
            broken("obs/encode-a 100\nobs/inc 11", "obs/red-record 5 8 5 5\n"),
            [
                "encode-a: 100 instructions, peer 100",
                "inc: 11 instructions, 10 allowed",
                "red-record: two threads cost 1.6 times what one does"
            ]
        );
    }
}
