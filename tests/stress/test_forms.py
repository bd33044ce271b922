"""Stress tests on what samples may be: pictures, tensors, films in files, mixed and dropped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from syncaug import load_policy
from syncaug.io import load_sample, read_manifest
from syncaug.stress import stress
from syncaug.stress.breaking import Band, breaking
from syncaug.stress.files import ScoreFile
from tests.stress.scenes import POLICY, policy, scenes, score
from tests.stress.test_sweep import relation, use

DATA = Path(__file__).parents[2] / "examples" / "data"


def test_a_scorer_may_write_to_what_it_gets() -> None:
    def spoils(samples: list[Any]) -> Any:
        found = score(samples)
        for one in samples:
            one["image"][...] = 0
            one["sound"] *= 0
            one["caption"] = ""
            one.pop("answer")
        return found

    given = scenes(12)
    before = [one["image"].copy() for one in given]
    report = stress(policy(), given, spoils, levels=3)
    assert report.data == stress(policy(), scenes(12), score, levels=3).data
    assert all(np.array_equal(one["image"], was) for one, was in zip(given, before, strict=True))


def test_pictures_of_pil_and_tensors_tell_what_arrays_tell() -> None:
    wanted = stress(policy(), scenes(12), score, levels=3).data
    pictures = [{**one, "image": Image.fromarray(one["image"])} for one in scenes(12)]
    assert stress(policy(), pictures, score, levels=3).data == wanted

    def tensors(samples: list[Any]) -> Any:
        for one in samples:
            assert isinstance(one["image"], torch.Tensor)
            one["image"] = one["image"].permute(1, 2, 0)
        return score(samples)

    moved = [
        {
            **one,
            "image": torch.from_numpy(one["image"]).permute(2, 0, 1).contiguous(),
            "sound": torch.from_numpy(one["sound"]),
        }
        for one in scenes(12)
    ]
    found = stress(policy(), moved, tensors, levels=3).data
    assert found["relations"] == wanted["relations"]
    assert found["streams"] == wanted["streams"]


FILMS = """
syncaug: 1
sample:
  video: {modality: video, plane: screen, clock: film}
  sound: {modality: audio, plane: screen, clock: film}
steps: [{name: grain, uses: noise, with: {severity: {from: severity}, video: gaussian}}]
"""


def test_films_in_files_are_parted_and_stay_in_their_files() -> None:
    films = load_policy(FILMS)
    streams = {stream.name: stream for stream in films.plan.streams}
    (entry,) = read_manifest(DATA / "film.jsonl")
    (talk,) = read_manifest(DATA / "talking_video.jsonl")
    webb = {"video": talk.values["video"], "sound": talk.values["speech"]}
    other = type(entry)(talk.manifest, talk.line, talk.key, webb)
    samples = [load_sample(one, streams, lazy_above=0) for one in (entry, other)]
    kinds = set()

    def starts(given: list[Any]) -> list[float]:
        """Whether the sound begins with the film: silence moves in where it comes later."""
        out = []
        for one in given:
            kinds.add(type(one["video"]).__name__)
            array = np.asarray(one["sound"]["array"], dtype=float)
            quarter = one["sound"]["sampling_rate"] // 4
            out.append(float(np.abs(array[..., :quarter]).max() > 1e-3))
            out[-1] += float(np.abs(array[..., -quarter:]).max() > 1e-3)
        return out

    report = stress(films, samples, starts, levels=2)
    told = {one["knob"]: one for one in report.relations}
    assert {"time", "exchange"} <= set(told)
    assert told["time"]["loss"] > 0
    assert not [point for one in report.relations for point in one["curve"] if "error" in point]
    assert kinds, kinds
    assert not kinds & {"dict", "ndarray"}, "frames were read whole"


def pairs(count: int) -> list[dict[str, Any]]:
    return [{name: one[name] for name in ("image", "caption")} for one in scenes(count)]


def agrees(samples: list[Any]) -> list[float]:
    """Whether the caption names the busier half of the picture."""
    out = []
    for one in samples:
        picture = np.asarray(one["image"], dtype=float)
        busier = "left" if picture[:, :48].std() > picture[:, 48:].std() else "right"
        out.append(float(busier in one["caption"]))
    return out


def test_policies_that_mix_have_the_next_sample_as_partner() -> None:
    head = POLICY[: POLICY.index("  sound:")]
    mixing = head + "steps: [{name: blend, uses: mixup, with: {share: 0.5}, p: {from: severity}}]\n"
    seen: list[list[str]] = []

    def reads(samples: list[Any]) -> list[float]:
        seen.append([one["caption"] for one in samples])
        return agrees(samples)

    known: dict[str, Any] = {}
    report = stress(load_policy(mixing), pairs(6), reads, levels=2, scores=known)
    assert not [point for point in report.data["agreement"] if "error" in point]
    clean, whole = seen[0], seen[list(known).index("agreement/1.0")]
    for place, text in enumerate(whole):
        assert clean[place] in text
        assert clean[(place + 1) % 6] in text
    assert report.relations


DROPPING = """
syncaug: 1
sample: {image: image, caption: {modality: text, describes: image}}
steps:
  - name: away
    uses: translate
    with: {x: {uniform: [0.0, {from: severity}]}}
