//! The call log: rows that are made up as they are asked for.

use serde_json::{Value, json};

use super::api::Scope;
use super::literal::Literal;
use super::moment::Moment;
use super::query::{Options, Row};
use super::routes::{Call, Matched, Outcome};

/// The most that `$top` may be.
const CAP: usize = 1000;

/// 2026-01-01T00:00:00Z, the first call; one follows each minute.
const FIRST: i64 = 1_767_225_600;

impl Call<'_> {
    /// `GET /ReportCallLogData/Pbx.GetCallLogData(…)`
    pub(super) fn call_log(&self, matched: &Matched<'_>, scope: Scope<'_>) -> Outcome {
        let options = Options::parse(self.query, scope, CAP)?;
        let rows = self.shared.config.call_log;
        let place = |parameter: &str| index(matched.values.get(parameter), rows);
        let (first, last) = (place("periodFrom"), place("periodTo"));
        let [source, destination] =
            ["sourceFilter", "destinationFilter"].map(|parameter| matched.text(parameter));
        let path = "Collection(Pbx.CallLogData)";
        if options.takes_all() && source.is_empty() && destination.is_empty() {
            let total = usize::try_from(last.saturating_sub(first)).unwrap_or_default();
            let row = |at: usize| row(first.saturating_add(at as u64));
            return Ok(self.page(&options, total, row, scope, path));
        }
        let wanted = |row: &Row, property: &str, filter: &str| {
            filter.is_empty() || row.get(property).is_some_and(|it| it == filter)
        };
        let rows = (first..last).map(row).filter(|row| {
            wanted(row, "SourceDn", source) && wanted(row, "DestinationDn", destination)
        });
        let rows = options.choose(rows.collect());
        let at = |at: usize| rows.get(at).cloned().unwrap_or_default();
        Ok(self.page(&options, rows.len(), at, scope, path))
    }
}

/// The first of so many calls that is not before a moment.
fn index(moment: Option<&Literal>, rows: u64) -> u64 {
    let Some(Literal::Moment(moment)) = moment else { return 0 };
    let seconds = moment.seconds.saturating_sub(FIRST) + i64::from(moment.nanos > 0);
    u64::try_from(seconds).map_or(0, |seconds| seconds.div_ceil(60)).min(rows)
}

/// The call with an index. What is null on a call that nobody answered is left out.
fn row(index: u64) -> Row {
    let start = Moment::at(FIRST.saturating_add_unsigned(index * 60));
    let (source, destination) = (101 + index % 7, 101 + index % 5);
    let answered = !index.is_multiple_of(3);
    let row = json!({
        "CallId": index + 1, "SegmentId": index + 1, "CdrId": format!("cdr-{index:08}"),
        "MainCallHistoryId": format!("main-{index:08}"), "CallHistoryId": format!("call-{index:08}"),
        "StartTime": start.iso(), "SourceType": 0, "SourceDn": source.to_string(),
        "SourceCallerId": source.to_string(), "SourceDisplayName": format!("Ada{source} Lovelace"),
        "DestinationType": 0, "DestinationDn": destination.to_string(),
        "DestinationCallerId": destination.to_string(),
        "DestinationDisplayName": format!("Ada{destination} Lovelace"),
        "RingingDuration": "PT3.4196S", "Answered": answered,
        "TalkingDuration": answered.then_some("PT1M2.25S"), "CallCost": answered.then_some(0.25),
        "Direction": "Internal", "Status": if answered { "Answered" } else { "Unanswered" },
    });
    match row {
        Value::Object(mut row) => {
            row.retain(|_, value| !value.is_null());
            row
        }
        _ => Row::new(),
    }
}
