//! A book of all kinds mixed, as benches fill one: what is told, and how it is answered.

use serde_json::{Value, json};

/// Words as people write them.
pub const WORDS: &str =
    "Yesterday in the kitchen you put the kettle on before I asked, and I was glad.";

/// What is tried as an answer to each thing; those that fit are taken.
pub const SAYS: &[&str] = &["thank", "heard", "say_back", "meaning", "yes"];

/// The `n`th thing that is told: each kind in its turn, but for breaks and repairs, of which two people have few.
pub fn told(n: usize) -> Value {
    let kinds = [
        ("thanks", json!({"did": format!("{n}: {WORDS}")}), json!({})),
        (
            "confidence",
            json!({"text": WORDS}),
            json!({"listen_as": "help_me_think"}),
        ),
        (
            "small_truth",
            json!({"text": WORDS}),
            json!({"listen_as": "just_listen"}),
        ),
        (
            "tender_spot",
            json!({"text": WORDS, "helps": "Quiet, für eine Weile."}),
            json!({}),
        ),
        ("trust_given", json!({"allows": WORDS}), json!({})),
        (
            "to_talk_about",
            json!({"topic": "Sundays", "when": WORDS}),
            json!({}),
        ),
        ("ask", json!({"text": WORDS}), json!({})),
        ("bid", json!({"line": "Look at the moon?"}), json!({})),
        (
            "about_me",
            json!({"text": WORDS}),
            json!({"page": "my_patterns"}),
        ),
        ("permission", json!({"with_whom": "Dr Kim"}), json!({})),
    ];
    let (kind, words, facts) = kinds[n % kinds.len()].clone();
    json!({"do": "add", "kind": kind, "words": words, "facts": facts})
}

/// An answer to something.
pub fn answer(about: &str, says: &str) -> Value {
    let words = match says {
        "say_back" | "meaning" => json!({"words": "You were glad."}),
        _ => json!({}),
    };
    json!({"do": "answer", "about": about, "says": says, "words": words})
}
