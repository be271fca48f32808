//! What a person reads: all sentences of the client, and how views are laid out. Plain, calm, no blame.

use crate::names;
use serde_json::{Value, json};
use std::fmt::Write;
use troth_proto::api::{
    Doctor, Meeting, PairFailed, PairStep, PairView, Request, Rung, RungName, RungState, Sharing,
    Status, Why,
};
use troth_proto::assertion::Weight;
use troth_proto::ids::Who;
use troth_proto::notice::Notice;
use troth_proto::problem::spoken;
use troth_proto::said::agreement::Words;
use troth_proto::said::sealed::{CheckIn, Lean, Sealed};
use troth_proto::view::{
    AgreementLine, AgreementState, AgreementView, NewsLine, NewsWhat, SealedState, SlotView,
    TodayLine, TodayView, TodayWhat, VersionState, VersionView,
};
use troth_proto::{Day, Slot, limits};

/// A text that the other may have written, made safe for a terminal: nothing that the eye does not see, but for what joins
/// letters and colours pictures; and one kind of line break.
#[must_use]
pub fn calm(text: &str) -> String {
    let joins = |c: char| {
        matches!(
            c,
            '\n' | '\t' | '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}'
        )
    };
    text.chars()
        .map(|c| match c {
            '\u{2028}' | '\u{2029}' => '\n',
            c => c,
        })
        .filter(|c| joins(*c) || !limits::is_hidden(*c))
        .collect()
}

/// The same on one line: nothing that the other wrote begins a line of its own.
fn calm_line(text: &str) -> String {
    calm(text).replace(['\n', '\t'], " ")
}

/// The one line about exchange.
#[must_use]
pub fn exchange(status: &Status) -> String {
    let Some(partner) = &status.partner else {
        return "You are not paired with anyone yet. `troth pair` begins; your partner does the same.".into();
    };
    let partner = calm(partner);
    match status.sharing {
        Sharing::Paused => "You have paused. `troth resume` goes on.".into(),
        Sharing::Stopped => "You have stopped sharing.".into(),
        _ if status.partner_has_all => format!("{partner} has everything you have shared."),
        _ => format!("Some of what you wrote has not reached {partner} yet."),
    }
}

/// How everything is.
#[must_use]
pub fn status(status: &Status) -> String {
    let mut out = String::new();
    match (&status.me, status.keys.as_str()) {
        (_, "not_set_up") => out.push_str("Troth is not set up here yet. `troth init` begins.\n"),
        (_, "locked") => {
            if let Some(by) = status.locked_by {
                let problem = troth_proto::Problem::Locked { by };
                let _ = writeln!(out, "{}\n{}", problem.what(), problem.next());
            }
        }
        (Some(me), _) => {
            let _ = writeln!(out, "You are {}. {}", calm(me), exchange(status));
        }
        _ => {}
    }
    if let Some(progress) = status.taking_over {
        let _ = writeln!(
            out,
            "Taking over what your partner has: {} of {} so far.",
            progress.here, progress.of
        );
    }
    let partner = status.partner.as_deref().unwrap_or("Your partner");
    for told in &status.notices {
        let _ = writeln!(out, "{}", notice(told, partner));
    }
    out
}

