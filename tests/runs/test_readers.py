"""What `syncaug apply` writes is read by the libraries whose forms they are, and by syncaug."""

from __future__ import annotations

import gc
import json
import tarfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.cli.origin import Origin
from syncaug.io.manifest import Entry
from syncaug.io.packed import unpacked
from syncaug.io.streams import load_sample
from syncaug.io.writer import ResultWriter
from syncaug.unread import opened
from tests.runs.containers import (
    contents,
    manifest_in,
    policy_in,
    run,
    told,
)
from tests.samples import DATA, EVERYTHING, everything


@pytest.fixture(autouse=True)
def _files_closed() -> Iterator[None]:
    """WebDataset leaves the last shard open; here it is closed without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


def results(tmp_path: Path, form: str, *options: object) -> Path:
    """Results of four samples in two variants, in parts of three."""
    policy, manifest, out = policy_in(tmp_path), manifest_in(tmp_path), tmp_path / form
    given = ("--manifest", manifest, "--out", out, "--out-format", form)
    run("apply", policy, *given, "--variants", 2, "--part-samples", 3, *options)
    return out


def lines(out: Path) -> list[dict[str, Any]]:
    """The manifest of a folder of results."""
    text = (out / "manifest.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_webdataset_reads_what_a_folder_would_hold(tmp_path: Path) -> None:
    import webdataset

    folder, out = results(tmp_path, "folder"), results(tmp_path, "webdataset")
    shards = sorted(map(str, out.glob("*.tar")))
    found = list(webdataset.WebDataset(shards, shardshuffle=False).decode("rgb8"))
    assert [sample["__key__"] for sample in found[:3]] == ["k000_0", "k000_1", "k001_0"]
    for sample, line in zip(found, lines(folder), strict=True):
        assert sample["caption.txt"] == line["caption"]
        assert sample["boxes.json"] == line["boxes"]
        assert sample["classes.json"] == line["classes"]
        assert sample["label.cls"] == line["label"]
        assert sample["speech.wav"] == (folder / line["speech"]).read_bytes()
        assert sample["image.png"].shape == (32, 32, 3)
    with tarfile.open(shards[0]) as tar:
        infos = list(tar)
    assert {(one.mtime, one.uid, one.gid, one.uname, one.mode) for one in infos} == {
        (0, 0, 0, "", 0o444)
    }


def test_datasets_reads_what_a_folder_would_hold(tmp_path: Path) -> None:
    import datasets
    from pyarrow import parquet

    folder, out = results(tmp_path, "folder"), results(tmp_path, "parquet")
    files = sorted(map(str, out.glob("*.parquet")))
    data = datasets.load_dataset("parquet", data_files=files, cache_dir=str(tmp_path / "cache"))
    rows = data["train"]
    assert isinstance(rows.features["image"], datasets.Image)
    assert isinstance(rows.features["speech"], datasets.Audio)
    assert rows.features["label"].dtype == "int64"
    for row, line in zip(rows, lines(folder), strict=True):
        assert (row["key"], row["epoch"]) == (line["key"], line["epoch"])
        for name in ("caption", "boxes", "classes", "label"):
            assert row[name] == line[name]
        assert np.asarray(row["image"]).shape == (32, 32, 3)
        assert row["speech"].get_all_samples().sample_rate == 22050
    about = json.loads(parquet.read_schema(files[0]).metadata[b"syncaug"])
    plan = load_policy(tmp_path / "policy.yaml").plan
    assert (about["policy"], about["fingerprint"]) == ("containers", plan.fingerprint)


def test_jpeg_and_names_are_as_they_are_asked_for(tmp_path: Path) -> None:
    out = results(tmp_path, "webdataset", "--image-format", "jpg", "--part-size", 1)
    with tarfile.open(out / "000000.tar") as tar:
        assert tar.getnames()[0] == "k000_0.image.jpg"
    policy, manifest = tmp_path / "policy.yaml", tmp_path / "m.jsonl"
    run("apply", policy, "--manifest", manifest, "--out", tmp_path / "n" / "pets.tar")
    run("apply", policy, "--manifest", manifest, "--out", tmp_path / "p" / "pets.parquet")
    assert list(contents(tmp_path / "n")) == ["pets-000000.tar"]
    assert list(contents(tmp_path / "p")) == ["pets-000000.parquet"]


def test_named_parts_lie_beside_what_else_is_there(tmp_path: Path) -> None:
    policy, manifest = policy_in(tmp_path), manifest_in(tmp_path)
    before = contents(tmp_path)
    given = ("apply", policy, "--manifest", manifest, "--out")
    run(*given, tmp_path / "pets.tar")
    after = contents(tmp_path)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"pets-000000.tar"}
    for name in ("pets.tar", "cats.tar", "pets.parquet"):
        assert "expected a folder without records.jsonl" in told(
            run(*given, tmp_path / name, code=1)
        )
    run(*given, tmp_path / "pets.tar", "--overwrite", "--variants", 2)
    assert set(contents(tmp_path)) == set(after)
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "pets-000001.tar").write_bytes(b"not ours")
    done = run(*given, tmp_path / "p" / "pets.tar", code=1)
    assert "holds pets-000001.tar" in told(done)


EVERY = f"syncaug: 1\nsample:{EVERYTHING}\nsteps: [{{name: mirror, uses: flip, p: 0.5}}]\n"


class _Line:
    def to_json(self) -> str:
        return '{"record": 1}'


def loaded(origin: Origin, plan: Any) -> dict[str | int, dict[str, Any]]:
    """All samples of a source, by key."""
    streams = {stream.name: stream for stream in plan.streams}
    found = {}
    for entry in origin.source(plan).items():
        assert isinstance(entry, Entry), entry
        with unpacked(entry) as local:
            found[entry.key] = opened(load_sample(local, streams))
    return found


def test_every_modality_comes_back_from_parts(tmp_path: Path) -> None:
    policy = load_policy(EVERY)
    with ResultWriter(tmp_path / "in", {s.name: s for s in policy.plan.streams}) as writer:
        for seed in range(2):
            writer.write(f"k{seed}", everything(seed), _Line())
    path, manifest = policy_in(tmp_path, EVERY), tmp_path / "in" / "manifest.jsonl"
    for form in ("folder", "webdataset", "parquet"):
        run("apply", path, "--manifest", manifest, "--out", tmp_path / form, "--out-format", form)
    wanted = loaded(Origin(tmp_path / "folder" / "manifest.jsonl"), policy.plan)
    for form in ("webdataset", "parquet"):
        found = loaded(Origin(tmp_path / form), policy.plan)
        assert set(found) == set(wanted)
        for key, sample in wanted.items():
            assert set(sample) == set(found[key])
            for name, value in sample.items():
                if name == "mask":  # a picture that others read holds its numbers in fewer bits
                    assert np.array_equal(value, found[key][name])
                else:
                    np.testing.assert_equal(found[key][name], value, err_msg=f"{form} {name}")


FILM = """syncaug: 1
sample:
  video: {modality: video, plane: screen, clock: film}
  sound: {modality: audio, plane: screen, clock: film}
