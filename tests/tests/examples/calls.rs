//! Jobs 3 and 6: the call log, the recordings.

use serde_json::json;
use tests::fake_pbx::{FakePbx, Fault, file_byte};

use crate::Bench;

const EXPORT: &str = "export_call_log --month 2026-01 --out @/calls.csv";

#[tokio::test]
async fn a_month_of_the_call_log_becomes_csv() {
    // A call a minute from the first minute of 2026 on: a day and a half of them.
    let bench = Bench::new(FakePbx::builder().call_log(2_160)).await;
    for (line, rows, first) in [
        (EXPORT.to_owned(), 2_160, "2026-01-01T00:00:00Z,101,"),
        (
            EXPORT.replace("2026-01 ", "2026-01 --offset -01:00 "),
            2_100,
            "2026-01-01T01:00:00Z,105,",
        ),
        (EXPORT.replace("2026-01", "2025-12"), 0, ""),
    ] {
        let ended = bench.run(&line).await;
        assert!(ended.done().starts_with(&format!("{rows} rows are in ")), "{ended:?}");
        let text = bench.read("calls.csv");
        assert_eq!(text.lines().count(), rows + 1, "{line}");
        assert!(text.lines().nth(1).unwrap_or_default().starts_with(first), "{line}");
        let days: Vec<_> = ended.err.lines().skip(1).collect();
        let all = ["day 1 of 31, 0 rows so far", "day 2 of 31, 1440 rows so far"];
        assert_eq!(days, if rows == 0 { &all[..0] } else { &all });
    }
    bench.run(EXPORT).await.done();
    let text = bench.read("calls.csv");
    let second = "2026-01-01T00:01:00Z,102,Ada102 Lovelace,102,Ada102 Lovelace,Internal,Answered,true,3,62,0.25";
    assert_eq!(text.lines().nth(2), Some(second));
    assert_eq!(bench.files(""), ["calls.csv"]);
}

#[tokio::test]
async fn an_export_that_breaks_off_leaves_the_old_file() {
    let bench = Bench::new(FakePbx::builder().call_log(2_160)).await;
    bench.write("calls.csv", "old");
    bench.pbx.fault(Fault::at("/xapi/v1/ReportCallLogData").nth(2).always().answers(403));
    let ended = bench.run(EXPORT).await;
    ended.failed(1);
    assert!(ended.err.contains("calls.csv.part has 1000 rows, up to day 1"), "{ended:?}");
    assert_eq!(bench.read("calls.csv"), "old");
    bench.pbx.no_faults();
    bench.run(EXPORT).await.done();
    assert_eq!(bench.read("calls.csv").lines().count(), 2_161);
}

const FETCH: &str = "fetch_recordings --into @/new/recordings";

#[tokio::test]
async fn only_new_recordings_are_fetched() {
    let bench = Bench::new(FakePbx::builder().recordings(3, 1_000)).await;
    for (new, files) in [
        (None, vec!["981.wav", "982.wav", "983.wav"]),
        (None, vec![]),
        (Some(990), vec!["990.wav"]),
        (None, vec![]),
    ] {
        if let Some(id) = new {
            let row =
                json!({ "Id": id, "RecordingUrl": "101/x.wav", "FromDn": "101", "ToDn": "7" });
            bench.pbx.insert("Recordings", 0, row);
        }
        let ended = bench.run(FETCH).await;
        let said: Vec<_> = ended.done().lines().filter_map(|it| it.split_once(':')).collect();
        assert_eq!(said.iter().map(|it| it.0).collect::<Vec<_>>(), files);
        assert!(
            ended.out.contains(&format!("{} new recordings are in ", files.len())),
            "{ended:?}"
        );
    }
    let all = ["981.wav", "982.wav", "983.wav", "990.wav", "last-id"];
    assert_eq!(bench.files("new/recordings"), all);
    assert_eq!(bench.read("new/recordings/last-id"), "990");
    let bytes = std::fs::read(bench.folder.path().join("new/recordings/982.wav")).unwrap();
    assert_eq!(bytes, (0..1_000).map(|at| file_byte(982, at)).collect::<Vec<_>>());
    assert_eq!(bench.pbx.handled("GET /Recordings/Pbx.DownloadRecording(recId={recId})"), 4);
}

#[tokio::test]
async fn recordings_go_on_behind_the_one_that_failed() {
    let second = "/xapi/v1/Recordings/Pbx.DownloadRecording(recId=982)";
    for (fault, status, there) in [
        (Fault::at(second).answers(403), 1, &["981.wav", "last-id"][..]),
        (Fault::at(second).times(9).ends_early(50), 1, &["981.wav", "last-id"]),
        // It was deleted after the list had been read.
        (Fault::at(second).answers(404), 0, &["981.wav", "983.wav", "last-id"]),
    ] {
        let bench = Bench::new(FakePbx::builder().recordings(3, 1_000)).await;
        bench.pbx.fault(fault);
        let ended = bench.run(FETCH).await;
        assert_eq!(ended.status, status, "{ended:?}");
        assert_eq!(bench.files("new/recordings"), there);
        bench.pbx.no_faults();
        bench.run(FETCH).await.done();
        let all = bench.files("new/recordings");
        let wanted =
            if status == 0 { there } else { &["981.wav", "982.wav", "983.wav", "last-id"] };
        assert_eq!(all, wanted);
        assert_eq!(bench.read("new/recordings/last-id"), "983");
    }
}

#[tokio::test]
async fn a_wrong_last_id_is_told() {
    let bench = Bench::new(FakePbx::builder()).await;
    bench.write("last-id", "yesterday");
    let ended = bench.run("fetch_recordings --into @/").await;
    assert!(ended.failed(2).ends_with("last-id must hold the id of a recording"), "{ended:?}");
}
