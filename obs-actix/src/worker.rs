use std::cell::OnceCell;
use std::sync::Arc;

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{ResponseHead, ServiceRequest};
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderName;
use actix_web::{Error, HttpResponse};
use obs_core::{ErrorRecord, Exchange, Facts as _, Lifecycle, Outcome, Panics, mutant};
use obs_stack::Stack;

use crate::facts::ActixFacts;
use crate::headers::{self, RequestHeaders, ResponseHeaders};
use crate::routes::Routes;

pub(crate) type ActixExchange = Exchange<Stack, ActixFacts>;

/// What the requests of one worker share.
pub(crate) struct Worker {
    lifecycle: Arc<Lifecycle<Stack>>,
    id_header: HeaderName,
    /// Known from the first request on.
    routes: OnceCell<Routes>,
}

impl Worker {
    pub(crate) fn new(lifecycle: Arc<Lifecycle<Stack>>) -> Self {
        let id_header = headers::id_header(lifecycle.request_ids());
        Self { lifecycle, id_header, routes: OnceCell::new() }
    }

    #[inline]
    pub(crate) fn begin(&self, request: &ServiceRequest) -> ActixExchange {
        if self.routes.get_or_init(|| Routes::of(request)).is_endpoint(request.path()) {
            return Exchange::ended();
        }
        let headers = RequestHeaders::of(request.head());
        Exchange::begin(Arc::clone(&self.lifecycle), ActixFacts::of(request), &headers)
    }

    #[inline]
    pub(crate) fn routes(&self) -> Option<&Routes> {
        self.routes.get()
    }

    /// Finds the route of a request that ends without an answer to ask.
    pub(crate) fn find_route(&self, exchange: &mut ActixExchange) {
        if let (Some(routes), Some(facts)) = (self.routes(), exchange.facts_mut()) {
            facts.route = routes.fitting(facts.path());
        }
    }

    /// The head of a response is there.
    #[inline]
    pub(crate) fn respond<B: MessageBody>(
        &self,
        exchange: &mut ActixExchange,
        response: &mut HttpResponse<B>,
        http1: bool,
    ) {
        let status = response.status();
        self.add_headers(exchange, status, response.head_mut(), http1);
        let (bodyless, length) = match response.body().size() {
            BodySize::None | BodySize::Sized(0) => (true, Some(0)),
            BodySize::Sized(length) => (false, Some(length)),
            BodySize::Stream => (false, None),
        };
        let headers = ResponseHeaders(response.headers());
        exchange.response(status.as_u16(), bodyless, length, &headers);
        if mutant::is("body-hook-dropped") {
            exchange.finish(Outcome::Complete);
        }
    }

    /// Ends a panicked exchange with an answer, if panics are to be answered.
    pub(crate) fn answer_panic(
        &self,
        exchange: &mut ActixExchange,
        http1: bool,
    ) -> Option<HttpResponse> {
        self.find_route(exchange);
        if exchange.lifecycle()?.panics() == Panics::Resume {
            return None;
        }
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        let mut response = HttpResponse::new(status);
        self.add_headers(exchange, status, response.head_mut(), http1);
        let outcome =
            if mutant::is("panic-not-an-outcome") { Outcome::Complete } else { Outcome::Panic };
        exchange.finish(outcome);
        Some(response)
    }

    #[inline]
    fn add_headers(
        &self,
        exchange: &ActixExchange,
        status: StatusCode,
        head: &mut ResponseHead,
        http1: bool,
    ) {
        exchange.response_headers(status.as_u16(), http1, |header, value| {
            headers::insert(head, &self.id_header, header, value);
        });
    }
}

/// Hands the error behind a server error to the exchange, unless the application did so itself.
#[inline]
pub(crate) fn record(exchange: &ActixExchange, status: StatusCode, error: Option<&Error>) {
    if status.is_server_error()
        && let (Some(error), Some(context)) = (error, exchange.context())
    {
        let text = format!("{:#}", error.as_response_error());
        context.record_error(ErrorRecord::of_text("actix_web::Error", &text));
    }
}
