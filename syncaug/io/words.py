"""Word timings as JSON: a list of words, or what WhisperX writes (segments with words).

Each word is a cue with the keys that it has (`score`, `speaker` ...). A word without times, as
aligners leave numbers, takes the time between its neighbours. They are written as a list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from syncaug.io.cues import Cue
from syncaug.io.plain import dump_json, parse_json
from syncaug.io.problem import FileProblem

__all__ = ["read", "write"]

_EXPECTED = 'a JSON list of {"word" or "text", "start", "end"}, or WhisperX\'s segments'


def read(path: Path, text: str) -> list[Cue]:
    """The cues of a file's text. Raises FileProblem."""
    try:
        data = parse_json(text)
    except ValueError as error:
        raise FileProblem(_EXPECTED, f"{path}, which is not JSON: {error}") from None
    rows = _rows(data)
    if rows is None:
        raise FileProblem(_EXPECTED, f"{path}, which holds something else")
    found = [_cue(path, number, row) for number, row in enumerate(rows, start=1)]
    for number, one in enumerate(found):
        if "start" not in one or "end" not in one:
            before = found[number - 1]["end"] if number else 0.0
            after = next(
                (later["start"] for later in found[number + 1 :] if "start" in later), None
            )
            found[number] = {"start": before, "end": before if after is None else after, **one}
    return found


def write(cues: Sequence[Cue]) -> str:
    """The text of a file; a cue that came with the key `word` has it again."""
    rows = []
    for one in cues:
        row = {"word" if key == "text" and "word" in one else key: one[key] for key in _keys(one)}
        rows.append(dump_json(row))
    return "[\n  " + ",\n  ".join(rows) + "\n]\n" if rows else "[]\n"


def _keys(one: Cue) -> list[str]:
    return [key for key in one if key != "word"]


def _rows(data: Any) -> list[Any] | None:
    if isinstance(data, Mapping):
        words = data.get("word_segments")
        if isinstance(words, list):
            return words
        segments = data.get("segments")
        if not isinstance(segments, list):
            return None
        rows: list[Any] = []
        for segment in segments:
            words = segment.get("words") if isinstance(segment, Mapping) else None
            rows += words if isinstance(words, list) else [segment]
        return rows
    return data if isinstance(data, list) else None


def _cue(path: Path, number: int, row: Any) -> Cue:
    text = row.get("text", row.get("word")) if isinstance(row, Mapping) else None
    if not isinstance(text, str):
        raise FileProblem(_EXPECTED, f"{path}, where entry {number} has no text")
    one: Cue = {**row, "text": text}
    for key in ("start", "end"):
        value = row.get(key)
        if value is None:
            one.pop(key, None)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise FileProblem(_EXPECTED, f"{path}, where entry {number} has {key} {value!r}")
        else:
            one[key] = float(value)
    return one
