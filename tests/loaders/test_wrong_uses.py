"""What loaders say where they are given something else: where, what came, what to do."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import datasets
import grain
import numpy as np
import pandas
import pyarrow
import pytest
import webdataset as wds
from lhotse import CutSet, Recording, RecordingSet
from torch.utils.data import ConcatDataset, RandomSampler, Subset
from torchdata.nodes import IterableWrapper, Loader, Prefetcher

from syncaug import ArgumentError, SampleError, SampleWarning, SyncaugError, load_policy
from syncaug.loaders import grain as for_grain
from syncaug.loaders import huggingface, lhotse, torchdata, webdataset
from syncaug.loaders import ray as for_ray
from syncaug.loaders.lightning import SetEpoch
from syncaug.loaders.threads import Prefetch
from syncaug.loaders.torch import AugmentedDataset, AugmentedIterable, EpochSampler, collate
from tests.loaders.ways import wave

POLICY = load_policy(
    "{syncaug: 1, sample: {image: image, caption: {modality: text, describes: image}}, "
    "steps: [{name: mirror, uses: flip, p: 0.5}]}"
)
SPEECH = load_policy(
    "{syncaug: 1, sample: {audio: audio, words: timed_text}, "
    "steps: [{name: part, uses: trim, with: {duration: 0.05, at: [0, 1]}}]}"
)
PHOTO = np.zeros((24, 32, 3), np.uint8)
ROW = {"id": "a", "image": PHOTO, "caption": "a dog on the left"}
COLUMNS = {"id": np.array(["a", "b"]), "image": np.stack([PHOTO, PHOTO]), "caption": ["x", "y"]}
RECORDINGS = [Recording.from_bytes(wave(0), recording_id="a")]
RECORD = {"__key__": "a", "image": PHOTO, "caption": "a dog"}


def rows(*found: Any) -> Any:
    return AugmentedDataset(list(found), POLICY, key="id")


def stream(given: Any) -> Any:
    return AugmentedIterable(given, POLICY, key="id")


def fetched(given: Any) -> Any:
    return next(iter(Prefetch(given, POLICY, key="id")))


def node(source: Any, **how: Any) -> Any:
    return torchdata.Augment(source, POLICY, key="id", **how)


def elements() -> Any:
    return grain.MapDataset.source([ROW, {**ROW, "id": "b"}])


def loaded(*operations: Any) -> Any:
    sampler = grain.samplers.IndexSampler(2, num_epochs=1, shuffle=False, seed=1)
    return list(grain.DataLoader(data_source=elements(), sampler=sampler, operations=operations))


def table() -> Any:
    return datasets.Dataset.from_list([{"id": "a", "caption": "a dog", "label": 1}])


def sound(**how: Any) -> Any:
    return lhotse.augment(CutSet.from_cuts([]), SPEECH, **how)


def by_index() -> Any:
    return for_grain.AugmentByIndex(POLICY, "id", 1)


ELEMENT = "'id', 'image', 'caption'"
WRONG: dict[str, tuple[Callable[[], Any], str]] = {
    "a sample for a data set": (lambda: AugmentedDataset(ROW, POLICY, key="id"),
        f"dataset: expected a map-style data set, which .* got dict with {ELEMENT}. For one "),
    "parts of a data set": (lambda: AugmentedDataset({"train": [ROW]}, POLICY, key="id"),
        r"got dict with 'train'\. .* give one part, data\['train'\]"),
    "nothing for a data set": (lambda: AugmentedDataset({}, POLICY, key="id"), "got an empty dict"),
    "a folder for a data set": (lambda: AugmentedDataset("/data", POLICY, key="id"),
        "got str '/data'. A name is not opened here: read what it names"),
    "a path for a data set": (lambda: AugmentedDataset(Path("data"), POLICY, key="id"),
        "dataset: expected a map-style data set .* got .*Path.*A name is not opened here"),
    "a class for a data set": (lambda: AugmentedDataset(list, POLICY, key="id"),
        "got the class list. That is a class: make an object of it"),
    "a frame for a data set": (lambda: AugmentedDataset(pandas.DataFrame(), POLICY, key="id"),
        r"got DataFrame. Give its rows: data.to_dict\('records'\)"),
    "a table for a data set": (lambda: AugmentedDataset(pyarrow.table({}), POLICY, key="id"),
        r"got Table. Give its rows: data.to_pylist\(\)"),
    "the policy first": (lambda: AugmentedDataset(POLICY, [ROW], key="id"),  # type: ignore[arg-type]
        "got Augmenter. The samples come first, and the policy behind them"),
    "a path for a policy": (lambda: AugmentedDataset([ROW], "pets.yaml", key="id"),  # type: ignore[arg-type]
        r"policy: expected what load_policy returns; got str 'pets.yaml'. Write load_policy"),
    "paths for samples": (lambda: rows(ROW, "a.jpg")[1],
        "'sample': expected a mapping of streams from the data set; got a str 'a.jpg' as sample 1"),
    "a number for a sample": (lambda: rows(7)[0], "got an int 7 as sample 0"),
    "a key that is not there": (
        lambda: AugmentedDataset([ROW], POLICY, key=lambda row: row["name"])[0],
        f"'key': .* got KeyError: 'name' for sample 0. The sample has {ELEMENT}"),
    "an index that is a slice": (lambda: rows(ROW)[0:1], "'index': .* got slice"),
    "a state of something else": (lambda: rows(ROW).load_state_dict({"step": 3}),
        r"state: expected what state_dict\(\) of such data gave, with 'epoch'; got dict .*'step'"),
    "no state": (lambda: stream([ROW]).load_state_dict(None),
        "state: expected what .* got NoneType None"),
    "a state before its start": (lambda: stream([ROW]).load_state_dict({"epoch": 1, "done": -2}),
        r"state\['done'\].*: expected an integer from 0 on; got -2"),
    "a number for a stream": (lambda: stream(5), "dataset: expected what can be iterated"),
    "a dict for a stream": (lambda: stream({"train": [ROW]}), r"one part, data\['train'\]"),
    "a name for a stream": (lambda: stream("pets.tar"), "got str 'pets.tar'. A name is not opened"),
    "bytes for a stream": (lambda: stream(b"PK"), "got bytes b'PK'. A name is not opened"),
    "a function for a stream": (lambda: stream(lambda: iter([ROW])),
        "got function. That is a function: give what it returns"),
    "numbers in a stream": (lambda: next(iter(stream([3]))), "got an int 3 as sample 0"),
    "a word for a yes": (lambda: AugmentedIterable([ROW], POLICY, key="id", shares="no"),  # type: ignore[arg-type]
        "shares: expected True where .* got str 'no'"),
    "no sampler": (lambda: EpochSampler(RandomSampler, rows(ROW)),
        "sampler: expected a sampler of indices; got the class RandomSampler"),
    "names of a sampler": (lambda: list(EpochSampler(["a"], rows(ROW))), "'index': .* got str 'a'"),
    "a sample to collate": (lambda: collate(ROW),  # type: ignore[arg-type]
        f"batch: expected a list of samples; got dict with {ELEMENT}"),
    "a number to collate": (lambda: collate(5), "batch: expected a list of samples; got int 5"),  # type: ignore[arg-type]
    "a word for ways": (lambda: collate([ROW], "pad"),  # type: ignore[arg-type]
        "how: expected a mapping of entries .* got str 'pad'. Write how="),
    "a number to fetch": (lambda: fetched(5),
        "samples: expected what can be iterated and gives mappings of streams; got int 5"),
    "nothing to fetch": (lambda: fetched(None), "samples: .* got NoneType None"),
    "a sample to fetch": (lambda: fetched(ROW), f"got dict with {ELEMENT}. For one sample call"),
    "no threads": (lambda: Prefetch([ROW], POLICY, key="id", threads=0),
        "'threads': expected how many threads there are, an integer from 1 to 1,024; got 0"),
    "a million threads": (lambda: Prefetch([ROW], POLICY, key="id", threads=10**6),
        "'threads': expected .* from 1 to 1,024; got 1,000,000"),
    "a million samples ahead": (lambda: Prefetch([ROW], POLICY, key="id", ahead=10**6),
        "'ahead': expected how many samples .* from 1 to 10,000; got 1,000,000"),
    "a million threads of a batch": (lambda: POLICY.batch([], [], threads=10**6),
        "'threads': expected how many threads work, .* from 1 to 1,024; got 1,000,000"),
    "a million workers": (lambda: node(IterableWrapper([ROW]), num_workers=10**6),
        "'num_workers': expected .* from 0 to 1,024; got 1,000,000"),
    "a million processes": (
        lambda: huggingface.mapped(table(), POLICY, key="id", variants=2, num_proc=10**6),
        "'num_proc': expected .* from 1 to 1,024; got 1,000,000"),
    "a list for a node": (lambda: node([ROW]),
        r"source: expected a node of torchdata, .* got list. Write IterableWrapper\(samples\)"),
    "a number for a node": (lambda: node(3), "source: expected a node of torchdata, .* got int 3"),
    "half a worker": (lambda: node(IterableWrapper([ROW]), num_workers=0.5), "got float 0.5"),
    "a start as a method": (lambda: node(IterableWrapper([ROW]), method="fork"),
        "method: expected 'thread' or 'process'; got str 'fork'"),
    "no such start": (
        lambda: node(IterableWrapper([ROW]), method="process", multiprocessing_context="new"),
        "multiprocessing_context: expected .*'spawn'.*; got str 'new'"),
    "no state of a node": (lambda: node(IterableWrapper([ROW])).reset({"epoch": 3}),
        "state: expected what .* 'stood' and 'steps'; got dict with 'epoch'"),
    "tuples in a node": (lambda: list(Loader(node(IterableWrapper([(1, 2)])))),
        "got a tuple as sample 0"),
    "a path for cuts": (lambda: lhotse.augment("cuts.jsonl.gz", SPEECH),
        r"cuts: expected a CutSet, .* got str 'cuts.jsonl.gz'. Read them: CutSet.from_file\('cut"),
    "a path to a transform": (lambda: lhotse.Augment(SPEECH)(Path("cuts.jsonl")),
        r"cuts: expected a CutSet.*Read them: CutSet.from_file\('cuts.jsonl'\)"),
    "recordings for cuts": (
        lambda: list(lhotse.augment(RecordingSet.from_recordings(RECORDINGS), SPEECH)),
        r"got Recording among them. Make cuts of them: CutSet.from_manifests\(recordings="),
    "numbers for cuts": (lambda: list(lhotse.augment([1], SPEECH)), "got int 1 among them"),
    "a number for cuts": (lambda: lhotse.augment(4, SPEECH), "cuts: .* got int 4"),
    "no name of a key": (lambda: sound(key=""), "key: expected an attribute .* got str ''"),
    "a number for a key": (lambda: sound(key=3), "key: expected an attribute .* got int 3"),
    "a Map with an index": (
        lambda: elements().map_with_index(for_grain.Augment(POLICY, "id"))[0],
        rf"Augment: expected to stand in map\(...\), .* got a call with int 0, dict with {ELEMENT}"
        r".*map_with_index\(AugmentByIndex\(policy, key, size\)\)"),
    "a Map that filters": (lambda: elements().filter(for_grain.Augment(POLICY, "id"))[0],
        r"Augment: expected to stand in map\(...\)"),
    "a Map at random": (lambda: elements().seed(1).random_map(for_grain.Augment(POLICY, "id"))[0],
        r"Augment: expected to stand in map\(...\)"),
    "an index without one": (lambda: elements().map(by_index())[0],
        r"AugmentByIndex: expected records of a DataLoader; got a single element, dict .* Write "
        r"data.map_with_index\(...\)"),
    "an index at random": (lambda: elements().seed(1).random_map(by_index())[0],
        r"AugmentByIndex: expected records of a DataLoader; got a single element"),
    "an index over rows": (lambda: list(by_index()([ROW])),
        "AugmentByIndex: expected records of a DataLoader; got a single element, dict with"),
    "batches of Grain": (lambda: elements().batch(2).map(for_grain.Augment(POLICY, "id"))[0],
        "'key': .* That is a batch: augment single samples, before they are batched"),
    "batches of a DataLoader": (
        lambda: loaded(grain.transforms.Batch(2), for_grain.Augment(POLICY, "id")),
        "'key': .* That is a batch: augment single samples, before they are batched"),
    "numbers of Grain": (
        lambda: grain.MapDataset.range(3).map(for_grain.Augment(POLICY, "id"))[0], "got an int 0"),
    "a place before the first": (lambda: elements().map_with_index(by_index())[-1],
        r"'index': expected the place of an element from 0 on, which tells its epoch; got -1. "
        r"Count from the beginning: data\[len\(data\) - 1\] is the last one"),
    "a length that is a source": (lambda: for_grain.AugmentByIndex(POLICY, "id", [ROW]),  # type: ignore[arg-type]
        "'size': expected how many elements an epoch has, an integer from 1 on; got list"),
    "map without batches": (lambda: table().map(huggingface.transform(POLICY, "id")),
        r"batch: expected the columns of a batch, .* got a single row, 'id': str, .* Write "
        r"data.set_transform\(augment\).*huggingface.mapped"),
    "map with indices": (
        lambda: table().map(huggingface.transform(POLICY, "id"), batched=True, with_indices=True),
        "batch: expected the columns of a batch, .* and 1 more"),
    "filter": (lambda: table().filter(huggingface.transform(POLICY, "id")), "got a single row"),
    "rows for columns": (lambda: huggingface.transform(POLICY, "id")([ROW]), "got list"),  # type: ignore[arg-type]
    "uneven columns": (
        lambda: huggingface.transform(POLICY, "id")({"id": ["a", "b"], "caption": ["x"]}),
        "got columns of several lengths, 'id': list of 2, 'caption': list of 1"),
    "the function itself": (lambda: table().with_transform(huggingface.transform)[0],
        "policy: expected what load_policy returns; got dict with 'id', 'caption', 'label'"),
    "rows to map": (lambda: huggingface.mapped([ROW], POLICY, key="id", variants=2),
        "dataset: expected a Dataset, IterableDataset or DatasetDict .* got list. load_dataset"),
    "a frame to map": (
        lambda: huggingface.mapped(pandas.DataFrame(), POLICY, key="id", variants=2),
        "dataset: expected a Dataset.* got DataFrame.*from_pandas"),
    "no processes": (
        lambda: huggingface.mapped(table(), POLICY, key="id", variants=2, num_proc=0),
        "'num_proc': expected how many processes there are, an integer from 1 to 1,024; got 0"),
    "no rows at once": (
        lambda: huggingface.mapped(table(), POLICY, key="id", variants=2, batch_size=0),
        "'batch_size': expected how many rows are read at once, from 1 on; got 0"),
    "a record for a stream": (lambda: webdataset.augment(POLICY)(RECORD),
        r"augment: .* got a single one, dict .* Write data.compose\(stage\)"),
    "map of WebDataset": (
        lambda: list(wds.DataPipeline(lambda: iter([RECORD]), wds.map(webdataset.augment(POLICY)))),
        r"augment: .* got a single one, dict .* Write data.compose\(stage\)"),
    "a name of shards": (lambda: list(webdataset.augment(POLICY)("pets.tar")),
        "augment: expected a stream of samples; got str 'pets.tar'"),
    "a number of shards": (lambda: list(webdataset.augment(POLICY)(4)), "augment: .* got int 4"),
    "tuples of WebDataset": (lambda: list(webdataset.augment(POLICY)([(PHOTO, "x")])),
        "'sample': expected a mapping of streams from the data set; got a tuple"),
    "batches of WebDataset": (
        lambda: list(webdataset.augment(POLICY)([{**RECORD, "__key__": ["a", "b"]}])),
        "That is a batch: augment single samples, before they are batched"),
    "a row of Ray": (lambda: for_ray.Augment(POLICY, key="id")(ROW),
        r"'batch': .* got a single row, 'id': str, .* Augment stands in map_batches\(...\)"),
    "uneven columns of Ray": (
        lambda: for_ray.Augment(POLICY, key="id")({**COLUMNS, "caption": ["x"]}),
        "'batch': .* got columns of several lengths, 'id': ndarray of 2"),
    "numbers for columns": (lambda: for_ray.Augment(POLICY, key="id")({**COLUMNS, "id": 3}),
        "'batch': .* got a single row, 'id': int"),
    "columns of one name": (
        lambda: for_ray.Augment(POLICY, key="id")(
            pandas.DataFrame([["a", 1, 2]], columns=["id", "label", "label"])),
        "'batch': .* got 2 columns 'label'. Rename them"),
    "columns of no name": (
        lambda: for_ray.Augment(POLICY, key="id")(pandas.DataFrame([["a", 1]], columns=["id", 3])),
        "'batch': .* got a column 3, int. Rename them"),
    "no columns": (lambda: for_ray.Augment(POLICY, key="id")({}), "got no column at all"),
    "a column for a batch": (lambda: for_ray.Augment(POLICY, key="id")(pandas.Series([1])),
        "'batch': expected columns: .* got pandas.Series"),
    "a key of Ray that is missing": (
        lambda: for_ray.Augment(POLICY, key="id")({**COLUMNS, "id": [None, "b"]}),
        "'key': expected a text or an integer; got NoneType None in the entry 'id'"),
    "rows of no data set": (lambda: for_ray.augmented([ROW], POLICY, key="id"),
        "dataset: expected a data set of Ray, with map_batches; got list"),
    "a word for errors": (lambda: for_ray.Augment(POLICY, key="id", on_error="no"),  # type: ignore[arg-type]
        "on_error: expected 'raise' or 'skip'; got 'no'"),
    "a loader for data": (lambda: SetEpoch(AugmentedDataset),
        "data: expected augmented data with set_epoch; got the class AugmentedDataset"),
}  # fmt: skip
"""What is done, and what its error holds."""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_use_is_told(case: str) -> None:
    do, told = WRONG[case]
    with pytest.raises(SyncaugError) as caught:
        do()
    assert re.search(told, str(caught.value)), str(caught.value)


def test_an_argument_error_is_one_of_pythons_own_and_crosses_processes() -> None:
    with pytest.raises(TypeError) as caught:
        stream(5)
    error = caught.value
    assert isinstance(error, ArgumentError)
    assert isinstance(error, ValueError)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.name, again.hint) == (str(error), "dataset", error.hint)
    assert not isinstance(error, SampleError)


def _stage_of_stage() -> list[Any]:
    stage = webdataset.augment(POLICY)
    return list(stage(stage([RECORD])))


TWICE: dict[str, Callable[[], Any]] = {
    "data set": lambda: rows_in(rows(ROW)),
    "subset": lambda: rows_in(Subset(ConcatDataset([[ROW], rows(ROW)]), [1])),
    "stream": lambda: stream(stream([ROW])),
    "prefetch": lambda: Prefetch(rows(ROW), POLICY, key="id"),
    "node": lambda: node(Prefetcher(node(IterableWrapper([ROW])), 2)),
    "node of data": lambda: node(IterableWrapper(rows(ROW))),
    "transform": lambda: rows_in(read_through_a_transform()),
    "stage": _stage_of_stage,
    "cuts": lambda: lhotse.augment(lhotse.augment(CutSet.from_cuts([]), SPEECH), SPEECH),
}


def rows_in(data: Any) -> Any:
    return AugmentedDataset(data, POLICY, key="id")


def read_through_a_transform() -> Any:
    data = table()
    data.set_transform(huggingface.transform(POLICY, key="id"))
    return data


@pytest.mark.parametrize("case", TWICE)
def test_data_that_are_augmented_already_are_warned_of(case: str) -> None:
    with pytest.warns(SampleWarning, match="augments these samples already") as told:
        TWICE[case]()
    assert [one.filename for one in told] == [__file__] * len(told)


def test_ordinary_uses_pass() -> None:
    own = {0: ROW, 1: {**ROW, "id": "b"}}
    assert AugmentedDataset(own, POLICY, key="id")[1]["id"] == "b"
    assert [one["id"] for one in Prefetch((ROW,), POLICY, key="id")] == ["a"]
    assert [one["id"] for one in stream(iter([ROW]))] == ["a"]
    assert list(lhotse.augment([], SPEECH)) == list(sound()) == []
    assert len(list(webdataset.augment(POLICY)((RECORD, RECORD)))) == 2
    assert huggingface.transform(POLICY, "id")({"id": [], "image": [], "caption": []}) == {
        "id": [], "image": [], "caption": [],
    }  # fmt: skip
    assert len(for_ray.Augment(POLICY, key="id")(COLUMNS)["image"]) == 2


@pytest.mark.parametrize(
    "make",
    [
        lambda: rows(ROW),
        lambda: stream([ROW]),
        lambda: Prefetch([ROW], POLICY, key="id"),
        lambda: node(IterableWrapper([ROW])),
        lambda: for_grain.Augment(POLICY, "id"),
        by_index,
        lambda: huggingface.transform(POLICY, "id"),
        lambda: webdataset.augment(POLICY),
        lambda: for_ray.Augment(POLICY, key="id"),
        lambda: lhotse.Augment(SPEECH),
    ],
)
def test_a_policy_is_not_exchanged_in_silence(make: Callable[[], Any]) -> None:
    """Workers that stay would keep the old one, and so do keys and streams that are known."""
    made = make()
    before = made.policy
    with pytest.raises(AttributeError, match="policy"):
        made.policy = POLICY.with_seed(9)
    assert made.policy is before
