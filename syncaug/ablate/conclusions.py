"""What an ablation comes to, in sentences that claim no more than its intervals do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["conclusions_of"]


def conclusions_of(data: Mapping[str, Any]) -> list[str]:
    """The sentences of a report: whether its arms are fair, what failed, and each comparison."""
    return [*_fairness(data["marginals"]), *_failures(data), *_findings(data)]


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
    for row in marginals["differ"]:
        what = f"{row['parameter']} of {row['stream']}" if row["stream"] else "the share accepted"
        yield (
            f"NOT COMPARABLE: {row['arm']} draws {what} otherwise than strict does ({row['test']}, "
            f"p = {row['holm']:.2g} after Holm's correction)."
        )
    if not marginals["differ"]:
        count = len(marginals["tests"])
        least = min((row["holm"] for row in marginals["tests"]), default=1.0)
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
    for name in data["unknown"]:
        yield f"No run measured {name!r}, which --lower names."


def _findings(data: Mapping[str, Any]) -> Iterator[str]:
    for one in data["comparisons"]:
        told = one["difference"]
        count = len(one["seeds"])
        begin = f"{one['metric']}: strict against {one['arm']}"
        if one["student"] is None:
            yield f"{begin}: not compared; {one['wilcoxon']['not_tested']}."
            continue
        amount = (
            f"{told['mean']:+.3g} (95 %: {told['low']:+.3g} to {told['high']:+.3g} by the "
            f"bootstrap, {one['student'][0]:+.3g} to {one['student'][1]:+.3g} by Student's t, "
            f"{count} seeds)"
        )
        verdict = {
            1: "strict is better",
            -1: "strict is worse",
            0: "no difference that the seeds could show",
        }[one["ahead"]]
        yield f"{begin}: {verdict}, {amount}; {_test(one['wilcoxon'])}."


def _test(told: Mapping[str, Any]) -> str:
    if "not_tested" in told:
        return f"no signed rank test: {told['not_tested']}"
    text = f"signed rank test p = {told['p']:.2g}, {told['holm']:.2g} after Holm's correction of "
    return f"{text}{told['of']}"
