"""What an annotator draws into each picture of the film: boxes with tracks, keypoints, masks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.scene.render_film import FPS, exposures_of
from tests.scene.render_marks import boxes_of, keypoints_of
from tests.scene.render_picture import mask_of
from tests.scene.scene import Eye, Scene

__all__ = [
    "FRAMES",
    "cover_frames",
    "film_boxes_of",
    "film_keypoints_of",
    "film_lists",
    "film_mask_of",
    "no_frames",
    "renumbered",
]

_FILM = f"plane: EYE, clock: clock, fps: {FPS}"
FRAMES = {
    "film_boxes": f"{{modality: boxes, {_FILM}, labels: EYE_film_classes, ids: EYE_film_tracks}}",
    "film_keypoints": f"{{modality: keypoints, {_FILM}, names: [left_eye, right_eye, nose]}}",
    "film_mask": f"{{modality: mask, {_FILM}}}",
}
_LISTS = ("classes", "tracks")


def _marked(scene: Scene, eye: Eye) -> list[list[tuple[int, list[float]]]]:
    moments = exposures_of(scene)
    return [boxes_of(scene, eye, m) if np.isfinite(m) else [] for m in moments]


def film_boxes_of(scene: Scene, eye: Eye) -> list[list[list[float]]]:
    """For each picture, boxes around the shapes that it shows."""
    return [[box for _, box in frame] for frame in _marked(scene, eye)]


def film_lists(scene: Scene, eye: Eye) -> dict[str, list[list[Any]]]:
    """Beside these boxes, the outline of each shape, and a number that stays its own."""
    shown = [[index for index, _ in frame] for frame in _marked(scene, eye)]
    return {
        f"{eye.name}_film_classes": [[scene.shapes[i].outline for i in frame] for frame in shown],
        f"{eye.name}_film_tracks": [[100 + i for i in frame] for frame in shown],
    }


def renumbered(sample: dict[str, Any]) -> dict[str, Any]:
    """A sample of other things: their numbers are none of another sample's."""
    for name in [name for name in sample if name.endswith("_film_tracks")]:
        sample[name] = [[1000 + number for number in frame] for frame in sample[name]]
    return sample


def film_keypoints_of(scene: Scene, eye: Eye) -> NDArray[np.float64]:
    """The face of the first shape in each picture (T, 3, 3)."""
    moments = exposures_of(scene)
    nothing = np.zeros((3, 3))
    return np.stack([keypoints_of(scene, eye, m) if np.isfinite(m) else nothing for m in moments])


def film_mask_of(scene: Scene, eye: Eye) -> NDArray[np.int64]:
    """The numbers of the shapes in each picture (T, H, W); 0 where nothing is."""
    width, height = eye.pixels.size
    nothing = np.zeros((height, width), np.int64)
    moments = exposures_of(scene)
    return np.stack([mask_of(scene, eye, m) if np.isfinite(m) else nothing for m in moments])


def cover_frames(sample: dict[str, Any], name: str, card: tuple[int, int, int, int]) -> None:
    """Hold a card before an eye: boxes behind it go, points there are hidden."""
    left, top, right, bottom = card
    if f"{name}_film_mask" in sample:
        sample[f"{name}_film_mask"][:, top:bottom, left:right] = 0
    if f"{name}_film_keypoints" in sample:
        points = sample[f"{name}_film_keypoints"]
        x, y = points[..., 0] + 0.5, points[..., 1] + 0.5
        behind = (x >= left) & (x < right) & (y >= top) & (y < bottom)
        points[behind & (points[..., 2] > 0.0), 2] = 1.0
    for frame, boxes in enumerate(sample.get(f"{name}_film_boxes", ())):
        seen = [
            row
            for row, (x0, y0, x1, y1) in enumerate(boxes)
            if not (left <= x0 and top <= y0 and x1 <= right and y1 <= bottom)
        ]
        for key in (f"{name}_film_boxes", *(f"{name}_film_{each}" for each in _LISTS)):
            sample[key][frame] = [sample[key][frame][row] for row in seen]


def no_frames(sample: dict[str, Any], name: str) -> None:
    """Let nothing be marked in any picture."""
    for key in (f"{name}_film_boxes", *(f"{name}_film_{each}" for each in _LISTS)):
        if key in sample:
            sample[key] = [[] for _ in sample[key]]
    if f"{name}_film_keypoints" in sample:
        sample[f"{name}_film_keypoints"] = sample[f"{name}_film_keypoints"] * [1.0, 1.0, 0.0]
    if f"{name}_film_mask" in sample:
        sample[f"{name}_film_mask"] = np.zeros_like(sample[f"{name}_film_mask"])
