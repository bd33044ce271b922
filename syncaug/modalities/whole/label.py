"""Labels: a class number, a name or a vector; only a mix with a partner changes them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import RefusalError
from syncaug.maps.mix import Mix
from syncaug.modalities.annotations.sides import Sides, texts_of
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.pairs import note_mix
from syncaug.plan.plan import Stream

__all__ = ["LabelCarrier"]

_HALF = 0.5
_HINT = "Declare classes: N or their names, or give a vector of weights."
_NUMPY = (np.generic, np.ndarray)
_SEVERAL = (list, tuple)
_FORMS = (int, float, str, *_NUMPY, *_SEVERAL)
_NEVER = (type(None), bytes, Mapping, set)
"""Types of what is no class and no weight."""
_EXACT = (str, int)
_LISTED = 8
"""So many classes are named in a message."""


def _is_array(rows: Any) -> bool:
    """Whether lists in a list are of one length."""
    try:
        return bool(np.ndim(rows))
    except ValueError:
        return False


def _is_finite(value: Any) -> bool:
    """Whether a number or an array is finite; texts and whole numbers are."""
    if isinstance(value, _EXACT):
        return True
    if isinstance(value, float):
        return math.isfinite(value)
    return not (isinstance(value, np.floating | np.ndarray) and value.dtype.kind == "f") or bool(
        np.isfinite(value).all()
    )


@dataclass(frozen=True, slots=True)
class LabelRules:
    """How many classes there are, 0 where nothing says so; their `names` where they have some.

    `soft` labels are always vectors of weights.
    """

    count: int
    names: tuple[Any, ...]
    soft: bool
    sides: Sides

    @staticmethod
    def of(stream: Stream) -> LabelRules:
        """The rules of a stream."""
        classes, soft = stream.options.get("classes") or 0, bool(stream.options.get("soft"))
        sides = Sides.of(stream.options)
        if isinstance(classes, int):
            return LabelRules(classes, (), soft, sides)
        return LabelRules(len(classes), tuple(classes), soft, sides)

    @property
    def classes(self) -> tuple[Any, ...]:
        """All classes: their names, or their numbers."""
        return self.names or tuple(range(self.count))


class LabelCarrier(Carrier):
    """An integer, a float, a string or a vector, handed on as it came.

    A class becomes a vector of one weight for each of its `classes` where it is weighted against a
    partner's; with `soft: true` always, so that a batch can be stacked.
    """

    __slots__ = ()
    rules: LabelRules

    @classmethod
    def rules_of(cls, stream: Stream) -> LabelRules:
        return LabelRules.of(stream)

    def read(self, value: Any) -> Any:
        if isinstance(value, _FORMS):
            if isinstance(value, _NUMPY) and value.dtype.kind not in "biufUO":
                raise self.fail("a number, a string or a vector", describe(value))
            items: list[Any] = [value]
            if isinstance(value, _SEVERAL):
                items = list(value)
            elif isinstance(value, np.ndarray) and value.dtype.kind == "O":
                items = value.ravel().tolist()
            nested = any(isinstance(item, _SEVERAL) for item in items)
            if (nested and not _is_array(value)) or any(isinstance(x, _NEVER) for x in items):
                raise self.fail("a vector of numbers or of names", describe(value))
            if not all(map(_is_finite, items)):
                raise self.fail("a finite label", "NaN or infinity")
            if self.rules.count:
                self._hold(value)
            return value
        raise self.fail("a number, a string or a vector", describe(value))

    def _hold(self, value: Any) -> None:
        """Refuse what is none of the declared classes, and weights of another number of them.

        Whole numbers in a list are weights where they are as many as classes, else classes.
        """
        names, count = self.rules.names, self.rules.count
        if type(value) is int and 0 <= value < count:
            return
        array = np.asarray(value)
        kind, several = array.dtype.kind, array.ndim > 0
        classes = kind in "iub" and not (several and array.shape[-1] == count)
        if classes or (kind == "U" and (names or (several and self.rules.soft))):
            if several and self.rules.soft:
                raise self.fail(f"a class, or {count} weights", describe(value), _HINT)
            for one in array.ravel().tolist():
                if one not in names and (isinstance(one, str) or not 0 <= one < count):
                    raise self.fail(*self._known_classes(one))
        elif kind == "f" and several and array.size and array.shape[-1] != count:
            raise self.fail(f"{count} weights, one for each class", describe(value))
        elif kind == "f" and not several and self.rules.soft:
            raise self.fail(f"a class from 0 to {count - 1}", f"{value}", "A class is an integer.")

    def _known_classes(self, came: Any) -> tuple[str, str]:
        """What was expected where a class is none that is declared, and what came."""
        names, count = self.rules.names, self.rules.count
        listed = f": {', '.join(map(str, names))}" if 0 < count <= _LISTED and names else ""
        if isinstance(came, str):
            return f"one of the {count} classes{listed}", describe(came)
        return f"a class from 0 to {count - 1}", f"{came}"

    def side_names(self) -> Iterable[str]:
        """The value, where it is a text; declared names were looked at when the policy loaded."""
        return () if self.rules.names else texts_of([self.data])

    def mirror(self) -> None:
        """Become the class of the other side, as `sides:` says."""
        if self.rules.sides.swaps:
            self.data = self._mirrored(self.data)

    def _mirrored(self, before: Any) -> Any:
        """A class, a list of classes, or weights of all classes (in the last axis), mirrored."""
        names, sides = self.rules.classes, self.rules.sides
        places = {name: place for place, name in enumerate(names)}
        if isinstance(before, str) or not names:
            if isinstance(before, np.ndarray | list | tuple):
                return sides.swapped(before)
            return self._known(sides.other(before), places)
        others = [sides.other(name) for name in names]
        if np.ndim(before) == 0:
            if not float(before).is_integer():
                return before  # a value rather than a class
            if not 0 <= before < len(names):
                raise self.fail(f"a class from 0 to {len(names) - 1}", f"{before}")
            place = places[self._known(others[int(before)], places)]
            as_array = isinstance(before, np.ndarray)
            return np.array(place, before.dtype) if as_array else type(before)(place)
        array = np.asarray(before)
        if array.dtype.kind == "U":
            entries = [self._known(sides.other(str(name)), places) for name in array.ravel()]
            return self._like(before, np.array(entries).reshape(array.shape))
        if array.shape[-1] == len(names):
            order = [places[self._known(other, places)] for other in others]
            return self._like(before, array[..., order])
        if array.dtype.kind in "iu" and 0 <= array.min(initial=0) <= array.max(initial=0) < len(
            names
        ):
            found = [places[self._known(others[place], places)] for place in array.ravel().tolist()]
            return self._like(before, np.array(found, array.dtype).reshape(array.shape))
        raise self.fail(
            f"a class, a list of classes or {len(names)} weights, so that its sides can swap",
            describe(before),
            "Declare sides: keep if a mirror leaves it as it is.",
        )

    @staticmethod
    def _like(before: Any, after: NDArray[Any]) -> Any:
        return after if isinstance(before, np.ndarray) else type(before)(after.tolist())

    def _known(self, other: Any, places: Mapping[Any, int]) -> Any:
        if places and other not in places:
            raise RefusalError(self.stream.name, f"in a mirror it is {other!r}, which is no class")
        return other

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Weight the own label against the partner's, or take the one of the larger share."""
        note_mix(self.notes, mix)
        if mix.word == "larger":
            if mix.weight > _HALF:
                self.data = partner.data
            return
        own, other = self.weights(self.data), self.weights(partner.data)
        if own.shape != other.shape:
            raise RefusalError(
                self.stream.name,
                f"the partner's label has shape {other.shape}, this one {own.shape}",
            )
        self.data = self._in_form((1.0 - mix.weight) * own + mix.weight * other)

    def weights(self, value: Any) -> NDArray[np.float64]:
        """A label as numbers that can be weighted: a vector for a class, a number for a float."""
        if isinstance(value, float | np.floating):
            return np.asarray(value, dtype=np.float64)
        if isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim):
            try:
                vector = np.asarray(value, dtype=np.float64)
            except (TypeError, ValueError):
                raise self.fail("a vector of numbers", describe(value), _HINT) from None
            return vector
        if isinstance(value, np.ndarray):
            value = value.item()
        names, count = self.rules.names, self.rules.count
        named = value in names
        if not named and (not count or isinstance(value, str)):
            expected = f"one of the {count} classes" if count else "a label of known classes"
            raise self.fail(expected, describe(value), _HINT)
        place = names.index(value) if named else int(value)
        if not 0 <= place < count:
            raise self.fail(f"a class from 0 to {count - 1}", f"{value}")
        vector = np.zeros(count)
        vector[place] = 1.0
        return vector

    def _in_form(self, weights: NDArray[np.float64]) -> Any:
        """Weights in the form of the label; a class becomes a float32 vector."""
        value = self.data
        if isinstance(value, np.ndarray) and value.ndim:
            return weights.astype(value.dtype if value.dtype.kind == "f" else np.float32)
        if isinstance(value, list | tuple):
            return type(value)(weights.tolist())
        if weights.ndim == 0:
            return type(value)(weights)
        return weights.astype(np.float32)

    def finish(self) -> dict[str, Any]:
        if self.rules.soft and np.ndim(self.data) == 0:
            return {self.stream.name: self.weights(self.data).astype(np.float32)}
        return {self.stream.name: self.data}
