"""Carriers of installed packages: their errors, and results that are none, are told as theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from syncaug.catalogue.external import LANES, MODALITIES, external_error, raised
from syncaug.catalogue.modalities import MODALITIES as OURS
from syncaug.errors import SyncaugError
from syncaug.limits import OverLimitError
from syncaug.maps.plane import PlaneMap
from syncaug.modalities import Carrier, Lane
from syncaug.plan.plan import Stream

__all__ = ["blame", "is_brought", "require_forms"]


def is_brought(stream: Stream) -> bool:
    """Whether a package carries a stream: its modality, or the lane that it asks for, is theirs."""
    return stream.modality not in OURS or bool(stream.options.get("lane"))


def blame(lanes: Iterable[Lane], error: Exception) -> None:
    """Raise ExternalError where an error came out of a carrier of a package; else do nothing."""
    if isinstance(error, SyncaugError | OverLimitError | Warning | MemoryError):
        return
    modules = set()
    trace = error.__traceback__
    while trace is not None:
        modules.add(_top(str(trace.tb_frame.f_globals.get("__name__", ""))))
        trace = trace.tb_next
    for lane in lanes:
        if is_brought(lane.stream) and _top(lane.kind.__module__) in modules:
            what = raised(f"the carrier of stream {lane.stream.name!r}", error)
            raise external_error(*_who(lane.stream), what) from error


def require_forms(
    names: Iterable[str],
    carriers: Mapping[str, Carrier],
    out: Mapping[str, Any],
    totals: Mapping[str, PlaneMap],
) -> None:
    """Raise ExternalError where a package's carrier gave back what its stream cannot be."""
    for name in names:
        carrier = carriers.get(name)
        if carrier is None or name not in out:
            continue
        stream, came, went = carrier.stream, carrier.sample[name], out[name]
        fault = _unlike(came, went) if stream.modality in OURS else ("None" if went is None else "")
        plane = totals.get(stream.spaces.get("plane", ""))
        if not fault and stream.spec.picture and plane is not None and isinstance(went, np.ndarray):
            width, height = plane.size
            if stream.options.get("layout") != "chw" and went.shape[:2] != (height, width):
                fault = f"an array of shape {went.shape}; expected a picture of {width}x{height}"
        if fault:
            raise external_error(*_who(stream), f"stream {name!r} came out as {fault}")


def _unlike(came: Any, went: Any) -> str:
    if isinstance(came, np.ndarray) and isinstance(went, np.ndarray):
        if came.ndim == went.ndim and came.dtype == went.dtype:
            return ""
        return f"{went.dtype} of {went.ndim} axes; expected {came.dtype} of {came.ndim}, as it came"
    if went is None or isinstance(came, np.ndarray):
        return f"{went!r:.80}; expected the form in which it came"
    return ""


def _who(stream: Stream) -> tuple[str, str]:
    if stream.modality not in OURS:
        return MODALITIES, stream.modality
    return LANES, str(stream.options["lane"])


def _top(module: str) -> str:
    return module.partition(".")[0]
