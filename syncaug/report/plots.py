"""Plots as inline SVG, by Matplotlib: the same bytes for the same numbers."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from syncaug.errors import MissingExtraError

__all__ = ["plotted"]

_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def plotted(draw: Callable[[Any], None], *, width: float = 4.0, height: float = 2.2) -> str:
    """What `draw` draws on Matplotlib's axes, as SVG of so many inches.

    Raises MissingExtraError without Matplotlib.
    """
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError("Matplotlib", "analysis") from None

    with mpl.rc_context({"svg.hashsalt": "syncaug", "font.size": 8, "svg.fonttype": "none"}):
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.add_subplot()
        draw(axes)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata=_NO_METADATA)
    text = out.getvalue()
    return text[text.index("<svg") :]
