"""Samples written as recordings and a manifest of cuts, which Lhotse opens."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.datasets.folder import numbered, write_all
from syncaug.datasets.samples import SOURCE
from syncaug.io.atomic import write_bytes
from syncaug.io.audio import write_audio
from syncaug.io.names import folder_name
from syncaug.io.plain import dump_json, plain
from syncaug.io.problem import FileProblem

__all__ = ["layout", "write"]

MANIFEST = "cuts.jsonl.gz"


def write(samples: Iterable[Mapping[str, Any]], root: str | Path) -> None:
    """Write samples, as `samples` gives them, into a new folder: `recordings/` and `cuts.jsonl.gz`.

    Each result is a recording of its own, in 32-bit WAV, and a cut of the whole of it. Several
    results of one cut get ids with a number. Paths are relative to the folder. Raises ManifestError
    where a sample cannot be written; the samples before it are whole.
    """
    write_all(samples, root, LhotseLayout())


def layout(jpeg_quality: int = 0, meta: Any = None) -> LhotseLayout:
    """How a data set of this kind is written, file by file; it has no pictures."""
    return LhotseLayout()


@dataclass(frozen=True, slots=True)
class LhotseLayout:
    """How cuts and their recordings lie in a folder."""

    def told(self, source: Mapping[str, Any]) -> str:
        """The id of a cut."""
        return str(source.get("key", ""))

    def named(self, told: str, number: int, again: int) -> str:
        """That id, with a number for each further result."""
        return numbered(told or str(number), again, "-")

    def encode(
        self, root: Path, sample: Mapping[str, Any], name: str, number: int
    ) -> dict[str, Any]:
        """Write the sound of one sample; its cut."""
        source = sample.get(SOURCE, {})
        sound = sample.get("audio")
        if not isinstance(sound, Mapping) or "sampling_rate" not in sound:
            raise FileProblem("'audio' as {'array', 'sampling_rate'}", type(sound).__name__)
        (root / "recordings").mkdir(exist_ok=True)
        file = write_audio(root / "recordings", folder_name(name), sound, {})
        array, rate = np.asarray(sound["array"]), round(sound["sampling_rate"])
        count, length = (1 if array.ndim == 1 else len(array)), array.shape[-1]
        channels = list(range(count))
        cut = {
            **_kept(source.get("cut", {})),
            "id": name,
            "start": 0.0,
            "duration": length / rate,
            "channel": 0 if array.ndim == 1 else channels,
            "supervisions": [
                _supervision(cue, name, index, _places(source.get("cut", {}), count))
                for index, cue in enumerate(sample.get("supervisions", ()))
            ],
            "recording": {
                "id": name,
                "sources": [{"type": "file", "channels": channels, "source": f"recordings/{file}"}],
                "sampling_rate": rate,
                "num_samples": length,
                "duration": length / rate,
                "channel_ids": channels,
            },
            "type": "MonoCut" if array.ndim == 1 else "MultiCut",
        }
        told: dict[str, Any] = plain(cut)
        return told

    def finish(self, root: Path, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write the manifest; the same cuts give the same bytes."""
        text = "".join(f"{dump_json(row)}\n" for row in rows)
        write_bytes(root / MANIFEST, gzip.compress(text.encode(), mtime=0))


def _kept(cut: Mapping[str, Any]) -> dict[str, Any]:
    """What a cut says beside its sound and its text, less what was worked out from the old sound.

    Features, and recordings and arrays among its own fields, are files of the old sound.
    """
    kept = {k: v for k, v in cut.items() if k not in ("supervisions", "features")}
    if isinstance(cut.get("custom"), Mapping):
        kept["custom"] = {k: v for k, v in cut["custom"].items() if not _is_file(v)}
    return kept


def _is_file(value: Any) -> bool:
    """Whether a field is a manifest of Lhotse: of features, an array or a recording."""
    return isinstance(value, Mapping) and bool({"storage_type", "array", "sources"} & set(value))


def _places(cut: Mapping[str, Any], count: int) -> dict[int, int]:
    """The channels that the cut had in its recording, by their places in the new one."""
    told = cut.get("channel", 0)
    channels = [told] if isinstance(told, int) else list(told)
    if len(channels) != count:
        return {}
    return {channel: place for place, channel in enumerate(channels)}


def _channel(told: Any, places: Mapping[int, int]) -> Any:
    """One channel or several, counted as the new recording does."""
    if isinstance(told, list | tuple):
        return [places.get(channel, channel) for channel in told]
    return places.get(told, told)


def _supervision(
    cue: Mapping[str, Any], recording: str, index: int, places: Mapping[int, int]
) -> dict[str, Any]:
    """A cue as a supervision of the new recording."""
    own = {name: value for name, value in cue.items() if name not in ("start", "end", "words")}
    start, end = float(cue["start"]), float(cue["end"])
    own |= {"recording_id": recording, "start": start, "duration": end - start}
    own.setdefault("id", f"{recording}-{index}")
    if len(places) == 1:
        own["channel"] = 0
    elif "channel" in own:
        own["channel"] = _channel(own["channel"], places)
    if cue.get("words"):
        own["alignment"] = {
            "word": [
                [
                    word["word"],
                    float(word["start"]),
                    float(word["end"]) - float(word["start"]),
                    word.get("score"),
                ]
                for word in cue["words"]
            ]
        }
    return own
