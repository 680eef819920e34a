"""Everything a person is told, by key and language."""

from handlers.texts.catalogue import Texts

__all__ = ["Texts"]
