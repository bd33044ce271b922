"""Writes what runs have found into docs/ablation.md, with plots; no number is copied by hand.

    python -m examples.ablation.page out/ablation/ablation.json out/efficiency/efficiency.json

keeps what the page needs in `results.json` and writes the page anew from it; without arguments it
only writes the page anew. Text between `<!-- begin NAME -->` and `<!-- end -->` is replaced.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from examples.ablation.measures import CHANCE

__all__ = ["RESULTS", "blocks", "filled", "kept", "main", "plots"]

HERE = Path(__file__).resolve().parent
DOCS, RESULTS = HERE.parents[1] / "docs", HERE / "results.json"
PAGE = DOCS / "ablation.md"
SAYS = {
    "retrieval_captions": "scene by full caption and back, among 256, first hit",
    "retrieval_sounds": "scene by sound and back, among 256, first hit",
    "question_colour": "which colour is the shape on the left?",
    "question_side": "on which side is the red shape?",
    "probe_colour": "linear probe: the colour on the left",
    "probe_side": "linear probe: the side of a kind of shape",
    "offset_film": "film and sound: which of five offsets",
    "offset_cues": "cues and sound: which of five offsets",
    "photos_colour": "real photos: true or wrong colours",
    "photos_side": "real photos: true or wrong sides",
    "webb_offset": "real film (narration): which of five offsets",
    "bunny_offset": "real film (animation): which of five offsets",
    "speech_offset": "real speech and its words: which of five offsets",
}
_SCENES = tuple(name for name in SAYS if not name.startswith(("photos", "webb", "bunny", "speech")))
_PACKAGES = ("syncaug", "torch", "numpy", "scikit-learn", "scipy")
_BEGIN, _END = "<!-- begin {} -->\n", "<!-- end -->"


def kept(ablation: Mapping[str, Any], efficiency: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the page needs of the results of both commands, and what they ran on."""
    runs = ablation["runs"]
    marginals = ablation["marginals"]
    out: dict[str, Any] = {
        "arms": ablation["arms"],
        "seeds": len(ablation["seeds"]),
        "runs": len(runs),
        "failed": sum("error" in run for run in runs),
        "seconds": round(sum(run["seconds"] for run in runs)),
        "fair": [line for line in ablation["conclusions"] if "draw alike" in line],
        "differ": len(marginals["differ"]) if marginals else None,
        "metrics": {
            name: {
                arm: {key: round(found[key], 4) for key in ("mean", "low", "high")}
                for arm, found in told["arms"].items()
            }
            for name, told in ablation["metrics"].items()
        },
        "comparisons": [
            {
                "metric": one["metric"],
                "arm": one["arm"],
                "ahead": one["ahead"],
                **_wider(one),
                "p": one["wilcoxon"].get("holm"),
            }
            for one in ablation["comparisons"]
        ],
        "on": {
            **{name: version(name) for name in _PACKAGES},
            "python": platform.python_version(),
            "cores": os.cpu_count(),
        },
    }
    if efficiency is not None:
        runs = efficiency["runs"]
        out["efficiency"] = {
            "few": efficiency["few"],
            "seeds": len({run["seed"] for run in runs}),
            "runs": len(runs),
            "seconds": round(sum(run["seconds"] for run in runs)),
            "means": [
                {key: round(v, 4) if isinstance(v, float) else v for key, v in one.items()}
                for one in efficiency["means"]
            ],
            "differences": [
                {
                    "metric": one["metric"],
                    "variants": one["variants"],
                    **_wider(one),
                }
                for one in efficiency["differences"]
            ],
        }
    return out


def _wider(one: Mapping[str, Any]) -> dict[str, float]:
    """A difference with the wider of its two intervals; one seed alone has none."""
    told = one["difference"]
    student = one["student"] or (told["low"], told["high"])
    return {
        "mean": round(told["mean"], 4),
        "low": round(min(told["low"], student[0]), 4),
        "high": round(max(told["high"], student[1]), 4),
    }


def blocks(found: Mapping[str, Any]) -> dict[str, str]:
    """The generated parts of the page by name."""
    out = {"run": _run(found), "table": _table(found), "sentence": _sentence(found)}
    if "efficiency" in found:
        out["efficiency"] = _efficiency(found["efficiency"])
    return out


