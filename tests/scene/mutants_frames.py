"""Planted errors of annotations frame by frame: boxes, keypoints and masks of a film."""

from __future__ import annotations

from typing import Any

from syncaug.maps.time import TimeMap
from syncaug.modalities.clock.frames import FramesCarrier
from tests.scene.planting import Mutant, left_behind, replaced, shifted, skewed

__all__ = ["FRAME_MUTANTS"]

FILM = "clock.frames:FramesCarrier"
BOXES, MASK = "plane.boxes:BoxesCarrier", "plane.mask:MaskCarrier"
POINTS = "plane.keypoints:KeypointsCarrier"
OF = {"film_boxes": BOXES, "film_keypoints": POINTS, "film_mask": MASK}
FLIP = (("flip", {"axis": "horizontal"}),)
TRIM = (("trim", {"duration": 0.7, "start": 0.2}),)
FAST = (("speed", {"factor": 1.25}),)
BACK = (("reverse", {}),)
BLANK = (("mask_time", {"spans": 2, "duration": 0.15, "shape": 0.4}),)
CARD = (("occlude", {"area": 0.35, "x": 1.0, "y": 0.0}),)
LOW_CARD = (("occlude", {"area": 0.35, "x": 0.0, "y": 1.0}),)
OUT = (("drop_modality", {"count": 64}),)
CORNER = (("crop", {"area": 0.2, "x": 0.0, "y": 0.0}),)

_BROUGHT, _TAKE = FramesCarrier.brought, FramesCarrier._take


def _late(time: Any) -> Any:
    moved = [s._replace(first=s.first - 0.125, last=s.last - 0.125) for s in time.segments]
    return TimeMap(tuple(moved), time.source)


def _first_only(self: Any, index: int) -> Any:
    return _BROUGHT(self, index) if index < 2 else self.inner[index]


def _onwards(self: Any, choice: Any) -> None:
    _TAKE(self, choice if choice[0] <= choice[-1] else choice[::-1])


def _held(self: Any, choice: Any) -> None:
    self.frames = self.frames[choice]


def _of(kind: str, aside: Any) -> tuple[Mutant, ...]:
    what, of = kind.removeprefix("film_"), OF[kind]
    met, taken = f"modalities.{FILM}.brought", f"modalities.{FILM}._take"
    return (
        Mutant(f"a mirror leaves a film's {what}", FLIP, kind, left_behind(of, "plane")),
        Mutant(f"a film's {what} are off", FLIP, kind, skewed(of, "plane", aside)),
        Mutant(
            f"a mirror reaches two frames of {what}",
            FLIP,
            kind,
            replaced(met, _first_only),
        ),
        Mutant(f"a cut leaves a film's {what}", TRIM, kind, left_behind(FILM, "time")),
        Mutant(f"a film's {what} come a frame late", FAST, kind, skewed(FILM, "time", _late)),
        Mutant(f"a film's {what} play on", BACK, kind, replaced(taken, _onwards)),
        Mutant(f"a film's {what} are seen in blanks", BLANK, kind, left_behind(FILM, "blank")),
        Mutant(f"the last {what} fill gaps", BLANK, kind, replaced(taken, _held)),
        Mutant(f"a dead film shows {what}", OUT, kind, left_behind(FILM, "drop")),
    )


FRAME_MUTANTS = (
    *_of("film_boxes", shifted(0.5, 0.0)),
    *_of("film_keypoints", shifted(0.5, 0.0)),
    *_of("film_mask", shifted(3.0, 0.0)),
    Mutant("a film's hidden boxes stay", CARD, "film_boxes", left_behind(BOXES, "occlude")),
    Mutant(
        "a film's hidden points are seen",
        LOW_CARD,
        "film_keypoints",
        left_behind(POINTS, "occlude"),
    ),
    Mutant("a card leaves a film's mask", CARD, "film_mask", left_behind(MASK, "occlude")),
    Mutant(
        "tracks stay when their boxes go",
        CORNER,
        "film_boxes",
        replaced("modalities.annotations.parallel:ParallelLists.taken", lambda self, kept: self),
    ),
)
"""Every one of them must be caught."""
