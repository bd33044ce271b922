"""What introspection cannot find out about the operations of audiomentations."""

from __future__ import annotations

from typing import Any

_WRAPS = "it wraps other code, and a policy names operations only"
_SOUNDS = "it needs a folder of sounds; use the `mix` transform with a partner"
_POSITIVE = {"minimum": 0.0, "exclusive_minimum": True}
_SHARE = {"minimum": 0.0, "maximum": 1.0}
_CALLABLE = "it wants code, and a policy names operations only"
_STEEP = ("it goes in steps of 6 dB per octave", {"type": "integer", "multipleOf": 6, "minimum": 6})
_TENS = ("its tables know 10 and 20 degrees only", {"enum": [10.0, 20.0]})

REFUSED = {
    "AddBackgroundNoise": _SOUNDS,
    "AddShortNoises": _SOUNDS,
    "ApplyImpulseResponse": "it needs a folder of impulse responses",
    "Lambda": _WRAPS,
    "Limiter": "it needs numpy-audio-limiter, which no extra installs",
    "LoudnessNormalization": "it needs loudness, which no extra installs",
    "Mp3Compression": "it needs fast-mp3-augment, which no extra installs",
    "RoomSimulator": "it needs pyroomacoustics, which no extra installs",
    "Resample": "it does not return the new sample rate",
}
"""Operations that no policy can use, and why."""
REQUIRED: dict[str, dict[str, Any]] = {
    "AdjustDuration": {"duration_seconds": 0.4},
}
"""Values with which an operation can be tried out, where its defaults do not do."""
PITCHES = frozenset(("PitchShift",))
"""audiomentations that change the pitch of what sounds."""
CLOCKS = frozenset(
    ["AdjustDuration", "Padding", "RepeatPart", "Reverse", "Shift", "TimeStretch", "Trim"]
)
"""audiomentations that change when something sounds."""
LENGTHS = frozenset(["AdjustDuration", "Trim"])
"""audiomentations that change how long a sound lasts."""
FIXED = {
    "AirAbsorption.max_temperature": _TENS,
    "AirAbsorption.min_temperature": _TENS,
    "RepeatPart.part_transform": (_CALLABLE, {"type": "null"}),
    **{
        f"{kind}Filter.{end}_rolloff": _STEEP
        for kind in ("BandPass", "BandStop", "HighPass", "LowPass")
        for end in ("min", "max")
    },
}
"""Parameters of audiomentations that cannot follow a draw: why, and their schema."""
DOMAINS: dict[str, dict[str, float | bool]] = {
    "AddColorNoise.n_fft": {"minimum": 16.0},
    "AddColorNoise.p_apply_a_weighting": _SHARE,
    "Shift.max_shift": {},
    "Shift.min_shift": {},
    "Trim.top_db": _POSITIVE,
    **{
        f"{kind}.{end}_{what}_freq": _POSITIVE
        for kind, what in (
            ("BandPassFilter", "center"),
            ("BandStopFilter", "center"),
            ("HighShelfFilter", "center"),
            ("LowShelfFilter", "center"),
            ("PeakingFilter", "center"),
            ("LowPassFilter", "cutoff"),
        )
        for end in ("min", "max")
    },
}
"""Domains that audiomentations does not check, or checks against another parameter."""
