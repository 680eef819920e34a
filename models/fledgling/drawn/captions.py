"""What a drawn scene shows, in one sentence."""

from models.fledgling.drawn.facts import Parts, Scene, Spelled
from models.fledgling.drawn.speech import NUMBERS, described, listed, relation, some


def caption(scene: Scene) -> Parts:
    """The answer to "What is in this picture?"; no parts if there is nothing to name."""
    if scene.kind in ("word", "number", "sum"):
        return says(scene)
    if scene.kind == "dice":
        shown = [NUMBERS[number] for number in pips_of(scene)]
        many = "a die" if len(shown) == 1 else "two dice"
        return (f"I see {many} showing {listed(shown)}.",)
    if not scene.things:
        return ()
    return (f"I see {_seen(scene)}.",)


def direction(scene: Scene) -> str | None:
    """How the first of two things stands to the second where they are level or in line."""
    if scene.kind != "beside":
        return None
    first, second = scene.things
    if abs(first.x - second.x) > abs(first.y - second.y):
        return "left" if first.x < second.x else "right"
    return "above" if first.y < second.y else "below"


def says(scene: Scene) -> Parts:
    """What is printed, read out."""
    return "It says ", Spelled(scene.text), "."


def pips_of(scene: Scene) -> list[int]:
    """The numbers that dice show, from left to right."""
    return [int(number) for number in scene.text.split(" + ")]


def _seen(scene: Scene) -> str:
    things = scene.things
    way = direction(scene)
    if way:
        first, second = (some(1, thing) for thing in things)
        return f"{first} {relation(way)} {second}"
    if scene.kind == "count":
        return some(len(things), things[0])
    if scene.kind == "odd":
        return f"{some(len(things) - 1, things[0])} and one {described(things[-1])}"
    return listed([some(1, thing) for thing in things])
