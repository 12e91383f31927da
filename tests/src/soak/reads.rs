//! Calls that read what never changes.

use threecx_xapi::Error;
use threecx_xapi::entities::User;
use threecx_xapi::paging::Continuation;

use super::judge::Ending;
use super::task::Task;
use super::{PAGE, RECORDING_SIZE, RECORDINGS, USERS};
use crate::fake_pbx::file_byte;

/// The id of the first recording.
const FIRST_RECORDING: usize = 981;

impl Task {
    pub(super) async fn one_user(&mut self) -> Result<(), String> {
        let at = self.rng.usize(0..USERS);
        let id = self.id(at);
        let request = self.tagged(self.bench.client.users().get(id));
        match self.call(1, request.into_future()).await? {
            Ending::Done(user) => self.same(&[user], &[at]),
            _ => Ok(()),
        }
    }

    pub(super) async fn some_users(&mut self) -> Result<(), String> {
        let first = self.rng.usize(0..USERS - 5);
        let wanted: Vec<usize> = (first..first + self.rng.usize(1..=5)).collect();
        let last = wanted.last().copied().unwrap_or(first);
        let between = User::ID.ge(self.id(first)).and(User::ID.le(self.id(last)));
        let request = self.bench.client.users().list().filter(between).order_by(User::ID);
        let request = self.tagged(request);
        match self.call(1, request.into_future()).await? {
            Ending::Done(page) => self.same(&page.value, &wanted),
            _ => Ok(()),
        }
    }

    pub(super) async fn page_of_users(&mut self) -> Result<(), String> {
        let (skip, top) = (self.rng.usize(0..USERS), self.rng.usize(1..PAGE));
        let request = self.bench.client.users().list().skip(skip as u64);
        let request = self.tagged(request.top(u32::try_from(top).unwrap_or(1)).count(true));
        let Ending::Done(page) = self.call(1, request.into_future()).await? else { return Ok(()) };
        if page.count != i64::try_from(USERS).ok() {
            return Err(format!("the count is {:?}", page.count));
        }
        let wanted: Vec<usize> = (skip..USERS.min(skip + top)).collect();
        self.same(&page.value, &wanted)
    }

    /// Where the walk breaks off, another one goes on.
    pub(super) async fn all_users(&mut self) -> Result<(), String> {
        let size = self.rng.u32(20..=100);
        let is_ahead = self.rng.bool();
        let mut found: Vec<User> = Vec::new();
        let mut place: Option<String> = None;
        loop {
            let request = self.tagged(self.bench.client.users().list());
            let mut items = request.items().page_size(size);
            if is_ahead {
                items = items.read_ahead(1);
            }
            if let Some(text) = place.take() {
                let place: Continuation = text.parse().map_err(|error: Error| error.to_string())?;
                items = items.resume(place);
            }
            let walk = async {
                while let Some(user) = items.next().await {
                    found.push(user?);
                }
                Ok(())
            };
            let ending = self.call(8, walk).await?;
            let wanted: Vec<usize> = (0..found.len().min(USERS)).collect();
            self.same(&found, &wanted)?;
            if let Ending::Done(()) = ending {
                let count = found.len();
                return if count == USERS { Ok(()) } else { Err(format!("{count} users")) };
            }
            if self.rng.bool() {
                return Ok(());
            }
            place = Some(items.continuation().to_string());
        }
    }

    pub(super) async fn recording(&mut self) -> Result<(), String> {
        let id = FIRST_RECORDING + self.rng.usize(0..RECORDINGS);
        let is_left = self.rng.u8(0..4) == 0;
        let request = self.bench.client.recordings().download_recording(number(id));
        let request = self.tagged(request);
        let mut bytes = Vec::new();
        let transfer = async {
            let mut file = request.await?;
            while let Some(chunk) = file.chunk().await? {
                bytes.extend_from_slice(&chunk);
                if is_left {
                    break;
                }
            }
            Ok(())
        };
        // The headers, and the pieces of at least one of them, each have the limit anew.
        let ending = self.call(10, transfer).await?;
        let is_right = |(at, byte): (usize, &u8)| *byte == file_byte(id as u64, at as u64);
        if !bytes.iter().enumerate().all(is_right) {
            return Err("the file has other bytes".to_owned());
        }
        if matches!(ending, Ending::Done(())) && !is_left && bytes.len() as u64 != RECORDING_SIZE {
            return Err(format!("the file has {} bytes", bytes.len()));
        }
        Ok(())
    }

    fn id(&self, at: usize) -> i32 {
        self.bench.users[at].0
    }

    /// Whether these are the users at these places, in this order.
    fn same(&self, users: &[User], wanted: &[usize]) -> Result<(), String> {
        let known = wanted.iter().map(|at| &self.bench.users[*at]);
        let known = known.map(|(id, number, name)| (Some(*id), Some(number), Some(name)));
        let found = users.iter().map(|it| (it.id, it.number.as_ref(), it.first_name.as_ref()));
        if found.eq(known) {
            return Ok(());
        }
        let found: Vec<_> = users.iter().map(|it| it.id).collect();
        let wanted: Vec<_> = wanted.iter().map(|at| self.id(*at)).collect();
        Err(format!("{found:?} came in place of {wanted:?}"))
    }
}

fn number(id: usize) -> i32 {
    i32::try_from(id).unwrap_or_default()
}
