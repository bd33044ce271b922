"""What a stress test found: curves, breaking points and what the model leans on, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from syncaug.stress.breaking import TENTH, Band, band, breaking, differences, slight
from syncaug.stress.conclusions import NEVER, conclusions_of
from syncaug.stress.knobs import Knob
from syncaug.version import __version__

if TYPE_CHECKING:
    from syncaug.augmenter import Augmenter

__all__ = [
    "ALL_DROPPED",
    "Curve",
    "Found",
    "Relation",
    "StreamUse",
    "StressReport",
    "summarized",
]

Found = list[float | None] | str
"""The scores of an experiment, None for what was dropped, or why there are none."""
ALL_DROPPED = "the policy drops all samples"


@dataclass(frozen=True, slots=True)
class Curve:
    """What was found at each level."""

    levels: tuple[float, ...]
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """Two streams, the entries that part from the rest, how, and what was found.

    `permuted` and `other` are what was found with the moved stream, and with the one that stays,
    from another sample; `gone` and `without` with either showing nothing, None for what never does.
    """

    streams: tuple[str, str]
    moved: tuple[str, ...]
    knob: Knob
    curve: Curve
    permuted: Found
    other: Found
    gone: Found | None
    without: Found | None


@dataclass(frozen=True, slots=True)
class StreamUse:
    """What becomes of the scores without a stream, and with that of another sample.

    A `target` is what a model is to say, such as a label, and nothing that it leans on.
    """

    stream: str
    permuted: Found
    dropped: Found | None
    target: bool


@dataclass(frozen=True, slots=True)
class StressReport:
    """All that a stress test found.

    `data` is what `stress.json` holds; `relations` of it are sorted by the level at which they
    break, those that never break last.
    """

    data: Mapping[str, Any]

    @property
    def relations(self) -> list[dict[str, Any]]:
        """Each relation with `streams`, `knob`, `level`, `amount`, `unit` and `interval`."""
        found: list[dict[str, Any]] = self.data["relations"]
        return found

    @property
    def conclusions(self) -> list[str]:
        """What it says, in sentences."""
        found: list[str] = self.data["conclusions"]
        return found


def summarized(
    policy: Augmenter,
    clean: list[float],
    agreement: Curve,
    relations: Sequence[Relation],
    uses: Sequence[StreamUse],
    left_out: Sequence[Mapping[str, Any]],
) -> StressReport:
    """The report of what was found, with bands and breaking points."""
    seed = policy.seed
    streams = [_use(use, clean, seed) for use in uses]
    costs = [one[kind].get("loss") for one in streams for kind in ("permuted", "dropped")]
    least = slight(loss for loss in costs if loss is not None)
    told = sorted(
        (_relation(one, clean, seed, least) for one in relations),
        key=lambda one: (one["level"] is None, one["level"] or 0.0, -(one["loss"] or 0.0)),
    )
    together = _curve(agreement, clean, seed)
    data = {
        "syncaug": __version__,
        "policy": policy.plan.fingerprint,
        "name": policy.plan.name,
        "seed": seed,
        "samples": len(clean),
        "levels": list(agreement.levels),
        "clean": band(clean, seed).as_json(),
        "agreement": together,
        "relations": told,
        "streams": streams,
        "left_out": [dict(one) for one in left_out],
    }
    return StressReport(
        {**data, "conclusions": conclusions_of(told, streams, together, len(clean))}
    )


def _curve(curve: Curve, clean: list[float], seed: int) -> list[dict[str, Any]]:
    out = []
    for level, found in zip(curve.levels, curve.found, strict=True):
        if isinstance(found, str):
            out.append({"level": level, "error": found})
            continue
        loss = band(differences(clean, found), seed)
        scores = [score for score in found if score is not None]
        point = {"level": level, "score": band(scores, seed).as_json(), "loss": loss.as_json()}
        lost = len(found) - len(scores)
        out.append({**point, **({"dropped": lost} if lost else {})})
    return out


def _relation(relation: Relation, clean: list[float], seed: int, least: float) -> dict[str, Any]:
    """What is found of a relation; losses by chance of up to `least` tell of no use."""
    knob, curve = relation.knob, _curve(relation.curve, clean, seed)
    gap = None if isinstance(relation.permuted, str) else differences(clean, relation.permuted)
    whole = None if gap is None else band(gap, seed)
    # A model that does not use a stream sees no relation of it: the moved one parts from others.
    # That of another sample may cost nothing since all are alike: then its absence tells, unless
    # the scorer fails on it.
    unused = isinstance(relation.other, list) and not any(
        isinstance(found, str) or (found is not None and _told(_band(found, clean, seed), least))
        for found in (relation.other, relation.without)
    )
    level: float | None = None
    interval: list[float | None] = [None, None]
    threshold = None
    if whole is not None and not unused:
        threshold = TENTH * max(whole.mean, 0.0)
        losses = [Band(**one["loss"]) if "loss" in one else None for one in curve]
        # Where the whole way may be none at all, one level above nothing may be by chance.
        lasting = whole.low <= 0.0
        level, interval = breaking(relation.curve.levels, losses, threshold, lasting=lasting)
    missed = isinstance(relation.gone, list) and _band(relation.gone, clean, seed).low > 0.0
    used = not unused and (missed or _used(whole, level))
    return {
        "streams": list(relation.streams),
        "moved": list(relation.moved),
        "knob": knob.name,
        "how": knob.told,
        "unit": knob.unit,
        "full_scale": knob.full,
        "level": level,
        "amount": None if level is None else level * knob.full,
        "interval": interval,
        "threshold": threshold,
        "loss": max((one["loss"]["mean"] for one in curve if "loss" in one), default=None),
        "used": used,
        "permuted": relation.permuted
        if isinstance(relation.permuted, str)
        else whole and whole.as_json(),
        "curve": curve,
    }


def _used(whole: Band | None, level: float | None) -> bool | None:
    """Whether the model uses the moved stream; None where that cannot be told."""
    if level is not None or (whole is not None and whole.low > 0.0):
        return True
    return False if whole is not None and whole.high <= 0.0 else None


def _told(loss: Band, least: float) -> bool:
    """Whether a loss may tell of use: it is none by chance, or may be one that counts."""
    return loss.low > 0.0 or loss.high > least


def _band(found: Sequence[float | None], clean: list[float], seed: int) -> Band:
    """What scores have lost against the clean ones."""
    return band(differences(clean, found), seed)


def _use(use: StreamUse, clean: list[float], seed: int) -> dict[str, Any]:
    out: dict[str, Any] = {"stream": use.stream, "target": use.target}
    for name, found in (("permuted", use.permuted), ("dropped", use.dropped)):
        if found is None:
            out[name] = {"error": NEVER}
        elif isinstance(found, str):
            out[name] = {"error": found}
        else:
            out[name] = {"loss": _band(found, clean, seed).as_json()}
    return out
