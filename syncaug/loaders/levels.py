"""What a checkpoint of a loader keeps of the schedules of its policy's levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.augmenter import Augmenter
from syncaug.errors import SampleError

__all__ = ["levels_of", "restore_levels"]

_LEVELS = ("severity", "progress")


def levels_of(policy: Augmenter) -> dict[str, Any]:
    """The states of those schedules of a policy that have one, as an entry of a loader's state.

    Nothing for numbers, and for schedules that the epoch alone decides.
    """
    found = {name: level.state_dict() for name, level in _stateful(policy).items()}
    return {"levels": found} if found else {}


def restore_levels(policy: Augmenter, state: Mapping[str, Any]) -> None:
    """Let schedules go on from a loader's state; one without them, of another policy, is left.

    Raises SampleError where the state is of a schedule that the policy does not have.
    """
    own = _stateful(policy)
    for name, told in state.get("levels", {}).items():
        if name not in own:
            raise SampleError(
                "state",
                what="argument",
                expected=f"a policy whose {name} follows a schedule with a state, as the "
                "checkpoint's does",
                came=f"{name} {getattr(policy, name)!r}",
                hint=f"Give the data set the policy of the checkpoint: policy.with_{name}"
                "(ByScore(...)).",
            )
        own[name].load_state_dict(told)


def _stateful(policy: Augmenter) -> dict[str, Any]:
    """The schedules of a policy that learn something while a training goes on, by level."""
    levels = {name: getattr(policy, name) for name in _LEVELS}
    return {name: level for name, level in levels.items() if hasattr(level, "load_state_dict")}