def filled(page: str, parts: Mapping[str, str]) -> str:
    """The page with its generated parts replaced."""
    for name, text in parts.items():
        begin = re.escape(_BEGIN.format(name))
        page, count = re.subn(
            f"({begin}).*?({_END})", lambda m, text=text: m[1] + text + m[2], page, flags=re.DOTALL
        )
        if count != 1:
            raise SystemExit(f"{PAGE.name}: expected one part {name!r}; got {count}")
    return page


def plots(found: Mapping[str, Any]) -> dict[str, bytes]:
    """The plots of the page by file name, as SVG."""
    import io

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


def _run(found: Mapping[str, Any]) -> str:
    on = found["on"]
    text = ", ".join(f"{name} {on[name]}" for name in _PACKAGES)
    failed = f" {found['failed']} of them failed." if found["failed"] else ""
    lines = [
        f"{found['runs']} trainings: {len(found['arms'])} arms under {found['seeds']} seeds, "
        f"{_minutes(found['seconds'])} of trainings on one core each.{failed} "
        f"Python {on['python']}, {text}, {on['cores']} cores.",
        *found["fair"],
    ]
    return "\n".join(lines) + "\n"


def _table(found: Mapping[str, Any]) -> str:
    arms = found["arms"]
    lines = ["| measure | chance | " + " | ".join(f"`{arm}`" for arm in arms) + " |"]
    lines.append("|---" * (len(arms) + 2) + "|")
    for name, says in SAYS.items():
        if name in found["metrics"]:
            cells = [_cell(found["metrics"][name][arm]) for arm in arms]
            lines.append(f"| {says} | {_percent(CHANCE[name])} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _sentence(found: Mapping[str, Any]) -> str:
    """What the intervals allow to be said, measure by measure, of strict against each other arm."""
    lines = []
    for name, says in SAYS.items():
        told = {one["arm"]: one for one in found["comparisons"] if one["metric"] == name}
        if not told:
            continue
        strict = found["metrics"][name]["strict"]
        known = "" if strict["low"] > CHANCE[name] else ", which is not above chance"
        ahead, level, behind = (
            [_against(one) for one in told.values() if one["ahead"] == sign] for sign in (1, 0, -1)
        )
        parts = [f"strict gives {_percent(strict['mean'])}{known}"]
        if ahead:
            parts.append("ahead of " + ", ".join(ahead))
        if behind:
            parts.append("behind " + ", ".join(behind))
        if level:
            parts.append("not told apart from " + ", ".join(level))
        lines.append(f"* **{says}**: {'; '.join(parts)}.")
    return "\n".join(lines) + "\n"


def _against(one: Mapping[str, Any]) -> str:
    return (
        f"`{one['arm']}` ({100 * one['mean']:+.1f}, {100 * one['low']:+.1f} to "
        f"{100 * one['high']:+.1f})"
    )


def _efficiency(found: Mapping[str, Any]) -> str:
    counts = sorted({one["variants"] for one in found["means"]})
    few = found["few"]
    lines = [
        f"{found['runs']} trainings under {found['seeds']} seeds, "
        f"{_minutes(found['seconds'])} of trainings on one core each.",
        "",
        "| measure | " + " | ".join(f"{few} x {n}" for n in counts) + " |",
        "|---" * (len(counts) + 1) + "|",
    ]
    for name in _SCENES:
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
                f"{_percent(ways['variants']['mean'])}, fresh {_percent(ways['fresh']['mean'])}; "
                f"{100 * gap['mean']:+.1f} ({100 * gap['low']:+.1f} to {100 * gap['high']:+.1f})"
            )
        lines.append(f"| {SAYS[name]} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


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
    for axis, name in zip(axes.flat, _SCENES, strict=False):
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


def _cell(told: Mapping[str, float]) -> str:
    numbers = (100 * told[key] for key in ("mean", "low", "high"))
    return "{:.1f} ({:.1f}-{:.1f})".format(*numbers)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes"


def main(arguments: list[str]) -> None:
    if arguments:
        ablation, *rest = (json.loads(Path(path).read_text("utf-8")) for path in arguments)
        before = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
        found = kept(ablation, rest[0] if rest else None)
        if not rest and "efficiency" in before:
            found["efficiency"] = before["efficiency"]
        text = json.dumps(found, indent=1) + "\n"
        RESULTS.write_text(text, encoding="utf-8", newline="\n")
    found = json.loads(RESULTS.read_text("utf-8"))
    page = filled(PAGE.read_text("utf-8"), blocks(found))
    PAGE.write_text(page, encoding="utf-8", newline="\n")
    for name, data in plots(found).items():
        (DOCS / name).write_bytes(data)


if __name__ == "__main__":
    main(sys.argv[1:])
