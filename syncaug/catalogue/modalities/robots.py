"""Modalities of robots: what they measure of themselves, and what they are told to do."""

from __future__ import annotations

from syncaug.catalogue.modalities.reasons import NO_COLOUR, NO_PHASE, SILENT, WORDLESS, because
from syncaug.catalogue.modalities.spec import ModalitySpec

__all__ = ["ACTION", "STATE"]

_CARRIES = {
    "world": (
        "poses and velocities turn, move and grow as their frame says; in a mirror joints take "
        "their signs, and left and right trade places"
    ),
    "time": "positions and joints linear, rotations by slerp, grippers nearest; rates follow speed",
    "blank": "at rest: zero, and rotations that turn nothing",
    "drop": "at rest",
    "mix": "the partner's rows inside the span",
}
_UNAFFECTED = {
    "plane": "what moves a picture moves no robot; a mirror reaches it through its world",
    "tone": NO_COLOUR,
    "pitch": SILENT,
    "words": WORDLESS,
    "phase": NO_PHASE,
    "occlude": "what covers the picture does not cover the robot",
    "frustum": "a robot knows itself also where no camera sees it",
    **because("without a rate it is one moment", "time", "blank"),
}

STATE = ModalitySpec(
    name="state",
    spaces=("world", "clock"),
    carries={**_CARRIES, "noise": "noise of the drawn level; rotations stay rotations"},
    unaffected=_UNAFFECTED,
    media=True,
)

ACTION = ModalitySpec(
    name="action",
    spaces=("world", "clock"),
    carries={
        **_CARRIES,
        "time": (
            "targets as states; steps anew from the way that they make, so that they lead from "
            "state to state at any speed"
        ),
    },
    unaffected={**_UNAFFECTED, "noise": "a command is exact: noise belongs to what a sensor gives"},
    media=True,
)
