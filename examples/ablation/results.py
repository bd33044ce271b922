"""What docs/ablation.md needs of the results of both commands, kept in `results.json`."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from examples.ablation.measures import CHANCE
from syncaug.ablate.statistics import paired

__all__ = ["PACKAGES", "kept"]

PACKAGES = ("syncaug", "torch", "numpy", "scikit-learn", "scipy")


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
                arm: {
                    **{key: round(found[key], 4) for key in ("mean", "low", "high")},
                    "above": _above(found["values"], CHANCE[name]),
                }
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
            **{name: version(name) for name in PACKAGES},
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


def _above(values: Mapping[str, float], chance: float) -> int:
    """1 where the seeds lie above chance by the bootstrap's and by Student's interval, else 0."""
    numbers = list(values.values())
    return int(paired(range(len(numbers)), numbers, [chance] * len(numbers)).sign == 1)


def _wider(one: Mapping[str, Any]) -> dict[str, float]:
    """A difference with the wider of its two intervals; one seed alone has none."""
    told = one["difference"]
    student = one["student"] or (told["low"], told["high"])
    return {
        "mean": round(told["mean"], 4),
        "low": round(min(told["low"], student[0]), 4),
        "high": round(max(told["high"], student[1]), 4),
    }
