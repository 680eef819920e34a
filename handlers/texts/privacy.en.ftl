# What is kept, for how long, and what must stay.
delete-keeps = Before you decide: { $count ->
    [one] one message has to stay for now, since it
   *[other] { $count } messages have to stay for now, since they
} { $count ->
    [one] was
   *[other] were
} reported or the law may ask for { $count ->
    [one] it
   *[other] them
}, { $until ->
    [open] until that is decided
   *[other] until { $until } at the latest
}. Nobody but those who decide sees { $count ->
    [one] it
   *[other] them
} meanwhile, and after that { $count ->
    [one] it is deleted
   *[other] they are deleted
} without your having to ask again.
deleted-but = Everything of yours is deleted, but for { $count ->
    [one] one message
   *[other] { $count } messages
}: a report of it is not decided yet, or the law may ask for it. It stays { $until ->
    [open] until that is decided
   *[other] until { $until } at the latest
}, hidden from everybody but those who decide, and is deleted by itself then.
web-deleted-but = This conversation is deleted, but for { $count ->
    [one] one message
   *[other] { $count } messages
}: a report of it is not decided yet, or the law may ask for it. It stays { $until ->
    [open] until that is decided
   *[other] until { $until } at the latest
}, hidden from everybody but those who decide, and is deleted by itself then.
web-kept = Something has to stay for now
privacy-page = Privacy
privacy-kept = What is kept how long
privacy-kept-hint = Set by the operator, with the settings KEEP_… . What is held stays longer.
privacy-kind-label = What
privacy-kind = { $kind ->
    [messages] Messages
    [pictures] Pictures
    [flags] Decided flags
    [reports] Reports
   *[feedback] Feedback
}
privacy-time = Kept
privacy-days = { $days ->
    [one] one day
   *[other] { $days } days
}
privacy-for-good = until somebody deletes it
privacy-ran = Last looked through
privacy-next = Next
privacy-never = not yet
privacy-gone = Deleted so far
privacy-audit = The audit log is kept for good: it holds numbers and pseudonyms, nobody’s words, and could not be proven whole with its beginning gone.
privacy-proofs = Last deletions
privacy-proofs-none = Nothing was deleted for its age yet.
privacy-proof = { $count ->
    [one] one
   *[other] { $count }
}, from { $oldest } to { $newest }
privacy-proof-hint = Each with the SHA-256 of the numbers and times of what was deleted, as it stands in the audit log.
privacy-hold-ended = after a hold
privacy-holds = Holds
privacy-holds-hint = What is held is deleted neither for its age nor when somebody asks; they are told, and it goes when the hold ends.
privacy-undecided = { $count ->
    [0] No message waits for a decision.
    [one] One message is held by itself, since a flag or report of it is open.
   *[other] { $count } messages are held by themselves, since a flag or report of them is open.
}
privacy-waiting = { $count ->
    [0] Nothing that was to be deleted is kept.
    [one] One message was to be deleted and is kept for now.
   *[other] { $count } messages were to be deleted and are kept for now.
}
privacy-holds-none = Nobody has put a hold on anything.
privacy-holds-ended = Ended holds
privacy-hold-on = { $kind ->
    [user] Person
    [conversation] Conversation
   *[flag] Flag
} { $number }
privacy-hold-until = until { $day }
privacy-hold-by = by #{ $number }
privacy-hold-released = released { $day }
privacy-hold-over = ended { $day }
privacy-release = Release
privacy-release-one = Release the hold number { $number }
privacy-put = Put a hold
privacy-put-kind = On
privacy-put-number = Number
privacy-put-number-hint = As it stands on its page and in the audit log.
privacy-put-reason = Why
privacy-put-until = Until
privacy-put-it = Put it
privacy-put-here = Put a hold on this person
privacy-put-wrong = A hold needs a reason, a number, and a day that is not over and at most ten years from now.
privacy-case-held = stays until this is decided, even if its author deletes it
