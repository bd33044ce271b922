"""Loading: text or data to an augmenter, through every stage of the compiler."""

from __future__ import annotations

import os
import warnings
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any

from syncaug.arguments import seed_of
from syncaug.catalogue.encoders import encodes, wrongly_told
from syncaug.compiler.lexicons import with_lexicons
from syncaug.compiler.policy import compile_policy
from syncaug.compiler.spaces_beside import with_fingerprints
from syncaug.errors import ArgumentError, PolicyError, PolicyWarning
from syncaug.plan.plan import Plan
from syncaug.policy.beside import beside
from syncaug.policy.comments import without_accepted
from syncaug.policy.document import CheckedPolicy
from syncaug.policy.model import Found, find
from syncaug.policy.source import Document, read
from syncaug.policy.suggest import few_suggestions
from syncaug.problem import Problem

if TYPE_CHECKING:
    from syncaug.augmenter import Augmenter

__all__ = ["check_policy", "compiled", "load_policy"]

PolicySource = str | os.PathLike[str] | bytes | IO[Any] | Mapping[str, Any]


Encoders = Mapping[str, Any]


def load_policy(
    source: PolicySource,
    *,
    seed: int | None = None,
    encoders: Encoders | None = None,
    strict: bool = False,
) -> Augmenter:
    """Compile a policy.

    `source` is a path, the name of a shipped policy (`pets`), YAML text, an open file, a mapping or
    an OmegaConf config. `seed` replaces the policy's own. `encoders` are those by name for the
    check `similarity` and for steps in latent spaces, picklable where the augmenter is to be:
    callables `(modality, value)` to a vector, or objects with `encode(name, values)`.
    Raises PolicyError with every problem, each with its position and a hint.

    What the compiler finds doubtful is a PolicyWarning, one for each, and stays in the augmenter's
    `warnings`; with `strict` it is a problem like any other. The policy of a record, which was
    loaded before, warns no more.

    >>> from syncaug import load_policy
    >>> policy = load_policy('''
    ... syncaug: 1
    ... sample: {image: image}
    ... steps: [{name: mirror, uses: flip, p: 0.5}]
    ... ''', seed=7)
    >>> policy.seed
    7
    """
    augmenter = compiled(source, seed=seed, encoders=encoders, strict=strict)
    if not isinstance(source, CheckedPolicy):
        for problem in augmenter.warnings:
            warnings.warn(PolicyWarning(problem), stacklevel=2)
    return augmenter


def compiled(
    source: PolicySource,
    *,
    seed: int | None = None,
    encoders: Encoders | None = None,
    strict: bool = False,
) -> Augmenter:
    """What `load_policy` returns, its warnings unspoken.

    Raises PolicyError, and ArgumentError for a seed or encoders that cannot be.
    """
    from syncaug.augmenter import Augmenter

    seed = None if seed is None else seed_of(seed)
    encoders = _encoders(encoders)
    plan, problems, document = check_policy(source, encoders=encoders)
    if plan is None or (strict and problems):
        raise PolicyError(
            [replace(problem, severity="error") for problem in problems] if strict else problems
        )
    return Augmenter(
        plan,
        CheckedPolicy(document.data),
        seed=plan.seed if seed is None else seed,
        encoders=encoders,
        warnings=problems,
    )


def _encoders(encoders: Any) -> Encoders:
    if encoders is None:
        return {}
    if not isinstance(encoders, Mapping):
        kind = type(encoders).__name__
        raise ArgumentError("encoders", expected="a mapping of callables by name", came=f"a {kind}")
    for name, encoder in encoders.items():
        if not isinstance(name, str) or not encodes(encoder):
            raise ArgumentError(
                "encoders",
                expected="callables, or objects with encode(name, values), by name",
                came=f"{name!r}: {encoder!r}",
            )
        wrong = wrongly_told(encoder)
        if wrong:
            part, expected, came = wrong
            raise ArgumentError(f"encoders: {part} of {name!r}", expected, came)
    return encoders


def check_policy(
    source: PolicySource, *, extras: str = "error", encoders: Collection[str] = ()
) -> tuple[Plan | None, list[Problem], Document]:
    """The plan if there is one, all problems and warnings sorted by position, and the document.

    `extras` says whether a missing library is an `error` or a `warning`; `encoders` names those
    that are given for checks. Raises PolicyError where the source cannot be read as YAML at all.
    """
    document, unread = with_lexicons(with_fingerprints(beside(read(source)), encoders))
    with few_suggestions():
        found = find(document)
        if found.policy is not None and not unread:
            plan, problems = compile_policy(
                document.data, document, extras=extras, encoders=encoders
            )
            return plan, without_accepted(problems, document.lines, document.name), document
        problems = [*unread, *found.problems]
        if not unread:
            problems += _of_the_rest(document, found, extras, encoders)
    return None, sorted(problems, key=lambda problem: problem.position), document


def _of_the_rest(
    document: Document, found: Found, extras: str, encoders: Collection[str]
) -> list[Problem]:
    """What the compiler says of the parts of a policy that the model does not refuse."""
    from syncaug.policy.salvage import salvage  # a policy without mistakes never needs it

    if not found.broken:
        return []
    rest = salvage(document, found.broken)
    _, problems = compile_policy(rest.data, rest, extras=extras, encoders=encoders, lost=rest.lost)
    more: list[Problem] = []
    told = {problem.position for problem in found.problems}
    for group in (rest.problems, problems):  # a place is spoken of by the first that knows it
        more += [problem for problem in group if problem.position not in told]
        told |= {problem.position for problem in group}
    return more
