"""Cues: pieces of text in time, {"start", "end", "text"}, and what their files add to them.

Times are seconds as float64, exactly as a file writes them; they are rounded where a file is
written, and there only. Under `srt`, `vtt` or `ass` a cue keeps what its format adds: `markup`
(the text with its marks), `settings` and `id` (WebVTT), `style`, `layer`, `name`, `margins` and
`effect` (ASS), and `head`, the file's own part before its first cue (styles, regions, script).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from syncaug.io.markup import DIALECTS, marked, translated, unmarked
from syncaug.io.problem import FileProblem

__all__ = ["Cue", "checked", "cue", "head_of", "kept", "text_for", "ticks"]

Cue = dict[str, Any]


def cue(start: float, end: float, markup: str, dialect: str, **extra: Any) -> Cue:
    """A cue from what its file says. Only what differs from nothing is kept."""
    text = unmarked(markup, dialect)
    keep = {key: value for key, value in extra.items() if value not in ("", None)}
    if marked(text, dialect) != markup:
        keep = {"markup": markup, **keep}
    return {"start": start, "end": end, "text": text, **({dialect: keep} if keep else {})}


def kept(of: Mapping[str, Any], dialect: str) -> Mapping[str, Any]:
    """What a format added to the cue when it was read."""
    found = of.get(dialect)
    return found if isinstance(found, Mapping) else {}


def text_for(of: Mapping[str, Any], dialect: str) -> str:
    """The cue's text as the format writes it, with its marks, also where another one made them."""
    markup = kept(of, dialect).get("markup")
    if markup is None:
        for other in DIALECTS:
            came = kept(of, other).get("markup")
            if came is not None:
                markup = translated(str(came), other, dialect)
                break
    return marked(str(of["text"]), dialect, str(markup or ""))


def head_of(cues: Sequence[Mapping[str, Any]], dialect: str) -> str:
    """The part before the first cue of the file that the cues came from."""
    return next(
        (str(kept(one, dialect)["head"]) for one in cues if kept(one, dialect).get("head")), ""
    )


def ticks(seconds: float, rate: int) -> int:
    """A time in whole ticks, `rate` in a second: the nearest one, at least 0."""
    return max(0, round(float(seconds) * rate))


def checked(cues: Sequence[Cue], path: Path, expected: str) -> list[Cue]:
    """The cues, each of which ends where it starts or later. Overlaps are kept as they are.

    Raises FileProblem.
    """
    for number, one in enumerate(cues, start=1):
        start, end = one["start"], one["end"]
        if not (math.isfinite(start) and math.isfinite(end) and start >= 0):
            raise FileProblem(expected, f"{path}, where cue {number} is from {start} to {end}")
        if end < start:
            raise FileProblem(
                "cues that end after they start",
                f"{path}, where cue {number} starts at {start:.3f} s and ends at {end:.3f} s",
            )
    return list(cues)
