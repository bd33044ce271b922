"""Forms of outlines: rows as data sets write them, read to outlines or masks and written again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import run_lengths
from syncaug.kernels.rings import Ring, Rings, has_inside
from syncaug.maps.plane import Size
from syncaug.modalities.annotations.whole_numbers import in_whole_numbers
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.plane.outline import Outline
from syncaug.modalities.plane.stencil import Stencil

__all__ = ["Row", "Units", "mask_of", "nothing", "outline_of", "read_row", "runs_like", "written"]

_EXPECTED = (
    "rows that are lists of rings, each [x, y, x, y, ...] or Kx2 points, or run lengths "
    '{"size": [height, width], "counts"}'
)


@dataclass(frozen=True, slots=True)
class Units:
    """How numbers of a sample become pixel centres: times `scale` (2,) plus `shift`."""

    scale: NDArray[np.float64]
    shift: float

    def read(self, ring: Ring) -> Ring:
        """Numbers that came, in pixel centres."""
        return ring * self.scale + self.shift

    def write(self, ring: Ring) -> Ring:
        """Pixel centres as numbers of the sample."""
        return (ring - self.shift) / self.scale


@dataclass(frozen=True, slots=True)
class Row:
    """How one row was written.

    `kind` is `runs`, `flat` (rings as x, y, x, y), `points` (rings of points, also Kx1x2 as
    OpenCV's contours) or `nothing`.
    `single` says that the row is its only ring, `like` is the row, and `closed` whether its rings
    end where they begin.
    """

    kind: str
    like: Any
    single: bool = False
    closed: bool = False


NOTHING = Row("nothing", None)


def read_row(value: Any, index: int, carrier: Carrier) -> tuple[Row, tuple[Ring, ...] | Stencil]:
    """One row as it came: its form, and its rings in its own numbers, or its mask.

    Raises SampleError where it is none.
    """
    if value is None:
        return NOTHING, ()
    if isinstance(value, Mapping):
        if "coordinates" in value:
            hint = 'Give the rings of GeoJSON: row["coordinates"].'
            raise carrier.fail(_EXPECTED, f"row {index}: {describe(value)}", hint)
        return Row("runs", value), Stencil(mask_of(value, index, carrier))
    if isinstance(value, str | bytes) or not isinstance(value, Sequence | np.ndarray):
        raise carrier.fail(_EXPECTED, f"row {index}: {describe(value)}")
    if len(value) == 0:
        return Row("flat", value), ()
    single, kind = _shape_of(value, index, carrier)
    rings = [value] if single else list(value)
    arrays = [_ring(ring, index, carrier) for ring in rings]
    closed = all(len(ring) > 3 and np.array_equal(ring[0], ring[-1]) for ring in arrays)
    if closed:
        arrays = [ring[:-1] for ring in arrays]
    return Row(kind, value, single, closed), tuple(arrays)


def _shape_of(value: Any, index: int, carrier: Carrier) -> tuple[bool, str]:
    """Whether a row is one ring, and whether its rings are flat or of points."""
    first = value[0]
    if np.ndim(first) == 0 and not isinstance(first, str | Mapping):
        return True, "flat"
    try:
        if np.ndim(first) == 1:
            single = all(len(ring) == 2 for ring in value) and len(value) > 1
            return (True, "points") if single else (False, "flat")
        if np.ndim(first) == 2:
            return _is_contour(value), "points"
        if _is_contour(first):
            return False, "points"
    except (TypeError, ValueError):
        pass
    raise carrier.fail(_EXPECTED, f"row {index}: {describe(value)}")


def _is_contour(value: Any) -> bool:
    """Whether a ring is Kx1x2, as OpenCV's contours; rings of one point each are none."""
    if isinstance(value, np.ndarray):
        return value.ndim == 3 and value.shape[0] > 1 and value.shape[1:] == (1, 2)
    return len(value) > 1 and all(np.shape(point) == (1, 2) for point in value)


def _ring(value: Any, index: int, carrier: Carrier) -> Ring:
    try:
        ring = np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise carrier.fail(_EXPECTED, f"row {index}: {describe(value)}") from None
    if ring.ndim == 1 and len(ring) % 2 == 0:
        return ring.reshape(-1, 2)
    if ring.ndim == 2 and ring.shape[1] == 2:
        return ring
    if _is_contour(ring):
        return ring[:, 0]
    came = f"row {index} with a ring of {len(ring)} numbers" if ring.ndim == 1 else describe(value)
    raise carrier.fail("rings of pairs x, y", came, "Each point is two numbers; leave others out.")


_MOST = 1 << 28
"""Pixels of a mask in run lengths: a few bytes may ask for more memory than there is."""


def mask_of(value: Mapping[str, Any], index: int, carrier: Carrier) -> NDArray[np.uint8]:
    """The mask that run lengths hold; what they say of themselves must agree."""
    form = 'run lengths {"size": [height, width], "counts"}'
    try:
        height, width = (int(side) for side in value["size"])
        counts = value["counts"]
    except (KeyError, TypeError, ValueError):
        raise carrier.fail(form, f"row {index}: {describe(value)}") from None
    try:
        if isinstance(counts, str):
            counts = counts.encode("ascii")
        runs = run_lengths.runs_of(counts) if isinstance(counts, bytes) else list(map(int, counts))
    except (TypeError, ValueError) as error:
        raise carrier.fail(form, f"row {index}, whose counts cannot be read: {error}") from None
    if height * width > _MOST:
        raise carrier.fail(
            f"run lengths of at most {_MOST:,} pixels", f"row {index} of {height}x{width}"
        )
    if height < 1 or width < 1 or min(runs, default=0) < 0 or sum(runs) != height * width:
        raise carrier.fail(
            f"counts that add up to the {height}x{width} pixels of their size",
            f"row {index} with {sum(runs)}",
        )
    return run_lengths.decoded(runs, (height, width))


def nothing(row: Row, size: Size) -> Outline | Stencil:
    """Nothing, in the form of a row."""
    return Stencil.nothing(size) if row.kind == "runs" else Outline((), row.kind == "points")


def written(row: Row, item: Outline | Stencil, units: Units, carrier: Carrier) -> Any:
    """An outline or a mask in the form of its row; a list of rings where one has become several."""
    if row.kind == "nothing":
        return None
    if isinstance(item, Stencil):
        return runs_like(row.like, item.mask)
    rings = [units.write(ring) for ring in item.rings]
    if row.closed:
        rings = [np.concatenate([ring, ring[:1]]) for ring in rings]
    like = row.like if row.single or row.like is None or len(row.like) == 0 else row.like[0]
    shaped = [_shaped(ring, like, row.kind, carrier) for ring in rings]
    if row.single and len(shaped) == 1:
        return shaped[0]
    return tuple(shaped) if type(row.like) is tuple else shaped


def _shaped(ring: Ring, like: Any, kind: str, carrier: Carrier) -> Any:
    """One ring as a list, a tuple or an array like another one."""
    numbers = ring.reshape(-1) if kind == "flat" else ring
    if _is_contour(like):
        numbers = ring[:, None]
    if isinstance(like, np.ndarray):
        if like.dtype.kind in "iu":
            return in_whole_numbers(np.rint(numbers), like.dtype, carrier)
        return np.ascontiguousarray(numbers, dtype=like.dtype if like.dtype.kind == "f" else None)
    out = numbers.tolist()
    if numbers.ndim == 2 and isinstance(like, Sequence) and len(like) and type(like[0]) is tuple:
        out = [tuple(point) for point in out]
    return tuple(out) if type(like) is tuple else out


def runs_like(like: Mapping[str, Any], mask: NDArray[Any]) -> dict[str, Any]:
    """A mask as run lengths of the form of others."""
    counts: Any = like["counts"]
    whole = (mask != 0).astype(np.uint8)
    made: Any = run_lengths.compressed(whole)
    if isinstance(counts, str):
        made = made.decode("ascii")
    elif not isinstance(counts, bytes):
        made = run_lengths.runs_of(made)
        if isinstance(counts, np.ndarray):
            made = np.array(made, dtype=counts.dtype)
        elif type(counts) is tuple:
            made = tuple(made)
    size: Any = list(mask.shape)
    if isinstance(like["size"], np.ndarray):
        size = np.array(size, dtype=like["size"].dtype)
    return {**like, "size": tuple(size) if type(like["size"]) is tuple else size, "counts": made}


def outline_of(row: Row, rings: Rings) -> Outline:
    """The outline of a row's rings: of flat lists each is a part, of points all are one."""
    rings = tuple(ring for ring in rings if has_inside(ring))
    if row.kind == "flat":
        return Outline(tuple((ring,) for ring in rings), False)
    return Outline((rings,) if rings else (), True)
