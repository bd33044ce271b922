"""What packages raise and give back while samples run is told as theirs, with what is wrong."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, ExternalError, SampleError, load_policy
from tests.external.conftest import Install

IMAGE = np.arange(20 * 30 * 3, dtype=np.uint32).reshape(20, 30, 3).astype(np.uint8)
SOUND = np.linspace(-0.5, 0.5, 800, dtype=np.float32)

TRANSFORM = """
from syncaug.maps.plane import PlaneMap
SPEC = {"name": "mine", "summary": "x", "makes": ["plane"], "parameters": {}}
STILL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
def maps(parameters, view):
    BODY
"""
CHECK = """
from syncaug.checks import Measure
SPEC = {"summary": "x", "needs": ["image"], "reads": ["image"], "options": {}}
def measure(options, outcome):
    BODY
"""
OPERATION = """
import numpy as np
OPERATIONS = {"Op": {"summary": "x", "takes": ["audio"], "moves": "nothing", "parameters": {}}}
class Op:
    def run(self, data, values, entropy):
        BODY
def prepare(name, modality, constants, options):
    PREPARE
"""
ENCODER = """
def encode(name, values):
    BODY
"""
MODALITY = """
from typing import ClassVar, Literal
from pydantic import Field
from syncaug.catalogue.modalities import ModalitySpec
from syncaug.modalities import Carrier
from syncaug.policy.streams.base import OnPlane
SPEC = ModalitySpec(name="mine", spaces=("plane",), carries={"plane": "moves"}, unaffected={})
class STREAM(OnPlane):
    what: ClassVar[str] = "a stream"
    modality: Literal["mine"] = Field(description="x")
class CARRIER(Carrier):
    __slots__ = ()
    def read(self, value):
        return value
    def plane(self, map_):
        PLANE
    def finish(self):
        BODY
"""
LANE = """
from syncaug.modalities.plane.mask import MaskCarrier
TAKES = ("mask",)
class Mine(MaskCarrier):
    __slots__ = ()
    def warp(self, plane):
        BODY
def lane(stream):
    LANE
