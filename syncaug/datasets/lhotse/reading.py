"""Samples of Lhotse's manifests of cuts: what each cut sounds like, and what is said in it."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.datasets.problem import located, one_of, whole_json
from syncaug.datasets.samples import SOURCE, Samples
from syncaug.errors import ManifestError
from syncaug.io.audio import read_audio
from syncaug.io.containers import is_container
from syncaug.io.limits import LIMITS
from syncaug.io.problem import FILE_BYTES, FileProblem, read_bytes
from syncaug.io.sound_file import sound_file_reader
from syncaug.io.soundtrack import read_soundtrack
from syncaug.missing import where_to_look

__all__ = ["STREAMS", "samples", "streams"]

STREAMS: Mapping[str, Any] = {
    "audio": {"modality": "audio"},
    "supervisions": {"modality": "timed_text"},
}
"""What a policy declares of the samples, for its key `sample:`; `untouched: [source]` beside it."""

_SUFFIXES = (".jsonl", ".jsonl.gz", ".json", ".json.gz")
_FORM = "a manifest of cuts (cuts.jsonl, cuts.jsonl.gz or cuts.json), or a folder with one"


def streams(root: str | Path, split: str = "") -> dict[str, Any]:
    """`STREAMS`, for the key `sample:` of a policy."""
    return {name: dict(declared) for name, declared in STREAMS.items()}


def samples(root: str | Path, split: str = "") -> Samples:
    """The cuts of a manifest; keys are their ids.

    `root` is a manifest of cuts in JSON Lines or JSON, plain or gzipped, or a folder with one, or
    with one for each split (`cuts_<split>.jsonl.gz`). Paths of recordings are relative to the
    folder, or to where the program runs, as Lhotse has them. Raises ManifestError.

    Each sample has `audio` ({"array": (T,) or (C, T) float32, "sampling_rate"}: the cut's part of
    its recording), `supervisions` (cues in seconds from the start of the cut: `text`, `speaker`,
    `language`, and `words` where the manifest aligns them); and `source`.
    """
    path = _manifest(Path(root), split)
    cuts = [_checked(path, number, cut) for number, cut in _lines(path)]
    if not cuts:
        raise ManifestError(f"{path}: expected a cut on each line; got none")
    return Samples(tuple(cut["id"] for cut in cuts), _Loader(path, tuple(cuts)))


def _manifest(root: Path, split: str) -> Path:
    if os.path.isfile(root):
        return root
    if not os.path.isdir(root):
        raise ManifestError(f"{root}: expected {_FORM}; there is none. {where_to_look(root)}")
    found = {
        path.name.partition(".json")[0].removeprefix("cuts").lstrip("_-"): path
        for path in sorted(root.iterdir())
        if path.name.startswith("cuts") and path.name.endswith(_SUFFIXES)
    }
    if not found:
        raise ManifestError(f"{root}: expected {_FORM}; got no cuts*.jsonl(.gz) or cuts*.json(.gz)")
    return found[one_of(found, split, "split", root)]


def _lines(path: Path) -> list[tuple[int, Any]]:
    try:
        data = read_bytes(path, "a manifest of cuts")
        if path.suffix == ".gz":
            with gzip.GzipFile(fileobj=BytesIO(data)) as packed:
                data = packed.read(FILE_BYTES + 1)  # a small file may unpack to any size
            if len(data) > FILE_BYTES:
                raise ValueError(f"it unpacks to more than {FILE_BYTES:,} bytes")
        text = data.decode()
    except (FileProblem, OSError, EOFError, ValueError, zlib.error) as error:
        raise ManifestError(f"{path}: expected a manifest of cuts: {error}") from None
    if text.lstrip().startswith("["):
        try:
            return list(enumerate(whole_json(text), start=1))
        except ValueError as error:
            raise ManifestError(f"{path}: expected a list of cuts in JSON; {error}") from None
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                found.append((number, whole_json(line)))
            except ValueError as error:
                raise ManifestError(f"{path}:{number}: expected a cut in JSON; {error}") from None
    return found


def _checked(path: Path, number: int, cut: Any) -> dict[str, Any]:
    """A cut of one recording. Raises ManifestError for other kinds of cuts."""
    kind = cut.get("type", "MonoCut") if isinstance(cut, dict) else type(cut).__name__
    if kind not in ("MonoCut", "MultiCut", "Cut"):  # Cut: as MonoCut was called once
        raise ManifestError(
            f"{path}:{number}: expected a MonoCut or a MultiCut; got {kind}. Save mixed and padded "
            "cuts with their sound first (cuts.save_audios)."
        )
    for name in ("id", "start", "duration", "recording"):
        if name not in cut:
            raise ManifestError(f"{path}:{number}: expected {name!r} in a cut; got none")
    if cut["recording"].get("transforms"):
        raise ManifestError(
            f"{path}:{number}: cut {cut['id']!r}: expected a recording as it is; got one with "
            "transforms. Save the cuts with their sound first (cuts.save_audios)."
        )
    if any(source.get("video") for source in cut["recording"].get("sources", ())):
        raise ManifestError(
            f"{path}:{number}: cut {cut['id']!r}: expected a recording of sound alone; got one "
            "with video, which would be lost. Read its film as a film: syncaug apply --manifest, "
            "with the video's file as `film` and as `sound`."
        )
    found: dict[str, Any] = cut
    return found


@dataclass(frozen=True, slots=True)
class _Loader:
    """Reads the sample of an index."""

    manifest: Path
    cuts: tuple[dict[str, Any], ...]

    def __call__(self, index: int) -> dict[str, Any]:
        cut = self.cuts[index]
        with located(f"{self.manifest}: cut {cut['id']!r}"):
            sound = self._sound(cut)
        return {
            "audio": sound,
            "supervisions": [_cue(one) for one in cut.get("supervisions", ())],
            SOURCE: {"key": cut["id"], "cut": cut},
        }

    def _sound(self, cut: Mapping[str, Any]) -> dict[str, Any]:
        """The part of the recording that the cut is, of the channels that it names."""
        recording = cut["recording"]
        rate = recording["sampling_rate"]
        first = round(cut["start"] * rate)
        last = first + round(cut["duration"] * rate)
        parts = []
        for source in recording["sources"]:
            if source.get("type") != "file":
                raise FileProblem(
                    "recordings in files", f"one of type {source.get('type')!r}", "Save it first."
                )
            path = Path(source["source"])
            if not os.path.isfile(path) and not path.is_absolute():
                path = self.manifest.parent / path
            array = _span(path, rate, first, last)
            parts += [(channel, array[row]) for row, channel in enumerate(source["channels"])]
        wanted = cut.get("channel", 0)
        channels = [wanted] if isinstance(wanted, int) else list(wanted)
        known = dict(parts)
        missing = [channel for channel in channels if channel not in known]
        if missing:
            raise FileProblem(f"channels {channels} of its recording", f"only {sorted(known)}")
        rows = [known[channel] for channel in channels]
        if not len(rows[0]):
            raise FileProblem("a cut inside of its recording", f"{cut['start']} s, beyond its end")
        array = rows[0].copy() if isinstance(wanted, int) else np.stack(rows)
        return {"array": array, "sampling_rate": rate}


def _span(path: Path, rate: int, first: int, last: int) -> NDArray[np.float32]:
    """Samples first..last (excluded) of a file at such a rate, (C, n), fewer where it ends before.

    What can be found exactly is decoded alone: many cuts may lie in one long recording. Raises
    FileProblem.
    """
    reader = None if is_container(path) else sound_file_reader(path, LIMITS)
    if reader is not None and reader.rate == rate:
        last = min(last, reader.shape[1])
        before = first // reader.block
        if first >= last:
            return np.zeros((reader.shape[0], 0), np.float32)
        read = reader.read(before, -(-last // reader.block))
        return read[:, first - before * reader.block : last - before * reader.block]
    for whole in (read_soundtrack,) if is_container(path) else (read_audio, read_soundtrack):
        sound = whole(path, {})
        if sound["sampling_rate"] == rate:  # FFmpeg's decoder of Opus has a rate of its own
            return np.atleast_2d(sound["array"])[:, first:last]
    raise FileProblem(
        f"a sound of {rate} Hz, as its recording says",
        f"{path}, of {sound['sampling_rate']} Hz",
        "Save the cuts with their sound first (cuts.save_audios).",
    )


def _cue(supervision: Mapping[str, Any]) -> dict[str, Any]:
    """A supervision as a cue; what else it says goes along."""
    start = supervision["start"]
    cue = {
        "start": start,
        "end": start + supervision["duration"],
        "text": supervision.get("text") or "",
        **{k: v for k, v in supervision.items() if k not in ("start", "duration", "text")},
    }
    words = cue.pop("alignment", {}).get("word")
    if words:
        cue["words"] = [
            {"word": word[0], "start": word[1], "end": word[1] + word[2], "score": word[3]}
            for word in (one if len(one) > 3 else [*one, None] for one in words)
        ]
    return cue
