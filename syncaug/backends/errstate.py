"""Floating-point errors: what numpy makes of them while samples are carried."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from contextvars import Context, copy_context

import numpy as np

__all__ = ["is_usual", "own_errstate"]

_USUAL = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
"""What numpy makes of floating-point errors where nobody has said anything."""
_UNCHANGED: AbstractContextManager[None] = nullcontext()
_IN_CONTEXT = not np.__version__.startswith("1.")
"""Whether numpy keeps its word in a context variable, as it does from version 2 on."""
_usual = Context()
"""The last context in which numpy was asked, and said what is usual; nobody has set any here."""


def is_usual() -> bool:
    """Whether floating-point errors are what numpy's defaults make of them.

    numpy is asked once for each context: to see that one has not changed costs a twentieth of it.
    """
    global _usual
    here = copy_context()
    try:
        known = _IN_CONTEXT and here == _usual
    except Exception:  # what others keep in their variables need not compare
        known = False
    if known:
        return True
    if np.geterr() != _USUAL:
        return False
    _usual = here
    return True


def own_errstate() -> AbstractContextManager[None]:
    """A context in which floating-point errors are what numpy's defaults make of them.

    A user's `np.seterr(all="raise")` is for the user's numbers; silence that was asked for stays.
    """
    if is_usual():
        return _UNCHANGED
    kinds = {kind: "warn" for kind, said in np.geterr().items() if said != "ignore"}
    return np.errstate(**{**kinds, "under": "ignore"})  # type: ignore[arg-type]
