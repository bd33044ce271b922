"""Ways in a latent space: streams are encoded, their vectors moved, and what they become taken in.

All streams of a step go the same way: one share, the same dimensions, the same noise. What is
decoded, or goes with the nearest sample of a bank, comes in as a partner does whose share is 1; so
pictures keep their size, and boxes and words go with them. Weights 0 and 1 are the ends themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.engine.coding import Coding, Space, shown
from syncaug.engine.mixing import mix_in
from syncaug.engine.state import State
from syncaug.engine.view import StepView
from syncaug.errors import RefusalError, SampleError
from syncaug.kernels.between import as_long, lerp, slerp
from syncaug.maps.latent import Latent
from syncaug.maps.mix import Mix
from syncaug.plan.plan import Step
from syncaug.transforms.clock import numbers

__all__ = ["go"]

Vectors = NDArray[np.float64]
_WAYS = {"lerp": lerp, "slerp": slerp}


def go(
    state: State,
    step: Step,
    ways: Mapping[str, Latent],
    mixes: dict[str, Mix],
    view: StepView,
    coding: Coding | None,
) -> dict[str, Mix]:
    """Let streams go their ways in the space; what is left to mix with the partner by one weight.

    Raises RefusalError where vectors do not go together, SampleError where an encoder fails.
    """
    assert coding is not None, "a plan with encoders has a coding"
    first = next(iter(ways.values()))
    space, amount = coding.spaces[first.encoder], first.amount
    partner = state.mixed_with(step.name) if step.partner else None
    sources = {name: _source(state, name) for name in ways}
    present = {name: way for name, way in ways.items() if sources[name] in state.carriers}
    coded = [name for name in present if space.knows(_stream(state, sources[name]))]
    state.settle()
    if amount == 0.0:
        return {name: replace(mix, weight=0.0) for name, mix in mixes.items()}
    vectors, weight = _moved(state, partner, {n: (sources[n], present[n]) for n in coded}, space)
    if partner is not None:
        weight = amount if weight is None else weight
        mixes = {name: replace(mix, weight=weight) for name, mix in mixes.items()}
    said = weight if partner is not None and weight is not None else amount
    made = [name for name in coded if sources[name] != name]
    rest = {name: way for name, way in present.items() if name not in made}
    for name in made:
        state.adopt(name, vectors[name])
        _note(state, name, 0, present[name], said, {})
    if partner is not None and weight in (0.0, 1.0):  # the ends themselves
        return {**mixes, **{name: way.whole for name, way in rest.items() if weight}}
    noted = {name: len(_notes(state, name)) for name in rest}
    _decode(state, rest, vectors, space, view)
    key = _neighbour(state, rest, vectors, space, coding, view)
    for name, way in rest.items():
        _note(state, name, noted[name], way, said, key if way.word == "nearest" else {})
    return mixes


def _source(state: State, name: str) -> str:
    """The stream that is encoded for a stream: itself, or the one whose vector it is."""
    return str(_stream(state, name).options.get("encodes") or name)


def _stream(state: State, name: str) -> Any:
    return state.lanes.by_name[name].stream


def _moved(
    state: State,
    partner: State | None,
    coded: Mapping[str, tuple[str, Latent]],
    space: Space,
) -> tuple[dict[str, Vectors], float | None]:
    """The new vectors, and the partner's share of them; None where there are none."""
    out: dict[str, Vectors] = {}
    weight: float | None = None
    widths: dict[str, int] = {}
    for name, (source, way) in coded.items():
        stream = _stream(state, source)
        if partner is None:
            own = _vector(state, name, source, space)
            out[name] = own + _noise(name, way, own, space)
            continue
        if source not in partner.carriers:
            raise RefusalError(name, f"the partner has no {source!r}")
        own = _vector(state, name, source, space)
        other = space.encode(stream, [shown(partner, source)])[0]
        if own.shape[-1] != other.shape[-1] or own.ndim != other.ndim:
            raise RefusalError(
                name,
                f"the partner's vectors have the shape {other.shape}, and its own {own.shape}",
            )
        widths[name] = own.shape[-1]
        if way.way == "swap" and len(set(widths.values())) > 1:
            raise SampleError(
                name,
                expected="vectors of one width in all streams, which take the same dimensions from "
                "the partner",
                came=", ".join(f"{width} of {one!r}" for one, width in widths.items()),
                hint=f"Write {name}: keep under with:, or name an encoder of all of them.",
            )
        other = other if own.ndim == 1 else as_long(other, len(own))
        out[name], weight = _towards(name, way, own, other)
    return out, weight


