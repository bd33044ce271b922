"""`syncaug apply` on a manifest whose captions are lists, strings, null and missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from syncaug.cli import cli
from syncaug.io.pictures import write_image

CAPTIONS = ["A dog on the left.", "", "a cat right of a dog"]
PHRASES = [["A dog", None], [None, None], ["a dog", "a cat"]]
BASE = {"image": "a.png", "boxes": [[1, 1, 20, 20], [30, 5, 50, 30]]}
LINES: list[dict[str, Any]] = [
    {"key": "list", **BASE, "caption": CAPTIONS, "phrases": PHRASES},
    {"key": "string", **BASE, "caption": CAPTIONS[0], "phrases": PHRASES[0]},
    {"key": "null", **BASE, "caption": None, "phrases": None},
    {"key": "missing", **BASE},
    {"key": "empty", **BASE, "caption": "", "phrases": [None, None]},
]


def run(*arguments: object) -> Any:
    done = CliRunner().invoke(cli, list(map(str, arguments)))
    assert done.exit_code == 0, (done.output, done.exception)
    return done


@pytest.mark.parametrize("choose", ["", ", choose: one"])
def test_apply_and_replay(tmp_path: Path, choose: str) -> None:
    write_image(tmp_path, "a", np.full((40, 60, 3), 90, np.uint8), {})
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in LINES))
    (tmp_path / "policy.yaml").write_text(
        "syncaug: 1\nsample:\n  image: image\n  boxes: boxes\n"
        f"  caption: {{modality: text, describes: image, optional: true{choose}}}\n"
        "  phrases: {modality: phrases, boxes: boxes, text: caption, optional: true}\n"
        "steps: [{name: mirror, uses: flip}]\n"
    )
    policy, out = tmp_path / "policy.yaml", tmp_path / "out"
    run("apply", policy, "--manifest", tmp_path / "in.jsonl", "--out", out)
    rows = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    written = {row["key"]: (row.get("caption", ...), row.get("phrases", ...)) for row in rows}
    records = [json.loads(line) for line in (out / "records.jsonl").read_text().splitlines()]
    mirrored = ["A dog on the right.", "", "a cat left of a dog"]
    if choose:
        place = records[0]["notes"]["caption"]["chosen"]
        assert written["list"] == (mirrored[place], PHRASES[place])
    else:
        assert written["list"] == (mirrored, PHRASES)
    assert written["string"] == (mirrored[0], PHRASES[0])
    assert written["null"] == (None, None)
    assert written["missing"] == (..., ...)
    assert written["empty"] == ("", [None, None])
    verified = run("replay", out / "records.jsonl", "--verify")
    assert "replayed: 5, differing: []" in verified.output
    assert ("(one of a list)" in run("explain", policy).output) == bool(choose)
