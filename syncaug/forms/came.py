"""One value of a sample on both sides of the border."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from syncaug.maps.plane import Size

__all__ = ["Back", "Came", "same"]

Back = Callable[[Any, "Size | None"], Any]
"""A result, and the size of its plane if anything tells it, to the result in another form."""


@dataclass(frozen=True, slots=True)
class Came:
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
        if out is self.seen and not self.other:
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


def same(out: Any, size: Size | None) -> Any:
    """A result as it is."""
    return out
