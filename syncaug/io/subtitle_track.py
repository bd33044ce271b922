"""Subtitle tracks of containers: cues on the container's clock.

Whatever the track's codec, the decoder tells its text in the language of ASS; what that adds to
the text is kept as an ASS file's would be.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from syncaug.io.containers import decoding, load_av, open_container, origin, pick
from syncaug.io.cues import Cue, checked, cue
from syncaug.io.problem import FileProblem

__all__ = ["read_subtitle_track"]

_EXPECTED = "a subtitle track of text (mov_text, SubRip, ASS or WebVTT)"
_TEXTS = frozenset({"mov_text", "subrip", "srt", "ass", "ssa", "webvtt", "text"})
_STYLED = frozenset({"ass", "ssa"})
_EVENTS = "[Events]"
_FIELDS = 8
"""Fields of an ASS event before its text: order, layer, style, name, three margins, effect."""


def read_subtitle_track(path: Path, options: Mapping[str, Any], *, track: int = 0) -> list[Cue]:
    """The cues of a subtitle track, in the order in which they begin. Raises FileProblem."""
    with open_container(path, _EXPECTED) as container:
        stream = pick(path, container, "subtitle", track)
        codec = stream.codec_context.name
        if codec not in _TEXTS:
            raise FileProblem(_EXPECTED, f"{path}, whose track {track} holds {codec}")
        zero = origin(container)
        head = _head(stream) if codec in _STYLED else ""
        found: list[Cue] = []
        with decoding(path, _EXPECTED):
            for packet in container.demux(stream):
                if packet.size == 0 or packet.pts is None:
                    continue
                shown = stream.codec_context.decode2(packet)
                start = float(packet.pts * stream.time_base - zero)
                end = float((packet.pts + (packet.duration or 0)) * stream.time_base - zero)
                for rect in shown.rects if shown is not None else ():
                    found.append(_cue(path, rect, max(0.0, start), max(0.0, end), head))
    return checked(sorted(found, key=lambda one: one["start"]), path, _EXPECTED)


def _cue(path: Path, rect: Any, start: float, end: float, head: str) -> Cue:
    if not isinstance(rect, load_av().subtitles.subtitle.AssSubtitle):
        raise FileProblem(_EXPECTED, f"{path}, whose subtitles are pictures")
    try:
        event = rect.ass.decode()
    except UnicodeDecodeError:
        raise FileProblem(
            "subtitles in UTF-8", f"{path}, where the cue at {start:.3f} s is of another encoding"
        ) from None
    fields = event.split(",", _FIELDS)
    if len(fields) <= _FIELDS:
        raise FileProblem(_EXPECTED, f"{path}, where the cue at {start:.3f} s is damaged")
    _, layer, style, name, left, right, vertical, effect, markup = fields
    margins = [int(part or 0) for part in (left, right, vertical)]
    if not math.isfinite(start + end):
        raise FileProblem(_EXPECTED, f"{path}, where a cue has no time")
    return cue(
        start,
        end,
        markup.rstrip("\r\n"),
        "ass",
        style=style if style != "Default" else "",
        layer=int(layer or 0) or None,
        name=name,
        margins=margins if any(margins) else None,
        effect=effect,
        head=head,
    )


def _head(stream: Any) -> str:
    header = stream.codec_context.subtitle_header or b""
    return str(header.decode("utf-8", "replace").partition(_EVENTS)[0].replace("\r\n", "\n"))
