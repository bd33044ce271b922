"""Containers read and made by PyAV alone, and the moments at which something is heard or seen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

__all__ = ["Media", "cues_in", "flashes", "pairs", "pulses", "read_media", "with_events"]


@dataclass(frozen=True, slots=True)
class Media:
    """Brightness of each frame (n,) with its time, sound (C, T) from the clock's 0, durations."""

    times: NDArray[np.float64]
    brightness: NDArray[np.float64]
    sound: NDArray[np.float32]
    rate: int
    video_seconds: float
    sound_seconds: float


def read_media(path: Path) -> Media:
    """Frames and samples at the times that their packets carry."""
    times: list[float] = []
    levels: list[float] = []
    pieces: list[tuple[int, NDArray[np.float32]]] = []
    with av.open(str(path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        rate = audio.rate
        for frame in container.decode(video=0):
            times.append(float(frame.pts * frame.time_base))
            levels.append(float(frame.to_ndarray(format="gray").mean()))
        step = 1.0 / float(video.average_rate)
        container.seek(0)
        ends = 0.0
        for packet in container.demux(audio=0):
            if packet.pts is not None:
                ends = max(ends, float((packet.pts + packet.duration) * packet.time_base))
        container.seek(0)
        for sound in container.decode(audio=0):
            samples = sound.to_ndarray().astype(np.float32)
            if not sound.format.is_planar:
                samples = samples.reshape(-1, sound.layout.nb_channels).T
            pieces.append((round(float(sound.pts * sound.time_base) * rate), samples))
    end = max(start + piece.shape[1] for start, piece in pieces)
    whole = np.zeros((len(pieces[0][1]), end), np.float32)
    for start, piece in pieces:
        whole[:, max(0, start) : start + piece.shape[1]] = piece[:, max(0, -start) :]
    return Media(np.array(times), np.array(levels), whole, rate, times[-1] + step, ends)


def with_events(path: Path, target: Path, moments: list[float]) -> None:
    """The picture of a file with a white frame, and a sound of pulses, at each moment.

    Frames and samples are re-encoded; the sound has the channels and the rate of the file's own.
    """
    with av.open(str(path)) as source, av.open(str(target), "w") as out:
        picture, track = source.streams.video[0], source.streams.audio[0]
        film = out.add_stream("libx264", rate=picture.average_rate, options={"crf": "10"})
        film.width, film.height, film.pix_fmt = picture.width, picture.height, "yuv420p"
        sound = out.add_stream("alac", rate=track.rate, layout=track.layout.name)
        step = 1.0 / float(picture.average_rate)
        end = 0.0
        for frame in source.decode(video=0):
            rgb = frame.to_ndarray(format="rgb24")
            if any(abs(frame.time - moment) < step / 2 for moment in moments):
                rgb = np.full_like(rgb, 255)
            new = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            new.pts, new.time_base = frame.pts, frame.time_base
            out.mux(film.encode(new))
            end = frame.time + step
        out.mux(film.encode(None))
        levels = _pulse_train(moments, end, track.rate)
        channels = np.repeat(levels[None], track.layout.nb_channels, axis=0)
        for start in range(0, channels.shape[1], 4096):
            block = np.ascontiguousarray(channels[:, start : start + 4096])
            piece = av.AudioFrame.from_ndarray(block, format="s32p", layout=track.layout.name)
            piece.sample_rate, piece.pts = track.rate, start
            out.mux(sound.encode(piece))
        out.mux(sound.encode(None))


def _pulse_train(moments: list[float], seconds: float, rate: int) -> NDArray[np.int32]:
    """Short bursts of 1 kHz that begin at their moments."""
    length = round(seconds * rate)
    levels = np.zeros(length)
    span = np.arange(round(0.03 * rate))
    burst = 0.7 * np.sin(2 * np.pi * 1000 * span / rate) * np.hanning(len(span)) ** 0.25
    for moment in moments:
        start = round(moment * rate)
        levels[start : start + len(span)] += burst[: max(0, length - start)]
    return np.asarray(np.rint(levels * (2**31 - 1)), dtype=np.int32)


def flashes(media: Media) -> NDArray[np.float64]:
    """The times at which white frames begin."""
    dark = np.median(media.brightness)
    bright = media.brightness > dark + 0.6 * (255.0 - dark)
    starts = bright & ~np.concatenate([[False], bright[:-1]])
    return media.times[starts]


def pulses(media: Media) -> NDArray[np.float64]:
    """The times at which bursts begin: energy over 5 ms rises above a quarter of its peak."""
    mono = media.sound.mean(axis=0).astype(np.float64)
    span = max(1, round(0.005 * media.rate))
    energy = np.convolve(mono**2, np.ones(span) / span, mode="full")[span - 1 :]
    loud = energy > 0.25 * np.percentile(energy, 99.8)
    rises = np.flatnonzero(loud[1:] & ~loud[:-1]) + 1
    kept: list[int] = []
    for rise in rises:
        if not kept or rise - kept[-1] > 0.2 * media.rate:
            kept.append(int(rise))
    return np.array(kept, dtype=np.float64) / media.rate


def cues_in(path: Path) -> list[tuple[float, float, str]]:
    """Start, end and text of each cue of the first subtitle track, as packets carry them."""
    cues: list[tuple[float, float, str]] = []
    with av.open(str(path)) as container:
        stream = container.streams.subtitles[0]
        for packet in container.demux(stream):
            text = _plain(bytes(packet)) if packet.size else ""
            if text and packet.pts is not None:
                start = float(packet.pts * packet.time_base)
                cues.append((start, start + float(packet.duration * packet.time_base), text))
    return cues


def _plain(data: bytes) -> str:
    """The text of a mov_text packet: two bytes of length, then UTF-8."""
    return data[2 : 2 + int.from_bytes(data[:2], "big")].decode(errors="replace").strip()


def pairs(heard: NDArray[np.float64], seen: NDArray[np.float64]) -> NDArray[Any]:
    """For each flash, how much later the nearest burst within 0.15 s is heard."""
    if not len(heard) or not len(seen):
        return np.zeros(0)
    apart = heard[None, :] - seen[:, None]
    nearest = apart[np.arange(len(seen)), np.abs(apart).argmin(axis=1)]
    return nearest[np.abs(nearest) < 0.15]
