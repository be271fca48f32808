### Every sentence of Troth that a person reads. One message is one whole sentence, or more; none is made of pieces.
### What begins with `head-`, `state-`, `rung-`, `label-`, `word-` or `cli` stands by itself and is no sentence.
### Names of people are `$partner`; a sentence never needs to know whether that is a he or a she.

## Names, days, answers

# Where no name is known yet. May stand at the beginning of a sentence. `DATIVE($partner)` is the second of these for it,
# and any name as it is.
word-unnamed = dein Gegenüber
word-unnamed-dative = deinem Gegenüber
word-day =
    { $date }. { $month ->
        [1] Januar
        [2] Februar
        [3] März
        [4] April
        [5] Mai
        [6] Juni
        [7] Juli
        [8] August
        [9] September
        [10] Oktober
        [11] November
       *[12] Dezember
    } { $year }
# What a person may type, each list in its order, with commas between.
word-months = januar, februar, märz, april, mai, juni, juli, august, september, oktober, november, dezember
word-weekdays = montag, dienstag, mittwoch, donnerstag, freitag, samstag, sonntag
word-numbers = ein, zwei, drei, vier, fünf, sechs, sieben, acht, neun, zehn, elf, zwölf
word-one = ein, eine, einem, einen, einer
word-quoted = „{ $words }“
word-today = heute
word-tomorrow = morgen
word-after-tomorrow = übermorgen
word-in = in
word-next = nächsten, nächste, nächster, am, kommenden, kommende
word-of = of, der, den, dem, am, bis
word-days = tag, tage, tagen
word-weeks = woche, wochen
word-month = monat, monate, monaten
word-years = jahr, jahre, jahren
word-this-year = jahr, dieses jahr, year
word-this-week = diese woche, diese
word-last-week = letzte woche, letzte
word-next-week = nächste woche, nächste, kommende woche
word-next-month = nächsten monat, nächster monat
word-week = woche, kw
word-yes = j, ja
word-no = n, nein
word-all = alles, alle
word-change = ä, ändern
word-keep = behalten
word-let-go = loslassen, gehen lassen

day-like = Einen Tag schreibst du zum Beispiel so: 2026-12-31, 31. Dezember, 31.12.2026, morgen, Freitag oder in zwei Wochen.

## Questions

ask-yes = { $question } [j/N]
ask-yes-unless = { $question } [J/n]
ask-settled = { $question } [ja / ändern / nein]
ask-needed = Das kann nicht leer bleiben.
ask-more-than-a-line = Enter beendet eine Antwort. `--edit` hinter dem Befehl öffnet deinen Editor, für mehr als eine Zeile.
ask-as-before = { $question } (leer: wie bisher)
ask-try-again = Das ließ sich nicht speichern. Deine Worte sind noch hier. Noch einmal versuchen?
ask-which-agreement = Welche ist es? Die Nummer:
ask-lacks-agreement = Welche Vereinbarung, nach Wörtern ihres Themas oder ihrer Nummer in `troth agreement list`?
ask-lacks-wordings = Von welcher Vereinbarung, nach Wörtern ihres Themas oder ihrer Nummer in `troth agreement list`?
ask-repair-day = An welchem Tag könnt ihr reden?
ask-lacks-name = Welches, nach seiner Nummer in der letzten Liste oder nach seinem Anfang?
ask-lacks-draft = Welcher Entwurf, nach Wörtern seines Titels oder seiner Nummer in `troth draft list`?
ask-lacks-page = Welche Seite, nach ihrer Nummer in `troth private list`?
ask-lacks-words = Welche Wörter suchst du?
ask-lacks-format = In welchem Format: markdown, json, ics oder automerge?
ask-lacks-file = Welche Datei?
ask-lacks-folder = Welcher Ordner?
ask-lacks-address = Welche Adresse, zum Beispiel 192.0.2.7:4711?
ask-lacks-how = An oder aus: on oder off?
ask-lacks-shell = Für welche Shell: bash, elvish, fish, powershell oder zsh?
ask-which-wording = Welche Fassung ist es? Der Buchstabe:
ask-note = Eine Notiz, wenn du magst:
ask-same-as = Genau diese Worte neu vorschlagen?
ask-say-yes = Ja zu genau diesen Worten?
ask-step-back = Von diesen Worten zurücktreten? Sie gelten dann für niemanden von euch. Niemand muss zustimmen, und du musst nicht sagen, warum.
ask-let-go = Loslassen? Dann endet es sofort, für euch beide. Niemand muss zustimmen, und du musst nicht sagen, warum.
ask-my-part = Dein Teil daran:
ask-look = Wie war es bisher?
ask-lean = Wozu neigst du: behalten, ändern oder loslassen?
ask-choose = Welche soll es sein? Der Buchstabe (leer: jetzt nicht):
ask-propose = { $partner } das vorschlagen?
ask-topic = Worum geht es, in wenigen Worten?
ask-terms = Was vereinbart ihr?
ask-do-me = Was wirst du tun?
ask-do-partner = Was wird { $partner } tun?
ask-do-one = Mindestens eine Person von euch tut etwas: Schreib es hier hin, auch wenn es für beide gleich ist.
ask-both =
    { $by ->
        [me] Soll dasselbe auch für dich gelten?
       *[partner] Soll dasselbe auch für { $partner } gelten?
    }
ask-when = Wenn etwas geschieht, tut jemand von euch etwas. Wenn …? (leer: nichts mehr)
ask-then-who = Wer tut dann etwas? [ich / { $partner } / beide]
ask-then-who-again = Möglich ist: ich, { $partner }, beide.
word-when = wenn
word-both-do = beide, wir beide
word-me = ich
ask-then = Dann:
ask-not-meant = Was ist nicht gemeint? (darf leer bleiben)
ask-trial = Ist es auf Probe? Bis zu welchem Tag? (leer: keine Probe)
ask-look-again = Wann wollt ihr es wieder ansehen? (leer: offen)
ask-big = Ist es etwas Großes, sodass das Ja dazu erst einen Tag ruht?
head-agreed-question = Ihr habt ausgemacht, euch das zu fragen:
ask-agreed-question = Deine Antwort: (leer: keine)
ask-heard = Was hast du gehört, in deinen eigenen Worten?
ask-editor = { $editor } behält vielleicht eigene Kopien von dem, was du schreibst; Troth kann das nicht sehen. Trotzdem öffnen?
ask-editor-again = Den Editor noch einmal öffnen?
ask-editor-take = Der Editor hat mit einem Fehler geendet, oder um abzubrechen. Das Gespeicherte trotzdem nehmen?
edit-propose =
    Schreib unter die Überschriften, speichere und schließ. Nichts wird
    vorgeschlagen, bevor du alles gelesen und Ja gesagt hast. Was leer bleibt,
    fällt weg. Für ein weiteres „Wenn“ schreib seine zwei Überschriften noch einmal.
edit-checkin =
    Schreib unter die Überschriften, speichere und schließ. Nichts geht hinaus,
    bevor du alles gelesen und Ja gesagt hast. Was leer bleibt, fällt weg. Für
    einen weiteren Dank schreib seine zwei Überschriften noch einmal.
edit-when = Wenn das geschieht …
edit-then-me = … tust du das:
edit-then-partner = … tut { $partner } das:
edit-not-meant = Was ist nicht gemeint?
edit-trial = Ist es auf Probe? Bis zu welchem Tag?
edit-look-again = Wann wollt ihr es wieder ansehen?
edit-big = Ist es etwas Großes, sodass das Ja dazu erst einen Tag ruht? (ja oder nein)
edit-thanks = Danke: Was hat { $partner } getan?
edit-talk-when = Eine Sache zum Reden: Als …
edit-unknown = „{ $head }“ ist keine der Überschriften; es steht bei den Worten davor.
edit-astray = Vor der ersten Überschrift stehen Worte. Sie werden nicht übernommen.
edit-yes-or-no = Ob es etwas Großes ist: ja oder nein.
edit-half = Zu jedem „Wenn“ gehört, was dann getan wird, und umgekehrt.
ask-ready = Bist du mit diesen Worten bereit?
ask-thanks = Danke: Was hat { $partner } getan? (leer: nichts mehr)
ask-thanks-says = Was sagt das über { $partner }?
ask-went-well = Was ist gut gelaufen?
ask-not-yet-said = Was hast du noch nicht gesagt?
ask-talk-when = Eine Sache zum Reden: Als …? (leer: nichts)
ask-talk-felt = … habe ich gefühlt …
ask-talk-would-like = … und ich wünsche mir …
ask-wish = Ein Wunsch:
ask-share = Deine Seite jetzt öffnen, ohne zu warten: { $slot }? { $partner } kann sie sofort lesen, auch ohne selbst eine geschrieben zu haben.
ask-take-back-unseen = Deine Seite zurücknehmen: { $slot }? Die von { DATIVE($partner) } ist noch nicht offen, darum sieht { $partner } deine dann nicht mehr. Du kannst neu schreiben.
ask-take-back-open = Deine Seite zurücknehmen: { $slot }? Ihre Worte verlassen dieses Gerät sofort, und das Gerät von { DATIVE($partner) } dreißig Tage, nachdem es davon erfährt. { $partner } hat vielleicht eine Kopie behalten: Troth kann niemanden zum Vergessen bringen.
ask-name = Dein Name, so wie dein Gegenüber ihn sehen soll:
ask-earlier-words = Die 24 Wiederherstellungswörter deines früheren Troth, der Reihe nach:
ask-at-login = Soll Troth starten, wenn du dich anmeldest, damit sich die beiden Geräte von selbst treffen?
ask-new-passphrase = Eine Passphrase, die Troth nach jedem Start öffnet, acht Zeichen oder mehr:
ask-new-backup-passphrase = Eine Passphrase für die Sicherung, acht Zeichen oder mehr:
ask-once-more = Noch einmal dasselbe:
ask-passphrase = Deine Passphrase:
ask-recovery-words = Deine 24 Wörter, der Reihe nach:
ask-word-back = Wort { $number }:
ask-backup-passphrase = Die Passphrase der Sicherung:
ask-passphrase-instead = Statt des Schlüsselbunds eine Passphrase nehmen?
ask-as-they-have-it = Alles in deinem Namen so übernehmen, wie dein Gegenüber es hat, ohne zu prüfen, ob es von dir ist?
ask-invitation = Die Einladung:
ask-invitation-rest = Der Rest davon: (leer: das war alles)
ask-invitation-or-nearby = Eine Einladung von deinem Gegenüber, falls du eine hast (leer: in diesem Netz nach dem anderen Gerät suchen):
ask-number = Die Zahl auf dem anderen Bildschirm:
ask-pair-same = Ist das { $partner }, dieselbe Person wie vorher, auf einem Gerät, auf dem noch nichts ist? { $partner } bekommt zurück, was ihr beide habt. Ja?
ask-pair-take-back = { $partner } hat, was ihr beide früher geschrieben habt. Zurückholen und das hier teilen?
ask-pair-again = Ist das { $partner }, und willst du mit diesem Gerät weitermachen? Das vorige wird abgetrennt.
ask-pair-new = Ist das dein Gegenüber, und willst du das teilen?

## While asking

name-fits = Ein Name ist eine Zeile mit 1 bis 60 sichtbaren Zeichen, jedes Wort in einem Alphabet, ohne Anführungszeichen und ohne Satzende darin, und nicht „du“.
passphrases-differ = Die beiden waren nicht gleich.
passphrase-from-now-on = Für dieses Troth, von jetzt an:
words-not-in-list =
    { $count ->
        [one] Wort { $places } steht nicht in der Liste der Wiederherstellungswörter.
       *[other] Diese stehen nicht in der Liste der Wiederherstellungswörter: { $places }.
    }
words-count = Es sind 24 Wiederherstellungswörter; das hier sind { $count }.
words-check = Jedes Wort steht in der Liste, aber zusammen passen sie nicht: Vielleicht sind zwei vertauscht.
word-back-wrong = Das ist ein anderes Wort. Sieh auf deinem Blatt bei Nummer { $number } nach.
one-moment = Einen Augenblick …
word-back-done = Dein Blatt stimmt.
words-read-back = Jetzt drei davon, von deinem Blatt:
ask-kept = { $question } [ja / nein / vergessen]
ask-kept-go-on = Damit weitermachen?
kept-here = Das hast du früher geschrieben und noch nicht gesagt:
kept-unsaid = Deine Worte sind auf diesem Gerät für das nächste Mal aufgehoben. Sonst sieht sie niemand.
kept-not = Deine Worte konnten nicht aufgehoben werden.
kept-oldest-gone = Für so viele aufgehobene Worte ist hier kein Platz. Die ältesten davon sind fort.
word-forget = v, vergessen
came-back-to-you = Diese Worte sind zu dir zurückgekommen. Niemand hat sie gesehen.
opens-at-once = Die Seite von { DATIVE($partner) } ist bereit. Wenn du bereit bist, öffnen sich beide sofort.

## How everything is

status-not-paired = Du bist noch mit niemandem gekoppelt. `troth pair` beginnt; dein Gegenüber macht dasselbe.
status-pairing = Ihr seid gerade dabei, euch zu koppeln. Mit `troth pair` geht es weiter.
status-paused = Du pausierst. Mit `troth resume` geht es weiter.
status-stopped = Du hast das Teilen beendet.
status-has-all = { $partner } hat alles, was du geteilt hast.
status-not-all = Einiges von dem, was du geschrieben hast, ist noch nicht bei { DATIVE($partner) }.
status-not-set-up = Troth ist hier noch nicht eingerichtet. `troth init` beginnt.
status-me = Du bist { $me }.
status-linked = Dein Gerät und das von { DATIVE($partner) } sind verbunden.
status-met-today = Ihr seid euch zuletzt heute begegnet.
status-met = Ihr seid euch zuletzt am { $day } begegnet.
status-taking-over = Was { $partner } hat, kommt gerade herüber. Es geht von selbst weiter.
sharing-paused =
    Du pausierst. Für dein Gegenüber sieht es aus wie ein Computer, der aus ist.
    Plötzliche Stille kann es schlimmer machen; du weißt es am besten. Mit `troth resume` geht es weiter.
sharing-on = Du teilst wieder.
sharing-stopped =
    Du hast das Teilen beendet. Für dein Gegenüber sieht es aus wie ein Computer, der aus ist.
    Bei manchen Menschen macht plötzliche Stille es schlimmer; du weißt es am besten. Eine Pause sieht genauso aus: `troth pause`.
    Alles, was du hast, bleibt hier; `troth export` schreibt es dir in eine Datei. `troth resume` teilt wieder, wenn du magst.
network-mapping-on = Dein Router, und wer in seine Einstellungen sieht, sieht einen Port und dieses Gerät. Pausieren, das Teilen beenden und `troth network mapping off` nehmen die Freigabe wieder weg.
notify-on = Wer diesen Bildschirm sieht, sieht dann, dass hier Troth benutzt wird und etwas für dich da ist, nie, von wem oder was. `troth notify off` beendet das.
reach-tries = Troth versucht von jetzt an auch diese Adresse. `troth doctor` zeigt, ob ihr beide verbunden seid.
locked-now = Troth ist verschlossen.
open-now = Troth ist offen.
running-now = Troth läuft im Hintergrund.
running-version = Troth { $version } läuft im Hintergrund.
stopped-now = Troth ist angehalten. Der nächste Befehl startet es.
at-login = Es startet, wenn du dich anmeldest.
not-at-login = Es startet mit dem nächsten Befehl, und nicht, wenn du dich anmeldest: Dafür sorgt `troth service install`.
label-login-about = Troth: was ihr beide vereinbart habt

notice-refused = Das Troth von { DATIVE($partner) } hat etwas geschickt, was es nicht darf. Hier wurde nichts geändert.
notice-counts-for-nothing = Das Troth von { DATIVE($partner) } hat etwas geschrieben, was hier nichts bewirkt. Es wird aufbewahrt; du brauchst nichts zu tun.
notice-foreign-seals = Das Troth von { DATIVE($partner) } hat Dinge in deinem Namen, die nicht mit den Wiederherstellungswörtern von diesem Troth versiegelt sind. Wenn sie aus einem früheren Troth von dir sind, nimmt `troth recovery-words` dessen Wörter an, und sie kommen zurück. Wenn du hier noch nichts geschrieben hast, übernimmt `troth recovery-words --as-they-have-it` sie ohne.
notice-came-back = Etwas in deinem Namen ist von { DATIVE($partner) } zurückgekommen. Wenn du dieses Gerät nicht kopiert oder wiederhergestellt hast, koppelt euch neu: `troth pair again`, ihr beide.
notice-another-copy = Eine zweite Kopie vom Troth von { DATIVE($partner) } läuft. Gehört wird nur auf die, die zuletzt kam. Bitte { $partner }, eine von beiden zu beenden. Weiß dort niemand von einer Kopie, koppelt euch neu: `troth pair again`, ihr beide.
notice-another-of-mine = Eine Kopie von diesem Troth hat sich nach diesem hier mit { DATIVE($partner) } getroffen. Nur eines der beiden kann verbunden sein: Beende das andere, oder koppelt euch neu.
notice-listen-failed = Troth konnte sich unter { $address } nicht erreichbar machen. `troth doctor` sagt, warum.
notice-damaged = Ein Teil der Datei von Troth auf dieser Festplatte ließ sich nicht lesen. Alles andere ist hier; was { $partner } vom Rest hat, kommt zurück, wenn sich die beiden Geräte treffen.
notice-older-part = Ein Teil der Datei von Troth auf dieser Festplatte ist älter als der Rest oder fehlt. Was { $partner } davon hat, kommt zurück, wenn sich die beiden Geräte treffen.
notice-forgotten = Zurückgenommene oder lange weggelegte Worte haben diese Festplatte verlassen. In Sicherungen und Dateien von vorher stehen sie noch.
notice-not-forgotten-yet = Worte, die gehen sollen, sind noch auf dieser Festplatte. Troth versucht es wieder.
notice-forgotten-there = Im Buch von { DATIVE($partner) } stehen manche Worte nicht mehr; du hast deine Kopie.
notice-yes-not-said = Dein Ja zu „{ $topic }“ würde nicht mehr zählen und wurde nicht gesagt.
notice-newer = Einiges hier wurde mit einem neueren Troth geschrieben. Es wird aufbewahrt und gezeigt, sobald dieses hier aktualisiert ist.
notice-paired-again = Du und { $partner } seid neu gekoppelt. Das vorige Gerät ist abgetrennt, und Dateien von vorher lassen sich nicht mehr öffnen.

## Today

head-waiting = Wartet auf dich
head-resting = Ruht
head-to-look-at = Zum Ansehen
today-nothing = Heute wartet nichts auf dich. `troth agreement propose` oder `troth checkin ready` beginnt etwas Neues.
today-nothing-waits = Heute wartet nichts auf dich.
today-on-offer = Vorgeschlagen: { $topics }.
today-more-news = Davor kam noch mehr. Du findest es bei der Vereinbarung, beim Check-in oder beim Gesagten.
today-proposal = { $partner } schlägt „{ $topic }“ vor.
today-change = { $partner } schlägt eine Änderung an „{ $topic }“ vor.
today-overtaken = „{ $topic }“: Seit dem Vorschlag von { DATIVE($partner) } wurde etwas anderes vereinbart. Die Worte lassen sich neu vorschlagen.
today-set-aside = „{ $topic }“: jetzt nicht, hast du gesagt.
today-set-aside-until = „{ $topic }“: Du brauchst Zeit bis zum { $day }.
today-two-yeses = „{ $topic }“: Ihr habt jeweils Ja zur Fassung eures Gegenübers gesagt. Welche soll es sein?
today-ready = { $partner } ist bereit: { $slot }.
today-opened = Die Seite von { DATIVE($partner) } ist offen: { $slot }.
today-ready-look = { $partner } ist bereit mit einem Rückblick auf „{ $topic }“; nun du?
today-opened-look = Was { $partner } über „{ $topic }“ geschrieben hat, ist offen.
today-came-back = Deine Worte sind zu dir zurückgekommen: { $slot }. Niemand hat sie gesehen.
today-words-lost = Du bist bereit: { $slot }. Deine Worte dazu sind nicht auf diesem Gerät. Die Seite zurückholen?
today-void = Die Seite von { DATIVE($partner) } ließ sich nicht öffnen: { $slot }. Bitte { $partner }, sie noch einmal zu schreiben.
today-resting = Dein Ja zu „{ $topic }“ ruht bis zum { $day }.
today-resting-a-day = Dein Ja zu „{ $topic }“ ruht hier einen Tag lang.
today-look-again = Es ist Zeit, „{ $topic }“ wieder anzusehen.
today-trial-over = Die Probe von „{ $topic }“ ist vorbei. Was vorher war, kommt dadurch nicht zurück.
word-slot-week = das Check-in der Woche { $week }
word-slot-year = das lange Check-in von { $year }
word-slot-repair = ein Schritt der Klärung
word-slot-card = eine Karte
word-slot-card-asked = die Karte „{ $asked }“
word-card = karte
word-slot-look = ein Rückblick
word-slot-look-of = der Rückblick auf „{ $topic }“
word-look = Rückblick
news-in-force = { $partner } hat Ja zu „{ $topic }“ gesagt: Es gilt.
news-yes = { $partner } hat Ja zu „{ $topic }“ gesagt.
news-not-now = { $partner } hat zu „{ $topic }“ gesagt: jetzt nicht.
news-not-now-note = { $partner } hat zu „{ $topic }“ gesagt: jetzt nicht. Eine Notiz ist dabei.
news-needs-time = { $partner } braucht Zeit für „{ $topic }“.
news-needs-time-until = { $partner } braucht Zeit für „{ $topic }“, bis zum { $day }.
news-stepped-back = { $partner } ist von „{ $topic }“ zurückgetreten.
news-stepped-back-note = { $partner } ist von „{ $topic }“ zurückgetreten, mit einer Notiz.
news-let-go = { $partner } hat „{ $topic }“ losgelassen.
news-let-go-note = { $partner } hat „{ $topic }“ losgelassen, mit einer Notiz.
news-part = { $partner } hat den eigenen Teil an „{ $topic }“ geschrieben.
news-thanked = { $partner } hat sich bedankt: { $slot }.
news-said-back = { $partner } hat mit eigenen Worten wiedergegeben, was du geschrieben hast: { $slot }.
news-heard = { $partner } hat dich gehört: { $slot }.
news-permission = { $partner } hat gesagt, wem du davon erzählen darfst. (`troth permission open`)

