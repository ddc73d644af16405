use crate::built_in::families;
use crate::naming::{Canonical, CanonicalLabel as Label};

families! {
    Products {
        views: CounterCell = Canonical::counter(
            "product_views_total",
            "Views of products, by category.",
        )
        .labels(&[
            Label::open("product_category"),
            Label::open("product_id").limit(500).opt_in(),
        ]);
    }
}
