use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceResponse;
use actix_web::error::InternalError;
use obs_core::mutant;
use pin_project_lite::pin_project;

use crate::ResponseBody;
use crate::worker::{ActixExchange, Worker};

pin_project! {
    /// The response to come. Dropped before it is ready, the client has left.
    pub struct ResponseFuture<Fut> {
        #[pin]
        inner: Option<Fut>,
        exchange: ActixExchange,
        worker: Rc<Worker>,
    }

    impl<Fut> PinnedDrop for ResponseFuture<Fut> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.exchange.context().is_some() {
                this.worker.guess_route(this.exchange);
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
    pub(crate) fn new(inner: Option<Fut>, exchange: ActixExchange, worker: Rc<Worker>) -> Self {
        Self { inner, exchange, worker }
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
        let (exchange, worker) = (this.exchange, this.worker);
        let Some(inner) = this.inner.as_mut().as_pin_mut() else {
            // The call itself panicked; a future that is over has no exchange any more.
            return worker
                .answer_panic(exchange)
                .map_or(Poll::Pending, |answer| Poll::Ready(Err(answer)));
        };

        let polled = catch_unwind(AssertUnwindSafe(|| exchange.in_scope(|| inner.poll(cx))));
        let result = match polled {
            Ok(poll) => ready!(poll),
            Err(panic) => {
                this.inner.set(None);
                match worker.answer_panic(exchange) {
                    Some(answer) => return Poll::Ready(Err(answer)),
                    None => resume_unwind(panic),
                }
            }
        };

        Poll::Ready(match result {
            Ok(response) => {
                let (request, response) = response.into_parts();
                worker.note_route(exchange, &request, response.status());
                Ok(ServiceResponse::new(request, worker.respond(exchange, response, None)))
            }
            // A middleware further in failed, and there is no request to answer with: the answer
            // travels in the error.
            Err(error) => {
                worker.guess_route(exchange);
                let response = exchange.in_scope(|| error.error_response());
                let response = worker.respond(exchange, response, Some(&error));
                Err(InternalError::from_response(error, response.map_into_boxed_body()).into())
            }
        })
    }
}
