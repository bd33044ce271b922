"""The contract of modalities: every kind of map that one says it is carried by, and odd values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from syncaug.catalogue.modalities import MODALITIES, modality_spec
from syncaug.errors import SyncaugError
from syncaug.testing.laws import (
    KEYS,
    carried,
    loaded,
    policy_of,
    require,
    require_laws,
    require_near,
)

__all__ = ["check_modality"]

Step = Mapping[str, Any]

STEPS: Mapping[str, tuple[Step, ...]] = {
    "plane": (
        {"uses": "rotate", "with": {"degrees": [-30, 30]}},
        {"uses": "flip", "p": 0.5},
    ),
    "occlude": ({"uses": "occlude", "with": {"area": [0.1, 0.3]}},),
    "time": (
        {"uses": "speed", "with": {"factor": [0.8, 1.25]}},
        {"uses": "trim", "with": {"duration": [0.5, 0.9], "unit": "share"}},
        {"uses": "reverse"},
    ),
    "blank": ({"uses": "mask_time", "with": {"spans": 1, "duration": [0.1, 0.2]}},),
    "pitch": ({"uses": "pitch", "with": {"semitones": [-3, 3]}},),
    "world": (
        {"uses": "world_rotate", "with": {"axis": "z", "degrees": [-30, 30]}},
        {"uses": "world_scale", "with": {"factor": [0.8, 1.2]}},
    ),
    "tone": ({"uses": "light", "with": {"value": [-0.3, 0.3]}},),
    "noise": ({"uses": "noise", "with": {"snr_db": [5, 30]}},),
    "drop": ({"uses": "drop_modality", "with": {"at_most": 1}},),
}
"""Kind of map -> steps of the library that make such maps."""
NEUTRAL: Mapping[str, Step] = {
    "plane": {"uses": "rotate", "with": {"degrees": 0}},
    "time": {"uses": "speed", "with": {"factor": 1}},
    "world": {"uses": "world_rotate", "with": {"axis": "z", "degrees": 0}},
    "tone": {"uses": "light", "with": {"value": 0}},
}
"""Kind of map -> a step whose maps change nothing."""
COMPOSED: Mapping[str, tuple[Step, ...]] = {
    "plane": (
        {"uses": "translate", "with": {"x": 0.1, "y": 0.05}},
        {"uses": "translate", "with": {"x": -0.2, "y": 0.1}},
    ),
    "time": ({"uses": "reverse"}, {"uses": "reverse"}),
    "world": (
        {"uses": "world_rotate", "with": {"axis": "z", "degrees": 20}},
        {"uses": "world_rotate", "with": {"axis": "z", "degrees": 50}},
    ),
    "tone": (
        {"uses": "light", "with": {"value": 0.1}},
        {"uses": "light", "with": {"value": -0.2}},
    ),
}
"""Kind of map -> two steps whose maps are composed, unless each is carried out by itself."""


def check_modality(
    name: str,
    *,
    stream: str,
    streams: Mapping[str, Any],
    sample: Mapping[str, Any],
    tolerance: float = 1e-6,
) -> None:
    """Hold a modality to its contract, on the stream `stream` of a sample.

    `streams` are those of the sample as a policy declares them; others than `stream` may give its
    plane a size or its clock a length. Numbers may differ by `tolerance` where nothing should
    change, and between composed maps and one after the other. Raises AssertionError.
    """
    require(name not in MODALITIES, name, "is a modality of ours; take another name")
    loaded(policy_of(streams, []), name)
    spec = modality_spec(name)
    for kind in spec.carries:
        for step in STEPS.get(kind, ()):
            what = f"{name} under {step['uses']}"
            require_laws(policy_of(streams, [step]), sample, what)
        if kind in NEUTRAL:
            still = loaded(policy_of(streams, [NEUTRAL[kind]]), name)
            out = carried(still, sample, KEYS[0], name)
            message = f"a {kind} map that changes nothing changes something"
            require_near({stream: sample[stream]}, out, tolerance, name, message)
        if kind in COMPOSED:
            _require_composed(kind, stream, streams, sample, tolerance, name)
    _require_refusals(stream, streams, sample, name)


def _require_composed(
    kind: str,
    stream: str,
    streams: Mapping[str, Any],
    sample: Mapping[str, Any],
    tolerance: float,
    name: str,
) -> None:
    """Two maps composed do what one after the other does."""
    one, other = (
        carried(loaded(policy_of(streams, COMPOSED[kind], fuse=fuse), name), sample, KEYS[0], name)
        for fuse in ("on", "off")
    )
    message = f"two {kind} maps composed do not do what one after the other does"
    if isinstance(one, dict) and isinstance(other, dict):
        one, other = {stream: one[stream]}, {stream: other[stream]}
    require_near(one, other, tolerance, name, message)


def _require_refusals(
    stream: str, streams: Mapping[str, Any], sample: Mapping[str, Any], name: str
) -> None:
    """Odd values are carried, or refused by an error of ours."""
    augmenter = loaded(policy_of(streams, []), name)
    for value in (None, 3, "words", [], {}, np.zeros(0), np.array([object()]), object()):
        carried(augmenter, {**sample, stream: value}, KEYS[0], f"{name} of {value!r:.40}")
    try:
        out = augmenter({**sample, stream: None}, key=KEYS[0])
    except SyncaugError:
        return
    raise AssertionError(
        f"{name}: None was taken for a stream and gave {out[stream]!r:.40}; validate in read(), "
        "and raise self.fail(expected, came)"
    )