## Agreements

state-draft = ein Entwurf
state-proposed = vorgeschlagen
state-in-force = gilt
state-change-proposed = gilt, eine Änderung ist vorgeschlagen
state-two-yeses = zweimal Ja zu zwei Fassungen
state-over = vorbei
state-let-go = losgelassen
state-not-agreed = nicht vereinbart
state-version-proposed = offen
state-version-in-force = gilt
state-version-replaced = ersetzt
state-version-ended = losgelassen
state-version-not-agreed = nicht vereinbart
state-version-two-yeses = eine von zweien, zu denen ihr Ja gesagt habt
state-version-over = eine Probe, die vorbei ist
agreements-none = Es gibt noch keine Vereinbarungen. `troth agreement propose` beginnt eine.
label-agreement = { $topic }: { $state }
label-wording =
    { $by ->
        [me] { $letter }  { $state }, vorgeschlagen von dir am { $day }
       *[partner] { $letter }  { $state }, vorgeschlagen von { DATIVE($partner) } am { $day }
    }
agreement-two-yeses = Ihr habt jeweils Ja zur Fassung eures Gegenübers gesagt. Welche soll es sein? Es ist nichts schiefgegangen. Bis ihr wählt, bleibt, was vorher war.
agreement-two-yeses-do = Eines ist zu tun: Eine Person wählt, und die andere sagt Ja. `troth agreement show { $name }` fragt, welche.
agreement-over = Die Probe ist vorbei. Was vorher war, kommt dadurch nicht zurück.
agreement-both-offer = Ihr habt beide eine Fassung vorgeschlagen. Nichts ist verloren.
agreement-diff = `troth agreement diff { $name }` zeigt, was sich unterscheidet.
agreement-rests = Dein Ja ruht hier bis zum { $day }, und niemand erfährt vorher davon. `troth agreement call-back` nimmt es zurück.
wording-not-here = Ihre Worte sind nicht hier.
wording-both-yes-your-turn = Ihr habt beide Ja gesagt. Es gilt, sobald dein Ja beim Troth von { DATIVE($partner) } ist.
wording-both-yes = Ihr habt beide Ja gesagt. Es gilt, sobald sich die beiden Geräte treffen.
wording-waits-partner = Wartet auf das Ja von { DATIVE($partner) }.
wording-waits-you = Wartet auf deine Antwort.
wording-still-open = Du kannst jederzeit noch Ja sagen.
wording-overtaken = Inzwischen wurde etwas anderes vereinbart, und diese Worte bauen nicht darauf auf. Sie lassen sich neu vorschlagen.
wording-same-words = Ihr habt beide genau dieselben Worte vorgeschlagen. Ein Ja von einer Seite genügt, und sie gelten.
wording-need-time =
    { $by ->
        [me] Du brauchst Zeit bis zum { $day }.
       *[partner] { $partner } braucht Zeit bis zum { $day }.
    }
wording-not-now =
    { $by ->
        [me] Du hast gesagt: jetzt nicht. { $note }
       *[partner] { $partner } hat gesagt: jetzt nicht. { $note }
    }
wording-stepped-back =
    { $by ->
        [me] Du bist am { $day } zurückgetreten. { $note }
       *[partner] { $partner } ist am { $day } zurückgetreten. { $note }
    }
wording-look-keep =
    { $by ->
        [me] Du hast sie wieder angesehen und neigst dazu, sie zu behalten: { $words }
       *[partner] { $partner } hat sie wieder angesehen und neigt dazu, sie zu behalten: { $words }
    }
wording-look-change =
    { $by ->
        [me] Du hast sie wieder angesehen und neigst dazu, sie zu ändern: { $words }
       *[partner] { $partner } hat sie wieder angesehen und neigt dazu, sie zu ändern: { $words }
    }
wording-look-let-go =
    { $by ->
        [me] Du hast sie wieder angesehen und neigst dazu, sie loszulassen: { $words }
       *[partner] { $partner } hat sie wieder angesehen und neigt dazu, sie loszulassen: { $words }
    }
history-proposed =
    { $by ->
        [me] Am { $day } hast du diese Worte vorgeschlagen, Fassung { $letter }.
       *[partner] Am { $day } hat { $partner } diese Worte vorgeschlagen, Fassung { $letter }.
    }
history-proposed-change =
    { $by ->
        [me] Am { $day } hast du andere Worte vorgeschlagen, Fassung { $letter }, anstelle von { $before }.
       *[partner] Am { $day } hat { $partner } andere Worte vorgeschlagen, Fassung { $letter }, anstelle von { $before }.
    }
history-yes =
    { $by ->
        [me] Am { $day } hast du Ja zu Fassung { $letter } gesagt.
       *[partner] Am { $day } hat { $partner } Ja zu Fassung { $letter } gesagt.
    }
history-agreed = Damit wart ihr euch beide einig.
history-replaced = Sie trat an die Stelle von { $before }.
history-trial-over = Die Probe mit Fassung { $letter } ging bis zum { $day }.
history-look-keep =
    { $by ->
        [me] Am { $day } hast du Fassung { $letter } wieder angesehen und neigtest dazu, sie zu behalten.
       *[partner] Am { $day } hat { $partner } Fassung { $letter } wieder angesehen und neigte dazu, sie zu behalten.
    }
history-look-change =
    { $by ->
        [me] Am { $day } hast du Fassung { $letter } wieder angesehen und neigtest dazu, sie zu ändern.
       *[partner] Am { $day } hat { $partner } Fassung { $letter } wieder angesehen und neigte dazu, sie zu ändern.
    }
history-look-let-go =
    { $by ->
        [me] Am { $day } hast du Fassung { $letter } wieder angesehen und neigtest dazu, sie loszulassen.
       *[partner] Am { $day } hat { $partner } Fassung { $letter } wieder angesehen und neigte dazu, sie loszulassen.
    }
history-stepped-back =
    { $by ->
        [me] Am { $day } bist du von Fassung { $letter } zurückgetreten.
       *[partner] Am { $day } ist { $partner } von Fassung { $letter } zurückgetreten.
    }
history-not-now =
    { $by ->
        [me] Am { $day } hast du zu Fassung { $letter } gesagt: jetzt nicht.
       *[partner] Am { $day } hat { $partner } zu Fassung { $letter } gesagt: jetzt nicht.
    }
history-let-go =
    { $by ->
        [me] Am { $day } hast du sie losgelassen.
       *[partner] Am { $day } hat { $partner } sie losgelassen.
    }
history-put-away =
    { $by ->
        [me] Am { $day } hast du sie weggelegt.
       *[partner] Am { $day } hat { $partner } sie weggelegt.
    }
history-note = Die Notiz dazu: { $note }
history-words = `troth agreement show { $name }` zeigt die Fassungen.
label-ground = Eine Grundregel.
label-questions = Fragen für jedes Check-in: Jede Zeile ist eine.
label-your-part = Dein Teil: { $words }
label-their-part = Der Teil von { DATIVE($partner) }: { $words }
label-you = Du: { $words }
label-them = { $partner }: { $words }
label-when-you =
    Wenn: { $when }
    Dann du: { $then }
label-when-them =
    Wenn: { $when }
    Dann { $partner }: { $then }
label-not-meant = Nicht gemeint: { $words }
label-trial = Auf Probe bis zum { $day }.
label-look-again = Wieder anzusehen am { $day }.
label-big = Es ist etwas Großes: Ein Ja dazu ruht einen Tag, bevor es gesagt wird.
templates-how = `troth agreement propose --template NAME` beginnt einen Vorschlag damit. Du schreibst ihn um, wie du magst, bevor etwas vorgeschlagen wird.
proposed-now = Vorgeschlagen. Es wartet auf die Antwort von { DATIVE($partner) }.
chosen-mine = Du hast deine eigene Fassung gewählt; sie gilt, sobald { $partner } Ja sagt.
chosen-theirs = Du hast die Fassung von { DATIVE($partner) } gewählt; sie gilt, sobald { $partner } Ja sagt.
is-in-force = „{ $topic }“ gilt.
is-said-yes = Du hast Ja zu „{ $topic }“ gesagt. Es gilt, sobald dein Ja beim Troth von { DATIVE($partner) } ist.
is-called-back = Dein Ja zu „{ $topic }“ ist zurückgenommen. Niemand hat davon erfahren.
is-put-away = „{ $topic }“ ist hier weggelegt. Für { $partner } ändert sich dadurch nichts. Sobald auch { $partner } es weglegt, verlassen die Worte darin nach einer Weile beide Geräte.
is-put-away-both = „{ $topic }“ habt ihr beide weggelegt. Die Worte darin verlassen nach einer Weile beide Geräte; dass da etwas war, bleibt.
agreement-put-away =
    { $by ->
        [me] Das hast du weggelegt. Sobald auch { $partner } es weglegt, verlassen die Worte darin nach einer Weile beide Geräte.
       *[partner] { $partner } hat das weggelegt. Legst auch du es weg, verlassen die Worte darin nach einer Weile beide Geräte: `troth agreement put-away { $name }`.
    }
agreement-put-away-both = Ihr habt das beide weggelegt. Die Worte darin verlassen nach einer Weile beide Geräte.
is-not-now = Du hast zu „{ $topic }“ gesagt: jetzt nicht. `troth agreement need-time { $name } --until DAY` fragt dich an diesem Tag wieder.
is-need-time = Du brauchst Zeit für „{ $topic }“. Troth fragt dich am { $day } wieder.
is-stepped-back = Du bist von einer Fassung von „{ $topic }“ zurückgetreten. Sie gilt für niemanden von euch mehr.
is-let-go = „{ $topic }“ ist losgelassen.
is-my-part = Dein Teil an „{ $topic }“ ist geschrieben.
is-looked = Du hast „{ $topic }“ wieder angesehen. Deine Worte öffnen sich, wenn auch { $partner } so weit ist.
is-looked-at-once = Du hast „{ $topic }“ wieder angesehen. Eure beiden Seiten öffnen sich jetzt.
diff-same = Die beiden Fassungen sagen dasselbe.
diff-head = „{ $topic }“: von { $from } zu { $to }
diff-marks = Was wegfällt, steht in [-…-], was neu ist, in {"{"}+…+{"}"}.
label-diff-topic = Thema: { $words }
label-diff-terms = Vereinbart: { $words }
label-diff-when = Wenn und dann: { $words }
label-diff-trial = Auf Probe bis: { $words }
label-diff-look-again = Wieder anzusehen am: { $words }
label-diff-weight = Etwas Großes: { $words }
word-diff-yes = ja
word-diff-no = nein
head-print = Was { $me } und { $partner } vereinbart haben
print-on = Stand: { $day }
print-none = Zurzeit gilt nichts.
print-since = Gilt. Vorgeschlagen von { $by } am { $day }; beide haben Ja gesagt.

## Check-ins

checkins-none = Es gibt noch keine Check-ins. `troth checkin ready` beginnt eines.
checkins-none-before = Von davor ist keine Seite von dir mehr wegzulegen.
head-checkin-week = Check-in der Woche { $week }, { $year }
head-checkin-year = Langes Check-in von { $year }
slot-mine-empty = Du bist noch nicht bereit.
slot-mine-ready = Du bist bereit.
slot-mine-locked = Deine Seite öffnet sich gleich.
slot-mine-open = Deine Seite ist offen.
slot-mine-void = Deine Seite ließ sich nicht öffnen. Sie muss noch einmal geschrieben werden.
slot-theirs-empty = { $partner } ist noch nicht bereit.
slot-theirs-ready = { $partner } ist bereit.
slot-theirs-locked = Die Seite von { DATIVE($partner) } öffnet sich gleich.
slot-theirs-open = Die Seite von { DATIVE($partner) } ist offen.
slot-theirs-void = Die Seite von { DATIVE($partner) } ließ sich nicht öffnen. Sie muss noch einmal geschrieben werden.
head-you-wrote = Du hast geschrieben
head-they-wrote = { $partner } hat geschrieben
slot-you-took-back = Das hast du zurückgenommen.
slot-they-took-back = { $partner } hat das zurückgenommen.
slot-words-lost = Deine Worte sind nicht auf diesem Gerät. Die Seite zurückholen? (`troth checkin cancel { $slot }`)
slot-words-back = Deine Worte sind zu dir zurückgekommen. Niemand hat sie gesehen.
slot-words-wait = Deine Worte warten hier.
slot-words-wait-ready = Deine Worte warten hier. Sie haben dieses Gerät nicht verlassen.
slot-words-call-back = `troth checkin cancel { $slot }` holt sie zurück.
slot-then-show = { $command } zeigt dann beide Seiten.
label-thanks = Danke: { $did }
label-went-well = Gut gelaufen: { $words }
label-not-yet-said = Noch nicht gesagt: { $words }
label-talk = Zum Reden:
label-wish = Ein Wunsch: { $words }

## Files

carried-out = Bring { $file } zu { DATIVE($partner) }, für `troth carry in`.
carried-in = Alles aus der Datei ist jetzt hier.
carried-nothing-new = Alles aus der Datei war schon hier.
backup-done =
    In { $file } steht alles außer deinen privaten Seiten; die Datei wurde zur Kontrolle gelesen. Wer die Datei und die Passphrase hat, kann alles lesen: Bewahre beides auf, und zwar getrennt.
    Nach einem Verlust: `troth restore { $file }`, dann neu koppeln.
restored = Alles aus der Sicherung ist jetzt hier.
restored-nothing-new = Alles aus der Sicherung war schon hier.
next-pair = Als Nächstes: `troth pair`, zusammen mit deinem Gegenüber.
next-pair-again = Als Nächstes: `troth pair`, zusammen mit deinem Gegenüber; dort beginnt `troth pair again`.
man-written = Die Handbuchseiten liegen in { $folder }.
exported = In { $file } steht das Buch als automerge-Dokument, unversiegelt. Bewahre es gut auf.
exported-draft = In { $file } steht der Entwurf als automerge-Dokument, unversiegelt. Bewahre es gut auf.
exported-all = In { $file } steht, was du sehen kannst, unversiegelt; nichts aus deinen privaten Seiten, und was dir im Vertrauen gesagt wurde, nur auf deinen Wunsch. Bewahre es gut auf.
exported-days = In { $file } stehen Tage für einen Kalender, und keine Worte von dir.

## A home

init-words =
    Das sind deine 24 Wiederherstellungswörter, auf Englisch. Sie öffnen dein Troth, wenn alles andere verloren ist.
    Schreib sie auf Papier, der Reihe nach. Sie werden nicht noch einmal gezeigt.
init-key-file = Was dein Troth öffnet, liegt in einer Datei auf dieser Festplatte: schwächer als ein Schlüsselbund oder eine Passphrase.
init-own-words = Dein Troth öffnet sich mit den Wörtern, die du hast.
words-come-back = Was du dort geschrieben hast, kommt zurück, wenn sich die beiden Geräte treffen.
words-known = Troth kennt diese Wörter von jetzt an.

## Pairing

pair-none = Gerade wird nicht gekoppelt. `troth pair` beginnt.
pair-begun-again =
    { $left ->
        [one] Das andere Gerät war weg oder hat neu begonnen. Eine Zahl, die vorher hier stand, zählt nicht mehr. Ein Versuch bleibt noch.
       *[other] Das andere Gerät war weg oder hat neu begonnen. Eine Zahl, die vorher hier stand, zählt nicht mehr. { $left } Versuche bleiben noch.
    }
pair-looking = Das Gerät deines Gegenübers wird gesucht.
pair-looking-nearby =
    Das Gerät deines Gegenübers wird in diesem Netz gesucht. Dort tut `troth pair` dasselbe, ebenfalls mit leerer Antwort.

    Wenn sie sich nicht finden oder in verschiedenen Netzen sind, antwortet dein Gegenüber stattdessen mit dieser Einladung. Sie gilt zehn Minuten.
pair-crowded = In diesem Netz melden sich so viele Geräte, dass dort nicht weiter gesucht wird. Gib deinem Gegenüber diese Einladung, für `troth pair join`. Sie gilt zehn Minuten.
pair-invitation = Gib deinem Gegenüber diese Einladung, für `troth pair join`. Sie gilt zehn Minuten.
pair-number = Deine Zahl ist { $number }. Lies sie deinem Gegenüber vor, und tippe die vom anderen Bildschirm.
pair-number-how = Mit `troth pair` geht es hier weiter; oder `troth pair number` nimmt die andere an.
pair-number-nearby = Wenn der Bildschirm deines Gegenübers keine Zahl zeigt, ist das ein fremdes Gerät: `troth pair no`, dann `troth pair invite`.
pair-number-right = Die Zahl war richtig. Jetzt tippt dein Gegenüber deine.
pair-number-yours = Deine Zahl ist { $number }.
pair-said-yes = Du hast Ja zu { DATIVE($partner) } gesagt. Fertig ist es, wenn ihr beide Ja gesagt habt und die beiden Geräte sich getroffen haben. `troth pair no` nimmt es zurück.
pair-will-share = Am anderen Ende ist { $partner }. Das wird gleich geteilt:
pair-done =
    Du und { $partner } seid jetzt gekoppelt.
    Als Nächstes: `troth agreement propose` oder `troth checkin ready`. `troth` allein zeigt, was auf dich wartet.
pair-ended = Das Koppeln ist beendet.
pair-begin-anew = `troth pair` beginnt von vorn.
label-share-name = dein Name
label-share-agreements = jede Vereinbarung, die du vorschlägst, und jedes Ja, jede Antwort, jede Notiz und jedes Zurücktreten
label-share-part = dein Teil an einer Vereinbarung, und dass du sie weglegst
label-share-sealed = Check-ins, Karten und Rückblicke, sobald ihr beide bereit seid; vorher nur, dass du bereit bist
label-share-told = alles, was du sagst (`troth say`) und darauf antwortest, und Entwürfe, während du sie schreibst
label-share-place = wo dein Gerät zu erreichen ist
label-share-nothing-private = nichts von deinen privaten Seiten
pair-failed-expired = Die zehn Minuten sind vorbei. Mehr wurde nicht geteilt.
pair-failed-said-no = Das Koppeln wurde beendet, hier oder am anderen Ende. Mehr wurde nicht geteilt.
pair-closed = Das Koppeln ist beendet. Mehr wurde nicht geteilt.
pair-failed-tries = Die Verbindung ist zu oft abgebrochen. Mehr wurde nicht geteilt.
pair-failed-number = Die Zahlen stimmten nicht überein. Vielleicht war jemand anderes zwischen den beiden Geräten.
pair-failed-couple = Das Troth am anderen Ende gehört zu einem anderen Paar. Mehr wurde nicht geteilt.

## Ways to the partner

rung-sharing = Teilen
rung-listening = Erreichbarkeit
rung-remembered = Gemerkte Adressen
rung-link = Verbindung
rung-carried = Mitgebrachte Datei
rung-mapping = Portfreigabe
rung-notifications = Benachrichtigungen
doctor-works = { $rung }: geht. { $why }
doctor-works-not = { $rung }: geht nicht. { $why }
doctor-off = { $rung }: aus. { $why }
doctor-act = Am Zug: { $who }
why-shares = Du teilst.
why-paused = Du pausierst.
why-stopped = Du hast das Teilen beendet.
why-not-paired = Ihr seid noch nicht gekoppelt.
why-mute = Dieses Gerät ist nicht erreichbar, solange nichts geteilt wird.
why-mute-port = Dieses Gerät ist nicht erreichbar, solange nichts geteilt wird. Später ist es Port { $port }, und beim Koppeln { $next }; eine Firewall muss beide durchlassen, UDP und TCP.
why-port-taken = Unter { $address } ist Troth nicht erreichbar: Ein anderes Programm hat diesen Port. Troth versucht es weiter.
why-no-network = Dieses Gerät hat keine Netzadresse.
why-half-taken = Unter { $at }, aber ein anderes Programm hat den Port für { $kind }. Troth versucht es weiter.
why-listens = Unter { $at }, UDP und TCP.
why-not-dialled = Nicht angewählt.
why-no-address = Von { DATIVE($partner) } ist keine Adresse bekannt. `troth doctor` dort nennt sie, und `troth reach` hier nimmt sie an.
why-not-tried = Nicht versucht.
why-connected = Du und { $partner } seid verbunden.
why-another-of-mine = Eine Kopie von diesem Troth hat sich nach diesem hier mit { DATIVE($partner) } getroffen.
why-no-answer = Das Gerät von { DATIVE($partner) } antwortet nicht. Troth versucht es weiter.
why-mapping-off = Dein Router wird nicht gebeten, Verbindungen hereinzulassen; `troth network mapping on` bittet ihn.
why-mapping-waits = Dein Router wird nicht gebeten, solange nichts geteilt wird.
why-mapping-inside = Hier ist Troth nur von diesem Gerät aus zu erreichen; darum wird dein Router nicht gebeten.
why-mapping-asked = Dein Router wird gerade gebeten, Verbindungen hereinzulassen.
# `by` is how it was asked: PCP, NAT-PMP or UPnP.
why-mapped = Dein Router lässt das Gerät deines Gegenübers herein: { $at } ({ $by }).
why-no-router = Hier antwortet kein Router auf die Bitte, Verbindungen hereinzulassen. Troth bittet später wieder.
why-router-refuses = Dein Router lässt keine Verbindungen herein. Troth bittet später wieder.
why-router-not-public = Dein Router hat selbst keine öffentliche Adresse: { $at } liegt in einem anderen Netz. Was er hereinlässt, kommt nur von dort; darum nutzt Troth es nicht.
# The one sentence that the desktop shows; the daemon has it word for word.
label-notification = Troth hat etwas für dich
why-notify-off = Dein Desktop sagt nichts von Troth; mit `troth notify on` sagt er, dass etwas für dich da ist.
why-notify-on = Dein Desktop sagt einmal „{ $sentence }“; wieder sagt er es erst, wenn du mit `troth` nachgesehen hast.
why-not-shown = Dein Desktop hat es beim letzten Mal nicht gezeigt.
why-always = `troth carry out FILE` geht ganz ohne Netz.
why-nobody-yet = Es gibt noch niemanden, dem du eine Datei bringen kannst.
label-act-resume = du, mit `troth resume`
label-act-resume-if = du, wenn du magst, mit `troth resume`
label-act-pair = ihr beide, mit `troth pair`
label-act-end-program = du (das andere Programm beenden)
label-act-router = du, wenn du willst: in den Einstellungen des Routers erlauben, dass Geräte Ports freigeben (UPnP, PCP oder NAT-PMP), oder den Port, der unter „Erreichbarkeit“ steht, selbst freigeben
label-act-other-router = du: deinen Anbieter um eine öffentliche Adresse bitten oder den Port am Router davor freigeben; ein VPN oder eine Datei geht auch so
label-act-network = du (das Gerät mit einem Netz verbinden)
label-act-both = ihr beide
label-act-desktop = du (in den Einstellungen des Desktops Benachrichtigungen erlauben, oder dich an einem Desktop anmelden, der sie zeigt)
label-act-end-other = du (das andere beenden), oder ihr koppelt euch neu
label-act-nobody = niemand, wenn das Gerät aus ist; ist es anderswo an, hier `troth reach` mit einer Adresse, die `troth doctor` dort nennt

