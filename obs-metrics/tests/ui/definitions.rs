//! What is not well defined does not compile; each metric is an error of its own.
use std::time::Duration;

use obs_metrics::{Capped, OneOf, define_metrics, label_enum};

label_enum! { pub enum Payment { Bkash = "bkash", Nagad = "bkash" } }

define_metrics! {
    struct NoHelp {
        counter orders;
    }
}

define_metrics! {
    struct Descending {
        /// Value of an order.
        histogram order_value unit("bdt") buckets(100.0, 1000.0, 500.0);
    }
}

define_metrics! {
    struct Twice {
        /// Value of an order.
        histogram order_value unit("bdt") buckets(100.0, 100.0);
    }
}

define_metrics! {
    struct Negative {
        /// Value of an order.
        histogram order_value unit("bdt") buckets(-1.0, 100.0);
    }
}

define_metrics! {
    struct NotANumber {
        /// Value of an order.
        histogram order_value unit("bdt") buckets(100.0, f64::NAN);
    }
}

define_metrics! {
    struct Buckets {
        /// Orders placed.
        counter orders buckets(1.0);
    }
}

define_metrics! {
    struct NoBuckets {
        /// Value of an order.
        histogram order_value unit("bdt");
    }
}

define_metrics! {
    struct Milliseconds {
        /// Time until an order is delivered.
        histogram delivery unit("ms");
    }
}

define_metrics! {
    struct Suffix {
        /// Orders placed.
        counter orders_total;
    }
}

define_metrics! {
    struct SameName {
        /// Bytes sent.
        counter sent unit("bytes");
        /// Bytes sent.
        counter sent_by_us name("sent_bytes_total");
    }
}

define_metrics! {
    struct Namespace namespace("my-shop") {
        /// Orders placed.
        counter orders;
    }
}

define_metrics! {
    struct SameLabel {
        /// Orders placed.
        counter orders { gift: bool, gift: bool };
    }
}

define_metrics! {
    struct SameValue {
        /// Orders placed.
        counter orders { payment: Payment };
    }
}

define_metrics! {
    struct Ttl {
        /// Orders placed.
        counter orders { gift: bool } ttl(Duration::from_secs(60));
    }
}

define_metrics! {
    struct Zero {
        /// Orders placed.
        counter orders { customer: Capped<&'static str> } zero(true);
    }
}

define_metrics! {
    struct Kind {
        /// Time until an order is delivered.
        summary delivery { client: OneOf!["web", "app"] };
    }
}

define_metrics! {
    struct Info {
        /// The build.
        info build;
    }
}

define_metrics! {
    struct SameText {
        /// Sign-ins.
        counter sign_ins { client: OneOf!["web", "app", "web"] };
    }
}

define_metrics! {
    struct SevenLabels {
        /// Orders placed.
        counter orders { a: bool, b: bool, c: bool, d: bool, e: bool, f: bool, g: bool };
    }
}

fn main() {}
