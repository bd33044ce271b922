"""What packages bring is found by group and name, and refused in one clear problem."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from syncaug import ExternalError, PolicyError, load_policy
from syncaug.catalogue.external import TRANSFORMS, external_names
from tests.external.conftest import Install
from tests.samples import ROOT

SHAKE = (ROOT / "examples" / "own_transform" / "shake.py").read_text()
IMAGE = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)


def policy(step: str, stream: str = "image", rest: str = "") -> str:
    return f"syncaug: 1\nsample: {{one: {stream}}}\nsteps: [{step}]\n{rest}"


def problems(text: str) -> str:
    with pytest.raises(PolicyError) as caught:
        load_policy(text)
    return str(caught.value)


def test_a_transform_is_imported_when_a_policy_names_it(install: Install) -> None:
    install("syncaug.transforms", "shake", SHAKE)
    assert external_names(TRANSFORMS) == ("shake",)
    load_policy(policy("{name: a, uses: flip}"))
    assert "shake" not in sys.modules
    augmenter = load_policy(policy("{name: a, uses: shake, with: {strength: 0.2}}"))
    assert not np.array_equal(augmenter({"one": IMAGE}, key=1)["one"], IMAGE)


def test_a_parameter_of_a_package_is_held_against_its_schema(install: Install) -> None:
    install("syncaug.transforms", "shake", SHAKE)
    assert "SA402" in problems(policy("{name: a, uses: shake, with: {strength: [0, 3]}}"))
    said = problems(policy("{name: a, uses: shake, with: {strenght: 0.1}}"))
    assert "did you mean 'strength'?" in said


def test_names_near_those_of_packages_are_suggested(install: Install) -> None:
    install("syncaug.transforms", "shake", SHAKE)
    assert "did you mean 'shake'?" in problems(policy("{name: a, uses: shaek}"))
    install("syncaug.checks", "darkness", "")
    assert "did you mean 'darkness'?" in problems(
        policy("{name: a, uses: flip}", rest="checks: [darknes]")
    )
    install("syncaug.modalities", "pulse", "")
    assert "did you mean 'pulse'?" in problems(policy("{name: a, uses: flip}", "pulze"))
    install("syncaug.lanes", "careful", "TAKES = ('image',)\ndef lane(stream): ...")
    said = problems(policy("{name: a, uses: flip}", "{modality: image, lane: carefull}"))
    assert "did you mean 'careful'?" in said


CHECK = (
    "SPEC = {{'summary': 's', 'needs': {needs}, 'reads': [], 'options': {{}}}}\n"
    "def measure(o, c): ..."
)
OPERATION = (
    "def prepare(): ...\n"
    "OPERATIONS = {{'Op': {{'summary': 's', 'takes': {}, 'moves': '{}', 'parameters': {{}}}}}}"
)
BROKEN = {
    "no-spec": ("syncaug.transforms", "def maps(p, v): ...", "lacks SPEC"),
    "no-maps": ("syncaug.transforms", "SPEC = {}", "lacks maps"),
    "no-import": ("syncaug.transforms", "import nowhere_at_all", "cannot be imported"),
    "no-summary": (
        "syncaug.transforms",
        "SPEC = {'name': 'broken', 'makes': []}\ndef maps(p, v): ...",
        "SPEC lacks 'summary'",
    ),
    "odd-kind": (
        "syncaug.transforms",
        "SPEC = {'name': 'broken', 'summary': 's', 'makes': ['smell'], 'parameters': {}}\n"
        "def maps(p, v): ...",
        "'smell' is no kind of map",
    ),
    "other-name": (
        "syncaug.transforms",
        "SPEC = {'name': 'broke', 'summary': 's', 'makes': ['tone'], 'parameters': {}}\n"
        "def maps(p, v): ...",
        "name is 'broke'; expected 'broken'",
    ),
    "check": (
        "syncaug.checks",
        "SPEC = {'summary': 's', 'needs': [], 'options': {}}\ndef measure(o, c): ...",
        "SPEC lacks 'reads'",
    ),
    "check-needs": ("syncaug.checks", CHECK.format(needs="'image'"), "needs is 'image'; expected"),
    "check-reads": (
        "syncaug.checks",
        CHECK.format(needs="[['image', 'vidoe']]"),
        "needs names 'vidoe'; did you mean 'video'?",
    ),
    "check-option": (
        "syncaug.checks",
        CHECK.format(needs="[]").replace("{}", "{'keep': {'type': 'number'}}"),
        "option 'keep' lacks a description",
    ),
    "check-default": (
        "syncaug.checks",
        CHECK.format(needs="[]").replace(
            "{}", "{'keep': {'type': 'number', 'default': 'x', 'description': 'd'}}"
        ),
        "option 'keep': its default does not fit its schema",
    ),
    "transform-schema": (
        "syncaug.transforms",
        "SPEC = {'name': 'broken', 'summary': 's', 'makes': ['tone'], 'parameters':"
        " {'far': {'description': 'd', 'schema': {'type': 'numbr'}}}}\ndef maps(p, v): ...",
        "far: its schema is no JSON Schema",
    ),
    "transform-neutral": (
        "syncaug.transforms",
        "SPEC = {'name': 'broken', 'summary': 's', 'makes': ['tone'], 'parameters':"
        " {'far': {'description': 'd', 'schema': {'type': 'number'}, 'neutral': 'x'}}}\n"
        "def maps(p, v): ...",
        "far: its neutral does not fit its schema",
    ),
    "operation-takes": ("syncaug.operations", OPERATION.format("'image'", "field"), "a list of"),
    "operation-moves": (
        "syncaug.operations",
        OPERATION.format("['image']", "filed"),
        "moves names 'filed'; did you mean 'field'?",
    ),
    "operation-form": (
        "syncaug.operations",
        OPERATION.format("['image']", "nothing").replace(
            "{}", "{'far': {'form': 'vale', 'schema': {}}}"
        ),
        "far: form names 'vale'; did you mean 'value'?",
    ),
    "modality": ("syncaug.modalities", "CARRIER = STREAM = 1", "lacks SPEC"),
    "carrier": (
        "syncaug.modalities",
        "from syncaug.catalogue.modalities import ModalitySpec\n"
        "from syncaug.modalities import Carrier\n"
        "SPEC = ModalitySpec('broken', ('clock',), {'time': 'moves'})\n"
        "class CARRIER(Carrier): ...",
        "lacks the method time",
    ),
    "picture": (
        "syncaug.modalities",
        "from syncaug.catalogue.modalities import ModalitySpec\n"
        "from syncaug.modalities import Carrier\n"
        "SPEC = ModalitySpec('broken', ('plane',), {}, picture=True)\n"
        "class CARRIER(Carrier): ...",
        "SPEC says picture; expected the space plane, and CARRIER.picture_size",
    ),
    "writes": (
        "syncaug.modalities",
        "from syncaug.catalogue.modalities import ModalitySpec\n"
        "from syncaug.modalities import Carrier\n"
        "SPEC = ModalitySpec('broken', ('plane',), {}, writes=True)\n"
        "class CARRIER(Carrier): ...",
        "SPEC says writes; expected the space plane, and CARRIER.size_on",
    ),
    "rows": (
        "syncaug.modalities",
        "from syncaug.catalogue.modalities import ModalitySpec\n"
        "from syncaug.modalities import Carrier\n"
        "SPEC = ModalitySpec('broken', ('plane',), {}, rows=True)\n"
        "class CARRIER(Carrier): ...",
        "SPEC says rows; expected CARRIER.row_count",
    ),
    "stream": (
        "syncaug.modalities",
        "from syncaug.catalogue.modalities import ModalitySpec\n"
        "from syncaug.modalities import Carrier\n"
        "SPEC = ModalitySpec('broken', ('clock',), {})\n"
        "class CARRIER(Carrier): ...",
        "lacks STREAM",
    ),
    "lane": ("syncaug.lanes", "TAKES = ('image',)", "lacks lane"),
    "takes": ("syncaug.lanes", "def lane(stream): ...\nTAKES = 3", "TAKES is 3"),
    "operations": ("syncaug.operations", "def prepare(): ...", "lacks OPERATIONS"),
    "operation": (
        "syncaug.operations",
        "def prepare(): ...\nOPERATIONS = {'Op': {'takes': ['image']}}",
        "KeyError('summary')",
    ),
}
"""What is wrong -> the group, the module's text, what is said of it."""
NAMING = {
    "syncaug.transforms": ("{name: a, uses: broken}", "image", ""),
    "syncaug.checks": ("{name: a, uses: flip}", "image", "checks: [broken]"),
    "syncaug.modalities": ("{name: a, uses: flip}", "broken", ""),
    "syncaug.lanes": ("{name: a, uses: flip}", "{modality: image, lane: broken}", ""),
    "syncaug.operations": ("{name: a, apply: {one: {op: broken.Op}}}", "image", ""),
}


