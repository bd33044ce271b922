"""Records that were changed in one place: each gives the same result or a RecordError, no third.

Half of them go through `policy.replay`, the others through `syncaug replay`, after which nothing
outside of its `--out` may be another than before.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from syncaug import DROPPED, RecordError, RecordWarning, load_policy
from syncaug.record.seal import seal_of
from tools.fuzz.changes import change, change_text
from tools.fuzz.outcomes import Tally, tried

__all__ = ["run"]

POLICIES = {
    "choices": """
syncaug: 1
sample: {image: image, other: image, caption: {modality: text, describes: image}}
draw: {level: {uniform: [0.2, 0.8]}}
steps:
  - {name: turn, uses: rotate, with: {degrees: [-10, 10]}, p: 0.9}
  - name: pick
    some_of:
      count: 2
      steps:
        - {name: dim, uses: light, with: {value: [-0.4, -0.1]}}
        - {name: grain, uses: noise, with: {snr_db: [20, 30]}}
        - {name: window, uses: crop, with: {area: [0.6, 0.9]}}
  - {name: library, apply: {image: {op: albumentations.GaussNoise, std_range: {from: level}}}}
on_fail: {retry: 2, then: drop}
""",
    "constant": """
syncaug: 1
sample: {image: image}
steps: [{name: grain, uses: noise, with: {snr_db: 10}}]
""",
    "shrinking": """
syncaug: 1
sample: {image: image, boxes: {modality: boxes, labels: classes}}
steps: [{name: away, uses: translate, with: {x: [0.5, 0.9]}}]
checks: [{boxes_visible: {min_area: 0.5}}]
on_fail: {shrink: 0.85, retry: 6, then: drop}
""",
    "mixing": """
