"""Damaged manifests through `apply --on-error skip`, in this process.

A manifest has good lines around a damaged one. Whatever is wrong with it, the good ones come out
whole, the others are reported, and nothing in the folder belongs to no record.
"""

from __future__ import annotations

import io
import json
import os
import random
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tools.fuzz.outcomes import Tally, tried

__all__ = ["damaged", "outcome_of", "run"]

POLICY = """syncaug: 1
sample:
  image: image
  mask: {modality: mask, optional: true}
  boxes: {modality: boxes, labels: [classes, ids]}
  spots: {modality: keypoints, optional: true}
  phrases: {modality: phrases, boxes: boxes, optional: true}
  caption: {modality: text, describes: image}
  said: {modality: timed_text, optional: true}
  sound: {modality: audio, optional: true}
  cloud: {modality: points, optional: true}
  solids: {modality: boxes3d, labels: kinds, optional: true}
  sensor: {modality: imu, optional: true}
  camera: {modality: camera, optional: true}
  kind: {modality: label, classes: 4, optional: true}
  row: {modality: tabular, optional: true}
  vector: {modality: embedding, optional: true}
untouched: [note]
steps:
  - {name: mirror, uses: flip, p: 0.5, with: {world: keep}}
  - {name: later, uses: time_shift, with: {seconds: [0.0, 0.1]}, p: 0.3}
"""

GOOD: dict[str, Any] = {
    "key": "k/1",
    "epoch": 0,
    "image": "a.png",
    "boxes": [[1, 1, 5, 5], [2, 2, 8, 7]],
    "classes": ["cat", "dog"],
    "ids": [7, 9],
    "spots": [[2.0, 3.0, 2], [4.0, 4.0, 1]],
    "caption": "a cat beside a dog",
    "said": [{"start": 0.0, "end": 1.0, "text": "hello"}],
    "cloud": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.5]],
    "solids": [[1.0, 2.0, 3.0, 1.0, 1.0, 1.0, 0.1]],
    "kinds": ["car"],
    "camera": {"K": [[10, 0, 6], [0, 10, 4], [0, 0, 1]], "size": [12, 9]},
    "kind": 2,
    "row": [3.0, 4.5],
    "vector": [0.5, 0.25],
    "note": {"free": [1, 2, {"deep": None}], "text": "grün"},
}
"""A line with a value for every modality that can stand inline."""

ODD: tuple[str, ...] = (
    "null", "true", "false", "0", "-1", "1e999", "-1e999", "NaN", "Infinity", "1e308", "1e-400",
    "9" * 20, "9" * 400, "9" * 10_000, "-" + "9" * 4_300, "0.1", '""', '"x"', '"\\u0000"',
    '"\\ud800"', '"a\\udfffb"', '"\\ud83d\\ude00"', '"' + "a" * 5_000 + '"', '"../../a.png"',
    '"/etc/passwd"', '"/dev/zero"', '"/dev/stdin"', '"pipe"', '"."', '"none.png"', '"a.txt"',
    '"a\\u2028b"', '"\\r\\n"', "[]", "{}", "[[]]", "[[[[]]]]", "[null]", "[true]", '["x"]',
    "[[1]]", "[[1,2,3,4,5]]", "[[1,2,3,4],[1,2]]", '[["a","b","c","d"]]', "[[1e999,0,1,1]]",
    "[[" + "9" * 400 + ",0,1,1]]", "[1e308,1e308]", '{"path":"a.png"}', '{"path":null}',
    '{"path":"a.png","track":-1}', '{"path":"a.png","track":1e9}', '{"path":["a"]}',
    '{"path":"\\ud800"}', '{"path":"pipe","track":0}', '{"start":0}',
    '[{"start":1e999,"end":2,"text":"x"}]', '[{"start":2,"end":1,"text":"x"}]',
    '[{"start":"0","end":1,"text":"x"}]', '[{"start":0,"end":1}]', '[{"start":0,"end":1,"text":5}]',
    '{"array":[1,2],"sampling_rate":0}', '{"K":5}', '{"K":[[1,2],[3,4]],"size":"x"}',
    "[" * 50 + "]" * 50, "[" * 150 + "]" * 150, "[" * 100_000 + "]" * 100_000,
    '{"a":' * 99 + "1" + "}" * 99, '{"a":' * 2_000 + "1" + "}" * 2_000, '{"a":1,"a":2}',
    "[" * 100_000, "{", '"', "[1,", "01", "+1", ".5", "1.", "--1", "'x'", "undefined", "0x10",
)  # fmt: skip
"""Values as text, most of which no stream takes and some of which no JSON has."""

