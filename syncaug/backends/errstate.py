"""Floating-point errors: what numpy makes of them while samples are carried."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import numpy as np

__all__ = ["own_errstate"]

_USUAL = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
"""What numpy makes of floating-point errors where nobody has said anything."""
_UNCHANGED: AbstractContextManager[None] = nullcontext()


def own_errstate() -> AbstractContextManager[None]:
    """A context in which floating-point errors are what numpy's defaults make of them.

    A user's `np.seterr(all="raise")` is for the user's numbers; silence that was asked for stays.
    """
    present = np.geterr()
    if present == _USUAL:
        return _UNCHANGED
    kinds = {kind: "warn" for kind, said in present.items() if said != "ignore"}
    return np.errstate(**{**kinds, "under": "ignore"})  # type: ignore[arg-type]
