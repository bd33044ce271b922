"""Steps that act on one space which they name, and the streams that live elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from syncaug.catalogue.map_kinds import SPACE_OF
from syncaug.catalogue.transforms import TransformSpec
from syncaug.plan.stream import Stream
from syncaug.values.value import Constant, Value

__all__ = ["in_place", "is_placed"]

_PLACED = frozenset({"plane", "field", "occlude", "time", "blank", "pitch", "world", "tone", "mix"})
"""Kinds of map that a step may send to the one space that it names."""


def in_place(
    stream: Stream, spec: TransformSpec, parameters: Mapping[str, Value], kind: str
) -> bool:
    """Whether the stream lives in the one space that the step names, if it names one.

    A plane that is named does not hold back maps of time, which are for all of a clock.
    """
    for name, parameter in spec.parameters.items():
        if parameter.space == "plane" and SPACE_OF.get(kind) == "clock":
            continue
        value = parameters.get(name)
        if is_placed(spec, name) and isinstance(value, Constant):
            homes = [space for own, space in stream.places if own == parameter.space]
            if homes and value.value not in homes:
                return False
    return True


def is_placed(spec: TransformSpec, name: str) -> bool:
    """Whether a parameter names the one space that the transform acts on."""
    parameter = spec.parameters[name]
    return bool(parameter.space) and parameter.places and spec.makes[0] in _PLACED
