"""What the documentation shows of transforms and modalities that no table of the library holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["EXAMPLES", "FORMS", "SHOWN"]

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "camera_rotate": {"with": {"axis": "vertical", "degrees": [-10, 10]}},
    "colour": {"with": {"hue": {"choice": [-120, 120]}, "saturation": [-0.2, 0.2]}},
    "crop": {"with": {"area": [0.5, 0.8], "points": "visible"}},
    "stitch": {"partner": "uniform", "with": {"first": {"choice": ["own", "partner"]}}},
    "cutmix": {"partner": "uniform", "with": {"share": {"beta": {"a": 1.0, "b": 1.0}}}},
    "drop_modality": {"with": {"at_most": 2}, "p": 0.1},
    "flip": {"with": {"axis": "horizontal"}, "p": 0.5},
    "insert": {"partner": "uniform", "with": {"count": {"integers": [1, 3]}}},
    "latent_mix": {"partner": "uniform", "with": {"share": {"beta": {"a": 0.4, "b": 0.4}}}},
    "latent_interpolate": {"partner": "uniform", "with": {"share": [0.0, 0.5]}},
    "feature_mix": {"partner": "uniform", "with": {"share": [0.0, 0.5]}},
    "latent_noise": {"with": {"strength": [0.0, 0.3]}},
    "light": {"with": {"value": [-0.4, 0.2], "contrast": [-0.2, 0.2]}},
    "loop": {"with": {"times": 2}},
    "mask_time": {"with": {"spans": 2, "duration": [0.1, 0.3], "text": "blank"}},
    "mix": {"partner": "uniform", "with": {"share": [0.2, 0.5]}},
    "mixup": {"partner": "uniform", "with": {"share": {"beta": {"a": 0.4, "b": 0.4}}}},
    "noise": {"with": {"snr_db": [10, 30]}},
    "occlude": {"with": {"area": [0.05, 0.2]}},
    "perspective": {"with": {"strength": [0.0, 0.2]}},
    "pitch": {"with": {"semitones": [-4, 4]}},
    "resize": {"with": {"height": 224, "width": 224}},
    "reverse": {"p": 0.2},
    "rotate": {"with": {"degrees": [-15, 15]}},
    "scale": {"with": {"factor": [0.8, 1.3]}},
    "speed": {"with": {"factor": [0.8, 1.25], "preserve_pitch": True}},
    "time_shift": {"with": {"seconds": [-0.3, 0.3]}},
    "time_warp": {"with": {"strength": [0.0, 0.3]}},
    "translate": {"with": {"x": [-0.1, 0.1], "y": [-0.1, 0.1]}},
    "trim": {"with": {"duration": [3.0, 6.0]}},
    "undistort": {},
    "world_rotate": {"with": {"axis": "z", "degrees": [-20, 20]}},
    "world_scale": {"with": {"factor": [0.9, 1.1]}},
    "world_translate": {"with": {"x": [-1, 1], "y": [-1, 1], "z": 0.0}},
}
"""The step that each transform's page begins with, apart from its name."""

SHOWN: Mapping[str, Mapping[str, Any]] = {
    "camera_rotate": {"with": {"axis": "vertical", "degrees": 8}},
    "colour": {"with": {"hue": [20, 340]}},
    "crop": {"with": {"area": 0.55, "x": 0.2, "y": 0.3, "points": "visible"}},
    "cutmix": {"with": {"share": 0.4, "x": 0.7, "y": 0.5}},
    "feature_mix": {"with": {"share": 0.5}},
    "latent_interpolate": {"with": {"share": 0.4}},
    "latent_mix": {"with": {"share": 0.4}},
    "latent_noise": {"with": {"strength": 0.5}},
    "light": {"with": {"value": -0.4}},
    "mask_time": {"with": {"spans": 2, "duration": 0.15, "text": "blank"}},
    "mix": {"with": {"share": 0.4}},
    "mixup": {"with": {"share": 0.4}},
    "noise": {"with": {"snr_db": 12}},
    "perspective": {"with": {"strength": 0.15}},
    "pitch": {"with": {"semitones": 7}},
    "resize": {"with": {"height": 96, "width": 208}},
    "rotate": {"with": {"degrees": 15}},
    "scale": {"with": {"factor": 1.3}},
    "speed": {"with": {"factor": 1.6}},
    "time_shift": {"with": {"seconds": 0.3}},
    "time_warp": {"with": {"strength": 0.6}},
    "translate": {"with": {"x": 0.15, "y": 0.1}},
    "trim": {"with": {"duration": 0.6, "start": 0.3}},
    "undistort": {"with": {"alpha": 1.0}},
    "world_rotate": {"with": {"axis": "z", "degrees": 40}},
    "world_scale": {"with": {"factor": 1.5}},
}
"""What the pictures show where the example would hardly be seen."""

