"""SRT: counters, times, and text up to the next counter.

A counter may be a word, or be missing; what stands behind the times (coordinates) is kept as
`settings`, a counter that is no number as `id`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from syncaug.io.cues import Cue, cue, kept, text_for, ticks
from syncaug.io.problem import FileProblem

__all__ = ["read", "write"]

_EXPECTED = "subtitles (SRT, VTT, ASS or JSON)"
_TIME = r"(\d{1,3}):(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s+(.*?))?\s*")
_TIMES = re.compile(
    r"\s*\d+:\d+:\d+.*(-->|\d+:\d+:\d+)|\s*[-+]?\d+\s*:[-+\d\s:.,]*\d\s*(?:--|-|\u2013|\u2014)>"
)
"""A line that means to say when a cue is shown."""
_TORN = re.compile(r"\d{1,3}:[\d:.,]*\s*(?:-|--|-->)?\s*")
"""The beginning of such a line."""


def read(path: Path, text: str) -> list[Cue]:
    """The cues of a file's text. Raises FileProblem."""
    lines = text.split("\n")
    timings: list[tuple[int, re.Match[str]]] = []
    for number, line in enumerate(lines):
        times = _TIMING.fullmatch(line)
        if times:
            timings.append((number, times))
        elif _TIMES.match(line):
            raise FileProblem(
                "a line such as 00:00:01,000 --> 00:00:02,500",
                f"{path}:{number + 1}: {line.strip()}",
            )
    first = next(number for number, line in enumerate(lines) if line.strip())
    if not timings and lines[first].strip().isdigit():
        raise FileProblem(_EXPECTED, f"{path}, which holds no cue")
    if not timings or timings[0][0] > first + 1:
        raise FileProblem(_EXPECTED, f"{path}:{first + 1}, which starts no cue of SRT")
    starts = [_counter(lines, number, 0 if not at else timings[at - 1][0] + 1)
              for at, (number, _) in enumerate(timings)]  # fmt: skip
    found: list[Cue] = []
    for at, (number, times) in enumerate(timings):
        end = starts[at + 1] if at + 1 < len(timings) else len(lines)
        counter = lines[starts[at]].strip() if starts[at] < number else ""
        _check_counters(path, lines, number + 1, end, counter)
        groups = times.groups()
        found.append(
            cue(
                _seconds(groups[:4]),
                _seconds(groups[4:8]),
                "\n".join(lines[number + 1 : end]).strip("\n").rstrip(),
                "srt",
                id="" if counter.isdigit() else counter,
                settings=groups[8] or "",
            )
        )
    return found


def write(cues: Sequence[Cue]) -> str:
    """The text of a file; counters that are numbers are counted anew."""
    blocks = []
    for number, one in enumerate(cues, start=1):
        said = kept(one, "srt")
        times = f"{_clock(one['start'])} --> {_clock(one['end'])} {said.get('settings', '')}"
        text = text_for(one, "srt")
        blocks.append(f"{said.get('id') or number}\n{times.rstrip()}\n{text}\n")
    return "\n".join(blocks)


def _check_counters(path: Path, lines: Sequence[str], start: int, stop: int, counter: str) -> None:
    """Raise FileProblem where the text of a cue holds the counter of a next cue without times.

    That is a counter one higher, with a blank line above and text below, where the cue that
    follows counts on from it, or where the file ends within the line of times.
    """
    if not counter.isdigit():
        return
    following = lines[stop].strip() if stop < len(lines) else ""
    for number in range(start + 1, stop - 1):
        line, below = lines[number].strip(), lines[number + 1].strip()
        torn = number + 2 >= len(lines) and _TORN.fullmatch(below)
        if (
            line == str(int(counter) + 1)
            and (torn or following == str(int(counter) + 2))
            and not lines[number - 1].strip()
            and below
        ):
            raise FileProblem(
                "a line such as 00:00:01,000 --> 00:00:02,500 below a counter",
                f"{path}:{number + 2}: {below[:60]}",
                "Add the times of that cue, or take it out.",
            )


def _counter(lines: Sequence[str], timing: int, after: int) -> int:
    """The line of the counter above a line of times; that line itself where there is none.

    A number is one; anything else is where a blank line stands above it, or nothing at all.
    """
    above = timing - 1
    if above < after or not lines[above].strip():
        return timing
    blank = above == 0 or not lines[above - 1].strip()
    if after and above == after:  # directly below the times before: the text of that cue
        blank = False
    return above if lines[above].strip().isdigit() or blank else timing


def _seconds(groups: Sequence[str]) -> float:
    hours, minutes, seconds = (int(part) for part in groups[:3])
    thousandths = int(groups[3].ljust(3, "0"))
    return ((hours * 60 + minutes) * 60_000 + seconds * 1000 + thousandths) / 1000


def _clock(seconds: float) -> str:
    whole, thousandths = divmod(ticks(seconds, 1000), 1000)
    minutes, second = divmod(whole, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d},{thousandths:03d}"
