"""Words of direction that cannot be said after a symmetry, and why."""

from __future__ import annotations

from typing import Any

__all__ = ["UnmovableDirection"]


class UnmovableDirection(ValueError):
    """A spatial `word` of the text, at `start`, cannot be said after this symmetry.

    With `compass` it is a point of the compass, of which is not known whether it moves; with
    `formless` the other side has several forms, and what stands around does not tell which; with
    `handed` no word says its opposite in a mirror, and what is `unclear` may be a side or not ("the
    two left"). `counted` is the side from which its number counts ("the second column"), empty
    where it has none.

    >>> from syncaug.words import Symmetry, UnmovableDirection, direction_edits
    >>> try:
    ...     direction_edits("a cat in the east", Symmetry(mirrored=True))
    ... except UnmovableDirection as error:
    ...     error.word
    'east'
    """

    def __init__(
        self,
        word: str,
        start: int = 0,
        compass: bool = False,
        formless: bool = False,
        handed: bool = False,
        counted: str = "",
        unclear: bool = False,
    ) -> None:
        self.word, self.start, self.compass, self.formless = word, start, compass, formless
        self.handed, self.counted, self.unclear = handed, counted, unclear
        said = (
            f"what stands around the direction word {word!r} (character {start}) does not tell the "
            "form of its opposite (gender, number); add the noun to the lexicon"
            if formless
            else f"the point of the compass {word!r} (character {start}) moves only if its picture "
            "is a map or seen from above; declare compass: moves or compass: keep of the text"
            if compass
            else f"{word!r} (character {start}) tells a hand or foot, and no word says its "
            "opposite in a mirror; leave out mirrors here, or extend the lexicon"
            if handed
            else f"the {word} of a number (character {start}) counts from the {counted}, and lies "
            f"elsewhere afterwards; say from where it counts (from the {counted}), or leave out "
            "such turns and mirrors here"
            if counted
            else f"{word!r} (character {start}) may be a side of the picture or not, and what "
            "stands around it does not tell; write it otherwise ('on the left', 'that are left')"
            if unclear
            else f"the direction word {word!r} (character {start}) cannot be said after a quarter "
            "turn; allow only mirrors and half turns here, or extend the lexicon"
        )
        super().__init__(said)

    def earlier(self, characters: int) -> UnmovableDirection:
        """The same of a text that begins so many characters later."""
        word, start, *why = self.__reduce__()[1]
        return UnmovableDirection(word, start - characters, *why)

    def __reduce__(self) -> tuple[type[UnmovableDirection], tuple[Any, ...]]:
        why = (self.compass, self.formless, self.handed, self.counted, self.unclear)
        return type(self), (self.word, self.start, *why)
