# The chat for moderators

groups-for-moderators = I only talk to one person at a time, so I am leaving again. If this is to be the chat for moderators, set MODERATORS_CHAT={ $chat }, restart me and add me once more.
desk-card = **{ web-priority }** · { rule } · flag { $flag }
desk-card-person = About person { $person }.
desk-card-held = The answer waits for it.
desk-claimed = { $code } is looking at it.
desk-counting = { web-queue-done }, says { $code }. It counts in ten seconds.
desk-waiting = { web-queue-done }, says { $code }. A second person has to agree on the dashboard.
desk-decided = { web-queue-done }, decided by { $code }.
desk-withdrawn = What was said is gone: there is nothing to decide any more.
desk-gone = This flag is gone, with the conversation that it was about.
desk-locked = Flag { $flag } is locked: only those who may see such things can open it, on the dashboard.
desk-locked-done = Flag { $flag }, which is locked, is not open any more.
desk-reminder = Flag { $flag } still waits, since { desk-time }.
desk-time = { $unit ->
    [seconds] { NUMBER($number) } seconds
    [minutes] { NUMBER($number) } minutes
    [hours] { NUMBER($number) } hours
   *[days] { NUMBER($number) } days
}
desk-digest = **Since the last summary:** { NUMBER($raised) } new, { NUMBER($decided) } decided. { NUMBER($waiting) } wait, and { $appeals ->
    [0] no appeal
    [one] one appeal
   *[other] { NUMBER($appeals) } appeals
}.
desk-digest-oldest = The oldest has waited for { desk-time }.
desk-not-yours = Thank you, but this button is for people who look at flags here.
desk-yours = It is yours for five minutes.
desk-done = Decided. You can undo it for ten seconds.
desk-second = Decided, once a second person agrees on the dashboard.
desk-undone = Undone.
desk-trouble = The chat for moderators cannot be written to: { $error }. Nothing is lost; what waits is in the queue, and is said there once it can be again.
button-desk-claim = Claim
button-desk-dismiss = Nothing wrong
button-desk-release = Let through
button-desk-remove = Remove
button-desk-warn = Warn
button-desk-strike = Strike
button-desk-undo = Undo
button-desk-open = Open
