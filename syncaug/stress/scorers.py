"""What gives each sample a number: a function, or a command that reads a manifest."""

from __future__ import annotations

import importlib
import math
import os
import re
import shlex
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from syncaug.errors import SyncaugError
from syncaug.io.plain import dump_json
from syncaug.io.streams import StreamDecl
from syncaug.io.writer import MANIFEST, ResultWriter

__all__ = ["Scorer", "ScorerError", "checked", "scorer_of"]

Scorer = Callable[[list[Any]], Sequence[float]]
_SHOWN = 400
_NOTHING = "it said nothing"
_ROOM, _LEAST_ROOM = 256, 1 << 20
"""Bytes that a command may print: for each sample, and beside that."""
_FUNCTION = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")


class ScorerError(SyncaugError):
    """A scorer that cannot be found, fails, or gives what is no number for each sample."""


def scorer_of(text: str, streams: Mapping[str, StreamDecl]) -> Scorer:
    """The scorer that a text names: `package.module:function`, or a command.

    A command is called with the path of a manifest behind its own arguments, and prints one number
    for each line of it, in order. Raises ScorerError where there is no such function.
    """
    if not _FUNCTION.fullmatch(text):
        return _Command(text, streams)
    module, name = text.split(":")
    sys.path.insert(0, os.getcwd())
    try:
        found: Any = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        raise ScorerError(
            f"--score {text}: expected a module and a function of it; {error}. Run from the folder "
            "where the module lies, or install its package."
        ) from error
    finally:
        sys.path.pop(0)
    if not callable(found):
        raise ScorerError(f"--score {text}: expected a function; got {type(found).__name__}")
    scorer: Scorer = found
    return scorer


def checked(scorer: Scorer, samples: list[Any]) -> list[float]:
    """What a scorer gives for samples. Raises ScorerError unless it is a number for each."""
    found: Any
    try:
        found = scorer(samples)
    except ScorerError:
        raise
    except (Exception, SystemExit) as error:
        raise ScorerError(
            f"the scorer raised {type(error).__name__}: {str(error)[:_SHOWN]}"
        ) from error
    found = found.detach() if hasattr(found, "detach") else found  # a tensor with a gradient
    shape = getattr(found, "shape", None)
    came = type(found).__name__ + (f" of shape {tuple(shape)}" if isinstance(shape, tuple) else "")
    wrong = f"expected a list of numbers from the scorer, one for each sample; got {came}"
    if isinstance(found, str | bytes | Mapping):  # which would be taken letter by letter, or by key
        raise ScorerError(wrong)
    try:
        numbers = [float(number) for number in found]
    except (TypeError, ValueError) as error:
        raise ScorerError(wrong) from error
    if len(numbers) != len(samples):
        raise ScorerError(
            f"expected {len(samples)} numbers from the scorer, one for each sample; got "
            f"{len(numbers)}"
        )
    bad = [place for place, number in enumerate(numbers) if not math.isfinite(number)]
    if bad:
        raise ScorerError(
            f"expected finite numbers from the scorer; got {numbers[bad[0]]} for sample {bad[0]}"
            + (f" and {len(bad) - 1} more" if len(bad) > 1 else "")
        )
    return numbers


class _Line:
    """The record of a sample that was made for a scorer."""

    def __init__(self, key: str | int) -> None:
        self._key = key

    def to_json(self) -> str:
        """The line."""
        return dump_json({"key": self._key})


class _Command:
    """A scorer in a process of its own."""

    def __init__(self, text: str, streams: Mapping[str, StreamDecl]) -> None:
        try:
            self._words = shlex.split(text)
        except ValueError as error:
            raise ScorerError(f"--score {text}: expected a command; {error}") from error
        if not self._words:
            raise ScorerError("--score: expected a function or a command; got an empty text")
        self._streams = streams

    def __call__(self, samples: list[Any]) -> list[float]:
        with TemporaryDirectory(prefix="syncaug-stress-") as folder:
            out = Path(folder) / "samples"
            with ResultWriter(out, self._streams) as writer:
                for number, sample in enumerate(samples):
                    writer.write(number, sample, _Line(number))
            manifest = str(out / MANIFEST)
            said = _said([*self._words, manifest], len(samples))
        try:
            return [float(word) for word in said.split()]
        except ValueError as error:
            raise ScorerError(
                f"expected numbers alone on the standard output of the scorer's command; {error}"
            ) from error


def _said(words: Sequence[str], count: int) -> str:
    """What a command prints that gives `count` numbers. Raises ScorerError.

    One that prints on and on is ended, long before it has filled the memory.
    """
    most = _LEAST_ROOM + _ROOM * count
    try:
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except OSError as error:
        raise ScorerError(f"{words[0]}: the command cannot be run; {error}") from error
    assert process.stdout is not None
    assert process.stderr is not None
    ends: deque[bytes] = deque(maxlen=2)
    listening = threading.Thread(target=_keep_ends, args=(process.stderr, ends), daemon=True)
    with process:
        listening.start()
        try:
            said = process.stdout.read(most + 1)
            if len(said) > most:
                raise ScorerError(
                    f"expected {count} numbers from the scorer, one for each sample; got more than "
                    f"{most:,} bytes. Let it print the numbers alone."
                )
            code = process.wait()
        except BaseException:
            process.kill()
            raise
        listening.join()
    if code:
        last = b"".join(ends).decode("utf-8", "replace").strip()[-_SHOWN:]
        raise ScorerError(f"the scorer's command ended with code {code}: {last or _NOTHING}")
    return said.decode("utf-8", "replace")


def _keep_ends(stream: IO[bytes], ends: deque[bytes]) -> None:
    """Take all of a stream, and keep the end of it."""
    while data := stream.read1(4096):  # type: ignore[attr-defined]
        ends.append(data)