checks: [{visible_share: {min_content: 0.7}}]
on_fail: {then: drop}
"""


def test_dropped_samples_are_left_out_of_their_level_and_count_as_nothing() -> None:
    asked: list[int] = []

    def counted(samples: list[Any]) -> list[float]:
        asked.append(len(samples))
        return agrees(samples)

    dropping = load_policy(DROPPING)
    known: dict[str, Any] = {}
    report = stress(dropping, pairs(12), counted, levels=3, scores=known)
    clean, half, full = report.data["agreement"]
    assert "dropped" not in clean
    kept = [dropping.with_severity(1.0)(one, key=place) for place, one in enumerate(pairs(12))]
    lost = sum(not isinstance(one, dict) for one in kept)
    assert 0 < lost < 12
    assert full["dropped"] == lost > half.get("dropped", 0)
    assert asked[list(known).index("agreement/1.0")] == 12 - lost
    assert known["agreement/1.0"].count(None) == lost
    left = agrees([one for one in kept if isinstance(one, dict)])
    assert full["score"]["mean"] == pytest.approx(np.mean(left))
    again = stress(dropping, pairs(12), counted, levels=3, scores=known)
    assert again.data == report.data


def test_a_level_of_which_all_is_dropped_is_marked() -> None:
    text = DROPPING.replace("{uniform: [0.0, {from: severity}]}", "{from: severity}")
    report = stress(load_policy(text), pairs(4), agrees, levels=3)
    assert report.data["agreement"][-1] == {"level": 1.0, "error": "the policy drops all samples"}
    assert any("could not be scored" in told for told in report.conclusions)


def test_whatever_fails_at_a_level_is_marked() -> None:
    class Torn(dict[str, Any]):
        """A sample whose file is gone after it was read a few times."""

        reads = 0

        def __getitem__(self, name: str) -> Any:
            Torn.reads += name == "image"
            if Torn.reads > 40:
                raise OSError("the disk is gone")
            return super().__getitem__(name)

    report = stress(policy(), [Torn(one) for one in scenes(4)], score, levels=3)
    errors = [p["error"] for r in report.relations for p in r["curve"] if "error" in p]
    errors += [p["error"] for p in report.data["agreement"] if "error" in p]
    assert errors
    assert all("the disk is gone" in text for text in errors)


PETS = """
syncaug: 1
sample:
  image: image
  boxes: {modality: boxes, format: pascal_voc, labels: classes, rows: things}
  keypoints: {modality: keypoints, rows: things, optional: true}
  phrases: {modality: phrases, boxes: boxes, text: caption}
  caption: {modality: text, describes: image}
