"""The checkpoint, loaded once for all of these tests."""

import pytest

from models.fledgling.evaluate import Fledgling


@pytest.fixture(scope="session")
def fledgling() -> Fledgling:
    return Fledgling()
