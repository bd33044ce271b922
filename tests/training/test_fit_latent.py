"""`syncaug fit-latent`: a space on one's own samples, and a policy that mixes in it."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from syncaug import PolicyError, RecordError, load_policy
from syncaug.cli import cli
from syncaug.io.manifest import read_manifest
from syncaug.io.streams import load_sample
from syncaug.training.latent import LatentSpace

RANDOM = np.random.default_rng(11)
COUNT = 60
SCENES = RANDOM.normal(size=(COUNT, 3))
SEEN, HEARD = RANDOM.normal(size=(3, 10)), RANDOM.normal(size=(3, 8))
POLICY = """
syncaug: 1
name: scenes
sample:
  film: {modality: embedding}
  voice: {modality: embedding}
  label: {modality: label, classes: 4}
steps:
  - {name: between, uses: latent_mix, with: {encoder: joint.npz, share: [0.1, 0.9]}}
"""


def film(scene: Any) -> Any:
    """What a linear camera sees of scenes."""
    return scene @ SEEN + 1.0


def voice(scene: Any) -> Any:
    """What a linear microphone hears of them."""
    return scene @ HEARD - 2.0


def sample_of(scene: Any, label: int = 0) -> dict[str, Any]:
    return {"film": film(scene), "voice": voice(scene), "label": label}


@pytest.fixture
def scenes(tmp_path: Path) -> Path:
    """A folder with a policy and a manifest of linear scenes."""
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8", newline="\n")
    lines = [
        {"key": f"scene/{n}", "film": film(s).tolist(), "voice": voice(s).tolist(), "label": n % 4}
        for n, s in enumerate(SCENES)
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (tmp_path / "scenes.jsonl").write_text(text, encoding="utf-8", newline="\n")
    return tmp_path


def fit(folder: Path, *more: str, streams: str = "film,voice") -> Any:
    """What the command says, in a folder of scenes."""
    command = ["fit-latent", str(folder / "policy.yaml"), "--streams", streams]
    command += ["--manifest", str(folder / "scenes.jsonl"), "--out", str(folder / "joint.npz")]
    return CliRunner().invoke(cli, [*command, *more])


def test_encode_mix_and_decode_is_the_mix_of_scenes(scenes: Path) -> None:
    """The square on a linear scene, through the command, the file and the step of a policy."""
    done = fit(scenes, "--format", "json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["dimensions"] == 3
    assert min(told["correlations"]) > 0.999999
    policy = load_policy(scenes / "policy.yaml")
    for key in range(20):
        one, two = RANDOM.normal(size=(2, 3))
        out, record = policy.apply(sample_of(one), key=key, partner=sample_of(two, 2))
        share = record.draw.steps[0].parameters["*"]["share"]
        mixed = one + share * (two - one)
        assert np.abs(out["film"] - film(mixed)).max() < 1e-4
        assert np.abs(out["voice"] - voice(mixed)).max() < 1e-4
        assert np.allclose(out["label"], [1.0 - share, 0.0, share, 0.0])
        assert policy.replay(sample_of(one), record, partner=sample_of(two, 2)).keys() == out.keys()


@pytest.mark.parametrize("uses", ["latent_mix", "latent_interpolate", "feature_mix"])
def test_weights_0_and_1_are_the_ends_exactly(scenes: Path, uses: str) -> None:
    assert fit(scenes).exit_code == 0
    noisy = RANDOM.normal(size=(2, 10))  # which no decoder gives back
    for share, end in ((0.0, 0), (1.0, 1)):
        text = POLICY.replace("latent_mix", uses).replace("[0.1, 0.9]", str(share))
        made = text.replace("  label:", "  seen: {modality: embedding, encodes: film}\n  label:")
        (scenes / "ends.yaml").write_text(made, encoding="utf-8", newline="\n")
        policy = load_policy(scenes / "ends.yaml")
        ends = [{**sample_of(SCENES[n], n), "film": noisy[n]} for n in (0, 1)]
        out = policy(ends[0], key="a", partner=ends[1])
        assert np.array_equal(out["voice"], ends[end]["voice"])
        vector = LatentSpace.load(scenes / "joint.npz").encode("film", noisy[end])[0]
        assert np.array_equal(out["seen"], vector)
        assert out["label"][end] == 1.0 if share else out["label"][0] == 1.0


def test_noise_goes_along_the_data_and_is_one_for_all_streams(scenes: Path) -> None:
    assert fit(scenes).exit_code == 0
    text = """