FORMS: Mapping[str, str] = {
    "image": "HxW or HxWxC, uint8, uint16 or float32 in [0, 1], red first unless `channels: bgr` "
    "says otherwise; `layout: chw` for CxHxW. A picture of PIL with a palette is its colours; the "
    "indices in its array are no levels",
    "mask": "HxW integers or booleans",
    "depth": "HxW float32 metres along the optical axis; 0 or NaN is a hole",
    "heatmap": "HxW or HxWxC floats in any range, or in the declared one; NaN is not known. "
    "`layout: chw` for CxHxW",
    "flow": "HxWx2 floats: how many pixels to the right and down a pixel's thing lies in another "
    "picture of the same plane, forward or backward in time; NaN is not known",
    "normals": "HxWx3 floats, unit vectors in the camera's axes; NaN or 0, 0, 0 is not known",
    "disparity": "HxW floats, x in the left picture less x in the right one of a rectified pair, "
    "above 0 for both pictures; 0, below, NaN or infinite is not known",
    "video": 'TxHxWxC, its pixels as those of an image, with `fps:`, or `{"frames", "fps" or '
    '"timestamps"}`; long files come lazily',
    "boxes": "Nx4 in one of four formats, with parallel lists (classes, ids, area ...) under "
    "`labels:`",
    "keypoints": "(N,)KxC of x, y and visibility with `names:`, or Kx2 with `labels:`. Visibility "
    "is COCO's: 2 seen, 1 hidden, 0 outside; rows 0, 0, 0 were never labelled and stay",
    "polygons": "a list of rows, each a list of rings: flat `[x, y, x, y, ...]` as COCO has them, "
    "which are parts without holes, or points `[[x, y], ...]`, of which those inside of others "
    "are holes (the even-odd rule, whichever way they run); or run lengths "
    '`{"size": [height, width], "counts"}`. Kinds may be mixed, and each row comes out as it came; '
    "a row of one ring that is cut into several becomes a list of rings",
    "instances": "NxHxW (HxWxN with `layout: hwn`) booleans or integers 0 and 1 (or 0 and 255), a "
    "list of HxW masks, or a list of run lengths, one for each thing; N may be 0",
    "oriented_boxes": "Nx5 of cx, cy, w, h and angle with `angle:` and `direction:`, or four "
    "corners, Nx8 or Nx4x2, in pixels from the picture's edge",
    "phrases": "a list of strings or null, one for each box; for a list of texts a list of such "
    "lists, one for each text",
    "text": "a string, or a list, a tuple or an array of strings, which come out in the same form; "
    "with `choose: one` a list gives a string",
    "messages": 'a list of turns, `{"role", "content"}` or `{"from", "value"}`, or a mapping with '
    "such a list under `messages` or `conversations`; a content is a text with placeholders, or a "
    "list of parts; all other keys are kept",
    "timed_text": 'a list of `{"start", "end", "text"}` in seconds; other keys are kept, and times '
    "inside them (words, chunks) move along",
    "audio": '(T,) or (C, T) float32 with `sample_rate:`, or `{"array", "sampling_rate"}`',
    "points": '`Nx(3+A)` floats with `columns:`; or `{"points", "pose"}` with points in their '
    "sensor's axes and the 4x4 pose that takes them to the world (also `sensor_to_world`, or its "
    "inverse `world_to_sensor`), or a list of such sweeps. A pose stays rigid: it takes turns and "
    "shifts, while a scale and a mirror (of the sensor's left and right) are the points' own. "
    "Lists beside the points, such as a class for each, are `labels:`",
    "boxes3d": "NxC of the columns that `columns:` names; without it Nx7 of x, y, z, dx, dy, dz, "
    "yaw in a world whose z is up: the centre (half way up, not the bottom) and the full sizes in "
    "metres, dx along the box's own heading; yaw in radians, 0 along +x, counterclockwise as seen "
    "from above. Other conventions are declared: KITTI's labels are `{columns: [h, w, l, x, y, z, "
    "rotation_y], origin: bottom, up: -y}`, nuScenes' boxes `{columns: [x, y, z, w, l, h, qw, qx, "
    "qy, qz, vx, vy]}`. Roll, pitch and yaw are those of ISO 8855 (Rz(yaw) Ry(pitch) Rx(roll), "
    "about the box's own front, left and top); a quaternion turns a box of yaw 0 and comes out "
    "with qw >= 0. A mirror leaves front and top where they are seen. Velocities of NaN stay so",
    "joints": "NxKx3 floats in metres, or Kx3 for one body; a fourth column, a visibility or a "
    "confidence, stays with its point, and NaN marks a missing one. In the world, or with `axes: "
    "opencv` as the camera of their plane sees them: then they turn and mirror where that camera "
    "does, and a crop, which only moves the picture, leaves them",
    "bev": "HxW or HxWxC: whole numbers and booleans are classes (moved by nearest neighbour), "
    "floats are interpolated (by nearest neighbour where NaN marks holes). The cells stay where "
    "they are, and what they show moves; what comes from outside of the map is `fill`",
    "camera": '`{"K": 3x3, "world_to_camera": 4x4, "size": (width, height)}`',
    "imu": 'TxC floats with `rate:` and `columns:`, or `{"array", "timestamps"}`',
    "state": 'TxC floats with `rate:` and `columns:`, one row of C without them, or `{"array", '
    '"timestamps"}`',
    "action": 'TxC floats with `rate:` and `columns:`, one row of C without them, or `{"array", '
    '"timestamps"}`',
    "label": "a number, a string or a vector",
    "tabular": "numbers that belong to the whole sample",
    "embedding": "a vector, or TxD with `rate:`",
}
"""What a stream of each modality looks like in memory."""
