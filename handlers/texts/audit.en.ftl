# The audit log on the dashboard

audit = Audit log
audit-actor = Who
audit-actor-hint = A number such as 7, or assistant
audit-action = What was done
audit-action-hint = How it begins, such as appeal or decision.made
audit-subject = To what
audit-subject-hint = Such as flag, or flag 12
audit-from = From (day)
audit-to = Until (day)
audit-look = Look
audit-entries = Entries
audit-nothing = There is nothing like that in the log.
audit-by = by { $actor }
audit-more = Earlier
audit-newest = Back to the newest
audit-check = Is it as it was written?
audit-check-hint = Every entry holds the hash of the one before. Whoever can write to the database could compute all of it anew; only a head from before, kept elsewhere, tells.
audit-head = A head that was kept (NUMBER:HASH), if you have one
audit-verify = Verify the whole log
audit-no-head = A head is a number, a colon and 64 letters and digits, as it is shown here after verifying.
audit-whole = { $count ->
    [0] The log is empty.
    [one] The one entry is as it was written.
   *[other] All { NUMBER($count) } entries are as they were written.
}
audit-head-now = Head, to be kept elsewhere:
audit-broken = The log is broken at entry { $number }: { $flaw ->
    [changed] what it says has been changed.
    [detached] it does not follow the entry before it.
    [foreign] it was not added as entries are.
    [missing] it is missing, though there was one once.
    [misplaced] another entry stands in its place.
    [rewritten] it, or what is before it, was written anew.
   *[miswritten] it is not written as entries are.
}
audit-export = Take it along (JSON Lines)
