"""Cues encoded as a subtitle track, in the order in which they begin."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from syncaug.io.container_forms import Form
from syncaug.io.containers import load_av
from syncaug.io.cues import Cue, head_of, kept, ticks
from syncaug.io.markup import DIALECTS, marked

__all__ = ["TextTrack", "holds_cues"]

FINE = 100_000
"""Ticks in a second where a container lets each track have its own."""

_HEAD = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, \
Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, \
Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1

"""
_EVENTS = (
    "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
)
_SIMPLE = re.compile(r"<(/?)([ibus])>")
"""The marks of SRT and WebVTT that ASS has too."""


class TextTrack:
    """One list of cues on its way into a container."""

    def __init__(self, container: Any, cues: Sequence[Cue], form: Form) -> None:
        self._rate = form.tick or FINE
        self._cues = sorted(cues, key=lambda one: ticks(one["start"], self._rate))
        self._at = 0
        head = head_of(cues, "ass")
        styled = bool(form.styled) and (head != "" or any(kept(one, "ass") for one in cues))
        self._stream = container.add_stream(form.styled if styled else form.text)
        self._escaped = form.text == "webvtt"
        self._stream.time_base = Fraction(1, self._rate)
        self._stream.codec_context.subtitle_header = ((head or _HEAD) + _EVENTS).encode()

    @property
    def time(self) -> float:
        if self._at >= len(self._cues):
            return math.inf
        return float(self._cues[self._at]["start"])

    def step(self) -> list[Any]:
        av = load_av()
        one = self._cues[self._at]
        start, end = ticks(one["start"], self._rate), ticks(one["end"], self._rate)
        lasts = max(1, end - start)
        shown = av.subtitles.subtitle.SubtitleSet.create(
            text=_event(self._at, one, escaped=self._escaped).encode(),
            start=0,
            end=max(1, lasts * 1000 // self._rate),
            pts=start,
        )
        packet = self._stream.codec_context.encode_subtitle(shown)
        packet.stream = self._stream
        packet.time_base = Fraction(1, self._rate)
        packet.pts = packet.dts = start
        packet.duration = lasts
        self._at += 1
        return [packet]


def holds_cues(cues: Sequence[Cue], form: Form) -> bool:
    """Whether a track of the container can hold the cues as they are, one after the other."""
    if form.overlaps:
        return True
    spans = sorted((ticks(one["start"], FINE), ticks(one["end"], FINE)) for one in cues)
    return all(before[1] <= after[0] and before[0] < before[1] for before, after in pairwise(spans))


def _event(order: int, one: Cue, *, escaped: bool) -> str:
    """The cue as the decoder would tell it: an event of ASS without its times.

    FFmpeg's encoder of WebVTT leaves to its caller what stands for &, < and > there.
    """
    said = kept(one, "ass")
    margins = said.get("margins", (0, 0, 0))
    fields = (
        order,
        said.get("layer", 0),
        said.get("style", "Default"),
        said.get("name", ""),
        *margins,
        said.get("effect", ""),
    )
    text = _text(one, said)
    if escaped:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return ",".join(str(part) for part in fields) + "," + text


def _text(one: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    text = str(one["text"])
    if said:
        return marked(text, "ass", str(said.get("markup", "")))
    for dialect in ("srt", "vtt"):
        markup = kept(one, dialect).get("markup")
        if markup:
            known = _SIMPLE.sub(lambda m: f"{{\\{m[2]}{0 if m[1] else 1}}}", str(markup))
            known = DIALECTS[dialect].marks.sub(
                lambda m: m[0] if m[0].startswith("{") else "", known
            )
            return marked(text, "ass", known.replace("\n", r"\N"))
    return marked(text, "ass")
