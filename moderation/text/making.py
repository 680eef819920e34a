"""The checks of words, made of what ships and of what a policy adds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from msgspec import structs

from chat.moderation import Finding
from moderation.checks import Check, Subject
from moderation.policy.rules import Policy
from moderation.text.attacks import AttacksCheck
from moderation.text.links import LinkRules, LinksCheck
from moderation.text.repetition import RepetitionCheck
from moderation.text.word_lists import WordList, shipped_lists
from moderation.text.words import WordsCheck

AT_ONCE = 2000  # characters that are looked at in the event loop, in some milliseconds


class Aside:
    """A check whose look takes long for long texts: those it looks at in a thread, so that others
    are answered meanwhile and its limit can be kept."""

    def __init__(self, check: Check, threads: ThreadPoolExecutor) -> None:
        self._check = check
        self._threads = threads

    @property
    def name(self) -> str:
        """The check's own."""
        return self._check.name

    async def look(self, subject: Subject) -> Sequence[Finding]:
        """What the check finds."""
        if len(subject.text) <= AT_ONCE:
            return await self._check.look(subject)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _look, self._check, subject)


def _look(check: Check, subject: Subject) -> Sequence[Finding]:
    return asyncio.run(check.look(subject))  # it awaits nothing


class TextChecks:
    """Makes the checks of words for each version of the policy."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="check-text")
        self._attacks, self._repetition = AttacksCheck(), RepetitionCheck()

    def made(self, policy: Policy) -> Sequence[Check]:
        """The checks for a policy. Raises BadWordList where its words cannot be searched for."""
        checks: tuple[Check, ...] = (
            WordsCheck(lists_of(policy)),
            LinksCheck(_rules(policy)),
            self._attacks,
            self._repetition,
        )
        return [Aside(check, self._threads) for check in checks]

    def close(self) -> None:
        """Begin nothing more; what runs ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def lists_of(policy: Policy) -> tuple[WordList, ...]:
    """The lists that ship without the words that are harmless here, and the policy's own."""
    shipped = shipped_lists()
    if policy.exceptions:
        exceptions = tuple(sorted(policy.exceptions))
        shipped = tuple(
            structs.replace(each, exceptions=(*each.exceptions, *exceptions)) for each in shipped
        )
    own = [
        WordList(words.category, language, phrases, score=words.score)
        for words in policy.words
        for language, phrases in words.phrases.items()
    ]
    own += [
        WordList(words.category, patterns=words.patterns, score=words.score)
        for words in policy.words
        if words.patterns
    ]
    return (*shipped, *own)


def _rules(policy: Policy) -> LinkRules:
    links = policy.links
    return LinkRules(
        blocked=tuple(sorted(links.blocked)), allowed=tuple(sorted(links.allowed)), most=links.most
    )
