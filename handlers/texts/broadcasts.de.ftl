# Was allen gesagt wird

broadcast = { $text }
broadcast-sure = Das würden { $people ->
    [one] eine Person
   *[other] { NUMBER($people) } Menschen
} lesen, jede einmal, im eigenen privaten Chat. Soll ich es senden?
broadcast-nobody = Es gibt niemanden, dem ich schreiben könnte.
broadcast-too-long = Das sind { NUMBER($units) } Zeichen; in eine Nachricht passen überall { NUMBER($most) }.
broadcast-dropped = Es wurde niemandem gesendet.
broadcast-one-runs = Gerade wird schon allen etwas gesagt. Warte, bis es zu Ende ist, oder halte es mit /admin broadcast stop an.
broadcast-none-runs = Gerade wird niemandem etwas gesagt.
broadcast-none = Noch nie wurde allen etwas gesagt.
broadcast-stopped-here = Es ist angehalten; wer damit begonnen hat, erfährt es.
broadcast-running = Unterwegs: { NUMBER($sent) } von { NUMBER($people) }{ $failed ->
    [0] {""}
   *[other] , { NUMBER($failed) } waren nicht zu erreichen
}{ $unconfirmed ->
    [0] {""}
   *[other] , { NUMBER($unconfirmed) } vielleicht
}.
broadcast-ended = Alle waren an der Reihe: { NUMBER($sent) } von { NUMBER($people) } haben es bekommen{ $failed ->
    [0] {""}
   *[other] , { NUMBER($failed) } waren nicht zu erreichen
}{ $unconfirmed ->
    [0] {""}
   *[other] , { NUMBER($unconfirmed) } vielleicht
}.
broadcast-stopped = Angehalten: { NUMBER($sent) } von { NUMBER($people) } hatten es schon bekommen{ $failed ->
    [0] {""}
   *[other] , { NUMBER($failed) } waren nicht zu erreichen
}{ $unconfirmed ->
    [0] {""}
   *[other] , { NUMBER($unconfirmed) } vielleicht
}.
button-broadcast-send = Senden
button-broadcast-drop = Nicht senden
button-broadcast-stop = Anhalten
