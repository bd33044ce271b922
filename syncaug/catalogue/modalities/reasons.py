"""Why streams of a modality are unaffected by a kind of map: reasons that several share."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "EXACT",
    "FRAMED",
    "IN_WORLD",
    "NO_COLOUR",
    "NO_PHASE",
    "ONE_MOMENT",
    "ON_A_PICTURE",
    "SILENT",
    "STAYS",
    "UNCOVERED",
    "WITHOUT_CLOCK",
    "WORDLESS",
    "WORDS_OF_BOXES",
    "because",
]

STAYS = "it belongs to the picture, which stays: the camera moves with its world"
NO_COLOUR = "geometry has no colour"
IN_WORLD = "it lives in the world; the camera takes the picture's map"
ONE_MOMENT = "it shows one moment, which lies on no clock"
SILENT = "it does not sound"
WORDLESS = "it has no words"
EXACT = "it is exact: noise belongs to what a sensor gives or a person types"
NO_PHASE = "it has no phase"
UNCOVERED = "what covers a picture covers nothing else"
WORDS_OF_BOXES = "its words follow what its boxes lose, where a step asks for it"


WITHOUT_CLOCK = "without a clock it marks one picture, which lies at no moment"
FRAMED: Mapping[str, str] = {
    "time": "with a clock: those of the frames that the film shows, by its own choice",
    "blank": "with a clock: nothing is marked on frames that show nothing",
}
"""What maps of time do to annotations that stand frame by frame."""


def because(reason: str, *kinds: str) -> dict[str, str]:
    """The same reason for several kinds of map."""
    return dict.fromkeys(kinds, reason)


ON_A_PICTURE: Mapping[str, str] = {
    "world": STAYS,
    "tone": NO_COLOUR,
    "noise": EXACT,
    **because(WITHOUT_CLOCK, "time", "blank"),
    "pitch": SILENT,
    "words": WORDLESS,
    "phase": NO_PHASE,
}
"""Why annotations in a picture are unaffected by kinds of map."""
