//! A place where the request left its ids.

use std::fmt;

use super::request::Ids;

#[derive(Debug)]
pub(super) struct End {
    pub(super) place: &'static str,
    pub(super) what: &'static str,
    pub(super) ids: Option<Ids>,
    /// Where it was found, or why it may be missing.
    pub(super) note: String,
    /// False where this version of the service may have nothing to show.
    pub(super) must_be_there: bool,
}

impl End {
    pub(super) fn new(
        place: &'static str,
        what: &'static str,
        found: Option<(Ids, String)>,
    ) -> Self {
        let (ids, note) = found.unzip();
        let note = note.unwrap_or_else(|| "(not found)".to_owned());
        Self { place, what, ids, note, must_be_there: true }
    }

    /// How it differs from what the client was told.
    pub(super) fn disagreement(&self, told: &Ids) -> Option<String> {
        let Self { place, what, .. } = self;
        let Some(ids) = &self.ids else {
            return self.must_be_there.then(|| format!("  {place}, {what}: not found"));
        };
        if ids.trace_id != told.trace_id {
            let (ours, theirs) = (&told.trace_id, &ids.trace_id);
            return Some(format!(
                "  {place}, {what}: trace {theirs}, but the client was told {ours}"
            ));
        }
        let (ours, theirs) = (told.span_id.as_ref()?, ids.span_id.as_ref()?);
        (ours != theirs)
            .then(|| format!("  {place}, {what}: span {theirs}, but the client was told {ours}"))
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, what, note, .. } = self;
        let id = self.ids.as_ref().map_or("–", |ids| &ids.trace_id);
        write!(f, "  {place:<16}  {what:<13}  {id:<32}  {note}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(trace_id: &str, span_id: Option<&str>) -> Ids {
        Ids { trace_id: trace_id.to_owned(), span_id: span_id.map(str::to_owned) }
    }

    fn end(ids: Ids) -> End {
        End::new("span", "OTLP", Some((ids, String::new())))
    }

    #[test]
    fn the_same_trace_agrees_and_so_must_the_span_where_there_is_one() {
        let told = ids("t-1", Some("s-1"));
        assert_eq!(end(ids("t-1", Some("s-1"))).disagreement(&told), None);
        assert_eq!(end(ids("t-1", None)).disagreement(&told), None);
        let other_trace = end(ids("t-2", Some("s-1"))).disagreement(&told).unwrap();
        assert_eq!(other_trace, "  span, OTLP: trace t-2, but the client was told t-1");
        let other_span = end(ids("t-1", Some("s-2"))).disagreement(&told).unwrap();
        assert_eq!(other_span, "  span, OTLP: span s-2, but the client was told s-1");
    }

    #[test]
    fn what_is_not_found_disagrees_unless_it_may_be_missing() {
        let told = ids("t-1", None);
        let missing = End::new("span", "OTLP", None);
        assert_eq!(missing.disagreement(&told).unwrap(), "  span, OTLP: not found");
        assert_eq!(End { must_be_there: false, ..missing }.disagreement(&told), None);
    }
}
