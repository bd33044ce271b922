"""Nothing that POSIX systems alone have is called without its other side; see docs/platforms.md."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from syncaug.io.windows import runs_on_windows
from tests.as_windows import FUNCTIONS, MODULES

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "syncaug"

GUARDED = {
    ("datasets/lerobot/writing.py", "os.link"): "a copy where links cannot be made",
    ("forks.py", "os.register_at_fork"): "systems without forks need none",
    ("io/locking.py", "fcntl"): "msvcrt on Windows",
    ("io/locking.py", "os.kill"): "OpenProcess on Windows, where signal 0 ends a process",
    ("loaders/shared_rooms.py", "os.memfd_create"): "PyTorch's own shared memory elsewhere",
    ("plan/wordnet.py", "/usr"): "drives and APPDATA on Windows, as NLTK has them",
    ("threads.py", "os.sched_getaffinity"): "os.cpu_count where there is none",
    ("threads.py", "os.register_at_fork"): "systems without forks need none",
    ("policy/source.py", "/dev"): "a shell's own names; none is made up",
    ("runs/workers.py", "signal.pthread_sigmask"): "workers that ignore SIGINT from their start on",
}
"""File and name -> what stands on its other side."""

_ELSEWHERE = {"os.kill", "os.link", "os.symlink"}
"""Names that Windows has, and that do something else there, or need rights there."""
_ARGUMENTS = {"pass_fds", "preexec_fn", "process_group", "start_new_session", "umask"}
"""Arguments of `subprocess` that Windows refuses."""
_METHODS = {"symlink_to", "hardlink_to"}
_PLACE = re.compile(r"(?:^|\|)/(dev|etc|proc|run|sys|tmp|usr|var)\b")
_CONTEXTS = {"fork", "forkserver"}


def posix_names(tree: ast.AST) -> Iterator[str]:
    """What a module asks of POSIX systems alone; `getattr(os, NAME, other)` has its other side."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names if each.name in MODULES)
            case ast.ImportFrom(module=str(module), names=names):
                if module in MODULES:
                    yield module
                for each in names:
                    if f"{module}.{each.name}" in _ELSEWHERE or each.name in FUNCTIONS.get(
                        module, ()
                    ):
                        yield f"{module}.{each.name}"
            case ast.Attribute(value=value, attr=name):
                module = value.id if isinstance(value, ast.Name) else ""
                if f"{module}.{name}" in _ELSEWHERE or name in FUNCTIONS.get(module, ()):
                    yield f"{module}.{name}"
                elif name in _METHODS:
                    yield name
            case ast.keyword(arg=str(name)) if name in _ARGUMENTS:
                yield name
            case ast.Constant(value=str(text)) if found := _PLACE.search(text):
                yield f"/{found[1]}"
            case ast.Call(
                func=ast.Attribute(attr="get_context" | "set_start_method"), args=[how, *_]
            ):
                if isinstance(how, ast.Constant) and how.value in _CONTEXTS:
                    yield f"a context that {how.value}s"


def texts_by_system(tree: ast.AST) -> Iterator[int]:
    """Lines that write texts whose line breaks or letters would depend on the system."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        given = {each.arg: each.value for each in node.keywords}
        match node.func:
            case ast.Name(id="open"):
                modes = node.args[1:2]
            case ast.Attribute(attr="open", value=value) if ast.unparse(value) not in _OWN_OPEN:
                modes = node.args[:1]
            case ast.Attribute(attr="fdopen"):
                modes = node.args[1:2]
            case ast.Attribute(attr="write_text"):
                if not {"encoding", "newline"} <= given.keys():
                    yield node.lineno
                continue
            case ast.Attribute(attr="NamedTemporaryFile"):  # cannot be opened once more there
                yield node.lineno
                continue
            case _:
                continue
        mode = next((each.value for each in modes if isinstance(each, ast.Constant)), "")
        nowhere = node.args and ast.unparse(node.args[0]) == "os.devnull"
        writes = isinstance(mode, str) and re.fullmatch(r"[wax]\+?t?|r\+t?", mode)
        if writes and not nowhere and not {"encoding", "newline"} <= given.keys():
            yield node.lineno


_OWN_OPEN = {"os", "av", "laspy", "tarfile", "wave", "zipfile"}
"""Modules whose `open` takes something else than a file and a mode of Python's."""


