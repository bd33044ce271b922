"""Kill runs of `apply` at random moments, go on with --resume, and compare all bytes.

    python -m tools.kill_runs --runs 20
    python -m tools.kill_runs --runs 20 --engine ray  # on a cluster of three nodes, made here

Half of the kills end the whole run with SIGKILL, half one of its workers. Each run is then resumed
until it ends by itself, and its files, manifest and records are compared with those of a run that
nobody disturbed. Prints a table; the exit code is 1 where any byte differs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from time import monotonic

from tests.runs.material import digests, material
from tests.runs.running import applied, finished, ray_workers, started, wait_for_lines, workers


@dataclass(frozen=True, slots=True)
class Kill:
    """What became of one run that was killed."""

    what: str
    lines: int
    whole: int
    left: int
    code: int
    twice: int
    differing: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill, resume, compare, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20, help="kills of each kind")
    parser.add_argument("--samples", type=int, default=24)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--engine", choices=["local", "ray"], default="local")
    asked = parser.parse_args(arguments)
    with _engine(asked.engine) as engine:
        return _kill_all(asked, *engine)


@contextmanager
def _engine(name: str) -> Iterator[tuple[list[str], Callable[[Popen[str]], list[int]]]]:
    """The options of an engine, and what finds the workers of a run."""
    if name == "local":
        yield ["--workers", "2"], workers
        return
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    try:
        for _ in range(2):
            cluster.add_node(num_cpus=1)
        address = cluster.address
        yield ["--engine", "ray", "--ray-address", address], lambda _: ray_workers(address)
    finally:
        cluster.shutdown()


def _kill_all(
    asked: argparse.Namespace, engine: list[str], find: Callable[[Popen[str]], list[int]]
) -> int:
    """All kills of one engine, each compared with what one process makes undisturbed."""
    generator = random.Random(asked.seed)
    start = monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        options = [*material(folder, asked.samples), "--variants", "2"]
        clean = folder / "clean"
        applied(options, clean)
        expected = digests(clean)
        total = len(_records(clean))
        kills = []
        print(f"{total} results of {asked.samples} samples, {' '.join(engine[:2])}")
        print("killed      after  whole  left  exit  twice  differing")
        for number in range(2 * asked.runs):
            what = "the run" if number % 2 else "a worker"
            moment = generator.randrange(total)
            out = folder / "out"
            kills.append(_killed(what, moment, [*options, *engine], out, expected, find))
            one = kills[-1]
            print(
                f"{one.what:10}  {one.lines:5}  {one.whole:5}  {one.left:4}  {one.code:4}  "
                f"{one.twice:5}  {one.differing:9}",
                flush=True,
            )
            shutil.rmtree(out)
    wrong = sum(bool(one.twice or one.differing) for one in kills)
    print(f"{len(kills)} kills in {monotonic() - start:.0f} s; {wrong} with other bytes")
    return 1 if wrong else 0


def _killed(
    what: str,
    moment: int,
    options: list[str],
    out: Path,
    expected: dict[str, str],
    find: Callable[[Popen[str]], list[int]],
) -> Kill:
    """One run that is killed when so many results are there, and resumed."""
    with started(options, out) as process:
        wait_for_lines(out, moment, process)
        pids = [] if what == "the run" else find(process)
        with suppress(ProcessLookupError):  # it may just have ended by itself
            os.kill(pids[0] if pids else process.pid, signal.SIGKILL)
        code, _, _ = finished(process)
    whole = len(_records(out))
    left = len(list(out.glob(".*")))
    applied([*options, "--resume"], out)
    found = digests(out)
    names = [(record["draw"]["key"], record["draw"]["epoch"]) for record in _records(out)]
    differing = {name for name in {**found, **expected} if found.get(name) != expected.get(name)}
    return Kill(what, moment, whole, left, code, len(names) - len(set(names)), len(differing))


def _records(out: Path) -> list[dict[str, dict[str, object]]]:
    """The whole records of a folder."""
    try:
        lines = (out / "records.jsonl").read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return []
    return [json.loads(line) for line in lines]


if __name__ == "__main__":
    sys.exit(main())
