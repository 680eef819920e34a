# Eine Richtlinie an dem erproben, was zuletzt gesagt wurde.
web-trial = An den Nachrichten der letzten Woche erprobt
web-trial-begin = An den Nachrichten der letzten Woche erproben
web-trial-beside = Neben { $policy ->
    [shipped] der mitgelieferten
   *[other] Fassung { $policy }
}, begonnen
web-trial-runs = { $looked } von { $expected } Nachrichten angesehen
web-trial-failed = Der Versuch endete ohne Ergebnis. Beginne ihn noch einmal.
web-trial-looked = { $count ->
    [one] Eine Nachricht wurde angesehen.
   *[other] { $count } Nachrichten wurden angesehen.
}
web-trial-nothing = Nichts würde sich ändern.
web-trial-met = { $messages ->
    [one] eine Nachricht
   *[other] { $messages } Nachrichten
} von { $people ->
    [one] einer Person
   *[other] { $people } Personen
}
web-trial-message = Nachricht { $number }
web-trial-case = der Fall
web-trial-proposed = (zu bestätigen)
web-trial-limits = Höchstens 20.000 Nachrichten, die neuesten. Wörter, Links, Angriffe und Wiederholungen wurden neu gesucht; was Prüfungen von Bildern und Llama Guard fanden, ist nur bekannt, wo es gemeldet wurde. Worte aus privaten Chats stehen hier nicht.
web-deed = { $deed ->
    [flag] melden
    [care] Hilfe anbieten
    [warn] verwarnen
    [hold] zurückhalten
    [refuse] ablehnen
    [strike] Verstoß
    [mute] stummschalten
    [ban] sperren
   *[none] durchgelassen
}
