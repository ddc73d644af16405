//! What code says is looked at before the start, all of it: one mistake, one line.

use std::time::Duration;

use obs_metrics::{FamilyNaming, MetricsSettings, Naming, Preset, SettingsErrors};

use crate::harness::seen;
use crate::with;

fn lines(settings: &MetricsSettings) -> Vec<String> {
    let errors = settings.check().err().unwrap_or(SettingsErrors(Vec::new()));
    let lines: Vec<String> = errors.0.iter().map(ToString::to_string).collect();
    assert_eq!(errors.to_string(), lines.join("\n"));
    assert!(lines.iter().all(|line| !line.contains('\n')), "{lines:#?}");
    lines
}

fn of_naming(naming: Naming) -> Vec<String> {
    let mut settings = MetricsSettings::default();
    settings.naming = naming;
    lines(&settings)
}

fn of(change: impl FnOnce(&mut MetricsSettings)) -> Vec<String> {
    let mut settings = MetricsSettings::default();
    change(&mut settings);
    lines(&settings)
}

#[test]
fn every_preset_can_be() {
    for (preset, _) in Preset::ALL {
        for strict in [false, true] {
            let naming = Naming::preset(preset).strict_buckets(strict);
            assert_eq!(of_naming(naming.clone()), [""; 0], "{preset:?}");
            let currency = if preset == Preset::SmartDairy { "BDT" } else { "eur" };
            let naming = naming.namespace("shop").currency(currency);
            assert_eq!(of_naming(naming), [""; 0], "{preset:?}");
        }
    }
}

#[test]
fn all_faults_are_told_at_once_in_a_line_each() {
    let family = FamilyNaming::new;
    let naming = Naming::default()
        .family("orders_total", family().name("orders total"))
        .family("exports_total", family().label("format", "__format"))
        .family("order_value", family().buckets([1.0, 1.0]))
        .family("active_users", family().name("queue_depth"))
        .family("cart_started_total", family().name("obs_series_total"))
        .family("cart_abandoned_total", family().name("obs_series_dropped_total"));
    let mut settings = MetricsSettings::default();
    settings.naming = naming;
    settings.buckets = Some(vec![Duration::from_secs(2), Duration::from_secs(1)]);
    assert_eq!(
        lines(&settings),
        [
            "buckets: they must ascend, and 1.0 stands behind 2.0",
            "naming.family(\"exports_total\"): label(\"format\", \"__format\"): label \"__format\": a \
             name is made of letters, digits and _, begins with neither a digit nor __, and is not \
             `le` on a histogram",
            "naming.family(\"order_value\"): buckets([1.0, 1.0]): 1.0 appears twice",
            "naming.family(\"orders_total\"): name(\"orders total\"): a name is made of letters, \
             digits, _ and :, and does not begin with a digit",
            "naming.family(\"cart_started_total\"): \"obs_series_total\": a built-in family has \
             this name, or a series of this name",
            "naming.family(\"cart_abandoned_total\"): \"obs_series_dropped_total\": a built-in \
             family has this name, or a series of this name",
            "naming.family(\"active_users\"): \"queue_depth\": queue_depth has the name, or that of \
             a series",
        ]
    );
}

/// A typing error would be silent: the family or label it means is shown as ever.
#[test]
fn what_there_is_not_cannot_be_named() {
    let family = FamilyNaming::new;
    let orders = |naming| of_naming(Naming::default().family("orders_total", naming));
    let of_orders = "there are order_type, payment_method, status";
    for (lines, line) in [
        (
            of_naming(Naming::default().family("order_total", family().help("Orders."))),
            "naming.family(\"order_total\"): unknown family, did you mean \"orders_total\"?".into(),
        ),
        (
            of_naming(Naming::default().on("carts_started_total")),
            "naming.on(\"carts_started_total\"): unknown family, did you mean \
             \"cart_started_total\"?"
                .into(),
        ),
        (
            orders(family().without("foo")),
            format!("naming.family(\"orders_total\"): without(\"foo\"): the family has no such label: {of_orders}"),
        ),
        (
            orders(family().with("bar")),
            format!("naming.family(\"orders_total\"): with(\"bar\"): the family has no such label: {of_orders}"),
        ),
        (
            orders(family().label("nope", "x")),
            format!("naming.family(\"orders_total\"): label(\"nope\", \"x\"): the family has no such label: {of_orders}"),
        ),
        (
            orders(family().known("kind", ["b2b"])),
            format!("naming.family(\"orders_total\"): known(\"kind\", [\"b2b\"]): the family has no such label: {of_orders}"),
        ),
        (
            orders(family().buckets([1.0])),
            "naming.family(\"orders_total\"): buckets([1.0]): only a histogram has buckets".into(),
        ),
        (
            of_naming(Naming::default().family("http_errors_total", family().known("error_type", ["oops"]))),
            "naming.family(\"http_errors_total\"): known(\"error_type\", [\"oops\"]): \"oops\" is none \
             of client_error, server_error"
                .into(),
        ),
    ] {
        assert_eq!(lines, [line]);
    }
    let lines = of_naming(Naming::default().label("rout", "endpoint"));
    assert_eq!(lines.len(), 1, "{lines:?}");
    let start = "naming.label(\"rout\", \"endpoint\"): no family has such a label: there are ";
    assert!(lines[0].starts_with(start) && lines[0].contains(", route, "), "{lines:?}");
}

/// Else text says `orders`, OpenMetrics `orders_total`, and a query finds one of the two.
#[test]
fn a_counter_ends_in_total_and_a_histogram_does_not() {
    for (family, name) in [
        ("http_requests_total", "requests"),
        ("orders_total", "orders_placed"),
        ("order_value", "order_value_total"),
    ] {
        let naming = Naming::default().family(family, FamilyNaming::new().name(name).on());
        let line = format!(
            "naming.family({family:?}): name({name:?}): the name of a counter ends in `_total`, that \
             of a histogram does not"
        );
        assert_eq!(of_naming(naming), [line]);
    }
}

