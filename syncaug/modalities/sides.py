"""Names of body sides: `left_eye` and `right_eye` trade places under a mirror."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["swapped_name", "swapped_order"]

_SIDE = re.compile(
    r"(?<![A-Za-z])(?:left|right|Left|Right|LEFT|RIGHT)(?![a-z])"  # left_eye, leftEye, LEFT-HIP
    r"|(?<=[a-z0-9])(?:Left|Right)(?![a-z])"  # eyeLeft
    r"|(?:^|(?<=[_\-. ]))[lrLR](?=[_\-. ]|$)"  # L_knee, hand.L
)
_OTHER = {"left": "right", "right": "left", "l": "r", "r": "l"}


def swapped_name(name: str) -> str:
    """The name of the other side; `bright_spot` and `cleft` are no sides and stay."""

    def other(match: re.Match[str]) -> str:
        word = match.group(0)
        swapped = _OTHER[word.lower()]
        if word.isupper():
            return swapped.upper()
        return swapped.capitalize() if word[0].isupper() else swapped

    return _SIDE.sub(other, name)


@lru_cache(maxsize=64)
def swapped_order(names: tuple[str, ...]) -> list[int]:
    """For each row, the row that holds its name after a mirror; rows without a partner stay."""
    places = {name: index for index, name in enumerate(names)}
    return [places.get(swapped_name(name), index) for index, name in enumerate(names)]