/// What happened without anybody asking.
#[must_use]
pub fn notice(notice: &Notice, partner: &str) -> String {
    let partner = calm(partner);
    match notice {
        Notice::Refused => {
            format!("{partner}'s Troth sent something it may not. Nothing here was changed.")
        }
        Notice::CountsForNothing => format!(
            "{partner}'s Troth wrote something that counts for nothing. It is kept, and changes nothing here."
        ),
        Notice::ForeignSeals => format!(
            "{partner}'s Troth holds things in your name that this home's recovery words did not seal. If they are from an earlier home of yours, `troth recovery-words` takes its words, and they come back. If you have written nothing here yet, `troth recovery-words --as-they-have-it` takes them without."
        ),
        Notice::CameBack { things: 1 } => format!(
            "1 thing in your name came back from {partner}. If you did not copy or restore this device, pair again."
        ),
        Notice::CameBack { things } => format!(
            "{things} things in your name came back from {partner}. If you did not copy or restore this device, pair again."
        ),
        Notice::AnotherCopy => format!(
            "A second copy of {partner}'s Troth is about. Only the one that came last is listened to."
        ),
        Notice::AnotherOfMine => format!(
            "A copy of this home met {partner} after this one. Only one of the two can be connected: end the other, or pair again."
        ),
        Notice::ListenFailed { address } => {
            format!("Troth could not listen at {}.", calm(address))
        }
        Notice::Damaged { .. } => format!(
            "A part of Troth's file on this disk could not be read. Everything else is here; what {partner} has of the rest comes back when the two devices meet."
        ),
        Notice::OlderPart => format!(
            "A part of Troth's file on this disk is older than the rest, or is gone. What {partner} has of it comes back when the two devices meet."
        ),
        Notice::Forgotten => {
            "The words have left this disk. Backups and files made before still hold them.".into()
        }
        Notice::NotForgottenYet => {
            "Words that are to leave are still on this disk. Troth tries again.".into()
        }
        Notice::ForgottenThere => {
            format!("{partner}'s book no longer holds some words; you have your copy.")
        }
        Notice::YesNotSaid { topic } => format!(
            "Your yes to “{}” would no longer count, and was not said.",
            calm_line(topic)
        ),
        Notice::Newer => "Some of what is here was written with a newer Troth. It is kept, and shown once this one is updated.".into(),
        Notice::PairedAgain => format!(
            "You and {partner} are paired anew. The device before is cut off, and files made before no longer open."
        ),
    }
}

/// A yes that rests.
#[must_use]
pub fn rests(day: Day) -> String {
    format!(
        "Your yes rests here until {}, and nobody learns of it before. `troth agreement call-back` takes it back.",
        spoken(day)
    )
}

/// Today as scripts see it.
#[must_use]
pub fn today_json(today: &TodayView) -> Value {
    let partner = today.partner.as_deref().unwrap_or("Your partner");
    let lines = |lines: &[TodayLine]| -> Value {
        let line = |line: &TodayLine| json!({"what": line.what, "id": line.id, "words": today_line(line, partner)});
        lines.iter().map(line).collect()
    };
    let notices: Value = today.notices.iter().map(|n| notice(n, partner)).collect();
    json!({
        "waiting": lines(&today.waiting),
        "resting": lines(&today.resting),
        "to_look_at": lines(&today.to_look_at),
        "news": today.news.iter().map(|line| news(line, partner)).collect::<Vec<_>>(),
        "on_offer": today.on_offer,
        "notices": notices,
        "break": null,
    })
}

/// One thing that came from the other.
fn news(line: &NewsLine, partner: &str) -> String {
    let (them, topic) = (calm_line(partner), calm_line(&line.topic));
    let note = if line.note { ", with a note" } else { "" };
    match line.what {
        NewsWhat::Yes if line.state == Some(AgreementState::InForce) => {
            format!("{them} said yes to “{topic}”: it is in force.")
        }
        NewsWhat::Yes => format!("{them} said yes to “{topic}”."),
        NewsWhat::NotNow => format!("{them} answered “{topic}” with not now{note}."),
        NewsWhat::NeedsTime => match line.until {
            Some(day) => format!("{them} needs time for “{topic}”, until {}.", spoken(day)),
            None => format!("{them} needs time for “{topic}”."),
        },
        NewsWhat::SteppedBack => format!("{them} stepped back from “{topic}”{note}."),
        NewsWhat::LetGo => format!("{them} let “{topic}” go{note}."),
        NewsWhat::Part => format!("{them} wrote what is their part in “{topic}”."),
        NewsWhat::Heard => match line.id.parse() {
            Ok(Slot::Week { week, .. }) => {
                format!("{them} said what was heard in the check-in of week {week}.")
            }
            _ => format!("{them} said what was heard."),
        },
    }
}

