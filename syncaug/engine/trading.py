"""Stereo pairs: after a mirror, what came as the right picture is handed out as the left one.

Both pictures are carried under their own names; the entries trade places when they are handed out,
with all that runs parallel to them. So left is left of right again, and disparities are above 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.engine.lanes import Lanes
from syncaug.errors import RefusalError
from syncaug.kernels.other_view import other_view
from syncaug.maps.plane import PlaneMap
from syncaug.modalities.carrier import Carrier
from syncaug.plan.pairs import Pair

__all__ = ["trade", "traded"]

_NEARLY = 1e-6


def traded(
    lanes: Lanes, carriers: Mapping[str, Carrier], totals: Mapping[str, PlaneMap]
) -> Mapping[str, str]:
    """Each stream that has traded places by now, and the one with which it has.

    A pair trades places where its maps turn the way from left to right. Raises RefusalError where
    they do so to one picture only, and where disparities compare pictures that went other ways.
    """
    out: dict[str, str] = {}
    for pair in lanes.pairs:
        if pair.left not in totals or pair.right not in totals:
            continue
        left, right = totals[pair.left], totals[pair.right]
        back = _is_turned(left)
        name = _first(pair, carriers, lanes)
        if back != _is_turned(right):
            raise RefusalError(
                name, f"one picture of the pair {pair.left!r} and {pair.right!r} is mirrored alone"
            )
        if not _alike(left, right) and lanes.modality(name) == "disparity":
            raise RefusalError(
                name,
                f"the pictures {pair.left!r} and {pair.right!r} went through other maps, and it "
                "compares their pixels; let one step move both",
            )
        if back:
            out |= _partners(pair, carriers)
    return out


def trade(out: dict[str, Any], traded: Mapping[str, str], lanes: Lanes) -> None:
    """Let the entries of streams that have traded places trade places in `out`.

    One that would trade with itself is a disparity of one picture only: it is seen from the other.
    """
    before = dict(out) if traded else out
    for name, other in traded.items():
        if name == other and name in before:
            out[name] = _from_the_other(before[name], name, lanes)
            continue
        if name in before and other in before:
            out[name] = before[other]
            keys = (lanes.by_name[each].stream.parallel_keys for each in (name, other))
            for key, other_key in zip(*keys, strict=True):
                if other_key in before:
                    out[key] = before[other_key]


def _partners(pair: Pair, carriers: Mapping[str, Carrier]) -> Mapping[str, str]:
    """The streams of a pair that a sample has. Raises RefusalError where one lacks its partner."""
    for name in pair.alone:
        if name in carriers:
            raise RefusalError(
                name, f"{pair.left!r} and {pair.right!r} trade places, and nothing trades with it"
            )
    for name, other in pair.partners.items():
        if name in carriers and other not in carriers:
            raise RefusalError(
                name, f"{pair.left!r} and {pair.right!r} trade places, and there is no {other!r}"
            )
    found = {name: other for name, other in pair.partners.items() if name in carriers}
    return found | ({pair.one_sided: pair.one_sided} if pair.one_sided in carriers else {})


def _from_the_other(disparity: Any, name: str, lanes: Lanes) -> Any:
    """The disparity of a stream's picture, from that of the picture which took its place."""
    stream = lanes.by_name[name].stream
    left = next(pair.left for pair in lanes.pairs if pair.one_sided == name)
    way = 1.0 if stream.spaces["plane"] == left else -1.0
    fractions = stream.options.get("unit") == "fraction"
    return other_view(disparity, way * (disparity.shape[1] if fractions else 1.0))


def _first(pair: Pair, carriers: Mapping[str, Carrier], lanes: Lanes) -> str:
    """The stream that is named in a refusal: a disparity, or any other of the pair."""
    names = [n for n in (*pair.partners, *pair.alone, pair.one_sided) if n in carriers]
    names.sort(key=lambda name: lanes.modality(name) != "disparity")
    return names[0] if names else pair.left


def _is_turned(plane: PlaneMap) -> bool:
    """Whether what lay to the right lies to the left now, in the middle of the picture."""
    return plane.jacobian[0] < -_NEARLY


def _alike(one: PlaneMap, other: PlaneMap) -> bool:
    return (one.source, one.size) == (other.source, other.size) and all(
        abs(a - b) <= _NEARLY * (1.0 + abs(a))
        for a, b in zip(one.numbers, other.numbers, strict=True)
    )
