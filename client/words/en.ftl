### Every sentence of Troth that a person reads. One message is one whole sentence, or more; none is made of pieces.
### What begins with `head-`, `state-`, `rung-`, `label-`, `word-` or `cli` stands by itself and is no sentence.
### Names of people are `$partner`; a sentence never needs to know whether that is a he or a she.

## Names, days, answers

# Where no name is known yet. May stand at the beginning of a sentence.
word-unnamed = your partner
word-unnamed-dative = your partner
word-day =
    { $date } { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    } { $year }
# What a person may type, each list in its order, with commas between.
word-months = january, february, march, april, may, june, july, august, september, october, november, december
word-weekdays = monday, tuesday, wednesday, thursday, friday, saturday, sunday
word-numbers = one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve
word-one = a, an
word-quoted = “{ $words }”
word-today = today
word-tomorrow = tomorrow
word-after-tomorrow = the day after tomorrow
word-in = in
word-next = next, on
word-of = of, the
word-days = day, days
word-weeks = week, weeks
word-month = month, months
word-years = year, years
word-this-year = year, this year
word-this-week = this week, this
word-last-week = last week, last
word-next-week = next week, next
word-next-month = next month
word-week = week
word-yes = y, yes
word-no = n, no
word-all = all, everything
word-change = c, change
word-keep = keep
word-let-go = let go, let_go

day-like = A day is written like 2026-12-31, 31 December, 31.12.2026, tomorrow, friday or in two weeks.

## Questions

ask-yes = { $question } [y/N]
ask-yes-unless = { $question } [Y/n]
ask-settled = { $question } [yes / change / no]
ask-needed = It cannot stay empty.
ask-more-than-a-line = Enter ends an answer. `--edit` behind the command opens your editor, for more than a line.
ask-as-before = { $question } (empty: as before)
ask-try-again = It could not be saved. Your words are still here. Try again?
ask-which-agreement = Which one, by its number?
ask-lacks-agreement = Which agreement, by words of its topic or its number in `troth agreement list`?
ask-lacks-wordings = Of which agreement, by words of its topic or its number in `troth agreement list`?
ask-repair-day = On which day can you talk?
ask-lacks-name = Which one, by its number in the last list or by how it begins?
ask-lacks-draft = Which draft, by words of its title or its number in `troth draft list`?
ask-lacks-page = Which page, by its number in `troth private list`?
ask-lacks-words = Which words do you look for?
ask-lacks-format = In which format: markdown, json, ics or automerge?
ask-lacks-file = Which file?
ask-lacks-folder = Which folder?
ask-lacks-address = Which address, like 192.0.2.7:4711?
ask-lacks-how = On or off?
ask-lacks-shell = For which shell: bash, elvish, fish, powershell or zsh?
ask-which-wording = Which wording, by its letter?
ask-note = A note, if you wish:
ask-same-as = Propose these very words anew?
ask-say-yes = Yes to these very words?
ask-step-back = Step back from these words? They then hold for neither of you. Nobody has to agree, and you need not say why.
ask-let-go = Let it go? It ends for both of you, at once. Nobody has to agree, and you need not say why.
ask-my-part = Your part in it:
ask-look = How has it been?
ask-lean = Where do you lean: keep, change, or let go?
ask-choose = Which one shall it be, by its letter? (empty: not now)
ask-propose = Propose this to { $partner }?
ask-topic = What is it about, in a few words?
ask-terms = What do you agree on?
ask-do-me = What will you do?
ask-do-partner = What will { $partner } do?
ask-do-one = At least one of you does something: write it here, also if it is the same for both.
ask-both =
    { $by ->
        [me] Does the same go for you too?
       *[partner] Does the same go for { $partner } too?
    }
ask-when = When something happens, then one of you does something. When? (empty: no more)
ask-then-who = Who then does something? [me / { $partner } / both]
ask-then-who-again = This is one of: me, { $partner }, both.
word-when = when
word-both-do = both, both of us
word-me = me, i
ask-then = Then:
ask-not-meant = What is not meant? (may be empty)
ask-trial = Is it a trial? Until which day? (empty: no trial)
ask-look-again = When do you want to look at it again? (empty: not set)
ask-big = Is it a big one, so that the other's yes rests for a day first?
head-agreed-question = You two have agreed to ask:
ask-agreed-question = Your answer: (empty: none)
ask-heard = What did you hear, in your own words?
ask-editor = { $editor } may keep copies of its own of what you write; Troth cannot tell. Open it all the same?
ask-editor-again = Open the editor again?
ask-editor-take = The editor ended as if something had gone wrong, or to give up. Take what was saved?
edit-propose =
    Write under the headings, save and close. Nothing is proposed before you have
    read it whole and said yes. What stays empty is left out. For one more “when”,
    write its two headings again.
edit-checkin =
    Write under the headings, save and close. Nothing leaves before you have read
    it whole and said yes. What stays empty is left out. For one more thanks, write
    its two headings again.