def _vector(state: State, name: str, source: str, space: Space) -> Vectors:
    """The vector of a stream as it stands: the one that an earlier step has made, or a new one."""
    if name != source and name in state.carriers:
        return np.asarray(shown(state, name), dtype=np.float64)
    return space.encode(_stream(state, source), [shown(state, source)])[0]


def _towards(name: str, way: Latent, own: Vectors, other: Vectors) -> tuple[Vectors, float]:
    """The vector on the way to the partner's, and the partner's share of it."""
    if way.way == "swap":
        width = own.shape[-1]
        count = round(way.amount * width)
        order = np.argsort(numbers(way.shape, width), kind="stable")
        theirs = np.zeros(width, dtype=bool)
        theirs[order[:count]] = True
        return np.where(theirs, other, own), count / width
    try:
        return _WAYS[way.way](own, other, way.amount), way.amount
    except ValueError as error:
        raise RefusalError(name, str(error).removesuffix(".")) from error


def _noise(name: str, way: Latent, own: Vectors, space: Space) -> Vectors:
    """Noise of the drawn shape: along the directions of the data where they are known."""
    spread = space.spread
    if spread is None:
        width = own.shape[-1]
        size = float(np.sqrt(np.mean(own * own)))
        return way.amount * size * _normals(way.shape, width)
    if spread.shape[1] != own.shape[-1]:
        raise SampleError(
            name,
            expected=f"vectors of {spread.shape[1]} numbers, as those of the encoder's bank",
            came=f"{own.shape[-1]}",
        )
    out: Vectors = way.amount * (_normals(way.shape, len(spread)) @ spread)
    return out


def _normals(shape: float, count: int) -> Vectors:
    """`count` numbers of a normal distribution that one drawn number stands for."""
    inverse = NormalDist().inv_cdf
    halves = (numbers(shape, count) * (1 - 2.0**-53) + 2.0**-54).tolist()
    return np.array([inverse(half) for half in halves])


def _decode(
    state: State,
    ways: Mapping[str, Latent],
    vectors: Mapping[str, Vectors],
    space: Space,
    view: StepView,
) -> None:
    """Take in what the decoder says of new vectors."""
    decoded = {
        name: space.decode(_stream(state, name), vectors[name])
        for name, way in ways.items()
        if way.word == "decode"
    }
    if decoded:
        try:
            guest = State(state.lanes, state.schedule, decoded, state.source)
        except SampleError as error:
            raise SampleError(
                error.stream,
                expected=error.expected,
                came=f"{error.came}, from decode() of the encoder",
                hint=error.hint,
            ) from error
        mixes = {name: ways[name].whole for name in decoded}
        _take_in(state, guest, mixes, view, "the decoded value")


def _neighbour(
    state: State,
    ways: Mapping[str, Latent],
    vectors: Mapping[str, Vectors],
    space: Space,
    coding: Coding,
    view: StepView,
) -> dict[str, Any]:
    """Take in the sample of the bank that is nearest to all vectors; what a record tells of it."""
    near = {name: way.whole for name, way in ways.items() if way.word == "nearest"}
    if not near:
        return {}
    key = space.nearest({name: vectors[name] for name in vectors if name in near} or dict(vectors))
    guest = coding.neighbour(state, space, key, near)
    _take_in(state, guest, near, view, f"the bank's sample {key!r}")
    return {"key": key}


def _take_in(
    state: State, guest: State, mixes: Mapping[str, Mix], view: StepView, what: str
) -> None:
    """Take streams of a guest in whole, as those of a partner, whose sizes the view then tells.

    Raises RefusalError, which says `what` does not fit.
    """
    partner, state.partner = state.partner, guest
    try:
        mix_in(state, guest, mixes, view)
    except RefusalError as error:
        reason = error.reason.replace("the partner", what)
        raise RefusalError(error.stream, reason) from error
    finally:
        state.partner = partner


def _notes(state: State, name: str) -> list[Any]:
    notes: list[Any] = state.carriers[name].notes.setdefault("mixed", [])
    return notes


def _note(
    state: State, name: str, place: int, way: Latent, amount: float, more: Mapping[str, Any]
) -> None:
    """Tell the record of a way, in the place of the mix by which its result came in."""
    told = {"kind": way.way, "strength" if way.way == "noise" else "share": amount}
    _notes(state, name)[place:] = [{**told, "by": way.word, **more}]
