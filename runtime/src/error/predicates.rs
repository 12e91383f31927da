//! The predicates that tell the kinds of errors apart.

use super::Error;
use super::kind::Kind;

/// What kind of error it is
impl Error {
    /// 401, or a sign-in that the PBX refused: the credentials or the token are not accepted.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        match &self.0.kind {
            Kind::Credentials { .. } => true,
            Kind::Refused(refusal) if self.0.sign_in => {
                (200..500).contains(&refusal.status) && refusal.status != 429
            }
            Kind::Refused(refusal) => refusal.status == 401,
            _ => false,
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
        matches!(self.0.kind, Kind::Credentials { second_factor: true, .. })
    }

    /// 403: role, licence or IP rule.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.status() == Some(403)
    }

    /// 404: no such entity, or no such route in this PBX's release. Also no item where
    /// [`exactly_one`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Request.html#method.exactly_one) was to find one.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404) || matches!(self.0.kind, Kind::Nothing)
    }

    /// 400 or 422: the PBX does not accept a value; see [`details`](Self::details).
    #[must_use]
    pub fn is_validation(&self) -> bool {
        matches!(self.status(), Some(400 | 422)) && !self.0.sign_in
    }

    /// 409 or 412: the entity is in a state, or in a version, that does not allow the call.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self.status(), Some(409 | 412))
    }

    /// 429: too many requests; see [`retry_after`](Self::retry_after).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429)
    }

    /// A 5xx status.
    #[must_use]
    pub fn is_server_error(&self) -> bool {
        self.status().is_some_and(|status| status >= 500)
    }

    /// The server wants to be called elsewhere. Redirects are not followed, as the token must not
    /// go with them.
    #[must_use]
    pub fn is_redirect(&self) -> bool {
        self.status().is_some_and(|status| (300..400).contains(&status))
    }

    /// A limit of time passed, be it for the connection or for the answer.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        match &self.0.kind {
            Kind::Connect(network)
            | Kind::Tls(network)
            | Kind::Timeout(network)
            | Kind::Interrupted(network) => network.timed_out,
            _ => false,
        }
    }

    /// The client got no connection, so it sent nothing: host, port, network or TLS.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(self.0.kind, Kind::Connect(_) | Kind::Tls(_))
    }

    /// The certificate is not trusted, or TLS failed otherwise.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        matches!(self.0.kind, Kind::Tls(_))
    }

    /// The connection broke before the answer was complete. The client cannot know whether the PBX has
    /// carried out the request.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        matches!(self.0.kind, Kind::Interrupted(_))
    }

    /// The answer is larger than the client's response limit, or there are more items than
    /// [`Request::all`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Request.html#method.all) or [`exactly_one`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Request.html#method.exactly_one) was to take.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        matches!(self.0.kind, Kind::TooLarge)
    }

    /// The answer, or the text given to [`json::from_str`](crate::json::from_str), is not what the
    /// API document declares; see [`json_path`](Self::json_path).
    #[must_use]
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode { .. } | Kind::Input { .. })
    }

    /// The file or writer that a download goes to, or the reader that an upload comes from, failed:
    /// the [`source`](std::error::Error::source) is its [`std::io::Error`].
    #[must_use]
    pub fn is_local_io(&self) -> bool {
        matches!(self.0.kind, Kind::Local)
    }

    /// The client's set-up, or a value of the request, is wrong: nothing was sent.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        matches!(self.0.kind, Kind::Configuration | Kind::Unwritable | Kind::Input { .. })
    }

    /// The same request may succeed later. This is true of a missing or broken connection, of a timeout,
    /// and of the statuses 408, 429, 502, 503 and 504.
    ///
    /// The client has repeated the request already, as far as its [`RetryPolicy`](crate::RetryPolicy)
    /// allows. Repeating can do harm: the PBX may have carried out a POST, unless
    /// [`is_connect`](Self::is_connect) or [`is_sign_in`](Self::is_sign_in).
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match &self.0.kind {
            Kind::Connect(_) | Kind::Timeout(_) | Kind::Interrupted(_) => true,
            Kind::Refused(refusal) => matches!(refusal.status, 408 | 429 | 502..=504),
            _ => false,
        }
    }
}

impl Error {
    /// The kind in a word, for spans.
    pub(crate) fn kind_name(&self) -> &'static str {
        match &self.0.kind {
            Kind::Configuration => "configuration",
            Kind::Unwritable => "unwritable",
            Kind::Connect(_) => "connect",
            Kind::Tls(_) => "tls",
            Kind::Timeout(_) => "timeout",
            Kind::Interrupted(_) => "interrupted",
            Kind::TooLarge => "too_large",
            Kind::Nothing => "nothing",
            Kind::Refused(_) if self.0.sign_in => "sign_in",
            Kind::Refused(_) => "refused",
            Kind::Credentials { second_factor: true, .. } => "second_factor",
            Kind::Credentials { .. } => "credentials",
            Kind::Decode { .. } => "decode",
            Kind::Input { .. } => "input",
            Kind::Local => "local_io",
        }
    }
}
