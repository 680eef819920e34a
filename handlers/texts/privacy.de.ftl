# Was wie lange bleibt, und was bleiben muss.
delete-keeps = Bevor du dich entscheidest: { $count ->
    [one] Eine Nachricht muss vorerst bleiben, denn sie wurde
   *[other] { $count } Nachrichten müssen vorerst bleiben, denn sie wurden
} gemeldet, oder das Recht verlangt sie vielleicht, { $until ->
    [open] bis darüber entschieden ist
   *[other] längstens bis { $until }
}. Niemand außer denen, die entscheiden, sieht sie bis dahin, und danach { $count ->
    [one] wird sie
   *[other] werden sie
} gelöscht, ohne dass du noch einmal fragen musst.
deleted-but = Alles von dir ist gelöscht, bis auf { $count ->
    [one] eine Nachricht
   *[other] { $count } Nachrichten
}: Über eine Meldung ist noch nicht entschieden, oder das Recht verlangt es vielleicht. Das bleibt { $until ->
    [open] bis zur Entscheidung
   *[other] längstens bis { $until }
}, verborgen vor allen außer denen, die entscheiden, und wird dann von selbst gelöscht.
web-deleted-but = Dieses Gespräch ist gelöscht, bis auf { $count ->
    [one] eine Nachricht
   *[other] { $count } Nachrichten
}: Über eine Meldung ist noch nicht entschieden, oder das Recht verlangt es vielleicht. Das bleibt { $until ->
    [open] bis zur Entscheidung
   *[other] längstens bis { $until }
}, verborgen vor allen außer denen, die entscheiden, und wird dann von selbst gelöscht.
web-kept = Etwas muss vorerst bleiben
privacy-page = Datenschutz
privacy-kept = Was wie lange bleibt
privacy-kept-hint = Vom Betreiber bestimmt, mit den Einstellungen KEEP_… . Was festgehalten wird, bleibt länger.
privacy-kind-label = Was
privacy-kind = { $kind ->
    [messages] Nachrichten
    [pictures] Bilder
    [flags] Entschiedene Fälle
    [reports] Meldungen
   *[feedback] Rückmeldungen
}
privacy-time = Bleibt
privacy-days = { $days ->
    [one] einen Tag
   *[other] { $days } Tage
}
privacy-for-good = bis es jemand löscht
privacy-ran = Zuletzt durchgesehen
privacy-next = Das nächste Mal
privacy-never = noch nicht
privacy-gone = Bisher gelöscht
privacy-audit = Das Protokoll bleibt für immer: Es enthält Nummern und Decknamen, niemandes Worte, und ließe sich ohne seinen Anfang nicht mehr als vollständig beweisen.
privacy-proofs = Letzte Löschungen
privacy-proofs-none = Noch wurde nichts wegen seines Alters gelöscht.
privacy-proof = { $count ->
    [one] eines
   *[other] { $count }
}, von { $oldest } bis { $newest }
privacy-proof-hint = Jede mit dem SHA-256 der Nummern und Zeiten dessen, was gelöscht wurde, wie er im Protokoll steht.
privacy-hold-ended = nach dem Festhalten
privacy-holds = Festgehalten
privacy-holds-hint = Was festgehalten wird, wird weder wegen seines Alters gelöscht noch, wenn jemand darum bittet; das erfahren sie, und es wird gelöscht, wenn das Festhalten endet.
privacy-undecided = { $count ->
    [0] Keine Nachricht wartet auf eine Entscheidung.
    [one] Eine Nachricht wird von selbst festgehalten, weil ein Fall oder eine Meldung dazu offen ist.
   *[other] { $count } Nachrichten werden von selbst festgehalten, weil ein Fall oder eine Meldung dazu offen ist.
}
privacy-waiting = { $count ->
    [0] Nichts, was gelöscht werden sollte, ist geblieben.
    [one] Eine Nachricht sollte gelöscht werden und bleibt vorerst.
   *[other] { $count } Nachrichten sollten gelöscht werden und bleiben vorerst.
}
privacy-holds-none = Niemand hat etwas festgehalten.
privacy-holds-ended = Nicht mehr festgehalten
privacy-hold-on = { $kind ->
    [user] Mensch
    [conversation] Gespräch
   *[flag] Fall
} { $number }
privacy-hold-until = bis { $day }
privacy-hold-by = von #{ $number }
privacy-hold-released = freigegeben am { $day }
privacy-hold-over = beendet am { $day }
privacy-release = Freigeben
privacy-release-one = Nummer { $number } freigeben
privacy-put = Etwas festhalten
privacy-put-kind = Was
privacy-put-number = Nummer
privacy-put-number-hint = Wie sie auf der Seite und im Protokoll steht.
privacy-put-reason = Warum
privacy-put-until = Bis
privacy-put-it = Festhalten
privacy-put-here = Daten dieses Menschen festhalten
privacy-put-wrong = Dazu gehören ein Grund, eine Nummer, und ein Tag, der nicht vorbei ist und höchstens zehn Jahre entfernt.
privacy-case-held = bleibt, bis entschieden ist, auch wenn der Mensch es löscht
