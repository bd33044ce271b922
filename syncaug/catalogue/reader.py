"""Read the catalogue: one file per library, read when one of its operations is first asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, get_args

from syncaug.catalogue.described import wrong_modalities, wrong_schema, wrong_word
from syncaug.catalogue.external import (
    OPERATIONS,
    external_error,
    external_names,
    external_part,
)
from syncaug.catalogue.tables import table

__all__ = ["CHANGES", "LIBRARIES", "OperationSpec", "ParameterSpec", "names", "operation"]

LIBRARIES: Mapping[str, tuple[str, str]] = {
    "albumentations": ("albumentations", "image"),
    "audiomentations": ("audiomentations", "audio"),
    "nlpaug": ("nlpaug", "text"),
    "open3d": ("open3d", "points"),
    "syncaug": ("syncaug", ""),
}
"""Library -> its table beside this module, and the extra that installs it; ours need none."""

Form = Literal["range", "value", "fixed"]
Moves = Literal["nothing", "plane", "field", "clock", "world", "rows"]
CHANGES: Mapping[str, str] = {
    "area": "how many pixels a picture has",
    "colours": "hues and saturations, so that words for colours may become wrong",
    "geometry": "where things are",
    "length": "how long something lasts",
    "levels": "how bright, sharp or noisy a picture is",
    "meaning": "what a text says, so that it may become untrue",
    "mirror": "whether a picture is a mirror image",
    "normals": "the normals of points",
    "pitch": "how high something sounds",
    "rows": "which points there are",
    "sides": "what is left, right, above or below",
    "size": "how wide and how high a picture is",
    "sound": "how something sounds",
    "spelling": "words, without regard to what they say: noise",
    "time": "when something happens",
    "words": "what a text says or how it is spelt",
}
"""What an operation may change, in the words of `changes:`."""


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """One parameter of an operation.

    `schema` is the JSON Schema of what a user may write. `form` says how it can vary: `range`, a
    pair that the library draws from (one number v is set as (v, v)); `value`, one plain value;
    `fixed`, a constant only, for the `reason` given. `odd` integers are the sizes of kernels. From
    a range of `several` the library draws more than once in one call, so a pair is handed to it as
    it is. The domain bounds one number; None means unbounded. `stored` says how a sample's value
    reaches the library: as an `attribute` (one per axis for `axes`), or by building the library's
    object anew (`construct`, some 50 microseconds). A constant is `late` where the library's
    constructor wants a wider range than (v, v), so that it is set once the object is built.
    """

    name: str
    schema: Mapping[str, Any]
    form: Form
    default: Any = None
    required: bool = False
    description: str = ""
    reason: str = ""
    integer: bool = False
    odd: bool = False
    several: bool = False
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    stored: Literal["attribute", "axes", "construct", "late"] = "attribute"


@dataclass(frozen=True, slots=True)
class OperationSpec:
    """One operation, named "library.Name".

    `takes` are the modalities that it accepts, `accepts` the kinds of array among them
    (`uint8x3`: 8-bit pictures of three channels; `x2`: audio of two channels). `moves` names the
    space that it moves; `rows` picks points. `refused` is why it cannot be used, empty if it can.
    `changes` says what it may change, in words of `CHANGES`. An operation that may change colours
    leaves them where its parameters fit one row of `colours_stay`, a schema for each of some;
    `turns_hue` names the parameter that turns hues, with the degrees that each unit of it turns
    them by. `repeats` holds the values, of each of some parameters, under which the border of the
    moved picture shows a part of it once more.
    """

    name: str
    library: str
    extra: str
    summary: str
    takes: tuple[str, ...]
    moves: Moves
    parameters: Mapping[str, ParameterSpec]
    refused: str = ""
    accepts: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    colours_stay: tuple[Mapping[str, Mapping[str, Any]], ...] = ()
    turns_hue: Mapping[str, float] = field(default_factory=dict)
    repeats: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    def may_change(self, what: str) -> bool:
        """Whether the operation may change one of `CHANGES`."""
        return what in self.changes


def operation(name: str) -> OperationSpec:
    """The description of "library.Name". Raises KeyError if there is none."""
    try:
        return _operation(name)
    except KeyError:
        raise KeyError(name) from None


def names(external: Iterable[str] | None = None) -> list[str]:
    """All names, those of refused operations too, sorted.

    `external` are the libraries of installed packages to ask, which are imported; all without it.
    """
    brought = external_names(OPERATIONS)
    asked = brought if external is None else set(external).intersection(brought)
    libraries = (*LIBRARIES, *(name for name in asked if name not in LIBRARIES))
    return sorted(f"{library}.{short}" for library in libraries for short in _entries(library)[1])


def same_operations(word: str) -> list[str]:
    """The names of operations that are called `word`, without regard to library and capitals."""
    wanted = _bare(word)
    return [name for name in names(()) if _bare(name) == wanted]


def _bare(name: str) -> str:
    return name.rpartition(".")[2].replace("_", "").lower()


@cache
def _operation(name: str) -> OperationSpec:
    library, _, short = name.partition(".")
    extra, entries = _entries(library)
    entry = entries[short]
    if library in LIBRARIES:
        return _spec(name, library, extra, entry)
    try:
        spec, wrong = _spec(name, library, extra, entry), _misfit(entry)
    except (KeyError, TypeError, AttributeError) as error:
        what = f"the entry of {short!r} in OPERATIONS is not one of an operation: {error!r}"
        raise external_error(OPERATIONS, library, what) from error
    if wrong:
        raise external_error(OPERATIONS, library, f"the entry of {short!r} in OPERATIONS: {wrong}")
    return spec


def _misfit(entry: Mapping[str, Any]) -> str:
    """What a package's entry says that no operation can be; empty where all is well."""
    wrong = wrong_modalities("takes", entry["takes"])
    wrong = wrong or wrong_word("moves", entry.get("moves", "nothing"), get_args(Moves))
    for word in entry.get("changes", ()):
        wrong = wrong or wrong_word("changes", word, CHANGES)
    for name, fields in entry.get("parameters", {}).items():
        wrong = wrong or wrong_word(f"{name}: form", fields["form"], get_args(Form))
        wrong = wrong or wrong_schema(name, fields["schema"], {"default": fields.get("default")})
    return wrong


@cache
def _entries(library: str) -> tuple[str, Mapping[str, Mapping[str, Any]]]:
    """The extra that installs a library, and its operations by short name."""
    if library in LIBRARIES:
        name, extra = LIBRARIES[library]
        return extra, table(name)["operations"]
    wanted = "a mapping from the short names of operations to their entries"
    external_part(OPERATIONS, library, "prepare", callable, "a function that builds an operation")
    return "", external_part(OPERATIONS, library, "OPERATIONS", _is_table, wanted)


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(e, Mapping) for e in value.values())


def _spec(name: str, library: str, extra: str, entry: Mapping[str, Any]) -> OperationSpec:
    parameters = {
        parameter: ParameterSpec(parameter, **fields)
        for parameter, fields in entry.get("parameters", {}).items()
    }
    return OperationSpec(
        name=name,
        library=library,
        extra=entry.get("extra", extra),
        summary=entry["summary"],
        takes=tuple(entry["takes"]),
        moves=entry.get("moves", "nothing"),
        parameters=parameters,
        refused=entry.get("refused", ""),
        accepts=tuple(entry.get("accepts", ())),
        changes=tuple(entry.get("changes", ())),
        colours_stay=tuple(entry.get("colours_stay", ())),
        turns_hue=entry.get("turns_hue", {}),
        repeats={key: tuple(values) for key, values in entry.get("repeats", {}).items()},
    )
