"""What a refusal of an endpoint becomes: a cause in our words, and none of its sentences."""

from __future__ import annotations

import json

import httpx2
import pytest

from models.endpoint.failures import of_answer, of_event
from models.errors import EngineError

ECHO = "You sent 'Authorization: Bearer planted' and 'My phone is 0171 planted'"


@pytest.mark.parametrize("status", [400, 401, 404, 408, 429, 500])
@pytest.mark.parametrize(
    ("error", "named"),
    [
        ({"message": ECHO, "type": "server_error", "code": "bad.key"}, "(server_error, bad.key)"),
        ({"message": ECHO, "type": ECHO, "code": 7, "param": None}, ""),
        (ECHO, ""),
    ],
)
def test_it_names_the_cause_and_repeats_no_words(status: int, error: object, named: str) -> None:
    text = json.dumps({"error": error})
    said = str(of_answer(httpx2.Response(status), text, pictures=0))
    assert "planted" not in said
    assert said.startswith(f"the endpoint answered {status} {named}".strip())


@pytest.mark.parametrize("text", [ECHO, "[]", "{}", '{"error": null}', "\x00", ""])
def test_what_is_no_error_object_is_not_repeated_either(text: str) -> None:
    for error in (of_answer(httpx2.Response(500), text, pictures=0), of_event(text)):
        assert isinstance(error, EngineError)
        assert "planted" not in str(error)
