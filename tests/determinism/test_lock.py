"""Locks: what a policy gives, and whether it was the policy or a library that changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from click.testing import CliRunner
from PIL import Image

from syncaug.cli import cli
from tests.determinism.planted import module, written
from tests.programs import PYTEST
from tests.samples import ROOT

POLICY = """
syncaug: 1
seed: 4
sample:
  image: image
  boxes: {modality: boxes, labels: classes}
  speech: {modality: audio, sample_rate: 8000}
  caption: {modality: text, describes: image}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: grain, apply: {image: {op: albumentations.GaussNoise}}}
  - {name: light, uses: light, with: {value: [-0.3, 0.3]}}
checks: [boxes_visible: {min_area: 0.2}]
"""


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(cli, ["lock", *map(str, arguments)])


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "pets.yaml"
    path.write_text(POLICY)
    result = run(path)
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{path}.lock: 16 draws and results\n"
    return path


def edit(policy: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = Path(f"{policy}.lock")
    lock = json.loads(path.read_text())
    change(lock)
    path.write_text(json.dumps(lock))


def test_a_lock_holds_digests_versions_and_steps(policy: Path) -> None:
    lock = json.loads(Path(f"{policy}.lock").read_text())
    assert (lock["lock"], lock["draws"], lock["seed"]) == (1, 1, 4)
    assert len(lock["results"]) == 16
    assert len({one["draw"] for one in lock["results"]}) == 16
    assert set(lock["results"][0]["streams"]) == {
        "image", "boxes", "classes", "speech", "caption"
    }  # fmt: skip
    steps = {step["step"]: step for step in lock["steps"]}
    assert list(steps) == ["as it was loaded", "mirror", "grain", "light", "the checks"]
    assert steps["mirror"]["streams"]["image"] != steps["grain"]["streams"]["image"]
    assert steps["mirror"]["streams"]["speech"] == steps["light"]["streams"]["speech"]
    assert {"albumentations", "albucore", "scipy"} <= set(steps["grain"]["packages"])
    assert not {"albumentations", "nlpaug"} & set(steps["mirror"]["packages"])
    assert {"soxr", "numpy", "opencv-python-headless", "syncaug"} <= set(lock["versions"])
    again = run(policy, "--check")
    assert again.exit_code == 0, again.output
    assert again.stdout == f"{policy}.lock: 16 draws and results as locked\n"


def test_an_edited_policy_is_told_apart_from_a_library(policy: Path) -> None:
    policy.write_text(POLICY.replace("[-0.3, 0.3]", "[-0.2, 0.3]"))
    result = run(policy, "--check")
    assert result.exit_code == 1
    first, second = result.stdout.splitlines()
    assert first.startswith(f"{policy} is another policy than {policy}.lock locks: steps.light.")
    assert first.endswith(f"Look at its results, then lock it anew: syncaug lock {policy}")
    assert second == "The policy that was locked gives the same bytes as before."
    policy.write_text(POLICY.replace("seed: 4", "seed: 5"))
    assert "locks: seed." in run(policy, "--check").stdout
    policy.write_text(POLICY.replace("seed: 4", "seed: 4 # a comment"))
    assert run(policy, "--check").exit_code == 0


def _upgraded(lock: dict[str, Any]) -> None:
    """The lock of an installation whose albumentations gave other noise."""
    lock["versions"]["albumentations"] = "2.0.7"
    for step in lock["steps"][2:]:
        step["streams"]["image"] = "0" * 32
    for result in lock["results"][:11]:
        result["streams"]["image"] = "0" * 32


def test_an_upgrade_is_named_with_stream_and_step(policy: Path) -> None:
    edit(policy, _upgraded)
    result = run(policy, "--check")
    assert result.exit_code == 1
    first, second = result.stdout.splitlines()
    assert first == (
        "stream 'image': 11 of 16 differ, first in step 'grain' (albumentations.GaussNoise): "
        "albumentations 2.0.7, now 2.0.8"
    )
    assert second.startswith("The locked policy gives other bytes here. Install what the lock")
    told = json.loads(run(policy, "--check", "--format", "json").stdout)
    assert not told["same"]
    assert told["versions"] == {"albumentations": "albumentations 2.0.7, now 2.0.8"}
    assert [one["stream"] for one in told["findings"]] == ["image"]


def test_an_upgrade_without_effect_passes_with_a_word(policy: Path) -> None:
    edit(policy, lambda lock: lock["versions"].update(albumentations="2.0.7"))
    result = run(policy, "--check")
    assert result.exit_code == 0
    assert "without any effect on the bytes: albumentations 2.0.7, now 2.0.8" in result.stdout


def test_other_draws_and_other_bytes_without_a_version_are_told(policy: Path) -> None:
    edit(policy, lambda lock: lock["results"][3].update(draw="0" * 32))
    told = run(policy, "--check")
    assert told.exit_code == 1
    assert "draws: 1 of 16 differ: the lock was edited, or syncaug's own code" in told.stdout
    edit(policy, lambda lock: lock["versions"].pop("soxr"))
    edit(policy, lambda lock: lock["steps"][1]["streams"].update(boxes="0" * 32))
    edit(policy, lambda lock: lock["results"][3]["streams"].update(boxes="0" * 32))
    told = run(policy, "--check")
    assert "stream 'boxes': 1 of 16 differ, first in step 'mirror' (flip): soxr none, now" in (
        told.stdout
    )


@pytest.mark.parametrize(("release", "code"), [("1.0", 0), ("2.0", 1)])
def test_two_releases_of_a_package_are_two_results(tmp_path: Path, release: str, code: int) -> None:
    """Two releases of a pure-Python package, each on the path of a process of its own."""
    policy, manifest = written(tmp_path)
    for version, fault in (("1.0", "none"), ("2.0", "release")):
        folder = tmp_path / version
        about = folder / f"tinter-{version}.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: tinter\nVersion: {version}\n"
        )
        (about / "entry_points.txt").write_text("[syncaug.operations]\ntinter = tinter\n")
        (folder / "tinter.py").write_text(module(fault))
    command = [sys.executable, "-m", "syncaug", "lock", str(policy)]

    def called(version: str, *more: str) -> Any:
        path = os.pathsep.join([str(tmp_path / version), str(ROOT)])
        return subprocess.run(
            [*command, *more],
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
        )

    assert called("1.0", "--manifest", str(manifest)).returncode == 0
    result = called(release, "--check")
    assert result.returncode == code, result.stderr
    if code:
        assert (
            "stream 'image': 16 of 16 differ, first in step 'tint' (tinter.Tint of tinter 2.0): "
            "tinter 1.0, now 2.0"
        ) in result.stdout
        assert "stream 'caption'" not in result.stdout


def test_a_lock_is_a_test_of_pytest_and_of_the_action(policy: Path) -> None:
    def ran(*arguments: str, **environment: str) -> Any:
        return subprocess.run(
            arguments,
            cwd=policy.parent,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    lock = Path(f"{policy}.lock")
    whole = lock.read_bytes()
    lock.write_text("{}")
    tested = (*PYTEST, "-q", "--syncaug", ".")
    torn = ran(*tested)
    assert "expected a lock, a mapping with 'lock': 1. Write it anew: syncaug lock" in torn.stdout
    assert "def " not in torn.stdout
    lock.write_bytes(whole)
    assert "2 passed" in ran(*tested).stdout
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    step = action["runs"]["steps"][-1]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    inputs = {**dict.fromkeys(step["env"], ""), "POLICIES": "pets.yaml", "PATH": path}
    validated = ("bash", "-eo", "pipefail", "-c", step["run"])
    assert ran(*validated, **{**inputs, "LOCKS": "pets.yaml"}).returncode == 0
    edit(policy, _upgraded)
    failed = ran(*tested).stdout
    assert "1 failed, 1 passed" in failed
    assert "albumentations 2.0.7, now 2.0.8" in failed
    found = ran(*validated, **{**inputs, "LOCKS": "pets.yaml"})
    assert found.returncode == 1
    assert "first in step 'grain' (albumentations.GaussNoise)" in found.stdout
    assert ran(*validated, **inputs).returncode == 0


def test_other_samples_are_told_apart(tmp_path: Path) -> None:
    policy, manifest = written(tmp_path)
    policy.write_text(
        "{syncaug: 1, sample: {image: image, caption: {modality: text, describes: image}}, "
        "steps: [{name: mirror, uses: flip, p: 0.5}]}"
    )
    assert run(policy, "--manifest", manifest).exit_code == 0
    assert run(policy, "--check").exit_code == 0
    Image.fromarray(np.zeros((16, 24, 3), np.uint8)).save(tmp_path / "2.png")
    result = run(policy, "--check")
    assert result.exit_code == 1
    assert "'image': 4 of 16 differ, first in what was loaded: the samples are other ones" in (
        result.stdout
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "expected the lock of the policy; No such file"),
        ("{", "pets.yaml.lock: "),
        ("[]", "expected a lock, a mapping with 'lock': 1"),
        ('{"lock": 1}', "engine: expected a whole number; got None"),
    ],
)
def test_what_is_no_lock_is_refused(tmp_path: Path, text: str | None, said: str) -> None:
    path = tmp_path / "pets.yaml"
    path.write_text(POLICY)
    if text is not None:
        Path(f"{path}.lock").write_text(text)
    result = run(path, "--check")
    assert result.exit_code == 1
    assert said in str(result.exception)


def test_a_missing_policy_is_named_before_its_lock(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    said = str(run(path, "--check").exception)
    assert str(path) in said
    assert "no such file" in said
    assert ".lock" not in said


@pytest.mark.parametrize(
    ("stream", "more"), [("mask: mask", ""), ("camera: camera", " --manifest FILE")]
)
def test_a_lock_that_never_was_is_to_be_written(tmp_path: Path, stream: str, more: str) -> None:
    path = tmp_path / "my rig.yaml"
    path.write_text(
        f"{{syncaug: 1, sample: {{image: image, {stream}}}, steps: [{{name: a, uses: flip}}]}}"
    )
    said = str(run(path, "--check").exception)
    assert said.startswith(f"{path}.lock: expected the lock of the policy; No such file")
    assert said.endswith(f"Write it: syncaug lock '{path}'{more}")
    Path(f"{path}.lock").write_text("[]")
    said = str(run(path, "--check").exception)
    assert said.endswith(f"Write it anew: syncaug lock '{path}'{more}")


def test_locks_are_written_anew_on_the_samples_that_they_name(tmp_path: Path) -> None:
    policy, manifest = written(tmp_path)
    text = "{syncaug: 1, seed: SEED, sample: {image: image, caption: text}, steps: [STEP]}"
    text = text.replace("STEP", "{name: light, uses: light, with: {value: [-0.3, 0.3]}}")
    policy.write_text(text.replace("SEED", "1"))
    assert run(policy, "--manifest", manifest, "--in-format", "manifest").exit_code == 0
    policy.write_text(text.replace("SEED", "2"))
    found = run(policy, "--check").stdout.splitlines()[0]
    command = f"lock {policy} --in-format manifest --manifest {manifest}"
    assert found.endswith(f"lock it anew: syncaug {command}")
    assert CliRunner().invoke(cli, command.split()).exit_code == 0
    assert run(policy, "--check").exit_code == 0


def test_streams_without_synthetic_samples_ask_for_a_manifest(tmp_path: Path) -> None:
    path = tmp_path / "rig.yaml"
    path.write_text(
        "{syncaug: 1, sample: {image: image, camera: camera}, steps: [{name: a, uses: flip}]}"
    )
    result = run(path)
    assert result.exit_code == 1
    assert "stream 'camera': expected a stream of which a synthetic" in str(result.exception)
    assert "--manifest FILE" in str(result.exception)
    assert run(path, "--check", "--manifest", "m.jsonl").exit_code == 2
