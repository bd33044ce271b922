"""Words in time as recognizers and aligners write them: TextGrid, CTM and RTTM.

Sources: Praat manual, "TextGrid file formats"; NIST, SCTK (ctm) and RT-09 (rttm).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from syncaug.io.cues import Cue
from syncaug.io.problem import FileProblem

__all__ = ["read_ctm", "read_rttm", "read_textgrid"]

_TOKEN = re.compile(r'"(?:[^"]|"")*"|![^\n]*|[^\s"]+')
"""A text in quotes, a comment, or something else that stands alone."""

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?")


def read_textgrid(path: Path, text: str) -> list[Cue]:
    """The intervals with text of the tier called words, or of the only tier. Raises FileProblem."""
    expected = "a TextGrid with a tier of intervals"
    if "ooTextFile" not in text[:200]:
        raise FileProblem(
            expected,
            f"{path}, which is none",
            "In Praat, choose Save as text file.",
        )
    try:
        tiers = _tiers(text)
    except (IndexError, ValueError):
        raise FileProblem(expected, f"{path}, which is damaged") from None
    chosen = [tier for tier in tiers if re.search(r"(^|\W)words?$", tier[0], re.IGNORECASE)]
    chosen = chosen if len(chosen) == 1 else tiers
    if len(chosen) != 1:
        raise FileProblem(
            "a TextGrid with one tier of intervals, or one that is called words",
            f"{path} with {', '.join(repr(name) for name, _ in tiers) or 'none'}",
            "Keep one tier, or name one `words`.",
        )
    return [
        {"start": start, "end": end, "text": said}
        for start, end, said in chosen[0][1]
        if said.strip()
    ]


def _tiers(text: str) -> list[tuple[str, list[tuple[float, float, str]]]]:
    """Names and intervals; both forms of the format hold the same values in the same order.

    What counts are texts in quotes and numbers that stand alone; all else is said to people.
    """
    values: list[Any] = []
    for token in _TOKEN.findall(text.partition('TextGrid"')[2]):
        if token.startswith('"'):
            values.append(token[1:-1].replace('""', '"'))
        elif _NUMBER.fullmatch(token):
            values.append(float(token))
    at = 3  # after the times of the whole, and the number of tiers
    tiers: list[tuple[str, list[tuple[float, float, str]]]] = []
    for _ in range(int(values[2])):
        kind, name, count = values[at], str(values[at + 1]), int(values[at + 4])
        at += 5
        if kind == "IntervalTier":
            rows = [values[at + 3 * k : at + 3 * k + 3] for k in range(count)]
            tiers.append((name, [(float(a), float(b), str(c)) for a, b, c in rows]))
            at += 3 * count
        else:
            at += 2 * count
    return tiers


def read_ctm(path: Path, text: str) -> list[Cue]:
    """Lines of file, channel, start, duration, word and score. Raises FileProblem."""
    found: list[Cue] = []
    for number, fields in _rows(text):
        try:
            if len(fields) < 5:
                raise ValueError
            start, lasts = float(fields[2]), float(fields[3])
            one: Cue = {"start": start, "end": start + lasts, "text": fields[4]}
            if len(fields) > 5:
                one["score"] = float(fields[5])
        except ValueError:
            raise FileProblem(
                "lines of CTM: file, channel, start, duration, word",
                f"{path}:{number}: {' '.join(fields)[:60]}",
            ) from None
        found.append(one)
    _one_recording(path, {fields[0] for _, fields in _rows(text)}, "CTM")
    return found


def read_rttm(path: Path, text: str) -> list[Cue]:
    """Who speaks when: SPEAKER lines with the name as text, or LEXEME lines with their words.

    Raises FileProblem.
    """
    found: list[Cue] = []
    rows = _rows(text)
    lexemes = any(fields[0] == "LEXEME" for _, fields in rows)
    for number, fields in rows:
        if fields[0] != ("LEXEME" if lexemes else "SPEAKER"):
            continue
        try:
            start, lasts, speaker = float(fields[3]), float(fields[4]), fields[7]
        except (ValueError, IndexError):
            raise FileProblem(
                "lines of RTTM: SPEAKER, file, channel, start, duration, ..., name",
                f"{path}:{number}: {' '.join(fields)[:60]}",
            ) from None
        said = fields[5] if lexemes else speaker
        found.append({"start": start, "end": start + lasts, "text": said, "speaker": speaker})
    if not found:
        raise FileProblem("lines of RTTM", f"{path}, which holds no SPEAKER and no LEXEME")
    _one_recording(path, {fields[1] for _, fields in rows if len(fields) > 1}, "RTTM")
    return found


def _rows(text: str) -> list[tuple[int, list[str]]]:
    return [
        (number, line.split())
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip() and not line.lstrip().startswith(";;")
    ]


def _one_recording(path: Path, names: set[str], form: str) -> None:
    if len(names) > 1:
        raise FileProblem(
            f"{form} of one recording",
            f"{path} with {', '.join(sorted(names)[:3])}",
            "Write a file for each recording.",
        )
