//! Requests to the admin listener, and their answers.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, Incoming};
use hyper::header::{ALLOW, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use hyper::service::Service;
use hyper::{Method, Request, Response, StatusCode};
use obs_core::{Headers, Secret};
use subtle::ConstantTimeEq as _;

use crate::{Body, Endpoint, Endpoints, Obs};

/// Answers the requests of one connection.
#[derive(Clone)]
pub(super) struct Admin {
    pub(super) obs: Obs,
    /// Set while an answer is made and sent.
    pub(super) busy: Arc<AtomicBool>,
}

impl Service<Request<Incoming>> for Admin {
    type Response = Response<AnswerBody>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let obs = self.obs.clone();
        let busy = Busy::new(&self.busy);
        // Its body is not read.
        let (head, _) = request.into_parts();
        Box::pin(async move {
            let mut response = answer(&obs, &head.method, head.uri.path(), &head.headers).await;
            response.body_mut().busy = Some(busy);
            Ok(response)
        })
    }
}

/// Keeps a connection from being closed in favour of another one.
struct Busy(Arc<AtomicBool>);

impl Busy {
    fn new(busy: &Arc<AtomicBool>) -> Self {
        busy.store(true, Ordering::Relaxed);
        Self(Arc::clone(busy))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

async fn answer(
    obs: &Obs,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
) -> Response<AnswerBody> {
    let settings = obs.settings();
    let endpoint = Endpoints::of_admin(settings).into_iter().find(|(_, known)| *known == path);
    let is_probe = endpoint.is_some_and(|(endpoint, _)| endpoint.is_probe());
    if !is_probe && !is_allowed(settings.admin.token.as_ref(), headers) {
        return refusal(StatusCode::UNAUTHORIZED, Some((WWW_AUTHENTICATE, "Bearer")));
    }
    let Some((endpoint, _)) = endpoint else { return refusal(StatusCode::NOT_FOUND, None) };
    if !matches!(*method, Method::GET | Method::HEAD) {
        return refusal(StatusCode::METHOD_NOT_ALLOWED, Some((ALLOW, "GET, HEAD")));
    }
    of_endpoint(obs, endpoint, headers).await
}

async fn of_endpoint(obs: &Obs, endpoint: Endpoint, headers: &HeaderMap) -> Response<AnswerBody> {
    let answer = obs.answer(endpoint, &RequestHeaders(headers)).await;
    let mut response = Response::new(AnswerBody::new(Some(answer.body)));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
    response.headers_mut().extend(
        answer
            .headers
            .into_iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))),
    );
    response
}

/// Whether the client has sent the token, if there is one. Takes the same time wherever the first
/// wrong byte is.
fn is_allowed(token: Option<&Secret<String>>, headers: &HeaderMap) -> bool {
    let Some(token) = token else { return true };
    let sent = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
    // The scheme is compared whatever its case: RFC 9110, 11.1.
    let Some((scheme, sent)) = sent.split_at_checked("Bearer ".len()) else { return false };
    scheme.eq_ignore_ascii_case(b"Bearer ")
        && bool::from(sent.trim_ascii().ct_eq(token.expose().as_bytes()))
}

fn refusal(status: StatusCode, header: Option<(HeaderName, &'static str)>) -> Response<AnswerBody> {
    let mut response = Response::new(AnswerBody::new(None));
    *response.status_mut() = status;
    if let Some((name, value)) = header {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

struct RequestHeaders<'a>(&'a HeaderMap);

impl Headers for RequestHeaders<'_> {
    fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(HeaderValue::as_bytes)
    }

    fn each(&self, name: &str, value: &mut dyn FnMut(&[u8])) {
        self.0.get_all(name).iter().map(HeaderValue::as_bytes).for_each(value);
    }
}

/// The body of an answer.
pub(super) struct AnswerBody {
    /// `None` when it is over.
    rest: Option<Body>,
    busy: Option<Busy>,
}

impl AnswerBody {
    fn new(body: Option<Body>) -> Self {
        Self { rest: body, busy: None }
    }
}

impl HttpBody for AnswerBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match &mut self.rest {
            None => Poll::Ready(None),
            Some(Body::Whole(bytes)) => {
                let bytes = Bytes::from(std::mem::take(bytes));
                self.rest = None;
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            Some(Body::Chunks(chunks)) => {
                let chunk = futures_util::Stream::poll_next(chunks.as_mut(), cx);
                chunk.map(|chunk| Some(chunk?.map(Frame::data)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_none()
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        match &self.rest {
            None => hyper::body::SizeHint::with_exact(0),
            Some(Body::Whole(bytes)) => hyper::body::SizeHint::with_exact(bytes.len() as u64),
            Some(Body::Chunks(_)) => hyper::body::SizeHint::default(),
        }
    }
}
