"""LeRobot's episodes: tables that pyarrow writes and films that PyAV writes, in and out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from syncaug import ManifestError, load_policy
from syncaug.datasets import lerobot

FPS, LENGTH = 10, 24
TOP = "observation.images.top"


def write_episodes(root: Path, count: int = 2) -> None:
    """Episodes whose films show a bar that stands where the state says."""
    for name in ("meta", "data/chunk-000", f"videos/chunk-000/{TOP}"):
        (root / name).mkdir(parents=True)
    features = {
        TOP: {"dtype": "video", "shape": [48, 64, 3], "names": ["height", "width", "channel"]},
        "observation.state": {"dtype": "float32", "shape": [2], "names": ["x", "y"]},
        "action": {"dtype": "float32", "shape": [2], "names": ["x", "y"]},
        "next.reward": {"dtype": "float32", "shape": [1], "names": None},
        **{
            name: {"dtype": "int64", "shape": [1], "names": None}
            for name in ("frame_index", "episode_index", "index", "task_index")
        },
        "timestamp": {"dtype": "float32", "shape": [1], "names": None},
    }
    episodes, tasks = [], []
    for number in range(count):
        place = np.linspace(4, 58, LENGTH) if number % 2 else np.linspace(58, 4, LENGTH)
        state = np.stack([place, np.full(LENGTH, 24)], axis=1).astype(np.float32)
        columns = {
            "observation.state": pa.FixedSizeListArray.from_arrays(pa.array(state.ravel()), 2),
            "action": pa.FixedSizeListArray.from_arrays(pa.array(np.roll(state, -1, 0).ravel()), 2),
            "next.reward": pa.array(np.linspace(0, 1, LENGTH, dtype=np.float32)),
            "timestamp": pa.array((np.arange(LENGTH) / FPS).astype(np.float32)),
            "frame_index": pa.array(np.arange(LENGTH)),
            "episode_index": pa.array(np.full(LENGTH, number)),
            "index": pa.array(np.arange(LENGTH) + LENGTH * number),
            "task_index": pa.array(np.full(LENGTH, number % 2)),
        }
        name = f"episode_{number:06}"
        pq.write_table(pa.table(columns), root / "data" / "chunk-000" / f"{name}.parquet")
        film(root / "videos" / "chunk-000" / TOP / f"{name}.mp4", place)
        task = f"move the bar to the {'right' if number % 2 else 'left'}"
        tasks.append({"task_index": number, "task": task})
        episodes.append({"episode_index": number, "tasks": [task], "length": LENGTH})
    for kind, rows in (("episodes", episodes), ("tasks", tasks)):
        (root / "meta" / f"{kind}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    info = {
        "codebase_version": "v2.1",
        "robot_type": "bar",
        "fps": FPS,
        "features": features,
        "chunks_size": 1000,
        "splits": {"train": "0:1", "val": f"1:{count}"},
        "data_path": "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet",
        "video_path": "videos/chunk-000/{video_key}/episode_{episode_index:06d}.mp4",
    }
    (root / "meta" / "info.json").write_text(json.dumps(info))


def film(path: Path, place: np.ndarray) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"crf": "6"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for x in place:
            frame = np.full((48, 64, 3), 40, np.uint8)
            frame[:, round(x) - 3 : round(x) + 4] = 220
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, "rgb24")))
        container.mux(stream.encode(None))


def bars(sample: dict[str, Any]) -> np.ndarray:
    """Where the bar stands in each frame."""
    frames = np.asarray(sample["observation_images_top"]["frames"])[..., 0].astype(float) - 40
    weights = frames.clip(30).mean(axis=1) - 30
    return (weights * np.arange(64)).sum(1) / weights.sum(1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_episodes(tmp_path / "in")
    return tmp_path / "in"


def test_episodes_are_samples(root: Path) -> None:
    samples = lerobot.samples(root)
    assert samples.keys == (0, 1)
    for number, sample in enumerate(samples):
        assert sample["observation_state"].shape == (LENGTH, 2)
        assert sample["observation_state"].dtype == np.float32
        assert sample["next_reward"].shape == (LENGTH, 1)
        assert sample["task"] == f"move the bar to the {('left', 'right')[number]}"
        assert np.abs(bars(sample) - sample["observation_state"][:, 0]).max() < 1
    assert lerobot.samples(root, "val").keys == (1,)


def test_episodes_come_back(root: Path, tmp_path: Path) -> None:
    samples = list(lerobot.samples(root))
    lerobot.write([*samples, samples[0]], tmp_path / "out")
    info = json.loads((tmp_path / "out" / "meta" / "info.json").read_text())
    assert (info["total_episodes"], info["total_frames"], info["total_tasks"]) == (3, 72, 2)
    again = lerobot.samples(tmp_path / "out")
    for first, second in zip([*samples, samples[0]], again, strict=True):
        for name in ("observation_state", "action", "next_reward"):
            assert np.array_equal(first[name], second[name])
        assert first["task"] == second["task"]
        assert np.abs(bars(first) - bars(second)).max() < 0.2
    table = pq.read_table(tmp_path / "out" / "data" / "chunk-000" / "episode_000002.parquet")
    assert table["index"].to_pylist() == list(range(48, 72))
    assert set(table["episode_index"].to_pylist()) == {2}


def test_an_episode_is_cut_as_one(root: Path, tmp_path: Path) -> None:
    policy = load_policy(
        {
            "syncaug": 1,
            "sample": lerobot.streams(root),
            "untouched": ["source"],
            "steps": [{"name": "part", "uses": "trim", "with": {"start": 0.5, "duration": 1.2}}],
        }
    )
    results = [policy(sample, key=sample["source"]["key"]) for sample in lerobot.samples(root)]
    lerobot.write(results, tmp_path / "out")
    for sample in lerobot.samples(tmp_path / "out"):
        assert len(sample["observation_state"]) == len(bars(sample)) == 12
        assert np.abs(bars(sample) - sample["observation_state"][:, 0]).max() < 1


def test_films_of_several_sizes_are_refused(root: Path, tmp_path: Path) -> None:
    def written(out: Path, crop: dict[str, Any]) -> None:
        policy = load_policy(
            {
                "syncaug": 1,
                "sample": lerobot.streams(root),
                "untouched": ["source"],
                "steps": [{"name": "zoom", "uses": "crop", "with": crop}],
            }
        )
        samples = lerobot.samples(root)
        lerobot.write((policy(sample, key=sample["source"]["key"]) for sample in samples), out)

    with pytest.raises(ManifestError, match=r"expected films of one size under .* `resize: \["):
        written(tmp_path / "out", {"area": [0.3, 0.9]})
    written(tmp_path / "same", {"area": [0.3, 0.9], "resize": [24, 32]})
    info = json.loads((tmp_path / "same" / "meta" / "info.json").read_text(encoding="utf-8"))
    assert info["features"][TOP]["shape"] == [24, 32, 3]


@pytest.mark.parametrize("place", ["info", "video_info"])
def test_the_table_tells_the_films_that_were_written(
    root: Path, tmp_path: Path, place: str
) -> None:
    table = json.loads((root / "meta" / "info.json").read_text())
    told = {"video.height": 48, "video.width": 64, "video.channels": 3, "video.codec": "av1"}
    told |= {"video.pix_fmt": "yuv420p", "video.fps": FPS, "has_audio": True, "audio.codec": "aac"}
    table["features"][TOP] |= {place: told, "names": ["rgb", "height", "width"]}
    (root / "meta" / "info.json").write_text(json.dumps(table))
    policy = load_policy(
        {
            "syncaug": 1,
            "sample": lerobot.streams(root),
            "untouched": ["source"],
            "steps": [{"name": "small", "uses": "resize", "with": {"height": 24, "width": 33}}],
        }
    )
    lerobot.write([policy(lerobot.samples(root)[0], key=0)], tmp_path / "out")
    feature = json.loads((tmp_path / "out" / "meta" / "info.json").read_text())["features"][TOP]
    [path] = (tmp_path / "out" / "videos").rglob("*.mp4")
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert feature[place] == {
            "video.height": stream.height,
            "video.width": stream.width,
            "video.channels": 3,
            "video.codec": stream.codec_context.name,
            "video.pix_fmt": stream.pix_fmt,
            "video.fps": FPS,
            "has_audio": False,
        }
        assert feature["shape"] == [3, stream.height, stream.width]


def test_uneven_results_are_refused(root: Path, tmp_path: Path) -> None:
    sample = lerobot.samples(root)[0]
    sample["action"] = sample["action"][:-1]
    with pytest.raises(ManifestError, match="23 of action"):
        lerobot.write([sample], tmp_path / "out")
    with pytest.raises(ManifestError, match="expected 'source' in each sample"):
        lerobot.write([{"action": sample["action"]}], tmp_path / "other")


def test_other_versions_and_damage_are_told(root: Path) -> None:
    with pytest.raises(ManifestError, match="'test' is none of train, val"):
        lerobot.samples(root, "test")
    path = root / "meta" / "info.json"
    told = path.read_text()
    path.write_text(told.replace("v2.1", "v3.0"))
    with pytest.raises(ManifestError, match=r"expected a data set of version v2\.0 or v2\.1"):
        lerobot.samples(root)
    path.write_text(told)
    table = root / "data" / "chunk-000" / "episode_000000.parquet"
    table.write_bytes(table.read_bytes()[:200])
    with pytest.raises(ManifestError, match="expected a table in Parquet"):
        lerobot.samples(root)[0]


def with_columns(root: Path, features: dict[str, Any], columns: dict[str, Any]) -> None:
    """Further columns in the tables of all episodes."""
    path = root / "meta" / "info.json"
    info = json.loads(path.read_text())
    info["features"] |= features
    path.write_text(json.dumps(info))
    for table in sorted((root / "data" / "chunk-000").iterdir()):
        found = pq.read_table(table)
        for name, column in columns.items():
            if name in found.column_names:
                found = found.drop([name])
            found = found.append_column(name, column)
        pq.write_table(found, table)


def test_columns_keep_their_types_and_shapes(root: Path, tmp_path: Path) -> None:
    done = [False] * (LENGTH - 1) + [True]
    grid = np.arange(LENGTH * 6, dtype=np.float32).reshape(LENGTH, 2, 3)
    with_columns(
        root,
        {
            "next.done": {"dtype": "bool", "shape": [1], "names": None},
            "grasp": {"dtype": "int64", "shape": [2], "names": None},
            "touch": {"dtype": "float32", "shape": [2, 3], "names": None},
        },
        {
            "next.done": pa.array(done),
            "grasp": pa.array([[n, -n] for n in range(LENGTH)]),
            "touch": pa.array(grid.tolist(), pa.list_(pa.list_(pa.float32()))),
        },
    )
    lerobot.write(lerobot.samples(root), tmp_path / "out")
    table = pq.read_table(tmp_path / "out" / "data" / "chunk-000" / "episode_000000.parquet")
    assert table["next.done"].to_pylist() == done
    assert table.schema.field("next.done").type == pa.bool_()
    assert table["grasp"].to_pylist() == [[n, -n] for n in range(LENGTH)]
    assert table.schema.field("grasp").type.value_type == pa.int64()
    assert table["touch"].to_pylist() == grid.tolist()


def test_texts_in_columns_and_several_tasks_are_refused(root: Path) -> None:
    with_columns(root, {}, {"task_index": pa.array([0] * 4 + [1] * (LENGTH - 4))})
    with pytest.raises(ManifestError, match="expected one task for .* got tasks 0, 1"):
        lerobot.samples(root)[0]
    said = {"said": {"dtype": "string", "shape": [1], "names": None}}
    with_columns(root, said, {"said": pa.array(["go"] * LENGTH)})
    with pytest.raises(ManifestError, match="feature 'said': expected numbers; got <U2"):
        lerobot.samples(root)[0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda info: info["features"].update({"../../victim": info["features"][TOP]}), "folders"),
        (lambda info: info["features"].update({"/tmp/victim": info["features"][TOP]}), "folders"),
        (lambda info: info.update(features=[1]), "expected features, each with a 'dtype'"),
        (lambda info: info["features"].update(x={"shape": [1]}), "each with a 'dtype'"),
        (lambda info: info.update(fps="30"), "expected a number above 0 as 'fps'; got '30'"),
        (lambda info: info.update(chunks_size=0), "whole number from 1 as 'chunks_size'; got 0"),
        (lambda info: info.update(fps=0), "expected a number above 0 as 'fps'; got 0"),
        (lambda info: info.update(splits={"train": "all"}), "as FIRST:LAST; got 'all'"),
    ],
)
def test_what_info_says_is_held_against_its_form(tmp_path: Path, change: Any, told: str) -> None:
    write_episodes(tmp_path)
    path = tmp_path / "meta" / "info.json"
    info = json.loads(path.read_text())
    change(info)
    path.write_text(json.dumps(info))
    with pytest.raises(ManifestError, match=told):
        lerobot.samples(tmp_path, "train")
