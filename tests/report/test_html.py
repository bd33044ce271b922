"""The page: what it holds, and that it needs nothing else."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syncaug import DROPPED, MissingExtraError, load_policy
from syncaug.report.html import render_report, write_report
from syncaug.report.result import Result

EVERYTHING = """
syncaug: 1
name: "all <b> of it"
description: Every kind of stream.
sample:
  front: {modality: image, plane: front}
  mask: {modality: mask, plane: front}
  depth: {modality: depth, plane: front}
  boxes: {modality: boxes, plane: front, format: yolo, labels: classes}
  face: {modality: keypoints, plane: front, names: [left_eye, right_eye]}
  dots: {modality: keypoints, plane: front, labels: dot_names}
  calib: {modality: camera, plane: front, world: ego}
  lidar: {modality: points, world: ego, columns: [x, y, z, intensity]}
  boxes3d: {modality: boxes3d, world: ego, labels: classes3d}
  loose: {modality: points, world: elsewhere}
  sound: {modality: audio, sample_rate: 8000}
  caption: {modality: text, describes: front}
  phrases: {modality: phrases, boxes: boxes, text: caption}
  count: {modality: label, optional: true}
steps:
  - {name: mirror, uses: flip, with: {axis: horizontal, world: x}}
  - {name: window, uses: crop, with: {area: 0.5, x: 0, y: 0.5}}
"""


def everything() -> dict[str, Any]:
    rng = np.random.default_rng(3)
    cloud = rng.uniform([-1, -1, 2, 0], [1, 1, 5, 1], (500, 4)).astype(np.float32)
    return {
        "front": rng.integers(0, 255, (48, 64, 3), np.uint8),
        "mask": rng.integers(0, 3, (48, 64), np.uint8),
        "depth": rng.uniform(0, 5, (48, 64)).astype(np.float32),
        "boxes": [[0.8, 0.5, 0.2, 0.2], [0.1, 0.1, 0.1, 0.1]],
        "classes": ["<script>alert(1)</script>", "lamp"],
        "face": np.array([[40.0, 20.0, 2.0], [50.0, 20.0, 2.0]]),
        "dots": np.array([[45.0, 30.0]]),
        "dot_names": ["dot"],
        "calib": {"K": np.array([[60.0, 0, 31.5], [0, 60.0, 23.5], [0, 0, 1]]),
                  "world_to_camera": np.eye(4), "size": (64, 48)},
        "lidar": cloud,
        "boxes3d": np.array([[0.5, 0.2, 3.0, 1.0, 1.0, 1.0, 0.0]]),
        "classes3d": ["crate"],
        "loose": cloud[:, :3],
        "sound": rng.normal(0, 0.1, 4000).astype(np.float32),
        "caption": "a cup & <i>a lamp</i> on the left",
        "phrases": ["a cup", None],
    }  # fmt: skip


@pytest.fixture(scope="module")
def result() -> Result:
    policy = load_policy(EVERYTHING)
    sample = everything()
    after, record = policy.apply(sample, key="k/1")
    return Result(policy.plan.name, sample, after, record, policy.plan, title="the first")


@pytest.fixture(scope="module")
def page(result: Result) -> str:
    return render_report([result], sources={result.policy: EVERYTHING})


class Reader(HTMLParser):
    """Collects the tags, their attributes and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_every_stream_is_shown_before_and_after(page: str) -> None:
    alts = re.findall(r'alt="([a-z]+) (before|after)"', page)
    shown = ("front", "lidar", "depth", "mask")
    assert sorted(alts) == sorted((name, side) for name in shown for side in ("before", "after"))
    assert page.count("<audio ") == 2
    assert "500 points" in page
    assert "left the picture: lamp" in page
    assert "the first" in page
    assert "k/1" in page


def test_it_asks_for_nothing_outside(page: str) -> None:
    for tag, attributes in Reader(page).tags:
        for name in ("src", "href", "srcset", "poster", "data", "action"):
            target = attributes.get(name)
            assert target is None or target.startswith(("data:", "#")), (tag, name, target)
    assert "url(" not in page
    assert "@import" not in page
    assert "http" not in re.sub(r"base64,[A-Za-z0-9+/=]+", "", page)


