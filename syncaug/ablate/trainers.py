"""What trains a model in one run: a command, or a function in a process of its own."""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import Any

from syncaug.ablate.arms import AblationError
from syncaug.io.plain import parse_json
from syncaug.missing import where_to_look
from syncaug.threads import SWITCH, share

__all__ = ["LOG", "METRICS", "POLICY", "CannotStart", "RunFailed", "Trainer", "metrics_in"]

METRICS, LOG, POLICY = "metrics.json", "log.txt", "policy.yaml"
_SHOWN = 300
_MOST = 1e150
"""The greatest size of a metric: squares of differences are numbers, too."""
_FUNCTION = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_NO_START = (126, 127)
"""What shells, and env, end with where a command may not be run, or is not found."""
_BROKEN = re.compile(
    r"(ModuleNotFoundError|ImportError|SyntaxError|IndentationError|TabError)\b"
    r"|.*: can't open file |.*: No module named "
)
"""How the last line of a program begins that Python could not load."""
_USAGE = re.compile(r"(?im)^usage:")
_USAGE_CODE = 2
"""What argparse and click end with where the words of a command are wrong."""
_PATIENCE = 5.0
"""Seconds that a command has to end by itself when the ablation is stopped."""


class RunFailed(Exception):
    """A run that gave no metrics, and why."""


class CannotStart(RunFailed):
    """A run that ended before it trained, of what would end every other one: no such command or
    file, no right to run it, a module that is not installed, words that it does not take.
    """


