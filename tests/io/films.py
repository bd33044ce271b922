"""Containers for the tests, made by PyAV alone: frames that know their number, clicks, cues."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 64, 48
TICKS = 90_000
RATE = 48_000
_SAMPLES = {"flac": "s16", "alac": "s16p", "libopus": "s16"}


def picture(number: int) -> NDArray[np.uint8]:
    """HxWx3 whose eight bars, from the left, are the bits of its number; the top left is red."""
    bits = [(number >> bit) & 1 for bit in range(8)]
    row = np.repeat(np.array(bits, dtype=np.uint8) * 200 + 20, WIDTH // 8)
    frame = np.broadcast_to(row[None, :, None], (HEIGHT, WIDTH, 3)).copy()
    frame[:12, :16] = (230, 10, 10)
    return frame


def number_of(frame: NDArray[Any]) -> int:
    """The number of an upright picture of any size, also after lossy coding."""
    height, width, _ = frame.shape
    bars = frame[height // 2 :, :, 1].reshape(-1, 8, width // 8).mean(axis=(0, 2))
    return int(sum(1 << bit for bit in range(8) if bars[bit] > 120))


def numbers_of(frames: NDArray[Any]) -> list[int]:
    return [number_of(frame) for frame in frames]


def click(seconds: float, *at: float, channels: int = 1, rate: int = RATE) -> NDArray[np.float32]:
    """Silence (C, T) with a click in channel k at the k-th moment, in the first at further ones."""
    sound = np.zeros((channels, round(seconds * rate)), dtype=np.float32)
    for place, moment in enumerate(at):
        sound[place if place < channels else 0, round(moment * rate)] = 0.9
    return sound


def loudest(sound: NDArray[Any]) -> list[int]:
    """For each channel, the sample at which it is loudest."""
    return np.abs(np.atleast_2d(sound)).argmax(axis=1).tolist()


def film(
    path: Path,
    times: Sequence[float] = (),
    *,
    last: float = 0.04,
    ticks: int = TICKS,
    sound: NDArray[np.float32] | None = None,
    sound_start: float = 0.0,
    rate: int = RATE,
    layout: str = "mono",
    video: str = "libx264",
    audio: str = "aac",
    text: str = "mov_text",
    cues: Sequence[tuple[float, float, str]] = (),
    options: Mapping[str, str] | None = None,
) -> Path:
    """A container with a frame at each of `times`, a sound that begins late, and cues."""
    fine = {"movie_timescale": str(rate)} if path.suffix in (".mp4", ".mov", ".m4a") else {}
    with av.open(str(path), "w", options=fine) as container:
        streams: dict[str, Any] = {}
        if len(times):
            streams["video"] = container.add_stream(video, rate=25, options=dict(options or {}))
            streams["video"].width, streams["video"].height = WIDTH, HEIGHT
            streams["video"].codec_context.time_base = Fraction(1, ticks)
        if sound is not None:
            streams["audio"] = container.add_stream(audio, rate=rate)
            streams["audio"].codec_context.layout = layout
            streams["audio"].codec_context.format = _SAMPLES.get(audio, "fltp")
        if cues:
            streams["text"] = container.add_stream(text)
            streams["text"].time_base = Fraction(1, 1000)
            streams["text"].codec_context.subtitle_header = b"[Script Info]\n\n[Events]\n"
        packets = [
            *(_pictures(streams["video"], times, last, ticks) if len(times) else ()),
            *(
                _sounds(streams["audio"], sound, sound_start, rate, layout)
                if sound is not None
                else ()
            ),
            *(_texts(streams["text"], cues) if cues else ()),
        ]
        for packet in sorted(packets, key=lambda one: one.dts * one.time_base):
            container.mux(packet)
    return path


def _pictures(stream: Any, times: Sequence[float], last: float, ticks: int) -> list[Any]:
    stamps = [round(time * ticks) for time in times]
    ends = [*stamps[1:], stamps[-1] + round(last * ticks)]
    lasts = {stamp: end - stamp for stamp, end in zip(stamps, ends, strict=True)}
    packets: list[Any] = []
    for number, stamp in enumerate(stamps):
        frame = av.VideoFrame.from_ndarray(picture(number), format="rgb24")
        frame.pts, frame.time_base = stamp, Fraction(1, ticks)
        packets += stream.encode(frame)
    packets += stream.encode(None)
    for packet in packets:
        packet.duration, packet.time_base = lasts[packet.pts], Fraction(1, ticks)
    return packets


def _sounds(
    stream: Any, sound: NDArray[np.float32], start: float, rate: int, layout: str
) -> list[Any]:
    data = np.ascontiguousarray(sound)
    form = "fltp"
    if stream.codec_context.format.name != form:
        form = stream.codec_context.format.name
        data = np.rint(data * 32767).astype(np.int16)
        data = data if form == "s16p" else np.ascontiguousarray(data.T.reshape(1, -1))
    frame = av.AudioFrame.from_ndarray(data, format=form, layout=layout)
    frame.sample_rate, frame.pts, frame.time_base = rate, round(start * rate), Fraction(1, rate)
    packets = [*stream.encode(frame), *stream.encode(None)]
    for packet in packets:
        packet.time_base = Fraction(1, rate)
    return [packet for packet in packets if packet.size]


def _texts(stream: Any, cues: Sequence[tuple[float, float, str]]) -> list[Any]:
    packets: list[Any] = []
    for order, (start, end, text) in enumerate(cues):
        lasts = round((end - start) * 1000)
        shown = av.subtitles.subtitle.SubtitleSet.create(
            text=f"{order},0,Default,,0,0,0,,{text}".encode(), start=0, end=lasts, pts=0
        )
        packet = stream.codec_context.encode_subtitle(shown)
        packet.stream, packet.time_base = stream, Fraction(1, 1000)
        packet.pts = packet.dts = round(start * 1000)
        packet.duration = lasts
        packets.append(packet)
    return packets


def turned(path: Path, a: int, b: int, c: int, d: int) -> None:
    """Ask the player of an MP4 to show pixel (x, y) at (a x + c y, b x + d y), as phones do."""
    data = bytearray(path.read_bytes())
    matrix = data.find(b"tkhd") + 4 + 4 + 20 + 16  # version 0: after times, identity, layer, volume
    data[matrix : matrix + 20] = struct.pack(">5i", a << 16, b << 16, 0, c << 16, d << 16)
    path.write_bytes(data)


def cut_by_edit_list(path: Path, seconds: float) -> None:
    """Let the first track of an MP4 begin `seconds` later, by its edit list, as editors do."""
    data = bytearray(path.read_bytes())
    entry = data.find(b"elst") + 4 + 4 + 4  # version 0: after the count, the first entry
    assert data[entry - 8] == 0
    base = data.find(b"mdhd") + 4 + 4 + 8
    (ticks,) = struct.unpack_from(">I", data, base)
    (length,) = struct.unpack_from(">I", data, entry)
    (start,) = struct.unpack_from(">i", data, entry + 4)
    struct.pack_into(
        ">Ii", data, entry, length - round(seconds * 1000), start + round(seconds * ticks)
    )
    path.write_bytes(data)
