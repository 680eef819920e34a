"""The names of the table's rows, and how the questions are shared among them."""

SEEN = "everyday things, seen styles, unseen augmentation"
UNSEEN = "everyday things, unseen style"
FLAGS = "flags"
DRAWN = "drawn scenes"
READING = "reading common words of up to 8 letters"
MADE_UP = "reading made-up words"
PICTURES = "two pictures and follow-ups"
PHOTOGRAPHS = "photographs"
NOTHING = "nothing known in it, refused"
BLANK = "blank instead of the picture"
SWAPPED = "another picture instead"
DEFINITIONS = "definitions"
TALK = "small talk"

SHARES: dict[str, float] = {
    SEEN: 0.21,
    UNSEEN: 0.15,
    FLAGS: 0.09,
    DRAWN: 0.17,
    READING: 0.08,
    MADE_UP: 0.02,
    PICTURES: 0.1,
    PHOTOGRAPHS: 0.06,
    NOTHING: 0.06,
    BLANK: 0.02,
    SWAPPED: 0.02,
    DEFINITIONS: 0.02,
}
"""Parts of the questions; small talk is asked once each besides."""


def counts(questions: int) -> dict[str, int]:
    """How many questions each row gets of so many."""
    return {row: max(1, round(share * questions)) for row, share in SHARES.items()}