fn today_line(line: &TodayLine, partner: &str) -> String {
    let (partner, topic) = (calm_line(partner), calm_line(&line.topic));
    let slot = match line.id.parse() {
        Ok(Slot::Week { week, .. }) => format!("the check-in of week {week}"),
        Ok(Slot::Card(_)) => "a card".into(),
        _ => "a review".into(),
    };
    match line.what {
        TodayWhat::Proposal => format!("{partner} proposes “{topic}”."),
        TodayWhat::Change => format!("{partner} proposes a change to “{topic}”."),
        TodayWhat::SetAside => match line.until {
            Some(day) => format!("“{topic}”: you need time until {}.", spoken(day)),
            None => format!("“{topic}”: not now, you said."),
        },
        TodayWhat::TwoYeses => {
            format!("“{topic}”: you each said yes to the other's wording. Which one shall it be?")
        }
        TodayWhat::Ready => format!("{partner}'s is ready: {slot}."),
        TodayWhat::Opened => format!("{partner}'s page for {slot} is open."),
        TodayWhat::CameBack => format!("Your words for {slot} came back to you. Nobody saw them."),
        TodayWhat::WordsLost => format!(
            "You are ready for {slot}, and your words are not on this device. Call it back?"
        ),
        TodayWhat::Void => format!(
            "{partner}'s page for {slot} could not be opened. Ask {partner} to write it again."
        ),
        TodayWhat::Resting => match line.until {
            Some(day) => format!("Your yes to “{topic}” rests until {}.", spoken(day)),
            None => format!("Your yes to “{topic}” rests here for a day."),
        },
        TodayWhat::LookAgain => format!("“{topic}” is due for a look."),
        TodayWhat::TrialOver => {
            format!("The trial of “{topic}” has passed. It does not bring back what was before.")
        }
    }
}

/// Today.
#[must_use]
pub fn today(today: &TodayView) -> String {
    let mut out = String::new();
    let partner = today.partner.as_deref().unwrap_or("Your partner");
    for told in &today.notices {
        let _ = writeln!(out, "{}", notice(told, partner));
    }
    if today.more_news > 0 {
        let _ = writeln!(out, "{} earlier things came too.", today.more_news);
    }
    for line in &today.news {
        let _ = writeln!(out, "{}", news(line, partner));
    }
    for (head, lines) in [
        ("Waiting for you", &today.waiting),
        ("Resting", &today.resting),
        ("To look at", &today.to_look_at),
    ] {
        if lines.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{head}");
        for line in lines {
            let words = today_line(line, partner);
            let _ = writeln!(out, "  {words}  {}", what_to_do(line));
        }
    }
    let topics: Vec<String> = today.on_offer.iter().map(|t| calm_line(t)).collect();
    let on_offer = match &topics[..] {
        [] => String::new(),
        topics => format!("On offer: {}.\n", topics.join(", ")),
    };
    if out.is_empty() && !on_offer.is_empty() {
        format!("Nothing waits for you today.\n{on_offer}")
    } else if !on_offer.is_empty() {
        out + &on_offer
    } else if out.is_empty() {
        "Nothing waits for you today. `troth agreement propose` or `troth checkin ready` begins something new.\n".into()
    } else {
        out
    }
}

/// The command that answers a line of Today, or shows what it is about.
fn what_to_do(line: &TodayLine) -> String {
    // Where no word names it, the name that scripts use does.
    let name = names::short(&line.topic);
    let name = name.unwrap_or_else(|| line.id.chars().take(8).collect());
    match line.what {
        TodayWhat::Proposal | TodayWhat::Change | TodayWhat::SetAside => {
            format!("(`troth agreement show {name}`, `troth agreement yes {name}`)")
        }
        TodayWhat::Resting => format!("(`troth agreement call-back {name}`)"),
        TodayWhat::TwoYeses | TodayWhat::LookAgain | TodayWhat::TrialOver => {
            format!("(`troth agreement show {name}`)")
        }
        TodayWhat::WordsLost => format!("(`troth checkin cancel {}`)", line.id),
        TodayWhat::Ready | TodayWhat::CameBack => match line.id.strip_prefix("look:") {
            Some(version) => format!("(`troth agreement look {version}`)"),
            None => format!("(`troth checkin ready --slot {}`)", line.id),
        },
        TodayWhat::Opened => format!(
            "(`troth checkin show {0}`, `troth checkin heard {0}`)",
            line.id
        ),
        TodayWhat::Void => format!("(`troth checkin show {}`)", line.id),
    }
}

