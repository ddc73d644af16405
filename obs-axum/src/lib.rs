//! obs-axum
