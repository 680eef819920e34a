# Trying a policy on what was said lately.
web-trial = Tried on last week's messages
web-trial-begin = Try it on last week's messages
web-trial-beside = Beside { $policy ->
    [shipped] the one that ships
   *[other] version { $policy }
}, begun
web-trial-runs = { $looked } of { $expected } messages looked at
web-trial-failed = The try ended without an outcome. Begin it again.
web-trial-looked = { $count ->
    [one] One message was looked at.
   *[other] { $count } messages were looked at.
}
web-trial-nothing = Nothing would change.
web-trial-met = { $messages ->
    [one] one message
   *[other] { $messages } messages
} of { $people ->
    [one] one person
   *[other] { $people } people
}
web-trial-message = Message { $number }
web-trial-case = the case
web-trial-proposed = (to be confirmed)
web-trial-limits = At most 20,000 messages, the newest. Words, links, attacks and repetition were looked for anew; what checks of pictures and Llama Guard found is known only where it was flagged. Words of private chats are not shown here.
web-deed = { $deed ->
    [flag] flag
    [care] care
    [warn] warn
    [hold] hold
    [refuse] refuse
    [strike] strike
    [mute] mute
    [ban] ban
   *[none] let through
}