## What can go wrong: what happened, and what to do next

problem-too-long = Das ist zu lang, um es in einem Stück aufzubewahren.
    .next = Ein Text fasst 20.000 Zeichen, ein Thema 200, ein Name 60, und ein Stück insgesamt 60 KB. Teile es in zwei.
problem-nothing-said = Da stehen noch keine Worte.
    .next = Schreib mindestens eine Zeile.
problem-nobody-does = Der Vorschlag sagt noch nicht, was ihr jeweils tun werdet.
    .next = Sag, was du tun wirst, was dein Gegenüber tun wird, oder beides.
problem-no-such = Hier gibt es nichts mit dem Namen { $what }.
    .next = `troth agreement list` und `troth checkin show` zeigen, was hier ist.
problem-no-such-list = `{ $list }` zeigt, was hier ist.
problem-not-unique = Hier beginnt mehr als eines mit { $what }.
    .next = Gib ein paar Buchstaben mehr vom Namen an.
problem-which-week = Es kann mehr als eine Seite gemeint sein: { $weeks }.
    .next = Nenne die, die du meinst.
problem-several-wait = Mehreres wartet; nenne eines: { $commands }.
    .next = `troth` zeigt, was auf dich wartet.
problem-yes-would-not-count = Inzwischen wurde etwas anderes vereinbart, und diese Fassung baut nicht darauf auf.
    .next = Schlag diese Worte neu vor: `troth agreement propose --same-as` mit dem Namen dieser Fassung.
problem-not-yours = Das kann nur die Person, die es geschrieben hat.
    .next = Du kannst stattdessen andere Worte vorschlagen.
problem-not-on-offer = Diese Fassung ist kein Vorschlag mehr.
    .next = Sieh dir die Vereinbarung noch einmal an, oder schlag diese Worte neu vor.
problem-not-held-yet = Das gilt noch nicht.
    .next = Darauf schauen könnt ihr, sobald ihr beide Ja gesagt habt.
problem-which-two = Welche zwei Fassungen davon?
    .next = `troth agreement diff { $name } a b` vergleicht zwei nach ihren Buchstaben.
problem-nothing-waits = Nichts wartet auf deine Antwort.
    .next = `troth agreement list` zeigt, was vorgeschlagen ist.
problem-your-own = Diese Worte sind deine: Mit dem Vorschlag hast du Ja gesagt.
    .next = Sie warten auf das Ja von { DATIVE($partner) }. Mehr brauchst du nicht zu tun.
problem-already-said-yes = Du hast zu diesen Worten schon Ja gesagt.
    .next = Mehr brauchst du nicht zu tun.
problem-pick-same = Ihr habt jeweils Ja zur Fassung eures Gegenübers gesagt.
    .next = `troth agreement show` mit ihrem Namen fragt, welche es sein soll.
problem-too-many-acts = Das hier ist so lang geworden, wie es in Troth werden kann.
    .next = Beginne eine neue Vereinbarung oder eine neue Runde, und lass diese, wie sie ist.
problem-book-full = Dein Buch ist so groß geworden, wie es in Troth werden kann.
    .next = Leg weg, was du nicht mehr brauchst; zurücktreten und zurücknehmen geht weiterhin.
problem-words-not-here = Die Worte dazu sind nicht hier.
    .next = Wenn sie noch unterwegs sind, kommen sie, sobald sich die beiden Geräte treffen.
problem-rests-already = Dein Ja zu diesen Worten ruht hier schon.
    .next = Es wird morgen gesagt. `troth agreement call-back` nimmt es vorher zurück.
problem-nothing-rests = Hier ruht kein Ja von dir zu diesen Worten.
    .next = `troth` zeigt, was ruht.
problem-still-stands = Etwas von dieser Vereinbarung steht noch.
    .next = Lass sie zuerst los: `troth agreement let-go`.
problem-nothing-of-yours-open = Von dir ist hier nichts offen.
    .next = Was noch nicht offen ist, lässt sich zurückholen: `troth checkin cancel`.
problem-nothing-fits = Hier ist gerade nichts, wozu sich das sagen lässt.
    .next = `troth` zeigt, was auf dich wartet, und `troth open` öffnet es.
problem-nothing-at-hand = Davon ist gerade nichts zur Hand.
    .next = { $command } zeigt, was es gibt, auch was weggelegt ist.
problem-not-said-of-this = Das lässt sich dazu nicht sagen.
    .next = `troth help tell` erklärt, was sich wozu sagen lässt.
problem-no-longer = Darauf lässt sich nicht mehr antworten.
    .next = Es wurde zurückgenommen, oder sein Tag ist vorbei. Mehr brauchst du nicht zu tun.
problem-open-first = Das hast du noch nicht geöffnet.
    .next = Öffne es zuerst mit `troth open`, in einem ruhigen Moment.
problem-nothing-to-open = Hier ist gerade nichts zu öffnen.
    .next = `troth` zeigt, was auf dich wartet.
problem-apology-unread = Da ist eine Entschuldigung, die du noch nicht gelesen hast.
    .next = Lies sie zuerst, in einem ruhigen Moment: `troth repair open`.
problem-folded = Das ist zur Seite gelegt, bis ihr beide durch seid.
    .next = Nichts davon ist verloren. Es ist zwei Tage nach der Klärung wieder da, oder wenn die Pause vorbei ist.
problem-said-better = Davon gibt es eine neuere Fassung.
    .next = Antworte auf die neuere: `troth today` zeigt sie.
problem-said-already = Das hast du schon gesagt.
    .next = Mehr brauchst du nicht zu tun.
problem-not-asked-for = Hier wirst du nur ums Zuhören gebeten.
    .next = Du kannst sagen, dass es angekommen ist, dich bedanken oder um Zeit bitten.
problem-thanks-first = Für eine kleine Wahrheit dankt man zuerst.
    .next = Sag Danke oder bitte um Zeit; danach ist jede andere Antwort offen.
problem-already-asked = Du hast schon gefragt, oder du wurdest gebeten, niemandem davon zu erzählen.
    .next = Keine Antwort heißt nein. Bis es ein Ja gibt, bleibt es bei dir.
problem-both-meanings-first = Noch haben nicht beide gesagt, was es ihnen bedeutet.
    .next = Vorschläge sind offen, sobald beide das gesagt haben.
problem-same-words = Genau diese Worte hast du schon gesagt.
    .next = Sie stehen, wie sie sind. Sag es mit anderen Worten besser.
problem-today-or-tomorrow = So ein Moment ist für heute oder morgen.
    .next = Lass den Tag weg oder nimm morgen.
problem-break-length = Eine Pause dauert 20 Minuten bis 24 Stunden.
    .next = Wähle für das Wiederkommen eine Zeit in diesem Rahmen.
problem-repair-is-open = Zu dieser Vereinbarung läuft schon eine Klärung.
    .next = Mach dort weiter: `troth repair show { $id }`.
problem-repair-closed = Diese Klärung ist vorbei.
    .next = Eine neue kann jederzeit beginnen.
problem-not-this-step = Ihr beide seid bei Schritt { $step } dieser Klärung.
    .next = `troth repair show` sagt, worum es in diesem Schritt geht.
problem-say-back-first = In diesem Schritt gibst du wieder, was du gehört hast, und es wird bestätigt.
    .next = Gib zuerst wieder, was du gehört hast. Weiter geht es, wenn es bestätigt oder zurückgenommen ist.
problem-away-days = Was weggelegt ist, bleibt mindestens einen Tag hier.
    .next = `--days` nimmt eine Zahl ab 1. Ohne sie gehen die Worte nach 90 Tagen.
problem-not-marked-yet = Was du wiedergegeben hast, ist noch nicht bestätigt.
    .next = Jetzt ist dein Gegenüber dran. Weiter geht es, wenn es bestätigt oder zurückgenommen ist.
problem-already-taken-back = Das hast du schon zurückgenommen.
    .next = Mehr brauchst du nicht zu tun.
problem-foreign-seals = Das Troth von { DATIVE($partner) } hat Dinge in deinem Namen, die nicht mit den Wiederherstellungswörtern von diesem Troth versiegelt sind. Hier wurde nichts geändert.
    .next = Gib die Wiederherstellungswörter deines anderen Troth an: `troth recovery-words`. Wenn du hier noch nichts geschrieben hast, übernimmt `troth recovery-words --as-they-have-it` es ohne.
problem-backup-damaged = Das ist keine vollständige Sicherung von Troth. Hier wurde nichts geändert.
    .next = Wähle die Datei, die `troth backup` geschrieben hat.
problem-backup-newer = Diese Sicherung hat ein neueres Troth geschrieben. Hier wurde nichts geändert.
    .next = Aktualisiere Troth auf diesem Gerät, dann stelle sie noch einmal wieder her.
problem-backup-of-another = Diese Sicherung ist vom Troth einer anderen Person oder eines anderen Paars. Hier wurde nichts geändert.
    .next = Stelle sie in einem leeren Troth-Ordner wieder her, oder in dem, aus dem sie stammt.
problem-backup-passphrase = Diese Passphrase öffnet die Sicherung nicht.
    .next = Versuch es noch einmal. Ohne sie kann niemand die Sicherung öffnen.
problem-written-already = Hier ist schon etwas geschrieben. Es wurde nichts geändert.
    .next = Gib stattdessen die Wiederherstellungswörter deines anderen Troth an: `troth recovery-words`.
problem-already-ready = Du bist schon bereit.
    .next = Um deine Worte zu ändern, hol sie zuerst zurück: `troth checkin cancel`.
problem-not-ready = Von dir wartet hier nichts.
    .next = `troth checkin ready` beginnt eine Seite.
problem-locked-in = { $partner } ist auch bereit, und beide Seiten öffnen sich gleich. Zurückholen geht nicht mehr.
    .next = Sie öffnen sich, sobald sich die beiden Geräte treffen.
problem-already-open = Deine Seite ist schon offen.
    .next = Was du hinzufügen möchtest, kommt in die nächste, oder du sagst es für sich: `troth say`.
problem-open-not-called-back = Deine Seite ist schon offen: Zurückholen lässt sie sich nicht mehr.
    .next = `troth checkin take-back` nimmt sie zurück.
problem-nothing-open = Von { DATIVE($partner) } ist hier noch keine Seite offen.
    .next = Sie öffnet sich, wenn ihr beide bereit seid.
problem-not-set-up = Troth ist hier noch nicht eingerichtet.
    .next = Beginne mit `troth init`.
problem-already-set-up = Troth ist hier schon eingerichtet.
    .next = Es ist nichts zu tun. `troth status` zeigt, wie alles steht.
problem-nothing-set-up = Abgebrochen. Eingerichtet wurde nichts.
    .next = `troth init` beginnt von vorn.
problem-words-not-read-back = Abgebrochen. Eingerichtet ist Troth trotzdem.
    .next = Die Wörter oben werden nicht wieder gezeigt: Schreib sie auf, bevor du dieses Fenster schließt.
problem-wrong-passphrase = Diese Passphrase öffnet es nicht.
    .next = Versuch es noch einmal. Wenn sie verloren ist, öffnen deine 24 Wiederherstellungswörter es: `troth unlock --recovery-words`.
problem-wrong-words = Das sind nicht die Wiederherstellungswörter von diesem Troth.
    .next = Prüfe bei allen 24 die Reihenfolge und die Schreibweise.
problem-passphrase-too-short = Diese Passphrase ist zu kurz, um etwas zu schützen.
    .next = Nimm mindestens acht Zeichen; mehrere Wörter sind besser.
problem-not-paired = Du bist noch mit niemandem gekoppelt.
    .next = `troth pair` beginnt; dein Gegenüber macht dasselbe.
problem-already-paired = Du und { $partner } seid schon gekoppelt.
    .next = Für ein anderes Gerät oder nach einem Verlust: `troth pair again`, ihr beide. Troth ist für genau zwei Menschen.
problem-no-window = Gerade wird nicht gekoppelt.
    .next = `troth pair invite` auf dem einen Gerät, `troth pair join` auf dem anderen.
problem-bad-invitation = Das ist keine vollständige Einladung.
    .next = Kopiere alles, von `troth:` bis zum Ende.
problem-invitation-expired = Diese Einladung ist abgelaufen.
    .next = Bitte um eine neue: `troth pair invite` auf dem anderen Gerät.
problem-own-invitation = Das ist die Einladung von genau diesem Gerät.
    .next = Nimm sie auf dem Gerät deines Gegenübers.
problem-wrong-device = Die Zahl stimmte dreimal nicht: Am anderen Ende ist ein fremdes Gerät. Von dir wurde nichts geteilt, und dieses Gerät wird nicht mehr eingelassen.
    .next = Deine Einladung gilt noch: `troth pair state` zeigt sie, und das Gerät deines Gegenübers nimmt sie mit `troth pair join` an.
problem-number-changed = Das andere Gerät hat inzwischen neu begonnen. Die Zahl, die hier stand, zählt nicht mehr.
    .next = Vergleicht die neuen Zahlen.
problem-own-number = Das ist die Zahl auf deinem eigenen Bildschirm.
    .next = Tippe die Zahl, die der Bildschirm deines Gegenübers zeigt.
problem-not-six-digits = Die Zahl hat sechs Ziffern.
    .next = Tippe die sechs Ziffern, die der Bildschirm deines Gegenübers zeigt.
problem-pairing-not-there = Das Koppeln ist nicht bei diesem Schritt.
    .next = `troth pair state` zeigt, wo es steht.
problem-pairing-ended = Ihr beide seid nicht gekoppelt.
    .next = `troth pair` beginnt von vorn, auf beiden Geräten.
problem-listen-failed = Troth konnte sich unter { $address } nicht erreichbar machen.
    .next = Vielleicht nutzt ein anderes Programm die Adresse; Troth versucht es weiter. Vor dem Koppeln kannst du eine andere wählen: `--listen ADDRESS[:PORT]`.
problem-not-for-us = Diese Datei kommt nicht vom Troth deines Gegenübers, oder sie ist beschädigt. Hier wurde nichts geändert.
    .next = Bitte dein Gegenüber noch einmal um `troth carry out`, und bring die neue Datei hierher.
problem-carry-damaged = Diese Datei ist beschädigt oder nicht vollständig. Hier wurde nichts geändert.
    .next = Kopiere sie noch einmal, oder lass sie mit `troth carry out` neu schreiben.
problem-carry-newer = Diese Datei hat ein neueres Troth geschrieben. Hier wurde nichts geändert.
    .next = Aktualisiere Troth auf diesem Gerät, dann nimm sie noch einmal herein.
problem-carry-gap = Diese Datei beginnt später als das, was du hast. Hier wurde nichts geändert.
    .next = Bitte { $partner } um eine ganze Datei: `troth carry out --whole FILE`.
problem-refused = Das Troth von { DATIVE($partner) } hat etwas geschickt, was es nicht darf. Hier wurde nichts geändert.
    .next = Frag dein Gegenüber, ob dort mit Troth alles in Ordnung ist. Der Austausch geht weiter, sobald es so ist.
problem-refused-in-part = Das Troth von { DATIVE($partner) } hat etwas in diese Datei geschrieben, was es nicht darf. Was davor steht, ist jetzt hier; der Rest wurde nicht übernommen.
    .next = Frag dein Gegenüber, ob dort mit Troth alles in Ordnung ist. Der Austausch geht weiter, sobald es so ist.
problem-disk-full = Die Festplatte ist voll. Nichts wurde gespeichert, und nichts ging verloren.
    .next = Schaff etwas Platz und versuch es noch einmal. Troth macht von selbst weiter.
problem-disk-read-only = Die Festplatte lässt sich nur lesen. Nichts wurde gespeichert, und nichts ging verloren.
    .next = Mach die Festplatte beschreibbar und versuch es noch einmal. Troth macht von selbst weiter.
problem-disk-damaged = Ein Teil der Datei von Troth auf dieser Festplatte ist beschädigt. Es wurde nichts darin geändert.
    .next = Lass diese Datei, wie sie ist. Das Gerät deines Gegenübers hat alles, was ihr beide geteilt habt; `troth logs` nennt den beschädigten Teil.
problem-store-newer = Dieser Troth-Ordner wurde von einem neueren Troth geschrieben. Es wurde nichts darin geändert.
    .next = Aktualisiere Troth auf diesem Gerät.
problem-disk-failed = Die Festplatte hat es nicht angenommen. Nichts wurde gespeichert, und nichts ging verloren.
    .next = Prüfe die Festplatte und versuch es noch einmal. `troth logs` sagt mehr.
problem-another-daemon = Für diesen Troth-Ordner läuft Troth schon.
    .next = Es ist nichts zu tun; `troth status` spricht damit.
problem-foreign-socket = Das Programm, das für diesen Troth-Ordner antwortet, gehört jemand anderem auf diesem Computer.
    .next = Nimm mit `--home` einen eigenen Ordner, oder frag, von wem es stammt.
problem-no-daemon = Troth läuft nicht im Hintergrund.
    .next = `troth service start` startet es; jeder andere Befehl tut das von selbst.
problem-api-version = Die beiden Programme von Troth auf diesem Gerät haben verschiedene Versionen.
    .next = Halte Troth mit `troth service stop` an und versuch es noch einmal.
problem-too-many-clients = Zu viele Programme sprechen auf einmal mit Troth.
    .next = Schließ einige davon und versuch es noch einmal.
problem-stopping = Troth hält gerade an.
    .next = Versuch es gleich noch einmal.
problem-not-delivered = Es ist hier gespeichert. Bei { DATIVE($partner) } ist es noch nicht.
    .next = Es geht von selbst hinüber, wenn sich die beiden Geräte treffen.
problem-needs-terminal = Das braucht eine Antwort, und hier ist niemand, den Troth fragen kann.
    .next = Führ es in einem Terminal aus, oder gib die Worte mit `--json` über die Standardeingabe ein.
problem-needs-yes = Das bindet oder beendet etwas, und hier ist niemand, den Troth fragen kann.
    .next = Führ es in einem Terminal aus, oder sag `--yes`.
problem-no-memory-folder = Dieser Computer hat keinen Ordner, der nur im Speicher liegt; deine Worte stünden dann auf seiner Platte.
    .next = Schreib sie ohne `--edit`.
problem-editor-failed = { $editor } ließ sich nicht öffnen.
    .next = `VISUAL` oder `EDITOR` nennt den Editor, den du magst.
problem-interrupted = Abgebrochen.
    .next = Gesagt wurde damit nichts.
problem-internal = Troth hat selbst einen Fehler gemacht. Was du vorher geschrieben hast, ist sicher.
    .next = `troth logs` sagt mehr. Vielleicht hilft ein neuer Start: `troth service stop`, dann irgendein Befehl.
problem-no-topic = Zu { $what } gibt es keine Hilfe.
    .next = `troth help` zeigt die Themen.
problem-no-topic-near = Zu { $what } gibt es keine Hilfe.
    .next = Meintest du `troth help { $near }`? `troth help` zeigt die Themen.
problem-stopped-before = Abgebrochen.
    .next = Es ist nichts geschehen.
problem-already-let-go =
    { $by ->
        [me] Diese Vereinbarung ist schon losgelassen. Du hast sie am { $day } beendet.
       *[partner] Diese Vereinbarung ist schon losgelassen. { $partner } hat sie am { $day } beendet.
    }
    .next = Um wieder damit zu beginnen, schlag sie neu vor.
problem-day-passed = Der Tag ist schon vorbei: { $day }.
    .next = Wähle einen Tag, der noch kommt.
problem-no-keyring = Hier antwortet kein Schlüsselbund. Es wurde nichts eingerichtet.
    .next = Nimm stattdessen eine Passphrase: `--keys passphrase`.
