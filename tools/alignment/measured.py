"""One measured line: the file, the policy, what was measured, and the bound to keep."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["DATA", "ROOT", "Line", "applied", "parameters_of"]

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = ROOT / "examples" / "data"


@dataclass(frozen=True, slots=True)
class Line:
    """A measure in `unit`, its bound, and over how many things it was taken."""

    file: str
    policy: str
    what: str
    value: float
    unit: str
    bound: float
    count: int

    @property
    def kept(self) -> bool:
        """Whether the measure keeps its bound, and whether there was anything to measure."""
        return self.count > 0 and self.value <= self.bound


def applied(
    policy: str,
    samples: Sequence[Mapping[str, Any]],
    folder: Path,
    *,
    variants: int,
    **options: str,
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """`syncaug apply` as a user calls it: the manifest lines of results and their records."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = folder / "samples.jsonl"
    manifest.write_text("".join(json.dumps(sample) + "\n" for sample in samples))
    out = folder / "out"
    command = [sys.executable, "-c", "from syncaug.cli import main; main()", "apply"]
    command += [str(ROOT / "policies" / f"{policy}.yaml"), "--manifest", str(manifest)]
    command += ["--out", str(out), "--variants", str(variants)]
    for name, value in options.items():
        command += [f"--{name.replace('_', '-')}", value]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if ran.returncode:
        raise RuntimeError(f"syncaug apply {policy} ended with {ran.returncode}:\n{ran.stderr}")
    lines = [_read(line, out) for line in _lines(out / "manifest.jsonl")]
    records = [json.loads(line) for line in _lines(out / "records.jsonl")]
    drawn = {(one["draw"]["key"], one["draw"]["epoch"]): one for one in records}
    return [(line, drawn[line["key"], line["epoch"]]) for line in lines]


def _lines(path: Path) -> list[str]:
    """JSON Lines are divided at line feeds only."""
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")


def _read(line: str, out: Path) -> dict[str, Any]:
    """A manifest line with its paths made whole."""
    values: dict[str, Any] = json.loads(line)
    for name, value in values.items():
        if isinstance(value, str) and (out / value).is_file():
            values[name] = out / value
    return values


def parameters_of(record: Mapping[str, Any], step: str) -> dict[str, Any] | None:
    """What a step drew for all its streams; None where it did not happen."""
    for one in record["draw"]["steps"]:
        if one["name"] == step:
            return dict(one["parameters"]["*"]) if one["applied"] else None
    raise KeyError(step)
