//! `benches/budgets.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::measure::Cost;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../benches/budgets.toml");

#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Budgets(BTreeMap<String, Budget>);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Budget {
    instructions: Limit,
    allocations: Limit,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limit {
    /// The row that it is beyond; without one it is all that the row may cost.
    over: Option<String>,
    most: f64,
}

impl Budgets {
    pub(crate) fn read() -> Result<Self> {
        let text = fs::read_to_string(FILE).context("cannot read benches/budgets.toml")?;
        toml::from_str(&text).context("benches/budgets.toml is not what it should be")
    }

    /// Adds the rows that this one is measured against, and those that they are measured against.
    pub(super) fn bases<'a>(&'a self, row: &str, bases: &mut BTreeSet<&'a str>) {
        let limits = self.0.get(row).map(|budget| [&budget.instructions, &budget.allocations]);
        for over in limits.into_iter().flatten().filter_map(|limit| limit.over.as_deref()) {
            if bases.insert(over) {
                self.bases(over, bases);
            }
        }
    }

    /// How many instructions an operation may cost, all in all.
    pub(crate) fn instructions(&self, row: &str) -> Option<f64> {
        let limit = &self.0.get(row)?.instructions;
        limit.over.is_none().then_some(limit.most)
    }

    /// A sentence for every limit that is exceeded.
    pub(super) fn overruns(&self, costs: &BTreeMap<String, Cost>) -> Result<Vec<String>> {
        let mut overruns = Vec::new();
        for (row, budget) in &self.0 {
            let Some(cost) = costs.get(row) else { continue };
            for (what, limit, of) in [
                ("instructions", &budget.instructions, Cost::instructions as fn(&Cost) -> f64),
                ("allocations", &budget.allocations, Cost::allocations),
            ] {
                let (base, than) = match &limit.over {
                    Some(over) => {
                        let base = costs.get(over).with_context(|| {
                            format!(
                                "budgets.toml: {row} is measured over {over:?}, which is no row"
                            )
                        })?;
                        (of(base), format!(" beyond {over}"))
                    }
                    None => (0.0, String::new()),
                };
                let beyond = of(cost) - base;
                if beyond > limit.most {
                    overruns
                        .push(format!("{row}: {beyond:.2} {what}{than}, {} allowed", limit.most));
                }
            }
        }
        Ok(overruns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn costs(red: (f64, f64)) -> BTreeMap<String, Cost> {
        let cost =
            |(instructions, allocations)| Cost::new(instructions, allocations, String::new());
        [("bare".to_owned(), cost((1000.0, 5.0))), ("red".to_owned(), cost(red))].into()
    }

    #[test]
    fn only_what_is_beyond_the_limit_is_an_overrun() {
        let text = "[red]\ninstructions = { over = \"bare\", most = 100 }\nallocations = { over = \"bare\", most = 1 }";
        let budgets: Budgets = toml::from_str(text).unwrap();
        assert!(budgets.overruns(&costs((1100.0, 6.0))).unwrap().is_empty());
        let over = budgets.overruns(&costs((1101.0, 7.0))).unwrap();
        assert_eq!(
            over,
            [
                "red: 101.00 instructions beyond bare, 100 allowed",
                "red: 2.00 allocations beyond bare, 1 allowed"
            ]
        );
    }

    #[test]
    fn a_limit_without_another_row_is_for_the_row_itself() {
        let text = "[red]\ninstructions = { most = 1100 }\nallocations = { most = 6 }";
        let budgets: Budgets = toml::from_str(text).unwrap();
        assert!(budgets.overruns(&costs((1100.0, 6.0))).unwrap().is_empty());
        let over = budgets.overruns(&costs((1101.0, 6.0))).unwrap();
        assert_eq!(over, ["red: 1101.00 instructions, 1100 allowed"]);
    }

    #[test]
    fn the_budgets_of_the_workspace_can_be_read() {
        let budgets = Budgets::read().unwrap();
        let mut bases = BTreeSet::new();
        budgets.bases("red-record", &mut bases);
        assert!(bases.is_empty());
        budgets.bases("armed", &mut bases);
        assert!(bases.into_iter().eq(["bare", "noop-layer", "traced"]));
    }
}