syncaug: 1
name: scenes
sample:
  film: {modality: embedding}
  voice: {modality: embedding}
  label: {modality: label, classes: 4}
  seen: {modality: embedding, encodes: film}
  heard: {modality: embedding, encodes: voice}
steps:
  - {name: blur, uses: latent_noise, with: {encoder: joint.npz, strength: 0.5}}
"""
    (scenes / "noise.yaml").write_text(text, encoding="utf-8", newline="\n")
    policy = load_policy(scenes / "noise.yaml")
    space = LatentSpace.load(scenes / "joint.npz")
    own = space.encode("film", film(SCENES[0]))[0]
    moved = []
    for key in range(1500):
        out = policy(sample_of(SCENES[0], 3), key=key)
        assert np.abs(out["seen"] - out["heard"]).max() < 1e-6, "pairs stay pairs"
        assert out["label"] == 3
        moved.append(out["seen"] - own)
    wanted = 0.25 * np.cov(space.encode("film", film(SCENES)).T)
    assert np.abs(np.cov(np.array(moved).T) - wanted).max() < 0.05
    assert np.abs(np.mean(moved, axis=0)).max() < 0.05


PHOTOS = """
syncaug: 1
name: photos
sample:
  image: image
  caption: {modality: text, describes: image}
  seen: {modality: embedding, encodes: image}
  said: {modality: embedding, encodes: caption}
steps:
  - name: between
    uses: latent_interpolate
    with: {encoder: joint.npz, share: 0.3, image: nearest, caption: nearest}
"""


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Pictures of one colour with captions that name it, in files."""
    from PIL import Image

    (tmp_path / "policy.yaml").write_text(PHOTOS, encoding="utf-8", newline="\n")
    names = {"red": (220, 20, 20), "green": (20, 200, 20), "blue": (20, 20, 220)}
    lines = []
    for n in range(30):
        name, colour = list(names.items())[n % 3]
        size = (16 + 4 * (n % 2), 16)
        picture = Image.new("RGB", size, tuple(c + n % 7 for c in colour))
        picture.save(tmp_path / f"{n}.png")
        lines.append({"key": n, "image": f"{n}.png", "caption": f"a wall in {name} number {n}"})
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (tmp_path / "scenes.jsonl").write_text(text, encoding="utf-8", newline="\n")
    return tmp_path


def test_pictures_and_captions_go_with_one_neighbour(photos: Path) -> None:
    done = fit(photos, "--dimensions", "2", streams="image,caption")
    assert done.exit_code == 0, done.output
    policy = load_policy(photos / "policy.yaml")
    streams = {stream.name: stream for stream in policy.plan.streams}
    entries = list(read_manifest(photos / "scenes.jsonl"))
    samples = [dict(load_sample(entry, streams)) for entry in entries]
    for key in range(12):
        own, partner = samples[key], samples[key + 6 + key % 2]
        out, record = policy.apply(own, key=key, partner=partner, partner_key=key + 6)
        found = record.notes["image"]["mixed"][-1]["key"]
        assert record.notes["caption"]["mixed"][-1]["key"] == found
        assert out["caption"] == samples[found]["caption"]
        assert out["image"].shape == np.asarray(own["image"]).shape
        assert np.array_equal(out["image"][0, 0], np.asarray(samples[found]["image"])[0, 0])
        assert out["seen"].shape == out["said"].shape == (2,)


