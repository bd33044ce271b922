"""A first sample imports no more than its operations need, and others find libraries whole."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.samples import ROOT

HEAVY = (
    *("torch", "transformers", "nltk", "sklearn", "scipy", "matplotlib"),
    *("pandas", "gdown", "requests"),
)
WORDS = """
from syncaug import load_policy
policy = load_policy('{syncaug: 1, sample: {caption: text}, steps: [{name: s, apply: {caption: '
                     '{op: nlpaug.KeyboardAug}}}]}')
made = policy({"caption": "a large car stops near a sofa"}, key=3)["caption"]
"""
PICTURE = """
import numpy as np
from syncaug import load_policy
policy = load_policy('{syncaug: 1, sample: {image: image}, steps: [{name: s, apply: {image: '
                     '{op: albumentations.GaussianBlur}}}]}')
photo = np.arange(32 * 32 * 3, dtype=np.uint8).reshape(32, 32, 3)
made = policy({"image": photo}, key=3)["image"].sum()
"""
OWN = """
import numpy as np
from syncaug import load_policy
policy = load_policy('{syncaug: 1, sample: {image: image, caption: {modality: text, describes: '
                     'image}}, steps: [{name: m, uses: flip, p: 0.5}, {name: l, uses: light, '
                     'with: {value: [-0.2, 0.2]}}]}')
made = policy({"image": np.zeros((8, 8, 3), np.uint8), "caption": "a red cat"}, key=3)["caption"]
"""
LOADED = (
    "\nimport sys, json\nprint(json.dumps([str(made), [n for n in HEAVY if n in sys.modules]]))"
)


def ran(code: str) -> Any:
    """What a program of its own prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"HEAVY = {HEAVY!r}\n{code}"],
        capture_output=True, text=True, check=True, cwd=ROOT, timeout=300,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("code", "first", "allowed"),
    [
        (WORDS, "import nlpaug.augmenter.word", []),
        (PICTURE, "import albumentations", ["scipy"]),
        (OWN, "", []),
    ],
    ids=["words", "picture", "own"],
)
def test_a_first_sample_imports_nothing_of_no_use(
    code: str, first: str, allowed: list[str]
) -> None:
    made, loaded = ran(code + LOADED)
    assert loaded == allowed
    again, with_all = ran(
        f"{first}\n{code}{LOADED}"
    )  # the library was there, with all of its parts
    assert made == again
    assert ("torch" in with_all) == bool(first)


def test_what_nlpaug_needs_in_few_functions_is_there_when_they_ask() -> None:
    code = """
from syncaug.backends import nlpaug as ours
noisy = ours.char_augmenters.RandomCharAug().augment("a large car")[0]
import sys
base = ours.char_augmenters.RandomCharAug.__mro__[-2]
pd = base.augment.__globals__["pd"]
import pandas
made = [noisy != "a large car", pd.DataFrame is pandas.DataFrame, "requests" in sys.modules]
"""
    made, loaded = ran(WORDS + code + LOADED)
    assert made == str([True, True, False])
    assert loaded == ["pandas"]


def test_nlpaug_is_whole_for_whoever_imports_it_afterwards() -> None:
    code = """
import random
import nlpaug
import nlpaug.augmenter.word as words
from nlpaug.util.selection.randomness import torch
import nlpaug.model.lang_models.fill_mask_transformers as model
made = [words.ContextualWordEmbsAug.__name__, words.SynonymAug.__name__, model.torch.__name__]
random.seed(3)
noisy = words.SpellingAug(aug_p=1.0).augment("because their friend")
made = [*made, noisy != ["because their friend"], policy({"caption": "a large car"}, key=3) != {}]
"""
    made, loaded = ran(WORDS + code + LOADED)
    assert made == str(["ContextualWordEmbsAug", "SynonymAug", "torch", True, True])
    assert {"torch", "transformers", "nltk"} <= set(loaded)