problem-no-keyring-locked = Dein Schlüsselbund ist verschlossen. Es wurde nichts eingerichtet.
    .next = Öffne ihn und versuch es noch einmal, oder nimm stattdessen eine Passphrase: `--keys passphrase`.
problem-no-keyring-slow = Dein Schlüsselbund hat nicht geantwortet; vielleicht wartet er auf dich. Es wurde nichts eingerichtet.
    .next = Öffne ihn und versuch es noch einmal, oder nimm stattdessen eine Passphrase: `--keys passphrase`.
problem-wrong-number = Das ist nicht die Zahl des Geräts am anderen Ende.
    .next = Lest sie euch noch einmal vor, am Telefon oder nebeneinander, und tippe, was der andere Bildschirm zeigt.
problem-wrong-number-last = Die Zahl stimmte nicht, und das war der letzte Versuch. Von dir wurde nichts geteilt.
    .next = Beginnt noch einmal, wenn ihr miteinander sprechen könnt: `troth pair invite`.

problem-locked = Troth ist verschlossen.
    .next = `troth unlock` fragt nach deiner Passphrase.
problem-locked-by-hand = Troth ist verschlossen.
    .next = `troth unlock` öffnet es.
problem-locked-keyring = Dein Schlüsselbund ist verschlossen, und darin liegt, was Troth öffnet.
    .next = Öffne den Schlüsselbund (meist genügt es, dich am Desktop anzumelden) und versuch `troth unlock`.
problem-locked-no-keyring = In dieser Anmeldung antwortet kein Schlüsselbund, und in deinem liegt, was Troth öffnet.
    .next = Melde dich am Desktop an und führ dort `troth unlock` aus, oder öffne es mit deinen 24 Wörtern: `troth unlock --recovery-words`.
problem-locked-key-missing = Dein Schlüsselbund ist offen, aber was Troth öffnet, ist nicht darin.
    .next = Wenn du mehr als einen Schlüsselbund hast, öffne den richtigen. Auch deine 24 Wörter öffnen es: `troth unlock --recovery-words`.
problem-locked-key-foreign = Was in deinem Schlüsselbund für Troth liegt, öffnet dieses Troth nicht.
    .next = Wenn du mehr als einen Schlüsselbund hast, öffne den richtigen. Auch deine 24 Wörter öffnen es: `troth unlock --recovery-words`.
problem-locked-denied = Dein Schlüsselbund hat Troth nicht lesen lassen, was es öffnet.
    .next = Erlaube es, wenn der Schlüsselbund fragt, dann `troth unlock`.
problem-locked-slow = Dein Schlüsselbund hat noch nicht geantwortet; vielleicht wartet er auf dich.
    .next = Such nach einem Fenster, das nach dem Passwort des Schlüsselbunds fragt, dann `troth unlock`.
problem-locked-file-missing = Die Datei, die Troth öffnet, ist nicht mehr da, wo sie war.
    .next = Leg sie zurück, oder öffne mit deinen 24 Wörtern: `troth unlock --recovery-words`.

## What was asked wrongly

wrong-next = `troth help scripting` zeigt, was jeder Befehl liest.
wrong-next-help = `troth help` und der Name des Befehls erklären es.
wrong-next-command = `troth help { $name }` erklärt es.
wrong-long-or-deep = Das ist länger oder tiefer als jede Anfrage.
wrong-not-json = Das ist kein JSON.
wrong-not-an-object = Das ist kein JSON-Objekt.
wrong-not-a-call = Das ist kein Aufruf nach JSON-RPC 2.0 mit einer ganzen Zahl als id.
wrong-not-the-form = Das ist kein JSON in der richtigen Form.
wrong-missing-field = Das Feld `{ $field }` fehlt.
wrong-unknown-field = Ein Feld `{ $field }` gibt es hier nicht.
wrong-unknown-variant = Etwas namens `{ $field }` gibt es hier nicht.
wrong-unknown-method = Eine Anfrage namens `{ $field }` gibt es nicht.
wrong-no-date = Ein Datum schreibt man so: 2026-11-22.
wrong-no-slot = Ein Check-in heißt nach seiner Woche, zum Beispiel 2026-W47.
wrong-not-text = Was kam, ist kein Text.
wrong-not-base64 = Ein Stück einer Datei wird in base64 geschrieben.
wrong-no-cursor = Dieser Cursor ist keiner, der ausgegeben wurde.
wrong-another-file = Gerade wird eine andere Datei hereingenommen.
wrong-no-address = Eine Adresse ist HOST:PORT, zum Beispiel 192.0.2.7:4711.
wrong-no-name = Ein Name für Skripte besteht aus vier oder mehr der Zeichen 0-9 und a-f.
wrong-other-base = Jedes `base` muss zum angegebenen `agreement` gehören.
wrong-no-day = „{ $text }“ ist kein Tag. { $like }
wrong-no-week = „{ $text }“ ist keine Woche. Eine Woche schreibst du zum Beispiel so: 2026-W47, 47 oder letzte Woche.
wrong-no-command = Einen Befehl „{ $word }“ gibt es nicht.
wrong-no-command-near = Einen Befehl „{ $word }“ gibt es nicht. Meintest du `troth { $near }`?
wrong-no-option = Eine Option `{ $option }` gibt es hier nicht.
wrong-word-too-many = „{ $word }“ ist ein Wort zu viel.
wrong-missing = { $what } fehlt.
wrong-no-step = Der Befehl möchte wissen, welcher Schritt.
wrong-not-together = `{ $one }` und `{ $other }` passen nicht zusammen.
wrong-one-of = { $what } ist eines von diesen: { $all }.
wrong-one-of-these = Eines von diesen passt hier: { $all }.
wrong-no-value = { $what } braucht einen Wert.
wrong-not-taken = „{ $value }“ passt nicht zu { $what }.
wrong-not-here = „{ $value }“ passt hier nicht.
wrong-no-sense = Das ist kein Befehl.

## Files that could not be used

file-next = Prüfe den Pfad und versuch es noch einmal.
file-not-there = { $path } ist nicht da.
file-denied = { $path } ließ sich nicht benutzen: Die Erlaubnis fehlt.
file-folder = { $path } ist ein Ordner.
wrong-needs-file = Ein automerge-Dokument braucht einen Dateinamen.
file-no-folder = Ein Teil von { $path } ist kein Ordner.
file-home-unknown = Dein persönlicher Ordner ist nicht bekannt.
file-path-too-long = Der Pfad { $path } ist zu lang; er muss kürzer sein.
file-another-there = { $path } wurde nicht geschrieben: Dort liegt schon eine andere Datei.
file-story-there = In { $path } liegt schon eine Geschichte.
file-link = { $path } ließ sich nicht benutzen: Es ist eine Verknüpfung.
file-not-own = { $path } ließ sich nicht benutzen: Es ist keine Datei, die dir gehört.
file-somebody-elses = { $path } ließ sich nicht benutzen: Es liegt in einem Ordner, der jemand anderem gehört oder den jemand anderes ändern kann.
file-full = { $path } ließ sich nicht schreiben: Die Festplatte ist voll.
file-read-only = { $path } ließ sich nicht schreiben: Die Festplatte lässt sich nur lesen.
file-other = { $path } ließ sich nicht benutzen.

## A background program that did not start

start-next = `troth logs` sagt mehr.
start-not-beside = Troth konnte im Hintergrund nicht starten: Das Programm trothd liegt nicht neben diesem hier.
start-where-unknown = Troth konnte im Hintergrund nicht starten: Dieses Programm weiß nicht, wo es selbst liegt.
start-system = Troth konnte im Hintergrund nicht starten: Das System hat es nicht zugelassen.
start-ended = Troth konnte im Hintergrund nicht starten: Es endete sofort ({ $status }).
start-silent = Troth konnte im Hintergrund nicht starten: Es hat nicht rechtzeitig geantwortet.
start-told = Troth konnte im Hintergrund nicht starten. { $what }
start-manager = Die Programmverwaltung des Systems hat es nicht angenommen: { $told }

## Commands: what each says of itself; one message a command, its arguments below it

cli = Bewahrt auf, was ihr beide vereinbart habt und wie es euch geht: auf euren zwei Computern und sonst nirgends.
    .home = Alles von einer Person in einem Ordner (auch: TROTH_HOME).
    .json = Ein JSON-Objekt auf der Standardausgabe; Worte auf der Standardeingabe als JSON.
    .no_input = Nichts fragen.
    .yes = Ja zu dem, was gefragt würde, bevor etwas bindet oder endet.
    .edit = Im eigenen Editor schreiben (`VISUAL`, `EDITOR`).
    .wait = Nach dem Schreiben warten, bis dein Gegenüber es hat, höchstens so viele Sekunden; sonst Code 6.
    .help = Dies hier zeigen.
    .version = Zeigen, welche Version das ist, woraus sie gebaut ist und welche Formate sie spricht.
cli-after = `troth` allein zeigt „Heute“. `troth help TOPIC` erklärt mehr: `troth help` zeigt die Themen.
cli-usage = Aufruf:
cli-commands = Befehle
cli-options = Optionen
cli-arguments = Angaben
cli-init = Dieses Gerät einrichten: dein Name, und 24 Wörter zum Aufbewahren.
    .keys = Wo liegen soll, was dein Troth öffnet: `os` (der Schlüsselbund des Systems, wenn nichts gesagt ist), `passphrase` oder `file` (schwächer).
    .listen = Wo Troth für dein Gegenüber erreichbar ist; ohne Angabe auf allen Adressen und einem freien Port.
    .mapping = Den Router bitten, Verbindungen zu Troth hereinzulassen, wie `troth network mapping on`.
    .recovery_words = Mit den 24 Wiederherstellungswörtern eines früheren Troth von dir: Was du dort geschrieben hast, kommt von deinem Gegenüber zurück.
cli-pair = Dich mit deinem Gegenüber koppeln. Ohne Schritt: fragt, was zu tun ist.
cli-status = Wie alles steht.
cli-today = Was auf dich wartet, was ruht, was wieder anzusehen ist.
cli-agreement = Vereinbarungen vorschlagen, beantworten und ansehen.
cli-checkin = Check-in: Beide schreiben, und es öffnet sich, wenn beide bereit sind.
cli-say = Etwas sagen: fragt, was es ist, und macht damit weiter.
cli-open = Öffnen, was dein Gegenüber gesagt oder geantwortet hat.
    .id = Was; was wartet, wenn nichts genannt ist.
cli-show = Etwas Gesagtes zeigen. Was geschlossen ist, bleibt geschlossen.
    .id = Was, mit dem Namen, den Skripte nehmen, oder mit Worten von seinem Anfang.
cli-search = Eigene und geöffnete Worte finden. Geschlossenes, Privates und im Vertrauen Gesagtes wird nie durchsucht.
    .words = Wonach gesucht wird.
    .all = Alles, was gefunden wird, nicht nur das Neueste.
cli-card = Karten: Fragen, die ihr beide beantwortet, bevor jemand etwas sieht. Ohne Stapel: die Stapel.
    .deck = Der Stapel.
    .card = Eine Karte daraus; die nächste, wenn keine genannt ist.
cli-card-list = Die Karten, die jemand von euch beiden genommen hat.
cli-card-show = Eine Karte zeigen, und die Antworten, sobald beide da sind.
    .which = Die Karte: ihre Nummer in `troth card list`, Wörter ihrer Frage oder ihr Stapel und ihr Name; sonst die einzige, die passt.
cli-card-propose = Eine Zeile aus einer der Antworten als Vereinbarung vorschlagen.
    .which = Die Karte: ihre Nummer in `troth card list`, Wörter ihrer Frage oder ihr Stapel und ihr Name; sonst die einzige, die passt.
cli-card-fits = Sagen, was zu deinem Leben passt, für Karten, die etwas voraussetzen. Sonst erfährt es niemand.
cli-agreement-did-not-hold = Sie hat nicht gehalten: eine Klärung darüber beginnen.
    .agreement = Die Vereinbarung.
    .how = Wie es dazu gekommen sein kann: forgot, misunderstood, could-not, circumstances oder do-not-know.
cli-told-add = Etwas Neues sagen.
    .agreement = Die Vereinbarung, die nicht gehalten hat, mit Worten ihres Themas.
    .about = Wovon es spricht: etwas im Vertrauen Gesagtes, eine Frage danach oder ein wunder Punkt; mit seiner Nummer in der Liste oder seinem Namen.
    .until = Bis zu diesem Tag: 2026-12-31, „31. Dezember“, Freitag, „in zwei Wochen“.
    .look_again = Ein Tag, um es wieder anzusehen.
    .listen_as = Wie du gehört werden möchtest: just-listen, help-me-think oder lets-talk.
    .page = Welche Seite: name, my-responsibility oder my-patterns.
    .how = Wie es dazu gekommen sein kann: forgot, misunderstood, could-not, circumstances oder do-not-know.
    .minutes = In wie vielen Minuten du wieder da bist, 20 bis 1440; 45, wenn nichts genannt ist.
    .tomorrow = Für morgen.
    .weight = Wie schwer es wiegt: everyday, tender oder big.
cli-told-list = Alles zeigen, das Neueste zuerst.
    .all = Alle, nicht nur die neuesten.
cli-told-show = Eines zeigen. Was geschlossen ist, bleibt geschlossen.
    .which = Was: seine Nummer in der Liste, oder Worte von seinem Anfang.
cli-told-open = Öffnen, auch die Antworten darauf.
    .which = Was; was wartet, wenn es nur eines ist.
cli-told-better = Besser sagen, was du gesagt oder in eigenen Worten geantwortet hast. Es beginnt neu, ohne Antworten.
    .which = Was.
cli-told-take-back = Zurücknehmen, was du davon gesagt hast.
    .which = Was.
cli-told-put-away = Weglegen: nicht mehr unter „Heute“, nicht mehr in der Suche. Es lässt sich weiterhin öffnen; nach einer Weile verlassen die Worte beide Geräte.
    .which = Was.
    .back = Wieder hervorholen.
    .days = Nach so vielen Tagen; ohne Angabe 90.
cli-told-set-aside = Nicht mehr unter „Heute“ zeigen. Sonst erfährt es niemand.
    .which = Was.
cli-told-keep = Eine Kopie der Worte, oder einer Antwort darauf, in deinen privaten Seiten behalten; bei einer Klärung alles, was du darin gesagt hast. Sonst erfährt es niemand.
    .which = Was.
cli-told-write = Deine Worte zu diesem Schritt schreiben; sie öffnen sich, wenn ihr beide bereit seid.
    .which = Welche Klärung; die einzige, wenn keine genannt ist.
cli-told-heard = „Ich habe dich gehört.“
    .which = Was; das Einzige, wozu es sich sagen lässt, wenn nichts genannt ist.
cli-told-thank = „Danke.“
    .which = Was; das Einzige, wozu es sich sagen lässt, wenn nichts genannt ist.
cli-told-need-time = „Ich brauche Zeit.“
    .which = Was; das Einzige, wozu es sich sagen lässt, wenn nichts genannt ist.
    .until = Bis zu diesem Tag: 2026-12-31, „31. Dezember“, Freitag, „in zwei Wochen“.
cli-told-words = In eigenen Worten antworten.
    .which = Was; das Einzige, wozu es sich sagen lässt, wenn nichts genannt ist.
cli-told-say-back = Wiedergeben, was du verstanden hast.
    .which = Was; das Einzige, wozu es sich sagen lässt, wenn nichts genannt ist.
cli-told-yes = „Ja“; „ich nehme es an“; „ja, das trifft es“.
    .which = Was; das Einzige, wozu es sich sagen lässt, wenn nichts genannt ist.
cli-told-not-yet = „Später“; „noch nicht“; „nicht ganz“.
    .which = Was; das Einzige, wozu es sich sagen lässt, wenn nichts genannt ist.
cli-told-listen-as = Wie du von jetzt an gehört werden möchtest.
    .words = Was, und just-listen, help-me-think oder lets-talk.
cli-told-tell-nobody = Bitten, dass niemand davon erfährt. Das geht jeder Erlaubnis vor.
    .which = Was; das Einzige, wovon es sich sagen lässt, wenn nichts genannt ist.
cli-told-may-i = Fragen, ob jemand davon erfahren darf. Keine Antwort heißt nein.
    .which = Was; das Einzige, wonach es sich fragen lässt, wenn nichts genannt ist.
cli-told-meaning = Sagen, was es dir bedeutet.
    .which = Was; das Einzige, wovon es sich sagen lässt, wenn nichts genannt ist.
cli-told-plan = Die Vereinbarung nennen, die daraus vorgeschlagen wurde.
    .words = Was, und Worte vom Thema der Vereinbarung.
cli-told-done = „Geklärt“; „ich bin wieder da“; durch mit diesem Schritt.
    .which = Was; das Einzige, wovon es sich sagen lässt, wenn nichts genannt ist.
cli-told-day = Einen Tag zum Reden nennen.
    .words = Was, und der Tag.
cli-told-apology = Sagen, was dir leidtut.
    .which = Was; das Einzige, worin es sich sagen lässt, wenn nichts genannt ist.
cli-told-stop = Hier aufhören. Das könnt ihr beide, jederzeit.
    .which = Was; das Einzige, das offen ist, wenn nichts genannt ist.
cli-carry = Alles Neue in einer Datei mitnehmen, ohne Netz.
cli-backup = Alles von diesem Troth in einer Datei sichern, unter einer Passphrase.
    .file = Die Datei.
cli-restore = Eine Sicherung hereinnehmen: in einen leeren Troth-Ordner oder in deinen eigenen, wo sie ergänzt, was fehlt.
    .file = Die Datei.
    .keys = In einem leeren Troth-Ordner, wo liegen soll, was ihn öffnet: `os` (der Schlüsselbund des Systems, wenn nichts gesagt ist), `passphrase` oder `file` (schwächer).
    .listen = In einem leeren Troth-Ordner: wo Troth erreichbar ist.
cli-recovery-words = Die Wiederherstellungswörter eines früheren Troth von dir angeben, damit zurückkommt, was du dort geschrieben hast.
    .as_they_have_it = Ohne Wörter: alles in deinem Namen so übernehmen, wie dein Gegenüber es hat.
cli-export = Was hier ist, für andere Programme in eine Datei schreiben.
    .format = Wie: `markdown`, ein Text mit Überschriften; `json`; beide mit den Texten offener Entwürfe; `ics`, Tage für einen Kalender, und jeden Sonntag „Zeit zu zweit“; `automerge`, ein Dokument, das jedes Werkzeug für automerge öffnet.
    .book = Welches Buch: `mine` (wenn nichts gesagt ist) oder `partners`.
    .draft = Statt eines Buches einen Entwurf: Worte aus seinem Titel.
    .file = Die Datei; `-` für die Standardausgabe, außer bei `automerge`.
    .with_confidences = Auch, was dein Gegenüber dir im Vertrauen gesagt hat.
cli-pause = Eine Weile nichts teilen. Für dein Gegenüber sieht es aus wie ein Computer, der aus ist.
cli-resume = Wieder teilen.
cli-stop = Das Teilen beenden, sofort und ohne ein Wort.
cli-unlock = Öffnen, was verschlossen ist.
    .recovery_words = Mit den 24 Wiederherstellungswörtern.
cli-lock = Troth verschließen; alles bleibt.
cli-doctor = Welche Wege zu deinem Gegenüber gehen, und wer am Zug ist.
cli-reach = Wo das Gerät deines Gegenübers zu erreichen ist, wenn es nicht von selbst gefunden wird.
    .address = Wie `troth doctor` sie dort nennt.
    .here = Oder jede Adresse des Netzes, in dem dieses Gerät ist, einmal rufen: für Netze, die nichts durchlassen, was allen gilt. Wer in diesem Netz mitliest, sieht, dass jemand ruft, und nicht, wer. `troth help privatsphäre` sagt, wer was erfahren kann.
cli-network = Ob dein Router gebeten wird, Verbindungen zu Troth hereinzulassen, und was er dazu sagt.
cli-network-mapping = Den Router bitten, Verbindungen zu Troth hereinzulassen, oder nicht mehr. Er, und wer in seine Einstellungen sieht, sieht einen Port und dieses Gerät.
    .how = `on` (ja) oder `off` (nein).
cli-notify = Ob dein Desktop sagt, dass etwas für dich da ist. Das ist aus, bis du es einschaltest, und es ist ein Satz: nie, von wem oder was.
    .how = `on` (ja) oder `off` (nein).
cli-service = Das Programm im Hintergrund.
cli-logs = Das Protokoll des Programms im Hintergrund. Es enthält keine Worte von dir.
    .follow = Weiterzeigen, wenn es wächst.
cli-demo = Eine Geschichte: zwei Menschen auf diesem Computer, gekoppelt, getrennt, wieder zusammen.
    .keep = Beide Troth-Ordner in diesem Ordner behalten und sagen, wie du dich darin umsiehst.
cli-completions = Ergänzungen für eine Shell.
    .shell = Welche Shell: bash, zsh, fish, elvish oder powershell.
cli-man = Eine Handbuchseite zu jedem Befehl, in einen Ordner geschrieben.
    .folder = Der Ordner.
cli-help = Ein Thema oder einen Befehl erklären.
    .topic = Das Thema oder der Befehl; ohne Angabe werden alle Themen gezeigt.
cli-pair-again = Mit derselben Person wie vorher: auf einem anderen Gerät oder nach einem Verlust. Ihr beide; dann wie jedes Koppeln.
cli-pair-invite = Eine Einladung machen und warten.
    .nearby = Auch in diesem Netz nach dem Gerät deines Gegenübers suchen; dort wird dasselbe getan.
    .listen = Wo Troth von jetzt an erreichbar ist.
    .again = Mit derselben Person wie vorher.
