"""Stop strings, however the text is cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.stopping import StopStrings


@given(st.text("ab<|", max_size=40), st.lists(st.text("ab<|", min_size=1, max_size=4), max_size=3))
def test_what_is_shown_ends_before_the_first_stop_string(text: str, stop: list[str]) -> None:
    ends = [text.find(each) for each in stop if each in text]
    watching = StopStrings(stop)
    shown = ""
    for char in text:
        shown += watching.push(char)
        if watching.stopped:
            break
    else:
        shown += watching.flush()
    if not ends:
        assert shown == text
    else:
        assert watching.stopped
        assert not any(each in shown for each in stop)
        assert text.startswith(shown)


def test_a_stop_string_over_two_chunks() -> None:
    watching = StopStrings(["END"])
    assert watching.push("the E") == "the "
    assert watching.push("ND and more") == ""
    assert watching.stopped


def test_what_only_began_like_one_is_shown() -> None:
    watching = StopStrings(["END"])
    assert watching.push("E") + watching.push("N") + watching.push("x") == "ENx"
