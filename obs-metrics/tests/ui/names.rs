//! What is called as nothing can be called does not compile.
use obs_metrics::{OneOf, define_metrics};

define_metrics! {
    struct Field {
        /// Orders placed.
        counter größe;
    }
}

define_metrics! {
    struct Name {
        /// Orders placed.
        counter orders name("orders-total");
    }
}

define_metrics! {
    struct Ending {
        /// Orders placed.
        counter orders name("orders");
    }
}

define_metrics! {
    struct Total {
        /// Value of an order.
        histogram order_value name("order_value_total") buckets(1.0);
    }
}

define_metrics! {
    struct Unit {
        /// Weight of an order.
        histogram order_weight unit("kilo grams") buckets(1.0);
    }
}

define_metrics! {
    struct UnitTwice {
        /// Value of an order.
        histogram order_value_bdt unit("bdt") buckets(1.0);
    }
}

define_metrics! {
    struct Label {
        /// Orders placed.
        counter orders { __kind: bool };
    }
}

define_metrics! {
    struct Bucket {
        /// Value of an order.
        histogram order_value { le: bool } unit("bdt") buckets(1.0);
    }
}

define_metrics! {
    struct InfoUnit {
        /// The build.
        info build { kind: OneOf!["debug", "release"] } unit("bytes");
    }
}

define_metrics! {
    struct NoBuckets {
        /// Value of an order.
        histogram order_value unit("bdt") buckets();
    }
}

fn main() {}
