"""Names under which cameras are stated, and the keys that a moved camera would make untrue."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.modalities.world.camera_lens import is_lens, plain

__all__ = [
    "DECOMPOSE",
    "FOCAL",
    "INTRINSICS",
    "PROJECTIONS",
    "SIZES",
    "TO_CAMERA",
    "TO_IMAGE",
    "TO_WORLD",
    "as_pose_matrix",
    "stale_keys",
]

Matrix = NDArray[np.float64]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


TO_CAMERA = _names(
    "worldtocamera world2camera worldtocam world2cam w2c tcw tcamworld tcameraworld "
    "camerafromworld camfromworld lidar2cam lidartocam lidar2camera lidartocamera velo2cam "
    "velotocam"
)
TO_WORLD = _names(
    "cameratoworld camera2world camtoworld cam2world c2w twc tworldcam tworldcamera "
    "worldfromcamera worldfromcam cam2lidar camtolidar camera2lidar cameratolidar"
)
PROJECTIONS = _names("p p0 p1 p2 p3 projection projectionmatrix proj projmatrix projmat")
"""Projections from the frame that a pose takes points to, or from the world without a pose."""
TO_IMAGE = _names(
    "lidar2img lidartoimg lidar2image lidartoimage world2img worldtoimg world2image worldtoimage "
    "ego2img egotoimg velo2img velotoimg"
)
"""Projections from the world itself."""
INTRINSICS = _names(
    "intrinsics intrinsic intrinsicmatrix cameramatrix cameraintrinsic camintrinsic kmatrix "
    "cam2img camtoimg camera2img cameratoimg"
)
FOCAL: Mapping[str, str] = {
    "fx": "fx",
    "fy": "fy",
    "cx": "cx",
    "cy": "cy",
    "flx": "fx",
    "fly": "fy",
}
"""The four numbers of a matrix, each under its own key, and how data sets call them."""
SIZES = _names("imagesize imgsize imageshape imgshape resolution shape")

_CONVERT = (
    "Name it world_to_camera if it takes points of the world to the camera, camera_to_world if it "
    "takes the camera to its place; or move it out of the camera, to an entry under untouched:."
)
_STALE: tuple[tuple[str, frozenset[str], str], ...] = (
    (
        "pose",
        _names("rvec tvec rvecs tvecs"),
        'Give "R": cv2.Rodrigues(rvec)[0] and "t": tvec instead.',
    ),
    (
        "pose",
        _names(
            "rotation translation quaternion quat qvec q orientation euler r t rot trans position "
            "location center centre camerapos camerapose campos campose pose extrinsics extrinsic "
            "extrinsicmatrix transform transformmatrix matrixworld viewmatrix viewmat modelview "
            "lookat eye up forward yaw pitch roll"
        ),
        _CONVERT,
    ),
    (
        "intrinsics",
        _names(
            "fx fy cx cy fov fovx fovy hfov vfov fieldofview cameraanglex cameraangley flx fly "
            "focal focallength principalpoint params parameters cameraparams"
        )
        | INTRINSICS,
        'State the focal lengths and the centre once: in "K", or in "fx", "fy", "cx" and "cy".',
    ),
)
"""Keys that tell of the pose or of the matrix in a form that is not followed, and the remedy."""
_SINGLE = _names("yaw pitch roll") | _STALE[-1][1]
"""Those of them that are one number; a single t may be a time, and a position a place in a list."""
_PLAIN = (str, bytes, bool, Mapping, list, tuple, np.ndarray)
_OTHERS = re.compile("colou?r|ccm|white|gamma|gain|bayer|noise|covariance|cov$|vignett|sensitivity")
"""Names of matrices that tell of light or of errors, and nothing of where things are seen."""
DECOMPOSE = (
    "A projection P is K [R | t] of the world, or K [I | t] of the frame that world_to_camera "
    'takes points to (of KITTI: "P2" beside "world_to_camera": R0_rect @ Tr_velo_to_cam). Leave '
    "out what does not agree."
)


def stale_keys(value: Mapping[str, Any], writers: Container[str]) -> Iterator[tuple[str, str, str]]:
    """Keys that tell of the camera and are not written anew; those of mappings inside as well."""
    for key, given in value.items():
        if isinstance(given, Mapping) and key not in writers:
            yield from _nested_stale(str(key), given)
        if key in writers or given is None or is_lens(key, given):
            continue
        name, numbers, matrix = plain(key), _numbers(given), as_pose_matrix(given)
        if numbers is None:
            if name in _STALE[1][1] and not isinstance(given, _PLAIN):
                yield "pose", str(key), _CONVERT  # an object of another library
            continue
        if name in PROJECTIONS | TO_IMAGE and matrix is not None:
            yield "anything", str(key), DECOMPOSE
            continue
        known = next(((what, hint) for what, names, hint in _STALE if name in names), None)
        if known is not None and (numbers.size > 1 or name in _SINGLE):
            yield known[0], str(key), known[1]
            continue
        if matrix is None or np.array_equal(matrix, np.eye(*matrix.shape)) or _OTHERS.search(name):
            continue
        rigid = np.allclose(matrix[:3, :3] @ matrix[:3, :3].T, np.eye(3), atol=1e-3)
        if matrix.shape == (3, 3) and not rigid:
            yield "intrinsics", str(key), 'State the matrix once, in "K".'
        else:
            yield "pose" if rigid else "anything", str(key), _CONVERT if rigid else DECOMPOSE


def _nested_stale(key: str, inner: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What a mapping inside of a camera tells of it: a pose by parts, a matrix, a projection.

    Its lens terms are looked at with those of the camera.
    """
    for what, names, hint in _STALE:
        parts = inner.values()
        if plain(key) in names and any(_numbers(part) is not None for part in parts):
            yield what, key, hint
            return
    for what, name, hint in stale_keys(inner, {}):
        yield what, f"{key}.{name}", hint
    if "K" in inner and _numbers(inner["K"]) is not None:
        yield "intrinsics", f"{key}.K", 'State the matrix once, in "K" of the camera itself.'


def _numbers(value: Any) -> NDArray[Any] | None:
    """A value as numbers; None where it holds none."""
    if isinstance(value, str | bytes | bool | Mapping):
        return None
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    return array if array.size and array.dtype.kind in "fiu" else None


def as_pose_matrix(value: Any) -> Matrix | None:
    """A value that is a matrix of a rotation, a pose or a projection, flat or not."""
    array = _numbers(value)
    if array is None or not np.isfinite(array).all():
        return None
    if array.shape in ((3, 3), (3, 4), (4, 4)):
        return array.astype(np.float64)
    flat = {9: (3, 3), 12: (3, 4), 16: (4, 4)}.get(array.size) if array.ndim == 1 else None
    return array.astype(np.float64).reshape(flat) if flat else None
