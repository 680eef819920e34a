# Begrüßung

welcome = { $named ->
    [no] Hallo! Ich bin { $assistant }, ein KI-Assistent.
   *[yes] Hallo { $name }! Ich bin { $assistant }, ein KI-Assistent.
} Schreib mir, oder schick mir ein Bild und frag etwas dazu. /help zeigt, was ich noch kann.
welcome-owner = { $named ->
    [no] Willkommen! Ich bin { $assistant }, ein KI-Assistent, und ich gehöre dir.
   *[yes] Willkommen, { $name }! Ich bin { $assistant }, ein KI-Assistent, und ich gehöre dir.
} Schreib mir, oder schick mir ein Bild und frag etwas dazu. /invite macht einen Link für deine Freunde, und /help zeigt, was ich noch kann.
help = Ich bin { $assistant }, ein KI-Assistent. Schreib mir, oder schick mir Bilder und frag etwas dazu. Du kannst eine Frage ändern, indem du sie bearbeitest, und nach einem älteren Bild fragen, indem du darauf antwortest.

    /new – neu anfangen: beim Antworten vergesse ich, was bisher war
    /stop – aufhören zu schreiben
    /retry – deine letzte Frage noch einmal beantworten
    /about – welches Modell hier antwortet
    /feedback [Worte] – sagen, was du von einer Antwort hältst
    /report [warum] – einem Menschen von einer Antwort sagen, die nicht in Ordnung ist
    /privacy – wer das hier lesen kann und wie lange es bleibt
    /export – eine Kopie von allem, was du gesagt hast, mit deinen Bildern
    /delete – alles von dir löschen{ $owner ->
    [yes] {""}
    /invite [Personen] [Tage] – ein Link, der deine Freunde hereinlässt
   *[no] {""}
}
about = Ich bin { $assistant }, eine KI. Was ich schreibe, berechnet ein Modell, und es kann falsch sein.

    Modell: { $models }{ $demonstration ->
    [yes] {""}
    Das ist ein kleines Vorführmodell, von Grund auf trainiert, das mit Whimbrel mitkommt. Es weiß sehr wenig; stattdessen lässt sich ein richtiges Modell anschließen.
   *[no] {""}
}{ $llama ->
    [yes] {""}
    Built with Llama.
   *[no] {""}
}
about-no-model = Ich bin { $assistant }, eine KI. Was ich schreibe, berechnet ein Modell, und es kann falsch sein. Seit meinem Start hat noch kein Modell geantwortet, darum kann ich es noch nicht nennen.
about-budget = Was dir im Augenblick noch bleibt: { $messages ->
    [any] beliebig viele Nachrichten
   *[other] { $messages } Nachrichten
}, { $pictures ->
    [any] beliebig viele Bilder
   *[other] { $pictures } Bilder
}, { $tokens ->
    [any] Antworten jeder Länge
   *[other] etwa { $tokens } Token von dem, was ich lese und schreibe (ein Token ist ein kurzes Wort)
}.
privacy = Was du schreibst und schickst, beantwortet ein Modell: { $models }. { $place ->
    [here] Es läuft auf dem eigenen Rechner meines Betreibers.
    [elsewhere] Es läuft auf einem anderen Server, den mein Betreiber ausgesucht hat und der bekommt, was du schreibst.
   *[unknown] Wo es läuft, kann ich gerade nicht sagen.
}

    Wer es lesen kann: du, und wer mich betreibt. Für den Messenger, den du benutzt, gelten dessen eigene Regeln.
    Wie lange es bleibt: { $days ->
        [0] bis du es löschst
        [one] einen Tag, oder bis du es löschst
       *[other] { $days } Tage, oder bis du es löschst
    }. Was gemeldet oder beanstandet wurde, bleibt auch dann, bis darüber entschieden ist. Bilder speichere ich ohne ihre Metadaten, etwa den Ort der Aufnahme.
    Mit dem, was du schreibst, wird kein Modell trainiert.

    /export gibt dir eine Kopie von allem, und /delete löscht es.

# Hereinkommen

door-waiting = Ich bin { $assistant }, ein KI-Assistent, und spreche nur mit Leuten, die mein Besitzer kennt. Ich habe ihn gebeten, dich hereinzulassen, und schreibe dir, sobald es eine Antwort gibt. Wenn du einen Einladungslink hast, öffne ihn.
door-closed = Ich bin { $assistant }, ein KI-Assistent, und spreche nur mit Leuten, die mein Besitzer ausgesucht hat. Es tut mir leid, dass ich dir hier nicht helfen kann.
code-wrong = Dieser Link gilt nicht mehr, oder es gab ihn nie. Bitte lass dir einen neuen geben.
stranger-asks = { $name } möchte mit mir sprechen ({ $channel }). Einverstanden?
stranger-approved = { $name } kann jetzt mit mir sprechen.
stranger-declined = { $name } bleibt draußen.
request-approved = Gute Nachricht: Du kannst jetzt mit mir sprechen. Ich bin { $assistant }; schreib mir einfach, oder schick mir ein Bild und frag etwas dazu.
request-declined = Es tut mir leid: Mein Besitzer hat sich entschieden, dich nicht hereinzulassen.
request-gone = Diese Anfrage ist schon beantwortet.
owner-only = Das kann nur mein Besitzer.
invite-made = Schick das deinen Freunden. Es lässt { $uses ->
    [one] eine Person
   *[other] { $uses } Personen
} herein, innerhalb von { $days ->
    [one] einem Tag
   *[other] { $days } Tagen
}:

    { $links }
