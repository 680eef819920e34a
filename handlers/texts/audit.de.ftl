# Das Protokoll im Dashboard

audit = Protokoll
audit-actor = Wer
audit-actor-hint = Eine Nummer wie 7, oder assistant
audit-action = Was getan wurde
audit-action-hint = Wie es anfängt, etwa appeal oder decision.made
audit-subject = Woran
audit-subject-hint = Etwa flag, oder flag 12
audit-from = Von (Tag)
audit-to = Bis (Tag)
audit-look = Suchen
audit-entries = Einträge
audit-nothing = So etwas steht nicht im Protokoll.
audit-by = von { $actor }
audit-more = Frühere
audit-newest = Zurück zu den neuesten
audit-check = Ist es, wie es geschrieben wurde?
audit-check-hint = Jeder Eintrag trägt den Hash des vorigen. Wer in die Datenbank schreiben kann, könnte alles neu berechnen; das verrät nur ein früherer Kopf, der anderswo aufbewahrt ist.
audit-head = Ein aufbewahrter Kopf (NUMMER:HASH), falls vorhanden
audit-verify = Das ganze Protokoll prüfen
audit-no-head = Ein Kopf ist eine Nummer, ein Doppelpunkt und 64 Buchstaben und Ziffern, wie er hier nach dem Prüfen steht.
audit-whole = { $count ->
    [0] Das Protokoll ist leer.
    [one] Der eine Eintrag ist, wie er geschrieben wurde.
   *[other] Alle { NUMBER($count) } Einträge sind, wie sie geschrieben wurden.
}
audit-head-now = Kopf, anderswo aufzubewahren:
audit-broken = Das Protokoll ist bei Eintrag { $number } beschädigt: { $flaw ->
    [changed] was dort steht, wurde geändert.
    [detached] er schließt nicht an den vorigen an.
    [foreign] er wurde nicht hinzugefügt, wie Einträge es werden.
    [missing] er fehlt, obwohl es ihn einmal gab.
    [misplaced] ein anderer Eintrag steht an seiner Stelle.
    [rewritten] er, oder was vor ihm steht, wurde neu geschrieben.
   *[miswritten] er ist nicht geschrieben, wie Einträge es sind.
}
audit-export = Mitnehmen (JSON Lines)
