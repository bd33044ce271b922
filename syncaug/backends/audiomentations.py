"""audiomentations: one transform built per plan, fed with concrete values and addressed globals."""

from __future__ import annotations

import importlib
import random
from collections.abc import Mapping
from typing import Any

import audiomentations as library
import numpy as np
from numpy.typing import NDArray

from syncaug.backends.clock_moves import numbered, stretching, time_of
from syncaug.backends.complaints import complaints
from syncaug.backends.isolation import addressed_globals
from syncaug.backends.operation import Operated, Operation
from syncaug.backends.parameters import built_first, given, library_form
from syncaug.backends.stretching import draws_phases, stretched
from syncaug.catalogue import OperationSpec
from syncaug.maps.time import TimeMap
from syncaug.randomness import Entropy

__all__ = ["DRAWS_WHILE_APPLYING", "AudiomentationsOperation", "prepare"]

DRAWS_WHILE_APPLYING = frozenset(
    (
        "AddColorNoise",
        "AddGaussianNoise",
        "AddGaussianSNR",
        "AdjustDuration",
        "SevenBandParametricEQ",
    )
)
"""These draw in `apply` too, so that they hold the lock throughout; a test keeps the list true."""


def prepare(
    spec: OperationSpec, modality: str, constants: Mapping[str, Any], options: Mapping[str, Any]
) -> AudiomentationsOperation:
    """Build "audiomentations.Name" for an audio stream with `options["sample_rate"]` in Hz."""
    return AudiomentationsOperation(spec, constants, options)


