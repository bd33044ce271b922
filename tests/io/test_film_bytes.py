"""Equal films are equal bytes, whatever lies in memory that was never written.

glibc fills what it hands out with a byte that is asked for, so that what reads it without having
written it gives other bytes.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

_WRITE = """
import hashlib, sys
from pathlib import Path
from tempfile import TemporaryDirectory
import numpy as np
from syncaug.clips.clip import ArrayClip, regular_times
from syncaug.io.container_forms import Coding
from syncaug.io.container_writer import Contents, write_container

random = np.random.default_rng(0)
with TemporaryDirectory() as folder:
    sizes = (66, 50), (51, 39), (100, 34), (67, 50)
    for suffix, (width, height) in zip((".mp4", ".mp4", ".mkv", ".webm"), sizes):
        steps = random.normal(size=(height, width + 60, 3)).cumsum(0).cumsum(1)
        wide = ((steps - steps.min()) / np.ptp(steps) * 255).astype(np.uint8)
        frames = np.stack([wide[:, place : place + width] for place in range(45)])
        path = Path(folder) / f"film{width}{suffix}"
        write_container(path, Contents([ArrayClip(frames, regular_times(45, 25.0), 1.8)]), Coding())
        print(suffix, width, hashlib.sha256(path.read_bytes()).hexdigest())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc alone fills its memory")
def test_films_do_not_depend_on_memory_that_was_never_written() -> None:
    told = set()
    for byte in ("1", "170"):
        done = subprocess.run(
            [sys.executable, "-c", _WRITE],
            env={**os.environ, "MALLOC_PERTURB_": byte},
            capture_output=True,
            text=True,
            check=True,
        )
        told.add(done.stdout)
    assert len(told) == 1, told
