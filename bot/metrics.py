"""What the bot counts, and the metrics of workers of the same home beside its own.

A worker answers on a unix socket in the home's `metrics` folder, or on a loopback port of its own
where it is told one. The bot's /metrics adds up what the workers of its home say.
"""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import structlog
from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.process_collector import ProcessCollector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PATIENCE = 1.0  # seconds for a worker's answer

log = structlog.get_logger()


class SendMetrics:
    """Calls to messengers by how they went: ok, retried, limited, refused, unconfirmed."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.sends = Counter(
            "whimbrel_sends_total",
            "Calls that show something in a messenger, by channel and by how they went.",
            ["channel", "result"],
            registry=registry,
        )

    def sent(self, channel: str, result: str) -> None:
        """Count one call."""
        self.sends.labels(channel=channel, result=result).inc()


def new_registry() -> CollectorRegistry:
    """A registry that tells memory, processor time and open files of this process."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    return registry


async def nothing_more() -> Sequence[Metric]:
    """No metrics beside those of processes."""
    return ()


class Exposition:
    """What /metrics answers: this process's registry, the workers that answer in `folder`, and
    what the `record` says, which is nobody's to count."""

    def __init__(
        self,
        registry: CollectorRegistry,
        *,
        folder: Path | None = None,
        patience: float = PATIENCE,
        record: Callable[[], Awaitable[Sequence[Metric]]] = nothing_more,
    ) -> None:
        self._registry = registry
        self._folder = folder
        self._patience = patience
        self._record = record

    async def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        sockets = sorted(self._folder.glob("*.sock")) if self._folder else []
        told = await asyncio.gather(*(_ask(socket, self._patience) for socket in sockets))
        record = await self._record()
        return generate_latest(_Sum([*self._registry.collect(), *_families(told), *record]))


@asynccontextmanager
async def answering(
    registry: CollectorRegistry, *, socket: Path | None = None, port: int = 0
) -> AsyncIterator[None]:
    """Tell a worker's metrics on a unix socket, and on a loopback port unless it is 0."""

    async def tell(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            async with asyncio.timeout(PATIENCE):
                await reader.readuntil(b"\r\n\r\n")
                body = generate_latest(registry)
                head = f"HTTP/1.1 200 OK\r\nContent-Type: {CONTENT_TYPE}\r\n"
                head += f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
                writer.write(head.encode() + body)
                await writer.drain()
        writer.close()

    servers = []
    try:
        if socket is not None and _fits(socket):
            _remove(socket)
            servers.append(await asyncio.start_unix_server(tell, socket))
        if port:
            servers.append(await asyncio.start_server(tell, "127.0.0.1", port))
        yield
    finally:
        for server in servers:
            server.close()
        if socket is not None:
            _remove(socket)


def _fits(socket: Path) -> bool:
    """Whether the platform takes a socket path that long (macOS takes 103 bytes, Linux 107)."""
    fits = len(os.fsencode(socket)) <= 103
    if not fits:
        log.warning("metrics of this worker are not told: the path of its socket is too long")
    return fits


def _remove(socket: Path) -> None:
    socket.unlink(missing_ok=True)


async def _ask(socket: Path, patience: float) -> str:
    try:
        async with asyncio.timeout(patience):
            reader, writer = await asyncio.open_unix_connection(socket)
            with closing(writer):
                writer.write(b"GET /metrics HTTP/1.1\r\nHost: worker\r\n\r\n")
                answer = await reader.read()
            return answer.partition(b"\r\n\r\n")[2].decode()
    except ConnectionRefusedError:  # its worker was killed
        _remove(socket)
    except (OSError, TimeoutError, UnicodeDecodeError):
        log.warning("a worker did not tell its metrics", socket=socket.name)
    return ""


def _families(texts: Iterable[str]) -> list[Metric]:
    """The metrics of other processes, without those that describe the process itself."""
    families: list[Metric] = []
    for text in texts:
        with suppress(ValueError):
            families += [
                family
                for family in text_string_to_metric_families(text)
                if family.name.startswith("whimbrel")
            ]
    return families


class _Sum(CollectorRegistry):
    """Families of the same name as one, samples with the same labels added up."""

    def __init__(self, families: Iterable[Metric]) -> None:
        super().__init__()
        self._families = list(families)

    def collect(self) -> Iterable[Metric]:
        """The summed families, in the order in which they first came."""
        alike: dict[str, list[Metric]] = defaultdict(list)
        for family in self._families:
            if family.name.endswith("_created"):  # start times: nothing to add up
                continue
            alike[family.name].append(family)
        return [_added(families) for families in alike.values()]


def _added(families: list[Metric]) -> Metric:
    first = families[0]
    total: dict[tuple[str, tuple[tuple[str, str], ...]], float] = defaultdict(float)
    for family in families:
        for sample in family.samples:
            if not sample.name.endswith("_created"):
                total[sample.name, tuple(sample.labels.items())] += sample.value
    added = Metric(first.name, first.documentation, first.type)
    for (name, labels), value in total.items():
        added.add_sample(name, dict(labels), value)
    return added
