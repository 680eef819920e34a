# People on the dashboard

people = People
people-search = Name, number or account
people-search-hint = How the name begins, a number such as 12, or an account such as telegram:123
people-search-hint-names = How the name begins, or a number such as 12
people-look = Look
people-any = Any
people-restricted = Restricted now
people-found = Found
people-nobody = There is nobody like that.
people-since = since { $day }
people-more = More
people-role-label = Role
people-role = { $role ->
    [owner] owner
    [admin] admin
    [moderator] moderator
    [reviewer] reviewer
   *[member] member
}
people-access-label = Access
people-access = { $access ->
    [allowed] let in
    [waiting] asks to be let in
    [blocked] turned away
   *[stranger] not let in
}
people-who = Who this is
people-joined = Came
people-active = Last conversation
people-region = Country
people-pseudonym = Known to colleagues as
people-accounts = Accounts
people-in-force = In force now
people-nothing-in-force = Nothing restricts them.
people-lift = Lift
people-lift-this = Lift: { $kind }
people-strikes = { $count ->
    [0] No strikes in force
    [one] One strike in force
   *[other] { $count } strikes in force
}
people-until = until { $day }
people-for-good = for good
people-ended = ended { $day }
people-lifted = lifted { $day }
people-budget = Budget
people-budget-what = Of what
people-budget-used = Used
people-budget-left = Left
people-budget-unit = { $unit ->
    [seconds] { $number } seconds
    [minutes] { $number } minutes
    [hours] { $number } hours
   *[days] { $number } days
}
people-budget-row = { $what ->
    [messages] Messages in { people-budget-unit }
    [pictures] Pictures in { people-budget-unit }
   *[tokens] Tokens in { people-budget-unit }
}
people-number = { NUMBER($number) }
people-act = Decide
people-act-rule = Under which rule
people-act-choose = Choose a rule
people-act-reason = Why (for the record)
people-act-later = It counts after ten seconds, and can be undone until then. A ban for good needs a second person.
people-reason-wanted = Say which rule it is about, and why.
people-words-wanted = There is nothing in the note yet.
people-note-heading = Write a note
people-note-label = Seen by everybody who reviews; it goes when the person does
people-note-keep = Keep the note
people-timeline = What happened
people-timeline-empty = Nothing so far.
people-earlier = Earlier
people-newest = Back to the newest
people-event = { $kind ->
    [appeal] Appeal
    [decision] Decision
    [flag] Flag
    [note] Note
    [report] Report by them
   *[restriction] Restriction
}
people-event-open = open
people-reported = Reported an answer
people-decision-state = { $state ->
    [counting] can be undone
    [waiting] waits for a second person
    [in-force] in force
    [undone] undone
    [rejected] rejected
   *[reversed] reversed
}
people-appeal-state = { $state ->
    [open] not decided
    [upheld] stays as it was
   *[overturned] taken back
}
people-program = by a program
people-you = by you
people-somebody = a colleague
people-colleague = Reviewer { $code }
