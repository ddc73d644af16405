use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::error::InternalError;
use actix_web::{Error, HttpResponse};
use obs_core::{Exchange, mutant};
use pin_project_lite::pin_project;

use crate::ResponseBody;
use crate::worker::{ActixExchange, Worker, record};

pin_project! {
    /// The response to come. Dropped before it is ready, the client has left.
    pub struct ResponseFuture<Fut> {
        #[pin]
        inner: Option<Fut>,
        exchange: ActixExchange,
        worker: Rc<Worker>,
        http1: bool,
    }

    impl<Fut> PinnedDrop for ResponseFuture<Fut> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.exchange.context().is_some() {
                this.worker.find_route(this.exchange);
            }
            // What a cancelled handler does in its destructors still belongs to the request.
            if !mutant::is("cancelled-handler-dropped-out-of-scope") {
                this.exchange.in_scope(|| this.inner.set(None));
            }
        }
    }
}

impl<Fut> ResponseFuture<Fut> {
    /// Without `inner` the call panicked.
    pub(crate) fn new(
        inner: Option<Fut>,
        exchange: ActixExchange,
        worker: Rc<Worker>,
        http1: bool,
    ) -> Self {
        Self { inner, exchange, worker, http1 }
    }
}

impl<Fut, B> Future for ResponseFuture<Fut>
where
    Fut: Future<Output = Result<ServiceResponse<B>, Error>>,
    B: MessageBody,
{
    type Output = Result<ServiceResponse<ResponseBody<B>>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let (exchange, worker, http1) = (this.exchange, this.worker, *this.http1);
        let Some(inner) = this.inner.as_mut().as_pin_mut() else {
            // The call itself panicked; a future that is over has no exchange any more.
            let answer = worker.answer_panic(exchange, http1);
            return answer.map_or(Poll::Pending, |response| Poll::Ready(Err(panicked(response))));
        };

        let polled = catch_unwind(AssertUnwindSafe(|| exchange.in_scope(|| inner.poll(cx))));
        let result = match polled {
            Ok(poll) => ready!(poll),
            Err(panic) => {
                this.inner.set(None);
                match worker.answer_panic(exchange, http1) {
                    Some(response) => return Poll::Ready(Err(panicked(response))),
                    None => resume_unwind(panic),
                }
            }
        };

        Poll::Ready(match result {
            Ok(response) => {
                let (request, mut response) = response.into_parts();
                if let (Some(routes), Some(facts)) = (worker.routes(), exchange.facts_mut()) {
                    facts.route = routes.matched(&request, response.status());
                }
                record(exchange, response.status(), response.error());
                worker.respond(exchange, &mut response, http1);
                let exchange = mem::replace(exchange, Exchange::ended());
                let response = response.map_body(|_, body| ResponseBody::new(body, exchange));
                Ok(ServiceResponse::new(request, response))
            }
            // A middleware further in failed, and there is no request to answer with: the answer
            // travels in the error.
            Err(error) => {
                worker.find_route(exchange);
                let mut response = exchange.in_scope(|| error.error_response());
                record(exchange, response.status(), Some(&error));
                worker.respond(exchange, &mut response, http1);
                let exchange = mem::replace(exchange, Exchange::ended());
                let response =
                    response.map_body(|_, body| BoxBody::new(ResponseBody::new(body, exchange)));
                Err(InternalError::from_response(error, response).into())
            }
        })
    }
}

#[cold]
fn panicked(response: HttpResponse) -> Error {
    InternalError::from_response("the handler panicked", response).into()
}

impl<Fut> std::fmt::Debug for ResponseFuture<Fut> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ResponseFuture").field(&self.exchange).finish()
    }
}