cli-pair-join = Eine Einladung beantworten, gelesen von der Standardeingabe.
    .listen = Wo Troth von jetzt an erreichbar ist.
    .again = Mit derselben Person wie vorher.
cli-pair-state = Wo es steht.
cli-pair-number = Die sechs Ziffern auf dem anderen Bildschirm angeben, gelesen von der Standardeingabe.
cli-pair-yes = Ja zu der gezeigten Person.
cli-pair-no = Nein; beendet das Koppeln.
cli-agreement-propose = Worte vorschlagen; der Vorschlag ist dein Ja.
    .same_as = Die Worte dieser Fassung neu vorschlagen, zum Beispiel „besuche b“.
    .change = Andere Worte für diese Vereinbarung vorschlagen; du beginnst mit ihren Worten.
    .template = Von Worten ausgehen, die bereitliegen: `troth agreement templates` nennt sie.
cli-agreement-templates = Worte, von denen ein Vorschlag ausgehen kann: Grundregeln, ein Plan für Freiraum, eigene Fragen.
cli-agreement-yes = Ja zu genau diesen Worten. Ohne Namen: zu dem, was auf dich wartet.
    .version = Die Fassung.
cli-agreement-call-back = Ein Ja zurücknehmen, das hier bis morgen ruht. Niemand erfährt davon.
    .version = Die Fassung.
cli-agreement-put-away = Eine losgelassene Vereinbarung weglegen. Habt ihr das beide getan, verlassen deine Worte darin nach einer Weile beide Geräte.
    .agreement = Die Vereinbarung.
    .days = Nach so vielen Tagen; ohne Angabe 90.
cli-agreement-not-now = Jetzt nicht.
    .version = Die Fassung.
cli-agreement-need-time = Ich brauche Zeit.
    .version = Die Fassung.
    .until = Bis zu diesem Tag: 2026-12-31, „31. Dezember“, Freitag, „in zwei Wochen“.
cli-agreement-step-back = Von einer Fassung zurücktreten.
    .version = Die Fassung.
cli-agreement-let-go = Eine Vereinbarung loslassen. Das könnt ihr beide, sofort.
    .agreement = Die Vereinbarung.
cli-agreement-my-part = Dein eigener Teil daran, jederzeit zu ersetzen.
    .agreement = Die Vereinbarung.
cli-agreement-look = Wieder ansehen: Deine Worte öffnen sich, wenn ihr beide bereit seid.
    .version = Die Fassung.
cli-agreement-show = Eine zeigen.
    .agreement = Die Vereinbarung.
cli-agreement-history = Was ihr beide dazu gesagt habt, und an welchem Tag.
    .agreement = Die Vereinbarung.
cli-agreement-diff = Worin sich zwei Fassungen unterscheiden, Wort für Wort. Ohne Buchstaben: zwischen dem, was gilt, und dem, was vorgeschlagen ist.
    .wordings = Die Vereinbarung, und die Buchstaben von zwei Fassungen: besuche a b.
cli-agreement-print = Alles, was gilt, im vollen Wortlaut: ein Blatt, wie es zwei unterschreiben würden.
    .agreement = Nur diese eine.
cli-agreement-list = Alle aufzählen.
    .state = Nur solche in diesem Zustand: draft, proposed, in-force, change-proposed, two-yeses, over, let-go oder not-agreed.
cli-checkin-ready = Deine Seite schreiben; sie öffnet sich, wenn ihr beide bereit seid.
    .slot = Die Woche, zum Beispiel 2026-W47, 47 oder „letzte Woche“; ohne Angabe diese Woche. „jahr“ ist das lange Check-in des Jahres.
cli-checkin-cancel = Doch nicht bereit; deine Worte kommen zu dir zurück.
    .slot = Die Woche; sonst die einzige, bei der es geht.
cli-checkin-share = Deine Seite öffnen, ohne zu warten.
    .slot = Die Woche; sonst die einzige, bei der es geht.
cli-checkin-take-back = Deine offene Seite zurücknehmen: Ihre Worte verlassen beide Geräte.
    .slot = Die Woche; sonst die einzige, bei der es geht.
cli-checkin-heard = „Ich habe dich gehört“, in deinen eigenen Worten.
    .slot = Die Seite: eine Woche oder Wörter einer Karte; sonst die einzige, bei der es geht.
cli-checkin-thank = „Danke“, für die Seite, die sich dir geöffnet hat.
    .slot = Die Seite: eine Woche oder Wörter einer Karte; sonst die einzige, bei der es geht.
cli-checkin-need-time = „Ich brauche Zeit“, für die Seite, die sich dir geöffnet hat.
    .slot = Die Seite: eine Woche oder Wörter einer Karte; sonst die einzige, bei der es geht.
    .until = Bis zu diesem Tag: 2026-12-31, „31. Dezember“, Freitag, „in zwei Wochen“.
cli-checkin-keep = Eine Kopie der Seite, die sich dir geöffnet hat, in deinen privaten Seiten behalten; dreißig Tage lang auch, wenn sie zurückgenommen wurde. Sonst erfährt es niemand.
    .slot = Die Seite: eine Woche oder Wörter einer Karte; sonst die einzige, bei der es geht.
cli-checkin-put-away = Deine Seite weglegen: nicht mehr unter „Heute“, nicht mehr in der Suche. Sie lässt sich weiterhin öffnen; nach einer Weile verlassen ihre Worte beide Geräte.
    .slot = Die Woche; sonst die einzige, bei der es geht.
    .before = Alle deine Check-ins vor dieser Woche.
    .back = Wieder hervorholen.
    .days = Nach so vielen Tagen; ohne Angabe 90.
cli-checkin-show = Eines zeigen, oder alle.
    .slot = Die Woche.
cli-carry-out = In eine Datei schreiben, was deinem Gegenüber fehlt, versiegelt für euch beide.
    .file = Die Datei.
    .upto = Nur so viele deiner ersten Einträge.
    .whole = Alles, auch was dein Gegenüber vermutlich schon hat.
cli-carry-in = Eine mitgebrachte Datei hereinnehmen. Zweimal schadet nicht.
    .file = Die Datei.
cli-service-start = Es starten.
cli-service-stop = Es anhalten.
cli-service-status = Ob es läuft, und ob es startet, wenn du dich anmeldest.
cli-service-install = Es starten, wenn du dich anmeldest.
cli-service-uninstall = Es nicht mehr starten, wenn du dich anmeldest.

## Help: one message a topic. Lines that begin with two spaces stay as they are; others flow together

help-begin =
    Ihr beide, jeweils am eigenen Computer:

      troth init            dein Name, und 24 Wörter zum Aufschreiben

    Dann zusammen, an einem Ort oder am Telefon:

      troth pair            auf beiden Geräten; sie finden einander

    Danach:

      troth agreement propose     etwas vorschlagen
      troth                       was auf dich wartet
      troth agreement yes         lesen, was wartet, und Ja dazu sagen
      troth checkin ready         deine Seite der Woche schreiben

    Ihr müsst nicht gleichzeitig verbunden sein. Wenn sich die beiden Geräte
    treffen, geht alles hinüber, und ihr seht beide dasselbe.
    .about = wie zwei anfangen
    .name = beginnen

help-pairing =
    Im selben Netz finden sich eure beiden Geräte, während ihr beide `troth pair`
    laufen lasst. In verschiedenen Netzen antwortet eine Person mit der Einladung,
    die der andere Bildschirm zeigt. Dann zeigt jeder Bildschirm eine Zahl mit
    sechs Ziffern, jeder eine andere. Lies deine laut vor und tippe die andere.
    Nichts über dich geht hinaus, bevor die Zahl gestimmt hat, die du getippt hast:
    Stünde jemand zwischen den beiden Geräten, würde die getippte Zahl nicht stimmen.

    Dann seht ihr beide den Namen eures Gegenübers und sagt Ja. Zum Koppeln sind
    zehn Minuten Zeit. Troth ist für genau zwei Menschen.

    Eine Einladung enthält für diese zehn Minuten deine Netzadresse, und nichts,
    was danach geheim bleiben müsste.
    .about = was beim Koppeln geschieht, und wozu die Zahlen
    .name = koppeln

help-agreements =
    Wer vorschlägt, hat Ja gesagt. Wenn das Gegenüber Ja zu genau denselben Worten
    sagt und dieses Ja auf dem Gerät ist, von dem der Vorschlag kam, dann gilt es
    für beide.

    Niemand muss bei null anfangen: `troth agreement templates` nennt Worte für
    Grundregeln, einen Plan für Freiraum und eigene Fragen für jedes Check-in.

    Ein Ja zu etwas Großem ruht einen Tag auf dem Gerät, auf dem es gesagt wurde.
    Bis dahin erfährt niemand sonst davon, und es lässt sich zurücknehmen:
    `troth agreement call-back NAME`.

    Ihr könnt beide eine Änderung vorschlagen; was gilt, gilt weiter, bis ihr beide
    Ja zu anderen Worten gesagt habt. Ihr könnt beide von einer Fassung zurücktreten
    oder eine Vereinbarung loslassen, jeweils allein und sofort, mit einer Notiz
    oder ohne.

    Wenn ihr beide geschrieben habt, während ihr getrennt wart, ist nichts verloren:
    Beide Fassungen stehen nebeneinander. Wenn ihr jeweils Ja zur Fassung eures
    Gegenübers gesagt habt, ersetzt keine das, was vorher war, bis ihr eine wählt.

    Was losgelassen ist, lässt sich weglegen: `troth agreement put-away NAME`. Habt
    ihr das beide getan, verlassen die Worte jeder Person darin beide Geräte, nach
    90 Tagen oder nach so vielen, wie ihr jeweils gesagt habt (`--days`). Es bleibt,
    dass da etwas war, und wie es endete. `troth help losses` sagt, was Troth
    vergessen kann und was nicht.

    Eine Vereinbarung nennst du mit irgendeinem Wort ihres Themas oder mit ihrer
    Nummer in der letzten Liste, eine Fassung davon mit ihrem Buchstaben:
    `troth agreement show visits`, `troth agreement yes visits b`.
    `troth agreement history visits` erzählt, was ihr beide dazu gesagt habt, und an
    welchem Tag.
    .about = Vorschläge, Ja, zurücktreten, loslassen
    .name = vereinbarungen

help-drafts =
    Ein Entwurf ist ein Text, in dem ihr beide schreibt, Buchstabe für Buchstabe:
    Worte einer Vereinbarung, ein Brief, eine Liste.

      troth draft new              einen beginnen
      troth draft list             die offenen
      troth draft edit NAME        im eigenen Editor; was du speicherst, kommt dazu
      troth draft edit --live NAME      im Terminal; du siehst, was dazukommt
      troth draft show NAME        ihn lesen
      troth draft propose NAME     seinen Text als Vereinbarung vorschlagen
      troth draft close NAME       ihn schließen

    Schreibt im selben Augenblick oder im Abstand von Wochen: Jeder Buchstabe von
    beiden bleibt. Ein Entwurf bindet niemanden. Vorgeschlagen wird eine Abschrift
    seines Textes, wie er dann ist.

    Was du schreibst, ist geteilt, sobald du es schreibst, auch was du wieder
    herausnimmst: Das Programm deines Gegenübers könnte es behalten. Was niemand
    sehen soll, gehört woandershin.

    Habt ihr ihn beide geschlossen, verlassen sein Text und sein Titel beide Geräte.
    .about = zusammen etwas schreiben
    .name = entwurf

help-checkin =
    Ihr schreibt beide eine Seite: Dank, was gut gelaufen ist, was noch nicht gesagt
    ist, höchstens eine Sache zum Reden, einen Wunsch. Deine Worte bleiben auf
    deinem Gerät, bis ihr beide bereit seid; dann öffnen sich beide Seiten zugleich.

    Einmal im Jahr gibt es ein langes Check-in, mit acht weiteren Fragen:
    `troth checkin ready --slot year`.

    Solange dein Gegenüber noch nicht bereit ist, kannst du deine zurückholen.
    Danach öffnet sie sich und lässt sich nicht mehr zurückholen. Wenn zwei Wochen
    lang niemand antwortet, kommen deine Worte zu dir zurück, und niemand erfährt
    davon.

    Du kannst deine eigene Seite auch öffnen, ohne zu warten: `troth checkin share`.

    Was sich dir geöffnet hat, lässt sich beantworten, und die eigene Seite
    weglegen:

      heard        was du gehört hast, in deinen eigenen Worten
      thank        danke
      need-time    du brauchst Zeit bis zu einem Tag
      keep         eine Kopie in deinen privaten Seiten behalten
      put-away     nicht mehr unter „Heute“ und in der Suche; `--before` alle
                   vor einer Woche

    Was weggelegt ist, lässt sich weiterhin lesen. Seine Worte verlassen beide
    Geräte nach 90 Tagen, oder nach so vielen, wie `--days` sagt.

    Was offen ist, lässt sich zurücknehmen: `troth checkin take-back`. War die Seite
    deines Gegenübers noch nicht offen, sieht deine niemand mehr, und du kannst neu
    schreiben. Waren beide offen, verlassen deine Worte dein Gerät
    sofort, und das Gerät deines Gegenübers dreißig Tage, nachdem es davon
    erfährt. Dein Gegenüber hat vielleicht eine Kopie behalten: Troth kann niemanden
    zum Vergessen bringen.
    .about = Seiten, die sich öffnen, wenn beide bereit sind
    .name = checkin

help-tell =
    Alles, was zu sagen ist, hat einen Platz. `troth say` fragt, was es ist.

    { $kinds }

    `troth help repair` erklärt die sieben Schritte einer Klärung.

    Alle haben dieselben Schritte:

      troth thanks add           es sagen
      troth thanks list          alle, mit Nummern
      troth thanks open          öffnen, was gesagt und geantwortet wurde
      troth thanks thank         antworten; jede Art zeigt ihre Antworten
      troth thanks show N        eines ansehen; das öffnet nichts
      troth thanks better N      es besser sagen
      troth thanks take-back N   es zurücknehmen
      troth thanks put-away N    es weglegen
      troth open                 öffnen, was wartet

    Genannt wird es mit seiner Nummer in der Liste, mit einem Wort von seinem
    Anfang oder gar nicht, wo nur eines gemeint sein kann. Was du getippt und nicht
    gesagt hast, wird aufbewahrt und wieder angeboten.

    Gesagtes bleibt geschlossen, bis dein Gegenüber es öffnet, und niemand erfährt,
    ob das geschehen ist. Was du zurücknimmst, ist für dein Gegenüber fort, wenn es
    nicht geöffnet war; wer es geöffnet hat, behält vielleicht eine Kopie. Troth
    kann niemanden zum Vergessen bringen.

    Weglegen kannst du deinen Dank, im Vertrauen Gesagtes, kleine Wahrheiten und
    Bitten. Was geklärt, zu Ende oder vorbei ist, ist von selbst weggelegt.

      was              was sich antworten lässt
    { $answers }

    Zu Vertraulichem sind Worte möglich, wo sie gewünscht sind. Auf eine kleine
    Wahrheit folgt zuerst ein Dank oder die Bitte um Zeit. Wer einen wunden Punkt
    gezeigt oder Vertrauen gegeben hat, antwortet mit `yes` oder `not-yet` auf das,
    was wiedergegeben wurde. Bei einem Moment zu zweit heißt `not-yet` „später“, bei
    einer Pause heißt `done` „ich bin wieder da“.

    Was im Vertrauen gesagt wurde, bleibt bei der Person, die es gehört hat. Eine
    Erlaubnis nennt, wer es noch erfahren darf, und endet, wenn du sie zurücknimmst;
    solange die Geräte getrennt sind, sieht dein Gegenüber vielleicht noch das
    Ja. `tell-nobody` geht jeder Erlaubnis vor. Was im Vertrauen gesagt ist, und
    kleine Wahrheiten, findet keine Suche, und beides ist zur Seite gelegt, solange
    eine Pause oder eine Klärung läuft, und noch am Tag nach einer Klärung. Wenn jemand in Gefahr ist, geht Sicherheit vor Verschwiegenheit.

    `troth search WORDS` findet deine eigenen Worte und die, die du geöffnet hast.
    .about = alles, was ihr einander sagen könnt, und was sich antworten lässt
    .name = sagen

help-repair =
    Ana und Ben hatten vereinbart zu fragen, bevor jemand zu Besuch kommt, und es
    hat nicht gehalten. Niemand wird gefragt, wessen Schuld das war. Ana oder Ben
    sagt es:

      troth agreement did-not-hold NAME

    Wenn es nicht um eine Vereinbarung ging: `troth repair add`. Von da an sagt
    `troth repair show`, bei welchem Schritt die beiden sind und worum es dort geht.

      1  Wann redet ihr? `troth repair day DAY`. Es steht fest, sobald ihr beide
         denselben Tag genannt habt.
      2  Was hast du gefühlt? `troth repair write`. Es öffnet sich, wenn ihr beide
         geschrieben habt.
      3  Gib wieder, was dein Gegenüber gefühlt hat: `troth repair say-back`.
         Dein Gegenüber sagt `troth repair yes`, oder `troth repair not-yet`, und
         du versuchst es noch einmal. Dann sagt ihr beide `troth repair done`.
      4  Wie hast du es gesehen? `troth repair write`. Beide Sichten dürfen stehen.
      5  Was war dein eigener Teil? `troth repair write`.
      6  `troth repair apology`, wenn dir etwas leidtut. Darauf lässt sich mit yes
         oder not-yet antworten. Niemand muss. Beide sagen `troth repair done`.
      7  Was geht beim nächsten Mal besser? `troth agreement propose`, und
         `troth repair plan NAME` sagt, dass es daraus kommt. Beide sagen done.

    Wenn es zu viel wird: `troth break add`, mit einer Zeit zum Wiederkommen. Die
    Klärung wartet. `troth break done` sagt, dass du wieder da bist; früher vorbei
    ist die Pause erst, wenn ihr es beide gesagt habt.

    Ihr könnt beide bei jedem Schritt aufhören: `troth repair stop`. Aufhören ist kein Scheitern. Was geschrieben und noch nicht offen war, kommt
    zurück.

    Wenn ihr beide durch seid, bleibt der Plan, und das Übrige wird weggelegt.
    .about = wenn etwas nicht gehalten oder wehgetan hat: sieben Schritte
    .name = klärung

help-cards =
    Eine Karte ist eine offene Frage. Ihr beantwortet sie beide, bevor jemand etwas
    sieht.

      troth card                    die Stapel
      troth card DECK               die nächste; antworten, überspringen, lassen
      troth card list               die, die jemand von euch beiden genommen hat
      troth card show DECK CARD     die Antworten, sobald beide da sind
      troth card propose DECK CARD  eine Zeile daraus vorschlagen
      troth card fits               was für dich zutrifft; darauf warten manche

    Leichte Karten kommen zuerst. Was du überspringst, wird nicht von selbst wieder
    angeboten. Was du überspringst und was du über dein Leben sagst, weiß nur
    dieses Gerät.

    Ein längeres Check-in fragt mehr: `troth checkin ready --slot 2026` für ein
    Jahr. Ihr beide könnt eigene Fragen in jedem Check-in haben: eine Vereinbarung
    mit dem Kennwort `questions`, eine Frage in jeder Zeile ihres Wortlauts.
    `troth agreement propose --template questions` beginnt eine.
    .about = Fragen, die ihr beide beantwortet, bevor jemand etwas sieht
    .name = karten

help-carry =
    Was neu ist, kann in einer Datei hinübergehen, ohne Netz:

      troth carry out FILE   in eine Datei schreiben, was deinem Gegenüber fehlt
      troth carry in FILE    eine Datei hereinnehmen, die dein Gegenüber
                             geschrieben hat

    In der Datei steht, was dein Gegenüber vermutlich noch nicht hat; mit --whole
    alles. Sie ist für euch beide versiegelt. Die Reihenfolge ist gleich, und
    zweimal schadet nicht. Wer von einem eurer Geräte stiehlt, was sie öffnet,
    könnte solche Dateien lesen, auch ältere, und welche machen.

    Die Geräte finden einander dort, wo sie zuletzt waren. Sind seither beide
    umgezogen, sagt eine Datei deinem Gerät, wo das andere ist, oder du sagst es
    ihm: `troth doctor` dort nennt die Adresse, und `troth reach HOST:PORT` hier
    nimmt sie an. Seid ihr beide hinter Routern, die nichts hereinlassen, kann
    einer von euch seinen bitten lassen, das andere Gerät hereinzulassen: `troth
    network mapping on`.
    .about = Austausch ohne Netz oder von anderswo
    .name = mitnehmen

help-losses =
    Gegen einen Verlust, und danach:

      troth backup FILE       alles außer den privaten Seiten, unter einer
                              Passphrase
      troth restore FILE      in einen leeren Troth-Ordner oder in deinen eigenen
      troth pair again        ihr beide: mit einem anderen Gerät weitermachen

    Eine Sicherung ist eine `age`-Datei; jedes `age`-Programm öffnet sie. Wer die
    Datei und die Passphrase hat, kann alles darin lesen.

      verloren                  was es zurückbringt
      das Gerät                 eine Sicherung, dann neu koppeln
      Gerät, ohne Sicherung     `troth init --recovery-words`, dann neu koppeln:
                                Dein Gegenüber wird gefragt, ob du es bist, und
                                was von dir ist, kommt vom anderen Gerät zurück
      die Wörter auch           `troth init`, neu koppeln, und dann
                                `troth recovery-words --as-they-have-it`
      Troth, andere Wörter      `troth recovery-words` nimmt die des anderen an
      Worte eines Check-ins     zurückholen: `troth checkin cancel`
      eine Datei reicht nicht   dein Gegenüber schreibt eine ganze:
                                `troth carry out --whole FILE`

    Ein kopiertes oder zurückgesetztes Troth schreibt einfach weiter, und beide
    Zweige bleiben erhalten. Du erfährst, wenn etwas in deinem Namen zurückkommt;
    wenn du nichts kopiert hast, war es jemand anderes: Koppelt euch neu, und das
    vorige Gerät ist abgetrennt.

    Private Seiten stehen in keiner Sicherung: Sie sind mit ihrem Gerät verloren.

    Was nicht zurückkommen kann: Worte, die nur auf einem Gerät waren, das weg ist.
    Was vergessen wird, verlässt beide Geräte; in Sicherungen und Dateien von vorher
    steht es noch, und was sie zurückbringen, geht beim nächsten Treffen wieder; auf
    einer Festplatte können alte Reste bleiben; und dein Gegenüber hat vielleicht
    eine Kopie. Troth kann niemanden zum Vergessen bringen. Ein verändertes
    Programm am anderen Ende kann Worte zurückhalten, bis es sie zeigen will, oder
    etwas schreiben, das auslässt, was es schon gesehen hatte; nichts davon bindet
    dich ohne dein eigenes Ja.
    .about = Sicherungen, verlorene Geräte, und was vergessen werden kann
    .name = verluste

