"""What every carrier can do: hold one stream while maps arrive, and hand it back in its own form.

A carrier is made for one stream of one sample. Maps arrive through the method of their kind
(`plane`, `field`, `lens`, `time`, `world`, `frustum`, `tone`, `pitch`, `noise`, `blank`, `occlude`,
`phase`, `drop`, `mix`). Geometry and time are kept pending and composed, so that neighbouring maps
cost one resampling; `settle` carries out what is pending and `finish` returns the stream in the
form, dtype and layout in which it came. The data that came in is never written to.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from syncaug import limits
from syncaug.backends.operation import Operated, Operation
from syncaug.catalogue import OperationSpec
from syncaug.errors import RefusalError, SampleError
from syncaug.limits import OverLimitError
from syncaug.maps.lens_map import LensMap
from syncaug.maps.mask import Blank, Drop, Occlusion
from syncaug.maps.mix import Mix
from syncaug.maps.noise import Noise
from syncaug.maps.plane import FieldMap, PlaneMap, Size
from syncaug.maps.time import TimeMap
from syncaug.maps.tone import ToneMap
from syncaug.maps.words import Rebuild, Tilt
from syncaug.maps.world import Frustum, WorldMap
from syncaug.modalities.flat import FlatLane
from syncaug.plan.plan import Stream
from syncaug.randomness import Entropy
from syncaug.suspicions import Suspicion

__all__ = ["Carrier", "Lane", "describe", "plural_key"]

_PLAIN = frozenset({"builtins", "datetime", "decimal", "fractions", "numpy", "pathlib"})
"""Modules of types whose values are told in an error, not their type alone."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One stream of one plan: what carries it, and what its options decide, resolved once.

    `meetings` has for each kind of map how a carrier of the lane meets one.
    """

    stream: Stream
    kind: type[Carrier]
    rules: Any
    parallel_keys: tuple[str, ...]
    meetings: Mapping[str, Callable[..., None]]


class Carrier:
    """One stream on its way through the maps of one draw.

    `rules` is what `rules_of` makes of the stream's options, once for all samples of a plan.
    """

    __slots__ = (
        *("data", "meets", "notes", "rules", "sample", "space", "step", "stream", "suspicions"),
    )
    needs_size: ClassVar[bool] = False
    """Whether `connect` must be given the size of the stream's plane."""
    reads_parts: ClassVar[bool] = False
    """Whether this very class takes a stream that is still in its file, and reads what it shows."""
    rules: Any

    def __init__(self, lane: Lane, sample: Mapping[str, Any], suspicions: list[Suspicion]) -> None:
        stream = self.stream = lane.stream
        self.rules, self.meets = lane.rules, lane.meetings
        self.sample = sample
        self.notes: dict[str, Any] = {}
        self.step = ""  # the last step that sent a map
        self.space = ""  # the space of a map that is met at once
        self.suspicions = suspicions  # of the whole sample
        self.data: Any = self.read(sample[stream.name])

    @classmethod
    def lane(cls, stream: Stream) -> Lane:
        """The lane of a stream of this modality."""
        return Lane(stream, cls, cls.rules_of(stream), stream.parallel_keys, cls.meetings())

    @classmethod
    def of(cls, stream: Stream, sample: Mapping[str, Any]) -> Self:
        """The carrier of one stream of one sample, where no plan has a lane for it."""
        return cls(cls.lane(stream), sample, [])

    @classmethod
    def flat(cls, lane: Lane) -> FlatLane | None:
        """The functions that carry plain values of a lane of this very class; None without any."""
        return None

    @classmethod
    def meetings(cls) -> Mapping[str, Callable[..., None]]:
        """Kind of map -> the method by which a carrier meets one. Mixes need a partner."""
        return {
            "plane": cls.plane,
            "field": cls.field,
            "lens": cls.lens,
            "time": cls.time,
            "world": cls.world,
            "frustum": cls.frustum,
            "tone": cls.tone,
            "pitch": cls.pitch,
            "phase": cls.phase,
            "noise": cls.noise,
            "blank": cls.blank,
            "occlude": cls.occlude,
            "words": cls.words,
            "drop": cls.leave_out,
            "cut": cls.cut_off,
        }

    def leave_out(self, drop: Drop) -> None:
        """Be dropped, and say so: checks and records tell what is shown to be empty from it."""
        self.drop(drop)
        self.notes["out"] = True

    def cut_off(self, nothing: None) -> None:
        """Meet a cut, which is no map of its own."""
        self.cut()

    # What a modality defines

    @classmethod
    def rules_of(cls, stream: Stream) -> Any:
        """What the stream's options decide, as a frozen dataclass of the modality."""
        return None

    def read(self, value: Any) -> Any:
        """Validate the stream as it came and return it in the form in which it is carried."""
        return value

    def finish(self) -> dict[str, Any]:
        """Carry out all that is pending; the stream's entry, and those of its parallel keys."""
        return {self.stream.name: self.data}

    def connect(self, carriers: Mapping[str, Carrier], size: Size | None) -> None:
        """Learn of the sample's other streams and of the size of one's plane, before any map.

        `size` is None where nothing on the plane tells it.
        """

    def mirror(self) -> None:
        """What is seen on the stream's plane, or in its world, is a mirror image now."""

    def settle(self) -> None:
        """Carry out what is pending, so that `data` is what an operation should see."""

    def expose(self) -> None:
        """Carry out what is pending, as far as a library's operation has to see it."""
        self.settle()

    def operate(
        self, operation: Operation, values: Mapping[str, Any], entropy: Entropy
    ) -> Operated | None:
        """Let a library's operation change the stream, once it is exposed.

        What it made is also what the streams that follow need; None where there was nothing to
        change. Raises ValueError where the data do not suit.
        """
        operated = operation.run(self.data, values, entropy, self.sample_rate())
        self.accept(operated, operation.spec)
        return operated

    def accept(self, operated: Operated, spec: OperationSpec) -> None:
        """Take in what the operation of this entry of the catalogue made of the data."""
        self.data = operated.data

    def surely_finite(self) -> bool:
        """Whether no number of the result can have overflowed, without looking at them."""
        return False

    def side_names(self) -> Iterable[str]:
        """The texts of the stream that may name sides, where nothing is declared of them."""
        return ()

    def cut(self) -> None:
        """Let what lies outside of the picture now be gone for good, whatever waits or comes."""

    def picture_size(self) -> Size | None:
        """The size of the plane if this stream knows it."""
        return None

    def clock_duration(self) -> float | None:
        """How many seconds the stream lasts now, where it is one that tells its clock's length."""
        return None

    def sample_rate(self) -> float:
        """How many samples a second the stream has, where it is sound; 0 otherwise."""
        return 0.0

    # Maps: a carrier that the plan sends a map to overrides its method

    def plane(self, plane: PlaneMap) -> None:
        raise AssertionError(f"{self.stream.modality} is not carried by plane maps")

    def field(self, field: FieldMap) -> None:
        raise AssertionError(f"{self.stream.modality} is not carried by fields")

    def lens(self, lens: LensMap) -> None:
        raise AssertionError(f"{self.stream.modality} has no lens")

    def time(self, time: TimeMap) -> None:
        raise AssertionError(f"{self.stream.modality} is not carried by time maps")

    def world(self, world: WorldMap) -> None:
        raise AssertionError(f"{self.stream.modality} is not carried by world maps")

    def frustum(self, frustum: Frustum) -> None:
        raise AssertionError(f"{self.stream.modality} is not cut by a frustum")

    def tone(self, tone: ToneMap) -> None:
        raise AssertionError(f"{self.stream.modality} is not carried by tone maps")

    def pitch(self, tone: ToneMap) -> None:
        raise AssertionError(f"{self.stream.modality} has no pitch")

    def noise(self, noise: Noise) -> None:
        raise AssertionError(f"{self.stream.modality} has no noise")

    def blank(self, blank: Blank) -> None:
        raise AssertionError(f"{self.stream.modality} is not blanked in time")

    def occlude(self, occlusion: Occlusion) -> None:
        raise AssertionError(f"{self.stream.modality} is not covered")

    def words(self, rule: Rebuild | Tilt) -> None:
        raise AssertionError(f"{self.stream.modality} has no words")

    def phase(self, degrees: float) -> None:
        raise AssertionError(f"{self.stream.modality} has no phase")

    def drop(self, drop: Drop) -> None:
        raise AssertionError(f"{self.stream.modality} cannot be dropped")

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Take in a partner's stream, which has been brought to this one's size and settled."""
        raise AssertionError(f"{self.stream.modality} is not mixed")

    # Help for modalities

    def fail(self, expected: str, came: str, hint: str = "") -> SampleError:
        """The error that this stream is not what was declared."""
        return SampleError(self.stream.name, expected=expected, came=came, hint=hint)

    def require_room(self, elements: float, what: str) -> None:
        """Refuse a draw whose result no memory holds; `what` says what it would be."""
        try:
            limits.require(elements, limits.ELEMENTS, what, "numbers")
        except OverLimitError as error:
            raise self.refusal(error) from error

    def refusal(self, error: OverLimitError) -> RefusalError:
        """What is over a limit as a refusal that names this stream and the last step."""
        return RefusalError(self.stream.name, f"step {self.step!r}: {error}")

    def doubt_times(self, time: TimeMap) -> None:
        """Suspect what tells times of a clock that goes as the map says; here nothing does."""

    def suspect(self, code: str, message: str) -> None:
        """Note that the data are probably not what was meant; the user is warned once of `code`.

        `message` says what was seen, what is likely meant, and what to do or to declare.
        """
        self.suspicions.append(Suspicion(self.stream.name, code, message))

    def scalar(self, value: Any, key: str, *, above: float = 0.0) -> float:
        """A number that a sample's mapping holds under `key`. Raises SampleError unless it is one.

        numpy's scalars and arrays without axes count; texts and booleans do not.
        """
        if isinstance(value, np.ndarray) and value.ndim == 0:
            value = value[()]
        plain = isinstance(value, int | float | np.integer | np.floating)
        if isinstance(value, bool) or not plain:
            raise self.fail(f"{key!r} as a number", describe(value))
        number = float(value)
        if not (number > above and math.isfinite(number)):
            raise self.fail(f"{key!r} as a finite number above {above:g}", f"{value}")
        return number

    def check_fill(self, fill: Any, channels: int, low: float, high: float) -> None:
        """Raise SampleError unless the declared fill is a pixel of a picture with such values."""
        if isinstance(fill, list | tuple) and len(fill) not in (1, channels):
            raise self.fail(
                f"{len(fill)} channels, one for each number of fill: {list(fill)}",
                f"{channels}",
                "Declare fill: as one number, or one for each channel.",
            )
        numbers = fill if isinstance(fill, list | tuple) else (fill,)
        if not all(low <= number <= high for number in numbers):
            raise self.fail(
                f"values that hold its fill: {fill}",
                f"values from {low:g} to {high:g}",
                "Declare fill: in the units of the pixels.",
            )

    def parallel(self, key: str, count: int) -> Any:
        """The list or array under `key` that runs parallel to this stream, of length `count`."""
        if key not in self.sample:
            raise SampleError(
                key,
                expected=f"{count} labels beside {self.stream.name!r}",
                came="no such entry in the sample",
                hint=f"Add it to the sample, or do not name it at {self.stream.name!r}.",
            )
        labels = self.sample[key]
        bare = isinstance(labels, np.ndarray) and labels.ndim == 0
        if bare or not isinstance(labels, list | tuple | np.ndarray):
            raise SampleError(key, expected="a list or an array", came=describe(labels))
        if len(labels) != count:
            raise SampleError(
                key,
                expected=f"{count} entries, one for each of {self.stream.name!r}",
                came=f"{len(labels)}",
                hint=f"Entry n goes with row n of {self.stream.name!r}. What is said once for the "
                "whole sample stands under untouched:.",
            )
        return labels


def describe(value: Any) -> str:
    """A short text that says what `value` is, for error messages."""
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype} with shape {value.shape}"
    if isinstance(value, str):
        return f"the text {value[:40]!r}" + ("..." if len(value) > 40 else "")
    if isinstance(value, Mapping):
        return "a mapping with " + (", ".join(repr(key) for key in list(value)[:6]) or "no keys")
    if value is None:
        return "None"
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} of {_counted(value)}"
    if hasattr(value, "dtype") and hasattr(value, "shape"):  # a tensor of another library
        return f"a {type(value).__name__} of {value.dtype} with shape {tuple(value.shape)}"
    kind = type(value)
    if kind.__module__.startswith("PIL.") and hasattr(value, "mode"):
        return f"a picture of PIL in mode {value.mode} of {value.width}x{value.height} pixels"
    if kind.__module__ not in _PLAIN:  # what it says of itself may be all of its numbers
        return f"an object of type {kind.__module__}.{kind.__qualname__}"
    return f"{kind.__name__} {value!r}"[:60]


def _counted(value: Sequence[Any]) -> str:
    """How many entries a list has, in each dimension where they are numbers."""
    sizes = _extent(value)
    if sizes:
        return "x".join(map(str, sizes)) + " numbers"
    first = value[0] if value else None
    if isinstance(first, Mapping):
        return f"{len(value)}, the first of which is {describe(first)}"
    return f"{len(value)}"


def _extent(value: Any, deepest: int = 32) -> tuple[int, ...] | None:
    """The shape of nested lists of numbers; None where they are empty, ragged or others."""
    if not isinstance(value, list | tuple):
        return () if isinstance(value, int | float | np.number) else None
    shape: tuple[int, ...] | None = None
    for each in value:  # up to the first that is of no shape: one may hold itself, and twice
        found = _extent(each, deepest - 1) if deepest else None
        if found is None or shape not in (None, found):
            return None
        shape = found
    return None if shape is None else (len(value), *shape)


def plural_key(labels: Any, kept: NDArray[np.intp]) -> Any:
    """The entries of a parallel list, tuple or array at the indices `kept`."""
    if isinstance(labels, np.ndarray):
        return labels[kept]
    return type(labels)([labels[index] for index in kept.tolist()])