invite-usage = Schreib /invite, oder /invite 3 14 für drei Personen und zwei Wochen. Möglich sind höchstens { $uses } Personen und { $days } Tage.

# Nachrichten

empty-message = In dieser Nachricht war nichts. Schreib mir etwas, oder schick mir ein Bild.
text-too-long = Das ist mehr, als ich auf einmal lesen kann: { NUMBER($limit) } Zeichen sind die Grenze. Bitte schick es in Teilen, oder nur das, worauf es ankommt.
busy = Gerade warten so viele auf eine Antwort, dass ich keine weiteren Fragen annehmen kann. Bitte frag in ein paar Minuten noch einmal.
too-many-questions = { $most } Fragen von dir warten schon auf eine Antwort, und mehr hebe ich für eine Person nicht auf. Die beantworte ich zuerst; bitte stelle diese danach noch einmal.
budget-messages = Du hast für den Augenblick so viele Nachrichten geschickt, wie du darfst. In { $number } { $unit ->
    [seconds] Sekunden
    [minutes] Minuten
    [hours] Stunden
   *[days] Tagen
} kannst du wieder schreiben.
budget-pictures = Du hast für den Augenblick so viele Bilder geschickt, wie du darfst. In { $number } { $unit ->
    [seconds] Sekunden
    [minutes] Minuten
    [hours] Stunden
   *[days] Tagen
} kannst du wieder Bilder schicken; Worte allein sind jederzeit willkommen.
budget-pictures-at-once = Das sind mehr Bilder, als du mir schicken darfst: { NUMBER($most) } sind die Grenze. Bitte schicke weniger.
budget-tokens = Ich habe für dich so viel gedacht und geschrieben, wie ich für den Augenblick darf. In { $number } { $unit ->
    [seconds] Sekunden
    [minutes] Minuten
    [hours] Stunden
   *[days] Tagen
} kannst du wieder schreiben.
budget-total = Ich habe für alle zusammen so viel beantwortet, wie ich darf. In { $number } { $unit ->
    [seconds] Sekunden
    [minutes] Minuten
    [hours] Stunden
   *[days] Tagen
} kannst du wieder schreiben.
sorry-failed = Es tut mir leid, bei mir ist etwas schiefgegangen. Bitte versuch es noch einmal.
unknown-command = { $command } kenne ich nicht. /help zeigt, was ich kann.
groups-later = Danke für die Einladung! Gruppen kommen später; vorerst spreche ich nur mit einer Person auf einmal und gehe darum wieder.
unsupported-voice = Sprachnachrichten kann ich noch nicht anhören. Bitte schreib mir; Text kann ich lesen und Bilder ansehen.
unsupported-audio = Musik und Aufnahmen kann ich noch nicht anhören. Text kann ich lesen und Bilder ansehen.
unsupported-video = Videos kann ich noch nicht ansehen. Schick mir ein Bild daraus, dann sehe ich es mir an.
unsupported-animation = Animationen kann ich noch nicht ansehen. Schick mir ein Bild daraus, dann sehe ich es mir an.
unsupported-sticker = Bestimmt ein hübscher Sticker, aber die kann ich noch nicht sehen. Text kann ich lesen und Bilder ansehen.
unsupported-document = Solche Dateien kann ich noch nicht lesen. Text kann ich lesen und Bilder ansehen: JPEG, PNG, WebP und GIF.
unsupported-location = Mit einem Ort auf der Karte kann ich noch nichts anfangen. Beschreib ihn mir, oder schick mir ein Bild.
unsupported-contact = Mit Kontakten kann ich noch nichts anfangen. Text kann ich lesen und Bilder ansehen.
unsupported-poll = An Umfragen kann ich noch nicht teilnehmen. Text kann ich lesen und Bilder ansehen.
unsupported-other = Mit dieser Art von Nachricht kann ich noch nichts anfangen. Text kann ich lesen und Bilder ansehen.

# Bilder, die sich nicht verwenden lassen

