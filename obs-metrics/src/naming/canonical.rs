/// A built-in family as it is without a preset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Canonical {
    pub(crate) name: &'static str,
    pub(crate) help: &'static str,
    /// In their order.
    pub(crate) labels: &'static [&'static str],
    /// Its name ends with the currency.
    pub(crate) money: bool,
    /// Only a preset or the service turns it on.
    pub(crate) opt_in: bool,
}

impl Canonical {
    pub(crate) const fn new(
        name: &'static str,
        help: &'static str,
        labels: &'static [&'static str],
    ) -> Self {
        Self { name, help, labels, money: false, opt_in: false }
    }

    pub(crate) const fn money(self) -> Self {
        Self { money: true, ..self }
    }

    pub(crate) const fn opt_in(self) -> Self {
        Self { opt_in: true, ..self }
    }
}
