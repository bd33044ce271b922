"""The page of a stress test: what it says, what breaks first, and every curve, in one file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from syncaug.io.atomic import write_bytes
from syncaug.report.html import environment
from syncaug.report.plots import plotted
from syncaug.stress.conclusions import amount_of
from syncaug.stress.report import StressReport

__all__ = ["render_page", "write_page"]

_LINE, _BAND, _BREAK = "#2f6fb0", "#2f6fb0", "#c0392b"


def write_page(report: StressReport, path: Path, *, title: str) -> Path:
    """Write the page and return its path. Raises MissingExtraError without Matplotlib or Jinja2."""
    write_bytes(path, render_page(report, title=title).encode("utf-8", "backslashreplace"))
    return path


def render_page(report: StressReport, *, title: str) -> str:
    """The page as text; its plots are inline SVG, so that it asks the network for nothing."""
    data = report.data
    clean = data["clean"]["mean"]
    relations = [{**one, "plot": _plot(one["curve"], clean, one)} for one in report.relations]
    return (
        environment()
        .get_template("stress.html.jinja")
        .render(
            title=title,
            data=data,
            conclusions=report.conclusions,
            relations=relations,
            amount=amount_of,
            agreement=_plot(data["agreement"], clean, None),
        )
    )


def _plot(
    curve: Sequence[Mapping[str, Any]], clean: float, relation: Mapping[str, Any] | None
) -> str:
    """A curve with its band, the clean score, and the level at which it breaks, as SVG."""
    scale = 1.0 if relation is None else relation["full_scale"]
    good = [point for point in curve if "score" in point]
    bad = [point["level"] * scale for point in curve if "error" in point]
    places = [point["level"] * scale for point in good]

    def draw(axes: Any) -> None:
        axes.axhline(clean, color="0.6", linewidth=0.8, linestyle="--")
        if good:
            low = [point["score"]["low"] for point in good]
            high = [point["score"]["high"] for point in good]
            axes.fill_between(places, low, high, color=_BAND, alpha=0.2, linewidth=0)
            axes.plot(places, [p["score"]["mean"] for p in good], color=_LINE, marker=".")
        for place in bad:
            axes.axvline(place, color=_BREAK, linewidth=0.8, linestyle=":")
        if relation is not None:
            if relation["threshold"] is not None:
                axes.axhline(clean - relation["threshold"], color=_BREAK, linewidth=0.6)
            if relation["amount"] is not None:
                axes.axvline(relation["amount"], color=_BREAK, linewidth=1.2)
            unit = "share of the samples" if relation["unit"] == "share" else relation["unit"]
            axes.set_xlabel(unit)
        else:
            axes.set_xlabel("severity")
        axes.set_ylabel("score")

    return plotted(draw)
