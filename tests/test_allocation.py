"""The memory of a batch that was dropped serves the next one, unless the user says otherwise."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from syncaug.allocation import SWITCH

_BATCHES = """
import json, resource
import numpy as np
from syncaug import load_policy

policy = load_policy(json.dumps({
    "syncaug": 1,
    "sample": {"image": "image"},
    "steps": [{"name": "lamp", "uses": "light", "with": {"value": 0.2}}],
}))
picture = np.full((512, 1024, 3), 100, np.uint8)
faults = []
for epoch in range(7):
    batch = [policy({"image": picture}, key=key, epoch=epoch) for key in range(16)]
    del batch
    faults.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
print(*map(int, np.diff(faults[2:])))
"""


def faults_of_a_batch(**environment: str) -> int:
    """Page faults of a batch of 24 MiB, after others like it: the least of some batches.

    A system that is short of memory takes pages away meanwhile, which come back by a fault each.
    """
    run = subprocess.run(
        [sys.executable, "-c", _BATCHES],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    return min(map(int, run.stdout.split()))


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="thresholds of glibc")
def test_a_second_batch_costs_no_page_faults() -> None:
    assert faults_of_a_batch() < 300
    assert faults_of_a_batch(**{SWITCH: "0"}) > 3000


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="thresholds of glibc")
def test_thresholds_that_the_user_set_stay() -> None:
    assert faults_of_a_batch(MALLOC_TRIM_THRESHOLD_="131072") > 3000
