//! The export thread: OTLP and error events out of byte-bounded queues.