@pytest.mark.parametrize("wrong", BROKEN)
def test_what_is_broken_is_one_problem_that_names_its_package(install: Install, wrong: str) -> None:
    group, code, expected = BROKEN[wrong]
    module = f"broken_{wrong.replace('-', '_')}"
    install(group, module, code, name="broken", package="syncaug-broken")
    said = problems(policy(*NAMING[group]))
    assert said.startswith("1 problem"), said
    assert "SA313" in said
    assert "of syncaug-broken 1.0" in said
    assert expected in said


CONNECTED = """
from typing import Literal

from syncaug.catalogue.modalities import ModalitySpec
from syncaug.modalities import Carrier
from syncaug.policy.streams.base import OnPlane

SPEC = ModalitySpec("sizes", ("plane",), {"plane": "stays"})


class STREAM(OnPlane):
    modality: Literal["sizes"]


class CARRIER(Carrier):
    def connect(self, carriers, size):
        self.data = [sorted(carriers), list(size)]

    def plane(self, plane):
        self.data = [*self.data, list(plane.size)]
"""


def test_a_stream_of_a_package_learns_of_others(install: Install) -> None:
    install("syncaug.modalities", "sizes", CONNECTED)
    augmenter = load_policy(
        "syncaug: 1\nsample: {one: image, two: sizes}\n"
        "steps: [{name: a, uses: resize, with: {width: 2, height: 3}}]"
    )
    assert augmenter({"one": IMAGE, "two": 0}, key=1)["two"] == [["one", "two"], [4, 4], [2, 3]]


