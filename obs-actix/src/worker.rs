use std::cell::OnceCell;
use std::mem;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{ResponseHead, ServiceRequest};
use actix_web::error::InternalError;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::{Error, HttpRequest, HttpResponse};
use obs_core::{
    ErrorRecord, Exchange, Facts as _, Hold, Lifecycle, Outcome, Panics, RequestContext,
    ResponseHeader,
};
use obs_stack::Stack;

use crate::ResponseBody;
use crate::facts::ActixFacts;
use crate::headers::ActixHeaders;
use crate::http_types::{id_header, put};
use crate::routes::Routes;

pub(crate) type ActixExchange = Exchange<Stack, ActixFacts>;

/// What the requests of one worker share.
pub(crate) struct Worker {
    lifecycle: Arc<Lifecycle<Stack>>,
    /// As long as a connection may have open requests.
    _hold: Hold,
    id_header: HeaderName,
    /// Known from the first request on.
    routes: OnceCell<Routes>,
}

impl Worker {
    pub(crate) fn new(lifecycle: Arc<Lifecycle<Stack>>) -> Self {
        let id_header = id_header(lifecycle.request_ids());
        let hold = lifecycle.shutdown().hold();
        Self { lifecycle, _hold: hold, id_header, routes: OnceCell::new() }
    }

    #[inline]
    pub(crate) fn begin(&self, request: &mut ServiceRequest) -> ActixExchange {
        if self.routes.get_or_init(|| Routes::of(request)).is_endpoint(request.path()) {
            return Exchange::ended();
        }
        let headers = ActixHeaders::of_request(request.head());
        let exchange =
            Exchange::begin(Arc::clone(&self.lifecycle), ActixFacts::of(request), &headers);
        exchange.request_header(|id| {
            if let Ok(id) = HeaderValue::from_bytes(id) {
                request.headers_mut().insert(self.id_header.clone(), id);
            }
        });
        exchange
    }

    /// Notes the route of a request that has a response.
    #[inline]
    pub(crate) fn note_route(
        &self,
        exchange: &mut ActixExchange,
        request: &HttpRequest,
        status: StatusCode,
    ) {
        if let (Some(routes), Some(facts)) = (self.routes.get(), exchange.facts_mut()) {
            facts.route = routes.matched(request, status);
        }
    }

    /// Notes the pattern that fits the path of a request without a response, such as after a panic.
    #[cold]
    pub(crate) fn guess_route(&self, exchange: &mut ActixExchange) {
        if let (Some(routes), Some(facts)) = (self.routes.get(), exchange.facts_mut()) {
            facts.route = routes.fitting(facts.path());
        }
    }

    /// The head of a response is there. `error` is what became of it outside of a handler.
    pub(crate) fn respond<B: MessageBody>(
        self: &Rc<Self>,
        exchange: &mut ActixExchange,
        mut response: HttpResponse<B>,
        error: Option<&Error>,
    ) -> HttpResponse<ResponseBody<B>> {
        let status = response.status();
        if status.is_server_error()
            && let Some(error) = error.or(response.error())
            && let Some(context) = exchange.context()
        {
            record_error(context, error);
        }
        self.add_headers(exchange, response.head_mut());
        let (bodyless, length) = match response.body().size() {
            BodySize::None | BodySize::Sized(0) => (true, Some(0)),
            BodySize::Sized(length) => (false, Some(length)),
            BodySize::Stream => (false, None),
        };
        let connection = exchange.upgraded_connection(status.as_u16());
        let headers = ActixHeaders::of_response(response.headers());
        exchange.response(status.as_u16(), bodyless, length, &headers);
        let exchange = mem::replace(exchange, Exchange::ended());

        let worker = Rc::clone(self);
        response.map_body(|_, body| ResponseBody::new(body, exchange, connection, worker))
    }

    /// Ends a panicked exchange with an answer, if panics are to be answered.
    #[cold]
    pub(crate) fn answer_panic(&self, exchange: &mut ActixExchange) -> Option<Error> {
        self.guess_route(exchange);
        if exchange.lifecycle()?.panics() == Panics::Resume {
            return None;
        }
        let mut response = HttpResponse::new(StatusCode::INTERNAL_SERVER_ERROR);
        self.add_headers(exchange, response.head_mut());
        exchange.finish(Outcome::Panic);
        Some(InternalError::from_response("the handler panicked", response).into())
    }

    #[inline]
    fn add_headers(&self, exchange: &ActixExchange, head: &mut ResponseHead) {
        exchange.response_headers(head.status.as_u16(), true, |header, value| {
            if header == ResponseHeader::Connection {
                // actix writes this header itself, and not over HTTP/2.
                head.set_connection_type(ConnectionType::Close);
            } else if let Ok(value) = HeaderValue::from_bytes(value) {
                put(head.headers_mut(), header, &self.id_header, value);
            }
        });
    }
}

/// Records what a handler answered with, unless the application has recorded an error itself.
#[cold]
fn record_error(context: &RequestContext, error: &Error) {
    let error = error.as_response_error();
    let record = ErrorRecord::of_written("actix_web::Error", format_args!("{error:#}"));
    context.record_error(record);
}
