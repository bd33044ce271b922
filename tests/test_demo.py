"""The demo: `examples/demo.py` runs, and its page works in a real browser, offline."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from syncaug.io.manifest import read_manifest

ROOT = Path(__file__).resolve().parent.parent
WIDTHS = {"laptop": (1280, 900), "phone": (390, 844)}
PAGE_LIMIT = 12_000_000
JOBS = {
    "pets": "image",
    "talking_video": "video",
    "film": "video",
    "spoken_words": "words",
    "speech": "speech",
    "living_room": "image",
    "robot": "rgb",
    "mixing": "image",
}
"""Each policy of the demo, and a stream whose file is looked at."""


@dataclass
class Demo:
    """What one run of the demo left behind."""

    out: Path
    said: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    out = tmp_path_factory.mktemp("demo") / "out"
    command = [sys.executable, str(ROOT / "examples" / "demo.py"), "--out", str(out)]
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    environment = {**os.environ, "PYTHONPATH": paths, "NO_ALBUMENTATIONS_UPDATE": "1"}
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=out.parent)
    assert ran.returncode == 0, ran.stderr
    return Demo(out, ran.stdout)


def records(demo: Demo, job: str) -> list[dict[str, Any]]:
    lines = (demo.out / job / "records.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_it_says_where_the_page_is(demo: Demo) -> None:
    page = demo.out / "index.html"
    assert page.resolve().as_uri() in demo.said
    assert 100_000 < page.stat().st_size < PAGE_LIMIT


@pytest.mark.parametrize("job", JOBS)
def test_files_and_records_are_written(demo: Demo, job: str) -> None:
    entries = list(read_manifest(demo.out / job / "manifest.jsonl"))
    variants = {(entry.key, entry.epoch) for entry in entries}
    assert len(variants) == len(entries) >= 1
    drawn = {(record["draw"]["key"], record["draw"]["epoch"]) for record in records(demo, job)}
    assert variants <= drawn
    for entry in entries:
        assert (entry.folder / entry.values[JOBS[job]]).stat().st_size > 300


def test_a_pet_is_flipped_and_recoloured(demo: Demo) -> None:
    """The caption is the one that a person would write: sides swapped, the new colour named."""
    said = set()
    for record in records(demo, "pets"):
        applied = {step["name"] for step in record["draw"]["steps"] if step["applied"]}
        if record["outcome"] == "accepted" and {"mirror", "recolour"} <= applied:
            said.update(tuple(pair) for pair in record["notes"]["caption"]["changed"])
    assert ("left", "right") in said
    assert ("right", "left") in said
    assert any(old == "orange" for old, _ in said)


@dataclass
class Visit:
    """A page in the browser, and everything that went wrong on it."""

    page: Page
    troubles: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=WIDTHS)
def visit(request: pytest.FixtureRequest, browser: Browser, demo: Demo) -> Iterator[Visit]:
    width, height = WIDTHS[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
    page = context.new_page()
    visit = Visit(page)
    page.on("console", lambda message: visit.troubles.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: visit.troubles.append(f"error: {error}"))
    page.on("requestfailed", lambda asked: visit.troubles.append(f"failed: {asked.url[:100]}"))
    page.on("request", lambda asked: visit.requests.append(asked.url[:100]))
    page.goto((demo.out / "index.html").resolve().as_uri())
    page.wait_for_load_state("load")
    page.wait_for_function(
        "[...document.querySelectorAll('audio, video')]"
        ".every(it => it.readyState >= 1 || it.error)",
        timeout=30_000,
    )
    yield visit
    context.close()


@pytest.mark.browser
def test_nothing_is_asked_of_the_network_and_nothing_complains(visit: Visit) -> None:
    assert visit.troubles == []
    beyond = [url for url in visit.requests if not url.startswith("data:")]
    assert [url.partition("://")[0] for url in beyond] == ["file"]


@pytest.mark.browser
def test_every_picture_is_whole(visit: Visit) -> None:
    pictures = visit.page.evaluate(
        "[...document.images].map(it => [it.complete, it.naturalWidth, it.clientWidth, it.alt])"
    )
    assert len(pictures) >= 40
    assert [it for it in pictures if not it[0] or it[1] == 0 or it[2] == 0] == []


@pytest.mark.browser
def test_every_sound_can_be_played(visit: Visit) -> None:
    sounds = visit.page.evaluate(
        "[...document.querySelectorAll('audio, video')]"
        ".map(it => [it.readyState, it.duration, it.error && it.error.message])"
    )
    assert len(sounds) >= 14
    assert [it for it in sounds if it[0] < 1 or not it[1] > 0 or it[2]] == []


@pytest.mark.browser
def test_every_section_is_there(visit: Visit, demo: Demo) -> None:
    page = visit.page
    assert page.locator("section.policy > h2").all_inner_texts() == [
        job.replace("_", "-") for job in JOBS
    ]
    assert page.locator("article.card").count() == sum(len(records(demo, job)) for job in JOBS)
    for title in ("image", "caption", "speech", "transcript", "points", "depth"):
        headings = page.locator("h4", has_text=title)
        assert headings.count() >= 2, title
        assert headings.first.is_visible()
    for part in ("figure.before", "figure.after", ".drawn", ".measured", "details.whole", "mark"):
        assert page.locator(part).count() > 0, part
    for index in range(len(JOBS)):
        page.locator("nav h2 a").nth(index).click()
        assert page.locator("section.policy > h2").nth(index).is_visible()


@pytest.mark.browser
def test_a_film_and_its_result_play_together_and_cues_follow(visit: Visit) -> None:
    """Both films run, only the second is heard, and the head of each timeline goes along."""
    row = visit.page.locator("#talking-video-1 .row").first
    row.locator("button.both").click()
    visit.page.wait_for_function(
        "[...document.querySelectorAll('#talking-video-1 video')].every(it => it.currentTime > .6)",
        timeout=30_000,
    )
    first, second = (row.locator("video").nth(index) for index in range(2))
    assert first.evaluate("it => [it.paused, it.muted]") == [False, True]
    assert second.evaluate("it => [it.paused, it.muted]") == [False, False]
    heads = row.locator(".head").evaluate_all("it => it.map(one => parseFloat(one.style.left))")
    assert min(heads) > 0
    assert row.locator(".cue").count() >= 4
    assert row.locator(".spoken").first.inner_text() != ""
    for film in (first, second):
        film.evaluate("it => it.pause()")


@pytest.mark.browser
def test_boxes_can_be_hidden_and_the_record_opens(visit: Visit) -> None:
    tag, switch = visit.page.locator(".tag").first, visit.page.locator("#overlays")
    assert tag.is_visible()
    switch.uncheck()
    assert not tag.is_visible()
    switch.check()
    assert tag.is_visible()
    record = visit.page.locator("details.whole").first
    record.locator("summary").click()
    assert json.loads(record.locator("pre").inner_text())["record"] == 1


@pytest.mark.browser
def test_nothing_scrolls_sideways(visit: Visit) -> None:
    for details in visit.page.locator("details").all()[:4]:
        details.evaluate("it => it.open = true")
    wide = visit.page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide[0] <= wide[1]
    outside = visit.page.evaluate(
        "[...document.querySelectorAll('.tag, blockquote, pre, audio, video, figure, .chips li')]"
        ".filter(it => it.checkVisibility() && it.clientWidth)"
        ".map(it => it.getBoundingClientRect())"
        ".filter(it => it.left < -1 || it.right > document.documentElement.clientWidth + 1).length"
    )
    assert outside == 0
