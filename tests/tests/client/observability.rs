//! What a subscriber of `tracing` is told.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Keeps everything that is traced, as text.use tests::server::{Play};
use tests::server::Play;
use threecx_xapi::entities::User;

use crate::{answer_with, builder, empty, json, play};

#[derive(Clone, Default)]
pub(super) struct Recorder(Arc<Mutex<Vec<Traced>>>);

#[derive(Clone, Debug)]
pub(super) struct Traced {
    pub(super) target: String,
    pub(super) name: String,
    pub(super) fields: String,
}

impl Recorder {
    pub(super) fn all(&self) -> Vec<Traced> {
        self.0.lock().unwrap().clone()
    }

    fn calls(&self) -> Vec<String> {
        let ours = |traced: &Traced| traced.target == "threecx_xapi" && traced.name == "call";
        self.all().into_iter().filter(ours).map(|traced| traced.fields).collect()
    }

    fn keep(&self, metadata: &Metadata<'_>, fields: Text) -> Id {
        let mut all = self.0.lock().unwrap();
        all.push(Traced {
            target: metadata.target().to_owned(),
            name: metadata.name().to_owned(),
            fields: fields.0,
        });
        Id::from_u64(all.len() as u64)
    }
}

#[derive(Default)]
struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, "{}={value:?} ", field.name());
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut text = Text::default();
        span.record(&mut text);
        self.keep(span.metadata(), text)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut text = Text::default();
        values.record(&mut text);
        let index = usize::try_from(span.into_u64() - 1).unwrap();
        self.0.lock().unwrap()[index].fields += &text.0;
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = Text::default();
        event.record(&mut text);
        self.keep(event.metadata(), text);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn each_call_is_a_span_without_values() {
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    let server = play(|request, number| {
        Play::Answer(match (request.is_sign_in(), number) {
            (true, _) => json(200, r#"{"access_token":"t","expires_in":60}"#),
            (false, 1) => answer_with(503, "Retry-After: 0\r\n", ""),
            (false, 2) => json(200, "null"),
            _ => empty(404),
        })
    })
    .await;
    let client = builder(&server).service_principal("id", "s").build().unwrap();
    client.crm_integration().get_crm_template_source("value").await.unwrap();
    client.users().update(12, User::default().number("value")).await.unwrap_err();
    let calls = recorder.calls();
    assert_eq!(calls.len(), 2, "{calls:?}");
    let without_time = |fields: &str| {
        let (before, after) = fields.split_once("elapsed_ms=").unwrap();
        assert!(after.trim().parse::<u64>().is_ok(), "{fields}");
        before.trim().to_owned()
    };
    assert_eq!(
        without_time(&calls[0]),
        r#"operation="GetCrmTemplateSource" method="GET" route="/CrmIntegration/Pbx.GetCrmTemplateSource(name={name})" status=200 attempts=2"#
    );
    assert_eq!(
        without_time(&calls[1]),
        r#"operation="UpdateUser" method="PATCH" route="/Users({Id})" error="refused" status=404 attempts=1"#
    );
    let ours: Vec<_> =
        recorder.all().into_iter().filter(|traced| traced.target == "threecx_xapi").collect();
    assert!(ours.iter().any(|traced| traced.fields.contains("trying again")), "{ours:?}");
    assert!(ours.iter().any(|traced| traced.fields.contains("signed in")), "{ours:?}");
    assert!(!format!("{ours:?}").contains("value"), "{ours:?}");
}
