//! Which tender spot trust touches.

use super::{Teller, named};
use crate::say;
use crate::words::t;
use crate::wrap;
use troth_proto::Problem;
use troth_proto::ids::Who;
use troth_proto::said::told::ToldKind;
use troth_proto::telling::Seen;

impl Teller<'_> {
    /// An own tender spot, asked of the person; none where none is chosen, or there is none.
    pub(super) fn touched_spot(&mut self) -> Result<Option<String>, Problem> {
        let kind = Some(ToldKind::TenderSpot);
        let mut lines = named::lines(self.link, kind)?;
        lines.retain(|it| it.by == Who::Me && it.seen == Seen::Open);
        if lines.is_empty() {
            return Ok(None);
        }
        wrap::tell(&say::told::list(kind, &lines, &self.them));
        loop {
            let answer = self.asking.line(&t!("ask-trust-spot"))?;
            if answer.is_empty() {
                return Ok(None);
            }
            let place = answer.parse().ok().and_then(|n: usize| n.checked_sub(1));
            if let Some(line) = place.and_then(|place| lines.get(place)) {
                return Ok(Some(line.id.hex()));
            }
        }
    }
}
