# What is said to everybody

broadcast = { $text }
broadcast-sure = This is what { $people ->
    [one] one person
   *[other] { NUMBER($people) } people
} would read, each once, in their private chat. Shall I send it?
broadcast-nobody = There is nobody whom I could write to.
broadcast-too-long = That has { NUMBER($units) } characters; { NUMBER($most) } fit into one message on every messenger.
broadcast-dropped = It was not sent to anybody.
broadcast-one-runs = Something is being said to everybody just now. Wait for it to end, or stop it with /admin broadcast stop.
broadcast-none-runs = Nothing is being said to everybody just now.
broadcast-none = Nothing was ever said to everybody.
broadcast-stopped-here = It is stopped; whoever began it is told.
broadcast-running = On its way: { NUMBER($sent) } of { NUMBER($people) }{ $failed ->
    [0] {""}
   *[other] , { NUMBER($failed) } could not be reached
}{ $unconfirmed ->
    [0] {""}
   *[other] , { NUMBER($unconfirmed) } perhaps
}.
broadcast-ended = Everybody had their turn: { NUMBER($sent) } of { NUMBER($people) } were told{ $failed ->
    [0] {""}
   *[other] , { NUMBER($failed) } could not be reached
}{ $unconfirmed ->
    [0] {""}
   *[other] , { NUMBER($unconfirmed) } perhaps
}.
broadcast-stopped = Stopped: { NUMBER($sent) } of { NUMBER($people) } had been told{ $failed ->
    [0] {""}
   *[other] , { NUMBER($failed) } could not be reached
}{ $unconfirmed ->
    [0] {""}
   *[other] , { NUMBER($unconfirmed) } perhaps
}.
button-broadcast-send = Send
button-broadcast-drop = Don't
button-broadcast-stop = Stop
