//! The process and the runtime in numbers: each is what this process does to itself.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, outside of #[test]")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use obs_core::ServiceIdentity;
use obs_metrics::{Format, Metrics, MetricsSettings, ProcessMetrics, TokioMetrics};

/// Families and series of the service, by what stands before the value.
fn shown(metrics: &Metrics) -> BTreeMap<String, f64> {
    let text = metrics.render(Format::Text);
    let series = text.lines().filter(|line| !line.starts_with('#'));
    let series = series.map(|line| line.rsplit_once(' ').unwrap());
    series.map(|(name, value)| (name.to_owned(), value.parse().unwrap())).collect()
}

fn metrics() -> Metrics {
    Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default())
}

/// Sees the process from outside, as `ps` does.
#[cfg(target_os = "linux")]
fn status(key: &str) -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(key)).unwrap();
    line.trim_start_matches(':').split_whitespace().next().unwrap().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn the_process_is_what_the_system_says() {
    let metrics = metrics();
    assert!(!shown(&metrics).contains_key("process_open_fds"), "only where it is added");
    metrics.add_source(Arc::new(ProcessMetrics::new()));
    let before = shown(&metrics);
    // Other tests of this process come and go: files and threads within reason.
    let files: Vec<_> = (0..100).map(|_| std::fs::File::open("/dev/null").unwrap()).collect();
    let memory = std::hint::black_box(vec![1_u8; 64 << 20]);
    let busy = Instant::now();
    let cpu = |shown: &BTreeMap<String, f64>| shown["process_cpu_seconds_total"];
    // On a busy machine, an amount of CPU time takes longer on the wall clock.
    while cpu(&shown(&metrics)) - cpu(&before) < 0.1 && busy.elapsed() < Duration::from_secs(30) {
        std::hint::black_box(&memory);
    }
    let after = shown(&metrics);
    let grown = |name: &str| after[name] - before[name];
    assert!((80.0..=200.0).contains(&grown("process_open_fds")), "{}", grown("process_open_fds"));
    let resident = after["process_resident_memory_bytes"];
    assert!(grown("process_resident_memory_bytes") > f64::from(48 << 20), "{resident}");
    assert!((resident / (status("VmRSS") * 1024.0) - 1.0).abs() < 0.3, "{resident}");
    let virtual_memory = after["process_virtual_memory_bytes"];
    assert!((virtual_memory / (status("VmSize") * 1024.0) - 1.0).abs() < 0.3, "{virtual_memory}");
    assert!((0.05..=30.0).contains(&grown("process_cpu_seconds_total")), "{after:?}");
    assert!((after["process_threads"] - status("Threads")).abs() <= 8.0, "{after:?}");
    assert!(after["process_max_fds"] >= after["process_open_fds"]);
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs_f64();
    let age = now - after["process_start_time_seconds"];
    assert!((-1.5..=600.0).contains(&age), "{age}");
    drop(files);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn the_runtime_is_the_one_that_is_watched() {
    let metrics = metrics();
    let runtime = Arc::new(TokioMetrics::new());
    metrics.add_source(Arc::clone(&runtime) as _);
    assert!(!shown(&metrics).keys().any(|name| name.starts_with("tokio_")));
    runtime.watch(tokio::runtime::Handle::current());
    let other = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    runtime.watch(other.handle().clone());
    other.shutdown_background();
    let tasks: Vec<_> = (0..40).map(|_| tokio::spawn(std::future::pending::<()>())).collect();
    let before = shown(&metrics);
    assert_eq!(before["tokio_workers"], 3.0, "the first counts");
    assert!(before["tokio_alive_tasks"] >= 40.0, "{before:?}");
    assert!(before.contains_key("tokio_global_queue_depth"));
    let parks = |shown: &BTreeMap<String, f64>| -> f64 {
        let series = shown.iter().filter(|(name, _)| name.starts_with("tokio_worker_parks_total"));
        series.map(|(_, value)| value).sum()
    };
    let busy = |shown: &BTreeMap<String, f64>| -> f64 {
        (0..3).map(|worker| shown[&busy_of(worker)]).sum()
    };
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        // Its worker goes to sleep now and then, and only then is the time booked.
        tokio::spawn(async {
            let busy = Instant::now();
            while busy.elapsed() < Duration::from_millis(20) {}
        })
        .await
        .unwrap();
        let now = shown(&metrics);
        if busy(&now) - busy(&before) > 0.04 && parks(&now) > parks(&before) {
            break;
        }
        assert!(Instant::now() < end, "{before:?}\n{now:?}");
    }
    tasks.iter().for_each(tokio::task::JoinHandle::abort);
    while shown(&metrics)["tokio_alive_tasks"] > 5.0 {
        assert!(Instant::now() < end);
        tokio::task::yield_now().await;
    }
}

fn busy_of(worker: u32) -> String {
    format!("tokio_worker_busy_seconds_total{{worker=\"{worker}\"}}")
}
