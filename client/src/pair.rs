//! Pairing, step by step for scripts, or all of it with a person.

use crate::ask::{Asking, stdin};
use crate::cli::Pair;
use crate::commands::opens_here;
use crate::link::Link;
use crate::words::t;
use crate::wrap;
use crate::{Said, say};
use serde_json::Value;
use std::time::Duration;
use troth_proto::api::{PairFailed, PairStep, PairView, Request};
use troth_proto::home::Home;
use troth_proto::pairing::Invitation;
use troth_proto::{Problem, limits};

/// How often a person's screen looks again when nothing was told.
const LOOK: Duration = Duration::from_secs(2);

pub(crate) fn run(home: &Home, step: Option<Pair>, asking: Asking) -> Result<Said, Problem> {
    let mut link = Link::open(home)?;
    opens_here(&mut link, asking)?;
    let guided = asking.person();
    let request = match step {
        None if guided => return guide(&mut link, None, false, asking),
        Some(Pair::Again) if guided => return guide(&mut link, None, true, asking),
        None | Some(Pair::Again) => return Err(Problem::NeedsTerminal),
        Some(Pair::Invite {
            listen,
            nearby,
            again,
        }) => Request::PairInvite {
            listen,
            nearby,
            again,
        },
        Some(Pair::Join { listen, again }) => {
            let invitation = if guided {
                invitation(&t!("ask-invitation"), asking)?
            } else {
                stdin()?
            };
            Request::PairJoin {
                invitation,
                listen,
                again,
            }
        }
        Some(Pair::State) => Request::PairState {},
        Some(Pair::Number) => {
            // What counts is the number that was on the screen while the other was read out.
            let shown = view(&link.ask(&Request::PairState {})?)?.my_number;
            let number = if guided {
                asking.needed(&t!("ask-number"))?
            } else {
                stdin()?
            };
            Request::PairNumber { number, shown }
        }
        Some(Pair::Yes) => {
            let now = view(&link.ask(&Request::PairState {})?)?;
            if now.state == PairStep::Confirming && !now.said_yes {
                asking.sure(|| say::pairing(&now), &say::pair_question(&now))?;
            }
            Request::PairYes {}
        }
        Some(Pair::No) => Request::PairNo {},
    };
    let begins = matches!(
        request,
        Request::PairInvite { .. } | Request::PairJoin { .. }
    );
    if guided && begins {
        let again = matches!(
            request,
            Request::PairInvite { again: true, .. } | Request::PairJoin { again: true, .. }
        );
        return guide(&mut link, Some(request), again, asking);
    }
    let answer = link.ask(&request)?;
    let view = view(&answer)?;
    let mut words = say::pairing(&view);
    if view.state == PairStep::Comparing && !view.number_matched {
        words += &(t!("pair-number-how") + "\n");
    }
    Ok(Said::new(said_view(answer, &view), words))
}

fn view(answer: &Value) -> Result<PairView, Problem> {
    serde_json::from_value(answer.clone()).map_err(|_| Problem::ApiVersion)
}

/// A pairing as scripts see it: what will be shared, and why it failed, in sentences.
fn said_view(mut answer: Value, view: &PairView) -> Value {
    if view.meeting.is_some() {
        answer["will_share"] = say::will_share().into();
    }
    if let Some(why) = view.why {
        answer["why"] = say::pair_failed(why).into();
    }
    answer
}

/// An invitation, or nothing. A terminal that takes lines gives one that was pasted in several a line at a time.
fn invitation(question: &str, asking: Asking) -> Result<String, Problem> {
    loop {
        let mut text = String::new();
        let mut asked = question.to_owned();
        loop {
            let line = asking.line(&asked)?;
            // As a mail program marks what somebody else wrote.
            text += &line.replace('>', "");
            let ends = line.is_empty() || text.len() > limits::INVITATION_CHARS;
            if text.is_empty() || Invitation::read(&text).is_some() {
                return Ok(text);
            }
            if ends {
                break;
            }
            asked = t!("ask-invitation-rest");
        }
        crate::commands::mend(&Problem::BadInvitation);
    }
}

/// Why it ended. That it can begin anew is said behind it.
fn ended(now: &PairView, said_no: bool) -> String {
    match now.why {
        None | Some(PairFailed::SaidNo) if !said_no => t!("pair-closed"),
        None => String::new(),
        Some(why) => say::pair_failed(why),
    }
}

/// The whole of it with a person: each step is shown when it comes.
fn guide(
    link: &mut Link,
    begin: Option<Request>,
    again: bool,
    asking: Asking,
) -> Result<Said, Problem> {
    let before = view(&link.ask(&Request::PairState {})?)?;
    if before.state == PairStep::Paired && !again {
        let partner = before.their_name.unwrap_or_default();
        return Err(Problem::AlreadyPaired { partner });
    }
    // Whoever broke off goes on where they were.
    let there = matches!(before.state, PairStep::Comparing | PairStep::Confirming);
    let begin = match begin {
        Some(request) => request,
        None if there => Request::PairState {},
        None => match invitation(&t!("ask-invitation-or-nearby"), asking)? {
            text if text.is_empty() => Request::PairInvite {
                listen: None,
                nearby: true,
                again,
            },
            invitation => Request::PairJoin {
                invitation,
                listen: None,
                again,
            },
        },
    };
    link.ask(&Request::Subscribe {})?;
    let mut answer = link.ask(&begin)?;
    let (mut told, mut said_no) = (String::new(), false);
    loop {
        let now = view(&answer)?;
        let words = match now.state {
            PairStep::Failed | PairStep::None => ended(&now, said_no),
            _ => say::pairing(&now),
        };
        if words != told {
            wrap::tell(words.trim_end_matches('\n'));
            told = words;
        }
        answer = match now.state {
            PairStep::Comparing if !now.number_matched => {
                let number = asking.needed(&t!("ask-number"))?;
                match link.ask(&Request::PairNumber { number, shown: now.my_number.clone() }) {
                    Err(
                        problem @ (Problem::WrongNumber { tries_left: 1.. }
                        | Problem::WrongDevice
                        | Problem::OwnNumber
                        | Problem::NumberChanged
                        | Problem::NotSixDigits
                        // The other device went away while the number was being typed.
                        | Problem::PairingNotThere
                        | Problem::NoWindow),
                    ) => {
                        crate::commands::mend(&problem);
                        link.ask(&Request::PairState {})?
                    }
                    answer => answer?,
                }
            }
            PairStep::Confirming if !now.said_yes => {
                let yes = asking.yes(&say::pair_question(&now))?;
                said_no = !yes;
                let said = link.ask(&if yes {
                    Request::PairYes {}
                } else {
                    Request::PairNo {}
                });
                match said {
                    // The other end closed it while it was asked here.
                    Err(Problem::NoWindow | Problem::PairingNotThere) => {
                        link.ask(&Request::PairState {})?
                    }
                    answer => answer?,
                }
            }
            PairStep::Paired => return Ok(Said::new(said_view(answer, &now), String::new())),
            PairStep::Failed | PairStep::None => return Err(Problem::PairingEnded),
            _ => {
                link.changed(LOOK)?;
                link.ask(&Request::PairState {})?
            }
        };
    }
}
