"""WebDataset: shards in, samples augmented under their keys, shards out, for real."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import webdataset as wds
from torch.utils.data import DataLoader

from syncaug import SampleError, load_policy
from syncaug.loaders.webdataset import augment
from tests.loaders.pictures import MIXED, picture

POLICY = """
syncaug: 1
seed: 5
sample: {image: image, caption: {modality: text, describes: image}}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: light, uses: light, with: {value: [-0.3, 0.3]}}
"""
COUNT = 12


@pytest.fixture(autouse=True)
def _shards_closed() -> Iterator[None]:
    """WebDataset leaves the last shard of a pipeline open; here it is closed without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


@pytest.fixture
def shards(tmp_path: Path) -> list[str]:
    names = []
    for shard in range(2):
        name = str(tmp_path / f"in-{shard}.tar")
        with wds.TarWriter(name) as writer:
            for index in range(shard * COUNT // 2, (shard + 1) * COUNT // 2):
                own = {
                    "__key__": f"photo{index}",
                    "png": picture(index),
                    "txt": "a cat on the left",
                }
                writer.write(own)
        names.append(name)
    return names


def pipeline(names: list[str], stage: Any) -> Any:
    data = wds.WebDataset(names, shardshuffle=False)
    return data.decode("rgb8").rename(image="png", caption="txt").compose(stage)


def direct(epoch: int) -> dict[str, Any]:
    policy = load_policy(POLICY)
    return {
        f"photo{index}": policy(
            {"image": picture(index), "caption": "a cat on the left"},
            key=f"photo{index}",
            epoch=epoch,
        )
        for index in range(COUNT)
    }


def assert_same(found: list[Any], wanted: dict[str, Any]) -> None:
    assert sorted(row["__key__"] for row in found) == sorted(wanted)
    for row in found:
        assert np.array_equal(row["image"], wanted[row["__key__"]]["image"])
        assert row["caption"] == wanted[row["__key__"]]["caption"]


def test_samples_are_augmented_under_their_keys(shards: list[str]) -> None:
    stage = augment(load_policy(POLICY))
    data = pipeline(shards, stage)
    for epoch in (0, 3):
        stage.set_epoch(epoch)
        found = list(data)
        assert_same(found, direct(epoch))
        assert all("__url__" in row for row in found)


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_epochs_reach_workers_that_stay(shards: list[str], start: str) -> None:
    stage = augment(load_policy(POLICY))
    loader: Any = DataLoader(
        pipeline(shards, stage), batch_size=None, num_workers=2, persistent_workers=True,
        multiprocessing_context=start,
    )  # fmt: skip
    for epoch in (0, 2):
        stage.set_epoch(epoch)
        rows = [{**row, "image": np.asarray(row["image"])} for row in loader]
        assert_same(rows, direct(epoch))


def test_shards_in_and_shards_out(shards: list[str], tmp_path: Path) -> None:
    stage = augment(load_policy(POLICY), variants=2)
    with wds.TarWriter(str(tmp_path / "out.tar")) as writer:
        for row in pipeline(shards, stage):
            writer.write({"__key__": row["__key__"], "png": row["image"], "txt": row["caption"]})
    back = wds.WebDataset([str(tmp_path / "out.tar")], shardshuffle=False).decode("rgb8")
    found = {row["__key__"]: row for row in back}
    assert len(found) == 2 * COUNT
    for variant in range(2):
        for key, wanted in direct(variant).items():
            assert np.array_equal(found[f"{key}_{variant}"]["png"], wanted["image"])


def test_handlers_decide_of_bad_samples() -> None:
    def rows() -> Any:
        for index in range(COUNT):
            if index == COUNT // 2:
                yield {"__key__": "lost", "caption": "no picture"}
            key = f"photo{index}"
            yield {"__key__": key, "image": picture(index), "caption": "a cat on the left"}

    policy = load_policy(POLICY)
    with pytest.raises(SampleError, match="image"):
        list(augment(policy)(rows()))
    found = list(augment(policy, handler=wds.ignore_and_continue)(rows()))
    assert_same(found, direct(0))
    with pytest.warns(UserWarning, match="image"):
        list(augment(policy, handler=wds.warn_and_continue)(rows()))
    assert len(list(augment(policy, handler=wds.ignore_and_stop)(rows()))) == COUNT // 2


def test_what_a_stream_cannot_do_is_told() -> None:
    with pytest.raises(SampleError, match="a stream has no places"):
        augment(load_policy(MIXED))
    with pytest.raises(
        SampleError, match="variants.: expected how many results a sample has, an integer from 1"
    ):
        augment(load_policy(POLICY), variants=0)
    with pytest.raises(TypeError, match="policy: expected what load_policy returns; got str"):
        augment(POLICY)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"Write data.compose\(stage\) instead of data.map"):
        augment(load_policy(POLICY))({"__key__": "000"})  # type: ignore[arg-type]
    with pytest.raises(SampleError, match="expected a mapping of streams .* got a tuple"):
        list(augment(load_policy(POLICY))([(1, 2)]))  # type: ignore[list-item]
    with pytest.raises(TypeError, match="handler: expected a function of an error"):
        augment(load_policy(POLICY), handler=True)  # type: ignore[arg-type]


def test_keys_are_entries_or_functions_of_a_sample() -> None:
    policy = load_policy(POLICY)
    row = {"__key__": "000", "id": 7, "image": picture(0), "caption": "a cat on the left"}
    bare = {name: row[name] for name in ("image", "caption")}
    wanted = policy(bare, key=7, epoch=0)["image"]
    (found,) = augment(policy, key="id")([row])
    assert found["id"] == 7
    assert np.array_equal(found["image"], wanted)
    stage = augment(policy, key=lambda sample: int(sample["__key__"]) + 7)
    (found,) = stage([{"__key__": "000", **bare}])
    assert np.array_equal(found["image"], wanted)
    with pytest.raises(SampleError, match=r"expected a text or an integer; got float 0.5 in the e"):
        list(augment(policy, key="id")([{**row, "id": 0.5}]))
