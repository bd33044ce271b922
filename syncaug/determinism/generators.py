"""The global generators that no step may draw from."""

from __future__ import annotations

import random
import sys
from typing import Any

import numpy as np

__all__ = ["changed_generators", "global_generators"]


def global_generators() -> dict[str, Any]:
    """The states of the global generators of Python, numpy and, where it is loaded, PyTorch."""
    kind, keys, *rest = np.random.get_state(legacy=True)  # noqa: NPY002 (watched, not drawn from)
    states = {
        "random": random.getstate(),
        "numpy.random": (kind, np.asarray(keys).tobytes(), *rest),
    }
    torch = sys.modules.get("torch")
    if torch is not None:
        states["torch"] = torch.get_rng_state().numpy().tobytes()
    return states


def changed_generators(before: dict[str, Any]) -> list[str]:
    """The names of those that were drawn from since."""
    now = global_generators()
    return [name for name, state in before.items() if now[name] != state]
