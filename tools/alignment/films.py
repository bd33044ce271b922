"""Films: webb.mp4 through talking_video.yaml, bunny.mp4 through film.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tools.alignment.measured import DATA, Line, applied, parameters_of
from tools.alignment.media import cues_in, flashes, pairs, pulses, read_media, with_events

__all__ = ["bunny_lines", "webb_lines"]

_WEBB, _BUNNY = DATA / "webb" / "webb.mp4", DATA / "bunny" / "bunny.mp4"
_FRAME = 1 / 25


def webb_lines(folder: Path) -> Iterator[Line]:
    """A click track laid over the film, then the film with its own sound and subtitles."""
    events = folder / "events.mp4"
    with_events(_WEBB, events, [round((0.52 + 0.6 * n) * 25) / 25 for n in range(20)])
    sample = {"key": "clicks", "video": str(events), "speech": str(events)}
    sample["subtitles"] = str(DATA / "webb" / "webb.srt")
    results = applied("talking_video", [sample], folder / "clicks", variants=6, sound="alac")
    yield from _together("webb.mp4", "talking_video", results, "video")
    sample = {"key": "webb", **dict.fromkeys(("video", "speech", "subtitles"), str(_WEBB))}
    results = applied("talking_video", [sample], folder / "webb", variants=6)
    errors: list[float] = []
    apart: list[float] = []
    before = cues_in(_WEBB)
    length = _longest(_WEBB)
    for line, record in results:
        media = read_media(line["video"])
        apart.append(abs(media.video_seconds - media.sound_seconds))
        wanted = _where_cues_go(before, record, length)
        got = cues_in(line["video"])
        errors += [
            abs(a[side] - b[side]) for a, b in zip(got, wanted, strict=True) for side in (0, 1)
        ]
        assert [cue[2] for cue in got] == [cue[2] for cue in wanted]
    yield _worst("webb.mp4", "talking_video", "cues off their sound", errors, "ms", 1.0, 1e3)
    yield _worst("webb.mp4", "talking_video", "video and sound end apart", apart, "ms", 20.0, 1e3)


def bunny_lines(folder: Path) -> Iterator[Line]:
    """A click track laid over the film, in all six channels."""
    events = folder / "events.mp4"
    with_events(_BUNNY, events, [round((0.52 + 0.6 * n) * 25) / 25 for n in range(8)])
    sample = {"key": "clicks", "video": str(events), "sound": str(events)}
    results = applied("film", [sample], folder / "clicks", variants=8, sound="alac")
    yield from _together("bunny.mp4", "film", results, "video")
    apart, channels = [], []
    for line, _ in results:
        media = read_media(line["video"])
        apart.append(abs(media.video_seconds - media.sound_seconds))
        channels.append(abs(len(media.sound) - 6))
    yield _worst("bunny.mp4", "film", "video and sound end apart", apart, "ms", 20.0, 1e3)
    yield _worst("bunny.mp4", "film", "channels lost of 5.1", channels, "", 0.0, 1.0)


def _together(
    file: str, policy: str, results: list[tuple[dict[str, Any], dict[str, Any]]], stream: str
) -> Iterator[Line]:
    """How far apart bursts are heard and flashes seen.

    A frame begins at the moment of a flash only to the nearest half frame, so single offsets lie
    within 20 ms and their mean near none.
    """
    found: list[float] = []
    for line, _ in results:
        media = read_media(line[stream])
        found += pairs(pulses(media), flashes(media)).tolist()
    yield _worst(file, policy, "sound off its picture, worst event", found, "ms", 21.0, 1e3)
    mean = abs(float(np.mean(found))) * 1e3 if found else np.inf
    yield Line(file, policy, "sound off its picture, mean", mean, "ms", 8.0, len(found))


def _worst(
    file: str, policy: str, what: str, errors: list[float], unit: str, bound: float, scale: float
) -> Line:
    value = max((abs(error) for error in errors), default=np.inf) * scale
    return Line(file, policy, what, float(value), unit, bound, len(errors))


def _longest(path: Path) -> float:
    media = read_media(path)
    return max(media.video_seconds, media.sound_seconds)


def _where_cues_go(
    cues: list[tuple[float, float, str]], record: Mapping[str, Any], length: float
) -> list[tuple[float, float, str]]:
    """The cues of the excerpt at the drawn speed: t' = (t - start) / factor, cut at both ends."""
    cut = parameters_of(record, "excerpt") or {}
    start = cut["at"] * (length - cut["duration"])
    tempo = parameters_of(record, "tempo")
    factor = tempo["factor"] if tempo else 1.0
    out = []
    for begin, end, text in cues:
        low, high = max(begin, start), min(end, start + cut["duration"])
        if high - low > 0:
            out.append(((low - start) / factor, (high - start) / factor, text))
    return out
