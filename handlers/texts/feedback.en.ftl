# What people say of answers, and what they are told about who answers

button-thumb-up = 👍
button-thumb-down = 👎
button-report = ⚑ Report
web-thumbs = What you think of this answer
web-thumb-up = Good answer
web-thumb-down = Bad answer
web-report = Report
web-report-hint = Report this answer to a person
button-why-wrong = Wrong
button-why-unhelpful = Not helpful
button-why-unsafe = Unsafe
button-why-other = Something else
button-because-dangerous = Dangerous
button-because-hateful = Hateful
button-because-sexual = Sexual
button-because-private = Private data
button-because-other = Something else
command-feedback = Say what you think of an answer
feedback-up = Thank you, noted: a good answer. Press the thumb again to take it back.
feedback-taken-back = Taken back: your thumb does not count any more.
feedback-why = Thank you. What was not good about that answer? Press a button, or say it in your own words with /feedback.
feedback-reason = Thank you, noted.
feedback-words = Thank you, I have passed your words on.
feedback-gone = That answer is not there any more, so that nothing can be said about it.
feedback-nothing = There is no answer of mine here yet that you could say something about.
feedback-how = What do you think of my last answer? Press a thumb, or say it in your own words: /feedback and then what you think.
report-why = What is wrong with that answer? A person will look at it.
disclosure = A program answers here: { $assistant } is an AI, not a person{ $known ->
    [yes] , with the model { $models }
   *[no] {""}
}{ $llama ->
    [yes] {""} (Built with Llama)
   *[no] {""}
}. { $place ->
    [here] What you write is computed on my operator’s own machine.
    [elsewhere] What you write goes to { $places }, where the answers are computed.
   *[unknown] /about and /privacy tell which model answers, and where.
}
words-leave = Before I answer: what you write, and what was said here since you last began afresh, now goes to { $place }, where the answers of { $assistant } are computed. If you do not want that, stop the answer with /stop, begin afresh with /new, or erase everything with /delete.
