"""Films for benchmarks, of any length: the packets of ten seconds over and over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from heapq import merge
from pathlib import Path
from typing import Any

import av
import numpy as np

__all__ = ["FPS", "HEIGHT", "RATE", "WIDTH", "made_film", "manifest_of"]

WIDTH, HEIGHT, FPS, RATE = 640, 360, 24, 48_000
_PIECE = 10
"""Seconds that are encoded once and repeated, unless the film is shorter."""


def made_film(path: Path, seconds: int) -> Path:
    """A film whose packets are those of ten seconds, over and over; so is its sound."""
    generator, piece = np.random.default_rng(0), min(_PIECE, seconds)
    y, x = np.mgrid[:HEIGHT, : WIDTH + FPS * piece]
    waves = [127 + 60 * np.sin(x / (9 + c)) + 60 * np.cos(y / (13 - c)) for c in range(3)]
    wide = np.stack(waves, axis=-1).astype(np.uint8)
    noise = generator.normal(0, 0.1, (2, RATE * piece)).astype(np.float32)
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "g": "48"})
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        audio = out.add_stream("aac", rate=RATE)
        audio.codec_context.layout = "stereo"
        pictures: list[Any] = []
        for number in range(FPS * piece):
            view = np.ascontiguousarray(wide[:, number : number + WIDTH])
            frame = av.VideoFrame.from_ndarray(view, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            pictures += video.encode(frame)
        pictures += video.encode(None)
        frame = av.AudioFrame.from_ndarray(noise, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
        sounds = [*audio.encode(frame), *audio.encode(None)]
        whole = [packet for packet in sounds if packet.size and packet.pts >= 0]
        tracks = [
            _again(video, pictures, Fraction(1, FPS), 1, seconds * FPS),
            _again(audio, whole, Fraction(1, RATE), 1024, seconds * RATE // 1024),
        ]
        for packet in merge(*tracks, key=lambda one: one.dts * one.time_base):
            out.mux(packet)
    return path


def _again(stream: Any, packets: list[Any], base: Fraction, step: int, count: int) -> Iterator[Any]:
    """So many packets of `step` ticks, the given ones over and over."""
    known = [
        (bytes(one), one.pts * one.time_base, one.dts * one.time_base, one.is_keyframe)
        for one in packets
    ]
    for number in range(count):
        data, shown, decoded, key = known[number % len(known)]
        late = number // len(known) * len(known) * step
        packet = av.Packet(data)
        packet.pts, packet.dts = round(shown / base) + late, round(decoded / base) + late
        packet.time_base, packet.duration = base, step
        packet.stream, packet.is_keyframe = stream, key
        yield packet


def manifest_of(path: Path, film: str, count: int) -> None:
    """Entries that all name one film, and its sound."""
    lines = [json.dumps({"key": key, "film": film, "sound": film}) for key in range(count)]
    path.write_text("\n".join(lines) + "\n")
