"""The samples of a manifest in every kind of container, and a policy for them."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from syncaug.cli import cli
from syncaug.errors import ManifestError
from tests.samples import DATA

POLICY = """syncaug: 1
name: containers
sample:
  image: image
  caption: {modality: text, describes: image}
  boxes: {modality: boxes, labels: classes}
  speech: audio
  label: {modality: label, classes: 10}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: zoom, uses: crop, with: {area: [0.6, 1.0], resize: [32, 32]}}
  - {name: loud, uses: noise, with: {snr_db: [10, 30], speech: white}}
"""
MAPPED = ("--map", "image=jpg", "--map", "caption=txt", "--map", "speech=wav", "--map", "label=cls",
          "--map", "boxes=json:boxes", "--map", "classes=json:classes")  # fmt: skip


def rows() -> list[dict[str, Any]]:
    """The lines of a manifest of real photos and speech; paths as they are there."""
    lines = (DATA / "mixing.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return [{name: row[name] for name in row if name != "phrases"} for row in found]


def many(count: int) -> Iterator[dict[str, Any]]:
    """As many rows, whose keys are numbered."""
    own = rows()
    for number in range(count):
        yield {**own[number % len(own)], "key": f"k{number:03}"}


def policy_in(folder: Path, text: str = POLICY) -> Path:
    """The policy's file."""
    path = folder / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def manifest_in(folder: Path, count: int = 4) -> Path:
    """A manifest whose files are those of the examples."""
    path = folder / "m.jsonl"
    lines = []
    for row in many(count):
        files = {name: str(DATA / row[name]) for name in ("image", "speech")}
        lines.append(json.dumps({**row, **files}))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    """A member of a tar file."""
    info = tarfile.TarInfo(name)
    info.size = len(data)
    tar.addfile(info, BytesIO(data))


def members(row: Mapping[str, Any]) -> dict[str, bytes]:
    """The members of a sample, as people lay them out: by extension."""
    inside = {"boxes": row["boxes"], "classes": row["classes"]}
    return {
        "jpg": (DATA / row["image"]).read_bytes(),
        "txt": row["caption"].encode(),
        "wav": (DATA / row["speech"]).read_bytes(),
        "cls": str(row["label"]).encode(),
        "json": json.dumps(inside).encode(),
    }


def shards_in(folder: Path, count: int = 4, each: int = 2) -> Path:
    """Shards of some samples each, and the pattern that names them."""
    folder.mkdir(parents=True, exist_ok=True)
    found = list(many(count))
    last = (count - 1) // each
    for number in range(last + 1):
        with tarfile.open(folder / f"{number:03}.tar", "w") as tar:
            for row in found[number * each : (number + 1) * each]:
                for extension, data in members(row).items():
                    add(tar, f"{row['key']}.{extension}", data)
    return folder / f"{{000..{last:03}}}.tar"


def table_of(count: int = 4) -> Any:
    """A table in memory: pictures as structures of bytes, sound as bytes, all else inline."""
    import pyarrow

    found = list(many(count))
    return pyarrow.table(
        {
            "key": [row["key"] for row in found],
            "image": [
                {"bytes": (DATA / row["image"]).read_bytes(), "path": row["image"]} for row in found
            ],
            "speech": [(DATA / row["speech"]).read_bytes() for row in found],
            "caption": [row["caption"] for row in found],
            "boxes": [[list(map(float, box)) for box in row["boxes"]] for row in found],
            "classes": [row["classes"] for row in found],
            "label": [row["label"] for row in found],
        }
    )


def saved_in(folder: Path, count: int = 4) -> Path:
    """A data set of Hugging Face on disk, with pictures and sounds as features."""
    import datasets

    found = list(many(count))
    data = datasets.Dataset.from_dict(
        {
            "id": [row["key"] for row in found],
            "image": [str(DATA / row["image"]) for row in found],
            "speech": [str(DATA / row["speech"]) for row in found],
            "caption": [row["caption"] for row in found],
            "objects": [
                {"bbox": [list(map(float, box)) for box in row["boxes"]], "names": row["classes"]}
                for row in found
            ],
            "label": [row["label"] for row in found],
        }
    )
    data = data.cast_column("image", datasets.Image()).cast_column("speech", datasets.Audio())
    data.save_to_disk(folder)
    return folder


SAVED = ("--key-from", "id", "--map", "boxes=objects.bbox", "--map", "classes=objects.names")


def files_in(folder: Path, count: int = 4) -> Path:
    """A folder of folders: pictures, captions, sounds, labels and boxes."""
    for row in many(count):
        found = {
            f"images/{row['key']}.jpg": (DATA / row["image"]).read_bytes(),
            f"captions/{row['key']}.txt": row["caption"].encode(),
            f"audio/{row['key']}.wav": (DATA / row["speech"]).read_bytes(),
            f"meta/{row['key']}.label.cls": str(row["label"]).encode(),
            f"meta/{row['key']}.boxes.json": json.dumps(row["boxes"]).encode(),
            f"meta/{row['key']}.classes.json": json.dumps(row["classes"]).encode(),
        }
        for name, data in found.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return folder


PATTERNS = ("--pattern", "image=images/{key}.jpg", "--pattern", "caption=captions/{key}.txt",
            "--pattern", "audio/{key}.wav", "--pattern", "meta/{key}.{stream}.*")  # fmt: skip


def run(*arguments: object, code: int = 0) -> Result:
    """A command in this process, with the exit code that is expected."""
    result = CliRunner().invoke(cli, list(map(str, arguments)))
    error = result.exception
    came = 1 if isinstance(error, ManifestError) else result.exit_code
    assert came == code, (result.output, error)
    return result


def told(result: Result) -> str:
    """What a command has said, its error too."""
    return f"{result.output}{result.exception or ''}"


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder by name, less the records."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("records.jsonl", ".syncaug-parts.jsonl")
    }