/// Brings agreements into the order of a list: by state, then by topic.
pub fn sort(lines: &mut [AgreementLine]) {
    lines.sort_by_cached_key(|line| (rank(line.state), line.topic.to_lowercase()));
}

/// In which order states are listed: what wants something first, what is over last.
fn rank(state: AgreementState) -> u8 {
    match state {
        AgreementState::TwoYeses => 0,
        AgreementState::Proposed => 1,
        AgreementState::ChangeProposed => 2,
        AgreementState::InForce => 3,
        AgreementState::Over => 4,
        AgreementState::Draft => 5,
        AgreementState::LetGo => 6,
        AgreementState::NotAgreed => 7,
    }
}

/// The state of an agreement, in words.
#[must_use]
pub fn state(state: AgreementState) -> &'static str {
    match state {
        AgreementState::Draft => "a draft",
        AgreementState::Proposed => "proposed",
        AgreementState::InForce => "in force",
        AgreementState::ChangeProposed => "in force, a change is proposed",
        AgreementState::TwoYeses => "two yeses to two wordings",
        AgreementState::Over => "over",
        AgreementState::LetGo => "let go",
        AgreementState::NotAgreed => "not agreed",
    }
}

fn version_state(state: VersionState) -> &'static str {
    match state {
        VersionState::Proposed => "on offer",
        VersionState::InForce => "in force",
        VersionState::Replaced => "replaced",
        VersionState::Ended => "let go",
        VersionState::NotAgreed => "not agreed",
        VersionState::TwoYeses => "one of two yeses",
        VersionState::Over => "a trial that has passed",
    }
}

/// The list of agreements.
#[must_use]
pub fn agreements(lines: &[AgreementLine]) -> String {
    if lines.is_empty() {
        return "There are no agreements yet. `troth agreement propose` begins one.\n".into();
    }
    let mut out = String::new();
    let wide = lines.len().to_string().len();
    for (n, line) in lines.iter().enumerate() {
        let (topic, state) = (calm_line(&line.topic), state(line.state));
        let _ = writeln!(out, "{:>wide$}  {topic}  ({state})", n + 1);
    }
    out
}

/// What is true after an act, in one sentence.
#[must_use]
pub fn is_now(act: &Request, view: &AgreementView, partner: &str) -> String {
    let topic = calm_line(&view.topic);
    match act {
        Request::AgreementYes { .. } if view.state == AgreementState::InForce => {
            format!("“{topic}” is in force.")
        }
        Request::AgreementYes { .. } => {
            format!("You said yes to “{topic}”. It holds once {partner}'s Troth has your yes.")
        }
        Request::AgreementCallBack { .. } => {
            format!("Your yes to “{topic}” is called back. Nobody learned of it.")
        }
        Request::AgreementPutAway { .. } => format!("“{topic}” is put away here."),
        Request::AgreementNotNow { .. } => format!("You answered “{topic}” with not now."),
        Request::AgreementNeedTime { until, .. } => {
            format!("You need time for “{topic}”, until {}.", spoken(*until))
        }
        Request::AgreementStepBack { .. } => format!("You stepped back from words of “{topic}”."),
        Request::AgreementLetGo { .. } => format!("“{topic}” is let go."),
        Request::AgreementMyPart { .. } => format!("Your part in “{topic}” is written."),
        Request::AgreementLook { .. } => {
            format!("You looked at “{topic}” again. Your words open when {partner} has too.")
        }
        _ => state(view.state).to_owned(),
    }
}

