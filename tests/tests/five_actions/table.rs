//! The five actions: their inputs, good and bad, and how an integration carries them out.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use threecx_xapi::entities::{CreateTrunk, Property, ServicePrincipal};
use threecx_xapi::{Client, Error, Request, json as strict, operation::Operation};

/// An action, with input as another program hands it over: JSON text.
pub(crate) struct Action {
    pub(crate) id: &'static str,
    /// What arrives for `input`: method, target and body.
    pub(crate) line: &'static str,
    pub(crate) body: &'static str,
    /// The handler's name.
    pub(crate) route: &'static str,
    pub(crate) input: &'static str,
    /// What a user gets for `input`.
    pub(crate) yields: &'static str,
    /// The id is none: the input, the status or the JSON path, and what is said.
    pub(crate) invalid: (&'static str, Refused, &'static [&'static str]),
    /// What the PBX doesn't take: the input, the field that it names, and why.
    pub(crate) refused: (&'static str, &'static str, &'static str),
    /// What leads to a 404.
    pub(crate) missing: Missing,
    /// Text that is no such input, where it is wrong, and what is said.
    pub(crate) malformed: &'static [(&'static str, &'static str, &'static str)],
}

pub(crate) enum Refused {
    /// By the PBX, with this status.
    With(u16),
    /// Before anything was sent, at this place.
    At(&'static str),
}

pub(crate) enum Missing {
    /// What this input names is not there.
    Input(&'static str),
    /// This release doesn't have the action.
    Release(&'static str),
    /// The PBX just says so.
    Answer,
}

const IN_USE: &str = "WARNINGS.XAPI.ALREADY_IN_USE";
const REQUIRED: &str = "WARNINGS.XAPI.REQUIRED";

pub(crate) static ACTIONS: [Action; 5] = [
    Action {
        id: "LinkGroupPartner",
        line: "POST /xapi/v1/Groups/Pbx.LinkGroupPartner",
        body: r#"{"groupId":"42","resellerId":"reseller-7"}"#,
        route: "POST /Groups/Pbx.LinkGroupPartner",
        input: r#"{"groupId":"42","resellerId":"reseller-7"}"#,
        yields: "null",
        invalid: (
            r#"{"groupId":"sales","resellerId":"reseller-7"}"#,
            Refused::With(400),
            &["400 Bad Request", "groupId", "WARNINGS.XAPI.NOT_FOUND"],
        ),
        refused: (r#"{"groupId":"42","resellerId":""}"#, "resellerId", REQUIRED),
        missing: Missing::Input(r#"{"groupId":"999","resellerId":"reseller-7"}"#),
        malformed: &[
            (r#"{"groupId":42,"resellerId":"x"}"#, "$.groupId", "found integer, expected a string"),
            (r#"{"groupId":"42","groupId":"43"}"#, "$.groupId", "the same key again"),
            (r#"["42"#, "$[0]", "the JSON ends too early"),
        ],
    },
    Action {
        id: "ReplaceGroupLicenseKey",
        line: "POST /xapi/v1/Groups/Pbx.ReplaceGroupLicenseKey",
        body: r#"{"groupId":"42","licenseKey":"AAAA-BBBB"}"#,
        route: "POST /Groups/Pbx.ReplaceGroupLicenseKey",
        input: r#"{"groupId":"42","licenseKey":"AAAA-BBBB"}"#,
        yields: "null",
        invalid: (
            r#"{"groupId":"4 2","licenseKey":"AAAA-BBBB"}"#,
            Refused::With(400),
            &["400 Bad Request", "groupId", "WARNINGS.XAPI.NOT_FOUND"],
        ),
        refused: (r#"{"groupId":"42","licenseKey":""}"#, "licenseKey", REQUIRED),
        missing: Missing::Input(r#"{"groupId":"999","licenseKey":"AAAA-BBBB"}"#),
        malformed: &[
            (
                r#"{"groupId":"42","licenseKey":["AAAA-CANARY"]}"#,
                "$.licenseKey",
                "found sequence, expected a string",
            ),
            (r#"{"groupId":"42","licenseKey":AAAA-CANARY}"#, "$.licenseKey", "it is not JSON"),
        ],
    },
    Action {
        id: "FinalizeTrunkProvisioning",
        line: "POST /xapi/v1/Trunks/Pbx.FinalizeTrunkProvisioning",
        body: r#"{"model":{"Groups":[{"GroupId":41}],"Name":"Carrier","PhoneNumbers":[{"PhoneNumber":"+4930555"}]}}"#,
        route: "POST /Trunks/Pbx.FinalizeTrunkProvisioning",
        input: r#"{"Name":"Carrier","Groups":[{"GroupId":41}],"PhoneNumbers":[{"PhoneNumber":"+4930555"}]}"#,
        yields: r#"{"Id":100001,"Number":"90002"}"#,
        invalid: (
            r#"{"Name":"Carrier","Groups":[{"GroupId":"canary"}]}"#,
            Refused::At("$.Groups[0].GroupId"),
            &["found string, expected i32"],
        ),
        refused: (r#"{"Name":""}"#, "Name", REQUIRED),
        missing: Missing::Release("20.0.4"),
        malformed: &[
            (
                r#"{"Name":"Carrier","PhoneNumber":"canary"}"#,
                "$.PhoneNumber",
                "unknown key at $.PhoneNumber (line 1): did you mean `PhoneNumbers`?",
            ),
            (r#"{"Type":7}"#, "$.Type", "found integer"),
            (r#"{"Groups":{"GroupId":41}}"#, "$.Groups", "found map"),
            (r#"{"Name":"Carrier","Groups":[{"GroupId":41}"#, "$.Groups[0]", "ends too early"),
        ],
    },
    Action {
        id: "CreateServicePrincipal",
        line: "POST /xapi/v1/ServicePrincipals",
        body: r#"{"Groups":[{"GroupId":41}],"Number":"900","XAPIEnabled":true}"#,
        route: "POST /ServicePrincipals",
        input: r#"{"Number":"900","XAPIEnabled":true,"Groups":[{"GroupId":41}]}"#,
        yields: r#"{"Id":100001,"Number":"900"}"#,
        invalid: (
            r#"{"Id":"canary","Number":"900"}"#,
            Refused::At("$.Id"),
            &["found string, expected i32"],
        ),
        refused: (r#"{"Number":"101"}"#, "Number", IN_USE),
        missing: Missing::Answer,
        malformed: &[
            (r#"{"Number":900}"#, "$.Number", "found integer, expected a string"),
            (
                r#"{"Number":"900","XapiEnabled":true}"#,
                "$.XapiEnabled",
                "did you mean `XAPIEnabled`?",
            ),
            (r#"{"Number":"900","XAPIEnabled":"yes"}"#, "$.XAPIEnabled", "found string"),
        ],
    },
    Action {
        id: "UpdateProperty",
        line: "PATCH /xapi/v1/TenantProperties('America%2FChicago')",
        body: r#"{"Value":"-5"}"#,
        route: "PATCH /TenantProperties({Name})",
        input: r#"{"name":"America/Chicago","property":{"Value":"-5"}}"#,
        yields: "null",
        invalid: (
            r#"{"name":"","property":{"Value":"-5"}}"#,
            Refused::With(404),
            &["404 Not Found", "WARNINGS.XAPI.NOT_FOUND", "The entity does not exist"],
        ),
        refused: (r#"{"name":"COUNTRY","property":{"Value":""}}"#, "Value", REQUIRED),
        missing: Missing::Input(r#"{"name":"O'NOBODY","property":{"Value":"-5"}}"#),
        malformed: &[
            (
                r#"{"name":"COUNTRY","property":{"Valeu":"canary"}}"#,
                "$.property.Valeu",
                "did you mean `Value`?",
            ),
            (
                "{\"name\":\"COUNTRY\",\n\"property\":{\"Value\":49}}",
                "$.property.Value",
                "found integer, expected a string at $.property.Value (line 2)",
            ),
        ],
    },
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Link {
    group_id: String,
    reseller_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct License {
    group_id: String,
    license_key: String,
}

#[derive(Deserialize)]
struct Update {
    name: String,
    property: Property,
}

async fn send<O: Operation>(
    request: Request<O>,
    limit: Option<Duration>,
) -> Result<O::Output, Error> {
    match limit {
        Some(limit) => request.timeout(limit).await,
        None => request.await,
    }
}

impl Action {
    /// Carries it out as an integration would: what is wrong with the text shows before the call.
    pub(crate) async fn run(&self, pbx: &Client, text: &str) -> Result<Value, Error> {
        self.within(None, pbx, text).await
    }

    pub(crate) async fn within(
        &self,
        limit: Option<Duration>,
        pbx: &Client,
        text: &str,
    ) -> Result<Value, Error> {
        match self.id {
            "LinkGroupPartner" => {
                let Link { group_id, reseller_id } = strict::from_str(text)?;
                let request = pbx.groups().link_group_partner(group_id, reseller_id);
                send(request, limit).await.map(|()| Value::Null)
            }
            "ReplaceGroupLicenseKey" => {
                let License { group_id, license_key } = strict::from_str(text)?;
                let request = pbx.groups().replace_group_license_key(group_id, license_key);
                send(request, limit).await.map(|()| Value::Null)
            }
            "FinalizeTrunkProvisioning" => {
                let model: CreateTrunk = strict::from_str(text)?;
                let trunk = send(pbx.trunks().finalize_trunk_provisioning(model), limit).await?;
                Ok(json!({ "Id": trunk.id, "Number": trunk.number }))
            }
            "CreateServicePrincipal" => {
                let new: ServicePrincipal = strict::from_str(text)?;
                let created = send(pbx.service_principals().create(new), limit).await?;
                Ok(json!({ "Id": created.id, "Number": created.number }))
            }
            "UpdateProperty" => {
                let Update { name, property } = strict::from_str(text)?;
                send(pbx.tenant_properties().update(name, property), limit)
                    .await
                    .map(|_| Value::Null)
            }
            other => panic!("{other}"),
        }
    }

    pub(crate) async fn fails(&self, pbx: &Client, text: &str) -> Error {
        match self.run(pbx, text).await {
            Ok(value) => panic!("{}: {text} yields {value}", self.id),
            Err(error) => error,
        }
    }

    /// An error of a call that was sent names the operation and says all of this.
    #[track_caller]
    pub(crate) fn says(&self, error: &Error, words: &[&str]) {
        assert_eq!(error.operation(), Some(self.id), "{error}");
        let text = error.to_string();
        assert!(text.starts_with(self.id), "{text}");
        for word in words {
            assert!(text.contains(word), "{}: `{word}` is not in: {text}", self.id);
        }
    }
}
