"""`apply --engine ray` on a cluster of several processes: the bytes of the local engine, always."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from ray.cluster_utils import Cluster

from syncaug.backends.codecs import encode_png
from syncaug.environment import libraries
from syncaug.runs.ray_worker import MADE, TASK, Refused, Work
from syncaug.version import ENGINE_VERSION
from tests.handlers import sigterm_as_before
from tests.runs.containers import policy_in
from tests.runs.material import digests, material
from tests.runs.test_containers import sources
from tests.samples import ROOT

pytestmark = pytest.mark.slow

MANY = """syncaug: 1
sample: {image: image}
steps:
  - {name: turn, uses: rotate, with: {degrees: [-40, 40]}}
  - {name: odd, uses: noise, with: {snr_db: 20}}
"""
COUNT = 150

GIVEN_UP = """
import os, signal, sys, threading, time
import ray, ray.data
from syncaug.cli import main
from syncaug.runs import on_ray

def working():
    names = {thread.name.partition("-dataset")[0] for thread in threading.enumerate()}
    return sorted(names & {"StreamingExecutor", "iter_threaded"})

def slow(*given, real=ray.get, **options):
    if threading.current_thread().name == "iter_threaded":
        time.sleep(0.4)
    return real(*given, **options)

def shut(*given, real=ray.shutdown, **options):
    print("left at shutdown:", working(), flush=True)
    real(*given, **options)

def swept(made, real=on_ray._swept):
    for number, one in enumerate(real(made)):
        if number == 12:
            print("during the run:", working(), flush=True)
            os.kill(os.getpid(), signal.SIGINT)
        yield one

ray.get, ray.shutdown, on_ray._swept = slow, shut, swept
sys.argv.insert(1, "apply")
main()
"""
"""A run that ends itself in its middle, and tells which threads of Ray Data work then and after."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A cluster of three nodes, each of its own processes; work is done on the second and third."""
    with sigterm_as_before():
        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    try:
        for _ in range(2):
            added(cluster)
        yield cluster
    finally:
        cluster.shutdown()


def added(cluster: Cluster) -> None:
    """A node that works joins the cluster."""
    with sigterm_as_before():
        cluster.add_node(num_cpus=1)


def started(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "syncaug", "apply", *map(str, arguments)]
    pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=ROOT, **pipes)


def ended(run: subprocess.Popen[str], code: int = 0) -> str:
    """What a run says; it is killed where it does not end."""
    try:
        out, err = run.communicate(timeout=150)
    finally:
        run.kill()
    assert run.returncode == code, (out, err)
    return out + err


def many(folder: Path) -> list[str]:
    """A manifest of pictures that take a while."""
    (folder / "many.yaml").write_text(MANY)
    lines = []
    for number in range(COUNT):
        pixels = np.random.default_rng(number).integers(0, 256, (300, 400, 3), dtype=np.uint8)
        (folder / f"{number}.png").write_bytes(encode_png(pixels))
        lines.append(json.dumps({"key": number, "image": f"{number}.png"}) + "\n")
    (folder / "many.jsonl").write_text("".join(lines))
    return [str(folder / "many.yaml"), "--manifest", str(folder / "many.jsonl")]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str], dict[str, str]]:
    """A folder of many pictures, the options that name them, and what the local engine makes."""
    folder = tmp_path_factory.mktemp("many")
    given = many(folder)
    ended(started(*given, "--out", folder / "local"))
    return folder, given, digests(folder / "local")


def records(out: Path) -> int:
    file = out / "records.jsonl"
    return file.read_bytes().count(b"\n") if file.exists() else 0


def until(done: Callable[[], bool], run: subprocess.Popen[str]) -> None:
    """Wait for something that happens while a run goes on."""
    while not done():
        assert run.poll() is None, run.communicate()
        time.sleep(0.005)


def busy(cluster: Cluster) -> list[psutil.Process]:
    """Processes of the cluster that are making units now."""
    found = []
    for node in cluster.list_all_nodes():
        raylet = psutil.Process(node.all_processes["raylet"][0].process.pid)
        for process in raylet.children():
            try:
                if any("ray::MapBatches" in part for part in process.cmdline()):
                    found.append(process)
            except psutil.Error:
                continue
    return found


