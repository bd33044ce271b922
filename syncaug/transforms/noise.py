"""Noise of one level on several streams: of pictures and sound, typing errors, jitter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.noise import Noise, snr_of
from syncaug.transforms.view import Maps, View, words_of

if TYPE_CHECKING:
    from syncaug.transforms.parameters import NoiseParameters

__all__ = ["maps"]

DEFAULT_KINDS = {
    "image": "gaussian",
    "video": "gaussian",
    "depth": "gaussian",
    "audio": "white",
    "imu": "bias",
    "state": "gaussian",
    "text": "typos",
    "timed_text": "typos",
    "messages": "typos",
    "points": "jitter",
    "embedding": "gaussian",
}
"""The kind of noise that a stream gets where the step names none."""
OTHER_KIND = "gaussian"
"""That of modalities that other packages bring."""


def maps(parameters: NoiseParameters, view: View) -> Maps:
    """One noise for each stream that the step names; for all that can be noisy if it names none."""
    level = parameters["snr_db"] if "snr_db" in parameters else snr_of(parameters["severity"])
    noisy = view.noisy()
    kinds = words_of(parameters, noisy) or {
        stream: DEFAULT_KINDS.get(modality, OTHER_KIND) for stream, modality in noisy.items()
    }
    return [
        ("noise", stream, Noise(kind, level, view.entropy(stream)))
        for stream, kind in kinds.items()
    ]
