//! Help by topic, offline, in one place.

use crate::cli::kebab;
use crate::say::told::kind_id;
use crate::words::t;
use std::fmt::Write;
use troth_proto::said::told::{ANSWERS, By, Thing, ToldKind, Verb};

/// The topics, in the order in which they are listed. Each has a line about it, and may have a name in another language.
pub const TOPICS: [&str; 15] = [
    "begin",
    "pairing",
    "agreements",
    "drafts",
    "checkin",
    "tell",
    "repair",
    "cards",
    "private",
    "carry",
    "losses",
    "keys",
    "privacy",
    "afraid",
    "scripting",
];

/// Commands for scripts, and what each reads: the same in every language.
const COMMANDS: &str = r#"
  init [--keys os|passphrase|file] [--recovery-words] [--mapping]
       [--listen ADDRESS[:PORT]]  {"name","passphrase"?,"recovery_words"?,
                                   "private_passphrase"?}
  pair invite [--again] [--nearby] [--listen ADDRESS[:PORT]]
  pair state | yes | no
  pair join [--again] [--listen ADDRESS[:PORT]]             troth:…
  pair number                     482913
  status | today
  agreement propose               {"agreement"?,"topic","terms","does":{"me","partner"},
                                   "when_then":[{"who","when","then"}],"not_meant",
                                   "trial_until"?,"look_again"?,"weight"?,"tag"?,"base"?}
  agreement propose --template T  as agreement propose; what is left out is the template's
  agreement propose --same-as V
  agreement yes V | call-back V
  agreement not-now V | step-back V | let-go A              {"note"}?
  agreement put-away A [--days N]
  agreement need-time V --until D
  agreement my-part A             {"text"}
  agreement look V                {"words","lean":"keep|change|let_go"}
  agreement show A | history A | list [--state S]
  agreement diff V W | print | templates
  checkin ready [--slot W]        {"thanks":[{"did","says_of_you"}],"went_well",
                                   "not_yet_said","talk":{"when","felt","would_like"},"wish",
                                   "more":[{"asked","words"}]}
  checkin cancel W | share W | take-back W | keep W | show [W]
  checkin put-away W [--days N | --back] | put-away --before W [--days N]
  checkin heard W                 {"words"}
  checkin thank W                 {"words":"…"}?
  checkin need-time W --until D
  KIND add                        {"words":{…},"about"?,"weight"?, and what the kind has:
                                   "listen_as","until","look_again","day","page","how",
                                   "agreement","minutes","back_at"}
  KIND list | show T | open T | take-back T | set-aside T | keep T
  KIND put-away T [--days N | --back]
  KIND better T                   as add; of an answer as VERB
  KIND VERB T                     {"words":{…} or "…"}?
  KIND need-time T --until D | listen-as T WAY | repair day T D | KIND plan T A
  repair write T                  {"words"}
  agreement did-not-hold A        as repair add
  open T | show T | search WORDS
  card | card list | card show DECK CARD
  card DECK [CARD]                {"words"}? or {"skip":true}?
  card propose DECK CARD          {"line":1,"topic","does"}
  card fits                       {"fits":["children"]}?
  draft new [--form F]            {"title"}
  draft list | show D | close D
  draft edit D                    {"at":["…"],"edits":[{"at","delete"?,"insert"?}]}
  draft propose D                 {"me","partner"}
  private list | show N | drop N  {"private_passphrase"}
  private journal | letter | mistrust | have-i
                                  {"private_passphrase","title"?,"words"?,
                                   "parts":[{"head","text"}]?,"chosen":[…]?}
  private edit N                  {"private_passphrase","title"?,"words"?,
                                   "parts":[{"head","text"}]?}
  private copy checkin [W] | copy agreement A               {"private_passphrase"}
  private keep                    {"words"}
  private passphrase [--anew]     {"old"?,"new"}
  carry out FILE [--upto N] [--whole] | carry in FILE
  backup FILE                     {"passphrase"}
  restore FILE [--keys os|passphrase|file] [--listen ADDRESS[:PORT]]
                                  {"passphrase","home_passphrase"?}
  recovery-words [--as-they-have-it]          {"recovery_words"}
  export --format markdown|json|ics [--with-confidences] FILE|-
  export --format automerge [--book mine|partners] [--draft D] FILE
  pause | resume | stop | lock
  unlock                          {"passphrase"}? or {"recovery_words"}?
  service start | stop | status | install | uninstall
  logs [--follow]
  doctor | reach HOST:PORT | reach --here
  network | network mapping on | network mapping off
  notify | notify on | notify off
  demo [--keep DIR] | man FOLDER | completions SHELL
"#;

/// A topic's text, or the list of topics.
#[must_use]
pub fn text(topic: Option<&str>) -> Option<String> {
    let Some(asked) = topic else {
        let mut out = t!("help-topics") + "\n\n";
        for topic in TOPICS {
            let (name, about) = (name(topic), t!(&format!("help-{topic}.about")));
            let _ = writeln!(out, "  {name:<16}{about}");
        }
        let _ = writeln!(out, "\n{}", t!("help-commands"));
        return Some(out);
    };
    let asked = plain(asked);
    let topic = TOPICS
        .iter()
        .find(|topic| **topic == asked || plain(&name(topic)) == asked)?;
    let commands = COMMANDS.trim_matches('\n');
    let id = format!("help-{topic}");
    let text = t!(
        &id,
        commands = commands,
        kinds = kinds(),
        answers = answers()
    );
    Some(flowing(&text))
}

/// A word as it is typed where a keyboard has no umlauts.
fn plain(word: &str) -> String {
    let word = word.to_lowercase();
    let word = word.replace('ä', "ae").replace('ö', "oe");
    word.replace('ü', "ue").replace('ß', "ss")
}

/// All that can be told, as each command says it.
fn kinds() -> String {
    let about = |kind: &ToldKind| row(*kind, &t!(&format!("{}.command", kind_id(*kind))));
    rows(ToldKind::ALL.iter().map(about))
}

/// What may be answered to each by the other.
fn answers() -> String {
    let answered = ToldKind::ALL.iter().filter_map(|kind| {
        let about = Thing::Told(*kind);
        let rows = ANSWERS
            .iter()
            .filter(|row| row.by != By::Own && row.about.contains(&about));
        let said: Vec<Verb> = rows.map(|row| row.says).collect();
        let verbs = Verb::ALL.iter().filter(|verb| said.contains(verb));
        let verbs: Vec<String> = verbs.map(|verb| kebab(verb.name())).collect();
        (!verbs.is_empty()).then(|| row(*kind, &verbs.join(", ")))
    });
    rows(answered)
}

fn row(kind: ToldKind, text: &str) -> String {
    format!("  {:<17}{text}", kebab(kind.name()))
}

fn rows(all: impl Iterator<Item = String>) -> String {
    all.collect::<Vec<_>>().join("\n")
}

/// What a topic is called in the language that is spoken.
#[must_use]
pub fn name(topic: &str) -> String {
    t!(&format!("help-{topic}.name"))
}

/// Paragraphs in one line each; tables, which stand a little deeper, as they are.
fn flowing(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    let mut flows = false;
    for line in text.lines() {
        let plain = !line.is_empty() && !line.starts_with(' ');
        if plain && flows {
            out.push(' ');
        } else if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(line);
        flows = plain;
    }
    out.push('\n');
    out
}
