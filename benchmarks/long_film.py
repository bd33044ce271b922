"""A long film through `syncaug apply`: peak memory and time, while the film is never whole in it.

    python -m benchmarks.long_film [--seconds 600] [--keep FOLDER]

Makes a 720p film with stereo sound at 48 kHz and subtitles, augments it in a process of its own
with a plane map, a colour map and a time map, and prints that process's peak resident memory.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.clips.clip import regular_times
from syncaug.io.container_forms import Coding
from syncaug.io.container_writer import Contents, write_container
from syncaug.io.containers import list_tracks

WIDTH, HEIGHT, FPS, RATE = 1280, 720, 25.0, 48_000
GIBIBYTE = 1 << 30

POLICY = """
syncaug: 1
name: long-film
sample:
  film: {modality: video}
  sound: {modality: audio}
  subtitles: {modality: timed_text}
steps:
  - {name: turn, uses: rotate, with: {degrees: 3}}
  - {name: mood, uses: colour, with: {hue: 10}}
  - {name: tempo, uses: speed, with: {factor: 1.05, preserve_pitch: false}}
"""


class Moving:
    """Frames made when they are read: a pattern that drifts."""

    def __init__(self, seconds: float) -> None:
        self.times = regular_times(round(seconds * FPS), FPS)
        self.duration, self.fps, self.dtype = seconds, FPS, np.dtype(np.uint8)
        y, x = np.mgrid[0:HEIGHT, 0 : 2 * WIDTH]
        waves = (128 + 100 * np.sin(x / 40.0) * np.cos(y / 60.0)).astype(np.uint8)
        self._wide = np.stack([waves, waves[::-1], 255 - waves], axis=-1)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        return len(self), HEIGHT, WIDTH, 3

    def __len__(self) -> int:
        return len(self.times)

    def read(self, indices: Any) -> NDArray[np.uint8]:
        starts = (np.asarray(indices) * 3) % WIDTH
        return np.stack([self._wide[:, start : start + WIDTH] for start in starts])


def make(path: Path, seconds: float) -> None:
    """The film."""
    clock = np.arange(round(seconds * RATE), dtype=np.float32)
    sound = np.stack([np.sin(clock * 0.05), np.sin(clock * 0.03)]) * np.float32(0.3)
    cues = [
        {"start": float(at), "end": at + 1.5, "text": f"cue {at}"}
        for at in range(0, int(seconds), 2)
    ]
    contents = Contents([Moving(seconds)], [(sound, RATE)], [cues])
    write_container(path, contents, Coding(crf=23, preset="ultrafast"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--keep", type=Path, default=None)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        film = folder / "film.mp4"
        if not film.exists():
            started = time.perf_counter()
            subprocess.run(  # in a process of its own, so that its memory does not count below
                [sys.executable, "-c", _MAKE, str(film), str(options.seconds)], check=True
            )
            print(
                f"made {film.stat().st_size / 1e6:.0f} MB in {time.perf_counter() - started:.0f} s"
            )
        (folder / "policy.yaml").write_text(POLICY)
        line = {"key": 1, "film": "film.mp4", "sound": "film.mp4", "subtitles": "film.mp4"}
        (folder / "films.jsonl").write_text(json.dumps(line) + "\n")
        command = [
            sys.executable, "-c", _APPLY, "apply", str(folder / "policy.yaml"),
            "--manifest", str(folder / "films.jsonl"), "--out", str(folder / "out"), "--overwrite",
        ]  # fmt: skip
        started = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        seconds = time.perf_counter() - started
        peak = int(done.stderr.strip().rsplit("\n", 1)[-1]) * 1024
        tracks = list_tracks(folder / "out" / "1" / "0" / "film.mp4")
        frames = options.seconds * FPS
        print(f"{options.seconds:g} s of {WIDTH}x{HEIGHT} in {seconds:.0f} s", end=" ")
        print(f"({frames / seconds:.0f} frames/s), peak {peak / GIBIBYTE:.2f} GiB resident")
        print("out:", ", ".join(f"{t.kind} {t.duration:.3f} s" for t in tracks))
        if peak > GIBIBYTE:
            sys.exit("more than 1 GiB")


_MAKE = f"""
FOLDER = {str(Path(__file__).parent.parent)!r}
import sys
from pathlib import Path
sys.path.insert(0, FOLDER)
from benchmarks.long_film import make
make(Path(sys.argv[1]), float(sys.argv[2]))
"""

_APPLY = """
import resource, sys
from syncaug.cli import main
try:
    main()
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""

if __name__ == "__main__":
    main()
