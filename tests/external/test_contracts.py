"""Each contract check passes what is right, and catches what is planted with a clear message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from syncaug.testing import (
    check_check,
    check_lane,
    check_modality,
    check_operation,
    check_transform,
)
from tests.external.conftest import Install
from tests.samples import ROOT

EXAMPLES = ROOT / "examples"
SHAKE = (EXAMPLES / "own_transform" / "shake.py").read_text()
PULSE = (EXAMPLES / "own_modality" / "pulse.py").read_text()
DARKNESS = (EXAMPLES / "own_check" / "darkness.py").read_text()
GATHER = (EXAMPLES / "own_lane" / "gather.py").read_text()
SHOUT = (EXAMPLES / "own_operation" / "shout.py").read_text()

IMAGE = np.random.default_rng(1).integers(40, 255, (24, 32, 3), np.uint8)
SOUND = np.sin(np.arange(4000, dtype=np.float32) / 20) * np.float32(0.3)
MASK = np.random.default_rng(2).integers(0, 5, (24, 32), np.uint8)


def transform(name: str) -> None:
    check_transform(
        name,
        streams={"image": "image", "dots": "keypoints"},
        sample={"image": IMAGE, "dots": np.array([[9.0, 8.0]])},
        parameters={"strength": [0.0, 0.2], "direction": [0, 360]},
    )


def operation(name: str) -> None:
    check_operation(
        f"{name}.Louder",
        on="sound",
        streams={"sound": {"modality": "audio", "sample_rate": 4000}},
        sample={"sound": SOUND},
        parameters={"factor": [0.5, 2.0]},
    )


def modality(name: str) -> None:
    check_modality(
        name,
        stream="heart",
        streams={"heart": name, "sound": {"modality": "audio", "sample_rate": 4000}},
        sample={"heart": np.array([0.1, 0.4, 0.62, 0.9]), "sound": SOUND},
    )


def check(name: str) -> None:
    check_check(
        name,
        streams={"image": "image"},
        sample={"image": IMAGE},
        options={"keep": 0.4},
        spoils=[{"uses": "light", "with": {"value": -0.9}}],
    )


def lane(name: str) -> None:
    check_lane(
        name,
        stream="mask",
        streams={"mask": "mask"},
        sample={"mask": MASK},
        steps=[
            {"uses": "flip", "p": 0.5},
            {"uses": "translate", "with": {"x": 0.25, "y": 0.125}},
            {"uses": "crop", "with": {"area": [0.3, 0.8]}},
        ],
    )


_IN = " " * 8
Contract = Callable[[str], None]
RIGHT: dict[str, tuple[str, str, Contract]] = {
    "syncaug.transforms": ("shake", SHAKE, transform),
    "syncaug.operations": ("shout", SHOUT, operation),
    "syncaug.modalities": ("pulse", PULSE, modality),
    "syncaug.checks": ("darkness", DARKNESS, check),
    "syncaug.lanes": ("gather", GATHER, lane),
}


@pytest.mark.parametrize("group", RIGHT)
def test_an_example_holds_its_contract(install: Install, group: str) -> None:
    name, code, contract = RIGHT[group]
    install(group, name, code)
    contract(name)


def planted(*pairs: tuple[str, str]) -> Callable[[str], str]:
    """The code with errors planted in it."""

    def plant(code: str) -> str:
        for right, wrong in pairs:
            assert right in code
            code = code.replace(right, wrong, 1)
        return code

    return plant


MUTANTS: dict[str, tuple[str, Callable[[str], str], str]] = {
    "operation-global": (
        "syncaug.operations",
        planted(("np.float32(factor)", "np.float32(factor + np.random.rand())")),
        "a global generator was used",
    ),
    "operation-counts": (
        "syncaug.operations",
        planted(
            ("        factor =", "        self.n = getattr(self, 'n', 0) + 1\n        factor ="),
            ("np.float32(factor)", "np.float32(factor + self.n / 100)"),
        ),
        "the same address gave other bytes",
    ),
    "operation-writes": (
        "syncaug.operations",
        planted(("        return np.clip", "        data[0] = 0.9\n        return np.clip")),
        "was written to",
    ),
    "operation-dtype": (
        "syncaug.operations",
        planted(("-1.0, 1.0)", "-1.0, 1.0).astype(np.float64)")),
        "went out as an array of float64",
    ),
    "operation-deaf": (
        "syncaug.operations",
        planted(("np.float32(factor)", "np.float32(1)")),
        "use what is drawn",
    ),
    "operation-raises": (
        "syncaug.operations",
        planted(("        factor =", "        raise IndexError\n        factor =")),
        "IndexError left a call",
    ),
    "transform-identity": (
        "syncaug.transforms",
        planted(('reach = parameters["strength"] * width', "reach = 3.0")),
        "calls neutral",
    ),
    "transform-kind": (
        "syncaug.transforms",
        planted(('("plane", plane, PlaneMap', '("world", plane, PlaneMap')),
        "add it to SPEC's makes",
    ),
    "transform-type": (
        "syncaug.transforms",
        planted(("    return out", "    return [*out, ('plane', 'plane', 5)]")),
        "a plane map is 5; expected PlaneMap",
    ),
    "transform-space": (
        "syncaug.transforms",
        planted(('("plane", plane, PlaneMap', '("plane", "nowhere", PlaneMap')),
        "was sent to 'nowhere'",
    ),
    "transform-size": (
        "syncaug.transforms",
        planted(("numbers, (width, height), (width", "numbers, (width + 1, height), (width")),
        "view.size says (32, 24)",
    ),
    "transform-changes": (
        "syncaug.transforms",
        planted(("    out = []", "    out = []\n    parameters['strength'] /= 2")),
        "changed the parameters",
    ),
    "transform-random": (
        "syncaug.transforms",
        planted(("reach = ", "reach = __import__('random').random() + ")),
        "a global generator was used",
    ),
    "check-stateful": (
        "syncaug.checks",
        planted(
            ("    shares: ", "    CALLS.append(1)\n    shares: "),
            ("after / before", "after / before - len(CALLS) / 1e6"),
            ("def measure", "CALLS: list = []\n\n\ndef measure"),
        ),
        "keep no state",
    ),
    "check-blind": (
        "syncaug.checks",
        planted(("passed = shares[least] >=", "passed = True or shares[least] >=")),
        "it passes what `spoils` does",
    ),
    "check-reads": (
        "syncaug.checks",
        planted(('"reads": ["image"]', '"reads": []')),
        "add the modality to SPEC's reads",
    ),
    "check-number": (
        "syncaug.checks",
        planted(("return Measure(shares[least], passed, text, shares)", "return passed")),
        "returned True; expected a Measure",
    ),
    "check-writes": (
        "syncaug.checks",
        planted(
            (
                "        if before > 0",
                "        outcome.after[name][0] = 9\n" + "        if before > 0",
            )
        ),
        "measure() wrote to the outcome",
    ),
    "modality-identity": (
        "syncaug.modalities",
        planted(("- offset\n\n    def blank", "- offset + 0.01\n\n    def blank")),
        "a time map that changes nothing changes something",
    ),
    "modality-composes": (
        "syncaug.modalities",
        planted(
            (
                "        found = []",
                f"{_IN}found = []\n{_IN}if time.segments[0].first > 0: beats = np.round(beats, 1)",
            )
        ),
        "two time maps composed do not do what one after the other does",
    ),
    "modality-writes": (
        "syncaug.modalities",
        planted(
            ("array.astype(np.float64)\n", "array\n"),
            (
                "        self.beats = self.beats[~",
                "        self.beats += 0.01\n        self.beats = self.beats[~",
            ),
        ),
        "was written to",
    ),
    "modality-takes-all": (
        "syncaug.modalities",
        planted(
            (
                "        if array.ndim != 1",
                f"{_IN}if value is None:\n{_IN}    array = value = np.zeros(1)\n"
                f"{_IN}if array.ndim != 1",
            )
        ),
        "None was taken",
    ),
    "modality-form": (
        "syncaug.modalities",
        planted((".astype(self.data.dtype)}", ".tolist()}")),
        "went out as a list",
    ),
    "lane-differs": (
        "syncaug.lanes",
        planted(("np.rint(places)", "np.rint(places + 1)")),
        "differs from the library's own",
    ),
    "lane-global": (
        "syncaug.lanes",
        planted(("        width, height", "        np.random.rand()\n        width, height")),
        "a global generator was used",
    ),
}
"""Planted error -> the group of its example, the error, what the contract check says of it."""


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_planted_error_is_caught(install: Install, mutant: str) -> None:
    group, plant, said = MUTANTS[mutant]
    name, code, contract = RIGHT[group]
    install(group, name, plant(code))
    with pytest.raises(AssertionError) as caught:
        contract(name)
    assert said in str(caught.value)
    assert str(caught.value).startswith(name)


MIXES = """
from syncaug.transforms.mixup import maps

