"""A record replays: the same bytes again, from the original sample and a line of JSON."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from syncaug import load_policy
from syncaug.record import Record

POLICY = """
syncaug: 1
name: noisy
sample:
  image: image
  speech: {modality: audio, sample_rate: 16000}
steps:
  - {name: turn, uses: rotate, with: {degrees: [-15, 15]}}
  - {name: grain, uses: noise, with: {snr_db: [10, 30]}}
"""


def main(folder: Path = Path("out")) -> None:
    generator = np.random.default_rng(0)
    sample = {
        "image": generator.integers(0, 256, (64, 64, 3), dtype=np.uint8),
        "speech": generator.normal(0, 0.1, 16000).astype(np.float32),
    }
    out, record = load_policy(POLICY, seed=7).apply(sample, key="a", epoch=2)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "record.json").write_text(record.to_json(), encoding="utf-8")

    read = Record.from_json((folder / "record.json").read_text(encoding="utf-8"))
    again = load_policy(read.policy).replay(sample, read)
    same = all(np.array_equal(out[name], again[name]) for name in sample)
    print("drawn:", {step.name: step.parameters for step in read.draw.steps})
    print("replayed bit for bit:", same)


if __name__ == "__main__":
    main()
