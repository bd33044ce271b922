"""An editor marks in the corpus what the compiler refuses, and offers what may be written.

With the real yaml-language-server of npm, which Node.js runs; it is put into `build/editor` once.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.policies.corpus import INVALID, VALID, problems_of
from tests.policies.language_server import LanguageServer
from tests.policies.test_schema_agrees import of_form
from tests.programs import lacking, program

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "editor"
PACKAGE = "yaml-language-server@1.25.0"
SCHEMA = ROOT / "schemas" / "policy.schema.json"
ANOTHER_LINE = {"draw_as_list": "we point at the key of a list, and the server at its first entry"}
"""Where both complain of one thing in two places, and why."""

START = """\
syncaug: 1
sample:
  image: image
  caption: {modality: text, describes: image}
"""
STEP = f"{START}steps:\n  - name: turn\n"
pytestmark = pytest.mark.editor


@pytest.fixture(scope="module")
def server() -> Iterator[LanguageServer]:
    npm = program("npm")
    started_by = FOLDER / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    if not started_by.exists():
        fresh = FOLDER.with_name(f"editor.{os.getpid()}")  # two workers may come here at once
        fresh.mkdir(parents=True, exist_ok=True)
        options = ["--no-audit", "--no-fund", "--silent", "--prefix", str(fresh)]
        command = [npm, "install", *options, PACKAGE]
        done = subprocess.run(command, check=False, timeout=120, capture_output=True, text=True)
        if done.returncode:
            shutil.rmtree(fresh)
            lacking("npm", f"it cannot install {PACKAGE}: {done.stderr.strip()[:200]}")
        try:
            fresh.rename(FOLDER)
        except OSError:
            shutil.rmtree(fresh)
    with LanguageServer(started_by, SCHEMA) as started:
        yield started


def test_nothing_is_marked_in_a_valid_policy(server: LanguageServer) -> None:
    paths = [path for path in VALID if path.suffix == ".yaml"]
    marked = server.diagnostics([path.read_text(encoding="utf-8") for path in paths])
    assert {path.stem: marks for path, marks in zip(paths, marked, strict=True) if marks} == {}


def test_what_has_no_form_is_marked_in_its_line(server: LanguageServer) -> None:
    paths = of_form()
    assert len(paths) > 100
    marked = server.diagnostics([path.read_text(encoding="utf-8") for path in paths])
    elsewhere = set()
    for path, marks in zip(paths, marked, strict=True):
        assert marks, path
        _, problems = problems_of(path)
        ours = {p.position.line for p in problems if p.code.startswith("SA2")}
        if ours.isdisjoint(mark.line for mark in marks):
            elsewhere.add(path.stem)
    assert elsewhere == set(ANOTHER_LINE)


def test_an_unknown_name_is_marked(server: LanguageServer) -> None:
    paths = [p for p in INVALID if p.stem.startswith(("transform_", "parameter_", "check_unkn"))]
    marked = server.diagnostics([path.read_text(encoding="utf-8") for path in paths])
    assert len(paths) > 15
    assert all(marked), [p.stem for p, marks in zip(paths, marked, strict=True) if not marks]


@pytest.mark.parametrize(
    ("text", "offered", "not_offered"),
    [
        (START + "st|", {"steps", "checks", "draw", "on_fail"}, {"sample", "uses"}),
        ("syncaug: 1\nsample:\n  image: |\n", {"image", "boxes", "points"}, {"modality"}),
        ("syncaug: 1\nsample:\n  image:\n    |\nsteps: []\n", {"modality"}, {"uses"}),
        (
            "syncaug: 1\nsample:\n  boxes:\n    modality: boxes\n    |\nsteps: []\n",
            {"format", "labels", "outside", "plane"},
            {"sample_rate", "modality"},
        ),
        (f"{STEP}    |", {"uses", "apply", "with", "p", "when", "draw", "one_of"}, {"name"}),
        (f"{STEP}    uses: flpi|", {"flip", "rotate"}, {"uses"}),
        (f"{STEP}    uses: rotate\n    |", {"with", "p", "when", "draw"}, {"apply", "count"}),
        (f"{STEP}    uses: rotate\n    with:\n      |", {"degrees", "expand", "words"}, {"factor"}),
        (
            f"{STEP}    uses: rotate\n    with:\n      degrees:\n        |",
            {"uniform", "choice", "from", "expr"},
            {"degrees"},
        ),
        (f"{STEP}    uses: flip\n    with:\n      axis: |", {"horizontal", "both"}, {"axis"}),
        (
            f"{STEP}    apply:\n      image:\n        op: albumentations.Gauss|",
            {"albumentations.GaussNoise", "albumentations.GaussianBlur"},
            {"flip"},
        ),
        (
            f"{STEP}    apply:\n      image:\n        op: albumentations.GaussNoise\n        |",
            {"std_range", "per_channel"},
            {"op"},
        ),
        (f"{START}draw:\n  hue:\n    |\nsteps: []\n", {"uniform", "normal", "choice"}, {"from"}),
        (f"{STEP}    uses: flip\n    when:\n      |", {"present", "absent", "var"}, {"uses"}),
        (f"{STEP}    one_of:\n      - name: b\n        |", {"uses", "weight", "p"}, {"name"}),
        (f"{START}steps: []\nchecks:\n  - |", {"colour_words", "boxes_visible"}, {"flip"}),
        (f"{START}steps: []\non_fail:\n  then: |", {"neutral", "drop"}, {"retry"}),
    ],
)
def test_what_is_offered(
    server: LanguageServer, text: str, offered: set[str], not_offered: set[str]
) -> None:
    found = set(server.completions(text))
    assert offered <= found
    assert not_offered.isdisjoint(found)
