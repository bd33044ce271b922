"""Point clouds: N rows of x, y, z and named attributes, in a world."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import RefusalError
from syncaug.maps.mask import Blank, Drop
from syncaug.maps.mix import Mix
from syncaug.maps.noise import Noise
from syncaug.maps.oriented import in_box, moved_box
from syncaug.maps.time import TimeMap
from syncaug.maps.tone import Colour, ToneMap
from syncaug.maps.world import Frustum, WorldMap
from syncaug.modalities.carrier import Carrier, all_finite, describe
from syncaug.modalities.level import mean_square
from syncaug.modalities.pairs import note_mix
from syncaug.modalities.rows import within

__all__ = ["PointsCarrier"]

_COLOURS = (("r", "g", "b"), ("red", "green", "blue"))
_VELOCITY = ("vx", "vy", "vz")
_VECTORS = (("nx", "ny", "nz"), _VELOCITY)
_REFLECTIVITY = ("intensity", "reflectivity", "reflectance")
_TIME = "t"
_DROPOUT_AT_FULL_SEVERITY = 0.9


_PARTNERS = -1
"""What `rows` says of a point that came from a partner."""


class PointsCarrier(Carrier):
    """A float array (N, 3 + A), x, y, z first; world maps wait and compose into one product.

    A column `t` holds seconds from the stream's beginning; then points live on a clock as well.
    """

    __slots__ = ("chosen", "columns", "looked_at", "pending", "pending_time")

    def read(self, value: Any) -> NDArray[Any]:
        self.pending: WorldMap | None = None
        self.pending_time: TimeMap | None = None
        self.columns = tuple(self.stream.options.get("columns") or ("x", "y", "z"))
        form = f"points of shape Nx{len(self.columns)} with columns {', '.join(self.columns)}"
        if not isinstance(value, np.ndarray) or value.dtype not in (np.float32, np.float64):
            raise self.fail(f"{form}, float32 or float64", describe(value))
        if value.ndim != 2 or value.shape[1] != len(self.columns) or len(value) == 0:
            raise self.fail(form, describe(value))
        self.looked_at = False
        if _TIME in self.columns:  # its clock is asked for before it moves
            self.data = value
            self._look()
        self.chosen: NDArray[np.int64] | None = None
        return value

    @property
    def rows(self) -> NDArray[np.int64]:
        """For each row, which row of the original it is; -1 for a partner's."""
        return np.arange(len(self.data)) if self.chosen is None else self.chosen

    def world(self, world: WorldMap) -> None:
        self.pending = world if self.pending is None else self.pending.then(world)

    def clock_duration(self) -> float | None:
        if self.pending_time is not None:
            return self.pending_time.duration
        last = float(self._moments.max()) if _TIME in self.columns else 0.0
        return last if last > 0.0 else None

    @property
    def _moments(self) -> NDArray[np.float64]:
        return np.asarray(self.data[:, self.columns.index(_TIME)], dtype=np.float64)

    @property
    def _offset(self) -> float:
        return float(self.stream.options.get("offset", 0.0))

    def time(self, time: TimeMap) -> None:
        own = time.seen_from(self._offset)
        self.pending_time = own if self.pending_time is None else self.pending_time.then(own)

    def blank(self, blank: Blank) -> None:
        """Points of the spans go: nothing was measured then."""
        self.settle()
        seen = np.flatnonzero(~blank.covers(self._moments + self._offset))
        if len(seen) == 0:
            raise RefusalError(self.stream.name, "the blanked spans hold all of its points")
        self.take(seen)

    def settle(self) -> None:
        if self.pending is not None:
            world, self.pending = self.pending, None
            self.data = _moved(self.data, self.columns, world)
        if not self.looked_at:
            self._look()
        if self.pending_time is not None:
            time, self.pending_time = self.pending_time, None
            if not time.is_identity:
                self._retime(time)

    def _retime(self, time: TimeMap) -> None:
        """Move each point to every moment at which the clock now shows it; velocities change."""
        moments = self._moments
        rows, seconds, speeds = [], [], []
        for segment in time.segments:
            shown = within(segment, moments, closed=segment is time.segments[-1])
            if len(shown) and segment.speed:
                rows.append(np.sort(shown))  # a cloud keeps its order
                places = (moments[rows[-1]] - segment.first) / segment.speed
                seconds.append(segment.start + places)
                speeds.append(np.full(len(shown), segment.speed))
        if not rows:
            raise RefusalError(self.stream.name, "the time that is left has none of its points")
        self.take(np.concatenate(rows))
        self.data[:, self.columns.index(_TIME)] = np.concatenate(seconds)
        if set(_VELOCITY) <= set(self.columns):
            at = [self.columns.index(name) for name in _VELOCITY]
            self.data[:, at] *= np.concatenate(speeds)[:, None]

    def _look(self) -> None:
        """Raise SampleError where points came in that are not finite.

        What has just been moved is still in the cache, and as finite as what it came from.
        """
        self.looked_at = True
        if not all_finite(self.data) and not all_finite(self.sample[self.stream.name]):
            raise self.fail("finite points", "NaN or infinity", "Drop the rows of missing returns.")

    def frustum(self, frustum: Frustum) -> None:
        self.settle()
        rows = np.flatnonzero(frustum.contains(self.data[:, :3].astype(np.float64)))
        if len(rows) == 0:
            raise RefusalError(self.stream.name, "the picture shows none of the points")
        self.take(rows)

    def take(self, rows: NDArray[np.int64]) -> None:
        """Keep only `rows`, in their order."""
        self.settle()
        self.chosen = self.rows[rows]
        self.data = self.data[rows]

    def drop(self, drop: Drop) -> None:
        """No point is left."""
        self.settle()
        self.take(np.arange(0))

    def tone(self, tone: ToneMap) -> None:
        self.settle()
        coloured = next((names for names in _COLOURS if set(names) <= set(self.columns)), ())
        shiny = [index for index, name in enumerate(self.columns) if name in _REFLECTIVITY]
        if not coloured and not (shiny and tone.reflectivity != 1.0):
            return
        data = self.data.copy()
        if coloured and tone.stages:
            places = [self.columns.index(name) for name in coloured]
            data[:, places] = _recoloured(data[:, places], tone)
        for index in shiny:
            data[:, index] = np.maximum(data[:, index] * tone.reflectivity, 0.0)
        self.data = data

    def noise(self, noise: Noise) -> None:
        self.settle()
        if noise.snr_db == math.inf:
            return
        generator = noise.entropy.philox()
        if noise.kind == "dropout":
            keep = generator.random(len(self.data)) >= _DROPOUT_AT_FULL_SEVERITY * noise.severity
            keep[int(noise.entropy.integer() % len(keep))] = True  # never an empty cloud
            self.take(np.flatnonzero(keep))
            return
        places = self.data[:, :3].astype(np.float64)
        spread = float(np.sqrt(np.mean((places - places.mean(axis=0)) ** 2)))
        field = generator.standard_normal(places.shape)
        field *= spread * 10.0 ** (-noise.snr_db / 20.0) / (math.sqrt(mean_square(field)) or 1.0)
        data = self.data.copy()
        data[:, :3] = places + field
        self.data = data

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Lose what lies in the boxes that the partner's objects take, and take in their points.

        What lies less than `floor` above a box's bottom is ground: the own one stays.
        """
        assert isinstance(partner, PointsCarrier)
        places = self.data[:, :3].astype(np.float64)
        other = partner.data[:, :3].astype(np.float64)
        free = np.ones(len(places), dtype=bool)
        rows, clouds = [self.rows], [self.data]
        for placed in mix.placed:
            box = np.array(placed.box)
            free &= ~in_box(places, box, mix.floor)
            back = moved_box(box, placed.move.inverse)
            inside = np.flatnonzero(in_box(other, back, mix.floor))
            moved = _moved(partner.data[inside], self.columns, placed.move)
            clouds.append(moved.astype(self.data.dtype, copy=False))
            rows.append(np.full(len(inside), _PARTNERS))
        self.chosen = np.concatenate([rows[0][free], *rows[1:]])
        self.data = np.concatenate([self.data[free], *clouds[1:]])
        came = len(self.data) - int(free.sum())
        note_mix(self.notes, mix, removed=int((~free).sum()), came=came)

    def finish(self) -> dict[str, Any]:
        self.settle()
        if len(self.data) != len(self.sample[self.stream.name]):
            self.notes["kept"] = len(self.data)
        return {self.stream.name: self.data}


def _moved(points: NDArray[Any], columns: tuple[str, ...], world: WorldMap) -> NDArray[Any]:
    """The same rows after a world map; normals and velocities turn, velocities grow as well."""
    from syncaug.backends import opencv

    places = opencv.transform_points(points[:, :3], world.matrix)
    if points.shape[1] == 3:
        return places
    moved = points.copy()
    moved[:, :3] = places
    matrix = world.matrix.astype(points.dtype)
    for names in _VECTORS:
        if set(names) <= set(columns):
            at = [columns.index(name) for name in names]
            scale = world.scale if names[0] == "nx" else 1.0
            moved[:, at] = points[:, at] @ (matrix[:3, :3] / points.dtype.type(scale)).T
    return moved


def _recoloured(rgb: NDArray[Any], tone: ToneMap) -> NDArray[Any]:
    """Point colours through the same stages as the picture's pixels."""
    from syncaug.backends import opencv

    top = 255.0 if float(rgb.max(initial=0.0)) > 1.0 else 1.0
    levels = np.ascontiguousarray(np.clip(rgb / top, 0.0, 1.0), dtype=np.float32)[:, None, :]
    for stage in tone.stages:
        if isinstance(stage, Colour):
            levels = opencv.shift_hue(levels, stage.hue, 1.0 + stage.saturation, 1.0 + stage.value)
        else:
            levels = stage.apply(levels.astype(np.float64)).astype(np.float32)
    return levels[:, 0, :] * top
