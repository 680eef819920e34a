"""The hazards that Llama Guard names, by its codes."""

from __future__ import annotations

from msgspec import Struct

from chat.moderation import Category


class Hazard(Struct, frozen=True):
    """One hazard. `title` is what the guard's prompt calls it, which is shorter than in its model
    card; `of_words`: it is looked for only where there are no pictures."""

    code: str
    title: str
    category: Category
    of_words: bool = False


HAZARDS = (
    Hazard("S1", "Violent Crimes", Category.VIOLENT_CRIMES),
    Hazard("S2", "Non-Violent Crimes", Category.CRIMES),
    Hazard("S3", "Sex Crimes", Category.SEX_CRIMES),
    Hazard("S4", "Child Exploitation", Category.CHILD_EXPLOITATION),
    Hazard("S5", "Defamation", Category.DEFAMATION),
    Hazard("S6", "Specialized Advice", Category.ADVICE),
    Hazard("S7", "Privacy", Category.PRIVACY),
    Hazard("S8", "Intellectual Property", Category.COPYRIGHT),
    Hazard("S9", "Indiscriminate Weapons", Category.WEAPONS),
    Hazard("S10", "Hate", Category.HATE),
    Hazard("S11", "Self-Harm", Category.SELF_HARM),
    Hazard("S12", "Sexual Content", Category.SEXUAL),
    Hazard("S13", "Elections", Category.ELECTIONS),
    Hazard("S14", "Code Interpreter Abuse", Category.CODE_ABUSE, of_words=True),
)
BY_CODE = {hazard.code: hazard for hazard in HAZARDS}


def codes(names: tuple[str, ...]) -> frozenset[str]:
    """Codes of hazards that are named by code or category. Raises ValueError for another name."""
    known = {hazard.category.value: hazard.code for hazard in HAZARDS}
    found = {known.get(name.lower(), name.upper()) for name in names}
    for strange in found - BY_CODE.keys():
        raise ValueError(f"wants codes such as S6 or categories such as advice, not {strange!r}")
    return frozenset(found)
