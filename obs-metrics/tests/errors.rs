//! What errors say to who reads them.

use obs_core::config::Reader;
use obs_metrics::{FamilyNaming, MetricsSettings, Naming, Preset};

const PRESETS: &str = "canonical, primepre, smart_dairy, ahsp, inventory, apex, otel_semconv, \
                       axum_prometheus, actix_web_prom";

#[test]
fn a_preset_that_is_unknown_is_told_with_all_that_there_are() {
    for name in ["smart-diary", "", " A \"quoted\" one\n"] {
        let error = name.parse::<Preset>().unwrap_err();
        let told = format!("no preset is called {name:?}: there are {PRESETS}");
        assert_eq!(error.to_string(), told);
    }
    for (preset, name) in Preset::ALL {
        assert!(PRESETS.split(", ").any(|told| told == name), "{name}");
        assert_eq!(name.parse(), Ok(preset));
    }
}

#[test]
fn a_preset_of_the_environment_is_told_with_its_variable() {
    let variable = |name: &str| (name == "OBS_METRICS_PRESET").then(|| "smart-diary".to_owned());
    let mut reader = Reader::from_lookup(variable);
    let settings = MetricsSettings::read(&mut reader);
    assert_eq!(settings.naming, Naming::default());
    let told = reader.finish().unwrap_err().to_string();
    for part in ["OBS_METRICS_PRESET", "smart-diary", PRESETS] {
        assert!(told.contains(part), "{part} in {told}");
    }
}

#[test]
fn faults_of_definitions_are_told_one_per_line() {
    let family = FamilyNaming::new;
    let mut settings = MetricsSettings::default();
    settings.naming = Naming::default()
        .family("orders_total", family().name("orders total"))
        .family("order_value", family().buckets([1.0, 1.0]))
        .family("exports_total", family().label("format", "__format"));
    let (error, line) = (settings.check().unwrap_err(), line!());
    let place = format!("{}:{line}:", file!());
    let told = error.to_string();
    let lines: Vec<&str> = told.split('\n').collect();
    let wanted = [
        (
            "orders total",
            "a name is made of letters, digits, _ and :, and does not begin with a digit",
        ),
        (
            "order_value",
            "buckets [1.0, 1.0]: only a histogram has them, 1 to 64, finite and strictly ascending",
        ),
        (
            "exports_total",
            "label \"__format\": a name is made of letters, digits and _, begins with neither a \
             digit nor __, and is not `le` on a histogram",
        ),
    ];
    assert_eq!(lines.len(), wanted.len(), "{told}");
    for (line, (family, fault)) in lines.into_iter().zip(wanted) {
        let begin = format!("metric family {family:?} at {place}");
        assert!(line.starts_with(&begin), "{line}");
        assert!(line.ends_with(&format!(": {fault}")), "{line}");
    }

    let one = FamilyNaming::new().name("orders total");
    settings.naming = Naming::default().family("orders_total", one);
    assert!(!settings.check().unwrap_err().to_string().contains('\n'));
}
