//! Jobs 7 and 10: the backup, the monitor.

use serde_json::json;
use tests::fake_pbx::{DEMO_CLIENT, FakePbx, Fault, file_byte};

use crate::{Bench, run};

const BACKUP: &str = "backup --into @/backups --name nightly --every 0";

#[tokio::test]
async fn a_backup_is_made_fetched_and_deleted() {
    for (arguments, deleted) in [("", 1), ("--keep", 0)] {
        let bench = Bench::new(FakePbx::builder().backup_polls(3).backup_size(200_000)).await;
        // One that the PBX made by itself, with a name that fits.
        let old = json!({ "FileName": "nightly-old.zip", "DownloadLink": "/downloads/backups/nightly-old.zip" });
        bench.pbx.insert("Backups", 0, old);
        let ended = bench.run(&format!("{BACKUP} {arguments}")).await;
        assert!(ended.done().contains("nightly.zip has 200000 bytes.\n"), "{ended:?}");
        assert!(ended.err.contains("It is not ready yet."), "{ended:?}");
        assert!(ended.err.contains("100 % of the file are here."), "{ended:?}");
        assert_eq!(bench.files("backups"), ["nightly.zip"]);
        let bytes = std::fs::read(bench.folder.path().join("backups/nightly.zip")).unwrap();
        assert_eq!(bytes, (0..200_000).map(|at| file_byte(0, at)).collect::<Vec<_>>());
        assert_eq!(bench.pbx.handled("DELETE /Backups({FileName})"), deleted);
        assert_eq!(bench.pbx.rows("Backups").len(), 2 - deleted);
    }
}

#[tokio::test]
async fn a_backup_that_is_not_here_stays_on_the_pbx() {
    for (fault, arguments, message) in [
        (Fault::at("/downloads/backups").answers(403), "", "403"),
        (Fault::at("/downloads/backups").times(9).ends_early(50), "", "broke"),
        (Fault::at("/nothing"), "--within 0", "the backup nightly is not ready after 0 seconds"),
    ] {
        let bench = Bench::new(FakePbx::builder().backup_polls(3).backup_size(200_000)).await;
        bench.pbx.fault(fault);
        let ended = bench.run(&format!("{BACKUP} {arguments}")).await;
        assert!(ended.failed(1).contains(message), "{ended:?}");
        assert_eq!(bench.files("backups"), [""; 0]);
        assert_eq!(bench.column("Backups", "FileName"), ["nightly.zip"]);
        // Nobody gets another backup under the name.
        let ended = bench.run(BACKUP).await;
        assert!(ended.failed(1).contains("Name: WARNINGS.XAPI.ALREADY_IN_USE"), "{ended:?}");
    }
}

#[tokio::test]
async fn the_monitor_prints_text_for_prometheus() {
    let bench = Bench::new(FakePbx::builder().users(7)).await;
    bench.pbx.insert("Trunks", 0, json!({ "Id": 1, "Number": "a\"\\\nb" }));
    for id in [5, 6] {
        bench.pbx.insert("ActiveCalls", 0, json!({ "Id": id, "Status": "Talking" }));
    }
    let ended = bench.run("monitor --rounds 1").await;
    let text = ended.done();
    for line in [
        "# HELP pbx_up Whether the PBX answers",
        "# TYPE pbx_up gauge",
        "pbx_up 1",
        "pbx_calls_active 2",
        "pbx_extensions 7",
        "pbx_extensions_registered 0",
        "pbx_trunk_online{number=\"a\\\"\\\\\\nb\"} 0",
        "pbx_trunk_online{number=\"90001\"} 1",
    ] {
        assert!(text.lines().any(|it| it == line), "{line}: {text}");
    }
    // Each metric has its head once, right before it.
    let heads = text.lines().filter(|line| line.starts_with("# TYPE")).count();
    assert_eq!((heads, text.lines().count()), (8, 2 * 8 + 7 + 2));
}

#[tokio::test]
async fn the_monitor_goes_on_while_the_pbx_is_away() {
    let bench = Bench::new(FakePbx::builder()).await;
    bench.pbx.fault(Fault::at("/xapi/v1/SystemStatus").nth(2).answers(403));
    let ended = bench.run("monitor --rounds 3 --every 0").await;
    let ups: Vec<_> = ended.done().lines().filter(|line| line.starts_with("pbx_up ")).collect();
    assert_eq!(ups, ["pbx_up 1", "pbx_up 0", "pbx_up 1"]);
    assert!(ended.err.contains("403"), "{ended:?}");
    assert_eq!(bench.pbx.sign_ins(), 1);
    bench.run("monitor --rounds 2 --every 0 --file @/pbx.prom").await.done();
    assert!(bench.read("pbx.prom").contains("\npbx_up 1\n"));
    assert_eq!(bench.files(""), ["pbx.prom"]);
}

#[tokio::test]
async fn the_monitor_ends_if_it_may_not_sign_in() {
    let bench = Bench::new(FakePbx::builder()).await;
    let settings = [
        ("XAPI_URL", bench.pbx.url()),
        ("XAPI_CLIENT_ID", DEMO_CLIENT.0),
        ("XAPI_CLIENT_SECRET", "wrong"),
    ];
    let ended = run("monitor --every 0", &settings).await;
    assert!(ended.failed(1).contains("sign-in failed"), "{ended:?}");
    assert_eq!(bench.pbx.sign_ins(), 1);
}
