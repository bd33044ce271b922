"""What excerpts read, and what a second worker brings.

An excerpt of ten seconds from the middle of an hour is made by `syncaug apply` in this process,
beside PyAV alone that decodes the same seconds and encodes them as syncaug does: through arrays of
RGB, as anybody has them who changes a frame, and without. A film that is dropped, and frames that
are chosen by time, stand beside reading all of a film. Then two workers stand beside one, with
one thread for each library in both arms. Contestants take turns, and the fastest turn of each
counts: CPU time of all threads in this process, wall time where there are workers.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from fractions import Fraction
from functools import partial
from heapq import merge
from io import StringIO
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from torch.utils.data import DataLoader

from benchmarks.report import Goal, Report, Run
from benchmarks.runs import timed
from syncaug import load_policy
from syncaug.cli import main
from syncaug.io import load_sample, read_manifest
from syncaug.loaders.torch import AugmentedDataset
from syncaug.threads import SWITCH

WIDTH, HEIGHT, FPS, RATE = 640, 360, 24, 48_000
PIECE, LENGTH = 10, 10.0
"""Seconds that are encoded once and repeated, and those of an excerpt."""
PHOTOS = (
    "{syncaug: 1, sample: {photo: image}, steps: [{name: t, uses: rotate, with: {degrees: 9}}]}"
)
CUT = "{{syncaug: 1, sample: {{film: video, sound: audio}}, steps: [{}]}}"
EXCERPT = CUT.format(f"{{name: cut, uses: trim, with: {{duration: {LENGTH}, at: 0.4}}}}")
SHORT = CUT.format("{name: cut, uses: trim, with: {duration: 2, at: 0.4}}")
DROPPED = CUT.format("{name: out, uses: drop_modality, with: {count: 1, streams: [film]}}")
FILMS = CUT.format("{name: mirror, uses: flip}")
Work = Callable[[], object]


def measure(run: Run) -> Report:
    """Excerpts, then streams of a film that fits into memory, then workers."""
    report = Report("Excerpts of an hour, and two workers beside one")
    rounds, seconds = (1, 120) if run.quick else (5, 3600)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "excerpt.yaml").write_text(EXCERPT)
        for suffix in ("mp4", "mkv"):
            _excerpts(report, _film(folder / f"long.{suffix}", seconds), rounds)
        _parts(report, _film(folder / "short.mp4", 15), rounds)
        _workers(report, folder, *((2, 2) if run.quick else (12, PIECE)), min(rounds, 2))
    report.notes.append(f"the load was {os.getloadavg()[0]:.1f} at the end")
    return report


def _excerpts(report: Report, path: Path, rounds: int) -> None:
    folder, kind = path.parent, path.suffix[1:]
    _manifest(folder / f"{kind}.jsonl", path.name, 1)
    begin = 0.4 * (_seconds(path) - LENGTH)
    fastest = _race(
        {
            "apply": partial(_applied, folder, "excerpt.yaml", f"{kind}.jsonl"),
            "arrays": partial(_alone, path, begin, True),
            "frames": partial(_alone, path, begin, False),
        },
        rounds,
        time.process_time,
    )
    name = f"reads: ten seconds of an hour, {kind}, beside PyAV"
    ratio = fastest["apply"] / fastest["arrays"]
    report.goals.append(Goal(name, ratio, "x", 1.2, at_least=False))
    report.goals.append(Goal(f"{name} without arrays", fastest["apply"] / fastest["frames"]))


def _parts(report: Report, path: Path, rounds: int) -> None:
    """Streams that are dropped and frames that time leaves, beside reading all."""
    _manifest(path.parent / "short.jsonl", path.name, 1)
    for what, text in {"a film is dropped": DROPPED, "two seconds of fifteen": SHORT}.items():
        policy = load_policy(text, seed=1)
        entry = next(read_manifest(path.parent / "short.jsonl"))
        loaded = partial(load_sample, entry, {one.name: one for one in policy.plan.streams})
        works: dict[str, Work] = {
            "needed": lambda policy=policy, loaded=loaded: policy(loaded(), key=1, epoch=0),
            "all": lambda policy=policy, loaded=loaded: policy(dict(loaded()), key=1, epoch=0),
        }
        fastest = _race(works, rounds, time.process_time)
        ratio = fastest["all"] / fastest["needed"]
        report.goals.append(Goal(f"reads: {what}, reading all against what is needed", ratio))


def _workers(report: Report, folder: Path, count: int, seconds: int, rounds: int) -> None:
    """Two workers beside one: a loader that is warm, and whole runs of `apply`.

    There are so many films of so many seconds, and thirty photos for each of them.
    """
    before, os.environ[SWITCH] = os.environ.get(SWITCH), "1"
    generator = np.random.default_rng(0)
    lines = []
    for number in range(30 * count):
        small = generator.integers(0, 256, (12, 16, 3), dtype=np.uint8)
        cv2.imwrite(str(folder / f"{number}.jpg"), cv2.resize(small, (1280, 960)))
        lines.append(json.dumps({"key": number, "photo": f"{number}.jpg"}))
    (folder / "photos.jsonl").write_text("\n".join(lines) + "\n")
    _film(folder / "piece.mp4", seconds)
    _manifest(folder / "films.jsonl", "piece.mp4", count)
    try:
        for kind, text in {"photos": PHOTOS, "films": FILMS}.items():
            (folder / f"{kind}.yaml").write_text(text)
            loaders = {f"{n}": partial(_drained, _loader(folder, kind, n)) for n in (1, 2)}
            for loader in loaders.values():
                loader()  # workers start
            pair = _race(loaders, rounds, time.perf_counter)
            report.goals.append(_pair(f"reads: DataLoader, {kind}", pair))
            runs: dict[str, Work] = {f"{n}": partial(_run, folder, kind, n) for n in (1, 2)}
            report.goals.append(_pair(f"reads: apply, {kind}", _race(runs, rounds, _wall)))
    finally:
        os.environ.pop(SWITCH)
        if before is not None:
            os.environ[SWITCH] = before


def _pair(name: str, fastest: dict[str, float]) -> Goal:
    return Goal(f"{name}, two workers over one", fastest["1"] / fastest["2"], "x", 1.8)


def _race(works: dict[str, Work], rounds: int, clock: Callable[[], float]) -> dict[str, float]:
    """Seconds of the fastest turn of each."""
    best = dict.fromkeys(works, float("inf"))
    for _ in range(rounds):
        for name, work in works.items():
            begin = clock()
            work()
            best[name] = min(best[name], clock() - begin)
    return best


_wall = time.perf_counter


class Loaded:
    """The samples of a manifest, read in the worker."""

    def __init__(self, manifest: Path, streams: dict[str, Any]) -> None:
        self.entries, self.streams = list(read_manifest(manifest)), streams

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, number: int) -> dict[str, Any]:
        return load_sample(self.entries[number], self.streams)


def _loader(folder: Path, kind: str, workers: int) -> Any:
    policy = load_policy(folder / f"{kind}.yaml", seed=1)
    data = Loaded(folder / f"{kind}.jsonl", {one.name: one for one in policy.plan.streams})
    augmented = AugmentedDataset(data, policy, key=lambda sample, index: index)
    return DataLoader(
        augmented,
        batch_size=None,
        num_workers=workers,
        persistent_workers=True,
        multiprocessing_context="fork",
    )


def _drained(loader: Any) -> None:
    for _ in loader:
        pass


def _run(folder: Path, kind: str, workers: int) -> None:
    out = Path(tempfile.mkdtemp(dir=folder)) / "out"
    given = [folder / f"{kind}.yaml", "--manifest", folder / f"{kind}.jsonl", "--out", out]
    command = [sys.executable, "-m", "syncaug", "apply", *map(str, given)]
    timed([*command, "--workers", f"{workers}"])


def _applied(folder: Path, policy: str, manifest: str) -> None:
    out = Path(tempfile.mkdtemp(dir=folder)) / "out"
    given = [folder / policy, "--manifest", folder / manifest, "--out", out, "--sound", "aac"]
    sys.argv = ["syncaug", "apply", *map(str, given)]
    try:
        with redirect_stdout(StringIO()):
            main()
    except SystemExit as done:
        if done.code:
            raise


def _alone(path: Path, begin: float, arrays: bool) -> None:
    """Decode ten seconds from `begin` on and encode them as syncaug does, by PyAV alone."""
    with av.open(str(path)) as source, av.open(f"{path}.alone{path.suffix}", "w") as out:
        film, sound = source.streams.video[0], source.streams.audio[0]
        film.thread_type = "AUTO"
        options = {"crf": "12", "preset": "veryfast", "mbtree": "0"}  # those of io.encode_video
        video = out.add_stream("libx264", rate=FPS, options=options)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.codec_context.thread_count, video.codec_context.gop_size = 4, 2 * FPS
        audio = out.add_stream("aac", rate=RATE)
        audio.codec_context.layout, audio.codec_context.bit_rate = "stereo", 384_000
        source.seek(int(1e6 * begin))
        count = heard = 0
        for packet in source.demux(film, sound):
            if packet.pts is None or packet.pts * packet.time_base > begin + LENGTH + 0.5:
                break
            for frame in packet.decode():
                if not begin <= frame.pts * frame.time_base < begin + LENGTH:
                    continue
                if packet.stream is sound:
                    frame.pts, frame.time_base = heard, Fraction(1, RATE)
                    heard += frame.samples
                    out.mux(audio.encode(frame))
                    continue
                if arrays:
                    picture = frame.to_ndarray(format="rgb24")
                    frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                frame.pts, frame.time_base, count = count, Fraction(1, FPS), count + 1
                out.mux(video.encode(frame))
        out.mux(video.encode(None))
        out.mux(audio.encode(None))


def _film(path: Path, seconds: int) -> Path:
    """A film whose packets are those of ten seconds, over and over; so is its sound."""
    generator = np.random.default_rng(0)
    y, x = np.mgrid[:HEIGHT, : WIDTH + FPS * PIECE]
    waves = [127 + 60 * np.sin(x / (9 + c)) + 60 * np.cos(y / (13 - c)) for c in range(3)]
    wide = np.stack(waves, axis=-1).astype(np.uint8)
    noise = generator.normal(0, 0.1, (2, RATE * PIECE)).astype(np.float32)
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "g": "48"})
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        audio = out.add_stream("aac", rate=RATE)
        audio.codec_context.layout = "stereo"
        pictures: list[Any] = []
        for number in range(FPS * PIECE):
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


def _seconds(path: Path) -> float:
    with av.open(str(path)) as container:
        return float(container.duration) / 1e6


def _manifest(path: Path, film: str, count: int) -> None:
    lines = [json.dumps({"key": key, "film": film, "sound": film}) for key in range(count)]
    path.write_text("\n".join(lines) + "\n")
