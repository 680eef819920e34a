"""What an operator looks at: health, figures and logs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx2
import pytest

from tests.system.stand import Stand, Up, asks, ends
from tests.waiting import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = Path(__file__).parents[2]
CANARY = "zebra-crossing-canary"


async def test_health_and_readiness(town: Stand) -> None:
    async with httpx2.AsyncClient(base_url=town.url) as client:
        health, ready = await client.get("/healthz"), await client.get("/readyz")
    assert (health.status_code, health.json()) == (200, {"database": "ok"})
    assert ready.status_code == 200
    assert ready.json() == {"database": "ok", "broker": "ok", "workers": "ok"}


async def figures(town: Stand) -> dict[str, float]:
    async with httpx2.AsyncClient(base_url=town.url) as client:
        lines = (await client.get("/metrics")).text.splitlines()
    return {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
        for line in lines
        if not line.startswith("#")
    }


async def test_the_metrics_count_what_has_happened(town: Stand) -> None:
    answered = 'whimbrel_turns_total{channel="telegram",state="answered"}'
    cancelled = 'whimbrel_turns_total{channel="telegram",state="cancelled"}'
    before = await figures(town)
    anna = town.telegram.person()
    await asks(anna, "Count this")
    async with town.slowly(10):
        anna.says("Not this at length")
        await anna.chat.shows("word1 ")
        anna.says("/stop")
        await ends(anna.chat, "Stopped.")

    async def counted() -> bool:
        now = await figures(town)
        return (
            now.get(answered, 0) == before.get(answered, 0) + 1
            and now.get(cancelled, 0) == before.get(cancelled, 0) + 1
        )

    await eventually(counted)
    now = await figures(town)
    for name in (
        "whimbrel_generated_tokens_total",
        'whimbrel_prompt_tokens_total{cached="false"}',
        "whimbrel_first_token_seconds_count",
        "whimbrel_turn_seconds_count",
        'whimbrel_sends_total{channel="telegram",result="ok"}',
    ):
        assert now[name] > before.get(name, 0), name
    assert now["whimbrel_queue_depth"] == 0
    assert now["whimbrel_queue_age_seconds"] == 0


async def test_every_panel_for_grafana_asks_for_what_is_told(town: Stand) -> None:
    async with httpx2.AsyncClient(base_url=town.url) as client:
        text = (await client.get("/metrics")).text
    told = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
    panels = json.loads((ROOT / "docs" / "grafana.json").read_text())["panels"]
    asked = {
        re.sub("_bucket$", "", name)
        for panel in panels
        for target in panel["targets"]
        for name in re.findall(r"\b(?:whimbrel|process)_[a-z_]+", target["expr"])
    }
    assert asked - told == set()
    ours = {name for name in told if name.startswith("whimbrel")}
    assert ours - asked == set(), "all that is told can be looked at"
    assert len({panel["id"] for panel in panels}) == len(panels)


async def test_what_the_record_says_is_told_to_machines(town: Stand) -> None:
    await asks(town.telegram.person(), "Who is here?")

    async def told() -> bool:
        now = await figures(town)
        return now['whimbrel_people_active{days="30"}'] > 0 and now["whimbrel_workers"] >= 1

    await eventually(told, seconds=40)
    now = await figures(town)
    assert now['whimbrel_flags_open{priority="urgent"}'] == 0
    assert now["whimbrel_flag_age_seconds"] == 0


async def test_one_turn_is_followed_through_bot_worker_and_delivery(town: Stand, up: Up) -> None:
    anna = town.telegram.person()
    await asks(anna, "Follow me")
    known = {each["turn"] for each in up.events() if "turn" in each}

    async def told() -> bool:
        return all({"turn accepted", "turn ended", "turn shown"} <= names for names in by_turn(up))

    def by_turn(up: Up) -> list[set[str]]:
        last = max(known)
        return [{each["event"] for each in up.events() if each.get("turn") == last}]

    await eventually(told)


async def test_logs_hold_no_words_and_no_secrets(town: Stand, up: Up) -> None:
    anna = town.telegram.person(CANARY)
    anna.says(f"/start {CANARY}")
    await ends(anna.chat, "This link does not work any more")
    await asks(anna, f"My secret is {CANARY}")
    anna.sends_document(b"no picture", f"{CANARY}.png", "image/png", CANARY)
    await ends(anna.chat, "This file is not a picture")
    assert up.events(), "the log is JSON where nobody looks at it"
    assert CANARY not in up.log
    assert town.telegram.token not in up.log
    assert town.telegram.token.partition(":")[2] not in up.log
    told = town.home.running()
    assert told is not None
    assert told.redis_url.rpartition("=")[2] not in up.log
    banner = [line for line in up.log.splitlines() if up.owner_code in line]
    assert len(banner) == 2, banner  # a link for browsers, one for Telegram
    assert "Traceback" not in up.log