def trees() -> Iterator[tuple[str, ast.AST]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def test_posix_names_have_their_other_side() -> None:
    found = {(file, name) for file, tree in trees() for name in posix_names(tree)}
    assert not found - GUARDED.keys(), "give each its other side, and say so in GUARDED"
    assert not GUARDED.keys() - found, "these are gone: take them from GUARDED"


def test_texts_are_the_same_bytes_on_every_system() -> None:
    found = [f"{file}:{line}" for file, tree in trees() for line in texts_by_system(tree)]
    assert not found


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import fcntl", ["fcntl"]),
        ("from resource import getrlimit", ["resource"]),
        ("import os\nos.fork()", ["os.fork"]),
        ("from os import getuid as who", ["os.getuid"]),
        ("import signal\nsignal.signal(signal.SIGHUP, None)", ["signal.SIGHUP"]),
        ("import signal\nsignal.signal(signal.SIGTERM, None)", []),
        ("os.kill(pid, 9)", ["os.kill"]),
        ("x = getattr(os, 'O_NOFOLLOW', 0)", []),
        ("x = os.O_NOFOLLOW", ["os.O_NOFOLLOW"]),
        ("open('/proc/self/status')", ["/proc"]),
        ("path.symlink_to(other)", ["symlink_to"]),
        ("subprocess.run(c, start_new_session=True)", ["start_new_session"]),
        ("multiprocessing.get_context('fork')", ["a context that forks"]),
        ("multiprocessing.get_context('spawn')", []),
        ("name = 'a/tmp'", []),
    ],
)
def test_the_search_sees_them(code: str, found: list[str]) -> None:
    assert list(posix_names(ast.parse(code))) == found


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("open(path, 'w')", True),
        ("open(path, 'w', encoding='utf-8')", True),
        ("open(path, 'w', encoding='utf-8', newline='\\n')", False),
        ("open(path, 'rb')", False),
        ("path.open('a')", True),
        ("path.open('wb')", False),
        ("path.write_text(text, encoding='utf-8')", True),
        ("path.write_text(text, encoding='utf-8', newline='\\n')", False),
        ("tempfile.NamedTemporaryFile()", True),
    ],
)
def test_the_search_sees_texts(code: str, seen: bool) -> None:
    assert bool(list(texts_by_system(ast.parse(code)))) is seen


# Processes that are told that this is Windows.

BEFORE = """
import concurrent.futures, ctypes, json, multiprocessing, platform, subprocess, sys, tempfile
import click, cv2, jsonschema, numpy, pydantic.main, rich.console, rich.progress, yaml, zoneinfo
platform.uname()
from tests import as_windows
as_windows.pretend()
from pathlib import Path
"""
APPLY = "from syncaug.cli import main\nsys.argv = ['syncaug', *sys.argv[1:]]\nmain()"
HOLD = """
from syncaug.io.locking import FolderLock
lock = FolderLock(Path(sys.argv[1]))
lock.acquire()
lock.write({"doing": "something"})
print("held", flush=True)
sys.stdin.readline()
lock.release()
print("free", flush=True)
"""
POLICY = """
syncaug: 1
sample:
  image: image
  caption: {modality: text, describes: image}
  boxes: {modality: boxes, labels: classes}
steps: [{name: mirror, uses: flip, p: 0.5}, {name: zoom, uses: crop, with: {area: [0.5, 1.0]}}]
"""


def python(code: str, *arguments: object, windows: bool = True) -> subprocess.Popen[str]:
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            (BEFORE if windows else "import sys\n") + code,
            *map(str, arguments),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )


