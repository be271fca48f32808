//! Every limit on what the partner, the disk, the socket or a file may send (DESIGN §3, PROTOCOL §2).

/// Characters in one text.
pub const TEXT_CHARS: usize = 20_000;
/// Characters in a one-line text: a topic, a tag.
pub const LINE_CHARS: usize = 200;
/// Characters in a name.
pub const NAME_CHARS: usize = 60;
/// Characters in the name of a kind.
pub const KIND_CHARS: usize = 40;
/// Bytes of one assertion as its author wrote it.
pub const ASSERTION_BYTES: usize = 60 * 1024;
/// Nesting of one assertion's JSON, counting its outermost braces.
pub const ASSERTION_DEPTH: usize = 8;
/// Hashes in one `seen` or `base` list.
pub const LISTED_HASHES: usize = 32;
/// `when … then` lines of one version, or thanks of one check-in.
pub const LISTED_LINES: usize = 32;
/// Acts of one partner in one agreement, and in one sealed slot: keeps every view cheap whatever the partner writes.
pub const ACTS_PER_SUBJECT: usize = 128;
/// Rounds of one sealed slot.
pub const ROUNDS: u32 = 24;

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
/// Other installations' logs that one entry may depend on.
pub const ENTRY_DEPS: usize = 16;
/// Bytes of one shared document, as the sum of its entries.
pub const DOCUMENT_BYTES: u64 = 64 * 1024 * 1024;
/// Entries of one log; keeps automerge's operation counters below 2³¹.
pub const LOG_ENTRIES: u64 = 1 << 24;
/// Bytes of entries on the way to the partner that he has not acknowledged.
pub const WINDOW_BYTES: usize = 1024 * 1024;
/// Frames on the way to the partner that he has not acknowledged: later changes then travel together.
pub const WINDOW_FRAMES: usize = 32;
/// Frames that have arrived and wait for the node. More, and the partner waits.
pub const WAITING_FRAMES: usize = 8;
/// Logs named in one hello.
pub const HELLO_LOGS: usize = 16;
/// Addresses named in one introduction or hello.
pub const ADDRESSES: usize = 16;
/// Bytes of one address.
pub const ADDRESS_BYTES: usize = 200;
/// Protocol versions offered.
pub const VERSIONS: usize = 16;
/// Frames a second that a link takes in, and how many at once.
pub const LINK_FRAMES_PER_SECOND: u32 = 2_000;
/// Frames that a link may take in at once before the rate applies.
pub const LINK_FRAMES_BURST: u32 = 4_000;

/// Minutes that a pairing window stays open.
pub const PAIRING_MINUTES: i64 = 10;
/// Tries in one pairing window.
pub const PAIRING_TRIES: u8 = 3;

/// Bytes of one line of the local API.
pub const API_LINE_BYTES: usize = 1024 * 1024;
/// Clients of the local API at once.
pub const API_CLIENTS: usize = 32;
/// Bytes of one carried file.
pub const CARRY_BYTES: usize = 2 * DOCUMENT_BYTES as usize;
/// Bytes of one sealed piece of a carried file, before sealing.
pub const CARRY_PIECE_BYTES: usize = 128 * 1024;
/// Characters of an invitation.
pub const INVITATION_CHARS: usize = 2_000;
/// Characters of a passphrase.
pub const PASSPHRASE_CHARS: usize = 1_000;
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
