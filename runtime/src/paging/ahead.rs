//! Pages that are asked for before their turn.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::Instant;

use super::cursor::{Ask, Cursor, Place};
use super::early::{Early, Task};
use super::walk::Plan;

/// The pages behind the next one, if they are as long as the one before. Each is asked for as the walk would
/// ask for it in its turn, so that its reply is as good then; if the walk comes to another place, the replies
/// count for nothing.
pub(super) struct Ahead {
    pages: VecDeque<(Ask, Early)>,
    pace: Arc<Pace>,
    /// How many pages of other walks are on their way, which count too.
    pub(super) others: usize,
}

impl Ahead {
    pub(super) fn new(pace: Arc<Pace>) -> Self {
        Self { pages: VecDeque::new(), pace, others: 0 }
    }

    /// How many pages may be on their way, one of them the next one.
    pub(super) fn most(&self) -> usize {
        self.pace.most
    }

    /// How many pages are on their way.
    pub(super) fn in_flight(&self) -> usize {
        self.pages.iter().filter(|(_, early)| !early.is_finished()).count()
    }

    /// Notes how long a page took that was alone.
    pub(super) fn took(&self, time: Duration) {
        self.pace.alone.get_or_init(|| time);
    }

    /// The reply that the walk asks for now.
    pub(super) fn take(&mut self, ask: Option<Ask>) -> Option<Early> {
        match (self.pages.pop_front(), ask) {
            (Some((asked, early)), Some(ask)) if asked == ask => Some(early),
            _ => {
                self.pages.clear();
                None
            }
        }
    }

    /// Drops what was asked for.
    pub(super) fn clear(&mut self) {
        self.pages.clear();
    }

    /// Asks for pages behind the one at `next`, as far as the pace allows and `total` rows reach.
    pub(super) fn fill(
        &mut self,
        runtime: &Handle,
        plan: &Arc<Plan>,
        next: &Place,
        total: Option<i64>,
    ) {
        let is_regular = next.cursor == Cursor::Skip && next.begun && !next.caps.suspected;
        if !is_regular {
            return;
        }
        let total = total.and_then(|total| u64::try_from(total).ok());
        // Some functions send the page's length in place of the number of all rows.
        let rows_end = total.filter(|total| *total >= next.skip).unwrap_or(u64::MAX);
        let room = self.pace.most.saturating_sub(self.others).min(self.pace.now());
        let mut place = next.clone();
        for number in 1..room {
            let rows = plan.rows_at(&place);
            place.skip = place.skip.saturating_add(rows);
            place.given = place.given.saturating_add(rows);
            if place.skip >= rows_end || plan.left(&place) == 0 {
                break;
            }
            if number > self.pages.len() {
                self.ask(runtime, plan, &place);
            }
        }
    }

    /// Asks for the page at a place, behind those that were asked for.
    pub(super) fn ask(&mut self, runtime: &Handle, plan: &Arc<Plan>, place: &Place) {
        let Some(ask) = plan.ask(place) else { return };
        let (plan, pace, place) = (Arc::clone(plan), Arc::clone(&self.pace), place.clone());
        let early = Task::spawn(runtime, async move {
            let begun = Instant::now();
            let outcome = plan.send(&place, ask.rows).await;
            pace.note(begun.elapsed(), outcome.is_ok());
            outcome
        });
        self.pages.push_back((ask, early));
    }
}

/// How many pages are on their way at once: fewer when the PBX fails or becomes slow, and one more with each
/// page in good time. Walks that follow each other share it.
#[doc(hidden)]
pub struct Pace {
    most: usize,
    now: AtomicUsize,
    /// How long the first page took.
    alone: OnceLock<Duration>,
}

/// A page that takes so many times as long as one alone is slow.
const SLOW: u32 = 4;
/// A page within this time is never slow.
const QUICK: Duration = Duration::from_millis(200);

impl Pace {
    /// At most so many at once.
    pub fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, now: AtomicUsize::new(most), alone: OnceLock::new() })
    }

    /// How many may be on their way now.
    pub fn now(&self) -> usize {
        self.now.load(Ordering::Relaxed)
    }

    fn note(&self, time: Duration, is_good: bool) {
        let slow = self.alone.get().map(|alone| QUICK.max(alone.saturating_mul(SLOW)));
        let is_slow = slow.is_some_and(|slow| time > slow);
        let next = |now: usize| match is_good && !is_slow {
            true => (now + 1).min(self.most),
            false => (now / 2).max(1),
        };
        self.now.store(next(self.now()), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_pages_are_on_their_way_when_the_pbx_is_slow_or_fails() {
        let ms = Duration::from_millis;
        let pace = Pace::new(8);
        Ahead::new(Arc::clone(&pace)).took(ms(100));
        for (time, is_good, expected) in [
            (ms(100), true, 8),
            (ms(400), true, 8),
            (ms(401), true, 4),
            (ms(100), true, 5),
            (ms(1), false, 2),
            (ms(900), true, 1),
            (ms(900), true, 1),
            (ms(10), true, 2),
        ] {
            pace.note(time, is_good);
            assert_eq!(pace.now(), expected, "after {time:?}, {is_good}");
        }
        // A quick page is no measure.
        let pace = Pace::new(8);
        Ahead::new(Arc::clone(&pace)).took(ms(1));
        pace.note(ms(200), true);
        assert_eq!(pace.now(), 8);
    }
}