syncaug: 1
sample: {image: image, label: {modality: label, classes: 3}}
steps: [{name: blend, uses: mixup, with: {share: [0.2, 0.5]}, partner: uniform}]
""",
}
SECRET = "correct horse battery staple"
SETTINGS = [("choices", ""), ("choices", "independent"), ("constant", ""), ("shrinking", "")]
SETTINGS += [("mixing", "")]


@dataclass(frozen=True)
class Base:
    """A record as it was written, what it was made from, and what it gives."""

    policy: Any
    sample: dict[str, Any]
    partner: dict[str, Any] | None
    text: str
    result: Any


def run(seed: int, count: int, processes: int) -> Tally:
    """Try `count` changed records."""
    chunk = 500
    starts = range(0, count, chunk)
    work = partial(_chunk, seed)
    ranges = [(start, min(count, start + chunk)) for start in starts]
    total = Tally()
    if processes < 2:
        tallies: Iterator[Tally] = map(work, ranges)
        for tally in tallies:
            total += tally
        return total
    with ProcessPoolExecutor(processes) as pool:
        for tally in pool.map(work, ranges):
            total += tally
    return total


def _chunk(seed: int, numbers: tuple[int, int]) -> Tally:
    """The cases of these numbers, in a folder of their own."""
    with tempfile.TemporaryDirectory(prefix="syncaug-fuzz-") as name:
        folder = _files(Path(name))
        return tried(_cases(seed, range(*numbers)), partial(_outcome, folder))


def _cases(seed: int, numbers: range) -> Iterator[tuple[str, tuple[int, str, str]]]:
    """(name, (base, record, way)) of each number; `way` is python or command."""
    for number in numbers:
        draw = random.Random(f"{seed}/{number}")
        way = "python" if number % 2 == 0 else "command"
        texts = [base.text for base in bases()] if way == "python" else commanded()
        base = draw.randrange(len(texts))
        text, what = _changed(texts[base], draw)
        yield f"{number} {way} {base}: {what}", (base, text, way)


def _changed(text: str, draw: random.Random) -> tuple[str, str]:
    """A record with one change, and the words for it."""
    kind = draw.random()
    if kind < 0.1:
        return change_text(text, draw)
    data = json.loads(text)
    if kind < 0.3:  # as a forger would, who seals what he has changed; addresses are his to choose
        part = draw.choice(["steps", "variables"]) if data["draw"]["variables"] else "steps"
        data["draw"], what = change(data["draw"], draw, only=part, least=1e-9)
        with contextlib.suppress(Exception):
            data["seal"] = seal_of(data)
        return json.dumps(data), f"sealed, draw.{what}"
    only = draw.choice(["", "", "source", "draw", "policy"])
    data, what = change(data, draw, only=only)
    return json.dumps(data), what


def _outcome(folder: Path, case: tuple[int, str, str]) -> str:
    base, text, way = case
    return _by_python(bases()[base], text) if way == "python" else _by_command(folder, text)


def _by_python(base: Base, text: str) -> str:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            again = base.policy.replay(base.sample, text, partner=base.partner)
        except RecordError:
            return "RecordError"
    if not _equal(again, base.result):
        raise AssertionError("other bytes")
    other = any(issubclass(item.category, RecordWarning) for item in said)
    return "the same bytes, a warning of another engine" if other else "the same bytes"


def _by_command(folder: Path, text: str) -> str:
    """What `syncaug replay --out` makes of it, where nothing else may change."""
    from syncaug.cli.replay import command

    again, record = folder / "again", folder / "out" / "changed.jsonl"
    shutil.rmtree(again, ignore_errors=True)
    record.write_bytes(text.encode("utf-8", "surrogatepass") + b"\n")
    before = _state(folder)
    out, err = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            command.main([str(record), "--out", str(again)], standalone_mode=False)
        came = "command: written"
    except RecordError as error:
        came, said = "command: RecordError", str(error)
        if not said.startswith(f"{record}") or SECRET in said:
            raise AssertionError(f"no place, or too much, in {said}") from error
    assert _state(folder) == before, "files beside --out changed"
    for path in again.rglob("*.png"):
        twin = folder / "out" / path.relative_to(again)
        assert twin.is_file(), f"{path.relative_to(again)} is new"
        assert twin.read_bytes() == path.read_bytes(), "other bytes"
    return came


def _state(folder: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and folder / "again" not in path.parents
    }


# What the records were made from ------------------------------------------------------------------


@cache
def bases() -> tuple[Base, ...]:
    """Records of `policy.apply`, made once in each process."""
    found = []
    for name, sync in SETTINGS:
        policy = load_policy(POLICIES[name], seed=11)
        if sync:
            policy = policy.with_sync(sync)
        sample, other = _sample(policy, 5), _sample(policy, 6)
        key: str | int = "k" if name != "shrinking" else _shrunken(policy, sample)
        partner = other if name == "mixing" else None
        given = {} if partner is None else {"partner": partner, "partner_key": "other"}
        out, record = policy.apply(sample, key=key, epoch=2, **given)
        found.append(Base(policy, sample, partner, record.to_json(), out))
    return tuple(found)


def _shrunken(policy: Any, sample: Any) -> int:
    """A key whose record has several attempts."""
    return next(k for k in range(100) if len(policy.apply(sample, key=k)[1].attempts) > 2)


def _sample(policy: Any, seed: int) -> dict[str, Any]:
    generator = np.random.default_rng(seed)
    streams = {
        "image": generator.integers(0, 256, (24, 32, 3), dtype=np.uint8),
        "other": generator.integers(0, 256, (24, 32, 3), dtype=np.uint8),
        "caption": "A dog on a lawn.",
        "boxes": [[5.0, 5.0, 20.0, 20.0]],
        "classes": ["dog"],
        "label": seed % 3,
    }
    names = {stream.name for stream in policy.plan.streams}
    names |= {stream.options.get("labels") for stream in policy.plan.streams}
    return {name: value for name, value in streams.items() if name in names}


@cache
def commanded() -> tuple[str, ...]:
    """Records of `syncaug apply`, made once in each process; the same as in every folder."""
    with tempfile.TemporaryDirectory(prefix="syncaug-fuzz-") as name:
        text = (_files(Path(name)) / "out" / "records.jsonl").read_text(encoding="utf-8")
    return tuple(text.rstrip("\n").split("\n"))


def _files(folder: Path) -> Path:
    """Data, what `apply` makes of them, and a file that is nobody's business."""
    from syncaug.cli.apply import command
    from syncaug.io.pictures import write_image

    (folder / "data").mkdir()
    (folder / "victim" / "0").mkdir(parents=True)
    (folder / "victim" / "0" / "precious.txt").write_text(SECRET)
    policy = load_policy(POLICIES["mixing"])
    lines = []
    for number in range(3):
        picture = _sample(policy, number)["image"]
        image = write_image(folder / "data", f"p{number}", picture, {})
        lines.append(json.dumps({"key": f"k{number}", "image": image, "label": number}) + "\n")
    (folder / "data" / "m.jsonl").write_text("".join(lines))
    (folder / "policy.yaml").write_text(POLICIES["mixing"])
    arguments = [str(folder / "policy.yaml"), "--manifest", str(folder / "data" / "m.jsonl")]
    with contextlib.redirect_stdout(io.StringIO()):
        command.main([*arguments, "--out", str(folder / "out")], standalone_mode=False)
    return folder


def _equal(one: Any, other: Any) -> bool:
    if one is DROPPED or other is DROPPED:
        return one is other
    return one.keys() == other.keys() and all(
        np.array_equal(np.asarray(one[name]), np.asarray(other[name])) for name in one
    )
