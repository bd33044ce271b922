"""What a stress test found in sentences, which people read first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["SAME", "amount_of", "conclusions_of"]

SAME = "all samples have the same"
"""Why there are no scores of a stream from another sample."""


def conclusions_of(
    relations: list[dict[str, Any]], streams: list[dict[str, Any]], agreement: list[dict[str, Any]]
) -> list[str]:
    """The sentences that people read first."""
    out = []
    broken = [one for one in relations if one["level"] is not None]
    if broken:
        first = broken[0]
        out.append(
            f"{_pair(first)} break first: {first['streams'][1]} {first['how']}, at "
            f"{amount_of(first['amount'], first['unit'])}."
        )
    losses = {
        one["stream"]: one["permuted"]["loss"]
        for one in streams
        if "loss" in one["permuted"] and not one["target"]
    }
    leans = max(losses, key=lambda name: losses[name]["mean"], default="")
    if leans and losses[leans]["low"] > 0.0:
        out.append(
            f"The model leans on {leans} most: with that of another sample it loses "
            f"{losses[leans]['mean']:.3g}."
        )
    unclear = [name for name, loss in losses.items() if loss["low"] <= 0.0 < loss["mean"]]
    if unclear:
        out.append(
            f"What another sample's {', '.join(unclear)} costs cannot be told from chance: more "
            "samples would tell."
        )
    parted = {name for one in broken for name in one["streams"]}  # used, whatever exchanges tell
    missed = {one["stream"] for one in streams if one["dropped"].get("loss", {}).get("low", 0) > 0}
    costless = [name for name, loss in losses.items() if loss["low"] <= 0.0 and name not in unclear]
    alike = [name for name in costless if name in parted | missed]
    if alike:
        out.append(
            f"Another sample's {', '.join(alike)} costs nothing that can be told from chance, "
            "though the model uses it: the samples are too alike."
        )
    unused = [name for name in costless if name not in alike]
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
        if one["interval"][0] is not None:
            out.append(
                f"{_pair(one)} may break with {one['streams'][1]} {one['how']}, from "
                f"{amount_of(one['interval'][0] * one['full_scale'], one['unit'])} on: "
                "more samples would tell."
            )
            continue
        out.append(
            f"{_pair(one)} do not break with {one['streams'][1]} {one['how']}, up to "
            f"{amount_of(one['full_scale'], one['unit'])}: the model does not see it."
        )
    same = [one["stream"] for one in streams if one["permuted"].get("error") == SAME]
    if same:
        out.append(f"All samples have the same {', '.join(same)}: no exchange tells of its use.")
    failed = sum("error" in point for one in relations for point in one["curve"])
    failed += sum("error" in point for point in agreement)
    if failed:
        out.append(f"{failed} levels could not be scored; they are marked.")
    return out


def _pair(relation: Mapping[str, Any]) -> str:
    return " and ".join(relation["streams"])


def amount_of(amount: float, unit: str) -> str:
    """An amount of a knob with its unit, for people."""
    return f"{amount * 100:.4g} % of the samples" if unit == "share" else f"{amount:.4g} {unit}"
