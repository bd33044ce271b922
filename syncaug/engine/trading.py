"""Stereo pairs: after a mirror, what came as the right picture is handed out as the left one.

Both pictures are carried under their own names; the entries trade places when they are handed out,
with all that runs parallel to them. So left is left of right again, and disparities are above 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from syncaug.engine.lanes import Lanes
from syncaug.errors import RefusalError, SampleError
from syncaug.kernels.other_view import other_view
from syncaug.maps.plane import PlaneMap, Size
from syncaug.modalities.carrier import Carrier, describe
from syncaug.plan.pairs import Pair, differing

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


def trade(
    out: dict[str, Any],
    traded: Mapping[str, str],
    lanes: Lanes,
    carriers: Mapping[str, Carrier],
    totals: Mapping[str, PlaneMap],
) -> None:
    """Let the entries of streams that have traded places trade places in `out`.

    One that would trade with itself is a disparity of one picture only: it is seen from the other.
    Raises RefusalError where they mean different things or show pictures of two sizes, and
    SampleError where they came in two forms: what was asked of a name would no longer be true.
    """
    before = dict(out) if traded else out
    for name, other in traded.items():
        if name == other and name in before:
            out[name] = _from_the_other(before[name], name, lanes)
            continue
        if name in before and other in before:
            out[name] = before[other]
            one, two = (lanes.by_name[each].stream for each in (name, other))
            if name < other:
                _require_one_size(name, *(totals[s.spaces["plane"]].size for s in (one, two)))
                key = differing(one, two)
                if key:
                    raise RefusalError(
                        name, f"it trades places with {other!r}, which is of another {key}"
                    )
                _require_one_form(name, other, carriers, bool(one.spec.picture))
            for key, other_key in zip(one.parallel_keys, two.parallel_keys, strict=True):
                if other_key in before:
                    out[key] = before[other_key]


def _require_one_size(name: str, size: Size, other: Size) -> None:
    """Raise RefusalError where a picture would come out in the size of the other one."""
    if size != other:
        raise RefusalError(
            name,
            f"the pictures of its pair trade places, and one has {size[0]}x{size[1]} pixels, the "
            f"other {other[0]}x{other[1]}; resize both, or leave swap: out",
        )


def _require_one_form(
    name: str, other: str, carriers: Mapping[str, Carrier], picture: bool
) -> None:
    """Raise SampleError where a stream would come out in the form of the one that it trades with.

    Empty entries have no form. `picture` says whether channels are part of it.
    """
    one, two = (carriers[each].sample[each] for each in (name, other))
    forms = [_form(value, picture) for value in (one, two)]
    if forms[0] != forms[1] and "" not in forms:
        raise SampleError(
            other,
            expected=f"{forms[0]}, as {name!r} has, with which it trades places in a mirror",
            came=describe(two),
            hint="Bring both into one form.",
        )


def _form(value: Any, picture: bool) -> str:
    """In which form an entry came, in words; empty for one that is empty."""
    if isinstance(value, np.ndarray):
        channels = f" with {value.shape[2]} channels" if picture and value.ndim == 3 else ""
        return f"{value.dtype} of {value.ndim} dimensions{channels}" if value.size else ""
    if isinstance(value, list | tuple):
        return "a list" if len(value) else ""
    if isinstance(value, Mapping):
        return "a mapping"
    return type(value).__name__ if value is not None else ""


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