edit-when = When this happens …
edit-then-me = … you do this:
edit-then-partner = … { $partner } does this:
edit-not-meant = What is not meant?
edit-trial = Is it a trial? Until which day?
edit-look-again = When do you want to look at it again?
edit-big = Is it a big one, so that the other's yes rests for a day first? (yes or no)
edit-thanks = Thanks: what did { $partner } do?
edit-talk-when = One thing to talk about: when …
edit-unknown = “{ $head }” is none of the headings; it was read as part of the words before it.
edit-astray = Some words stand before the first heading. They are not taken.
edit-yes-or-no = Whether it is a big one is answered with either yes or no.
edit-half = Each “when” needs something that is done then, and what is done then needs its “when”.
ask-ready = Are you ready with these words?
ask-thanks = Thanks: what did { $partner } do? (empty: no more)
ask-thanks-says = What does it say of { $partner }?
ask-went-well = What went well?
ask-not-yet-said = What have you not said yet?
ask-talk-when = One thing to talk about: when …? (empty: nothing)
ask-talk-felt = … I felt …
ask-talk-would-like = … and I would like …
ask-wish = One wish:
ask-share = Open your page for { $slot } now, without waiting? { $partner } can read it at once, also without having written one.
ask-take-back-unseen = Take back your page for { $slot }? { $partner }'s own page is not open yet, so { $partner } no longer sees yours. You may write again.
ask-take-back-open = Take back your page for { $slot }? Its words leave this device now, and { $partner }'s device thirty days after it learns of this. { $partner } may have kept a copy: Troth cannot make anyone forget.
ask-name = Your name, as your partner will see it:
ask-earlier-words = The 24 recovery words of your earlier Troth, in order:
ask-at-login = Shall Troth start when you log in, so that the two devices meet by themselves?
ask-new-passphrase = A passphrase that opens Troth each time it starts, eight characters or more:
ask-new-backup-passphrase = A passphrase for the backup, eight characters or more:
ask-once-more = The same once more:
ask-passphrase = Your passphrase:
ask-recovery-words = Your 24 words, in order:
ask-word-back = Word { $number }:
ask-backup-passphrase = The passphrase of the backup:
ask-passphrase-instead = Use a passphrase instead of the keyring?
ask-as-they-have-it = Take everything in your name as your partner has it, without checking that it is yours?
ask-invitation = The invitation:
ask-invitation-rest = The rest of it: (empty: that was all)
ask-invitation-or-nearby = An invitation from your partner, if you have one (empty: look for your partner's device in this network):
ask-number = The number on the other screen:
ask-pair-same = Is this the same { $partner } as before, on a device that has nothing yet? { $partner } gets back what the two of you have. Yes?
ask-pair-take-back = { $partner } has what you two wrote before. Get it back, and share this?
ask-pair-again = Is this { $partner }, and do you want to go on with this device? The one before is cut off.
ask-pair-new = Is this your partner, and do you want to share this?

## While asking

name-fits = A name is one line of 1 to 60 characters that the eye can see, each word in one alphabet, with no quotation mark and no end of a sentence in it, and not “you”.
passphrases-differ = The two were not the same.
passphrase-from-now-on = For this Troth, from now on:
words-not-in-list =
    { $count ->
        [one] Word { $places } is not in the list of recovery words.
       *[other] These are not in the list of recovery words: { $places }.
    }
words-count = Recovery words are 24; these are { $count }.
words-check = Every word is in the list, and together they do not fit: two may have changed places.
word-back-wrong = That is another word. Look at number { $number } on your paper.
one-moment = One moment …
word-back-done = Your paper is right.
words-read-back = Now three of them, from your paper:
ask-kept = { $question } [yes / no / forget them]
ask-kept-go-on = Go on from them?
kept-here = You wrote this before, and have not said it:
kept-unsaid = Your words are kept on this device for next time. Nobody else sees them.
kept-not = Your words could not be kept.
kept-oldest-gone = More words are kept here than there is room for. The oldest of them are gone.
word-forget = f, forget, forget them
came-back-to-you = These words came back to you. Nobody saw them.
opens-at-once = { $partner }'s is ready. If you say ready, both open at once.

## How everything is

status-not-paired = You are not paired with anyone yet. `troth pair` begins; your partner does the same.
status-pairing = A pairing is under way. `troth pair` goes on with it.
status-paused = You have paused. `troth resume` goes on.
status-stopped = You have stopped sharing.
status-has-all = { $partner } has everything you have shared.
status-not-all = Some of what you wrote has not reached { $partner } yet.
status-not-set-up = Troth is not set up here yet. `troth init` begins.
status-me = You are { $me }.
status-linked = Your device and { $partner }'s are linked.
status-met-today = You last met today.
status-met = You last met on { $day }.
status-taking-over = Taking over what { $partner } has. It goes on by itself.
sharing-paused =
    You have paused. To the other it looks like a computer that is off.
    Sudden silence can make things worse; you know best. `troth resume` goes on.
sharing-on = You are sharing again.
sharing-stopped =
    You have stopped sharing. To the other it looks like a computer that is off.
    With some people a sudden silence makes things worse; you know best. A pause looks just the same: `troth pause`.
    Everything you have stays here; `troth export` writes it into a file for you. `troth resume` shares again, if you wish.
network-mapping-on = Your router, and whoever looks at its settings, sees a port and this device. Pausing, stopping and `troth network mapping off` take it away again.
notify-on = Whoever sees this screen then sees that Troth is used here and has something for you, never from whom or what. `troth notify off` ends it.
reach-tries = Troth tries this address too, from now on. `troth doctor` shows whether the two of you are connected.
locked-now = Troth is locked.
open-now = Troth is open.
running-now = Troth is running in the background.
running-version = Troth { $version } is running in the background.
stopped-now = Troth is stopped. The next command starts it.
at-login = It starts when you log in.
not-at-login = It starts with the next command, and not when you log in. `troth service install` changes that.
label-login-about = Troth: what the two of you have agreed

notice-refused = { $partner }'s Troth sent something it may not. Nothing here was changed.
notice-counts-for-nothing = { $partner }'s Troth wrote something that has no effect here. It is kept; you need do nothing.
notice-foreign-seals = { $partner }'s Troth holds things in your name that the recovery words of this Troth did not seal. If they are from an earlier Troth of yours, `troth recovery-words` asks for its words, and they come back. If you have written nothing here yet, `troth recovery-words --as-they-have-it` takes them without those words.
notice-came-back = Something in your name came back from { $partner }. If you did not copy or restore this device, pair again: `troth pair again`, both of you.
notice-another-copy = A second copy of { $partner }'s Troth is running. Only the one that came last is listened to. Ask { $partner } to end one of the two. If { $partner } knows of no copy, pair again: `troth pair again`, both of you.
notice-another-of-mine = A copy of this Troth met { $partner } after this one. Only one of the two can be connected: end the other, or pair again.
notice-listen-failed = Troth could not listen at { $address }. `troth doctor` says why.
notice-damaged = A part of Troth's file on this disk could not be read. Everything else is here; what { $partner } has of the rest comes back when the two devices meet.
notice-older-part = A part of Troth's file on this disk is older than the rest, or is gone. What { $partner } has of it comes back when the two devices meet.
notice-forgotten = Words that were taken back, or put away long enough, have left this disk. Backups and files made before still hold them.
notice-not-forgotten-yet = Words that are to leave are still on this disk. Troth tries again.
notice-forgotten-there = { $partner }'s book no longer holds some words; you have your copy.
notice-yes-not-said = Your yes to “{ $topic }” would no longer count, and was not said.
notice-newer = Some of what is here was written with a newer Troth. It is kept, and shown once this one is updated.
notice-paired-again = You and { $partner } are paired anew. The device before is cut off, and files made before no longer open.

## Today

head-waiting = Waiting for you
head-resting = Resting
head-to-look-at = To look at
today-nothing = Nothing waits for you today. `troth agreement propose` or `troth checkin ready` begins something new.
today-nothing-waits = Nothing waits for you today.
today-on-offer = On offer: { $topics }.
today-more-news = More came before that. You find it with its agreement, its check-in or its kind.
today-proposal = { $partner } proposes “{ $topic }”.
today-change = { $partner } proposes a change to “{ $topic }”.
today-overtaken = “{ $topic }”: something else was agreed since { $partner } proposed these words. They can be proposed anew.
today-set-aside = “{ $topic }”: not now, you said.
today-set-aside-until = “{ $topic }”: you need time until { $day }.
today-two-yeses = “{ $topic }”: you each said yes to the other's wording. Which one shall it be?
today-ready = { $partner } is ready for { $slot }.
today-opened = { $partner }'s page for { $slot } is open.
today-ready-look = { $partner } is ready with a review of “{ $topic }”; you next?
today-opened-look = What { $partner } wrote about “{ $topic }” is open.
today-came-back = Your words for { $slot } came back to you. Nobody saw them.
today-words-lost = You are ready for { $slot }, and your words are not on this device. Call it back?
today-void = { $partner }'s page for { $slot } could not be opened. Ask { $partner } to write it again.
today-resting = Your yes to “{ $topic }” rests until { $day }.
today-resting-a-day = Your yes to “{ $topic }” rests here for a day.
today-look-again = “{ $topic }” is due for a look.
today-trial-over = The trial of “{ $topic }” has passed. It does not bring back what was before.
word-slot-week = the check-in of week { $week }
word-slot-year = the long check-in of { $year }
word-slot-repair = a step of the repair
word-slot-card = a card
word-slot-card-asked = the card “{ $asked }”
word-card = card
word-slot-look = a review
word-slot-look-of = the review of “{ $topic }”
word-look = review
news-in-force = { $partner } said yes to “{ $topic }”: it is in force.
news-yes = { $partner } said yes to “{ $topic }”.
news-not-now = { $partner } answered “{ $topic }”: not now.
news-not-now-note = { $partner } answered “{ $topic }”: not now, with a note.
news-needs-time = { $partner } needs time for “{ $topic }”.
news-needs-time-until = { $partner } needs time for “{ $topic }”, until { $day }.
news-stepped-back = { $partner } stepped back from “{ $topic }”.
news-stepped-back-note = { $partner } stepped back from “{ $topic }”, with a note.
news-let-go = { $partner } let “{ $topic }” go.
news-let-go-note = { $partner } let “{ $topic }” go, with a note.
news-part = { $partner }'s part in “{ $topic }” is written.
news-thanked = { $partner } thanked you for what you wrote in { $slot }.
news-said-back = { $partner } said back what you wrote in { $slot }.
news-heard = { $partner } heard you: { $slot }.
news-permission = { $partner } has said whom you may tell. (`troth permission open`)

## Agreements

state-draft = a draft
state-proposed = proposed
state-in-force = in force
state-change-proposed = in force, a change is proposed
state-two-yeses = two yeses to two wordings
state-over = over
state-let-go = let go
state-not-agreed = not agreed
state-version-proposed = on offer
state-version-in-force = in force
state-version-replaced = replaced
state-version-ended = let go
state-version-not-agreed = not agreed
state-version-two-yeses = one of two you both said yes to
state-version-over = a trial that has passed
agreements-none = There are no agreements yet. `troth agreement propose` begins one.
label-agreement = { $topic }: { $state }
label-wording =
    { $by ->
        [me] { $letter }  { $state }, proposed by you on { $day }
       *[partner] { $letter }  { $state }, proposed by { $partner } on { $day }
    }
agreement-two-yeses = You each said yes to the other's wording. Which one shall it be? Nothing went wrong. Until you choose, what was before stays.
agreement-two-yeses-do = One thing is to be done: one of you chooses, and the other says yes. `troth agreement show { $name }` asks which one.
agreement-over = The trial has passed. It does not bring back what was before.
agreement-both-offer = You each have a wording on offer. Nothing is lost.
agreement-diff = `troth agreement diff { $name }` shows what differs.
agreement-rests = Your yes rests here until { $day }, and nobody learns of it before. `troth agreement call-back` takes it back.
wording-not-here = Its words are not here.
wording-both-yes-your-turn = You both said yes. It holds once { $partner }'s Troth has your yes.
wording-both-yes = You both said yes. It holds once the two devices meet.
wording-waits-partner = Waiting for { $partner }'s yes.
wording-waits-you = Waiting for your answer.
wording-still-open = You can still say yes at any time.
wording-overtaken = Something else was agreed since, and these words do not build on it. They can be proposed anew.
wording-same-words = You both proposed the very same words. One yes by either of you puts them in force.
wording-need-time =
    { $by ->
        [me] You need time until { $day }.
       *[partner] { $partner } needs time until { $day }.
    }
wording-not-now =
    { $by ->
        [me] You said: not now. { $note }
       *[partner] { $partner } said: not now. { $note }
    }
wording-stepped-back =
    { $by ->
        [me] You stepped back on { $day }. { $note }
       *[partner] { $partner } stepped back on { $day }. { $note }
    }
wording-look-keep =
    { $by ->
        [me] You looked at it again, leaning to keep it: { $words }
       *[partner] { $partner } looked at it again, leaning to keep it: { $words }
    }
wording-look-change =
    { $by ->
        [me] You looked at it again, leaning to change it: { $words }
       *[partner] { $partner } looked at it again, leaning to change it: { $words }
    }
wording-look-let-go =
    { $by ->
        [me] You looked at it again, leaning to let it go: { $words }
       *[partner] { $partner } looked at it again, leaning to let it go: { $words }
    }
history-proposed =
    { $by ->
        [me] On { $day } you proposed these words, wording { $letter }.
       *[partner] On { $day } { $partner } proposed these words, wording { $letter }.
    }
history-proposed-change =
    { $by ->
        [me] On { $day } you proposed other words, wording { $letter }, in place of { $before }.
       *[partner] On { $day } { $partner } proposed other words, wording { $letter }, in place of { $before }.
    }
history-yes =
    { $by ->
        [me] On { $day } you said yes to wording { $letter }.
       *[partner] On { $day } { $partner } said yes to wording { $letter }.
    }
history-agreed = With that the two of you had agreed on it.
history-replaced = It took the place of { $before }.
history-trial-over = The trial of wording { $letter } went until { $day }.
history-look-keep =
    { $by ->
        [me] On { $day } you looked at wording { $letter } again, leaning to keep it.
       *[partner] On { $day } { $partner } looked at wording { $letter } again, leaning to keep it.
    }
history-look-change =
    { $by ->
        [me] On { $day } you looked at wording { $letter } again, leaning to change it.
       *[partner] On { $day } { $partner } looked at wording { $letter } again, leaning to change it.
    }
history-look-let-go =
    { $by ->
        [me] On { $day } you looked at wording { $letter } again, leaning to let it go.
       *[partner] On { $day } { $partner } looked at wording { $letter } again, leaning to let it go.
    }
history-stepped-back =
    { $by ->
        [me] On { $day } you stepped back from wording { $letter }.
       *[partner] On { $day } { $partner } stepped back from wording { $letter }.
    }
history-not-now =
    { $by ->
        [me] On { $day } you answered wording { $letter }: not now.
       *[partner] On { $day } { $partner } answered wording { $letter }: not now.
    }
history-let-go =
    { $by ->
        [me] On { $day } you let it go.
       *[partner] On { $day } { $partner } let it go.
    }
history-put-away =
    { $by ->
        [me] On { $day } you put it away.
       *[partner] On { $day } { $partner } put it away.
    }
history-note = The note with it: { $note }
history-words = `troth agreement show { $name }` shows the wordings.
label-ground = A ground rule.
label-questions = Questions for every check-in: each line is one.
label-your-part = Your part: { $words }
label-their-part = { $partner }'s part: { $words }
label-you = You: { $words }
label-them = { $partner }: { $words }
label-when-you =
    When: { $when }
    Then you: { $then }
label-when-them =
    When: { $when }
    Then { $partner }: { $then }
label-not-meant = Not meant: { $words }
label-trial = A trial until { $day }.
label-look-again = To look at again on { $day }.
label-big = It is a big one: a yes to it rests for a day before it is said.
templates-how = `troth agreement propose --template NAME` begins a proposal from one of them. You write it as you like before anything is proposed.
proposed-now = Proposed. It waits for { $partner }'s answer.
chosen-mine = You chose your own wording; it holds once { $partner } says yes.
chosen-theirs = You chose { $partner }'s wording; it holds once { $partner } says yes.
is-in-force = “{ $topic }” is in force.
is-said-yes = You said yes to “{ $topic }”. It holds once { $partner }'s Troth has your yes.
is-called-back = Your yes to “{ $topic }” is called back. Nobody learned of it.
is-put-away = “{ $topic }” is put away here. For { $partner } nothing changes by that. Once { $partner } puts it away too, its words leave both devices after a while.
is-put-away-both = “{ $topic }” is put away by both of you. Its words leave both devices after a while; that there was something stays.
agreement-put-away =
    { $by ->
        [me] You put this away. Once { $partner } does too, its words leave both devices after a while.
       *[partner] { $partner } put this away. Once you do too, its words leave both devices after a while: `troth agreement put-away { $name }`.
    }
agreement-put-away-both = Both of you put this away. Its words leave both devices after a while.
is-not-now = You answered “{ $topic }”: not now. `troth agreement need-time { $name } --until DAY` asks you again on a day.
is-need-time = You need time for “{ $topic }”. Troth asks you again on { $day }.
is-stepped-back = You stepped back from a wording of “{ $topic }”. It no longer stands, for either of you.
is-let-go = “{ $topic }” is let go.
is-my-part = Your part in “{ $topic }” is written.
is-looked = You looked at “{ $topic }” again. Your words open when { $partner } has too.
is-looked-at-once = You looked at “{ $topic }” again. Both your pages open now.
diff-same = The two wordings say the same.
diff-head = “{ $topic }”: from { $from } to { $to }
diff-marks = What is left out stands in [-…-], what is new in {"{"}+…+{"}"}.
label-diff-topic = Topic: { $words }
label-diff-terms = Agreed: { $words }
label-diff-when = When and then: { $words }
label-diff-trial = A trial until: { $words }
label-diff-look-again = To look at again on: { $words }
label-diff-weight = A big one: { $words }
word-diff-yes = yes
word-diff-no = no
head-print = What { $me } and { $partner } have agreed
print-on = As of { $day }
print-none = Nothing is in force.
print-since = In force. Proposed by { $by } on { $day }; both said yes.

## Check-ins

checkins-none = There are no check-ins yet. `troth checkin ready` begins one.
checkins-none-before = No page of yours from before then is left to put away.
head-checkin-week = Check-in of week { $week }, { $year }
head-checkin-year = Long check-in of { $year }
slot-mine-empty = You are not ready yet.
slot-mine-ready = You are ready.
slot-mine-locked = Your page is about to open.
slot-mine-open = Your page is open.
slot-mine-void = Your page could not be opened. It has to be written again.
slot-theirs-empty = { $partner } is not ready yet.
slot-theirs-ready = { $partner } is ready.
slot-theirs-locked = { $partner }'s page is about to open.
slot-theirs-open = { $partner }'s page is open.
slot-theirs-void = { $partner }'s page could not be opened. It has to be written again.
head-you-wrote = You wrote
head-they-wrote = { $partner } wrote
slot-you-took-back = You took this back.
slot-they-took-back = { $partner } took this back.
slot-words-lost = Your words are not on this device. Call it back? (`troth checkin cancel { $slot }`)
slot-words-back = Your words came back to you. Nobody saw them.
slot-words-wait = Your words wait here.
slot-words-wait-ready = Your words wait here. They have not left this device.
slot-words-call-back = `troth checkin cancel { $slot }` calls them back.
slot-then-show = { $command } shows both pages then.
label-thanks = Thanks: { $did }
label-went-well = Went well: { $words }
label-not-yet-said = Not said yet: { $words }
label-talk = To talk about:
label-wish = A wish: { $words }

## Files

carried-out = Carry { $file } to { $partner }, for `troth carry in`.
carried-in = Everything in the file is here now.
carried-nothing-new = Everything in the file was here already.
backup-done =
    { $file } holds everything but your private pages, and was read back. Whoever has the file and the passphrase can read it: keep both, apart.
    After a loss: `troth restore { $file }`, then pair again.
restored = Everything in the backup is here now.
restored-nothing-new = Everything in the backup was here already.
next-pair = Next: `troth pair`, together with your partner.
next-pair-again = Next: `troth pair`, together with your partner, who begins with `troth pair again`.
man-written = The manual pages are in { $folder }.
exported = { $file } holds the book as an automerge document, unsealed. Keep it safe.
exported-draft = { $file } holds the draft as an automerge document, unsealed. Keep it safe.
exported-all = { $file } holds what you can see, unsealed; nothing of your private pages, and what you were told in confidence only if you asked for it. Keep it safe.
exported-days = { $file } holds days for a calendar, and no words of yours.

## A home

init-words =
    These are your 24 recovery words. They open your Troth if everything else is lost.
    Write them down on paper, in order. They are not shown again.
init-key-file = What opens your Troth is in a file on this disk: weaker than a keyring or a passphrase.
init-own-words = Your Troth opens with the words you have.
words-come-back = What you wrote there comes back when the two devices meet.
words-known = Troth knows these words from now on.

## Pairing

pair-none = No pairing is under way. `troth pair` begins one.
pair-begun-again =
    { $left ->
        [one] The other device went away, or has begun again. A number that was here before no longer counts. One try is left.
       *[other] The other device went away, or has begun again. A number that was here before no longer counts. { $left } tries are left.
    }
pair-looking = Looking for your partner's device.
pair-looking-nearby =
    Looking for your partner's device in this network. On it, `troth pair` does the same; the answer is left empty there too.

    If they do not find each other, or are in different networks, your partner answers with this invitation instead. It is good for ten minutes.
pair-crowded = So many devices in this network look for a partner that Troth looks no further there. Give your partner this invitation, for `troth pair join`. It is good for ten minutes.
pair-invitation = Give your partner this invitation, for `troth pair join`. It is good for ten minutes.
pair-number = Your number is { $number }. Read it to your partner, and type the one that your partner reads to you.
pair-number-how = `troth pair` goes on from here; or `troth pair number` takes your partner's.
pair-number-nearby = If your partner's screen shows no number, this is somebody else's device: `troth pair no`, then `troth pair invite`.
pair-number-right = The number was right. Now your partner types yours.
pair-number-yours = Your number is { $number }.
pair-said-yes = You said yes to { $partner }. It is done when both of you have, and the two devices have met. `troth pair no` takes it back.
pair-will-share = At the other end is { $partner }. You are about to share:
pair-done =
    You are paired with { $partner }.
    Next: `troth agreement propose` or `troth checkin ready`. `troth` alone shows what waits for you.
pair-ended = The pairing ended.
pair-begin-anew = `troth pair` begins anew.
label-share-name = your name
label-share-agreements = every agreement you propose, and every yes, answer, note and step back
label-share-part = your part in an agreement, and that you put it away
label-share-sealed = check-ins, cards and reviews, once you are both ready; before that, only that you are ready
label-share-told = everything you tell (`troth say`) and answer, and drafts as you type them
label-share-place = where your device can be reached
label-share-nothing-private = nothing of your private pages
pair-failed-expired = The ten minutes are over. Nothing more was shared.
pair-failed-said-no = The pairing was ended, here or at the other end. Nothing more was shared.
pair-closed = The pairing has ended. Nothing more was shared.
pair-failed-tries = The connection broke off too often. Nothing more was shared.
pair-failed-number = The numbers did not match. Somebody else may have been between the two devices.
pair-failed-couple = The Troth at the other end belongs to another couple. Nothing more was shared.

## Ways to the partner

rung-sharing = sharing
rung-listening = listening
rung-remembered = remembered addresses
rung-link = link
rung-carried = carried file
rung-mapping = port mapping
rung-notifications = notifications
doctor-works = { $rung }: works. { $why }
doctor-works-not = { $rung }: does not work. { $why }
doctor-off = { $rung }: off. { $why }
doctor-act = To act: { $who }
why-shares = You are sharing.
why-paused = You have paused.
why-stopped = You have stopped sharing.
why-not-paired = You are not paired yet.
why-mute = Nothing listens while nothing is shared.
why-mute-port = Nothing listens while nothing is shared. Later it is port { $port }, and while pairing { $next }; a firewall must let both in, UDP and TCP.
why-port-taken = Nothing could listen at { $address }: another program has that port. Troth goes on trying.
why-no-network = This device has no network address.
why-half-taken = At { $at }, but another program has the { $kind } port. Troth goes on trying.
why-listens = At { $at }, UDP and TCP.
why-not-dialled = Not dialled.
why-no-address = No address of { $partner }'s is known. `troth doctor` there names it, and `troth reach` here takes it.
why-not-tried = Not tried.
why-connected = You and { $partner } are connected.
why-another-of-mine = A copy of this Troth met { $partner } after this one.
why-no-answer = { $partner }'s device does not answer. Troth goes on trying.
why-mapping-off = Your router is not asked to let connections in; `troth network mapping on` asks it.
why-mapping-waits = Your router is not asked while nothing is shared.
why-mapping-inside = Only this device itself can reach Troth here, so your router is not asked.
why-mapping-asked = Your router is being asked to let connections in.
# `by` is how it was asked: PCP, NAT-PMP or UPnP.
why-mapped = Your router lets your partner's device in: { $at } ({ $by }).
why-no-router = No router here answers when it is asked to let connections in. Troth asks again later.
why-router-refuses = Your router does not let connections in. Troth asks again later.
why-router-not-public = Your router has no public address itself: { $at } is one inside another network. What it lets in comes from there only, so Troth does not use it.
# The one sentence that the desktop shows; the daemon has it word for word.
label-notification = Troth has something for you
why-notify-off = Your desktop says nothing of Troth; `troth notify on` has it say that there is something for you.
why-notify-on = Your desktop says “{ $sentence }”, once; it says it again only after you have looked with `troth`.
why-not-shown = Your desktop did not show it the last time.
why-always = `troth carry out FILE` works without any network.
why-nobody-yet = There is nobody to carry a file to yet.
label-act-resume = you: `troth resume`
label-act-resume-if = you, if you wish: `troth resume`
label-act-pair = both of you: `troth pair`
label-act-end-program = you: end that program
label-act-router = you, if you wish: in the router's settings, allow devices to open ports (UPnP, PCP or NAT-PMP), or open the port that stands under “listening” yourself
label-act-other-router = you: ask your provider for a public address, or open the port at the router before yours; a VPN or a file works without
label-act-network = you: connect it to a network
label-act-both = both of you
label-act-desktop = you: allow notifications in your desktop's settings, or log in to a desktop that shows them
label-act-end-other = you: end the other, or pair again
label-act-nobody = nobody, if it is off; if it is on elsewhere, `troth reach` here with an address that `troth doctor` names there

## What can go wrong: what happened, and what to do next

problem-too-long = This is too long to keep in one piece.
    .next = A text holds 20,000 characters, a topic 200, a name 60, and one piece 60 KB altogether. Split it in two.
problem-nothing-said = There are no words in it yet.
    .next = Write at least one line.
problem-nobody-does = The proposal does not say yet what each of you will do.
    .next = Say what you will do, what the other will do, or both.
problem-no-such = There is nothing here by the name { $what }.
    .next = `troth agreement list` and `troth checkin show` show what is here.
problem-no-such-list = `{ $list }` shows what is here.
problem-not-unique = More than one thing here begins with { $what }.
    .next = Give a few more letters of its name.
problem-which-week = More than one page could be meant: { $weeks }.
    .next = Name the one you mean.
problem-several-wait = Several things wait; name one: { $commands }.
    .next = `troth` shows what waits for you.
problem-yes-would-not-count = Something else was agreed since, and this wording does not build on it.
    .next = Propose these words anew: `troth agreement propose --same-as` with this version's name.
problem-not-yours = Only the one who wrote it can do this.
    .next = You can propose other words instead.
problem-not-on-offer = This wording is no longer on offer.
    .next = Look at the agreement again, or propose these words anew.
problem-not-held-yet = It is not in force yet.
    .next = It can be looked at once you have both said yes.
problem-which-two = Which two of its wordings?
    .next = `troth agreement diff { $name } a b` compares two by their letters.
problem-nothing-waits = Nothing waits for your answer.
    .next = `troth agreement list` shows what is on offer.
problem-your-own = These words are yours: proposing was your yes.
    .next = They wait for { $partner }'s yes. Nothing more is needed from you.
problem-already-said-yes = You have already said yes to these words.
    .next = Nothing more is needed from you.
problem-pick-same = You each said yes to the other's wording.
    .next = `troth agreement show` with its name asks which one it shall be.
problem-too-many-acts = This is as long as it can get in Troth.
    .next = Begin a new agreement, or a new round, and leave this one as it is.
problem-book-full = Your book is as large as it can get in Troth.
    .next = Put away what you no longer need; stepping back and calling back still work.
problem-words-not-here = The words of this are not here.
    .next = If they are still on their way, they come when the two devices meet.
problem-rests-already = Your yes to these words rests here already.
    .next = It is said tomorrow. `troth agreement call-back` takes it back before.
problem-nothing-rests = No yes of yours to these words rests here.
    .next = `troth` shows what rests.
problem-still-stands = Something of this agreement still stands.
    .next = Let it go first: `troth agreement let-go`.
problem-nothing-of-yours-open = Nothing of yours is open here.
    .next = What is not open yet can be called back: `troth checkin cancel`.
problem-nothing-fits = There is nothing here to which this can be said now.
    .next = `troth` shows what waits for you, and `troth open` opens it.
problem-nothing-at-hand = Nothing of this is at hand now.
    .next = { $command } shows what there is, also what is put away.
problem-not-said-of-this = That cannot be said about this.
    .next = `troth help tell` says what can be said about what.
problem-no-longer = This is no longer there to answer.
    .next = It was taken back, or its day has passed. Nothing more is needed from you.
problem-open-first = You have not opened this yet.
    .next = Open it first with `troth open`, in a quiet moment.
problem-nothing-to-open = There is nothing here to open now.
    .next = `troth` shows what waits for you.
problem-apology-unread = There is an apology that you have not read yet.
    .next = Read it first, in a quiet moment: `troth repair open`.
problem-folded = This is put away until you two are through.
    .next = Nothing of it is lost. It is there again two days after the repair, or when the break is over.
problem-said-better = There is a newer wording of this.
    .next = Answer that one: `troth today` shows it.
problem-said-already = You have said this already.
    .next = Nothing more is needed from you.
problem-not-asked-for = This asks you just to listen.
    .next = You can say that you heard it, say thank you, or ask for time.
problem-thanks-first = For a small truth, thanks come first.
    .next = Say thank you, or that you need time; then every other answer is open.
problem-already-asked = You have asked already, or have been asked to tell nobody.
    .next = Saying nothing means no. Until there is a yes, it stays with you.
problem-both-meanings-first = One of you has not said yet what it means.
    .next = Proposals open when both of you have said what it means to you.
problem-same-words = These are the very words you said before.
    .next = They stand as they are. Say it better with other words.
problem-today-or-tomorrow = A bid is for today or tomorrow.
    .next = Leave the day out, or take tomorrow.
problem-break-length = A break lasts from 20 minutes to 24 hours.
    .next = Choose a time of return within that.
problem-repair-is-open = A repair about this agreement is open already.
    .next = Go on with that one: `troth repair show { $id }`.
problem-repair-closed = This repair is over.
    .next = A new one can begin at any time.
problem-not-this-step = The two of you are at step { $step } of this repair.
    .next = `troth repair show` says what that step asks of you.
problem-say-back-first = In this step each of you says back what you heard, and the other marks it.
    .next = Say back what you heard first. You can go on once it is marked, or was taken back.
problem-away-days = What is put away stays here for one day at least.
    .next = `--days` takes a number from 1 on. Without it, the words leave after 90 days.
problem-not-marked-yet = What you said back is not marked yet.
    .next = It is the other's turn now. You can go on once it is marked, or was taken back.
problem-already-taken-back = You have already taken this back.
    .next = Nothing more is needed from you.
problem-foreign-seals = { $partner }'s Troth holds things in your name that the recovery words of this Troth did not seal. Nothing here was changed.
    .next = Give the recovery words of your other Troth: `troth recovery-words`. If you have written nothing here yet, `troth recovery-words --as-they-have-it` takes them without those words.
problem-backup-damaged = This is not a whole backup of Troth. Nothing here was changed.
    .next = Choose the file that `troth backup` wrote.
problem-backup-newer = This backup was written by a newer Troth. Nothing here was changed.
    .next = Update Troth on this device, then restore it again.
problem-backup-of-another = This backup is of another person's Troth, or of another couple. Nothing here was changed.
    .next = Restore it into an empty Troth folder, or into the one it was made of.
problem-backup-passphrase = That passphrase does not open this backup.
    .next = Try again. Nobody can open it without.
problem-written-already = Something has been written here already. Nothing was changed.
    .next = Give the recovery words of your other Troth instead: `troth recovery-words`.
problem-already-ready = You are ready already.
    .next = To change your words, call them back first: `troth checkin cancel`.
problem-not-ready = You have nothing waiting here.
    .next = `troth checkin ready` begins a page.
problem-locked-in = { $partner } is ready too, and both pages are about to open. It cannot be called back any more.
    .next = They open as soon as the two devices meet.
problem-already-open = Your page is already open.
    .next = What you would add goes into the next one, or can be told by itself: `troth say`.
problem-open-not-called-back = Your page is already open: it cannot be called back any more.
    .next = `troth checkin take-back` takes it back.
problem-nothing-open = There is no open page of { $partner }'s here yet.
    .next = It opens when you are both ready.
problem-not-set-up = Troth is not set up here yet.
    .next = Begin with `troth init`.
problem-already-set-up = Troth is already set up here.
    .next = Nothing needs to be done. `troth status` shows how it is.
problem-nothing-set-up = Broken off. Nothing was set up.
    .next = `troth init` begins anew.
problem-words-not-read-back = Broken off. Troth is set up all the same.
    .next = The words above are not shown again: write them down before you close this window.
problem-wrong-passphrase = That passphrase does not open it.
    .next = Try again. If it is lost, your 24 recovery words open it: `troth unlock --recovery-words`.
problem-wrong-words = Those are not the recovery words of this Troth.
    .next = Check the order and the spelling of all 24.
problem-passphrase-too-short = That passphrase is too short to protect anything.
    .next = Take at least eight characters; several words are better.
problem-not-paired = You are not paired with anyone yet.
    .next = `troth pair` begins; your partner does the same.
problem-already-paired = You are already paired with { $partner }.
    .next = For another device, or after a loss: `troth pair again`, both of you. Troth is for exactly two people.
problem-no-window = No pairing is under way.
    .next = `troth pair invite` on one device, `troth pair join` on the other.
problem-bad-invitation = This is not a whole invitation.
    .next = Copy all of it, from `troth:` to its end.
problem-invitation-expired = This invitation has expired.
    .next = Ask for a new one: `troth pair invite` on the other device.
problem-own-invitation = This is the invitation from this very device.
    .next = Use it on your partner's device.
problem-wrong-device = The number did not match three times: at the other end is somebody else's device. Nothing about you was shared, and Troth no longer lets that device in.
    .next = Your invitation is still good: `troth pair state` shows it, and your partner's device takes it with `troth pair join`.
problem-number-changed = The other device has begun again meanwhile. The number that was here no longer counts.
    .next = Compare the new numbers.
problem-own-number = This is the number on your own screen.
    .next = Type the number that your partner's screen shows.
problem-not-six-digits = The number has six digits.
    .next = Type the six digits that your partner's screen shows.
problem-pairing-not-there = The pairing is not at this step.
    .next = `troth pair state` shows where it is.
problem-pairing-ended = The two of you are not paired.
    .next = `troth pair` begins anew, on both devices.
problem-listen-failed = Troth could not listen at { $address }.
    .next = Another program may use it; Troth goes on trying. Before you pair you can choose another: `--listen ADDRESS[:PORT]`.
problem-not-for-us = This file was not carried from your partner's Troth, or is damaged. Nothing here was changed.
    .next = Ask your partner for `troth carry out` once more, and carry that file here.
problem-carry-damaged = This file is damaged or not whole. Nothing here was changed.
    .next = Copy it once more, or have it written anew with `troth carry out`.
problem-carry-newer = This file was written by a newer Troth. Nothing here was changed.
    .next = Update Troth on this device, then carry it in again.
problem-carry-gap = This file begins later than what you have. Nothing here was changed.
    .next = Ask { $partner } for a whole file: `troth carry out --whole FILE`.
problem-refused = { $partner }'s Troth sent something it may not. Nothing here was changed.
    .next = Ask your partner whether Troth is in order there. Exchange goes on with a Troth that is.
problem-refused-in-part = { $partner }'s Troth wrote something into this file that it may not. What stands before it is here now; the rest was not taken in.
    .next = Ask your partner whether Troth is in order there. Exchange goes on with a Troth that is.
problem-disk-full = The disk is full. Nothing was saved, and nothing was lost.
    .next = Make some room and try again. Troth goes on by itself.
problem-disk-read-only = The disk can only be read. Nothing was saved, and nothing was lost.
    .next = Make the disk writable and try again. Troth goes on by itself.
problem-disk-damaged = A part of Troth's file on this disk is damaged. Nothing was changed in it.
    .next = Keep this file as it is. Your partner's device holds all that you both shared; `troth logs` names the damaged part.
problem-store-newer = This Troth folder was written by a newer Troth. Nothing was changed in it.
    .next = Update Troth on this device.
problem-disk-failed = The disk did not take it. Nothing was saved, and nothing was lost.
    .next = Check the disk and try again. `troth logs` tells more.
problem-another-daemon = Troth is already running for this Troth folder.
    .next = Nothing needs to be done; `troth status` talks to it.
problem-foreign-socket = The program that answers for this Troth folder belongs to another user.
    .next = Use a folder of your own with `--home`, or ask who put it there.
problem-no-daemon = Troth is not running in the background.
    .next = `troth service start` starts it; every other command does so by itself.
problem-api-version = The two programs of Troth on this device are of different versions.
    .next = Stop Troth with `troth service stop` and try again.
problem-too-many-clients = Too many programs talk to Troth at once.
    .next = Close some of them and try again.
problem-stopping = Troth is just stopping.
    .next = Try again in a moment.
problem-not-delivered = It is saved here. It has not reached { $partner } yet.
    .next = It goes over by itself when the two devices meet.
problem-needs-terminal = This needs an answer, and there is nobody here to ask.
    .next = Run it in a terminal, or give the words on standard input with `--json`.
problem-needs-yes = This binds or ends something, and there is nobody here to ask.
    .next = Run it in a terminal, or say `--yes`.
problem-no-memory-folder = This computer has no folder that is only in memory, so your words would be written to its disk.
    .next = Write them without `--edit`.
problem-editor-failed = { $editor } could not be opened.
    .next = Name another editor in `VISUAL` or `EDITOR`.
problem-interrupted = Stopped.
    .next = Nothing was said by this command.
problem-internal = Troth made a mistake of its own. What you wrote before is safe.
    .next = `troth logs` tells more. Starting again may help: `troth service stop`, then any command.
problem-no-topic = There is no help on { $what }.
    .next = `troth help` lists the topics.
problem-no-topic-near = There is no help on { $what }.
    .next = Did you mean `troth help { $near }`? `troth help` lists the topics.
problem-stopped-before = Stopped.
    .next = Nothing has happened.
problem-already-let-go =
    { $by ->
        [me] This agreement has already been let go. You ended it on { $day }.
       *[partner] This agreement has already been let go. { $partner } ended it on { $day }.
    }
    .next = To begin it again, propose it anew.
problem-day-passed = { $day } has passed.
    .next = Choose a day that is to come.
problem-no-keyring = No keyring answers here. Nothing was set up.
    .next = `--keys passphrase` takes a passphrase instead.
problem-no-keyring-locked = Your keyring is locked. Nothing was set up.
    .next = Unlock it and try again, or use a passphrase instead: `--keys passphrase`.
problem-no-keyring-slow = Your keyring has not answered; it may be waiting for you. Nothing was set up.
    .next = Unlock it and try again, or use a passphrase instead: `--keys passphrase`.
problem-wrong-number = This is not the number of the device at the other end.
    .next = Read it to each other once more, by voice or side by side, and type what the other screen shows.
problem-wrong-number-last = The number did not match, and this was the last try. Nothing about you was shared.
    .next = Begin again when you can talk to each other: `troth pair invite`.

problem-locked = Troth is locked.
    .next = `troth unlock` asks for your passphrase.
problem-locked-by-hand = Troth is locked.
    .next = `troth unlock` opens it.
problem-locked-keyring = Your keyring is locked, and what opens Troth is in it.
    .next = Unlock the keyring (logging in to the desktop usually does) and try `troth unlock`.
problem-locked-no-keyring = No keyring answers in this login, and what opens Troth is in yours.
    .next = Log in to the desktop and run `troth unlock` there, or open it with your 24 words: `troth unlock --recovery-words`.
problem-locked-key-missing = Your keyring is open, but what opens Troth is not in it.
    .next = If you use more than one keyring, open the right one. Your 24 words open it too: `troth unlock --recovery-words`.
problem-locked-key-foreign = What your keyring holds for Troth does not open this Troth.
    .next = If you use more than one keyring, open the right one. Your 24 words open it too: `troth unlock --recovery-words`.
problem-locked-denied = Your keyring did not let Troth read what opens it.
    .next = Allow it when the keyring asks, then `troth unlock`.
problem-locked-slow = Your keyring has not answered yet; it may be waiting for you.
    .next = Look for a window that asks for the keyring's password, then `troth unlock`.
problem-locked-file-missing = The file that opens Troth is not where it was.
    .next = Put it back, or open with your 24 words: `troth unlock --recovery-words`.

## What was asked wrongly

wrong-next = `troth help scripting` shows what each command reads.
wrong-next-help = `troth help` and the command's name explain it.
wrong-next-command = `troth help { $name }` explains it.
wrong-long-or-deep = This is longer or deeper than any request.
wrong-not-json = This is not JSON.
wrong-not-an-object = This is not a JSON object.
wrong-not-a-call = This is not a JSON-RPC 2.0 call with a whole number as its id.
wrong-not-the-form = This is not JSON of the right form.
wrong-missing-field = The field `{ $field }` is missing.
wrong-unknown-field = There is no field `{ $field }` here.
wrong-unknown-variant = There is nothing called `{ $field }` here.
wrong-unknown-method = There is no request called `{ $field }`.
wrong-no-date = A date is written like 2026-11-22.
wrong-no-slot = A check-in is named by its week, like 2026-W47.
wrong-not-text = What came is not text.
wrong-not-base64 = A piece of a file is written in base64.
wrong-no-cursor = The cursor is not one that was given.
wrong-another-file = Another file is being taken in.
wrong-no-address = An address is HOST:PORT, like 192.0.2.7:4711.
wrong-no-name = A name for scripts is four or more of the characters 0-9 and a-f.
wrong-other-base = Every `base` must be of the `agreement` given.
wrong-no-day = “{ $text }” is not a day. { $like }
wrong-no-week = “{ $text }” is not a week. A week is written like 2026-W47, 47 or last week.
wrong-no-command = There is no command “{ $word }”.
wrong-no-command-near = There is no command “{ $word }”. Did you mean `troth { $near }`?
wrong-no-option = There is no option `{ $option }` here.
wrong-word-too-many = “{ $word }” is one word too many.
wrong-missing = { $what } is missing.
wrong-no-step = The command wants to know which step.
wrong-not-together = `{ $one }` and `{ $other }` do not go together.
wrong-one-of = { $what } is one of: { $all }.
wrong-one-of-these = It is one of these: { $all }.
wrong-no-value = { $what } wants a value.
wrong-not-taken = { $what } does not take “{ $value }”.
wrong-not-here = “{ $value }” does not fit here.
wrong-no-sense = This is not a command.

## Files that could not be used

file-next = Check the path and try again.
file-not-there = { $path } is not there.
file-denied = { $path } could not be used: permission was denied.
file-folder = { $path } is a folder.
wrong-needs-file = An automerge document needs a file name.
file-no-folder = A part of { $path } is not a folder.
file-home-unknown = Your home folder is not known.
file-path-too-long = The path { $path } is too long; a shorter one is needed.
file-another-there = { $path } was not written: another file is there already.
file-story-there = A story is kept in { $path } already.
file-link = { $path } could not be used: it is a link.
file-not-own = { $path } could not be used: it is not this user's own file.
file-somebody-elses = { $path } could not be used: it lies in a folder that somebody else owns or can change.
file-full = { $path } could not be written: the disk is full.
file-read-only = { $path } could not be written: the disk can only be read.
file-other = { $path } could not be used.

## A background program that did not start

start-next = `troth logs` tells more.
start-not-beside = Troth could not start in the background: the program trothd is not beside this one.
start-where-unknown = Troth could not start in the background: this program does not know where it is.
start-system = Troth could not start in the background: the system did not let it.
start-ended = Troth could not start in the background: it ended at once ({ $status }).
start-silent = Troth could not start in the background: it did not answer in time.
start-told = Troth could not start in the background. { $what }
start-manager = The system's manager of programs did not take it: { $told }

## Commands: what each says of itself; one message a command, its arguments below it

cli = Keeps what the two of you have agreed and how you are doing: on your two computers, and nowhere else.
    .home = Everything of one partner under one folder (also: TROTH_HOME).
    .json = One JSON object on standard output; words on standard input as JSON.
    .no_input = Ask nothing.
    .yes = Yes to what would be asked before something binds or ends.
    .edit = Write in your own editor (`VISUAL`, `EDITOR`).
    .wait = After writing, wait until the partner has it, so many seconds at most; else exit 6.
    .help = Show this.
    .version = Show the version, what it was built from, and which formats it speaks.
cli-after = `troth` alone shows Today. `troth help TOPIC` explains more: `troth help` lists the topics.
cli-usage = Usage:
cli-commands = Commands
cli-options = Options
cli-arguments = Arguments
cli-init = Set this device up: your name, and 24 words to keep.
    .keys = Where to keep what opens your Troth: `os` (the system's keyring, if nothing is said), `passphrase`, or `file` (weaker).
    .listen = Where to listen for your partner; all addresses and a free port if not given.
    .mapping = Ask your router to let connections to Troth in, as `troth network mapping on` does.
    .recovery_words = With the 24 recovery words of an earlier Troth of yours: what you wrote there comes back from your partner.
cli-pair = Pair with your partner. Without a step: asks what to do.
cli-status = How everything is.
cli-today = What waits for you, what rests, what is due for a look.
cli-agreement = Propose, answer and look at agreements.
cli-checkin = Check in: both write, and it opens when both are ready.
cli-say = Say something: asks what it is, and goes on as that.
cli-open = Open what your partner told or answered.
    .id = Which one; what waits, if not given.
cli-show = Show something told. What is closed stays closed.
    .id = Which one, by the name that scripts use, or by words of how it begins.
cli-search = Find own and opened words. What is closed, private or told in confidence is never searched.
    .words = What is looked for.
    .all = All that is found, not only the newest.
cli-card = Cards: questions that both of you answer before either sees. Without a deck: the decks.
    .deck = The deck.
    .card = A card of it; the next one, if not given.
cli-card-list = The cards that one of you has taken.
cli-card-show = Show a card, and the answers once both are there.
    .which = The card: by its number in `troth card list`, words of its question, or its deck and its name; the only one that fits, if not given.
cli-card-propose = Propose a line of either answer as an agreement.
    .which = The card: by its number in `troth card list`, words of its question, or its deck and its name; the only one that fits, if not given.
cli-card-fits = Say what fits your life, for cards that take something for granted. Nobody else learns of it.
cli-agreement-did-not-hold = It didn't hold: begin a repair about it.
    .agreement = The agreement.
    .how = How it may have come about: forgot, misunderstood, could-not, circumstances or do-not-know.
cli-told-add = Say something new.
    .agreement = The agreement that did not hold, by words of its topic.
    .about = What it speaks of: a confidence or an asking, or a tender spot; by its number in the list or its name.
    .until = Until this day: 2026-12-31, “31 December”, friday, “in two weeks”.
    .look_again = A day to look at it again.
    .listen_as = How you would like to be listened to: just-listen, help-me-think or lets-talk.
    .page = Which page: name, my-responsibility or my-patterns.
    .how = How it may have come about: forgot, misunderstood, could-not, circumstances or do-not-know.
    .minutes = In how many minutes you are back, 20 to 1440; 45 if not given.
    .tomorrow = For tomorrow.
    .weight = How much it weighs: everyday, tender or big.
cli-told-list = List them, newest first.
    .all = All of them, not only the newest.
cli-told-show = Show one. What is closed stays closed.
    .which = Which one: its number in the list, or words of how it begins.
cli-told-open = Open it, and the answers to it.
    .which = Which one; what waits, if only one does.
cli-told-better = Say better what you told, or what you answered in your own words. It begins anew, without answers.
    .which = Which one.
cli-told-take-back = Take back what you said of it.
    .which = Which one.
cli-told-put-away = Put it away: out of Today and of search. It can still be opened; after a while its words leave both devices.
    .which = Which one.
    .back = Take it out again.
    .days = After so many days; 90 if not given.
cli-told-set-aside = Take it off Today. Nobody else learns of it.
    .which = Which one.
cli-told-keep = Keep a copy of its words in your private pages, or of an answer to it; of a repair, all that you said in it. Nobody else learns of it.
    .which = Which one.
cli-told-write = Write your words of this step; they open when both are ready.
    .which = Which repair; the only one, if not given.
cli-told-heard = “I heard you.”
    .which = Which one; the only one to which it can be said, if not given.
cli-told-thank = “Thank you.”
    .which = Which one; the only one to which it can be said, if not given.
cli-told-need-time = “I need time.”
    .which = Which one; the only one to which it can be said, if not given.
    .until = Until this day: 2026-12-31, “31 December”, friday, “in two weeks”.
cli-told-words = Answer in your own words.
    .which = Which one; the only one to which it can be said, if not given.
cli-told-say-back = Say back what you understood.
    .which = Which one; the only one to which it can be said, if not given.
cli-told-yes = “Yes”; “I accept”; “yes, that's it”.
    .which = Which one; the only one to which it can be said, if not given.
cli-told-not-yet = “Later”; “not yet”; “not quite”.
    .which = Which one; the only one to which it can be said, if not given.
cli-told-listen-as = How you would like to be listened to from now on.
    .words = Which one, and just-listen, help-me-think or lets-talk.
cli-told-tell-nobody = Ask that nobody is told of it. No permission holds against this.
    .which = Which one; the only one of which it can be said, if not given.
cli-told-may-i = Ask whether somebody may hear of it. Saying nothing means no.
    .which = Which one; the only one of which it can be asked, if not given.
cli-told-meaning = Say what it means to you.
    .which = Which one; the only one of which it can be said, if not given.
cli-told-plan = Name the agreement that was proposed out of it.
    .words = Which one, and words of the agreement's topic.
cli-told-done = “Settled”; “I'm back”; through with this step.
    .which = Which one; the only one of which it can be said, if not given.
cli-told-day = Name a day to talk.
    .words = Which one, and the day.
cli-told-apology = Say what you are sorry for.
    .which = Which one; the only one in which it can be said, if not given.
cli-told-stop = Stop it here. Either of you may, at any moment.
    .which = Which one; the only one that is open, if not given.
cli-carry = Carry everything new in a file, with no network.
cli-backup = Keep everything of this Troth in one file under a passphrase.
    .file = The file.
cli-restore = Take a backup in: into an empty Troth folder, or into your own, where it adds what is missing.
    .file = The file.
    .keys = In an empty Troth folder, where to keep what opens it: `os` (the system's keyring, if nothing is said), `passphrase`, or `file` (weaker).
    .listen = In an empty Troth folder: where to listen.
cli-recovery-words = Give the recovery words of an earlier Troth of yours, so that what you wrote there comes back.
    .as_they_have_it = Without words: take everything in your name as your partner has it.
cli-export = Write what is here into a file for other programs.
    .format = How: `markdown`, a text with headings; `json`; both with the texts of open drafts; `ics`, days for a calendar, and each Sunday “Time for two”; `automerge`, a document that any automerge tool opens.
    .book = Which book: `mine` (if nothing is said) or `partners`.
    .draft = A draft instead of a book: words of its title.
    .file = The file; `-` for standard output, but for `automerge`.
    .with_confidences = Also what your partner told you in trust.
cli-pause = Share nothing for a while. To the other it looks like a computer that is off.
cli-resume = Share again.
cli-stop = Stop sharing, at once and without a word.
cli-unlock = Open what is locked.
    .recovery_words = With the 24 recovery words.
cli-lock = Lock Troth; everything stays.
cli-doctor = Which ways to your partner work, and who must act.
cli-reach = Where your partner's device can be reached, if it is not found by itself.
    .address = As `troth doctor` names it there.
    .here = Or call each address of the network this device is in, once: for networks that let nothing pass that is meant for all. Whoever watches this network sees that somebody calls, and not who. `troth help privacy` says who can learn what.
cli-network = Whether your router is asked to let connections to Troth in, and what it says.
cli-network-mapping = Ask your router to let connections to Troth in, or no more. It, and whoever looks at its settings, sees a port and this device.
    .how = `on` or `off`.
cli-notify = Whether your desktop says that there is something for you. It is off until you turn it on, and says one sentence: never from whom or what.
    .how = `on` or `off`.
cli-service = The program in the background.
cli-logs = The log of the program in the background. It holds no words of yours.
    .follow = Go on as it grows.
cli-demo = A story: two partners on this machine, paired, apart, together again.
    .keep = Keep both Troth folders in this folder, and say how to look around in them.
cli-completions = Completions for a shell.
    .shell = Which shell: bash, zsh, fish, elvish or powershell.
cli-man = A manual page for each command, written into a folder.
    .folder = The folder.
cli-help = Explain a topic or a command.
    .topic = The topic or the command; all topics are listed if none is given.
cli-pair-again = With the same partner as before: on another device, or after a loss. Both of you; then as any pairing.
cli-pair-invite = Make an invitation, and wait.
    .nearby = Also look for your partner's device in this network; there, the same is done.
    .listen = Where to listen from now on.
    .again = With the same partner as before.
cli-pair-join = Answer an invitation, read from standard input.
    .listen = Where to listen from now on.
    .again = With the same partner as before.
cli-pair-state = Where it is.
cli-pair-number = Give the six digits on the other screen, read from standard input.
cli-pair-yes = Yes to the person shown.
cli-pair-no = No; ends the pairing.
cli-agreement-propose = Propose words; proposing is your yes.
    .same_as = Propose the words of this wording anew, like “visits b”.
    .change = Propose other words for this agreement; you begin from its words.
    .template = Begin from words that stand ready: `troth agreement templates` lists them.
cli-agreement-templates = Words to begin a proposal from: ground rules, a space plan, questions of your own.
cli-agreement-yes = Yes to these very words. Without a name: to what waits for you.
    .version = The wording.
cli-agreement-call-back = Call back a yes that rests here until tomorrow. Nobody learns of it.
    .version = The wording.
cli-agreement-put-away = Put away an agreement that was let go. Once both of you have, your words in it leave both devices after a while.
    .agreement = The agreement.
    .days = After so many days; 90 if not given.
cli-agreement-not-now = Not now.
    .version = The wording.
cli-agreement-need-time = I need time.
    .version = The wording.
    .until = Until this day: 2026-12-31, “31 December”, friday, “in two weeks”.
cli-agreement-step-back = Step back from a wording.
    .version = The wording.
cli-agreement-let-go = Let an agreement go. Either of you may, at once.
    .agreement = The agreement.
cli-agreement-my-part = Your own part in it, replaced freely.
    .agreement = The agreement.
cli-agreement-look = Look at it again: your words open when both of you are ready.
    .version = The wording.
cli-agreement-show = Show one.
    .agreement = The agreement.
cli-agreement-history = What each of you said about it, and on which day.
    .agreement = The agreement.
cli-agreement-diff = What differs between two wordings, word by word. Without letters: between what is in force and what is on offer.
    .wordings = The agreement, and the letters of two wordings: visits a b.
cli-agreement-print = All that is in force, in full: a page that two would sign.
    .agreement = Only this one.
cli-agreement-list = List them.
    .state = Only those in this state: draft, proposed, in-force, change-proposed, two-yeses, over, let-go or not-agreed.
cli-checkin-ready = Write your page; it opens when both are ready.
    .slot = The week, like 2026-W47, 47 or “last week”; this week if not given. “year” is the long check-in of the year.
cli-checkin-cancel = Not ready after all; your words come back to you.
    .slot = The week; the only one this can be done to, if not given.
cli-checkin-share = Open your page without waiting.
    .slot = The week; the only one this can be done to, if not given.
cli-checkin-take-back = Take back your page that is open: its words leave both devices.
    .slot = The week; the only one this can be done to, if not given.
cli-checkin-heard = “I heard you”, in your own words.
    .slot = The page: a week, or words of a card's question; the only one this can be done to, if not given.
cli-checkin-thank = “Thank you”, for the page that was opened to you.
    .slot = The page: a week, or words of a card's question; the only one this can be done to, if not given.
cli-checkin-need-time = “I need time”, for the page that was opened to you.
    .slot = The page: a week, or words of a card's question; the only one this can be done to, if not given.
    .until = Until this day: 2026-12-31, “31 December”, friday, “in two weeks”.
cli-checkin-keep = Keep a copy of the page that was opened to you in your private pages, for thirty days also if it was taken back. Nobody else learns of it.
    .slot = The page: a week, or words of a card's question; the only one this can be done to, if not given.
cli-checkin-put-away = Put your page away: out of Today and of search. It can still be opened; after a while its words leave both devices.
    .slot = The week; the only one this can be done to, if not given.
    .before = All your check-ins before this week.
    .back = Take it out again.
    .days = After so many days; 90 if not given.
cli-checkin-show = Show one, or all.
    .slot = The week.
cli-carry-out = Write what your partner lacks into a file, sealed for the two of you.
    .file = The file.
    .upto = Only your first so many entries.
    .whole = Everything, also what your partner is believed to have.
cli-carry-in = Take a carried file in. Twice is harmless.
    .file = The file.
cli-service-start = Start it.
cli-service-stop = Stop it.
cli-service-status = Whether it runs, and whether it starts when you log in.
cli-service-install = Start it when you log in.
cli-service-uninstall = No longer start it when you log in.

## Help: one message a topic. Lines that begin with two spaces stay as they are; others flow together

help-begin =
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
    .about = how two people start
    .name = begin

help-pairing =
    In the same network your two devices find each other while both of you run
    `troth pair`. In different ones, one of you answers with the invitation that
    the other's screen shows. Then each screen shows a number of six digits, a
    different one on each. Read yours aloud and type the other's. Nothing about you
    leaves before the number you typed has matched: if somebody stood between the
    two devices, the number you typed would not match.

    Then both of you see the other's name and say yes. A pairing is open for ten
    minutes. Troth is for exactly two people.

    An invitation holds your network address for those ten minutes, and nothing
    that stays secret later.
    .about = what happens when you pair, and why the numbers
    .name = pairing

help-agreements =
    Whoever proposes has said yes. When the other says yes to the very same words,
    and the proposer's device has that yes, it is in force for both.

    Nobody has to begin from nothing: `troth agreement templates` lists words for
    ground rules, a space plan, and questions of your own for every check-in.

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
    `troth agreement yes visits b`. `troth agreement history visits` tells what each
    of you said about it, and on which day.
    .about = proposals, yes, step back, let go
    .name = agreements

help-drafts =
    A draft is a text that both of you type in, character by character: words of an
    agreement, a letter, a list.

      troth draft new              begin one
      troth draft list             the ones that are open
      troth draft edit NAME        in your own editor; what you save goes in
      troth draft edit --live NAME      in the terminal; you see the other type
      troth draft show NAME        read it
      troth draft propose NAME     propose its text as an agreement
      troth draft close NAME       close it

    Type at the same moment or weeks apart: every character of both is kept. A
    draft binds nobody. What is proposed is a copy of its text as it is then.

    Whatever you type is shared as you type it, also what you take out again: your
    partner's program could keep it. What nobody is to see belongs elsewhere.

    Once both of you have closed it, its text and its title leave both devices.
    .about = writing something together
    .name = drafts

help-checkin =
    Each of you writes a page: thanks, what went well, what has not been said, at
    most one thing to talk about, one wish. Your words stay on your device until
    both of you are ready; then both pages open at once.

    Once a year there is a long one, with eight more questions:
    `troth checkin ready --slot year`.

    Until your partner is ready too you can call yours back. After that it will
    open and cannot be recalled. If nobody answers within two weeks your words come
    back to you, and nobody is told.

    Opening your own page without waiting is possible: `troth checkin share`.

    What was opened to you can be answered, and your own page put away:

      heard        what you heard, in your own words
      thank        thank you
      need-time    you need time until a day
      keep         keep a copy in your private pages
      put-away     out of Today and of search; `--before` all before a week

    What is put away can still be read. Its words leave both devices after 90 days,
    or after as many as `--days` says.

    What is open can be taken back: `troth checkin take-back`. If your partner's own
    page was not open yet, nobody sees yours any more, and you may write again. If
    both were open, your words leave your device at once, and your partner's device
    thirty days after it learns of this. Your partner may have kept a copy: Troth
    cannot make anyone forget.
    .about = pages that open when both are ready
    .name = checkin

help-tell =
    Whatever there is to say has a place. `troth say` asks what it is.

    { $kinds }

    `troth help repair` tells the seven steps of a repair.

    Each has the same steps:

      troth thanks add           say it
      troth thanks list          all of them, with numbers
      troth thanks open          open what the other told, and the answers
      troth thanks thank         answer it; each kind shows its answers
      troth thanks show N        look at one; that opens nothing
      troth thanks better N      say it better
      troth thanks take-back N   take it back
      troth thanks put-away N    put it away
      troth open                 open whatever waits

    One is named by its number in the list, by a word of how it begins, or by
    nothing where only one can be meant. Words you typed and did not say are kept,
    and offered again.

    What is told stays closed until the other opens it, and nobody is told whether
    that has happened. What you take back is gone for the other unless it was
    opened; whoever has opened it may keep a copy. Troth cannot make anyone forget.

    You can put away your own thanks, confidences, small truths and requests. What
    is settled, closed or past is put away by itself.

      what             what may be answered
    { $answers }

    A confidence is answered with words only where they are asked for. A small
    truth is thanked first, or needs time first. What is said back of a tender spot or
    a gift of trust, its owner answers with `yes` or `not-yet`. To a bid, `not-yet`
    means “later”; to a break, `done` means “I'm back”.

    A confidence stays with the one who was told it. A permission names who else may
    hear of it, and ends when you take it back; while the two devices are apart the
    other may still see the yes. No permission holds against `tell-nobody`. What is
    told in confidence and small truths are in no search, and are put away while a
    break or a repair is on, and through the day after a repair. If someone is in danger, safety comes before secrecy.

    `troth search WORDS` finds your own words and those you have opened.
    .about = everything you can tell each other, and what may be answered
    .name = tell

help-repair =
    Ana and Ben had agreed to ask before anyone comes to stay, and it did not
    hold. Nobody is asked whose fault it was. One of them says so:

      troth agreement did-not-hold NAME

    If it was not about an agreement, `troth repair add`. From then on
    `troth repair show` says which step the two are at, and what it asks.

      1  When do you talk? `troth repair day DAY`. It is set once both have named
         the same day.
      2  What did you feel? `troth repair write`. It opens when both have written.
      3  Say back what the other felt: `troth repair say-back`. The other says
         `troth repair yes`, or `troth repair not-yet`, and you try again. Then
         each says `troth repair done`.
      4  How did you see it? `troth repair write`. Both views may stand.
      5  What was your own part? `troth repair write`.
      6  `troth repair apology`, if there is something. It may be answered with
         yes or not-yet. Nobody has to. Each says `troth repair done`.
      7  What goes better next time? `troth agreement propose`, and
         `troth repair plan NAME` says that it comes of this. Each says done.

    When it is too much: `troth break add`, with a time of return. The repair
    waits. `troth break done` says that you are back; it is over earlier only when
    both have said so.

    Either of you may end it at any step: `troth repair stop`. Stopping is not
    failing. What was written and had not opened comes back to its writer.

    When both are through, the plan stays, and the rest is put away.
    .about = when something did not hold or hurt: a story in seven steps
    .name = repair

help-cards =
    A card is one open question. Both of you answer it before either sees.

      troth card                    the decks
      troth card DECK               its next card; answer it, skip it, or leave it
      troth card list               those that one of you has taken
      troth card show DECK CARD     the answers, once both are there
      troth card propose DECK CARD  propose a line of one of them
      troth card fits               what fits your life; some cards wait for that

    Light cards come first. One you skip is not offered again by itself. What you
    skip, and what you say about your life, only this device knows.

    A longer check-in asks more: `troth checkin ready --slot 2026` for a year. The
    two of you can have questions of your own in every check-in: an agreement with
    the tag `questions`, a question in each line of its terms.
    `troth agreement propose --template questions` begins one.
    .about = questions that both answer before either sees
    .name = cards

help-carry =
    What is new can go over in a file, with no network:

      troth carry out FILE   write what your partner lacks into a file
      troth carry in FILE    take a file in that your partner carried out

    The file holds what your partner is not known to have; with --whole, everything.
    It is sealed for the two of you. Any order is fine, and twice is harmless.
    Whoever should steal what opens them from one of your devices could read such
    files and make some, also older ones.

    The devices find each other where they were last. If both have moved since, a
    file tells yours where your partner's is, or you do: `troth doctor` there names
    its address, and `troth reach HOST:PORT` here takes it. If both of you are behind
    routers that keep everything out, one router can be asked to let the other
    device in: `troth network mapping on`.
    .about = exchange with no network, or from elsewhere
    .name = carry

help-losses =
    Against a loss, and after one:

      troth backup FILE       everything but private pages, under a passphrase
      troth restore FILE      into an empty Troth folder, or into your own
      troth pair again        both of you: go on with another device

    A backup is an `age` file; any `age` program opens it. Whoever has the file and
    the passphrase can read everything in it.

      lost                      what brings it back
      the device                a backup, then pair again
      device, no backup         `troth init --recovery-words`, then pair again: your
                                partner is asked whether it is you, and yours comes
                                back from that device
      the words too             `troth init`, pair again, and then
                                `troth recovery-words --as-they-have-it`
      Troth with other words    `troth recovery-words` takes those of the other
      words you were ready for  call it back: `troth checkin cancel`
      a file that begins later  the other writes a whole one:
                                `troth carry out --whole FILE`

    A copied or rolled-back Troth simply writes on, and both branches are kept. You
    are told when something in your name comes back; if you copied nothing, somebody
    else did: pair again, and the device before is cut off.

    Private pages are in no backup: they are lost with their device.

    What cannot come back: words that were only on a device that is gone. What is
    forgotten leaves both devices; backups and files made before still hold it, and
    what they bring back goes again at the next meeting; a disk may keep old blocks;
    and your partner may have a copy. Troth cannot make anyone forget. A changed
    program at the other end can withhold words until it chooses to show them, or
    write something that leaves out what it had seen; neither binds you without
    your own yes.
    .about = backups, lost devices, and what can be forgotten
    .name = losses

help-keys =
    Everything on the disk is sealed. What opens it is kept where you chose at
    `troth init`: in the system's keyring, made from a passphrase, or in a file
    (weaker: whoever has the disk has it too).

    The 24 words open it when that is lost: `troth unlock --recovery-words`. They
    are shown once. Whoever has them and your disk can read everything shared; and
    could check with your partner's disk that you wrote what it holds.

      lost                remedy
      the keyring         the 24 words
      the 24 words        nothing is lost while the keyring is there
      the computer        `troth help losses`
      keyring and words   as the computer
    .about = what opens your Troth, and the 24 words
    .name = opening

help-privacy =
    Troth talks to your partner's device and to nothing else, but for your router if
    you want that (`troth network mapping on`). There is no account and no server. It
    counts nothing about a person and keeps no times of day, with two exceptions:
    when a break ends, and whether what you wrote has reached your partner's device.

    It cannot protect you from a partner who owns or has unlocked your computer,
    from being made to give a passphrase, from pictures of a screen, or from a
    changed program at the other end that keeps or withholds words. Troth cannot
    make anyone forget. That program and the network can see that a computer is on,
    and a look at the open ports of a network can learn an id, which is another one
    in each network that your computer joins, as long as the two devices meet.

    Your desktop says nothing of Troth, unless you want it to say that there is
    something for you (`troth notify on`): one sentence, which whoever sees your
    screen sees too.

    The link proves to nobody else what was said; at most that two devices met.
    Entries carry no signature that could be shown to others.

    While you share and the two devices are not connected, each calls the other in
    the network it is in, in packets that are all different. Who learns what:

      who only listens         somebody calls, neither who nor with what program
      who records the calls    can repeat them from the same address for half an
                               hour; who passes them on at once, under that address,
                               can learn that two devices belong together
      your partner             with a device in that network, that yours is in it;
                               connected from elsewhere, your public address, which
                               tells about which town you are in

    `troth pause` ends all of it.
    .about = what Troth keeps to itself, and what it cannot
    .name = privacy

help-afraid =
    If you are afraid of your partner, your safety comes before any agreement.

    You may stop sharing at any moment: `troth stop`. It works at once, without a
    reason and without a message; to the other it looks like a computer that is
    off. `troth pause` looks the same. Think first: sudden silence can make things
    worse with some people, and you know best.

    Everything shared is already on the other's device, and Troth cannot take it
    back. Somebody who knows your computer's password can read what you can read.
    A device that your partner does not know of, a friend's or a library's, is
    safer for looking for help.

    What you type in a terminal is mostly kept by the shell, this command too: the
    arrow up shows it. A space before a command keeps it out: in fish by itself, in
    bash after `HISTCONTROL=ignorespace`, in zsh after `setopt HIST_IGNORE_SPACE`;
    `fish --private` keeps nothing. Emptying the whole of it may itself be noticed.

    Nothing you agreed to here binds you to stay. In most countries there is a
    telephone line that listens, free and at any hour; in an emergency call the
    emergency number.
    .about = if you are afraid
    .name = afraid

help-scripting =
    Every command takes --json: it prints exactly one JSON object with "v":1 on
    standard output, and reads words as JSON from standard input, never from
    arguments. A failure prints {"{"}"v":1,"error":{"{"}"kind","what","next"{"}"}{"}"} on
    standard error, in English. Only additions are made to this.

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

    Each command, and what it reads from standard input:

    { $commands }

    When --wait runs out, what was written is printed as always, and the failure
    besides.

    Dates are YYYY-MM-DD, check-ins are weeks like 2026-W47; both as people say them
    too. An agreement or a wording may be named by four or more first letters of its
    name that no other shares, or as a person does. With --no-input, what binds or
    ends something needs --yes; with --json, the words given are the decision.
    .about = commands for scripts and screen readers
    .name = scripting

help-topics = Topics, for `troth help TOPIC`:
help-commands = `troth --help` lists the commands.

## The story of `troth demo`

demo-begin = Two partners, Ana and Ben, each with a computer. For this story both are this one.
demo-set-up = Each has set Troth up and written down 24 words. Nothing has left either device.
demo-numbers = Ana's screen shows { $ana }, Ben's shows { $ben }. Each types what the other reads out.
demo-paired = The numbers match, both say yes, and they are paired. No server, no account.
demo-agreed = Ana proposes “{ $topic }”. Ben says yes to the very same words: it is in force for both.
demo-apart = Ben offers a change: a day's notice. Then they travel, and their devices cannot reach each other.
demo-apart-yes = Apart, Ana says yes to Ben's offer …
demo-apart-rewrites = … while Ben rewrites it: two days' notice. Ana's yes and Ben's rewriting cross.
demo-apart-page = Ana also writes a check-in page. It stays on Ana's device until Ben has written one too.
demo-back = They are back. In a moment both devices have everything, and both show the same:
demo-screen = { $name }'s screen
demo-binds = What both had agreed on stays in force. Ana's yes was to words that Ben had already taken back, so it binds neither; the new offer waits for Ana. Nothing was lost.
demo-page = Ben writes a page too. Now both are ready, and both open at once:
demo-gone = Both have gone home, and nothing of this is left on this computer.
demo-kept = Both Troth folders are kept. To look around in them:
demo-word-topic = Visits
demo-word-terms = We tell each other before anyone comes to stay.
demo-word-ana = I ask before I invite my sister.
demo-word-ben = You ask before you invite your friends.
demo-word-day-terms = A day's notice is enough.
demo-word-day-me = I give a day's notice.
demo-word-day-you = You give a day's notice.
demo-word-two-terms = Two days' notice.
demo-word-two-me = I give two days' notice.
demo-word-two-you = You give two days' notice.
demo-word-ana-thanks = You fixed the light in the hall.
demo-word-ana-well = It went well that we talked on Sunday.
demo-word-ben-thanks = You waited for me at the station.
demo-word-ben-well = Cooking together.

## What `--version` says

version-formats =
    { $version }
    built from { $commit }
    speaks: local API { $api }, link { $link }, pairing { $pairing }

## What is so when nobody is there, on a full disk, and with a swap

status-not-paired-here = This device is not paired with { $partner }'s. `troth pair` begins; { $partner } begins with `troth pair again`.
sharing-nobody = You are not paired, so nothing is shared with anyone. `troth pair` begins; from then on you share.
reach-here = { $called ->
        [one] Troth calls one address of the network here, once.
       *[other] Troth calls { $called } addresses of the network here, each once.
    } `troth doctor` shows whether the two of you are connected.
reach-here-connected = You are connected already: nobody was called.
reach-here-nowhere = This device is in no network in which addresses can be called one by one: nobody was called.
reach-here-later = Nobody was called: first share again, with `troth resume`.
reach-tries-later = Troth tries this address too, once you share again: `troth resume`.
carried-out-nothing = { $partner } has everything you have shared: { $file } brings nothing new.
rung-disk = disk
rung-memory = memory
why-other-disk = `troth carry out FILE` works, with a FILE on a disk that has room.
why-not-met = You said yes to pairing; it is done once the two devices have met.
why-beginning = Troth is just beginning to listen.
why-named = You named { $at }, which is tried.
rung-networks = networks
rung-call = call
why-linked-at = { $partner }'s device is at { $at }.
why-linked-at-seen = { $partner }'s device is at { $at }, and sees this one at { $seen }.
why-to-be-tried = { $partner }'s device may be at { $at }.
why-tried = Nobody has answered since the network here last changed. { $places }.
why-named-and-tried = You named { $at }, which is tried. Nobody has answered since the network here last changed. { $places }.
word-tried-no-answer = { $at }: no answer ({ $times ->
    [one] tried once
   *[other] tried { $times } times
}, last { $ago } ago)
word-tried-no-way = { $at }: no network leads there ({ $times ->
    [one] tried once
   *[other] tried { $times } times
}, last { $ago } ago)
word-tried-refused = { $at }: a device is there, and nothing listens on it ({ $times ->
    [one] tried once
   *[other] tried { $times } times
}, last { $ago } ago)
word-tried-stranger = { $at }: another program answers there ({ $times ->
    [one] tried once
   *[other] tried { $times } times
}, last { $ago } ago)
word-seconds = { $n ->
    [one] 1 second
   *[other] { $n } seconds
}
word-minutes = { $n ->
    [one] 1 minute
   *[other] { $n } minutes
}
word-hours = { $n ->
    [one] 1 hour
   *[other] { $n } hours
}
why-own-networks = This device is in { $own }.
why-same-network = This device is in { $own }. { $partner }'s was known at an address with the same numbers, which many networks have: it may be another one.
why-public-here = This device has the public address { $at }; a router or firewall on the way may still let nobody in.
why-public-there = { $partner }'s device was at the public address { $at }; a router or firewall on the way may still let nobody in.
why-no-common-network = This device is in { $own }; { $partner }'s was known at { $theirs }, which is elsewhere, and no address of the two is public. Where it is now is not known here.
why-not-called = Not called.
why-nowhere-to-call = There is no network here to call in.
why-called-nobody = Called in { $own }; nobody answered. If { $partner }'s device is on and in this network, the network keeps devices apart, as in many hotels, or a firewall does.
label-act-apart = if you are in two networks, both of you: `troth reach` with an address that leads there from outside, or a carried file
label-act-kept-apart = if you are in one network: `troth reach --here`, then a hotspot of one of you, or a carried file
why-waits-for-disk = Nothing comes in while this disk takes nothing. Troth goes on trying.
why-disk-takes = It takes what you write.
why-disk-full = The disk is full: nothing new can be saved. What was saved is safe.
why-disk-read-only = The disk can only be read: nothing new can be saved. What was saved is safe.
why-no-swap = It is not written to a disk: this system has no swap.
why-swap-sealed = The system's swap is encrypted.
why-swap-plain = The swap at { $at } is not encrypted: what is in memory, your words too, may end up on that disk.
why-swap-unknown = Whether the swap at { $at } is encrypted cannot be told from here.
label-act-partner-yes = your partner, if that yes is not said yet
label-act-disk-below = you: see the disk below
label-act-room = you: make some room
label-act-writable = you: make it writable
label-act-swap = you: encrypt the swap, or do without it
label-act-look-swap = you: see whether it is
problem-not-shared-unsaved = Nothing is shared from now on. The disk did not take that, so Troth would share again when it next starts.
    .next = Make some room on the disk, then say it once more.

## Drafts that both type in

cli-draft = Write something together, character by character.
cli-draft-new = Begin a draft that both of you type in.
    .form = agreement, letter or list; a letter if not given.
cli-draft-list = The drafts that are open.
cli-draft-show = Show one.
    .draft = Words of its title, or its number in the list.
cli-draft-edit = Open it in your own editor; what you save goes in beside what the other types.
    .draft = Words of its title, or its number in the list.
    .live = Type in the terminal, and see what the other types as it comes.
cli-draft-propose = Propose its text as an agreement.
    .draft = Words of its title, or its number in the list.
cli-draft-close = Close it; once both of you have, it leaves both devices.
    .draft = Words of its title, or its number in the list.
ask-draft-title = What is it called?
ask-draft-empty = Nothing is left of the text. Take all of it out?
ask-draft-close = Close it? Once { $partner } closes it too, it leaves both devices.
ask-draft-close-both = Close it? { $partner } has closed it, so it leaves both devices now.
draft-begun = It is begun, and { $partner } can type in it too: `troth draft edit { $name }`.
draft-typed = This draft takes nothing more. You typed:
draft-typed-gone = You typed this for a draft that you have both closed. It was not in it:
ask-draft-there = Is what you typed in it already?
ask-draft-put-down = Put it into your private pages?
draft-as-before = Nothing was changed.
draft-saved = What you typed is saved.
draft-reads-now = What you typed is saved. With what { $partner } typed meanwhile it reads:
draft-closed = It is closed on your side. Until { $partner } closes it too, it can be read and stays.
draft-closed-both = Both of you have closed it: it leaves both devices.
draft-closed-me = You have closed it; { $partner } has not.
draft-closed-partner = { $partner } has closed it.
draft-begun-me = Begun by you on { $day }.
draft-begun-partner = Begun by { $partner } on { $day }.
draft-empty = Nothing stands in it yet.
word-draft-untitled = A draft without a title
draft-live = Both of you see what you type, and erase. Escape leaves.
drafts-none = No draft is open. `troth draft new` begins one.
word-draft-agreement = agreement
word-draft-letter = letter
word-draft-list = list
news-began-draft = { $partner } began “{ $topic }”, to be written together.
news-closed-draft = { $partner } closed “{ $topic }”, which you wrote together.
notice-draft-kept = You both closed a draft, and some of your words in it had not reached { $partner }. They are among your private pages, or come there once these have a passphrase: `troth private`.
problem-too-many-drafts = More drafts are open than two people can write at once.
    .next = Close one: `troth draft close`.
problem-draft-is-closed = That draft is closed.
    .next = `troth draft new` begins another.
problem-draft-full = That is more than this draft takes. Nothing of it was saved.
    .next = Type less, or begin another: `troth draft new`. What was taken out of a draft counts, too.
problem-drafts-full = That is more than your open drafts take together, or this one has come apart too often. Nothing of it was saved.
    .next = Close one that you need no more: `troth draft close`. Or wait until you have exchanged.
problem-draft-not-woven = The draft's text could not be put together. Nothing of it is lost.
    .next = Try once more; `troth backup` keeps everything that was typed.
problem-not-the-text = The text is not the one that this was typed in. Nothing was changed.
    .next = Read it anew, and type once more.

## Private pages

cli-private = What you write for nobody else.
cli-private-list = Your private pages, newest first.
cli-private-show = One of them.
    .page = Its number in the list.
cli-private-journal = Write into your journal.
cli-private-letter = Write a letter that is not sent.
cli-private-mistrust = Look at mistrust: what you feel, where from, what to ask.
cli-private-have-i = Ask yourself: have I …?
cli-private-keep = Put something in while they are locked; read it once they are open.
cli-private-copy = Copy what is open into your private pages; nobody is told.
cli-private-copy-checkin = The pages of a check-in.
    .slot = Which week; the newest that is open if none.
cli-private-copy-agreement = An agreement.
    .agreement = Which one: its number in the last list, or words of its topic.
cli-private-edit = Change one.
    .page = Its number in the list.
cli-private-drop = Throw one away.
    .page = Its number in the list.
cli-private-passphrase = Set or change their passphrase.
    .anew = It is forgotten: throw away what is in them, and begin anew.
help-private =
    Private pages are yours alone. Nothing of them is shared: no word, no number,
    no time. They have a passphrase of their own.

      troth private               sit down with them: list, read, write
      troth private journal       write into your journal
      troth private letter        write a letter that is not sent
      troth private mistrust      look at mistrust: what you feel, and from where
      troth private have-i        ask yourself: have I …?
      troth private keep          put something in while they are locked
      troth private list          all of them
      troth private show N        one of them, by its number
      troth private edit N        change one
      troth private drop N        throw one away
      troth private copy checkin  keep a copy of what is open; nobody is told
      troth private copy agreement NAME
      troth private passphrase    set or change their passphrase

    Nothing in them is required, and everything may stay empty.

    If the passphrase is forgotten, the pages are lost. Neither the 24 words nor
    your partner can bring them back; `troth private passphrase --anew` begins anew.
    They are in no backup. Opened with `troth private` they lock themselves after
    five minutes without use, and when the computer sleeps; `troth lock` locks
    everything.

    Their file is there for everyone, and always as large. Troth writes it anew at
    random moments, whether you use it or not, so that its times tell nothing. Who
    watches this computer all the while can see more. Your shell may remember
    which commands you typed; their words never stand there.
    .about = pages for nobody else, and their passphrase
    .name = private
ask-private-passphrase = The passphrase of your private pages:
ask-private-new = A passphrase for your private pages, eight characters or more:
ask-private-new-or-later = A passphrase for your private pages, eight characters or more (empty: later):
ask-private-anew = Throw away whatever is in your private pages, and begin anew?
ask-private-drop = Throw this page away? It cannot be brought back.
ask-private-to = To whom? (may be empty)
ask-private-words = What do you want to write?
ask-private-keep = What do you want to put down?
ask-private-chosen = Which of these do you want to say or ask? Their numbers (empty: none):
ask-private-ask = Ask this of { $partner }? You read it once more before it is said.
ask-private-next = A page's number to read it; or journal, letter, mistrust, have I, edit or drop and a number, list (empty: done):
ask-mistrust-feel = What do I feel?
ask-mistrust-from = Is it from then, or from now?
ask-mistrust-whose = Is it something the other did, something in me, or both?
ask-mistrust-ask = What do I want to ask?
ask-have-i-unsaid = Have I left something unsaid that the other would want to know?
ask-have-i-yes = Have I said yes and meant no?
ask-have-i-promised = Have I promised something and not kept to it?
ask-have-i-told = Have I told others what was meant for me alone?
ask-have-i-small = Have I made something small that matters to the other?
ask-have-i-end = Have I called the two of us into question in the heat of a quarrel?
ask-have-i-silent = Have I gone silent, or kept away, in a way that hurts?
word-private-journal = journal, j
word-private-letter = letter, l
word-private-mistrust = mistrust, m
word-private-have-i = have i, have-i, h
word-private-drop = drop, d
word-private-edit = edit, e
word-private-list = list
label-private-journal = journal
label-private-letter = letter, not sent
label-private-draft = put down
label-private-mistrust = mistrust
label-private-have-i = have I …?
label-private-copy = copy
private-passphrase-tells = Private pages are for what you tell nobody. They have a passphrase of their own. If you forget it, they are lost: neither the 24 words nor your partner nor anybody else can bring them back.
private-passphrase-set = From now on this passphrase opens your private pages.
private-anew = The pages that are there now, and whatever waits to be read in them, would be gone for good.
private-mistrust = Mistrust, looked at. Nobody else reads this, nothing has to be answered, and nobody judges what is written here.
private-have-i = Only about yourself, and only for you. Nothing has to be answered.
private-sentences = These are your sentences:
private-nothing = Nothing was written.
private-written = Saved, as page { $page } of your private pages.
private-chosen = Saved, as page { $page }. What you chose is page { $letter }, a letter that is not sent:
private-copied = Copied, as page { $page } of your private pages. Nobody is told.
private-kept = It is in your private pages, and can be read once they are open.
private-dropped = Thrown away.
private-empty = Your private pages are empty.
private-closed = Your private pages are locked again.
private-locked-meanwhile = Your private pages have locked themselves meanwhile. What you typed is still here.
backup-not-private = Your private pages stay on this device alone, and are lost with it.
notice-private-damaged = The file of your private pages could not be read. It is kept beside the new one, as `private.damaged-1` or the like.
notice-private-gone = The file of your private pages is gone from this disk. Troth has made a new, empty one: `troth private passphrase` begins anew.
notice-private-older = The file of your private pages is older than the one that was here before: somebody or some program put it back. What was written since is not in it.
problem-private-locked = Your private pages are locked.
    .next = Their passphrase opens them: `troth private`.
problem-wrong-private-passphrase = That passphrase does not open your private pages.
    .next = Try again. Nothing else opens them.
problem-no-private-passphrase = Your private pages have no passphrase yet.
    .next = Set one, and they are yours: `troth private passphrase`.
problem-private-full = Your private pages are full. Nothing was saved.
    .next = Throw some away: `troth private drop N`. What was put in while they were locked moves over when they are opened.

## What they tell each other. `told-KIND` is what a kind is called; its attributes are sentences, questions and labels, found by the tables

told-thanks = Thanks
    .command = Thanks: what the other did, and what it says of the other.
    .explain = Thanks for something { $partner } did, and what it says of { $partner }.
    .mine = You thanked { $partner }.
    .closed = { $partner } has something to thank you for.
    .open = { $partner } thanks you.
    .did = For this: { $words }
    .says_of_you = What it says: { $words }
    .ask_did = What did { $partner } do?
    .ask_says_of_you = What does it say of { $partner }? (may be empty)
told-confidence = Told in confidence
    .command = What is told in confidence.
    .explain = Something you tell { $partner } in confidence. It stays between the two of you unless you say otherwise.
    .mine = You told { $partner } something.
    .closed = { $partner } has something to tell you, when you have a quiet moment.
    .open = { $partner } told you something.
    .text = { $words }
    .ask_text = What do you want to tell { $partner }?
told-permission = Permission
    .command = With whom the other may speak of it.
    .explain = With whom { $partner } may speak of what you told in confidence, and of which part.
    .mine = { $partner } may tell { $whom }. You can end this at any time.
    .mine-part = { $partner } may tell { $whom }: { $part }. You can end this at any time.
    .open = You may tell { $whom }.
    .open-part = You may tell { $whom }: { $part }.
    .mine-unread = You said whom { $partner } may tell. You can end this at any time.
    .open-unread = { $partner } has said whom you may tell.
    .ask_with_whom = Whom may { $partner } tell?
    .ask_part = Which part of it? (empty: all)
told-small-truth = A small truth
    .command = Small truths; thanks come first.
    .explain = A small truth that is not said yet. Thanks come first.
    .mine = You told { $partner } a small truth.
    .closed = { $partner } has told you a small truth. You can begin by thanking.
    .open = { $partner } told you a small truth.
    .text = { $words }
    .beneath = What lies beneath: { $words }
    .ask_text = What is the small truth?
    .ask_beneath = What lies beneath it? (may be empty)
told-tender-spot = A tender spot
    .command = Where one is easily hurt, said back until it is understood.
    .explain = Where you are easily hurt, and what helps. { $partner } says back what was understood.
    .mine = You showed { $partner } a tender spot.
    .closed = { $partner } has shown you a tender spot. Say back what you understood, in your own words.
    .open = { $partner } showed you a tender spot.
    .area = About: { $words }
    .text = { $words }
    .helps = What helps: { $words }
    .ask_area = What is it about, in a few words? (may be empty)
    .ask_text = Where are you easily hurt?
    .ask_helps = What helps then? (may be empty)
told-trust-given = Trust given
    .command = What one now allows; it can be taken back at any time.
    .explain = What you now allow, and its bounds. Only you give it, and you can take it back at any time.
    .mine = You gave { $partner } trust. You can take it back at any time.
    .closed = { $partner } gives you trust. Say back what you understood.
    .open = { $partner } gives you trust.
    .allows = What is allowed: { $words }
    .bounds = Its bounds: { $words }
    .ask_allows = What do you allow now?
    .ask_bounds = Within which bounds? (may be empty)
told-to-talk-about = Something to talk about
    .command = The list of what the two of you want to talk about.
    .explain = A topic for the list of the two of you; a few words are enough. First each of you says what it means.
    .mine = This is on the list.
    .closed = { $partner } would like to talk about something. First, what does it mean to you?
    .open = { $partner } would like to talk about this. First, what does it mean to you?
    .topic = The topic: { $words }
    .when = When … { $words }
    .felt = … I felt … { $words }
    .would_like = … and I would like … { $words }
    .ask_topic = What is it about, in a few words? (may be empty)
    .ask_when = When …? (may be empty)
    .ask_felt = … I felt … (may be empty)
    .ask_would_like = … and I would like … (may be empty)
told-ask = A request
    .command = What one asks of the other.
    .explain = Something you ask of { $partner }. A yes, other words or time: each is an answer.
    .mine = You asked { $partner }.
    .closed = { $partner } asks you for something.
    .open = { $partner } asks you this.
    .text = { $words }
    .ask_text = What do you ask of { $partner }?
told-bid = A bid
    .command = Small bids for a moment together, today or tomorrow.
    .explain = A small bid for a moment together, today or tomorrow: look at the moon, a walk, a hug. Then it is gone.
    .mine = You called: “{ $line }”
    .open = { $partner }: “{ $line }”
    .ask_line = Which small moment would you like with { $partner }?
told-break = A break
    .command = A break with a time of return.
    .explain = A break with a time of return, when it is too much. It holds for both of you at once.
    .mine = A break till { $time }. Breathe.
    .open = A break till { $time }. Breathe.
    .note = { $words }
    .ask_note = A word with it, if you wish:
told-repair = A repair
    .command = When something did not hold or hurt: seven steps.
    .explain = When an agreement did not hold, or words hurt: seven steps, each at your own pace.
    .mine = You would like the two of you to repair something.
    .mine-topic = Our agreement about “{ $topic }” didn't hold.
    .open = { $partner } would like the two of you to repair something.
    .open-topic = Our agreement about “{ $topic }” didn't hold.
    .words = { $words }
    .ask_words = What happened, in your own words? (may be empty where an agreement is named)
told-about-me = A page of one's own
    .command = Pages about oneself, side by side.
    .explain = What you are called, what you take responsibility for, or your own patterns. Yours alone to rewrite.
    .mine =
        { $page ->
            [name] You told { $partner } what you are called.
            [my_responsibility] You wrote what you take responsibility for.
           *[my_patterns] You wrote about your own patterns.
        }
    .open =
        { $page ->
            [name] { $partner } told you a name.
            [my_responsibility] This is what { $partner } takes responsibility for.
           *[my_patterns] These are { $partner }'s own patterns.
        }
    .text = { $words }
    .ask_text =
        { $page ->
            [name] What would you like { $partner } to call you?
            [my_responsibility] What do you take responsibility for?
           *[my_patterns] Which patterns of your own do you know?
        }

head-told = { $what }, { $day }
thing-you-took-back = You took this back. { $partner } may have kept a copy. Troth cannot make anyone forget.
thing-you-took-back-answer = You took back what you had answered.
thing-they-took-back = { $partner } took this back.
thing-may-keep = You may keep a copy in your private pages, for thirty days: { $command }. Nobody is told.
thing-folded = Put away until you two are through.
thing-folded-me = { $partner } will see this when you two are through.
thing-said-earlier = Said earlier:
thing-gone = Its words have left this device.
thing-older = This is an earlier wording, or was answered to one.
thing-came-back = { $partner } would like you just to listen. Your words are back with you.
thing-put-away = Put away. It can still be opened.
thing-put-away-short = Put away.
thing-listen-me =
    { $way ->
        [help_me_think] You asked { $partner } to help you think.
        [lets_talk] You asked { $partner } to talk about it with you.
       *[just_listen] You asked { $partner } just to listen.
    }
thing-listen-them =
    { $way ->
        [help_me_think] { $partner } would like you to help with thinking.
        [lets_talk] { $partner } would like to talk about it with you.
       *[just_listen] { $partner } would like you just to listen.
    }
thing-nobody-me = You asked that nobody is told.
thing-stays = This stays with you.
thing-permission-all-me = This is for all that you tell { $partner } in confidence, also later.
thing-permission-all-them = This is for all that { $partner } tells you in confidence, also later.
thing-until = Until { $day }.
thing-spot = It touches this tender spot: { $words }
thing-spot-closed = It touches a tender spot that you have not opened yet: `troth tender-spot open`.
thing-spot-taken-back = The tender spot that it touches was taken back. This stays.
thing-spot-trust = If you wish, trust can stand beside it: `troth trust-given add`.
thing-look-again = You look at it again on { $day }.
thing-time-me = You asked for time until { $day }.
thing-time-them = { $partner } needs time until { $day }.
thing-settled = Settled for both of you.
thing-danger = If someone is in danger, safety comes before secrecy.
thing-plan = The proposal: `troth agreement show { $name }`.
thing-page = { $command } shows what stands there.
thing-can = { $what }: { $command }.
thing-by-me = By you, { $day }.
thing-by-them = By { $partner }, { $day }.
thing-unopened = { $partner } has answered.
word-open-it = Open it
word-keep-own = Keep a copy of your own words
word-found = Found
how-forgot = It was forgotten.
how-misunderstood = It was misunderstood.
how-could-not = It could not be done.
how-circumstances = Circumstances got in the way.
how-do-not-know = How it came about is not known yet.
told-list-begins = { $what }: { $words }
told-list-more = These are the newest; `--all` shows the rest, too.
told-list-none = There is nothing here yet. { $command } begins.
told-list-nothing = Neither of you has told anything yet. `troth say` begins.
told-set-aside = It no longer stands on Today. { $partner } does not learn of it.
told-be-near = Maybe go and be near { $partner } now.
search-nothing = Nothing of what you can find holds these words. What is closed, private or told in confidence is never searched.

## What they answer. `answer-VERB` says what can be done; its attributes are sentences, and what is asked for its words

answer-heard = Say that you heard it
    .mine = You said: I heard you.
    .theirs = { $partner } heard you.
    .news = { $partner } heard you.
    .words = What did you hear, in your own words? (may be empty)
answer-thank = Say thank you
    .mine = You said thank you.
    .theirs = { $partner } thanked you.
    .news = { $partner } thanked you.
    .words = A word with it, if you wish:
answer-thank-small-truth = Say thank you for telling
    .mine = You thanked { $partner } for telling.
    .theirs = { $partner } thanked you for telling.
    .news = { $partner } thanked you for telling.
    .words = A word with it, if you wish:
answer-thank-bid = Say thank you
    .mine = You said thank you.
    .theirs = { $partner } says thank you.
    .news = { $partner } says thank you for “{ $line }”
    .words = A word with it, if you wish:
answer-need-time = Ask for time
    .mine = You asked for time until { $day }.
    .theirs = { $partner } needs time until { $day }.
    .news = { $partner } needs time until { $day }.
answer-words = Answer in your own words
    .mine = You answered:
    .theirs = { $partner } answered:
    .news = { $partner } has answered.
    .words = What would you like to answer?
answer-words-advice = Say what you think of it
    .mine = You said what you think of it:
    .theirs = { $partner } said this, as you had asked:
    .news = { $partner } has answered.
    .words = What would you like to say to it, kindly?
answer-say-back = Say back what you understood
    .mine = You said back:
    .theirs = { $partner } said back:
    .news = { $partner } said back what you wrote. Is that it?
    .words = What did you understand, in your own words?
answer-yes = Say yes
    .mine = You said yes.
    .theirs = { $partner } says yes.
    .news = { $partner } has answered.
    .words = A word with it, if you wish:
answer-yes-bid = Say yes
    .mine = You said yes.
    .theirs = { $partner }: yes.
    .news = { $partner } to “{ $line }”: yes.
    .words = A word with it, if you wish (when, where):
answer-yes-apology = Accept it
    .mine = You said: I accept.
    .theirs = { $partner } accepts.
    .news = { $partner } has answered what you were sorry for.
    .words = A word with it, if you wish:
answer-yes-say-back = Say: yes, that's it
    .mine = You said: yes, that's it.
    .theirs = { $partner }: yes, that's it.
    .news = { $partner } has answered what you said back.
    .words = A word with it, if you wish:
answer-not-yet-bid = Say: later
    .mine = You said: later.
    .theirs = { $partner }: later.
    .news = { $partner } to “{ $line }”: later.
    .words = A word with it, if you wish (when then):
answer-not-yet-apology = Say: not yet
    .mine = You said: not yet.
    .theirs = { $partner }: not yet.
    .news = { $partner } has answered what you were sorry for.
    .words = What do you still need? (may be empty)
answer-not-yet-say-back = Say: not quite
    .mine = You said: not quite.
    .theirs = { $partner }: not quite.
    .news = { $partner } has answered what you said back.
    .words = What is still missing? (may be empty)
answer-listen-as = Say how you would like to be listened to
    .mine =
        { $way ->
            [help_me_think] From then on you asked { $partner } to help you think.
            [lets_talk] From then on you asked { $partner } to talk about it with you.
           *[just_listen] From then on you asked { $partner } just to listen.
        }
    .theirs =
        { $way ->
            [help_me_think] From then on { $partner } would like you to help with thinking.
            [lets_talk] From then on { $partner } would like to talk about it with you.
           *[just_listen] From then on { $partner } would like you just to listen.
        }
answer-tell-nobody = Ask that nobody is told
    .mine = You asked that nobody is told.
    .theirs = { $partner } asks that nobody is told. This stays with you.
answer-may-i = Ask whether somebody may hear of it
    .mine = You asked whether { $whom } may hear of this. Until { $partner } says yes, it stays with you.
    .theirs = { $partner } asks whether { $whom } may hear of this. Saying nothing means no; yes is `troth permission add`.
    .news = { $partner } asks whether somebody may hear of what you told. Saying nothing means no.
    .mine-yes = You asked whether { $whom } may hear of this, and { $partner } said yes.
    .mine-answered = You asked whether { $whom } may hear of this. { $partner } has answered.
    .mine-stays = You asked whether { $whom } may hear of this. It stays with you.
    .theirs-yes = { $partner } asked whether somebody may hear of this, and you said yes.
    .theirs-answered = { $partner } asked whether somebody may hear of this. You have answered.
    .theirs-stays = { $partner } asked whether somebody may hear of this. It stays with { $partner }.
    .with_whom = Who would hear of it?
    .part = Which part of it? (may be empty)
may-i-before = You ask whether { $whom } may hear of this.
may-i-part = Which part: { $words }
answer-meaning = Say what it means to you
    .mine = You said what it means to you:
    .theirs = { $partner } said what it means:
    .news = { $partner } has said what it means.
    .words = What does it mean to you?
answer-plan = Name the proposal that comes of it
    .mine = A proposal of yours came of it.
    .theirs = { $partner } named a proposal that comes of it.
answer-done = Say that it is settled for you
    .mine = You said that it is settled.
    .theirs = { $partner } said that it is settled.
answer-done-break = Say that you are back
    .mine = You are back.
    .theirs = { $partner } is back. You?
answer-done-repair = Finish this step
    .mine = You finished step { $step }.
    .theirs = { $partner } finished step { $step }.
answer-day = Name a day
    .mine = You named { $day }.
    .theirs = { $partner } named { $day }.
    .words = A word with it, if you wish (when, where):
answer-apology = Say what you are sorry for
    .mine = You said what you are sorry for:
    .theirs = { $partner } is sorry:
    .news = { $partner } has said something you may want to read.
    .words = What are you sorry for?
answer-stop = Stop here
    .mine = You stopped this repair. Stopping is not failing.
    .theirs = { $partner } stopped this repair. Stopping is not failing.
    .words = A word with it, if you wish:

## What is asked for something told

ask-permission-there = { $partner } may tell { $whom } already. Look at that permission instead?
ask-tell = Say this to { $partner }?
ask-tell-did-not-hold = Say to { $partner } that your agreement about “{ $topic }” didn't hold?
ask-say-kind = Which of these is it, by its number? (empty: none)
ask-which-told = Which one, by its number?
ask-told-take-back = Take this back? { $partner } may have kept a copy. Troth cannot make anyone forget.
ask-told-end-permission = End this permission? What you told stays as it is.
ask-told-take-back-repair = Take this back? The repair stops with it. { $partner } may have kept a copy. Troth cannot make anyone forget.
ask-listen-as = How would you like to be listened to: 1 just listen, 2 help me think, 3 let's talk? (empty: just listen)
ask-permission-for = Which of these may { $partner } speak of, by its number? “all” stands for all that you tell { $partner } in confidence, also later. (empty: leave it)
ask-permission-for-asked = Which of these may { $partner } speak of, by its number? “all” stands for all that you tell { $partner } in confidence, also later. (empty: { $number }, as { $partner } asks)
ask-permission-until = Until which day? (empty: until you end it)
ask-time-until = Until when do you need time?
ask-trust-spot = Which tender spot of yours does it touch, by its number? (empty: none of them)
ask-trust-look-again = When do you want to look at it again? (empty: not set)
ask-how = How may it have come about: 1 forgot, 2 misunderstood, 3 could not, 4 circumstances, 5 do not know? (empty: not said)
ask-page = Which page: 1 name, 2 my responsibility, 3 my patterns?
ask-break-minutes = In how many minutes are you back? (empty: 45)
ask-repair-agreement = Which agreement did not hold, by a word of its topic? (empty: none, it is about something else)
ask-yes-ask = Say yes to this?
ask-yes-apology = Accept this apology?
ask-repair-stop = Stop this repair here? Stopping is not failing.
ask-repair-done = Are you through with this step? Then the two of you go on together.
ask-repair-write =
    { $step ->
        [2] What did you feel?
        [4] How did you see it? Both views may stand.
       *[5] What was your own part in it?
    }
edit-told =
    Write under the headings, save and close. Nothing leaves before you have read
    it whole and said yes. What stays empty is left out.
word-just-listen = just listen, listen
word-help-me-think = help me think, help
word-lets-talk = let's talk, lets talk, talk
word-forgot = forgot, it was forgotten
word-misunderstood = misunderstood, it was misunderstood
word-could-not = could not, it could not be done
word-circumstances = circumstances
word-do-not-know = do not know, don't know
word-name = name
word-my-responsibility = my responsibility, responsibility
word-my-patterns = my patterns, patterns

## Breaks and repairs

break-on = A break till { $time }. Breathe.
break-passed = It is { $time }. Not back yet? Suggest a new time, or say that you are back.
break-over = The break is over.
break-they-are-back = { $partner } is back. You?
break-you-are-back = You are back. The break is till { $time }, or until { $partner } is back too.
break-you-are-back-already = You are back.
break-back-at = Back at { $time }.
ask-break-waits = The two of you are on a break till { $time }, and the repair waits. Go on all the same?
head-step =
    { $step ->
        [2] What each of you felt
        [4] How each of you saw it
       *[5] The own part of each of you
    }
repair-step =
    { $step ->
        [1] Step 1 of 7. When do you two talk? It is set once both have named the same day.
        [2] Step 2 of 7. What did you feel? Neither sees the other's until both are done.
        [3] Step 3 of 7. Say back what { $partner } felt, as you understood it. Each marks the other's.
        [4] Step 4 of 7. How did you see it? Neither sees the other's until both are done.
        [5] Step 5 of 7. What was your own part? Neither sees the other's until both are done.
        [6] Step 6 of 7. What are you sorry for, if anything? Nobody has to apologise or accept to go on.
       *[7] Step 7 of 7. What will you two do so that it goes better? A proposal can come of it.
    }
repair-do =
    { $step ->
        [1] To do: `troth repair day DAY`.
        [2] To do: `troth repair write`.
        [4] To do: `troth repair write`.
        [5] To do: `troth repair write`.
        [6] To do: `troth repair apology`, if there is something; then `troth repair done`.
       *[7] To do: `troth agreement propose`, then `troth repair plan NAME`, if you wish; then `troth repair done`.
    }
repair-break-or-stop = When it is too much: `troth break add`. Either of you may also stop here, which is no failing: `troth repair stop`.
repair-do-say-back = To do: `troth repair say-back`.
repair-do-read-back = { $partner } has said back what you felt: `troth repair open`.
repair-do-mark = Is that it, what { $partner } said back? `troth repair yes` or `troth repair not-yet`.
repair-do-done = To do: `troth repair done`. You can also say it back once more.
repair-do-theirs = Now it is { $partner }'s turn.
repair-do-read-apology = { $partner } has apologised: `troth repair open`, in a quiet moment.
repair-do-answer-apology = You can answer it, if you wish: `troth repair yes` or `troth repair not-yet`.
repair-day = You two talk on { $day }.
repair-my-days = You named { $days }.
repair-their-days = { $partner } named { $days }.
repair-you-done = You have finished this step.
repair-they-done = { $partner } has finished this step.
repair-through = You two are through. The plan stays. The rest is put away.
repair-stopped = The repair was stopped here. Stopping is not failing.
repair-walked = You two go on with the other repair about this agreement: `troth repair show { $name }`.
today-step =
    { $step ->
        [1] A repair, step 1 of 7: when do you two talk?
        [2] A repair, step 2 of 7: what did you feel?
        [3] A repair, step 3 of 7: each of you says back what was heard.
        [4] A repair, step 4 of 7: how did you see it?
        [5] A repair, step 5 of 7: what was your own part?
        [6] A repair, step 6 of 7: what are you sorry for, if anything?
       *[7] A repair, step 7 of 7: what will you two do?
    }
today-step-topic =
    { $step ->
        [1] The repair about “{ $topic }”, step 1 of 7: when do you two talk?
        [2] The repair about “{ $topic }”, step 2 of 7: what did you feel?
        [3] The repair about “{ $topic }”, step 3 of 7: each of you says back what was heard.
        [4] The repair about “{ $topic }”, step 4 of 7: how did you see it?
        [5] The repair about “{ $topic }”, step 5 of 7: what was your own part?
        [6] The repair about “{ $topic }”, step 6 of 7: what are you sorry for, if anything?
       *[7] The repair about “{ $topic }”, step 7 of 7: what will you two do?
    }
today-trust = The day has come to look again at trust that you gave.
today-answered = { $partner } has answered.

## Cards, and longer check-ins

head-card = A card
head-look = A review
head-look-of = Review of “{ $topic }”
label-more = { $asked } { $words }
card-decks = `troth card` with the name that stands in brackets offers a card of that deck. Both of you answer before either sees.
card-none = This deck offers no card now. `troth card list` shows those that one of you has taken.
card-list-none = Neither of you has taken a card yet. `troth card` shows the decks.
card-skipped = This card is not offered again by itself. Nobody learns of it.
card-left = This card stays for another day.
card-fits = Some cards take something for granted. They are offered only where you say that it fits your life. Nobody else learns of it.
card-fits-kept = This is known to this device only.
card-then-ground = From this a ground rule can come: `troth agreement propose --template { $template }`.
card-then-propose = From this an agreement can come: `troth agreement propose`.
card-then-line = A line of either answer can become an agreement: `troth card propose { $card }`.
card-then-responsibility = Each of you can write this on a page of your own: `troth about-me add --page my-responsibility`.
card-then-patterns = Each of you can write your patterns on a page of your own: `troth about-me add --page my-patterns`.
card-then-thank = Perhaps there is something to say thanks for: `troth thanks add`.
card-then-ask = Perhaps there is something to ask: `troth ask add`.
card-then-repair = If more is needed, a repair can begin: `troth repair add`.
ask-card = Answer it? [yes / skip it / not now]
ask-card-line = Which line would you like to propose, by its number? (empty: none)
ask-card-answer = Your answer:
word-skip = skip, s, skip it
ask-fits-lives-together = Do you two live together, or mean to?
ask-fits-shares-money = Is some of your money shared?
ask-fits-children = Are there children in your life?
ask-fits-wants-children = Are children wished for, or thought about?
ask-fits-marriage = Are you married, or do you think about it?
ask-fits-sex = Is sex something to talk about here?
ask-fits-faith = Does faith have a place in your life?
ask-fits-past-partners = Was there a love before this one?
ask-fits-living-parents = Is at least one of your parents living?
ask-fits-paid-work = Do you work for pay?
ask-year-1 = What from this year would you like to remember in ten years?
ask-year-2 = In which hard moment of this year did the two of you hold together?
ask-year-3 = What have you learned about your partner that you did not know a year ago?
ask-year-4 = What have you learned about yourself?
ask-year-5 = Which agreement has carried the two of you, and which has become too tight?
ask-year-6 = What have the two of you let rest that deserves a calm hour?
ask-year-7 = Where would you like more room of your own, and where more of each other?
ask-year-8 = What would you like the two of you to have begun a year from now?

## Leaving with everything

# `me` and `partner` are names.
head-export = { $me } and { $partner }, { $day }
head-export-agreements = Agreements
head-export-pages = Check-ins, cards and reviews
head-export-answers = Answers
head-export-steps = Steps of repairs
head-export-left-out = To something that { $partner } told you in trust
head-export-drafts = Drafts
export-older = An earlier wording:
export-unopened = What { $partner } told or answered and is not opened here is not in this file.
# What a calendar shows to whoever looks over a shoulder: it tells nothing.
label-calendar-look = Look
label-calendar-back = Back
label-calendar-checkin = Time for two
