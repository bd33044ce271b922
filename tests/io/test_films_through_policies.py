"""Whole films through policies and back into files: picture, sound and cues stay together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from syncaug import load_policy
from syncaug.cli import apply, replay
from syncaug.io import Entry, ResultWriter, load_sample, read_manifest
from syncaug.io.containers import list_tracks
from syncaug.io.video import FileClip
from tests.clapping import FPS, clapping
from tests.clapping import RATE as CLAPPING_RATE
from tests.io.films import RATE, click, film, numbers_of, turned
from tests.io.test_container_writer import correlated
from tests.io.test_writer import tree
from tests.samples import DATA

STREAMS = {
    "film": {"modality": "video"},
    "sound": {"modality": "audio", "track": 0},
    "words": {"modality": "timed_text"},
}
CUT = {"name": "cut", "uses": "trim", "with": {"start": 1.0, "duration": 2.5}}
FASTER = {"name": "faster", "uses": "speed", "with": {"factor": 1.25}}
TURN = {"name": "turn", "uses": "flip", "with": {"axis": "vertical"}}


def through(
    folder: Path, path: Path, steps: list[Any], lazy_above: int = 1 << 28, **options: Any
) -> tuple[dict[str, Any], dict[str, Any], Path]:
    """A film before and after a policy and two files; the file that was written."""
    streams = {name: {**stream, **options.get(name, {})} for name, stream in STREAMS.items()}
    policy = load_policy({"syncaug": 1, "name": "p", "sample": streams, "steps": steps}, seed=0)
    plans = {stream.name: stream for stream in policy.plan.streams}
    values = dict.fromkeys(streams, path.name)
    entry = Entry(path.parent / "m.jsonl", 1, "it", values)
    before = load_sample(entry, plans, lazy_above=lazy_above)
    after, record = policy.apply(before, key="it")
    with ResultWriter(folder, plans) as writer:
        writer.write("it", after, record, sources=values)
    again = load_sample(next(read_manifest(folder / "manifest.jsonl")), plans)
    return before, again, folder / "it" / "0" / f"film{path.suffix}"


@pytest.fixture(scope="module")
def clapper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds at 25 frames with clicks and cues at known moments."""
    sound = click(4.0, 1.5, 2.0, channels=2)
    cues = [(0.5, 1.5, "before"), (2.0, 3.0, "in the middle")]
    path = tmp_path_factory.mktemp("clapper") / "it.mp4"
    return film(path, np.arange(100) / 25, sound=sound, layout="stereo", cues=cues)


def test_three_tracks_follow_one_time_map(tmp_path: Path, clapper: Path) -> None:
    _, after, path = through(tmp_path / "out", clapper, [CUT, FASTER])
    assert [track.kind for track in list_tracks(path)] == ["video", "audio", "subtitle"]
    assert after["film"]["fps"] == 25.0
    shown = numbers_of(after["film"]["frames"])
    moments = 1.0 + 1.25 * (np.arange(len(shown)) + 0.5) / 25  # each frame's middle, in the source
    assert len(shown) == 50
    assert (np.abs((np.array(shown) + 0.5) / 25 - moments) <= 0.5 / 25 + 1e-9).all()
    sound = after["sound"]["array"]
    assert sound.shape == (2, 2 * RATE)
    for channel, moment in zip(sound, (1.5, 2.0), strict=True):
        wanted = (round(moment * RATE) + 0.5) / RATE
        heard = 1.0 + 1.25 * (np.abs(channel).argmax() + 0.5) / RATE
        assert abs(heard - wanted) <= 0.5 * 1.25 / RATE + 1e-9
    cues = [(round(cue["start"], 5), round(cue["end"], 5), cue["text"]) for cue in after["words"]]
    assert cues == [(0.0, 0.4, "before"), (0.8, 1.6, "in the middle")]


