"""Transforms of installed packages: what they raise, and maps that are none, are told as theirs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from syncaug.catalogue.external import TRANSFORMS, external_error, guarded
from syncaug.catalogue.transforms import TransformSpec, transform
from syncaug.maps.lens_map import LensMap
from syncaug.maps.mask import Blank, Drop, Occlusion
from syncaug.maps.mix import Mix
from syncaug.maps.noise import Noise
from syncaug.maps.numbers import determinant
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.maps.time import TimeMap
from syncaug.maps.tone import ToneMap
from syncaug.maps.words import Rebuild, Tilt
from syncaug.maps.world import Frustum, WorldMap
from syncaug.transforms.view import Maps, View

__all__ = ["brought", "fault_of"]

_MAPS: Mapping[str, tuple[type, ...]] = {
    "plane": (PlaneMap,),
    "field": (FieldMap,),
    "lens": (LensMap,),
    "time": (TimeMap,),
    "world": (WorldMap,),
    "frustum": (Frustum,),
    "tone": (ToneMap,),
    "pitch": (ToneMap,),
    "phase": (float,),
    "noise": (Noise,),
    "blank": (Blank,),
    "occlude": (Occlusion,),
    "words": (Rebuild, Tilt),
    "drop": (Drop,),
    "mix": (Mix,),
}
"""Kind of map -> the values that say it."""


def brought(name: str, maps: Callable[..., Any]) -> Callable[[Any, View], Maps]:
    """The `maps` of a package's transform; raises ExternalError where it gives none."""
    spec, call = transform(name), guarded(TRANSFORMS, name, "maps()", maps)

    def checked(parameters: Any, view: View) -> Maps:
        made = call(parameters, view)
        if not isinstance(made, Iterable):
            raise external_error(TRANSFORMS, name, _shown(made))
        listed = list(guarded(TRANSFORMS, name, "maps()", list)(made))
        for located in listed:
            fault = fault_of(spec, located, view)
            if fault:
                raise external_error(TRANSFORMS, name, fault)
        return listed

    return checked


def fault_of(spec: TransformSpec, located: Any, view: View) -> str:
    """What is wrong with one of the maps that a transform made; empty where nothing is."""
    if not isinstance(located, tuple) or len(located) != 3:
        return _shown(located)
    kind, space, map_ = located
    if kind not in spec.makes:
        return f"maps() made a {kind!r} map; add it to SPEC's makes"
    forms = _MAPS.get(kind, (object,))
    if not isinstance(map_, forms):
        form = " or ".join(one.__name__ for one in forms)
        return f"a {kind} map is {map_!r:.80}; expected {form}"
    try:
        return _misfit(map_, space, view)
    except KeyError:
        return f"a {kind} map was sent to {space!r}; ask the view for planes, clocks or worlds"


def _misfit(map_: Any, space: str, view: View) -> str:
    """How a map does not fit its space. Raises KeyError where the sample has no such space."""
    if isinstance(map_, PlaneMap):
        came, there = map_.source, view.size(space)
        if came != there:
            return f"a plane map starts from {came}; view.size says {there}"
        whole = len(map_.numbers) == 9 and all(map(math.isfinite, map_.numbers))
        if not whole or not determinant(map_.numbers) or min(map_.size) < 1:
            return (
                f"a plane map has the numbers {map_.numbers!r:.120} and the size {map_.size}; "
                "expected nine finite ones of a matrix that can be inverted, and at least a pixel"
            )
    if isinstance(map_, TimeMap):
        length, lasts = map_.source, view.duration(space)
        if not abs(length - lasts) <= 1e-9 * max(1.0, lasts):
            return f"a time map starts from {length} s; view.duration says {lasts}"
    return ""


def _shown(made: Any) -> str:
    return f"maps() returned {made!r:.80}; expected (kind, space or stream, map)"
