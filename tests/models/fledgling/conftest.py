"""The checkpoint, loaded once for all of these tests."""

from collections.abc import Iterator

import pytest
import torch

from models.fledgling.evaluate import Fledgling


@pytest.fixture(scope="session")
def fledgling() -> Iterator[Fledgling]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # several that wait for each other are slow on a busy machine
    yield Fledgling()
    torch.set_num_threads(threads)
