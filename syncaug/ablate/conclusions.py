"""What an ablation comes to, in sentences that claim no more than its intervals do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

__all__ = ["conclusions_of"]

_LESS = re.compile(r"(?i)(?<![a-z])(loss|error|wer|cer|mse|mae|rmse|perplexity)(?![a-z])")
"""Names of metrics of which less is better nearly always."""
_MUCH = 0.25
"""The share of draws that stay with the shared one from which on it is told."""


def conclusions_of(data: Mapping[str, Any]) -> list[str]:
    """The sentences of a report: whether its arms are fair, what failed, and each comparison."""
    if data["runs"] and all("error" in run for run in data["runs"]):
        return [_nothing(data["runs"])]
    return [*_fairness(data["marginals"]), *_failures(data), *_findings(data)]


def _nothing(runs: Sequence[Mapping[str, Any]]) -> str:
    """What there is to say where no run gave metrics."""
    first = runs[0]
    alike = len({run["error"] for run in runs}) == 1
    return (
        f"{len(runs)} of {len(runs)} runs failed, so that nothing is compared; "
        f"{'each' if alike else 'the first'} since {first['error'].rstrip('.')}. Look into "
        f"{first['out']}, mend the training, and ablate again with --resume."
    )


def _fairness(marginals: Mapping[str, Any] | None) -> Iterator[str]:
    if marginals is None:
        yield "Whether the arms draw alike was not tested (--draws 0)."
        return
    few = [arm for arm, count in marginals["accepted"].items() if count < marginals["draws"]]
    if few:
        yield (
            f"The checks refuse so much that fewer than {marginals['draws']} draws were accepted "
            f"in {', '.join(few)}."
        )
    for arm, stayed in marginals["stayed"].items():
        most = max(stayed.values(), default=0.0)
        if most > _MUCH:
            yield (
                f"In {arm} up to {most:.0%} of the draws of a stream's own are refused, so that it "
                "keeps the shared one: the arm is nearer to strict than it says."
            )
    for row in marginals["differ"]:
        what = f"{row['parameter']} of {row['stream']}" if row["stream"] else "the share accepted"
        yield (
            f"NOT COMPARABLE: {row['arm']} draws {what} otherwise than strict does ({row['test']}, "
            f"p = {row['holm']:.2g} after Holm's correction)."
        )
    if not marginals["tests"]:
        yield (
            "Whether the arms draw alike was not tested: nothing is drawn at random in two of them "
            "that could be compared."
        )
    elif not marginals["differ"]:
        count = len(marginals["tests"])
        least = min(row["holm"] for row in marginals["tests"])
        yield (
            f"The arms draw alike: {count} tests on {marginals['draws']} accepted draws of each "
            f"arm find no difference (least p {least:.2g} after Holm's correction)."
        )


def _failures(data: Mapping[str, Any]) -> Iterator[str]:
    bad = [run for run in data["runs"] if "error" in run]
    if bad:
        which = ", ".join(f"{run['arm']} under seed {run['seed']}" for run in bad)
        yield (
            f"{len(bad)} of {len(data['runs'])} runs failed and are left out, with the runs that "
            f"they are compared with: {which}."
        )
    good = len(data["runs"]) - len(bad)
    for name, told in data["metrics"].items():
        count = sum(len(arm.get("values", ())) for arm in told["arms"].values())
        if count < good:
            yield f"Only {count} of {good} runs measured {name!r}."
        arms = [list(arm["values"].values()) for arm in told["arms"].values() if arm.get("values")]
        if arms and all(len(arm) > 1 and len(set(arm)) == 1 for arm in arms):
            yield (
                f"{name} is the same under all seeds in every arm: runs that repeat each other are "
                "no evidence. Does the command use {seed}?"
            )
        if told["higher_is_better"] and _LESS.search(name):
            yield f"{name} counts as better where it is higher; --lower {name} if less is better."
    for name in data["unknown"]:
        yield f"No run measured {name!r}, which --lower names."


def _findings(data: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each comparison; what could not be tested once for all that share why."""
    untested: dict[str, list[str]] = {}
    for one in data["comparisons"]:
        told, test = one["difference"], one["wilcoxon"]
        if "not_tested" in test:
            untested.setdefault(test["not_tested"], []).append(f"{one['metric']}, {one['arm']}")
        if one["student"] is None:
            if len(one["seeds"]) > 1:
                yield (
                    f"{one['metric']}: strict is ahead of {one['arm']} by {told['mean']:+.3g} "
                    f"under each of {len(one['seeds'])} seeds; no spread, so that it is not tested."
                )
            continue
        low, high = one["student"]
        yield (
            f"{one['metric']}: {_VERDICTS[one['ahead']].format(one['arm'])}; strict is ahead by "
            f"{told['mean']:+.3g} (95 %: {told['low']:+.3g} to {told['high']:+.3g} by the "
            f"bootstrap, {low:+.3g} to {high:+.3g} by Student's t; {len(one['seeds'])} seeds"
            f"{_tested(test)})."
        )
    for why, which in untested.items():
        of = "all comparisons" if len(which) == len(data["comparisons"]) else "; ".join(which)
        yield f"No signed rank test of {of}: {why}."


_VERDICTS = {
    1: "strict is better than {}",
    -1: "strict is worse than {}",
    0: "strict and {} do not differ by more than the seeds do",
}


def _tested(told: Mapping[str, Any]) -> str:
    """What the signed rank test says, and how many seeds it would need to say more."""
    if "p" not in told:
        return ""
    text = f"; signed rank test p = {told['p']:.2g}"
    if told["of"] > 1:
        text += f", {told['holm']:.2g} after Holm's correction of {told['of']}"
        if told["least"] > told["alpha"]:
            text += (
                f", of which fewer than {told['seeds_needed']} seeds cannot reach {told['alpha']:g}"
            )
    return text
