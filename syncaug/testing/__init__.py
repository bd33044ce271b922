"""Contract checks for what packages bring: call them in your own tests, with any test runner.

Each builds small policies around what you bring, carries a sample under several keys, and raises an
AssertionError that says which rule is broken and what to mend. See docs/extending.md.
"""

from syncaug.testing.contracts import check_check, check_lane, check_operation, check_transform
from syncaug.testing.modality import check_modality

__all__ = ["check_check", "check_lane", "check_modality", "check_operation", "check_transform"]
