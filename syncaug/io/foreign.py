"""Subtitles of further formats: SBV, MicroDVD and LRC.

Text and times are read; looks are not, but for italics, bold and underline of MicroDVD.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from syncaug.io.cues import Cue, cue, ticks
from syncaug.io.problem import FileProblem

__all__ = ["read_lrc", "read_microdvd", "read_sbv", "write_sbv"]

_SBV_TIME = r"(\d+):(\d{1,2}):(\d{1,2})\.(\d{3})"
_SBV = re.compile(rf"\s*{_SBV_TIME},{_SBV_TIME}\s*")
_MICRODVD = re.compile(r"\s*\{(\d+)\}\{(\d*)\}(.*)")
_LRC = re.compile(r"\[(\d+):([0-5]?\d(?:[.:]\d{1,3})?)\]")
_LRC_WORD = re.compile(r"<\d+:[0-5]?\d(?:[.:]\d{1,3})?>")
_LRC_TAG = re.compile(r"\[([A-Za-z#]+):(.*)\]\s*")
LASTS = 5.0
"""Seconds for which a last line is shown whose format says no end."""


def read_sbv(path: Path, text: str) -> list[Cue]:
    """YouTube's: a line of both times, then text up to a blank line. Raises FileProblem."""
    found: list[Cue] = []
    for block in re.split(r"\n[ \t]*\n+", text.strip("\n")):
        first, _, rest = block.strip("\n").partition("\n")
        times = _SBV.fullmatch(first)
        if times is None:
            raise FileProblem(
                "subtitles in SBV, each with a line such as 0:00:01.000,0:00:02.500",
                f"{path}: {first.strip()[:60]}",
            )
        groups = [int(part) for part in times.groups()]
        start, end = (
            ((h * 60 + m) * 60_000 + s * 1000 + ms) / 1000
            for h, m, s, ms in (groups[:4], groups[4:])
        )
        found.append(cue(start, end, rest.rstrip().replace("[br]", "\n"), "srt"))
    return found


def write_sbv(cues: Sequence[Cue]) -> str:
    """The text of a file of SBV."""
    blocks = []
    for one in cues:
        start, end = _sbv(one["start"]), _sbv(one["end"])
        blocks.append(f"{start},{end}\n{one['text']}\n")
    return "\n".join(blocks)


def _sbv(seconds: float) -> str:
    whole, thousandths = divmod(ticks(seconds, 1000), 1000)
    minutes, second = divmod(whole, 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{second:02d}.{thousandths:03d}"


def read_microdvd(path: Path, text: str) -> list[Cue]:
    """{start}{end}text in frames, whose rate the first line says: {1}{1}25. Raises FileProblem."""
    rows: list[tuple[int, int | None, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        match = _MICRODVD.fullmatch(line)
        if match is None:
            raise FileProblem(
                "subtitles in MicroDVD, {start}{end}text",
                f"{path}:{number}: {line.strip()[:60]}",
                "Convert other kinds, as `ffmpeg -i FILE out.srt` does.",
            )
        rows.append((int(match[1]), int(match[2]) if match[2] else None, match[3]))
    try:
        rate = float(rows[0][2]) if rows[0][:2] in ((1, 1), (0, 0)) else 0.0
    except ValueError:
        rate = 0.0
    if not 1.0 <= rate <= 1000.0:
        raise FileProblem(
            "subtitles whose first line says their frames in a second, as {1}{1}25",
            f"{path}, which does not",
            "Add that line, or convert it with `pysubs2 --from microdvd --fps 25 --to srt FILE`.",
        )
    found: list[Cue] = []
    for place, (start, end, written) in enumerate(rows[1:], start=1):
        following = rows[place + 1][0] if place + 1 < len(rows) else start + round(LASTS * rate)
        shown = _microdvd(written)
        found.append(cue(start / rate, (following if end is None else end) / rate, shown, "srt"))
    return found


def _microdvd(written: str) -> str:
    lines = []
    for line in written.split("|"):
        looks = "".join(re.findall(r"\{[Yy]:([^}]*)\}", line)).lower()
        plain = re.sub(r"\{[A-Za-z]:[^}]*\}", "", line).strip()
        if plain.startswith("/"):
            looks, plain = looks + "i", plain[1:]
        for look in "ibu":
            if look in looks and plain:
                plain = f"<{look}>{plain}</{look}>"
        lines.append(plain)
    return "\n".join(lines)


def read_lrc(path: Path, text: str) -> list[Cue]:
    """Lyrics: [minutes:seconds]text; a line lasts to the next. Raises FileProblem.

    `[offset:ms]` lets all lines come earlier; times of words inside a line are left out.
    """
    rows: list[tuple[float, str]] = []
    offset = 0.0
    for number, line in enumerate(text.split("\n"), start=1):
        times, rest = [], line.strip()
        while (match := _LRC.match(rest)) is not None:
            times.append(int(match[1]) * 60 + float(match[2].replace(":", ".")))
            rest = rest[match.end() :].lstrip()
        tag = _LRC_TAG.fullmatch(rest)
        if tag and not times:
            if tag[1].lower() == "offset":
                offset = float(tag[2] or 0) / 1000
        elif rest and not times:
            raise FileProblem("lyrics, [01:23.45]text", f"{path}:{number}: {rest[:60]}")
        rows += [(time, _LRC_WORD.sub("", rest).strip()) for time in times]
    if not rows:
        raise FileProblem("lyrics, [01:23.45]text", f"{path}, which holds no line with a time")
    rows.sort(key=lambda row: row[0])
    found: list[Cue] = []
    for place, (start, shown) in enumerate(rows):
        end = rows[place + 1][0] if place + 1 < len(rows) else start + LASTS
        if shown:
            found.append(
                {"start": max(0.0, start - offset), "end": max(0.0, end - offset), "text": shown}
            )
    return found
