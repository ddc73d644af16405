//! The families that obs-metrics brings along: what they are is data, and they are registered when
//! they are first used or, if the naming turns them on, at the start.

mod faults;
mod group;
mod lazy;
mod text;

use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use obs_core::Clock;

pub(crate) use self::group::families;
pub(crate) use self::lazy::{BuiltInFamily, Lazy};
pub(crate) use self::text::Text;
use crate::business::{
    Access, Calculations, Carts, Exports, Funnel, Goods, Logins, Orders, Payments, Products,
    Projects, Ranges, Sessions, Stock, Users, Workflows,
};
use crate::naming::{Canonical, Named, Naming};
use crate::store::Routes;
use crate::technical::{Caches, Database, External, Jobs, Queues, RateLimits, Refreshes, Sites};
use crate::{
    Definition, DefinitionFault, Families, FamilyDefinition, LabelValues, MetricsSettings, Part,
    http,
};

/// Where families are registered, and under what names.
#[derive(Debug)]
pub(crate) struct Home {
    pub(crate) families: Families,
    pub(crate) naming: Naming,
    pub(crate) routes: Arc<Routes>,
    max_routes: usize,
}

impl Home {
    fn new(settings: &MetricsSettings, families: &Families, ranges: &Ranges) -> Self {
        let mut naming = settings.naming.clone();
        // They are those of the settings then.
        naming.forget_buckets(http::DURATIONS.name);
        http::know_methods(&mut naming);
        naming.known_by_default("payments_total", "amount_range", ranges.texts().to_vec());
        let routes =
            Routes::new(http::family(&naming), settings.max_routes, settings.route_names.clone());
        Self {
            families: families.clone(),
            naming,
            routes: routes.into(),
            max_routes: settings.max_routes,
        }
    }

    /// What is to be registered.
    pub(crate) fn definition(
        &self,
        canonical: &Canonical,
        named: &Named,
    ) -> (Definition, Vec<LabelValues>) {
        let (definition, values) = named.definition(canonical);
        let route = canonical.labels.iter().position(|label| label.name == "route");
        let route = route.and_then(|at| named.labels.get(at)?.clone());
        let definition = match route {
            // As many as requests have, none at all, and a few of something else for some of them.
            Some(route) => definition
                .limit(route, self.max_routes.saturating_add(1))
                .max_series(self.max_routes.max(500).saturating_mul(2)),
            None => definition,
        };
        (definition, values)
    }

    /// A family of requests as it is shown: with the canonical names if it cannot have others.
    pub(crate) fn named(&self, canonical: &Canonical) -> Option<Named> {
        let named = self.naming.resolve(canonical)?;
        match self.shown(canonical, &named) {
            Ok(_) => Some(named),
            Err(_) => Naming::default().resolve(canonical),
        }
    }

    fn shown(
        &self,
        canonical: &Canonical,
        named: &Named,
    ) -> Result<FamilyDefinition, DefinitionFault> {
        let (definition, values) = self.definition(canonical, named);
        self.families.resolve(definition, canonical.kind, &values, Location::caller())
    }

    /// The families that the naming wants, used or not.
    pub(crate) fn catalog(&self) -> Vec<FamilyDefinition> {
        let of_requests =
            http::CATALOG.iter().filter_map(|family| self.shown(family, &self.named(family)?).ok());
        let others = canonical().skip(http::CATALOG.len());
        let others =
            others.filter_map(|family| self.shown(family, &self.naming.resolve(family)?).ok());
        of_requests.chain(others).collect()
    }
}

macro_rules! groups {
    ($($part:ident { $($field:ident: $group:ident),+ $(,)? })+) => {
        /// All groups of families.
        #[derive(Debug)]
        pub(crate) struct BuiltIn {
            home: Arc<Home>,
            pub(crate) ranges: Ranges,
            pub(crate) slow_query: Duration,
            pub(crate) sites: Sites,
            $($(pub(crate) $field: $group,)+)+
        }

        impl BuiltIn {
            pub(crate) fn new(settings: &MetricsSettings, families: &Families) -> Self {
                let ranges = Ranges::new(&settings.naming);
                let home = Arc::new(Home::new(settings, families, &ranges));
                Self {
                    $($($field: $group::new(&home, Part::$part),)+)+
                    home,
                    ranges,
                    slow_query: settings.slow_query,
                    sites: Sites::default(),
                }
            }

            /// Every family.
            pub(crate) fn all(&self) -> impl Iterator<Item = &dyn BuiltInFamily> {
                std::iter::empty()$($(.chain(self.$field.all()))+)+
            }
        }

        /// Every family there can be, before a preset.
        pub(crate) fn canonical() -> impl Iterator<Item = &'static Canonical> {
            http::CATALOG.iter()$($(.chain($group::CATALOG))+)+
        }
    };
}

groups! {
    Business {
        orders: Orders,
        payments: Payments,
        goods: Goods,
        stock: Stock,
        users: Users,
        sessions: Sessions,
        products: Products,
        carts: Carts,
        funnel: Funnel,
        workflows: Workflows,
        projects: Projects,
        calculations: Calculations,
        exports: Exports,
        logins: Logins,
        access: Access,
    }
    Rest {
        rate_limits: RateLimits,
        database: Database,
        caches: Caches,
        queues: Queues,
        external: External,
        jobs: Jobs,
        refreshes: Refreshes,
    }
}

impl BuiltIn {
    /// Registers what the naming turns on.
    pub(crate) fn start(&self) {
        self.all().for_each(BuiltInFamily::start);
    }

    /// Every family that the naming wants, used or not.
    pub(crate) fn catalog(&self) -> Vec<FamilyDefinition> {
        self.home.catalog()
    }

    /// A family of requests as it is shown.
    pub(crate) fn named(&self, canonical: &Canonical) -> Option<Named> {
        self.home.named(canonical)
    }

    /// That of all families.
    pub(crate) fn clock(&self) -> Clock {
        self.home.families.clock().clone()
    }

    /// Those of all families.
    pub(crate) fn routes(&self) -> Arc<Routes> {
        Arc::clone(&self.home.routes)
    }
}
