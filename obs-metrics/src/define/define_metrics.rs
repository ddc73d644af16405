/// Metrics of your own, each of them one typed line: the field is the name, the doc comment the HELP
/// text, and the labels are types.
///
/// ```
/// use obs_metrics::testing::Recorder;
/// use obs_metrics::{Capped, OneOf, define_metrics, label_enum};
///
/// label_enum! {
///     /// How an order is paid.
///     pub enum Payment { Bkash = "bkash", Card = "card" }
/// }
///
/// define_metrics! {
///     /// What the shop counts.
///     pub struct Shop namespace("shop") {
///         /// Orders placed.
///         counter orders { payment: Payment, gift: bool };
///         /// Value of an order, in taka.
///         histogram order_value { payment: Payment } unit("bdt") buckets(100.0, 1000.0, 10_000.0);
///         /// Carts that are open.
///         gauge open_carts;
///         /// Time that a courier took.
///         histogram delivery { tenant: Capped<&'static str, 50> } unit("seconds");
///         /// The catalogue that is sold from.
///         info catalogue { edition: &'static str, season: OneOf!["dry", "wet"] };
///     }
/// }
///
/// let recorder = Recorder::new();
/// let shop = Shop::new(recorder.metrics())?;
/// shop.orders.inc((Payment::Bkash, false));
/// shop.order_value.observe(Payment::Bkash, 1250.0);
/// shop.open_carts.inc();
/// shop.catalogue.set(("2026-11", "dry".into()));
///
/// recorder.assert("shop_orders_total{payment='bkash',gift='false'}", 1);
/// recorder.assert("shop_order_value_bdt_bucket{payment='bkash',le='1000'}", 0);
/// recorder.assert("shop_open_carts", 1);
/// # Ok::<(), obs_metrics::DefinitionErrors>(())
/// ```
///
/// # A line
///
/// `KIND NAME { LABEL: TYPE, … } OPTION(…) … ;` with a doc comment. Its first paragraph is the HELP
/// text.
///
/// | kind | field of the struct | without labels |
/// |---|---|---|
/// | `counter` | [`Counter`](crate::Counter) | [`CounterHandle`](crate::CounterHandle) |
/// | `gauge` | [`Gauge`](crate::Gauge) | [`GaugeHandle`](crate::GaugeHandle) |
/// | `histogram` | [`Histogram`](crate::Histogram) | [`HistogramHandle`](crate::HistogramHandle) |
/// | `info` | [`Info`](crate::Info) | |
///
/// | option | says | default |
/// |---|---|---|
/// | `unit("seconds")` | the unit: a base unit of Prometheus, or one of your own | none |
/// | `buckets(0.1, 1.0)` | upper bounds of a histogram, 1 to 64, finite, ascending | for seconds [`MetricsSettings::buckets`](crate::MetricsSettings::buckets); must be said for any other unit |
/// | `name("orders_placed_total")` | the whole name, with unit and suffix | `NAMESPACE_FIELD_UNIT_SUFFIX` |
/// | `max_series(100)` | see [`Definition::max_series`](crate::Definition::max_series) | from the settings |
/// | `ttl(Duration::from_secs(60))` | see [`Definition::ttl`](crate::Definition::ttl) | none |
/// | `zero(true)` | see [`Definition::zero`](crate::Definition::zero) | small families |
///
/// A label is a [`Label`](crate::Label): a [`label_enum!`](crate::label_enum), `bool`,
/// [`OneOf!`](crate::OneOf!), [`Bounded`](crate::Bounded) or `&'static str`; what comes from a
/// request is wrapped in [`Capped`](crate::Capped).
///
/// # Where they are kept
///
/// `new` takes the [`Metrics`](crate::Metrics) to show them with, `obs.metrics()` of an adapter: the
/// struct is a value to hand around, `Clone` and cheap. Where none can be handed to, `global()` has
/// the metrics of the process, or nothing before `install()`:
/// `if let Some(shop) = Shop::global() { … }`.
///
/// # Names
///
/// A family is called `NAMESPACE_FIELD_UNIT`, without the parts that are not there, and `_total` or
/// `_info` behind it. These names stand: neither a preset nor
/// [`Naming::namespace`](crate::Naming::namespace) changes them, since both are about the families
/// that obs-* brings along.
///
/// # Errors
///
/// What can be wrong in the text is an error of the compiler: a type that is no label, a missing doc
/// comment, bad names, units, buckets and values, two metrics of one name. `new` is left with what
/// only shows at run time, and returns all of it: a name that is taken. Two equal definitions are the
/// same family, so that `new` may be called any number of times.
///
/// Who is first has the name. A family of requests, of the process or of obs-* itself, and a built-in
/// one that is shown from the start or had its first event, is an error of `new`. A built-in one that
/// is neither leaves its name to yours, and what its macro then tells is counted in
/// `obs_series_dropped_total`.
#[macro_export]
macro_rules! define_metrics {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident $(namespace($namespace:literal))? {
            $(
                $(#[doc = $help:literal])*
                $kind:ident $field:ident
                $({ $($label:ident: $type:ty),+ $(,)? })?
                $($option:ident($($argument:expr),* $(,)?))*;
            )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        $vis struct $name {
            $(
                $(#[doc = $help])*
                $vis $field: $crate::define_metrics!(@type $kind $($($type),+)?),
            )+
        }

        const _: () = {
            // A name of the user's would be hidden behind one of these.
            const __NAMESPACE: &str = concat!($($namespace)?);
            const __COUNT: usize = [$(stringify!($field)),+].len();
            const __METRICS: [$crate::define::Declaration; __COUNT] = $crate::define::names_differ([$(
                $crate::define_metrics!(
                    @option
                    $crate::define::Declaration::new(
                        stringify!($kind),
                        __NAMESPACE,
                        stringify!($field),
                        concat!($($help, "\n"),*),
                        &[$($((stringify!($label), <$type as $crate::Label>::VALUES)),+)?],
                    );
                    $($option($($argument),*))*
                )
                .checked()
            ),+]);

            impl $name {
                /// Registers the metrics, or finds those that are registered.
                ///
                /// # Errors
                /// Every metric whose name is taken; the others are registered.
                #[allow(dead_code, reason = "others want `global` only")]
                $vis fn new(
                    metrics: &$crate::Metrics,
                ) -> ::std::result::Result<Self, $crate::DefinitionErrors> {
                    let mut registration = $crate::define::Registration::new(metrics);
                    let [$($field),+] = &__METRICS;
                    $(let $field = $crate::define_metrics!(
                        @register registration $field $kind $($($type),+)?
                    );)+
                    match ($($field,)+) {
                        ($(::std::option::Option::Some($field),)+) => {
                            ::std::result::Result::Ok(Self { $($field),+ })
                        }
                        _ => ::std::result::Result::Err(registration.faults()),
                    }
                }

                /// The metrics of the process: those that `install()` set. `None` before, so that
                /// nothing is counted; and if a name is taken, which is said once.
                #[allow(dead_code, reason = "not every user wants it")]
                $vis fn global() -> ::std::option::Option<&'static Self> {
                    static GLOBAL: ::std::sync::OnceLock<::std::option::Option<$name>> =
                        ::std::sync::OnceLock::new();
                    $crate::define::Registration::installed(&GLOBAL, Self::new)
                }
            }
        };
    };

    (@option $metric:expr;) => { $metric };
    (@option $metric:expr; buckets($($bound:expr),*) $($rest:tt)*) => {
        $crate::define_metrics!(@option $metric.buckets(const { &[$($bound),*] }); $($rest)*)
    };
    (@option $metric:expr; $option:ident($($argument:expr),*) $($rest:tt)*) => {
        $crate::define_metrics!(@option $metric.$option($($argument),*); $($rest)*)
    };

    (@type counter) => { $crate::CounterHandle };
    (@type gauge) => { $crate::GaugeHandle };
    (@type histogram) => { $crate::HistogramHandle };
    (@type counter $($type:ty),+) => { $crate::Counter<$crate::define_metrics!(@labels $($type),+)> };
    (@type gauge $($type:ty),+) => { $crate::Gauge<$crate::define_metrics!(@labels $($type),+)> };
    (@type histogram $($type:ty),+) => { $crate::Histogram<$crate::define_metrics!(@labels $($type),+)> };
    (@type info $($type:ty),+) => { $crate::Info<$crate::define_metrics!(@labels $($type),+)> };
    // What it should be is reported elsewhere.
    (@type $kind:ident $($type:ty),*) => { () };

    (@register $to:ident $metric:ident counter) => {
        $to.counter::<()>($metric).map(|family| family.with(()))
    };
    (@register $to:ident $metric:ident gauge) => {
        $to.gauge::<()>($metric).map(|family| family.with(()))
    };
    (@register $to:ident $metric:ident histogram) => {
        $to.histogram::<()>($metric).map(|family| family.with(()))
    };
    (@register $to:ident $metric:ident counter $($type:ty),+) => { $to.counter($metric) };
    (@register $to:ident $metric:ident gauge $($type:ty),+) => { $to.gauge($metric) };
    (@register $to:ident $metric:ident histogram $($type:ty),+) => { $to.histogram($metric) };
    (@register $to:ident $metric:ident info $($type:ty),+) => { $to.info($metric) };
    (@register $to:ident $metric:ident $kind:ident $($type:ty),*) => {
        ::std::option::Option::Some(())
    };

    (@labels $type:ty) => { $type };
    (@labels $($type:ty),+) => { ($($type),+) };
}