def finished(process: subprocess.Popen[str]) -> tuple[int, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out + err


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A policy, and a manifest of four photos."""
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    rng = np.random.default_rng(4)
    lines = []
    for number in range(4):
        cv2.imwrite(str(tmp_path / f"{number}.png"), rng.integers(0, 255, (40, 60, 3), np.uint8))
        lines.append(
            {
                "key": f"Con/{number}",
                "image": f"{number}.png",
                "caption": "a dog on the left",
                "boxes": [[4, 4, 20, 20]],
                "classes": ["dog"],
            }
        )
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (tmp_path / "data.jsonl").write_text(text, encoding="utf-8")
    return tmp_path


def digests(folder: Path) -> dict[str, str]:
    """The hashes of all files; records without what they tell of the machine."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(
            re.sub(rb'"machine": ?{[^{}]*}', b"", path.read_bytes())
        ).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_apply_writes_the_same_bytes_and_goes_on(data: Path) -> None:
    given = ("apply", data / "policy.yaml", "--manifest", data / "data.jsonl", "--variants", 2)
    for name, windows in (("there", True), ("here", False)):
        status, told = finished(python(APPLY, *given, "--out", data / name, windows=windows))
        assert status == 0, told
    first = digests(data / "there")
    assert first == digests(data / "here")
    assert len(first) > 9
    status, told = finished(python(APPLY, *given, "--out", data / "there", "--resume"))
    assert status == 0, told
    assert digests(data / "there") == first


def test_one_writer_at_a_time_and_what_a_killed_one_leaves(tmp_path: Path) -> None:
    first = python(HOLD, tmp_path)
    assert first.stdout is not None
    assert first.stdout.readline() == "held\n"
    status, told = finished(python(HOLD, tmp_path))
    assert status == 1
    assert f"process {first.pid} writes there now; expected one writer at a time" in told
    first.kill()
    first.communicate()
    left = "from syncaug.io.locking import FolderLock\nlock = FolderLock(Path(sys.argv[1]))\n"
    left += "lock.acquire()\nprint(lock.left['doing'])\nlock.release()"
    assert finished(python(left, tmp_path)) == (0, "something\n")
    assert list(tmp_path.iterdir()) == []


def test_the_lock_goes_with_its_writer(tmp_path: Path) -> None:
    first = python(HOLD, tmp_path)
    assert first.communicate("\n", timeout=120)[0] == "held\nfree\n"
    assert list(tmp_path.iterdir()) == []


def test_the_file_of_an_epoch_goes_with_it(tmp_path: Path) -> None:
    code = (
        "tempfile.tempdir = sys.argv[1]\n"
        "from syncaug.loaders.shared_epoch import SharedEpoch\n"
        "epoch = SharedEpoch()\nepoch.set(3)\n"
        "print(epoch.value, len(list(Path(sys.argv[1]).iterdir())))\n"
    )
    assert finished(python(code, tmp_path)) == (0, "3 1\n")
    assert list(tmp_path.iterdir()) == []


def test_whether_a_process_runs_is_asked_of_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Against its documented answers: no handle and error 87 or 5; a wait that ends, or not."""
    import ctypes

    errors = {10: 87, 11: 5}
    waits = {20: 0x102, 21: 0}
    opened: list[int] = []

    class Function:
        def __init__(self, answer: object) -> None:
            self._answer = answer

        def __call__(self, *given: object) -> object:
            return self._answer(*given)  # type: ignore[operator]

    class Kernel:
        def __init__(self, name: str, use_last_error: bool) -> None:
            assert (name, use_last_error) == ("kernel32", True)
            self.OpenProcess = Function(self._open)
            self.WaitForSingleObject = Function(lambda handle, wait: waits[handle.value])
            self.CloseHandle = Function(lambda handle: opened.remove(handle.value))
            self.asked = 0

        def _open(self, access: int, inherit: bool, pid: int) -> int | None:
            assert (access, inherit) == (0x100000, False)
            monkeypatch.setattr(ctypes, "get_last_error", lambda: errors.get(pid, 0), raising=False)
            if pid in errors:
                return None
            opened.append(pid)
            return pid

    monkeypatch.setattr(ctypes, "WinDLL", Kernel, raising=False)
    assert [runs_on_windows(pid) for pid in (10, 11, 20, 21)] == [False, True, True, False]
    assert opened == []