MIXING = "{{name: a, uses: mixup, with: {{share: 0.5{}}}}}"


def test_a_stream_of_a_package_stays_where_samples_mix_only_if_the_step_says_so(
    install: Install,
) -> None:
    install("syncaug.modalities", "sizes", CONNECTED)
    text = "syncaug: 1\nsample: {one: image, two: sizes}\nsteps: [%s]"
    said = problems(text % MIXING.format(""))
    assert "SA502" in said
    assert "mixup cannot mix sizes streams" in said
    augmenter = load_policy(text % MIXING.format(", two: keep"))
    sample = {"one": IMAGE, "two": 0}
    out = augmenter(sample, key=1, partner={"one": IMAGE[::-1].copy(), "two": 0})
    assert not np.array_equal(out["one"], IMAGE)


def test_two_packages_of_one_name_are_a_problem(install: Install) -> None:
    install("syncaug.transforms", "shake_one", SHAKE, name="shaken")
    install("syncaug.transforms", "shake_two", SHAKE, name="shaken")
    said = problems(policy("{name: a, uses: shaken, with: {strength: 0.1}}"))
    assert "several packages bring it" in said
    assert "syncaug-shake_one 1.0" in said
    assert "syncaug-shake_two 1.0" in said


def test_a_name_of_ours_stays_ours(install: Install) -> None:
    install("syncaug.transforms", "flip_of_theirs", "raise SystemError", name="flip")
    out = load_policy(policy("{name: a, uses: flip}"))({"one": IMAGE}, key=1)["one"]
    assert np.array_equal(out, IMAGE[:, ::-1])


def test_an_unknown_lane_says_what_is_expected(install: Install) -> None:
    stream = "{modality: image, lane: fast}"
    said = problems(policy("{name: a, uses: flip}", stream))
    assert "unknown lane 'fast'; expected one that an installed package brings as" in said
    install("syncaug.lanes", "faster", "TAKES = ('image',)", name="faster")
    assert "did you mean 'faster'" in problems(policy("{name: a, uses: flip}", stream))


def test_a_lane_carries_only_what_it_takes(install: Install) -> None:
    install("syncaug.lanes", "careful", "TAKES = ('audio',)\ndef lane(stream): return 5")
    stream = "{modality: image, lane: careful}"
    assert "carries no image streams" in problems(policy("{name: a, uses: flip}", stream))
    install("syncaug.lanes", "careless", "TAKES = ('image',)\ndef lane(stream): return 5")
    augmenter = load_policy(policy("{name: a, uses: flip}", stream.replace("ful", "less")))
    with pytest.raises(ExternalError, match=r"lane\(\) returned 5; expected a Lane"):
        augmenter({"one": IMAGE}, key=1)
