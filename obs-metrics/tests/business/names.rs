//! Families by other names, turned off, or kept out by one of the application's.

use std::panic::catch_unwind;

use obs_metrics::{
    Definition, DefinitionFault, FamilyNaming, Naming, order_created, queue_depth, user_registered,
};

use crate::harness::seen;
use crate::{all, metrics, named, shown, value};

#[test]
fn a_family_has_the_names_of_the_naming() {
    let naming = Naming::default().namespace("shop").currency("eur").family(
        "users_registered_total",
        FamilyNaming::new().name("signups_total").help("Signed up.").label("user_type", "kind"),
    );
    let metrics = named(naming);
    order_created!(handle: metrics, "b2b", "card", 10);
    user_registered!(handle: metrics, "farmer");
    assert_eq!(value(&metrics, "shop_order_value_eur_sum", &[("order_type", "b2b")]), 10.0);
    assert_eq!(value(&metrics, "signups_total", &[("kind", "farmer")]), 1.0);
    assert_eq!(seen(&metrics).help["signups_total"], "Signed up.");
}

#[test]
fn a_family_that_is_off_is_not_there() {
    let off = FamilyNaming::new().off();
    let metrics = named(Naming::default().family("order_value", off));
    order_created!(handle: metrics, "b2b", "card", 10);
    assert_eq!(all(&metrics, "order_value_sum"), []);
    assert_eq!(all(&metrics, "orders_total").len(), 1);
    assert!(seen(&metrics).samples.keys().all(|(name, _)| name != "obs_series_dropped_total"
        || shown(&metrics, name, &[("family", "order_value")]).is_none()));
}

#[test]
fn nothing_is_there_before_its_first_use() {
    let seen = seen(&metrics());
    assert!(!seen.kind.contains_key("orders_total"), "{:?}", seen.kind.keys());
    assert!(!seen.kind.contains_key("db_errors_total"));
}

/// Who comes first stands; the macro goes on as if nothing was, and what it lost is counted.
#[test]
fn an_own_family_of_the_same_name_stands() {
    let metrics = metrics();
    let own = Definition::new("queue_depth", "Meters.").labels(["shaft"]);
    let own = metrics.families().gauge::<&str>(own).unwrap();
    own.set("north", 120.0);
    for _ in 0..3 {
        queue_depth!(handle: metrics, "emails", 17);
    }
    assert_eq!(all(&metrics, "queue_depth"), [(vec!["north".to_owned()], 120.0)]);
    assert_eq!(value(&metrics, "obs_series_dropped_total", &[("family", "queue_depth")]), 3.0);

    // The other way round the application is told when it registers, and where the first use was.
    let first_use = line!() + 1;
    order_created!(handle: metrics, "b2b", "card", 10);
    let late = Definition::new("orders_total", "Mine.").labels(["shop"]);
    let error = metrics.families().counter::<&str>(late).unwrap_err();
    let DefinitionFault::Conflict { there, .. } = error.fault else { panic!("{error}") };
    assert_eq!((there.place.file(), there.place.line()), (file!(), first_use));

    // What is shown from the start is first in any case.
    let shown = named(Naming::default().on("queue_depth"));
    let late = Definition::new("queue_depth", "Meters.").labels(["shaft"]);
    let error = shown.families().gauge::<&str>(late).unwrap_err();
    assert!(matches!(error.fault, DefinitionFault::Conflict { .. }), "{error}");
}

#[test]
fn names_that_no_family_can_have_are_no_panic() {
    for bad in ["", "1st", "a b", "up\n"] {
        let naming = Naming::default().family("queue_depth", FamilyNaming::new().name(bad).on());
        let done = catch_unwind(|| {
            let metrics = named(naming);
            queue_depth!(handle: metrics, "emails", 17);
            value(&metrics, "queue_depth", &[("queue", "emails")])
        });
        assert_eq!(done.unwrap(), 17.0, "{bad:?}");
    }
}
