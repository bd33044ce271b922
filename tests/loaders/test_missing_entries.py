"""Missing entries of optional streams, as numpy, pandas and pyarrow write them in Ray's batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas
import pyarrow
import pytest

from syncaug import SampleError, load_policy
from syncaug.loaders.ray import Augment

POLICY = load_policy("""
syncaug: 1
sample:
  image: image
  label: {modality: label, classes: 4, optional: true}
  name: {modality: text, describes: image, optional: true}
  boxes: {modality: boxes, labels: who, optional: true}
steps: [{name: mirror, uses: flip}]
""")
PHOTO = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
COLUMNS: dict[str, list[Any]] = {
    "id": ["a", "b", "c"],
    "image": [PHOTO] * 3,
    "label": [1, None, 2],
    "name": ["a cat on the left", None, "a dog"],
    "boxes": [[[0.0, 1.0, 2.0, 3.0]], None, []],
    "who": [[7], None, []],
}
KINDS = ("NaN", "objects", "Int64", "string", "arrow", "numpy", "table")


def batch(kind: str) -> Any:
    frame = pandas.DataFrame(COLUMNS)
    if kind == "objects":
        return frame.astype({"label": object, "name": object})
    if kind in ("Int64", "string"):
        return frame.astype({"label": "Int64", "name": "string"})
    if kind == "numpy":
        return {name: frame[name].to_numpy() for name in COLUMNS}
    if kind == "NaN":
        return frame
    table = pyarrow.table({**COLUMNS, "image": [PHOTO.tolist()] * 3})
    return table if kind == "table" else table.to_pandas(types_mapper=pandas.ArrowDtype)


def rows(made: Any) -> list[dict[str, Any]]:
    """The rows of a batch; what is missing is None."""
    if isinstance(made, pyarrow.Table):
        columns = {name: made.column(name).to_pylist() for name in COLUMNS}
    else:
        columns = {name: list(made[name]) for name in COLUMNS}
    for name in ("label", "name", "boxes", "who"):
        columns[name] = [
            None if value is None or value is pandas.NA or value != value else value
            for value in columns[name]
        ]
    return [{name: columns[name][place] for name in COLUMNS} for place in range(3)]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_missing_is_none(kind: str) -> None:
    for one, place in zip(rows(Augment(POLICY, key="id")(batch(kind))), range(3), strict=True):
        own = {name: column[place] for name, column in COLUMNS.items() if name != "id"}
        wanted = POLICY(own, key=COLUMNS["id"][place])
        assert np.array_equal(one["image"], wanted["image"])
        for name in ("label", "name"):
            assert one[name] == wanted[name], name
        for name in ("boxes", "who"):
            found, right = one[name], wanted[name]
            assert (found is None) == (right is None)
            assert right is None or np.array_equal(np.array(list(found)), np.array(right)), name


@pytest.mark.parametrize("kind", ["NaN", "Int64", "table"])
def test_what_is_not_optional_is_named(kind: str) -> None:
    policy = load_policy(
        "{syncaug: 1, sample: {image: image, label: {modality: label, classes: 4}}, "
        "untouched: [name, boxes, who], steps: [{name: mirror, uses: flip}]}"
    )
    with pytest.raises(SampleError, match="sample 'b', stream 'label': expected a"):
        Augment(policy, key="id")(batch(kind))
