"""Hugging Face's data sets: transforms, maps, features, workers and caches, for real."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from datasets import Audio, Dataset, DatasetDict, Features, Image, Sequence, Value
from torch.utils.data import DataLoader

from syncaug import SampleError, SampleWarning, load_policy
from syncaug.loaders import INDEX, huggingface
from syncaug.loaders.torch import AugmentedIterable
from tests.loaders.pictures import MIXED, picture
from tests.samples import ROOT

POLICY = """
syncaug: 1
seed: 5
sample:
  image: image
  caption: {modality: text, describes: image}
  boxes: {modality: boxes, labels: classes}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: light, uses: light, with: {value: [-0.3, 0.3]}}
"""
COUNT = 12


def rows() -> list[dict[str, Any]]:
    return [
        {
            "id": f"photo/{index}",
            "image": picture(index),
            "caption": "a cat on the left",
            "boxes": [[2.0, 3.0, 20.0, 18.0]] * (index % 3),
            "classes": ["cat"] * (index % 3),
        }
        for index in range(COUNT)
    ]


@pytest.fixture
def data() -> Dataset:
    features = Features(
        {
            "id": Value("string"),
            "image": Image(),
            "caption": Value("string"),
            "boxes": Sequence(Sequence(Value("float64"))),
            "classes": Sequence(Value("string")),
        }
    )
    return Dataset.from_list(rows(), features=features)


def direct(epoch: int) -> dict[str, Any]:
    policy = load_policy(POLICY)
    out = {}
    for row in rows():
        key = row.pop("id")
        out[key] = policy(row, key=key, epoch=epoch)
    return out


def assert_same(found: list[dict[str, Any]], wanted: dict[str, Any]) -> None:
    assert {row["id"] for row in found} == set(wanted)
    for row in found:
        other = wanted[row["id"]]
        assert np.array_equal(np.asarray(row["image"]), other["image"])
        assert row["caption"] == other["caption"]
        assert np.allclose(np.reshape(row["boxes"], (-1, 4)), np.reshape(other["boxes"], (-1, 4)))


def test_rows_are_augmented_when_they_are_read(data: Dataset) -> None:
    augment = huggingface.transform(load_policy(POLICY), key="id")
    data.set_transform(augment)
    for epoch in (0, 3):
        augment.set_epoch(epoch)
        assert_same([data[index] for index in range(COUNT)], direct(epoch))
        assert_same(list(data), direct(epoch))
        columns = data[:5]
        assert columns["id"] == [f"photo/{index}" for index in range(5)]


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_epochs_reach_workers_that_stay(data: Dataset, start: str) -> None:
    augment = huggingface.transform(load_policy(POLICY), key="id")
    data.set_transform(augment)
    loader: Any = DataLoader(
        data, 3, collate_fn=list, num_workers=2, persistent_workers=True, shuffle=True,
        multiprocessing_context=start,
    )  # fmt: skip
    for epoch in (0, 2):
        augment.set_epoch(epoch)
        assert_same([row for batch in loader for row in batch], direct(epoch))


@pytest.mark.parametrize("processes", [None, 2])
def test_maps_keep_features_and_give_variants(data: Dataset, processes: int | None) -> None:
    out = huggingface.mapped(data, load_policy(POLICY), key="id", variants=3, num_proc=processes)
    assert out.features == data.features
    assert len(out) == 3 * COUNT
    assert [row["id"] for row in out][:4] == ["photo/0"] * 3 + ["photo/1"]
    for variant in range(3):
        assert_same([out[index] for index in range(variant, 3 * COUNT, 3)], direct(variant))


def test_dropped_rows_are_gone(data: Dataset) -> None:
    """A window in the corner shows no box whole; pictures without boxes pass."""
    policy = load_policy(
        POLICY.split("steps:")[0]
        + "steps: [{name: window, uses: crop, with: {area: 0.1, x: 0, y: 0}}]\n"
        + "checks: [{boxes_visible: {min_area: 0.9}}]\non_fail: {retry: 0, then: drop}\n"
    )
    out = huggingface.mapped(data, policy, key="id", variants=2)
    assert [row["id"] for row in out] == [f"photo/{i}" for i in range(0, COUNT, 3) for _ in "ab"]
    with pytest.raises(SampleError, match="a transform cannot leave a row out"):
        huggingface.transform(policy, key="id")


def test_a_cache_tells_policies_apart(tmp_path: Path, data: Dataset) -> None:
    data.save_to_disk(str(tmp_path / "data"))
    stored = Dataset.load_from_disk(str(tmp_path / "data"))
    policy = load_policy(POLICY)
    marks = {
        huggingface.mapped(stored, one, key="id", variants=2)._fingerprint
        for one in (policy, policy.with_seed(9), policy.at(4), policy)
    }
    assert len(marks) == 3


KEYED = """
import sys, warnings
from datasets import load_from_disk
from syncaug import load_policy
from syncaug.loaders import huggingface
policy = load_policy(POLICY.replace("steps:", "untouched: [id]\\nsteps:"))
made = 0
def key(row):
    global made
    made += 1
    return f"{row['id']}-TAG"
