"""The samples of `ways`, one of which may be bad; without PyTorch."""

from __future__ import annotations

from typing import Any

from tests.loaders.pictures import sample

__all__ = ["BAD", "COUNT", "Source", "row"]

COUNT, BAD = 64, 5


def row(index: int, bad: bool) -> dict[str, Any]:
    """A sample with its key; a bad one where that is asked for."""
    own = {
        name: value for name, value in sample(index).items() if name in ("id", "image", "caption")
    }
    return {**own, "caption": 3} if bad and index == BAD else own


class Source:
    """A length and items by index, which is all that Grain asks for."""

    def __init__(self, bad: bool) -> None:
        self.bad = bad

    def __len__(self) -> int:
        return COUNT

    def __getitem__(self, index: Any) -> dict[str, Any]:
        if not 0 <= index < COUNT:
            raise IndexError(index)
        return row(int(index), self.bad)

    def __repr__(self) -> str:
        return "Source"
