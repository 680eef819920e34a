# Der Chat für Moderatorinnen und Moderatoren

groups-for-moderators = Ich spreche nur mit einer Person auf einmal und gehe darum wieder. Soll dies der Chat für die Moderation sein, dann setze MODERATORS_CHAT={ $chat }, starte mich neu und lade mich noch einmal ein.
desk-card = **{ web-priority }** · { rule } · Meldung { $flag }
desk-card-person = Es geht um Person { $person }.
desk-card-held = Die Antwort wartet darauf.
desk-claimed = { $code } schaut es sich an.
desk-counting = { web-queue-done }, sagt { $code }. Es gilt in zehn Sekunden.
desk-waiting = { web-queue-done }, sagt { $code }. Eine zweite Person muss im Dashboard zustimmen.
desk-decided = { web-queue-done }, entschieden von { $code }.
desk-withdrawn = Was gesagt wurde, ist fort: Es gibt nichts mehr zu entscheiden.
desk-gone = Diese Meldung ist fort, mit dem Gespräch, um das es ging.
desk-locked = Meldung { $flag } ist verschlossen: Nur wer so etwas sehen darf, kann sie öffnen, im Dashboard.
desk-locked-done = Meldung { $flag }, die verschlossen ist, ist nicht mehr offen.
desk-reminder = Meldung { $flag } wartet noch immer, seit { desk-time }.
desk-time = { $unit ->
    [seconds] { NUMBER($number) } Sekunden
    [minutes] { NUMBER($number) } Minuten
    [hours] { NUMBER($number) } Stunden
   *[days] { NUMBER($number) } Tagen
}
desk-digest = **Seit der letzten Zusammenfassung:** { NUMBER($raised) } neu, { NUMBER($decided) } entschieden. { NUMBER($waiting) } warten, dazu { $appeals ->
    [0] kein Einspruch
    [one] ein Einspruch
   *[other] { NUMBER($appeals) } Einsprüche
}.
desk-digest-oldest = Die älteste wartet seit { desk-time }.
desk-not-yours = Danke, aber dieser Knopf ist für Menschen, die hier Meldungen prüfen.
desk-yours = Sie gehört fünf Minuten lang dir.
desk-done = Entschieden. Du kannst es zehn Sekunden lang zurücknehmen.
desk-second = Entschieden, sobald eine zweite Person im Dashboard zustimmt.
desk-undone = Zurückgenommen.
desk-trouble = In den Chat für die Moderation kann nicht geschrieben werden: { $error }. Nichts geht verloren; was wartet, steht in der Warteschlange und wird dort gesagt, sobald es wieder geht.
button-desk-claim = Übernehmen
button-desk-dismiss = Alles in Ordnung
button-desk-release = Durchlassen
button-desk-remove = Entfernen
button-desk-warn = Verwarnen
button-desk-strike = Verstoß
button-desk-undo = Zurücknehmen
button-desk-open = Öffnen
