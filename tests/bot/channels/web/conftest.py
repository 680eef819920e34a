"""The running web chat of tests/web."""

from tests.web.conftest import house, png

__all__ = ["house", "png"]
