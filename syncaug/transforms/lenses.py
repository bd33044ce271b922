"""The one lens that a turn of the picture needs, where a camera has a pose for each frame."""

from __future__ import annotations

from syncaug.errors import RefusalError
from syncaug.maps.camera import Camera
from syncaug.transforms.view import View

__all__ = ["one_lens"]


def one_lens(plane: str, view: View) -> Camera | None:
    """The camera of a plane; of a film, that of the first frame. None where there is no camera.

    Raises RefusalError where the matrix or the lens differs from frame to frame, so that no one map
    of the pictures is right for all of them.
    """
    looks = view.looks(plane)
    if not looks:
        return None
    first = looks[0]
    if any(c.calibration != first.calibration or c.lens != first.lens for c in looks):
        differs = "the matrix of its camera differs from frame to frame"
        raise RefusalError(plane, f"{differs}, and this step turns all frames alike")
    return first
