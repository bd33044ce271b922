"""Large batches: no loss keeps a matrix of all pairs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

COUNT, WIDTH = 12_288, 16
MATRIX = COUNT * COUNT * 4 >> 20
"""MiB of one matrix of all pairs in float32, of which the naive form keeps four or more."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["info_nce", "siglip", "alignment_uniformity", "cycle_consistency"]
)
def test_no_matrix_of_all_pairs_is_kept(name: str) -> None:
    script = Path(__file__).with_name("large.py")
    done = subprocess.run(
        [sys.executable, script, name, str(COUNT), str(WIDTH)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(script.parents[2]), "OMP_NUM_THREADS": "1"},
    )
    peak, before = map(int, done.stdout.split()[1:])
    assert peak - before < 1.5 * MATRIX
