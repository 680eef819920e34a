"""The rules of a policy that speak of something, word for word, for whoever decides by them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from textwrap import dedent
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError


def rules_about(text: str, categories: Collection[str]) -> str:
    """The lines of those rules of a written policy, in its order; empty where there are none, or
    where it cannot be read."""
    return "\n".join(
        lines for spoken_of, lines in _rules(text) if not spoken_of.isdisjoint(categories)
    )


@lru_cache(maxsize=8)
def _rules(text: str) -> tuple[tuple[frozenset[str], str], ...]:
    try:
        return tuple(_located(text))
    except (
        YAMLError,
        AttributeError,
        KeyError,
        TypeError,
    ):  # of a newer version, which says it otherwise
        return ()


def _located(text: str) -> Iterator[tuple[frozenset[str], str]]:
    """Each rule with what it speaks of. Raises what `_rules` catches."""
    written: Any = YAML().load(text)
    rules: Any = written.get("rules", ())
    lines = text.splitlines()
    starts = [rules.lc.item(place)[0] for place in range(len(rules))]
    below = [written.lc.key(key)[0] for key in written] + [len(lines)]
    for place, rule in enumerate(rules):
        later = [line for line in (*starts[place + 1 :], *below) if line > starts[place]]
        yield _names(rule["when"]), _trimmed(lines[starts[place] : min(later)])


def _names(when: Any) -> frozenset[str]:
    return frozenset([when] if isinstance(when, str) else when)


def _trimmed(lines: list[str]) -> str:
    """Without the comments and empty lines that lead to the next rule."""
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines = lines[:-1]
    return dedent("\n".join(lines))
