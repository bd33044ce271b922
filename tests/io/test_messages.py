"""Conversations in manifests: inline, as JSON, as JSON lines, and out again; the first policy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from syncaug import load_policy
from syncaug.errors import ManifestError
from syncaug.io.manifest import read_manifest
from syncaug.io.streams import load_sample
from tests.samples import DATA, pets

POLICY = """
syncaug: 1
sample:
  first: {modality: image, plane: first}
  second: {modality: image, plane: second}
  chat: {modality: messages, pictures: [first, second], coordinates: pixels}
steps: [{name: mirror, uses: flip}]
"""


ASKED = "Who is on the left?"


def chat() -> list[dict[str, Any]]:
    """A question about each of the two photos, answered with a box and a side."""
    turns: list[dict[str, Any]] = []
    for number, photo in enumerate(pets().values(), start=1):
        box = [round(edge) for edge in photo["boxes"][0]]
        said = f"In image {number}: {json.dumps({'bbox_2d': box, 'label': photo['classes'][0]})}"
        turns += [
            {
                "role": "user",
                "content": [{"type": "image"}, {"type": "text", "text": "Who is on the left?"}],
            },
            {"role": "assistant", "content": said},
        ]
    return turns


@pytest.fixture(params=["inline", "json", "jsonl"])
def manifest(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    names = list(pets())
    value: Any = chat()
    if request.param == "json":
        (tmp_path / "chat.json").write_text(json.dumps(value), encoding="utf-8")
        value = "chat.json"
    elif request.param == "jsonl":
        lines = "".join(json.dumps(turn) + "\n" for turn in value)
        (tmp_path / "chat.jsonl").write_text(lines, encoding="utf-8")
        value = "chat.jsonl"
    for name in names:
        (tmp_path / name).write_bytes((DATA / "pets" / name).read_bytes())
    line = {"key": "pets", "first": names[0], "second": names[1], "chat": value}
    path = tmp_path / "chats.jsonl"
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    return path


def run(*arguments: str | Path) -> str:
    """What a command prints, which succeeds."""
    done = subprocess.run(
        [sys.executable, "-m", "syncaug", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_two_photos_with_boxes_in_the_answers_go_through_files(manifest: Path) -> None:
    out = manifest.parent / "out"
    policy = manifest.parent / "policy.yaml"
    html = manifest.parent / "page.html"
    run("apply", policy, "--manifest", manifest, "--out", out, "--html", html)
    streams = {stream.name: stream for stream in load_policy(policy).plan.streams}
    (entry,) = read_manifest(out / "manifest.jsonl")
    turns = load_sample(entry, streams)["chat"]
    for turn, before, photo in zip(turns[1::2], chat()[1::2], pets().values(), strict=True):
        width = photo["image"].shape[1]
        found = json.loads(turn["content"].split(": ", 1)[1])
        left, top, right, bottom = json.loads(before["content"].split(": ", 1)[1])["bbox_2d"]
        assert found["bbox_2d"] == [width - right, top, width - left, bottom]
    assert [turn["content"][1]["text"] for turn in turns[::2]] == ["Who is on the right?"] * 2
    assert "Who is" in html.read_text("utf-8")


def test_damaged_lines_are_told(tmp_path: Path) -> None:
    (tmp_path / "chat.jsonl").write_text('{"role": "user"}\n{oh\n', encoding="utf-8")
    Image.new("RGB", (8, 6)).save(tmp_path / "a.png")
    line = {"key": "k", "first": "a.png", "second": "a.png", "chat": "chat.jsonl"}
    (tmp_path / "m.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    streams = {s.name: s for s in load_policy(POLICY).plan.streams}
    (entry,) = read_manifest(tmp_path / "m.jsonl")
    with pytest.raises(ManifestError, match="chat.jsonl, line 2 of which is not JSON"):
        load_sample(entry, streams)


@pytest.mark.parametrize("manifest", ["inline"], indirect=True)
def test_a_first_policy_finds_conversations(manifest: Path) -> None:
    (declared,) = [line for line in run("init", manifest).splitlines() if "messages" in line]
    assert "pictures: [first, second]" in declared
