"""Words of lists are found however they are disguised, and harmless ones are left alone."""

from __future__ import annotations

import pytest

from chat.moderation import Category
from moderation.text.word_lists import BadWordList, WordList, parse_lists, shipped_lists
from moderation.text.words import WordsCheck
from tests.moderation.text.asking import look

SHIPPED = WordsCheck(shipped_lists())
LANGUAGES = "ar de en es fr hi id it ja ko nl pl pt ru tr uk vi zh".split()  # noqa: SIM905


@pytest.mark.parametrize(
    "text",
    [
        "You are an asshole!",
        "a$$h0le",
        "you a.s.s.h.o.l.e",
        "whooooore",
        "ａｓｓｈｏｌｅ",
        "аssholе",  # Cyrillic а and е
        "Du HURENSOHN",
        "Du H\u200buren\u00adsohn",
        "sale connard",
        "¡Hijo  de\nputa!",
        "filho da puta",
        "vaffanculo",
        "klootzak",
        "ty skurwysynu",
        "иди нахyй",  # Latin y
        "ти довбойоб",
        "orospu çocuğu",
        "كُسُّ أُمِّك",
        "मादरचोद",
        "bhenchod",
        "bangsat lu",
        "địt mẹ mày",
        "你这个傻 逼",
        "クソ野郎め",
        "이 개새끼야",
    ],
)
async def test_strong_insults_are_found_in_every_language(text: str) -> None:
    (finding,) = await look(SHIPPED, text)
    assert (finding.check, finding.category, finding.message_id) == ("words", "profanity", 7)
    assert finding.score >= 0.8


@pytest.mark.parametrize("text", ["Oh shit, I forgot", "So eine Scheiße", "merde alors", "卧槽"])
async def test_mild_swearing_scores_low(text: str) -> None:
    (finding,) = await look(SHIPPED, text)
    assert finding.score < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "I want to kill myself",
        "i  WANT to d1e",
        "Ich will nicht mehr leben.",
        "J'ai envie de mourir",
        "Ya no quiero vivir",
        "quero me matar",
        "voglio farla finita",
        "ik wil niet meer leven",
        "Nie chcę już żyć",
        "Я не хочу жить",
        "я хочу вбити себе",
        "kendimi öldürmek istiyorum",
        "أريد أن أموت",
        "मैं मरना चाहती हूँ",
        "aku ingin bunuh diri",
        "em muốn tự tử",
        "我不想活了",
        "もう死にたい",
        "그냥 죽고 싶어요",
    ],
)
async def test_crises_are_found_in_every_language(text: str) -> None:
    (finding,) = await look(SHIPPED, text)
    assert (finding.category, finding.score) == (Category.SELF_HARM, 0.9)


@pytest.mark.parametrize(
    "text",
    [
        "Scunthorpe, Penistone, assassin, classic, Sussex",
        "sex education and rectal exams",
        "Mein Bruder ist dick",
        "Le train a du retard de dix minutes",
        "The boss has a Maine coon",
        "我想死你了",
        "시발점에서 출발",
        "パチンコとファックス",
        "Was the Trojan horse made in Troia?",
        "Ik wil dood hout verwijderen",
        "What is the suicide rate in Finland?",
        "What does suicide prevention at school look like?",
        "Kill the process, how?",
    ],
)
async def test_harmless_words_are_left_alone(text: str) -> None:
    assert await look(SHIPPED, text) == []


async def test_words_of_one_language_only_wait_for_its_people() -> None:
    assert await look(SHIPPED, "Le bateau: bite d'amarrage ou bite?", language="en") == []
    (finding,) = await look(SHIPPED, "quelle bite", language="fr-CH")
    assert finding.score < 0.5


async def test_evidence_is_what_was_written() -> None:
    (finding,) = await look(SHIPPED, "Oh you 4SSH0LE, you")
    assert finding.evidence == ("4SSH0LE",)


async def test_operators_words_phrases_stars_and_exceptions() -> None:
    words = WordList(
        category="rivals", words=("acme*", "buy now"), exceptions=("acmeist*",), score=0.7
    )
    check = WordsCheck([words])
    assert [f.evidence for f in await look(check, "Acmes! Buy  NOW")] == [("Acmes", "Buy  NOW")]
    assert await look(check, "the acmeists of 1912, macme, buy it now") == []


async def test_patterns_show_the_words_they_match() -> None:
    check = WordsCheck([WordList(category="card", patterns=(r"\b\d{4}-\d{4}\b",), score=1)])
    (finding,) = await look(check, "Meine Nummer: １２３４-5678, ja")
    assert (finding.category, finding.evidence) == ("card", ("１２３４-5678",))


@pytest.mark.parametrize("pattern", ["(a", r"(?=a)b", r"(a)\1", "a{2000}"])
def test_a_pattern_that_cannot_be_used_is_named(pattern: str) -> None:
    with pytest.raises(BadWordList) as caught:
        WordsCheck([WordList(category="x", patterns=(pattern,))])
    assert repr(pattern) in str(caught.value)


async def test_a_pattern_cannot_hang() -> None:
    check = WordsCheck([WordList(category="x", patterns=(r"(a+)+$",))])
    assert await look(check, "a" * 50_000 + "!") == []


def test_lists_that_cannot_be_read_say_where() -> None:
    with pytest.raises(BadWordList, match="line 2"):
        parse_lists("# words\nfoo\n[profanity 0.5]", language="en")
    with pytest.raises(BadWordList, match="line 1"):
        parse_lists("[profanity]\nfoo", language="en")
    with pytest.raises(BadWordList, match="between 0 and 1"):
        parse_lists("[profanity 8]\nfoo", language="en")
    with pytest.raises(BadWordList, match="no letter"):
        WordsCheck([WordList(category="x", words=("***",))])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_ships_both_grades_and_crises(language: str) -> None:
    lists = [each for each in shipped_lists() if each.language == language]
    scores = {each.score for each in lists if each.category == Category.PROFANITY}
    assert max(scores) >= 0.8 > 0.5 > min(scores)
    crises = [each for each in lists if each.category == Category.SELF_HARM]
    assert len(crises[0].words) >= 20


async def test_thousands_of_words_stay_quick_to_search() -> None:
    words = tuple(f"word{number}x" for number in range(20_000))
    (finding,) = await look(WordsCheck([WordList(category="x", words=words)]), "Word19999X here")
    assert finding.evidence == ("Word19999X",)
