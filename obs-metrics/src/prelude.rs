//! What a service that counts imports together: `use obs_metrics::prelude::*`, or by way of an adapter
//! `use obs_axum::metrics::prelude::*`.
//!
//! The handles, the types of families and of their labels, how they are named, and every macro; the
//! values of the labels of events are in [`business`].
//!
//! ```
//! use std::time::Duration;
//!
//! use obs_core::ServiceIdentity;                    // in a service all this is obs.metrics()
//! use obs_metrics::MetricsSettings;
//! use obs_metrics::prelude::*;
//! use obs_metrics::testing::Readings;
//!
//! label_enum! {
//!     /// How an order goes out.
//!     pub enum Carrier { Post = "post", Van = "van" }
//! }
//! define_metrics! {
//!     /// What the shop counts besides.
//!     pub struct Shop namespace("shop") {
//!         /// Parcels sent.
//!         counter parcels { carrier: Carrier, size: OneOf!["small", "large"], tries: Bounded<3> };
//!         /// The catalogue that is sold from.
//!         info catalogue { edition: Capped<&'static str, 10> };
//!     }
//! }
//!
//! let mut settings = MetricsSettings::default();
//! settings.naming = Naming::preset(Preset::Canonical).family("queue_depth", FamilyNaming::new().on());
//! let metrics = Metrics::new(&settings, &ServiceIdentity::default());
//! let shop = Shop::new(&metrics)?;
//! shop.parcels.inc((Carrier::Van, "small".into(), Bounded(1)));
//! let catalogue: &Info<_> = &shop.catalogue;
//! catalogue.set(Capped("2026-11"));
//!
//! // The registry, for families that are made at run time.
//! let families: &Families = metrics.families();
//! let stock: Gauge<&str> = families.gauge(Definition::new("stock", "Goods.").labels(["place"]))?;
//! stock.set("cellar", 12.0);
//!
//! // Requests and their durations: an adapter's middleware observes them with this, and tells it of
//! // those that it did not see.
//! let http: &HttpMetrics = metrics.http();
//! http.record("POST", "/orders", 201, Duration::from_millis(30));
//! http.record_error("/orders", ErrorClass::Client);
//!
//! // Events, to a handle or to the one that is installed.
//! use business::{OrderType, PaymentMethod, PaymentStatus};
//! order_created!(handle: metrics, OrderType::B2b, PaymentMethod::Bkash, 1250.0);
//! payment_processed!(handle: metrics, "bkash", PaymentStatus::Success, 1250.0);
//! active_users!(handle: metrics, "farmer", "24h", 340);
//!
//! let shown = Readings::of(&metrics);
//! shown.assert("shop_parcels_total{carrier='van'}", 1);
//! shown.assert("shop_catalogue_info{edition='2026-11'}", 1);
//! shown.assert("stock{place='cellar'}", 12);
//! shown.assert("http_requests_total{method='POST',route='/orders',status_code='201'}", 1);
//! shown.assert("http_request_duration_seconds_count{route='/orders'}", 1);
//! shown.assert("http_errors_total{error_type='client_error'}", 1);
//! shown.assert("orders_total{order_type='b2b'}", 1);
//! shown.assert("payments_total{gateway='bkash',status='success'}", 1);
//! shown.assert("active_users{user_type='farmer'}", 340);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use crate::{
    Bounded, Capped, Counter, Definition, ErrorClass, Families, FamilyNaming, Gauge, Histogram,
    HttpMetrics, Info, Metrics, Naming, OneOf, Preset, business, define_metrics, label_enum,
    time_query,
};
pub use {
    access_denied, account_locked, active_users, cache_hit, cache_miss, cache_operation,
    calculation_timed, cart_abandoned, cart_added, cart_started, db_error, db_query,
    deep_copy_finished, export_finished, funnel_stage, goods_processing, goods_received,
    inventory_items, login_attempt, login_failed, order_created, order_status, password_reset,
    payment_processed, privilege_escalation, product_viewed, project_created, project_submitted,
    queue_depth, queue_oldest_age, rate_limit_hit, report_generated, session_ended,
    session_started, user_registered, warehouse_utilization, workflow_executed,
};
