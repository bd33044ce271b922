"""The example of mouths and voices, on drawn mouths that move with real speech, and that do not."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from examples.speech_space.__main__ import main
from examples.speech_space.fits import COMPONENTS, DIMENSIONS, POLICY
from syncaug.cli import cli
from syncaug.training.latent import LatentSpace
from tests.samples import ROOT

DATA = ROOT / "examples" / "data"
RATE, FPS, SECONDS = 16000, 25, 2.2
SIZE = (144, 120)


def speech() -> list[Any]:
    """Five parts of one recording, and two others (T,), at 16 kHz."""
    long, _ = soundfile.read(DATA / "jfk" / "jfk.wav", dtype="float32")
    parts = np.split(long[: 5 * round(SECONDS * RATE)], 5)
    for name in ("LJ002-0020", "LJ002-0035"):
        sound, rate = soundfile.read(DATA / "ljspeech" / f"{name}.wav", dtype="float32")
        places = np.arange(int(len(sound) / rate * RATE)) * rate / RATE
        parts.append(np.interp(places, np.arange(len(sound)), sound).astype(np.float32))
    return parts


def face(sound: Any, look: int) -> Any:
    """A face (T, H, W, 3) whose mouth opens with the loudness of a sound, in one of many looks."""
    random = np.random.default_rng(look)
    count = int(len(sound) / RATE * FPS)
    loud = np.sqrt(
        [part.astype(float).dot(part) / len(part) for part in np.array_split(sound, count)]
    )
    skin, cloth = (random.uniform(60, 230, 3) for _ in range(2))
    wide, gain = random.uniform(11, 17), random.uniform(9, 14) / loud.max()
    at, sway = np.array([72, 92]) + random.uniform(-4, 4, 2), random.uniform(0, 2 * np.pi)
    frames = []
    for n in range(count):
        frame = np.full((SIZE[1], SIZE[0], 3), cloth, np.float64)
        head = at + np.array([1.5 * np.sin(sway + n / 17), np.cos(sway + n / 23)])
        middle = tuple(int(16 * x) for x in head - np.array([0, 30]))
        cv2.ellipse(frame, middle, (16 * 40, 16 * 58), 0, 0, 360, tuple(skin), -1, cv2.LINE_AA, 4)
        mouth = tuple(int(16 * x) for x in (wide, 1.5 + gain * loud[n]))
        lips = tuple(int(16 * x) for x in head)
        cv2.ellipse(frame, lips, mouth, 0, 0, 360, tuple(skin / 4), -1, cv2.LINE_AA, 4)
        frames.append(np.clip(frame + random.normal(0, 3, frame.shape), 0, 255).astype(np.uint8))
    return np.stack(frames)


def write(path: Path, frames: Any, sound: Any) -> None:
    with av.open(str(path), "w") as container:
        film = container.add_stream("libx264", rate=FPS, options={"crf": "12"})
        film.width, film.height = SIZE
        voice = container.add_stream("flac", rate=RATE, layout="mono", format="s16")
        for frame in frames:
            container.mux(film.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(film.encode(None))
        whole = np.rint(sound[None] * 32767).astype(np.int16)
        block = av.AudioFrame.from_ndarray(whole, format="s16", layout="mono")
        block.sample_rate, block.pts, block.time_base = RATE, 0, Fraction(1, RATE)
        container.mux([*voice.encode(block), *voice.encode(None)])


def clips(folder: Path, moved_by: int) -> Path:
    """A clip of each sound, with the mouth of the sound `moved_by` places on."""
    folder.mkdir()
    sounds = speech()
    for n, sound in enumerate(sounds):
        other = np.resize(sounds[(n + moved_by) % len(sounds)], len(sound))
        write(folder / f"s{n}.mkv", face(other, n), sound)
    return folder


def test_mouths_that_move_with_speech_are_found_by_speakers_unseen(tmp_path: Path) -> None:
    folder = clips(tmp_path / "clips", 0)
    told = main([str(folder), "--out", str(tmp_path / "out"), "--refits", "19"])
    assert {clip["source"] for clip in told["clips"]} == {f"s{n}" for n in range(7)}
    assert told["each_left_out"]["p"] < 0.001
    assert told["each_left_out"]["rank"] < 0.35
    assert all(half["p"] < 0.01 for half in told["halves"])
    assert told["refits"]["p"] == 1 / 20
    assert told["other_clips"]["p"] < 0.01
    assert abs(told["other_clips"]["rank"] - 0.5) < 0.1
    assert json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8")) == told
    assert "<svg" in (tmp_path / "out" / "speech_space.svg").read_text(encoding="utf-8")

    again = tmp_path / "out" / "again.npz"
    manifest = tmp_path / "out" / "without_0.jsonl"
    size = ["--dimensions", f"{DIMENSIONS}", "--components", f"{COMPONENTS}", "--method", "cca"]
    command = ["fit-latent", str(POLICY), "--manifest", str(manifest), "--streams", "mouth,voice"]
    done = CliRunner().invoke(cli, [*command, *size, "--no-bank", "--out", str(again)])
    assert done.exit_code == 0, done.output
    spaces = (again, again.with_name("without_0.npz"))
    one, other = map(LatentSpace.load, spaces)
    assert one.fingerprint == other.fingerprint


def test_mouths_that_move_with_other_speech_find_nothing(tmp_path: Path) -> None:
    folder = clips(tmp_path / "clips", 3)
    told = main([str(folder), "--out", str(tmp_path / "out"), "--refits", "19"])
    assert told["refits"]["p"] > 0.1
    assert told["each_left_out"]["p"] > 0.05
    assert told["other_clips"]["p"] > 0.05
    assert abs(told["each_left_out"]["rank"] - 0.5) < 0.1


def test_what_is_asked_wrongly_is_told(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="expected films"):
        main([str(tmp_path), "--out", str(tmp_path / "out")])
    for n in range(3):
        sound = speech()[n][: RATE // 2 * 2]
        write(tmp_path / f"s{n}.mkv", face(sound, n), sound)
    with pytest.raises(SystemExit, match="expected 4 speakers or more; got s0, s1, s2"):
        main([str(tmp_path), "--out", str(tmp_path / "out")])
    with pytest.raises(SystemExit, match="--same: expected names of clips in .*; got 's7'"):
        main([str(tmp_path), "--out", str(tmp_path / "out"), "--same", "s0,s7"])