def test_a_space_of_other_streams_or_of_another_policy_is_refused(scenes: Path) -> None:
    assert fit(scenes).exit_code == 0
    load_policy(scenes / "policy.yaml")
    for old, new, told in (
        ("name: scenes", "name: others", "under the policy 'scenes', and this is 'others'"),
        ("voice: {modality: embedding}", "voice: {modality: embedding, rate: 5}", "rate was None"),
        ("share: [0.1", "fingerprint: 0123456789abcdef, share: [0.1", "fitted on other features"),
    ):
        text = POLICY.replace(old, new)
        (scenes / "other.yaml").write_text(text, encoding="utf-8", newline="\n")
        with pytest.raises(PolicyError, match=f"SA320.*{re.escape(told)}") as refused:
            load_policy(scenes / "other.yaml")
        (hint,) = {problem.hint for problem in refused.value.problems}
        assert hint == (
            f"fit it again: syncaug fit-latent {scenes / 'other.yaml'} --manifest "
            f"{scenes / 'scenes.jsonl'} --out {scenes / 'joint.npz'} --streams film,voice"
        )
        space = (scenes / "joint.npz").read_bytes()
        assert CliRunner().invoke(cli, shlex.split(hint)[4:]).exit_code == 0
        if "fingerprint" not in new:
            load_policy(scenes / "other.yaml")
        (scenes / "joint.npz").write_bytes(space)
    text = POLICY.replace("share: [0.1, 0.9]", "share: 0.5, p: 1").replace(", p: 1", "")
    (scenes / "other.yaml").write_text(text, encoding="utf-8", newline="\n")
    load_policy(scenes / "other.yaml")  # steps may be other ones


@pytest.mark.parametrize("before", ["a file that is not there", "no latent step"])
def test_a_policy_is_written_before_its_space(scenes: Path, before: str) -> None:
    path = scenes / "policy.yaml"
    if before == "no latent step":
        text = POLICY[: POLICY.index("steps:")] + "steps: []\n"
        path.write_text(text, encoding="utf-8", newline="\n")
    else:
        with pytest.raises(PolicyError, match="SA320 the space 'joint.npz' cannot be read") as told:
            load_policy(path)
        (problem,) = told.value.problems
        assert problem.expected.endswith(f"--out {scenes / 'joint.npz'} --streams A,B")
        assert f"syncaug fit-latent {path} --manifest MANIFEST --out " in problem.expected
    assert fit(scenes).exit_code == 0
    path.write_text(POLICY, encoding="utf-8", newline="\n")
    assert load_policy(path).plan.steps


def test_a_record_is_of_the_very_space(scenes: Path) -> None:
    assert fit(scenes).exit_code == 0
    policy = load_policy(scenes / "policy.yaml")
    own, partner = sample_of(SCENES[0]), sample_of(SCENES[1], 1)
    _, record = policy.apply(own, key=1, partner=partner)
    assert load_policy(record.as_json()["policy"]).replay(own, record, partner=partner)
    assert fit(scenes, "--dimensions", "2").exit_code == 0
    lines = (scenes / "scenes.jsonl").read_text(encoding="utf-8").splitlines()[:-1]
    (scenes / "scenes.jsonl").write_text("\n".join(lines), encoding="utf-8", newline="\n")
    assert fit(scenes).exit_code == 0
    refitted = load_policy(scenes / "policy.yaml")
    assert refitted.plan.fingerprint != policy.plan.fingerprint
    with pytest.raises((RecordError, PolicyError), match="SA320|expected a record of"):
        refitted.replay(own, record, partner=partner)


def double(modality: str, value: Any) -> Any:
    """An encoder of the tests: twice the numbers."""
    return 2.0 * np.asarray(value)


