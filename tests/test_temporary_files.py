"""Files that processes share or read from go with those who made them, in workers too."""

from __future__ import annotations

import gc
import multiprocessing
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.errors import SampleError
from syncaug.loaders import SharedEpoch
from tests.io.films import film

FILM = "{syncaug: 1, sample: {film: video}, steps: [{name: m, uses: flip}]}"
_KEPT: list[Any] = []
"""What a process still has when it ends."""


def sharing(folder: Path) -> None:
    tempfile.tempdir = str(folder)
    _KEPT.append(SharedEpoch(3))
    assert _KEPT[0].value == 3
    assert len(list(folder.glob("syncaug-shared-*"))) == 1


def reading_a_film(folder: Path) -> None:
    tempfile.tempdir = str(folder)
    seen = _seen({"bytes": (folder.parent / "it.mp4").read_bytes(), "path": "it.mp4"})
    assert seen["frames"].read([3]).shape == (1, 48, 64, 3)
    assert len(list(folder.glob("*.mp4"))) == 1
    _KEPT.append(seen)


def refusing_a_film(folder: Path) -> None:
    tempfile.tempdir = str(folder)
    with pytest.raises(SampleError, match="of another format"):
        load_policy(FILM, seed=1)({"film": {"bytes": b"none at all", "path": "it.mp4"}}, key=1)
    with pytest.raises(ZeroDivisionError):
        _seen({"bytes": b"none at all", "path": "it.yaml"}, lambda path: 1 / 0)
    assert not list(folder.iterdir())


def _seen(value: Any, read: Any = None) -> Any:
    from syncaug.forms import encoded

    return encoded._from_bytes(value["bytes"], Path(value["path"]).suffix, read or encoded._film)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
@pytest.mark.parametrize("work", [sharing, reading_a_film, refusing_a_film])
def test_a_worker_leaves_no_file(tmp_path: Path, method: str, work: Callable[[Path], None]) -> None:
    if method not in multiprocessing.get_all_start_methods():
        method = "spawn"
    film(tmp_path / "it.mp4", np.arange(10) / 25)
    folder = tmp_path / "temporary"
    folder.mkdir()
    process = multiprocessing.get_context(method).Process(target=work, args=(folder,))
    process.start()
    process.join()
    assert process.exitcode == 0
    assert not list(folder.iterdir())


@pytest.mark.parametrize("work", [sharing, reading_a_film, refusing_a_film])
def test_a_file_goes_with_the_last_who_has_it(
    tmp_path: Path, work: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    film(tmp_path / "it.mp4", np.arange(10) / 25)
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", tempfile.tempdir)
    work(folder)
    _KEPT.clear()
    gc.collect()
    assert not list(folder.iterdir())
