"""Containers written: video, sound and cues on one time line, whole or not at all.

Each track is encoded piece by piece in the order of time, so that memory holds a few frames and
what the muxer interleaves. The times of frames are kept to a tick: exactly where the rate is
constant, else to 1/90000 s (1 ms in Matroska and WebM). Sound starts at the clock's 0 and keeps
its length to the sample (AAC in Matroska: padded to whole blocks of 1024). Cues are rounded to
10 microseconds in MP4 and MOV, to 1 ms in Matroska and WebM.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from syncaug.clips.clip import Clip
from syncaug.io.atomic import is_full, replacing
from syncaug.io.container_forms import Coding, form_of
from syncaug.io.containers import load_av
from syncaug.io.cues import Cue
from syncaug.io.encode_sound import SoundTrack
from syncaug.io.encode_text import TextTrack
from syncaug.io.encode_video import VideoTrack
from syncaug.io.problem import FileProblem

__all__ = ["Contents", "Progress", "write_container"]

Progress = Callable[[int, int], None]
"""Told after each piece how many frames of how many are written."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The tracks of a container: clips, sounds (samples (C, T) or (T,) and rate), lists of cues."""

    clips: Sequence[Clip] = ()
    sounds: Sequence[tuple[NDArray[Any], float]] = ()
    texts: Sequence[Sequence[Cue]] = ()
    languages: Sequence[str] = ()
    """Of clips, sounds and texts, one after the other; empty where nothing is known."""


class _Track(Protocol):
    @property
    def time(self) -> float:
        """The second at which the next piece begins; infinity at the end."""
        ...

    def step(self) -> Sequence[Any]:
        """Encode the next piece; its packets."""
        ...


def write_container(
    path: Path,
    contents: Contents,
    coding: Coding,
    *,
    progress: Progress | None = None,
) -> None:
    """Write a container in the format of the path's suffix.

    Raises FileProblem where a track cannot be held by it, OSError where the disk is full,
    MissingExtraError.
    """
    av = load_av()
    _, form = form_of(path.suffix)
    total = sum(len(clip) for clip in contents.clips)
    with replacing(path) as temporary:
        try:
            with av.open(
                os.path.abspath(temporary), "w", format=form.muxer, options=dict(form.options)
            ) as container:
                container.flags |= av.container.Flags.bitexact.value
                videos = [VideoTrack(container, clip, form, coding) for clip in contents.clips]
                sounds = [SoundTrack(container, *sound, form, coding) for sound in contents.sounds]
                texts = [TextTrack(container, cues, form) for cues in contents.texts]
                tracks: list[_Track] = [*videos, *sounds, *texts]
                for stream, language in zip(container.streams, contents.languages, strict=False):
                    if language:
                        stream.metadata["language"] = language
                while True:
                    track = min(tracks, key=lambda one: one.time)
                    if math.isinf(track.time):
                        break
                    container.mux(track.step())
                    if progress is not None and isinstance(track, VideoTrack):
                        progress(sum(video.written for video in videos), total)
        except (av.error.FFmpegError, ValueError) as error:
            if is_full(error):
                raise OSError(error.errno, error.strerror, str(path)) from error
            reason = str(getattr(error, "strerror", None) or error).rstrip(".")
            raise FileProblem(
                "tracks that can be encoded", f"what {path.name} cannot hold: {reason}"
            ) from error
