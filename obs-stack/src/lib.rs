//! obs-stack
