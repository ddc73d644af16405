use axum::extract::FromRequestParts;
use http::StatusCode;
use http::request::Parts;
use obs_core::RequestContext;

/// The [`RequestContext`] as an argument of a handler. A request that is not observed has none, and
/// gets a 500.
///
/// ```
/// use obs_axum::Context;
///
/// async fn order(Context(context): Context) -> String {
///     context.add("shop", 7);
///     context.request_id().to_string()
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Context(pub RequestContext);

impl<S: Sync> FromRequestParts<S> for Context {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let context = RequestContext::current().map(Self);
        context.ok_or((StatusCode::INTERNAL_SERVER_ERROR, "this request is not observed"))
    }
}
