# Die Live-Seite der Übersicht

live = Live
live-span-choice = Wie weit zurück
live-span = { $span ->
    [hour] Letzte Stunde
    [day] Letzter Tag
   *[month] Letzte 30 Tage
}
live-answers = Antworten
live-answers-rate = Antworten je Sekunde
live-first-text = Sekunden bis zum ersten Text
live-first-text-half = Erster Text, die Hälfte binnen
live-first-text-most = Erster Text, 95 % binnen
live-tokens = Tokens der Antworten
live-tokens-rate = Tokens je Sekunde
live-waiting = Warten
live-oldest = Längste Wartezeit
live-running = In Arbeit
live-failed = Fehlgeschlagen
live-pictures = Fragen mit Bildern
live-active-day = Menschen in 24 Stunden
live-active-month = Menschen in 30 Tagen
live-cost = Kosten dieser Zeit
live-licence = Ab { NUMBER($people) } Menschen im Monat verlangt die Llama-Lizenz eine eigene von Meta.
live-memory = { $gigabytes } GB Speicher
live-accelerator = { $gigabytes } GB auf dem Beschleuniger
live-as-table = Dasselbe als Tabelle
live-from = Ab
live-nothing = In dieser Zeit ist nichts zu Ende gegangen.
