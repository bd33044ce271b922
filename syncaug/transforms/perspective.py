"""Look at the picture from aside: its four corners move, and the camera turns as they say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from syncaug.errors import RefusalError
from syncaug.maps.camera import Camera
from syncaug.maps.numbers import Nine, product
from syncaug.maps.plane import PlaneMap, Size
from syncaug.transforms.clock import numbers
from syncaug.transforms.lenses import one_lens
from syncaug.transforms.view import Located, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import PerspectiveParameters

__all__ = ["homography", "maps"]


def maps(parameters: PerspectiveParameters, view: View) -> Maps:
    """One plane map for each plane: the same corners in fractions of its width and height.

    A camera takes the part of the map that is a turn as a turn of its own, so that K' = A K turn^-1
    is upper triangular again and depths are along the new optical axis.
    """
    if "corners" in parameters:
        moves = [float(move) for move in parameters["corners"]]
    else:
        strength = parameters["strength"]
        moves = [(2.0 * n - 1.0) * strength for n in numbers(parameters["shape"], 8).tolist()]
    out: list[Located] = []
    for plane, size in view.pictures(parameters.get("plane", "")):
        matrix = homography(moves, size)
        camera = one_lens(plane, view)
        if camera is None:
            out.append(("plane", plane, PlaneMap(matrix, size, size)))
        else:
            matrix, turn = _turning(matrix, camera, plane)
            out.append(("plane", plane, PlaneMap(matrix, size, size, turn)))
    return out


def homography(moves: Sequence[float], size: Size) -> Nine:
    """The 3x3 map that moves the corners of a picture by shares of its width and height.

    `moves` are eight: right and down, of the left-top, right-top, right-bottom and left-bottom
    corner. The map of a square to four points: Heckbert, Fundamentals of Texture Mapping and Image
    Warping (1989), section 2.2.3.
    """
    width, height = size
    x0, y0 = moves[0] * width - 0.5, moves[1] * height - 0.5
    x1, y1 = (1.0 + moves[2]) * width - 0.5, moves[3] * height - 0.5
    x2, y2 = (1.0 + moves[4]) * width - 0.5, (1.0 + moves[5]) * height - 0.5
    x3, y3 = moves[6] * width - 0.5, (1.0 + moves[7]) * height - 0.5
    right_x, right_y, left_x, left_y = x1 - x2, y1 - y2, x3 - x2, y3 - y2
    rest_x, rest_y = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3
    area = right_x * left_y - left_x * right_y
    g = (rest_x * left_y - left_x * rest_y) / area / width
    h = (right_x * rest_y - rest_x * right_y) / area / height
    # The unit square is ((x + 1/2) / width, (y + 1/2) / height); the last number becomes 1.
    a, b = (x1 - x0) / width + g * x1, (x3 - x0) / height + h * x3
    d, e = (y1 - y0) / width + g * y1, (y3 - y0) / height + h * y3
    i = 1.0 + (g + h) / 2
    c, f = x0 + (a + b) / 2, y0 + (d + e) / 2
    return a / i, b / i, c / i, d / i, e / i, f / i, g / i, h / i, 1.0


def _turning(matrix: Nine, camera: Camera, plane: str) -> tuple[Nine, Nine]:
    """The map at the scale of its camera, and the turn in it: A K = K' turn by RQ decomposition.

    Hartley and Zisserman, Multiple View Geometry, 2nd ed., section 6.2.4: the rows of A K made
    orthogonal from the last one up. It is a turn and no mirror, whatever an earlier step has left
    in K; where K is triangular, focal lengths keep their signs. Raises RefusalError where an
    earlier step has left a camera no focal length.
    """
    a, b, c, d, e, f, g, h, i = product(matrix, camera.calibration)
    _, _, _, _, down, _, _, _, along = camera.calibration
    depth = math.copysign(math.sqrt(g * g + h * h + i * i), along)
    g, h, i = g / depth, h / depth, i / depth
    for _ in range(2):  # the second time takes away what rounding has left
        share = d * g + e * h + f * i
        d, e, f = d - share * g, e - share * h, f - share * i
    length = math.sqrt(d * d + e * e + f * f)
    if length == 0.0:
        raise RefusalError(plane, "its picture is so small that its camera has no focal length")
    focal = math.copysign(length, down)
    d, e, f = d / focal, e / focal, f / focal
    x, y, z = e * i - f * h, f * g - d * i, d * h - e * g
    a, b, c, p, q, r, s, t, u = (number / depth for number in matrix)
    return (a, b, c, p, q, r, s, t, u), (x, y, z, d, e, f, g, h, i)
