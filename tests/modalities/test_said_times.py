"""Times and rates that texts tell of a film or a sound: warned of where they move."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.errors import SampleWarning
from syncaug.words.told_times import told_moments

FILM = np.zeros((100, 8, 8, 3), np.uint8)
FASTER = "uses: speed, with: {factor: 2.0}"
FIRST = "uses: trim, with: {duration: 6, start: 0}"
BACKWARDS = "uses: reverse"
LATER = "uses: trim, with: {duration: 6, start: 2}"
STREAMS = {
    "text": "{modality: text, describes: v}",
    "timed_text": "{modality: timed_text, describes: v}",
    "messages": "{modality: messages, pictures: [v]}",
}


def run(kind: str, text: str, step: str) -> None:
    policy = load_policy(
        f"syncaug: 1\nsample: {{v: {{modality: video, fps: 10}}, t: {STREAMS[kind]}}}\n"
        f"steps: [{{name: a, {step}}}]\n"
    )
    said: Any = {
        "text": text,
        "timed_text": [{"start": 3.0, "end": 6.0, "text": text}],
        "messages": [
            {"role": "user", "content": "<video> When?"},
            {"role": "assistant", "content": text},
        ],
    }[kind]
    policy({"v": FILM, "t": said}, key="k")


@pytest.mark.parametrize("kind", STREAMS)
@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("A dog barks at 0:05.", FASTER),
        ("A dog barks at 0:05.", LATER),
        ("It barks from 3.2 s to 4 s.", LATER),
        ("He starts [00:03] to talk.", FASTER),
        ("Steps at 1500 ms.", FASTER),
        ("She speaks at 120 words per minute.", FASTER),
        ("A song of 96 bpm.", FASTER),
        ("He claps: 3 claps a second.", FASTER),
        ("In the first five seconds a dog runs.", LATER),
        ("Three seconds in, she waves.", FASTER),
        ("The goal falls at the 4 second mark.", LATER),
        ('{"start": 3.2, "end": 4.8, "label": "open door"}', LATER),
        ("00:00:03,000 --> 00:00:04,500", FASTER),
        ("Nach 5 Sekunden springt er.", LATER),
        ("第5秒狗跳起来。", LATER),
        ("The 10s clip shows a dog.", FASTER),
        ("A ten-second clip of a dog.", FASTER),
        ("The video lasts 10 seconds.", LATER),
        ("At the 4th second, a dog barks.", FASTER),
        ("0:04 A dog barks.", FASTER),
        ("2-5 seconds: a dog barks.", LATER),
        ("In the last three seconds, she waves.", FASTER),
        ("In frame 30 the car turns.", LATER),
    ],
)
def test_a_time_or_a_rate_that_moves_is_warned_of(kind: str, text: str, step: str) -> None:
    with pytest.warns(SampleWarning, match="may tell a time or a rate"):
        run(kind, text, step)


@pytest.mark.parametrize("kind", STREAMS)
@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("A dog barks at 0:05.", FIRST),  # which stays where it was
        ("A dog barks at 0:05.", "uses: flip"),
        ("A clock shows 10:09.", FASTER),
        ("The train leaves at 3:30 pm.", FASTER),
        ("They meet at 10:30.", FASTER),  # no moment of ten seconds
        ("He runs 100 m in 9 s.", FASTER),
        ("The score is 3:02.", FASTER),
        ("Two dogs, 3 cats and 120 words.", FASTER),
        ("She speaks at 120 words per minute.", LATER),
        ("A ten-second clip of a dog.", BACKWARDS),
        ("A second clip of a dog.", FASTER),
        ("A 3 second pause; he wins in 9 seconds.", FASTER),
        ("A map at 1:10 scale.", FASTER),
        ("It is a 1-2 minutes walk, 3-4 seconds away.", FASTER),
        ("It takes 2-3 seconds.", FASTER),
        ("Around 5 seconds later.", FASTER),
        ("One of the dogs runs over a second one.", FASTER),
        ("A man from left field moves then and now.", LATER),
    ],
)
def test_other_figures_pass(kind: str, text: str, step: str) -> None:
    run(kind, text, step)


@pytest.mark.parametrize("kind", ["text", "messages"])
@pytest.mark.parametrize(
    "text",
    [
        "A door opens, then a dog barks.",
        "A bus drives from left to right.",
        "A man sits before he eats.",
        "A bell rings, followed by a horn.",
        "At the beginning, a man enters; later, he sits.",
        "A dog leaves the frame.",
        "Un chien aboie, puis un chat miaule.",
        "After the bell rings, people talk.",
        "The clip ends with a sunset.",
        "First, a bell rings.",
        "Initially the cup is full.",
        "The music gets louder.",
        "Am Anfang ist das Zimmer leer.",
        "最后她挥手。",
    ],
)
def test_an_order_that_runs_backwards_is_warned_of(kind: str, text: str) -> None:
    with pytest.warns(SampleWarning, match="tells what comes before what"):
        run(kind, text, BACKWARDS)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "A dog barks.",
            "Since then a dog barks.",
            "From left to right: Ann, Bob.",
            "A man walks.",
        ),
        *("If the light is red, then stop.", "Sooner or later.", "A dog at the end of the road."),
    ],
)
def test_texts_without_an_order_pass(text: str) -> None:
    run("text", text, BACKWARDS)


def test_an_order_that_stays_passes() -> None:
    run("text", "A door opens, then a dog barks.", LATER)
    run("timed_text", "A door opens, then a dog barks.", BACKWARDS)  # a cue still reads forwards


@pytest.mark.parametrize(
    "text", ['"start":' + " " * 50_000 + "x 1", '"start":' + "[ " * 50_000 + "1"]
)
def test_no_text_makes_it_slow(text: str) -> None:
    before = time.thread_time()
    list(told_moments(text))
    assert time.thread_time() - before < 2.0
