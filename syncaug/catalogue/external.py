"""What third parties bring: objects that installed packages name by entry point, by group and name.

A package declares `[project.entry-points."syncaug.transforms"] wobble = "my_package.wobble"`, and
policies then name `wobble`. The groups differ in what the object must hold; see docs/extending.md.
A name of the library's own always means its own. The metadata of packages are read when a name is
met that the library does not know, and only the object that a policy names is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

from syncaug.errors import ExternalError, SyncaugError
from syncaug.limits import OverLimitError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = [
    "CHECKS",
    "ENCODERS",
    "GROUPS",
    "LANES",
    "MODALITIES",
    "OPERATIONS",
    "TRANSFORMS",
    "external_error",
    "external_names",
    "external_object",
    "external_part",
    "guarded",
    "package_of",
    "raised",
]

OPERATIONS = "syncaug.operations"
ENCODERS = "syncaug.encoders"
TRANSFORMS = "syncaug.transforms"
MODALITIES = "syncaug.modalities"
CHECKS = "syncaug.checks"
LANES = "syncaug.lanes"

GROUPS: Mapping[str, str] = {
    OPERATIONS: "operations",
    ENCODERS: "encoder",
    TRANSFORMS: "transform",
    MODALITIES: "modality",
    CHECKS: "check",
    LANES: "lane",
}
"""The entry-point groups, and what each entry brings, in a word."""


@cache
def _points(group: str) -> Mapping[str, tuple[EntryPoint, ...]]:
    """The entry points of a group by name."""
    from importlib.metadata import entry_points

    found: dict[str, tuple[EntryPoint, ...]] = {}
    for point in entry_points(group=group):
        known = found.get(point.name, ())
        if all(point.value != other.value for other in known):
            found[point.name] = (*known, point)
    return found


def external_names(group: str) -> tuple[str, ...]:
    """The names that installed packages bring, sorted. Nothing is imported."""
    return tuple(sorted(_points(group)))


def package_of(group: str, name: str) -> str:
    """The packages that bring a name, such as `syncaug-shout 1.0`."""
    found = (point.dist for point in _points(group).get(name, ()))
    return " and ".join(f"{dist.name} {dist.version}" for dist in found if dist is not None)


@cache
def external_object(group: str, name: str) -> Any:
    """The object behind a name.

    Raises KeyError where no installed package brings it, and ExternalError where several do or
    where it cannot be imported.
    """
    points = _points(group)[name]
    if len(points) > 1:
        raise external_error(
            group, name, "several packages bring it; uninstall all but one of them"
        )
    try:
        return points[0].load()
    except (Exception, SystemExit) as error:
        what = f"{points[0].value!r} cannot be imported ({type(error).__name__}: {error})"
        raise external_error(group, name, what) from error


def external_part(
    group: str, name: str, part: str, is_one: Callable[[Any], bool], form: str
) -> Any:
    """What the object behind a name holds as `part`, which must be in some form.

    Raises KeyError and ExternalError as `external_object` does, and ExternalError where the part
    is missing or of another form; `form` says in words which one it must have.
    """
    held = external_object(group, name)
    if not hasattr(held, part):
        raise external_error(group, name, f"{_shown(held)} lacks {part}, {form}")
    found = getattr(held, part)
    if not is_one(found):
        raise external_error(group, name, f"{part} is {found!r:.80}; expected {form}")
    return found


def external_error(group: str, name: str, what: str) -> ExternalError:
    """The error that what a package brings under a name cannot be used; `what` says why."""
    return ExternalError(package_of(group, name), GROUPS[group], name, what)


def guarded(group: str, name: str, what: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that a package brings, whose faults are told as the package's.

    What it raises of the library's own goes on as it is; all else is an ExternalError that says
    that `what` has raised it.
    """

    @wraps(function)
    def call(*given: Any, **named: Any) -> Any:
        try:
            return function(*given, **named)
        except (SyncaugError, OverLimitError, Warning, MemoryError):
            raise
        except Exception as error:
            raise external_error(group, name, raised(what, error)) from error

    return call


def raised(what: str, error: BaseException) -> str:
    """That something has raised an error, as an ExternalError says it."""
    return f"{what} raised {type(error).__name__}: {error}"[:400]


def _shown(held: Any) -> str:
    kind = "module" if type(held).__name__ == "module" else type(held).__name__
    return f"{kind} {getattr(held, '__name__', '')!r}"
