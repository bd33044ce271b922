"""Names of sides: `left_eye` and `right_eye` trade places in a mirror; `right_of_way` does not.

Names are identifiers (snake, kebab, camel, spaced or abbreviated), not sentences: for the words of
a sentence see `directions`. A mirror image swaps left and right and nothing else: whichever way it
lies, an upper lip stays an upper lip.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

__all__ = ["sided", "swapped_name", "swapped_order"]

_WORD = re.compile(
    r"(?<![A-Za-z])(?:left|right|Left|Right|LEFT|RIGHT)(?![a-z])"  # left_eye, leftEye, LEFT-HIP
    r"|(?<=[a-z0-9])(?:Left|Right)(?![a-z])"  # eyeLeft
)
_LETTER = re.compile(r"(?:^|(?<=[_\-. ]))[lrLR](?=[_\-. ]|$)")  # L_knee, hand.L
_SIDE = re.compile(f"{_WORD.pattern}|{_LETTER.pattern}")
_OTHER = {"left": "right", "right": "left", "l": "r", "r": "l"}

_IDIOMS = re.compile(
    r"(?<![a-z])(?:left[_\- ]?(?:behind|over|luggage|baggage|unattended)s?"
    r"|right[_\- ]?(?:of[_\- ]?way|angled?|triangles?|whales?|answers?|holders?)"
    r"|(?:all|civil|human|copy)[_\- ]rights?)(?![a-z])",
    re.IGNORECASE,
)
"""Names in which left is what remains and right is what is due, straight or true."""

_PAIRED = re.compile(
    r"(?<![a-z])(?:eye|ear|brow|eyebrow|cheek|temple|jaw|shoulder|sho|elbow|elb|wrist|wri|hand|palm"
    r"|arm|forearm|upperarm|thumb|finger|index|pinky|hip|thigh|knee|leg|calf|shin|ankle|ank|heel"
    r"|foot|toe|glove|shoe|boot|sock|sleeve|lung|kidney|breast|lobe|ventricle|atrium|hemisphere"
    r"|iris|pupil|clavicle|femur|tibia|humerus|paw|wing|horn|hoof|lane|wheel|tire|mirror|door"
    r"|window|headlight|taillight|light|lamp|blinker|indicator|turn|side|gripper)s?(?![a-z])",
    re.IGNORECASE,
)
"""What there is one of on each side: beside it a single letter is short for a side."""


@lru_cache(maxsize=4096)
def swapped_name(name: str) -> str:
    """The name of the other side; `bright_spot`, `cleft` and `right_of_way` are none and stay."""
    if _IDIOMS.search(name):
        return name

    def other(match: re.Match[str]) -> str:
        word = match.group(0)
        swapped = _OTHER[word.lower()]
        if word.isupper():
            return swapped.upper()
        return swapped.capitalize() if word[0].isupper() else swapped

    return _SIDE.sub(other, name)


def sided(names: Iterable[str]) -> str:
    """The first of a list of names that surely names a side, or an empty text.

    The words do, unless the list also says `wrong`. A letter does beside a thing of which there is
    one on each side: `l_hand`, but neither the size `L` nor the model `R-50`.
    """
    known = list(dict.fromkeys(names))
    for name in known:
        if _names_a_side(name):
            if "left" not in name.lower() and any(_WRONG.search(other) for other in known):
                continue  # right is what is not wrong
            return name
    return ""


_WRONG = re.compile(r"(?<![a-z])(?:wrong|incorrect|false)(?![a-z])", re.IGNORECASE)


@lru_cache(maxsize=4096)
def _names_a_side(name: str) -> bool:
    if swapped_name(name) == name:
        return False
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    return bool(_WORD.search(name)) or bool(_PAIRED.search(spaced))


@lru_cache(maxsize=64)
def swapped_order(names: tuple[str, ...]) -> list[int]:
    """For each row, the row that holds its name after a mirror; rows without a partner stay."""
    places = {name: index for index, name in enumerate(names)}
    return [places.get(swapped_name(name), index) for index, name in enumerate(names)]
