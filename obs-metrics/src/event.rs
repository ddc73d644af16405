//! The macros of events, all of one form.

/// Makes a macro that calls the function of `__private` with the process-wide handle or, after
/// `handle:`, with the one that it is given; any other arguments are an error that shows the forms. `$`
/// has to be passed: a macro cannot write it.
macro_rules! event {
    (($d:tt) $(#[$meta:meta])* $name:ident { $(($($argument:ident),*) => $function:ident;)+ }) => {
        $(#[$meta])*
        #[macro_export]
        macro_rules! $name {
            $((handle: $d handle:expr $(, $d $argument:expr)* $d(,)?) => {
                $crate::__private::$function(
                    $crate::__private::handle(&$d handle) $(, $d $argument)*
                )
            };)+
            $(($($d $argument:expr),* $d(,)?) => {
                $crate::__private::$function($crate::__private::installed() $(, $d $argument)*)
            };)+
            ($d($d rest:tt)*) => {
                compile_error!(concat!(
                    "the forms of this macro are",
                    $("\n  ", stringify!($name), "!(", stringify!($($argument),*), ")",)+
                    "\neach may begin with `handle: metrics`"
                ))
            };
        }
    };
}

pub(crate) use event;
