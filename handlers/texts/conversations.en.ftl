# Conversations and people's data on the dashboard

conversations = Conversations
conversations-rule = What people say in private is read only where something in it was flagged or reported, or where two of the team agree; a reason is always given, and all of it stands in the audit log.
conversations-person = A person’s number
conversations-of-person = Of person #{ $number }
conversations-flagged = Flagged last
conversations-none = There are none.
conversations-open = open to you
conversations-grounds = flagged
conversations-with = With
conversations-closed = This conversation is closed
conversations-why-flag = Something in it was flagged, so that you may open it for an hour.
conversations-why-two = Nothing in it was flagged. Somebody else of the team has to agree that you read it; where there is nobody, it opens after a day. You can take the request back until then.
conversations-not-yours = Nothing in it was flagged. Moderators can ask to read it.
conversations-reason = Why
conversations-written-down = The audit log keeps your name, the time and this reason.
conversations-open-it = Open it
conversations-ask = Ask for it
conversations-reason-wanted = Please say why.
conversations-not-opened = This conversation is closed.
conversations-until = Open to you until { $time }.
conversations-find = Words in this conversation
conversations-nothing = Nothing was found.
conversations-earlier = Earlier
conversations-locked = Locked away.
conversations-redact = Remove
conversations-redact-this = Remove message { $number }
conversations-redact-it = Remove it for everybody
data = Their data
data-conversations = Conversations
data-more = Take along or delete
data-two = Somebody else of the team has to agree; where there is nobody, it happens after a day.
data-export = Take everything along
data-delete = Delete everything
data-take = Take everything along (a zip file)
data-cancel = Take back
data-waiting = { $verdict ->
    [export] Taking everything along
    [delete] Deleting everything
   *[other] Reading a conversation
} { $alone ->
    [yes] waits until { $day }.
   *[no] waits for a second person.
}
