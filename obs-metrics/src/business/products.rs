use crate::built_in::families;
use crate::event::event;
use crate::naming::{Canonical, CanonicalLabel};
use crate::{Label, Metrics};

families! {
    Products {
        views: CounterCell = Canonical::counter(
            "product_views_total",
            "Product views, by category.",
        )
        .labels(&[
            CanonicalLabel::open("product_category"),
            CanonicalLabel::open("product_id").limit(500).opt_in(),
        ]);
    }
}

/// A product was viewed.
#[track_caller]
pub fn product_viewed(metrics: Option<&Metrics>, category: impl Label) {
    product_viewed_by_id(metrics, category, "unknown");
}

/// A product was viewed, and it is known which.
#[track_caller]
pub fn product_viewed_by_id(metrics: Option<&Metrics>, category: impl Label, id: impl Label) {
    let Some(metrics) = metrics else { return };
    metrics.built_in().products.views.inc((category, id));
}

event! {
    ($)
    /// A product was viewed: category. Adds 1 to `product_views_total`.
    ///
    /// An id, if it is given, is not kept, unless the service asks for the label
    /// [`with("product_id")`](crate::FamilyNaming::with): then for 500 products, all further ones
    /// are `other`.
    ///
    /// ```
    /// use obs_metrics::{Capped, product_viewed};
    ///
    /// product_viewed!("milk");
    /// let id = String::from("p-17");
    /// product_viewed!("milk", Capped::<_, 500>(id));
    /// ```
    product_viewed {
        (category) => product_viewed;
        (category, id) => product_viewed_by_id;
    }
}
