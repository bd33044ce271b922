"""The folder of a data set whose writer did not come to its end."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from syncaug import ManifestError
from syncaug.datasets import coco
from tests.samples import DATA

PETS = DATA / "pets"


def test_a_folder_of_a_writer_that_was_killed_is_told(tmp_path: Path) -> None:
    """No tables say what is there, so that nothing takes it for a data set."""
    work = (
        "import os, signal\n"
        "from syncaug.datasets import coco\n"
        "def results():\n"
        f"    yield coco.samples({str(PETS)!r})[0]\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        f"coco.write(results(), {str(tmp_path / 'out')!r})\n"
    )
    assert subprocess.run([sys.executable, "-c", work], check=False).returncode == -signal.SIGKILL
    assert not (tmp_path / "out" / "annotations").exists()
    with pytest.raises(ManifestError, match="expected a COCO data set"):
        coco.samples(tmp_path / "out")
    with pytest.raises(ManifestError, match=r"never finished.*Delete it, and write it again\."):
        coco.write(coco.samples(PETS), tmp_path / "out")


def test_a_folder_in_which_nothing_came_to_be_whole_is_free_again(tmp_path: Path) -> None:
    samples = coco.samples(PETS)
    for bad, reason in (({**samples[0], "image": "no picture"}, "sample"), (None, "mappings")):
        with pytest.raises(ManifestError, match=reason):
            coco.write([bad], tmp_path / "out")
        assert not list((tmp_path / "out").iterdir())
    coco.write(samples, tmp_path / "out")
    with pytest.raises(ManifestError, match="is not empty"):
        coco.write(samples, tmp_path / "out")
