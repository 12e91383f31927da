//! Small documents for the unit tests: a frame, and what a test puts into it.

use crate::load;
use crate::model::{Api, read};
use crate::problem::Problems;

/// A document with these paths and schemas, each indented as it stands in the document.
pub(crate) fn text(paths: &str, schemas: &str) -> String {
    let paths = if paths.is_empty() { " {}\n".to_owned() } else { format!("\n{paths}") };
    format!(
        "openapi: 3.0.4\n\
         info: {{ title: x, version: '1' }}\n\
         servers: [{{ url: /xapi/v1 }}]\n\
         security: [{{ A: [] }}]\n\
         paths:{paths}\
         components:\n\
         \x20 securitySchemes:\n\
         \x20   A: {{ type: oauth2, flows: {{ clientCredentials: {{ tokenUrl: /connect/token, scopes: {{}} }} }} }}\n\
         \x20 schemas:\n\
         \x20   E.ODataError: {{ type: object }}\n\
         {schemas}\
         \x20 responses:\n\
         \x20   error:\n\
         \x20     description: x\n\
         \x20     content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/E.ODataError' }} }} }}\n"
    )
}

/// Reads a document into the model.
pub(crate) fn api(text: String) -> Result<Api, Problems> {
    load::parse("test".to_owned(), text).and_then(read).map(|(api, _)| api)
}

/// The model of a document with these paths and schemas.
pub(crate) fn document(paths: &str, schemas: &str) -> Api {
    api(text(paths, schemas)).unwrap_or_else(|problems| panic!("{problems}"))
}
