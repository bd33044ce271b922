"""Real files through shipped policies and back out of files: what is measured keeps its bound."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.measure_alignment import MEASURES


@pytest.mark.slow
@pytest.mark.parametrize("name", MEASURES)
def test_what_came_out_is_aligned(name: str, tmp_path: Path) -> None:
    lines = list(MEASURES[name](tmp_path))
    assert lines
    for line in lines:
        print(f"{line.file}, {line.policy}: {line.what} {line.value:.3g} {line.unit}")
    assert [line for line in lines if not line.kept] == []
