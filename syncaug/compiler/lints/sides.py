"""Names of sides that a step mirrors and of which the policy decides nothing."""

from __future__ import annotations

from syncaug.compiler.complaints import Complaints
from syncaug.plan.mirrors import ADVICE, mirrored_streams, named_bodies
from syncaug.plan.plan import Plan

__all__ = ["warn_of_sides"]


def warn_of_sides(plan: Plan, complaints: Complaints) -> None:
    """Warn of declared names of sides that a mirror leaves: of classes, and of points of bodies."""
    _classes(plan, complaints)
    _unpaired(plan, complaints)


def _unpaired(plan: Plan, complaints: Complaints) -> None:
    """Warn of points and channels of one side of which the other side is not there."""
    if not any(stream.options.get("names") for stream in plan.streams):
        return
    from syncaug.body_sides import unpaired  # where there is nothing to warn of, not loaded

    for stream in named_bodies(plan):
        found = unpaired(tuple(stream.options["names"]))
        if found:
            complaints.add(
                "SA609",
                ("sample", stream.name, "names"),
                f"a step mirrors, and no name of {stream.name!r} is the other side of {found!r}",
                hint="name both sides alike and once (left_eye, right_eye), or declare sides: keep",
                severity="warning",
            )


def _classes(plan: Plan, complaints: Complaints) -> None:
    """Warn of labels whose declared classes name sides and of which nothing is decided."""
    if not any(isinstance(stream.options.get("classes"), list) for stream in plan.streams):
        return
    from syncaug.body_sides import sided  # where there is nothing to warn of, not loaded

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
