"""Problems of maps on the ground that do not say, or say twice, where their cells lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from syncaug.compiler.complaints import Complaints
from syncaug.plan.grid import ground_axes

__all__ = ["check_grid"]

_FORMS = "range: [least x, least y, most x, most y], or resolution: with origin:"


def check_grid(name: str, options: Mapping[str, Any], complaints: Complaints) -> None:
    """Complain (SA522) of a bev stream whose cells have no place on the ground, or two."""
    for key, message, expected in _wrong(options):
        path = ("sample", name, key) if key in options else ("sample", name)
        complaints.add("SA522", path, message, expected=expected)


def _wrong(options: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    ground = ground_axes(str(options.get("up", "z")))
    axes = options.get("axes") or ()
    if sorted(axis[-1] for axis in axes) != sorted(ground):
        one, other = tuple(ground)
        said = f"axes [{', '.join(axes)}]" if axes else "no axes:"
        yield (
            "axes",
            f"{said} do not say along which axes of the ground rows and columns go",
            f"the axis of rows and that of columns, such as axes: [-{one}, -{other}] of a map seen "
            f"from above with {one} up",
        )
    extent, resolution, origin = (options.get(key) for key in ("range", "resolution", "origin"))
    if extent is not None and origin is not None:
        yield "origin", "range: says already where the map begins", "range: or origin:, not both"
    elif extent is not None:
        half = len(extent) // 2
        if any(low >= high for low, high in zip(extent[:half], extent[half:], strict=True)):
            yield "range", f"range {extent} has no extent", "the least of all axes, then the most"
    elif resolution is None or origin is None:
        lacking = "origin:" if resolution is not None else "range:"
        yield (
            "resolution" if resolution is not None else "origin",
            f"without {lacking} its cells have no place on the ground",
            _FORMS,
        )
