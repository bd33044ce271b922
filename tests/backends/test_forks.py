"""Children of a fork at any moment: no lock is left locked, and the globals are the user's."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
import warnings
from typing import Any

import numpy as np
import pytest

from syncaug import Augmenter, load_policy
from syncaug.backends.isolation import addressed_globals
from syncaug.forks import cached_property
from syncaug.randomness import Entropy

NOISY = """syncaug: 1
sample: {s: {modality: audio, sample_rate: 16000}}
steps: [{name: o, apply: {s: {op: audiomentations.AddGaussianNoise}}}]
"""
SOUND = np.random.default_rng(0).normal(0, 0.1, 16000 * 20).astype(np.float32)
SHORT = SOUND[:1600]
FORKS = 20

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


def in_fork(check: Any) -> int:
    """The exit code of a child that runs `check`, or -1 where it hangs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forks beside threads, on purpose
        pid = os.fork()
    if pid == 0:
        code = 1
        try:
            code = 0 if check() else 2
        finally:
            os._exit(code)
    for _ in range(1500):
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return -1


@needs_fork
def test_children_of_a_fork_during_a_long_operation_use_the_policy_at_once() -> None:
    policy = load_policy(NOISY)
    expected = policy({"s": SHORT}, key=1)["s"]
    usual = (random.random, np.random.normal, np.random.uniform)
    stop = threading.Event()

    def work() -> None:
        key = 0
        while not stop.is_set():
            policy({"s": SOUND}, key=key)
            key += 1

    def child() -> bool:
        same = (random.random, np.random.normal, np.random.uniform) == usual
        return same and np.array_equal(policy({"s": SHORT}, key=1)["s"], expected)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        codes = [in_fork(child) for _ in range(FORKS)]
    finally:
        stop.set()
        thread.join()
    assert codes == [0] * FORKS


@needs_fork
def test_a_child_draws_from_the_users_globals() -> None:
    np.random.seed(3)
    wanted = np.random.RandomState(3).normal()
    usual = random.random  # which Python itself seeds anew in a child
    ready, done = threading.Event(), threading.Event()

    def hold() -> None:
        with addressed_globals(Entropy(b"\1" * 32)):
            ready.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    ready.wait()
    try:
        code = in_fork(lambda: np.random.normal() == wanted and random.random == usual)
    finally:
        done.set()
        thread.join()
    assert code == 0


@needs_fork
def test_a_fork_inside_an_operation_goes_on_inside_it() -> None:
    def child() -> bool:
        first = np.random.normal()
        with addressed_globals(Entropy(b"\2" * 32)):
            np.random.normal()
        return bool(np.isfinite(first))

    with addressed_globals(Entropy(b"\1" * 32)), addressed_globals(Entropy(b"\3" * 32)):
        assert in_fork(child) == 0
    assert addressed_globals.innermost is None


@needs_fork
def test_a_value_that_is_being_worked_out_is_worked_out_anew_in_a_child() -> None:
    begun, go = threading.Event(), threading.Event()

    class Slow:
        parent = os.getpid()

        @cached_property
        def value(self) -> int:
            if os.getpid() == self.parent:
                begun.set()
                go.wait()
            return 7

    slow = Slow()
    thread = threading.Thread(target=lambda: slow.value)
    thread.start()
    begun.wait()
    try:
        assert in_fork(lambda: slow.value == 7) == 0
    finally:
        go.set()
        thread.join()


def augmented(policy: Augmenter) -> bytes:
    return bytes(policy({"s": SHORT}, key=5)["s"].tobytes())


@pytest.mark.slow
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_every_way_to_start_a_process_gives_the_same_bytes(method: str) -> None:
    policy = load_policy(NOISY)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        with multiprocessing.get_context(method).Pool(1) as pool:
            assert pool.apply(augmented, (policy,)) == augmented(policy)