/// One agreement.
#[must_use]
pub fn agreement(view: &AgreementView, partner: &str) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}: {}", calm_line(&view.topic), state(view.state));
    if view.state == AgreementState::TwoYeses {
        out.push_str("You each said yes to the other's wording. Which one shall it be?\n");
    }
    if view.state == AgreementState::Over {
        out.push_str("The trial has passed. It does not bring back what was before.\n");
    }
    let apart = view
        .versions
        .iter()
        .filter(|v| v.state == VersionState::Proposed)
        .map(|v| v.by)
        .collect::<Vec<_>>();
    if apart.contains(&Who::Me) && apart.contains(&Who::Partner) {
        out.push_str("You each have a wording on offer. Nothing is lost.\n");
    }
    for (place, shown) in view.versions.iter().enumerate() {
        out.push('\n');
        out.push_str(&version(shown, place, partner));
    }
    for (head, part) in [
        ("Your part", &view.my_part),
        (&*format!("{partner}'s part"), &view.partner_part),
    ] {
        if let Some(part) = part {
            out.push('\n');
            indented(&mut out, &format!("{head}: "), part);
        }
    }
    out
}

/// One wording, under the letter of its place.
#[must_use]
pub fn version(v: &VersionView, place: usize, partner: &str) -> String {
    let name = |who: Who| {
        if who == Who::Me {
            "you".to_owned()
        } else {
            partner.to_owned()
        }
    };
    let mut out = String::new();
    let _ = writeln!(
        out,
        "  {}  {}, proposed by {} on {}",
        names::letter(place),
        version_state(v.state),
        name(v.by),
        spoken(v.on)
    );
    let days = (v.trial_until, v.look_again);
    match &v.words {
        Some(shown) => out.push_str(&words(shown, days, v.weight, partner)),
        None => indented(&mut out, "", "Its words are not here."),
    }
    let mut line = |head: &str, text: &str| indented(&mut out, head, text);
    if let Some(day) = v.rests_until {
        line("", &rests(day));
    } else if v.state == VersionState::Proposed {
        let said = |who| v.said_yes.contains(&who);
        let waits = match (said(Who::Me), said(Who::Partner)) {
            (true, true) if v.by == Who::Partner => {
                format!("You both said yes. It holds once {partner}'s Troth has your yes.")
            }
            (true, true) => "You both said yes. It holds once the two devices meet.".into(),
            (true, false) => format!("Waiting for {partner}'s yes."),
            _ => "Waiting for your answer.".into(),
        };
        line("", &waits);
    }
    if !v.same_words.is_empty() {
        line(
            "",
            "You both proposed the very same words. One yes by either of you puts them in force.",
        );
    }
    for answer in &v.answers {
        let who = if answer.by == Who::Me {
            "You need".to_owned()
        } else {
            format!("{partner} needs")
        };
        match answer.need_time_until {
            Some(day) => line("", &format!("{who} time until {}.", spoken(day))),
            None if answer.by == Who::Me => {
                line("", &format!("You said: not now. {}", answer.note))
            }
            None => line("", &format!("{partner} said: not now. {}", answer.note)),
        }
    }
    for back in &v.steps_back {
        let who = if back.by == Who::Me {
            "You".to_owned()
        } else {
            partner.to_owned()
        };
        line(
            "",
            &format!("{who} stepped back on {}. {}", spoken(back.on), back.note),
        );
    }
    for look in &v.looks {
        let who = if look.by == Who::Me {
            "You".to_owned()
        } else {
            partner.to_owned()
        };
        let lean = match look.lean {
            Lean::Keep => "keep it",
            Lean::Change => "change it",
            Lean::LetGo => "let it go",
        };
        line(
            "",
            &format!(
                "{who} looked at it again, leaning to {lean}: {}",
                look.words
            ),
        );
    }
    out
}

fn indented(out: &mut String, head: &str, text: &str) {
    if !text.is_empty() {
        let text = calm(text).replace('\n', "\n      ");
        let _ = writeln!(out, "    {head}{}", text.trim_end());
    }
}

