//! Server spans of observed requests: traceparent continued, sampled before anything is allocated.
