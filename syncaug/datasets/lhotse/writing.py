"""Samples written as recordings and a manifest of cuts, which Lhotse opens."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.datasets.folder import write_all
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


def layout(jpeg_quality: int = 0) -> LhotseLayout:
    """How a data set of this kind is written, file by file; it has no pictures."""
    return LhotseLayout()


@dataclass(slots=True)
class LhotseLayout:
    """How cuts and their recordings lie in a folder."""

    names: set[str] = field(default_factory=set)

    def encode(self, root: Path, sample: Mapping[str, Any], number: int) -> dict[str, Any]:
        """Write the sound of one sample; its cut."""
        source = sample.get(SOURCE, {})
        name = str(source.get("key", number))
        free, again = name, 1
        while free in self.names:
            free, again = f"{name}-{again}", again + 1
        self.names.add(free)
        sound = sample.get("audio")
        if not isinstance(sound, Mapping) or "sampling_rate" not in sound:
            raise FileProblem("'audio' as {'array', 'sampling_rate'}", type(sound).__name__)
        (root / "recordings").mkdir(exist_ok=True)
        file = write_audio(root / "recordings", folder_name(free), sound, {})
        array, rate = np.asarray(sound["array"]), round(sound["sampling_rate"])
        count, length = (1 if array.ndim == 1 else len(array)), array.shape[-1]
        channels = list(range(count))
        cut = {
            **{k: v for k, v in source.get("cut", {}).items() if k != "supervisions"},
            "id": free,
            "start": 0.0,
            "duration": length / rate,
            "channel": 0 if array.ndim == 1 else channels,
            "supervisions": [
                _supervision(cue, free, index, count)
                for index, cue in enumerate(sample.get("supervisions", ()))
            ],
            "recording": {
                "id": free,
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


def _supervision(
    cue: Mapping[str, Any], recording: str, index: int, channels: int
) -> dict[str, Any]:
    """A cue as a supervision of the new recording."""
    own = {name: value for name, value in cue.items() if name not in ("start", "end", "words")}
    start, end = float(cue["start"]), float(cue["end"])
    own |= {"recording_id": recording, "start": start, "duration": end - start}
    own.setdefault("id", f"{recording}-{index}")
    if channels == 1:
        own["channel"] = 0
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
