"""What a cloud's options decide, and what to do with an array that is no cloud of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from syncaug.modalities.annotations.list_rules import ListRules
from syncaug.plan.columns import Layout, layout_of
from syncaug.plan.plan import Stream

__all__ = ["ROWS_HINT", "CloudRules", "cloud_rules", "hint_for"]

_COLOURS = (("r", "g", "b"), ("red", "green", "blue"))
_REFLECTIVITY = ("intensity", "reflectivity", "reflectance")
_TIME = "t"

ROWS_HINT = (
    "columns: names each column of a row; rows of another length are another layout, which no "
    "reshape makes right."
)
"""What to do with rows of another length."""


@dataclass(frozen=True, slots=True)
class CloudRules:
    """What a cloud's options decide: its columns, whether rows that hold none go, and its offset.

    `time_at` is the place of the column of seconds, -1 without one; `coloured` and `shiny` are
    those of colours and of reflectivities. `form` says what should come. `posed` says that the
    sample has the pose of the cloud's vehicle beside it. `poses_follow` says that
    the pose of points in a sensor's axes takes what the world does, as far as it can.
    """

    layout: Layout
    drops_invalid: bool
    offset: float
    time_at: int
    coloured: tuple[int, ...]
    shiny: tuple[int, ...]
    form: str
    lists: ListRules
    posed: bool
    poses_follow: bool


def cloud_rules(stream: Stream) -> CloudRules:
    """What the options of a stream of points decide."""
    options = stream.options
    layout = layout_of(options)
    names = layout.names
    return CloudRules(
        layout,
        options.get("invalid") == "drop",
        float(options.get("offset", 0.0)),
        names.index(_TIME) if _TIME in names else -1,
        next((tuple(map(names.index, c)) for c in _COLOURS if set(c) <= set(names)), ()),
        tuple(index for index, name in enumerate(names) if name in _REFLECTIVITY),
        f"points of shape Nx{len(names)} with columns {', '.join(names)}",
        ListRules.of(stream),
        bool(options.get("ego_pose")),
        options.get("follow", "pose") == "pose",
    )


def hint_for(value: Any) -> str:
    """What to do with a cloud of another type."""
    if isinstance(value, np.ndarray) and value.dtype.names:
        return (
            "Unpack named fields with numpy.lib.recfunctions.structured_to_unstructured, in the "
            "order of columns:."
        )
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu":
        return "Convert it with .astype(numpy.float32); lengths are in metres."
    return ""
