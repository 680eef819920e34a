"""Fixtures that every house's tests share."""

from tests.valkey import any_broker_url, broker, redis_server, valkey_server, valkey_url

__all__ = ["any_broker_url", "broker", "redis_server", "valkey_server", "valkey_url"]
