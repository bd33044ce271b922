"""Ray Data: batches of every format, in tasks and actors of a real cluster."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas
import pyarrow
import pytest
import ray
from ray.data import ActorPoolStrategy, DataContext
from ray.data.expressions import col

from syncaug import ArgumentError, SampleError, SampleWarning, load_policy
from syncaug.loaders import INDEX
from syncaug.loaders.ray import Augment, ClusterEpoch, augmented
from tests.loaders.pictures import MIXED, picture
from tests.loaders.ways import start_ray

pytestmark = pytest.mark.slow

POLICY = """
syncaug: 1
seed: 5
sample:
  image: image
  boxes: {modality: boxes, labels: classes}
  caption: {modality: text, describes: image}
  cues: timed_text
  sound: {modality: audio, sample_rate: 8000}
untouched: [source]
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: turn, uses: rotate, with: {degrees: [-20, 20], words: {leave_below: 30}}}
  - {name: light, uses: light, with: {value: [-0.3, 0.3]}}
  - {name: back, uses: reverse, p: 0.5}
"""
RAGGED = "steps: [{name: part, uses: crop, with: {area: [0.2, 0.9]}}]"
COUNT = 64


def row(index: int) -> dict[str, Any]:
    count = index % 3
    return {
        "id": f"photo/{index}",
        "image": picture(index),
        "boxes": [[2.0, 3.0, 20.0 + index % 5, 18.0]] * count,
        "classes": ["cat"] * count,
        "caption": "a cat on the left",
        "cues": [{"text": "miaow", "start": 0.01, "end": 0.05}],
        "sound": np.sin(np.arange(800 + 10 * count) / (3 + index)).astype(np.float32),
        "source": {"camera": index % 2, "name": "left"},
    }


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A quiet Ray of two CPUs."""
    start_ray()
    DataContext.get_current().enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    yield ray
    ray.shutdown()


def data(blocks: int = 4, count: int = COUNT) -> Any:
    return ray.data.from_items([row(index) for index in range(count)], override_num_blocks=blocks)


def plain(value: Any) -> Any:
    """Values of all formats alike: numbers as bytes of their own type, lists of them as float64."""
    if isinstance(value, np.ndarray) and value.dtype != object:
        return plain(value.tolist()) if value.dtype == np.float64 else (value.dtype, value.tolist())
    if isinstance(value, list | np.ndarray):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return value


def direct(policy: Any, epochs: tuple[int, ...] = (0,), count: int = COUNT) -> list[Any]:
    """What calls give, sorted by key and epoch."""
    out = []
    for index in sorted(range(count), key=lambda index: f"photo/{index}"):
        own = row(index)
        key = own.pop("id")
        for epoch in epochs:
            out.append(plain({"id": key, **policy(own, key=key, epoch=epoch)}))
    return out


def rows_of(dataset: Any) -> list[Any]:
    """The rows of a data set in the order of their keys; variants stay in their order."""
    return [plain(one) for one in sorted(dataset.take_all(), key=lambda one: one["id"])]


def test_same_bytes_in_any_format_size_order_and_number_of_workers(cluster: Any) -> None:
    policy = load_policy(POLICY)
    wanted = direct(policy, (2,))
    how: dict[str, Any] = {"key": "id", "epoch": 2}
    for form, batch, blocks in (("numpy", 5, 4), ("pyarrow", None, 7), ("pandas", 16, 2)):
        found = augmented(data(blocks), policy, batch_format=form, batch_size=batch, **how)
        assert rows_of(found) == wanted, form
    shuffled = data(3).random_shuffle(seed=1).repartition(6)
    assert rows_of(augmented(shuffled, policy, **how)) == wanted
    for actors in (1, 2):
        pool = ActorPoolStrategy(size=actors)
        assert rows_of(augmented(data(5), policy, batch_size=7, compute=pool, **how)) == wanted
    given = {"policy": policy, **how}
    by_class = data(2).map_batches(Augment, fn_constructor_kwargs=given, compute=pool)
    assert rows_of(by_class) == wanted
    by_name = data(2).map_batches(Augment(policy, lambda row: row["id"], 2), batch_size=3)
    with pytest.raises(
        Exception, match="stream 'id': expected only streams that the policy declares"
    ):
        by_name.take_all()  # a function does not tell which column holds the key alone


