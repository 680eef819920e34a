# Gespräche und die Daten von Menschen auf der Übersicht

conversations = Gespräche
conversations-rule = Was Menschen im Privaten sagen, wird nur gelesen, wo etwas darin gemeldet oder markiert wurde oder wo zwei aus dem Team zustimmen; ein Grund wird immer genannt, und alles steht im Protokoll.
conversations-person = Nummer einer Person
conversations-of-person = Von Person #{ $number }
conversations-flagged = Zuletzt gemeldet
conversations-none = Es gibt keine.
conversations-open = offen für dich
conversations-grounds = gemeldet
conversations-with = Mit
conversations-closed = Dieses Gespräch ist geschlossen
conversations-why-flag = Etwas darin wurde gemeldet, deshalb kannst du es für eine Stunde öffnen.
conversations-why-two = Nichts darin wurde gemeldet. Jemand anderes aus dem Team muss zustimmen, dass du es liest; wo es niemanden gibt, öffnet es sich nach einem Tag. Bis dahin kannst du die Bitte zurücknehmen.
conversations-not-yours = Nichts darin wurde gemeldet. Moderatoren können darum bitten, es zu lesen.
conversations-reason = Warum
conversations-written-down = Das Protokoll behält deinen Namen, die Zeit und diesen Grund.
conversations-open-it = Öffnen
conversations-ask = Darum bitten
conversations-reason-wanted = Bitte sag, warum.
conversations-not-opened = Dieses Gespräch ist geschlossen.
conversations-until = Offen für dich bis { $time }.
conversations-find = Wörter in diesem Gespräch
conversations-nothing = Es wurde nichts gefunden.
conversations-earlier = Früheres
conversations-locked = Weggeschlossen.
conversations-redact = Entfernen
conversations-redact-this = Nachricht { $number } entfernen
conversations-redact-it = Für alle entfernen
data = Die Daten der Person
data-conversations = Gespräche
data-more = Mitnehmen oder löschen
data-two = Jemand anderes aus dem Team muss zustimmen; wo es niemanden gibt, geschieht es nach einem Tag.
data-export = Alles mitnehmen
data-delete = Alles löschen
data-take = Alles mitnehmen (eine Zip-Datei)
data-cancel = Zurücknehmen
data-waiting = { $verdict ->
    [export] Alles mitzunehmen
    [delete] Alles zu löschen
   *[other] Ein Gespräch zu lesen
} { $alone ->
    [yes] wartet bis { $day }.
   *[no] wartet auf eine zweite Person.
}