@dataclass(slots=True)
class Trainer:
    """A command that trains a model, whose words hold places for what differs between runs.

    `{policy}`, `{seed}`, `{arm}`, `{out}` and `{manifest}` in a word give way to what they name;
    other braces stay. The same stands in the environment: SYNCAUG_POLICY and so on.
    """

    words: tuple[str, ...]
    manifest: str = ""
    jobs: int = 1
    _running: set[subprocess.Popen[bytes]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopped: bool = False

    @staticmethod
    def of(command: Sequence[str], call: str, manifest: str, jobs: int) -> Trainer:
        """The trainer of a command, or of `package.module:function`. Raises AblationError."""
        if bool(command) == bool(call):
            raise AblationError(
                "expected a command behind --, or --call package.module:function; got "
                + ("both" if call else "neither")
            )
        if not call:
            _require_program(command[0])
            return Trainer(tuple(command), manifest, jobs)
        if not _FUNCTION.fullmatch(call):
            raise AblationError(f"--call {call}: expected package.module:function")
        places = ("{policy}", "{seed}", "{out}")
        words = (sys.executable, "-m", "syncaug.ablate.calling", call, *places)
        return Trainer(words, manifest, jobs)

    def run(self, arm: str, seed: int, out: Path) -> dict[str, float]:
        """Run the command for an arm and a seed; what it measured.

        Raises RunFailed, CannotStart where it is a failure of the command and not of this run.
        """
        places = {
            "policy": str(out / POLICY),
            "seed": str(seed),
            "arm": arm,
            "out": str(out),
            "manifest": self.manifest,
        }
        pattern = re.compile("|".join(re.escape(f"{{{name}}}") for name in places))
        words = [pattern.sub(lambda m: places[m.group()[1:-1]], word) for word in self.words]
        environment = {**os.environ, **self._threads()}
        environment |= {f"SYNCAUG_{name.upper()}": value for name, value in places.items()}
        with (out / LOG).open("wb") as log:
            code = self._ended(words, environment, log.fileno())
        if code:
            said = _end(out / LOG)
            kind = CannotStart if _never_began(code, said) else RunFailed
            raise kind(f"the command ended with code {code}: {_last(said)}")
        return metrics_in(out / METRICS)

    def stop(self) -> None:
        """End all commands that run, and begin no other one."""
        with self._lock:
            self._stopped = True
            running = list(self._running)
        for process in running:
            with suppress(OSError):
                process.terminate()
        for process in running:
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()

    def _ended(self, words: Sequence[str], environment: Mapping[str, str], log: int) -> int:
        try:
            with self._lock:
                if self._stopped:
                    raise RunFailed("stopped")
                process = subprocess.Popen(
                    words,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=dict(environment),
                )
                self._running.add(process)
        except OSError as error:
            raise CannotStart(f"{words[0]}: the command cannot be run; {error}") from error
        try:
            return process.wait()
        finally:
            with self._lock:
                self._running.discard(process)

    def _threads(self) -> dict[str, str]:
        """Threads of each library in one of so many runs, unless the user says how many."""
        count = share(self.jobs) if self.jobs > 1 else 0
        names = (*_THREADS, SWITCH)
        return {name: str(count) for name in names if count and name not in os.environ}


def metrics_in(path: Path) -> dict[str, float]:
    """The metrics that a run wrote: a flat object of finite numbers by name. Raises RunFailed."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise RunFailed(
            f"expected {METRICS} in the folder {{out}}; the command wrote none"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise RunFailed(f"{METRICS} cannot be read; {error}") from error
    bad = re.search(r"\b(NaN|-?Infinity)\b", text)
    try:
        found = parse_json(text)
    except ValueError as error:
        came = f"got {bad.group()}" if bad else str(error)
        raise RunFailed(f"{METRICS}: expected an object of finite numbers; {came}") from error
    return checked(found, METRICS)


def checked(found: object, where: str) -> dict[str, float]:
    """Metrics as floats. Raises RunFailed unless they are finite numbers by name."""
    wrong = f"{where}: expected an object of finite numbers by name"
    if not isinstance(found, Mapping):
        raise RunFailed(f"{wrong}; got {type(found).__name__}")
    if not found:
        raise RunFailed(f"{wrong}; got an empty one")
    metrics: dict[str, float] = {}
    for name, value in found.items():
        if not isinstance(name, str) or not name:
            raise RunFailed(f"{wrong}; got the name {name!r}")
        value = _own(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise RunFailed(f"{wrong}; got {value!r} of {name!r}"[:_SHOWN])
        if abs(value) > _MOST:
            raise RunFailed(
                f"{where}: expected numbers up to {_MOST:g}; got a larger one of {name!r}"
            )
        if not math.isfinite(value):
            raise RunFailed(f"{wrong}; got {value} of {name!r}")
        metrics[name] = float(value)
    return metrics


def _own(value: Any) -> Any:
    """A number of numpy or torch as Python's own; all else as it is."""
    if not hasattr(value, "item"):
        return value
    with suppress(Exception):  # of more than one element, whatever the library says of it
        return value.item()
    return value


def _require_program(word: str) -> None:
    """Raise AblationError where the first word of a command names no program."""
    if "{" in word or which(word) is not None:
        return
    place = Path(word)
    if not place.is_file():
        raise AblationError(
            f"{word}: expected a program as the first word behind --; there is none of this name. "
            + (where_to_look(word) if place.name != word else "Install it, or name its path.")
        )
    begin = f"python {word}" if place.suffix == ".py" else f"./{word}"
    raise AblationError(
        f"{word}: expected a program as the first word behind --; got a file that cannot be run as "
        f"one. Begin with what runs it, such as: -- {begin}"
    )


def _never_began(code: int, said: str) -> bool:
    """Whether a command ended before it did anything of its own, by how it ended."""
    usage = code == _USAGE_CODE and _USAGE.search(said) is not None
    return code in _NO_START or usage or _BROKEN.match(_last(said)) is not None


def _end(log: Path) -> str:
    """The end of what a command said."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - 4096))
            return file.read(4096).decode("utf-8", "replace").strip()
    except OSError:
        return "its log cannot be read"


def _last(said: str) -> str:
    """The last line that is not blank."""
    lines = [line for line in said.splitlines() if line.strip()]
    line = lines[-1] if lines else "it said nothing"
    half = _SHOWN // 2
    return line if len(line) <= _SHOWN else f"{line[:half]} ... {line[-half:]}"