untouched: [id]
steps: [{name: grain, uses: noise, with: {severity: {from: severity}, image: gaussian}}]
"""


def test_rows_that_belong_together_move_together() -> None:
    pets = load_policy(PETS)
    streams = {stream.name: stream for stream in pets.plan.streams}
    entries = list(read_manifest(DATA / "pets.jsonl"))
    samples = [dict(load_sample(entry, streams)) for entry in entries]
    for one in samples:
        one["keypoints"] = [[[x0, y0, 2]] for x0, y0, _, _ in one["boxes"]]
    counts = []

    def rows(given: list[Any]) -> list[float]:
        names = ("boxes", "classes", "phrases", "keypoints")
        counts.extend({len(one[name]) for name in names} for one in given)
        return [float(len(one["boxes"])) for one in given]

    report = stress(pets, samples, rows, levels=2)
    assert all(len(found) == 1 for found in counts)
    apart = {
        (tuple(one["streams"]), one["knob"])
        for one in report.data["left_out"]
        if one["reason"].startswith("they go together")
    }
    assert (("boxes", "phrases"), "exchange") in apart
    assert (("boxes", "keypoints"), "exchange") in apart
    moved = relation(report, "image", "caption", "exchange")["moved"]
    assert moved == ["caption"], "phrases stay with the boxes that they name"


def test_a_break_is_found_where_few_samples_tell_what_an_exchange_costs() -> None:
    """All captions but one say the same, so that an exchange costs little, and sides cost all."""
    picture = scenes(1)[0]["image"]
    samples = [{"image": picture.copy(), "caption": "a lamp on the left"} for _ in range(12)]
    samples[3] = {"image": picture[:, ::-1].copy(), "caption": "a lamp on the right"}
    pair = load_policy(POLICY[: POLICY.index("  sound:")] + "steps: []\n")
    report = stress(pair, samples, agrees, levels=6)
    sides = relation(report, "image", "caption", "sides")
    assert use(report, "caption")["permuted"]["loss"]["low"] == 0.0
    assert sides["permuted"]["low"] == 0.0
    assert sides["used"] is True
    assert 0.0 < sides["level"] <= 1.0
    assert sides["interval"][0] <= sides["level"]
    assert "image and caption break first: caption with left and right" in report.conclusions[0]


def test_samples_that_are_alike_do_not_make_a_stream_unused() -> None:
    """All show and say the left, so that an exchange costs nothing, and a wrong side all."""
    picture = scenes(1)[0]["image"]
    samples = [
        {"image": picture + np.uint8(number), "caption": f"{number} lamps on the left"}
        for number in range(8)
    ]
    pair = load_policy(POLICY[: POLICY.index("  sound:")] + "steps: []\n")
    report = stress(pair, samples, agrees, levels=3)
    assert use(report, "image")["permuted"]["loss"]["mean"] == 0.0
    assert relation(report, "image", "caption", "sides")["level"] == 0.5
    assert not any("does not use it" in text for text in report.conclusions)
    assert any("the samples are too alike" in text for text in report.conclusions)


def test_chance_breaks_nothing() -> None:
    """A judge that throws dice: no relation breaks by one level that is worse by chance."""
    for seed in range(6):
        dice = np.random.default_rng(seed)
        report = stress(
            policy(), scenes(12), lambda given, dice=dice: list(dice.random(len(given))), levels=6
        )
        broken = [one for one in report.relations if one["level"] is not None]
        assert len(broken) <= 1
        assert all(one["used"] in (True, False, None) for one in report.relations)


def test_a_lasting_break_goes_on_to_the_last_level() -> None:
    def at(low: float) -> Band:
        return Band(low + 0.1, low, low + 0.2)

    levels = [0.0, 0.25, 0.5, 0.75, 1.0]
    losses = [Band(0.0, 0.0, 0.0), at(0.3), at(-0.1), None, at(0.2)]
    assert breaking(levels, losses, 0.1) == (0.25, [0.25, 0.25])
    assert breaking(levels, losses, 0.1, lasting=True) == (1.0, [0.25, 1.0])
    losses[-1] = at(0.0)
    assert breaking(levels, losses, 0.1, lasting=True) == (None, [0.25, None])


def test_what_failed_is_tried_again_when_a_run_goes_on(tmp_path: Path) -> None:
    moods = {"bad": True}

    def moody(samples: list[Any]) -> Any:
        if moods["bad"] and np.mean(score(samples)) < 0.8:
            raise RuntimeError("out of memory")
        return score(samples)

    first = stress(
        policy(), scenes(6), moody, levels=3, scores=ScoreFile(tmp_path, {"run": 1}, resume=False)
    )
    assert any("could not be scored" in told for told in first.conclusions)
    moods["bad"] = False
    again = stress(
        policy(), scenes(6), moody, levels=3, scores=ScoreFile(tmp_path, {"run": 1}, resume=True)
    )
    assert again.data == stress(policy(), scenes(6), score, levels=3).data
    third = ScoreFile(tmp_path, {"run": 1}, resume=True)
    assert not [found for found in third.values() if isinstance(found, str)]
