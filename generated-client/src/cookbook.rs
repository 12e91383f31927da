//! Ten jobs that people do with the XAPI, each as a few lines and as a program.
//!
//! The lines are to begin with. The program also says what to do about errors and where things are kept; it
//! stands in the repository of this crate. `cargo run -p threecx-xapi --example create_user -- --help` tells how
//! to call one, and each can be tried out with `--demo`, against a fake PBX.
//!
//! 1. [Create a user](#create-a-user), [`create_user.rs`]
//! 2. [Change many users](#change-many-users), [`change_users.rs`]
//! 3. [Export the call log](#export-the-call-log), [`export_call_log.rs`]
//! 4. [Queue agents in and out](#queue-agents-in-and-out), [`queue_agents.rs`]
//! 5. [Office hours and holidays](#office-hours-and-holidays), [`office_hours.rs`]
//! 6. [New recordings](#new-recordings), [`fetch_recordings.rs`]
//! 7. [Back up the PBX](#back-up-the-pbx), [`backup.rs`]
//! 8. [Keep a blocklist](#keep-a-blocklist), [`sync_blocklist.rs`]
//! 9. [A department with live chat](#a-department-with-live-chat), [`create_department.rs`]
//! 10. [Monitor the PBX](#monitor-the-pbx), [`monitor.rs`]
//!
//! # Create a user
//! A free number, an e-mail address that nobody has, a role in a department, and the welcome e-mail.
//!
//! ```no_run
//! use threecx_xapi::Keyed;
//! use threecx_xapi::entities::User;
//! use threecx_xapi::roles;
//!
//! # async fn run(pbx: threecx_xapi::Client, department: i32) -> threecx_xapi::Result<()> {
//! let email = "ada@example.com";
//! let taken = pbx.users().get_duplicated_emails([email]).await?;
//! if !taken.is_empty() {
//!     return Ok(());
//! }
//! let free = pbx.users().get_first_available_extension_number().await?;
//! let user = User::default()
//!     .number(free.number.unwrap_or_default())
//!     .first_name("Ada")
//!     .email_address(email);
//! let id = pbx.users().create(user).await?.key()?;
//! pbx.set_role(id, department, roles::USERS).await?;
//! pbx.users().send_welcome_email(id).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Change many users
//! The same change for all takes one call. For changes that differ, see
//! [many at once](crate::Request#many-at-once).
//!
//! ```no_run
//! use threecx_xapi::entities::User;
//!
//! # async fn run(pbx: threecx_xapi::Client) -> threecx_xapi::Result<()> {
//! let mut users = pbx.users().list().filter(User::LANGUAGE.eq("EN")).select(User::ID).items();
//! let mut ids = Vec::new();
//! while let Some(user) = users.next().await.transpose()? {
//!     ids.extend(user.id);
//! }
//! pbx.users().bulk_update(ids, User::default().call_screening(true)).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Export the call log
//! The client asks for a day at a time, in pages; see [`Client::call_log`](crate::Client::call_log).
//!
//! ```no_run
//! use threecx_xapi::edm::DateTimeOffset;
//!
//! # async fn run(pbx: threecx_xapi::Client) -> Result<(), Box<dyn std::error::Error>> {
//! let from: DateTimeOffset = "2026-02-01T00:00:00+01:00".parse()?;
//! let to = "2026-03-01T00:00:00+01:00".parse()?;
//! let mut calls = pbx.call_log(from..to).items();
//! while let Some(call) = calls.next().await.transpose()? {
//!     println!("{:?};{:?};{:?}", call.start_time, call.source_dn, call.destination_dn);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Queue agents in and out
//! `QueueStatus` logs an agent in or out. Who is an agent is the queue's whole list.
//!
//! ```no_run
//! use threecx_xapi::entities::{Queue, QueueAgent, User};
//! use threecx_xapi::enums::QueueStatusType;
//!
//! # async fn run(pbx: threecx_xapi::Client, user: i32, queue: i32) -> threecx_xapi::Result<()> {
//! pbx.users().update(user, User::default().queue_status(QueueStatusType::LoggedOut)).await?;
//!
//! let read = pbx.queues().get(queue).expand(Queue::AGENTS).await?;
//! let mut agents = read.agents.unwrap_or_default();
//! agents.push(QueueAgent::default().number("101"));
//! pbx.queues().update(queue, Queue::default().agents(agents)).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Office hours and holidays
//! Those of the PBX as a whole; a department has its own in `Hours` and `OfficeHolidays`.
//!
//! ```no_run
//! use threecx_xapi::entities::{Holiday, OfficeHours, Period, Schedule};
//! use threecx_xapi::enums::DayOfWeek;
//!
//! # async fn run(pbx: threecx_xapi::Client) -> Result<(), Box<dyn std::error::Error>> {
//! let monday = Period::default()
//!     .day_of_week(DayOfWeek::Monday)
//!     .start("09:00:00".parse()?)
//!     .stop("17:00:00".parse()?);
//! let hours = Schedule::default().periods([monday]);
//! pbx.office_hours().update(OfficeHours::default().hours(hours)).await?;
//!
//! let new_year = Holiday::default().name("New Year").day(1).month(1).is_recurrent(true);
//! pbx.holidays().create(new_year).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # New recordings
//! The walk goes by the key, and the continuation is stored for the next time.
//!
//! ```no_run
//! # async fn run(pbx: threecx_xapi::Client, stored: Option<String>) -> threecx_xapi::Result<()> {
//! let mut recordings = pbx.recordings().list().by_key().items();
//! if let Some(stored) = stored {
//!     recordings = recordings.resume(stored.parse()?);
//! }
//! while let Some(recording) = recordings.next().await.transpose()? {
//!     if let Some(id) = recording.id {
//!         let file = pbx.recordings().download_recording(id).await?;
//!         file.save_to(format!("{id}.wav")).await?;
//!     }
//! }
//! let _to_store = recordings.continuation().to_string();
//! # Ok(())
//! # }
//! ```
//!
//! # Back up the PBX
//! A backup is done once it has a link.
//!
//! ```no_run
//! use std::time::Duration;
//! use threecx_xapi::entities::{Backups, CreateBackup};
//!
//! # async fn run(pbx: threecx_xapi::Client) -> threecx_xapi::Result<()> {
//! pbx.backups().backup(CreateBackup::default().name("nightly")).await?;
//! let (name, link) = loop {
//!     tokio::time::sleep(Duration::from_secs(10)).await;
//!     let newest = pbx.backups().list().order_by(Backups::CREATION_TIME.desc()).first().await?;
//!     if let Some(Backups { file_name: Some(name), download_link: Some(link), .. }) = newest
//!         && name.contains("nightly")
//!     {
//!         break (name, link);
//!     }
//! };
//! pbx.download_link(link).await?.save_to(&name).await?;
//! pbx.backups().delete(name).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Keep a blocklist
//! What is blocked by hand becomes what a list of your own says. The addresses stand there as the PBX writes
//! them.
//!
//! ```no_run
//! use threecx_xapi::entities::BlocklistAddr;
//! use threecx_xapi::enums::{AddedBy, BlockType};
//! use threecx_xapi::recipes::Difference;
//!
//! # async fn run(pbx: threecx_xapi::Client, wanted: Vec<String>) -> threecx_xapi::Result<()> {
//! let blocked = pbx.blocklist().list().filter(BlocklistAddr::ADDED_BY.eq(AddedBy::Manual));
//! let blocked = blocked.all(10_000).await?;
//! let change = Difference::of(wanted, blocked, String::clone, |it| it.ip_addr_mask.clone());
//! for address in change.missing {
//!     let entry = BlocklistAddr::default().ip_addr_mask(address).block_type(BlockType::Block);
//!     pbx.blocklist().create(entry).await?;
//! }
//! let gone: Vec<i32> = change.surplus.iter().filter_map(|it| it.id).collect();
//! if !gone.is_empty() {
//!     pbx.blocklist().bulk_ips_delete(gone).await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # A department with live chat
//! The members answer the chat that the link opens.
//!
//! ```no_run
//! use threecx_xapi::entities::{Group, Weblink};
//! use threecx_xapi::{Keyed, roles};
//!
//! # async fn run(pbx: threecx_xapi::Client, user: i32) -> threecx_xapi::Result<()> {
//! let department = pbx.groups().create(Group::default().name("Sales")).await?;
//! let id = department.key()?;
//! pbx.groups().update(id, Group::default().call_us_enable_chat(true)).await?;
//! pbx.set_role(user, id, roles::USERS).await?;
//! let link = Weblink::default()
//!     .link("sales")
//!     .group(department.number.unwrap_or_default())
//!     .website(["https://www.example.com".to_owned()])
//!     .chat_enabled(true);
//! pbx.website_links().create(link).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Monitor the PBX
//! As text for Prometheus. A program calls this every few seconds.
//!
//! ```no_run
//! use threecx_xapi::entities::Trunk;
//!
//! # async fn run(pbx: threecx_xapi::Client) -> threecx_xapi::Result<()> {
//! let status = pbx.system_status().get().await?;
//! println!("pbx_calls_active {}", status.calls_active.unwrap_or_default());
//! println!("pbx_extensions_registered {}", status.extensions_registered.unwrap_or_default());
//! let trunks = pbx.trunks().list().select((Trunk::NUMBER, Trunk::IS_ONLINE)).all(1_000).await?;
//! for trunk in trunks {
//!     let online = u8::from(trunk.is_online == Some(true));
//!     println!("pbx_trunk_online{{number={:?}}} {online}", trunk.number.unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`create_user.rs`]: https://github.com/threecx-xapi/threecx-xapi/blob/main/generated-client/examples/create_user.rs
//! [`change_users.rs`]: https://github.com/threecx-xapi/threecx-xapi/blob/main/generated-client/examples/change_users.rs
//! [`export_call_log.rs`]: https://github.com/threecx-xapi/threecx-xapi/blob/main/generated-client/examples/export_call_log.rs
//! [`queue_agents.rs`]: https://github.com/threecx-xapi/threecx-xapi/blob/main/generated-client/examples/queue_agents.rs
//! [`office_hours.rs`]: https://github.com/threecx-xapi/threecx-xapi/blob/main/generated-client/examples/office_hours.rs
//! [`fetch_recordings.rs`]: https://github.com/threecx-xapi/threecx-xapi/blob/main/generated-client/examples/fetch_recordings.rs
//! [`backup.rs`]: https://github.com/threecx-xapi/threecx-xapi/blob/main/generated-client/examples/backup.rs
//! [`sync_blocklist.rs`]: https://github.com/threecx-xapi/threecx-xapi/blob/main/generated-client/examples/sync_blocklist.rs
//! [`create_department.rs`]: https://github.com/threecx-xapi/threecx-xapi/blob/main/generated-client/examples/create_department.rs
//! [`monitor.rs`]: https://github.com/threecx-xapi/threecx-xapi/blob/main/generated-client/examples/monitor.rs
