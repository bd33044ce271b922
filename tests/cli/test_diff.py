"""`syncaug diff`: what changes in meaning, and that the draws which are said to stay do stay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from syncaug import load_policy
from syncaug.cli import cli

OLD = """\
syncaug: 1
name: old
sample: {image: image, sound: audio, caption: {modality: text, describes: image}}
draw: {strength: {uniform: [0, 1]}}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: tint, uses: colour, with: {hue: [-20, 20]}}
  - name: pick
    one_of:
      - {name: loud, uses: noise, with: {snr_db: 20}}
      - {name: late, uses: time_shift, with: {seconds: [0.0, 0.1]}}
checks: [colour_words]
"""

SPIN = "  - {name: spin, uses: rotate, with: {degrees: [-5, 5]}}\n"
CASES: dict[str, tuple[tuple[str, str], list[str]]] = {
    "a range": (
        ("[-20, 20]", "[-30, 30]"),
        [
            "steps.tint.with.hue: -20 to 20 -> -30 to 30",
            "1 draw the same random number over another range: tint.hue",
        ],
    ),
    "a chance": (("p: 0.5", "p: 0.3"), ["steps.mirror.p: 0.5 -> 0.3"]),
    "always": (("flip, p: 0.5", "flip"), ["steps.mirror.p: 0.5 -> 1", "1 are gone: mirror.p"]),
    "a step": (
        ("  - {name: tint", f"{SPIN}  - {{name: tint"),
        ["steps.spin: new, rotate", "1 are new: spin.degrees"],
    ),
    "a new name": (
        ("name: tint", "name: stain"),
        ["steps.tint: gone, was colour", "steps.stain: new, colour"],
    ),
    "an option": (
        ("describes: image", "describes: nothing"),
        ["caption.describes: image -> nothing", "steps.mirror no longer reaches caption (plane)"],
    ),
    "on_fail": (
        ("checks:", "on_fail: {retry: 3}\nchecks:"),
        ["on_fail: retry 0, then error -> retry 3"],
    ),
    "a check": (("[colour_words]", "[]"), ["checks.colour_words: gone"]),
    "the seed": (("name: old", "seed: 4"), ["seed: 0 -> 4", "every random number is another"]),
    "jitter": (
        ("hue: [-20, 20]}", "hue: [-20, 20]}, sync: {jitter: {image.hue: 3}}"),
        ["steps.tint.sync: strict -> jitter image.hue 3"],
    ),
    "another choice": (
        ("      - {name: late", "  - {name: late"),
        ["steps.late.inside: pick -> nothing"],
    ),
}


def diff(tmp_path: Path, new: str, *options: str) -> tuple[int, str]:
    (tmp_path / "old.yaml").write_text(OLD)
    (tmp_path / "new.yaml").write_text(new)
    names = [str(tmp_path / name) for name in ("old.yaml", "new.yaml")]
    found = CliRunner().invoke(cli, ["diff", *names, *options])
    return found.exit_code, found.output


@pytest.mark.parametrize("case", CASES)
def test_a_change_is_told(tmp_path: Path, case: str) -> None:
    (before, after), told = CASES[case]
    assert before in OLD
    code, output = diff(tmp_path, OLD.replace(before, after, 1))
    assert code == 1
    for line in told:
        assert line in output


def test_the_order_of_steps(tmp_path: Path) -> None:
    lines = OLD.splitlines(keepends=True)
    code, output = diff(tmp_path, "".join([*lines[:5], lines[6], lines[5], *lines[7:]]))
    assert code == 1
    assert "order of steps: mirror, tint, pick, loud, late -> tint, mirror, pick" in output
    assert "draw the same values: strength, tint.hue, mirror.p" in output


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name: old", "name: new\ndescription: other words"),
        ("uses: flip, p: 0.5", "p: 0.5, uses: flip, with: {axis: horizontal}"),
        ("[-20, 20]", "{uniform: [-20.0, 20.0]}"),
        ("steps:", "# a comment\nsteps:"),
    ],
)
def test_what_means_the_same(tmp_path: Path, before: str, after: str) -> None:
    code, output = diff(tmp_path, OLD.replace(before, after, 1))
    assert code == 0
    assert "mean the same" in output


def test_the_draws_that_stay_do_stay(tmp_path: Path) -> None:
    new = OLD.replace("[-20, 20]", "[-40, 40]").replace(
        "  - {name: tint",
        f"{SPIN}  - {{name: tint",
    )
    _, output = diff(tmp_path, new, "--format", "json")
    draws = json.loads(output)["draws"]
    assert draws["mapped"] == ["tint.hue"]
    assert draws["new"] == ["spin.degrees"]
    before, after = (load_policy(text) for text in (OLD, new))
    for key in range(20):
        values: list[dict[str, Any]] = [
            {step.name: step.parameters.get("*", {}) for step in policy.draw(key=key).steps}
            for policy in (before, after)
        ]
        old, now = values
        assert now["tint"]["hue"] == pytest.approx(2 * old["tint"]["hue"], abs=1e-9)
        assert now.get("mirror") == old.get("mirror")


def test_a_policy_that_cannot_be_loaded(tmp_path: Path) -> None:
    import subprocess
    import sys

    (tmp_path / "old.yaml").write_text(OLD)
    (tmp_path / "new.yaml").write_text(OLD.replace("uses: flip", "uses: flop"))
    found = subprocess.run(
        [sys.executable, "-m", "syncaug", "diff", "old.yaml", "new.yaml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1
    assert "SA302 unknown transform 'flop'" in found.stderr
    assert "Traceback" not in found.stderr
