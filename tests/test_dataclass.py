"""Data classes behave as the standard library's, and compile a method when it is first used."""

from __future__ import annotations

import ast
import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field
from pathlib import Path
from typing import Any, ClassVar

import pytest

import syncaug
from syncaug.dataclass import dataclass
from syncaug.errors import Position, Problem

PACKAGE = Path(syncaug.__file__).parent
DECORATORS = {"standard": dataclasses.dataclass, "own": dataclass}


def made(decorator: Any, **options: bool) -> Any:
    """A class with fields of all kinds, and one below it."""

    @decorator(**options)
    class Place:
        """A place."""

        kinds: ClassVar[int] = 2
        name: str
        at: tuple[float, ...] = ()
        tags: list[str] = field(default_factory=list)
        note: str = field(default="", compare=False, repr=False)
        size: int = field(init=False, default=3)
        known: dict[str, int] = field(init=False, default_factory=dict)
        late: int = field(init=False, compare=False, repr=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "late", len(self.name))

    @decorator(**options)
    class Room(Place):
        """A room of a place."""

        floor: int = 1

    return Place, Room


OPTIONS = (
    {},
    {"slots": True},
    {"frozen": True},
    {"frozen": True, "slots": True},
    {"frozen": True, "slots": True, "eq": False},
    {"frozen": True, "slots": True, "order": True},
)


def outcome(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Exception as error:
        return type(error), str(error)


def answers(decorator: Any, options: dict[str, bool]) -> list[Any]:
    """What instances answer to all that data classes are asked."""
    place, room = made(decorator, **options)
    one, same, other = place("a", (1.0,)), place("a", (1.0,), note="n"), place("b", tags=["x"])
    inner = room("a", floor=4)
    nan = float("nan")
    given: list[Callable[[], Any]] = [
        lambda: repr([one, other, inner]),
        lambda: [one == same, one == other, one == inner, one == "a", one != same],
        lambda: sorted([other, one])[0].name,
        lambda: one < inner,
        lambda: hash(place("a", (1.0,), ())) == hash(place("a", (1.0,), ())),
        lambda: hash(one),
        lambda: place("a", (nan,)) == place("a", (nan,)),
        lambda: [one.late, one.size, one.known, one.tags is not same.tags, inner.floor],
        lambda: setattr(one, "name", "c"),
        lambda: delattr(one, "note"),
        lambda: setattr(one, "more", 1),
        lambda: place(),
        lambda: place("a", size=2),
        lambda: dataclasses.asdict(dataclasses.replace(other, name="z")),
        lambda: [each.name for each in dataclasses.fields(inner)],
        lambda: str(inspect.signature(place)),
        lambda: str(inspect.signature(room.__init__)),
        lambda: copy.deepcopy(other) == other,
        lambda: copy.copy(other).late,
        lambda: [place.__match_args__, hasattr(one, "__dict__"), place.__doc__, place.kinds],
        lambda: [place.__init__.__qualname__, place.__repr__.__name__],
    ]
    return [outcome(call) for call in given]


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: " ".join(options) or "plain")
def test_they_answer_as_those_of_the_standard_library(options: dict[str, bool]) -> None:
    standard, own = (answers(decorator, options) for decorator in DECORATORS.values())
    if options.get("frozen"):
        assert own[8][0] is own[9][0] is own[10][0] is FrozenInstanceError
    if options.get("slots"):
        standard[10] = own[10]  # the standard library's fails at a class that it made anew
    if not options.get("eq", True):
        standard[5] = own[5] = None  # that of an object's address
    assert own == standard


@pytest.mark.parametrize("options", [{}, {"frozen": True}], ids=("plain", "frozen"))
def test_a_class_below_may_have_attributes_of_its_own(options: dict[str, bool]) -> None:
    def told(decorator: Any) -> list[Any]:
        class Below(made(decorator, **options)[0]):  # type: ignore[misc]
            """Not decorated."""

        below = Below("a")
        below.more = 1
        return [below.more, outcome(lambda: setattr(below, "name", "b")), repr(below)]

    assert told(dataclass) == told(dataclasses.dataclass)


def test_one_of_the_standard_library_extends_a_frozen_one_and_must_be_frozen() -> None:
    place, _ = made(dataclass, frozen=True, slots=True)

    class Below(place):  # type: ignore[misc,valid-type]
        """To be decorated."""

        more: int = 2

    assert dataclasses.dataclass(frozen=True)(Below)("a", more=3).more == 3
    for decorator in DECORATORS.values():
        with pytest.raises(TypeError, match="cannot inherit non-frozen"):
            decorator()(type("Open", (place,), {}))


def test_they_are_pickled_and_compared_afterwards() -> None:
    problem = Problem("SA302", "unknown", Position("a.yaml", 3, 1))
    assert pickle.loads(pickle.dumps(problem)) == problem
    assert pickle.loads(pickle.dumps({problem.position: 1})) == {problem.position: 1}


def test_what_a_class_defines_itself_stays() -> None:
    @dataclass(frozen=True, slots=True)
    class Own:
        """With methods of its own."""

        value: int

        def __repr__(self) -> str:
            return "own"

        def __eq__(self, other: object) -> bool:
            return other is not None

        def __hash__(self) -> int:
            return 5

    assert (repr(Own(1)), Own(1) == Own(2), hash(Own(3))) == ("own", True, 5)


def test_a_method_is_compiled_when_it_is_first_used() -> None:
    place, _ = made(dataclass, frozen=True, slots=True)

    def compiled() -> set[str]:
        names = ("__init__", "__repr__", "__eq__", "__hash__")
        return {name for name in names if inspect.isfunction(vars(place)[name])}

    assert not compiled()
    one = place("a")
    assert compiled() == {"__init__"}
    assert one == place("a")
    assert compiled() == {"__init__", "__eq__"}


def test_every_data_class_of_the_package_is_one_of_them() -> None:
    for path in PACKAGE.rglob("*.py"):
        if path.name != "dataclass.py":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module == "dataclasses":
                    names = {alias.name for alias in node.names}
                    assert "dataclass" not in names, f"{path}: from syncaug.dataclass"
