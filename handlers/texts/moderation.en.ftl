# What is not answered, and why

rule = { $category ->
    [profanity] insults and swearing
    [nudity] nudity
    [prompt-attack] attempts to talk me out of my rules
    [reported] what people reported
    [known-picture] pictures that are not allowed here
    [link] links
    [flood] the same again and again
    [violent-crimes] violence
    [crimes] crimes
    [sex-crimes] sexual violence
    [child-exploitation] the protection of children
    [defamation] defamation
    [advice] advice that only a professional can give
    [privacy] other people’s privacy
    [copyright] other people’s works
    [weapons] weapons
    [hate] hatred
    [self-harm] self-harm
    [sexual] sexual content
    [elections] elections
    [code-abuse] the abuse of programs
   *[other] { $category }
}
refused-by-rule = I cannot answer that: it touches the rule here about { rule }. If you think that this is a mistake, /appeal tells a person.
refused-in-words = { $category }
refused-unchecked = I could not look at this as I have to before I answer. Please try again in a moment.
held-for-review = A person has to look at this before I answer. I answer here by myself when they have.
care = If you think of hurting yourself, you do not have to be alone with it. These people listen, free of charge or at the price of a call, most of them at any hour:

    { $lines }

    If your life is in danger now, call { $emergency }.
restricted-length = { $unit ->
    [seconds] for { $number } seconds
    [minutes] for { $number } minutes
    [hours] for { $number } hours
    [days] for { $number } days
   *[for-good] for good
}
restricted-decider = { $machine ->
    [yes] This was decided by a program, following the rules here.
   *[no] This was decided by a person who looks after this assistant.
}
restricted-warning = Please mind the rule here about { rule }. This is a warning, nothing more; it is forgotten after { $number } { $unit ->
    [seconds] seconds
    [minutes] minutes
    [hours] hours
   *[days] days
}. { restricted-decider } If you disagree: /appeal { $id }
restricted-strike = What you sent is against the rule here about { rule }. It counts as a strike { restricted-length }; after several of them I may not answer you for a time. { restricted-decider } If you disagree: /appeal { $id }
restricted-mute = I may not answer you { restricted-length }, because of the rule here about { rule }. { restricted-decider } If you disagree: /appeal { $id }
restricted-ban = I may not answer you any more, { restricted-length }, because of the rule here about { rule }. { restricted-decider } /export gives you a copy of what is yours and /delete removes it. If you disagree: /appeal { $id }
restricted-still = I still may not answer you, { restricted-length } from now, because of the rule here about { rule }. /appeal tells a person that you disagree.

# Reports and reviews

report-outcome-right = Thank you for your report: a person has looked at it and done something about it.
report-outcome-nothing = Thank you for your report: a person has looked at it and found nothing against the rules here.
review-not-permitted = Your role does not permit that.
review-taken = Somebody else is looking at it, or has decided it just now.
review-too-late = It is too late for that.
report-nothing = There is no answer of mine here that you could report. Reply to one with /report, and say why if you like.
report-thanks = Thank you. A person will look at this answer, and I will tell you what came of it.
report-known = You have reported this answer already.
appeal-nothing = There is nothing here that you could appeal against.
appeal-known = Your appeal is with those who look after me; nobody has decided it yet.
appeal-decided = Somebody has looked at your appeal already, and that decision stands.
appeal-thanks = I have passed that on. Another person than the one who decided looks at it, and I will tell you here what they say.
appeal-overturned = Your appeal was right: it has been taken back.{ $same ->
    [yes] {" "}(It was decided by the same person, since there is no other.)
   *[no] {""}
}
appeal-upheld = Somebody has looked at your appeal, and it stays as it is.{ $same ->
    [yes] {" "}(It was decided by the same person, since there is no other.)
   *[no] {""}
}
command-report = Report an answer to a person
command-appeal = Disagree with a decision about you

# /admin

admin-help = What you can do here:

    { $lines }
admin-usage = It is written like this: { $usage }
admin-nobody = There is nobody and nothing of that name or number.
admin-lines = **{ $title }**

    { $lines }{ $more ->
    [0] {""}
   *[other] {" "}
    … and { $more } more
}
admin-stats = The last day
admin-users = People
admin-user = About
admin-queue = Questions that wait, and the age of the oldest
admin-model = Who answers
admin-turn = A question
admin-flags = What waits for you
admin-policy = The policy: the version in force, then others
admin-retried = It is answered once more.
admin-decided = Decided about { $person }. It counts in ten seconds; the dashboard can undo it until then.
admin-second = Decided about { $person }. It counts once a second person agrees on the dashboard, or after a day where there is no other.
admin-lifted = { $person } may write again.
admin-nothing = Nothing of that kind is in force for { $person }.
admin-sure = This cannot be undone later: { $command }. Do you mean it? { $typed ->
    [yes] Then write { $typing }
   *[no] {""}
}
admin-too-long = That is too long to be asked about; leave the reason out, or use the dashboard.
admin-kept = Nothing was done.
button-admin-yes = Yes
button-admin-no = No
