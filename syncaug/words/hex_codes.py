"""Colours that a text writes as "#ff0000": they move exactly as the pixels do."""

from __future__ import annotations

import colorsys
import re

from syncaug.words.edits import Edit
from syncaug.words.naming import hsv_of, moved

__all__ = ["hex_edits", "names_hex_codes"]

# Three digits alone are a number ("#404"), three letters alone a tag ("#bad").
_CODE = re.compile(
    r"(?<![\w#&])#(?:[0-9a-f]{6}|(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{3})(?!\w)", re.IGNORECASE
)
_ABOUT_COLOURS = re.compile(r"colou?r|\b(?:hex|background|fill|rgb|css|shade|hue)\b", re.IGNORECASE)


def names_hex_codes(text: str) -> bool:
    """Whether a text writes a colour by its digits."""
    return "#" in text and any(_codes(text))


def hex_edits(text: str, degrees: float, saturation: float, value: float) -> list[Edit]:
    """The edits that move the codes of a text as a tone map moves pixels; greys stay."""
    edits = []
    for start, end in _codes(text) if "#" in text else ():
        digits = text[start + 1 : end]
        short = len(digits) == 3
        whole = "".join(digit * 2 for digit in digits) if short else digits
        hue, chroma, light = hsv_of(whole)
        if chroma == 0.0:
            continue
        hue, chroma, light = moved((hue, chroma, light), degrees, saturation, value)
        levels = [round(level * 255) for level in colorsys.hsv_to_rgb(hue / 360.0, chroma, light)]
        code = "".join(f"{level:02x}" for level in levels)
        if short and all(code[at] == code[at + 1] for at in (0, 2, 4)):
            code = code[::2]
        edits.append(Edit(start + 1, end, code.upper() if digits.isupper() else code))
    return edits


def _codes(text: str) -> list[tuple[int, int]]:
    """The spans of the codes; six plain digits are one only in a text about colours."""
    return [
        match.span()
        for match in _CODE.finditer(text)
        if not match.group()[1:].isdigit() or _ABOUT_COLOURS.search(text)
    ]
