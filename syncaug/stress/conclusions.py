"""What a stress test found in sentences, which people read first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.stress.breaking import FEWEST, slight

__all__ = ["NEVER", "SAME", "amount_of", "conclusions_of"]

SAME = "all samples have the same"
"""Why there are no scores of a stream from another sample."""
NEVER = "it is what a model is to say, or others need it"
"""Why there are no scores without a stream."""


def conclusions_of(
    relations: list[dict[str, Any]],
    streams: list[dict[str, Any]],
    agreement: list[dict[str, Any]],
    samples: int,
) -> list[str]:
    """The sentences that people read first, of so many samples."""
    out = []
    few = samples < FEWEST
    same = [one["stream"] for one in streams if one["permuted"].get("error") == SAME]
    broken = [one for one in relations if one["level"] is not None]
    if broken:
        first = broken[0]
        out.append(
            f"{_pair(first)} break first: {first['streams'][1]} {first['how']}, at "
            f"{amount_of(first['amount'], first['unit'])}."
        )
    permuted = _losses(streams, "permuted")
    dropped = _losses(streams, "dropped")
    out += _leaning(permuted, dropped)
    parted = {name for one in broken for name in one["streams"]}  # used, whatever exchanges tell
    missed = {name for name, loss in dropped.items() if loss["low"] > 0.0}
    failing = {one["stream"] for one in streams if one["dropped"].get("error", NEVER) != NEVER}
    most = slight([*permuted.values(), *dropped.values()])
    costless = [name for name, loss in permuted.items() if loss["low"] <= 0.0]
    unclear = [
        name
        for name in costless
        if permuted[name]["high"] > most or (few and name not in parted | missed | failing)
    ]
    if unclear:
        out.append(
            f"What another sample's {', '.join(unclear)} costs cannot be told from chance: more "
            "samples would tell."
        )
    costless = [name for name in costless if name not in unclear]
    alike = [name for name in costless if name in parted | missed]
    if alike:
        out.append(
            f"Another sample's {', '.join(alike)} costs nothing that can be told from chance, "
            "though the model uses it: the samples are too alike."
        )
    untold = [name for name in costless if name in failing and name not in alike]
    if untold:
        out.append(
            f"Another sample's {', '.join(untold)} costs nothing that can be told from chance, and "
            "without it there are no scores: whether the model uses it cannot be said."
        )
    unused = [name for name in costless if name not in alike and name not in failing]
    if unused:
        out.append(
            f"Another sample's {', '.join(unused)} costs nothing that can be told from chance: "
            "the model does not use it."
        )
    for one in relations:
        if not one["used"] or one["level"] is not None:
            continue
        if "error" in one["curve"][-1]:
            out.append(
                f"{_pair(one)} could not be scored with {one['streams'][1]} {one['how']}, at "
                f"{amount_of(one['full_scale'], one['unit'])}: whether they break cannot be said."
            )
            continue
        if one["knob"] == "exchange" and one["streams"][1] in alike:
            continue
        if one["interval"][0] is not None:
            out.append(
                f"{_pair(one)} may break with {one['streams'][1]} {one['how']}, from "
                f"{amount_of(one['interval'][0] * one['full_scale'], one['unit'])} on: "
                "more samples would tell."
            )
            continue
        if few:
            out.append(
                f"Whether {_pair(one)} break with {one['streams'][1]} {one['how']} cannot be told "
                "from chance: more samples would tell."
            )
            continue
        out.append(
            f"{_pair(one)} do not break with {one['streams'][1]} {one['how']}, up to "
            f"{amount_of(one['full_scale'], one['unit'])}: the model does not see it."
        )
    if same:
        out.append(f"All samples have the same {', '.join(same)}: no exchange tells of its use.")
    scores = [point.get("score") for point in agreement]
    if len(scores) > 1 and None not in scores and all(one == scores[0] for one in scores):
        out.append(
            "The scores are the same at every severity: let steps of the policy follow it, as in "
            "{from: severity, scale: 10}."
        )
    points = [*agreement, *(point for one in relations for point in one["curve"])]
    failed = [point["error"] for point in points if "error" in point]
    if failed:
        levels = "level" if len(failed) == 1 else "levels"
        out.append(
            f"{len(failed)} {levels} could not be scored, as the tables say; the first: {failed[0]}"
        )
    return out


def _losses(streams: list[dict[str, Any]], kind: str) -> dict[str, dict[str, float]]:
    """What each stream costs that is no target and could be scored."""
    found = {one["stream"]: one[kind].get("loss") for one in streams if not one["target"]}
    return {name: loss for name, loss in found.items() if loss is not None}


def _leaning(
    permuted: Mapping[str, Mapping[str, float]], dropped: Mapping[str, Mapping[str, float]]
) -> list[str]:
    """On which stream a model leans most: by exchanges, or by absence where those cost nothing."""
    for losses, told in ((permuted, "with that of another sample"), (dropped, "without it")):
        real = {name: loss["mean"] for name, loss in losses.items() if loss["low"] > 0.0}
        if real:
            most = max(real, key=lambda name: real[name])
            return [f"The model leans on {most} most: {told} it loses {real[most]:.3g}."]
    return []


def _pair(relation: Mapping[str, Any]) -> str:
    return " and ".join(relation["streams"])


def amount_of(amount: float, unit: str) -> str:
    """An amount of a knob with its unit, for people."""
    return f"{amount * 100:.4g} % of the samples" if unit == "share" else f"{amount:.4g} {unit}"
