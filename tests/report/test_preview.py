"""Previews: the variants of a call, a page that holds them all, knobs that choose, and extremes."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from playwright.sync_api import Browser

from syncaug import PolicyError, Record, SampleError, load_policy
from syncaug.io.manifest import read_manifest
from syncaug.io.streams import load_sample
from syncaug.report.extremes import extremes

ROOT = Path(__file__).parents[2]
DATA = ROOT / "examples" / "data"
POLICIES = sorted((ROOT / "policies").glob("*.yaml"))


def bundled(name: str) -> tuple[Any, Any, str | int]:
    policy = load_policy(ROOT / "policies" / f"{name}.yaml")
    entry = next(iter(read_manifest(DATA / f"{name}.jsonl")))
    return policy, load_sample(entry, {s.name: s for s in policy.plan.streams}), entry.key


def test_a_preview_holds_what_calls_give(tmp_path: Path) -> None:
    policy, sample, key = bundled("pets")
    preview = policy.preview(sample, key=key, epoch=2, variants=3)
    assert len(preview) == 3
    assert preview.settings == ({"epoch": "2"}, {"epoch": "3"}, {"epoch": "4"})
    for index, result in enumerate(preview):
        assert isinstance(result.record, Record)
        direct = policy(sample, key=key, epoch=2 + index)
        np.testing.assert_array_equal(result.after["image"], direct["image"])
        assert result.after["caption"] == direct["caption"]
        assert preview[index] is result
    assert [one.epoch for one in preview[1:]] == [3, 4]
    page = preview.save(tmp_path / "deep" / "page.html").read_text(encoding="utf-8")
    assert page.count('class="variant"') == 3
    assert 'data-knob="epoch"' in page
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", page)
    assert repr(preview).startswith(f"<Preview of pets: {key}: ")


def test_a_notebook_gets_the_page_in_a_frame_of_its_own() -> None:
    policy, sample, key = bundled("pets")
    preview = policy.preview(sample, key=key, variants=1)
    shown = preview._repr_html_()
    found = re.fullmatch(r'<iframe srcdoc="([^"]*)" style="[^"]*"></iframe>', shown, re.DOTALL)
    assert found
    assert unescape(found[1]) == preview.html()
    assert "data-knob" not in preview.html().split("<script>")[0]  # nothing to choose


def test_a_preview_with_a_partner() -> None:
    policy, sample, key = bundled("mixing")
    entries = list(read_manifest(DATA / "mixing.jsonl"))
    streams = {s.name: s for s in policy.plan.streams}
    preview = policy.preview(
        sample,
        key=key,
        variants=2,
        partner=lambda: load_sample(entries[1], streams),
        partner_key="b",
    )
    assert "partner" in preview.html()


@pytest.mark.parametrize(("name", "value"), [("variants", 0), ("variants", 1.5), ("epoch", -1)])
def test_bad_arguments_are_named(name: str, value: Any) -> None:
    policy, sample, key = bundled("pets")
    with pytest.raises(SampleError, match=name):
        policy.preview(sample, key=key, **{name: value})


def test_policies_records_and_errors_show_themselves() -> None:
    policy, sample, key = bundled("pets")
    assert "<td" in policy._repr_html_()
    assert "recolour" in policy._repr_html_()
    _, record = policy.apply(sample, key=key)
    assert "boxes_visible" in record._repr_html_()
    with pytest.raises(PolicyError) as caught:
        load_policy("syncaug: 1\nsample: {image: image}\nsteps: [{name: '<b>', uses: flip}]\n")
    assert "&lt;b&gt;" in caught.value._repr_html_()
    assert "<b>" not in caught.value._repr_html_()


# Extremes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_step_of_a_shipped_policy_has_its_ends(path: Path) -> None:
    policy = load_policy(path)
    found = list(extremes(policy.plan, policy.policy))
    inner = [step.name for step in policy.plan.walk() if not step.steps]
    assert list(dict.fromkeys(name for name, _, _ in found)) == inner
    for name, end, data in found:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            alone = load_policy(data)
        (step,) = alone.plan.steps
        assert (step.name, end in ("", "low end", "high end")) == (name, True)


def test_ends_are_those_of_the_ranges() -> None:
    text = """\
