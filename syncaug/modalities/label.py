"""Labels: a class number, a name or a vector; no map changes them."""

from __future__ import annotations

from typing import Any

import numpy as np

from syncaug.modalities.carrier import Carrier, describe

__all__ = ["LabelCarrier"]


class LabelCarrier(Carrier):
    """An integer, a float, a string or a vector, handed on as it came."""

    __slots__ = ()

    def read(self, value: Any) -> Any:
        if isinstance(value, bool | int | float | str | np.generic | np.ndarray | list | tuple):
            if (
                isinstance(value, float | np.floating | np.ndarray)
                and not np.isfinite(np.asarray(value, float)).all()
            ):
                raise self.fail("a finite label", "NaN or infinity")
            classes = self.stream.options.get("classes")
            if (
                isinstance(classes, int)
                and isinstance(value, int | np.integer)
                and not 0 <= int(value) < classes
            ):
                raise self.fail(f"a class from 0 to {classes - 1}", f"{value}")
            return value
        raise self.fail("a number, a string or a vector", describe(value))
