"""Names of programs that are values and keys of JSON: "left_hand", "topLeft", "turn_left".

Their words are read as a sentence reads them, and written as the name was. In prose such names
stay, but for corners.
"""

from __future__ import annotations

import re

from syncaug.body_sides import sided, swapped_name
from syncaug.words.key_names import key_names

__all__ = ["names_a_side", "respelled", "spelled"]

_NAME = re.compile(r"[A-Za-z]+[0-9]*(?:_[A-Za-z0-9]+)+|[A-Z]?[a-z]+(?:[A-Z][a-z]+)+")
_SEAM = re.compile(r"_|(?<=[a-z0-9])(?=[A-Z])")
_SIDES = re.compile(r"(?<![a-z])(?:left|right)(?![a-z])")


def spelled(name: str) -> str:
    """The words of a name, in small letters; empty where it is none, or names a picture.

    >>> spelled("turnLeft"), spelled("LEFT_HAND"), spelled("CAM_FRONT_LEFT"), spelled("left")
    ('turn left', 'left hand', '', '')
    """
    if not _NAME.fullmatch(name):
        return ""
    said = _SEAM.sub(" ", name).lower()
    if not key_names().streams.isdisjoint(said.split()):
        return ""
    if _SIDES.search(said) and swapped_name(name) == name:  # right_of_way
        return ""
    return said


def respelled(said: str, name: str) -> str:
    """Words written as a name is: with underscores, or with capitals inside.

    >>> respelled("turn right", "turnLeft"), respelled("right hand", "LEFT_HAND")
    ('turnRight', 'RIGHT_HAND')
    """
    words = said.split()
    if "_" not in name:
        first = words[0].capitalize() if name[0].isupper() else words[0]
        return first + "".join(word.capitalize() for word in words[1:])
    if name.isupper():
        words = [word.upper() for word in words]
    elif name[0].isupper():
        titled = name.split("_")[1][:1].isupper()
        words = [word.capitalize() if titled or not at else word for at, word in enumerate(words)]
    return "_".join(words)


def names_a_side(name: str) -> bool:
    """Whether a key says by itself that it is of one side: "left_eye", but not "left"."""
    return bool(spelled(name)) and bool(sided([name]))
