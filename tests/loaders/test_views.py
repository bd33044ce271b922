"""Views of samples in batches: rows with their keys, laid out for the losses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import grain
import numpy as np
import pytest
import ray.data
import torch
from datasets import Dataset as Table
from torch.utils.data import DataLoader
from torchdata.nodes import IterableWrapper, Loader

from syncaug import DROPPED, SampleError, load_policy
from syncaug.loaders import grain as for_grain
from syncaug.loaders import huggingface, lhotse, torchdata, webdataset
from syncaug.loaders import ray as for_ray
from syncaug.loaders.several import Views
from syncaug.loaders.threads import Prefetch
from syncaug.loaders.torch import AugmentedDataset, AugmentedIterable, collate
from syncaug.training import losses
from syncaug.training.layout import layout_of
from syncaug.training.weights import weights_of

POLICY = """
syncaug: 1
sample: {image: image, caption: {modality: text, describes: image}}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: away, uses: translate, with: {x: [-0.5, 0.5]}}
checks: [{visible_share: {min_content: 0.6}}]
on_fail: {then: THEN}
"""


def rows(count: int = 8) -> list[dict[str, Any]]:
    images = np.random.default_rng(0).integers(0, 255, (count, 8, 12, 3), dtype=np.uint8)
    sides = ["left", "right"] * count
    return [
        {"image": image, "caption": f"a cat on the {sides[n // 2]}", "id": f"r{n}"}
        for n, image in enumerate(images)
    ]


@pytest.mark.parametrize("workers", [0, 2])
def test_a_batch_holds_the_views_of_its_samples(workers: int) -> None:
    policy = load_policy(POLICY.replace("THEN", "neutral"), seed=5)
    data = AugmentedDataset(rows(), policy, key="id", records="record", views=2)
    data.set_epoch(3)
    loader = DataLoader(data, 4, collate_fn=data.collate, num_workers=workers)
    seen = 0
    for batch in loader:
        assert batch["id"] == [key for n in range(seen, seen + 4) for key in [f"r{n}"] * 2]
        assert batch["image"].shape == (8, 8, 12, 3)
        for place, record in enumerate(batch["record"]):
            row = {name: rows()[seen + place // 2][name] for name in ("image", "caption")}
            wanted = policy.views(row, key=batch["id"][place], epoch=3, n=2)[place % 2]
            assert record.draw.view == 1 + place % 2
            assert np.array_equal(batch["image"][place], wanted["image"])
            assert batch["caption"][place] == wanted["caption"]
        layout = layout_of(batch["id"], batch["caption"])
        features = torch.randn(8, 4)
        loss = losses.info_nce(
            *(features, features.roll(1, 1)),
            groups=layout.groups,
            exclude=layout.exclude,
            weights=weights_of(batch["record"]),
        )
        assert torch.isfinite(loss)
        seen += 4
    assert seen == 8


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("then", ["neutral", "drop"])
def test_a_stream_of_samples_has_the_views_of_a_data_set(workers: int, then: str) -> None:
    """Samples all of whose views are dropped are left out; of others, the views that are."""
    policy = load_policy(POLICY.replace("THEN", then), seed=5)
    stream = AugmentedIterable(rows(24), policy, key="id", shares=False, records="r", views=2)
    stream.set_epoch(3)
    found: list[Any] = []
    for batch in DataLoader(stream, 4, collate_fn=stream.collate, num_workers=workers):
        assert batch["image"].shape[0] == len(batch["id"])
        found += zip(batch["id"], batch["r"], batch["image"], strict=True)
    data = AugmentedDataset(rows(24), policy, key="id", records="r", views=2)
    data.set_epoch(3)
    wanted = data.collate([data[n] for n in range(24)])
    assert len(found) == len(wanted["id"])
    assert (len(found) == 48) == (then == "neutral")
    images = {(key, r.draw.view): image for key, r, image in found}
    for key, record, image in zip(wanted["id"], wanted["r"], wanted["image"], strict=True):
        assert torch.equal(images[key, record.draw.view], image)
    if then == "drop" and not workers:
        whole = [data[n] for n in range(24)]
        some = [views for views in whole if any(view is not DROPPED for view in views)]
        assert len(some) < 24
        assert len(list(stream)) == len(some)
    with pytest.raises(SampleError, match="'views': expected how many views there are"):
        AugmentedIterable(rows(), policy, key="id", views=-1)


def test_a_dropped_view_is_left_out_of_its_batch_alone() -> None:
    policy = load_policy(POLICY.replace("THEN", "drop"), seed=5)
    data = AugmentedDataset(rows(), policy, key="id", records="record", views=3)
    (batch,) = DataLoader(data, 8, collate_fn=data.collate)
    assert 8 < len(batch["id"]) < 24
    assert len(batch["image"]) == len(batch["record"]) == len(batch["id"])
    assert {record.outcome for record in batch["record"]} == {"accepted"}


def test_one_view_is_a_list_and_none_are_no_views() -> None:
    policy = load_policy(POLICY.replace("THEN", "neutral"))
    assert len(AugmentedDataset(rows(), policy, key="id", views=1)[0]) == 1
    assert isinstance(AugmentedDataset(rows(), policy, key="id")[0], dict)
    with pytest.raises(SampleError, match="'views': expected how many views there are"):
        AugmentedDataset(rows(), policy, key="id", views=-1)
    with pytest.raises(SampleError, match="'views'"):
        AugmentedDataset(rows(), policy, key="id", views=True)


@pytest.mark.parametrize("workers", [0, 2])
def test_views_are_mixed_with_the_partner_of_the_sample(workers: int) -> None:
    policy = load_policy("""
