"""Captions that the sample brings in other words, beside the picture that they then describe."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from syncaug import AlignmentError, PolicyError, SampleError, load_policy
from syncaug.cli import cli
from syncaug.words import apply_edits, move_span
from syncaug.words.retelling import CannotRetell, retelling_edits
from tests.samples import ROOT

POLICY = ROOT / "policies" / "evening.yaml"
MANIFEST = ROOT / "examples" / "data" / "evening.jsonl"
SHIFTS = {"day": (0, 0, 0), "sunset": (30, 0, -45), "night": (-70, -60, -35)}
MIRRORED = str.maketrans({"<": ">", ">": "<"})


def swapped(text: str) -> str:
    marked = text.replace("left", "<").replace("right", ">")
    return marked.translate(MIRRORED).replace("<", "left").replace(">", "right")


def test_light_and_caption_follow_one_hour() -> None:
    policy = load_policy(POLICY, seed=3)
    seen: dict[str, set[str]] = {}
    mirrored = 0
    for line in MANIFEST.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        image = np.full((30, 40, 3), 128, np.uint8)
        image[:, :20] = 100
        names = ("id", "caption", "retold")
        given = {"image": image, **{name: entry[name] for name in names}}
        for epoch in range(40):
            out, record = policy.apply(given, key=entry["key"], epoch=epoch)
            hour = record.draw.variables["hour"]
            turned = record.draw.steps[1].applied
            told = swapped(out["caption"]) if turned else out["caption"]
            texts = entry["retold"][hour] or entry["caption"]
            assert told in ([texts] if isinstance(texts, str) else texts)
            shown = out["image"][:, ::-1] if turned else out["image"]
            assert (shown.astype(int) - image == SHIFTS[hour]).all()
            assert out["retold"] == entry["retold"]
            assert policy.replay(given, record)["caption"] == out["caption"]
            seen.setdefault(hour, set()).add(told)
            mirrored += turned
    assert {hour: len(texts) for hour, texts in seen.items()} == {"day": 2, "sunset": 3, "night": 2}
    assert 20 < mirrored < 60


def test_the_bundled_sample_through_the_command_line(tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    done = CliRunner().invoke(cli, ["validate", str(POLICY), "--strict"])
    assert (done.exit_code, done.output.count("SA")) == (0, 0), done.output
    done = CliRunner().invoke(
        cli, ["apply", str(POLICY), "--manifest", str(MANIFEST), "--out", out]
    )
    assert done.exit_code == 0, done.output
    lines = (tmp_path / "out" / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    for line in map(json.loads, lines):
        assert line["caption"]
        assert line["retold"]["night"]


def made(steps: str, sample: str = "caption: {modality: text, paraphrases: others}") -> Any:
    return load_policy(f"syncaug: 1\nsample: {{image: image, {sample}}}\nsteps:\n{steps}")


RETELL = "  - {name: retell, apply: {caption: {op: syncaug.Paraphrase}}}\n"
NIGHT = "  - {name: retell, apply: {caption: {op: syncaug.Paraphrase, said: night}}}\n"
IMAGE = np.zeros((8, 8, 3), np.uint8)


def told(policy: Any, others: Any, key: int = 1, **more: Any) -> str:
    given = {"image": IMAGE, "caption": "A dog and a cat.", "others": others, **more}
    return str(policy(given, key=key)["caption"])


def test_any_of_a_list() -> None:
    texts = {told(made(RETELL), ["A cat and a dog.", "Two pets."], key) for key in range(20)}
    assert texts == {"A cat and a dog.", "Two pets."}
    named = {told(made(RETELL), {"a": "A.", "b": ["B.", "C."]}, key) for key in range(40)}
    assert named == {"A.", "B.", "C."}
    assert told(made(RETELL), None) == told(made(RETELL), []) == "A dog and a cat."


@pytest.mark.parametrize(
    ("others", "came"),
    [
        ({"day": "A dog."}, "expected paraphrases by name, with 'night' among them; got .*'day'"),
        (["A dog."], "got none with a name"),
        (None, "got none with a name"),
        ("A dog.", "got one text. Put it into a list"),
        ([3], "got an int|got 3|int"),
        ([""], "got an empty text"),
        ({"night": 3}, "under 'night'"),
        ({"night": [None]}, "under 'night'"),
        ({3: "A dog."}, "got the name"),
        (7, "expected a list of texts"),
    ],
)
def test_what_is_no_paraphrase(others: Any, came: str) -> None:
    with pytest.raises(SampleError, match=f"'others'.*(?:{came})"):
        told(made(NIGHT), others)


def test_the_entry_must_be_there() -> None:
    with pytest.raises(SampleError, match="no such entry in the sample. Give null for none"):
        made(RETELL)({"image": IMAGE, "caption": "A dog."}, key=1)


def test_several_captions_have_none() -> None:
    with pytest.raises(SampleError, match="expected one text, because 'others' has its para"):
        told(made(RETELL), [], caption=["A dog.", "A cat."])
    chosen = "caption: {modality: text, choose: one, paraphrases: others}"
    assert told(made(RETELL, chosen), ["Two."], caption=["A dog.", "A cat."]) == "Two."


FLIP = "  - {name: flip, uses: flip}\n"
NOISE = "  - {name: noise, uses: noise, with: {severity: 0.5, caption: typos}}\n"


@pytest.mark.parametrize(
    "steps",
    [
        FLIP + RETELL,
        NOISE + RETELL,
        "  - {name: a, apply: {caption: [{op: syncaug.MirrorWords}, {op: syncaug.Paraphrase}]}}\n",
        "  - {name: some, some_of: {count: 1, steps: [{name: flip, uses: flip}, "
        "{name: retell, apply: {caption: {op: syncaug.Paraphrase}}}]}}\n",
    ],
)
def test_it_comes_first(steps: str) -> None:
    with pytest.raises(PolicyError) as caught:
        made(steps)
    assert [problem.code for problem in caught.value.problems] == ["SA319"]
    assert "may have changed what 'caption' says" in caught.value.problems[0].message


def test_one_of_several_steps_may_be_it() -> None:
    steps = (
        "  - {name: one, one_of: [{name: flip, uses: flip}, "
        "{name: retell, apply: {caption: {op: syncaug.Paraphrase}}}]}\n"
    )
    assert made(steps + FLIP.replace("flip", "mirror", 1))
    with pytest.raises(PolicyError, match="SA319"):
        made(steps + NIGHT.replace("retell", "again"))


def test_a_text_without_paraphrases() -> None:
    with pytest.raises(PolicyError, match="SA319 'caption' has no paraphrases"):
        made(RETELL, "caption: text")
    with pytest.raises(PolicyError, match="SA509"):
        made(RETELL, "caption: {modality: text, paraphrases: image}")


def test_grounded_phrases_move_with_it() -> None:
    sample = (
        "boxes: {modality: boxes, format: pascal_voc}, "
        "phrases: {modality: phrases, boxes: boxes, text: caption}, "
        "caption: {modality: text, paraphrases: others}"
    )
    policy = made(RETELL, sample)

    def given(*others: str) -> Mapping[str, Any]:
        boxes = np.array([[0.0, 0.0, 4.0, 4.0], [4.0, 0.0, 8.0, 4.0]])
        return {"image": IMAGE, "boxes": boxes, "phrases": ["A dog", "cat"],
                "caption": "A dog and a cat.", "others": list(others)}  # fmt: skip

    out = policy(given("Here a dog sleeps beside the old cat."), key=1)
    assert out["caption"] == "Here a dog sleeps beside the old cat."
    assert out["phrases"] == ["a dog", "cat"]
    with pytest.raises(AlignmentError, match="does not say 'A dog'"):
        policy(given("Two pets."), key=1)
    with pytest.raises(AlignmentError, match="does not say 'cat', or says it earlier"):
        policy(given("A cat and a dog."), key=1)
    with pytest.raises(AlignmentError, match="does not say 'cat'"):
        policy(given("A dog and some cattle."), key=1)


def test_edits_leave_what_is_grounded() -> None:
    text, other = "A dog and a cat.", "Beside a cat, a dog and a cat."
    edits = retelling_edits(text, other, [(0, 5), (2, 5), (10, 15)])
    assert apply_edits(text, edits) == other
    start, end = move_span((10, 15), edits)
    assert other[start:end] == "a cat"
    assert start > 20
    assert retelling_edits(text, text, [(0, 5)]) == ()
    with pytest.raises(CannotRetell):
        retelling_edits(text, "A dog.", [(10, 15)])
