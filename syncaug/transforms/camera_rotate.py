"""Turn the camera about its own axes; the picture moves by K R K^-1, the world stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.errors import RefusalError
from syncaug.maps.numbers import determinant, inverse, product
from syncaug.maps.plane import PlaneMap
from syncaug.maps.world import rotation_about
from syncaug.transforms.lenses import one_lens
from syncaug.transforms.view import Located, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import CameraRotateParameters

__all__ = ["maps"]

_AXES = {"optical": ("z", -1.0), "vertical": ("y", -1.0), "horizontal": ("x", -1.0)}
"""Camera axes (x right, y down, z forward), and the sign that turns the picture as described."""


def maps(parameters: CameraRotateParameters, view: View) -> Maps:
    """One plane map for each plane with a camera, which takes all of it as its own turn.

    Raises RefusalError where an earlier step has left a camera no focal length.

    The infinite homography of a rotating camera: Hartley and Zisserman, Multiple View Geometry,
    2nd ed., section 8.4.2.
    """
    axis, sign = _AXES[parameters["axis"]]
    turn = rotation_about(axis, sign * parameters["degrees"])
    out: list[Located] = []
    for plane in view.planes(parameters.get("plane", "")):
        camera = one_lens(plane, view)
        if camera is None:
            raise AssertionError("the compiler asks for a camera")
        size = view.size(plane)
        calibration = camera.calibration
        if determinant(calibration) == 0.0:
            raise RefusalError(plane, "its picture is so small that its camera has no focal length")
        a, b, c, d, e, f, g, h, i = product(product(calibration, turn), inverse(calibration))
        if parameters["axis"] == "optical":
            g, h, i = 0.0, 0.0, 1.0  # exact: the optical axis keeps depths
        out.append(("plane", plane, PlaneMap((a, b, c, d, e, f, g, h, i), size, size, turn)))
    return out
