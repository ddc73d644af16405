//! Every preset in a real Prometheus, which is asked what the dashboards of the system ask.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use obs_metrics::{Format, Metrics, Naming, Preset};
use tokio::time::sleep;

use crate::harness::prometheus::{Job, Prometheus};
use crate::harness::target::Target;
use crate::harness::{End, Exposition, Traffic};
use crate::named;
use crate::systems::{AHSP, APEX, INVENTORY, PRIMEPRE, SMART_DAIRY};

/// Method, status, milliseconds, how many: of 25 requests one is the service's fault, one the client's,
/// and the 95th percentile lies among those of 700 ms.
const REQUESTS: [(&str, u16, u64, u32); 4] =
    [("GET", 200, 40, 18), ("POST", 404, 5, 1), ("GET", 200, 700, 5), ("POST", 500, 3000, 1)];
/// Of the buckets from 0.5 to 1.
const P95: f64 = 0.975;
/// The first time before the first scrape, so that rates have something to begin with.
const TIMES: f64 = 2.0;

struct Dashboard {
    preset: Preset,
    events: fn(&Arc<Metrics>),
    /// `JOB` stands for the job; what is asked is one number.
    queries: &'static [(&'static str, f64)],
}

const DASHBOARDS: [Dashboard; 9] = [
    Dashboard {
        preset: Preset::Canonical,
        events: |_| {},
        queries: &[
            (
                r#"sum(rate(http_requests_total{JOB,status_code=~"5.."}[5m])) / sum(rate(http_requests_total{JOB}[5m]))"#,
                0.04,
            ),
            (r#"sum by (route) (slow_requests_total{JOB,route="/orders/{id}"})"#, TIMES),
        ],
    },
    Dashboard {
        preset: PRIMEPRE.preset,
        events: PRIMEPRE.events,
        queries: &[
            (
                "histogram_quantile(0.95, sum by (le, endpoint) (rate(primepre_api_request_duration_seconds_bucket{JOB}[5m])))",
                P95,
            ),
            (
                r#"sum by (endpoint, error_type) (primepre_api_errors_total{JOB,error_type="server_error"})"#,
                TIMES,
            ),
            (r#"primepre_warehouse_utilization_percent{JOB,warehouse="ghana"}"#, 75.0),
        ],
    },
    Dashboard {
        preset: SMART_DAIRY.preset,
        events: SMART_DAIRY.events,
        queries: &[
            ("sum by (order_type) (smart_dairy_orders_total{JOB,status='created'} > 0)", TIMES),
            (
                "sum(rate(smart_dairy_order_value_bdt_sum{JOB}[5m])) / sum(rate(smart_dairy_orders_total{JOB,status='created'}[5m]))",
                1250.0,
            ),
            (
                "sum(rate(smart_dairy_payments_total{JOB,status='success'}[5m])) / sum(rate(smart_dairy_payments_total{JOB}[5m])) * 100",
                50.0,
            ),
            (
                "sum by (job) (rate(http_requests_total{JOB,status_code=~'5..'}[5m])) / sum by (job) (rate(http_requests_total{JOB}[5m])) * 100",
                4.0,
            ),
        ],
    },
    Dashboard {
        preset: AHSP.preset,
        events: AHSP.events,
        queries: &[
            (
                "histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{JOB}[5m])))",
                P95,
            ),
            (
                r#"sum(rate(http_requests_total{JOB,status=~"5.."}[5m])) / sum(rate(http_requests_total{JOB}[5m])) * 100"#,
                4.0,
            ),
            ("exports_total{JOB,format='pdf',status='success'}", TIMES),
        ],
    },
    Dashboard {
        preset: INVENTORY.preset,
        events: INVENTORY.events,
        queries: &[
            (
                r#"100 * sum(rate(inventory_requests_total{JOB,status=~"4..|5..",status!="499"}[5m])) / sum(rate(inventory_requests_total{JOB}[5m]))"#,
                8.0,
            ),
            (
                "histogram_quantile(0.95, sum by (le) (rate(inventory_request_duration_seconds_bucket{JOB}[5m])))",
                P95,
            ),
            ("inventory_items_total{JOB}", 42.0),
            ("sum(inventory_cache_misses_total{JOB})", TIMES),
        ],
    },
    Dashboard {
        preset: APEX.preset,
        events: APEX.events,
        queries: &[
            (
                "sum(rate(apex_cache_hits_total{JOB}[5m])) / sum(rate(apex_cache_requests_total{JOB}[5m])) * 100",
                50.0,
            ),
            (
                r#"sum(rate(apex_report_generation_duration_seconds_bucket{JOB,le=~"30(\\.0)?"}[5m])) / sum(rate(apex_report_generation_duration_seconds_count{JOB}[5m]))"#,
                1.0,
            ),
            (r#"apex_projects_submitted_total{JOB,status="success"}"#, TIMES),
        ],
    },
    Dashboard {
        preset: Preset::OtelSemconv,
        events: |_| {},
        queries: &[
            (
                "histogram_quantile(0.95, sum by (le, http_route) (rate(http_server_request_duration_seconds_bucket{JOB}[5m])))",
                // The bucket ends at 0.75 here.
                0.7375,
            ),
            (
                r#"sum(rate(http_server_request_duration_seconds_count{JOB,error_type!=""}[5m])) / sum(rate(http_server_request_duration_seconds_count{JOB}[5m]))"#,
                0.04,
            ),
        ],
    },
    Dashboard {
        preset: Preset::AxumPrometheus,
        events: |_| {},
        queries: &[
            (
                "histogram_quantile(0.95, sum by (le, endpoint) (rate(axum_http_requests_duration_seconds_bucket{JOB}[5m])))",
                P95,
            ),
            (r#"sum(axum_http_requests_total{JOB,status="404"})"#, TIMES),
            ("sum(axum_http_requests_pending{JOB})", 1.0),
        ],
    },
    Dashboard {
        preset: Preset::ActixWebProm,
        events: |_| {},
        queries: &[
            (
                "histogram_quantile(0.95, sum by (le, endpoint) (rate(http_requests_duration_seconds_bucket{JOB}[5m])))",
                P95,
            ),
            (r#"sum(http_requests_total{JOB,method="POST",status="500"})"#, TIMES),
        ],
    },
];

/// One system that serves its metrics.
struct System {
    dashboard: &'static Dashboard,
    metrics: Arc<Metrics>,
    traffic: Traffic,
    target: Target,
}

impl System {
    async fn start(dashboard: &'static Dashboard) -> Self {
        let metrics = named(Naming::preset(dashboard.preset));
        let traffic = Traffic::new(metrics.http());
        let target = Target::serve(Arc::clone(&metrics)).await;
        let system = Self { dashboard, metrics, traffic, target };
        system.work();
        system
    }

    fn work(&self) {
        for (method, status, millis, count) in REQUESTS {
            for _ in 0..count {
                let took = Duration::from_millis(millis);
                let route = "/orders/{id}".into();
                self.traffic.exchange(method, Some(&route), status, took, End::Complete);
            }
        }
        (self.dashboard.events)(&self.metrics);
    }

    fn job(&self) -> Job {
        let name = self.dashboard.preset.to_string();
        Job { name, address: self.target.address, path: "/metrics".to_owned() }
    }

    /// What the dashboards ask.
    async fn check_queries(&self, prometheus: &Prometheus) {
        let job = format!("job=\"{}\"", self.dashboard.preset);
        for (query, expected) in self.dashboard.queries {
            let query = query.replace("JOB", &job);
            let deadline = Instant::now() + Duration::from_secs(30);
            // Until the last scrape has all of it.
            loop {
                let values: Vec<f64> = prometheus.query(&query).await.into_values().collect();
                if matches!(values[..], [value] if (value - expected).abs() < 1e-9) {
                    break;
                }
                assert!(Instant::now() < deadline, "{query}: {values:?}, not {expected}");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }

    /// What the catalog has and what is shown is what Prometheus knows, from the start on.
    async fn check_families(&self, prometheus: &Prometheus) {
        let preset = self.dashboard.preset;
        let known = prometheus.metadata(&preset.to_string()).await;
        let catalog = self.metrics.catalog();
        let families = |metrics: &Metrics| -> BTreeMap<String, (String, String)> {
            let text = metrics.render(Format::OpenMetrics);
            let seen = Exposition::parse(&text, Format::OpenMetrics);
            let of_catalog = catalog.iter().filter_map(|family| {
                let base = family.name.strip_suffix("_total");
                let name =
                    base.filter(|base| seen.kind.contains_key(*base)).unwrap_or(&family.name);
                let kind = seen.kind.get(name)?.clone();
                Some((name.to_owned(), (kind, family.help.clone())))
            });
            of_catalog.collect()
        };
        let at_start = families(&named(Naming::preset(preset)));
        let now = families(&self.metrics);
        assert!(at_start.len() >= 4, "{preset}: {at_start:?}");
        for (name, family) in at_start.iter().chain(&now) {
            assert_eq!(known.get(name), Some(family), "{preset}: {name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dashboards_of_every_preset_find_what_happened() {
    assert_eq!(DASHBOARDS.each_ref().map(|own| own.preset), Preset::ALL.map(|(preset, _)| preset));
    let mut systems = Vec::new();
    for dashboard in &DASHBOARDS {
        systems.push(System::start(dashboard).await);
    }
    let jobs: Vec<Job> = systems.iter().map(System::job).collect();
    let test = "dashboards_of_every_preset_find_what_happened";
    let Some(prometheus) = Prometheus::scraping(test, &[], &jobs).await else { return };
    for job in &jobs {
        prometheus.wait_until_up(&job.name).await;
    }
    let _under_way: Vec<_> = systems
        .iter()
        .map(|system| {
            system.work();
            system.traffic.begin("GET", None)
        })
        .collect();
    for system in &systems {
        system.check_queries(&prometheus).await;
        system.check_families(&prometheus).await;
    }
}
