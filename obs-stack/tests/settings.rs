//! The configuration as the documentation of the crate tells it: its table is read from the source.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::time::Duration;

use obs_core::config::{ConfigError, Reader};
use obs_stack::{Settings, Setup};

const SOURCE: &str = include_str!("../src/lib.rs");

/// A line of the table: variable, default, allowed.
struct Row {
    variable: &'static str,
    default: &'static str,
    allowed: &'static str,
}

fn table() -> Vec<Row> {
    let lines = SOURCE.lines().filter_map(|line| line.strip_prefix("//! | `"));
    lines
        .flat_map(|line| {
            let mut cells = line.split('|').map(str::trim);
            let mut next = || cells.next().unwrap();
            let (variables, default, allowed) = (next(), next(), next());
            let variables = variables.split(", ").map(|name| name.trim_matches('`'));
            variables.map(move |variable| Row { variable, default, allowed })
        })
        .collect()
}

/// The words in backticks.
fn words(cell: &'static str) -> Vec<&'static str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// `1 to 60000`.
fn range(cell: &str) -> Option<RangeInclusive<u64>> {
    let (least, most) = cell.split_once(" to ")?;
    Some(least.parse().ok()?..=most.parse().ok()?)
}

fn read(variables: &[(&str, &str)]) -> Result<Settings, ConfigError> {
    let variables: BTreeMap<_, _> = variables.iter().copied().collect();
    Settings::read(Reader::from_lookup(|name| variables.get(name).map(ToString::to_string)))
}

/// A variable with what it needs to mean anything: without an endpoint nothing is exported.
fn read_one(variable: &str, value: &str) -> Result<Settings, ConfigError> {
    let mut variables = needs(variable);
    variables.push((variable, value));
    read(&variables)
}

fn needs(variable: &str) -> Vec<(&str, &str)> {
    let begins = |prefix| variable.starts_with(prefix);
    if begins("OTEL_EXPORTER_OTLP_METRICS") || begins("OTEL_METRIC_") {
        vec![("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://127.0.0.1:4318/v1/metrics")]
    } else if begins("OTEL_EXPORTER") || variable.ends_with("S_EXPORTER") {
        vec![("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")]
    } else if begins("OBS_PUSHGATEWAY") {
        vec![("OBS_PUSHGATEWAY_URL", "http://127.0.0.1:9091")]
    } else {
        Vec::new()
    }
}

#[test]
fn the_table_has_exactly_the_variables_that_are_read() {
    let asked = RefCell::new(BTreeSet::new());
    let reader = Reader::from_lookup(|name| {
        asked.borrow_mut().insert(name.to_owned());
        // Its argument is asked for only then.
        (name == "OTEL_TRACES_SAMPLER").then(|| "traceidratio".to_owned())
    });
    Settings::read(reader).unwrap();
    assert_eq!(read(&[]).unwrap(), Settings::default());
    let table: Vec<_> = table().into_iter().map(|row| row.variable.to_owned()).collect();
    assert!(table.len() >= 17, "{table:?}");
    assert_eq!(table.len(), table.iter().collect::<BTreeSet<_>>().len(), "{table:?}");
    assert_eq!(table.into_iter().collect::<BTreeSet<_>>(), asked.into_inner());
}

#[test]
fn the_defaults_of_the_table_are_the_real_ones() {
    let mut compared = 0;
    for Row { variable, default, .. } in table() {
        let plain = match words(default).as_slice() {
            [word] => word,
            _ if default.parse::<u64>().is_ok() => default,
            _ => continue,
        };
        let unset = read(&needs(variable)).unwrap();
        assert_eq!(read_one(variable, plain).unwrap(), unset, "{variable}");
        compared += 1;
    }
    assert_eq!(compared, 47);

    // The others, by hand.
    let settings = Settings::default();
    let executable = std::env::current_exe().unwrap();
    assert_eq!(settings.service.name, executable.file_stem().unwrap().to_str().unwrap());
    assert_eq!((settings.service.version.as_str(), settings.service.revision.as_str()), ("", ""));
    assert_eq!(settings.metrics.buckets, None);
    let buckets = settings.metrics.latency_buckets();
    assert_eq!(buckets.len(), 13);
    assert_eq!(buckets[0], Duration::from_millis(5));
    assert_eq!(buckets[12], Duration::from_secs(10));
    assert_eq!(settings.metrics.zero_statuses, [200, 500]);
    assert_eq!(settings.endpoints_prefix, "");
}

#[test]
fn what_the_table_allows_is_taken_and_nothing_else() {
    let refused = |variable: &str, value: &str| {
        let faults = read_one(variable, value).unwrap_err().faults;
        assert_eq!(faults.len(), 1, "{variable}={value}");
        assert_eq!(faults[0].variable, variable);
        assert_eq!(faults[0].value.as_deref(), Some(value));
    };
    let mut checked = 0;
    for Row { variable, default, allowed } in table() {
        if let Some(range) = range(allowed) {
            let (least, most) = (range.start().to_string(), range.end().to_string());
            let ends = [&least, &most].map(|end| read_one(variable, end).unwrap());
            assert_ne!(ends[0], ends[1], "{variable} does nothing");
            refused(variable, &(range.end() + 1).to_string());
            match range.start().checked_sub(1) {
                Some(below) => refused(variable, &below.to_string()),
                None => refused(variable, "-1"),
            }
            refused(variable, "1.5");
        } else if words(allowed).len() == 2 && words(default).len() == 1 {
            let [one, two] = [0, 1].map(|at| read_one(variable, words(allowed)[at]).unwrap());
            assert_ne!(one, two, "{variable} does nothing");
            refused(variable, "nonsense");
        } else {
            continue;
        }
        checked += 1;
    }
    assert_eq!(checked, 39);

    for (variable, fine, bad) in [
        ("OBS_METRICS_BUCKETS", "0.1,0.5", "0.5,0.1"),
        ("OBS_METRICS_ZERO_STATUSES", "200, 503", "200,99"),
        ("OBS_METRICS_PRESET", "Smart-Dairy", "dairy"),
        ("OBS_METRICS_NAMESPACE", "shop", "1st shop"),
        ("OBS_CURRENCY", "EUR", "€"),
        ("OBS_ENDPOINTS_PREFIX", "/internal", "internal/"),
        ("OBS_ADMIN_ADDR", "127.0.0.1:9464", "localhost"),
        ("OBS_REQUEST_ID_HEADER", "X-Correlation-Id", "two words"),
        ("OTEL_RESOURCE_ATTRIBUTES", "service.version=1,deployment.environment.name=x", "1.2"),
    ] {
        assert_ne!(read(&[(variable, fine)]).unwrap(), Settings::default(), "{variable}");
        refused(variable, bad);
    }
    for (variable, bad) in [
        ("OBS_METRICS_NAMESPACE", "shop_"),
        ("OBS_METRICS_NAMESPACE", "_shop"),
        ("OBS_METRICS_NAMESPACE", "a:b"),
        ("OBS_CURRENCY", "us_d"),
        ("OBS_CURRENCY", "Total"),
        ("OBS_CURRENCY", "info"),
    ] {
        refused(variable, bad);
    }
    for variable in ["OTEL_SERVICE_NAME", "APP_VERSION", "GIT_SHA", "OBS_ENVIRONMENT"] {
        let settings = read(&[(variable, "any \"text\" é")]).unwrap();
        assert_ne!(settings, Settings::default(), "{variable}");
    }
}

#[test]
fn one_error_names_every_fault_with_its_value_and_what_is_allowed() {
    let error = read(&[
        ("OBS_METRICS_BUCKETS", "1,0.5"),
        ("OBS_HEALTH_CHECK_TIMEOUT_MS", "soon"),
        ("OBS_ON_PANIC", "explode"),
        ("OBS_SHUTDOWN_TIMEOUT_MS", "5000"),
    ])
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "3 environment variables cannot be used:\n  \
         OBS_ON_PANIC=\"explode\": allowed is one of answer, resume\n  \
         OBS_METRICS_BUCKETS=\"1,0.5\": allowed is 1 to 64 ascending numbers of seconds \
         between 0.000001 and 3600, separated by commas\n  \
         OBS_HEALTH_CHECK_TIMEOUT_MS=\"soon\": allowed is a whole number of milliseconds, 1 to 60000"
    );
}