def handler(error):
    return WORD in str(error)
data = load_from_disk(FOLDER)
out = huggingface.mapped(data, policy, key=key, variants=2, handler=handler)
print(made, out._fingerprint)
"""


def test_a_cache_tells_functions_apart_in_every_process(tmp_path: Path, data: Dataset) -> None:
    data.save_to_disk(str(tmp_path / "data"))

    def ran(tag: str, word: str) -> tuple[int, str]:
        head = f"import os\nPOLICY, FOLDER = {POLICY!r}, {str(tmp_path / 'data')!r}\n"
        code = head + KEYED.replace("TAG", tag).replace("WORD", repr(word))
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True, text=True, check=True, cwd=ROOT, timeout=300,
        )  # fmt: skip
        made, mark = done.stdout.split()[-2:]
        return int(made), mark

    first, again = ran("one", "lost"), ran("one", "lost")
    assert first[0] >= 2 * COUNT
    assert again == (0, first[1])  # read from the cache
    others = [ran("two", "lost"), ran("one", "found")]
    assert all(made >= 2 * COUNT for made, _ in others)
    assert len({first[1], *(mark for _, mark in others)}) == 3


def test_a_function_without_a_digest_has_no_cache(data: Dataset) -> None:
    class Key:
        def __call__(self, row: Any) -> str:
            return str(row["id"])

        def __reduce__(self) -> Any:
            raise TypeError("not to be pickled")

    policy = load_policy(POLICY.replace("steps:", "untouched: [id]\nsteps:"))
    marks = set()
    for _ in range(2):
        with pytest.warns(SampleWarning, match=r"made anew in every run: .*\(not to be pickled"):
            made = huggingface.mapped(data, policy, key=Key(), variants=2)
        marks.add(made._fingerprint)
    assert len(marks) == 2


def test_one_stored_draw_is_warned_of(data: Dataset) -> None:
    with pytest.warns(SampleWarning, match="every epoch of a training reads the same draw"):
        huggingface.mapped(data, load_policy(POLICY), key="id")
    with warnings.catch_warnings():
        warnings.simplefilter("error", SampleWarning)
        huggingface.mapped(data, load_policy(POLICY), key="id", variants=2)


def test_sounds_come_as_decoders_and_are_stored_again() -> None:
    sounds = [np.sin(np.arange(800) / (3 + i)).astype(np.float32) for i in range(3)]
    table = Dataset.from_dict(
        {"id": [0, 1, 2], "audio": [{"array": s, "sampling_rate": 8000} for s in sounds]}
    ).cast_column("audio", Audio(sampling_rate=8000))
    policy = load_policy("{syncaug: 1, sample: {audio: audio}, steps: [{name: r, uses: reverse}]}")
    table.set_transform(huggingface.transform(policy, key="id"))
    for index, sound in enumerate(sounds):
        samples = table[index]["audio"]
        array = samples.data.numpy()[0] if hasattr(samples, "data") else samples["array"]
        assert np.abs(array - sound[::-1]).max() < 1e-3
    table.reset_format()
    stored = huggingface.mapped(table, policy, key="id", variants=2)
    array = stored[0]["audio"].get_all_samples().data.numpy()[0]
    assert np.abs(array - sounds[0][::-1]).max() < 1e-3


def test_what_a_transform_cannot_do_is_told(data: Dataset) -> None:
    policy = load_policy(POLICY)
    for key in (None, INDEX, lambda row, place: place):
        with pytest.raises(SampleError, match="a transform is not told the place of a row"):
            huggingface.transform(policy, key=key)
    with pytest.raises(SampleError, match="a row is read alone"):
        huggingface.transform(load_policy(MIXED), key="id")
    data.set_transform(huggingface.transform(policy, key="name"))
    with pytest.raises(SampleError, match="expected an entry 'name' in each sample"):
        _ = data[0]


@pytest.mark.parametrize("form", ["numpy", "torch", "pandas"])
def test_a_format_is_kept_and_changes_no_result(data: Dataset, form: str) -> None:
    """A picture that a format has made a tensor is no picture that its feature stores."""
    plain = huggingface.mapped(data, load_policy(POLICY), key="id", variants=2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shown = huggingface.mapped(
            data.with_format(form), load_policy(POLICY), key="id", variants=2
        )
    assert shown.format["type"] == form
    assert shown.features == data.features
    for first, second in zip(plain, shown.with_format(None), strict=True):
        assert np.array_equal(np.asarray(first["image"]), np.asarray(second["image"]))
        assert {**first, "image": 0} == {**second, "image": 0}


def test_an_index_is_that_of_the_data_set_and_not_of_a_batch(data: Dataset) -> None:
    bare, policy = data.remove_columns("id"), load_policy(POLICY)
    with pytest.warns(SampleWarning, match="the index of a sample serves as its key"):
        made = huggingface.mapped(bare, policy, variants=2, batch_size=5, num_proc=2)
    for index, row in enumerate(rows()):
        row.pop("id")
        wanted = policy(row, key=index, epoch=1)
        assert np.array_equal(np.asarray(made[2 * index + 1]["image"]), wanted["image"])


def test_streams_and_dictionaries_of_data_sets(data: Dataset) -> None:
    policy = load_policy(POLICY)
    both = huggingface.mapped(
        DatasetDict({"train": data, "val": data}), policy, key="id", variants=2
    )
    assert isinstance(both, DatasetDict)
    stream = huggingface.mapped(
        data.to_iterable_dataset(num_shards=2), policy, key="id", variants=2
    )
    assert stream.features == data.features
    for found in (list(both["val"]), list(stream)):
        for variant in range(2):
            assert_same(found[variant::2], direct(variant))
    live = AugmentedIterable(data.to_iterable_dataset(num_shards=2), policy, key="id")
    live.set_epoch(4)
    loader: Any = DataLoader(live, None, num_workers=2)
    assert_same(list(loader), direct(4))


def test_bad_rows_are_told_or_left_out(data: Dataset) -> None:
    bad = data.map(
        lambda row: {**row, "classes": ["cat", "dog"] if row["id"] == "photo/3" else row["classes"]}
    )
    policy = load_policy(POLICY)
    with pytest.raises(SampleError, match="sample 'photo/3'"):
        huggingface.mapped(bad, policy, key="id", variants=2)
    kept = huggingface.mapped(bad, policy, key="id", variants=2, handler=lambda error: True)
    assert {row["id"] for row in kept} == {f"photo/{i}" for i in range(COUNT)} - {"photo/3"}
    shown = bad.with_transform(huggingface.transform(policy, key="id"))
    with pytest.raises(SampleError, match="sample 'photo/3'"):
        _ = shown[3]


def test_what_is_null_in_a_row_is_missing() -> None:
    policy = load_policy(
        """
