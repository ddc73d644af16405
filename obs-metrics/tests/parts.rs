//! The business at an endpoint of its own: what is shown is in one part, and only in one.

#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

mod harness;

use std::collections::BTreeSet;
use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use futures_util::TryStreamExt as _;
use harness::prometheus::{Prometheus, promtool_check};
use harness::target::Target;
use harness::{End, Exposition, Gate, Number, Series, Shown, Sources, Traffic};
use obs_core::ServiceIdentity;
use obs_core::source::Kind;
use obs_metrics::business::{OrderType, PaymentGateway, PaymentMethod, PaymentStatus};
use obs_metrics::testing::Readings;
use obs_metrics::{
    Capped, Definition, Format, Metrics, MetricsSettings, Naming, Part, Preset, Representation,
    cache_hit, define_metrics, inventory_items, order_created, payment_processed, queue_depth,
};

define_metrics! {
    /// What the shop counts.
    pub struct Shop namespace("shop") {
        /// Gifts wrapped.
        counter gifts;
    }
}

/// Those that are there only if asked for.
const OPT_IN: [&str; 6] = [
    "orders_created_total",
    "payment_transactions_total",
    "active_users_now",
    "cache_requests_total",
    "pg_pool_used",
    "pg_pool_total",
];

/// The beginnings of what a service works with.
const TECHNICAL: [&str; 9] = [
    "rate_limit_",
    "db_",
    "pg_pool_",
    "cache_",
    "queue_",
    "external_",
    "job_",
    "refresh_",
    "messaging_",
];

fn metrics(naming: Naming) -> Arc<Metrics> {
    let mut settings = MetricsSettings::default();
    settings.naming = naming;
    Arc::new(Metrics::new(&settings, &ServiceIdentity::default()))
}

/// Metrics that show every family from the start.
fn with_everything() -> Arc<Metrics> {
    let catalog = metrics(Naming::default()).catalog();
    let names = catalog.into_iter().map(|family| family.name);
    let names = names.chain(OPT_IN.map(str::to_owned));
    metrics(names.fold(Naming::default(), Naming::on))
}

/// A service with requests, events, families of its own and a source.
fn service(metrics: &Arc<Metrics>) -> Shop {
    let shop = Shop::new(metrics).unwrap();
    shop.gifts.inc();
    let logins = Definition::new("tenant_logins_total", "Log-ins.").labels(["tenant"]);
    let logins = metrics.families().counter::<Capped<&str>>(logins).unwrap();
    logins.inc(Capped("acme"));
    let traffic = Traffic::new(metrics.http());
    let route = Arc::from("/orders");
    for status in [200, 429, 500] {
        let took = Duration::from_millis(5);
        traffic.exchange("GET", Some(&route), status, took, End::Complete);
    }
    order_created!(handle: metrics, OrderType::B2b, PaymentMethod::Bkash, 1250.0);
    payment_processed!(handle: metrics, PaymentGateway::Bkash, PaymentStatus::Success, 10.0);
    inventory_items!(handle: metrics, 7);
    cache_hit!(handle: metrics, "sessions");
    queue_depth!(handle: metrics, "mail", 3);
    let stock = Shown::new("stock", Kind::Gauge, "In stock.").with(&[], Number::Integer(4));
    metrics.add_source(Arc::new(Sources(vec![stock])));
    shop
}

fn bytes(metrics: &Metrics, part: Part, representation: impl Into<Representation>) -> Vec<u8> {
    let mut bytes = Vec::new();
    metrics.scrape_part(part, representation.into(), &mut |chunk| bytes.extend_from_slice(&chunk));
    bytes
}

fn text(metrics: &Metrics, part: Part, format: Format) -> String {
    String::from_utf8(bytes(metrics, part, format)).unwrap()
}

fn seen(metrics: &Metrics, part: Part, format: Format) -> Exposition {
    Exposition::parse(&text(metrics, part, format), format)
}

/// What a rendering changes.
fn is_of_the_scrape((name, labels): &Series) -> bool {
    name.starts_with("obs_scrape")
        || name == "obs_series" && labels["family"].starts_with("obs_scrape")
}

/// Both parts together are the whole, and they have nothing in common.
fn assert_parts(metrics: &Metrics) {
    for format in [Format::Text, Format::OpenMetrics] {
        let [all, business, rest] =
            [Part::All, Part::Business, Part::Rest].map(|part| seen(metrics, part, format));
        for name in business.kind.keys() {
            assert!(!rest.kind.contains_key(name), "{name} is in both parts");
        }
        for name in all.kind.keys() {
            let at = [&business, &rest].map(|part| part.kind.contains_key(name));
            assert!(at[0] != at[1], "{name} is in no part");
        }
        assert_eq!(all.samples.len(), business.samples.len() + rest.samples.len());
        for (series, value) in &all.samples {
            let found: Vec<_> =
                [&business, &rest].iter().filter_map(|part| part.samples.get(series)).collect();
            assert_eq!(found.len(), 1, "{series:?}");
            assert!(is_of_the_scrape(series) || found == [value], "{series:?}: {found:?}");
        }
    }
}

