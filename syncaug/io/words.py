"""Word timings as JSON: a list of words, or what recognizers write.

Those are Whisper and WhisperX (segments, with words where there are), whisper.cpp
(transcription with offsets in milliseconds), AWS Transcribe (results with items) and pipelines of
transformers (chunks with a timestamp).

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

_EXPECTED = (
    'a JSON list of {"word" or "text", "start", "end"}, or the JSON of Whisper, WhisperX, AWS'
    " Transcribe or transformers"
)

_INNER = frozenset({"seek", "tokens", "words"})
"""What Whisper keeps of its decoder in a segment, and an empty list of words."""


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
        if isinstance(data.get("transcription"), list):
            return [_whisper_cpp(row) for row in data["transcription"]]
        results = data.get("results")
        if isinstance(results, Mapping) and isinstance(results.get("items"), list):
            return _aws(results["items"])
        if isinstance(data.get("chunks"), list):
            return [_chunk(row) for row in data["chunks"]]
        segments = data.get("segments")
        if not isinstance(segments, list):
            return None
        rows: list[Any] = []
        for segment in segments:
            words = segment.get("words") if isinstance(segment, Mapping) else None
            rows += words if isinstance(words, list) and words else [_trimmed(segment)]
        return rows
    return data if isinstance(data, list) else None


def _trimmed(segment: Any) -> Any:
    """A segment of Whisper, whose text begins with a blank, without what belongs to its decoder."""
    if not (isinstance(segment, Mapping) and isinstance(segment.get("text"), str)):
        return segment
    kept = {key: value for key, value in segment.items() if key not in _INNER}
    return {**kept, "text": segment["text"].strip()}


def _chunk(row: Any) -> Any:
    """A chunk of a pipeline of transformers; the end of the last one may be unknown."""
    times = row.get("timestamp") if isinstance(row, Mapping) else None
    text = row.get("text") if isinstance(row, Mapping) else None
    if not (isinstance(times, list) and len(times) == 2 and isinstance(text, str)):
        return None
    kept = {key: value for key, value in row.items() if key != "timestamp"}
    return {**kept, "text": text.strip(), "start": times[0], "end": times[1]}


def _whisper_cpp(row: Any) -> Any:
    times = row.get("offsets") if isinstance(row, Mapping) else None
    text = row.get("text") if isinstance(row, Mapping) else None
    if not (isinstance(times, Mapping) and isinstance(text, str)):
        return row
    try:
        start, end = float(times["from"]) / 1000, float(times["to"]) / 1000
    except (KeyError, TypeError, ValueError):
        return None
    return {"text": text.strip(), "start": start, "end": end}


def _aws(items: Sequence[Any]) -> list[Any]:
    """Words with their times as numbers; punctuation belongs to the word before."""
    rows: list[Any] = []
    for item in items:
        try:
            best = item["alternatives"][0]
            if item["type"] == "punctuation":
                if rows:
                    rows[-1]["text"] += best["content"]
                continue
            row = {
                "text": str(best["content"]),
                "start": float(item["start_time"]),
                "end": float(item["end_time"]),
            }
            if "confidence" in best:
                row["score"] = float(best["confidence"])
            if "speaker_label" in item:
                row["speaker"] = item["speaker_label"]
        except (KeyError, IndexError, TypeError, ValueError):
            return [None]
        rows.append(row)
    return rows


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