help-keys =
    Alles auf der Festplatte ist versiegelt. Was es öffnet, liegt dort, wo du es bei
    `troth init` gewählt hast: im Schlüsselbund des Systems, aus einer Passphrase
    gemacht, oder in einer Datei (schwächer: Wer die Festplatte hat, hat auch sie).

    Die 24 Wörter öffnen es, wenn das verloren ist: `troth unlock --recovery-words`.
    Sie werden einmal gezeigt. Wer sie und deine Festplatte hat, kann alles lesen,
    was geteilt ist; und könnte mit der Festplatte deines Gegenübers prüfen, dass
    von dir ist, was darauf steht.

      verloren                    was hilft
      der Schlüsselbund           die 24 Wörter
      die 24 Wörter               nichts geht verloren, solange der
                                  Schlüsselbund da ist
      der Computer                `troth help losses`
      Schlüsselbund und Wörter    wie beim Computer
    .about = was dein Troth öffnet, und die 24 Wörter
    .name = öffnen

help-privacy =
    Troth spricht mit dem Gerät deines Gegenübers und mit nichts sonst, außer mit
    deinem Router, wenn du das willst (`troth network mapping on`). Es gibt kein Konto
    und keinen Server. Troth zählt nichts, was ein Mensch tut, und behält keine
    Uhrzeiten, mit zwei Ausnahmen: wann eine Pause endet, und ob das, was du
    geschrieben hast, beim Gerät deines Gegenübers angekommen ist.

    Es kann dich nicht schützen, wenn dein Computer deinem Gegenüber gehört oder von
    dort entsperrt wurde, wenn dich jemand zwingt, eine Passphrase zu nennen, vor
    Bildern vom Bildschirm, oder vor einem veränderten Programm am anderen Ende, das
    Worte behält oder zurückhält. Troth kann niemanden zum Vergessen bringen. Ein
    solches Programm und das Netz können sehen, dass ein Computer an ist, und wer sich die
    offenen Ports eines Netzes ansieht, kann eine Kennung erfahren. In jedem Netz,
    in das dein Computer kommt, ist es eine andere, solange sich die beiden Geräte
    begegnen.

    Dein Desktop sagt nichts von Troth, außer du willst, dass er sagt, dass etwas für
    dich da ist (`troth notify on`): Es ist ein Satz, den auch alle sehen, die deinen
    Bildschirm sehen.

    Die Verbindung beweist niemandem sonst, was gesagt wurde; höchstens, dass sich
    zwei Geräte getroffen haben. Einträge tragen keine Unterschrift, die sich
    anderen zeigen ließe.

    Solange du teilst und die beiden Geräte nicht verbunden sind, ruft jedes das
    andere in dem Netz, in dem es ist, in Paketen, von denen keines dem anderen
    gleicht. Wer was erfährt:

      wer nur mitliest         jemand ruft; weder wer noch mit welchem Programm
      wer die Rufe aufnimmt    kann sie eine halbe Stunde lang von derselben Adresse
                               wiederholen; wer sie unter dieser Adresse sofort
                               weitergibt, kann erfahren, dass zwei Geräte
                               zusammengehören
      dein Gegenüber           mit einem Gerät in jenem Netz, dass deines darin ist;
                               von anderswo verbunden deine öffentliche Adresse,
                               die ungefähr sagt, in welcher Stadt du bist

    `troth pause` beendet das alles.
    .about = was Troth für sich behält, und was es nicht kann
    .name = privatsphäre

help-afraid =
    Wenn du Angst vor deinem Gegenüber hast, kommt deine Sicherheit vor jeder
    Vereinbarung.

    Du darfst jederzeit aufhören zu teilen: `troth stop`. Es wirkt sofort, ohne
    Begründung und ohne Nachricht; für dein Gegenüber sieht es aus wie ein Computer,
    der aus ist. `troth pause` sieht genauso aus. Überleg es dir vorher: Bei manchen
    Menschen kann plötzliche Stille es schlimmer machen, und du weißt es am besten.

    Alles Geteilte ist schon auf dem anderen Gerät, und Troth kann es nicht
    zurückholen. Wer das Passwort deines Computers kennt, kann lesen, was du lesen
    kannst. Um Hilfe zu suchen, ist ein Gerät sicherer, von dem dein Gegenüber
    nichts weiß: bei Freunden oder in einer Bücherei.

    Was du in einem Terminal tippst, merkt sich meist die Shell, auch diesen Befehl:
    Die Pfeiltaste nach oben zeigt es. Ein Leerzeichen davor hält einen Befehl
    heraus: in fish von selbst, in bash nach `HISTCONTROL=ignorespace`, in zsh nach
    `setopt HIST_IGNORE_SPACE`; `fish --private` merkt sich nichts. Alles zu leeren
    kann selbst auffallen.

    Nichts, was du hier vereinbart hast, verpflichtet dich zu bleiben. In den
    meisten Ländern gibt es eine Telefonnummer, unter der dir jemand zuhört, kostenlos
    und zu jeder Stunde; im Notfall wähle den Notruf.
    .about = wenn du Angst hast
    .name = angst

help-scripting =
    Jeder Befehl nimmt --json: Er schreibt genau ein JSON-Objekt mit "v":1 auf die
    Standardausgabe und liest Worte als JSON von der Standardeingabe, nie aus den
    Angaben hinter dem Befehl. Ein Fehler schreibt
    {"{"}"v":1,"error":{"{"}"kind","what","next"{"}"}{"}"} auf die
    Standardfehlerausgabe, auf Englisch. Daran wird nur ergänzt, nie geändert.

      Code  Bedeutung
      0     fertig
      1     misslungen
      2     nicht so benutzt, wie die Hilfe sagt
      3     das Programm im Hintergrund läuft nicht
      4     verschlossen
      5     nicht gekoppelt oder nicht eingerichtet
      6     hier gespeichert, noch nicht bei deinem Gegenüber (--wait lief ab)
      7     ein Mensch muss entscheiden
      130   unterbrochen

    Jeder Befehl, und was von der Standardeingabe gelesen wird:

    { $commands }

    Wenn --wait abläuft, wird wie immer ausgegeben, was geschrieben wurde, und der
    Fehler dazu.

    Ein Datum ist YYYY-MM-DD, ein Check-in eine Woche wie 2026-W47; beides auch so,
    wie man es sagt. Eine Vereinbarung oder eine Fassung lässt sich mit den ersten
    vier oder mehr Buchstaben ihres Namens nennen, die kein anderer teilt, oder so,
    wie ein Mensch sie nennt. Mit --no-input braucht --yes, was etwas bindet oder
    beendet; mit --json sind die angegebenen Worte die Entscheidung.
    .about = Befehle für Skripte und Vorleseprogramme
    .name = skripte

help-topics = Themen, für `troth help TOPIC`:
help-commands = `troth --help` zeigt die Befehle.

## The story of `troth demo`

demo-begin = Ein Paar, Ana und Ben, jeweils mit einem eigenen Computer. In dieser Geschichte ist es beide Male dieser hier.
demo-set-up = Beide haben Troth eingerichtet und 24 Wörter aufgeschrieben. Nichts hat eines der Geräte verlassen.
demo-numbers = Anas Bildschirm zeigt { $ana }, Bens zeigt { $ben }. Beide tippen die Zahl, die sie vorgelesen bekommen.
demo-paired = Die Zahlen stimmen, beide sagen Ja, und sie sind gekoppelt. Kein Server, kein Konto.
demo-agreed = Ana schlägt „{ $topic }“ vor. Ben sagt Ja zu genau denselben Worten: Es gilt für beide.
demo-apart = Ben schlägt eine Änderung vor: einen Tag vorher Bescheid. Dann verreisen sie, und ihre Geräte erreichen einander nicht.
demo-apart-yes = Unterwegs sagt Ana Ja zu Bens Vorschlag …
demo-apart-rewrites = … während Ben ihn umschreibt: zwei Tage vorher. Anas Ja und Bens neue Fassung kreuzen sich.
demo-apart-page = Ana schreibt auch eine Seite für das Check-in. Sie bleibt auf Anas Gerät, bis auch Ben eine geschrieben hat.
demo-back = Sie sind zurück. Gleich haben beide Geräte alles, und beide zeigen dasselbe:
demo-screen = Der Bildschirm von { $name }
demo-binds = Was beide vereinbart hatten, gilt weiter. Anas Ja galt Worten, die Ben schon zurückgenommen hatte, also bindet es niemanden; der neue Vorschlag wartet auf Ana. Nichts ging verloren.
demo-page = Auch Ben schreibt eine Seite. Jetzt sind beide bereit, und beide Seiten öffnen sich zugleich:
demo-gone = Beide sind nach Hause gegangen, und auf diesem Computer bleibt nichts davon.
demo-kept = Beide Troth-Ordner sind noch da. Um dich darin umzusehen:
demo-word-topic = Besuche
demo-word-terms = Wir sagen einander Bescheid, bevor jemand bei uns übernachtet.
demo-word-ana = Ich frage, bevor ich meine Schwester einlade.
demo-word-ben = Du fragst, bevor du deine Freunde einlädst.
demo-word-day-terms = Einen Tag vorher Bescheid sagen genügt.
demo-word-day-me = Ich sage einen Tag vorher Bescheid.
demo-word-day-you = Du sagst einen Tag vorher Bescheid.
demo-word-two-terms = Zwei Tage vorher Bescheid sagen.
demo-word-two-me = Ich sage zwei Tage vorher Bescheid.
demo-word-two-you = Du sagst zwei Tage vorher Bescheid.
demo-word-ana-thanks = Du hast das Licht im Flur repariert.
demo-word-ana-well = Es war gut, dass wir am Sonntag geredet haben.
demo-word-ben-thanks = Du hast am Bahnhof auf mich gewartet.
demo-word-ben-well = Zusammen kochen.

## What `--version` says

version-formats =
    { $version }
    gebaut aus { $commit }
    spricht: lokale Schnittstelle { $api }, Verbindung { $link }, Koppeln { $pairing }

## What is so when nobody is there, on a full disk, and with a swap

status-not-paired-here = Dieses Gerät ist nicht mit dem von { DATIVE($partner) } gekoppelt. `troth pair` beginnt; { $partner } beginnt mit `troth pair again`.
sharing-nobody = Du bist nicht gekoppelt, also wird mit niemandem etwas geteilt. `troth pair` beginnt; von da an teilst du.
reach-here = { $called ->
        [one] Troth ruft eine Adresse des Netzes hier, einmal.
       *[other] Troth ruft { $called } Adressen des Netzes hier, jede einmal.
    } `troth doctor` zeigt, ob ihr beide verbunden seid.
reach-here-connected = Ihr seid schon verbunden: Es wurde niemand gerufen.
reach-here-nowhere = Dieses Gerät ist in keinem Netz, in dem sich einzelne Adressen rufen lassen: Es wurde niemand gerufen.
reach-here-later = Es wurde niemand gerufen: Teile erst wieder, mit `troth resume`.
reach-tries-later = Troth versucht auch diese Adresse, sobald du wieder teilst: `troth resume`.
carried-out-nothing = { $partner } hat alles, was du geteilt hast: { $file } bringt nichts Neues.
rung-disk = Festplatte
rung-memory = Arbeitsspeicher
why-other-disk = `troth carry out FILE` geht, mit FILE auf einer Festplatte, die Platz hat.
why-not-met = Du hast Ja zum Koppeln gesagt; fertig ist es, sobald die beiden Geräte sich getroffen haben.
why-beginning = Troth macht sich gerade erst erreichbar.
why-named = Du hast { $at } genannt; das wird versucht.
rung-networks = Netze
rung-call = Rufen
why-linked-at = Das Gerät von { DATIVE($partner) } ist unter { $at }.
why-linked-at-seen = Das Gerät von { DATIVE($partner) } ist unter { $at } und sieht dieses unter { $seen }.
why-to-be-tried = Das Gerät von { DATIVE($partner) } kann unter { $at } sein.
why-tried = Seit sich das Netz hier zuletzt geändert hat, hat niemand geantwortet. { $places }.
why-named-and-tried = Du hast { $at } genannt, das wird versucht. Seit sich das Netz hier zuletzt geändert hat, hat niemand geantwortet. { $places }.
word-tried-no-answer = { $at }: keine Antwort ({ $times ->
    [one] einmal versucht
   *[other] { $times }-mal versucht
}, zuletzt vor { $ago })
word-tried-no-way = { $at }: dorthin führt kein Netz ({ $times ->
    [one] einmal versucht
   *[other] { $times }-mal versucht
}, zuletzt vor { $ago })
word-tried-refused = { $at }: dort ist ein Gerät, auf dem nichts lauscht ({ $times ->
    [one] einmal versucht
   *[other] { $times }-mal versucht
}, zuletzt vor { $ago })
word-tried-stranger = { $at }: dort antwortet ein anderes Programm ({ $times ->
    [one] einmal versucht
   *[other] { $times }-mal versucht
}, zuletzt vor { $ago })
word-seconds = { $n ->
    [one] 1 Sekunde
   *[other] { $n } Sekunden
}
word-minutes = { $n ->
    [one] 1 Minute
   *[other] { $n } Minuten
}
word-hours = { $n ->
    [one] 1 Stunde
   *[other] { $n } Stunden
}
why-own-networks = Dieses Gerät ist in { $own }.
why-same-network = Dieses Gerät ist in { $own }. Das von { DATIVE($partner) } war unter einer Adresse mit denselben Zahlen, wie viele Netze sie haben: Es kann ein anderes sein.
why-public-here = Dieses Gerät hat die öffentliche Adresse { $at }; ein Router oder eine Firewall dazwischen lässt vielleicht trotzdem niemanden herein.
why-public-there = Das Gerät von { DATIVE($partner) } war unter der öffentlichen Adresse { $at }; ein Router oder eine Firewall dazwischen lässt vielleicht trotzdem niemanden herein.
why-no-common-network = Dieses Gerät ist in { $own }, das von { DATIVE($partner) } war unter { $theirs }, also anderswo, und keine Adresse der beiden ist öffentlich. Wo es jetzt ist, ist hier nicht bekannt.
why-not-called = Nicht gerufen.
why-nowhere-to-call = Hier ist kein Netz, in dem gerufen werden kann.
why-called-nobody = In { $own } gerufen, niemand hat geantwortet. Wenn das Gerät von { DATIVE($partner) } an und in diesem Netz ist, hält das Netz Geräte voneinander fern, wie in vielen Hotels, oder eine Firewall tut es.
label-act-apart = ihr beide, wenn ihr in zwei Netzen seid, mit `troth reach` und einer Adresse, die von außen dorthin führt, oder mit einer Datei
label-act-kept-apart = ihr, wenn ihr in einem Netz seid, mit `troth reach --here`, dann mit einem Hotspot oder einer Datei
why-waits-for-disk = Nichts kommt herein, solange diese Festplatte nichts annimmt. Troth versucht es weiter.
why-disk-takes = Sie nimmt an, was du schreibst.
why-disk-full = Die Festplatte ist voll: Neues lässt sich nicht speichern. Was gespeichert war, ist sicher.
why-disk-read-only = Die Festplatte lässt sich nur lesen: Neues lässt sich nicht speichern. Was gespeichert war, ist sicher.
why-no-swap = Er wird nicht auf eine Festplatte geschrieben: Dieses System hat keinen Auslagerungsspeicher (Swap).
why-swap-sealed = Der Auslagerungsspeicher (Swap) des Systems ist verschlüsselt.
why-swap-plain = Der Auslagerungsspeicher (Swap) unter { $at } ist nicht verschlüsselt: Was im Arbeitsspeicher ist, auch deine Worte, kann auf jener Festplatte landen.
why-swap-unknown = Ob der Auslagerungsspeicher (Swap) unter { $at } verschlüsselt ist, lässt sich von hier aus nicht sagen.
label-act-partner-yes = dein Gegenüber, falls das Ja dort noch fehlt
label-act-disk-below = du (siehe weiter unten bei „Festplatte“)
label-act-room = du (etwas Platz schaffen)
label-act-writable = du (sie beschreibbar machen)
label-act-swap = du (den Auslagerungsspeicher verschlüsseln oder ohne ihn auskommen)
label-act-look-swap = du (nachsehen, ob er es ist)
problem-not-shared-unsaved = Von jetzt an wird nichts geteilt. Die Festplatte hat das nicht angenommen, deshalb würde Troth beim nächsten Start wieder teilen.
    .next = Schaff etwas Platz auf der Festplatte, dann sag es noch einmal.

## Entwürfe, in denen beide schreiben

cli-draft = Zusammen etwas schreiben, Buchstabe für Buchstabe.
cli-draft-new = Einen Entwurf beginnen, in dem ihr beide schreibt.
    .form = agreement, letter oder list (Vereinbarung, Brief, Liste); sonst ein Brief.
cli-draft-list = Die offenen Entwürfe.
cli-draft-show = Einen zeigen.
    .draft = Worte aus dem Titel oder die Nummer in der Liste.
cli-draft-edit = Ihn im eigenen Editor öffnen und einfügen, was du speicherst.
    .draft = Worte aus dem Titel oder die Nummer in der Liste.
    .live = Im Terminal schreiben und sehen, was dein Gegenüber gerade schreibt.
cli-draft-propose = Seinen Text als Vereinbarung vorschlagen.
    .draft = Worte aus dem Titel oder die Nummer in der Liste.
cli-draft-close = Ihn schließen; haben das beide getan, verlässt er beide Geräte.
    .draft = Worte aus dem Titel oder die Nummer in der Liste.
ask-draft-title = Wie soll er heißen?
ask-draft-empty = Von dem Text ist nichts übrig. Alles herausnehmen?
ask-draft-close = Den Entwurf schließen? Er verlässt beide Geräte, sobald { $partner } ihn auch schließt.
ask-draft-close-both = Den Entwurf schließen? Er verlässt dann beide Geräte: { $partner } hat ihn schon geschlossen.
draft-begun = Der Entwurf ist begonnen, und { $partner } kann auch darin schreiben: `troth draft edit { $name }`.
draft-typed = Dieser Entwurf nimmt nichts mehr auf. Du hast geschrieben:
draft-typed-gone = Das hast du für einen Entwurf geschrieben, den ihr beide geschlossen habt. Es stand nicht darin:
ask-draft-there = Steht darin schon, was du geschrieben hast?
ask-draft-put-down = In deine privaten Seiten legen?
draft-as-before = Es wurde nichts geändert.
draft-saved = Was du geschrieben hast, ist gespeichert.
draft-reads-now = Was du geschrieben hast, ist gespeichert. Mit dem, was { $partner } inzwischen geschrieben hat, lautet der Text:
draft-closed = Auf deiner Seite ist der Entwurf geschlossen. Er bleibt und ist zu lesen, bis { $partner } ihn auch schließt.
draft-closed-both = Ihr beide habt ihn geschlossen: Er verlässt beide Geräte.
draft-closed-me = Du hast ihn geschlossen; { $partner } nicht.
draft-closed-partner = { $partner } hat ihn geschlossen.
draft-begun-me = Von dir begonnen am { $day }.
draft-begun-partner = Von { DATIVE($partner) } begonnen am { $day }.
draft-empty = Noch steht nichts darin.
word-draft-untitled = Ein Entwurf ohne Titel
draft-live = Ihr seht beide, was du tippst und löschst. Escape endet.
drafts-none = Kein Entwurf ist offen. `troth draft new` beginnt einen.
word-draft-agreement = Vereinbarung
word-draft-letter = Brief
word-draft-list = Liste
news-began-draft = { $partner } hat „{ $topic }“ begonnen, damit ihr zusammen daran schreibt.
news-closed-draft = { $partner } hat „{ $topic }“ geschlossen, woran ihr zusammen geschrieben habt.
notice-draft-kept = Ihr habt beide einen Entwurf geschlossen, und einige deiner Worte darin hatten { $partner } nicht erreicht. Sie stehen bei deinen privaten Seiten oder kommen dorthin, sobald diese eine Passphrase haben: `troth private`.
problem-too-many-drafts = Es sind mehr Entwürfe offen, als zwei Menschen zugleich schreiben können.
    .next = Schließ einen: `troth draft close`.
problem-draft-is-closed = Dieser Entwurf ist geschlossen.
    .next = `troth draft new` beginnt einen neuen.
problem-draft-full = Das ist mehr, als dieser Entwurf fasst. Nichts davon wurde gespeichert.
    .next = Schreib weniger oder beginn einen neuen: `troth draft new`. Was herausgenommen wurde, zählt mit.
