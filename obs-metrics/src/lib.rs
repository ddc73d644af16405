//! obs-metrics