def kills_one(cluster: Cluster) -> bool:
    """Kill a process that makes units; False where none does any more."""
    for process in busy(cluster):
        with suppress(psutil.NoSuchProcess):
            process.kill()
            return True
    return False


@pytest.mark.parametrize(
    ("source", "form"),
    [
        *(("parquet", "folder"), ("parquet", "parquet")),
        *(("webdataset", "folder"), ("webdataset", "webdataset")),
        *(("huggingface", "folder"), ("huggingface", "parquet")),
    ],
)
def test_same_bytes_from_every_kind_of_source(
    cluster: Cluster, tmp_path: Path, source: str, form: str
) -> None:
    """Tables, shards and saved data sets, into parts of their own kind and into a folder."""
    given = [policy_in(tmp_path), *sources(tmp_path)[source], "--variants", 2]
    given += ["--out-format", form, "--part-samples", 3]
    engine = ["--engine", "ray", "--ray-address", cluster.address]
    local = started(*given, "--out", tmp_path / "local")
    on_ray = started(*given, "--out", tmp_path / "ray", *engine)
    assert "8 accepted" in ended(local)
    assert "8 accepted" in ended(on_ray)
    assert digests(tmp_path / "ray") == digests(tmp_path / "local")


def test_same_bytes_as_the_local_engine(cluster: Cluster, tmp_path: Path) -> None:
    """Films, sounds, partners, dropped samples, bad lines, variants, shards, a run that goes on."""
    given = [*material(tmp_path, 7, bad=(2,)), "--variants", "3"]
    on_ray = ["--engine", "ray", "--ray-address", cluster.address]
    told = ended(started(*given, "--out", tmp_path / "local"), 1)
    assert ended(started(*given, "--out", tmp_path / "ray", *on_ray), 1) == told.replace(
        str(tmp_path / "local"), str(tmp_path / "ray")
    )
    wanted = digests(tmp_path / "local")
    assert digests(tmp_path / "ray") == wanted
    share = ["--shard", "1/2"]
    ended(started(*given, "--out", tmp_path / "share", *share, *on_ray), 1)
    ended(started(*given, "--out", tmp_path / "local-share", *share), 1)
    assert digests(tmp_path / "share") == digests(tmp_path / "local-share")
    told = ended(started(*given, "--out", tmp_path / "ray", "--resume", *on_ray), 1)
    assert "nothing to do" in told
    assert digests(tmp_path / "ray") == wanted


@pytest.mark.parametrize("lost", ["worker", "node"])
def test_what_is_lost_is_made_again(
    lost: str, cluster: Cluster, pictures: tuple[Path, list[str], dict[str, str]]
) -> None:
    folder, given, wanted = pictures
    out = folder / lost
    run = started(*given, "--out", out, "--engine", "ray", "--ray-address", cluster.address)
    until(lambda: records(out) >= 20 and bool(busy(cluster)), run)
    if lost == "worker":
        until(lambda: kills_one(cluster), run)
        before = records(out)
    else:
        cluster.remove_node(next(iter(cluster.worker_nodes)), allow_graceful=False)
        before = records(out)  # the new node takes longer than the rest of the run may
        added(cluster)
    told = ended(run)
    assert before < COUNT
    assert f"{COUNT} accepted" in told
    assert digests(out) == wanted
    lines = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    assert [line["key"] for line in lines] == list(range(COUNT))


def test_a_run_that_is_stopped_or_killed_goes_on(
    cluster: Cluster, pictures: tuple[Path, list[str], dict[str, str]]
) -> None:
    folder, given, wanted = pictures
    out = folder / "resumed"
    asked = [*given, "--out", out, "--engine", "ray", "--ray-address", cluster.address]
    for number, least in ((signal.SIGINT, 10), (signal.SIGKILL, 40)):
        resumed = ["--resume"] if records(out) else []
        run = started(*asked, *resumed)
        until(lambda least=least: records(out) >= least, run)
        run.send_signal(number)
        told = ended(run, 130 if number == signal.SIGINT else -signal.SIGKILL)
        assert ("--resume" in told) == (number == signal.SIGINT)
        assert least <= records(out) < COUNT
    assert f"{COUNT} accepted" in ended(started(*asked, "--resume"))
    assert digests(out) == wanted


