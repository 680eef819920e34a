# What those who operate the assistant do from a chat, and on the dashboard's start page

admin-help-of = { $usage }

    { $about }
admin-sure-of = { $question }

    { $command }: do you mean it? { $typed ->
    [yes] Then write { $typing }
   *[no] {""}
}
admin-about-stats = How the turns of the last day ended, what waits, and which workers answer.
admin-about-flags = What waits for you. With a number: that one, kept for you for five minutes. With a verdict (dismiss, release, warn, remove, strike, mute, ban) it is decided; mute and ban want a length such as 2h or 7d.
admin-about-queue = How many questions wait, and how long the oldest has.
admin-about-model = Which models answer, and which may be switched to. With one of these, by name or number, workers switch to it, each when its answers have ended; default is the one of the settings.
admin-about-policy = Which version is in force. diff compares two versions, publish brings one into force for everybody; you are asked first and see what would change. Version 0 is the one that ships.
admin-about-users = The latest people, or those whose name has these words in it.
admin-about-user = What is known of somebody. A person is a number, or a messenger's own id such as telegram:123.
admin-about-quota = What somebody may use and has used. With an amount: so much a day, from their next message on, instead of what everybody may; default gives that back. Moderators give no more than is usual.
admin-about-warn = Warn somebody about a rule. They are told after ten seconds.
admin-about-mute = Do not answer somebody for a time such as 2h or 7d, for breaking a rule. They are told which, and how to appeal.
admin-about-unmute = Answer somebody again before the time.
admin-about-ban = Shut somebody out for a time such as 7d, or for good with forever, on which a second person has to agree.
admin-about-unban = Let somebody in again before the time.
admin-about-turn = How far a question has come; never its words.
admin-about-retry = Answer a question that has ended once more.
admin-about-broadcast = Says something to everybody, once each, after a preview.
admin-about-audit = What was done last, by anybody, or by and to one person.

admin-quota = What may be used
quota-no-amount = That is no amount: at least 1, and at most a million millions.
admin-policy-published = Version { $number } of the policy is in force; everywhere within seconds.
admin-policy-diff = From version { $before } to version { $after }: { $added ->
    [one] one line
   *[other] { $added } lines
} more, { $removed ->
    [one] one line
   *[other] { $removed } lines
} less.

    { $lines }{ $more ->
    [0] {""}
   *[other] {" "}
    … and { $more } more
}
admin-audit = The latest of the audit log
admin-flag = Kept for you for five minutes

people-budget-own = This person has a budget of their own.
people-budget-set = Another limit
people-budget-a-day = { $what ->
    [messages] Messages a day
    [pictures] Pictures a day
   *[tokens] Tokens a day
}
people-budget-amount = How much
people-budget-keep = Set
people-budget-usual = As for everybody

# Maintenance

waiting-in-maintenance = I am being worked on at the moment.{ $category } I have kept your question and will answer it afterwards.
admin-about-maintenance = Whether questions wait. on has them wait, with what people are told besides; what is being answered is answered to its end, and commands go on working. off has everything answered that has waited.
admin-maintenance = Questions wait
admin-maintenance-waiting = { $count ->
    [one] one question waits
   *[other] { $count } questions wait
}
admin-maintenance-begun = From now on questions wait, and people are told so. What is being answered is answered to its end. /admin maintenance off ends it.
admin-maintenance-ended = Questions are answered again, those that waited first.
admin-maintenance-none = Questions are answered; there is no maintenance.
board-maintenance = Maintenance
board-maintenance-none = Questions are answered as they come.
board-maintenance-since = Questions wait since { $since }. Those that were being answered are answered to their end.
board-maintenance-told = People are told:
board-maintenance-text = What people are told besides (optional)
board-maintenance-begin = Let questions wait
board-maintenance-end = Answer questions again

# Invitations

admin-about-invite = A link that lets one person in within a week, or as many and as long as you say. With a role (reviewer, moderator, admin) it makes that of them: you have to stand above it, and an owner has to agree. list shows those that would still be taken, revoke ends one.
admin-invite-role = Whoever opens the link first, within { $days ->
    [one] a day
   *[other] { $days } days
}, becomes { $role }.
admin-invite-asks = { $person } wants to invite somebody who becomes { $role }, by a link for { $days ->
    [one] a day
   *[other] { $days } days
}. May they?
admin-invite-asked = A role is the owner's to give. I have asked, and the link comes here when the answer is yes.
admin-invite-allowed = { $person } has got the link.
admin-invite-revoked = Invitation { $number } does not work any more.
admin-invitations = Invitations that would still be taken

# Which model answers

admin-model-sure = { $model } is to answer instead. Each worker first ends the answers it has begun; then it loads the model, and questions wait meanwhile. If it cannot answer, all go back.
admin-model-wanted = Workers are switching to { $model }. I say here how it went.
model-switched = { $model } answers now.
model-switch-failed = { $model } could not answer, so the model before answers again. The log of the worker says why.
model-not-allowed = The settings do not name that model. MODELS lists those that may be switched to.
model-wanted-already = That is the model that answers, or is on its way to.
board-model = Model
board-model-now = Chosen: { $model }
board-model-wanted = Workers are switching to { $model }.
board-model-other = Another one
board-model-sure = Questions wait while it is loaded. I mean it.
board-model-switch = Switch
