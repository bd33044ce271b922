"""Parameters of a transform or an operation: names to values, each against its own domain."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal, NamedTuple

from syncaug.compiler.complaints import Complaints, Path, as_clause
from syncaug.compiler.parameters.domain import Domain
from syncaug.compiler.parameters.values import Scope, compile_value, is_plain
from syncaug.values.value import Constant, Value

__all__ = ["Owner", "Parameter", "compile_parameters", "with_default"]


class Parameter(NamedTuple):
    """What may be written for one name.

    `absent` says what follows where nothing is written: `nothing`, the `default`, or a complaint
    that it is `required`. `space` is the kind of space that the value names, if it names one.
    `constant` is what the default comes to where that is the same in every step. `unit` is one of
    the catalogue's, if the value is measured in one; below `seen_from` nobody sees what it does.
    """

    domain: Domain
    absent: Literal["nothing", "default", "required"] = "nothing"
    default: Any = None
    description: str = ""
    space: str = ""
    constant: Constant | None = None
    unit: str = ""
    seen_from: float = 0.0


class Owner(NamedTuple):
    """The transform or operation whose parameters are compiled, and its places in the policy.

    `path` is where its defaults lie, `inside` where its parameters are written, `missing` where to
    complain of one that is not. `address` gives a parameter's place in the keyed hash.
    """

    name: str
    path: Path
    inside: Path
    missing: Path
    address: Callable[[str], str]
    others: str = ""
    """The table of other libraries' names for its parameters; see `policy.other_names`."""


def with_default(domain: Domain, default: Any, **more: Any) -> Parameter:
    """The parameter that has a default; `more` are other fields of it."""
    constant = Constant(default) if is_plain(default, domain) else None
    return Parameter(domain, "default", default, constant=constant, **more)


def compile_parameters(
    given: Mapping[str, Any],
    parameters: Mapping[str, Parameter],
    owner: Owner,
    scope: Scope,
    complaints: Complaints,
    *,
    spaces: Mapping[str, Collection[str]],
    unknown: Callable[[str], str] = lambda name: "",
) -> dict[str, Value]:
    """The values that are given, in the order of the policy, and then the defaults of all others.

    `spaces` holds the names of the spaces of each kind. `unknown` adds words to the complaint about
    a name that is no parameter.
    """
    out: dict[str, Value] = {}

    def compiled(name: str, raw: Any, path: Path) -> None:
        parameter = parameters[name]
        value = compile_value(
            *(raw, parameter.domain, scope, owner.address(name), path, complaints),
            measure=(parameter.unit, parameter.seen_from),
        )
        if value is not None:
            out[name] = value

    taken: set[str] = set()
    for name, raw in given.items():
        path = (*owner.inside, name)
        if raw is None and str(name).endswith(")") and any(map(_opens, given.values())):
            continue  # the rest of a range in round brackets, of which a problem is told
        if name not in parameters:
            what = f"parameter of {owner.name}{unknown(name)}"
            near = complaints.unknown(
                *("SA307", path, what, str(name), parameters),
                key=True,
                section=owner.others,
                listed=[described(*item) for item in parameters.items()],
            )
            if not near.name or near.name in given:
                continue
            taken.update((near.name, *near.others))  # it is not missing, and its value is looked at
            if near.rewritten and not isinstance(raw, Mapping):
                continue  # which takes another form
            name = near.name
        compiled(name, raw, path)
        kind, value = parameters[name].space, out.get(name)
        if kind and isinstance(value, Constant) and value.value not in spaces[kind]:
            complaints.unknown("SA306", path, kind, str(value.value), sorted(spaces[kind]))
    for name, parameter in parameters.items():
        if name in given or name in taken or parameter.absent == "nothing":
            continue
        if parameter.constant is not None:
            out[name] = parameter.constant
            continue
        if parameter.absent == "default":
            compiled(name, parameter.default, owner.path)
            continue
        complaints.add(
            "SA308",
            owner.missing,
            f"{owner.name} needs {name!r}",
            expected=as_clause(parameter.description),
            key=owner.missing == owner.inside,
        )
    return out


def _opens(raw: Any) -> bool:
    """Whether a value is the first half of a range in round brackets: `(-10, 10)`."""
    return isinstance(raw, str) and raw.startswith("(")


def described(name: str, parameter: Parameter) -> str:
    """A parameter with its unit and range, for a list of what is accepted."""
    from syncaug.compiler.parameters import units  # a policy without mistakes never needs it

    return units.described(name, parameter.domain, parameter.unit)
