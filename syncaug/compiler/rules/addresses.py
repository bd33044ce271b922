"""Each random number of a plan has an address of its own."""

from __future__ import annotations

from syncaug.compiler.complaints import Complaints
from syncaug.plan.addresses import addresses
from syncaug.plan.plan import Plan

__all__ = ["require_own_addresses"]


def require_own_addresses(plan: Plan, complaints: Complaints) -> None:
    """Complain where two draws would share one number because names meet in their addresses."""
    seen: dict[str, str] = {}
    for address, what in addresses(plan):
        if address in seen:
            complaints.add(
                "SA410",
                ("steps",),
                f"{what} and {seen[address]} would draw the same number",
                expected="names that lead to different addresses",
                hint="rename the stream or the variable",
                key=True,
            )
            return
        seen[address] = what
