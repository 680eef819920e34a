# Viele Meldungen der Warteschlange auf einmal entscheiden

bulk = Viele gleiche
bulk-category = Worum es geht
bulk-priority = Dringlichkeit
bulk-any = Alle
bulk-person = Nur Person #{ $number }
bulk-look = Zeigen
bulk-nothing = Nichts dergleichen wartet auf dich.
bulk-listed = { $count ->
    [one] Eine Meldung
   *[other] { $count } Meldungen
}
bulk-more = Es kann mehr geben: dies sind die { $most } dringendsten.
bulk-all = Alle oder keine
bulk-only-pictures = Nur Bilder
bulk-pictures = { $count ->
    [one] ein Bild
   *[other] { $count } Bilder
}
bulk-open = Meldung { $number } öffnen
bulk-effect = { $messages ->
    [one] Eine Nachricht
   *[other] { $messages } Nachrichten
} von { $people ->
    [one] einer Person.
   *[other] { $people } Personen.
}
bulk-once = Jede Person trifft das einmal, für die erste dieser Nachrichten; ihre anderen Nachrichten werden entfernt.
bulk-do = So entscheiden
bulk-back = Doch nicht
bulk-none-ticked = Es wurde nichts angekreuzt, das noch auf dich wartet.
bulk-done = { $count ->
    [one] Eine Meldung entschieden.
   *[other] { $count } Meldungen entschieden.
}
bulk-left = { $count ->
    [one] Eine blieb: jemand anderes ist daran, oder sie ist nicht deine Sache.
   *[other] { $count } blieben: andere sind daran, oder sie sind nicht deine Sache.
}
bulk-not-permitted = Ein Ausschluss für immer wird einzeln entschieden.
bulk-of-person = { $count ->
    [one] Eine weitere offene Meldung zu dieser Person
   *[other] { $count } weitere offene Meldungen zu dieser Person
}
