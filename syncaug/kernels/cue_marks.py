"""Marks of time inside the text of cues: WebVTT's timestamps, ASS's karaoke, fades and movements.

They follow their cue under every change of its clock. Where the clock runs backwards a cue still
reads forwards, so that its inner times say nothing any more: they go, the other marks stay.
Sources: W3C, WebVTT, section 3.4 (cue timestamps); Aegisub manual, ASS override tags.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from syncaug.maps.segment import Segment

__all__ = ["with_moved_marks", "with_shifted_marks"]

_STAMP = re.compile(r"<(?:(\d{2,}):)?([0-5]\d):([0-5]\d)[.,](\d{3})>")
_KARAOKE = re.compile(r"\\(kf|ko|kt|K|k)\s*(\d+(?:\.\d+)?)")
_PARTS = re.compile(r"\\(t|fade|fad|move)\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_TIMES_AT: Mapping[str, slice] = {"fad": slice(0, 2), "fade": slice(3, 7), "move": slice(4, 6)}
"""Tag of ASS -> which of its arguments are milliseconds of the cue; `fad` and `fade` are told apart
by the number of their arguments, as players tell them."""

_Clock = Callable[[float], float]
"""The moment of the result at which a moment of the source is shown, held within the cue."""


def with_moved_marks(
    source: Mapping[str, Any], span: tuple[float, float], run: Sequence[Segment]
) -> Mapping[str, Any]:
    """A cue's entry whose inner times are those of a `run` of the result; `span` is the cue's."""
    if not _marked(source):
        return source
    backwards = any(part.last < part.first for part in run)

    def clock(second: float) -> float:
        found = run[0].start
        for part in run:
            if second >= part.last:
                found = part.stop
            elif second >= part.first:
                return part.start + (second - part.first) / part.speed
            else:
                return max(found, part.start) if found != run[0].start else run[0].start
        return found

    return _changed(source, span, (run[0].start, run[-1].stop), None if backwards else clock)


def with_shifted_marks(source: Mapping[str, Any], shift: float) -> Mapping[str, Any]:
    """A cue's entry whose inner times of the clock are later by `shift` seconds."""
    said = _said(source, "vtt") or _said(source, "srt")
    if not said or not shift:
        return source
    name = "vtt" if _said(source, "vtt") else "srt"
    markup = _STAMP.sub(lambda m: _stamp(_seconds(m) + shift), str(said["markup"]))
    return {**source, name: {**said, "markup": markup}}


def _said(source: Mapping[str, Any], dialect: str) -> Mapping[str, Any]:
    found = source.get(dialect)
    return found if isinstance(found, Mapping) and isinstance(found.get("markup"), str) else {}


def _marked(source: Mapping[str, Any]) -> bool:
    return any(_said(source, dialect) for dialect in ("vtt", "srt", "ass"))


def _changed(
    source: Mapping[str, Any],
    span: tuple[float, float],
    now: tuple[float, float],
    clock: _Clock | None,
) -> Mapping[str, Any]:
    out = dict(source)
    for dialect in ("vtt", "srt"):
        said = _said(source, dialect)
        if said:
            out[dialect] = {**said, "markup": _stamps(str(said["markup"]), now, clock)}
    said = _said(source, "ass")
    if said:
        out["ass"] = {**said, "markup": _tags(str(said["markup"]), span, now, clock)}
    return out


def _stamps(markup: str, now: tuple[float, float], clock: _Clock | None) -> str:
    """Timestamps lie between the start and the end of their cue; what a cut took away goes."""

    def moved(match: re.Match[str]) -> str:
        if clock is None:
            return ""
        moment = clock(_seconds(match))
        return _stamp(moment) if now[0] + 5e-4 < moment < now[1] - 5e-4 else ""

    return _STAMP.sub(moved, markup)


def _seconds(match: re.Match[str]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def _stamp(second: float) -> str:
    thousandths = max(0, round(second * 1000))
    minutes, rest = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"<{hours:02d}:{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}>"


def _tags(
    markup: str, span: tuple[float, float], now: tuple[float, float], clock: _Clock | None
) -> str:
    """The override tags of ASS: karaoke counts on in hundredths, the others from the start."""
    if clock is None:
        without = _PARTS.sub(lambda m: m[0] if m[1] == "t" and "\\" in m[2][:1] else "", markup)
        return _KARAOKE.sub("", without).replace("{}", "")
    sung = span[0]

    def step(match: re.Match[str]) -> str:
        nonlocal sung
        before, begins = sung, match[1] == "kt"  # what follows `kt` begins there
        sung = (span[0] if begins else sung) + float(match[2]) / 100
        ticks = [round((clock(edge) - now[0]) * 100) for edge in (before, sung)]
        return f"\\{match[1]}{ticks[1] if begins else ticks[1] - ticks[0]}"

    markup = _KARAOKE.sub(step, markup)

    def moved(match: re.Match[str]) -> str:
        name, arguments = match[1], match[2].split(",")
        if name in ("fad", "fade") and len(arguments) in (2, 7):
            name = "fad" if len(arguments) == 2 else "fade"
        where = _TIMES_AT.get(name, slice(0, 2))
        values = arguments[where]
        if not all(re.fullmatch(r"\s*-?\d+(?:\.\d+)?\s*", value) for value in values):
            return match[0]
        times = [float(value) / 1000 for value in values]
        if name == "fad" and len(times) == 2:
            opens = clock(span[0] + times[0]) - now[0]
            closes = now[1] - clock(span[1] - times[1])
            moments = [opens, closes]
        else:
            moments = [clock(span[0] + time) - now[0] for time in times]
        arguments[where] = [str(round(moment * 1000)) for moment in moments]
        return f"\\{match[1]}({','.join(arguments)})"

    return _PARTS.sub(moved, markup)
