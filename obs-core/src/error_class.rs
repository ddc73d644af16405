/// Whose error a status is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// 400 to 499, but not 499: a client that left before the headers made no error.
    Client,
    /// 500 and more.
    Server,
}

impl ErrorClass {
    /// The class of a status; `None` if it is no error.
    ///
    /// ```
    /// use obs_core::ErrorClass;
    ///
    /// assert_eq!(ErrorClass::from_status(404), Some(ErrorClass::Client));
    /// assert_eq!(ErrorClass::from_status(499), None);
    /// ```
    #[must_use]
    pub const fn from_status(status: u16) -> Option<Self> {
        match status {
            0..400 | 499 => None,
            400..500 => Some(Self::Client),
            500.. => Some(Self::Server),
        }
    }

    /// The name in labels: `client_error`, `server_error`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client_error",
            Self::Server => "server_error",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_statuses() {
        for (status, class) in [
            (399, None),
            (400, Some("client_error")),
            (498, Some("client_error")),
            (499, None),
            (500, Some("server_error")),
            (599, Some("server_error")),
        ] {
            assert_eq!(ErrorClass::from_status(status).map(ErrorClass::as_str), class, "{status}");
        }
    }
}
