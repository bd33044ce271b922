"""Modalities of the clock: what is sampled in time."""

from __future__ import annotations

from syncaug.catalogue.modalities.reasons import (
    NO_PHASE,
    SILENT,
    STAYS,
    UNCOVERED,
    WORDLESS,
    because,
)
from syncaug.catalogue.modalities.spec import ModalitySpec

__all__ = ["AUDIO", "EMBEDDING", "IMU", "VIDEO"]

VIDEO = ModalitySpec(
    name="video",
    spaces=("plane", "clock"),
    carries={
        "plane": "every frame takes the same warp",
        "field": "every frame is warped by the same field",
        "occlude": "covered in every frame",
        "time": "frames chosen by their times, before any warp",
        "blank": "shows its fill",
        "tone": "every frame is recoloured alike",
        "noise": "noise of the drawn level, another field in every frame",
        "drop": "shows its fill",
        "mix": "the partner's frames by weight, inside a window or for a span",
    },
    unaffected={
        "world": STAYS,
        "pitch": SILENT,
        "words": WORDLESS,
        "phase": NO_PHASE,
    },
    media=True,
    picture=True,
    opencv=True,
)

AUDIO = ModalitySpec(
    name="audio",
    spaces=("clock", "plane"),
    carries={
        "plane": (
            "left and right channels trade places where left becomes right, and stay otherwise"
        ),
        "field": "stays; a warp without a formula keeps left and right",
        "phase": "every frequency turned by the same angle",
        "time": "resampled or stretched once, however many steps",
        "blank": "silent",
        "pitch": "shifted in pitch, together with any change of speed",
        "noise": "noise of the drawn level",
        "drop": "silent",
        "mix": "the partner's sound by weight, or for a span",
    },
    unaffected={
        "words": WORDLESS,
        "occlude": UNCOVERED,
        "world": "sound follows the picture, which stays",
        "tone": "sound has no colour",
    },
    media=True,
)

IMU = ModalitySpec(
    name="imu",
    spaces=("clock", "plane", "world"),
    carries={
        "plane": (
            "turns and mirrors where the camera does on whose body it sits, and stays otherwise"
        ),
        "time": "resampled; the gyroscope scales with the speed",
        "blank": "rests at zero",
        "world": "accelerations grow with the world, where they hold no gravity",
        "noise": "bias, scale error and noise of the drawn level",
        "drop": "zero",
        "mix": "the partner's readings inside the span",
    },
    unaffected={
        "pitch": SILENT,
        "words": WORDLESS,
        "phase": "only sound has a phase",
        "plane": "it names no body, so no camera's turn is its own",
        "world": "a body that turns and moves with its whole world reads the same",
        "tone": "turn rates and accelerations have no colour",
        "occlude": "what covers the picture does not cover the sensor",
    },
    media=True,
)

EMBEDDING = ModalitySpec(
    name="embedding",
    spaces=("clock",),
    carries={
        "time": "interpolated at the new moments",
        "blank": "zero",
        "noise": "noise of the drawn level",
        "drop": "zero",
        "mix": "interpolated by weight",
    },
    unaffected={
        **because(
            "it lives in the space of its encoder, which saw the sample as it was",
            "phase",
            "plane",
            "world",
            "tone",
            "words",
            "pitch",
            "frustum",
            "occlude",
        ),
        **because("one vector stands for the whole time", "time", "blank"),
    },
    media=True,
)
