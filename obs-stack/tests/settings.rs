//! The configuration as the table of variables has it: every row is tried.
#![allow(clippy::unwrap_used, reason = "helpers of tests, outside of #[test]")]

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::time::Duration;

use obs_core::config::{Class, ConfigError, Problem, Reader, VARIABLES, Variable, Warnings};
use obs_stack::{Settings, Setup};

/// The variables that are read.
fn table() -> impl Iterator<Item = &'static Variable> {
    VARIABLES.iter().filter(|known| matches!(known.class, Class::Honoured | Class::Alias { .. }))
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
    Settings::read(Reader::from_map(variables.iter().copied()))
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

/// The value stops the start if the variable is ours; else it warns once and changes nothing. With
/// `OBS_STRICT` it stops the start in any case.
fn refused(variable: &str, value: &str) {
    let strict = [("OBS_STRICT", "true"), (variable, value)];
    let strict: Vec<_> = needs(variable).into_iter().chain(strict).collect();
    let mut faults = read(&strict).unwrap_err().faults;
    if Variable::find(variable).unwrap().is_lenient() {
        let mut rest = read_one(variable, value).unwrap();
        let warnings = std::mem::take(&mut rest.warnings);
        assert_eq!(rest, read(&needs(variable)).unwrap(), "{variable}={value}");
        assert_eq!(warnings.faults.len(), 1, "{variable}={value}: {warnings:?}");
        assert!(!warnings.faults[0].effect.is_empty(), "{variable}={value}");
    } else {
        assert_eq!(read_one(variable, value).unwrap_err().faults, faults);
    }
    assert_eq!(faults.len(), 1, "{variable}={value}");
    let fault = faults.remove(0);
    assert_eq!(fault.variable, variable);
    assert_eq!(fault.value.as_deref(), Some(value));
}

#[test]
fn the_table_has_exactly_the_variables_that_are_read() {
    let mut reader = Reader::from_map::<&str, &str>([]);
    assert_eq!(Settings::collect(&mut reader), Settings::default());
    let mut asked: BTreeSet<_> = reader.asked().collect();
    asked.insert("OBS_STRICT");
    // Only its value is checked; it is among those that are ignored.
    asked.remove("SENTRY_TRACES_SAMPLE_RATE");
    assert_eq!(table().map(|known| known.name).collect::<BTreeSet<_>>(), asked);
    assert_eq!(read(&[]).unwrap(), Settings::default());
}

#[test]
fn the_defaults_of_the_table_are_the_real_ones() {
    let mut compared = 0;
    for Variable { name, default, .. } in table() {
        let words = words(default);
        let plain = match words.as_slice() {
            [word] => word,
            _ if default.parse::<u64>().is_ok() => default,
            _ => continue,
        };
        assert_eq!(read_one(name, plain).unwrap(), read(&needs(name)).unwrap(), "{name}");
        compared += 1;
    }
    assert!(compared >= 46, "{compared}");

    // The others, by hand.
    let settings = Settings::default();
    let executable = std::env::current_exe().unwrap();
    assert_eq!(settings.service.name, executable.file_stem().unwrap().to_str().unwrap());
    assert_eq!((settings.service.version.as_str(), settings.service.revision.as_str()), ("", ""));
    assert_eq!(settings.metrics.buckets, None);
    let buckets = settings.metrics.latency_buckets();
    assert_eq!(buckets.len(), 16);
    assert_eq!(buckets[0], Duration::from_micros(500));
    assert_eq!(buckets[15], Duration::from_secs(10));
    assert_eq!(settings.health.fail_when_degraded, None);
    assert_eq!(settings.metrics.zero_statuses, [200, 500]);
    assert_eq!(settings.endpoints_prefix, "");
}

