"""Manifests of cuts that are damaged, or unpack to more than may be."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from syncaug import ManifestError
from syncaug.datasets import lhotse
from syncaug.datasets.lhotse import reading


@pytest.mark.parametrize("change", ["cut", "hole", "bomb", "no"])
def test_a_damaged_manifest_of_cuts_is_one_error(
    tmp_path: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = bytearray(gzip.compress(os.urandom(3000).hex().encode()))
    if change == "cut":
        data = data[:-30]
    elif change == "hole":
        data[len(data) // 2 : len(data) // 2 + 300] = bytes(300)
    elif change == "bomb":
        monkeypatch.setattr(reading, "FILE_BYTES", 5000)
    else:
        data[:2] = b"no"
    (tmp_path / "cuts.jsonl.gz").write_bytes(bytes(data))
    with pytest.raises(ManifestError, match="expected a manifest of cuts"):
        lhotse.samples(tmp_path / "cuts.jsonl.gz")
