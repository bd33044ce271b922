"""The catalogue of operations: complete, current, and light to read."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import pytest

from syncaug.catalogue import names, operation
from tools.make_catalogue import generate

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.filterwarnings("ignore")
def test_the_files_are_what_the_installed_libraries_say() -> None:
    for name, text in generate().items():
        stored = (ROOT / "syncaug/catalogue" / name).read_text()
        assert stored == text, f"{name} is stale: run python -m tools.make_catalogue"


def test_reading_is_lazy_and_imports_no_library() -> None:
    code = (
        "import sys\n"
        "from syncaug.catalogue import operation\n"
        "from syncaug.catalogue.reader import _entries\n"
        "operation('audiomentations.Gain')\n"
        "assert _entries.cache_info().currsize == 1\n"
        "heavy = {'albumentations', 'audiomentations', 'nlpaug', 'open3d', 'cv2', 'torch'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_unknown_names() -> None:
    for name in ("albumentations.Nothing", "nowhere.Gain", "Gain", ""):
        with pytest.raises(KeyError):
            operation(name)


def test_every_entry_is_whole() -> None:
    assert len(names()) == len(set(names())) > 150
    for name in names():
        spec = operation(name)
        assert spec.name == name
        assert spec.takes
        assert spec.extra or spec.library == "syncaug"  # our own need no library
        assert spec.summary.endswith(".")
        assert len(spec.summary) <= 201
        for parameter in spec.parameters.values():
            where = f"{name}.{parameter.name}"
            assert parameter.name != "p"
            assert isinstance(parameter.schema, dict), where
            assert parameter.schema, where
            assert (parameter.form == "fixed") == bool(parameter.reason), where
            low = -math.inf if parameter.minimum is None else parameter.minimum
            high = math.inf if parameter.maximum is None else parameter.maximum
            assert low < high, where
            assert not (parameter.required and parameter.default is not None), where


def test_what_the_libraries_check_is_known() -> None:
    noise = operation("albumentations.GaussNoise").parameters["std_range"]
    assert (noise.form, noise.minimum, noise.maximum) == ("range", 0.0, 1.0)
    hue = operation("albumentations.HueSaturationValue")
    assert "colours" in hue.changes
    assert hue.turns_hue == {"hue_shift_limit": 2.0}
    assert hue.parameters["hue_shift_limit"].minimum is None
    rate = operation("audiomentations.TimeStretch").parameters["min_rate"]
    assert (rate.minimum, rate.maximum) == (0.1, 10.0)
    blur = operation("albumentations.Blur").parameters["blur_limit"]
    assert (blur.integer, blur.odd, blur.minimum) == (True, True, 3)
    assert operation("albumentations.Perspective").moves == "plane"
    assert operation("albumentations.ElasticTransform").moves == "field"
    assert operation("albumentations.CoarseDropout").moves == "nothing"
