"""The border on the way out: numbers that steps have made overflow are refused by their stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np

from syncaug.catalogue.external import MODALITIES as GROUP
from syncaug.catalogue.external import external_error
from syncaug.catalogue.modalities import MODALITIES
from syncaug.errors import RefusalError
from syncaug.modalities.annotations.rows import Numbers, RowCarrier
from syncaug.modalities.carrier import Carrier
from syncaug.modalities.floats import all_finite

__all__ = ["hand_out"]

_CAST = frozenset({"boxes3d", "joints", "camera", "imu", "state", "action", "embedding"})
"""Modalities that are carried as float64 and come out in the dtype that came."""
_BOUNDED = frozenset(MODALITIES) - _CAST - {"audio", "points"}
"""Modalities whose numbers no step can make overflow: pictures, and what lies in them, have bounds;
depth is asked where it grows. Those that other packages bring are looked at."""


def hand_out(
    names: Iterable[str],
    carriers: Mapping[str, Carrier],
    out: dict[str, Any],
    kept: Mapping[str, Numbers],
) -> None:
    """Add to `out` what carriers give back; of streams of a group the rows that are `kept`.

    Raises RefusalError where numbers have overflowed.
    """
    for name in names:
        carrier = carriers.get(name)
        if carrier is None:
            continue
        modality = carrier.stream.modality
        if name in kept:
            out.update(_rows_of(carrier, kept[name]))
        elif modality in _BOUNDED:
            out.update(carrier.finish())
        elif modality in _CAST:
            out.update(_looked_at(carrier, carrier.finish))
        else:
            given = carrier.finish()
            if modality not in MODALITIES and not _holds(given, name):
                what = f"finish() returned {given!r:.80}; expected a dict with {name!r}"
                raise external_error(GROUP, modality, what)
            if not carrier.surely_finite():
                _require_finite(carrier, given)
            out.update(given)


def _holds(given: Any, name: str) -> bool:
    """Whether what a carrier gave back is a mapping with its stream."""
    return isinstance(given, Mapping) and name in given


def _rows_of(carrier: Carrier, kept: Numbers) -> dict[str, Any]:
    """What a carrier gives back of some rows; the numbers of those that it has are looked at."""
    assert isinstance(carrier, RowCarrier)
    if carrier.stream.modality not in _BOUNDED:
        alive = carrier.alive_rows()
        having = kept[alive[kept]]
        if not carrier.notes.get("out"):
            _looked_at(carrier, partial(carrier.give_rows, having))
    return carrier.give_rows(kept)


def _looked_at(carrier: Carrier, finish: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What a carrier gives back of which the numbers are looked at."""
    if carrier.stream.modality in _CAST:
        with np.errstate(over="ignore", invalid="ignore"):
            out = finish()
    else:
        out = finish()
    if not carrier.surely_finite():
        _require_finite(carrier, out)
    return out


def _require_finite(carrier: Carrier, out: Mapping[str, Any]) -> None:
    """Raise RefusalError where the steps have made numbers overflow that were finite."""
    name = carrier.stream.name
    came = carrier.sample[name]
    if out[name] is not came and not _is_finite(out[name], came) and _is_finite(came):
        raise RefusalError(
            name, "the numbers that the steps make of it are NaN or infinite; its own are not"
        )


def _is_finite(value: Any, before: Any = None) -> bool:
    """Whether arrays, those in a mapping, and lists of numbers are finite; `before` was asked."""
    if isinstance(value, Mapping):
        known = before if isinstance(before, Mapping) else {}
        return all(_is_finite(v) for key, v in value.items() if v is not known.get(key))
    if isinstance(value, list | tuple):
        if any(isinstance(each, Mapping) for each in value):
            return all(map(_is_finite, value))
        try:
            value = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            return True
    if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
        return True
    return all_finite(value)
