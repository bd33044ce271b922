"""Warnings about samples: once for each policy object, stream and code."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
import warnings

import numpy as np
import pytest

from syncaug import SampleWarning, load_policy
from syncaug.suspicions import Suspicion, Suspicions


def caught(work):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        work()
    return [str(warning.message) for warning in found], found


def test_each_stream_and_code_is_said_once_and_names_sample_and_stream() -> None:
    said = Suspicions()

    def work() -> None:
        for number in range(3):
            said.warn_once("depth", "unit", "millimetres", f"sample {number}, ")
            said.warn_once("depth", "holes", "no holes")
            said.warn([Suspicion("imu", "unit", "degrees")])

    texts, found = caught(work)
    assert texts == [
        "sample 0, stream 'depth': millimetres",
        "stream 'depth': no holes",
        "stream 'imu': degrees",
    ]
    assert all(warning.category is SampleWarning for warning in found)
    assert all(warning.filename == __file__ for warning in found), "points at the caller"


def test_another_object_says_it_again() -> None:
    for _ in range(2):
        assert len(caught(lambda: Suspicions().warn_once("a", "b", "c"))[0]) == 1


def test_warnings_as_errors_raise_each_time() -> None:
    said = Suspicions()
    for _ in range(2):
        with pytest.raises(SampleWarning, match="stream 'a': c"):
            said.warn_once("a", "b", "c")


def test_threads_say_it_once_together() -> None:
    said, ready = Suspicions(), threading.Barrier(8)

    def speak() -> None:
        ready.wait()
        for number in range(200):
            said.warn_once("a", str(number), "c")

    def work() -> None:
        threads = [threading.Thread(target=speak) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(caught(work)[0]) == 200


def test_a_sample_warning_travels_between_processes() -> None:
    assert str(pickle.loads(pickle.dumps(SampleWarning("text")))) == "text"


def test_importing_it_is_light() -> None:
    code = "import sys, syncaug.suspicions; assert not {'numpy', 'pydantic'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("then", ["drop", "neutral", "keep_original"])
def test_what_words_make_doubtful_is_said_although_their_draw_is_refused(then: str) -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, boxes: boxes, "
        "caption: {modality: text, describes: image}}\n"
        "steps: [{name: a, uses: colour, with: {hue: 120}}, "
        "{name: b, uses: translate, with: {x: 0.97}}]\n"
        "checks: [{boxes_visible: {min_area: 0.9}}]\n"
        f"on_fail: {{retry: 2, then: {then}}}\n"
    )
    sample = {
        "image": np.random.default_rng(0).integers(0, 256, (60, 100, 3), dtype=np.uint8),
        "boxes": [[2.0, 2.0, 30.0, 50.0]],
        "caption": "Ein roter Hund sitzt auf dem Tisch und die Katze schläft nicht.",
    }
    texts, _ = caught(lambda: [policy(sample, key=key) for key in range(2)])
    assert len(texts) == 1
    assert "is not English" in texts[0]


@pytest.mark.parametrize(("seconds", "warned"), [(10.0, False), (6.0, False), (3.0, True)])
def test_a_stream_that_ends_long_before_its_clock_says_so(seconds: float, warned: bool) -> None:
    film = {"frames": np.zeros((100, 8, 8, 3), np.uint8), "fps": 10}
    sample = {"film": film, "sound": np.zeros(round(seconds * 1000), np.float32)}
    streams = "{film: video, sound: {modality: audio, sample_rate: 1000}}"

    def work() -> None:
        for step in ("uses: trim, with: {duration: 2}", "uses: flip"):
            policy = load_policy(f"syncaug: 1\nsample: {streams}\nsteps: [{{name: s, {step}}}]")
            policy(sample, key="k")

    texts, _ = caught(work)
    said = "sample 'k', stream 'sound': it ends at 3 s, and 'film', which is on the same clock, at"
    assert [text[: len(said)] for text in texts] == [said] * warned
