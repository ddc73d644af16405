//! Server errors and panics as events of the Sentry protocol, with the request's ids.
