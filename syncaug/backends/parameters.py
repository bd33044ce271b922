"""Concrete values in the form in which a library takes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from syncaug.catalogue import OperationSpec, ParameterSpec
from syncaug.maps.world import WorldMap

__all__ = ["Parameters", "built_first", "given", "library_form", "world_of"]


def library_form(spec: ParameterSpec, value: Any) -> Any:
    """A user's or a draw's value as the library wants it: a number v of a range becomes (v, v)."""
    if isinstance(value, (list, tuple)):
        return tuple(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    # As floats, since albumentations takes an integer fill for that of the first channel only.
    number = round(value) if spec.integer else float(value)
    if spec.odd and number > 0:
        number += 1 - number % 2
    if spec.stored == "axes":
        return {"x": (number, number), "y": (number, number)}
    return (number, number) if spec.form == "range" else number


def given(spec: OperationSpec, values: Mapping[str, Any]) -> dict[str, Any]:
    """All `values` in the library's form. Raises KeyError for a parameter that is not in `spec`."""
    parameters = spec.parameters
    return {name: library_form(parameters[name], value) for name, value in values.items()}


def built_first(
    spec: OperationSpec, constants: Mapping[str, Any], build: Callable[[Mapping[str, Any]], Any]
) -> Any:
    """A library's transform with the constants alone; None where samples have to complete it.

    `build` makes one from the values that vary. Raises what it raises where nothing is missing.
    """
    absent = [p for name, p in spec.parameters.items() if name not in constants]
    try:
        return build({})
    except (TypeError, ValueError):
        if not any(one.required or one.default is None for one in absent):
            raise
        return None


class Parameters:
    """The parameters of a call: defaults, a plan's constants, and the values of each sample."""

    __slots__ = ("_constants", "_spec")

    def __init__(self, spec: OperationSpec, constants: Mapping[str, Any]) -> None:
        defaults = {name: p.default for name, p in spec.parameters.items() if not p.required}
        self._spec = spec
        self._constants = given(spec, {**defaults, **constants})

    def of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """All of them for one sample, in the library's form."""
        return {**self._constants, **given(self._spec, values)}


def world_of(constants: Mapping[str, Any]) -> WorldMap:
    """The map of an operation whose first parameter is its 4x4 matrix. Raises ValueError."""
    matrix = np.array(next(iter(constants.values())), dtype=np.float64).reshape(4, 4)
    return WorldMap.checked(matrix)
