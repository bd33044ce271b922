"""The README tells the truth: its policy runs, its error reads so, its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, Dataset

from syncaug import Augmenter, PolicyError, SampleError, load_policy
from syncaug.catalogue import names, operation
from syncaug.catalogue.checks import check_spec, checks
from syncaug.catalogue.transforms import transform, transform_names
from tests.samples import ROOT, equal, pets
from tests.words.cases import cases

SHOWN = {
    "image": np.full((48, 64, 3), (200, 40, 40), np.uint8),
    "boxes": [[8, 8, 56, 40]],
    "classes": ["thing"],
}
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
    held = {"sample": {name: sample[name] for name in ("image", "boxes", "classes", "caption")}}
    exec(blocks("python")[0], held)
    assert equal(held["same"], held["out"])


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


class Captions(Dataset[Any]):
    """What a beginner writes around the policy of the README; the epoch reaches living workers."""

    def __init__(self, policy: Augmenter, captions: list[str], epoch: Any) -> None:
        self.policy, self.captions, self.epoch = policy, captions, epoch

    def __len__(self) -> int:
        return len(self.captions)

    def __getitem__(self, index: int) -> dict[str, Any]:
        sample = {**SHOWN, "caption": self.captions[index]}
        out = self.policy(sample, key=index, epoch=int(self.epoch.value))
        return {"image": out["image"][::8, ::8].copy(), "caption": out["caption"]}


def test_the_policy_of_the_readme_in_a_default_loader_with_workers_that_stay() -> None:
    """A thousand captions: every batch is stacked, and each epoch draws anew."""
    captions = list(dict.fromkeys(c.text for c in cases() if c.language == "en"))[:1000]
    assert len(captions) == 1000
    epoch = torch.multiprocessing.Value("q", 0)
    data = Captions(load_policy(blocks("yaml")[0], seed=7), captions, epoch)
    loader = DataLoader(data, batch_size=50, num_workers=2, persistent_workers=True)
    said = []
    for number in range(2):
        epoch.value = number
        batches = list(loader)
        assert all(batch["image"].shape == (50, 48, 48, 3) for batch in batches)
        said.append([caption for batch in batches for caption in batch["caption"]])
    changed = [sum(a != b for a, b in zip(captions, out, strict=True)) for out in said]
    assert min(changed) > 100
    assert said[0] != said[1]
    alone = data.policy({**SHOWN, "caption": captions[7]}, key=7, epoch=1)
    assert said[1][7] == alone["caption"]


def test_the_number_of_operations_is_what_the_readme_says() -> None:
    usable = [name for name in names() if not operation(name).refused]
    libraries = [name for name in usable if not name.startswith("syncaug.")]
    assert f"{len(transform_names())}, and {len(libraries)} operations" in README


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", README))
def test_every_link_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_the_parameters_and_options_that_are_named_exist() -> None:
    named = re.findall(r"`([a-z_0-9]+) \{([a-z_, ]+)\}`", README)
    told = {name: inner.split(", ") for name, inner in named}
    assert set(told) >= set(transform_names()) - {"reverse"}
    for name, inner in told.items():
        known = (
            transform(name).parameters if name in transform_names() else check_spec(name).options
        )
        assert set(inner) <= set(known), name
    assert all(f"`{name}" in README for name in checks())
