//! What a business counts: families that are there already, the macros that feed them, and the
//! values of their labels.

mod access;
mod calculations;
mod carts;
mod exports;
mod funnel;
mod goods;
mod logins;
mod orders;
mod payments;
mod products;
mod projects;
mod sessions;
mod stock;
mod users;
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
