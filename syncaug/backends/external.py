"""Operations of third parties, whose contract is simple, in the form of all others.

What `prepare` of such a package gives has `run(data, values, entropy)` and returns the new data: an
array, (text, edits) of a text, the rows to keep where its entry says `moves: rows`. One that moves
the plane has `run_with_map`, which returns (data, map); one that moves the clock may have
`run_with_time`, which gets `sample_rate=` and returns (data, time map); one that moves the world
has a constant 4x4 matrix as its first parameter. `run` may take `sample_rate=`, too. One that
carries films frame by frame has `on_frames(first, values, entropy)`, which returns
(function of a frame, map or None).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from inspect import signature
from typing import Any

import numpy as np

from syncaug.backends.operation import Operated, Operation, PerFrame
from syncaug.backends.parameters import world_of
from syncaug.catalogue import OperationSpec
from syncaug.catalogue.external import OPERATIONS, external_error, external_object, guarded
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.maps.time import TimeMap
from syncaug.randomness import Entropy

__all__ = ["ExternalOperation", "prepare"]

_Run = Callable[[Any, Mapping[str, Any], Entropy, float], Operated]


def prepare(
    spec: OperationSpec, modality: str, constants: Mapping[str, Any], options: Mapping[str, Any]
) -> ExternalOperation:
    """Build an operation that an installed package brings."""
    module = external_object(OPERATIONS, spec.library)
    build = guarded(OPERATIONS, spec.library, "prepare()", module.prepare)
    theirs = build(spec.name, modality, constants, options)
    needed = _needed(spec, modality)
    if not callable(getattr(theirs, needed, None)):
        what = f"prepare() returned {theirs!r:.80}; expected an object with {needed}()"
        raise external_error(OPERATIONS, spec.library, what)
    return ExternalOperation(spec, modality, constants, theirs)


class ExternalOperation(Operation):
    """An object of a third party; what it offers is looked up once."""

    def __init__(
        self, spec: OperationSpec, modality: str, constants: Mapping[str, Any], theirs: Any
    ) -> None:
        self.spec = spec
        self._run = guarded(
            OPERATIONS, spec.library, spec.name, _adapted(spec, modality, constants, theirs)
        )
        on_frames = getattr(theirs, "on_frames", None)
        self._on_frames = on_frames and guarded(
            OPERATIONS, spec.library, f"{spec.name}, on_frames(),", on_frames
        )
        self._border = int(getattr(theirs, "border_mode", 0))

    def run(
        self, data: Any, values: Mapping[str, Any], entropy: Entropy, rate: float = 0.0
    ) -> Operated:
        operated: Operated = self._run(data, values, entropy, rate)
        fault = _misfit(data, operated.data, self.spec.moves)
        if fault:
            raise external_error(OPERATIONS, self.spec.library, f"{self.spec.name} gave {fault}")
        return operated

    def on_frames(self, first: Any, values: Mapping[str, Any], entropy: Entropy) -> PerFrame | None:
        if self._on_frames is None:
            return None
        function, moved = self._on_frames(first, values, entropy)
        return PerFrame(function, moved, self._border)


def _needed(spec: OperationSpec, modality: str) -> str:
    """The method that an operation cannot do without."""
    return "run_with_map" if spec.moves in ("plane", "field") and modality != "video" else "run"


def _misfit(came: Any, went: Any, moves: str) -> str:
    """How an array that an operation made is not of the form that came; empty where it is."""
    if not isinstance(came, np.ndarray):
        return "" if isinstance(went, type(came)) else f"{went!r:.80}; expected as it came"
    if not isinstance(went, np.ndarray):
        return f"{went!r:.80}; expected an array"
    alike = went.ndim == came.ndim and went.dtype.kind == came.dtype.kind
    if alike and (moves != "nothing" or went.shape == came.shape):
        return ""
    return f"{went.dtype} of shape {went.shape}; expected {came.dtype} of shape {came.shape}" + (
        "" if moves == "nothing" else ", or of other lengths"
    )


def _adapted(spec: OperationSpec, modality: str, constants: Mapping[str, Any], theirs: Any) -> _Run:
    """How the object is called for this kind of stream, and what its answer means."""
    wants_rate = modality == "audio" and "sample_rate" in signature(theirs.run).parameters
    plain = theirs.run

    def run(data: Any, values: Mapping[str, Any], entropy: Entropy, rate: float) -> Any:
        if wants_rate:
            return plain(data, values, entropy, sample_rate=rate)
        return plain(data, values, entropy)

    if modality == "video":
        return lambda *given: Operated(run(*given))
    if spec.moves in ("plane", "field"):
        return partial(_with_map, theirs.run_with_map, int(getattr(theirs, "border_mode", 0)))
    if spec.moves == "clock" and modality == "audio" and hasattr(theirs, "run_with_time"):
        return partial(_with_time, theirs.run_with_time)
    if spec.moves == "world":
        world = world_of(constants)
        return lambda *given: Operated(run(*given), world)
    if modality == "text":
        return lambda *given: _rewritten(run(*given))
    if spec.moves == "rows":
        return lambda data, *given: _picked(data, run(data, *given))
    return lambda *given: Operated(run(*given))


def _with_map(
    theirs: Any, border: int, data: Any, values: Any, entropy: Entropy, rate: float
) -> Operated:
    moved, map_ = theirs(data, values, entropy)
    if not isinstance(map_, PlaneMap | FieldMap):
        raise ValueError(f"run_with_map gave {type(map_).__name__} where a map was expected")
    return Operated(moved, map_, border)


def _with_time(theirs: Any, data: Any, values: Any, entropy: Entropy, rate: float) -> Operated:
    moved, time = theirs(data, values, entropy, sample_rate=rate)
    if not isinstance(time, TimeMap):
        raise ValueError(f"run_with_time gave {type(time).__name__} where a TimeMap was expected")
    return Operated(moved, time)


def _rewritten(answer: Any) -> Operated:
    text, edits = answer
    return Operated(text, edits=tuple(edits))


def _picked(data: Any, rows: Any) -> Operated:
    return Operated(data[rows], rows=rows)
