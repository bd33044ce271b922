"""The ablation of examples/ablation: its scenes, its measures, and the whole of it at toy size."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from examples.ablation import efficiency, page, real
from examples.ablation.measures import CHANCE, of_recordings, of_scenes
from examples.ablation.plots import plots
from examples.ablation.results import kept
from examples.ablation.scenes import ANSWERS, COLOURS, QUESTIONS, RATE, SIDES, Scenes
from examples.ablation.towers import Towers, plain
from examples.ablation.train import Settings, train
from syncaug import load_policy
from syncaug.ablate.arms import arms_of, write_policy
from tests.samples import ROOT

POLICY = ROOT / "examples" / "ablation" / "policy.yaml"
NAMES = ("film", "sound", "beeps", "words")
TOY = ("--steps", "2", "--scenes", "32", "--test", "48", "--batch", "16")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_scenes_of_one_address_are_the_same_and_of_two_splits_are_not() -> None:
    ours, again, others = (Scenes(split, 3, 40) for split in ("train", "train", "test"))
    assert ours.scenes == again.scenes
    assert np.array_equal(ours[7]["film"], again[7]["film"])
    assert not {scene.look for scene in ours.scenes} & {scene.look for scene in others.scenes}


def test_scenes_show_and_sound_as_they_are_told() -> None:
    for scene, sample in zip(Scenes("dev", 0, 40).scenes, Scenes("dev", 0, 40), strict=True):
        levels = np.square(sample["sound"]).sum(axis=1)
        assert levels.argmax() == scene.loud
        for cue in sample["beeps"]:
            heard = sample["sound"][scene.loud, int(cue["start"] * RATE) : int(cue["end"] * RATE)]
            assert np.abs(heard).max() > 0.3
        question, answer = (part.strip() for part in sample["words"][1].split("?"))
        if scene.asks == "colour":
            side = SIDES.index(question.rpartition(" ")[2])
            assert answer == scene.colours[side]
        else:
            named = next(name for name in COLOURS if f" the {name} " in question)
            assert answer == SIDES[scene.colours.index(named)]


def test_what_the_policy_says_stays_a_question_with_an_answer_that_is_true() -> None:
    policy = load_policy(POLICY, seed=1)
    known = {
        plain(f"{question} {answer}")
        for asks, questions in QUESTIONS.items()
        for question in questions
        for answer in ANSWERS[asks]
    }
    turned = 0
    for sample in Scenes("dev", 1, 60):
        out = policy({name: sample[name] for name in NAMES}, key=sample["key"])
        assert plain(out["words"][1]) in known
        turned += out["words"] != sample["words"]
    assert turned > 30


@pytest.mark.slow
def test_a_trained_model_is_above_chance_and_one_that_knows_nothing_is_not() -> None:
    settings = Settings(scenes=64, steps=40, test=96)
    torch.manual_seed(0)
    scenes, probe = Scenes("dev", 5, 96), Scenes("dev probe", 5, 96)
    blank = of_scenes(Towers().eval(), scenes, probe)
    assert blank["question_side"] < 0.75
    trained = of_scenes(train(scenes, settings, 0), scenes, probe)
    assert set(trained) | set(of_recordings(Towers().eval())) == set(CHANCE)
    assert trained["offset_cues"] > 0.6 > blank["offset_cues"]
    assert trained["question_colour"] > 0.3 > blank["question_colour"]


def test_recordings_hold_still_and_their_true_sound_comes_first() -> None:
    windows = [*real.film_windows(), *real.speech_windows()]
    assert {window.source for window in windows} == {"webb", "bunny", "jfk"}
    for window in windows:
        assert window.sounds.shape == (len(real.SHIFTS), 2, 4000)
        early = round(0.125 * RATE)
        at = real.SHIFTS.index(0.125)
        assert np.array_equal(window.sounds[at][:, early:], window.sounds[0][:, :-early])
    photos = list(real.photos())
    assert len(photos) == 7
    assert all(len(set(captions)) == 3 for photo in photos for captions in photo.captions)


@pytest.mark.slow
def test_the_whole_ablation_at_toy_size(tmp_path: Path) -> None:
    words = ("--seeds", "1", "--arms", "none,strict", "--draws", "60", "--jobs", "1")
    done = run("examples.ablation", "--out", str(tmp_path), *words, "--", *TOY)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "ablation.json").read_text("utf-8"))
    assert set(found["metrics"]) == set(CHANCE)
    assert [one["arm"] for one in found["runs"]] == ["none", "strict"]
    again = run("examples.ablation", "--out", str(tmp_path), *words, "--", *TOY)
    assert again.returncode == 0, again.stderr
    assert json.loads((tmp_path / "ablation.json").read_text("utf-8"))["runs"] == found["runs"]
    parts = page.blocks(kept(found, None))
    assert parts["table"].count("\n") == len(CHANCE) + 2
    assert b"<svg" in plots(kept(found, None))["ablation.svg"]


@pytest.mark.slow
def test_data_efficiency_at_toy_size(tmp_path: Path) -> None:
    words = ["--seeds", "1", "--jobs", "1", "--few", "32", "--steps", "2", "--test", "48"]
    efficiency.main(["--out", str(tmp_path), *words])
    found = json.loads((tmp_path / "efficiency.json").read_text("utf-8"))
    assert len(found["runs"]) == 2 * len(efficiency.VARIANTS)
    assert {one["variants"] for one in found["differences"]} == set(efficiency.VARIANTS)


def test_words_of_the_jittered_arm_stray_in_about_a_quarter_of_the_samples(tmp_path: Path) -> None:
    shared, told = load_policy(POLICY), []
    (arm,) = (one for one in arms_of(shared, ["jittered", "strict"]) if one.name == "jittered")
    write_policy(arm, shared, shared.seed, tmp_path / "jittered.yaml")
    stray = load_policy(tmp_path / "jittered.yaml")
    for epoch in range(5):
        for sample in Scenes("dev", 2, 40):
            given = {name: sample[name] for name in NAMES}
            outs = [policy(given, key=sample["key"], epoch=epoch) for policy in (shared, stray)]
            assert np.array_equal(outs[0]["film"], outs[1]["film"])
            told.append(outs[0]["words"] != outs[1]["words"])
    assert 0.15 < np.mean(told) < 0.35


def test_variants_are_what_the_policy_gives_in_that_epoch() -> None:
    scenes = Scenes("train", 0, 3)
    data = efficiency.Variants(scenes, 4, seed=2)
    policy = load_policy(POLICY, seed=2)
    given = {name: scenes[1][name] for name in NAMES}
    expected = policy(given, key=scenes[1]["key"], epoch=3)
    assert len(data) == 12
    assert np.array_equal(data[3 * 3 + 1]["film"], expected["film"])
    assert data[3 * 3 + 1]["words"] == expected["words"]


@pytest.mark.slow
def test_a_training_without_a_policy_says_what_is_missing() -> None:
    done = run("examples.ablation.train", "--seed", "0", "--out", "x")
    assert done.returncode == 2
    assert "--policy is missing, and SYNCAUG_POLICY is not set" in done.stderr


def test_the_page_says_what_the_results_hold() -> None:
    """`python -m examples.ablation.page` writes it anew."""
    found = json.loads(page.RESULTS.read_text("utf-8"))
    text = (ROOT / "docs" / "ablation.md").read_text("utf-8")
    assert page.filled(text, page.blocks(found)) == text
