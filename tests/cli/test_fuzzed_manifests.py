"""Damaged manifests: a few of those that `python -m tools.fuzz manifests` tries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.fuzz import manifests


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("fuzz")
    manifests._prepare(folder)
    return folder


@pytest.mark.parametrize("number", range(40))
def test_one_damaged_line_costs_one_sample(folder: Path, number: int) -> None:
    assert manifests.outcome_of(folder, manifests.damaged(7, number)) in (
        "done",
        "skipped",
        "blank",
    )


def test_the_same_seed_gives_the_same_manifests() -> None:
    assert [manifests.damaged(3, n) for n in range(20)] == [
        manifests.damaged(3, n) for n in range(20)
    ]
    assert manifests.damaged(3, 0) != manifests.damaged(4, 0)
