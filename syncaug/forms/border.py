"""The border of a policy: samples in any form in, results in the forms that came out."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from syncaug.catalogue.modalities import MODALITIES
from syncaug.errors import SampleError
from syncaug.forms.came import Came
from syncaug.forms.places import Place, place_beside, place_of
from syncaug.forms.recognition import LISTS, PLAIN, is_plain_list, is_plain_mapping, taken
from syncaug.forms.remedies import in_words_of
from syncaug.forms.sizes import size_of
from syncaug.maps.plane import Size
from syncaug.modalities.border import STRANGE, unreadable
from syncaug.modalities.carrier import describe
from syncaug.plan.plan import Plan
from syncaug.unread import LoadedSample

if TYPE_CHECKING:
    from syncaug.forms.embedded import Embedded, Lifted

__all__ = ["Border", "Taken"]


class Taken:
    """A sample as carriers see it, and what came in another form."""

    __slots__ = ("_came", "_lifted", "_plan", "sample")

    def __init__(
        self,
        sample: Mapping[str, Any],
        came: Mapping[str, Came],
        plan: Plan,
        lifted: Sequence[Lifted] = (),
    ) -> None:
        self.sample, self._came, self._plan, self._lifted = sample, came, plan, lifted

    def handed_back(self, out: Any) -> Any:
        """A result with every entry in the form that came; what is no sample as it is.

        Raises SampleError where the type that came cannot hold a result.
        """
        if not (self._came or self._lifted) or not isinstance(out, Mapping):
            return out
        back = dict(out)
        for name, came in self._came.items():
            if name in out:
                size = None if came.canvas is None else size_of(name, out, self._plan)
                try:
                    back[name] = came.handed_back(out[name], size)
                except OverflowError as error:
                    raise SampleError(
                        name,
                        expected=f"a result of {error}, as the sample came",
                        came="a greater one",
                        hint="Give float32.",
                    ) from None
        if not self._lifted:
            return back
        from syncaug.forms.embedded import put_in

        return put_in(back, self._lifted)

    def explained(self, error: SampleError) -> SampleError:
        """An error about this sample that says what came in the place of what carriers saw."""
        came = self._came.get(error.stream)
        if came is None:
            return error
        return SampleError(
            error.stream,
            expected=error.expected,
            came=error.came.replace(describe(came.seen), describe(came.value)),
            key=error.key,
            hint=in_words_of(came.value, error.hint),
        )


class Border:
    """What each entry of a plan's samples may be without being looked at any further."""

    __slots__ = ("_asked", "_embedded", "_plan")

    def __init__(self, plan: Plan) -> None:
        self._plan, self._embedded = plan, _embedded(plan)
        places: dict[str, Place] = {}
        for stream in plan.streams:
            if stream.modality in MODALITIES and not stream.options.get("lane"):
                places[stream.name] = place_of(stream)
                for key in stream.parallel_keys:
                    places.setdefault(key, place_beside(key, stream))
        self._asked = tuple((name, place, place.natives) for name, place in places.items())

    def take(self, sample: Any, key: Any = "") -> Taken | None:
        """A sample as carriers see it; None where it is that already, as nearly all are.

        Raises SampleError, which names the sample's `key`, for what cannot be taken in.
        """
        if type(sample) is LoadedSample:
            sample = sample.handles
            return self.take(sample, key) or Taken(sample, {}, self._plan)
        if type(sample) is not dict and not isinstance(sample, Mapping):
            return None
        came: dict[str, Came] = {}
        lifted: Sequence[Lifted] = ()
        name: str = "sample"
        value: Any = sample
        try:
            if self._embedded is not None:
                sample, lifted = self._embedded.lifted(sample)
            for name, place, natives in self._asked:
                value = sample.get(name)
                if _is_known(value, place, natives):
                    continue
                part = taken(value, place)
                if part is not None:
                    came[name] = part
            return self._together(sample, came, lifted) if came or lifted else None
        except SampleError as error:
            raise error.at(key) from error
        except STRANGE as error:
            raise unreadable(name, value, error).at(key) from error

    def taken(self, sample: Any, key: Any) -> Taken:
        """A sample as carriers see it, be it that already or not. Raises SampleError."""
        return self.take(sample, key) or Taken(sample, {}, self._plan)

    def knows(self, sample: Mapping[str, Any], names: Container[str]) -> bool:
        """Whether it is seen at once that carriers know some entries of a sample as they are."""
        for name, place, natives in self._asked:
            if name in names and not _is_known(sample.get(name), place, natives):
                return False
        return True

    def _together(
        self, sample: Mapping[str, Any], came: Mapping[str, Came], lifted: Sequence[Lifted]
    ) -> Taken:
        """A sample with what was taken in, each in a picture of the size that it says."""
        seen = dict(sample)
        for name, part in came.items():
            seen[name] = part.seen
        for name, part in came.items():
            if part.canvas is not None:
                _require_canvas(name, part.canvas, size_of(name, seen, self._plan))
        return Taken(seen, came, self._plan, lifted)


def _is_known(value: Any, place: Place, natives: Collection[np.dtype[Any]]) -> bool:
    """Whether it is seen at once that a carrier knows a value as it is; `natives` of its place."""
    kind = type(value)
    if kind is np.ndarray:
        return value.dtype in natives if natives else value.dtype.char != "O"
    if kind in PLAIN:
        return True
    if kind is dict:
        return place.is_mapped and is_plain_mapping(value, place)
    return kind in LISTS and place.is_listed and is_plain_list(value)


def _embedded(plan: Plan) -> Embedded | None:
    """What takes pictures out of messages, where a plan has some that hold them."""
    chats = plan.index.modalities.get("messages", ())
    if not any(stream.options.get("embedded") for stream in chats):
        return None
    from syncaug.forms.embedded import Embedded  # else not loaded

    return Embedded(plan)


def _require_canvas(name: str, canvas: Size, size: Size | None) -> None:
    """Refuse what says that it belongs to a picture of another size than its plane has."""
    if size is not None and size != canvas:
        raise SampleError(
            name,
            expected=f"a canvas of {size[0]}x{size[1]} pixels, as its picture has",
            came=f"{canvas[0]}x{canvas[1]}",
            hint="canvas_size is (height, width).",
        )
