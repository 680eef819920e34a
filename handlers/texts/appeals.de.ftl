# Einsprüche im Dashboard

appeals = Einsprüche
appeals-first = Mit dem ältesten anfangen
appeals-waiting = Wartet
appeals-none = Kein Einspruch wartet.
appeals-decided = Entschieden
appeals-none-decided = Noch ist keiner entschieden.
appeals-more = Frühere
appeals-back = Alle Einsprüche
appeals-next = Nächster Einspruch
appeals-one = Einspruch { $number }
appeals-standing = { $standing ->
    [outranked] Für jemanden mit höherer Rolle
   *[took-part] Du warst beteiligt, darum entscheidet jemand anderes
}
appeals-alone = Es gibt sonst niemanden
appeals-alone-hint = Du warst beteiligt, aber niemand sonst darf das entscheiden. Deine Entscheidung wird als die desselben Menschen vermerkt, und so wird es auch mitgeteilt.
appeals-same-person = von demselben Menschen entschieden
appeals-outcome = { $state ->
    [upheld] Es bleibt dabei
    [overturned] Zurückgenommen
   *[open] Nicht entschieden
}
appeals-done = { $state ->
    [overturned] Für { $name } zurückgenommen; das wird mitgeteilt.
   *[upheld] Für { $name } bleibt es dabei; das wird mitgeteilt.
}
appeals-words = Was die Person sagt
appeals-no-words = Sie hat keinen Grund genannt.
appeals-against = Worum es geht
appeals-measure = Maßnahme
appeals-rule = Regel
appeals-began = Begonnen
appeals-ends = Endet
appeals-decider = Entschieden
appeals-seconder = Zugestimmt
appeals-policy = Nach
appeals-deciders-note = Notiz zur Entscheidung
appeals-told = Was der Person gesagt wurde
appeals-findings = Was gefunden wurde
appeals-flag = Die Meldung mit allem, was bekannt ist
appeals-no-flag = Es beruht auf keiner Nachricht, oder sie und was um sie stand ist nicht mehr da.
appeals-uphold = So lassen
appeals-overturn = Zurücknehmen
