//! What is in the way of `install` is told, and nothing is half installed by then. The subscriber is one
//! per process, so all of it is one test.

use obs_metrics::{FamilyNaming, Naming};
use obs_stack::{InstallError, Settings, Setup};
use tracing_subscriber::Registry;
use tracing_subscriber::layer::Identity;
use tracing_subscriber::util::SubscriberInitExt as _;

#[test]
fn a_subscriber_that_is_in_the_way_is_told_each_time() {
    tracing_subscriber::registry().init();
    let bad = Setup::new(Settings::default()).with_settings(|settings| {
        let family = FamilyNaming::new().name("orders total");
        settings.metrics.max_routes = 0;
        settings.metrics.naming = Naming::default().family("orders_total", family);
    });
    let printed = format!("{:?}", bad.install().unwrap_err());
    assert_eq!(
        printed,
        "invalid settings made in code:\n\
         max_routes = 0: expected 1 to 100000\n\
         naming.family(\"orders_total\"): name(\"orders total\"): a name is made of letters, digits, _ \
         and :, and does not begin with a digit"
    );
    for _ in 0..2 {
        let error = Setup::new(Settings::default()).install().unwrap_err();
        assert_eq!(error, InstallError::Subscriber);
        // A main that returns it prints this.
        let printed = format!("{error:?}");
        assert!(printed.starts_with("a tracing subscriber was set before `install`"), "{printed}");
    }
    let given = Setup::new(Settings::default()).with_layer(Identity::new());
    let refused = given.install_without_subscriber::<Registry>().err();
    assert_eq!(refused, Some(InstallError::Layers));
    // Nothing listens to calls yet.
    assert!(obs_core::call_observer().is_none());
}
