"""Samples in which one stream has parted from the others, by a knob turned to a level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from syncaug.errors import PolicyError
from syncaug.loading import compiled
from syncaug.randomness import Source
from syncaug.stress.knobs import Knob
from syncaug.stress.together import exchanged_with, moving_with
from syncaug.stress.values import differs

if TYPE_CHECKING:
    from syncaug.augmenter import Augmenter
    from syncaug.plan.stream import Stream

__all__ = ["Parting", "differ", "exchanged", "others_of"]

Sample = Mapping[str, Any]
_PROBE = 0.25
"""The share of the full amount with which is tried what a knob does."""


class Parting:
    """Parts one stream of samples from the others by one knob; `names` are the entries that move.

    The sample goes through one step of a policy, all streams together; then the stream that is
    moved is taken from the result, and all others from the sample as it was. Raises PolicyError
    where no policy of the knob fits the streams.
    """

    def __init__(self, policy: Augmenter, stays: Stream, moves: Stream, knob: Knob) -> None:
        self.stays, self.moves, self.knob = stays, moves, knob
        self._seed = policy.seed
        self.names = (moving_with if knob.steps else exchanged_with)(policy, moves)
        self._policy, self._declared = policy, _declared(policy, stays, moves, knob)
        self._widths: dict[str | int, int] = {}
        self._policies: dict[tuple[float, int], Augmenter] = {}

    def apply(
        self, samples: Sequence[Sample], keys: Sequence[str | int], level: float
    ) -> list[Any]:
        """The samples at a level from 0 to 1. Raises what a call of a policy raises."""
        if self.knob.steps is None:
            return exchanged(samples, keys, self.names, level, self._seed)
        return [self._one(sample, key, level) for sample, key in zip(samples, keys, strict=True)]

    def reaches(self, samples: Sequence[Sample], keys: Sequence[str | int]) -> bool:
        """Whether the knob, wholly turned, changes the moved stream of any sample.

        A sample that no policy of the knob takes counts as changed: the sweep will say so.
        """
        if self.knob.steps is None:
            return differ(samples, keys, self.names, self._seed)
        return any(
            differs(sample, partial(self._one, sample, key, 1.0), self.names)
            for sample, key in zip(samples, keys, strict=True)
        )

    def _one(self, sample: Sample, key: str | int, level: float) -> dict[str, Any]:
        unit = Source(self._seed, key, 0).unit(f"stress/{self.knob.name}".encode())
        if self.knob.share:
            if unit >= level:
                return dict(sample)
            amount = self.knob.full
        else:
            amount = level * self.knob.full * (1.0 if unit < 0.5 else -1.0)
        if not amount:
            return dict(sample)
        taken = {
            name: sample[name] for name in _keys(self._policy, self._declared) if name in sample
        }
        out = self._stepped(amount, self._width(taken, key))(taken, key=key)
        return {**sample, **{name: out[name] for name in self.names if name in out}}

    def _stepped(self, amount: float, width: int) -> Augmenter:
        assert self.knob.steps is not None
        made = self._policies.get((amount, width))
        if made is None:
            made = _policy(self._policy, self._declared, self.knob.steps(amount, width))
            self._policies[amount, width] = made
        return made

    def _width(self, taken: Sample, key: str | int) -> int:
        """The width of the picture in pixels, for knobs that count them."""
        if self.knob.unit != "px":
            return 1
        if key not in self._widths:
            _, record = self._stepped(_PROBE, 1).apply(taken, key=key)
            paths = (record.maps or {}).get("paths", ())
            sizes = [path["plane"]["from"] for path in paths if "plane" in path]
            self._widths[key] = int(sizes[0][0]) if sizes else 1
        return self._widths[key]


def others_of(keys: Sequence[str | int], seed: int) -> list[int]:
    """For each sample the place of another one: a cycle through all of them, in a drawn order."""
    order = sorted(
        range(len(keys)), key=lambda place: Source(seed, keys[place], 0).unit(b"stress/order")
    )
    out = [0] * len(keys)
    for place, one in enumerate(order):
        out[one] = order[(place + 1) % len(order)]
    return out


def exchanged(
    samples: Sequence[Sample],
    keys: Sequence[str | int],
    names: Sequence[str],
    level: float,
    seed: int,
) -> list[dict[str, Any]]:
    """Samples of which a share has some entries of another one; at level 1 all of them."""
    out = []
    for place, other in enumerate(others_of(keys, seed)):
        sample = dict(samples[place])
        unit = Source(seed, keys[place], 0).unit(b"stress/exchange")
        if unit < level:
            for name in names:
                sample.pop(name, None)
                if name in samples[other]:
                    sample[name] = samples[other][name]
        out.append(sample)
    return out


def differ(
    samples: Sequence[Sample], keys: Sequence[str | int], names: Sequence[str], seed: int
) -> bool:
    """Whether some entries of any sample are not those of the one that it is exchanged with."""
    return any(
        differs(samples[place], lambda other=other: samples[other], names)  # type: ignore[misc]
        for place, other in enumerate(others_of(keys, seed))
    )


def _declared(policy: Augmenter, stays: Stream, moves: Stream, knob: Knob) -> tuple[str, ...]:
    """The streams of a policy of the knob: as few as it takes, or else all of the sample.

    Raises PolicyError where it takes none of them.
    """
    everything = tuple(stream.name for stream in policy.plan.streams)
    if knob.steps is None:
        return everything
    steps = knob.steps(_PROBE * knob.full, 256)
    tries = ((stays, moves, False), (stays, moves, True), (moves, moves, True))
    for one, other, cameras in tries:
        needed = _needed(policy, one, other, cameras=cameras)
        try:
            _policy(policy, needed, steps)
        except PolicyError:
            continue
        return needed
    _policy(policy, everything, steps)
    return everything


def _needed(policy: Augmenter, stays: Stream, moves: Stream, *, cameras: bool) -> tuple[str, ...]:
    """Two streams with all that either names, and the picture of their plane, or its cameras."""
    wanted = {stays.name, moves.name}
    by_name = {stream.name: stream for stream in policy.plan.streams}
    planes = {
        space for stream in (stays, moves) for kind, space in stream.places if kind == "plane"
    }
    for plane in planes:
        pictures = [s for s in policy.plan.living("plane", plane) if s.spec.picture]
        wanted |= {stream.name for stream in pictures[:1]}
        if cameras:
            wanted |= {stream.name for stream in pictures if stream.modality == "camera"}
    grown = True
    while grown:
        more = {
            value
            for name in wanted
            for option in ("boxes", "text", "describes", "answers", "fit", "body")
            for value in _named(by_name[name].options.get(option))
            if value in by_name
        }
        grown = not more <= wanted
        wanted |= more
    return tuple(stream.name for stream in policy.plan.streams if stream.name in wanted)


def _named(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list | tuple) else ()


def _policy(policy: Augmenter, names: Sequence[str], steps: list[dict[str, Any]]) -> Augmenter:
    declared = policy.policy["sample"]
    return compiled(
        {"syncaug": 1, "sample": {name: declared[name] for name in names}, "steps": steps},
        seed=policy.seed,
    )


def _keys(policy: Augmenter, names: Sequence[str]) -> list[str]:
    return [key for name in names for key in (name, *policy.plan.stream(name).parallel_keys)]
