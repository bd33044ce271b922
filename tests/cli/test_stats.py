"""`syncaug stats`: tables, JSON and the page, of files as runs and kills leave them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from syncaug import load_policy
from syncaug.cli import cli
from syncaug.errors import RecordError

POLICY = """
syncaug: 1
name: told
sample: {image: image, boxes: {modality: boxes, labels: classes}}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: away, uses: translate, with: {x: [-0.8, 0.8], y: 0}}
checks: [{boxes_visible: {min_area: 0.5}}]
on_fail: {retry: 4, then: drop}
"""


@pytest.fixture(scope="module")
def lines() -> list[str]:
    policy = load_policy(POLICY)
    sample = {
        "image": np.full((16, 16, 3), 100, np.uint8),
        "boxes": [[5.0, 5.0, 11.0, 11.0]],
        "classes": ["<b>"],
    }
    return [policy.apply(sample, key=f"k{n}")[1].to_json() for n in range(150)]


def written(folder: Path, lines: list[str], end: str = "\n") -> Path:
    path = folder / "records.jsonl"
    path.write_text("\n".join(lines) + end, encoding="utf-8")
    return path


def stats(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["stats", *map(str, arguments)])


def test_the_tables_and_the_page(tmp_path: Path, lines: list[str]) -> None:
    page = tmp_path / "deep" / "summary.html"
    done = stats(written(tmp_path, lines), "--html", page)
    assert done.exit_code == 0, done.output
    assert "policy told" in done.stdout
    assert "150 results of 150 samples, epoch 0" in done.stdout
    assert re.search(r"^mirror +\d+ +\d+ +\d+\.\d% +0.5", done.stdout, re.MULTILINE)
    assert re.search(r"^away\.x +-0\.8 to 0\.8 +\d+", done.stdout, re.MULTILINE)
    assert "away.y" not in done.stdout  # a constant
    assert "refused by check boxes_visible" in done.stdout
    text = " ".join(done.stdout.split())
    assert "warning: policy 'told': refusals have skewed what it draws: away.x" in text
    html = page.read_text("utf-8")
    assert "<svg" in html
    assert "away.x" in html
    assert not re.search(r"(?:src|href)=\"(?!#|data:)", html)
    assert "url(" not in html


def test_json_holds_the_numbers_and_no_policy_is_mixed_with_another(
    tmp_path: Path, lines: list[str]
) -> None:
    whole, half = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    whole.write_text("\n".join(lines[:100]) + "\n", "utf-8")
    half.write_text("\n".join(lines[100:]) + "\n", "utf-8")
    together = json.loads(stats(whole, half, "--format", "json").stdout)
    alone = json.loads(stats(written(tmp_path, lines), "--format", "json").stdout)
    assert together == alone
    (policy,) = alone["policies"]
    away = next(draw for draw in policy["draws"] if draw["draw"] == "away.x")
    assert sum(count for *_, count in away["bins"]) == away["count"]
    assert away["quantiles"]["0.05"] < away["mean"] < away["quantiles"]["0.95"]


def test_a_torn_last_line_is_left_out_and_a_torn_line_before_is_refused(
    tmp_path: Path, lines: list[str]
) -> None:
    torn = stats(written(tmp_path, [*lines[:3], lines[3][:200]], end=""), "--format", "json")
    assert torn.exit_code == 0
    assert json.loads(torn.stdout)["records"] == 3
    assert "records.jsonl:4: the last line breaks off" in torn.stderr
    whole = stats(written(tmp_path, lines[:4], end=""), "--format", "json")
    assert json.loads(whole.stdout)["records"] == 4
    assert whole.stderr == ""
    before = stats(written(tmp_path, [lines[0], lines[1][:200], lines[2]]))
    assert isinstance(before.exception, RecordError)
    assert "records.jsonl:2: expected a record" in str(before.exception)


def test_records_of_earlier_versions_are_summarized() -> None:
    earlier = Path(__file__).parent.parent / "record" / "engine_1.jsonl"
    done = stats(earlier, "--format", "json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["records"] == len(earlier.read_text("utf-8").splitlines())


def test_what_is_refused(tmp_path: Path, lines: list[str]) -> None:
    path = written(tmp_path, lines[:2])
    policy = tmp_path / "p.yaml"
    policy.write_text(POLICY.replace("0.8, 0.8", "0.1, 0.1"), "utf-8")
    other = stats(path, "--policy", policy)
    assert isinstance(other.exception, RecordError)
    assert "records.jsonl:1: fingerprint: expected" in str(other.exception)
    assert "Leave out --policy" in str(other.exception)
    policy.write_text(POLICY, "utf-8")
    assert stats(path, "--policy", policy).exit_code == 0
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n", "utf-8")
    assert "there is none" in str(stats(empty).exception)
    assert "expected a file of records" in str(stats(tmp_path / "no.jsonl").exception)
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text('{"key": "a", "image": "a.png"}\n', "utf-8")
    assert "manifest.jsonl:1: expected a record" in str(stats(manifest).exception)


def test_a_folder_stands_for_the_records_in_it(tmp_path: Path, lines: list[str]) -> None:
    file = written(tmp_path, lines)
    done = stats(tmp_path, "--format", "json")
    assert done.exit_code == 0
    assert done.stderr == f"{tmp_path}: a folder, of which records.jsonl is read\n"
    assert json.loads(done.stdout) == json.loads(stats(file, "--format", "json").stdout)
    file.unlink()
    refused = stats(tmp_path)
    assert refused.exit_code == 1
    assert "got a folder without records.jsonl. `syncaug apply --out" in str(refused.exception)


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path, lines: list[str]) -> None:
    path = written(tmp_path, lines)
    again = tmp_path / "link.jsonl"
    again.symlink_to(path)
    result = stats(path, again, path.parent / "." / path.name, "--format", "json")
    assert json.loads(result.stdout)["records"] == len(lines)
    assert f"{again}: named twice, and read once" in result.stderr


@pytest.fixture
def data(tmp_path: Path) -> tuple[Path, Path]:
    """A policy that refuses and its manifest of eight samples, one of which cannot be read."""
    policy = tmp_path / "p.yaml"
    policy.write_text(POLICY, "utf-8")
    np.save(tmp_path / "grey.npy", np.full((16, 16, 3), 100, np.uint8))
    rows = [
        {"key": f"k{n}", "image": "grey.npy", "boxes": [[5, 5, 11, 11]], "classes": ["dog"]}
        for n in range(8)
    ]
    rows[3]["image"] = "nowhere.npy"
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return policy, manifest


def apply(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["apply", *map(str, arguments)])


def test_a_run_tells_its_summary(tmp_path: Path, data: tuple[Path, Path]) -> None:
    policy, manifest = data
    out, summary = tmp_path / "out", tmp_path / "s.json"
    given = [policy, "--manifest", manifest, "--out", out, "--variants", 4]
    done = apply(*given, "--on-error", "skip", "--summary", summary)
    assert done.exit_code == 1  # one sample was skipped
    assert re.search(r"^\d+ of \d+ draws refused: check boxes_visible \d+$", done.stderr, re.M)
    told = json.loads(summary.read_text("utf-8"))
    assert told["records"] == 28
    assert told["skipped"]["count"] == 1
    assert "nowhere.npy" in told["skipped"]["reasons"][0]
    again = json.loads(stats(out / "records.jsonl", "--format", "json").stdout)
    assert told["policies"] == again["policies"]


def test_a_run_that_goes_on_counts_what_was_done_before(
    tmp_path: Path, data: tuple[Path, Path]
) -> None:
    policy, manifest = data
    out, page = tmp_path / "out", tmp_path / "s.html"
    given = [policy, "--manifest", manifest, "--out", out, "--variants", 4]
    assert apply(*given).exit_code == 1  # it stops at the fourth sample
    np.save(tmp_path / "nowhere.npy", np.full((16, 16, 3), 90, np.uint8))
    done = apply(*given, "--resume", "--summary", page)
    assert done.exit_code == 0, done.output
    assert "<b>32</b> results" in page.read_text("utf-8")


def test_a_run_without_refusals_says_no_more_than_before(
    tmp_path: Path, data: tuple[Path, Path]
) -> None:
    policy, manifest = data
    policy.write_text(POLICY.replace("min_area: 0.5", "min_area: 0.0"), "utf-8")
    np.save(tmp_path / "nowhere.npy", np.full((16, 16, 3), 90, np.uint8))
    done = apply(policy, "--manifest", manifest, "--out", tmp_path / "out")
    assert done.exit_code == 0
    assert done.stderr == ""
    assert done.stdout.endswith("out: 8 accepted\n")
    wrong = apply(policy, "--manifest", manifest, "--out", tmp_path / "o", "--summary", "s.txt")
    assert wrong.exit_code == 2
    assert "expected a file that ends in .json or .html" in wrong.stderr
