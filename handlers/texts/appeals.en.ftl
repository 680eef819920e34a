# Appeals on the dashboard

appeals = Appeals
appeals-first = Begin with the oldest
appeals-waiting = Waiting
appeals-none = No appeal waits.
appeals-decided = Decided
appeals-none-decided = None has been decided yet.
appeals-more = Earlier
appeals-back = All appeals
appeals-next = Next appeal
appeals-one = Appeal { $number }
appeals-standing = { $standing ->
    [outranked] For somebody of a higher role
   *[took-part] You took part, so that somebody else decides this
}
appeals-alone = There is nobody else
appeals-alone-hint = You took part in this, but nobody else may decide it. Your decision is marked as that of the same person, and the person is told so.
appeals-same-person = decided by the same person
appeals-outcome = { $state ->
    [upheld] It stays as it was
    [overturned] Taken back
   *[open] Not decided
}
appeals-done = { $state ->
    [overturned] Taken back for { $name }, who is being told.
   *[upheld] It stays as it was for { $name }, who is being told.
}
appeals-words = What the person says
appeals-no-words = They gave no reason.
appeals-against = What it is about
appeals-measure = Measure
appeals-rule = Rule
appeals-began = Began
appeals-ends = Ends
appeals-decider = Decided
appeals-seconder = Agreed to
appeals-policy = Under
appeals-deciders-note = Note of who decided
appeals-told = What the person was told
appeals-findings = What was found
appeals-flag = The flag with all that is known
appeals-no-flag = It does not rest on a message, or the message and what was around it are gone.
appeals-uphold = Let it stand
appeals-overturn = Take it back
