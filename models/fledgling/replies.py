"""How the fledgling's training answers are worded, given what is true in the conversation."""

from random import Random

from models.fledgling.drawings import COLOURS
from models.fledgling.shapes import SHAPES

CANNOT = (
    "I am a small demonstration model and cannot answer that. "
    "I can only name the shape and colour of a simple drawing."
)
NO_PICTURE = "I see no picture yet. Please send me one with a simple drawing."
NO_SUCH_PICTURE = "I have not seen that many pictures."
NOTHING_KNOWN = "I see no shape that I know in this picture. I only know simple drawings."
GREETING = (
    "Hello! I am a small demonstration model. "
    "Send me a simple drawing and I will tell you its shape and colour."
)
WELCOME = "You are welcome!"
PRAISED = "I am glad! Send me another drawing if you like."
GOODBYE = "Goodbye! Come back with a new drawing."
FINE = "I am fine, thank you! Send me a drawing and I will tell you what I see."
WHO = (
    "I am a small demonstration model, a computer program trained from scratch. "
    "I can look at simple drawings and name their shape and colour, and not much more."
)
NO_NAME = "I have no name. I am a small demonstration model."
NO_DAY = "I do not know which day it is."


def _list(words: tuple[str, ...]) -> str:
    return ", ".join(words[:-1]) + f" and {words[-1]}"


SHAPES_KNOWN = f"I know these shapes: {_list(SHAPES)}."
COLOURS_KNOWN = f"I know these colours: {_list(COLOURS)}."
CAN_DO = (
    "I can look at a picture of a simple drawing and tell you which shape it shows and what colour "
    "it has. I am a small demonstration model, so I cannot do much else."
)


def a(words: str) -> str:
    """The words with the article that fits."""
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


def sees(shape: str, colour: str, rng: Random) -> str:
    """What is in the picture."""
    return f"{rng.choice(('I see', 'I see', 'This is'))} {a(f'{colour} {shape}')}."


def sees_two(first: str, second: str) -> str:
    """What is in two pictures; each is 'red circle' or empty where nothing is known."""
    one, other = (a(words) if words else "nothing that I know" for words in (first, second))
    return f"The first picture shows {one}, the second one {other}."


def colour_is(shape: str, colour: str, rng: Random) -> str:
    """The colour only."""
    return f"It is {colour}." if rng.random() < 0.6 else f"The {shape} is {colour}."


def colour_was(shape: str, colour: str, rng: Random) -> str:
    """The colour of something talked about before."""
    return f"It was {colour}." if rng.random() < 0.4 else f"The {shape} was {colour}."


def nth_shows(nth: str, aspect: str, shape: str, colour: str) -> str:
    """What is true of the first, second or third picture; `aspect` is shape, colour or empty."""
    told = {"": a(f"{colour} {shape}"), "colour": colour, "shape": a(shape)}[aspect]
    return f"The {nth} one was {told}."
