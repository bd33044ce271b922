"""Settings for all tests: the same examples on every run, unless somebody goes exploring.

HYPOTHESIS_PROFILE=explore pytest tests/policy/test_fuzz.py
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.register_profile("explore", derandomize=False, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