problem-drafts-full = Das ist mehr, als eure offenen Entwürfe zusammen fassen, oder dieser ist zu oft auseinandergelaufen. Nichts davon wurde gespeichert.
    .next = Schließ einen, den ihr nicht mehr braucht: `troth draft close`. Oder warte, bis ihr euch ausgetauscht habt.
problem-draft-not-woven = Der Text des Entwurfs ließ sich nicht zusammenfügen. Nichts davon ist verloren.
    .next = Versuch es noch einmal; `troth backup` bewahrt alles, was geschrieben wurde.
problem-not-the-text = Das ist nicht der Text, in dem das geschrieben wurde. Es wurde nichts geändert.
    .next = Lies ihn neu und schreib noch einmal.

## Private Seiten

cli-private = Was du für niemanden sonst schreibst.
cli-private-list = Deine privaten Seiten, die neuesten zuerst.
cli-private-show = Eine von ihnen.
    .page = Ihre Nummer in der Liste.
cli-private-journal = Ins Tagebuch schreiben.
cli-private-letter = Einen Brief schreiben, der nicht abgeschickt wird.
cli-private-mistrust = Misstrauen anschauen: was du fühlst, woher, was du fragen willst.
cli-private-have-i = Dich selbst fragen: Habe ich …?
cli-private-keep = Etwas hineinlegen, solange sie verschlossen sind; lesbar, sobald sie offen sind.
cli-private-copy = Was offen ist in deine privaten Seiten kopieren; niemand erfährt es.
cli-private-copy-checkin = Die Seiten von einem Check-in.
    .slot = Welche Woche; ohne Angabe die neueste, die offen ist.
cli-private-copy-agreement = Eine Vereinbarung.
    .agreement = Welche: ihre Nummer in der letzten Liste, oder Worte aus ihrem Thema.
cli-private-edit = Eine ändern.
    .page = Ihre Nummer in der Liste.
cli-private-drop = Eine wegwerfen.
    .page = Ihre Nummer in der Liste.
cli-private-passphrase = Ihre Passphrase setzen oder ändern.
    .anew = Sie ist vergessen: wegwerfen, was darin ist, und neu beginnen.
help-private =
    Private Seiten gehören nur dir. Nichts davon wird geteilt: kein Wort, keine
    Zahl, keine Zeit. Sie haben eine eigene Passphrase.

      troth private               dir Zeit dafür nehmen: ansehen, lesen, schreiben
      troth private journal       ins Tagebuch schreiben
      troth private letter        einen Brief, der nicht abgeschickt wird
      troth private mistrust      Misstrauen anschauen: was du fühlst und woher
      troth private have-i        dich selbst fragen: Habe ich …?
      troth private keep          etwas hineinlegen, solange sie zu sind
      troth private list          alle
      troth private show N        eine, mit ihrer Nummer
      troth private edit N        eine ändern
      troth private drop N        eine wegwerfen
      troth private copy checkin  kopieren, was offen ist; niemand erfährt es
      troth private copy agreement NAME
      troth private passphrase    ihre Passphrase setzen oder ändern

    Nichts darin ist Pflicht, und alles darf leer bleiben.

    Ist die Passphrase vergessen, sind die Seiten verloren. Weder die 24 Wörter
    noch dein Gegenüber können sie zurückbringen; mit
    `troth private passphrase --anew` beginnen sie neu. In einer Sicherung stehen
    sie nicht. Mit `troth private` geöffnet, verschließen sie sich nach fünf
    Minuten ohne Gebrauch und wenn der Computer schläft; `troth lock` verschließt
    alles.

    Ihre Datei ist bei allen da und immer gleich groß. Troth schreibt sie zu
    zufälligen Zeiten neu, ob du sie benutzt oder nicht, damit ihre Zeiten nichts
    verraten. Wer diesen Computer ständig beobachtet, kann mehr sehen. Deine Shell
    merkt sich vielleicht, welche Befehle du getippt hast; die Worte stehen dort
    nie.
    .about = Seiten für niemanden sonst, und ihre Passphrase
    .name = privat
ask-private-passphrase = Die Passphrase deiner privaten Seiten:
ask-private-new = Eine Passphrase für deine privaten Seiten, acht Zeichen oder mehr:
ask-private-new-or-later = Eine Passphrase für deine privaten Seiten, acht Zeichen oder mehr (leer: später):
ask-private-anew = Alles wegwerfen, was in deinen privaten Seiten ist, und neu beginnen?
ask-private-drop = Diese Seite wegwerfen? Sie lässt sich nicht zurückholen.
ask-private-to = An wen? (darf leer bleiben)
ask-private-words = Was möchtest du schreiben?
ask-private-keep = Was möchtest du festhalten?
ask-private-chosen = Was davon möchtest du sagen oder fragen? Die Nummern (leer: nichts):
ask-private-ask = { $partner } das fragen? Du liest es noch einmal, bevor es gesagt ist.
ask-private-next = Die Nummer einer Seite, um sie zu lesen; oder Tagebuch, Brief, Misstrauen, habe ich, ändern oder weg und eine Nummer, Liste (leer: fertig):
ask-mistrust-feel = Was fühle ich?
ask-mistrust-from = Kommt es von damals, oder von jetzt?
ask-mistrust-whose = Kommt es von etwas, das mein Gegenüber getan hat, von etwas in mir, oder von beidem?
ask-mistrust-ask = Was möchte ich fragen?
ask-have-i-unsaid = Habe ich etwas ungesagt gelassen, das mein Gegenüber gern wüsste?
ask-have-i-yes = Habe ich Ja gesagt und Nein gemeint?
ask-have-i-promised = Habe ich etwas versprochen und nicht gehalten?
ask-have-i-told = Habe ich anderen erzählt, was nur für mich bestimmt war?
ask-have-i-small = Habe ich etwas kleingeredet, das meinem Gegenüber wichtig ist?
ask-have-i-end = Habe ich im Streit uns beide infrage gestellt?
ask-have-i-silent = Habe ich geschwiegen oder mich zurückgezogen, sodass es wehtut?
word-private-journal = tagebuch, t
word-private-letter = brief, b
word-private-mistrust = misstrauen, m
word-private-have-i = habe ich, h
word-private-drop = weg, w
word-private-edit = ändern, ä
word-private-list = liste
label-private-journal = Tagebuch
label-private-letter = Brief, nicht abgeschickt
label-private-draft = festgehalten
label-private-mistrust = Misstrauen
label-private-have-i = Habe ich …?
label-private-copy = Kopie
private-passphrase-tells = Private Seiten sind für das, was du niemandem sagst. Sie haben eine eigene Passphrase. Vergisst du sie, sind die Seiten verloren: Weder die 24 Wörter noch dein Gegenüber noch sonst jemand kann sie zurückbringen.
private-passphrase-set = Ab jetzt öffnet diese Passphrase deine privaten Seiten.
private-anew = Die Seiten, die jetzt da sind, und was darin noch auf dich wartet, wären für immer weg.
private-mistrust = Misstrauen, angeschaut. Niemand sonst liest das, nichts muss beantwortet werden, und nichts davon ist richtig oder falsch.
private-have-i = Nur über dich, und nur für dich. Nichts muss beantwortet werden.
private-sentences = Das sind deine Sätze:
private-nothing = Es wurde nichts geschrieben.
private-written = Gespeichert, als Seite { $page } deiner privaten Seiten.
private-chosen = Gespeichert, als Seite { $page }. Was du gewählt hast, ist Seite { $letter }, ein Brief, der nicht abgeschickt wird:
private-copied = Kopiert, als Seite { $page } deiner privaten Seiten. Niemand erfährt es.
private-kept = Es liegt in deinen privaten Seiten und lässt sich lesen, sobald sie offen sind.
private-dropped = Weggeworfen.
private-empty = Deine privaten Seiten sind leer.
private-closed = Deine privaten Seiten sind wieder verschlossen.
private-locked-meanwhile = Deine privaten Seiten haben sich inzwischen verschlossen. Was du getippt hast, ist noch hier.
backup-not-private = Deine privaten Seiten bleiben nur auf diesem Gerät und sind mit ihm verloren.
notice-private-damaged = Die Datei deiner privaten Seiten ließ sich nicht lesen. Sie liegt noch neben der neuen, als `private.damaged-1` oder ähnlich.
notice-private-gone = Die Datei deiner privaten Seiten ist von dieser Platte verschwunden. Troth hat eine neue, leere angelegt: `troth private passphrase` beginnt neu.
notice-private-older = Die Datei deiner privaten Seiten ist älter als die, die vorher hier lag: Jemand oder ein Programm hat sie zurückgespielt. Was seither geschrieben wurde, steht nicht darin.
problem-private-locked = Deine privaten Seiten sind verschlossen.
    .next = Ihre Passphrase öffnet sie: `troth private`.
problem-wrong-private-passphrase = Diese Passphrase öffnet deine privaten Seiten nicht.
    .next = Versuch es noch einmal. Sonst öffnet sie nichts.
problem-no-private-passphrase = Deine privaten Seiten haben noch keine Passphrase.
    .next = Setz eine, dann gehören sie dir: `troth private passphrase`.
problem-private-full = Deine privaten Seiten sind voll. Es wurde nichts gespeichert.
    .next = Wirf einige weg: `troth private drop N`. Was hineinkam, solange sie verschlossen waren, rückt beim Öffnen nach.

## Was sie einander sagen. `told-KIND` ist, wie eine Art heißt; ihre Attribute sind Sätze, Fragen und Beschriftungen, die die Tabellen finden

told-thanks = Dank
    .command = Dank: was dein Gegenüber getan hat, und was sich darin zeigt.
    .explain = Dank für etwas, das { $partner } getan hat, und was das über { $partner } sagt.
    .mine = Du hast { DATIVE($partner) } gedankt.
    .closed = { $partner } möchte dir für etwas danken.
    .open = { $partner } dankt dir.
    .did = Dafür: { $words }
    .says_of_you = Was es sagt: { $words }
    .ask_did = Was hat { $partner } getan?
    .ask_says_of_you = Was sagt das über { $partner }? (darf leer bleiben)
told-confidence = Im Vertrauen gesagt
    .command = Was im Vertrauen gesagt wird.
    .explain = Etwas, das du { DATIVE($partner) } im Vertrauen sagst. Es bleibt zwischen euch beiden, solange du nichts anderes sagst.
    .mine = Du hast { DATIVE($partner) } etwas gesagt.
    .closed = { $partner } möchte dir etwas sagen, wenn du einen ruhigen Moment hast.
    .open = { $partner } hat dir etwas gesagt.
    .text = { $words }
    .ask_text = Was möchtest du { DATIVE($partner) } sagen?
told-permission = Erlaubnis
    .command = Mit wem dein Gegenüber darüber sprechen darf.
    .explain = Mit wem { $partner } über das sprechen darf, was du im Vertrauen gesagt hast, und über welchen Teil.
    .mine = { $partner } darf es weitersagen: { $whom }. Du kannst das jederzeit beenden.
    .mine-part = { $partner } darf es weitersagen: { $whom }, und zwar: { $part }. Du kannst das jederzeit beenden.
    .open = Du darfst es weitersagen: { $whom }.
    .open-part = Du darfst es weitersagen: { $whom }, und zwar: { $part }.
    .mine-unread = Du hast gesagt, wem { $partner } es weitersagen darf. Du kannst das jederzeit beenden.
    .open-unread = { $partner } hat gesagt, wem du es weitersagen darfst.
    .ask_with_whom = Wem darf { $partner } es weitersagen?
    .ask_part = Welchen Teil davon? (leer: alles)
told-small-truth = Eine kleine Wahrheit
    .command = Kleine Wahrheiten, auf die zuerst ein Dank folgt.
    .explain = Eine kleine Wahrheit, die noch nicht gesagt ist. Auf sie folgt zuerst ein Dank.
    .mine = Du hast { DATIVE($partner) } eine kleine Wahrheit gesagt.
    .closed = { $partner } hat dir eine kleine Wahrheit gesagt. Du kannst mit einem Dank beginnen.
    .open = { $partner } hat dir eine kleine Wahrheit gesagt.
    .text = { $words }
    .beneath = Was darunter liegt: { $words }
    .ask_text = Was ist die kleine Wahrheit?
    .ask_beneath = Was liegt darunter? (darf leer bleiben)
told-tender-spot = Ein wunder Punkt
    .command = Wunde Punkte, wiedergegeben, bis sie verstanden sind.
    .explain = Wo du leicht zu verletzen bist und was hilft. { $partner } gibt wieder, was angekommen ist.
    .mine = Du hast { DATIVE($partner) } einen wunden Punkt gezeigt.
    .closed = { $partner } hat dir einen wunden Punkt gezeigt. Gib in deinen eigenen Worten wieder, was du verstanden hast.
    .open = { $partner } hat dir einen wunden Punkt gezeigt.
    .area = Es geht um: { $words }
    .text = { $words }
    .helps = Was hilft: { $words }
    .ask_area = Worum geht es, in wenigen Worten? (darf leer bleiben)
    .ask_text = Wo bist du leicht zu verletzen?
    .ask_helps = Was hilft dann? (darf leer bleiben)
told-trust-given = Vertrauen
    .command = Was jetzt erlaubt ist; es lässt sich jederzeit zurücknehmen.
    .explain = Was du jetzt erlaubst, und in welchen Grenzen. Es kommt nur von dir, und du kannst es jederzeit zurücknehmen.
    .mine = Du hast { DATIVE($partner) } Vertrauen geschenkt. Du kannst es jederzeit zurücknehmen.
    .closed = { $partner } schenkt dir Vertrauen. Gib wieder, was du verstanden hast.
    .open = { $partner } schenkt dir Vertrauen.
    .allows = Was erlaubt ist: { $words }
    .bounds = Seine Grenzen: { $words }
    .ask_allows = Was erlaubst du jetzt?
    .ask_bounds = In welchen Grenzen? (darf leer bleiben)
told-to-talk-about = Etwas zum Reden
    .command = Die Liste dessen, worüber ihr beide reden wollt.
    .explain = Ein Thema für die Liste von euch beiden; ein paar Worte genügen. Zuerst sagt ihr beide, was es euch bedeutet.
    .mine = Das steht auf der Liste.
    .closed = { $partner } möchte über etwas reden. Zuerst: Was bedeutet es dir?
    .open = { $partner } möchte darüber reden. Zuerst: Was bedeutet es dir?
    .topic = Das Thema: { $words }
    .when = Als … { $words }
    .felt = … habe ich gefühlt: { $words }
    .would_like = … und ich wünsche mir: { $words }
    .ask_topic = Worum geht es, in wenigen Worten? (darf leer bleiben)
    .ask_when = Als …? (darf leer bleiben)
    .ask_felt = … habe ich gefühlt … (darf leer bleiben)
    .ask_would_like = … und ich wünsche mir … (darf leer bleiben)
told-ask = Eine Bitte
    .command = Worum ihr einander bittet.
    .explain = Etwas, worum du { $partner } bittest. Ein Ja, andere Worte oder Zeit: Jede Antwort ist recht.
    .mine = Du hast { $partner } um etwas gebeten.
    .closed = { $partner } bittet dich um etwas.
    .open = { $partner } bittet dich darum.
    .text = { $words }
    .ask_text = Worum bittest du { $partner }?
told-bid = Ein Moment zu zweit
    .command = Die Frage nach einem Moment zu zweit, heute oder morgen.
    .explain = Die Frage nach einem kleinen Moment zu zweit, heute oder morgen: den Mond ansehen, ein Spaziergang, eine Umarmung. Danach ist sie fort.
    .mine = Du hast gefragt: „{ $line }“
    .open = { $partner }: „{ $line }“
    .ask_line = Wozu lädst du { $partner } ein?
told-break = Eine Pause
    .command = Eine Pause mit einer Zeit zum Wiederkommen.
    .explain = Eine Pause mit einer Zeit zum Wiederkommen, wenn es zu viel wird. Sie gilt sofort für euch beide.
    .mine = Pause bis { $time }. Atme durch.
    .open = Pause bis { $time }. Atme durch.
    .note = { $words }
    .ask_note = Ein Wort dazu, wenn du magst:
told-repair = Eine Klärung
    .command = Wenn etwas nicht gehalten oder wehgetan hat: sieben Schritte.
    .explain = Wenn eine Vereinbarung nicht gehalten hat oder Worte wehgetan haben: sieben Schritte, jeder in eurem Tempo.
    .mine = Du möchtest, dass ihr beide etwas klärt.
    .mine-topic = Unsere Vereinbarung über „{ $topic }“ hat nicht gehalten.
    .open = { $partner } möchte, dass ihr beide etwas klärt.
    .open-topic = Unsere Vereinbarung über „{ $topic }“ hat nicht gehalten.
    .words = { $words }
    .ask_words = Was ist geschehen, in deinen eigenen Worten? (darf leer bleiben, wo eine Vereinbarung genannt ist)
told-about-me = Eine eigene Seite
    .command = Seiten über euch selbst, nebeneinander.
    .explain = Wie du heißt, wofür du Verantwortung übernimmst oder deine eigenen Muster. Nur du schreibst sie neu.
    .mine =
        { $page ->
            [name] Du hast { DATIVE($partner) } gesagt, wie du heißt.
            [my_responsibility] Du hast geschrieben, wofür du Verantwortung übernimmst.
           *[my_patterns] Du hast über deine eigenen Muster geschrieben.
        }
    .open =
        { $page ->
            [name] { $partner } hat dir einen Namen gesagt.
            [my_responsibility] { $partner } hat über die eigene Verantwortung geschrieben. So sieht es { $partner }.
           *[my_patterns] { $partner } hat über die eigenen Muster geschrieben. So sieht es { $partner }.
        }
    .text = { $words }
    .ask_text =
        { $page ->
            [name] Wie soll { $partner } dich nennen?
            [my_responsibility] Wofür übernimmst du Verantwortung?
           *[my_patterns] Welche Muster kennst du an dir?
        }

head-told = { $what }, { $day }
thing-you-took-back = Das hast du zurückgenommen. { $partner } hat vielleicht eine Kopie behalten. Troth kann niemanden zum Vergessen bringen.
thing-you-took-back-answer = Du hast zurückgenommen, was du geantwortet hattest.
thing-they-took-back = { $partner } hat das zurückgenommen.
thing-may-keep = Dreißig Tage lang kannst du eine Kopie in deinen privaten Seiten behalten: { $command }. Niemand erfährt es.
thing-folded = Zur Seite gelegt, bis ihr beide durch seid.
thing-folded-me = { $partner } sieht das, wenn ihr beide durch seid.
thing-said-earlier = Früher gesagt:
thing-gone = Die Worte haben dieses Gerät verlassen.
thing-older = Das ist eine frühere Fassung oder eine Antwort auf eine solche.
thing-came-back = { $partner } möchte, dass du nur zuhörst. Deine Worte sind wieder bei dir.
thing-put-away = Weggelegt. Es lässt sich weiterhin öffnen.
thing-put-away-short = Weggelegt.
thing-listen-me =
    { $way ->
        [help_me_think] Du hast { $partner } gebeten, mitzudenken.
        [lets_talk] Du hast { $partner } gebeten, mit dir darüber zu reden.
       *[just_listen] Du hast { $partner } gebeten, nur zuzuhören.
    }
thing-listen-them =
    { $way ->
        [help_me_think] { $partner } möchte, dass du mitdenkst.
        [lets_talk] { $partner } möchte mit dir darüber reden.
       *[just_listen] { $partner } möchte, dass du nur zuhörst.
    }
thing-nobody-me = Du hast gebeten, dass niemand davon erfährt.
thing-stays = Das bleibt bei dir.
thing-permission-all-me = Das gilt für alles, was du { DATIVE($partner) } im Vertrauen sagst, auch später.
thing-permission-all-them = Das gilt für alles, was { $partner } dir im Vertrauen sagt, auch später.
thing-until = Bis zum { $day }.
thing-spot = Es berührt diesen wunden Punkt: { $words }
thing-spot-closed = Es berührt einen wunden Punkt, den du noch nicht geöffnet hast: `troth tender-spot open`.
thing-spot-taken-back = Der wunde Punkt, den es berührt, ist zurückgenommen. Das hier bleibt.
thing-spot-trust = Wenn du magst, kann Vertrauen danebenstehen: `troth trust-given add`.
thing-look-again = Du siehst es am { $day } wieder an.
thing-time-me = Du hast um Zeit gebeten bis zum { $day }.
thing-time-them = { $partner } braucht Zeit bis zum { $day }.
thing-settled = Für euch beide geklärt.
thing-danger = Wenn jemand in Gefahr ist, geht Sicherheit vor Verschwiegenheit.
thing-plan = Der Vorschlag: `troth agreement show { $name }`.
thing-page = { $command } zeigt, was da steht.
thing-can = { $what }: { $command }.
thing-by-me = Von dir, { $day }.
thing-by-them = Von { DATIVE($partner) }, { $day }.
thing-unopened = { $partner } hat geantwortet.
word-open-it = Öffnen
word-keep-own = Eine Kopie deiner eigenen Worte behalten
word-found = Gefunden
how-forgot = Es wurde vergessen.
how-misunderstood = Es wurde missverstanden.
how-could-not = Es ging nicht.
how-circumstances = Umstände kamen dazwischen.
how-do-not-know = Wie es dazu kam, ist noch nicht klar.
told-list-begins = { $what }: { $words }
told-list-more = Das sind die neuesten; `--all` zeigt auch die anderen.
told-list-none = Hier ist noch nichts. { $command } beginnt.
told-list-nothing = Noch hat niemand von euch beiden etwas gesagt. `troth say` beginnt.
told-set-aside = Es steht nicht mehr unter „Heute“. { $partner } erfährt nichts davon.
told-be-near = Vielleicht magst du jetzt zu { DATIVE($partner) } gehen und einfach da sein.
search-nothing = Nichts von dem, was du finden kannst, enthält diese Worte. Geschlossenes, Privates und im Vertrauen Gesagtes wird nie durchsucht.

