use std::collections::BTreeMap;
use std::panic::Location;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use obs_core::notice;

use super::Home;
use crate::families::{
    Cell, CounterCell, Family, GaugeCell, HistogramCell, MAX_LABELS, Row, Series,
};
use crate::governor::Budget;
use crate::naming::Canonical;
use crate::store::Routes;
use crate::technical::Resolved;
use crate::{DefinitionError, Labels, Part};

/// A built-in family that is registered when it is first used.
#[derive(Debug)]
pub(crate) struct Lazy<C> {
    canonical: &'static Canonical,
    home: Arc<Home>,
    part: Part,
    state: OnceLock<State<C>>,
    lost: AtomicU64,
    told: AtomicBool,
}

#[derive(Debug)]
enum State<C> {
    /// The naming does not want it.
    Off,
    /// There is another family of this name.
    Refused(Box<DefinitionError>),
    There(There<C>),
}

#[derive(Debug)]
struct There<C> {
    family: Arc<Family<C>>,
    /// Which of the canonical labels it has.
    kept: Box<[usize]>,
    /// Which of these is a route.
    route: Option<usize>,
}

impl<C: Cell> Lazy<C> {
    pub(crate) fn new(canonical: &'static Canonical, home: &Arc<Home>, part: Part) -> Self {
        let home = Arc::clone(home);
        Self {
            canonical,
            home,
            part,
            state: OnceLock::new(),
            lost: AtomicU64::new(0),
            told: AtomicBool::new(false),
        }
    }

    #[inline]
    #[track_caller]
    fn state(&self) -> &State<C> {
        let place = Location::caller();
        self.state.get_or_init(|| self.register(place))
    }

    #[cold]
    fn register(&self, place: &'static Location<'static>) -> State<C> {
        let Some(named) = self.home.naming.resolve(self.canonical) else { return State::Off };
        let (definition, values) = self.home.definition(self.canonical, &named);
        let families = self.home.families.of(self.part);
        // Routes have bounds of their own, and may be many.
        let by_route = self.canonical.labels.iter().any(|label| label.name == "route");
        let budget = by_route.then(|| Budget::new(usize::MAX));
        match families.with_values(definition, &values, budget, place) {
            Ok(family) => {
                let labels = named.labels.iter().enumerate();
                let kept = labels.filter_map(|(at, name)| name.as_ref().map(|_| at));
                let kept: Box<[usize]> = kept.collect();
                let is_route = |at: &usize| self.canonical.labels[*at].name == "route";
                let route = kept.iter().position(is_route);
                State::There(There { family, kept, route })
            }
            Err(error) => State::Refused(Box::new(error)),
        }
    }

    #[inline]
    #[track_caller]
    fn update<L: Labels>(&self, labels: &L, write: impl Fn(&C)) {
        match self.state() {
            State::There(there) => {
                labels.texts(|texts| there.update(texts, &self.home.routes, write));
            }
            State::Refused(error) => self.lose(error),
            State::Off => {}
        }
    }

    /// The series with these labels, for good. `None` if the family is not there.
    #[cold]
    fn resolve(&self, labels: &impl Labels) -> Option<Arc<Series<C>>> {
        match self.state() {
            State::There(there) => labels.texts(|texts| Some(there.with(texts))),
            State::Refused(_) | State::Off => None,
        }
    }

    /// As [`update`](Self::update), to the series that `at` holds; it is resolved at the first use.
    #[inline]
    fn update_at(&self, at: Option<&Resolved<C>>, labels: &impl Labels, write: impl Fn(&C)) {
        match at.and_then(|at| at.get_or_init(|| self.resolve(labels)).as_ref()) {
            Some(series) => write(&series.cell),
            None => self.update(labels, write),
        }
    }

    /// Counts a number that the family could not take as it is.
    #[track_caller]
    fn refuse(&self) {
        if let State::There(there) = self.state() {
            there.family.refuse();
        }
    }

    #[cold]
    fn lose(&self, error: &DefinitionError) {
        self.lost.fetch_add(1, Ordering::Relaxed);
        if !self.told.swap(true, Ordering::Relaxed) {
            notice::warn(&format!("events are not counted: {error}"));
        }
    }

    /// Registers it, so that it is shown before its first use.
    #[inline]
    #[track_caller]
    pub(crate) fn show(&self) {
        self.state();
    }

