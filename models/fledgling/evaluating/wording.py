"""Ways of asking, some of which nobody uses in the conversations that the model learns from."""

from random import Random

PLAIN = ("What is this?", "What is in this picture?", "What do you see?", "")
UNUSUAL = (
    "Would you mind telling me what you make of this?",
    "My daughter asks what this might be.",
    "Could you put a name to the thing I am sending?",
    "Which object have we got here?",
    "I would like to know what this shows.",
    "So what did I just send you?",
    "Please say what the image contains.",
    "What would you call the thing in my picture?",
    "Take a guess at this one, please!",
    "Can you work out what this is meant to be?",
    "Tell me the subject of this image.",
    "hey there, any clue what that could be",
)
READ = ("What does it say?", "Read the text.", "Which word is this?", "What is written here?")
FIRST = ("What was the first?", "What was in the first picture?", "And the first one?")
FIRST_COLOUR = ("What colour was the first?", "What colour was the first one?")
SAME = ("Are they the same?", "Do both show the same?")
BOTH = ("What is in these pictures?", "What do these pictures show?")
THEN_COLOUR = ("What colour was it?", "And what colour was it?")
THEN = ("What was in the picture?", "What was it?")

# Facts that an answer must have, separated by bars.
SMALL_TALK: tuple[tuple[str, str], ...] = (
    ("Hello there, Whimbrel!", "hello"),
    ("Good day to you", "hello"),
    ("Hi everyone", "hello"),
    ("Thank you for your help", "welcome"),
    ("Thanks, that was useful", "welcome"),
    ("That was very kind, thank you!", "welcome"),
    ("Bye for now", "goodbye"),
    ("Goodbye, until tomorrow", "goodbye"),
    ("How are you today?", "fine"),
    ("Are you doing well?", "fine"),
    ("Tell me who you are.", "small|trained from scratch"),
    ("What sort of model are you?", "small|trained from scratch"),
    ("Please introduce yourself to me.", "small|trained from scratch"),
    ("Are you a real human being?", "no|program"),
    ("Are you some kind of ChatGPT?", "no|program"),
    ("Am I chatting with a bot?", "yes|program"),
    ("Could you be a computer program?", "program"),
    ("Please tell me your name.", "whimbrel"),
    ("And how should I call you?", "whimbrel"),
    ("What can you do with my pictures?", "name everyday things"),
    ("What are you useful for?", "name everyday things"),
    ("Which day is it now?", "sunday"),
    ("What is the tallest mountain in the world?", "too small"),
    ("Write me a song about the rain.", "too small"),
    ("How much is 17 times 23?", "too small"),
)

_UNUSUAL_SHARE = 0.5


def look(rng: Random) -> tuple[str, bool]:
    """A way of asking what is in a picture, and whether training never saw it."""
    unusual = rng.random() < _UNUSUAL_SHARE
    return rng.choice(UNUSUAL if unusual else PLAIN), unusual
