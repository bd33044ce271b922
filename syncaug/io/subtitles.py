"""Subtitles in files: SRT and ASS through pysubs2, WebVTT, and word timings as JSON.

Times are rounded to the nearest step of the format when it is written: 1 ms in SRT, WebVTT and
JSON of other tools' kind as it stands, 10 ms in ASS.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from syncaug.errors import MissingExtraError
from syncaug.io import webvtt, words
from syncaug.io.atomic import write_bytes
from syncaug.io.cues import Cue, checked, cue, head_of, kept, text_for, ticks
from syncaug.io.problem import TEXT_BYTES, FileProblem, read_bytes

__all__ = ["FORMATS", "read_subtitles", "write_subtitles"]

_EXPECTED = "subtitles (SRT, VTT, ASS or JSON)"
_TIMING = re.compile(
    r"\s*\d{1,2}:\d{1,2}:\d{1,2}[.,]\d{1,3}\s*-->\s*\d{1,2}:\d{1,2}:\d{1,2}[.,]\d{1,3}(\s.*)?"
)

_TIMES = re.compile(r"\s*\d+:\d+:\d+.*(-->|\d+:\d+:\d+)")
"""A line that means to say when a cue is shown."""


def read_subtitles(path: Path, options: Mapping[str, Any]) -> list[Cue]:
    """The cues of a file, in its order; the format goes by the suffix. Raises FileProblem."""
    form = _FORMS.get(path.suffix.lower())
    if form is None:
        raise FileProblem(_EXPECTED, f"{path}")
    text = _text(path)
    return checked(form[0](path, text) if text.strip() else [], path, _EXPECTED)


def write_subtitles(
    folder: Path, stem: str, cues: Sequence[Cue], options: Mapping[str, Any], *, suffix: str = ""
) -> str:
    """Write in the format of `suffix`, else in the declared one, and return the file's name."""
    suffix = suffix.lower() if suffix.lower() in _FORMS else f".{options.get('format') or 'srt'}"
    checked(cues, folder / f"{stem}{suffix}", "cues with times in seconds")
    text = _FORMS[suffix][1](cues)
    write_bytes(folder / f"{stem}{suffix}", (text or "\n").encode())
    return f"{stem}{suffix}"


def _text(path: Path) -> str:
    data = read_bytes(path, _EXPECTED, limit=TEXT_BYTES)
    coding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(coding)
    except UnicodeDecodeError as error:
        raise FileProblem(
            "subtitles in UTF-8",
            f"{path}, whose byte {error.start} is of another encoding",
            "Convert it, as `iconv -f CP1252 -t UTF-8` does.",
        ) from None
    if "\0" in text:
        raise FileProblem(_EXPECTED, f"{path}, which is no text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_srt(path: Path, text: str) -> list[Cue]:
    """pysubs2 passes over what it does not understand; here that is a complaint."""
    lines = text.split("\n")
    first = next(number for number, line in enumerate(lines) if line.strip())
    if not (lines[first].strip().isdigit() or _TIMING.fullmatch(lines[first])):
        raise FileProblem(_EXPECTED, f"{path}:{first + 1}, which starts no cue of SRT")
    for number, line in enumerate(lines, start=1):
        if _TIMES.match(line) and not _TIMING.fullmatch(line):
            raise FileProblem(
                "a line such as 00:00:01,000 --> 00:00:02,500", f"{path}:{number}: {line.strip()}"
            )
    # pysubs2 takes a number at the end for that of a next cue; so let there be one.
    events = _parsed(path, text.rstrip() + "\n\n0\n", "srt", keep_html_tags=True).events
    if not events:
        raise FileProblem(_EXPECTED, f"{path}, which holds no cue")
    return [
        cue(event.start / 1000, event.end / 1000, event.text.replace(r"\N", "\n"), "srt")
        for event in events
    ]


def _write_srt(cues: Sequence[Cue]) -> str:
    pysubs2 = _pysubs2()
    file = pysubs2.SSAFile()
    for one in cues:
        text = text_for(one, "srt").replace("\n", r"\N")
        start, end = ticks(one["start"], 1000), ticks(one["end"], 1000)
        file.append(pysubs2.SSAEvent(start=start, end=end, text=text))
    return str(file.to_string("srt", keep_ssa_tags=True))


def _read_ass(path: Path, text: str) -> list[Cue]:
    head, events, _ = text.partition("[Events]")
    if not events:
        raise FileProblem(_EXPECTED, f"{path}, which has no part [Events]")
    form = "ssa" if path.suffix.lower() == ".ssa" else "ass"
    file = _parsed(path, text, form)
    lines = sum(line.startswith("Dialogue:") for line in text.split("\n"))
    shown = [event for event in file.events if event.type == "Dialogue"]
    if len(shown) < lines:
        raise FileProblem(_EXPECTED, f"{path}, of whose {lines} lines {len(shown)} can be read")
    return [
        cue(
            event.start / 1000,
            event.end / 1000,
            event.text,
            "ass",
            style=event.style if event.style != "Default" else "",
            layer=event.layer or None,
            name=event.name,
            margins=_margins(event),
            effect=event.effect,
            head=head,
        )
        for event in shown
    ]


def _margins(event: Any) -> list[int] | None:
    margins = [event.marginl, event.marginr, event.marginv]
    return margins if any(margins) else None


def _write_ass(cues: Sequence[Cue], form: str = "ass") -> str:
    pysubs2 = _pysubs2()
    head = head_of(cues, "ass")
    file = pysubs2.SSAFile.from_string(f"{head}[Events]\n", format_="ass") if head else None
    file = file if file is not None else pysubs2.SSAFile()
    for one in cues:
        said = kept(one, "ass")
        left, right, vertical = said.get("margins", (0, 0, 0))
        file.append(
            pysubs2.SSAEvent(
                start=ticks(one["start"], 1000),
                end=ticks(one["end"], 1000),
                text=text_for(one, "ass"),
                style=said.get("style", "Default"),
                layer=said.get("layer", 0),
                name=said.get("name", ""),
                marginl=left,
                marginr=right,
                marginv=vertical,
                effect=said.get("effect", ""),
            )
        )
    return str(file.to_string(form))


def _parsed(path: Path, text: str, form: str, **how: Any) -> Any:
    pysubs2 = _pysubs2()
    try:
        return pysubs2.SSAFile.from_string(text, format_=form, **how)
    except (pysubs2.exceptions.Pysubs2Error, ValueError, KeyError, IndexError) as error:
        raise FileProblem(_EXPECTED, f"{path}, which is damaged: {error}") from None


def _pysubs2() -> Any:
    try:
        import pysubs2
    except ImportError:
        raise MissingExtraError("pysubs2", "subtitles") from None
    return pysubs2


Reads = Callable[[Path, str], list[Cue]]
Writes = Callable[[Sequence[Cue]], str]

_FORMS: Mapping[str, tuple[Reads, Writes]] = {
    ".srt": (_read_srt, _write_srt),
    ".vtt": (webvtt.read, webvtt.write),
    ".ass": (_read_ass, _write_ass),
    ".ssa": (_read_ass, lambda cues: _write_ass(cues, "ssa")),
    ".json": (words.read, words.write),
}
"""Suffix -> how its text is read and written."""

FORMATS = tuple(_FORMS)
"""The suffixes of files that hold cues."""