def test_ragged_results_dropped_rows_and_variants(cluster: Any) -> None:
    policy = load_policy(POLICY.split("steps:")[0] + RAGGED)
    wanted = direct(policy, (6, 7))
    assert len({str(np.shape(one["image"][1])) for one in wanted}) > 10
    for form in ("numpy", "pyarrow", "pandas"):
        found = augmented(data(), policy, key="id", epoch=3, variants=2, batch_format=form)
        assert rows_of(found) == wanted, form
    dropping = load_policy(
        POLICY.split("steps:")[0]
        + "steps: [{name: window, uses: crop, with: {area: 0.1, x: 0, y: 0}}]\n"
        + "checks: [{boxes_visible: {min_area: 0.9}}]\non_fail: {retry: 0, then: drop}\n"
    )
    kept = sorted(f"photo/{index}" for index in range(0, COUNT, 3))
    for form, blocks in (("numpy", 64), ("pyarrow", 5), ("pandas", 64)):
        found = augmented(data(blocks), dropping, key="id", batch_format=form)
        assert [one["id"] for one in rows_of(found)] == kept, form
    none = data(2, count=2).map_batches(lambda batch: batch).filter(expr=col("id") > "z")
    assert augmented(none, policy, key="id").take_all() == []


def test_epochs_reach_a_data_set_that_stays(cluster: Any) -> None:
    policy = load_policy(POLICY)
    epoch = ClusterEpoch()
    moving = augmented(data(count=8), policy, key="id", epoch=epoch)
    fixed = augmented(data(count=8), policy, key="id", epoch=1)
    for number in (0, 1, 3):
        epoch.set(number)
        assert epoch.value == number
        assert rows_of(moving) == direct(policy, (number,), count=8)
        assert rows_of(fixed) == direct(policy, (1,), count=8)
    with pytest.raises(SampleError, match="an integer from 0 on"):
        epoch.set(-1)


def test_rows_that_do_not_fit(cluster: Any) -> None:
    """One row has a picture that is none."""

    def spoiled(batch: dict[str, Any]) -> dict[str, Any]:
        batch = dict(batch)
        bad = batch["id"] == "photo/3"
        batch["image"] = batch["image"].astype(np.float32) / 255
        batch["image"][bad] = np.nan
        return batch

    policy = load_policy(POLICY)
    bad = data(2, count=8).map_batches(spoiled)
    with pytest.raises(Exception, match=r"'photo/3', stream 'image'") as told:
        augmented(bad, policy, key="id").take_all()
    assert str(told.value).count("SampleError") == 1
    assert len(str(told.value).split("UserCodeException")[0].splitlines()) < 12
    found = augmented(bad, policy, key="id", on_error="skip").take_all()
    assert {one["id"] for one in found} == {f"photo/{n}" for n in range(8)} - {"photo/3"}
    own = spoiled({"id": np.array(["photo/3"]), "image": picture(0)[None]})
    flip = "{syncaug: 1, sample: {image: image}, steps: [{name: m, uses: flip}]}"
    augment = Augment(load_policy(flip), "id", on_error="skip")
    with pytest.warns(SampleWarning, match="a row was left out: sample 'photo/3', stream 'image'"):
        assert len(augment(own)["id"]) == 0


def test_what_is_refused_is_told_before_anything_runs(cluster: Any) -> None:
    policy = load_policy(POLICY)
    few = data(1, count=2)
    for key in (None, "", INDEX, 3):
        with pytest.raises(SampleError, match="rows of Ray have no index that stays"):
            augmented(few, policy, key=key)  # type: ignore[arg-type]
    with pytest.raises(SampleError, match="a function of a row alone"):
        augmented(few, policy, key=lambda row, index: index)  # type: ignore[arg-type,misc]
    with pytest.raises(SampleError, match="a column 'name'.*only 'id', 'image'"):
        augmented(few, policy, key="name")
    with pytest.raises(SampleError, match="a row is read alone"):
        augmented(few, load_policy(MIXED), key="id")
    with pytest.raises(TypeError, match="what load_policy returns; got str"):
        augmented(few, POLICY, key="id")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a data set of Ray.*got list"):
        augmented([row(0)], policy, key="id")
    for wrong, near in (
        ({"batchsize": 3}, r"batchsize: .*map_batches, or of Ray's tasks.*Did you mean batch_size"),
        ({"vairants": 3}, "Did you mean variants="),
        ({"fn_kwargs": {}}, "fn_kwargs: expected an option"),
        ({"compute": ActorPoolStrategy(size=1), "max_retries": 1}, "Ray's actors"),
        ({"max_restarts": 1}, "Ray's tasks"),
    ):
        with pytest.raises(ArgumentError, match=near):
            augmented(few, policy, key="id", **wrong)
    for right in ({"batch_size": 3, "num_cpus": 1}, {"concurrency": 1}):
        augmented(few, policy, key="id", **right)  # Ray's own, of which nothing is executed
    with pytest.raises(ValueError, match="expected 'raise' or 'skip'"):
        Augment(policy, "id", on_error="warn")  # type: ignore[arg-type]
    with pytest.raises(SampleError, match="'epoch': expected an integer from 0 on"):
        Augment(policy, "id", epoch=-1)
    with pytest.raises(
        SampleError, match="'variants': expected how many results a row has, an integer from 1 to"
    ):
        Augment(policy, "id", variants=0)
    with pytest.raises(SampleError, match="batch_format='numpy', 'pyarrow' or 'pandas'"):
        Augment(policy, "id")([row(0)])
    with pytest.raises(SampleError, match="a column 'id'"):
        Augment(policy, "id")({"image": picture(0)[None]})