/// What would make every family impossible is one mistake.
#[test]
fn a_mistake_that_is_in_many_families_is_one_line() {
    let namespace = "a namespace is made of letters, digits and _, beginning with a letter and not \
                     ending in _";
    for bad in ["9 shop", "shop_", "_shop", "a:b"] {
        let line = format!("naming.namespace({bad:?}): {namespace}");
        assert_eq!(of_naming(Naming::default().namespace(bad)), [line]);
    }
    let currency = "a currency is made of letters and digits, and none of total, count, sum, bucket, \
                    created, info";
    for bad in ["€", "u s d", "us_d", "Total", "bucket"] {
        let line = format!("naming.currency({bad:?}): {currency}");
        assert_eq!(of_naming(Naming::default().currency(bad)), [line]);
    }
    let label = "label \"a b\": a name is made of letters, digits and _, begins with neither a digit \
                 nor __, and is not `le` on a histogram";
    let line = format!("naming.label(\"route\", \"a b\"): {label}");
    assert_eq!(of_naming(Naming::default().label("route", "a b")), [line]);
    let line = "naming.label(\"route\", \"method\"): http_requests_total: label \"method\" appears \
                twice";
    assert_eq!(of_naming(Naming::default().label("route", "method")), [line]);
    let lines = of_naming(Naming::default().label("route", "le"));
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].starts_with("naming.label(\"route\", \"le\"): http_request_duration_seconds: ")
    );
}

#[test]
fn the_currency_is_that_of_the_preset() {
    let naming = Naming::preset(Preset::SmartDairy).currency("eur");
    let line = "naming.currency(\"eur\"): the names of this preset are in bdt";
    assert_eq!(of_naming(naming), [line]);
}

/// What the environment refuses, code cannot have either.
#[test]
fn values_have_the_bounds_of_the_environment() {
    let ms = Duration::from_millis;
    let line = |line: &str| [line.to_owned()];
    assert_eq!(of(|s| s.max_routes = 0), line("max_routes = 0: expected 1 to 100000"));
    assert_eq!(of(|s| s.max_label_values = 0), line("max_label_values = 0: expected 1 to 10000"));
    assert_eq!(
        of(|s| s.max_series_per_family = 100_001),
        line("max_series_per_family = 100001: expected 1 to 100000")
    );
    assert_eq!(of(|s| s.max_series = 0), line("max_series = 0: expected 1 to 1000000"));
    assert_eq!(
        of(|s| s.slow_request = Duration::ZERO),
        line("slow_request = 0ns: expected 1ms to 3600s")
    );
    assert_eq!(
        of(|s| s.slow_query = ms(3_600_001)),
        line("slow_query = 3600.001s: expected 1ms to 3600s")
    );
    assert_eq!(
        of(|s| s.zero_statuses = vec![200, 99]),
        line("zero_statuses: 99 is no status: 100 to 599")
    );
    assert_eq!(
        of(|s| s.zero_statuses = vec![200; 17]),
        line("zero_statuses: 17 statuses: at most 16")
    );
    assert_eq!(
        of(|s| s.buckets = Some(vec![ms(0), ms(5)])),
        line("buckets: 0 s is outside of 0.000001 to 3600 s")
    );
    assert_eq!(
        of(|s| s.buckets = Some(Vec::new())),
        line("buckets: a histogram has 1 to 64, not 0")
    );
    assert_eq!(
        of(|s| s.route_names.extend([("/a".into(), String::new()), ("/b".into(), "b".into())])),
        line("route_names[\"/a\"]: an empty name: leave it out")
    );
    let fine = of(|s| {
        (s.max_routes, s.max_label_values) = (100_000, 10_000);
        (s.max_series_per_family, s.max_series) = (1, 1);
        (s.slow_request, s.slow_query) = (ms(1), ms(3_600_000));
        s.zero_statuses = vec![100; 16];
        s.buckets = Some(vec![Duration::from_micros(1), Duration::from_secs(3600)]);
    });
    assert_eq!(fine, [""; 0]);
}

/// Who does not ask goes on with a default for what cannot be, and with all the rest.
#[test]
fn what_is_refused_is_the_default() {
    let mut settings = MetricsSettings::default();
    settings.max_label_values = 0;
    settings.max_routes = 0;
    settings.route_names.insert("/a".into(), String::new());
    settings.naming = Naming::default()
        .namespace("9 shop")
        .family("orders_total", FamilyNaming::new().name("orders").help("Mine."))
        .on("nope_total");
    let metrics = with(&settings);
    obs_metrics::order_created!(handle: metrics, "b2b", "card", 10);
    metrics.http().record("GET", "/a", 200, Duration::ZERO);
    let seen = seen(&metrics);
    assert_eq!(seen.sum("orders_total"), 1.0);
    assert_eq!(seen.sum("order_value_count"), 1.0);
    let series = [("method", "GET"), ("route", "/a"), ("status_code", "200")];
    assert_eq!(seen.value("http_requests_total", &series), 1.0);
    assert_eq!(seen.sum("obs_series_dropped_total"), 0.0);
    let catalog = metrics.catalog();
    assert!(catalog.iter().any(|family| family.help == "Mine."));
}

#[test]
fn a_family_that_is_off_has_no_fault() {
    let naming = Naming::default().family("orders_total", FamilyNaming::new().name("a b").off());
    assert_eq!(of_naming(naming), [""; 0]);
}
