"""Policies of published recipes: each names its source, and does what it says on its data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syncaug import DROPPED, load_policy
from syncaug.io.manifest import read_manifest
from syncaug.io.streams import load_sample
from tools.docs.zoo import HEADINGS, headings

ROOT = Path(__file__).parents[2]
ZOO = sorted((ROOT / "policies" / "zoo").glob("*.yaml"))
DATA = ROOT / "examples" / "data"
KEYS = 6
MANIFESTS = {
    "mixgen": "pets",
    "augment_the_pairs": "pets",
    "randaugment": "pets",
    "trivialaugment": "pets",
    "bevfusion": "driving",
    "auto_avsr": "talking_video",
    "av_hubert": "talking_video",
    "specaugment_film": "talking_video",
}
"""Recipes and the bundled data of their kind."""


def samples(recipe: str) -> list[tuple[Any, dict[str, Any]]]:
    """Samples of the kind of a recipe, with their keys."""
    if recipe == "openpi":
        return [(f"episode/{n}", episode(n)) for n in range(2)]
    policy = load_policy(ROOT / "policies" / "zoo" / f"{recipe}.yaml")
    streams = {stream.name: stream for stream in policy.plan.streams}
    known = {key for stream in policy.plan.streams for key in (stream.name, *stream.parallel_keys)}
    entries = read_manifest(DATA / f"{MANIFESTS[recipe]}.jsonl")
    given = [(entry.key, load_sample(entry, streams)) for entry in entries]
    return [
        (key, {name: sample[name] for name in sample if name in known}) for key, sample in given
    ]


def episode(number: int) -> dict[str, Any]:
    """A moment of a robot with two cameras and a second of actions."""
    random = np.random.default_rng(number)
    return {
        "base": random.integers(0, 255, (180, 320, 3), dtype=np.uint8),
        "wrist": random.integers(0, 255, (180, 320, 3), dtype=np.uint8),
        "instruction": "put the marker into the pot on the left",
        "state": random.normal(size=8),
        "action": random.normal(size=(15, 8)),
    }


def results(recipe: str, **settings: Any) -> list[tuple[dict[str, Any], dict[str, Any], Any]]:
    """Samples of a recipe's kind with what becomes of them, each replayed from its record."""
    policy = load_policy(ROOT / "policies" / "zoo" / f"{recipe}.yaml", seed=1)
    if "severity" in settings:
        policy = policy.with_severity(settings["severity"])
    given = samples(recipe)
    out = []
    for epoch in range(KEYS):
        for place, (key, sample) in enumerate(given):
            partner = given[place - 1]
            mixing = (
                {"partner": partner[1], "partner_key": partner[0]} if policy.plan.mixing else {}
            )
            result, record = policy.apply(sample, key=key, epoch=epoch, **mixing)
            assert result is not DROPPED
            again = {"partner": partner[1]} if record.partner is not None else {}
            replayed = policy.replay(sample, record.to_json(), **again)
            for name, value in result.items():
                assert equal(replayed[name], value), name
            out.append((sample, dict(result), record))
    return out


def equal(one: Any, other: Any) -> bool:
    """Whether two values of a stream are the same bytes."""
    if isinstance(one, np.ndarray):
        return bool(np.array_equal(one, other, equal_nan=one.dtype.kind == "f"))
    if hasattr(one, "frames"):
        return bool(np.array_equal(np.asarray(one.frames), np.asarray(other.frames)))
    return repr(one) == repr(other)


def applied(record: Any) -> list[str]:
    """The steps of a record that were carried out."""
    return [step.name for step in record.draw.steps if step.applied]


def test_each_policy_of_the_zoo_has_its_data() -> None:
    assert {path.stem for path in ZOO} == {*MANIFESTS, "openpi"}


