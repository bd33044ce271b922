"""A Ray cluster to work on: one that runs somewhere, or one of this machine for a single run."""

from __future__ import annotations

import logging
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from syncaug.errors import ManifestError, MissingExtraError

__all__ = ["connected"]

_SECONDS = 5.0
"""So long a cluster may take to answer; Ray itself would wait for ever."""


@contextmanager
def connected(address: str = "", workers: int = 0) -> Iterator[int]:
    """How many CPUs the cluster at `address` has, of which `workers` are used; 0 is all of them.

    Without an address it is the one that RAY_ADDRESS names, or else one that starts on this
    machine and ends with the run. A Ray that this process is connected to already is used as it
    is. Raises ManifestError where no cluster answers; MissingExtraError.
    """
    try:
        import ray
        import ray.data  # which sets up its log when it is imported
    except ImportError:
        raise MissingExtraError("Ray", "ray") from None
    own = not ray.is_initialized()
    data = logging.getLogger("ray.data")
    level = data.level
    try:
        if own:
            _connect(ray, address or os.environ.get("RAY_ADDRESS", ""), workers)
        data.setLevel(logging.CRITICAL)  # what goes wrong is told by its error
        resources: Any = ray.cluster_resources
        cpus = int(resources().get("CPU", 0))
        if not cpus:
            raise ManifestError(
                f"--ray-address {address}: expected a cluster with a CPU to work on; it has none. "
                "Add a node: ray start --address=HOST:PORT."
            )
        yield min(cpus, workers) if workers else cpus
    finally:
        data.setLevel(level)
        if own:
            ray.shutdown()


def _connect(ray: Any, address: str, workers: int) -> None:
    """Connect this process; signals stay whose they were, since Ray takes SIGTERM for itself."""
    quiet = {"log_to_driver": False, "logging_level": logging.CRITICAL, "configure_logging": True}
    main = {
        number: signal.getsignal(number)
        for number in (signal.SIGINT, signal.SIGTERM)
        if callable(signal.getsignal(number))
    }
    try:
        if address and address != "local":
            _require_answer(address)
            ray.init(address=address, **quiet)
        else:
            own = {"num_cpus": workers} if workers else {}
            ray.init(address="local", include_dashboard=False, **own, **quiet)
    except (ConnectionError, ValueError, RuntimeError, TimeoutError, OSError) as error:
        raise ManifestError(
            f"--ray-address {address or 'local'}: expected a Ray cluster that this process can "
            f"join; {' '.join(str(error).split())[:300]}"
        ) from error
    finally:
        for number, handler in main.items():
            try:
                signal.signal(number, handler)
            except ValueError:  # not the main thread, in which Ray takes none
                break


def _require_answer(address: str) -> None:
    """Raise ManifestError unless something listens at an address; "auto" is left to Ray."""
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if not host or not port.isdecimal():
        if address == "auto":
            return
        raise ManifestError(
            f"--ray-address {address}: expected HOST:PORT, auto or local. `ray start --head` tells "
            "the address of the cluster that it starts."
        )
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise ManifestError(
            f"--ray-address {address}: expected a Ray cluster that answers there; {error}. Start "
            "one with `ray start --head`, which tells its address, or leave the option out to work "
            "on this machine."
        ) from error
