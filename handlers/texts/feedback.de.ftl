# Was Leute von Antworten halten, und was ihnen darüber gesagt wird, wer antwortet

button-thumb-up = 👍
button-thumb-down = 👎
button-report = ⚑ Melden
web-thumbs = Was du von dieser Antwort hältst
web-thumb-up = Gute Antwort
web-thumb-down = Schlechte Antwort
web-report = Melden
web-report-hint = Diese Antwort einem Menschen melden
button-why-wrong = Falsch
button-why-unhelpful = Nicht hilfreich
button-why-unsafe = Bedenklich
button-why-other = Etwas anderes
button-because-dangerous = Gefährlich
button-because-hateful = Hasserfüllt
button-because-sexual = Sexuell
button-because-private = Private Daten
button-because-other = Etwas anderes
command-feedback = Sagen, was du von einer Antwort hältst
feedback-up = Danke, vermerkt: eine gute Antwort. Noch einmal gedrückt wird der Daumen zurückgenommen.
feedback-taken-back = Zurückgenommen: dein Daumen zählt nicht mehr.
feedback-why = Danke. Was war an der Antwort nicht gut? Drück einen Knopf, oder sag es mit eigenen Worten: /feedback.
feedback-reason = Danke, vermerkt.
feedback-words = Danke, ich habe deine Worte weitergegeben.
feedback-gone = Diese Antwort gibt es nicht mehr, darum lässt sich nichts mehr zu ihr sagen.
feedback-nothing = Hier gibt es noch keine Antwort von mir, zu der du etwas sagen könntest.
feedback-how = Was hältst du von meiner letzten Antwort? Drück einen Daumen, oder sag es mit eigenen Worten: /feedback und dann, was du meinst.
report-why = Was ist an der Antwort nicht in Ordnung? Ein Mensch wird sie sich ansehen.
disclosure = Hier antwortet ein Programm: { $assistant } ist eine KI, kein Mensch{ $known ->
    [yes] , mit dem Modell { $models }
   *[no] {""}
}{ $llama ->
    [yes] {""} (Built with Llama)
   *[no] {""}
}. { $place ->
    [here] Was du schreibst, wird auf dem eigenen Rechner meines Betreibers berechnet.
    [elsewhere] Was du schreibst, geht an { $places }, wo die Antworten berechnet werden.
   *[unknown] /about und /privacy sagen, welches Modell antwortet, und wo.
}
words-leave = Bevor ich antworte: Was du schreibst und was hier gesagt wurde, seit du zuletzt von vorn begonnen hast, geht ab jetzt an { $place }, wo die Antworten von { $assistant } berechnet werden. Wenn du das nicht willst, halte die Antwort mit /stop an, beginn mit /new von vorn oder lösche alles mit /delete.