"""

POLICIES = {
    "transforms": "sample: {image: image}, steps: [{name: a, uses: mine}]",
    "checks": "sample: {image: image}, steps: [{name: a, uses: flip}], checks: [mine]",
    "operations": "sample: {sound: {modality: audio, sample_rate: 8000}}, "
    "steps: [{name: a, apply: {sound: {op: mine.Op}}}]",
    "encoders": "sample: {image: image, said: {modality: text, describes: image}}, "
    "steps: [{name: a, uses: flip}], checks: [{similarity: {encoder: mine}}]",
    "modalities": "sample: {image: image, thing: mine}, steps: [{name: a, uses: flip}]",
    "lanes": "sample: {image: image, mask: {modality: mask, lane: mine}}, "
    "steps: [{name: a, uses: crop, with: {area: 0.5}}]",
}
SAMPLES: dict[str, dict[str, Any]] = {
    "transforms": {"image": IMAGE},
    "checks": {"image": IMAGE},
    "operations": {"sound": SOUND},
    "encoders": {"image": IMAGE, "said": "a dog"},
    "modalities": {"image": IMAGE, "thing": [1.0]},
    "lanes": {"image": IMAGE, "mask": IMAGE[..., 0]},
}


def code(text: str, body: str, **parts: str) -> str:
    for name, part in {"BODY": body, **parts}.items():
        text = text.replace(name, part)
    return text


def still(**changes: str) -> str:
    parts = {"numbers": "STILL", "source": "(30, 20)", "size": "(30, 20)", **changes}
    return "return [('plane', 'plane', PlaneMap({numbers}, {source}, {size}))]".format(**parts)


OP = {"PREPARE": "return Op()"}
OWN = {"LANE": "return Mine.lane(stream)"}
WRONG: list[tuple[str, str, str]] = [
    ("transforms", code(TRANSFORM, "raise KeyError('lost')"), "maps() raised KeyError: 'lost'"),
    ("transforms", code(TRANSFORM, "return None"), "maps() returned None; expected (kind"),
    ("transforms", code(TRANSFORM, "yield from ['plane']"), "maps() returned 'plane'; expected"),
    ("transforms", code(TRANSFORM, "yield 1 / 0"), "maps() raised ZeroDivisionError"),
    ("transforms", code(TRANSFORM, "return [('plane', 'plane', 5)]"), "a plane map is 5"),
    ("transforms", code(TRANSFORM, still().replace("'plane',", "'time',", 1)), "makes"),
    ("transforms", code(TRANSFORM, still().replace("'plane', P", "'sky', P")), "sent to 'sky'"),
    ("transforms", code(TRANSFORM, still(source="(31, 20)")), "view.size says (30, 20)"),
    ("transforms", code(TRANSFORM, still(numbers="(0.0,) * 9")), "that can be inverted"),
    ("transforms", code(TRANSFORM, still(numbers="(float('nan'),) * 9")), "nine finite"),
    ("transforms", code(TRANSFORM, still(numbers="STILL[:3]")), "nine finite"),
    ("transforms", code(TRANSFORM, still(size="(0, 20)")), "at least a pixel"),
    ("checks", code(CHECK, "return outcome.after['lost']"), "measure() raised KeyError: 'lost'"),
    ("checks", code(CHECK, "return True"), "measure() returned True; expected a Measure"),
    ("checks", code(CHECK, "return Measure('x', True)"), "measured 'x'; expected a number"),
    ("operations", code(OPERATION, "raise IndexError('far')", **OP), "mine.Op raised IndexError"),
    ("operations", code(OPERATION, "return None", **OP), "mine.Op gave None; expected an array"),
    ("operations", code(OPERATION, "return data[:9]", **OP), "shape (9,); expected float32 of"),
    ("operations", code(OPERATION, "return np.int16(data)", **OP), "mine.Op gave int16 of shape"),
    ("operations", code(OPERATION, "pass", PREPARE="return 3"), "prepare() returned 3; expected"),
    ("operations", code(OPERATION, "pass", PREPARE="raise OSError('no')"), "prepare() raised OSE"),
    ("encoders", code(ENCODER, "raise KeyError(name)"), "it raised KeyError: 'image'"),
    ("modalities", code(MODALITY, "return None", PLANE="pass"), "finish() returned None"),
    ("modalities", code(MODALITY, "return {}", PLANE="pass"), "expected a dict with 'thing'"),
    ("modalities", code(MODALITY, "return lost", PLANE="pass"), "stream 'thing' raised NameError"),
    ("modalities", code(MODALITY, "pass", PLANE="self.lost()"), "'thing' raised AttributeError"),
    ("lanes", code(LANE, "return None", **OWN), "came out as None"),
    ("lanes", code(LANE, "return self.data", **OWN), "a picture of 21x14"),
    ("lanes", code(LANE, "return 1.0 * self.data", **OWN), "float64 of 2"),
    ("lanes", code(LANE, "return 1 // 0", **OWN), "raised ZeroDivision"),
    ("lanes", code(LANE, "pass", LANE="raise OSError('no device')"), "lane() raised OSError: no"),
]  # fmt: skip


@pytest.mark.parametrize(("group", "text", "said"), WRONG, ids=[one[2] for one in WRONG])
def test_a_fault_of_a_package_names_the_package(
    install: Install, group: str, text: str, said: str
) -> None:
    install(f"syncaug.{group}", "mine", text)
    policy = "{syncaug: 1, on_fail: {retry: 2, then: neutral}, " + POLICIES[group] + "}"
    with pytest.raises(ExternalError) as caught:
        load_policy(policy)(SAMPLES[group], key="k")
    assert "'mine' of syncaug-mine 1.0: " in str(caught.value)
    assert said in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_failed_check_without_a_text_says_what_it_measured(install: Install) -> None:
    install("syncaug.checks", "mine", code(CHECK, "return Measure(0.25, False)"))
    with pytest.raises(AlignmentError, match=r"mine: it measured 0\.25"):
        load_policy("{syncaug: 1, " + POLICIES["checks"] + "}")({"image": IMAGE}, key=1)


def test_errors_of_the_library_stay_as_they_are(install: Install) -> None:
    install(
        "syncaug.transforms",
        "mine",
        code(TRANSFORM, "from syncaug.errors import SampleError\n"
             "    raise SampleError('image', expected='light', came='night')"),
    )  # fmt: skip
    with pytest.raises(SampleError, match="expected light; got night"):
        load_policy("{syncaug: 1, " + POLICIES["transforms"] + "}")({"image": IMAGE}, key=1)


def test_what_is_no_vector_is_refused() -> None:
    policy = load_policy(
        "{syncaug: 1, " + POLICIES["encoders"] + "}", encoders={"mine": lambda *_: "x"}
    )
    with pytest.raises(SampleError, match="an encoder that gives a finite vector; got 'x'"):
        policy(SAMPLES["encoders"], key=1)
