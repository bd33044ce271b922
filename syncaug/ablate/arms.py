"""The arms of an ablation, each a policy of its own that differs in nothing but `ablation:`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syncaug.errors import SyncaugError
from syncaug.io.atomic import write_bytes
from syncaug.loading import compiled
from syncaug.plan.ablation import (
    ALONE,
    INDEPENDENT,
    JITTERED,
    NONE,
    STRICT,
    units_of,
)
from syncaug.policy.suggest import suggest

if TYPE_CHECKING:
    from syncaug.augmenter import Augmenter

__all__ = ["ALL", "EACH", "AblationError", "Arm", "arms_of", "parted_steps", "write_policy"]

EACH = "each"
"""The word for all arms in which one modality alone is augmented."""

ALL = (NONE, EACH, INDEPENDENT, JITTERED, STRICT)
"""The arms of an ablation without a choice, as they are written."""

_LEAST = 2


class AblationError(SyncaugError):
    """An ablation that cannot be made: arms, streams or runs that do not fit."""


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm: its name, which is that of its folder, and what its policy says of it."""

    name: str
    ablation: Mapping[str, Any]

    def policy(self, policy: Augmenter, seed: int) -> dict[str, Any]:
        """The data of the arm's policy: the given one, all steps strict, with another seed."""
        data = {name: value for name, value in policy.policy.items() if name != "ablation"}
        return {
            **data,
            "seed": seed,
            "steps": [_strict(step) for step in data["steps"]],
            "ablation": dict(self.ablation),
        }


def arms_of(
    policy: Augmenter,
    names: Sequence[str] = ALL,
    *,
    amount: float = 0.1,
    together: Iterable[Sequence[str]] = (),
) -> list[Arm]:
    """The arms of a policy, strict last.

    `each` stands for `only-STREAM` of each stream that steps reach; streams that go together are
    one, by the name of the first. Raises AblationError for names that are no arms, without the arm
    `strict` or another one, and for a policy that reaches fewer than two streams that can part.
    """
    tied = [list(one) for one in together]
    streams = [stream.name for stream in policy.plan.streams]
    for name in (name for one in tied for name in one if name not in streams):
        raise AblationError(
            f"together: unknown stream {name!r}: expected some of {', '.join(streams)}. "
            f"{suggest(name, streams)}".strip()
        )
    units = units_of(policy.plan.streams, policy.plan.steps, tied)
    if len(units) < _LEAST:
        reached = ", ".join(map(" with ".join, units)) or "none"
        raise AblationError(
            "an ablation needs steps that reach at least two streams which can part; got "
            f"{reached}. Add steps for other streams of the sample."
        )
    shared: dict[str, Any] = {"together": tied} if tied else {}
    known = {NONE: Arm(NONE, {"arm": NONE, **shared})}
    for unit in units:
        alone = {"arm": ALONE, "streams": [unit[0]], **shared}
        known[f"only-{unit[0]}"] = Arm(f"only-{unit[0]}", alone)
    known[INDEPENDENT] = Arm(INDEPENDENT, {"arm": INDEPENDENT, **shared})
    known[JITTERED] = Arm(JITTERED, {"arm": JITTERED, "amount": amount, **shared})
    known[STRICT] = Arm(STRICT, {"arm": STRICT, **shared})
    wanted: set[str] = set()
    for name in names:
        if name == EACH:
            wanted |= {arm for arm in known if arm.startswith("only-")}
        elif name in known:
            wanted.add(name)
        else:
            words = (*known, EACH)
            hint = suggest(name, words)
            raise AblationError(
                f"unknown arm {name!r}: expected some of {', '.join(words)}. {hint}".strip()
            )
    if STRICT not in wanted or len(wanted) < _LEAST:
        raise AblationError(
            f"arms: expected {STRICT!r}, with which others are compared, and another one; got "
            f"{', '.join(names) or 'none'}"
        )
    return [arm for name, arm in known.items() if name in wanted]


def parted_steps(policy: Augmenter) -> list[str]:
    """The steps whose streams do not share one draw as the policy is written."""
    return [step.name for step in policy.plan.walk() if step.sync.mode != STRICT]


def write_policy(arm: Arm, policy: Augmenter, seed: int, path: Path) -> None:
    """Write the policy of an arm as a file that `load_policy` reads.

    Raises PolicyError where it cannot be loaded, and OSError.
    """
    import yaml

    data = arm.policy(policy, seed)
    meant = compiled(data, encoders=policy.encoders)
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)
    write_bytes(path, text.encode("utf-8", "surrogatepass"))
    if compiled(path, encoders=policy.encoders).plan != meant.plan:
        raise AblationError(f"{path}: the policy of the arm {arm.name!r} reads as another one")


def _strict(step: Mapping[str, Any]) -> dict[str, Any]:
    """A step without `sync:`, and those inside it."""
    out = {name: value for name, value in step.items() if name != "sync"}
    for kind in ("one_of", "some_of"):
        inner = out.get(kind)
        if isinstance(inner, Mapping):
            out[kind] = {**inner, "steps": [_strict(one) for one in inner["steps"]]}
        elif inner is not None:
            out[kind] = [_strict(one) for one in inner]
    return out
