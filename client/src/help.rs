//! Help by topic, offline, in one place.

/// The topics, each with a line about it and its text.
pub const TOPICS: &[(&str, &str, &str)] = &[
    ("begin", "how two people start", BEGIN),
    (
        "pairing",
        "what happens when you pair, and why the numbers",
        PAIRING,
    ),
    (
        "agreements",
        "proposals, yes, step back, let go",
        AGREEMENTS,
    ),
    ("checkin", "pages that open when both are ready", CHECKIN),
    (
        "carry",
        "exchange with no network, or from elsewhere",
        CARRY,
    ),
    (
        "losses",
        "backups, lost devices, and what can be forgotten",
        LOSSES,
    ),
    ("keys", "what opens your Troth, and the 24 words", KEYS),
    (
        "privacy",
        "what Troth keeps to itself, and what it cannot",
        PRIVACY,
    ),
    ("afraid", "if you are afraid", AFRAID),
    (
        "scripting",
        "commands for scripts and screen readers",
        SCRIPTING,
    ),
];

const BEGIN: &str = "\
Each of you, on your own computer:

  troth init            your name, and 24 words to write down

Then, together in one place or on the telephone:

  troth pair            on both devices; they find each other

After that:

  troth agreement propose     propose something
  troth                       what waits for you
  troth agreement yes         read what waits, and say yes to it
  troth checkin ready         write your page of the week

You need not be connected at the same time. When the two devices meet,
everything goes over, and both of you see the same.
";

const PAIRING: &str = "\
In the same network your two devices find each other while both of you run
`troth pair`. In different ones, one of you answers with the invitation that
the other's screen shows. Then each screen shows a number of six digits, a
different one on each. Read yours aloud and type the other's. Nothing about you
leaves before the number you typed has matched: if somebody stood between the
two devices, the numbers would differ.

Then both of you see the other's name and say yes. A window is open for ten
minutes. Troth is for exactly two people.

An invitation holds your network address for those ten minutes, and nothing
that stays secret later.
";

const AGREEMENTS: &str = "\
Whoever proposes has said yes. When the other says yes to the very same words,
and the proposer's device has that yes, it is in force for both.

A yes to a big one rests for a day on the device of the one who says it. Until
then nobody else learns of it, and it can be called back:
`troth agreement call-back NAME`.

Either of you can propose a change; what is in force stays in force until both
have said yes to other words. Either of you can step back from a wording, or
let an agreement go, alone and at once, with a note or without.

If you both wrote while apart, nothing is lost: both wordings stand side by
side. If each of you said yes to the other's, neither replaces what was before
until you choose one.

What was let go can be put away: `troth agreement put-away NAME`. Once both of
you have, each one's words in it leave both devices, 90 days later or when you
said (`--days`). What remains is that there was something, and how it ended.
`troth help losses` says what Troth can forget, and what it cannot.

An agreement is named by any word of its topic or its number in the last list,
a wording of it by its letter: `troth agreement show visits`,
`troth agreement yes visits b`.
";

const CHECKIN: &str = "\
Each of you writes a page: thanks, what went well, what has not been said, at
most one thing to talk about, one wish. Your words stay on your device until
both of you are ready; then both pages open at once.

Until your partner is ready too you can call yours back. After that it will
open and cannot be recalled. If nobody answers within two weeks your words come
back to you, and nobody is told.

Opening your own page without waiting is possible: `troth checkin share`.

What is open can be taken back: `troth checkin take-back`. If your partner had
not opened theirs, nobody sees it any more, and you may write again. If both
were open, your words leave your device at once, and your partner's thirty days
after that device learns of it. Your partner may have kept a copy: Troth cannot
make anyone forget.
";

const LOSSES: &str = "\
  troth backup FILE       everything of this home, under a passphrase
  troth restore FILE      into an empty home, or into your own
  troth pair again        both of you: go on with another device

A backup is an `age` file; any `age` program opens it. Whoever has the file and
the passphrase can read everything in it.

  lost                      what brings it back
  the device                a backup, then pair again
  device, no backup         `troth init --recovery-words`, then pair again: your
                            partner is asked whether it is the same you, and
                            yours comes back from their device
  the words too             `troth init`, pair again, and then
                            `troth recovery-words --as-they-have-it`
  a home with other words   `troth recovery-words` takes those of the other home
  words of a check-in you   call it back: `troth checkin cancel`
  were ready for
  a carried file is not     the other writes a whole one:
  enough                    `troth carry out --whole FILE`

A copied or rolled-back home simply writes on, and both branches are kept. You
are told when something in your name comes back; if you copied nothing, somebody
else did: pair again, and the device before is cut off.

What cannot come back: words that were only on a device that is gone. What is
forgotten leaves both devices; backups and files made before still hold it, and
what they bring back goes again at the next meeting; a disk may keep old blocks;
and your partner may have a copy. Troth cannot make anyone forget. A partner with a changed program can
withhold your newest words until they show them, or write an act that leaves out
what they had seen; neither binds you without your own yes.
";

const CARRY: &str = "\
  troth carry out FILE   write what your partner lacks into a file
  troth carry in FILE    take a file in that your partner carried out

The file holds what your partner is not known to have; with --whole, everything.
It is sealed for the two of you. Any order is fine, and twice is harmless.
Whoever should steal the pair's key from one of your devices could read such
files and make some, also older ones.