def test_features_of_a_function_are_given_to_the_policy_again(scenes: Path) -> None:
    named = "tests.training.test_fit_latent:double"
    done = fit(scenes, "--encoder", f"film={named}", streams="film,voice")
    assert done.exit_code == 0, done.output
    with pytest.raises(PolicyError, match="no decoder for it"):
        load_policy(scenes / "policy.yaml", encoders={named: double})
    made = POLICY.replace("  label:", "  seen: {modality: embedding, encodes: film}\n  label:")
    (scenes / "policy.yaml").write_text(made, encoding="utf-8", newline="\n")
    policy = load_policy(scenes / "policy.yaml", encoders={named: double})
    out = policy(sample_of(SCENES[0]), key=1, partner=sample_of(SCENES[1]))
    assert out["seen"].shape == (3,)
    with pytest.raises(Exception, match="expected the encoder 'tests.training"):
        load_policy(scenes / "policy.yaml")(
            sample_of(SCENES[0]), key=1, partner=sample_of(SCENES[1])
        )


@pytest.mark.parametrize(
    ("more", "streams", "told"),
    [
        ((), "film,radar", "got 'radar'"),
        ((), "film", "two or more"),
        (("--dimensions", "5"), "film,voice", "from 1 to 3, in as many directions"),
        (("--dimensions", "3", "--components", "2"), "film,voice", "at least the 3 dimensions"),
        (("--encoder", "film=nowhere:x"), "film,voice", "nowhere"),
        (("--encoder", "film=numpy:nothing"), "film,voice", "has no 'nothing'"),
        (("--encoder", "label=numpy:ones"), "film,voice", "expected one of film, voice"),
        ((), "film,label", "built-in features"),
        (
            ("--encoder", "film=tests.training.test_fit_latent:same"),
            "film,voice",
            "stream 'film': expected features that vary over samples; got the same of all",
        ),
    ],
)
def test_what_cannot_be_fitted_is_told(
    scenes: Path, more: tuple[str, ...], streams: str, told: str
) -> None:
    done = fit(scenes, *more, streams=streams)
    assert done.exit_code == 1, done.output
    assert told in f"{done.output}{done.exception}"
    assert not (scenes / "joint.npz").exists()


def test_features_that_are_not_finite_are_told_with_their_sample(scenes: Path) -> None:
    text = (scenes / "scenes.jsonl").read_text(encoding="utf-8").splitlines()
    line = json.loads(text[7])
    text[7] = json.dumps({**line, "film": line["film"][:-1]})
    (scenes / "scenes.jsonl").write_text("\n".join(text), encoding="utf-8", newline="\n")
    done = fit(scenes)
    assert done.exit_code == 1
    told = "expected 10 features, as of sample 'scene/0'; got 9 of sample 'scene/7'"
    assert told in str(done.exception)
    text[7] = json.dumps({key: line[key] for key in ("key", "voice", "label")})
    (scenes / "scenes.jsonl").write_text("\n".join(text), encoding="utf-8", newline="\n")
    done = fit(scenes)
    assert done.exit_code == 0, done.output
    assert "left out: 1 samples" in done.output
    done = fit(scenes, "--encoder", "film=tests.training.test_fit_latent:half_known")
    assert done.exit_code == 1
    told = "sample 'scene/0', stream 'film': encoder of 'film': expected finite"
    assert told in str(done.exception)


def test_a_folder_that_is_not_there_is_told(scenes: Path) -> None:
    done = fit(scenes, "--out", str(scenes / "no" / "joint.npz"))
    assert done.exit_code == 1
    assert "joint.npz: expected a folder that is there; got" in f"{done.output}{done.exception}"


def same(modality: str, value: Any) -> Any:
    """An encoder of the tests to which all values are one."""
    return [1.0, 2.0]


def half_known(modality: str, value: Any) -> Any:
    """An encoder of the tests that gives what is no number."""
    return np.full(4, np.nan)
