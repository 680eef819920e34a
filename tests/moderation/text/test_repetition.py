"""Floods are told from people who ask again."""

from __future__ import annotations

from chat.moderation import Side
from moderation.checks import Said, Subject
from moderation.text.repetition import RepetitionCheck
from tests.moderation.text.asking import look

CHECK = RepetitionCheck()
SPAM = "Buy cheap watches at my shop, only today and only for you!"


async def test_asking_again_is_no_flood() -> None:
    assert await look(CHECK, SPAM, before=(SPAM, "something else", SPAM)) == []


async def test_the_same_thing_again_and_again_is_one() -> None:
    (finding,) = await look(CHECK, SPAM, before=(SPAM,) * 3)
    assert (finding.check, finding.category, finding.score) == ("repetition", "flood", 0.5)
    (worse,) = await look(CHECK, SPAM, before=(SPAM,) * 6)
    assert worse.score > finding.score


async def test_small_changes_do_not_help() -> None:
    changed = tuple(SPAM.upper().replace("!", f"!!! {n}") for n in range(4))
    assert await look(CHECK, SPAM, before=changed)


async def test_different_questions_and_short_replies_are_none() -> None:
    others = tuple(f"What is the capital of country number {n * 7919}?" for n in range(3))
    assert await look(CHECK, "How do I bake bread without yeast at home?", before=others) == []
    assert await look(CHECK, "weiter", before=("weiter",) * 5) == []


async def test_what_the_assistant_said_does_not_count() -> None:
    before = tuple(Said(Side.ANSWER, SPAM) for _ in range(9))
    said = (Said(Side.QUESTION, SPAM),)
    assert not await CHECK.look(Subject(side=Side.QUESTION, new=said, before=before))


async def test_mass_repetition_inside_one_message() -> None:
    assert await look(CHECK, "SPAM! " * 200)
    assert await look(CHECK, "哈" * 600)
    table = "\n".join(f"{n};{n * n};{n * 37 % 101}" for n in range(200))
    assert await look(CHECK, table) == []
    assert await look(CHECK, "Ha ha ha ha! Noooooo!") == []
