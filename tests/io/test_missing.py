"""Without the optional libraries, the error says what to install; importing the room needs none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from syncaug.errors import ManifestError
from tests.io.material import load


def run(code: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-c", code, *arguments], check=True)


def test_importing_the_room_imports_no_library_of_files() -> None:
    run(
        "import sys, syncaug.io\n"
        "heavy = {'cv2', 'soundfile', 'open3d', 'torch', 'albumentations'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )


@pytest.mark.parametrize(
    ("missing", "modality", "extra"),
    [("cv2", "image", "image"), ("soundfile", "audio", "audio"), ("open3d", "points", "points")],
)
def test_a_missing_library_is_named_with_its_extra(
    tmp_path: Path, missing: str, modality: str, extra: str
) -> None:
    (tmp_path / "x.ply").write_bytes(b"ply\n")
    run(
        "import sys; from pathlib import Path\n"
        "folder, missing, modality, extra = sys.argv[1:]\n"
        "sys.modules[missing] = None\n"
        "from syncaug.errors import MissingExtraError\n"
        "from tests.io.material import load\n"
        "try: load(Path(folder), 'x.ply', modality)\n"
        "except MissingExtraError as error: assert f\"'syncaug[{extra}]'\" in str(error), error\n"
        "else: raise AssertionError('it was read')",
        *(str(tmp_path), missing, modality, extra),
    )


def test_a_long_path_is_shown_without_its_middle(tmp_path: Path) -> None:
    for name in ("x" * 5000 + ".png", "/".join(f"folder{n}" for n in range(400)) + ".png"):
        with pytest.raises(ManifestError) as told:
            load(tmp_path, name, "image")
        text = str(told.value)
        assert len(text) < 700
        assert name[:40] in text
        assert name[-40:] in text
        assert name in told.value.args[0]
