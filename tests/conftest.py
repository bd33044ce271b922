"""Settings for all tests: the same examples on every run, unless somebody goes exploring.

HYPOTHESIS_PROFILE=explore pytest tests/policy/test_fuzz.py
"""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from threadpoolctl import threadpool_limits

from tests.programs import program

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Hypothesis mixes in numbers and words of all modules that are imported by then, so that one test
# alone would see other examples than the same test after others. Without them it sees the same.
_RETURNS = providers._get_local_constants.__annotations__["return"]
assert _RETURNS in ("Constants", Constants), "Hypothesis has changed: look again"
_NONE = Constants()
providers._get_local_constants = lambda: _NONE

# No example is wrong because a busy machine was slow with it.
UNHURRIED: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow],
}
settings.register_profile("same", derandomize=True, **UNHURRIED)
settings.register_profile("explore", derandomize=False, max_examples=5000, **UNHURRIED)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Iterator[None]:
    """What has been imported and collected by then stays to the end, and is no garbage.

    There are more than a million objects, among which a collector looks for a second.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_finish() -> None:
    """One thread of BLAS and PyTorch for each worker, of whatever has been imported by then.

    Threads of workers that share cores wait for each other: fits take four times as long with them.
    """
    threadpool_limits(1, "blas")
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one module: a process that forks must not find it open."""
    path = program("chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
    # Playwright leaves the pipes of its driver to the garbage collector, which would otherwise
    # warn of them in a test that has nothing to do with it.
    del browser, playwright
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
