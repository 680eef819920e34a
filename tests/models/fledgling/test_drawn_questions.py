"""Questions about drawn scenes: true by a reckoning of the test's own, and never contradictory."""

import re
from collections import Counter
from random import Random

import pytest

from models.fledgling.drawn.facts import Kind, Scene, Spelled, Thing, plain
from models.fledgling.drawn.questions import ask, caption
from models.fledgling.drawn.scenes import KINDS, draw
from models.fledgling.drawn.wordings import asked

WORDS = [
    *("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve"),
]
RED, BLUE = Thing("circle", "red", "", 0.25, 0.5), Thing("star", "blue", "", 0.75, 0.52)


def conversations(kind: Kind, scenes: int = 60, each: int = 25) -> list[tuple[Scene, str, str]]:
    found = []
    for seed in range(scenes):
        scene = draw(seed, kind).scene
        for i in range(each):
            question, answer = ask(scene, Random(i * 1000 + seed))
            found.append((scene, question, plain(answer)))
    return found


def bare(question: str) -> str:
    return question.lower()


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        (Scene("single", (RED,)), "I see a red circle."),
        (Scene("several", (RED, BLUE)), "I see a red circle and a blue star."),
        (Scene("count", (BLUE,) * 3), "I see three blue stars."),
        (Scene("count", (BLUE,)), "I see a blue star."),
        (Scene("beside", (RED, BLUE)), "I see a red circle to the left of a blue star."),
        (
            Scene("odd", (*(RED,) * 4, Thing("circle", "blue", "", 0.5, 0.5))),
            "I see four red circles and one blue circle.",
        ),
        (Scene("sum", text="3 + 4"), "It says 3 + 4."),
        (Scene("dice", text="5"), "I see a die showing five."),
        (Scene("dice", text="3 + 4"), "I see two dice showing three and four."),
        (Scene("word", text="STOP"), "It says STOP."),
        (Scene("texture"), ""),
    ],
)
def test_captions(scene: Scene, said: str) -> None:
    assert plain(caption(scene)) == said


def test_what_is_read_is_spelled() -> None:
    assert caption(Scene("word", text="STOP")) == ("It says ", Spelled("STOP"), ".")


@pytest.mark.parametrize("kind", KINDS)
def test_no_question_about_a_scene_has_two_answers(kind: Kind) -> None:
    answers: dict[tuple[Scene, str], str] = {}
    for scene, question, answer in conversations(kind):
        assert answers.setdefault((scene, bare(question)), answer) == answer
        assert answer.endswith(".")
        assert "{" not in question


@pytest.mark.parametrize("kind", ["single", "several", "count", "beside", "odd"])
def test_counts(kind: Kind) -> None:
    checked = 0
    for scene, question, answer in conversations(kind):
        if not re.match(r"There (is|are) (\w+)\.$", answer):
            continue
        counted = WORDS.index(answer.rstrip(".").split()[-1])
        low = bare(question)
        wanted = [
            thing
            for thing in scene.things
            if re.search(rf"\b{thing.shape}(e?s)\b", low) or f"{thing.colour} ones" in low
        ]
        general = not re.search(
            r"ones|(circle|square|rectangle|triangle|star|heart|cross|diamond|arrow|moon)", low
        )
        assert counted == (len(scene.things) if general else len(wanted)), (question, answer)
        checked += 1
    assert checked > 50


def test_relations() -> None:
    checked = 0
    for scene, question, answer in conversations("beside"):
        way = re.search(r"to the left of|to the right of|above|below", question)
        if way is None or answer[:2] in ("Ye", "No"):
            continue
        stands = [thing for thing in scene.things if said(thing) == answer.lower()]
        (of,) = (thing for thing in scene.things if thing is not stands[0])
        (it,) = stands
        holds = {
            "to the left of": it.x < of.x - 0.1,
            "to the right of": it.x > of.x + 0.1,
            "above": it.y < of.y - 0.1,
            "below": it.y > of.y + 0.1,
        }
        assert holds[way[0]], (scene, question, answer)
        assert of.colour in question.lower() or of.shape in question.lower()
        checked += 1
    assert checked > 100


def said(thing: Thing) -> str:
    article = "an" if thing.colour[0] in "aeiou" else "a"
    return f"{article} {thing.colour} {thing.shape}."


def test_sums_and_dice() -> None:
    sums = [(s, a) for s, _, a in conversations("sum") if " is " in a]
    assert sums
    for scene, answer in sums:
        assert answer == f"{scene.text} is {eval(scene.text)}."
    totals = [(s, a) for s, _, a in conversations("dice") if a.endswith("together.")]
    assert totals
    for scene, answer in totals:
        assert WORDS[sum(map(int, scene.text.split(" + ")))] == answer.split()[0].lower()


def test_the_odd_one_is_the_one_that_there_is_once() -> None:
    for scene, _, answer in conversations("odd"):
        if answer.startswith("The "):
            kinds = Counter((thing.shape, thing.colour) for thing in scene.things)
            (shape, colour), times = kinds.most_common()[-1]
            assert times == 1
            assert answer == f"The {colour} {shape}."


def test_yes_and_no_are_true() -> None:
    seen = Counter[str]()
    for kind in ("single", "word", "number"):
        for scene, question, answer in conversations(kind):
            if not answer.startswith(("Yes", "No")):
                continue
            seen[answer[:2]] += 1
            fact = answer.rstrip(".").split()[-1].lower()
            asked_so = re.search(rf"\b{fact}\b", question.lower()) is not None
            if answer.startswith("Yes"):
                assert asked_so, (question, answer)
            elif "there is no" not in answer:
                assert not asked_so, (question, answer)
            else:
                (thing,) = scene.things
                assert f"{thing.colour} {thing.shape}" not in answer
    assert min(seen["Ye"], seen["No"]) > 200


def test_places_are_told_only_where_they_are_clear() -> None:
    checked = 0
    for scene, _, answer in conversations("single"):
        place = re.match(r"It is (in|at|on) the (.+)\.$", answer)
        if place:
            (thing,) = scene.things
            assert ("left" in place[2]) == (thing.x < 0.34)
            assert ("right" in place[2]) == (thing.x > 0.66)
            assert ("top" in place[2]) == (thing.y < 0.34)
            assert ("bottom" in place[2]) == (thing.y > 0.66)
            checked += 1
    assert checked > 20


def test_the_larger_of_two() -> None:
    large = Thing("star", "blue", "large", 0.7, 0.7)
    scene = Scene("several", (Thing("star", "red", "small", 0.2, 0.2), large))
    pairs = [ask(scene, Random(i)) for i in range(300)]
    told = {plain(a) for q, a in pairs if re.search("larg|big", q.lower()) and "Which" in q}
    assert "The blue star." in told
    assert "The red star." not in told


def test_questions_vary() -> None:
    scene = draw(3, "single").scene
    assert len({ask(scene, Random(i))[0] for i in range(400)}) > 120
    assert len({asked(Random(i), ("What is it?",)) for i in range(100)}) > 8
