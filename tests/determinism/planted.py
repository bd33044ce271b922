"""Operations with faults that a check of determinism must find, and a data set to try them on."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import numpy as np
from PIL import Image

HEAD = """
import os, random, time
import numpy as np

OPERATIONS = {
    "Tint": {"summary": "Tint.", "takes": ["image"], "moves": "nothing", "parameters": {}},
}
"""

FAULTS = {
    "numpy": "return data + np.uint8(np.random.randint(1, 200))",
    "random": "return data + np.uint8(random.randint(1, 200))",
    "time": "return data + np.uint8(time.perf_counter_ns() // 100 % 251)",
    "pid": "return data + np.uint8(os.getpid() % 251)",
    "global": "COUNT.append(0); return data + np.uint8(len(COUNT) % 251)",
    "last": "COUNT.append(data); return COUNT[-min(2, len(COUNT))].astype(data.dtype)",
    "shape": "COUNT.append(0); return data[: -1 - len(COUNT) % 3]",
    "release": "return data + np.uint8(3 + entropy.integer() % 200)",
    "none": "return data + np.uint8(entropy.integer() % 251)",
}
"""Name -> what `run` does with a picture; the last one is right."""

POLICY = """
syncaug: 1
sample:
  image: image
  caption: {modality: text, describes: image}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: tint, apply: {image: {op: tinter.Tint}}}
  - {name: light, uses: light, with: {value: [-0.3, 0.3]}}
"""


def module(fault: str) -> str:
    """The code of a package with one operation."""
    return HEAD + dedent(f"""
        COUNT = []

        class Tint:
            def run(self, data, values, entropy):
                {FAULTS[fault]}

        def prepare(name, modality, constants, options):
            return Tint()
        """)


def written(folder: Path, count: int = 4) -> tuple[Path, Path]:
    """A policy and a manifest of small pictures."""
    policy, manifest = folder / "tint.yaml", folder / "pictures.jsonl"
    policy.write_text(POLICY)
    lines = []
    for index in range(count):
        pixels = np.random.default_rng(index).integers(0, 255, (16, 24, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{index}.png")
        lines.append(
            {"key": f"photo/{index}", "image": f"{index}.png", "caption": "a cat on the left"}
        )
    manifest.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return policy, manifest
