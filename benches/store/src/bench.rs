use crate::Operation;

/// One operation of one library. Threads may share it.
pub struct Bench {
    run: Box<dyn Fn(u32) + Send + Sync>,
    seen: Box<dyn Fn() -> u64 + Send + Sync>,
}

impl Bench {
    /// `run` does the operation so many times; `seen` asks the library what it shows of that.
    pub fn new(
        run: impl Fn(u32) + Send + Sync + 'static,
        seen: impl Fn() -> u64 + Send + Sync + 'static,
    ) -> Self {
        Self { run: Box::new(run), seen: Box::new(seen) }
    }

    /// Does the operation so many times, one after the other.
    #[inline(never)]
    pub fn run(&self, times: u32) {
        (self.run)(times);
    }

    /// What the library shows: see [`Operation::expected`](crate::Operation::expected).
    #[must_use]
    pub fn seen(&self) -> u64 {
        (self.seen)()
    }
}

/// What was produced, in words.
///
/// # Errors
/// It is not what [`Operation::expected`] says: what it costs then says nothing.
pub fn produced(bench: &Bench, operation: Operation, times: u32) -> Result<String, String> {
    let (seen, expected) = (bench.seen(), operation.expected(times));
    if seen != expected {
        return Err(format!("{} left {seen}, not {expected}", operation.name()));
    }
    Ok(format!("{seen} {}", operation.what()))
}
