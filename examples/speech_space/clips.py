"""Films of speakers, read by syncaug: for each frame the mouth, and the voice that goes with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from syncaug import load_policy
from syncaug.io import load_sample, read_manifest

__all__ = ["ENDINGS", "Box", "Clip", "read_clips"]

HERE = Path(__file__).resolve().parent
ENDINGS = (".mpg", ".mp4", ".mov", ".mkv", ".webm", ".avi")
Box = tuple[float, float, float, float]
"""Left, top, right and bottom of the mouth's surroundings, as shares of the picture."""
GRID = (8, 6)
"""Columns and rows to which these are made small."""
BANDS, LOWEST, HIGHEST = 20, 80.0, 8000.0
SPECTRA, LENGTH = 4, 0.025
"""Spectra of the sound while a frame is shown, and the seconds that each is of."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A film of one source, frame by frame.

    `mouth` (T, 6, 8) is the brightness around the mouth, and `voice` (T, 20) the logarithm of the
    energy in each mel band while the frame is shown. Clips of one source show the same speaker.
    """

    key: str
    source: str
    fps: float
    mouth: NDArray[np.float64]
    voice: NDArray[np.float64]


def read_clips(folder: Path, out: Path, box: Box, same: Sequence[Sequence[str]] = ()) -> list[Clip]:
    """The clips of a folder, by their manifest in `out`; those of a folder in it are one source.

    `same` names clips of one speaker that lie side by side. Raises SystemExit for
    films and names that are not there.
    """
    folder = folder.resolve()
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS)
    if not paths:
        raise SystemExit(f"{folder}: expected films ({', '.join(ENDINGS)}); got none")
    strange = {stem for group in same for stem in group} - {path.stem for path in paths}
    if strange:
        raise SystemExit(f"--same: expected names of clips in {folder}; got {min(strange)!r}")
    manifest = out / "clips.jsonl"
    lines = [
        {"key": path.relative_to(folder).as_posix(), "film": str(path), "speech": str(path)}
        for path in paths
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    manifest.write_text(text, encoding="utf-8", newline="\n")
    policy = load_policy(HERE / "clips.yaml")
    streams = {stream.name: stream for stream in policy.plan.streams}
    clips = []
    for entry in read_manifest(manifest):
        sample = policy(load_sample(entry, streams), key=entry.key)
        film, speech = sample["film"], sample["speech"]
        if "fps" not in film:
            raise SystemExit(f"{entry.key}: expected frames at a constant rate")
        mouth = np.stack([_around(frame, box) for frame in film["frames"]])
        sound = np.atleast_2d(speech["array"]).mean(axis=0)
        voice = _bands(sound, speech["sampling_rate"], film["fps"])
        count = min(len(mouth), len(voice))
        key = str(entry.key)
        clips.append(Clip(key, _source(key, same), film["fps"], mouth[:count], voice[:count]))
    return clips


def _source(key: str, same: Sequence[Sequence[str]]) -> str:
    stem = Path(key).stem
    for group in same:
        if stem in group:
            return "+".join(group)
    parent = Path(key).parent.as_posix()
    return stem if parent == "." else parent


def _around(frame: NDArray[np.uint8], box: Box) -> NDArray[np.float64]:
    height, width = frame.shape[:2]
    left, right = (round(share * width) for share in box[::2])
    top, bottom = (round(share * height) for share in box[1::2])
    grey = cv2.cvtColor(np.ascontiguousarray(frame[top:bottom, left:right]), cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, GRID, interpolation=cv2.INTER_AREA), np.float64)


def _bands(sound: NDArray[np.float32], rate: float, fps: float) -> NDArray[np.float64]:
    """The logarithm of the mean energy of each mel band (T, 20) while each frame is shown."""
    from librosa.feature import melspectrogram

    step, length = round(rate / fps / SPECTRA), round(LENGTH * rate)
    highest = min(HIGHEST, rate / 2)
    energy = melspectrogram(
        y=sound, sr=rate, n_fft=length, hop_length=step, n_mels=BANDS, fmin=LOWEST, fmax=highest
    ).T
    frame = (np.arange(len(energy)) * step / rate * fps + 1e-6).astype(int)
    count = int(len(sound) / rate * fps + 1e-6)
    return np.stack([np.log(energy[frame == place].mean(axis=0) + 1e-8) for place in range(count)])
