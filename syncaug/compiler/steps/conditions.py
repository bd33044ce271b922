"""When a step happens: its chance, and what `when:` asks of the sample and the variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.compiler.complaints import Complaints, Path
from syncaug.compiler.declared import Declared
from syncaug.compiler.parameters.domain import Domain
from syncaug.compiler.parameters.values import Scope, compile_value
from syncaug.compiler.steps.never import warn_of_absence, warn_of_never
from syncaug.plan.step import Condition
from syncaug.values.distributions import Bernoulli
from syncaug.values.interval import Interval, Support
from syncaug.values.links import ExpressionLink, Link
from syncaug.values.value import Constant, Drawn, Value

__all__ = ["compile_chance", "compile_conditions"]

_CHANCE = Domain({"type": "number", "minimum": 0, "maximum": 1})
_TESTS = ("is", "not", "in", "above", "below")


def compile_chance(raw: Any, scope: Scope, step: str, path: Path, complaints: Complaints) -> Value:
    """The chance of a step as a value that is true or false."""
    chance = compile_value(raw, _CHANCE, scope, f"{step}.chance", path, complaints)
    if chance is None:
        return Constant(True)
    if isinstance(chance, ExpressionLink) and not chance.variables:
        chance = Constant(chance.evaluate({}))
    if isinstance(chance, Constant):
        if chance.value in (0, 1):
            return Constant(bool(chance.value))
        return Drawn(Bernoulli(float(chance.value)), f"{step}.p")
    if isinstance(chance, Link | ExpressionLink):
        return Drawn(Bernoulli(chance), f"{step}.p")
    complaints.add("SA404", path, "a chance is a number or a link", expected="a number from 0 to 1")
    return Constant(True)


def compile_conditions(
    raw: Any, scope: Scope, path: Path, declared: Declared
) -> tuple[Condition, ...]:
    """What must hold for the step: one condition or a list of them."""
    if raw is None:
        return ()
    single = isinstance(raw, Mapping)
    items = [(raw, path)] if single else [(item, (*path, i)) for i, item in enumerate(raw)]
    out: list[Condition] = []
    for item, where in items:
        for word in ("present", "absent"):
            if word in item:
                known = declared.known(item[word], (*where, word))
                if known and word == "absent" and not declared.streams[item[word]].optional:
                    warn_of_absence(item[word], where, declared.complaints)
                out.append(Condition(item[word], "present", word == "present"))
        if "stream" in item:
            from syncaug.compiler.steps.contents import compile_contents  # else not loaded

            out.extend(compile_contents(item, where, declared))
        if "var" in item:
            if _comparable(item, scope, where, declared.complaints):
                warn_of_never(item, scope[item["var"]], where, declared.complaints)
            out.extend(
                Condition(item["var"], test, tuple(item[test]) if test == "in" else item[test])
                for test in _TESTS
                if test in item
            )
    return tuple(out)


def _comparable(item: Mapping[str, Any], scope: Scope, where: Path, complaints: Complaints) -> bool:
    """Complain where there is no such variable, or a word would be above or below something."""
    name = item["var"]
    if name not in scope:
        complaints.unknown("SA403", (*where, "var"), "variable", str(name), scope)
        return False
    words = _words(scope[name])
    for test in ("above", "below"):
        if test in item and words:
            complaints.add(
                "SA401",
                (*where, test),
                f"{name!r} can be {words[0]!r}, and no word is {test} a number",
                expected="is, not or in, or a variable that is a number",
                hint=f"write {{var: {name}, is: {words[0]}}}",
                key=True,
            )
    return True


def _words(support: Support) -> list[str]:
    return [] if isinstance(support, Interval) else [v for v in support if isinstance(v, str)]
