//! Tender spots, and the trust that touches them (KINDS §8).

use super::{calm, indented, line};
use crate::words::t;
use troth_proto::ids::Who;
use troth_proto::said::told::ToldKind;
use troth_proto::telling::{Seen, View};

/// The tender spot that trust touches, as the looker sees it: also that it was taken back, and that the trust stays.
pub(super) fn touched(out: &mut String, spot: &View) {
    match spot.told.seen {
        Seen::Open | Seen::Older => {
            let words = spot.told.words.as_ref();
            let text = |name: &str| calm(words.map(|it| it.get(name)).unwrap_or_default());
            let area = Some(text("area")).filter(|it| !it.is_empty());
            let words = area.unwrap_or_else(|| text("text"));
            indented(out, &t!("thing-spot", words = words));
        }
        Seen::Closed => line(out, &t!("thing-spot-closed")),
        Seen::TakenBack => line(out, &t!("thing-spot-taken-back")),
        Seen::Folded | Seen::Gone => {}
    }
}

/// That trust can be given beside an own tender spot.
pub(super) fn may_have_trust_beside(out: &mut String, view: &View) {
    let told = &view.told;
    let own = told.kind == Some(ToldKind::TenderSpot) && told.by == Who::Me;
    if own && told.seen == Seen::Open {
        line(out, &t!("thing-spot-trust"));
    }
}