def test_a_lazy_film_gives_the_same_bytes(tmp_path: Path, clapper: Path) -> None:
    steps = [TURN, CUT, FASTER]
    whole = through(tmp_path / "whole", clapper, steps)
    lazy = through(tmp_path / "lazy", clapper, steps, lazy_above=0)
    assert isinstance(whole[0]["film"], dict)
    assert isinstance(lazy[0]["film"], FileClip)
    assert whole[2].read_bytes() == lazy[2].read_bytes()


@pytest.mark.parametrize("step", [FASTER, TURN])
def test_checks_measure_films_in_files_as_in_memory(tmp_path: Path, step: dict[str, Any]) -> None:
    streams = {
        "video": {"modality": "video", "fps": FPS},
        "sound": {"modality": "audio", "sample_rate": CLAPPING_RATE},
    }
    document = {"syncaug": 1, "sample": streams, "steps": [step]}
    still = load_policy({**document, "steps": [{**FASTER, "p": 0.0}]}, seed=0)
    plans = {stream.name: stream for stream in still.plan.streams}
    claps = {name: value for name, value in clapping().items() if name in streams}
    with ResultWriter(tmp_path / "claps", plans) as writer:
        writer.write("it", *still.apply(claps, key="it"))
    (entry,) = read_manifest(tmp_path / "claps" / "manifest.jsonl")
    policy = load_policy({**document, "checks": ["av_offset", "mutual_information"]}, seed=0)
    in_file, in_memory = load_sample(entry, plans), dict(load_sample(entry, plans))
    read, kept = (policy.apply(s, key="it")[1].attempts[-1].measures for s in (in_file, in_memory))
    assert read == kept
    assert read["av_offset"] < 0.03


def test_a_film_of_varying_rate_stays_one(tmp_path: Path) -> None:
    times = np.cumsum(np.random.default_rng(1).uniform(0.02, 0.08, 60)) - 0.02
    path = film(
        tmp_path / "it.mkv", times - times[0], sound=click(3.0, 1.0), audio="flac", text="subrip",
        cues=[(0.5, 1.0, "a")], options={"bf": "0"},
    )  # fmt: skip
    before, after, _ = through(tmp_path / "out", path, [FASTER])
    assert after["film"]["timestamps"] == pytest.approx(
        before["film"]["timestamps"] / 1.25, abs=6e-4
    )
    assert numbers_of(after["film"]["frames"]) == list(range(60))


def test_reversed_films_run_backwards(tmp_path: Path, clapper: Path) -> None:
    backwards = {"name": "back", "uses": "reverse"}
    _, after, _ = through(tmp_path / "out", clapper, [backwards], lazy_above=0)
    assert numbers_of(after["film"]["frames"]) == list(range(99, -1, -1))
    at = [int(np.abs(channel).argmax()) for channel in after["sound"]["array"]]
    assert at == [4 * RATE - 1 - round(1.5 * RATE), 4 * RATE - 1 - round(2.0 * RATE)]


def test_a_turned_film_is_upright_and_turned_once(tmp_path: Path) -> None:
    path = film(
        tmp_path / "it.mp4", np.arange(5) / 25, sound=click(0.2, 0.1), cues=[(0.0, 0.1, "a")]
    )
    turned(path, 0, 1, -1, 0)
    before, after, written = through(tmp_path / "out", path, [TURN])
    assert before["film"]["frames"].shape == after["film"]["frames"].shape == (5, 64, 48, 3)
    assert (list_tracks(written)[0].width, list_tracks(written)[0].height) == (48, 64)
    mirrored = before["film"]["frames"][:, ::-1].astype(int)
    assert np.abs(after["film"]["frames"] - mirrored).mean() < 4


