//! What the programs of `benches/peers` print: lines of `LIBRARY/OPERATION` and numbers.

use anyhow::{Context as _, Result};

/// A figure per library and operation, in the order they came.
#[derive(Debug, PartialEq)]
pub(super) struct Figures<T>(Vec<Figure<T>>);

#[derive(Debug, PartialEq)]
struct Figure<T> {
    library: String,
    operation: String,
    value: T,
}

/// Nanoseconds per operation with one thread and with two; medians.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scaling {
    pub(super) one: f64,
    pub(super) two: f64,
}

impl Scaling {
    /// The first two of what `contention` prints.
    pub(super) fn parse(words: &str) -> Option<Self> {
        let mut words = words.split(' ').map(str::parse);
        Some(Self { one: words.next()?.ok()?, two: words.next()?.ok()? })
    }

    pub(super) fn factor(self) -> f64 {
        self.two / self.one
    }
}

impl<T: Copy> Figures<T> {
    pub(super) fn parse(text: &str, value: impl Fn(&str) -> Option<T>) -> Result<Self> {
        let figure = |line: &str| {
            let (row, words) = line.split_once(' ')?;
            let (library, operation) = row.split_once('/')?;
            let (library, operation) = (library.to_owned(), operation.to_owned());
            Some(Figure { library, operation, value: value(words)? })
        };
        let figures =
            text.lines().map(|line| figure(line).with_context(|| format!("a line {line:?}")));
        Ok(Self(figures.collect::<Result<_>>()?))
    }

    /// The same with other values.
    pub(super) fn try_map<U>(self, mut f: impl FnMut(&str, T) -> Result<U>) -> Result<Figures<U>> {
        let figures = self.0.into_iter().map(|Figure { library, operation, value }| {
            let value = f(&format!("{library}/{operation}"), value)?;
            Ok(Figure { library, operation, value })
        });
        Ok(Figures(figures.collect::<Result<_>>()?))
    }

    pub(super) fn get(&self, library: &str, operation: &str) -> Option<T> {
        let mut figures = self.0.iter();
        let found = figures.find(|it| it.library == library && it.operation == operation);
        found.map(|figure| figure.value)
    }

    pub(super) fn libraries(&self) -> Vec<&str> {
        distinct(self.0.iter().map(|figure| &*figure.library))
    }

    pub(super) fn operations(&self) -> Vec<&str> {
        distinct(self.0.iter().map(|figure| &*figure.operation))
    }
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut distinct = Vec::new();
    for name in names {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    distinct
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_figures() {
        let figures =
            Figures::parse("obs/a 5.0 6.0 4.0 4.5\npeer/a 1 3 1 1\n", Scaling::parse).unwrap();
        assert_eq!(figures.get("obs", "a"), Some(Scaling { one: 5.0, two: 6.0 }));
        assert_eq!(figures.get("peer", "a").unwrap().factor(), 3.0);
        assert_eq!((figures.libraries(), figures.operations()), (vec!["obs", "peer"], vec!["a"]));
        assert!(Figures::parse("obs 5", Scaling::parse).is_err());
    }
}
