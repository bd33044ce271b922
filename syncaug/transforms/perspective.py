"""Look at the picture from aside: its four corners move, and the camera turns as they say."""

from __future__ import annotations

import numpy as np

from syncaug.maps.camera import Camera
from syncaug.maps.numbers import Matrix
from syncaug.maps.plane import PlaneMap, Size
from syncaug.transforms.clock import numbers
from syncaug.transforms.view import Located, Maps, Parameters, View

__all__ = ["maps"]


def maps(parameters: Parameters, view: View) -> Maps:
    """One plane map for each plane: the same corners in fractions of its width and height.

    A camera takes the part of the map that is a turn as a turn of its own, so that K' = A K turn^-1
    is upper triangular again and depths are along the new optical axis.
    """
    if "corners" in parameters:
        moves = np.array(parameters["corners"], dtype=np.float64).reshape(4, 2)
    else:
        moves = (2.0 * numbers(parameters["shape"], 8) - 1.0).reshape(4, 2)
        moves *= parameters["strength"]
    out: list[Located] = []
    for plane in view.planes(parameters.get("plane", "")):
        size = view.size(plane)
        matrix = homography(moves, size)
        camera = view.camera(plane)
        if camera is None:
            out.append(("plane", plane, PlaneMap.of(matrix, size, size)))
        else:
            matrix, turn = _turning(matrix, camera)
            out.append(("plane", plane, PlaneMap.of(matrix, size, size, turn)))
    return out


def homography(moves: Matrix, size: Size) -> Matrix:
    """The 3x3 map that moves the corners of a picture by shares of its width and height.

    `moves` (4, 2) are those of the left-top, right-top, right-bottom and left-bottom corner. The
    eight equations of four points: Heckbert, Fundamentals of Texture Mapping and Image Warping
    (1989), section 2.2.3.
    """
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    source = corners * size - 0.5
    target = (corners + moves) * size - 0.5
    rows, right = [], []
    for (x, y), (u, v) in zip(source.tolist(), target.tolist(), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    solution = np.linalg.solve(np.array(rows, dtype=np.float64), np.array(right))
    return np.append(solution, 1.0).reshape(3, 3)


def _turning(matrix: Matrix, camera: Camera) -> tuple[Matrix, Matrix]:
    """The map at the scale of its camera, and the turn in it: A K = K' turn by RQ decomposition.

    Hartley and Zisserman, Multiple View Geometry, 2nd ed., section 6.2.4. The focal lengths keep
    their signs.
    """
    product = matrix @ camera.intrinsics
    orthogonal, triangular = np.linalg.qr(product[::-1].T)
    intrinsics, turn = triangular.T[::-1, ::-1], orthogonal.T[::-1]
    signs = np.sign(np.diag(intrinsics)) * np.sign(np.diag(camera.intrinsics))
    intrinsics, turn = intrinsics * signs, turn * signs[:, None]
    return matrix / intrinsics[2, 2], np.ascontiguousarray(turn)
