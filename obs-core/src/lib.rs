//! obs-core
