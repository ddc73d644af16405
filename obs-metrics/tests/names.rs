//! Families whose names are almost the same.

mod harness;

use harness::{Exposition, metrics};
use obs_core::ServiceIdentity;
use obs_metrics::{
    Definition, FamilyNaming, Format, Metrics, MetricsSettings, Naming, order_created,
};

fn seen(metrics: &Metrics, format: Format) -> Exposition {
    Exposition::parse(&metrics.render(format), format)
}

#[test]
fn what_was_created_stands_beside_the_time_of_creation() {
    let mut settings = MetricsSettings::default();
    settings.naming = Naming::default().family("orders_created_total", FamilyNaming::new().on());
    let metrics = Metrics::new(&settings, &ServiceIdentity::default());
    order_created!(handle: metrics, "b2b", "bkash", 1250);
    for format in [Format::Text, Format::OpenMetrics] {
        let seen = seen(&metrics, format);
        let order = [("order_type", "b2b"), ("payment_method", "bkash")];
        assert_eq!(seen.value("orders_created_total", &order), 1.0);
        let created = [order[0], order[1], ("status", "created")];
        assert_eq!(seen.value("orders_total", &created), 1.0);
    }
}

#[test]
fn so_it_is_with_families_of_the_application_in_either_order() {
    for names in [["jobs_total", "jobs_created_total"], ["jobs_created_total", "jobs_total"]] {
        let metrics = metrics();
        for name in names {
            let definition = Definition::new(name, "Jobs.");
            metrics.families().counter::<()>(definition).unwrap().inc(());
        }
        for format in [Format::Text, Format::OpenMetrics] {
            let seen = seen(&metrics, format);
            assert_eq!(names.map(|name| seen.value(name, &[])), [1.0, 1.0], "{format:?}");
        }
    }
}