#[test]
fn every_family_of_the_catalog_is_in_one_part() {
    let metrics = with_everything();
    service(&metrics);
    assert_parts(&metrics);
    let [business, rest] =
        [Part::Business, Part::Rest].map(|part| seen(&metrics, part, Format::Text).kind);
    let catalog = metrics.catalog();
    assert!(
        catalog.len() > 50
            && OPT_IN.iter().all(|name| { catalog.iter().any(|family| family.name == *name) })
    );
    let own = ["exceptions_total", "slow_requests_total", "obs_requests_aborted_total"];
    let mut of_business = BTreeSet::new();
    for family in &catalog {
        let name = family.name.as_str();
        let technical = name.starts_with("http_")
            || own.contains(&name)
            || TECHNICAL.iter().any(|prefix| name.starts_with(prefix));
        let (here, there) = if technical { (&rest, &business) } else { (&business, &rest) };
        assert!(here.contains_key(name), "{name} is not where it belongs");
        assert!(!there.contains_key(name), "{name} is in both parts");
        of_business.extend((!technical).then_some(name));
    }
    // And nothing else is there.
    assert!(business.keys().map(String::as_str).eq(of_business.iter().copied()));
    for name in ["orders_total", "auth_login_attempts_total", "shop_gifts_total"] {
        assert!(of_business.contains(name), "{name}");
    }
    assert!(of_business.contains("tenant_logins_total"));
    for name in ["stock", "build_info", "obs_series", "obs_scrapes_total", "obs_label_values"] {
        assert!(rest.contains_key(name), "{name}");
    }
}

#[test]
fn presets_have_both_parts() {
    for preset in [
        Preset::Primepre,
        Preset::SmartDairy,
        Preset::Ahsp,
        Preset::Inventory,
        Preset::Apex,
        Preset::OtelSemconv,
        Preset::AxumPrometheus,
        Preset::ActixWebProm,
    ] {
        let metrics = metrics(Naming::preset(preset));
        service(&metrics);
        assert_parts(&metrics);
        assert!(text(&metrics, Part::Business, Format::Text).contains("shop_gifts_total"));
    }
}

#[test]
fn everything_is_exported_and_pushed() {
    let metrics = metrics(Naming::default());
    service(&metrics);
    let (pushed, exported) = (metrics.render_pushed(), Readings::of(&metrics));
    for name in ["shop_gifts_total", "orders_total", "http_requests_total", "stock"] {
        assert!(pushed.contains(&format!("# TYPE {name} ")), "{name} is not pushed");
        assert!(exported.value(name).is_some_and(|value| value > 0.0), "{name} is not exported");
    }
}

#[test]
fn what_is_told_of_the_business_is_with_the_rest() {
    let metrics = metrics(Naming::default());
    service(&metrics);
    let [business, rest] =
        [Part::Business, Part::Rest].map(|part| seen(&metrics, part, Format::Text));
    for family in ["shop_gifts_total", "orders_total", "order_value", "tenant_logins_total"] {
        let names = ["", "_bucket", "_sum", "_count"].map(|suffix| format!("{family}{suffix}"));
        let shown = business.samples.keys().filter(|(name, _)| names.contains(name)).count();
        assert!(shown > 0, "{family}");
        assert_eq!(rest.value("obs_series", &[("family", family)]), shown as f64, "{family}");
    }
    let tenant = [("family", "tenant_logins_total"), ("label", "tenant")];
    assert_eq!(rest.value("obs_label_values", &tenant), 1.0);
}

/// Otherwise Prometheus would have two of a name, from one service.
#[test]
fn names_are_taken_in_both_parts() {
    let metrics = metrics(Naming::default());
    service(&metrics);
    let taken = |name: &str, kind| Shown::new(name, kind, "Taken.").with(&[], Number::Integer(9));
    metrics.add_source(Arc::new(Sources(vec![
        taken("shop_gifts_total", Kind::Counter),
        taken("order_value_count", Kind::Gauge),
    ])));
    let rest = seen(&metrics, Part::Rest, Format::Text);
    for name in ["shop_gifts_total", "order_value_count"] {
        assert_eq!(rest.of(name).count(), 0, "{name}");
        assert_eq!(rest.value("obs_series_dropped_total", &[("family", name)]), 1.0, "{name}");
    }
    let business = seen(&metrics, Part::Business, Format::Text);
    assert_eq!(business.value("shop_gifts_total", &[]), 1.0);
    // Requests come first, wherever they are shown.
    for name in ["http_requests_total", "obs_series", "build_info"] {
        assert!(metrics.families().gauge::<()>(Definition::new(name, "Mine.")).is_err(), "{name}");
    }
}

