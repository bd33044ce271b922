"""The libraries' known traps, each with what we do about it."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from nlpaug.augmenter.word import ReservedAug as usual_reserved

from syncaug.backends import Operation, prepare
from syncaug.backends.audiomentations import DRAWS_WHILE_APPLYING, library
from syncaug.backends.isolation import addressed_globals
from syncaug.backends.nlpaug import typing_errors
from syncaug.catalogue import operation
from syncaug.errors import MissingExtraError
from syncaug.words import AmbiguousColour, Edit, apply_edits
from tests.backends import material as given

pytestmark = pytest.mark.filterwarnings("ignore")
RATE = {"sample_rate": given.RATE}


def rewritten(
    prepared: Operation, text: str, values: Mapping[str, Any] | None = None, number: int = 1
) -> tuple[str, tuple[Edit, ...]]:
    """The text after an operation on words, and the edits that lead to it."""
    operated = prepared.run(text, values or {}, given.entropy(number))
    return operated.data, operated.edits


def test_epochs_and_workers_do_not_repeat_each_other() -> None:
    noise = prepare("albumentations.GaussNoise", "image", {}, {})
    grey = np.full((8, 8, 3), 128, np.uint8)
    results = {noise.run(grey, {}, given.entropy(epoch)).data.tobytes() for epoch in range(6)}
    assert len(results) == 6


def test_albumentations_does_not_ask_the_network() -> None:
    code = (
        "import socket, os; os.environ.pop('NO_ALBUMENTATIONS_UPDATE', None)\n"
        "def no(*a, **k): raise SystemExit('asked the network')\n"
        "socket.getaddrinfo = no\n"
        "import syncaug.backends.albumentations\n"
        "assert os.environ['NO_ALBUMENTATIONS_UPDATE'] == '1'\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_globals_come_back_after_an_error(untouched: Any) -> None:
    def fails() -> None:
        with addressed_globals(given.entropy()):
            raise RuntimeError(random.random() + np.random.normal())

    with pytest.raises(RuntimeError):
        fails()
    untouched()


def test_addressed_globals_are_addressed_and_nest() -> None:
    def draws() -> tuple[float, float]:
        return random.uniform(0, 1), float(np.random.normal())

    with addressed_globals(given.entropy(1)):
        first = draws()
        with addressed_globals(given.entropy(2)):
            other = draws()
        rest = draws()
    with addressed_globals(given.entropy(1)):
        assert (draws(), draws()) == (first, rest)
    assert other != first


def test_threads_do_not_disturb_each_other() -> None:
    noise = prepare("audiomentations.AddGaussianNoise", "audio", {}, RATE)
    data = given.sound(1, 0.1)
    alone = [noise.run(data, {}, given.entropy(n)).data.tobytes() for n in range(8)]
    together: list[Any] = [None] * 8

    def work(n: int) -> None:
        for _ in range(20):
            together[n] = noise.run(data, {}, given.entropy(n)).data.tobytes()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


def test_other_threads_keep_the_globals_meanwhile() -> None:
    random.seed(3)
    np.random.seed(3)
    expected = (random.random(), float(np.random.normal()))
    random.seed(3)
    np.random.seed(3)
    seen: list[tuple[float, float]] = []

    def draw() -> None:
        seen.append((random.random(), float(np.random.normal())))

    with addressed_globals(given.entropy()):
        other = threading.Thread(target=draw)
        other.start()
        other.join()
    assert seen == [expected]


@pytest.mark.parametrize("name", given.usable("audiomentations"))
def test_only_those_named_draw_while_they_apply(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    short = name.partition(".")[2]
    if short in DRAWS_WHILE_APPLYING:
        return
    transform = getattr(library, short)(**given.EXAMPLES.get(name, {}), p=1.0)
    data = given.sound(1 if "x1" in operation(name).accepts else 2)
    transform.randomize_parameters(data, given.RATE)
    transform.apply(data, given.RATE)  # what it imports lazily may draw
    python, legacy = random.getstate(), np.random.get_state()[1].tobytes()
    transform.apply(data, given.RATE)
    assert random.getstate() == python
    assert np.random.get_state()[1].tobytes() == legacy


def test_operations_that_change_when_something_sounds_say_so() -> None:
    clocks = {n for n in given.usable("audiomentations") if operation(n).moves == "clock"}
    short = {name.partition(".")[2] for name in clocks}
    assert {"TimeStretch", "Shift", "Trim", "AdjustDuration", "Reverse", "RepeatPart"} <= short
    assert operation("audiomentations.Shift").parameters["rollover"].default is True
    assert "sample rate" in operation("audiomentations.Resample").refused


def test_sound_keeps_its_form() -> None:
    gain = prepare("audiomentations.Gain", "audio", {"min_gain_db": -6, "max_gain_db": -6}, RATE)
    one = given.sound(1)
    assert gain.run(one[None], {}, given.entropy()).data.shape == (1, len(one))
    assert gain.run(one.astype(np.float64), {}, given.entropy()).data.dtype == np.float64
    assert np.allclose(gain.run(one, {}, given.entropy()).data, one * 10 ** (-6 / 20), atol=1e-6)
    undeclared: Any = prepare("audiomentations.Gain", "audio", {}, {})
    with pytest.raises(ValueError, match="declare sample_rate"):
        undeclared.run(one, {}, given.entropy())
    assert undeclared.run(one, {}, given.entropy(), 16000.0).data.shape == one.shape


def test_an_inverted_range_is_refused() -> None:
    noise = prepare("audiomentations.AddGaussianSNR", "audio", {"max_snr_db": 20}, RATE)
    with pytest.raises(ValueError, match="min_snr_db = 30 above max_snr_db = 20"):
        noise.run(given.sound(1), {"min_snr_db": 30.0}, given.entropy())


def test_a_picture_that_does_not_suit_is_explained() -> None:
    fog = prepare("albumentations.RandomFog", "image", {}, {})
    with pytest.raises(
        ValueError, match="uint8 with 1 channels; albumentations.RandomFog takes uint8"
    ):
        fog.run(np.zeros((8, 8), np.uint8), {}, given.entropy())
    crop = prepare("albumentations.RandomCrop", "image", {"height": 99, "width": 99}, {})
    with pytest.raises(ValueError, match=r"albumentations.RandomCrop: Crop size"):
        crop.run(np.zeros((8, 8, 3), np.uint8), {}, given.entropy())


def test_a_required_parameter_may_be_drawn() -> None:
    resize = prepare("albumentations.Resize", "image", {"width": 20}, {})
    for height in (12.0, 30.4):
        moved = resize.run(np.zeros((8, 8, 3), np.uint8), {"height": height}, given.entropy())
        assert moved.data.shape == (round(height), 20, 3)


NLPAUG = [
    ("KeyboardAug", {}),
    ("OcrAug", {}),
    ("RandomCharAug", {"action": "delete", "min_char": 1, "aug_word_p": 1.0}),
    ("RandomCharAug", {"action": "swap"}),
    ("RandomWordAug", {"action": "delete", "aug_p": 0.6}),
    ("RandomWordAug", {"action": "crop"}),
    ("RandomWordAug", {"action": "swap"}),
    ("SpellingAug", {"aug_p": 1.0}),
    ("SplitAug", {}),
]


@pytest.mark.parametrize(("name", "constants"), NLPAUG)
def test_words_change_and_all_else_stays(name: str, constants: dict[str, Any]) -> None:
    prepared = prepare(f"nlpaug.{name}", "text", constants, {})
    changed = 0
    for number in range(12):
        text, edits = rewritten(prepared, given.TEXT, {}, number)
        assert apply_edits(given.TEXT, edits) == text
        changed += text != given.TEXT
        for edit in edits:
            taken = given.TEXT[edit.start : edit.end]
            assert taken.strip().replace("'", "").isalnum(), taken
            assert taken == taken.strip() or edit.text == ""
    assert changed == 12
    for empty in ("", "   ", "...!"):
        assert rewritten(prepared, empty) == (empty, ())


def test_the_time_of_day_survives() -> None:
    keyboard = prepare("nlpaug.KeyboardAug", "text", {}, {})
    short = "at 10:30, ok"
    assert rewritten(keyboard, short) == (short, ())  # no word of four letters
    text, _ = rewritten(keyboard, "hello at 10:30, ok", {"aug_word_p": 1.0})
    assert text.endswith(" at 10:30, ok")
    assert not text.startswith("hello")


def test_reserved_phrases_of_several_words() -> None:
    tokens = {
        "reserved_tokens": [["red chair", "green sofa"]],
        "aug_p": 1.0,
        "case_sensitive": False,
    }
    aug = prepare("nlpaug.ReservedAug", "text", tokens, {})
    text, edits = rewritten(aug, "A Red  chair, (here)!")
    assert text == "A green sofa, (here)!"
    assert [(edit.start, edit.end) for edit in edits] == [(2, 12)]


def test_lexicon_words() -> None:
    recolour = prepare("syncaug.RecolourWords", "text", {}, {})
    text, edits = rewritten(recolour, "A red car,  10:30.", {"degrees": 120.0})
    assert text == "A green car,  10:30."
    assert len(edits) == 1
    with pytest.raises(AmbiguousColour):
        recolour.run("a red car", {"degrees": 40.0}, given.entropy())
    nearest = prepare("syncaug.RecolourWords", "text", {"ambiguous": "nearest"}, {})
    assert rewritten(nearest, "a red car", {"degrees": 40.0})[1]
    mirror = prepare("syncaug.MirrorWords", "text", {"axis": "vertical"}, {})
    assert rewritten(mirror, "left, above a cat")[0] == "left, below a cat"


@pytest.mark.parametrize("kind", ["typos", "swaps", "ocr"])
def test_typing_errors_follow_the_severity(kind: str) -> None:
    def errors(severity: float) -> float:
        return float(
            np.mean(
                [
                    len(typing_errors(given.TEXT, kind, severity, given.entropy(n)))
                    for n in range(40)
                ]
            )
        )

    assert errors(0.0) == 0.0
    assert 0.0 < errors(0.1) < errors(0.5) < errors(1.0)


def test_points_pass_as_they_should(untouched: Any) -> None:
    points = given.cloud()
    before = points.copy()
    options = {"columns": given.COLUMNS}
    matrix = given.EXAMPLES["open3d.transform"]
    transform = prepare("open3d.transform", "points", matrix, options)
    moved = transform.run(points, {}, given.entropy()).data
    assert np.array_equal(points, before)
    assert np.allclose(moved[:, 0], 1 - 2 * points[:, 1], atol=1e-5)
    assert np.array_equal(moved[:, 3], points[:, 3])
    assert np.allclose(np.linalg.norm(moved[:, 4:7], axis=1), 1.0)  # normals turn, and stay units
    estimate = prepare("open3d.estimate_normals", "points", {}, options)
    normals = estimate.run(points, {}, given.entropy()).data
    assert np.allclose(np.linalg.norm(normals[:, 4:7], axis=1), 1.0, atol=1e-5)
    with pytest.raises(ValueError, match="declare them"):
        prepare("open3d.estimate_normals", "points", {}, {"columns": ["x", "y", "z"]})


def test_rows_are_those_that_open3d_keeps() -> None:
    import open3d

    points = given.cloud(np.float64)
    cloud = open3d.geometry.PointCloud(open3d.utility.Vector3dVector(points[:, :3].copy()))
    options = {"columns": given.COLUMNS}

    def rows(name: str, **values: Any) -> Any:
        operation = prepare(f"open3d.{name}", "points", values, options)
        return operation.run(points, {}, given.entropy()).rows

    voxels = cloud.voxel_down_sample(0.5)
    kept = rows("voxel_down_sample", voxel_size=0.5)
    assert len(kept) == len(voxels.points)
    means = np.asarray(voxels.points)
    distance = np.linalg.norm(points[kept, None, :3] - means[None], axis=2).min(axis=1)
    assert distance.max() < 0.5 * 3**0.5
    box = open3d.geometry.AxisAlignedBoundingBox([-1, -1, -1], [1, 1, 1])
    inside = box.get_point_indices_within_bounding_box(cloud.points)
    assert list(rows("crop", min_bound=[-1] * 3, max_bound=[1] * 3)) == sorted(inside)
    every = np.asarray(cloud.uniform_down_sample(3).points)
    assert np.array_equal(points[rows("uniform_down_sample", every_k_points=3), :3], every)
    far = np.asarray(cloud.farthest_point_down_sample(40).points)
    mine = points[rows("farthest_point_down_sample", num_samples=40), :3]
    assert {tuple(p) for p in mine} == {tuple(p) for p in far}
    assert len(rows("farthest_point_down_sample", num_samples=10_000)) == len(points)
    for ratio in (0.0, 0.3, 1.0):
        assert len(rows("random_down_sample", sampling_ratio=ratio)) == int(ratio * len(points))


def test_a_missing_library_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "syncaug.backends.audiomentations")
    monkeypatch.setitem(sys.modules, "audiomentations", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'syncaug\[audio\]'"):
        prepare("audiomentations.Gain", "audio", {}, RATE)


def test_a_kept_generator_draws_what_a_new_one_does() -> None:
    for number in (1, 2):  # the second time with the generator of the first
        expected = np.random.RandomState(given.entropy(number).philox().bit_generator)
        with addressed_globals(given.entropy(number)):
            drawn = [np.random.randn(3), np.random.randint(0, 9, 3), np.random.randn(2)]
        usual = [expected.randn(3), expected.randint(0, 9, 3), expected.randn(2)]
        for one, other in zip(drawn, usual, strict=True):
            assert np.array_equal(one, other)


@pytest.mark.parametrize("aug_p", [0.3, 1.0])
@pytest.mark.parametrize("case_sensitive", [True, False])
def test_swaps_of_words_are_those_of_the_library(aug_p: float, case_sensitive: bool) -> None:
    tokens = [["left", "right", "Middle part"], ["dog", "cat", "red chair"]]
    settings = {"reserved_tokens": tokens, "aug_p": aug_p, "case_sensitive": case_sensitive}
    ours: Any = prepare("nlpaug.ReservedAug", "text", settings, {})
    theirs: Any = prepare("nlpaug.ReservedAug", "text", settings, {})
    theirs._augmenter = usual_reserved(**settings, tokenizer=theirs._augmenter.tokenizer)
    for text in (given.TEXT, "Left is the Dog, right of a red  Chair", "left", "no such word"):
        for number in range(8):
            entropy = given.entropy(number)
            assert ours.run(text, {}, entropy) == theirs.run(text, {}, entropy)