def test_types_of_columns_stay() -> None:
    """What a row does not change is the very column; numbers keep their widths."""
    policy = load_policy(
        "{syncaug: 1, sample: {image: image, boxes: boxes, label: label, caption: "
        "{modality: text, describes: image}}, untouched: [n, maybe], "
        "steps: [{name: m, uses: flip}]}"
    )
    kinds = {
        "id": pyarrow.int64(),
        "boxes": pyarrow.list_(pyarrow.list_(pyarrow.float32())),
        "label": pyarrow.int16(),
        "caption": pyarrow.large_string(),
        "n": pyarrow.int8(),
        "maybe": pyarrow.int64(),
        "image": pyarrow.list_(pyarrow.list_(pyarrow.list_(pyarrow.uint8()))),
    }
    rows = [
        {
            "id": 7 + n,
            "boxes": [[1.0, 2.0, 3.0, 4.0]] * n,
            "label": n,
            "caption": "a cat on the left",
            "n": n,
            "maybe": None if n else 4,
            "image": picture(n).tolist(),
        }
        for n in range(3)
    ]
    table = pyarrow.Table.from_pylist(rows, schema=pyarrow.schema(list(kinds.items())))
    augment = Augment(policy, "id")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        out = augment(table)
        assert out.schema == table.schema
        frame = augment(table.to_pandas(types_mapper=pandas.ArrowDtype))
        narrow = table.to_pandas().astype({"label": np.int16})
        assert augment(narrow).dtypes.to_dict() == narrow.dtypes.to_dict()
    assert out.column("caption").to_pylist() == ["a cat on the right"] * 3
    assert out.column("maybe").to_pylist() == [4, None, None]
    assert [str(kind) for kind in frame.dtypes] == [
        f"{kind if kind != pyarrow.string() else 'string'}[pyarrow]" for kind in table.schema.types
    ]
    assert frame["image"].tolist() == out.column("image").to_pylist()
    assert np.array_equal(np.array(out.column("image")[2].as_py()), picture(2)[:, ::-1])
    sized = "{syncaug: 1, sample: {image: image, boxes: boxes}, steps: [STEP]}"
    grown = load_policy(sized.replace("STEP", "{name: r, uses: rotate, with: {degrees: 9}}"))
    boxes = [[4, 4, 20, 20]]
    whole = pyarrow.table({"id": [1], "image": [picture(0).tolist()], "boxes": [boxes]})
    turned = Augment(grown, "id")(whole).column("boxes")
    assert turned.type == pyarrow.list_(pyarrow.list_(pyarrow.float64()))  # not cut to integers
    image = picture(0).tolist()
    assert turned.to_pylist()[0] == grown({"image": image, "boxes": boxes}, key=1)["boxes"]


def test_views_of_a_row_stand_one_behind_the_other(cluster: Any) -> None:
    policy = load_policy(POLICY)
    wanted = []
    for index in sorted(range(COUNT), key=lambda index: f"photo/{index}"):
        own = row(index)
        key = own.pop("id")
        views = policy.views(own, key=key, epoch=3, n=2)
        wanted += [plain({"id": key, **view}) for view in views]
    for form, how in (("numpy", {}), ("pyarrow", {}), ("pandas", {"concurrency": 1})):
        found = augmented(
            data(), policy, key="id", epoch=3, views=2, batch_format=form, batch_size=7, **how
        )
        assert rows_of(found) == wanted, form
    ordered = augmented(data(1), policy, key="id", epoch=3, views=2).take_batch(8)
    assert list(ordered["id"]) == [f"photo/{n}" for n in range(4) for _ in range(2)]
