use std::time::Duration;

/// A count or an amount: any integer or float.
#[diagnostic::on_unimplemented(message = "`{Self}` is no number")]
pub trait Number {
    /// The number; a large integer is rounded.
    fn number(self) -> f64;
}

/// A time: a [`Duration`], or a number of seconds.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a `Duration` nor a number of seconds"
)]
pub trait Seconds {
    /// In seconds.
    fn seconds(self) -> f64;
}

impl Seconds for Duration {
    #[inline]
    fn seconds(self) -> f64 {
        self.as_secs_f64()
    }
}

macro_rules! numbers {
    ($($number:ty),+) => {
        $(
            impl Number for $number {
                #[inline]
                fn number(self) -> f64 {
                    self as f64
                }
            }

            impl Seconds for $number {
                #[inline]
                fn seconds(self) -> f64 {
                    self as f64
                }
            }
        )+
    };
}

numbers!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize, f32, f64);