BYTES = (b"\xff", b"\xc3", b"\0", b"\x0b", b"\r", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"\xed\xa0\x80")


def run(seed: int, count: int, processes: int) -> Tally:
    """Try so many manifests; the same for the same seed, however many processes share them."""
    shares = [(seed, first, count, processes) for first in range(processes)]
    total = Tally()
    if processes == 1:
        total += _share(shares[0])
        return total
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for tally in pool.map(_share, shares):
            total += tally
    return total


def _share(share: tuple[int, int, int, int]) -> Tally:
    seed, first, count, step = share
    with tempfile.TemporaryDirectory() as folder:
        _prepare(Path(folder))
        cases = ((f"{seed}/{n}", damaged(seed, n)) for n in range(first, count, step))
        return tried(cases, partial(outcome_of, Path(folder)))


def damaged(seed: int, number: int) -> bytes:
    """One manifest: a good line, a damaged one, and another good one."""
    chance = random.Random(f"{seed}/{number}")
    kind = chance.choice(_KINDS)
    line = kind(chance)
    if b"\n" in line:
        line = line.replace(b"\n", b" ")
    return b"\n".join([_good("first"), line, _good("last"), b""])


def outcome_of(folder: Path, manifest: bytes) -> str:
    """Apply it; what came of the damaged line. Raises AssertionError for what may not come."""
    from syncaug.cli import cli

    (folder / "m.jsonl").write_bytes(manifest)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        out = Path(place) / "out"
        given = ["apply", folder / "p.yaml", "--manifest", folder / "m.jsonl", "--out", out]
        given += ["--on-error", "skip", "--format", "json", "--variants", "2"]
        text, errors = io.StringIO(), io.StringIO()
        with redirect_stdout(text), redirect_stderr(errors):
            code = cli.main([str(one) for one in given], standalone_mode=False)
        told = json.loads(text.getvalue())
        text.getvalue().encode()
        _check(out, told)
        made, skipped = sum(told["outcomes"].values()), len(told["skipped"])
        assert code == (1 if skipped else None), f"exit code {code}"
        assert not any("bug of ours" in error for error in told["skipped"]), told["skipped"]
        assert (made, skipped) in ((6, 0), (4, 1), (5, 1), (4, 0)), (told["outcomes"], skipped)
        return "skipped" if skipped else "done" if made == 6 else "blank"


def _check(out: Path, told: dict[str, Any]) -> None:
    """Everything in the folder is whole and recorded, and both good samples are there."""
    from syncaug.io import read_manifest
    from syncaug.record import Record

    entries = list(read_manifest(out / "manifest.jsonl"))
    records = [
        Record.from_json(line) for line in (out / "records.jsonl").read_bytes().split(b"\n")[:-1]
    ]
    assert [entry.key for entry in entries] == [record.draw.key for record in records]
    assert len(records) == sum(told["outcomes"].values())
    keys = [entry.key for entry in entries]
    assert keys.count("first") == 2, keys
    assert keys.count("last") == 2, keys
    named = {
        str(value["path"] if isinstance(value, dict) and "path" in value else value)
        for entry in entries
        for value in entry.values.values()
        if isinstance(value, str | dict)
    }
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert there - named == {"manifest.jsonl", "records.jsonl"}, there - named
    folders = {path.relative_to(out).as_posix() for path in out.glob("*/*")}
    assert len(folders) == len(entries), "a folder that belongs to no line"


