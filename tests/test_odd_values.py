"""Odd values in every place of a sample: each comes out finite in its form, or is refused by name.

Every modality of a whole sample is swept: the stream is replaced by odd values, arrays by odd
arrays, and each entry of a mapping or list by odd values, under one transform of each kind.
"""

from __future__ import annotations

import datetime
import decimal
import fractions
import math
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from syncaug import SampleWarning, load_policy
from syncaug.errors import AlignmentError, SampleError
from tests.samples import EVERYTHING, everything

DECLARED = dict(line.strip().split(": ", 1) for line in EVERYTHING.strip().splitlines())
BESIDE = {
    "image": (),
    "video": (),
    "mask": (),
    "depth": (),
    "heat": (),
    "flow": (),
    "normals": (),
    "boxes": ("image",),
    "masks": ("image",),
    "oriented": ("image",),
    "outlines": ("image",),
    "chat": ("image", "video"),
    "keypoints": ("image",),
    "phrases": ("image", "boxes", "caption"),
    "caption": ("image",),
    "cues": ("image", "speech"),
    "speech": (),
    "camera": ("image", "points"),
    "points": (),
    "boxes3d": (),
    "imu": ("camera",),
    "label": ("image",),
    "table": ("image",),
    "latent": (),
}
LISTS = {
    "boxes": "classes",
    "boxes3d": "classes3d",
    "masks": "masked",
    "oriented": "lying",
    "outlines": "outlined",
}
UNKNOWN = ("flow", "normals")
"""Streams whose results hold NaN where nothing is known of them, as beyond a turned picture."""
STEPS = {
    "plane": "{name: s, uses: rotate, with: {degrees: 7, words: {leave_below: 20}}}",
    "mirror": "{name: s, uses: flip}",
    "crop": "{name: s, uses: crop, with: {area: 0.7}}",
    "time": "{name: s, uses: speed, with: {factor: 1.3}}",
    "world": "{name: s, uses: world_scale, with: {factor: 1.7}}",
    "noise": "{name: s, uses: noise, with: {snr_db: 12}}",
    "tone": "{name: s, uses: light, with: {value: 0.2}}",
    "mix": "{name: s, uses: mixup}",
}
SCALARS = [
    None,
    True,
    np.bool_(False),
    "a text",
    "",
    "\ud800",
    "a\0b",
    b"bytes",
    math.nan,
    math.inf,
    -math.inf,
    -1,
    0,
    0.5,
    10**400,
    2**63,
    1e300,
    3e38,
    5e-324,
    1j,
    np.float16(3.0),
    np.longdouble(1.5),
    np.str_("left"),
    np.bytes_(b"x"),
    np.datetime64("2020-01-01"),
    np.timedelta64(5, "s"),
    datetime.timedelta(seconds=1),
    decimal.Decimal("1.5"),
    fractions.Fraction(1, 3),
    [],
    (),
    {},
    {1},
    range(3),
    [[], [1]],
    object(),
    int,
    np.array(5.0),
    np.array(None),
    np.array([1, None, "a"], object),
    np.array(["a", "b"]),
    np.zeros(3, [("x", "f4"), ("y", "f4")]),
]


def arrays(array: np.ndarray) -> Iterator[np.ndarray]:
    """Odd arrays of nearly the same kind."""
    yield array[:0]
    yield array[:1]
    yield array[::-1]
    yield np.asfortranarray(array)
    yield array[None]
    yield array.ravel()
    yield array.T
    yield np.zeros((0,) * array.ndim, array.dtype)
    yield array.view(np.matrix) if array.ndim == 2 else array
    yield np.ma.array(array)
    for axis in range(array.ndim):
        yield np.take(array, [0], axis=axis)
        yield np.take(array, [], axis=axis)
    for dtype in ("f2", "f4", "f8", "g", ">f4", "i1", "u2", "i8", "?", "c8", "O", "U5", "M8[s]"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield array.astype(dtype)
    if array.dtype.kind == "f":
        for value in (math.nan, math.inf, 3e38, 1e24, 1e300, 1e-40, -0.0, 5.0, -5.0):
            with np.errstate(over="ignore"):
                yield np.full_like(array, value)
                one = array.copy()
                one.flat[-1] = value
                yield one


def odd(value: Any) -> Iterator[Any]:
    """Odd values in place of a value, and of each of its parts."""
    yield from SCALARS
    if isinstance(value, np.ndarray):
        yield from arrays(value)
    elif isinstance(value, list):
        yield from (tuple(value), value[:1], value + value, [None, *value[1:]])
        yield from ([item, *value[1:]] for item in SCALARS)
        if isinstance(value[0], dict | list):
            yield from ([part, *value[1:]] for part in odd(value[0]))
    elif isinstance(value, dict):
        for key, part in value.items():
            yield {name: other for name, other in value.items() if name != key}
            yield from ({**value, key: item} for item in odd(part))
    elif isinstance(value, str):
        yield from (" ", "\n", "left " * 3000, "\u202e left", "\u2028 left \x85 right")


def numbers(value: Any) -> Iterator[float]:
    """All floats of a stream."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        yield float(np.asarray(value, np.float64).sum()) if value.size else 0.0
    elif isinstance(value, dict):
        for part in value.values():
            yield from numbers(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from numbers(part)
    elif isinstance(value, float):
        yield value


def finite(value: Any) -> bool:
    return all(math.isfinite(number) for number in numbers(value))


def policy_of(streams: tuple[str, ...], step: str) -> Any:
    """A policy of some streams, or nothing where the step does not reach them."""
    declared = "".join(f"  {name}: {DECLARED[name]}\n" for name in streams)
    text = f"syncaug: 1\nsample:\n{declared}steps: [{STEPS[step]}]\non_fail: {{then: error}}\n"
    try:
        return load_policy(text, seed=3)
    except Exception:  # what the step asks of these streams is not asked here
        return None


@pytest.mark.parametrize("name", DECLARED)
def test_odd_values_come_out_right_or_are_refused_by_name(name: str) -> None:
    streams = (*BESIDE[name], name)
    keys = (*streams, *(LISTS[stream] for stream in streams if stream in LISTS))
    good = {key: value for key, value in everything().items() if key in keys}
    partner = {key: value for key, value in everything(9).items() if key in keys}
    policies = {step: policy_of(streams, step) for step in STEPS}
    assert sum(policy is not None for policy in policies.values()) >= 2
    accepted = refused = 0
    for target in (name, LISTS.get(name, name)):
        for value in odd(good[target]):
            sample = {**good, target: value}
            for step, policy in policies.items():
                if policy is None:
                    continue
                said = f"{target} = {value!r}"[:200] + f" under {step}"
                with warnings.catch_warnings():
                    warnings.simplefilter("error")
                    warnings.simplefilter("ignore", SampleWarning)
                    try:
                        out = policy(sample, key=1, partner=partner)
                    except (SampleError, AlignmentError):
                        refused += 1
                        continue
                    except Exception as error:
                        raise AssertionError(said) from error
                accepted += 1
                came = out[target]
                if finite(value) and name not in UNKNOWN:
                    assert finite(came), said
                if isinstance(value, np.ndarray) and step != "mix" and value.dtype.kind == "f":
                    assert came.dtype == value.dtype, said
    assert accepted
    assert refused
