"""Values of a policy: raw YAML against the parameter's schema, to what the plan holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any

from syncaug.compiler.complaints import Complaints, Path
from syncaug.compiler.parameters.domain import Domain, mismatch, outside
from syncaug.compiler.parameters.formulas import CONSTANTS, constants_in, link_hint
from syncaug.compiler.parameters.remedies import (
    kept_within,
    remedy,
    unbounded,
    well_formed,
    within,
)
from syncaug.compiler.parameters.slips import slip
from syncaug.compiler.parameters.units import doubtful
from syncaug.values.distributions import (
    Bernoulli,
    Beta,
    Choice,
    Distribution,
    Integers,
    LogUniform,
    Normal,
    Uniform,
)
from syncaug.values.distributions import Constant as ConstantDistribution
from syncaug.values.interval import Interval, Support, UnboundedError
from syncaug.values.links import ExpressionLink, Link, link_from_json
from syncaug.values.value import Constant, Drawn, Value

__all__ = [
    "Scope",
    "compile_distribution",
    "compile_value",
    "is_distribution",
    "is_link",
    "is_plain",
    "shown",
]

Scope = Mapping[str, Support]
"""All that each variable in sight can be."""

_NOTHING: Scope = MappingProxyType({})

_LINK_KEYS = frozenset({"from", "scale", "offset", "curve", "table", "clip", "expr"})
_PLAIN = frozenset({bool, int, float, str})
"""Types of values that are neither links nor distributions nor ranges."""
_WORDS = frozenset(
    {"uniform", "normal", "log_uniform", "choice", "bernoulli", "integers", "beta", "constant"}
)
_PAIRS: Mapping[str, Any] = {"uniform": Uniform, "log_uniform": LogUniform, "integers": Integers}
_TABLES: Mapping[str, Any] = {"normal": Normal, "beta": Beta}


def is_link(raw: Any) -> bool:
    """Whether a raw value is meant as a link."""
    return isinstance(raw, Mapping) and bool({"from", "expr"} & set(raw))


def is_distribution(raw: Any) -> bool:
    """Whether a raw value is meant as a distribution."""
    return isinstance(raw, Mapping) and len(raw) == 1 and next(iter(raw)) in _WORDS


def is_plain(raw: Any, domain: Domain) -> bool:
    """Whether a value is a constant within its domain, whatever stands around it."""
    varies = is_link(raw) or is_distribution(raw) or (domain.ranges and _is_pair(raw))
    return not varies and not _misfit(raw, domain)


def compile_value(
    raw: Any,
    domain: Domain,
    scope: Scope,
    address: str,
    path: Path,
    complaints: Complaints,
    *,
    measure: tuple[str, float] = ("", 0.0),
) -> Value | None:
    """What the plan holds for a raw value, or None after complaining.

    `measure` is a unit of the catalogue, and the least that is seen: a value that fits and is
    probably in another unit is warned of.
    """
    before = len(complaints.problems)
    value = _compiled(raw, domain, scope, address, path, complaints)
    if len(complaints.problems) > before:
        complaints.explain(before, lambda: remedy(str(path[-1]), raw, domain, measure[0]))
        schema, varies = _schema_for(raw, domain), not domain.fixed
        complaints.explain(before, lambda: within(raw, schema, varies=varies), code="SA401")
    elif measure[0] and raw is not None:
        if isinstance(value, ExpressionLink) and not value.variables:
            raw = value.evaluate({})  # such as pi / 4
        odd = doubtful(str(path[-1]), raw, *measure)
        if odd:
            complaints.add("SA612", path, odd[0], hint=odd[1], severity="warning")
    return value


def _compiled(
    raw: Any, domain: Domain, scope: Scope, address: str, path: Path, complaints: Complaints
) -> Value | None:
    if type(raw) in _PLAIN:
        return _constant(raw, domain, path, complaints, scope)
    if is_link(raw):
        return _varying(_link(raw, scope, path, complaints), domain, scope, path, complaints)
    if is_distribution(raw):
        distribution = compile_distribution(raw, scope, path, complaints)
        if isinstance(distribution, ConstantDistribution):
            return _constant(distribution.value, domain, path, complaints)
        value = None if distribution is None else Drawn(distribution, address)
        return _varying(value, domain, scope, path, complaints)
    if domain.ranges and _is_pair(raw):
        return _range(raw, domain, scope, address, path, complaints)
    return _constant(raw, domain, path, complaints, scope)


def _is_pair(raw: Any) -> bool:
    return (
        isinstance(raw, list | tuple)
        and len(raw) == 2
        and all(isinstance(number, int | float) and not isinstance(number, bool) for number in raw)
    )


def _range(
    raw: Any, domain: Domain, scope: Scope, address: str, path: Path, complaints: Complaints
) -> Value | None:
    if raw[0] == raw[1]:
        return _constant(raw[0], domain, path, complaints)
    try:
        distribution: Distribution = Integers(*raw) if domain.integers else Uniform(*raw)
    except ValueError as error:
        complaints.add("SA405", path, str(error), hint=f"write [{raw[1]}, {raw[0]}]")
        return None
    return _varying(Drawn(distribution, address), domain, scope, path, complaints)


def _constant(
    raw: Any, domain: Domain, path: Path, complaints: Complaints, scope: Scope = _NOTHING
) -> Value | None:
    wrong = _misfit(raw, domain)
    if wrong:
        hint = slip(raw, scope)
        complaints.add("SA401", path, f"{shown(raw)} does not fit", expected=wrong, hint=hint)
        return None
    return Constant(raw)


def _misfit(raw: Any, domain: Domain) -> str:
    """What was expected where a constant does not fit; else empty."""
    return mismatch(raw, _schema_for(raw, domain))


def _schema_for(raw: Any, domain: Domain) -> Mapping[str, Any]:
    """What a constant is held against: a number against what one number may be."""
    number = isinstance(raw, int | float) and not isinstance(raw, bool)
    return domain.single if number else domain.schema


def _varying(
    value: Value | None, domain: Domain, scope: Scope, path: Path, complaints: Complaints
) -> Value | None:
    """Bound all that a value can be, and compare it with the domain."""
    if value is None:
        return None
    if domain.fixed:
        complaints.add(
            "SA404", path, "this parameter cannot vary from sample to sample", hint=domain.fixed
        )
        return None
    try:
        support = value.interval(scope)
    except (UnboundedError, ValueError) as error:
        complaints.add("SA402", path, str(error), hint=unbounded(value, scope))
        return None
    wrong = outside(support, domain)
    if wrong:
        what = "the link gives" if isinstance(value, Link | ExpressionLink) else "the draw gives"
        hint = kept_within(value, support, domain)
        complaints.add("SA402", path, f"{what} {_ranged(support)}", expected=wrong, hint=hint)
        return None
    if isinstance(support, Interval) and domain.integers and not _draws_integers(value):
        complaints.add(
            "SA406",
            path,
            "whole numbers are needed",
            expected="integers: [low, high] or choice: [...]",
        )
        return None
    return value


def _draws_integers(value: Value) -> bool:
    return isinstance(value, Drawn) and isinstance(value.distribution, Integers)


def shown(raw: Any) -> str:
    """A value of a policy as a message shows it."""
    text = "nothing" if raw is None else str(raw).lower() if isinstance(raw, bool) else repr(raw)
    return text if len(text) <= 60 else text[:57] + "..."


def _ranged(support: Support) -> str:
    if isinstance(support, Interval):
        return f"values from {support.low:g} to {support.high:g}"
    shown = ", ".join(map(_word, support[:6]))
    return shown + (", ..." if len(support) > 6 else "")


def _word(value: Any) -> str:
    """A value among several, as a policy writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _link(
    raw: Mapping[str, Any],
    scope: Scope,
    path: Path,
    complaints: Complaints,
    drawn: Collection[str] = (),
) -> Value | None:
    unknown = [key for key in raw if key not in _LINK_KEYS]
    if unknown:
        complaints.unknown(
            "SA407", (*path, unknown[0]), "key of a link", str(unknown[0]), _LINK_KEYS, key=True
        )
        return None
    try:
        link = link_from_json(raw)
    except (ValueError, TypeError, KeyError) as error:
        complaints.add("SA407", path, f"not a link: {error}", hint=link_hint(raw))
        return None
    shadowed = constants_in(raw.get("expr")) & set(scope)
    if shadowed:
        name = min(shadowed)
        message = f"{name!r} is {CONSTANTS[name]:g} in every formula, and a variable here"
        hint = f"give the variable another name, or follow it by {{from: {name}}}"
        complaints.add("SA408", (*path, "expr"), message, hint=hint)
        return None
    missing = sorted(link.variables - set(scope))
    for name in missing:
        where = (*path, "from") if "from" in raw else (*path, "expr")
        if name in drawn:
            complaints.add(
                "SA403",
                where,
                f"{name!r} is drawn, and a variable follows no other",
                expected=f"one of {', '.join(scope)}",
                hint="put this distribution under with:, where a number may follow any variable",
            )
        else:
            complaints.unknown("SA403", where, "variable", name, scope)
    return None if missing else link


