"""A first sample imports no more than its operations need, and others find libraries whole."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.samples import ROOT

HEAVY = ("torch", "transformers", "nltk", "sklearn", "scipy", "matplotlib")
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


def test_what_is_kept_out_is_found_by_other_threads_and_afterwards() -> None:
    code = """
import importlib.util, json, sys, threading
from syncaug.backends.optional_imports import without
found = []
def look():
    import colorsys
    found.append(colorsys.__name__)
with without("nlpaug", ("colorsys", "json", "none")):
    thread = threading.Thread(target=look)
    try:
        import colorsys
    except ModuleNotFoundError as error:
        found.append(error.name)
    thread.start()
    thread.join()
    found.append(json.__name__)  # it was imported before
import colorsys
found.append(colorsys.__name__)
print(json.dumps(found))
"""
    assert ran(code) == ["colorsys", "colorsys", "json", "colorsys"]
