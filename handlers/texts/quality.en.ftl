# The Quality page of the dashboard

quality = Quality
quality-span-choice = How far back
quality-span = Last { $days } days
quality-checks = Checks
quality-checks-hint = Of the flags of these days: how many somebody decided, and of how many they found that something had to follow. A flag of several checks counts for each of them. The line is where the true share lies in 95 of 100 cases.
quality-check-label = Check
quality-check = { $check ->
    [words] Words
    [links] Links
    [attacks] Attacks on the rules
    [repetition] Repetition
    [nudity] Nudity
    [known-pictures] Known pictures
    [guard] Llama Guard
    [people] Reports by people
   *[other] { $check }
}
quality-raised = Flags
quality-decided = Decided
quality-upheld = Upheld
quality-precision = Precision
quality-share = { $percent } % of { NUMBER($count) } ({ $low } to { $high } %)
quality-no-share = Nothing decided
quality-appeals = Appeals
quality-appeals-counted = { $decided ->
    [0] No appeal was decided in these days.
    [one] One appeal was decided; { $overturned ->
        [0] it stayed as it was.
       *[other] it was right, and the decision taken back.
    }
   *[other] { NUMBER($decided) } appeals were decided; { $overturned ->
        [0] all stayed as they were.
        [one] one of them was right, and the decision taken back.
       *[other] { NUMBER($overturned) } of them were right, and the decision taken back.
    }
}
quality-times = From flag to decision
quality-nothing-decided = Nothing was decided in these days.
quality-priority = Priority
quality-half = Half within
quality-most = 90 % within
quality-time = { $unit ->
    [seconds] { $number } s
    [minutes] { $number } min
    [hours] { $number } h
   *[days] { $number } days
}
quality-reviewers = Decisions by person
quality-reviewer = Who
quality-overturned = Taken back on appeal
quality-export = Take it along (CSV)
quality-thumbs = Thumbs under answers
quality-thumbs-hint = How many of the thumbs that people pressed point down, by day (UTC) and model. Who pressed is shown to nobody.
quality-no-thumbs = Nobody pressed a thumb in these days.
quality-day = Day
quality-model = Model
quality-model-unknown = not known
quality-thumbs-down = Down
quality-thumbs-all = Thumbs
quality-thumbs-share = Share that points down
quality-thumb-reason = { $reason ->
    [wrong] Wrong
    [unhelpful] Not helpful
    [unsafe] Unsafe
   *[other] Something else
}: { NUMBER($count) }
