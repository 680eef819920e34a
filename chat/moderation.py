"""What checks find in what is said, and what a policy makes of it."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from msgspec import Struct


class Side(StrEnum):
    """Who said what was looked at: a person, or the assistant."""

    QUESTION = "question"
    ANSWER = "answer"


class PlaceKind(StrEnum):
    """What kind of chat something was said in."""

    PRIVATE = "private"
    GROUP = "group"
    WEB = "web"


class Place(Struct, frozen=True):
    """Where something was said. `region` is an ISO 3166 country in capitals, or empty where none is
    known; `restricted` where people of a protected age may read along."""

    kind: PlaceKind = PlaceKind.PRIVATE
    region: str = ""
    restricted: bool = False


class Category(StrEnum):
    """What the checks that ship can find; policies may name others of their own.

    The hazards are those of Llama Guard 4, whose codes stand beside them.
    """

    PROFANITY = "profanity"
    NUDITY = "nudity"
    PROMPT_ATTACK = "prompt-attack"
    KNOWN_PICTURE = "known-picture"
    LINK = "link"
    FLOOD = "flood"
    REPORTED = "reported"  # by a person
    UNCHECKED = "unchecked"  # a check that has to answer did not
    VIOLENT_CRIMES = "violent-crimes"  # S1
    CRIMES = "crimes"  # S2
    SEX_CRIMES = "sex-crimes"  # S3
    CHILD_EXPLOITATION = "child-exploitation"  # S4
    DEFAMATION = "defamation"  # S5
    ADVICE = "advice"  # S6
    PRIVACY = "privacy"  # S7
    COPYRIGHT = "copyright"  # S8
    WEAPONS = "weapons"  # S9
    HATE = "hate"  # S10
    SELF_HARM = "self-harm"  # S11
    SEXUAL = "sexual"  # S12
    ELECTIONS = "elections"  # S13
    CODE_ABUSE = "code-abuse"  # S14


class Finding(Struct, frozen=True):
    """What one check found. `score` is between 0 and 1; `evidence` are the few words, links or
    names that a reviewer needs to understand it, never more than the message says."""

    check: str
    category: str
    score: float
    side: Side = Side.QUESTION
    evidence: tuple[str, ...] = ()
    message_id: int | None = None
    attachment_id: int | None = None


class Deed(StrEnum):
    """What may follow from a finding. Whatever is not named is allowed."""

    FLAG = "flag"  # somebody should look at it
    CARE = "care"  # help lines besides the answer
    WARN = "warn"
    HOLD = "hold"  # answered only after somebody has looked at it
    REFUSE = "refuse"
    STRIKE = "strike"
    MUTE = "mute"
    BAN = "ban"


class Measure(Struct, frozen=True):
    """A deed, and for how many seconds; None stands for good."""

    deed: Deed
    seconds: float | None = None


class Priority(IntEnum):
    """How soon somebody should look at it."""

    LOW = 1
    NORMAL = 2
    HIGH = 3
    URGENT = 4


class Verdict(Struct, frozen=True):
    """What a policy makes of findings.

    `measures` follow by themselves, `proposed` ones when `confirmed_by` has confirmed them.
    `category` is the one that people are told of; `policy` the number of the version.
    """

    findings: tuple[Finding, ...] = ()
    measures: tuple[Measure, ...] = ()
    proposed: tuple[Measure, ...] = ()
    confirmed_by: str = ""
    category: str = ""
    priority: Priority = Priority.LOW
    policy: int = 0

    def has(self, deed: Deed) -> bool:
        """Whether this follows by itself."""
        return any(measure.deed is deed for measure in self.measures)

    @property
    def stops(self) -> bool:
        """Whether there is no answer to show, or not yet."""
        return self.has(Deed.REFUSE) or self.has(Deed.HOLD)


ALLOWED = Verdict()
