"""What containers hold and results do not: tracks that no stream takes, and shapes of pixels."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from syncaug.io.containers import DEFAULT_EXPECTED, is_container, tracks_of
from syncaug.io.manifest import Entry
from syncaug.io.problem import FileProblem
from syncaug.io.shared_container import shared_container
from syncaug.io.streams import TRACKS, StreamDecl, path_of

__all__ = ["LeftOut"]

_KINDS = {"video": "video", "audio": "audio", "timed_text": "subtitle"}
_NAMED = 5
"""Files that are named; of the others only their number is told."""


class LeftOut:
    """Looks at each container once and remembers what is to be told of it."""

    def __init__(self, streams: Mapping[str, StreamDecl]) -> None:
        self._streams = {
            name: stream for name, stream in streams.items() if stream.modality in TRACKS
        }
        self._seen: set[Path] = set()
        self._told: list[str] = []

    def look(self, entry: Entry) -> None:
        """Note what the containers of a sample hold besides its streams."""
        taken: dict[Path, set[tuple[str, int]]] = {}
        for name, stream in self._streams.items():
            raw = entry.values.get(name)
            path = path_of(raw)
            if path and is_container(path):
                said = raw.get("track") if isinstance(raw, Mapping) else None
                number = stream.options.get("track", 0) if said is None else said
                key = _KINDS[stream.modality], number
                taken.setdefault(entry.folder / path, set()).add(key)
        for file, tracks in taken.items():
            if file not in self._seen:
                self._seen.add(file)
                rest = _said(file, tracks)
                if rest:
                    self._told.append(f"{file}: {rest}.")

    def lines(self) -> list[str]:
        """A line for each of the first files, and one that counts the others."""
        more = len(self._told) - _NAMED
        rest = [f"{more} more files hold what is not in the results."] if more > 0 else []
        return [*self._told[:_NAMED], *rest]


def _said(path: Path, taken: set[tuple[str, int]]) -> str:
    if not path.is_file():
        return ""
    try:
        with shared_container(path, DEFAULT_EXPECTED, anywhere=True) as opened:
            tracks = tracks_of(opened.container)
    except (FileProblem, OSError):  # what is damaged is told where it is read
        return ""
    parts = []
    left = [track for track in tracks if (track.kind, track.number) not in taken]
    if left:
        named = ", ".join(
            f"{track.kind} {track.number}"
            + (f" ({track.language})" if track.language not in ("", "und") else "")
            for track in left
        )
        parts.append(f"tracks that no stream takes are not in the results: {named}")
    for track in tracks:
        if track.aspect and (track.kind, track.number) in taken:
            parts.append(
                f"the pixels of video {track.number} are {track.aspect} and not square; they stay "
                "as they are stored, and the results do not say so"
            )
    return "; ".join(parts)
