//! What a judge complains of.

/// Who judges.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Judge {
    Prism,
    OpenapiCore,
    /// Our own reader of what must be encoded.
    Encoding,
    /// Judges the document, and no requests.
    SpecValidator,
}

impl Judge {
    pub(super) const ALL: [Self; 4] =
        [Self::Prism, Self::OpenapiCore, Self::Encoding, Self::SpecValidator];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Prism => "Prism",
            Self::OpenapiCore => "openapi-core",
            Self::Encoding => "encoding",
            Self::SpecValidator => "openapi-spec-validator",
        }
    }
}

/// A complaint in the judge's words.
pub(super) struct Complaint {
    pub(super) judge: Judge,
    /// The place of the request in the recording; none if it is about the document.
    pub(super) place: Option<usize>,
    pub(super) text: String,
}

impl Complaint {
    pub(super) fn of(judge: Judge, place: usize, text: String) -> Self {
        Self { judge, place: Some(place), text }
    }

    pub(super) fn of_document(judge: Judge, text: String) -> Self {
        Self { judge, place: None, text }
    }
}
