//! Names of headers and of versions, in the types of `http` 1.

crate::http_types!(http);
