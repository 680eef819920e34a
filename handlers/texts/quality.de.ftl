# Die Seite Güte im Dashboard

quality = Güte
quality-span-choice = Wie weit zurück
quality-span = Letzte { $days } Tage
quality-checks = Prüfungen
quality-checks-hint = Von den Meldungen dieser Tage: wie viele jemand entschieden hat, und bei wie vielen davon etwas folgen musste. Eine Meldung mehrerer Prüfungen zählt für jede. Die Linie zeigt, wo der wahre Anteil in 95 von 100 Fällen liegt.
quality-check-label = Prüfung
quality-check = { $check ->
    [words] Wörter
    [links] Links
    [attacks] Angriffe auf die Regeln
    [repetition] Wiederholung
    [nudity] Nacktheit
    [known-pictures] Bekannte Bilder
    [guard] Llama Guard
    [people] Meldungen von Menschen
   *[other] { $check }
}
quality-raised = Meldungen
quality-decided = Entschieden
quality-upheld = Bestätigt
quality-precision = Trefferquote
quality-share = { $percent } % von { NUMBER($count) } ({ $low } bis { $high } %)
quality-no-share = Nichts entschieden
quality-appeals = Einsprüche
quality-appeals-counted = { $decided ->
    [0] In diesen Tagen wurde kein Einspruch entschieden.
    [one] Ein Einspruch wurde entschieden; { $overturned ->
        [0] es blieb dabei.
       *[other] er war richtig, und die Entscheidung wurde zurückgenommen.
    }
   *[other] { NUMBER($decided) } Einsprüche wurden entschieden; { $overturned ->
        [0] es blieb bei allen dabei.
        [one] einer war richtig, und die Entscheidung wurde zurückgenommen.
       *[other] { NUMBER($overturned) } davon waren richtig, und die Entscheidung wurde zurückgenommen.
    }
}
quality-times = Von der Meldung zur Entscheidung
quality-nothing-decided = In diesen Tagen wurde nichts entschieden.
quality-priority = Dringlichkeit
quality-half = Die Hälfte in
quality-most = 90 % in
quality-time = { $unit ->
    [seconds] { $number } s
    [minutes] { $number } min
    [hours] { $number } h
   *[days] { $number } Tage
}
quality-reviewers = Entscheidungen nach Person
quality-reviewer = Wer
quality-overturned = Auf Einspruch zurückgenommen
quality-export = Mitnehmen (CSV)
quality-thumbs = Daumen unter Antworten
quality-thumbs-hint = Wie viele der gedrückten Daumen nach unten zeigen, nach Tag (UTC) und Modell. Wer gedrückt hat, sieht niemand.
quality-no-thumbs = In diesen Tagen hat niemand einen Daumen gedrückt.
quality-day = Tag
quality-model = Modell
quality-model-unknown = nicht bekannt
quality-thumbs-down = Nach unten
quality-thumbs-all = Daumen
quality-thumbs-share = Anteil nach unten
quality-thumb-reason = { $reason ->
    [wrong] Falsch
    [unhelpful] Nicht hilfreich
    [unsafe] Bedenklich
   *[other] Etwas anderes
}: { NUMBER($count) }