#[test]
fn a_part_ends_as_its_format_does_even_without_families() {
    let metrics = metrics(Naming::default());
    assert_eq!(text(&metrics, Part::Business, Format::Text), "");
    assert_eq!(text(&metrics, Part::Business, Format::OpenMetrics), "# EOF\n");
    let gzip = Representation::from(Format::OpenMetrics).gzip();
    let unzipped = |part| {
        let mut text = String::new();
        GzDecoder::new(&*bytes(&metrics, part, gzip)).read_to_string(&mut text).unwrap();
        text
    };
    assert_eq!(unzipped(Part::Business), "# EOF\n");
    Exposition::parse(&unzipped(Part::Rest), Format::OpenMetrics);
    for part in [Part::Business, Part::Rest] {
        let verdict = promtool_check("a_part_ends", &text(&metrics, part, Format::Text));
        assert!(verdict.is_none_or(|verdict| verdict.is_ok()));
    }
}

/// Whatever fails, nobody waits at the gate for ever.
struct Opened<'a>(&'a Gate);

impl Drop for Opened<'_> {
    fn drop(&mut self) {
        self.0.open();
    }
}

async fn read(metrics: &Arc<Metrics>, part: Part) -> Exposition {
    let chunks: Vec<_> =
        metrics.stream_part(part, Format::Text.into()).try_collect().await.unwrap();
    Exposition::parse(&String::from_utf8(chunks.concat()).unwrap(), Format::Text)
}

/// What a part shows while the other one waits for a source, on so many threads for renderings.
fn beside_a_gate(threads: usize, then: impl AsyncFnOnce(&Arc<Metrics>, &Gate)) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .max_blocking_threads(threads)
        .enable_time()
        .build()
        .unwrap();
    let metrics = metrics(Naming::default());
    service(&metrics);
    let gate = Arc::new(Gate::default());
    metrics.add_source(gate.clone());
    runtime.block_on(async {
        let waiting = tokio::spawn({
            let metrics = Arc::clone(&metrics);
            async move { read(&metrics, Part::Rest).await }
        });
        let deadline = Instant::now() + Duration::from_secs(30);
        while gate.asked.load(Ordering::SeqCst) == 0 {
            assert!(Instant::now() < deadline);
            tokio::task::yield_now().await;
        }
        let opened = Opened(&gate);
        then(&metrics, &gate).await;
        drop(opened);
        let rest = waiting.await.unwrap();
        assert!(rest.get("gate", &[]).is_some() && rest.of("shop_gifts_total").count() == 0);
    });
}

#[test]
fn the_business_does_not_wait_for_a_source() {
    beside_a_gate(2, async |metrics, _| {
        let business = tokio::time::timeout(Duration::from_secs(30), read(metrics, Part::Business));
        assert_eq!(business.await.unwrap().value("shop_gifts_total", &[]), 1.0);
    });
}

#[test]
fn scrapers_at_the_same_time_share_a_rendering_of_their_part() {
    beside_a_gate(1, async |metrics, gate| {
        // On board while the only thread is taken.
        let streams: Vec<_> =
            (0..8).map(|_| metrics.stream_part(Part::Business, Format::Text.into())).collect();
        gate.open();
        let mut bodies = Vec::new();
        for stream in streams {
            let chunks: Vec<_> = stream.try_collect().await.unwrap();
            bodies.push(chunks.concat());
        }
        bodies.dedup();
        assert_eq!(bodies.len(), 1);
        assert!(!bodies[0].is_empty());
        // The one at the gate, that of the eight, and this.
        let rest = read(metrics, Part::Rest).await;
        assert_eq!(rest.value("obs_scrapes_total", &[("format", "text")]), 3.0);
        assert!(rest.value("obs_scrape_bytes_total", &[]) > bodies[0].len() as f64);
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prometheus_has_every_series_from_one_of_the_two_paths() {
    const TEST: &str = "prometheus_has_every_series_from_one_of_the_two_paths";
    let metrics = metrics(Naming::preset(Preset::SmartDairy));
    service(&metrics);
    let target = Target::serve(Arc::clone(&metrics)).await;
    let paths = ["/rest", "/business-metrics"];
    let Some(prometheus) = Prometheus::start(TEST, &[], &target, &paths).await else { return };
    let mut both = BTreeSet::new();
    for path in paths {
        let job = path.trim_matches('/');
        prometheus.wait_until_up(job).await;
        for series in prometheus.series(&format!("{{job=\"{job}\"}}")).await {
            let (name, _) = &series;
            let of_the_job = name == "up" || name.starts_with("scrape_");
            let created = name.ends_with("_created");
            if !of_the_job && !created {
                assert!(both.insert(series.clone()), "{series:?} comes from both");
            }
        }
    }
    let samples = seen(&metrics, Part::All, Format::Text).samples;
    let all: BTreeSet<_> = samples
        .into_keys()
        .map(|(name, mut labels)| {
            labels.retain(|_, value| !value.is_empty());
            (name, labels)
        })
        .collect();
    assert_eq!(both, all);
}
