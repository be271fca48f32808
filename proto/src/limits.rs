//! Every limit on what the partner, the disk, the socket or a file may send (DESIGN §3, PROTOCOL §2).

/// Characters in one text.
pub const TEXT_CHARS: usize = 20_000;
/// Characters in a one-line text: a topic, a tag.
pub const LINE_CHARS: usize = 200;
/// Characters in a name.
pub const NAME_CHARS: usize = 60;
/// Characters in the name of a kind.
pub const KIND_CHARS: usize = 40;
/// Bytes of one head.
pub const HEAD_BYTES: usize = 12 * 1024;
/// Bytes of one assertion's words, their random bytes not counted.
pub const WORDS_BYTES: usize = 60 * 1024;
/// Nesting of one assertion's JSON, counting its outermost braces.
pub const ASSERTION_DEPTH: usize = 8;
/// Hashes in one `seen` or `base` list.
pub const LISTED_HASHES: usize = 32;
/// `when … then` lines of one version, or thanks of one check-in.
pub const LISTED_LINES: usize = 32;
/// Hashes in one `forget`.
pub const FORGOTTEN_AT_ONCE: usize = 128;
/// Times that one partner forgets words of one agreement: enough for all acts that are taken.
pub const FORGETS: usize = 8;
/// Acts that one partner writes in one agreement or slot. Twice as many where they hold less: there is always room to
/// step back from what there was room to begin.
pub const ACTS_WRITTEN: usize = 128;
/// Acts of one partner in the past of an act in one agreement or slot: more, and it does not count. Room for branches.
pub const ACTS_TAKEN: usize = 512;
/// Rounds of one sealed slot.
pub const ROUNDS: u32 = 4_096;

/// Bytes of one frame on an agreed link.
pub const FRAME_BYTES: usize = 256 * 1024;
/// Bytes of one frame before pairing or before the hello.
pub const EARLY_FRAME_BYTES: usize = 4 * 1024;
/// Seconds within which a new link must have said hello.
pub const HELLO_SECONDS: u64 = 5;
/// Bytes of one entry.
pub const ENTRY_BYTES: usize = 64 * 1024;
/// Operations of one entry.
pub const ENTRY_OPS: usize = 2_000;
/// Tips that one entry is written on.
pub const ENTRY_AFTER: usize = 16;
/// Bytes as which each operation of an entry counts at least.
pub const OP_COST: usize = 256;
/// Bytes of one shared document that are taken, as the sum of its entries.
pub const DOCUMENT_BYTES: u64 = 64 * 1024 * 1024;
/// Bytes of one shared document up to which one's own device writes: the rest is for branches.
pub const DOCUMENT_BYTES_WRITTEN: u64 = 48 * 1024 * 1024;
/// Bytes beyond that which are kept for what holds less: there is always room to step back.
pub const DOCUMENT_BYTES_BACK: u64 = 4 * 1024 * 1024;
/// Branches of one document.
pub const BRANCHES: usize = 1_024;
/// The highest number of an entry; keeps automerge's operation counters below 2³¹.
pub const ENTRY_NUMBER: u64 = 1 << 24;
/// Characters that each of the two types and takes out in one draft, and that are taken: nobody fills it for the other.
pub const DRAFT_OPS: usize = 100_000;
/// Up to so many one's own device writes: the rest is for copies.
pub const DRAFT_OPS_WRITTEN: usize = 80_000;
/// Entries of a draft in one frame: nobody who types waits long for what the other typed.
pub const DRAFT_ENTRIES: usize = 256;
/// Branches of one draft that one of the two makes: copies of a home make them.
pub const DRAFT_BRANCHES: usize = 64;
/// Open drafts begun by each of the two that are followed, and that may be begun here.
pub const DRAFTS: usize = 32;
/// Bytes by each of the two in all open drafts that are taken, [`DRAFT_ENTRY_COST`] and the operations counted for each entry.
pub const DRAFTS_BYTES: u64 = 24 * 1024 * 1024;
/// Bytes up to which one's own device writes, likewise.
pub const DRAFTS_BYTES_WRITTEN: u64 = 20 * 1024 * 1024;
/// Bytes of memory that an entry of a draft costs besides its operations.
pub const DRAFT_ENTRY_COST: u64 = 224;
/// Edits of one request.
pub const EDITS: usize = 4_096;
/// Clients that follow one draft, or several.
pub const FOLLOWERS: usize = 32;
/// Bytes of entries on the way to the partner that are not acknowledged.
pub const WINDOW_BYTES: usize = 1024 * 1024;
/// Frames on the way to the partner that are not acknowledged: later changes then travel together.
pub const WINDOW_FRAMES: usize = 32;
/// Frames that have arrived and wait for the node. More, and the partner waits.
pub const WAITING_FRAMES: usize = 8;
/// Marks, and hashes of entries that lack words, in one `Have`.
pub const MARKS: usize = 64;
/// Addresses named in one introduction.
pub const ADDRESSES: usize = 16;
/// Things that came from the partner and are told on Today until they were seen.
pub const NEWS: usize = 32;
/// Places that a device names: each over two transports.
pub const PLACES: usize = ADDRESSES / 2;
/// Places that are remembered of the partner's device, and dialled.
pub const REMEMBERED: usize = 16;
/// Link ids that a hello names beside the one it comes from.
pub const NEXT_LINKS: usize = 8;
/// Link ids under which the partner's device is let in: those named last, and those before.
pub const KNOWN_LINKS: usize = 64;
/// Milliseconds without a frame of one's own after which an empty one says that one is there.
pub const BEAT_MILLIS: u64 = 7_500;
/// Milliseconds without a byte after which a link is gone.
pub const SILENCE_MILLIS: u64 = 11_000;
/// Bytes of one address.
pub const ADDRESS_BYTES: usize = 200;
/// Protocol versions offered.
pub const VERSIONS: usize = 16;
/// Frames a second that a link takes in, and how many at once.
pub const LINK_FRAMES_PER_SECOND: u32 = 2_000;
/// Frames that a link may take in at once before the rate applies.
pub const LINK_FRAMES_BURST: u32 = 4_000;

