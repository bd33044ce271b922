"""Streams that came from one container, written to one container again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os.path import normpath
from pathlib import Path
from typing import Any

from syncaug.io.container_forms import Coding, Form, form_of
from syncaug.io.container_writer import Contents, Progress, write_container
from syncaug.io.containers import DEFAULT_EXPECTED, is_container, tracks_of
from syncaug.io.encode_sound import sound_for
from syncaug.io.encode_text import holds_cues
from syncaug.io.names import folder_name
from syncaug.io.problem import FileProblem
from syncaug.io.shared_container import shared_container
from syncaug.io.streams import TRACKS, StreamDecl
from syncaug.io.subtitles import write_subtitles
from syncaug.io.track_values import clip_of, cues_of, sound_of

__all__ = ["groups", "languages_of", "write_group"]

Group = Sequence[tuple[StreamDecl, Any]]
"""Streams with their values."""


def groups(
    sample: Mapping[str, Any], streams: Mapping[str, StreamDecl], origins: Mapping[str, str]
) -> list[list[str]]:
    """Names of streams that came from one container: several, or a video.

    `origins` holds the path that each stream's value came from.
    """
    found: dict[str, list[str]] = {}
    for name in sample:
        origin = origins.get(name, "")
        if name in streams and streams[name].modality in TRACKS and is_container(origin):
            found.setdefault(normpath(origin), []).append(name)
    return [
        names for names in found.values() if len(names) > 1 or streams[names[0]].modality == "video"
    ]


def write_group(
    folder: Path,
    group: Group,
    origin: str,
    coding: Coding,
    progress: Progress | None = None,
    *,
    languages: Mapping[str, str] | None = None,
) -> dict[str, tuple[str, int]]:
    """Write one container of the kind of `origin`; each stream's file and its track's number there.

    Cues that overlap go into a file of their own where the container's tracks cannot hold them, and
    sound at a rate that WebM does not know makes the container Matroska. `languages` are those of
    the streams' tracks. Raises FileProblem.
    """
    clips = {s.name: clip_of(v, s.options) for s, v in group if s.modality == "video"}
    sounds = {s.name: sound_of(v, s.options) for s, v in group if s.modality == "audio"}
    texts = {s.name: cues_of(v) for s, v in group if s.modality == "timed_text"}
    suffix, form = form_of(Path(origin).suffix)
    if not _fits(form, coding, sounds):
        suffix, form = form_of(".mkv")
    written: dict[str, tuple[str, int]] = {}
    for stream, _ in group:
        name = stream.name
        if name in texts and not holds_cues(texts[name], form):
            cues = texts.pop(name)
            written[name] = (write_subtitles(folder, folder_name(name), cues, stream.options), 0)
    names = [*clips, *sounds, *texts]
    if names:
        file = folder_name(names[0]) + suffix
        said = tuple((languages or {}).get(name, "") for name in names)
        contents = Contents(
            tuple(clips.values()), tuple(sounds.values()), tuple(texts.values()), said
        )
        write_container(folder / file, contents, coding, progress=progress)
        for tracks in (clips, sounds, texts):
            written.update({name: (file, number) for number, name in enumerate(tracks)})
    return written


def languages_of(path: Path, numbers: Mapping[str, tuple[str, int]]) -> dict[str, str]:
    """The languages of a container's tracks, by stream; `numbers` are their modality and number."""
    kinds = {"video": "video", "audio": "audio", "timed_text": "subtitle"}
    try:
        with shared_container(path, DEFAULT_EXPECTED, anywhere=True) as opened:
            tracks = tracks_of(opened.container)
    except FileProblem:
        return {}
    said = {(track.kind, track.number): track.language for track in tracks}
    found = {name: said.get((kinds[kind], number), "") for name, (kind, number) in numbers.items()}
    return {name: language for name, language in found.items() if language not in ("", "und")}


def _fits(form: Form, coding: Coding, sounds: Mapping[str, tuple[Any, float]]) -> bool:
    """Whether a container holds the sounds at their rates; a chosen encoder is not overruled."""
    if coding.sound:
        return True
    try:
        for samples, rate in sounds.values():
            sound_for(form, coding, round(rate), 1 if samples.ndim == 1 else len(samples))
    except FileProblem:
        return False
    return True
