"""What excerpts read, and what is left unread.

An excerpt of ten seconds from the middle of an hour is made by `syncaug apply` in this process,
beside PyAV alone that decodes the same seconds and encodes them as syncaug does: through arrays of
RGB, as anybody has them who changes a frame, and without. A film that is dropped, and frames that
are chosen by time, stand beside reading all of a film. Contestants take turns, and the fastest turn
of each counts, in CPU time of all threads.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from fractions import Fraction
from functools import partial
from io import StringIO
from pathlib import Path

import av

from benchmarks.films import FPS, HEIGHT, RATE, WIDTH, made_film, manifest_of
from benchmarks.report import Goal, Report, Run
from benchmarks.timing import fastest_turns
from syncaug import load_policy
from syncaug.cli import main
from syncaug.io import load_sample, read_manifest

CUT = "{{syncaug: 1, sample: {{film: video, sound: audio}}, steps: [{}]}}"
TRIMMED = "{{name: cut, uses: trim, with: {{duration: {}, at: 0.4}}}}"
SHORT = CUT.format(TRIMMED.format(2))
DROPPED = CUT.format("{name: out, uses: drop_modality, with: {count: 1, streams: [film]}}")
Work = Callable[[], object]


def measure(run: Run) -> Report:
    """Excerpts, then streams of a film that fits into memory; with `--quick` all are shorter."""
    report = Report("Excerpts of an hour, and streams that are left unread")
    rounds, seconds, length, short = (1, 6, 2.0, 5) if run.quick else (3, 3600, 10.0, 15)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "excerpt.yaml").write_text(CUT.format(TRIMMED.format(length)))
        for suffix in ("mp4", "mkv"):
            _excerpts(report, made_film(folder / f"long.{suffix}", seconds), rounds, length)
        _parts(report, made_film(folder / "short.mp4", short), rounds)
    report.notes.append(f"the load was {os.getloadavg()[0]:.1f} at the end")
    return report


def _excerpts(report: Report, path: Path, rounds: int, length: float) -> None:
    folder, kind = path.parent, path.suffix[1:]
    manifest_of(folder / f"{kind}.jsonl", path.name, 1)
    begin = 0.4 * (_seconds(path) - length)
    fastest = fastest_turns(
        {
            "apply": partial(_applied, folder, "excerpt.yaml", f"{kind}.jsonl"),
            "arrays": partial(_alone, path, begin, length, True),
            "frames": partial(_alone, path, begin, length, False),
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
    manifest_of(path.parent / "short.jsonl", path.name, 1)
    for what, text in {"a film is dropped": DROPPED, "two seconds of fifteen": SHORT}.items():
        policy = load_policy(text, seed=1)
        entry = next(read_manifest(path.parent / "short.jsonl"))
        loaded = partial(load_sample, entry, {one.name: one for one in policy.plan.streams})
        works: dict[str, Work] = {
            "needed": lambda policy=policy, loaded=loaded: policy(loaded(), key=1, epoch=0),
            "all": lambda policy=policy, loaded=loaded: policy(dict(loaded()), key=1, epoch=0),
        }
        fastest = fastest_turns(works, rounds, time.process_time)
        ratio = fastest["all"] / fastest["needed"]
        report.goals.append(Goal(f"reads: {what}, reading all against what is needed", ratio))


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


def _alone(path: Path, begin: float, length: float, arrays: bool) -> None:
    """Decode so many seconds from `begin` on and encode them as syncaug does, by PyAV alone."""
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
            if packet.pts is None or packet.pts * packet.time_base > begin + length + 0.5:
                break
            for frame in packet.decode():
                if not begin <= frame.pts * frame.time_base < begin + length:
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


def _seconds(path: Path) -> float:
    with av.open(str(path)) as container:
        return float(container.duration) / 1e6