def test_what_a_sample_says_is_text_and_never_markup(page: str) -> None:
    reader = Reader(page)
    tags = [tag for tag, _ in reader.tags]
    assert tags.count("script") == 1
    assert "i" not in [tag for tag, attributes in reader.tags if not attributes]
    text = "".join(reader.texts)
    assert "<script>alert(1)</script>" in text
    assert "a cup & <i>a lamp</i> on the " in text
    assert "all <b> of it" in text


def test_texts_of_all_directions_keep_their_lines_and_their_own_direction() -> None:
    policy = load_policy(
        "{syncaug: 1, sample: {image: image, said: {modality: text, describes: nothing}},"
        " steps: [{name: m, uses: flip}]}"
    )
    said = ["שלום, עולם.", "two\n  lines", ""]
    sample = {"image": np.zeros((4, 4, 3), np.uint8), "said": said}
    after, record = policy.apply(sample, key="k")
    page = render_report([Result("p", sample, after, record, policy.plan)])
    assert page.count('<blockquote dir="auto">שלום, עולם.</blockquote>') == 2
    assert page.count('<blockquote dir="auto">two\n  lines</blockquote>') == 2
    assert "white-space: pre-wrap" in page
    assert page.count("no text") == 2


def test_outlines_and_oriented_boxes_have_their_names() -> None:
    policy = load_policy(
        "{syncaug: 1, sample: {image: image, p: {modality: polygons, labels: pn}, o: {modality:"
        " oriented_boxes, labels: on, angle: degrees, direction: clockwise}, m: {modality:"
        " instances, labels: mn}}, steps: [{name: m, uses: flip}]}"
    )
    mask = np.zeros((1, 60, 80), np.uint8)
    mask[0, 40:50, 60:70] = 1
    sample = {
        "image": np.zeros((60, 80, 3), np.uint8),
        "p": [[[5, 5, 25, 5, 25, 25]]],
        "pn": ["a sail"],
        "o": [[60.0, 15.0, 20.0, 10.0, 30.0]],
        "on": ["a ship"],
        "m": mask,
        "mn": ["a buoy"],
    }
    after, record = policy.apply(sample, key="k")
    tags = Reader(render_report([Result("p", sample, after, record, policy.plan)]))
    for name in ("a sail", "a ship", "a buoy"):
        assert tags.texts.count(name) == 2


def test_anchors_are_there_and_unique(page: str) -> None:
    tags = Reader(page).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    links = {
        attributes["href"][1:] for tag, attributes in tags if tag == "a" and attributes["href"]
    }
    assert len(ids) == len(set(ids))
    assert links <= set(ids)


def test_the_policy_and_the_record_are_there(page: str, result: Result) -> None:
    assert "area: 0.5" in page
    assert result.record.fingerprint in page
    assert "&#34;outcome&#34;: &#34;accepted&#34;" in page
    for library, version in result.record.versions.items():
        assert f"{library} {version}" in page


def test_a_dropped_sample_has_a_card(result: Result) -> None:
    from dataclasses import replace

    record = replace(result.record, outcome="dropped", notes={})
    page = render_report([replace(result, after=DROPPED, record=record), result])
    assert "The sample was dropped." in page
    assert "dropped after the first draw" in page
    assert "<b>1</b> dropped" in page


def test_results_are_grouped_by_policy(result: Result) -> None:
    from dataclasses import replace

    other = replace(result, policy="another")
    page = render_report([result, other, result])
    assert re.findall(r'<section class="policy" id="([^"]+)"', page) == ["all-b-of-it", "another"]
    assert re.findall(r'<article class="card" id="([^"]+)"', page) == [
        "all-b-of-it-1",
        "all-b-of-it-2",
        "another-1",
    ]


def test_no_results_make_a_page_too() -> None:
    assert "<b>0</b> results" in render_report([])


def test_the_file_is_written_whole_below_a_new_folder(tmp_path: Path, result: Result) -> None:
    path = write_report([result], tmp_path / "a" / "b" / "index.html", title="T")
    assert path == tmp_path / "a" / "b" / "index.html"
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [file.name for file in path.parent.iterdir()] == ["index.html"]


def test_without_jinja_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'syncaug\[report\]'"):
        render_report([])