#[test]
fn what_the_table_expects_is_taken_and_nothing_else() {
    let mut checked = 0;
    for Variable { name, default, expected, .. } in table() {
        if let Some(range) = range(expected) {
            let (least, most) = (range.start().to_string(), range.end().to_string());
            let ends = [&least, &most].map(|end| read_one(name, end).unwrap());
            assert_ne!(ends[0], ends[1], "{name} does nothing");
            assert_eq!(ends[0].warnings, Warnings::default());
            refused(name, &(range.end() + 1).to_string());
            match range.start().checked_sub(1) {
                Some(below) => refused(name, &below.to_string()),
                None => refused(name, "-1"),
            }
            refused(name, "1.5");
        } else if words(expected).len() == 2
            && words(default).len() == 1
            && !expected.starts_with("a list")
        {
            let [one, two] = [0, 1].map(|at| read_one(name, words(expected)[at]).unwrap());
            assert!(one != two || *name == "OBS_STRICT", "{name} does nothing");
            refused(name, "nonsense");
        } else {
            continue;
        }
        checked += 1;
    }
    assert!(checked >= 37, "{checked}");

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
fn every_alias_is_read_where_the_other_one_is_not_set() {
    for Variable { name, class, expected, .. } in VARIABLES {
        let Class::Alias { of } = *class else { continue };
        let value = match words(expected).as_slice() {
            [_, other] => *other,
            _ if of.ends_with("ENDPOINT") => "http://127.0.0.1:1",
            _ if range(expected).is_some() => "5000",
            _ => "production",
        };
        let by_alias = read_one(name, value).unwrap();
        assert_eq!(by_alias, read_one(of, value).unwrap(), "{name}");
        assert_ne!(by_alias, read(&needs(name)).unwrap(), "{name}");
        assert_eq!(by_alias.warnings, Warnings::default(), "{name}");
    }
}

#[test]
fn everything_that_is_ignored_says_so_once_and_is_never_a_fault() {
    let mut seen = 0;
    for Variable { name, class, .. } in VARIABLES {
        let Class::Ignored { fits, why } = *class else { continue };
        let value = if name.ends_with("_RATE") { "0.5" } else { "something" };
        for strict in ["false", "true"] {
            let Settings { warnings, .. } = read(&[(name, value), ("OBS_STRICT", strict)]).unwrap();
            assert_eq!(warnings.faults.len(), 1, "{name}");
            assert_eq!(warnings.faults[0].problem, Problem::Ignored { why });
        }
        for fits in fits {
            assert_eq!(read(&[(name, fits)]).unwrap(), Settings::default(), "{name}={fits}");
        }
        seen += 1;
    }
    assert!(seen > 40, "{seen}");
}

#[test]
fn an_unknown_name_of_ours_is_a_warning_with_the_nearest_one() {
    let misspelt = [("OBS_METRICS_PRESETT", "apex"), ("OBS_ACCES_LOG", "false")];
    let settings = read(&misspelt).unwrap();
    let said: Vec<_> = settings.warnings.faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "OBS_ACCES_LOG: unknown variable, did you mean OBS_ACCESS_LOG?",
            "OBS_METRICS_PRESETT: unknown variable, did you mean OBS_METRICS_PRESET?",
        ]
    );
    let strict: Vec<_> = misspelt.into_iter().chain([("OBS_STRICT", "true")]).collect();
    assert_eq!(read(&strict).unwrap_err().faults.len(), 2);
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
         OBS_ON_PANIC=\"explode\": expected one of answer, resume\n  \
         OBS_METRICS_BUCKETS=\"1,0.5\": expected 1 to 64 ascending numbers of seconds \
         between 0.000001 and 3600, separated by commas\n  \
         OBS_HEALTH_CHECK_TIMEOUT_MS=\"soon\": expected a whole number of milliseconds, 1 to 60000"
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
         OBS_CURRENCY=\"eur\": expected bdt, which the names of the preset smart_dairy have"
    );
    assert_eq!(with("BDT").unwrap(), read(&[("OBS_METRICS_PRESET", "smart_dairy")]).unwrap());
    assert!(read(&[("OBS_METRICS_PRESET", "primepre"), ("OBS_CURRENCY", "eur")]).is_ok());
}

#[test]
fn code_wins_over_the_environment() {
    let reader = Reader::from_map([
        ("OTEL_SERVICE_NAME", "from-environment"),
        ("APP_VERSION", "1"),
        ("OBS_ENVIRONMENT", "production"),
        ("OBS_SHUTDOWN_DELAY_MS", "1"),
        ("OBS_SHUTDOWN_TIMEOUT_MS", "9"),
    ]);
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