def compile_distribution(
    raw: Mapping[str, Any],
    scope: Scope,
    path: Path,
    complaints: Complaints,
    *,
    drawn: Collection[str] = (),
) -> Distribution | None:
    """A distribution of the language as the plan holds it, or None after complaining.

    `drawn` are variables that are declared, and that none of its numbers may follow.
    """
    ((word, content),) = raw.items()
    inner = (*path, word)

    def bound(item: Any, where: Path) -> Any:
        if not is_link(item):
            return item
        link = _link(item, scope, where, complaints, drawn)
        if link is None:
            raise _ToldError
        return link

    try:
        distribution = _distribution(word, content, inner, bound)
    except _ToldError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        complaints.add(
            "SA405",
            inner,
            str(error) if isinstance(error, ValueError) else f"not a {word}: {content!r}",
            hint=well_formed(word, content),
        )
        return None
    if distribution.variables:
        for text in distribution.problems(scope):
            complaints.add("SA405", inner, text, hint=well_formed(word, content))
            return None
    return distribution


class _ToldError(Exception):
    """A number of a distribution is a link of which a problem is told."""


def _distribution(
    word: str, content: Any, path: Path, bound: Callable[[Any, Path], Any]
) -> Distribution:
    if word == "constant":
        return ConstantDistribution(content)
    if word == "choice":
        if isinstance(content, Mapping):
            return Choice(tuple(content["values"]), tuple(content.get("weights", ())))
        return Choice(tuple(content), ())
    if word == "bernoulli":
        return Bernoulli(bound(content, path))
    if word in _PAIRS:
        if not isinstance(content, list | tuple) or len(content) != 2:
            raise ValueError(f"{word}: expected [low, high]; got {content!r}")
        pair: Distribution = _PAIRS[word](
            *(bound(item, (*path, index)) for index, item in enumerate(content))
        )
        return pair
    table: Distribution = _TABLES[word](
        **{name: bound(item, (*path, name)) for name, item in content.items()}
    )
    return table
