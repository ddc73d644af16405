//! Names of headers and of versions, in the types of `http` that actix has.

obs_core::http_types!(actix_web::http);
