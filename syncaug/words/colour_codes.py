"""Colours that a text writes as "#ff0000" or "rgb(255, 0, 0)": they move as the pixels do."""

from __future__ import annotations

import colorsys
import re

from syncaug.words.edits import Edit
from syncaug.words.naming import hsv_of, moved

__all__ = ["code_edits", "names_codes"]

# Three digits alone are a number ("#404"), three letters alone a tag ("#bad").
_CODE = re.compile(
    r"(?<![\w#&])#(?:[0-9a-f]{6}|(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{3})(?!\w)", re.IGNORECASE
)
_ABOUT_COLOURS = re.compile(r"colou?r|\b(?:hex|background|fill|rgb|css|shade|hue)\b", re.IGNORECASE)
_RGB = re.compile(
    r"\brgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})(?=\s*[,)])", re.IGNORECASE
)
_HSL = re.compile(
    r"\bhsla?\(\s*(\d{1,3})(?:deg)?\s*,\s*(\d{1,3})%\s*,\s*(\d{1,3})%(?=\s*[,)])", re.IGNORECASE
)


def names_codes(text: str) -> bool:
    """Whether a text writes a colour by its digits."""
    if "#" in text and any(_codes(text)):
        return True
    return "(" in text and bool(_RGB.search(text) or _HSL.search(text))


def code_edits(text: str, degrees: float, saturation: float, value: float) -> list[Edit]:
    """The edits that move the codes of a text as a tone map moves pixels; greys stay."""
    edits = []
    if "(" in text:
        edits = _function_edits(text, degrees, saturation, value)
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


def _function_edits(text: str, degrees: float, saturation: float, value: float) -> list[Edit]:
    """The edits of the numbers in "rgb(255, 0, 0)" and "hsl(0, 100%, 50%)"."""
    edits: list[Edit] = []
    for form in (_RGB, _HSL):
        for match in form.finditer(text):
            told = [int(number) for number in match.groups()]
            if max(told) > (255 if form is _RGB else 360):
                continue
            if form is _RGB:
                colour = colorsys.rgb_to_hsv(*(level / 255 for level in told))
            else:
                hue, chroma, light = told[0] / 360, min(told[1], 100) / 100, min(told[2], 100) / 100
                colour = colorsys.rgb_to_hsv(*colorsys.hls_to_rgb(hue, light, chroma))
            if colour[1] == 0.0:
                continue
            hue, chroma, light = moved((colour[0] * 360, *colour[1:]), degrees, saturation, value)
            rgb = colorsys.hsv_to_rgb(hue / 360, chroma, light)
            if form is _RGB:
                new = [round(level * 255) for level in rgb]
            else:
                turned, light, chroma = colorsys.rgb_to_hls(*rgb)
                new = [round(turned * 360) % 360, round(chroma * 100), round(light * 100)]
            edits += [
                Edit(*match.span(place), str(number))
                for place, number in enumerate(new, 1)
                if number != told[place - 1]
            ]
    return edits


def _codes(text: str) -> list[tuple[int, int]]:
    """The spans of the codes; six plain digits are one only in a text about colours."""
    return [
        match.span()
        for match in _CODE.finditer(text)
        if not match.group()[1:].isdigit() or _ABOUT_COLOURS.search(text)
    ]
