"""What a film has and its frames have not: said once for each file, as a SampleWarning."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.errors import SampleWarning
from syncaug.io.colours import is_deep
from syncaug.io.packed import shown_path

__all__ = ["warn_of_losses"]

_PACKAGE = str(Path(__file__).parent.parent)
_TRANSFERS = {16: "PQ (HDR10)", 18: "HLG"}
"""Transfer characteristics (ISO 23001-8) of high dynamic range -> their names."""

_GAMUTS = {9: "BT.2020", 11: "DCI-P3", 12: "Display P3"}
"""Colour primaries wider than those of BT.709 -> their names."""

_SELDOM_CLEAR = frozenset({"gif", "png", "qtrle", "apng"})
"""Codecs whose decoder always gives an alpha, or whose writers add one that is opaque."""

_SAID: set[tuple[str, int]] = set()
_REMEMBERED = 100_000


def warn_of_losses(path: Path, track: int, stream: Any, frame: Any) -> None:
    """Warn of what the frames of a film lose, once for each file in a process."""
    losses = list(_losses(stream, frame))
    shown = shown_path(path)
    if not losses or (shown, track) in _SAID:
        return
    if len(_SAID) < _REMEMBERED:
        _SAID.add((shown, track))
    text = f"{shown}: {'; '.join(losses)}. Convert the film first where that matters."
    warnings.warn(SampleWarning(text), stacklevel=_depth_of_caller())


def _losses(stream: Any, frame: Any) -> Iterator[str]:
    if is_deep(frame):
        bits = max(part.bits for part in frame.format.components)
        yield f"its {bits} bits are read as 8"
    names = frame.format.name
    alpha = names.startswith(("yuva", "rgba", "bgra", "argb", "abgr", "gbrap", "ya"))
    if alpha and stream.codec_context.name in _SELDOM_CLEAR:
        alpha = not _is_opaque(frame)
    if alpha or stream.metadata.get("alpha_mode", stream.metadata.get("ALPHA_MODE")) == "1":
        yield "its transparency (alpha) is left out"
    if int(frame.color_trc) in _TRANSFERS:
        curve = _TRANSFERS[int(frame.color_trc)]
        yield f"its levels follow {curve} and are handed out as they stand, as if they were BT.709"
    elif int(frame.color_primaries) in _GAMUTS:
        gamut = _GAMUTS[int(frame.color_primaries)]
        yield f"its colours are of {gamut} and are handed out as they stand, as if they were BT.709"


def _is_opaque(frame: Any) -> bool:
    """Whether no pixel of a frame lets anything through."""
    plane = frame.reformat(format="rgba").planes[0]
    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    return bool((rows[: frame.height, 3 : 4 * frame.width : 4] == 255).all())


def _depth_of_caller() -> int:
    """How many frames up the caller of this package stands, for `warnings.warn`."""
    depth, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        depth, frame = depth + 1, frame.f_back
    return depth
