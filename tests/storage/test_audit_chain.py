"""The chain of the audit log by itself: no change to any entry goes unseen."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from storage.chain import NOTHING, ChainBroken, Entry, Head, Verifier, sealed

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.integers(-(2**53), 2**53)
LOOSE = st.builds(
    Entry,
    number=st.just(0),
    time=NUMBERS,
    actor_id=st.none() | NUMBERS,
    actor=TEXTS,
    role=TEXTS,
    action=TEXTS,
    object_kind=TEXTS,
    object_id=TEXTS,
    details=TEXTS,
    previous=st.just(""),
    hash=st.just(""),
)
VALUES = TEXTS | NUMBERS | st.none() | st.booleans() | st.floats() | st.binary(max_size=6)


def chained(entries: list[Entry]) -> list[Entry]:
    """The entries as a log holds them."""
    head, found = NOTHING, []
    for entry in entries:
        found.append(sealed(entry, head))
        head = found[-1].head
    return found


LOGS = st.lists(LOOSE, min_size=1, max_size=6).map(chained)


def verified(entries: list[Entry], *anchors: Head) -> Head:
    verifier = Verifier(anchors)
    for entry in entries:  # pages of one
        verifier.follow([entry])
    return verifier.end()


def same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


@given(LOGS, st.data())
def test_a_whole_log_is_whole_with_every_head_it_ever_had(log: list[Entry], data: Any) -> None:
    kept = data.draw(st.lists(st.sampled_from([NOTHING, *(each.head for each in log)])))
    assert verified(log, *kept) == log[-1].head


@given(LOGS, st.data())
def test_any_change_of_one_field_is_found_where_it_was_made(log: list[Entry], data: Any) -> None:
    place = data.draw(st.integers(0, len(log) - 1))
    field = data.draw(st.sampled_from(Entry.__struct_fields__))
    was = getattr(log[place], field)
    value = data.draw(VALUES.filter(lambda each: not same(each, was)))
    log[place] = structs.replace(log[place], **{field: value})
    with pytest.raises(ChainBroken) as broken:
        verified(log)
    assert broken.value.number == place + 1


@given(LOGS, st.data())
def test_any_entry_that_is_taken_out_or_put_in_is_found(log: list[Entry], data: Any) -> None:
    head = log[-1].head
    place = data.draw(st.integers(0, len(log) - 1))
    if data.draw(st.booleans()):
        del log[place]
    else:
        log.insert(place, data.draw(st.sampled_from(log)))
    with pytest.raises(ChainBroken):
        verified(log, head)


@given(st.lists(LOOSE, min_size=2, max_size=6).map(chained), st.data())
def test_entries_that_change_places_are_found(log: list[Entry], data: Any) -> None:
    one = data.draw(st.integers(0, len(log) - 2))
    other = data.draw(st.integers(one + 1, len(log) - 1))
    log[one], log[other] = log[other], log[one]
    with pytest.raises(ChainBroken) as broken:
        verified(log)
    assert broken.value.number == one + 1


@given(st.lists(LOOSE, min_size=2, max_size=6).map(chained), st.data())
def test_a_missing_tail_is_found_by_a_head_that_was_kept(log: list[Entry], data: Any) -> None:
    left = data.draw(st.integers(0, len(log) - 1))
    verified(log[:left])  # by itself it looks whole
    with pytest.raises(ChainBroken) as broken:
        verified(log[:left], log[-1].head)
    assert broken.value.number == left + 1


@given(st.lists(LOOSE, min_size=2, max_size=6), st.data())
def test_a_log_written_anew_is_found_by_a_head_that_was_kept(loose: list[Entry], data: Any) -> None:
    kept = chained(loose)[-1].head
    place = data.draw(st.integers(0, len(loose) - 1))
    loose[place] = structs.replace(loose[place], action=loose[place].action + "!")
    forged = chained(loose)
    verified(forged)  # by itself it looks whole
    with pytest.raises(ChainBroken) as broken:
        verified(forged, kept)
    assert broken.value.number == kept.number


def test_the_hash_is_what_the_documentation_says() -> None:
    """By another program's means: what RFC 8785 makes of it, and SHA-256."""
    loose = Entry(0, 1_700_000_000_123, 7, "Mod 1", "moderator", "flag.decided", "flag", "12",
                  '{"rule":"é\\n"}', "", "")  # fmt: skip
    (entry,) = chained([loose])
    fields = ["whimbrel-audit-1", 1, 1700000000123, 7, "Mod 1", "moderator", "flag.decided"]
    fields += ["flag", "12", '{"rule":"é\\n"}', "0" * 64]
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    assert entry.hash == hashlib.sha256(text.encode()).hexdigest()
    # As JavaScript has it; with another one, logs that were written before would be broken.
    assert entry.hash == "ab3459499d209d38b2b43a7d5395435abee46970e444071dc8f789d2cc74329f"


@pytest.mark.parametrize("text", ["", "5", "5:abc", "-1:" + "0" * 64, "5:" + "A" * 64, "x:y"])
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="NUMBER:HASH"):
        Head.parse(text)


def test_a_head_is_read_as_it_is_printed() -> None:
    head = Head(12, "ab" * 32)
    assert Head.parse(f" {head}\n") == head