/// The words of an agreement, from this side.
#[must_use]
pub fn words(
    words: &Words,
    (trial_until, look_again): (Option<Day>, Option<Day>),
    weight: Weight,
    partner: &str,
) -> String {
    let mut out = String::new();
    let mut line = |head: &str, text: &str| indented(&mut out, head, text);
    line("", &words.terms);
    line("You: ", &words.does.me);
    line(&format!("{partner}: "), &words.does.partner);
    for when in &words.when_then {
        let who = if when.who == Who::Me { "you" } else { partner };
        line(
            "",
            &format!("When {}, then {who}: {}", when.when, when.then),
        );
    }
    line("Not meant: ", &words.not_meant);
    if let Some(day) = trial_until {
        line("", &format!("A trial until {}.", spoken(day)));
    }
    if let Some(day) = look_again {
        line("", &format!("To look at again on {}.", spoken(day)));
    }
    if weight == Weight::Big {
        line(
            "",
            "It is a big one: a yes to it rests for a day before it is said.",
        );
    }
    out
}

/// A check-in.
#[must_use]
pub fn slot(view: &SlotView, partner: &str) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "Check-in {}", view.slot);
    let words = |state: SealedState, who: &str, whose: &str, is: &str| match state {
        SealedState::Empty => format!("{who} {is} not ready yet."),
        SealedState::Ready => format!("{who} {is} ready."),
        SealedState::Locked => format!("{whose} page is about to open."),
        SealedState::Open => format!("{whose} page is open."),
        SealedState::Void => {
            format!("{whose} page could not be opened. It has to be written again.")
        }
    };
    let _ = writeln!(out, "  {}", words(view.mine, "You", "Your", "are"));
    let _ = writeln!(
        out,
        "  {}",
        words(view.partner, partner, &format!("{partner}'s"), "is")
    );
    if let Some(opened) = &view.opened {
        for (head, page) in [
            ("You wrote".to_owned(), &opened.me),
            (format!("{partner} wrote"), &opened.partner),
        ] {
            if let Some(page) = page {
                let _ = writeln!(out, "\n  {head}");
                out.push_str(&sealed(page));
            }
        }
    }
    for who in &view.taken_back {
        let who = if *who == Who::Me { "You" } else { partner };
        let _ = writeln!(out, "\n  {who} took this back.");
    }
    if view.words_lost {
        let _ = writeln!(
            out,
            "\n  Your words are not on this device. Call it back? (`troth checkin cancel {}`)",
            view.slot
        );
    }
    if let Some(kept) = &view.kept_here {
        let head = if view.mine == SealedState::Empty {
            "Your words came back to you. Nobody saw them"
        } else {
            "Your words wait here"
        };
        let _ = writeln!(out, "\n  {head}");
        out.push_str(&sealed(kept));
    }
    for heard in &view.heard {
        let who = if heard.by == Who::Me { "You" } else { partner };
        let _ = writeln!(out, "\n  {who} heard:");
        indented(&mut out, "", &heard.words);
    }
    out
}

/// Words that were kept sealed.
#[must_use]
pub fn sealed(words: &Sealed) -> String {
    let mut out = String::new();
    match words {
        Sealed::CheckIn(page) => return check_in(page),
        Sealed::Look(look) => indented(&mut out, "", &look.words),
        Sealed::Card(card) => indented(&mut out, "", &card.words),
    }
    out
}

fn check_in(page: &CheckIn) -> String {
    let mut out = String::new();
    let mut line = |head: &str, text: &str| {
        if !text.is_empty() {
            let _ = writeln!(out, "    {head}: {}", calm(text).replace('\n', "\n      "));
        }
    };
    for thanks in &page.thanks {
        let says = if thanks.says_of_you.is_empty() {
            String::new()
        } else {
            format!(" It says of you: {}", thanks.says_of_you)
        };
        line("Thanks", &format!("{}{says}", thanks.did));
    }
    line("Went well", &page.went_well);
    line("Not said yet", &page.not_yet_said);
    if let Some(talk) = &page.talk {
        line(
            "To talk about",
            &format!(
                "When {}, I felt {}, and I would like {}.",
                talk.when, talk.felt, talk.would_like
            ),
        );
    }
    line("A wish", &page.wish);
    out
}

