"""Metrics: the bot's own, and what the workers of its home add."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import httpx2
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Exposition, SendMetrics, answering, new_registry


def registry(answered: int, *, seconds: float = 0.5) -> CollectorRegistry:
    """What a process has counted."""
    counted = new_registry()
    turns = Counter("whimbrel_turns_total", "Turns.", ["channel", "state"], registry=counted)
    turns.labels(channel="web", state="answered").inc(answered)
    first = Histogram("whimbrel_first_token_seconds", "Time.", buckets=(1, 5), registry=counted)
    first.observe(seconds)
    return counted


def values(text: bytes) -> dict[str, float]:
    """The samples without their labels' names, one a line."""
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


async def test_workers_are_added_up(tmp_path: Path) -> None:
    async with (
        answering(registry(2, seconds=0.5), socket=tmp_path / "a.sock"),
        answering(registry(3, seconds=3.0), socket=tmp_path / "b.sock"),
    ):
        found = values(await Exposition(registry(1), folder=tmp_path).text())
    assert found["whimbrel_turns_total web answered"] == 6
    assert found["whimbrel_first_token_seconds_bucket 1.0"] == 2
    assert found["whimbrel_first_token_seconds_bucket +Inf"] == 3
    assert found["whimbrel_first_token_seconds_sum"] == 4.0


async def test_every_family_is_told_once(tmp_path: Path) -> None:
    async with answering(registry(2), socket=tmp_path / "a.sock"):
        text = (await Exposition(registry(1), folder=tmp_path).text()).decode()
    names = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    assert len(names) == len(set(names))
    assert "process_resident_memory_bytes" in names


async def test_a_killed_worker_is_forgotten(tmp_path: Path) -> None:
    left = tmp_path / "killed.sock"
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(left))
    found = values(await Exposition(registry(1), folder=tmp_path).text())
    assert found["whimbrel_turns_total web answered"] == 1
    assert not left.exists()


async def test_a_hung_worker_is_not_waited_for(tmp_path: Path) -> None:
    hung = tmp_path / "hung.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(hung))
        listener.listen()
        exposition = Exposition(registry(1), folder=tmp_path, patience=0.1)
        text = await asyncio.wait_for(exposition.text(), 30)
    assert values(text)["whimbrel_turns_total web answered"] == 1


async def test_a_port_of_its_own() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with answering(registry(4), port=port), httpx2.AsyncClient() as client:
        response = await client.get(f"http://127.0.0.1:{port}/metrics")
    assert response.status_code == 200
    assert values(response.content)["whimbrel_turns_total web answered"] == 4


async def test_too_long_a_path_costs_the_metrics_only(tmp_path: Path) -> None:
    async with answering(registry(4), socket=tmp_path / ("x" * 120)):
        pass


async def test_sends_are_counted_by_how_they_went() -> None:
    counted = CollectorRegistry()
    metrics = SendMetrics(counted)
    metrics.sent("telegram", "ok")
    metrics.sent("telegram", "ok")
    metrics.sent("telegram", "limited")
    found = values(await Exposition(counted).text())
    assert found["whimbrel_sends_total telegram ok"] == 2
    assert found["whimbrel_sends_total telegram limited"] == 1


async def test_what_the_record_says_stands_beside_what_is_counted() -> None:
    async def record() -> list[Metric]:
        return [GaugeMetricFamily("whimbrel_flags_open", "Flags.", value=3)]

    found = values(await Exposition(registry(1), record=record).text())
    assert found["whimbrel_flags_open"] == 3
    assert found["whimbrel_turns_total web answered"] == 1
