"""Modalities of the world: what is placed in three dimensions."""

from __future__ import annotations

from syncaug.catalogue.modalities.reasons import (
    EXACT,
    IN_WORLD,
    NO_COLOUR,
    NO_PHASE,
    ONE_MOMENT,
    SILENT,
    UNCOVERED,
    WORDLESS,
    because,
)
from syncaug.catalogue.modalities.spec import ModalitySpec

__all__ = ["BEV", "BOXES3D", "CAMERA", "JOINTS", "POINTS"]

POINTS = ModalitySpec(
    name="points",
    spaces=("world", "clock"),
    carries={
        "time": "times of points move; what is cut is dropped, what is looped repeats",
        "blank": "those of the span are dropped",
        "world": "moved; normals turn, velocities turn and grow",
        "frustum": "kept where a camera still shows them",
        "tone": "their colours follow; reflectivity when asked",
        "noise": "jitter or dropout",
        "drop": "none",
        "mix": "the partner's points join; own points inside an inserted box are dropped",
    },
    unaffected={
        "plane": IN_WORLD,
        "pitch": SILENT,
        "words": WORDLESS,
        "phase": NO_PHASE,
        "occlude": UNCOVERED,
        **because("without a column t it shows one moment", "time", "blank"),
    },
    opencv=True,
)

BOXES3D = ModalitySpec(
    name="boxes3d",
    spaces=("world",),
    carries={
        "world": "centre, size and heading follow",
        "frustum": "kept where a camera still shows their centre, a corner or one of their points",
        "drop": "none, with their classes",
        "mix": "the partner's boxes join where nothing collides",
    },
    unaffected={
        "tone": NO_COLOUR,
        "plane": IN_WORLD,
        "noise": EXACT,
        **because(ONE_MOMENT, "time", "blank"),
        "pitch": SILENT,
        "words": WORDLESS,
        "phase": NO_PHASE,
        "occlude": UNCOVERED,
    },
    names_sides=True,
    rows=True,
)

JOINTS = ModalitySpec(
    name="joints",
    spaces=("world", "plane"),
    carries={
        "plane": (
            "in the axes of a camera: turns and mirrors where the camera does, and stays otherwise"
        ),
        "world": (
            "moved; in the axes of a camera it only grows; in a mirror left and right trade places"
        ),
        "drop": "none; of one body alone, all unseen",
    },
    rows=True,
    unaffected={
        "tone": NO_COLOUR,
        "plane": "in the axes of the world no camera's turn is its own",
        "frustum": "a body out of the picture is where it was",
        "noise": EXACT,
        **because(ONE_MOMENT, "time", "blank"),
        "pitch": SILENT,
        "words": WORDLESS,
        "phase": NO_PHASE,
        "occlude": UNCOVERED,
    },
    cheap=True,
)

BEV = ModalitySpec(
    name="bev",
    spaces=("world",),
    carries={
        "world": "turned, scaled, shifted and mirrored with the ground; it cannot tilt",
        "drop": "shows its fill",
    },
    unaffected={
        "tone": "it is a map, not a picture",
        "plane": IN_WORLD,
        "frustum": "what no camera shows is on the map all the same",
        "noise": EXACT,
        **because(ONE_MOMENT, "time", "blank"),
        "pitch": SILENT,
        "words": WORDLESS,
        "phase": NO_PHASE,
        "occlude": UNCOVERED,
    },
    opencv=True,
)

_STILL = "without a clock it is one pose, which lies at no moment"

CAMERA = ModalitySpec(
    name="camera",
    spaces=("plane", "world", "clock"),
    carries={
        "plane": "K' = A K; the mirror and the turn go into its pose",
        "lens": "its distortion is 0; K stays, or fits `alpha`",
        "world": "moves with the world, so that it sees the same picture",
        "time": "with a clock: those of the frames that the film shows, by its own choice",
        "blank": "with a clock: stays where it was while nothing is shown",
    },
    unaffected={
        "tone": NO_COLOUR,
        "noise": EXACT,
        **because(_STILL, "time", "blank"),
        "pitch": SILENT,
        "words": WORDLESS,
        "phase": NO_PHASE,
        "occlude": UNCOVERED,
        "drop": "the other streams need it to agree",
        "mix": "it still describes the sample's own picture",
    },
    picture=True,
    cheap=True,
    framed=True,
)
