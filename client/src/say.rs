//! What a person reads: all sentences of the client, and how views are laid out. Plain, calm, no blame.

use std::fmt::Write;
use troth_proto::api::{Doctor, PairStep, PairView, RungState, Sharing, Status};
use troth_proto::assertion::{CheckIn, Lean, Sealed, Weight, Words};
use troth_proto::ids::Who;
use troth_proto::problem::spoken;
use troth_proto::view::{
    AgreementLine, AgreementState, AgreementView, SealedState, SlotView, TodayLine, TodayView,
    TodayWhat, VersionState, VersionView,
};

/// A text that the other may have written, made safe for a terminal: no control characters, no turned direction.
#[must_use]
pub fn calm(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    text.chars()
        .filter(|c| (!c.is_control() || *c == '\n' || *c == '\t') && !turns(*c))
        .collect()
}

/// The beginning of a name, long enough to be told from others.
#[must_use]
pub fn short(name: &str) -> &str {
    name.get(..8).unwrap_or(name)
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
    for notice in &status.notices {
        let _ = writeln!(out, "{}", calm(notice));
    }
    out
}

/// Today.
#[must_use]
pub fn today(today: &TodayView) -> String {
    let mut out = String::new();
    for notice in &today.notices {
        let _ = writeln!(out, "{}", calm(notice));
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
            let _ = writeln!(out, "  {}  {}", calm(&line.words), what_to_do(line));
        }
    }
    if out.is_empty() {
        "Nothing waits for you today. `troth agreement propose` or `troth checkin ready` begins something new.\n".into()
    } else {
        out
    }
}

/// The command that answers a line of Today, or shows what it is about.
fn what_to_do(line: &TodayLine) -> String {
    let id = short(&line.id);
    match line.what {
        TodayWhat::Proposal => format!("(`troth agreement show {id}`, `troth agreement yes {id}`)"),
        TodayWhat::TwoYeses | TodayWhat::Resting | TodayWhat::LookAgain | TodayWhat::TrialOver => {
            format!("(`troth agreement show {id}`)")
        }
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

/// The state of an agreement, in words.
#[must_use]
pub fn state(state: AgreementState) -> &'static str {
    match state {
        AgreementState::Draft => "a draft",
        AgreementState::Proposed => "proposed",
        AgreementState::Resting => "resting until tomorrow",
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
        VersionState::Resting => "resting until tomorrow",
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
    for line in lines {
        let _ = writeln!(
            out,
            "{}  {}  ({})",
            short(&line.agreement.hex()),
            calm(&line.topic),
            state(line.state)
        );
    }
    out
}

/// One agreement.
#[must_use]
pub fn agreement(view: &AgreementView, partner: &str) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{}: {}  ({})",
        calm(&view.topic),
        state(view.state),
        short(&view.agreement.hex())
    );
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
        let _ = writeln!(
            out,
            "You both worked on “{}” while apart. Nothing is lost.",
            calm(&view.topic)
        );
    }
    for shown in &view.versions {
        out.push('\n');
        out.push_str(&version(shown, partner));
    }
    for (head, part) in [
        ("Your part", &view.my_part),
        (&*format!("{partner}'s part"), &view.partner_part),
    ] {
        if let Some(part) = part {
            let _ = writeln!(out, "\n{head}: {}", calm(part));
        }
    }
    out
}

/// One wording.
#[must_use]
pub fn version(v: &VersionView, partner: &str) -> String {
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
        short(&v.version.hex()),
        version_state(v.state),
        name(v.by),
        spoken(v.on)
    );
    out.push_str(&words(&v.words, v.weight, partner));
    let mut line = |head: &str, text: &str| indented(&mut out, head, text);
    if v.state == VersionState::Proposed {
        let waits = if v.said_yes.contains(&Who::Me) {
            format!("Waiting for {partner}'s yes.")
        } else {
            "Waiting for your answer.".into()
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
            None if answer.by == Who::Me => line("You said: not now. ", &answer.note),
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
        let _ = writeln!(out, "    {head}{text}");
    }
}

/// The words of an agreement, from this side.
#[must_use]
pub fn words(words: &Words, weight: Weight, partner: &str) -> String {
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
    if let Some(day) = words.trial_until {
        line("", &format!("A trial until {}.", spoken(day)));
    }
    if let Some(day) = words.look_again {
        line("", &format!("To look at again on {}.", spoken(day)));
    }
    if weight == Weight::Big {
        line("", "It is a big one: after both yeses it rests for a day.");
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
        let _ = writeln!(out, "\n  {who} heard: {}", calm(&heard.words));
    }
    out
}

/// Words that were kept sealed.
#[must_use]
pub fn sealed(words: &Sealed) -> String {
    match words {
        Sealed::CheckIn(page) => check_in(page),
        Sealed::Look(look) => format!("    {}\n", calm(&look.words)),
        Sealed::Card(card) => format!("    {}\n", calm(&card.words)),
    }
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
            for what in &view.will_share {
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
            let _ = writeln!(
                out,
                "{} `troth pair` begins anew.",
                view.why.as_deref().unwrap_or("The pairing ended.")
            );
        }
    }
    out
}

fn name(view: &PairView) -> String {
    calm(view.their_name.as_deref().unwrap_or("your partner"))
}

/// The ways to the partner.
#[must_use]
pub fn doctor(doctor: &Doctor) -> String {
    let mut out = String::new();
    for rung in &doctor.rungs {
        let state = match rung.state {
            RungState::Ok => "works",
            RungState::Failed => "does not work",
            RungState::Off => "is off",
        };
        let _ = writeln!(out, "{} {state}. {}", rung.name, calm(&rung.why));
        if !rung.who_must_act.is_empty() {
            let _ = writeln!(out, "  To act: {}", calm(&rung.who_must_act));
        }
    }
    out
}