syncaug: 1
sample: {image: image, caption: {modality: text, describes: image}}
draw: {hue: {choice: [60, -120, 120]}, spare: {uniform: [0, 1]}}
steps:
  - {name: turn, uses: rotate, with: {degrees: [-10, 20]}, p: 0.2}
  - name: pick
    draw: {tilt: {normal: {mean: 1, std: 2, low: -4, high: 5}}}
    one_of:
      - {name: tint, uses: colour, with: {hue: {from: hue}, value: 0.1}}
      - {name: small, uses: resize, with: {height: 8, width: 8}}
      - {name: lean, uses: rotate, with: {degrees: {from: tilt, scale: 2}}}
      - name: sharp
        apply: {image: {op: albumentations.Sharpen, alpha: [0.2, 0.5]}}
"""
    policy = load_policy(text)
    found = {(name, end): data for name, end, data in extremes(policy.plan, policy.policy)}
    assert list(found) == [
        *(("turn", "low end"), ("turn", "high end")),
        *(("tint", "low end"), ("tint", "high end"), ("small", "")),
        *(("lean", "low end"), ("lean", "high end"), ("sharp", "low end"), ("sharp", "high end")),
    ]
    assert found["turn", "low end"]["steps"][0]["with"]["degrees"] == -10
    assert found["turn", "high end"]["steps"][0]["with"]["degrees"] == 20
    assert found["tint", "low end"]["draw"]["hue"] == {"constant": -120}
    draw = load_policy(found["lean", "high end"]).draw(key=1)
    assert draw.steps[0].parameters["*"]["degrees"] == 10
    assert found["sharp", "high end"]["steps"][0]["apply"]["image"]["alpha"] == 0.5


# The command -------------------------------------------------------------------------------------


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "syncaug", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_page_of_the_command_has_a_slider_for_severity(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    manifest = "examples/data/robot.jsonl"
    found = run(
        *("preview", "policies/robot.yaml", "--manifest", manifest),
        *("--out", str(page), "--variants", "2"),
    )
    assert found.returncode == 0, found.stderr
    text = page.read_text(encoding="utf-8")
    assert 'data-knob="severity" data-values="0|0.25|0.5|0.75|1"' in text
    assert text.count('class="variant"') == 10


def test_a_key_that_is_not_there(tmp_path: Path) -> None:
    found = run(
        *("preview", "policies/pets.yaml", "--manifest", "examples/data/pets.jsonl"),
        *("--key", "nobody", "--out", str(tmp_path / "page.html")),
    )
    assert found.returncode == 2
    assert "no sample 'nobody'" in found.stderr
    assert not (tmp_path / "page.html").exists()


def test_apply_writes_a_page(tmp_path: Path) -> None:
    found = run(
        *("apply", "policies/pets.yaml", "--manifest", "examples/data/pets.jsonl"),
        *("--out", str(tmp_path / "out"), "--html", str(tmp_path / "page.html")),
    )
    assert found.returncode == 0, found.stderr
    assert (tmp_path / "page.html").read_text(encoding="utf-8").count('<article class="card"') == 2


@pytest.mark.browser
def test_knobs_choose_in_a_browser(tmp_path: Path, browser: Browser) -> None:
    policy, sample, key = bundled("pets")
    page = policy.preview(sample, key=key, variants=3).save(tmp_path / "page.html")
    tab = browser.new_page()
    errors: list[Any] = []
    tab.on("pageerror", lambda error: errors.append(error))
    tab.goto(page.as_uri())
    seen = []
    for index in range(3):
        tab.evaluate(
            "i => { const k = document.querySelector('[data-knob]'); k.value = i;"
            " k.dispatchEvent(new Event('input')) }",
            index,
        )
        shown = tab.query_selector_all(".variant:not([hidden])")
        assert len(shown) == 1
        seen.append(tab.inner_text(".variant:not([hidden]) h3 small"))
    assert seen == ["epoch 0", "epoch 1", "epoch 2"]
    assert tab.inner_text("output") == "2"
    tab.close()
    assert not errors


def test_the_policies_of_extremes_are_plain_data() -> None:
    policy = load_policy(ROOT / "policies" / "living_room.yaml")
    for _, _, data in extremes(policy.plan, policy.policy):
        assert yaml.safe_load(yaml.safe_dump(data)) == data
