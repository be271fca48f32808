//! How fast QUIC sends: it tells packets lost by chance from a line that is full (DESIGN §4).
//!
//! Cubic takes each lost packet for a full line and sends less. A line that loses packets whatever is sent on it, as many
//! over the air do, is nearly stopped by that. Here only longer round trips or many lost packets mean a full line.

use quinn::congestion::{Controller, ControllerFactory, Cubic, CubicConfig};
use quinn_proto::RttEstimator;
use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};
use troth_proto::limits;

/// A line is full whose round trips take so many times its quickest, and this besides.
const FULL: (f64, Duration) = (1.25, Duration::from_millis(5));
/// So is one that loses more than this part of what was sent, out of at least so many packets: of a hundred, each lost with a
/// chance of one in twenty, more are lost together about once in 700 times.
const LOST: (f64, u64) = (0.125, 100);
/// What is left of the window then.
const BACK: f64 = 0.7;
/// The part by which it grows in a round trip, once the line was full.
const GROWTH: u64 = 8;
/// Bytes that are never exceeded: the exchange has no more on the way.
const MOST: u64 = 2 * limits::WINDOW_BYTES as u64;

/// Makes a [`Pace`] for each connection.
pub struct Paces;

/// As fast as Cubic always, and faster as long as nothing says that the line is full.
#[derive(Clone)]
struct Pace {
    cubic: Cubic,
    window: u64,
    mtu: u64,
    /// When this round trip began.
    round: Instant,
    /// Bytes that arrived and that did not, since that was last looked at.
    arrived: u64,
    lost: u64,
    /// The line was full once: from then on the window grows slowly.
    was_full: bool,
}

impl ControllerFactory for Paces {
    fn build(self: Arc<Self>, now: Instant, mtu: u16) -> Box<dyn Controller> {
        Box::new(Pace::new(now, mtu))
    }
}

impl Pace {
    fn new(now: Instant, mtu: u16) -> Self {
        let cubic = Cubic::new(Arc::new(CubicConfig::default()), now, mtu);
        Self {
            window: cubic.initial_window(),
            cubic,
            mtu: mtu.into(),
            round: now,
            arrived: 0,
            lost: 0,
            was_full: false,
        }
    }

    /// Bytes have arrived, when a round trip takes `trip` and the quickest took `quickest`. `idle`: there was less to send
    /// than there was room for, so that nothing is learned of the line.
    fn arrived(
        &mut self,
        now: Instant,
        bytes: u64,
        idle: bool,
        (trip, quickest): (Duration, Duration),
    ) {
        self.arrived += bytes;
        if !self.was_full && !idle {
            self.window += bytes;
        }
        if now.saturating_duration_since(self.round) >= trip {
            self.round = now;
            if self.is_full(trip, quickest) {
                self.was_full = true;
                self.window = (self.window as f64 * BACK) as u64;
            } else if self.was_full && !idle {
                self.window += self.mtu + self.window / GROWTH;
            }
        }
        self.window = self.window.clamp(2 * self.mtu, MOST);
    }

    fn is_full(&mut self, trip: Duration, quickest: Duration) -> bool {
        let slow = trip > quickest.mul_f64(FULL.0) + FULL.1;
        let sent = self.arrived + self.lost;
        if sent < LOST.1 * self.mtu {
            return slow;
        }
        let lossy = self.lost as f64 > sent as f64 * LOST.0;
        (self.arrived, self.lost) = (0, 0);
        slow || lossy
    }

    fn lost(&mut self, bytes: u64, persistent: bool) {
        self.lost += bytes;
        if persistent {
            // Nothing at all arrived for a while: begin anew.
            self.window = 0;
            self.was_full = false;
        }
    }
}

impl Controller for Pace {
    fn on_ack(
        &mut self,
        now: Instant,
        sent: Instant,
        bytes: u64,
        app_limited: bool,
        rtt: &RttEstimator,
    ) {
        self.cubic.on_ack(now, sent, bytes, app_limited, rtt);
        self.arrived(now, bytes, app_limited, (rtt.get(), rtt.min()));
    }

    fn on_congestion_event(&mut self, now: Instant, sent: Instant, persistent: bool, lost: u64) {
        self.cubic.on_congestion_event(now, sent, persistent, lost);
        self.lost(lost, persistent);
    }

    fn on_mtu_update(&mut self, mtu: u16) {
        self.cubic.on_mtu_update(mtu);
        self.mtu = mtu.into();
    }

    fn window(&self) -> u64 {
        self.window.max(self.cubic.window())
    }

    fn clone_box(&self) -> Box<dyn Controller> {
        Box::new(self.clone())
    }

    fn initial_window(&self) -> u64 {
        self.cubic.initial_window()
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MTU: u16 = 1_200;
    const TRIP: Duration = Duration::from_millis(200);

    /// Sends whatever the window allows, so many round trips long; of each hundred packets so many are lost, and a round trip
    /// takes longer by what waits where the line takes `line` bytes in the time of the quickest.
    fn after(trips: u32, lost: u64, line: u64) -> Pace {
        let mut now = Instant::now();
        let mut pace = Pace::new(now, MTU);
        let mut sent = 0u64;
        for _ in 0..trips {
            let window = pace.window();
            let trip = TRIP.mul_f64((window as f64 / line as f64).max(1.0));
            let packets = window / u64::from(MTU);
            for _ in 0..packets {
                now += trip / packets as u32;
                sent += 1;
                if sent % 100 < lost {
                    pace.lost(MTU.into(), false);
                } else {
                    pace.arrived(now, MTU.into(), false, (trip, TRIP));
                }
            }
        }
        pace
    }

    #[test]
    fn packets_lost_by_chance_do_not_slow_it_down() {
        assert!(after(20, 5, u64::MAX).window() >= limits::WINDOW_BYTES as u64);
        assert!(after(100, 5, u64::MAX).window() >= limits::WINDOW_BYTES as u64);
    }

    #[test]
    fn a_line_that_loses_more_than_that_is_taken_for_full() {
        assert!(after(200, 20, u64::MAX).window() < 100_000);
    }

    #[test]
    fn it_settles_where_round_trips_begin_to_take_longer() {
        let line = 250_000;
        for trips in [100, 110, 120, 131] {
            let window = after(trips, 5, line).window();
            assert!(
                (line / 2..line * 2).contains(&window),
                "{window} after {trips}"
            );
        }
    }

    #[test]
    fn whoever_sends_little_is_not_thought_to_have_a_fast_line() {
        let now = Instant::now();
        let mut pace = Pace::new(now, MTU);
        let before = pace.window();
        for n in 0..10_000 {
            pace.arrived(now + TRIP * n, MTU.into(), true, (TRIP, TRIP));
        }
        assert_eq!(pace.window(), before);
    }

    #[test]
    fn after_a_silence_it_begins_anew_and_never_below_cubic() {
        let mut pace = after(20, 0, u64::MAX);
        pace.lost(MTU.into(), true);
        assert_eq!(pace.window(), pace.cubic.window());
    }
}
