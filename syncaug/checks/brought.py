"""Checks of installed packages: what they raise, and measures that are none, are told as theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from syncaug.catalogue.external import CHECKS, external_error, guarded
from syncaug.checks.measure import Measure, Outcome

__all__ = ["brought"]


def brought(
    name: str, measure: Callable[..., Any]
) -> Callable[[Mapping[str, Any], Outcome], Measure]:
    """The `measure` of a package's check; raises ExternalError where it gives no Measure."""
    call = guarded(CHECKS, name, "measure()", measure)

    def checked(options: Mapping[str, Any], outcome: Outcome) -> Measure:
        found = call(options, outcome)
        if not isinstance(found, Measure):
            what = f"measure() returned {found!r:.80}; expected a Measure"
            raise external_error(CHECKS, name, what)
        value: Any = found.value
        if not isinstance(value, int | float | np.number):
            what = f"measure() measured {found.value!r:.80}; expected a number"
            raise external_error(CHECKS, name, what)
        if found.passed or found.text:
            return found
        return replace(found, text=f"it measured {found.value:g}")

    return checked