syncaug: 1
sample: {image: image}
steps: [{name: blend, uses: mixup, p: 0.5}]
""")
    given = [{"image": row["image"], "id": row["id"]} for row in rows()]
    data = AugmentedDataset(given, policy, key="id", views=2, records="record")
    loader = DataLoader(data, 4, collate_fn=data.collate, num_workers=workers)
    batches = list(loader)
    mixed = [step.applied for b in batches for r in b["record"] for step in r.draw.steps]
    assert 0 < sum(mixed) < len(mixed) == 16
    images = [image for b in batches for image in b["image"]]
    alone = 0
    for place, sample in enumerate(given):
        how = {"key": sample["id"], "epoch": 0, "n": len(given), "index": place}
        other = policy.partner(**how, views=2)
        alone += other is not None and policy.partner(**how) is None
        partner = None if other is None else {"image": given[other]["image"]}
        views = policy.views(
            {"image": sample["image"]}, key=sample["id"], epoch=0, n=2, partner=partner
        )
        for view, image in zip(views, images[2 * place : 2 * place + 2], strict=True):
            assert np.array_equal(view["image"], image)
    assert alone  # a call does not mix, and a view does


def _of_threads(policy: Any, **how: Any) -> Iterator[Any]:
    data = Prefetch(rows(24), policy, key="id", **how)
    data.set_epoch(3)
    yield from data


def _of_nodes(policy: Any, **how: Any) -> Iterator[Any]:
    node = torchdata.Augment(IterableWrapper(rows(24)), policy, key="id", num_workers=2, **how)
    node.set_epoch(3)
    yield from Loader(node)


def _of_grain(policy: Any, **how: Any) -> Iterator[Any]:
    augment = for_grain.Augment(policy, key="id", **how)
    augment.set_epoch(3)
    yield from grain.MapDataset.source(rows(24)).map(augment).to_iter_dataset()


def _by_index(policy: Any, **how: Any) -> Iterator[Any]:
    augment = for_grain.AugmentByIndex(policy, "id", 24, **how)
    data = grain.MapDataset.source(rows(24)).repeat(4).map_with_index(augment)
    yield from (data[place] for place in range(72, 96) if data[place] is not None)


def _of_shards(policy: Any, **how: Any) -> Iterator[Any]:
    how.pop("records")
    stage = webdataset.augment(policy, **how)
    stage.set_epoch(3)
    for views in stage({"__key__": row.pop("id"), **row} for row in rows(24)):
        yield [v if v is DROPPED else {"id": v.pop("__key__"), **v} for v in views]


def _in_tasks(policy: Any, **how: Any) -> Iterator[Any]:
    how.pop("records")
    given = {name: [row[name] for row in rows(24)] for name in ("id", "caption")}
    batch = {**given, "image": np.stack([row["image"] for row in rows(24)])}
    out = for_ray.Augment(policy, key="id", epoch=3, **how)(batch)
    numbers = [[n for n, key in enumerate(out["id"]) if key == row["id"]] for row in rows(24)]
    for places in numbers:
        if places:
            yield [{name: column[n] for name, column in out.items()} for n in places]


def _of_tables(policy: Any, **how: Any) -> Iterator[Any]:
    how.pop("records")
    augment = huggingface.transform(policy, key="id", **how)
    augment.set_epoch(3)
    table = Table.from_list([{"id": row["id"], "caption": row["caption"]} for row in rows(24)])
    images = {row["id"]: row["image"] for row in rows(24)}
    table.set_transform(lambda b: augment({**b, "image": [images[key] for key in b["id"]]}))
    loader: Any = DataLoader(table, 5, collate_fn=list, num_workers=2)  # type: ignore[arg-type]
    for items in loader:
        for item in items:
            assert all(type(entry) is Views and len(entry) == 2 for entry in item.values())
            yield [{name: entry[n] for name, entry in item.items()} for n in range(2)]
    assert collate([table[1]])["id"] == ["r1", "r1"]


EVERYWHERE: dict[str, Callable[..., Iterator[Any]]] = {
    "threads": _of_threads,
    "nodes": _of_nodes,
    "Map": _of_grain,
    "MapWithIndex": _by_index,
    "shards": _of_shards,
    "tables": _of_tables,
    "batches": _in_tasks,
}
NO_RECORDS = ("shards", "tables", "batches")


@pytest.mark.parametrize("loader", EVERYWHERE)
@pytest.mark.parametrize("then", ["neutral", "drop"])
def test_other_loaders_give_the_views_of_a_data_set(loader: str, then: str) -> None:
    policy = load_policy(POLICY.replace("THEN", then), seed=5)
    if loader == "tables" and then == "drop":
        with pytest.raises(SampleError, match="a transform cannot leave a row out"):
            huggingface.transform(policy, key="id", views=2)
        return
    data = AugmentedDataset(rows(24), policy, key="id", records="record", views=2)
    data.set_epoch(3)
    given = [data[n] for n in range(24)]
    wanted = [one for one in given if any(view is not DROPPED for view in one)]
    assert (len(wanted) == 24) == (then == "neutral")
    found = list(EVERYWHERE[loader](policy, records="record", views=2))
    if loader == "batches":  # which have no place for what is dropped
        wanted = [[view for view in one if view is not DROPPED] for one in wanted]
    assert [[v is DROPPED for v in one] for one in found] == [
        [v is DROPPED for v in one] for one in wanted
    ]
    ours, theirs = collate([v for one in found for v in one]), collate(wanted)
    assert ours["id"] == theirs["id"]
    assert torch.equal(ours["image"], theirs["image"])
    assert ours["caption"] == theirs["caption"]
    if loader not in NO_RECORDS:
        assert ours["record"] == theirs["record"]


PLAIN = load_policy("{syncaug: 1, sample: {image: image}, steps: [{name: m, uses: flip}]}")
SPEECH = load_policy("{syncaug: 1, sample: {audio: audio}, steps: [{name: m, uses: reverse}]}")
MIXING = load_policy("{syncaug: 1, sample: {image: image}, steps: [{name: m, uses: mixup}]}")
IMAGE = {"image": np.zeros((4, 6, 3), np.uint8)}
TOO_MANY: dict[str, Callable[[Any], Any]] = {
    "n": lambda count: PLAIN.views(IMAGE, key=1, n=count),
    "views of a partner": lambda count: MIXING.partner(key=1, n=4, views=count),
    "views": lambda count: AugmentedDataset(rows(), PLAIN, key="id", views=count),
    "views of a stream": lambda count: AugmentedIterable(rows(), PLAIN, key="id", views=count),
    "views of shards": lambda count: webdataset.augment(PLAIN, views=count),
    "views of a batch": lambda count: for_ray.Augment(PLAIN, key="id", views=count),
    "views of a table": lambda count: huggingface.transform(PLAIN, key="id", views=count),
    "views of cuts": lambda count: lhotse.Augment(SPEECH, views=count),
    "variants of shards": lambda count: webdataset.augment(PLAIN, variants=count),
    "variants of rows": lambda count: for_ray.Augment(PLAIN, key="id", variants=count),
    "variants of a table": lambda count: huggingface.mapped(None, PLAIN, variants=count),
    "variants": lambda count: PLAIN.preview(IMAGE, key=1, variants=count),
}


@pytest.mark.parametrize("what", TOO_MANY)
@pytest.mark.parametrize("count", [10_001, 10**9, 10**30])
def test_more_than_lie_in_memory_are_refused_at_once(what: str, count: int) -> None:
    told = (
        f"'{what.split()[0]}': expected how many .*, an integer from [01] to 10,000; got {count:,}"
    )
    with pytest.raises(SampleError, match=told):
        TOO_MANY[what](count)


def test_views_of_variants_are_refused() -> None:
    with pytest.raises(
        SampleError, match="'views': expected views or variants .* got 2 views and 3"
    ):
        webdataset.augment(PLAIN, views=2, variants=3)
    with pytest.raises(SampleError, match="'views': .* got 2 views and 3 variants"):
        for_ray.augmented(ray.data.Dataset, PLAIN, key="id", views=2, variants=3)


def test_what_stands_beside_views_is_that_of_each() -> None:
    """A column that was added behind the views of a row is the same for all of them."""
    row = {"id": Views(["a", "a"]), "size": Views([1, 2]), "split": "train"}
    batch = collate([row])
    assert (batch["id"], batch["size"].tolist()) == (["a", "a"], [1, 2])
    assert batch["split"] == ["train", "train"]
