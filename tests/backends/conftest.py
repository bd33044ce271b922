"""The check that an operation leaves the global generators alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import numpy as np
import pytest


@pytest.fixture
def untouched() -> Iterator[Callable[[], None]]:
    """A check that the global generators stand where they stood."""
    random.seed(11)
    np.random.seed(11)
    np.random.normal()  # so that half a pair of normals is waiting
    python, legacy = random.getstate(), np.random.get_state(legacy=False)
    functions = (random.uniform, np.random.normal)
    try:
        import torch

        torch_state = torch.get_rng_state()
    except ImportError:
        torch = None  # type: ignore[assignment]

    def check() -> None:
        assert random.getstate() == python
        now = np.random.get_state(legacy=False)
        assert (now["has_gauss"], now["gauss"]) == (legacy["has_gauss"], legacy["gauss"])
        assert now["state"]["pos"] == legacy["state"]["pos"]
        assert (now["state"]["key"] == legacy["state"]["key"]).all()
        assert (random.uniform, np.random.normal) == functions
        if torch is not None:
            assert bool((torch.get_rng_state() == torch_state).all())

    yield check
    check()
