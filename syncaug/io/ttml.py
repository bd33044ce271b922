"""TTML (also DFXP and IMSC): paragraphs in time, with their line breaks.

Looks and regions are not read. Source: W3C, Timed Text Markup Language 1, section 10.3.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

from syncaug.io.cues import Cue
from syncaug.io.foreign import LASTS
from syncaug.io.problem import FileProblem

__all__ = ["read"]

_EXPECTED = "subtitles in TTML"
_CLOCK = re.compile(r"(\d{2,}):(\d\d):(\d\d)(?:(\.\d+)|:(\d{2,})(?:\.\d+)?)?")
_SHORT = re.compile(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d{1,2}(?:\.\d+)?)")
"""Hours and minutes left out, as in lyrics of iTunes."""

_ITUNES = "music.apple.com/lyric-ttml"
"""The namespace of lyrics whose times all count from the start, whatever they stand in."""

_OFFSET = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|f|t)")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def read(path: Path, text: str) -> list[Cue]:
    """The cues of a document's text. Raises FileProblem."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise FileProblem(_EXPECTED, f"{path}, which declares entities")
    try:
        root = ElementTree.fromstring(text.strip())
    except ElementTree.ParseError as error:
        raise FileProblem(_EXPECTED, f"{path}, which is no XML: {error}") from None
    if _name(root.tag) != "tt":
        raise FileProblem(_EXPECTED, f"{path}, whose outermost element is {_name(root.tag)}")
    body = next((one for one in root if _name(one.tag) == "body"), None)
    clock = _Clock(path, root, from_start=_ITUNES in text)
    found: list[Cue] = []
    if body is not None:
        _collect(body, 0.0, None, clock, found)
    return _ended(found)


class _Clock:
    """The units in which a document tells time."""

    def __init__(self, path: Path, root: ElementTree.Element, *, from_start: bool) -> None:
        self.from_start = from_start
        said = {_name(key): value for key, value in root.attrib.items()}
        self._path = path
        try:
            top, bottom = [*said.get("frameRateMultiplier", "1 1").split(), "1"][:2]
            multiplier = float(Fraction(int(top), int(bottom)))
            self.frames = float(said.get("frameRate", "30")) * multiplier
            self.ticks = float(said.get("tickRate", "0")) or self.frames
        except (ValueError, ZeroDivisionError):
            raise FileProblem(_EXPECTED, f"{path}, whose frame rate is no number") from None
        self.frames, self.ticks = self.frames or 30.0, self.ticks or 1.0

    def seconds(self, text: str) -> float:
        clock, offset = _CLOCK.fullmatch(text.strip()), _OFFSET.fullmatch(text.strip())
        if clock:
            hours, minutes, seconds = (int(part) for part in clock.groups()[:3])
            rest = float(clock[4] or 0) + int(clock[5] or 0) / self.frames
            return hours * 3600 + minutes * 60 + seconds + rest
        if offset:
            value, unit = float(offset[1]), offset[2]
            if unit == "f":
                return value / self.frames
            return value / self.ticks if unit == "t" else value * _UNITS[unit]
        short = _SHORT.fullmatch(text.strip())
        if short:
            return int(short[1] or 0) * 3600 + int(short[2] or 0) * 60 + float(short[3])
        raise FileProblem(_EXPECTED, f"{self._path}, with the time {text[:40]!r}")

    def check_order(self, element: ElementTree.Element) -> None:
        """Raise FileProblem for parts that follow one another without times of their own."""
        if element.attrib.get("timeContainer") == "seq":
            raise FileProblem(
                "subtitles in TTML whose times count from the start (timeContainer par)",
                f"{self._path}, with timeContainer seq",
                "Convert it, as `ffmpeg -i FILE out.srt` does.",
            )


def _collect(
    element: ElementTree.Element,
    start: float,
    end: float | None,
    clock: _Clock,
    found: list[Cue],
) -> None:
    """The paragraphs below an element, whose own times count from those of what holds it."""
    said = element.attrib
    clock.check_order(element)
    begin = start + clock.seconds(said["begin"]) if "begin" in said else start
    if "end" in said:
        end = start + clock.seconds(said["end"])
    elif "dur" in said:
        end = begin + clock.seconds(said["dur"])
    if _name(element.tag) != "p":
        for child in element:
            _collect(child, 0.0 if clock.from_start else begin, end, clock, found)
        return
    timed = [one for one in element if "begin" in one.attrib]
    if timed and "begin" not in said:
        for child in timed:
            from_child = begin + clock.seconds(child.attrib["begin"])
            to = begin + clock.seconds(child.attrib["end"]) if "end" in child.attrib else end
            _add(child, from_child, to, found)
        return
    _add(element, begin, end, found)


def _add(element: ElementTree.Element, begin: float, end: float | None, found: list[Cue]) -> None:
    text = _text(element).strip()
    if text:
        last = math.inf if end is None else round(end, 6)
        found.append({"start": round(begin, 6), "end": last, "text": text})


def _ended(found: list[Cue]) -> list[Cue]:
    """Paragraphs of which nothing says the end last to the next one's start."""
    for place, one in enumerate(found):
        if math.isinf(one["end"]):
            start = one["start"]
            later = (each["start"] for each in found[place + 1 :] if each["start"] > start)
            one["end"] = next(later, start + LASTS)
    return found


def _text(element: ElementTree.Element) -> str:
    parts = [re.sub(r"\s+", " ", element.text or "")]
    for child in element:
        parts.append("\n" if _name(child.tag) == "br" else _text(child))
        parts.append(re.sub(r"\s+", " ", child.tail or ""))
    return (
        "\n".join(line.strip() for line in "".join(parts).split("\n"))
        if "\n" in "".join(parts)
        else "".join(parts)
    )


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]
