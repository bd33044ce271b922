"""The sweep: all levels of the policy and of each relation, and each stream gone or foreign."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from syncaug.dropped import DROPPED
from syncaug.errors import PolicyError, SyncaugError
from syncaug.loading import compiled
from syncaug.stress.conclusions import SAME
from syncaug.stress.given import keys_of, levels_of, samples_of
from syncaug.stress.knobs import Knob, knobs_of, moved_of
from syncaug.stress.parting import Parting, differ, exchanged
from syncaug.stress.report import (
    ALL_DROPPED,
    Curve,
    Found,
    Relation,
    StreamUse,
    StressReport,
    summarized,
)
from syncaug.stress.scorers import Scorer, ScorerError, checked
from syncaug.stress.together import exchanged_with, moving_with
from syncaug.stress.values import copied

if TYPE_CHECKING:
    from syncaug.augmenter import Augmenter
    from syncaug.plan.stream import Stream

__all__ = ["Scores", "stress"]

Scores = MutableMapping[str, Any]
"""What is known of experiments by name: a list of numbers, or the text of an error."""
CLEAN = "clean"


@dataclass(frozen=True, slots=True)
class _Experiment:
    """Samples that are scored: a name, and what makes them."""

    name: str
    make: Callable[[], list[Any]]


def stress(
    policy: Augmenter,
    samples: Sequence[Mapping[str, Any]],
    score: Scorer,
    *,
    keys: Sequence[str | int] | None = None,
    levels: int = 11,
    scores: Scores | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> StressReport:
    """Sweep distortion in agreement and disagreement of every pair of streams; say what breaks.

    `score` takes a list of samples and gives a number for each, the higher the better. `levels` are
    spread evenly over 0 to 1, both included. Distortion in agreement is the whole policy at each
    level as its severity. In disagreement each sample is clean but for one stream, which is parted
    from the others. `scores` holds what earlier runs have found, and takes what this one finds;
    `progress` is told how many of how many experiments are done. A level at which a sample cannot
    be made or the scorer fails is marked, and the sweep goes on; a sample that the policy drops
    is left out of its level. The scorer may write to what it gets. Raises ScorerError where the
    clean samples cannot be scored, ArgumentError (a ValueError) for arguments that are none and for
    fewer than two samples or levels, and MissingExtraError without scipy.
    """
    samples = samples_of(policy, samples, score)
    places = keys_of(keys, len(samples))
    shares = [round(float(level), 6) for level in np.linspace(0.0, 1.0, levels_of(levels))]
    known: Scores = {} if scores is None else scores
    sweep = _Sweep(policy, samples, places, shares)
    experiments = list(sweep.experiments())
    for done, experiment in enumerate(experiments):
        if experiment.name not in known:
            known[experiment.name] = _scored(experiment, score)
        if progress is not None:
            progress(done + 1, len(experiments))
    return sweep.report(known)


def _scored(experiment: _Experiment, score: Scorer) -> Found:
    """The scores of an experiment, None for samples that the policy dropped; or why there are none.

    The scorer gets copies, so that what it writes to them spoils no other experiment.
    """
    try:
        made = experiment.make()
        kept = [copied(sample) for sample in made if sample is not DROPPED]
        if not kept:
            return ALL_DROPPED
        found = iter(checked(score, kept))
        return [None if sample is DROPPED else next(found) for sample in made]
    except Exception as error:
        if experiment.name == CLEAN:
            raise
        return str(error) if isinstance(error, SyncaugError) else f"{type(error).__name__}: {error}"


class _Sweep:
    """All experiments on some samples, and what they tell together."""

    def __init__(
        self,
        policy: Augmenter,
        samples: list[Mapping[str, Any]],
        keys: list[Any],
        levels: list[float],
    ) -> None:
        self._policy, self._samples, self._keys, self._levels = policy, samples, keys, levels
        self._streams = [s for s in policy.plan.streams if any(s.name in one for one in samples)]
        self._partings: list[tuple[tuple[str, str], Parting]] = []
        self._left_out: list[dict[str, Any]] = []
        self._same = {
            stream.name
            for stream in self._streams
            if not differ(samples, keys, exchanged_with(policy, stream), policy.seed)
        }
        for one, other in itertools.combinations(self._streams, 2):
            stays, moves = moved_of(one, other)
            for knob in knobs_of(stays, moves):
                ties = moving_with if knob.steps else exchanged_with
                if stays.name in ties(policy, moves):
                    self._leave_out(stays.name, moves.name, knob, "they go together, row by row")
                    continue
                try:
                    parting = Parting(policy, stays, moves, knob)
                except PolicyError as error:
                    self._leave_out(stays.name, moves.name, knob, str(error.problems[0]))
                    continue
                if parting.reaches(samples, keys):
                    self._partings.append(((stays.name, moves.name), parting))
                else:
                    self._leave_out(stays.name, moves.name, knob, "it changes no sample")

    def _leave_out(self, stays: str, moves: str, knob: Knob, reason: str) -> None:
        told = {"streams": [stays, moves], "knob": knob.name, "reason": reason}
        self._left_out.append(told)

    def experiments(self) -> Iterator[_Experiment]:
        """Each once, the clean samples first; what moves a stream alike is one experiment."""
        yield _Experiment(CLEAN, partial(_copies, self._samples))
        for level in self._levels:
            yield _Experiment(f"agreement/{level}", partial(self._agreeing, level))
        seen = set()
        for _, parting in self._partings:
            for level in self._levels[1:]:
                name = _name(parting, level)
                if name not in seen:
                    seen.add(name)
                    yield _Experiment(name, partial(self._parted, parting, level))
        for stream in self._streams:
            if stream.name not in self._same:
                yield _Experiment(f"permuted/{stream.name}", partial(self._permuted, stream))
            if not _is_target(stream):
                yield _Experiment(f"dropped/{stream.name}", partial(self._without, stream.name))

    def _agreeing(self, level: float) -> list[Any]:
        policy = self._policy.with_severity(level).with_sync("strict")
        out = []
        mixing: dict[str, Any] = {}
        for place, (sample, key) in enumerate(zip(self._samples, self._keys, strict=True)):
            if policy.plan.mixing:
                other = (place + 1) % len(self._samples)
                mixing = {"partner": self._samples[other], "partner_key": self._keys[other]}
            out.append(policy(sample, key=key, **mixing))
        return out

    def _parted(self, parting: Parting, level: float) -> list[Any]:
        return parting.apply(self._samples, self._keys, level)

    def _permuted(self, stream: Stream) -> list[Any]:
        moved = exchanged_with(self._policy, stream)
        return exchanged(self._samples, self._keys, moved, 1.0, self._policy.seed)

    def _without(self, name: str) -> list[Any]:
        """The samples with one stream that shows nothing."""
        step = {"name": "gone", "uses": "drop_modality", "with": {"streams": [name], "count": 1}}
        policy = compiled(
            {"syncaug": 1, "sample": self._policy.policy["sample"], "steps": [step]},
            seed=self._policy.seed,
        )
        known = {key for s in policy.plan.streams for key in (s.name, *s.parallel_keys)}
        moved = moving_with(policy, policy.plan.stream(name))
        out = []
        for sample, key in zip(self._samples, self._keys, strict=True):
            taken = {entry: sample[entry] for entry in sample if entry in known}
            result = policy(taken, key=key)
            out.append({**sample, **{entry: result[entry] for entry in moved if entry in result}})
        return out

    def report(self, known: Mapping[str, Any]) -> StressReport:
        """What all experiments tell."""
        clean = known[CLEAN]
        if isinstance(clean, str):
            raise ScorerError(clean)
        agreement = Curve(
            tuple(self._levels), tuple(known[f"agreement/{level}"] for level in self._levels)
        )
        relations = [
            Relation(
                streams,
                parting.names,
                parting.knob,
                Curve(
                    tuple(self._levels),
                    (clean, *(known[_name(parting, level)] for level in self._levels[1:])),
                ),
                self._exchanged(known, parting.moves, parting.stays),
                self._other(known, parting),
                known.get(f"dropped/{parting.moves.name}"),
                known.get(f"dropped/{parting.stays.name}"),
            )
            for streams, parting in self._partings
        ]
        uses = [
            StreamUse(
                s.name,
                self._exchanged(known, s),
                known.get(f"dropped/{s.name}"),
                target=_is_target(s),
            )
            for s in self._streams
        ]
        return summarized(self._policy, clean, agreement, relations, uses, self._left_out)

    def _exchanged(self, known: Mapping[str, Any], *streams: Stream) -> Found:
        """The scores with the first of some streams that another sample has differently."""
        for stream in streams:
            if stream.name not in self._same:
                found: Found = known[f"permuted/{stream.name}"]
                return found
        return SAME

    def _other(self, known: Mapping[str, Any], parting: Parting) -> Found:
        """The scores with the stream that stays from another sample, and the moved one as it is."""
        if parting.moves.name in exchanged_with(self._policy, parting.stays):
            return "they cannot be exchanged alone"
        return self._exchanged(known, parting.stays)


def _is_target(stream: Stream) -> bool:
    """Whether a stream is an answer to learn, or needed by the others, and is never dropped."""
    return "drop" not in stream.spec.carries


def _copies(samples: Sequence[Mapping[str, Any]]) -> list[Any]:
    return [dict(sample) for sample in samples]


def _name(parting: Parting, level: float) -> str:
    if parting.knob.name == "exchange":
        return f"exchange/{parting.moves.name}/{level}"
    return f"{parting.knob.name}/{parting.stays.name}/{parting.moves.name}/{level}"