/// A pairing.
#[must_use]
pub fn pairing(view: &PairView) -> String {
    let mut out = String::new();
    if view.begun_again && matches!(view.state, PairStep::Waiting | PairStep::Comparing) {
        let left = view.tries_left.unwrap_or(0);
        let left = if left == 1 {
            "One try is left.".into()
        } else {
            format!("{left} tries are left.")
        };
        let _ = writeln!(
            out,
            "The other device went away, or has begun again. A number that was here before counts no more. {left}"
        );
    }
    match view.state {
        PairStep::None => out.push_str("No pairing is under way. `troth pair` begins one.\n"),
        PairStep::Waiting => match &view.invitation {
            Some(invitation) if view.nearby => {
                let _ = writeln!(
                    out,
                    "Looking for your partner's device in this network. There, `troth pair` does the same, with an empty answer too.\n\nIf they do not find each other, or are in different networks, your partner answers with this invitation instead. It is good for ten minutes.\n\n{invitation}\n"
                );
            }
            Some(invitation) => {
                let _ = writeln!(
                    out,
                    "Give your partner this invitation, for `troth pair join`. It is good for ten minutes.\n\n{invitation}\n"
                );
            }
            None => out.push_str("Looking for your partner's device.\n"),
        },
        PairStep::Comparing if view.number_matched => {
            out.push_str("The number was right. Now your partner types yours.\n")
        }
        PairStep::Comparing => {
            if let Some(number) = &view.my_number {
                let _ = writeln!(
                    out,
                    "Your number is {number}. Read it to your partner, and type theirs."
                );
                if view.nearby {
                    out.push_str("If your partner's screen shows no number, this is somebody else's device: `troth pair no`, then `troth pair invite`.\n");
                }
            }
        }
        PairStep::Confirming if view.said_yes => {
            let _ = writeln!(
                out,
                "You said yes to {}. It is done when both of you have, and the two devices have met. `troth pair no` takes it back.",
                name(view)
            );
        }
        PairStep::Confirming => {
            let _ = writeln!(
                out,
                "At the other end is {}. You are about to share:",
                name(view)
            );
            for what in will_share() {
                let _ = writeln!(out, "  {what}");
            }
        }
        PairStep::Paired => {
            let _ = writeln!(
                out,
                "You are paired with {}.\nNext: `troth agreement propose` or `troth checkin ready`. `troth` alone shows what waits for you.",
                name(view)
            );
        }
        PairStep::Failed => {
            let why = view.why.map_or("The pairing ended.", pair_failed);
            let _ = writeln!(out, "{why} `troth pair` begins anew.");
        }
    }
    out
}

fn name(view: &PairView) -> String {
    calm(view.their_name.as_deref().unwrap_or("your partner"))
}

/// What a yes to a partner shares.
#[must_use]
pub fn will_share() -> Vec<&'static str> {
    vec![
        "your name",
        "every agreement you propose, and every yes, answer, note and step back",
        "your part in an agreement, and that you put it away",
        "check-ins, cards and reviews, once you are both ready; before that, only that you are ready",
        "where your device can be reached",
        "nothing of your private pages",
    ]
}

/// What is asked before a yes to the other.
#[must_use]
pub fn pair_question(view: &PairView) -> String {
    let name = name(view);
    match view.meeting {
        Some(Meeting::TheSame) => format!(
            "Is this the same {name} as before, on a device that has nothing yet? {name} gets back what the two of you have. Yes?"
        ),
        Some(Meeting::TakeBack) => {
            format!("{name} has what you two wrote before. Take it back, and share this?")
        }
        Some(Meeting::Again) => {
            format!(
                "Is this {name}, and do you want to go on with this device? The one before is cut off."
            )
        }
        _ => "Is this your partner, and do you want to share this?".into(),
    }
}

