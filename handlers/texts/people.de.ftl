# Menschen im Dashboard

people = Menschen
people-search = Name, Nummer oder Konto
people-search-hint = Wie der Name anfängt, eine Nummer wie 12 oder ein Konto wie telegram:123
people-search-hint-names = Wie der Name anfängt, oder eine Nummer wie 12
people-look = Suchen
people-any = Alle
people-restricted = Zurzeit eingeschränkt
people-found = Gefunden
people-nobody = So jemanden gibt es nicht.
people-since = seit { $day }
people-more = Mehr
people-role-label = Rolle
people-role = { $role ->
    [owner] Eigentümer
    [admin] Admin
    [moderator] Moderator
    [reviewer] Prüfer
   *[member] Mitglied
}
people-access-label = Zugang
people-access = { $access ->
    [allowed] eingelassen
    [waiting] bittet um Einlass
    [blocked] abgewiesen
   *[stranger] nicht eingelassen
}
people-who = Wer das ist
people-joined = Gekommen
people-active = Letzte Unterhaltung
people-region = Land
people-pseudonym = Bei anderen bekannt als
people-accounts = Konten
people-in-force = Was gerade gilt
people-nothing-in-force = Nichts schränkt sie ein.
people-lift = Aufheben
people-lift-this = Aufheben: { $kind }
people-strikes = { $count ->
    [0] Keine Verstöße, die zählen
    [one] Ein Verstoß, der zählt
   *[other] { $count } Verstöße, die zählen
}
people-until = bis { $day }
people-for-good = für immer
people-ended = endete { $day }
people-lifted = aufgehoben { $day }
people-budget = Budget
people-budget-what = Wovon
people-budget-used = Verbraucht
people-budget-left = Übrig
people-budget-unit = { $unit ->
    [seconds] { $number } Sekunden
    [minutes] { $number } Minuten
    [hours] { $number } Stunden
   *[days] { $number } Tagen
}
people-budget-row = { $what ->
    [messages] Nachrichten in { people-budget-unit }
    [pictures] Bilder in { people-budget-unit }
   *[tokens] Token in { people-budget-unit }
}
people-number = { NUMBER($number) }
people-act = Entscheiden
people-act-rule = Nach welcher Regel
people-act-choose = Eine Regel wählen
people-act-reason = Warum (für die Akten)
people-act-later = Es zählt nach zehn Sekunden und lässt sich bis dahin zurücknehmen. Ein Ausschluss für immer braucht einen zweiten Menschen.
people-reason-wanted = Sag, um welche Regel es geht und warum.
people-words-wanted = In der Notiz steht noch nichts.
people-note-heading = Eine Notiz schreiben
people-note-label = Für alle, die prüfen; sie verschwindet mit dem Menschen
people-note-keep = Notiz behalten
people-timeline = Was geschehen ist
people-timeline-empty = Bisher nichts.
people-earlier = Früher
people-newest = Zurück zum Neuesten
people-event = { $kind ->
    [appeal] Widerspruch
    [decision] Entscheidung
    [flag] Meldung
    [note] Notiz
    [report] Von ihnen gemeldet
   *[restriction] Maßnahme
}
people-event-open = offen
people-reported = Hat eine Antwort gemeldet
people-decision-state = { $state ->
    [counting] lässt sich zurücknehmen
    [waiting] wartet auf einen zweiten Menschen
    [in-force] gilt
    [undone] zurückgenommen
    [rejected] abgelehnt
   *[reversed] aufgehoben
}
people-appeal-state = { $state ->
    [open] nicht entschieden
    [upheld] bleibt, wie es war
   *[overturned] zurückgenommen
}
people-program = von einem Programm
people-you = von dir
people-somebody = jemand aus dem Team
people-colleague = Prüfer { $code }
