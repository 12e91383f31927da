//! The kinds of errors, and the predicates that tell them apart.

use super::Error;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The client is set up in a way that cannot work.
    Configuration,
    /// The request could not be written.
    Unwritable,
    /// No connection, so nothing was sent.
    Connect,
    /// The server's certificate or TLS itself.
    Tls,
    /// The limit of time passed.
    Timeout,
    /// The connection broke after the request was, or may have been, sent.
    Interrupted,
    /// The body passed the response limit.
    TooLarge,
    /// An HTTP status that is not a success, or a sign-in answer without a token.
    Refused,
    /// The source of tokens has none to give.
    Credentials,
    /// A body that is not what was declared.
    Decode,
    /// JSON text of the caller's that is not what was declared.
    Input,
    /// A file or writer on this side.
    Local,
}

/// What kind of error it is
impl Error {
    /// 401, or a sign-in that the PBX refused: the credentials or the token are not accepted.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        match self.0.status {
            _ if self.0.kind == Kind::Credentials => true,
            Some(401) => true,
            Some(status) => {
                self.0.sign_in
                    && self.0.kind == Kind::Refused
                    && (200..500).contains(&status)
                    && status != 429
            }
            None => false,
        }
    }

    /// The call failed because the client could not sign in, for whatever reason.
    #[must_use]
    pub fn is_sign_in(&self) -> bool {
        self.0.sign_in
    }

    /// The PBX asks for a second factor to sign in, or does not accept the security code that was
    /// given.
    #[must_use]
    pub fn is_second_factor(&self) -> bool {
        self.0.second_factor
    }

    /// 403: role, licence or IP rule.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.0.status == Some(403)
    }

    /// 404: no such entity, or no such route in this PBX's release.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.status == Some(404)
    }

    /// 400 or 422: the PBX does not accept a value; see [`details`](Self::details).
    #[must_use]
    pub fn is_validation(&self) -> bool {
        matches!(self.0.status, Some(400 | 422)) && !self.0.sign_in
    }

    /// 409 or 412: the entity is in a state, or in a version, that does not allow the call.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self.0.status, Some(409 | 412))
    }

    /// 429: too many requests; see [`retry_after`](Self::retry_after).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.0.status == Some(429)
    }

    /// A 5xx status.
    #[must_use]
    pub fn is_server_error(&self) -> bool {
        self.0.status.is_some_and(|status| status >= 500)
    }

    /// The server wants to be called elsewhere. Redirects are not followed, as the token must not
    /// go with them.
    #[must_use]
    pub fn is_redirect(&self) -> bool {
        self.0.status.is_some_and(|status| (300..400).contains(&status))
    }

    /// A limit of time passed, be it for the connection or for the answer.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.timed_out
    }

    /// No connection was made, so that nothing was sent: host, port, network or TLS.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(self.0.kind, Kind::Connect | Kind::Tls)
    }

    /// The certificate is not trusted, or TLS failed otherwise.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.0.kind == Kind::Tls
    }

    /// The connection broke before the answer was complete. Whether the PBX did what was asked is
    /// not known.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        self.0.kind == Kind::Interrupted
    }

    /// The answer is larger than the client's response limit, or there are more items than
    /// [`Request::all`](crate::Request::all) was to take.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        self.0.kind == Kind::TooLarge
    }

    /// The answer, or the text given to [`json::from_str`](crate::json::from_str), is not what the
    /// API document declares; see [`json_path`](Self::json_path).
    #[must_use]
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode | Kind::Input)
    }

    /// The file or writer that a download goes to, or the reader that an upload comes from, failed:
    /// the [`source`](std::error::Error::source) is its [`std::io::Error`].
    #[must_use]
    pub fn is_local_io(&self) -> bool {
        self.0.kind == Kind::Local
    }

    /// The client's set-up, or a value of the request, is wrong: nothing was sent.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        matches!(self.0.kind, Kind::Configuration | Kind::Unwritable | Kind::Input)
    }

    /// The same request may succeed later: no connection, a timeout, a broken connection, 408, 429,
    /// 502, 503 or 504.
    ///
    /// The client has done so itself as far as its [`RetryPolicy`](crate::RetryPolicy) goes. It
    /// does not say that repeating is harmless: a POST may have been carried out, unless
    /// [`is_connect`](Self::is_connect) or [`is_sign_in`](Self::is_sign_in).
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.0.kind {
            Kind::Connect | Kind::Timeout | Kind::Interrupted => true,
            Kind::Refused => matches!(self.0.status, Some(408 | 429 | 502..=504)),
            _ => false,
        }
    }
}

impl Error {
    /// The kind in a word, for spans.
    pub(crate) fn kind_name(&self) -> &'static str {
        match self.0.kind {
            Kind::Configuration => "configuration",
            Kind::Unwritable => "unwritable",
            Kind::Connect => "connect",
            Kind::Tls => "tls",
            Kind::Timeout => "timeout",
            Kind::Interrupted => "interrupted",
            Kind::TooLarge => "too_large",
            Kind::Refused if self.0.sign_in => "sign_in",
            Kind::Refused => "refused",
            Kind::Credentials if self.0.second_factor => "second_factor",
            Kind::Credentials => "credentials",
            Kind::Decode => "decode",
            Kind::Input => "input",
            Kind::Local => "local_io",
        }
    }
}