def test_clicks_over_webb_through_trim_and_speed(tmp_path: Path) -> None:
    """The offset between sound and picture of a real film, measured after a policy and two files.

    Printed with `pytest -s`.
    """
    path = tmp_path / "webb.mp4"
    path.write_bytes((DATA / "webb" / "webb.mp4").read_bytes())
    before, after, written = through(tmp_path / "plain", path, [CUT, FASTER])
    assert [track.kind for track in list_tracks(written)] == ["video", "audio", "subtitle"]
    plans = {name: {**stream} for name, stream in STREAMS.items()}
    policy = load_policy(
        {"syncaug": 1, "name": "p", "sample": plans, "steps": [CUT, FASTER]}, seed=0
    )
    clicks = (1.6, 2.4, 3.2)
    rate = before["sound"]["sampling_rate"]
    frames = before["film"]["frames"].copy()
    sound = np.zeros_like(before["sound"]["array"])
    for moment in clicks:
        frames[round(moment * 25)] = 255
        sound[:, round(moment * rate)] = 0.9
    marked = {
        **before,
        "film": {**before["film"], "frames": frames},
        "sound": {**before["sound"], "array": sound},
    }
    result, record = policy.apply(marked, key="it")
    streams = {stream.name: stream for stream in policy.plan.streams}
    with ResultWriter(tmp_path / "out", streams) as writer:
        writer.write("it", result, record, sources=dict.fromkeys(plans, "webb.mp4"))
    back = load_sample(next(read_manifest(tmp_path / "out" / "manifest.jsonl")), streams)
    lag = correlated(result["sound"]["array"][0], back["sound"]["array"][0])
    levels = back["film"]["frames"].mean(axis=(1, 2, 3))
    offsets = []
    for moment in clicks:
        wanted = (moment - 1.0) / 1.25
        near = round(wanted * rate)
        part = np.abs(back["sound"]["array"][0, near - 40 : near + 40])
        heard = (near - 40 + int(part.argmax()) + 0.5) / rate - 0.5 / rate / 1.25
        window = levels[round(wanted * 25) - 2 : round(wanted * 25) + 3]
        seen = (round(wanted * 25) - 2 + int(window.argmax()) + 0.5) / 25 - 0.5 / 25 / 1.25
        assert abs(heard - wanted) <= 0.5 / rate
        assert abs(seen - wanted) <= 0.5 / 25
        offsets.append(heard - seen)
    errors = [
        abs(new["start"] - max(0.0, (old["start"] - 1.0) / 1.25))
        for old, new in zip(before["words"], after["words"], strict=False)
    ]
    print(f"sound through the file: {lag:+.4f} samples of {1e6 / rate:.0f} us")
    print("sound against picture:", ", ".join(f"{1e3 * o:+.2f} ms" for o in offsets))
    print(f"cues: {1e3 * max(errors):.4f} ms at most")
    assert abs(lag) < 0.05
    assert max(errors) <= 5.1e-6


def test_the_shipped_policy_replays_a_real_film_bit_for_bit(tmp_path: Path) -> None:
    run = CliRunner().invoke
    out = tmp_path / "out"
    manifest = DATA / "talking_video.jsonl"
    policy = DATA.parent.parent / "policies" / "talking_video.yaml"
    done = run(
        apply.command,
        [
            str(policy), "--manifest", str(manifest), "--out", str(out), "--seed", "3",
            "--crf", "25", "--sound", "alac", "--lazy-above", "0",
            "--encoder-threads", "1",
        ],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    told = json.loads((out / "records.jsonl").read_text())["source"]["formats"]["coding"]
    assert told == {"crf": 25, "preset": "veryfast", "sound": "alac", "threads": 1}
    assert tree(out) == ["manifest.jsonl", "records.jsonl", "webb/0/video.mp4"]
    line = json.loads((out / "manifest.jsonl").read_text())
    assert {line["video"], line["speech"], line["subtitles"]} == {"webb/0/video.mp4"}
    codecs = [track.codec for track in list_tracks(out / line["video"])]
    assert codecs == ["h264", "alac", "mov_text"]
    named = ["--manifest", str(manifest)]  # it does not lie near the results
    done = run(replay.command, [str(out / "records.jsonl"), "--verify", *named])
    assert "differing: []" in done.output
