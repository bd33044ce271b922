"""Loading: text or data to an augmenter, through every stage of the compiler."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from typing import IO, TYPE_CHECKING, Any

from syncaug.errors import PolicyError, Problem
from syncaug.plan.compiler import compile_policy
from syncaug.plan.plan import Plan
from syncaug.policy.model import parse
from syncaug.policy.source import Document, read

if TYPE_CHECKING:
    from syncaug.augmenter import Augmenter

__all__ = ["check_policy", "load_policy"]

PolicySource = str | os.PathLike[str] | bytes | IO[Any] | Mapping[str, Any]


Encoders = Mapping[str, Callable[[str, Any], Any]]


def load_policy(
    source: PolicySource, *, seed: int | None = None, encoders: Encoders | None = None
) -> Augmenter:
    """Compile a policy.

    `source` is a path, YAML text, an open file, a mapping or an OmegaConf config. `seed` replaces
    the policy's own. `encoders` are callables by name for the check `similarity`: `(modality,
    value)` to a vector, picklable where the augmenter is to be. Raises PolicyError with every
    problem, each with its position and a hint.
    """
    from syncaug.augmenter import Augmenter

    plan, problems, document = check_policy(source, encoders=encoders or {})
    if plan is None:
        raise PolicyError(problems)
    seed = plan.seed if seed is None else seed
    return Augmenter(plan, document.data, seed=seed, encoders=encoders or {})


def check_policy(
    source: PolicySource, *, extras: str = "error", encoders: Collection[str] = ()
) -> tuple[Plan | None, list[Problem], Document]:
    """The plan if there is one, all problems and warnings sorted by position, and the document.

    `extras` says whether a missing library is an `error` or a `warning`; `encoders` names those
    that are given for checks. Raises PolicyError where the source cannot be read as YAML at all.
    """
    document = read(source)
    policy, problems = parse(document)
    if policy is None:
        return None, sorted(problems, key=lambda problem: problem.position), document
    plan, more = compile_policy(document.data, document, extras=extras, encoders=encoders)
    return plan, sorted([*problems, *more], key=lambda problem: problem.position), document
