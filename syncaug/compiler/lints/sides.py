"""Names of sides that a step mirrors and of which the policy decides nothing."""

from __future__ import annotations

from syncaug.compiler.complaints import Complaints
from syncaug.plan.mirrors import ADVICE, mirrored_streams
from syncaug.plan.plan import Plan

__all__ = ["warn_of_sides"]


def warn_of_sides(plan: Plan, complaints: Complaints) -> None:
    """Warn of labels whose declared classes name sides and of which nothing is decided."""
    if not any(isinstance(stream.options.get("classes"), list) for stream in plan.streams):
        return
    from syncaug.words.body_sides import sided  # where there is nothing to warn of, not loaded

    for name in sorted(mirrored_streams(plan)):
        classes = plan.stream(name).options.get("classes")
        found = sided(str(each) for each in classes) if isinstance(classes, list) else ""
        if found:
            complaints.add(
                "SA609",
                ("sample", name, "classes"),
                f"a step mirrors, and {found!r} of {name!r} names a side",
                hint=ADVICE,
                severity="warning",
            )
