"""A small manifest of pictures, films, sounds and boxes, whose policy mixes, drops and is refused.

python -m tests.runs.material FOLDER COUNT
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import numpy as np

from syncaug.backends.codecs import encode_png
from syncaug.io.audio import write_audio
from tests.io.films import click, film

POLICY = """syncaug: 1
sample:
  image: image
  boxes: {modality: boxes, format: pascal_voc, labels: classes}
  voice: {modality: audio, clock: voice}
  film: {modality: video, clock: film}
  sound: {modality: audio, clock: film}
untouched: [note]
steps:
  - {name: patch, uses: mixup, with: {share: [0.2, 0.4]}, p: 0.7, partner: uniform}
  - {name: turn, uses: crop, with: {area: [0.3, 0.9]}}
  - {name: hiss, uses: noise, with: {snr_db: [10, 30]}}
  - {name: cut, uses: trim, with: {duration: [0.5, 0.9], unit: share, clock: film}}
checks: [boxes_visible: {min_area: 0.3}]
on_fail: {then: drop}
"""


def material(folder: Path, count: int = 10, *, bad: tuple[int, ...] = (4,)) -> list[str]:
    """Write a policy and a manifest; the options of `apply` that name them. Some lines are bad."""
    (folder / "p.yaml").write_text(POLICY)
    generator = np.random.default_rng(0)
    lines = []
    for number in range(count):
        picture = generator.integers(0, 256, (48, 64, 3), dtype=np.uint8)
        (folder / f"{number}.png").write_bytes(encode_png(picture))
        voice = {"array": click(0.2, 0.01 * (number % 20), rate=8000)[0], "sampling_rate": 8000}
        write_audio(folder, f"{number}", voice, {})
        if number < 3:
            film(folder / f"{number}.mp4", [0.04 * n for n in range(12)], sound=click(0.48, 0.2))
        values = {
            "image": "none.png" if number in bad else f"{number}.png",
            "boxes": [[4, 4, 20, 24], [32, 16, 60, 44]],
            "classes": ["cat", "dog"],
            "voice": f"{number}.wav",
            "film": f"{number % 3}.mp4",
            "sound": f"{number % 3}.mp4",
            "note": [number],
        }
        lines.append(json.dumps({"key": f"k/{number}", **values}))
    (folder / "m.jsonl").write_text("\n".join(lines) + "\n")
    return [str(folder / "p.yaml"), "--manifest", str(folder / "m.jsonl"), "--on-error", "skip"]


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file in a folder, by its path; of what is a folder, a word."""
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "a folder"
        )
        for path in sorted(folder.rglob("*"))
    }


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    print(*material(Path(sys.argv[1]), int(sys.argv[2])))
