# Deciding many flags of the queue alike

bulk = Many alike
bulk-category = About
bulk-priority = Priority
bulk-any = Any
bulk-person = Only person #{ $number }
bulk-look = Show
bulk-nothing = Nothing like that waits for you.
bulk-listed = { $count ->
    [one] One flag
   *[other] { $count } flags
}
bulk-more = There may be more: these are the { $most } most urgent.
bulk-all = All or none
bulk-only-pictures = Pictures only
bulk-pictures = { $count ->
    [one] a picture
   *[other] { $count } pictures
}
bulk-open = Open flag { $number }
bulk-effect = { $messages ->
    [one] One message
   *[other] { $messages } messages
} of { $people ->
    [one] one person.
   *[other] { $people } people.
}
bulk-once = Each person meets this once, for the first of these messages; their other messages are removed.
bulk-do = Decide so
bulk-back = Not so
bulk-none-ticked = Nothing was ticked that still waits for you.
bulk-done = { $count ->
    [one] One flag decided.
   *[other] { $count } flags decided.
}
bulk-left = { $count ->
    [one] One was left: somebody else is at it, or it is not yours to decide.
   *[other] { $count } were left: somebody else is at them, or they are not yours to decide.
}
bulk-not-permitted = A ban for good is decided one by one.
bulk-of-person = { $count ->
    [one] One more open flag of this person
   *[other] { $count } more open flags of this person
}
