"""What the tests of all loaders do at their end."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    """Processes, threads and shards that a loader leaves to the garbage collector end here.

    Otherwise they would be there while another test starts processes, and end during a third one.
    """
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