refused-picture-none = Diese Datei ist kein Bild, oder keins, das ich kenne. Ich kann JPEG, PNG, WebP und GIF ansehen.
refused-picture-kind = Diese Art von Bild kann ich nicht öffnen. Ich kann JPEG, PNG, WebP und GIF ansehen.
refused-picture-heic = HEIC-Bilder kann ich nicht öffnen. Bitte schick es als JPEG; die meisten Handys tun das, wenn du es als Foto statt als Datei teilst.
refused-picture-avif = AVIF-Bilder kann ich nicht öffnen. Bitte schick es als JPEG oder PNG.
refused-picture-svg = SVG-Zeichnungen kann ich nicht öffnen. Bitte schick ein PNG davon.
refused-picture-pdf = PDF-Dateien kann ich noch nicht lesen. Bitte schick ein Bild der Seite.
refused-picture-video = Videos kann ich noch nicht ansehen. Schick mir ein Bild daraus, dann sehe ich es mir an.
refused-picture-too-large = Diese Datei ist mir zu groß: 20 MB sind die Grenze. Bitte schick eine kleinere Fassung.
refused-picture-pixels = Dieses Bild hat mehr Pixel, als ich aufnehmen kann. Bitte schick eine kleinere Fassung.
refused-picture-broken = Dieses Bild ist beschädigt oder unvollständig, und ich kann es nicht öffnen. Bitte schick es noch einmal.
refused-picture-slow = Es hat zu lange gedauert, dieses Bild zu öffnen. Bitte schick es als einfaches JPEG oder PNG.
refused-picture-gone = Ich konnte dieses Bild nicht vom Messenger bekommen. Bitte schick es noch einmal.
refused-picture-unasked = Dieses Bild kam, als ich es nicht annehmen konnte; ich habe es nicht angesehen.

# Antworten

stopped = Angehalten.
nothing-to-stop = Ich schreibe gerade nichts.
nothing-to-retry = Es gibt keine Frage, die ich noch einmal beantworten könnte.
still-answering = An dieser Antwort arbeite ich noch. /stop hält sie an.
new-begun = Wir fangen neu an. Was vorher war, bleibt in diesem Chat, aber beim Antworten denke ich nicht mehr daran.
waiting-in-line = { $place ->
    [0] Deine Frage ist die nächste.
    [one] Eine Frage ist vor deiner dran. Ich antworte hier.
   *[other] { $place } Fragen sind vor deiner dran. Ich antworte hier.
}
empty-answer = Darauf habe ich keine Antwort. Magst du es anders sagen?
cut-at-length = (Länger werden meine Antworten nicht. Bitte mich, weiterzuschreiben.)
answer-starts-over = (Da ist etwas schiefgegangen. Ich beginne diese Antwort neu.)
answer-unconfirmed = Ich weiß nicht, ob meine Antwort bei dir angekommen ist. Soll ich sie noch einmal schicken?
failed-set-aside = Es tut mir leid: An dieser Frage bin ich dreimal gescheitert und habe sie beiseitegelegt. Bitte versuch, sie anders zu stellen.
failed-engine = Es tut mir leid, das Modell ist an dieser Frage gescheitert. Du kannst es noch einmal versuchen.
failed-endpoint = Es tut mir leid, das Modell war zu lange nicht erreichbar. Du kannst es noch einmal versuchen.
endpoint-down = Das Modell, das für mich antwortet, ist nicht erreichbar. Ich versuche es weiter und antworte hier von selbst, wenn es innerhalb einer Viertelstunde zurück ist.
refused-too-long = Das ist mehr, als dieses Modell auf einmal lesen kann. Bitte stell eine kürzere Frage.

# Eigene Daten

export-ready = Hier ist eine Kopie von allem, was du gesagt hast und was ich geantwortet habe, mit deinen Bildern.
export-elsewhere = Hier kann ich keine Dateien schicken. Deine Kopie wartet auf meiner Webseite: { $url }
delete-question = Soll ich alles von dir löschen: alle Nachrichten, Bilder und Gespräche? Das lässt sich nicht rückgängig machen. Drück auf den Knopf, oder schreib /delete ja.
deleted = Alles von dir ist gelöscht.
kept = Gut, ich behalte alles, wie es ist.

# Knöpfe

button-stop = Stopp
button-retry = Noch einmal versuchen
button-show-again = Noch einmal schicken
button-approve = Hereinlassen
button-decline = Nein
button-delete = Alles löschen
button-keep = Behalten
button-stale = Dieser Knopf hat ausgedient. Es hat sich nichts geändert.

# Wie die Befehle in Menüs heißen

command-help = Was ich kann
command-new = Neu anfangen
command-stop = Aufhören zu schreiben
command-retry = Die letzte Frage noch einmal beantworten
command-invite = Ein Link, der Freunde hereinlässt
command-about = Welches Modell hier antwortet
command-privacy = Wer das hier lesen kann
command-export = Eine Kopie von allem von dir
command-delete = Alles von dir löschen
not-found = Hier ist nichts, oder es gehört dir nicht.