def test_albumentations_is_one_and_whole_for_whoever_imports_it_afterwards() -> None:
    code = """
import albumentations, pickle
from syncaug.backends import albumentations as ours
before = "torch" in sys.modules
from albumentations import *
made = [
    before, ours.library is albumentations, ToTensorV2.__module__, ToTensor3D.__name__,
    albumentations.pytorch.ToTensorV2 is ToTensorV2, albumentations.ToTensorV2 is ToTensorV2,
    type(pickle.loads(pickle.dumps(HorizontalFlip(p=1.0)))) is HorizontalFlip,
    tuple(Compose([ToTensorV2()])(image=photo)["image"].shape), hasattr(albumentations, "none"),
]
"""
    made, _ = ran("import sys\n" + PICTURE + code + LOADED)
    assert made == str(
        [False, True, "albumentations.pytorch.transforms", "ToTensor3D", True, True, True,
         (3, 32, 32), False]
    )  # fmt: skip


def test_nlpaug_is_whole_in_a_thread_that_imports_it_at_the_same_time() -> None:
    code = """
import importlib.util, sys, threading
from syncaug.backends import optional_imports
made = []
def look():
    import nlpaug.augmenter.word as words
    from nlpaug.model.lang_models.fill_mask_transformers import torch
    made.extend([words.ContextualWordEmbsAug.__name__, torch.__name__])
before = optional_imports._Private.module
def module(self, name):
    found = before(self, name)
    if name == "nlpaug.util" and not made:
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    return found
optional_imports._Private.module = module
"""
    kept = """
import nlpaug.augmenter.word
from syncaug.backends import nlpaug as ours
from copy import deepcopy
import pickle
again = pickle.loads(pickle.dumps(policy))
same = again({"caption": "a large car"}, key=3) == policy({"caption": "a large car"}, key=3)
made = [*seen, ours.word_augmenters is nlpaug.augmenter.word, same]
"""
    made, _ = ran(code + "seen = made\n" + WORDS + kept + LOADED)
    assert made == str(["ContextualWordEmbsAug", "torch", False, True])


def test_only_the_library_itself_is_kept_from_a_package(tmp_path: Path) -> None:
    (tmp_path / "lib_a.py").write_text(
        "import lib_b\ntry:\n    import colorsys\nexcept ImportError:\n    colorsys = None\n"
    )
    (tmp_path / "lib_b.py").write_text("import colorsys, importlib.util\n")
    code = f"""
import json, sys
sys.path.insert(0, {str(tmp_path)!r})
from syncaug.backends.optional_imports import _keeping_out
with _keeping_out("lib_a", ("wave",)):
    import lib_a
    import wave
print(json.dumps([lib_a.colorsys.__name__, lib_a.lib_b.colorsys.__name__, wave.__name__]))
"""
    assert ran(code) == ["colorsys", "colorsys", "wave"]
    (tmp_path / "lib_a.py").write_text(
        "try:\n    import wave\nexcept ImportError:\n    wave = None\nimport lib_b\n"
    )
    (tmp_path / "lib_b.py").write_text("import wave\n")
    again = code.replace("lib_a.colorsys.__name__", "lib_a.wave").replace("colorsys", "wave")
    assert ran(again) == [None, "wave", "wave"]


def test_a_part_that_cannot_be_imported_is_missing_as_in_the_library(tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("raise ImportError('a broken build')\n")
    code = f"""
sys.path.insert(0, {str(tmp_path)!r})
{PICTURE}
import albumentations
from albumentations import *
made = [hasattr(albumentations, "ToTensorV2"), HorizontalFlip.__name__, "ToTensorV2" in globals()]
"""
    made, _ = ran("import sys\n" + code + LOADED)
    assert made == str([False, "HorizontalFlip", False])


def test_a_library_that_is_not_installed_is_missing_by_its_name() -> None:
    code = """
import json
from syncaug.backends.optional_imports import without
try:
    with without("no_library_of_this_name", ("torch",)) as imported:
        imported("no_library_of_this_name.part")
except ModuleNotFoundError as error:
    print(json.dumps(error.name))
"""
    assert ran(code) == "no_library_of_this_name"
