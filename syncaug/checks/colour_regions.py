"""The pixels that colour words speak of, before and after: a grid over a picture or over a box."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.checks.measure import Outcome
from syncaug.checks.views import picture_in
from syncaug.maps.plane import PlaneMap, apply_projective
from syncaug.modalities.clock.video import VideoCarrier
from syncaug.modalities.plane.image import ImageCarrier

__all__ = ["Pixels", "chroma", "pictures", "pixels_of", "saturation", "smoothed", "wrapped"]

_GRID = 64
_EDGE = 1e-6
_COLOURED = 0.15
"""Chroma (max - min of RGB) below which a pixel has no hue to speak of."""
_FEWEST = 16
"""Coloured pixels without which nothing can be said of a hue."""

_SAME_HUE = 40.0
"""Degrees by which a pixel's hue may differ from that of a word that names it."""
_SEVERAL = 0.1
"""Variety from which a picture has more than one colour."""
_SHADOW = 0.15
"""Value below which levels are too few to tell colours."""
_FAINT = 0.02
_GROUP = 8
"""Neighbouring pixels that are averaged, so that noise is no colour."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pixels:
    """The RGB of places of a picture as it came, and of the same places as it is now, in [0, 1].

    Where `paired` is False the two are samples of the whole picture that do not belong together.
    """

    old: Numbers
    new: Numbers
    places: Numbers
    paired: bool = True

    def within(self, box: NDArray[np.float64], share: float = 1.0) -> Pixels:
        """Those inside of the middle `share` (by length) of a box of left, top, right, bottom."""
        middle = (box[:2] + box[2:]) / 2
        half = (box[2:] - box[:2]) / 2 * share
        inside = (np.abs(self.places - middle) <= half).all(axis=1)
        return Pixels(self.old[inside], self.new[inside], self.places[inside], self.paired)

    def where(self, chosen: NDArray[np.bool_]) -> Pixels:
        """Some of them."""
        return Pixels(self.old[chosen], self.new[chosen], self.places[chosen], self.paired)

    @property
    def many(self) -> bool:
        """Whether there are enough of them to say something."""
        return len(self.old) >= _FEWEST

    def near(self, hue: float) -> Pixels:
        """Those that had about that hue when the picture came; all, where these are few."""
        if not self.paired:
            return self
        apart = np.abs((_hue(self.old) - hue + 180.0) % 360.0 - 180.0)
        near = self.where((chroma(self.old) >= _COLOURED) & (apart <= _SAME_HUE))
        return near if near.many else self

    @property
    def one_tint(self) -> bool:
        """Whether colours that differed have all become one, in its shades, as in a sepia."""
        if not self.paired:
            return False
        seen = (_highest(self.old) > _SHADOW) & (_highest(self.new) > _SHADOW)
        if np.count_nonzero(seen) < _FEWEST:
            return False
        old, new = (_variety(rgb[seen]) for rgb in (self.old, self.new))
        return old > _SEVERAL and new < old / 4

    def turn(self) -> float | None:
        """By how many degrees their hues turned, weighted by chroma; None without any to see."""
        return _turn_between(self.old, self.new) if self.paired else None

    def kept(self) -> float | None:
        """The share of their saturation that is left; None where there was none."""
        if self.paired:
            coloured = self.where(chroma(self.old) >= _COLOURED)
            if not coloured.many:
                return None
            old, new = (saturation(smoothed(rgb)) for rgb in (coloured.old, coloured.new))
            return float(np.median(new / np.maximum(old, _FAINT)))
        if np.count_nonzero(chroma(self.old) >= _COLOURED) < _FEWEST:
            return None
        most = float(np.quantile(saturation(self.old), 0.9))
        return float(np.quantile(saturation(self.new), 0.9)) / max(most, _EDGE)


def pixels_of(
    outcome: Outcome, image: ImageCarrier | VideoCarrier, region: NDArray[np.float64] | None = None
) -> Pixels | None:
    """A grid of pixels over a picture, or over a box of it, that are still shown.

    Of a video one frame near the middle is looked at: all frames took the same turn. None where
    there is no colour to see, or no picture.
    """
    plane = image.stream.spaces["plane"]
    if image.notes.get("out") or not image.channels.hued:
        return None
    pair = _pair(outcome, image)
    if pair is None:
        return None
    before, after = pair
    if before.ndim != 3 or before.shape[2] < 3:
        return None
    height, width = before.shape[:2]
    left, top, right, bottom = (0, 0, width - 1, height - 1) if region is None else region
    across, down = np.meshgrid(
        np.unique(np.linspace(max(left, 0), min(right, width - 1), _GRID).round()),
        np.unique(np.linspace(max(top, 0), min(bottom, height - 1), _GRID).round()),
        indexing="ij",
    )
    source = np.stack([across.ravel(), down.ravel()], axis=1)
    if plane in outcome.state.warped:
        return Pixels(_rgb(before, source), _rgb(after, _spread(after)), source, paired=False)
    total = outcome.plane(plane)
    target = np.rint(apply_projective(total.matrix, source))
    x, y = target[:, 0], target[:, 1]
    inside = (x >= 0) & (x < after.shape[1]) & (y >= 0) & (y < after.shape[0])
    inside &= _shown(outcome, plane, total, source)
    if not inside.all():
        source, target = source[inside], target[inside]
    return Pixels(_rgb(before, source), _rgb(after, target), source)


def _turn_between(old: Numbers, new: Numbers) -> float | None:
    """The circular mean in degrees of the differences of hue, weighted by the lesser chroma."""
    weight = np.minimum(chroma(old), chroma(new))
    weight[weight < _COLOURED] = 0.0
    if np.count_nonzero(weight) < _FEWEST:
        return None
    difference = np.exp(1j * np.radians(_hue(new) - _hue(old))) * weight
    return float(np.degrees(np.angle(difference.sum())))


def _highest(rgb: Numbers) -> Numbers:
    """The greatest of red, green and blue; reducing an axis of three is far slower."""
    return np.asarray(np.maximum(np.maximum(rgb[:, 0], rgb[:, 1]), rgb[:, 2]))


def chroma(rgb: Numbers) -> Numbers:
    """The greatest less the least of red, green and blue."""
    return np.asarray(_highest(rgb) - np.minimum(np.minimum(rgb[:, 0], rgb[:, 1]), rgb[:, 2]))


def saturation(rgb: Numbers) -> Numbers:
    """Chroma as a share of the greatest of red, green and blue; 0 of black."""
    return np.asarray(chroma(rgb) / np.maximum(_highest(rgb), _EDGE))


def smoothed(rgb: Numbers) -> Numbers:
    """The means of groups of neighbours."""
    groups = len(rgb) // _GROUP
    return rgb if groups < 2 else np.asarray(rgb[: groups * _GROUP].reshape(-1, _GROUP, 3).mean(1))


def wrapped(degrees: float) -> float:
    """The angle in [-180, 180)."""
    return (degrees + 180.0) % 360.0 - 180.0


def _shown(outcome: Outcome, plane: str, total: PlaneMap, source: Numbers) -> NDArray[np.bool_]:
    """Which places nothing covers, and no crop took."""
    shown = total.leaves(source)
    for map_, occlusion in outcome.state.hidden.get(plane, ()):
        shown &= ~occlusion.covers(apply_projective(map_.matrix, source))
    return shown


def _pair(
    outcome: Outcome, image: ImageCarrier | VideoCarrier
) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """The same picture before and after; None where a video shows nothing."""
    if isinstance(image, VideoCarrier):
        return image.pair()
    return picture_in(outcome.before, image), image.data


def _spread(picture: NDArray[Any]) -> Numbers:
    rows, columns = (np.linspace(0, length - 1, _GRID).round() for length in picture.shape[:2])
    return np.stack([axis.ravel() for axis in np.meshgrid(columns, rows)], axis=1)


def _rgb(picture: NDArray[Any], pixels: Numbers) -> Numbers:
    columns, rows = pixels.astype(np.intp).T
    height, width, channels = picture.shape
    taken = picture.reshape(height * width, channels).take(rows * width + columns, axis=0)
    levels = taken[:, :3].astype(np.float64)
    whole = np.iinfo(picture.dtype).max if picture.dtype.kind == "u" else 1.0
    return np.asarray(levels / whole)


def _variety(rgb: Numbers) -> float:
    """How far colours lie from their mean on the wheel, as a share of their distance to grey.

    Turning the wheel and fading all colours alike change nothing of it.
    """
    colours = saturation(rgb) * np.exp(1j * np.radians(_hue(rgb)))
    away = float(np.sqrt(np.mean(np.abs(colours - colours.mean()) ** 2)))
    return away / max(float(np.sqrt(np.mean(np.abs(colours) ** 2))), _FAINT)


def _hue(rgb: Numbers) -> Numbers:
    """Hue in degrees from the chromaticity plane; within 1.2 degrees of the hue of HSV."""
    red, green, blue = rgb.T
    return np.asarray(
        np.degrees(np.arctan2(np.sqrt(3.0) * (green - blue), 2.0 * red - green - blue))
    )


def pictures(outcome: Outcome) -> Iterator[ImageCarrier | VideoCarrier]:
    """The pictures and videos of a sample."""
    yield from outcome.carriers(ImageCarrier)
    yield from outcome.carriers(VideoCarrier)