/// Else euros would be counted under `…_bdt`.
#[test]
fn the_currency_is_that_of_the_preset() {
    let with =
        |currency| read(&[("OBS_METRICS_PRESET", "smart_dairy"), ("OBS_CURRENCY", currency)]);
    assert_eq!(
        with("EUR").unwrap_err().to_string(),
        "1 environment variable cannot be used:\n  \
         OBS_CURRENCY=\"eur\": allowed is bdt, which the names of the preset smart_dairy have"
    );
    assert_eq!(with("BDT").unwrap(), read(&[("OBS_METRICS_PRESET", "smart_dairy")]).unwrap());
    assert!(read(&[("OBS_METRICS_PRESET", "primepre"), ("OBS_CURRENCY", "eur")]).is_ok());
}

#[test]
fn code_wins_over_the_environment() {
    let variables = BTreeMap::from([
        ("OTEL_SERVICE_NAME", "from-environment"),
        ("APP_VERSION", "1"),
        ("OBS_ENVIRONMENT", "production"),
        ("OBS_SHUTDOWN_DELAY_MS", "1"),
        ("OBS_SHUTDOWN_TIMEOUT_MS", "9"),
    ]);
    let reader = Reader::from_lookup(|name| variables.get(name).map(ToString::to_string));
    let obs = Setup::read(reader)
        .unwrap()
        .with_service_name("from-code")
        .with_service_version("2")
        .with_settings(|settings| settings.shutdown.delay = Duration::from_millis(2))
        .build();
    let settings = obs.settings();
    assert_eq!(settings.service.name, "from-code");
    assert_eq!(settings.service.version, "2");
    assert_eq!(settings.shutdown.delay, Duration::from_millis(2));
    // What code did not set is the environment's.
    assert_eq!(settings.service.environment, "production");
    assert_eq!(settings.shutdown.timeout, Duration::from_millis(9));
    let text = obs.metrics().render(obs_metrics::Format::Text);
    assert!(
        text.contains("\nbuild_info{version=\"2\",revision=\"\",environment=\"production\"} 1\n"),
        "{text}"
    );
}

#[test]
fn installing_twice_says_what_to_do() {
    let setup = || Setup::new(Settings::default());
    let first = setup().install().unwrap();
    let error = setup().install().unwrap_err();
    assert_eq!(
        error.to_string(),
        "obs is already installed in this process: \
         call `install` once, in main, and share the handle"
    );
    // The first is unharmed, and handles that install nothing are not refused.
    let shared = first.clone();
    assert!(shared.metrics().render(obs_metrics::Format::Text).contains("build_info"));
    let _ = setup().build();
}
