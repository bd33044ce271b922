"""Plots as inline SVG, by Matplotlib: the same bytes for the same numbers."""

from __future__ import annotations

import io
from collections.abc import Callable
from importlib import import_module
from typing import Any

from syncaug.errors import MissingExtraError

__all__ = ["plotted", "require_libraries"]

_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


_LIBRARIES = (("jinja2", "jinja2", "report"), ("matplotlib", "Matplotlib", "analysis"),
              ("scipy", "scipy", "analysis"))  # fmt: skip
"""What pages with statistics and plots need: module, name, extra."""


def require_libraries() -> None:
    """Raises MissingExtraError where a page of statistics could not be written in the end."""
    for module, name, extra in _LIBRARIES:
        try:
            import_module(module)
        except ImportError:
            raise MissingExtraError(name, extra) from None


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
