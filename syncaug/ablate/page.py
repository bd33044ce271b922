"""The page of an ablation: what it says, every metric in every arm, and how fair the arms are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from syncaug.ablate.report import AblationReport
from syncaug.io.atomic import write_bytes
from syncaug.plan.ablation import STRICT
from syncaug.report.html import environment
from syncaug.report.plots import plotted

__all__ = ["render_page", "write_page"]

_INK, _AHEAD, _BEHIND, _EVEN = "#2f6fb0", "#1d7a3a", "#c0392b", "0.45"


def write_page(report: AblationReport, path: Path, *, title: str) -> Path:
    """Write the page and return its path. Raises MissingExtraError without Matplotlib or Jinja2."""
    write_bytes(path, render_page(report, title=title).encode("utf-8", "backslashreplace"))
    return path


def render_page(report: AblationReport, *, title: str) -> str:
    """The page as text; its plots are inline SVG, so that it asks the network for nothing."""
    data = report.data
    metrics = [
        {
            "name": name,
            "lower": not told["higher_is_better"],
            "arms": told["arms"],
            "runs": _runs(told["arms"]),
            "ahead": _ahead([one for one in report.comparisons if one["metric"] == name]),
            "comparisons": [one for one in report.comparisons if one["metric"] == name],
        }
        for name, told in data["metrics"].items()
    ]
    return (
        environment()
        .get_template("ablation.html.jinja")
        .render(
            title=title,
            data=data,
            metrics=metrics,
            failed=report.failed,
            conclusions=report.conclusions,
            comparisons=[(one, _verdict(one)) for one in report.comparisons],
        )
    )


def _verdict(one: Mapping[str, Any]) -> str:
    """What a comparison comes to, in a few words."""
    if one["student"] is None:
        return "not tested: no spread" if len(one["seeds"]) > 1 else "not tested: too few seeds"
    return {1: "strict is better", -1: "strict is worse", 0: "no difference shown"}[one["ahead"]]


def _runs(arms: Mapping[str, Mapping[str, Any]]) -> str:
    """The number of every run, those of one seed joined, and each arm's mean with its interval."""
    places = {arm: place for place, arm in enumerate(arms)}
    seeds = dict.fromkeys(seed for told in arms.values() for seed in told.get("values", {}))

    def draw(axes: Any) -> None:
        for seed in seeds:
            points = [
                (places[arm], told["values"][seed])
                for arm, told in arms.items()
                if seed in told.get("values", {})
            ]
            axes.plot(*zip(*points, strict=True), color="0.75", linewidth=0.6, marker=".", zorder=1)
        for arm, told in arms.items():
            if "mean" in told:
                axes.vlines(places[arm], told["low"], told["high"], color=_INK, linewidth=2)
                axes.plot(places[arm], told["mean"], color=_INK, marker="o", zorder=3)
        axes.set_xticks(list(places.values()), list(places), rotation=30, ha="right")
        axes.set_xlim(-0.5, len(places) - 0.5)

    return plotted(draw, width=4.5, height=2.6)


def _ahead(comparisons: Sequence[Mapping[str, Any]]) -> str:
    """How far strict is ahead of each arm, with both intervals, about a line at zero."""
    colours = {1: _AHEAD, -1: _BEHIND, 0: _EVEN}
    shown = [one for one in comparisons if one["differences"]]

    def draw(axes: Any) -> None:
        axes.axvline(0.0, color="0.6", linewidth=0.8, linestyle="--")
        for place, one in enumerate(reversed(shown)):
            told, colour = one["difference"], colours[one["ahead"]]
            if one["student"] is not None:
                axes.hlines(place, *one["student"], color=colour, linewidth=0.8)
                axes.hlines(place, told["low"], told["high"], color=colour, linewidth=3)
            axes.plot(told["mean"], place, color=colour, marker="o")
        axes.set_yticks(range(len(shown)), [one["arm"] for one in reversed(shown)])
        axes.set_ylim(-0.5, max(0.5, len(shown) - 0.5))
        axes.set_xlabel(f"how far {STRICT} is ahead")

    return plotted(draw, width=4.5, height=0.8 + 0.3 * max(1, len(shown)))
