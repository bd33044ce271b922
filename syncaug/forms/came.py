"""One value of a sample on both sides of the border."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from syncaug.maps.plane import Size

__all__ = ["Back", "Came", "same"]

Back = Callable[[Any, "Size | None"], Any]
"""A result, and the size of its plane if anything tells it, to the result in another form."""


class Came(NamedTuple):
    """What came as `value`, what carriers see of it, and how a result gets the same form.

    `canvas` is the size (width, height) of the picture that the value says it belongs to. A form
    that cannot hold what comes out is `other`: it is handed back in another form even where
    nothing has changed.
    """

    value: Any
    seen: Any
    back: Back
    canvas: Size | None = None
    other: bool = False

    def handed_back(self, out: Any, size: Size | None) -> Any:
        """A result in the form that came; the very value where nothing was done to it."""
        if not self.other and (out is self.seen or _holds_the_same(out, self.seen)):
            return self.value
        return self.back(out, size)

    def after(self, first: Came) -> Came:
        """This one, of which the value is what another one's carriers would see."""
        back, inner = self.back, first.back
        return Came(
            first.value,
            self.seen,
            lambda out, size: inner(back(out, size), size),
            first.canvas or self.canvas,
            first.other or self.other,
        )


def _holds_the_same(out: Any, seen: Any) -> bool:
    """Whether a mapping holds the very values of another one."""
    return (
        type(out) is type(seen) is dict
        and out.keys() == seen.keys()
        and all(out[key] is seen[key] for key in seen)
    )


def same(out: Any, size: Size | None) -> Any:
    """A result as it is."""
    return out
