"""Concrete values in the form in which a library takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.catalogue import OperationSpec, ParameterSpec

__all__ = ["given", "library_form"]


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