/// Why a pairing ended.
#[must_use]
pub fn pair_failed(why: PairFailed) -> &'static str {
    match why {
        PairFailed::Expired => "The ten minutes are over. Nothing more was shared.",
        PairFailed::SaidNo => {
            "The window was closed, here or at the other end. Nothing more was shared."
        }
        PairFailed::TriesSpent => "The connection broke off too often. Nothing more was shared.",
        PairFailed::WrongNumber => {
            "The numbers did not match. Somebody else may have been between the two devices."
        }
        PairFailed::OtherCouple => {
            "The home at the other end belongs to another couple. Nothing more was shared."
        }
    }
}

/// One way to the partner, as scripts see it.
#[must_use]
pub fn rung(rung: &Rung, partner: &str) -> Value {
    let (why, who) = rung_words(rung, partner);
    json!({"name": rung_name(rung.name), "state": rung.state, "why": why, "who_must_act": who})
}

fn rung_name(name: RungName) -> &'static str {
    match name {
        RungName::Sharing => "sharing",
        RungName::Listening => "listening",
        RungName::RememberedAddresses => "remembered addresses",
        RungName::Link => "link",
        RungName::CarriedFile => "carried file",
    }
}

/// Why a rung is as it is, and who must act.
fn rung_words(rung: &Rung, partner: &str) -> (String, &'static str) {
    match &rung.why {
        Why::Shares => ("You share.".into(), ""),
        Why::Paused => ("You have paused.".into(), "you: `troth resume`"),
        Why::Stopped => (
            "You have stopped sharing.".into(),
            "you, if you wish: `troth resume`",
        ),
        Why::NotPaired => (
            "You are not paired yet.".into(),
            "both of you: `troth pair`",
        ),
        Why::Mute { port: Some(port) } => (
            format!(
                "Nothing listens while nothing is shared. Later it is port {port}, and while pairing {}; a firewall must let both in, UDP and TCP.",
                port.saturating_add(1)
            ),
            "",
        ),
        Why::Mute { port: None } => ("Nothing listens while nothing is shared.".into(), ""),
        Why::PortTaken { address } => (
            format!(
                "Nothing could listen at {}: another program has that port. Troth goes on trying.",
                calm(address)
            ),
            "you: end that program",
        ),
        Why::NoNetwork => (
            "This device has no network address.".into(),
            "you: connect it to a network",
        ),
        Why::HalfTaken { at, kind } => (
            format!(
                "At {}, but another program has the {} port. Troth goes on trying.",
                calm(at),
                calm(kind)
            ),
            "you: end that program",
        ),
        Why::ListensAt { at } => (format!("At {}, UDP and TCP.", calm(at)), ""),
        Why::NotDialled => ("Not dialled.".into(), ""),
        Why::NoAddress => (
            format!(
                "No address of {partner}'s is known. `troth doctor` there names it, and `troth reach` here takes it."
            ),
            "both of you",
        ),
        Why::LastAt { at } => (format!("{partner} was last at {}.", calm(at)), ""),
        Why::NotTried => ("Not tried.".into(), ""),
        Why::Connected => (format!("You and {partner} are connected."), ""),
        Why::AnotherOfMine => (
            format!("A copy of this home met {partner} after this one."),
            "you: end the other, or pair again",
        ),
        Why::NoAnswer => (
            format!("{partner}'s device does not answer. Troth goes on trying."),
            "nobody, if it is off; if it is on elsewhere, `troth reach` here with an address that `troth doctor` names there",
        ),
        Why::AlwaysWorks => ("`troth carry out FILE` always works.".into(), ""),
        Why::NobodyYet => ("There is nobody to carry a file to yet.".into(), ""),
    }
}

/// The ways to the partner.
#[must_use]
pub fn doctor(doctor: &Doctor, partner: &str) -> String {
    let mut out = String::new();
    for rung in &doctor.rungs {
        let state = match rung.state {
            RungState::Ok => "works",
            RungState::Failed => "does not work",
            RungState::Off => "is off",
        };
        let (why, who) = rung_words(rung, partner);
        let _ = writeln!(out, "{} {state}. {why}", rung_name(rung.name));
        if !who.is_empty() {
            let _ = writeln!(out, "  To act: {who}");
        }
    }
    out
}
