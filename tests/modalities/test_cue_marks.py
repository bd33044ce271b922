"""Times inside cues: they move with their cue under every change of its clock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import syncaug
from syncaug.io.subtitles import read_subtitles, write_subtitles

VTT = """WEBVTT

00:00:02.000 --> 00:00:04.000
<v Ann>hi<00:00:02.400><c> there</c> <00:00:03.500>you</v>

00:00:06.000 --> 00:00:08.000
plain
"""
ASS = r"""[Script Info]
ScriptType: v4.00+

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:02.00,0:00:04.00,Default,,0,0,0,,{\k40\fad(200,400)}hi {\kf110}there {\k50}you
"""


def after(folder: Path, name: str, text: str, *steps: str) -> str:
    """The file as it comes out of a policy with these steps on a clock of 10 s."""
    (folder / name).write_text(text, encoding="utf-8")
    named = [step.replace("{", f"{{name: s{at}, ", 1) for at, step in enumerate(steps)]
    lines = "".join(f"  - {step}\n" for step in named)
    policy = syncaug.load_policy(
        "syncaug: 1\nname: p\nsample:\n  subs: {modality: timed_text, clock: film}\n"
        f"  sound: {{modality: audio, sample_rate: 1000, clock: film}}\nsteps:\n{lines}"
    )
    import numpy as np

    sample: dict[str, Any] = {
        "subs": read_subtitles(folder / name, {}),
        "sound": np.zeros(10_000, np.float32),
    }
    cues = policy(sample, key="k")["subs"]
    out = write_subtitles(folder, "out", cues, {}, suffix=Path(name).suffix)
    return (folder / out).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (
            ["{uses: trim, with: {start: 1.5, duration: 5}}"],
            ["00:00:00.500 --> 00:00:02.500", "hi<00:00:00.900><c> there</c> <00:00:02.000>you"],
        ),
        (
            ["{uses: speed, with: {factor: 2}}"],
            ["00:00:01.000 --> 00:00:02.000", "hi<00:00:01.200><c> there</c> <00:00:01.750>you"],
        ),
        (
            ["{uses: time_shift, with: {seconds: 0.25}}"],
            ["00:00:02.250 --> 00:00:04.250", "hi<00:00:02.650><c> there</c> <00:00:03.750>you"],
        ),
        (
            ["{uses: trim, with: {start: 3, duration: 5}}"],
            ["00:00:00.000 --> 00:00:01.000", "hi<c> there</c> <00:00:00.500>you"],
        ),
        (
            ["{uses: trim, with: {start: 1, duration: 8}}", "{uses: speed, with: {factor: 0.5}}"],
            ["00:00:02.000 --> 00:00:06.000", "hi<00:00:02.800><c> there</c> <00:00:05.000>you"],
        ),
        (["{uses: reverse}"], ["00:00:06.000 --> 00:00:08.000", "hi<c> there</c> you"]),
    ],
)
def test_timestamps_of_webvtt(tmp_path: Path, steps: list[str], expected: list[str]) -> None:
    out = after(tmp_path, "it.vtt", VTT, *steps)
    for line in expected:
        assert line in out


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (["{uses: speed, with: {factor: 2}}"], r"{\k20\fad(100,200)}hi {\kf55}there {\k25}you"),
        (
            ["{uses: trim, with: {start: 1, duration: 8}}"],
            r"{\k40\fad(200,400)}hi {\kf110}there {\k50}you",
        ),
        (
            ["{uses: trim, with: {start: 2.6, duration: 5}}"],
            r"{\k0\fad(0,400)}hi {\kf90}there {\k50}you",
        ),
        (
            ["{uses: trim, with: {start: 1, duration: 2}}"],
            r"{\k40\fad(200,0)}hi {\kf60}there {\k0}you",
        ),
        (["{uses: reverse}"], "0,0:00:06.00,0:00:08.00,Default,,0,0,0,,hi there you"),
    ],
)
def test_karaoke_of_ass(tmp_path: Path, steps: list[str], expected: str) -> None:
    assert expected in after(tmp_path, "it.ass", ASS, *steps)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (r"{\k 40}a{\K  60}b", r"{\k20}a{\K30}b"),
        (r"{\k40}a{\kt100\kf60}b{\ko20}c", r"{\k20}a{\kt50\kf30}b{\ko10}c"),
        (r"{\fade(200,400)}a", r"{\fade(100,200)}a"),
        (r"{\fad(255,0,255,0,200,1000,2000)}a", r"{\fad(255,0,255,0,100,500,1000)}a"),
        (r"{\move(1,2,3,4,200,400)\t(\fs30)}a", r"{\move(1,2,3,4,100,200)\t(\fs30)}a"),
        (r"{\kern5\fs20\t(1.5,\fs30)}a", r"{\kern5\fs20\t(1.5,\fs30)}a"),
    ],
)
def test_spellings_of_times_in_ass(tmp_path: Path, markup: str, expected: str) -> None:
    script = ASS.replace(r"{\k40\fad(200,400)}hi {\kf110}there {\k50}you", markup)
    assert script != ASS
    assert f",,{expected}\n" in after(
        tmp_path, "it.ass", script, "{uses: speed, with: {factor: 2}}"
    )


def test_a_loop_gives_each_copy_its_own(tmp_path: Path) -> None:
    out = after(tmp_path, "it.vtt", VTT, "{uses: loop, with: {times: 2}}")
    assert "hi<00:00:02.400>" in out
    assert "hi<00:00:12.400>" in out


def test_without_a_change_of_time_files_come_back_as_they_were(tmp_path: Path) -> None:
    assert after(tmp_path, "it.vtt", VTT, "{uses: trim, with: {start: 0, duration: 10}}") == VTT
