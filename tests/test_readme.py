"""The README tells the truth: its policy runs, its error reads so, its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from syncaug import PolicyError, SampleError, load_policy
from tests.samples import ROOT, equal, pets

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_policy_and_the_python_of_the_readme_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pets.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    sample = pets()["cats.jpg"]
    names = {"sample": {name: sample[name] for name in ("image", "boxes", "classes", "caption")}}
    exec(blocks("python")[0], names)
    assert equal(names["same"], names["out"])


def test_the_error_of_the_readme_reads_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shown,) = (block for block in blocks("text") if "SA302" in block)
    lines = ["syncaug: 1", "sample:", "  speech: audio", *[""] * 8, "steps:", "  - name: late"]
    lines += ["    uses: time_shfit"]
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "drive.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PolicyError) as caught:
        load_policy("policies/drive.yaml")
    assert str(caught.value.problems[0]) == shown.strip()


def test_the_refusal_of_the_readme_reads_so() -> None:
    lines = README[README.index("    SampleError: ") :].split("\n\n")[0].split()
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, boxes: {modality: boxes, format: coco}}\n"
        "steps: [{name: mirror, uses: flip}]\n"
    )
    photo = np.zeros((480, 640, 3), np.uint8)
    with pytest.raises(SampleError) as caught:
        policy({"image": photo, "boxes": [[0.2, 0.2, 0.1, 0.1], [0.5, 0.5, 0.5, 0.5]]}, key="k")
    assert f"SampleError: {caught.value}".split() == lines


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", README))
def test_every_link_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()