class TimeStretch(library.TimeStretch):  # type: ignore[misc]
    """The library's own, which draws phases at random below half speed: from a fixed seed here."""

    def apply(self, samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
        """The stretched sound."""
        speed = self.parameters["rate"]
        if self.method != "signalsmith_stretch" or not draws_phases(speed):
            return np.asarray(super().apply(samples, sample_rate))
        made = stretched(np.atleast_2d(samples), sample_rate, speed)
        made = made if samples.ndim == 2 else made[0]
        return made[..., : samples.shape[-1]] if self.leave_length_unchanged else made


_OWN = {"TimeStretch": TimeStretch}


def _import_librosa() -> None:
    """Import what Trim would import when it first runs, and which draws a number as it loads."""
    before = random.getstate()
    importlib.import_module("librosa.effects")
    random.setstate(before)


class AudiomentationsOperation(Operation):
    """One transform. A rate that `run` gets comes before the one that the stream declares."""

    def __init__(
        self, spec: OperationSpec, constants: Mapping[str, Any], options: Mapping[str, Any]
    ) -> None:
        self.spec = spec
        self._short = spec.name.partition(".")[2]
        self._moves = spec.moves == "clock"
        self._constants = given(spec, constants)
        self._rate = int(options.get("sample_rate", 0))
        self._class = _OWN.get(self._short, getattr(library, self._short))
        self._rebuilt = frozenset(n for n, p in spec.parameters.items() if p.stored == "construct")
        self._draws_late = self._short in DRAWS_WHILE_APPLYING
        pairs = ((name, "max" + name[3:]) for name in spec.parameters if name.startswith("min_"))
        self._pairs = tuple(pair for pair in pairs if pair[1] in spec.parameters)
        if self._short == "Trim":
            _import_librosa()
        self._base = built_first(self.spec, self._constants, self._build)

    def run(
        self,
        data: NDArray[Any],
        values: Mapping[str, Any],
        entropy: Entropy,
        rate: float = 0.0,
    ) -> Operated:
        """The transformed sound, (T,) or (C, T), of the dtype that came; the time map, if any."""
        hertz = int(rate) or self._rate
        if hertz <= 0:
            raise ValueError(
                f"no sample rate is known, and {self.spec.name} needs one: declare sample_rate"
            )
        result = self._sounded(data, values, entropy, hertz)
        if not self._moves:
            return Operated(result)
        return Operated(result, self._time(data, values, entropy, hertz, result.shape[-1]))

    def _sounded(
        self, data: NDArray[Any], values: Mapping[str, Any], entropy: Entropy, rate: int
    ) -> NDArray[Any]:
        samples = np.array(data, np.float32, order="C")  # a copy: some transforms write into theirs
        flat = samples.ndim == 2 and samples.shape[0] == 1
        if flat:
            samples = samples[0]
        kind = f"x{samples.shape[0] if samples.ndim == 2 else 1}"
        if samples.ndim == 2 and "x2" not in self.spec.accepts:
            raise ValueError(f"{samples.shape[0]} channels; {self.spec.name} takes one")
        if kind == "x1" and "x1" not in self.spec.accepts:
            raise ValueError(f"one channel; {self.spec.name} takes several")
        transform = self._instance(values)
        with complaints(self.spec.name):
            result = self._applied(transform, samples, rate, entropy)
        result = np.ascontiguousarray(result, dtype=data.dtype)
        return result[None] if flat else result

    def _time(
        self,
        data: NDArray[Any],
        values: Mapping[str, Any],
        entropy: Entropy,
        rate: int,
        shown: int,
    ) -> TimeMap:
        """The time map that the same parameters imply; `shown` samples came out."""
        count = data.shape[-1]
        if self._short == "TimeStretch":
            factor = self._drawn(values, data, rate, entropy).parameters["rate"]
            return stretching(count, round(count / factor), shown, rate)
        if self._short == "Trim":
            return self._trimmed(data, values, rate)
        with complaints(self.spec.name):
            transform = self._drawn(values, data, rate, entropy)
            transform.fade = transform.crossfade = False  # where things go, not how loud they are
            numbers = numbered(count)
            if "x1" not in self.spec.accepts:
                numbers = np.stack([numbers, numbers])
            with addressed_globals(entropy):
                transform.randomize_parameters(np.zeros(count, np.float32), rate)
                moved = transform.apply(numbers, rate)
        return time_of(moved if moved.ndim == 1 else moved[0], count, rate)

    def _drawn(
        self, values: Mapping[str, Any], data: NDArray[Any], rate: int, entropy: Entropy
    ) -> Any:
        """The transform with the parameters that it draws for this sound."""
        transform = self._instance(values)
        with addressed_globals(entropy):
            transform.randomize_parameters(np.zeros(data.shape[-1], np.float32), rate)
        return transform

    def _trimmed(self, data: NDArray[Any], values: Mapping[str, Any], rate: int) -> TimeMap:
        """What librosa finds to be more than silence, as audiomentations asks it."""
        effects = importlib.import_module("librosa.effects")
        samples = np.asarray(data, np.float32)
        _, (start, stop) = effects.trim(samples, top_db=self._instance(values).top_db)
        return TimeMap.keeping([(start / rate, stop / rate)], data.shape[-1] / rate)

    def _applied(self, transform: Any, samples: NDArray[Any], rate: int, entropy: Entropy) -> Any:
        with addressed_globals(entropy), np.errstate(over="ignore"):  # results are looked at
            transform.randomize_parameters(samples, rate)
            if not transform.parameters["should_apply"]:
                seconds = samples.shape[-1] / rate
                raise ValueError(
                    f"{seconds:g} s of sound, too short for {self.spec.name} as it is set"
                )
            if self._draws_late:
                return transform.apply(samples, rate)
        with np.errstate(over="ignore"):
            return transform.apply(samples, rate)

    def _build(self, values: Mapping[str, Any]) -> Any:
        try:
            return self._class(**{**self._constants, **values}, p=1.0)
        except AssertionError as error:
            raise ValueError(str(error) or f"{self.spec.name} refuses its parameters") from error

    def _instance(self, values: Mapping[str, Any]) -> Any:
        """A copy of the transform with this sample's values."""
        parameters = self.spec.parameters
        varying = {
            n: library_form(parameters[n], v) for n, v in values.items() if n not in self._constants
        }
        if self._base is None or not self._rebuilt.isdisjoint(varying):
            transform: Any = self._build(varying)
        else:
            transform = object.__new__(self._class)
            transform.__dict__.update(self._base.__dict__, **varying)
            for low, high in self._pairs:
                if low in varying or high in varying:
                    self._check_order(low, getattr(transform, low), high, getattr(transform, high))
        transform.parameters = {"should_apply": True}
        return transform

    def _check_order(self, low: str, bottom: float, high: str, top: float) -> None:
        if bottom > top:
            raise ValueError(
                f"{low} = {bottom:g} above {high} = {top:g}; {self.spec.name} draws between the two"
            )