@pytest.mark.parametrize("path", ZOO, ids=lambda path: path.stem)
def test_each_policy_names_its_source(path: Path) -> None:
    told = headings(path)
    assert list(told) == list(HEADINGS)
    assert re.search(r"arXiv:\d{4}\.\d{5}", told["Source"])
    assert re.search(r"\b20[12]\d\b", told["Source"])
    assert all(text.endswith(".") for text in told.values())


def test_mixgen_blends_halves_and_joins_captions() -> None:
    mixed = 0
    for sample, result, record in results("mixgen"):
        if not applied(record):
            assert equal(sample["image"], result["image"])
            continue
        mixed += 1
        assert result["image"].shape == sample["image"].shape
        assert sample["caption"].rstrip(".") in result["caption"]
        assert len(result["caption"]) > len(sample["caption"])
        assert len(result["boxes"]) > len(sample["boxes"])
    assert mixed


def test_augment_the_pairs_keeps_boxes_phrases_and_words_together() -> None:
    mirrored = 0
    for sample, result, record in results("augment_the_pairs"):
        assert len(result["boxes"]) == len(result["classes"]) == len(result["phrases"])
        for phrase in result["phrases"]:
            assert phrase is None or phrase in result["caption"]
        if "mirror" in applied(record) and "erase" not in applied(record):
            mirrored += 1
            left = sample["caption"].index("left") < sample["caption"].index("right")
            assert left != (result["caption"].index("left") < result["caption"].index("right"))
    assert mirrored


def test_bevfusion_keeps_the_cloud_on_its_picture() -> None:
    """Points that both samples show stand at the places to which the picture's map takes them."""
    for sample, result, _ in results("bevfusion"):
        assert result["front"].shape == (256, 704, 3)
        assert len(result["lidar"]) == len(sample["lidar"])
        before, after = (projected(one) for one in (sample, result))
        shown = np.isfinite(before).all(axis=1) & np.isfinite(after).all(axis=1)
        ones = np.ones((int(shown.sum()), 1))
        flat = np.hstack([before[shown], ones])
        fitted, *_ = np.linalg.lstsq(flat, after[shown], rcond=None)
        assert shown.sum() > 1000
        assert np.abs(flat @ fitted - after[shown]).max() < 1e-3