steps:
  - {name: cut, uses: trim, with: {duration: 0.5, unit: second}}
  - {name: mirror, uses: flip, p: 0.5}
"""


@pytest.mark.parametrize("lazy", [0, 256])
def test_a_film_and_its_sound_lie_in_one_member_or_cell(tmp_path: Path, lazy: int) -> None:
    import pyarrow
    from pyarrow import parquet

    from tests.runs.containers import add

    film, policy = DATA / "bunny" / "bunny.mp4", policy_in(tmp_path, FILM)
    line = {"key": "bunny", "video": str(film), "sound": str(film)}
    (tmp_path / "m.jsonl").write_text(json.dumps(line))
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        add(tar, "bunny.mp4", film.read_bytes())
    table = pyarrow.table({"key": ["bunny"], "film": [film.read_bytes()]})
    parquet.write_table(table, tmp_path / "t.parquet")
    sources = {
        "manifest": ("--manifest", tmp_path / "m.jsonl"),
        "shard": ("--in", tmp_path / "a.tar", "--map", "video=mp4", "--map", "sound=mp4"),
        "table": ("--in", tmp_path / "t.parquet", "--map", "video=film", "--map", "sound=film"),
    }
    wanted: dict[str, dict[str, bytes]] = {}
    for name, given in sources.items():
        for form in ("folder", "webdataset", "parquet"):
            out = tmp_path / f"{name}-{form}"
            how = ("--out", out, "--out-format", form, "--lazy-above", lazy)
            run("apply", policy, *given, *how)
            assert contents(out) == wanted.setdefault(form, contents(out)), (name, form)
            assert "differing: []" in run("replay", out / "records.jsonl", "--verify").output
    assert sorted(wanted["folder"]) == ["bunny/0/video.mp4", "manifest.jsonl"]
    with tarfile.open(tmp_path / "shard-webdataset" / "000000.tar") as tar:
        assert tar.getnames() == ["bunny.video.mp4", "bunny.sound.wav"]


def test_partners_are_found_across_shards(tmp_path: Path) -> None:
    from tests.runs.containers import MAPPED, shards_in

    policy = policy_in(
        tmp_path,
        """syncaug: 1
sample: {image: image, label: {modality: label, classes: 10}}
steps: [{name: blend, uses: mixup, with: {share: [0.2, 0.5]}}]
""",
    )
    shards, manifest = shards_in(tmp_path / "s", 6), manifest_in(tmp_path, 6)
    given = (*MAPPED[:2], *MAPPED[6:8], "--variants", 2)
    done = run("apply", policy, "--in", shards, *given, "--out", tmp_path / "out")
    assert "members that no entry of the policy takes are not in the results: json, txt, wav" in (
        done.output
    )
    text = manifest.read_text(encoding="utf-8").splitlines()
    kept = [{n: json.loads(t)[n] for n in ("key", "image", "label")} for t in text]
    manifest.write_text("\n".join(map(json.dumps, kept)))
    run("apply", policy, "--manifest", manifest, "--variants", 2, "--out", tmp_path / "plain")
    assert contents(tmp_path / "out") == contents(tmp_path / "plain")
    assert "differing: []" in run("replay", tmp_path / "out" / "records.jsonl", "--verify").output
    run("apply", policy, "--in", shards, *given, "--out", tmp_path / "p" / "t.parquet")
    assert list(contents(tmp_path / "p")) == ["t-000000.parquet"]


def test_a_data_set_of_a_kind_goes_into_parts_and_folders(tmp_path: Path) -> None:
    from syncaug.datasets import coco

    declared = json.dumps(coco.streams(DATA / "pets"))
    text = f"{{syncaug: 1, sample: {declared}, untouched: [source], steps: []}}"
    policy = policy_in(tmp_path, text)
    given = ("--dataset", "coco", "--root", DATA / "pets")
    for form in ("folder", "webdataset", "parquet", "dataset"):
        out = tmp_path / form
        assert "accepted" in run("apply", policy, *given, "--out", out, "--out-format", form).output
        assert (out / "records.jsonl").is_file()
        again = ("replay", out / "records.jsonl", "--verify", "--manifest", DATA / "pets")
        assert "differing: []" in run(*again).output, form