def _prepare(folder: Path) -> None:
    import numpy as np

    from syncaug.backends.codecs import encode_png

    picture = np.arange(9 * 12 * 3, dtype=np.uint8).reshape(9, 12, 3)
    (folder / "a.png").write_bytes(encode_png(picture))
    (folder / "a.txt").write_text("a text")
    (folder / "p.yaml").write_text(POLICY)
    os.mkfifo(folder / "pipe")


def _good(key: str) -> bytes:
    short = {name: GOOD[name] for name in ("image", "boxes", "classes", "ids", "caption")}
    return json.dumps({"key": key, **short}).encode()


def _text(chance: random.Random, **changed: str) -> str:
    """The good line with some values written as given, and a random choice of the optional ones."""
    kept = [
        name
        for name in GOOD
        if name in changed
        or name in ("key", "image", "boxes", "classes", "ids", "caption")
        or (chance.random() < 0.7 and name not in ("solids", "kinds"))
    ]
    parts = [f"{json.dumps(n)}: {changed.get(n) or json.dumps(GOOD[n])}" for n in kept]
    parts += [f"{json.dumps(n)}: {changed[n]}" for n in changed if n not in GOOD]
    return "{" + ", ".join(parts) + "}"


def _odd_value(chance: random.Random) -> bytes:
    return _text(chance, **{chance.choice(list(GOOD)): chance.choice(ODD)}).encode()


def _two_odd_values(chance: random.Random) -> bytes:
    names = chance.sample(list(GOOD), 2)
    return _text(chance, **{name: chance.choice(ODD) for name in names}).encode()


def _odd_inside(chance: random.Random) -> bytes:
    """One value somewhere inside of a stream is another."""
    line = _text(chance)
    data = json.loads(line)
    name = chance.choice([name for name in data if name not in ("key", "epoch")])
    places = list(_leaves(data[name], ()))
    if not places:
        return line.encode()
    place = chance.choice(places)
    mark = "@@here@@"
    data[name] = _replaced(data[name], place, mark)
    return json.dumps(data).replace(json.dumps(mark), chance.choice(ODD)).encode()


def _odd_key(chance: random.Random) -> bytes:
    """A stream of another name, or one that is missing."""
    data = json.loads(_text(chance))
    name = chance.choice(list(data))
    value = data.pop(name)
    if chance.random() < 0.7:
        data[chance.choice(["", "x", "Image", "path", "../x", "\ud800", "a\u2028", "0"])] = value
    return json.dumps(data).encode()


def _twice(chance: random.Random) -> bytes:
    line = _text(chance)
    name = chance.choice(list(json.loads(line)))
    return (line[:-1] + f", {json.dumps(name)}: {chance.choice(ODD)}}}").encode()


def _bytes(chance: random.Random) -> bytes:
    line = bytearray(_text(chance).encode())
    for _ in range(chance.choice([1, 1, 3])):
        place = chance.randrange(len(line) + 1)
        line[place:place] = chance.choice(BYTES)
    return bytes(line)


def _flipped(chance: random.Random) -> bytes:
    line = bytearray(_text(chance).encode())
    for _ in range(chance.choice([1, 1, 2, 8])):
        line[chance.randrange(len(line))] = chance.randrange(256)
    return bytes(line)


def _cut(chance: random.Random) -> bytes:
    line = _text(chance).encode()
    first, last = sorted(chance.choices(range(len(line) + 1), k=2))
    return chance.choice([line[:last], line[first:], line[:first] + line[last:]])


def _same_key(chance: random.Random) -> bytes:
    return _text(chance, key=chance.choice(['"first"', '"k"', "1", "-5", '"CON"', '"."'])).encode()


_KINDS: tuple[Callable[[random.Random], bytes], ...] = (
    _odd_value, _odd_value, _odd_value, _two_odd_values, _odd_inside, _odd_inside, _odd_key,
    _twice, _bytes, _flipped, _cut, _same_key,
)  # fmt: skip


def _leaves(value: Any, place: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*place, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _leaves(item, (*place, number))
    yield place


def _replaced(value: Any, place: tuple[Any, ...], other: Any) -> Any:
    if not place:
        return other
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = _replaced(copy[place[0]], place[1:], other)
    return copy
