//! What a business counts: families that are there already, the macros that feed them, and the
//! values of their labels.

#[macro_use]
mod access;
#[macro_use]
mod calculations;
#[macro_use]
mod carts;
#[macro_use]
mod exports;
#[macro_use]
mod funnel;
#[macro_use]
mod goods;
#[macro_use]
mod logins;
#[macro_use]
mod orders;
#[macro_use]
mod payments;
#[macro_use]
mod products;
#[macro_use]
mod projects;
#[macro_use]
mod sessions;
#[macro_use]
mod stock;
#[macro_use]
mod users;
#[macro_use]
mod workflows;

pub(crate) use self::access::Access;
pub(crate) use self::calculations::Calculations;
pub(crate) use self::carts::Carts;
pub(crate) use self::exports::Exports;
pub(crate) use self::funnel::Funnel;
pub(crate) use self::goods::Goods;
pub(crate) use self::logins::Logins;
pub(crate) use self::orders::Orders;
pub(crate) use self::payments::Payments;
pub(crate) use self::products::Products;
pub(crate) use self::projects::Projects;
pub(crate) use self::sessions::Sessions;
pub(crate) use self::stock::Stock;
pub(crate) use self::users::Users;
pub(crate) use self::workflows::Workflows;

pub use self::funnel::FunnelStage;
pub use self::goods::Warehouse;
pub use self::logins::{LoginFailure, LoginStatus};
pub use self::orders::{OrderType, PaymentMethod};
pub(crate) use self::payments::Ranges;
pub use self::payments::{PaymentGateway, PaymentStatus};
pub use self::projects::Status;

/// What the macros call.
pub(crate) mod events {
    pub use super::access::{access_denied, privilege_escalation};
    pub use super::calculations::{calculation_timer, report_generated};
    pub use super::carts::{cart_abandoned, cart_added, cart_started};
    pub use super::exports::{export_finished, export_finished_after};
    pub use super::funnel::funnel_stage;
    pub use super::goods::{
        assert_percent, goods_processing, goods_received, goods_timer, warehouse_utilization,
    };
    pub use super::logins::{account_locked, login_attempt, login_failed, password_reset};
    pub use super::orders::{order_created, order_status};
    pub use super::payments::payment_processed;
    pub use super::products::{product_viewed, product_viewed_by_id};
    pub use super::projects::{deep_copy_finished, project_created, project_submitted};
    pub use super::sessions::{session_ended, session_started};
    pub use super::stock::inventory_items;
    pub use super::users::{active_users, active_users_now, user_registered};
    pub use super::workflows::workflow_executed;
}