/// Own addresses that a call names.
pub const CALL_IPS: usize = 4;
/// Bytes of a call.
pub const CALL_BYTES: usize = 207;

/// Minutes that a pairing window stays open.
pub const PAIRING_MINUTES: i64 = 10;
/// Tries in one pairing window.
pub const PAIRING_TRIES: u8 = 3;

/// Bytes of one line of the local API.
pub const API_LINE_BYTES: usize = 1024 * 1024;
/// Clients of the local API at once.
pub const API_CLIENTS: usize = 32;
/// Bytes of one carried file.
pub const CARRY_BYTES: usize = 4 * DOCUMENT_BYTES as usize;
/// Bytes of texts and lists in one answer of the local API; what is more comes with the next page.
pub const ANSWER_BYTES: usize = 256 * 1024;
/// Bytes of one sealed piece of a carried file, before sealing.
pub const CARRY_PIECE_BYTES: usize = 128 * 1024;
/// Characters of an invitation.
pub const INVITATION_CHARS: usize = 2_000;
/// Characters of a passphrase.
pub const PASSPHRASE_CHARS: usize = 1_000;
/// Bytes of all private pages of a home.
pub const PRIVATE_PAGES_BYTES: usize = 512 * 1024;
/// Bytes of one of the two copies of the private pages' file. It is always as large as that.
pub const PRIVATE_SLOT_BYTES: usize = PRIVATE_PAGES_BYTES + 128 * 1024;
/// Bytes of what may wait, sealed, until the private pages are opened.
pub const PRIVATE_INBOX_BYTES: usize = 120 * 1024;
/// Private pages of a home.
pub const PRIVATE_PAGES: usize = 4_096;
/// Texts on one private page.
pub const PRIVATE_PARTS: usize = 16;
/// Characters of a private page's line in the list.
pub const PRIVATE_TITLE_CHARS: usize = 60;
/// Ids under which something was written or kept among the private pages last: who asks again, asks soon.
pub const PRIVATE_ASKED: usize = 8;
/// Milliseconds without a request after which a client's private pages are locked again.
pub const PRIVATE_IDLE: u64 = 300_000;
/// Milliseconds from one rewriting of the private pages' file to the next, on average.
pub const PRIVATE_REWRITE: u64 = 600_000;
/// Requests about private pages that wait for the one before.
pub const PRIVATE_WAITING: usize = 64;
/// Words that were typed and not said, which one device keeps.
pub const UNSAID: usize = 8;
/// Seconds that a yes to something big rests on the device of the one who says it.
pub const REST_SECONDS: i64 = 24 * 60 * 60;
/// Bytes of words that leave and are still here, with [`LEAVING_COST`] for each: as many of those that were opened as of those
/// that stood open anyway. What comes then leaves at once.
pub const LEAVING_BYTES: u64 = 8 * 1024 * 1024;
/// Bytes that each of them counts besides its own.
pub const LEAVING_COST: u64 = 4 * 1024;
/// Days for which opened words that were taken back stay with the one who opened them.
pub const KEEPING_DAYS: i64 = 30;
/// Days after which the words of what was put away leave, if nothing else is said.
pub const PUT_AWAY_DAYS: u16 = 90;
/// The fewest of these days: whoever puts something away by a slip can still take it out again.
pub const LEAST_PUT_AWAY_DAYS: u16 = 1;
/// Days after which a Ready that nobody locked goes back to its writer.
pub const READY_DAYS: i64 = 14;

/// Whether a text keeps to a limit in characters, and holds no control character but line breaks and tabs.
#[must_use]
pub fn text_fits(text: &str, chars: usize) -> bool {
    // A character has one byte at least: the count is only taken where it can matter.
    (text.len() <= chars || text.chars().count() <= chars)
        && !text
            .chars()
            .any(|c| c.is_control() && c != '\n' && c != '\t')
}

/// Whether a text is one line within a limit.
#[must_use]
pub fn line_fits(text: &str, chars: usize) -> bool {
    text_fits(text, chars) && !text.contains(['\n', '\t', '\u{2028}', '\u{2029}'])
}

/// Whether a character is nothing to the eye, or turns the direction of what follows. A name may hold none of them.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{13430}'..='\u{13442}'
            | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether JSON text nests no deeper than `most`. Looks at brackets outside strings only; does not check the rest.
#[must_use]
pub fn json_depth_fits(json: &[u8], most: usize) -> bool {
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                depth += 1;
                if depth > most {
                    return false;
                }
            }
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_inside_strings_do_not_nest() {
        assert!(json_depth_fits(br#"{"a":"[[[[\"[[","b":[1]}"#, 2));
        assert!(!json_depth_fits(br#"{"a":[[1]]}"#, 2));
    }

    #[test]
    fn a_text_is_counted_in_characters_and_holds_no_escape_sequences() {
        assert!(text_fits(&"ä".repeat(TEXT_CHARS), TEXT_CHARS));
        assert!(!text_fits(&"a".repeat(TEXT_CHARS + 1), TEXT_CHARS));
        assert!(!text_fits("\u{1b}[31mred", TEXT_CHARS));
        assert!(text_fits("two\nlines\tand a tab", TEXT_CHARS));
        assert!(!line_fits("two\nlines", LINE_CHARS));
    }
}
