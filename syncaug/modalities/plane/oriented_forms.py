"""Forms of oriented boxes: centre, size and angle, or four corners; read and written again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.plane import Size
from syncaug.modalities.annotations.rows import absent_rows
from syncaug.modalities.annotations.whole_numbers import in_whole_numbers
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.own_form import listed

__all__ = ["Convention", "Quads", "in_reach", "quads_of", "read_oriented", "written"]

Quads = NDArray[np.float64]
"""The corners (N, 4, 2) of boxes in pixel centres: first, along the width, across, back."""
_FORM = "boxes of shape Nx5 (cx, cy, w, h, angle), Nx8 or Nx4x2 (four corners)"
_SIGNS = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
_RANGES = {"half": -np.pi / 2, "full": -np.pi, "le90": -np.pi / 2, "le135": -np.pi / 4, "oc": 0.0}
"""Range -> its least angle; all but `full` are half a turn wide, `oc` a quarter."""
_SLACK = 1e-6
"""By how much float32 may miss the end of a range, in radians or pixels."""


@dataclass(frozen=True, slots=True)
class Convention:
    """What the numbers of a stream's boxes mean.

    `degrees` and `clockwise` are None where nothing is declared: corners need neither. `reach` is
    the name of the range of angles, `edge` says that coordinates count from the picture's edge,
    `fractions` that they are shares of its sides.
    """

    degrees: bool | None
    clockwise: bool | None
    reach: str
    edge: bool
    fractions: bool

    def scale(self, size: Size) -> NDArray[np.float64]:
        """What coordinates are multiplied by to be pixels."""
        return np.array(size if self.fractions else (1, 1), dtype=np.float64)

    @property
    def shift(self) -> float:
        """What is added to pixels to be counted from the first one's centre."""
        return -0.5 if self.edge else 0.0


def read_oriented(value: Any, carrier: Carrier) -> NDArray[np.float64]:
    """The numbers of boxes (N, 5), (N, 8) or (N, 4, 2) as they came; NaN rows are nothing.

    Raises SampleError.
    """
    rules: Convention = carrier.rules.convention
    if carrier.stream.follows:
        value = absent_rows(value, 5)
    try:
        numbers = np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise carrier.fail(_FORM, describe(value)) from None
    if numbers.shape == (0,):
        return numbers.reshape(0, 5)
    wide = numbers.shape[1:]
    if wide not in ((5,), (8,), (4, 2)):
        raise carrier.fail(_FORM, describe(value))
    if not len(numbers):
        return numbers
    if wide == (5,):
        lacking = [key for key, said in (("angle: degrees or radians", rules.degrees),
                                         ("direction: clockwise or counterclockwise",
                                          rules.clockwise)) if said is None]  # fmt: skip
        if lacking:
            raise carrier.fail(
                "a declared "
                + " and ".join(key.split(":")[0] for key in lacking)
                + " of its angles",
                describe(value),
                f"Declare {', and '.join(lacking)} as seen (OpenCV, mmrotate and YOLO turn "
                "clockwise, detectron2 counterclockwise).",
            )
        if rules.fractions:
            raise carrier.fail(
                "four corners as fractions, Nx8 or Nx4x2",
                describe(value),
                "An angle needs pixels: remove unit: fractions.",
            )
    return numbers


def quads_of(numbers: NDArray[np.float64], rules: Convention, size: Size) -> Quads:
    """The corners of boxes as they came."""
    if numbers.shape[1:] != (5,):
        return numbers.reshape(-1, 4, 2) * rules.scale(size) + rules.shift
    angle = np.radians(numbers[:, 4]) if rules.degrees else numbers[:, 4]
    angle = angle if rules.clockwise else -angle
    local = _SIGNS * numbers[:, None, 2:4]
    with np.errstate(invalid="ignore"):  # of infinity, which is refused or left out later
        cosine, sine = np.cos(angle)[:, None], np.sin(angle)[:, None]
        x = local[..., 0] * cosine - local[..., 1] * sine
        y = local[..., 0] * sine + local[..., 1] * cosine
    return np.stack([x, y], axis=-1) + numbers[:, None, :2] + rules.shift


def written(quads: Quads, like: Any, wide: tuple[int, ...], rules: Convention, size: Size,
            carrier: Carrier) -> Any:  # fmt: skip
    """Boxes in the form, type and dtype that came; `wide` is the shape of one of them."""
    corners = (quads - rules.shift) / rules.scale(size)
    numbers = _in_range(corners, rules) if wide == (5,) else corners.reshape(-1, *wide)
    if not isinstance(like, np.ndarray):
        return listed(numbers, like)
    if like.dtype.kind in "iu" and wide != (5,):
        return in_whole_numbers(np.rint(numbers), like.dtype, carrier)
    return np.ascontiguousarray(numbers, dtype=like.dtype if like.dtype.kind == "f" else None)


def in_reach(numbers: NDArray[np.float64], rules: Convention) -> bool:
    """Whether boxes with an angle (N, 5) are all in the range that is declared, as they came."""
    angle = np.radians(numbers[:, 4]) if rules.degrees else numbers[:, 4]
    low = _RANGES[rules.reach]
    if rules.reach == "oc":
        return bool(((angle > -_SLACK) & (angle <= np.pi / 2 + _SLACK)).all())
    turn = 2 * np.pi if rules.reach == "full" else np.pi
    held = (angle >= low - _SLACK) & (angle < low + turn + _SLACK)
    if rules.reach in ("le90", "le135"):
        held &= numbers[:, 2] >= numbers[:, 3] - _SLACK
    return bool(held.all())


def _in_range(corners: Quads, rules: Convention) -> NDArray[np.float64]:
    """Centre, size and angle (N, 5) of rectangles, in the range and sense that are declared."""
    across = (corners[:, 1] - corners[:, 0] + corners[:, 2] - corners[:, 3]) / 2
    down = (corners[:, 3] - corners[:, 0] + corners[:, 2] - corners[:, 1]) / 2
    width, height = np.linalg.norm(across, axis=1), np.linalg.norm(down, axis=1)
    angle = np.arctan2(across[:, 1], across[:, 0])
    angle = angle if rules.clockwise else -angle
    turn = np.pi
    if rules.reach in ("le90", "le135"):
        tall = height > width
        angle = np.where(tall, angle + np.pi / 2, angle)
        width, height = np.where(tall, height, width), np.where(tall, width, height)
    elif rules.reach == "full":
        turn = 2 * np.pi
    elif rules.reach == "oc":
        quarters = np.ceil(angle / (np.pi / 2) - 1e-12) - 1.0  # into (0, a quarter]
        odd = quarters % 2 != 0
        width, height = np.where(odd, height, width), np.where(odd, width, height)
        angle = angle - quarters * np.pi / 2
    if rules.reach != "oc":
        low = _RANGES[rules.reach]
        angle = np.mod(angle - low + 1e-12, turn) + low - 1e-12
    angle = np.degrees(angle) if rules.degrees else angle
    centre = corners.mean(axis=1)
    return np.column_stack([centre, width, height, angle])
