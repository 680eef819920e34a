"""The servers that a deployment brings along."""

from tests.postgres import empty_postgres_url, postgres_server

__all__ = ["empty_postgres_url", "postgres_server"]