## Was sie antworten. `answer-VERB` sagt, was sich tun lässt; die Attribute sind Sätze und was für die Worte gefragt wird

answer-heard = Sagen, dass du es gehört hast
    .mine = Du hast gesagt: Ich habe dich gehört.
    .theirs = { $partner } hat dich gehört.
    .news = { $partner } hat dich gehört.
    .words = Was hast du gehört, in deinen eigenen Worten? (darf leer bleiben)
answer-thank = Danke sagen
    .mine = Du hast Danke gesagt.
    .theirs = { $partner } dankt dir.
    .news = { $partner } dankt dir.
    .words = Ein Wort dazu, wenn du magst:
answer-thank-small-truth = Danke fürs Sagen
    .mine = Du hast { DATIVE($partner) } fürs Sagen gedankt.
    .theirs = { $partner } hat dir fürs Sagen gedankt.
    .news = { $partner } hat dir fürs Sagen gedankt.
    .words = Ein Wort dazu, wenn du magst:
answer-thank-bid = Danke sagen
    .mine = Du hast Danke gesagt.
    .theirs = { $partner } sagt Danke.
    .news = { $partner } sagt Danke für „{ $line }“
    .words = Ein Wort dazu, wenn du magst:
answer-need-time = Um Zeit bitten
    .mine = Du hast um Zeit gebeten bis zum { $day }.
    .theirs = { $partner } braucht Zeit bis zum { $day }.
    .news = { $partner } braucht Zeit bis zum { $day }.
answer-words = In eigenen Worten antworten
    .mine = Du hast geantwortet:
    .theirs = { $partner } hat geantwortet:
    .news = { $partner } hat geantwortet.
    .words = Was möchtest du antworten?
answer-words-advice = Sagen, was du denkst
    .mine = Du hast gesagt, was du denkst:
    .theirs = { $partner } hat auf deine Bitte hin dazu gesagt:
    .news = { $partner } hat geantwortet.
    .words = Was möchtest du dazu sagen, mit Wärme?
answer-say-back = Wiedergeben, was du verstanden hast
    .mine = Du hast wiedergegeben:
    .theirs = { $partner } hat wiedergegeben:
    .news = { $partner } hat wiedergegeben, was du gesagt hast. Trifft es das?
    .words = Was hast du verstanden, in deinen eigenen Worten?
answer-yes = Ja sagen
    .mine = Du hast Ja gesagt.
    .theirs = { $partner } sagt Ja.
    .news = { $partner } hat geantwortet.
    .words = Ein Wort dazu, wenn du magst:
answer-yes-bid = Ja sagen
    .mine = Du hast Ja gesagt.
    .theirs = { $partner }: ja.
    .news = { $partner } zu „{ $line }“: ja.
    .words = Ein Wort dazu, wenn du magst (wann, wo):
answer-yes-apology = Annehmen
    .mine = Du hast gesagt: Ich nehme es an.
    .theirs = { $partner } nimmt es an.
    .news = { $partner } hat auf das geantwortet, was dir leidtut.
    .words = Ein Wort dazu, wenn du magst:
answer-yes-say-back = Sagen: ja, das trifft es
    .mine = Du hast gesagt: Ja, das trifft es.
    .theirs = { $partner }: ja, das trifft es.
    .news = { $partner } hat auf das geantwortet, was du wiedergegeben hast.
    .words = Ein Wort dazu, wenn du magst:
answer-not-yet-bid = Sagen: später
    .mine = Du hast gesagt: später.
    .theirs = { $partner }: später.
    .news = { $partner } zu „{ $line }“: später.
    .words = Ein Wort dazu, wenn du magst (wann dann):
answer-not-yet-apology = Sagen: noch nicht
    .mine = Du hast gesagt: noch nicht.
    .theirs = { $partner }: noch nicht.
    .news = { $partner } hat auf das geantwortet, was dir leidtut.
    .words = Was brauchst du noch? (darf leer bleiben)
answer-not-yet-say-back = Sagen: nicht ganz
    .mine = Du hast gesagt: nicht ganz.
    .theirs = { $partner }: nicht ganz.
    .news = { $partner } hat auf das geantwortet, was du wiedergegeben hast.
    .words = Was fehlt noch? (darf leer bleiben)
answer-listen-as = Sagen, wie du gehört werden möchtest
    .mine =
        { $way ->
            [help_me_think] Von da an hast du { $partner } gebeten, mitzudenken.
            [lets_talk] Von da an hast du { $partner } gebeten, mit dir darüber zu reden.
           *[just_listen] Von da an hast du { $partner } gebeten, nur zuzuhören.
        }
    .theirs =
        { $way ->
            [help_me_think] Von da an möchte { $partner }, dass du mitdenkst.
            [lets_talk] Von da an möchte { $partner } mit dir darüber reden.
           *[just_listen] Von da an möchte { $partner }, dass du nur zuhörst.
        }
answer-tell-nobody = Bitten, dass niemand davon erfährt
    .mine = Du hast gebeten, dass niemand davon erfährt.
    .theirs = { $partner } bittet, dass niemand davon erfährt. Das bleibt bei dir.
answer-may-i = Fragen, ob jemand davon erfahren darf
    .mine = Du hast gefragt, ob du es weitersagen darfst: { $whom }. Bis { $partner } Ja sagt, bleibt es bei dir.
    .theirs = { $partner } fragt, ob es jemand erfahren darf: { $whom }. Keine Antwort heißt nein; ja sagt `troth permission add`.
    .news = { $partner } fragt, ob jemand erfahren darf, was du gesagt hast. Keine Antwort heißt nein.
    .mine-yes = Du hast gefragt, ob du es weitersagen darfst: { $whom }. { $partner } hat Ja gesagt.
    .mine-answered = Du hast gefragt, ob du es weitersagen darfst: { $whom }. { $partner } hat geantwortet.
    .mine-stays = Du hast gefragt, ob du es weitersagen darfst: { $whom }. Es bleibt bei dir.
    .theirs-yes = { $partner } hat gefragt, ob jemand davon erfahren darf, und du hast Ja gesagt.
    .theirs-answered = { $partner } hat gefragt, ob jemand davon erfahren darf. Du hast geantwortet.
    .theirs-stays = { $partner } hat gefragt, ob jemand davon erfahren darf. Es bleibt bei { DATIVE($partner) }.
    .with_whom = Wer würde davon erfahren?
    .part = Von welchem Teil? (darf leer bleiben)
may-i-before = Du fragst, ob jemand davon erfahren darf: { $whom }.
may-i-part = Welcher Teil: { $words }
answer-meaning = Sagen, was es dir bedeutet
    .mine = Du hast gesagt, was es dir bedeutet:
    .theirs = { $partner } hat gesagt, was es bedeutet:
    .news = { $partner } hat gesagt, was es bedeutet.
    .words = Was bedeutet es dir?
answer-plan = Den Vorschlag nennen, der daraus entsteht
    .mine = Ein Vorschlag von dir ist daraus entstanden.
    .theirs = { $partner } hat einen Vorschlag genannt, der daraus entsteht.
answer-done = Sagen, dass es für dich geklärt ist
    .mine = Du hast gesagt, dass es geklärt ist.
    .theirs = { $partner } hat gesagt, dass es geklärt ist.
answer-done-break = Sagen, dass du wieder da bist
    .mine = Du bist wieder da.
    .theirs = { $partner } ist wieder da. Und du?
answer-done-repair = Diesen Schritt beenden
    .mine = Du hast Schritt { $step } beendet.
    .theirs = { $partner } hat Schritt { $step } beendet.
answer-day = Einen Tag nennen
    .mine = Du hast einen Tag genannt: { $day }.
    .theirs = { $partner } hat einen Tag genannt: { $day }.
    .words = Ein Wort dazu, wenn du magst (wann, wo):
answer-apology = Sagen, was dir leidtut
    .mine = Du hast gesagt, was dir leidtut:
    .theirs = Das tut { DATIVE($partner) } leid:
    .news = { $partner } hat etwas gesagt, das du vielleicht lesen möchtest.
    .words = Was tut dir leid?
answer-stop = Hier aufhören
    .mine = Du hast diese Klärung beendet. Aufhören ist kein Scheitern.
    .theirs = { $partner } hat diese Klärung beendet. Aufhören ist kein Scheitern.
    .words = Ein Wort dazu, wenn du magst:

## Was gefragt wird, wenn etwas gesagt wird

ask-permission-there = { $partner } darf es { $whom } schon erzählen. Lieber diese Erlaubnis ansehen?
ask-tell = { DATIVE($partner) } das sagen?
ask-tell-did-not-hold = { DATIVE($partner) } sagen, dass eure Vereinbarung über „{ $topic }“ nicht gehalten hat?
ask-say-kind = Was davon ist es? Die Nummer (leer: nichts):
ask-which-told = Was davon ist es? Die Nummer:
ask-told-take-back = Das zurücknehmen? { $partner } hat vielleicht eine Kopie behalten. Troth kann niemanden zum Vergessen bringen.
ask-told-end-permission = Diese Erlaubnis beenden? Was du erzählt hast, bleibt, wie es ist.
ask-told-take-back-repair = Das zurücknehmen? Damit endet die Klärung. { $partner } hat vielleicht eine Kopie behalten. Troth kann niemanden zum Vergessen bringen.
ask-listen-as = Wie möchtest du gehört werden: 1 nur zuhören, 2 mitdenken, 3 darüber reden? (leer: nur zuhören)
ask-permission-for = Was hiervon darf { $partner } weitersagen? Die Nummer davon, oder „alles“: dann gilt es für alles, was du { DATIVE($partner) } im Vertrauen sagst, auch später. (leer: lassen)
ask-permission-for-asked = Was hiervon darf { $partner } weitersagen? Die Nummer davon, oder „alles“: dann gilt es für alles, was du { DATIVE($partner) } im Vertrauen sagst, auch später. (leer: { $number }, wonach { $partner } fragt)
ask-permission-until = Bis zu welchem Tag? (leer: bis du es beendest)
ask-time-until = Bis wann brauchst du Zeit?
ask-trust-spot = Welchen deiner wunden Punkte berührt es? Die Nummer (leer: keinen):
ask-trust-look-again = Wann möchtest du es wieder ansehen? (leer: offen)
ask-how = Wie kann es dazu gekommen sein: 1 vergessen, 2 missverstanden, 3 es ging nicht, 4 Umstände, 5 weiß nicht? (leer: nicht gesagt)
ask-page = Welche Seite: 1 Name, 2 meine Verantwortung, 3 meine Muster?
ask-break-minutes = In wie vielen Minuten bist du wieder da? (leer: 45)
ask-repair-agreement = Welche Vereinbarung hat nicht gehalten? Ein Wort ihres Themas (leer: keine, es geht um etwas anderes):
ask-yes-ask = Dazu Ja sagen?
ask-yes-apology = Diese Entschuldigung annehmen?
ask-repair-stop = Diese Klärung hier beenden? Aufhören ist kein Scheitern.
ask-repair-done = Bist du mit diesem Schritt durch? Dann geht es gemeinsam weiter.
ask-repair-write =
    { $step ->
        [2] Was hast du gefühlt?
        [4] Wie hast du es gesehen? Beide Sichten dürfen stehen.
       *[5] Was war dein eigener Teil daran?
    }
edit-told =
    Schreib unter die Überschriften, speichere und schließ. Nichts geht hinaus,
    bevor du alles gelesen und Ja gesagt hast. Was leer bleibt, fällt weg.
word-just-listen = nur zuhören, zuhören
word-help-me-think = mitdenken, beim denken helfen, helfen
word-lets-talk = darüber reden, reden
word-forgot = vergessen
word-misunderstood = missverstanden
word-could-not = es ging nicht, ging nicht
word-circumstances = umstände
word-do-not-know = weiß nicht, weiss nicht
word-name = name
word-my-responsibility = meine verantwortung, verantwortung
word-my-patterns = meine muster, muster

## Pausen und Klärungen

break-on = Pause bis { $time }. Atme durch.
break-passed = Es ist { $time }. Noch nicht wieder da? Schlag eine neue Zeit vor oder sag, dass du wieder da bist.
break-over = Die Pause ist vorbei.
break-they-are-back = { $partner } ist wieder da. Und du?
break-you-are-back = Du bist wieder da. Die Pause ist bis { $time }, oder bis auch { $partner } wieder da ist.
break-you-are-back-already = Du bist wieder da.
break-back-at = Zurück um { $time }.
ask-break-waits = Ihr habt Pause bis { $time }, und die Klärung wartet. Trotzdem weitermachen?
head-step =
    { $step ->
        [2] Was ihr gefühlt habt
        [4] Wie ihr es gesehen habt
       *[5] Was euer eigener Teil war
    }
repair-step =
    { $step ->
        [1] Schritt 1 von 7. Wann redet ihr beide? Es steht fest, sobald ihr beide denselben Tag genannt habt.
        [2] Schritt 2 von 7. Was hast du gefühlt? Niemand von euch sieht die Worte des Gegenübers, bis ihr beide fertig seid.
        [3] Schritt 3 von 7. Gib wieder, was { $partner } gefühlt hat, so wie du es verstanden hast. Ihr sagt einander, ob es das trifft.
        [4] Schritt 4 von 7. Wie hast du es gesehen? Niemand von euch sieht die Worte des Gegenübers, bis ihr beide fertig seid.
        [5] Schritt 5 von 7. Was war dein eigener Teil? Niemand von euch sieht die Worte des Gegenübers, bis ihr beide fertig seid.
        [6] Schritt 6 von 7. Gibt es etwas, das dir leidtut? Damit es weitergeht, muss sich niemand entschuldigen oder eine Entschuldigung annehmen.
       *[7] Schritt 7 von 7. Was werdet ihr tun, damit es besser geht? Ein Vorschlag kann daraus entstehen.
    }
repair-do =
    { $step ->
        [1] Zu tun: `troth repair day DAY`.
        [2] Zu tun: `troth repair write`.
        [4] Zu tun: `troth repair write`.
        [5] Zu tun: `troth repair write`.
        [6] Zu tun: `troth repair apology`, wenn dir etwas leidtut; dann `troth repair done`.
       *[7] Zu tun: `troth agreement propose`, dann `troth repair plan NAME`, wenn du magst; dann `troth repair done`.
    }
repair-break-or-stop = Wenn es zu viel wird: `troth break add`. Ihr könnt hier auch aufhören, das ist kein Scheitern: `troth repair stop`.
repair-do-say-back = Zu tun: `troth repair say-back`.
repair-do-read-back = { $partner } hat wiedergegeben, was du gefühlt hast: `troth repair open`.
repair-do-mark = Ist es das, was { $partner } wiedergegeben hat? `troth repair yes` oder `troth repair not-yet`.
repair-do-done = Zu tun: `troth repair done`. Du kannst es auch noch einmal wiedergeben.
repair-do-theirs = Jetzt ist { $partner } dran.
repair-do-read-apology = { $partner } hat sich entschuldigt: `troth repair open`, in einem ruhigen Moment.
repair-do-answer-apology = Darauf kannst du antworten, wenn du magst: `troth repair yes` oder `troth repair not-yet`.
repair-day = Ihr redet am { $day }.
repair-my-days = Du hast genannt: { $days }.
repair-their-days = { $partner } hat genannt: { $days }.
repair-you-done = Du hast diesen Schritt beendet.
repair-they-done = { $partner } hat diesen Schritt beendet.
repair-through = Ihr beide seid durch. Der Plan bleibt. Das Übrige ist weggelegt.
repair-stopped = Die Klärung hat hier aufgehört. Aufhören ist kein Scheitern.
repair-walked = Ihr beide macht mit der anderen Klärung zu dieser Vereinbarung weiter: `troth repair show { $name }`.
today-step =
    { $step ->
        [1] Eine Klärung, Schritt 1 von 7: Wann redet ihr beide?
        [2] Eine Klärung, Schritt 2 von 7: Was hast du gefühlt?
        [3] Eine Klärung, Schritt 3 von 7: Ihr gebt wieder, was ihr gehört habt.
        [4] Eine Klärung, Schritt 4 von 7: Wie hast du es gesehen?
        [5] Eine Klärung, Schritt 5 von 7: Was war dein eigener Teil?
        [6] Eine Klärung, Schritt 6 von 7: Gibt es etwas, das dir leidtut?
       *[7] Eine Klärung, Schritt 7 von 7: Was werdet ihr beide tun?
    }
today-step-topic =
    { $step ->
        [1] Die Klärung zu „{ $topic }“, Schritt 1 von 7: Wann redet ihr beide?
        [2] Die Klärung zu „{ $topic }“, Schritt 2 von 7: Was hast du gefühlt?
        [3] Die Klärung zu „{ $topic }“, Schritt 3 von 7: Ihr gebt wieder, was ihr gehört habt.
        [4] Die Klärung zu „{ $topic }“, Schritt 4 von 7: Wie hast du es gesehen?
        [5] Die Klärung zu „{ $topic }“, Schritt 5 von 7: Was war dein eigener Teil?
        [6] Die Klärung zu „{ $topic }“, Schritt 6 von 7: Gibt es etwas, das dir leidtut?
       *[7] Die Klärung zu „{ $topic }“, Schritt 7 von 7: Was werdet ihr beide tun?
    }
today-trust = Der Tag ist da, an dem du geschenktes Vertrauen wieder ansehen wolltest.
today-answered = { $partner } hat geantwortet.

## Karten und längere Check-ins

head-card = Eine Karte
head-look = Ein Rückblick
head-look-of = Rückblick auf „{ $topic }“
label-more = { $asked } { $words }
card-decks = `troth card` und der Name eines Stapels in Klammern bietet eine Karte an. Ihr antwortet beide, bevor jemand etwas sieht.
card-none = Dieser Stapel bietet gerade keine Karte an. `troth card list` zeigt die, die jemand von euch beiden genommen hat.
card-list-none = Noch hat niemand von euch beiden eine Karte genommen. `troth card` zeigt die Stapel.
card-skipped = Diese Karte wird nicht von selbst wieder angeboten. Niemand erfährt davon.
card-left = Diese Karte bleibt für einen anderen Tag.
card-fits = Manche Karten setzen etwas voraus. Sie werden nur angeboten, wo du sagst, dass es zu deinem Leben passt. Sonst erfährt es niemand.
card-fits-kept = Das weiß nur dieses Gerät.
card-then-ground = Daraus kann eine Grundregel werden: `troth agreement propose --template { $template }`.
card-then-propose = Daraus kann eine Vereinbarung werden: `troth agreement propose`.
card-then-line = Eine Zeile aus einer der Antworten kann eine Vereinbarung werden: `troth card propose { $card }`.
card-then-responsibility = Ihr könnt das beide auf eine eigene Seite schreiben: `troth about-me add --page my-responsibility`.
card-then-patterns = Ihr könnt eure Muster beide auf eine eigene Seite schreiben: `troth about-me add --page my-patterns`.
card-then-thank = Vielleicht möchtest du für etwas danken: `troth thanks add`.
card-then-ask = Vielleicht möchtest du um etwas bitten: `troth ask add`.
card-then-repair = Wenn mehr nötig ist, kann eine Klärung beginnen: `troth repair add`.
ask-card = Antworten? [ja / überspringen / jetzt nicht]
ask-card-line = Welche Zeile möchtest du vorschlagen? Die Nummer (leer: keine):
ask-card-answer = Deine Antwort:
word-skip = überspringen, ü
ask-fits-lives-together = Lebt ihr beide zusammen, oder habt ihr es vor?
ask-fits-shares-money = Gehört ein Teil eures Geldes euch gemeinsam?
ask-fits-children = Gibt es Kinder in deinem Leben?
ask-fits-wants-children = Gibt es einen Kinderwunsch oder den Gedanken daran?
ask-fits-marriage = Seid ihr verheiratet, oder denkst du daran?
ask-fits-sex = Ist Sex hier ein Thema?
ask-fits-faith = Hat Glaube einen Platz in deinem Leben?
ask-fits-past-partners = Gab es vorher eine Liebe?
ask-fits-living-parents = Lebt ein Elternteil von dir?
ask-fits-paid-work = Hast du eine bezahlte Arbeit?
ask-year-1 = Woran aus diesem Jahr möchtest du dich in zehn Jahren erinnern?
ask-year-2 = In welchem schweren Moment dieses Jahres habt ihr beide zusammengehalten?
ask-year-3 = Was hast du über dein Gegenüber erfahren, das du vor einem Jahr nicht wusstest?
ask-year-4 = Was hast du über dich selbst gelernt?
ask-year-5 = Welche eurer Vereinbarungen hat euch getragen, und welche ist zu eng geworden?
ask-year-6 = Was habt ihr ruhen lassen, das eine ruhige Stunde verdient?
ask-year-7 = Wo wünschst du dir mehr Raum für dich, und wo mehr Gemeinsames?
ask-year-8 = Was sollt ihr beide heute in einem Jahr begonnen haben?

## Leaving with everything

# `me` und `partner` sind Namen.
head-export = { $me } und { $partner }, { $day }
head-export-agreements = Vereinbarungen
head-export-pages = Check-ins, Karten und Rückblicke
head-export-answers = Antworten
head-export-steps = Schritte von Klärungen
head-export-left-out = Auf etwas, das { $partner } dir anvertraut hat
head-export-drafts = Entwürfe
export-older = Eine frühere Fassung:
export-unopened = Was von { DATIVE($partner) } hier nicht geöffnet ist, steht nicht in dieser Datei.
# Was ein Kalender allen zeigt, die mit hineinsehen: er verrät nichts.
label-calendar-look = Ansehen
label-calendar-back = Zurück
label-calendar-checkin = Zeit zu zweit