syncaug: 1
sample:
  image: image
  mask: {modality: mask, optional: true}
  boxes: {modality: boxes, labels: classes, optional: true}
  label: {modality: label, optional: true}
steps: [{name: mirror, uses: flip, p: 0.5}]
"""
    )
    mask, boxes = picture(2)[..., 0], [[2.0, 3, 8, 9]]
    full = {"id": 1, "mask": mask, "boxes": boxes, "classes": ["cat"], "label": 3}
    features = Features(
        {
            "id": Value("int64"), "image": Image(), "mask": Image(),
            "boxes": Sequence(Sequence(Value("float64"))), "classes": Sequence(Value("string")),
            "label": Value("int64"),
        }
    )  # fmt: skip
    rows = [dict.fromkeys(features) | {"id": 0}, full]
    data = Dataset.from_list([row | {"image": picture(1)} for row in rows], features=features)
    made = huggingface.mapped(data, policy, key="id", variants=4)
    read = data.with_transform(huggingface.transform(policy, key="id"))
    for row, wanted in ((made[0], policy({"image": picture(1)}, key=0)), (read[0], None)):
        if wanted is not None:
            assert np.array_equal(np.asarray(row["image"]), wanted["image"])
        assert all(row[name] is None for name in ("mask", "boxes", "classes", "label"))
    assert made[4]["label"] == read[1]["label"] == 3
    assert made[4]["boxes"] == read[1]["boxes"]
    assert np.array_equal(np.asarray(made[4]["mask"]), np.asarray(read[1]["mask"]))


def test_rows_that_are_augmented_twice_are_warned_of(data: Dataset) -> None:
    policy = load_policy(POLICY)
    read = data.with_transform(huggingface.transform(policy, key="id"))
    with pytest.warns(SampleWarning, match=r"and here once more: give data.with_format\(None\)"):
        huggingface.mapped(read, policy, key="id", variants=2)
    other = data.with_transform(lambda batch: batch)
    with warnings.catch_warnings():
        warnings.simplefilter("error", SampleWarning)
        huggingface.mapped(read.with_format(None), policy, key="id", variants=2)
        huggingface.mapped(other, policy, key="id", variants=2)
