"""Fixtures that every house's tests share, and the summary's last word."""

import pytest

from tests import missing
from tests.valkey import any_broker_url, broker, redis_server, valkey_server, valkey_url

__all__ = ["any_broker_url", "broker", "redis_server", "valkey_server", "valkey_url"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was not found on this machine."""
    missing.summarise(terminalreporter)
