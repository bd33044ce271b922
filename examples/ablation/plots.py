"""The plots of docs/ablation.md."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from examples.ablation.measures import CHANCE
from examples.ablation.wording import SAYS, SCENES

__all__ = ["plots"]


def plots(found: Mapping[str, Any]) -> dict[str, bytes]:
    """The plots of the page by file name, as SVG."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    def saved(figure: Any) -> bytes:
        out = io.BytesIO()
        figure.savefig(out, format="svg", metadata={"Date": None}, bbox_inches="tight")
        plt.close(figure)
        # matplotlib leaves blanks at the ends of some lines.
        return re.sub(rb"[ \t]+\n", b"\n", out.getvalue())

    with mpl.rc_context({"svg.hashsalt": "ablation", "font.size": 8, "svg.fonttype": "none"}):
        out = {"ablation.svg": saved(_arms_figure(plt, found))}
        if "efficiency" in found:
            out["ablation_efficiency.svg"] = saved(_efficiency_figure(plt, found["efficiency"]))
    return out


def _arms_figure(plt: Any, found: Mapping[str, Any]) -> Any:
    names = [name for name in SAYS if name in found["metrics"]]
    figure, axes = plt.subplots(3, -(-len(names) // 3), figsize=(12, 7.5), sharey=True)
    arms = found["arms"]
    for axis, name in zip(axes.flat, names, strict=False):
        for place, arm in enumerate(reversed(arms)):
            told = found["metrics"][name][arm]
            colour = {"strict": "tab:blue", "none": "black"}.get(arm, "tab:grey")
            axis.plot([told["low"], told["high"]], [place, place], color=colour)
            axis.plot(told["mean"], place, "o", color=colour, markersize=4)
        axis.axvline(CHANCE[name], color="tab:red", linestyle=":", linewidth=1)
        axis.set_title(name)
        axis.set_xlim(-0.03, 1.03)
        axis.set_yticks(range(len(arms)), list(reversed(arms)))
    for axis in list(axes.flat)[len(names) :]:
        axis.set_visible(False)
    figure.tight_layout()
    return figure


def _efficiency_figure(plt: Any, found: Mapping[str, Any]) -> Any:
    figure, axes = plt.subplots(2, 4, figsize=(12, 5), sharex=True, sharey=True)
    for axis, name in zip(axes.flat, SCENES, strict=False):
        for way, colour in (("variants", "tab:blue"), ("fresh", "black")):
            told = sorted(
                (one for one in found["means"] if one["metric"] == name and one["way"] == way),
                key=lambda one: one["variants"],
            )
            counts = [one["variants"] * found["few"] for one in told]
            axis.plot(counts, [one["mean"] for one in told], "o-", color=colour, label=way)
            bounds = ([one[end] for one in told] for end in ("low", "high"))
            axis.fill_between(counts, *bounds, color=colour, alpha=0.2)
        axis.axhline(CHANCE[name], color="tab:red", linestyle=":", linewidth=1)
        axis.set_xscale("log", base=2)
        axis.set_title(name)
        axis.set_ylim(-0.03, 1.03)
    axes.flat[0].legend()
    figure.supxlabel("samples")
    figure.tight_layout()
    return figure
