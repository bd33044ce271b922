"""The tables of docs/ablation.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from examples.ablation.measures import CHANCE
from examples.ablation.results import PACKAGES
from examples.ablation.wording import SAYS, SCENES, percent

__all__ = ["efficiency", "ran", "table"]

_SEEDS = 5
"""Seeds that the commands run unless they are told otherwise."""


def ran(found: Mapping[str, Any]) -> str:
    """What was run, for how long and on what, and whether the arms drew alike."""
    on = found["on"]
    text = ", ".join(f"{name} {on[name]}" for name in PACKAGES)
    failed = f" {found['failed']} of them failed." if found["failed"] else ""
    fewer = (
        ["The command runs five seeds; these are the first of them, and intervals are wide."]
        if found["seeds"] < _SEEDS
        else []
    )
    lines = [
        f"{found['runs']} trainings: {len(found['arms'])} arms under {found['seeds']} seeds, "
        f"{_minutes(found['seconds'])} in all, each on one core.{failed} "
        f"Python {on['python']}, {text}, {on['cores']} cores.",
        *fewer,
        *found["fair"],
    ]
    return "\n".join(lines) + "\n"


def table(found: Mapping[str, Any]) -> str:
    """Every measure in every arm."""
    arms = found["arms"]
    lines = ["| measure | chance | " + " | ".join(f"`{arm}`" for arm in arms) + " |"]
    lines.append("|---" * (len(arms) + 2) + "|")
    for name, says in SAYS.items():
        if name in found["metrics"]:
            cells = [_cell(found["metrics"][name][arm]) for arm in arms]
            lines.append(f"| {says} | {percent(CHANCE[name])} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def efficiency(found: Mapping[str, Any]) -> str:
    """Variants and fresh scenes, and their difference."""
    counts = sorted({one["variants"] for one in found["means"]})
    few = found["few"]
    lines = [
        f"{found['runs']} trainings under {found['seeds']} seeds, "
        f"{_minutes(found['seconds'])} in all, each on one core.",
        "",
        "| measure | " + " | ".join(f"{few} x {n}" for n in counts) + " |",
        "|---" * (len(counts) + 1) + "|",
    ]
    for name in SCENES:
        cells = []
        for count in counts:
            ways = {
                one["way"]: one
                for one in found["means"]
                if one["metric"] == name and one["variants"] == count
            }
            gap = next(
                one
                for one in found["differences"]
                if one["metric"] == name and one["variants"] == count
            )
            cells.append(
                f"{percent(ways['variants']['mean'])}, fresh {percent(ways['fresh']['mean'])}; "
                f"{100 * gap['mean']:+.1f} ({100 * gap['low']:+.1f} to {100 * gap['high']:+.1f})"
            )
        lines.append(f"| {SAYS[name]} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(told: Mapping[str, float]) -> str:
    numbers = (100 * told[key] for key in ("mean", "low", "high"))
    return "{:.1f} ({:.1f}-{:.1f})".format(*numbers)


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes"
