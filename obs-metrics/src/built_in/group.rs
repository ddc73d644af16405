/// A group of built-in families: each is registered by itself, all are in the catalog.
macro_rules! families {
    ($(#[$meta:meta])* $group:ident { $($field:ident: $cell:ident = $canonical:expr;)+ }) => {
        $(#[$meta])*
        #[derive(Debug)]
        pub(crate) struct $group {
            $(pub(crate) $field: $crate::built_in::Lazy<$crate::families::$cell>),+
        }

        impl $group {
            pub(crate) const CATALOG: &[$crate::naming::Canonical] = &[$($canonical),+];

            pub(crate) fn new(
                home: &std::sync::Arc<$crate::built_in::Home>,
                part: $crate::Part,
            ) -> Self {
                $(
                    #[allow(non_upper_case_globals, reason = "the name of the field")]
                    const $field: &$crate::naming::Canonical = &$canonical;
                )+
                Self { $($field: $crate::built_in::Lazy::new($field, home, part)),+ }
            }

            pub(crate) fn all(&self) -> Vec<&dyn $crate::built_in::BuiltInFamily> {
                vec![$(&self.$field),+]
            }
        }
    };
}

pub(crate) use families;
