"""WebVTT with its cue settings, identifiers, styles, regions and voices, which pysubs2 drops.

Source of the grammar: W3C, WebVTT: The Web Video Text Tracks Format, section 4. Notes between
cues go with the cue that they stand before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from syncaug.io.cues import Cue, cue, head_of, kept, text_for, ticks
from syncaug.io.problem import FileProblem

__all__ = ["read", "seconds_before_stream", "write"]

_TIME = r"(?:(\d+):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"\s*{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t]+(.*?))?\s*")
"""As parsers take it, section 6: hours of one digit, and no blanks, are not those of writers."""

_HEADINGS = ("WEBVTT", "STYLE", "REGION", "NOTE")


def read(path: Path, text: str) -> list[Cue]:
    """The cues of a file's text. Raises FileProblem."""
    expected = "subtitles in WebVTT"
    if not re.match(r"WEBVTT(?:[ \t\n]|$)", text):
        raise FileProblem(expected, f"{path}, which does not start with WEBVTT")
    blocks = _blocks(text)
    found: list[Cue] = []
    head: list[str] = []
    notes: list[str] = []
    for number, lines in blocks:
        timing = next((at for at, line in enumerate(lines[:2]) if "-->" in line), None)
        if timing is None:
            if lines[0].split()[0] not in _HEADINGS:
                raise FileProblem(expected, f"{path}:{number}, which starts no cue")
            (notes if found else head).append("\n".join(lines))
            continue
        times = _TIMING.fullmatch(lines[timing])
        if times is None:
            raise FileProblem(
                "a line such as 00:01.000 --> 00:02.500",
                f"{path}:{number + timing}: {lines[timing].strip()}",
            )
        identity = lines[0] if timing and number + timing > 2 else ""
        groups = times.groups()
        found.append(
            cue(
                _seconds(groups[:4]),
                _seconds(groups[4:8]),
                "\n".join(lines[timing + 1 :]),
                "vtt",
                id=identity,
                settings=groups[8] or "",
                head="\n\n".join(head) if head != ["WEBVTT"] else "",
                before=notes or None,
            )
        )
        notes = []
    if notes and found:
        found[-1]["vtt"] = {**kept(found[-1], "vtt"), "after": notes}
    return found


def seconds_before_stream(cues: Sequence[Cue]) -> float:
    """By how much the times of a segment of HLS are before those of its stream; 0 of other files.

    Its head says which time is which tick of 1/90000 s. Source: RFC 8216, section 3.5.
    """
    found = _MAP.search(head_of(cues, "vtt"))
    local = _LOCAL.search(found[0]) if found else None
    there = re.search(r"MPEGTS:(\d{1,19})", found[0]) if found else None
    if local is None or there is None:
        return 0.0
    return int(there[1]) / 90_000 - _seconds(local.groups())


_MAP = re.compile(r"\nX-TIMESTAMP-MAP=.*")
_LOCAL = re.compile(rf"LOCAL:{_TIME}")


def write(cues: Sequence[Cue]) -> str:
    """The text of a file. It is no segment of a stream whose times are others."""
    head = head_of(cues, "vtt") or "WEBVTT"
    blocks = [_MAP.sub("", head) if seconds_before_stream(cues) else head]
    for one in cues:
        said = kept(one, "vtt")
        times = f"{_clock(one['start'])} --> {_clock(one['end'])} {said.get('settings', '')}"
        lines = [str(said["id"])] if said.get("id") else []
        body = re.sub(r"\n{2,}", "\n", text_for(one, "vtt")).strip("\n")
        blocks += said.get("before", ())
        blocks.append("\n".join([*lines, times.rstrip(), body]))
        blocks += said.get("after", ())
    return "\n\n".join(blocks) + "\n"


def _blocks(text: str) -> list[tuple[int, list[str]]]:
    """Runs of lines that are not blank, each with the number of its first line.

    A line with an arrow ends the text of a cue, as parsers take it, also without a blank line. One
    of spaces belongs to a text that goes on, as in the captions of YouTube.
    """
    blocks: list[tuple[int, list[str]]] = []
    fresh = True
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip() and not (line and not fresh and _goes_on(lines[number : number + 2])):
            fresh = True
        elif fresh or ("-->" in line and any("-->" in one for one in blocks[-1][1])):
            blocks.append((number, [line]))
            fresh = False
        else:
            blocks[-1][1].append(line)
    return blocks


def _goes_on(following: Sequence[str]) -> bool:
    """Whether the next two lines are no beginning of a block, and not blank."""
    first = following[0] if following else ""
    begins = any("-->" in line for line in following) or first.split(maxsplit=1)[:1] == ["NOTE"]
    return bool(first.strip()) and not begins


def _seconds(groups: Sequence[str | None]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in groups)
    return ((hours * 60 + minutes) * 60_000 + seconds * 1000 + thousandths) / 1000


def _clock(seconds: float) -> str:
    thousandths = ticks(seconds, 1000)
    whole, rest = divmod(thousandths, 1000)
    minutes, second = divmod(whole, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}.{rest:03d}"
