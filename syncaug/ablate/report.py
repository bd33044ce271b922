"""What an ablation found, as plain data: each arm's metrics, how far strict is ahead, and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from syncaug.ablate.conclusions import conclusions_of
from syncaug.ablate.statistics import ALPHA, holm, least_p, paired, seeds_needed
from syncaug.plan.ablation import STRICT
from syncaug.stress.breaking import band
from syncaug.version import __version__

if TYPE_CHECKING:
    from syncaug.augmenter import Augmenter

__all__ = ["AblationReport", "summarized"]


@dataclass(frozen=True, slots=True)
class AblationReport:
    """All that an ablation found; `data` is what `ablation.json` holds."""

    data: Mapping[str, Any]

    @property
    def comparisons(self) -> list[Mapping[str, Any]]:
        """How far strict synchrony is ahead of each arm in each metric."""
        found: list[Mapping[str, Any]] = self.data["comparisons"]
        return found

    @property
    def conclusions(self) -> list[str]:
        """What it comes to, in sentences."""
        found: list[str] = self.data["conclusions"]
        return found

    @property
    def failed(self) -> list[Mapping[str, Any]]:
        """The runs that gave no metrics."""
        return [run for run in self.data["runs"] if "error" in run]

    @property
    def good(self) -> bool:
        """Whether all runs gave metrics and the arms drew alike."""
        told = self.data["marginals"]
        return not self.failed and not (told and told["differ"])


def summarized(
    policy: Augmenter,
    arms: Sequence[str],
    runs: Sequence[Mapping[str, Any]],
    marginals: Mapping[str, Any] | None,
    lower: Sequence[str],
) -> AblationReport:
    """The report of some runs. Raises MissingExtraError without scipy."""
    names = list(dict.fromkeys(name for run in runs for name in run.get("metrics", {})))
    values = {
        name: {
            arm: {
                run["seed"]: run["metrics"][name]
                for run in runs
                if run["arm"] == arm and name in run.get("metrics", {})
            }
            for arm in arms
        }
        for name in names
    }
    metrics = {
        name: {
            "higher_is_better": name not in lower,
            "arms": {arm: _mean(values[name][arm]) for arm in arms},
        }
        for name in names
    }
    comparisons = [
        one for name in names for one in _comparisons(name, values[name], arms, name in lower)
    ]
    data = {
        "ablation": 1,
        "syncaug": __version__,
        "policy": policy.plan.fingerprint,
        "name": policy.plan.name,
        "seed": policy.seed,
        "arms": list(arms),
        "seeds": sorted({run["seed"] for run in runs}),
        "marginals": marginals,
        "runs": [dict(run) for run in runs],
        "metrics": metrics,
        "comparisons": comparisons,
        "unknown": sorted(set(lower) - set(names)),
    }
    return AblationReport({**data, "conclusions": conclusions_of(data)})


def _mean(values: Mapping[int, float]) -> dict[str, Any]:
    told: dict[str, Any] = {"values": {str(seed): value for seed, value in values.items()}}
    return {**band(list(values.values()), seed=0).as_json(), **told} if values else told


def _comparisons(
    metric: str, values: Mapping[str, Mapping[int, float]], arms: Sequence[str], lower: bool
) -> list[dict[str, Any]]:
    """Strict against each arm in one metric, their p-values corrected together."""
    sign = -1.0 if lower else 1.0
    strict, found = values[STRICT], []
    for arm in arms:
        if arm == STRICT:
            continue
        seeds = sorted(set(strict) & set(values[arm]))
        ours = [sign * strict[seed] for seed in seeds]
        found.append((arm, paired(seeds, ours, [sign * values[arm][seed] for seed in seeds])))
    tested = [place for place, (_, one) in enumerate(found) if one.p is not None]
    adjusted = dict(zip(tested, holm([found[place][1].p or 0.0 for place in tested]), strict=True))
    out = []
    for place, (arm, one) in enumerate(found):
        told = {"metric": metric, "arm": arm, "against": STRICT, "ahead": one.sign, **one.as_json()}
        if place in adjusted:
            told["wilcoxon"] |= {
                "holm": adjusted[place],
                "of": len(tested),
                "least": min(1.0, least_p(len(one.seeds)) * len(tested)),
                "alpha": ALPHA,
                "seeds_needed": seeds_needed(len(tested)),
            }
        out.append(told)
    return out
