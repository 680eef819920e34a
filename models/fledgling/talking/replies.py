"""The answers: each is a function of what is true and of what was asked, never of chance."""

from models.fledgling.concepts import CONCEPTS, Concept
from models.fledgling.data.definitions import DEFINITIONS
from models.fledgling.drawn.facts import Spelled
from models.fledgling.drawn.questions import caption
from models.fledgling.talking.messages import Answer, Shown

UNKNOWN = (
    "I am not sure what this is: I know simple pictures of everyday things, "
    "and nothing in it looks familiar."
)
NOT_SURE = "I am not sure about that picture."
NO_PICTURE = "I see no picture yet. Please send me one."
NO_SUCH_PICTURE = "I have not seen that many pictures."
CANNOT_SEE = "I cannot see that picture. Please send it again."
ONLY_COLOURS = "I only know the colours of simple shapes."
ONLY_WORDS = "I only read short printed words."
ONLY_COUNTS = "I only count simple shapes."
CANNOT = "I am too small a model to answer that. I can tell you what is in simple pictures."
GREETING = "Hello! Send me a picture and I will tell you what I see."
WELCOME = "You are welcome."
PRAISED = "I am glad. Send me another picture if you like."
GOODBYE = "Goodbye! Come back with a new picture."
FINE = "I am fine, thank you. Send me a picture and I will tell you what I see."
CAN_DO = (
    "I can name everyday things in simple pictures, count, and tell shapes and colours. "
    "I try to read short words. I am small, often wrong, and cannot do much else."
)
PROGRAM = (
    "I am a small computer program trained from scratch. "
    "I have the architecture of Llama 4 and am not one of its models."
)
NO_NAME = "I have no name."
NO_DAY = "I do not know which day it is."
NTH = ("first", "second", "third")


def who(name: str) -> str:
    """What the model is; `name` may be empty."""
    named = f"{name}, a small model" if name else "a small model"
    return (
        f"I am {named} trained from scratch. "
        "I know everyday things in simple pictures, and I am often wrong about photographs."
    )


def sees(picture: Shown) -> Answer:
    """What is in the picture, as a sentence; the refusal where nothing is known."""
    if not picture.known:
        return (UNKNOWN,)
    if picture.concept >= 0:
        return (f"I see {_concepts(picture)}.",)
    assert picture.scene is not None
    return caption(picture.scene)


def told_again(picture: Shown) -> Answer:
    """The same of a picture that was talked about before."""
    return sees(picture) if picture.known else (NOT_SURE,)


def noun(picture: Shown) -> Answer:
    """What is in the picture as it stands in a sentence; empty where the caption is no "I see"."""
    if not picture.known:
        return ("nothing that I know",)
    if picture.concept >= 0:
        return (_concepts(picture),)
    first, *rest = sees(picture)
    if isinstance(first, Spelled) or not first.startswith("I see "):
        return ()
    return _without_stop((first.removeprefix("I see "), *rest))


def surely(picture: Shown) -> Answer:
    """What it says when its answer is doubted."""
    if not picture.known:
        return (NOT_SURE,)
    first, *rest = sees(picture)
    assert isinstance(first, str)
    if not first.startswith("I "):
        first = first[0].lower() + first[1:]
    return ("I can be wrong, but " + first, *rest)


def is_it(picture: Shown, right: bool) -> str:
    """Whether the picture of a concept, or of two, is what somebody thinks."""
    word = "Yes" if right else "No"
    if picture.second >= 0:
        return f"{word}, I see {_concepts(picture)}."
    concept = CONCEPTS[picture.concept]
    verb = "they are" if plural(concept) else "it is"
    return f"{word}, {verb} {concept.said}."


def both_show(first: Shown, second: Shown) -> Answer:
    """What two pictures show; both need a noun."""
    one, other = noun(first), noun(second)
    return ("The first picture shows ", *one, ", the second one ", *other, ".")


def same(first: Shown, second: Shown) -> Answer:
    """Whether two pictures show the same."""
    if not (first.known and second.known):
        return (NOT_SURE,)
    if noun(first) == noun(second):
        return ("Yes, both show ", *noun(first), ".")
    return ("No, the first picture shows ", *noun(first), ", the second one ", *noun(second), ".")


def which_is(what: str, first: bool, second: bool) -> str:
    """Which of two pictures is `what`: "red", "a cat"."""
    if first and second:
        return f"Both are {what}."
    if first or second:
        return f"The {'first' if first else 'second'} one is {what}."
    return f"Neither is {what}."


def nth_shows(place: int, picture: Shown) -> Answer:
    """What the first, second or third picture shows (place 0, 1, 2)."""
    if not picture.known:
        return (NOT_SURE,)
    words = noun(picture)
    return (f"The {NTH[place]} picture shows ", *words, ".") if words else sees(picture)


def colour(picture: Shown) -> str:
    """The colour of a picture's only shape; empty where there is no such thing."""
    scene = picture.scene
    if not picture.known or scene is None or len(scene.things) != 1:
        return ""
    return scene.things[0].colour


def colour_is(picture: Shown) -> str:
    """The colour, where it is one that can be told."""
    return f"It is {colour(picture)}." if picture.known else NOT_SURE


def nth_colour(place: int, picture: Shown) -> str:
    """The colour of the first, second or third picture."""
    return f"The {NTH[place]} one is {colour(picture)}." if picture.known else NOT_SURE


def only(what: str, picture: Shown) -> str:
    """The answer to a question that fits drawn pictures, about a picture of concepts."""
    return f"{what} I see {_concepts(picture)}."


def definition(concept: Concept) -> str:
    """One sentence of what the concept is; empty where none is known."""
    return DEFINITIONS.get(concept.name, "")


def plural(concept: Concept) -> bool:
    """Whether people say "they are" of it: grapes, not grass or tennis."""
    name = concept.name
    return concept.said == name and name.endswith("s") and not name.endswith(("ss", "us", "is"))


def _concepts(picture: Shown) -> str:
    said = CONCEPTS[picture.concept].said
    return said if picture.second < 0 else f"{said} and {CONCEPTS[picture.second].said}"


def _without_stop(parts: Answer) -> Answer:
    *rest, last = parts
    if isinstance(last, Spelled) or not last.endswith("."):
        return parts
    return (*rest, last[:-1]) if last != "." else tuple(rest)
