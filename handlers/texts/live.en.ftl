# The Live page of the dashboard

live = Live
live-span-choice = How far back
live-span = { $span ->
    [hour] Last hour
    [day] Last day
   *[month] Last 30 days
}
live-answers = Answers
live-answers-rate = Answers per second
live-first-text = Seconds to the first text
live-first-text-half = First text, half within
live-first-text-most = First text, 95 % within
live-tokens = Tokens of answers
live-tokens-rate = Tokens per second
live-waiting = Waiting
live-oldest = Longest wait
live-running = Being answered
live-failed = Failed
live-pictures = Questions with pictures
live-active-day = People in 24 hours
live-active-month = People in 30 days
live-cost = Cost of this span
live-licence = From { NUMBER($people) } people a month on, the Llama licence asks for another one from Meta.
live-memory = { $gigabytes } GB of memory
live-accelerator = { $gigabytes } GB on the accelerator
live-as-table = The same as a table
live-from = From
live-nothing = Nothing has ended in this time.
