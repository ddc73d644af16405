//! JSON log lines with request ids, one access line per request, a bounded writer.
