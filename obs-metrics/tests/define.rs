//! Families of one typed line each, read back from the exposition and the catalog.

mod harness;

use std::time::Duration;

use harness::prometheus::promtool_check;
use harness::{Exposition, metrics, seen};
use obs_core::source::Kind;
use obs_metrics::testing::Recorder;
use obs_metrics::{
    Bounded, Capped, Definition, DefinitionFault, Format, LabelValues, MetricsSettings, Naming,
    OneOf, Preset, define_metrics, label_enum,
};
use proptest::prelude::*;

label_enum! {
    /// Who orders.
    pub enum OrderKind { B2b = "b2b", B2c = "b2c" }
}
label_enum! {
    /// How it is paid.
    pub enum Payment { Bkash = "bkash", Card = "card" }
}

const MONEY: &[f64] = &[100.0, 1000.0];

define_metrics! {
    /// What the shop counts.
    pub struct Shop namespace("shop") {
        /// Orders placed,
        /// gifts included.
        ///
        /// Not those that were refused.
        counter orders { kind: OrderKind, payment: Payment, };
        /// Value of an order.
        histogram order_value { kind: OrderKind } unit("bdt") buckets(MONEY[0], 500.0, MONEY[1]);
        /// Time that a courier took.
        histogram delivery unit("seconds");
        /// Bytes of all pictures.
        counter pictures unit("bytes");
        /// Carts that are open.
        gauge open_carts;
        /// Temperature of a room.
        gauge room { floor: Bounded<3>, side: OneOf!["north", "south"], } unit("celsius");
        /// Sign-ins.
        counter r#match { r#type: &'static str } name("shop_sign_ins_total") max_series(7);
        /// Pages seen.
        counter pages { tenant: Capped<&'static str, 2> } ttl(Duration::from_secs(60));
        /// The catalogue that is sold from.
        info catalogue { edition: &'static str, wet: bool };
        /// The season.
        info season { wet: bool };
    }
}

/// Where the definition is.
const LINE: u32 = 28;

define_metrics! {
    struct OtherShop {
        /// Orders placed.
        counter shop_orders { kind: OrderKind };
        /// Carts that are left.
        gauge left_carts;
        /// Carts that are open.
        gauge shop_open { payment: Payment };
        /// Requests.
        counter http_requests;
        /// Time that a courier took.
        histogram shop_delivery unit("seconds") buckets(1.0);
    }
}

#[test]
fn what_is_written_is_shown() {
    let metrics = metrics();
    let shop = Shop::new(&metrics).unwrap();
    shop.orders.inc((OrderKind::B2b, Payment::Bkash));
    shop.orders.add((OrderKind::B2b, Payment::Card), 2);
    shop.order_value.observe(OrderKind::B2c, 500.0);
    shop.order_value.observe(OrderKind::B2c, 500.5);
    shop.delivery.observe_duration(Duration::from_millis(1500));
    shop.pictures.add(4096);
    shop.open_carts.inc();
    shop.open_carts.add(1.5);
    shop.room.set((Bounded(2), "south".into()), 21.5);
    shop.room.set((Bounded(3), "south".into()), 9.0);
    shop.room.set((Bounded::from(-1), "".into()), 8.0);
    shop.r#match.inc("web");
    for tenant in ["a", "b", "c"] {
        shop.pages.inc(Capped(tenant));
    }
    shop.catalogue.set(("2026-11", true));
    shop.season.set(false);

    for format in [Format::Text, Format::OpenMetrics] {
        let text = metrics.render(format);
        let seen = Exposition::parse(&text, format);
        for (name, labels, value) in [
            ("shop_orders_total", &[("kind", "b2b"), ("payment", "bkash")][..], 1.0),
            ("shop_orders_total", &[("kind", "b2b"), ("payment", "card")], 2.0),
            ("shop_orders_total", &[("kind", "b2c"), ("payment", "card")], 0.0),
            ("shop_order_value_bdt_bucket", &[("kind", "b2c"), ("le", "500.0")], 1.0),
            ("shop_order_value_bdt_bucket", &[("kind", "b2c"), ("le", "1000.0")], 2.0),
            ("shop_order_value_bdt_sum", &[("kind", "b2c")], 1000.5),
            ("shop_delivery_seconds_sum", &[], 1.5),
            ("shop_pictures_bytes_total", &[], 4096.0),
            ("shop_open_carts", &[], 2.5),
            ("shop_room_celsius", &[("floor", "2"), ("side", "south")], 21.5),
            ("shop_room_celsius", &[("floor", "other"), ("side", "south")], 9.0),
            ("shop_room_celsius", &[("floor", "other"), ("side", "other")], 8.0),
            ("shop_sign_ins_total", &[("type", "web")], 1.0),
            ("shop_pages_total", &[("tenant", "b")], 1.0),
            ("shop_pages_total", &[("tenant", "other")], 1.0),
            ("shop_catalogue_info", &[("edition", "2026-11"), ("wet", "true")], 1.0),
        ] {
            assert_eq!(seen.value(name, labels), value, "{name} {labels:?}\n{text}");
        }
        assert_eq!(seen.of("shop_order_value_bdt_bucket").count(), 2 * 4, "the buckets are ours");
        assert_eq!(seen.of("shop_catalogue_info").count(), 1);
        let seasons: Vec<_> = seen.of("shop_season_info").collect();
        assert_eq!(seasons.len(), 1, "no zeros: {seasons:?}");
        assert_eq!((seasons[0].0["wet"].as_str(), seasons[0].1), ("false", 1.0));
    }
    let verdict = promtool_check("what_is_written_is_shown", &metrics.render(Format::Text));
    assert!(verdict.is_none_or(|verdict| verdict == Ok(())));
    let help = &seen(&metrics).help;
    assert_eq!(help["shop_orders_total"], "Orders placed, gifts included.");
}

#[test]
fn the_catalog_has_every_family_before_its_first_use() {
    let metrics = metrics();
    Shop::new(&metrics).unwrap();
    let catalog = metrics.families().catalog();
    let names: Vec<_> = catalog.iter().map(|family| family.name.as_str()).collect();
    let expected = [
        "shop_orders_total",
        "shop_order_value_bdt",
        "shop_delivery_seconds",
        "shop_pictures_bytes_total",
        "shop_open_carts",
        "shop_room_celsius",
        "shop_sign_ins_total",
        "shop_pages_total",
        "shop_catalogue_info",
        "shop_season_info",
    ];
    assert_eq!(names, expected);
    for family in &catalog {
        assert!(family.place.file().ends_with("define.rs"), "{family:?}");
        assert_eq!(family.place.line(), LINE, "{family:?}");
    }
    let [orders, value, delivery, pictures, _, room, logins, pages, info, _] = &catalog[..] else {
        panic!("{catalog:?}");
    };
    assert_eq!((orders.kind, orders.unit.as_deref()), (Kind::Counter, None));
    assert_eq!(orders.help, "Orders placed, gifts included.");
    let kinds = &orders.labels[0];
    assert_eq!((kinds.name.as_str(), kinds.values), ("kind", LabelValues::Closed(&["b2b", "b2c"])));
    assert_eq!(value.bounds, [100.0, 500.0, 1000.0]);
    assert_eq!((value.kind, value.unit.as_deref()), (Kind::Histogram, Some("bdt")));
    assert_eq!((delivery.bounds.len(), delivery.unit.as_deref()), (16, Some("seconds")));
    assert_eq!(pictures.unit.as_deref(), Some("bytes"));
    assert_eq!(room.labels[0].values, LabelValues::Closed(&["other", "0", "1", "2"]));
    assert_eq!(room.labels[1].values, LabelValues::Closed(&["north", "south", "other"]));
    assert_eq!((logins.labels[0].name.as_str(), logins.max_series), ("type", 7));
    assert_eq!(pages.labels[0].values, LabelValues::Open { limit: Some(2) });
    assert_eq!(pages.ttl, Some(Duration::from_secs(60)));
    assert_eq!((info.kind, info.zero), (Kind::Gauge, false));
}

#[test]
fn registered_again_it_is_the_same_family() {
    let metrics = metrics();
    let (first, again) = (Shop::new(&metrics).unwrap(), Shop::new(&metrics).unwrap());
    first.open_carts.inc();
    again.clone().open_carts.inc();
    assert_eq!(first.open_carts.get(), 2.0);
    let same = Definition::new("shop_orders_total", "Orders placed, gifts included.")
        .labels(["kind", "payment"]);
    let orders = metrics.families().counter::<(OrderKind, Payment)>(same).unwrap();
    orders.inc((OrderKind::B2c, Payment::Card));
    first.orders.inc((OrderKind::B2c, Payment::Card));
    let labels = [("kind", "b2c"), ("payment", "card")];
    assert_eq!(seen(&metrics).value("shop_orders_total", &labels), 2.0);
    assert_eq!(metrics.families().catalog().len(), 10);
}

#[test]
fn all_conflicts_are_told_at_once_with_both_definitions() {
    let metrics = metrics();
    Shop::new(&metrics).unwrap();
    let errors = OtherShop::new(&metrics).unwrap_err();
    let families: Vec<_> = errors.0.iter().map(|error| error.family.as_str()).collect();
    let expected = ["shop_orders_total", "http_requests_total", "shop_delivery_seconds"];
    assert_eq!(families, expected, "{errors}");
    let text = errors.to_string();
    for part in [
        r#"new:   counter shop_orders_total (kind: b2b|b2c) "Orders placed.""#,
        r#"there: counter shop_orders_total (kind: b2b|b2c, payment: bkash|card) "Orders placed, gifts included.""#,
        &format!("define.rs:{LINE}:1"),
        "belongs to a built-in family",
        "buckets [1.0]",
    ] {
        assert!(text.contains(part), "no {part:?} in:\n{text}");
    }
    assert!(matches!(errors.0[0].fault, DefinitionFault::Conflict { .. }), "{errors}");
    assert_eq!(text.matches("metric family").count(), 3, "{text}");
    let seen = seen(&metrics);
    assert_eq!(seen.value("left_carts", &[]), 0.0, "the others are registered");
}

#[test]
fn a_unit_must_be_in_the_name() {
    let metrics = metrics();
    for (name, fine) in [
        ("a_bytes", true),
        ("b_bytes_total", true),
        ("a", false),
        ("abytes", false),
        ("bytes", false),
    ] {
        let gauge = metrics.families().gauge::<()>(Definition::new(name, "A.").unit("bytes"));
        assert_eq!(gauge.is_ok(), fine, "{name}: {gauge:?}");
    }
}

#[test]
fn the_names_of_users_stand_whatever_the_settings() {
    for naming in [Naming::preset(Preset::Ahsp), Naming::default().namespace("acme")] {
        let mut settings = MetricsSettings::default();
        settings.naming = naming;
        let recorder = Recorder::with_settings(&settings);
        Shop::new(recorder.metrics()).unwrap().pictures.add(1);
        recorder.assert("shop_pictures_bytes_total", 1);
    }
}

type Size = OneOf!["s", "größer", "0123456789abcdef", "0123456789abcdefghijklmnopqrstuv"];

proptest! {
    #[test]
    fn a_number_is_itself_or_other(number: u64, small in 0..2000_u64) {
        let metrics = metrics();
        let definition = Definition::new("retries_total", "Retries.").labels(["attempt"]);
        let retries = metrics.families().counter::<Bounded<1000>>(definition).unwrap();
        for number in [number, small] {
            let before = retries.with(Bounded(number)).get();
            retries.inc(number.into());
            let text = if number < 1000 { number.to_string() } else { "other".to_owned() };
            let shown = seen(&metrics).value("retries_total", &[("attempt", &text)]);
            prop_assert_eq!(shown, before as f64 + 1.0);
        }
    }

    #[test]
    fn a_text_is_one_of_them_or_other(text in "s|größer|0123456789abcdef(ghijklmnopqrstuv)?w?|other|.{0,40}") {
        let metrics = metrics();
        let definition = Definition::new("sizes_total", "Sizes.").labels(["size"]);
        let sizes = metrics.families().counter::<Size>(definition).unwrap();
        sizes.inc(text.as_str().into());
        let known = ["s", "größer", "0123456789abcdef", "0123456789abcdefghijklmnopqrstuv"];
        let shown = if known.contains(&text.as_str()) { &text } else { "other" };
        let seen = seen(&metrics);
        prop_assert_eq!(seen.value("sizes_total", &[("size", shown)]), 1.0);
        prop_assert_eq!(seen.sum("sizes_total"), 1.0);
        prop_assert_eq!(seen.of("sizes_total").count(), 5);
    }
}
