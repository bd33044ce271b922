"""Damaged films, sounds and subtitles: each gives a result or one of our errors, in bounded time.

Every file is read whole and lazily, in a child process that a crash or a hang of a library cannot
take along.
"""

from __future__ import annotations

import multiprocessing
import random
import resource
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.clips.clip import Clip
from syncaug.errors import ManifestError, SampleError
from syncaug.io import Entry, load_sample
from tools.fuzz.media_files import write_originals
from tools.fuzz.outcomes import Tally

__all__ = ["damaged", "read_all", "run"]

SECONDS = 30.0
"""What reading one file in every way may take."""

MEMORY = 6 << 30
"""Bytes of address space of a child."""

_SOUNDS = frozenset({".mp3", ".wav", ".flac", ".ogg"})
_FILMS = frozenset({".mp4", ".mov", ".mkv", ".avi", ".ts", ".mpg", ".flv", ".webm"})


@dataclass(frozen=True)
class _Declared:
    name: str
    modality: str
    options: Mapping[str, Any] = field(default_factory=dict)


def run(seed: int, count: int, processes: int) -> Tally:
    """Try `count` damaged files."""
    total = Tally()
    with tempfile.TemporaryDirectory(prefix="syncaug-fuzz-") as name:
        folder = Path(name)
        originals = write_originals(folder)
        shares = [range(start, count, processes) for start in range(processes)]
        work = partial(_share, seed, folder, originals)
        with ThreadPoolExecutor(processes) as pool:  # each thread waits for a child of its own
            for tally in pool.map(work, shares):
                total += tally
    return total


def damaged(data: bytes, draw: random.Random) -> tuple[bytes, str]:
    """A file with one kind of damage, and words for it."""
    size = len(data)
    place = draw.randrange(size)
    length = draw.choice((1, 4, 16, 188, 512, max(1, size // 10)))
    kind = draw.choice(
        ("cut", "begin", "flip", "flip", "bend", "bend", "lose", "double", "zero", "noise", "swap")
    )
    if kind == "cut":
        return data[:place], f"cut at {place}"
    if kind == "begin":
        return data[place:], f"begins at {place}"
    if kind == "lose":
        return data[:place] + data[place + length :], f"lost {length} at {place}"
    if kind == "double":
        return data[: place + length] + data[place:], f"doubled {length} at {place}"
    if kind == "swap":
        return data[place:] + data[:place], f"swapped at {place}"
    out = bytearray(data)
    if kind in ("zero", "noise"):
        part = bytes(length) if kind == "zero" else draw.randbytes(length)
        out[place : place + length] = part[: size - place]
        return bytes(out), f"{kind} {length} at {place}"
    places = [draw.randrange(min(size, 400) if kind == "bend" else size) for _ in range(length % 9)]
    for at in places or [place]:
        out[at] = draw.choice((0, 255, 127, out[at] ^ 1 << draw.randrange(8), draw.randrange(256)))
    return bytes(out), f"{kind} {places or [place]}"


def read_all(path: Path) -> str:
    """Read a file in every way that its kind knows; what came, in a few words."""
    suffix = path.suffix.lower()
    kinds = ["audio"] if suffix in _SOUNDS else ["timed_text"]
    if suffix in _FILMS:
        kinds = ["video", "audio", "timed_text"]
    came = []
    for kind in kinds:
        whole = _read(path, kind, 1 << 40)
        came.append("result" if whole is not None else "refused")
        if kind == "video":
            other = _difference(whole, _read(path, kind, 0))
            if other:
                return other
    return came[0] if len(set(came)) == 1 else "in part"


def _read(path: Path, kind: str, lazy_above: int) -> Any:
    """What is read; None where it is refused."""
    entry = Entry(path.parent / "m.jsonl", 1, "k", {"it": path.name})
    try:
        value = load_sample(entry, {"it": _Declared("it", kind)}, lazy_above=lazy_above)["it"]
        if isinstance(value, Clip):
            backwards = [value.read([n]) for n in range(len(value) - 1, -1, -3)]
            value = value.read(range(len(value))), backwards
        return value
    except (ManifestError, SampleError) as error:
        if "expected" not in str(error):
            raise AssertionError(f"nothing of what was expected: {error}") from None
        return None


def _difference(whole: Any, lazy: Any) -> str:
    """How the two ways differ. Decoders do not tell all damage, nor with several threads the same.

    What they conceal depends on what they decoded before.
    """
    if (whole is None) != (lazy is None):
        return "result in one way, refused in the other"
    if whole is None:
        return ""
    frames, backwards = lazy
    assert len(frames) == len(whole["frames"]), "another number of frames lazily"
    same = np.array_equal(whole["frames"], frames) and all(
        np.array_equal(frame[0], frames[len(frames) - 1 - 3 * place])
        for place, frame in enumerate(backwards)
    )
    return "" if same else "result, with damage that the decoder conceals"


# Children -----------------------------------------------------------------------------------------


def _cases(
    seed: int, numbers: range, originals: list[Path], folder: Path
) -> Iterator[tuple[str, Path]]:
    for number in numbers:
        draw = random.Random(f"{seed}/{number}")
        original = originals[number % len(originals)]
        data, what = damaged(original.read_bytes(), draw)
        path = folder / f"case{number}{original.suffix}"
        path.write_bytes(data)
        yield f"{number} {original.name}: {what}", path


def _share(seed: int, folder: Path, originals: list[Path], numbers: range) -> Tally:
    tally = Tally()
    child = _Child()
    for name, path in _cases(seed, numbers, originals, folder):
        start = time.perf_counter()
        kind, came = child.ask(path)
        spent = time.perf_counter() - start
        path.unlink()
        if kind == "ok":
            tally.add(name, came, spent)
        else:
            tally.fail(name, came)
    child.end()
    return tally


class _Child:
    """A process that reads files, begun anew where it did not answer."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self._pipe.recv()  # it is ready

    def ask(self, path: Path) -> tuple[str, str]:
        """What a file gives: ("ok", words) or ("failed", why)."""
        self._pipe.send(str(path))
        try:
            if self._pipe.poll(SECONDS):
                kind, came = self._pipe.recv()
                return str(kind), str(came)
            why = f"no answer in {SECONDS:.0f} s"
        except EOFError:
            self._process.join(5)
            why = f"the process ended with {self._process.exitcode}"
        self.end()
        self._begin()
        return "failed", why

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(pipe: Any) -> None:
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    warnings.simplefilter("ignore")
    pipe.send("ready")
    while True:
        try:
            path = Path(pipe.recv())
        except EOFError:
            return
        try:
            answer = "ok", read_all(path)
        except BaseException as error:  # whatever it is, the parent tells it
            answer = "failed", f"{type(error).__name__}: {str(error)[:300]}"
        pipe.send(answer)