The devices find each other where they were last. If both have moved since, a
file tells yours where your partner's is, or you do: `troth doctor` there names
its address, and `troth reach HOST:PORT` here takes it.
";

const KEYS: &str = "\
Everything on the disk is sealed. What opens it is kept where you chose at
`troth init`: in the system's keyring, made from a passphrase, or in a file
(weaker: whoever has the disk has the key).

The 24 words open it when that is lost: `troth unlock --recovery-words`. They
are shown once. Whoever has them and your disk can read everything shared; and
could check with your partner's disk that you wrote what it holds.

  lost                remedy
  the keyring         the 24 words
  the 24 words        nothing is lost while the keyring is there
  the computer        `troth help losses`
  keyring and words   as the computer
";

const PRIVACY: &str = "\
Troth talks to your partner's device and to nothing else. There is no account
and no server. It counts nothing about a person: no times of day, no scores.

It cannot protect you from a partner who owns or has unlocked your computer,
from being made to give a passphrase, from pictures of a screen, or from a
changed program at the other end that keeps or withholds words. Troth cannot
make anyone forget. It and the network can see that a computer is on, and a
look at the open ports of a network can learn an id that stays the same.

The link proves to nobody else what was said; at most that two devices met.
Entries carry no signature that could be shown to others.
";

const AFRAID: &str = "\
If you are afraid of your partner, your safety comes before any agreement.

You may stop sharing at any moment: `troth stop`. It works at once, without a
reason and without a message; to the other it looks like a computer that is
off. `troth pause` looks the same. Think first: sudden silence can make things
worse with some people, and you know best.

Everything shared is already on the other's device, and Troth cannot take it
back. Somebody who knows your computer's password can read what you can read.
A device they do not know of, a friend's or a library's, is safer for looking
for help.

Nothing you agreed to here binds you to stay. In most countries there is a
telephone line that listens, free and at any hour; in an emergency call the
emergency number.
";

const SCRIPTING: &str = "\
Every command takes --json: it prints exactly one JSON object with \"v\":1 on
standard output, and reads words as JSON from standard input, never from
arguments. A failure prints {\"v\":1,\"error\":{\"kind\",\"what\",\"next\"}} on
standard error. Only additions are made to this.

  exit  meaning
  0     done
  1     failed
  2     not used as the help says
  3     the program in the background is not running
  4     locked
  5     not paired, or not set up
  6     saved here, not yet with the partner (--wait ran out)
  7     a person has to decide
  130   interrupted

  command                         standard input
  init [--recovery-words]         {\"name\"} and, with --keys passphrase, {\"passphrase\"};
                                   of an earlier home, {\"recovery_words\"}
  pair invite [--again] | join [--again]      join: the invitation, plain text
  pair number                     six digits, plain text
  pair state | yes | no
  status | today
  agreement propose               {\"agreement\"?,\"topic\",\"terms\",\"does\":{\"me\",\"partner\"},
                                   \"when_then\":[{\"who\",\"when\",\"then\"}],\"not_meant\",
                                   \"trial_until\"?,\"look_again\"?,\"weight\"?,\"tag\"?,\"base\"?}
  agreement propose --same-as V
  agreement yes V | call-back V
  agreement not-now V | step-back V | let-go A              {\"note\"}?
  agreement put-away A [--days N]
  agreement need-time V --until D
  agreement my-part A             {\"text\"}
  agreement look V                {\"words\",\"lean\":\"keep|change|let_go\"}
  agreement show A | list [--state S]
  checkin ready [--slot W]        {\"thanks\":[{\"did\",\"says_of_you\"}],\"went_well\",
                                   \"not_yet_said\",\"talk\":{\"when\",\"felt\",\"would_like\"},\"wish\"}
  checkin cancel W | share W | take-back W | show [W]
  checkin heard W                 {\"words\"}
  carry out FILE [--upto N] [--whole] | carry in FILE
  backup FILE                     {\"passphrase\"}
  restore FILE [--keys K]         {\"passphrase\"} and, with --keys passphrase,
                                   {\"home_passphrase\"}
  recovery-words [--as-they-have-it]          {\"recovery_words\"}
  export --format automerge [--book mine|partners] FILE
  pause | resume | stop | lock
  unlock                          {\"passphrase\"}? or {\"recovery_words\"}?
  service start | stop | status | install | uninstall
  doctor | reach HOST:PORT

When --wait runs out, what was written is printed as always, and the failure
besides.

Dates are YYYY-MM-DD, check-ins are weeks like 2026-W47; both as people say them
too. An agreement or a wording may be named by four or more first letters of its
name that no other shares, or as a person does. With --no-input, what binds or
ends something needs --yes; with --json, the words given are the decision.
";

/// A topic's text, or the list of topics.
#[must_use]
pub fn text(topic: Option<&str>) -> Option<String> {
    match topic {
        Some(topic) => TOPICS
            .iter()
            .find(|(name, ..)| *name == topic)
            .map(|(.., text)| (*text).to_owned()),
        None => {
            let list: String = TOPICS
                .iter()
                .map(|(name, about, _)| format!("  {name:<12}{about}\n"))
                .collect();
            Some(format!(
                "Topics, for `troth help TOPIC`:\n\n{list}\n`troth --help` lists the commands.\n"
            ))
        }
    }
}