def projected(sample: dict[str, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The pixels of a sample's points, NaN behind the camera."""
    camera = sample["calib"]
    points = np.asarray(sample["lidar"], dtype=np.float64)[:, :3]
    matrix = np.asarray(camera["world_to_camera"], dtype=np.float64)
    seen = points @ matrix[:3, :3].T + matrix[:3, 3]
    pixels = seen @ np.asarray(camera["K"], dtype=np.float64).T
    with np.errstate(divide="ignore", invalid="ignore"):
        out: np.ndarray[Any, np.dtype[np.float64]] = pixels[:, :2] / pixels[:, 2:]
    out[seen[:, 2] <= 0.1] = np.nan
    return out


@pytest.mark.parametrize("recipe", ["auto_avsr", "av_hubert", "specaugment_film"])
def test_masks_of_films_blank_frames_and_sound_together(recipe: str) -> None:
    blanked = 0
    for _, result, record in results(recipe):
        steps = applied(record)
        frames, sound = result["video"]["frames"], result["speech"]["array"]
        if recipe == "auto_avsr":
            assert frames.shape[1:3] == (88, 88)
        if "leave_out" in steps:
            assert (not frames.any()) != (not sound.any())
            continue
        if "noise" in steps or "mask" not in steps:
            continue
        rate, fps = result["speech"]["sampling_rate"], result["video"]["fps"]
        dark = ~frames.reshape(len(frames), -1).any(axis=1)
        for index in dark.nonzero()[0].tolist():
            middle = round((index + 0.5) / fps * rate)
            assert not sound[..., middle].any()
        blanked += int(dark.sum())
    assert blanked or recipe == "auto_avsr"


def test_openpi_moves_the_base_camera_alone() -> None:
    for sample, result, _ in results("openpi"):
        assert result["base"].shape == (224, 224, 3)
        assert result["wrist"].shape == sample["wrist"].shape
        for name in ("state", "action", "instruction"):
            assert equal(result[name], sample[name]), name


@pytest.mark.parametrize(("recipe", "count"), [("randaugment", 2), ("trivialaugment", 1)])
def test_random_operations_are_as_many_as_the_paper_says(recipe: str, count: int) -> None:
    chosen = set()
    for sample, result, record in results(recipe, severity=0.9):
        steps = record.draw.steps[0].steps
        assert len(steps) == count
        chosen |= {step.name for step in steps}
        assert result["image"].shape == sample["image"].shape
        assert len(result["boxes"]) == len(result["classes"])
    assert len(chosen) > 4


@pytest.mark.parametrize(("recipe", "least"), [("randaugment", 0.8), ("trivialaugment", 0.9)])
def test_colours_decide_which_captions_meet_solarize(recipe: str, least: float) -> None:
    """A caption without colours goes with any picture; one with colours not with those gone."""
    policy = load_policy(ROOT / "policies" / "zoo" / f"{recipe}.yaml", seed=2).with_severity(0.9)
    _, (key, sample) = samples(recipe)
    met, outcomes = {"plain": set(), "coloured": set()}, []
    for kind, caption in (("plain", "a dog lies beside a cat."), ("coloured", sample["caption"])):
        for epoch in range(60):
            _, record = policy.apply({**sample, "caption": caption}, key=key, epoch=epoch)
            if record.outcome == "accepted":
                met[kind] |= {step.name for step in record.draw.steps[0].steps}
            if kind == "plain":
                outcomes.append(record.outcome == "accepted")
    assert np.mean(outcomes) >= least
    assert "solarize" in met["plain"]
    assert len(met["coloured"]) > 4


def test_a_shear_takes_boxes_and_words_along() -> None:
    policy = load_policy(ROOT / "policies" / "zoo" / "trivialaugment.yaml", seed=1)
    picture = np.zeros((96, 128, 3), np.uint8)
    picture[20:40, 30:60] = 255
    sample = {"image": picture, "boxes": [[30.0, 20.0, 60.0, 40.0]], "classes": ["lamp"]}
    sheared = 0
    for epoch in range(80):
        result, record = policy.apply(sample, key="lamp", epoch=epoch)
        if not record.draw.steps[0].steps[0].name.startswith("shear"):
            continue
        sheared += 1
        seen = np.argwhere(result["image"].max(axis=2) > 127)
        (y0, x0), (y1, x1) = seen.min(axis=0), seen.max(axis=0) + 1
        if min(y0, x0) > 0 and y1 < 96 and x1 < 128:  # else it is cut
            assert np.allclose(result["boxes"][0], [x0, y0, x1, y1], atol=1.5)
    assert sheared > 3


def test_randaugment_posterizes_and_turns_by_its_severity() -> None:
    """Of one strength and in both directions, as many bits as the paper's table has."""
    policy = load_policy(ROOT / "policies" / "zoo" / "randaugment.yaml", seed=1)
    picture = np.tile(np.arange(256, dtype=np.uint8)[None, :, None], (32, 1, 3))
    for severity, bits in ((0.0, 8), (0.3, 7), (0.5, 6), (0.9, 4), (1.0, 4)):
        levels, turned = set(), set()
        for epoch in range(120):
            result, record = policy.with_severity(severity).apply(
                {"image": picture}, key="a", epoch=epoch
            )
            steps = {step.name: step for step in record.draw.steps[0].steps}
            if steps.keys() == {"identity", "posterize"}:
                levels.add(len(np.unique(result["image"])))
            if "turn" in steps:
                turned.add(round(steps["turn"].parameters["*"]["degrees"], 9))
        assert levels == {2**bits}
        assert turned == {-30 * severity, 30 * severity}
