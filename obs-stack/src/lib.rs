//! The assembly of obs-*: one configuration, every signal in one order, one handle.
//!
//! Applications get all of this from an adapter such as `obs-axum`, under the same names.
//!
//! ```
//! use obs_stack::{Endpoint, Settings, Setup};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let obs = Setup::new(Settings::default()).with_service_name("orders").build();
//! obs.check("database", || async { Ok::<(), std::io::Error>(()) });
//! let answer = obs.answer(Endpoint::Ready, "").await;
//! assert_eq!(answer.status, 200);
//! # }
//! ```
//!
//! # Environment
//!
//! | variable | default | allowed |
//! |---|---|---|
//! | `OTEL_SERVICE_NAME` | name of the executable | any text |
//! | `OTEL_RESOURCE_ATTRIBUTES` | | `service.version`, `deployment.environment.name` are used |
//! | `APP_VERSION`, `GIT_SHA` | | any text |
//! | `OBS_ENVIRONMENT` | `development` | any text |
//! | `OBS_REQUEST_ID_HEADER` | `x-request-id` | a header name |
//! | `OBS_REQUEST_ID_ACCEPT` | `true` | `true`, `false` |
//! | `OBS_REQUEST_ID_ECHO` | `true` | `true`, `false` |
//! | `OBS_ON_PANIC` | `answer` | `answer`, `resume` |
//! | `OBS_METRICS_BUCKETS` | 13 bounds, 0.005 to 10 | ascending seconds |
//! | `OBS_METRICS_MAX_ROUTES` | 1000 | 1 to 100000 |
//! | `OBS_HEALTH_CHECK_TIMEOUT_MS` | 1000 | 1 to 60000 |
//! | `OBS_HEALTH_CACHE_MS` | 1000 | 0 to 600000 |
//! | `OBS_HEALTH_DETAIL` | `full` | `full`, `words` |
//! | `OBS_SHUTDOWN_DELAY_MS` | 3000 | 0 to 600000 |
//! | `OBS_SHUTDOWN_TIMEOUT_MS` | 25000 | 1 to 600000 |
//! | `OBS_ENDPOINTS_PREFIX` | empty | a path such as `/internal` |
//!
//! # What it does not do
//!
//! It contains no logic of a signal, and knows no framework.

mod endpoints;
mod obs;
mod settings;
mod setup;
mod stack;

pub use self::endpoints::{Endpoint, Endpoints};
pub use self::obs::Obs;
pub use self::settings::{Settings, ShutdownSettings};
pub use self::setup::{InstallError, Setup};
pub use self::stack::Stack;
