//! How a call ends: in time, and with an error only if something explains it.

use std::time::{Duration, Instant};

use threecx_xapi::Error;

use super::task::Task;
use super::{ATTEMPT, TIMEOUT};

/// The time that a loaded machine may need beside the limits of the client.
const SLACK: Duration = Duration::from_secs(10);

/// What a program waits after it could not sign in.
const BREATH: Duration = Duration::from_millis(300);

/// How a call ended.
pub(super) enum Ending<T> {
    Done(T),
    /// With an error of an expected kind.
    Failed,
    /// The task did not wait for it.
    GivenUp,
}

impl Task {
    /// Makes a call of at most so many requests.
    pub(super) async fn call<T>(
        &mut self,
        requests: u32,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<Ending<T>, String> {
        if self.rng.u8(0..100) < 3 {
            let patience = Duration::from_millis(self.rng.u64(0..40));
            if let Ok(outcome) = tokio::time::timeout(patience, work).await {
                return self.ended(outcome, Duration::ZERO).await;
            }
            self.bench.ended("given up");
            return Ok(Ending::GivenUp);
        }
        let limit = TIMEOUT * requests + SLACK;
        let begun = Instant::now();
        match tokio::time::timeout(limit, work).await {
            Ok(outcome) => self.ended(outcome, begun.elapsed()).await,
            Err(_) => Err(format!("the call takes longer than {limit:?}")),
        }
    }

    async fn ended<T>(
        &self,
        outcome: Result<T, Error>,
        time: Duration,
    ) -> Result<Ending<T>, String> {
        match outcome {
            Ok(value) => {
                self.bench.ended("good");
                Ok(Ending::Done(value))
            }
            Err(error) => {
                self.judge(&error, time)?;
                if error.is_sign_in() {
                    // It stands for a while, in which all calls fail at once.
                    tokio::time::sleep(BREATH).await;
                }
                Ok(Ending::Failed)
            }
        }
    }

    /// Counts an error, or says that nothing explains it.
    fn judge(&self, error: &Error, time: Duration) -> Result<(), String> {
        let met = self.bench.faults.met(self.number);
        let is_explained = met.iter().any(|kind| (kind.explains)(error));
        let how = match error.status() {
            // Sign-ins serve all calls, and tokens end all the time.
            _ if error.is_sign_in() => "sign-in",
            Some(401) => "401",
            // The machine may be slow, but a limit is not passed before its time.
            _ if error.is_timeout() && (is_explained || time >= ATTEMPT) => "timeout",
            _ if !is_explained => {
                return Err(format!(
                    "nothing explains this error after {time:?}: {error} ({error:?})"
                ));
            }
            _ if error.is_interrupted() => "interrupted",
            _ if error.is_decode() => "not decoded",
            Some(_) if error.is_redirect() => "302",
            Some(403) => "403",
            Some(408) => "408",
            Some(429) => "429",
            Some(_) if error.is_server_error() => "5xx",
            _ => "other",
        };
        self.bench.ended(how);
        Ok(())
    }
}