    /// Shows a series before its first use, if there is room; a route is given as requests name it.
    #[track_caller]
    pub(crate) fn declare(&self, texts: &[&str]) {
        if let State::There(there) = self.state() {
            there.family.declare(&there.kept(texts)[..there.kept.len()]);
        }
    }

    /// Whether the naming wants it and nothing has its name.
    #[track_caller]
    pub(crate) fn is_there(&self) -> bool {
        matches!(self.state(), State::There(_))
    }
}

impl<C: Cell> There<C> {
    #[inline]
    fn update(&self, texts: &[&str], routes: &Routes, write: impl Fn(&C)) {
        let mut kept = self.kept(texts);
        if let Some(at) = self.route {
            kept[at] = routes.label(kept[at]);
        }
        self.family.update(&Row(&kept[..self.kept.len()]), write);
    }

    /// Of a family without a label for routes.
    fn with(&self, texts: &[&str]) -> Arc<Series<C>> {
        self.family.with(&Row(&self.kept(texts)[..self.kept.len()]))
    }

    #[inline]
    fn kept<'a>(&self, texts: &[&'a str]) -> [&'a str; MAX_LABELS] {
        let mut kept = [""; MAX_LABELS];
        for (to, at) in kept.iter_mut().zip(&self.kept) {
            *to = texts.get(*at).copied().unwrap_or_default();
        }
        kept
    }
}

impl Lazy<CounterCell> {
    /// What was counted so far, by route; `None` if the family is not shown or has no label for routes.
    pub(crate) fn by_route(&self) -> Option<BTreeMap<String, u64>> {
        match self.state.get()? {
            State::There(there) => Some(there.family.sums_by(there.route?)),
            State::Off | State::Refused(_) => None,
        }
    }

    #[inline]
    #[track_caller]
    pub(crate) fn inc(&self, labels: impl Labels) {
        self.add(labels, 1);
    }

    /// As [`add`](Self::add), to the series that `at` holds.
    #[inline]
    pub(crate) fn add_at(
        &self,
        at: Option<&Resolved<CounterCell>>,
        labels: &impl Labels,
        count: u64,
    ) {
        self.update_at(at, labels, |cell| {
            if count > 0 {
                cell.add(count);
            }
        });
    }

    /// Adding 0 shows the series.
    #[inline]
    #[track_caller]
    pub(crate) fn add(&self, labels: impl Labels, count: u64) {
        self.update(&labels, |cell| cell.add(count));
    }
}

impl Lazy<GaugeCell> {
    /// A number that is not finite is refused.
    #[inline]
    #[track_caller]
    pub(crate) fn set(&self, labels: impl Labels, value: f64) {
        if value.is_finite() {
            self.update(&labels, |cell| cell.set(value));
        } else {
            self.refuse();
        }
    }

    /// The nearest of 0 to 100; counted as refused if it is another one, not set if it is no number.
    #[track_caller]
    pub(crate) fn set_percent(&self, labels: impl Labels, value: f64) {
        let percent = value.clamp(0.0, 100.0);
        if percent != value {
            self.refuse();
        }
        if !percent.is_nan() {
            self.update(&labels, |cell| cell.set(percent));
        }
    }
}

impl Lazy<HistogramCell> {
    /// As [`observe`](Self::observe), in the series that `at` holds.
    #[inline]
    pub(crate) fn observe_at(
        &self,
        at: Option<&Resolved<HistogramCell>>,
        labels: &impl Labels,
        value: f64,
    ) {
        self.update_at(at, labels, |cell| cell.observe(value));
    }

    /// The cell refuses a number that is negative or not finite, and counts it.
    #[inline]
    #[track_caller]
    pub(crate) fn observe(&self, labels: impl Labels, value: f64) {
        self.update(&labels, |cell| cell.observe(value));
    }
}

/// A built-in family of any kind.
pub(crate) trait BuiltInFamily {
    fn canonical(&self) -> &'static Canonical;

    /// Registers it if the naming turns it on.
    fn start(&self);

    /// Writes that another family of its name kept out.
    fn lost(&self) -> u64;
}

impl<C: Cell> BuiltInFamily for Lazy<C> {
    fn canonical(&self) -> &'static Canonical {
        self.canonical
    }

    fn start(&self) {
        let named = self.home.naming.resolve(self.canonical);
        if named.is_some_and(|named| named.at_start) {
            self.state();
        }
    }

    fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}
