"""One number where albumentations means a range around it: `limit: 30` is [-30, 30] there."""

from __future__ import annotations

from typing import Any

from syncaug.catalogue import ParameterSpec, operation
from syncaug.compiler.complaints import Complaints, Path

__all__ = ["warn_of_single_numbers"]

_LIBRARY = "albumentations"
_PAIR = "_range"
"""The end of names of which the library takes pairs alone."""
_FACTORS = frozenset({"brightness", "contrast", "saturation"})
"""Parameters of which one number v stands for factors from 1 - v to 1 + v."""


def warn_of_single_numbers(given: Any, path: Path, complaints: Complaints) -> None:
    """Warn of numbers from which the library itself would make a range to draw from.

    `given` is the operation, or the list of them, of a stream at `path`, beside which no other
    stream has one: numbers that two of them share are meant. In a policy a number is one value,
    and `[v, v]` says so.
    """
    items = given if isinstance(given, list) else [given]
    for index, item in enumerate(items):
        spec = operation(item["op"])
        if spec.library != _LIBRARY:
            continue
        where = (*path, index) if isinstance(given, list) else path
        for name, raw in item.items():
            meant = _range(spec.parameters.get(name), raw)
            if meant:
                low, high = meant
                complaints.add(
                    "SA612",
                    (*where, name),
                    f"{name}: {raw:g} is always {raw:g}; {_LIBRARY} draws from {low:g} to {high:g}",
                    hint=f"write [{low:g}, {high:g}], or [{raw:g}, {raw:g}] if one value is meant",
                    severity="warning",
                )


def _range(parameter: ParameterSpec | None, raw: Any) -> tuple[float, float] | None:
    """The range that the library makes of one number; None where its default tells of none."""
    if parameter is None or parameter.form != "range" or isinstance(raw, bool):
        return None
    default = parameter.default
    if not isinstance(raw, int | float) or raw <= 0 or not isinstance(default, list | tuple):
        return None
    if len(default) != 2 or not all(isinstance(one, int | float) for one in default):
        return None
    low, high = default
    if low == -high and high > 0 and not parameter.name.endswith(_PAIR):
        return -raw, raw
    if parameter.name in _FACTORS and low + high == 2 and raw != 1:
        return max(1.0 - raw, 0.0), 1.0 + raw
    return None