SPEC = {
    "name": "melt",
    "summary": "Blend with a partner.",
    "makes": ["mix"],
    "parameters": {
        "share": {"description": "d", "schema": {"type": "number", "minimum": 0, "maximum": 1}},
        "least_visible": {"description": "d", "schema": {"type": "number"}, "default": 0.1},
        "fit": {"description": "d", "schema": {"type": "string"}, "default": "resize"},
    },
    "stream_parameters": {"image": {"type": "string", "enum": ["blend", "keep"]}},
}
"""


def test_a_transform_that_mixes_takes_from_a_partner(install: Install) -> None:
    install("syncaug.transforms", "melt", MIXES)
    check_transform(
        "melt",
        streams={"image": "image"},
        sample={"image": IMAGE},
        partner={"image": IMAGE[::-1].copy()},
        parameters={"share": [0.2, 0.8]},
    )


OURS: dict[str, Callable[[], Any]] = {
    "transform": lambda: transform("flip"),
    "operation": lambda: operation("nlpaug"),
    "modality": lambda: modality("audio"),
    "check": lambda: check("similarity"),
}


@pytest.mark.parametrize("kind", OURS)
def test_a_name_of_ours_is_refused(kind: str) -> None:
    with pytest.raises(AssertionError, match="of ours; take another name"):
        OURS[kind]()
