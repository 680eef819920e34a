# What people say of answers, and what they are told about who answers

button-thumb-up = 👍
button-thumb-down = 👎
button-report = ⚑ Report
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
