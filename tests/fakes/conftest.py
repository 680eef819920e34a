"""What the tests of fakes need besides themselves."""

from tests.postgres import postgres_server

__all__ = ["postgres_server"]