def test_no_thread_asks_ray_once_it_is_shut_down(
    cluster: Cluster, pictures: tuple[Path, list[str], dict[str, str]]
) -> None:
    """Such a thread ends the process with Ray's status, before a run has told what it did."""
    folder, given, _ = pictures
    script = folder / "given_up.py"
    script.write_text(GIVEN_UP)
    out = folder / "given-up"
    command = [sys.executable, str(script), *given, "--out", str(out), "--engine", "ray"]
    run = subprocess.run(
        [*command, "--ray-address", cluster.address],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert run.returncode == 130, (run.stdout, run.stderr)
    assert "left at shutdown: []" in run.stdout
    assert "'iter_threaded']" in run.stdout.partition("left at")[0]
    assert 10 <= records(out) < COUNT


def test_a_cluster_that_cannot_work_is_told_at_once(tmp_path: Path) -> None:
    given = material(tmp_path, 2)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nothing listens
        closed = f"127.0.0.1:{taken.getsockname()[1]}"
        for address, said in (
            (closed, "expected a Ray cluster that answers there"),
            ("nowhere.invalid:6379", "expected a Ray cluster that answers there"),
            ("nowhere", "expected HOST:PORT, auto or local"),
        ):
            begun = time.monotonic()
            asked = ["--out", tmp_path / "out", "--engine", "ray", "--ray-address", address]
            told = ended(started(*given, *asked), 1)
            assert said in told
            assert "Traceback" not in told
            assert time.monotonic() - begun < 60
    told = ended(started(*given, "--out", tmp_path / "out", "--ray-address", closed), 2)
    assert "--ray-address goes with --engine ray" in told
    assert not (tmp_path / "out" / "manifest.jsonl").exists()


def test_a_node_that_sees_other_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a task does where a folder, the samples or the libraries are not those of the run."""
    # This process is no worker, and keeps its threads.
    monkeypatch.setattr("syncaug.runs.ray_worker.limit_threads", lambda count: None)
    import pickle
    from types import SimpleNamespace

    import pyarrow

    from syncaug.io.manifest import Entry
    from syncaug.runs.units import Task, Unit

    def refused(**changes: Any) -> str:
        own = {
            "job": SimpleNamespace(scratch=tmp_path, out=tmp_path / "out"),
            "token": "token",
            "here": str(tmp_path),
            "libraries": {"engine": ENGINE_VERSION, **libraries()},
            "folder": tmp_path,
            **changes,
        }
        entry = Entry(own.pop("folder") / "m.jsonl", 1, "k", {})
        task = pickle.dumps(Task(Unit(0, "k", 0, 0), entry))
        before = os.getcwd()
        block = pyarrow.table({TASK: pyarrow.array([task, task], pyarrow.binary())})
        found = [pickle.loads(made) for made in Work(**own)(block).column(MADE).to_pylist()]
        assert os.getcwd() == before
        assert len(found) == 2
        assert all(isinstance(one, Refused) for one in found)
        return str(found[0].reason)

    unseen = "expected one file system that all nodes share, under the same path on each"
    assert f"does not see {tmp_path / 'out'}, where results are written: {unseen}" in refused()
    assert "where the run was started" in refused(here=str(tmp_path / "none"))
    (tmp_path / "token").touch()
    assert "where samples lie" in refused(folder=tmp_path / "none")
    old = {**libraries(), "numpy": "1.0"}
    told = refused(libraries={"engine": ENGINE_VERSION - 1, **old})
    assert f"expected engine {ENGINE_VERSION - 1}, not {ENGINE_VERSION}, numpy 1.0, not" in told
    assert "install the same versions on all nodes" in told
