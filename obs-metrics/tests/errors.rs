//! What errors say to who reads them.

use obs_core::ServiceIdentity;
use obs_core::config::Reader;
use obs_metrics::{
    Definition, DefinitionErrors, FamilyNaming, Metrics, MetricsSettings, Naming, Preset,
};

const PRESETS: &str = "canonical, primepre, smart_dairy, ahsp, inventory, apex, otel_semconv, \
                       axum_prometheus, actix_web_prom";

#[test]
fn a_preset_that_is_unknown_is_told_with_all_that_there_are() {
    for name in ["smart-diary", "", " A \"quoted\" one\n"] {
        let error = name.parse::<Preset>().unwrap_err();
        let told = format!("unknown preset {name:?}: expected one of {PRESETS}");
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
    let metrics = Metrics::new(&MetricsSettings::default(), &ServiceIdentity::default());
    let families = metrics.families();
    let bad_name = families.gauge::<()>(Definition::new("orders total", "Orders.")).unwrap_err();
    let bad_label = Definition::new("exports_total", "Exports.").labels(["__format"]);
    let bad_label = families.counter::<bool>(bad_label).unwrap_err();
    let all = DefinitionErrors(vec![bad_name.clone(), bad_label.clone()]);
    assert_eq!(all.to_string(), format!("{bad_name}\n{bad_label}"));
    let begin = format!("metric family \"orders total\" at {}:", file!());
    assert!(all.to_string().starts_with(&begin), "{all}");
}

#[test]
fn mistakes_in_settings_are_told_one_per_line() {
    let family = FamilyNaming::new;
    let mut settings = MetricsSettings::default();
    settings.max_routes = 0;
    settings.naming = Naming::default()
        .family("orders_total", family().name("orders total"))
        .family("order_value", family().buckets([1.0, 1.0]))
        .family("exports_total", family().label("format", "__format"));
    let told = settings.check().unwrap_err().to_string();
    let lines: Vec<&str> = told.lines().collect();
    let settings = [
        "max_routes = 0: ",
        "naming.family(\"exports_total\"): label(\"format\", \"__format\"): ",
        "naming.family(\"order_value\"): ",
        "naming.family(\"orders_total\"): name(\"orders total\"): ",
    ];
    assert_eq!(lines.len(), settings.len(), "{told}");
    for (line, setting) in lines.into_iter().zip(settings) {
        assert!(line.starts_with(setting) && line.len() > setting.len(), "{line}");
    }
}
