"""Which form a value has, by the names of its type and of those that it inherits from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any, Protocol

import numpy as np

from syncaug.forms.came import Came
from syncaug.forms.places import Place

__all__ = [
    "FAMILIES",
    "LISTS",
    "PLAIN",
    "Taker",
    "is_plain",
    "is_plain_list",
    "is_plain_mapping",
    "taken",
]

PLAIN = frozenset({str, int, float, bool, bytes, type(None)})
"""Types that are taken as they are, without a look inside."""

LISTS = frozenset({list, tuple})
_CUES = frozenset({dict})

FAMILIES: Mapping[tuple[str, str], str] = {
    ("torchvision.tv_tensors", "TVTensor"): "tv_tensors",
    ("torch", "Tensor"): "tensors",
    ("PIL.Image", "Image"): "pictures",
    ("torchcodec.decoders", "VideoDecoder"): "decoders",
    ("torchcodec.decoders", "AudioDecoder"): "decoders",
    ("torchcodec", "FrameBatch"): "decoders",
    ("torchcodec", "AudioSamples"): "decoders",
    ("pandas", "Series"): "tables",
    ("pandas", "DataFrame"): "tables",
    ("numpy", "ndarray"): "arrays",
    ("numpy", "str_"): "nested",
    ("builtins", "list"): "nested",
    ("builtins", "tuple"): "nested",
    ("builtins", "dict"): "nested",
}
"""Package and name of a type -> the module of this room that takes it in."""


class Taker(Protocol):
    """A module of this room that takes values of some types in."""

    @staticmethod
    def take(value: Any, place: Place) -> Came | None:
        """The value on both sides of the border; None where it is taken as it is."""
        ...


_KNOWN: dict[type, Callable[[Any, Place], Came | None]] = {}
"""What takes values of a type in, of types that were met."""


def _taker(kind: type) -> Callable[[Any, Place], Came | None]:
    """What takes values of a type in."""
    family = _family(kind)
    if not family:
        return _as_it_is
    module: Any = import_module(f"syncaug.forms.{family}")
    taker: Taker = module
    return taker.take


def _as_it_is(value: Any, place: Place) -> None:
    """A value that carriers know, or that its carrier refuses."""


def _family(kind: type) -> str:
    """The module that takes values of a type in; empty where none does."""
    if kind in PLAIN or (issubclass(kind, np.generic) and kind is not np.str_):
        return ""
    for base in kind.__mro__:
        for (package, name), family in FAMILIES.items():
            if base.__name__ == name and f"{base.__module__}.".startswith(f"{package}."):
                return family
    if issubclass(kind, Mapping):
        return "nested"
    return "array_likes" if hasattr(kind, "__array__") else ""


def taken(value: Any, place: Place) -> Came | None:
    """A value on both sides of the border; None where it is taken as it is.

    Raises SampleError where it cannot be taken in.
    """
    take = _KNOWN.get(type(value))
    if take is None:
        take = _KNOWN[type(value)] = _taker(type(value))
    return take(value, place)


def is_plain_list(value: Any) -> bool:
    """Whether a list or a tuple holds plain values, or rows or mappings that do at its ends."""
    kinds = set(map(type, value))
    if kinds <= PLAIN:
        return True
    if kinds <= LISTS:
        return set(map(type, value[0])) <= PLAIN
    return kinds == _CUES and _are_plain(value[0].values()) and _are_plain(value[-1].values())


def is_plain_mapping(value: Mapping[Any, Any], place: Place) -> bool:
    """Whether a mapping holds what carriers know, and no file that is to be decoded."""
    if place.held:
        data = value.get(place.held)
        if type(data) is not np.ndarray or (place.natives and data.dtype not in place.natives):
            return False
    return _are_plain(value.values())


def _are_plain(parts: Iterable[Any]) -> bool:
    for part in parts:  # noqa: SIM110 (twice as fast as all)
        if type(part) not in PLAIN and not is_plain(part):
            return False
    return True


def is_plain(value: Any) -> bool:
    """Whether a value is plain, an array of numbers, or a list of plain values."""
    kind = type(value)
    if kind is np.ndarray:
        return not value.dtype.hasobject
    return kind in PLAIN or (kind in LISTS and is_plain_list(value))
