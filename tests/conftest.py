"""Settings for all tests: the same examples on every run, unless somebody goes exploring.

HYPOTHESIS_PROFILE=explore pytest tests/policy/test_fuzz.py
"""

from __future__ import annotations

import os

from hypothesis import settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

# Hypothesis mixes in numbers and words of all modules that are imported by then, so that one test
# alone would see other examples than the same test after others. Without them it sees the same.
_RETURNS = providers._get_local_constants.__annotations__["return"]
assert _RETURNS in ("Constants", Constants), "Hypothesis has changed: look again"
_NONE = Constants()
providers._get_local_constants = lambda: _NONE

settings.register_profile("same", derandomize=True)
settings.register_profile("explore", derandomize=False, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
