//! Runs `cargo xtask` as a user does, and a small document of our own to run it on.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs the command.
pub(crate) fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().unwrap()
}

/// What a command that must succeed printed.
#[track_caller]
pub(crate) fn printed(arguments: &[&str]) -> String {
    let output = xtask(arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Says that something can't be checked here.
pub(crate) fn skipped(check: &str, why: &str) {
    // Past the test runner's capture: it shows in every run.
    let line = format!("SKIPPED: {check}: {why}\n");
    std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()).unwrap();
}

/// The vendor's documents, oldest first, where they are; says so where they aren't.
pub(crate) fn vendor_documents(check: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(root().join("../shared/specs")) else {
        skipped(check, "the vendor's documents are not here");
        return Vec::new();
    };
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    // By release, by its numbers, and by date.
    files.sort_by_key(|path| {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let (release, date) = name.split_once('_').unwrap();
        let numbers = release.split('.').map(|it| it.parse().unwrap()).collect::<Vec<u64>>();
        (numbers, date.to_owned())
    });
    files
}

/// A union's text as a vendor writes it: without releases.
pub(crate) fn vendors(text: &str) -> String {
    let (start, end) = (text.find("x-releases:").unwrap(), text.find("servers:").unwrap());
    text[..start].to_owned() + &text[end..]
}

/// A whole document with one entity, one enumeration, one list, one action and one function.
pub(crate) const SMALL: &str = r##"openapi: 3.0.4
info:
  title: XAPI
  version: 1.0.0
servers:
  - url: /xapi/v1
paths:
  /Things:
    get:
      tags: [Things]
      operationId: ListThing
      parameters:
        - $ref: '#/components/parameters/top'
      responses:
        '200':
          $ref: '#/components/responses/Pbx.ThingCollectionResponse'
        default:
          $ref: '#/components/responses/error'
  '/Things({Id})/Pbx.Paint':
    post:
      tags: [Things]
      operationId: Paint
      parameters:
        - name: Id
          in: path
          required: true
          schema: { type: integer, format: int32, minimum: -2147483648, maximum: 2147483647 }
          x-ms-docs-key-type: Thing
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties:
                colour: { $ref: '#/components/schemas/Pbx.Colour' }
      responses:
        '204': { description: Done }
        default: { $ref: '#/components/responses/error' }
      x-ms-docs-operation-type: action
  '/Things/Pbx.Count(since={since})':
    get:
      tags: [Things]
      operationId: Count
      parameters:
        - name: since
          in: path
          required: true
          schema: { type: string, nullable: true }
      responses:
        '200':
          description: A number
          content:
            application/json:
              schema: { type: object, properties: { value: { type: integer, format: int64 } } }
        default: { $ref: '#/components/responses/error' }
      x-ms-docs-operation-type: function
components:
  schemas:
    Pbx.Thing:
      type: object
      properties:
        Id: { type: integer, format: int32 }
        Colour: { allOf: [ { $ref: '#/components/schemas/Pbx.Colour' } ], nullable: true }
        Parts: { type: array, items: { $ref: '#/components/schemas/Pbx.Thing' }, x-ms-navigationProperty: true }
    Pbx.Colour:
      type: string
      enum: [Red, No, 'Sky.Blue']
    Page:
      type: object
      properties: { '@odata.count': { type: integer, format: int64, nullable: true } }
    Pbx.ODataErrors.ODataError:
      type: object
      required: [error]
      properties: { error: { type: string } }
  responses:
    error:
      description: The error
      content:
        application/json: { schema: { $ref: '#/components/schemas/Pbx.ODataErrors.ODataError' } }
    Pbx.ThingCollectionResponse:
      description: Things
      content:
        application/json:
          schema:
            allOf:
              - $ref: '#/components/schemas/Page'
              - { type: object, properties: { value: { type: array, items: { $ref: '#/components/schemas/Pbx.Thing' } } } }
  parameters:
    top:
      name: $top
      in: query
      schema: { type: integer, minimum: 0 }
  securitySchemes:
    Application:
      type: oauth2
      flows: { clientCredentials: { tokenUrl: /connect/token, scopes: {} } }
security:
  - Application: []
"##;

/// The small document with texts replaced.
pub(crate) fn small(replaced: &[(&str, &str)]) -> String {
    replaced.iter().fold(SMALL.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}
