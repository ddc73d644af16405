//! What a collector printed of the spans it got.

/// One span.
#[derive(Debug)]
pub(crate) struct Span<'a> {
    text: &'a str,
}

pub(crate) fn parse(output: &str) -> Vec<Span<'_>> {
    output.split("    Trace ID       : ").skip(1).map(|text| Span { text }).collect()
}

impl<'a> Span<'a> {
    pub(crate) fn trace_id(&self) -> &'a str {
        self.text.lines().next().unwrap()
    }

    pub(crate) fn parent(&self) -> &'a str {
        self.value("    Parent ID      : ")
    }

    pub(crate) fn id(&self) -> &'a str {
        self.value("    ID             : ")
    }

    pub(crate) fn name(&self) -> &'a str {
        self.value("    Name           : ")
    }

    /// `attribute` is such as `order: Int(7)`.
    pub(crate) fn has(&self, attribute: &str) -> bool {
        self.text.lines().any(|line| line.strip_prefix("     -> ") == Some(attribute))
    }

    fn value(&self, label: &str) -> &'a str {
        self.text.lines().find_map(|line| line.strip_prefix(label)).unwrap_or_default()
    }
}
