"""Orders of channels that PyAV cannot free: QuickTime may name each channel of a track.

PyAV 18.1 shares the list of these names between a track, its frames and what tells of them, and
frees it with each: the process ends. Nothing here goes by the names, so that a track gets the usual
ones before a frame is made.
"""

from __future__ import annotations

import ctypes
from typing import Any

__all__ = ["name_as_usual"]

_USUAL = {1: "mono", 2: "stereo", 3: "2.1", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}


def name_as_usual(container: Any) -> None:
    """Give the usual names to tracks of a container whose channels have names of their own."""
    for stream in container.streams.audio:
        context = stream.codec_context
        if context is None:
            continue
        layout = context.layout
        if "channels (" not in layout.name:
            continue
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(layout))  # so that it is never freed
        count = layout.nb_channels
        context.layout = _USUAL.get(count, f"{count} channels")
