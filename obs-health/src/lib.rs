//! obs-health
