"""What a step must not leave behind: one rule each, asked of every use of a transform."""

from syncaug.compiler.rules.gravity import require_weightless
from syncaug.compiler.rules.grounding import require_grounding
from syncaug.compiler.rules.mixing import require_mixed
from syncaug.compiler.rules.needs import require_needed
from syncaug.compiler.rules.rectified import (
    require_alike,
    require_known_turn,
    require_level_rows,
    require_partners,
    require_rectified,
)
from syncaug.compiler.rules.robots import require_robots
from syncaug.compiler.rules.seen import require_seen
from syncaug.compiler.rules.upright import require_upright

__all__ = ["TRANSFORM_RULES"]

TRANSFORM_RULES = (
    require_mixed,
    require_needed,
    require_seen,
    require_upright,
    require_weightless,
    require_grounding,
    require_level_rows,
    require_rectified,
    require_known_turn,
    require_partners,
    require_alike,
    require_robots,
)
"""The rules in the order in which their complaints are given."""
