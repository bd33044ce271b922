"""Data classes as the standard library's, whose methods are compiled when they are first used.

`dataclasses.dataclass` compiles six methods of each frozen class while its module is imported, half
a millisecond for each class; most of the classes that a process imports are never compared, shown
or made in it. To a type checker, to `fields`, `replace` and `asdict`, to `inspect` and to pickles,
both are the same.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from reprlib import recursive_repr
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from dataclasses import dataclass as _standard

    def dataclass(*, frozen=False, slots=False, eq=True, order=False):
        """A decorator as `dataclasses.dataclass`, with those of its options that are used here."""

        def decorate(cls):
            own = {name for name, value in vars(cls).items() if value is not None}
            below = frozen and any("__dataclass_params__" in vars(base) for base in cls.__mro__[1:])
            cls = _standard(init=False, repr=False, eq=False, slots=slots, frozen=below)(cls)
            cls.__dataclass_params__.frozen = frozen  # so that what extends it must be frozen, too
            wanted = {"__init__": _init, "__repr__": _repr}
            if eq:
                wanted["__eq__"] = _comparison
                if frozen:
                    wanted["__hash__"] = _hash
                elif "__hash__" not in own:
                    cls.__hash__ = None
            if order:
                wanted |= dict.fromkeys(("__lt__", "__le__", "__gt__", "__ge__"), _comparison)
            for name, make in wanted.items():
                if name not in own:
                    setattr(cls, name, _Later(cls, name, make))
            if frozen:
                cls.__setattr__, cls.__delattr__ = _refuse_assignment, _refuse_deletion
                if slots and "__getstate__" not in own:
                    cls.__getstate__, cls.__setstate__ = _state, _set_state
            return cls

        return decorate


__all__ = ["dataclass"]


class _Later:
    """Stands for a method of a class until somebody asks for it, and puts it in its own place."""

    __slots__ = ("_cls", "_make", "_name")

    def __init__(self, cls: type, name: str, make: Callable[[Any, str], Any]) -> None:
        self._cls, self._name, self._make = cls, name, make

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        method = self._make(self._cls, self._name)
        method.__name__ = self._name
        method.__qualname__ = f"{self._cls.__qualname__}.{self._name}"
        method.__module__ = self._cls.__module__
        setattr(self._cls, self._name, method)
        return method if instance is None else method.__get__(instance, owner)


class _Factory:
    """The default of a parameter whose field has a factory."""

    def __repr__(self) -> str:
        return "<factory>"


_FACTORY = _Factory()


def _init(cls: Any, _: str) -> Any:
    """The `__init__` of a class: an assignment for each field, then `__post_init__`."""
    known: dict[str, Any] = {"_factory": _FACTORY, "_set": object.__setattr__}
    parameters, body = ["self"], []
    annotations: dict[str, Any] = {}
    for each in fields(cls):
        name, value = each.name, each.name
        if each.default_factory is not MISSING:
            known[f"_make_{name}"] = each.default_factory
            value = f"_make_{name}()"
            if each.init:
                parameters.append(f"{name}=_factory")
                value += f" if {name} is _factory else {name}"
        elif each.default is not MISSING:
            value = known_as = f"_default_{name}"
            known[known_as] = each.default
            if each.init:
                parameters.append(f"{name}={known_as}")
                value = name
        elif each.init:
            parameters.append(name)
        else:
            continue
        if each.init:
            annotations[name] = each.type
        body.append(_assignment(cls, name, value, known))
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    lines = "\n ".join(body) or "pass"
    exec(f"def __init__({', '.join(parameters)}):\n {lines}", known)
    made = known["__init__"]
    made.__annotations__ = {**annotations, "return": None}
    return made


def _assignment(cls: Any, name: str, value: str, known: dict[str, Any]) -> str:
    """The line that sets a field, past what refuses assignments; a slot is set directly."""
    if cls.__setattr__ is object.__setattr__:
        return f"self.{name} = {value}"
    slot = getattr(cls, name, None)
    if not isinstance(slot, MemberDescriptorType):
        return f"_set(self, {name!r}, {value})"
    known[f"_set_{name}"] = slot.__set__
    return f"_set_{name}(self, {value})"


def _values(cls: Any, wanted: Callable[[Field[Any]], bool]) -> Callable[[Any], tuple[Any, ...]]:
    """What gives the values of some fields as a tuple."""
    names = [each.name for each in fields(cls) if wanted(each)]
    if len(names) > 1:
        return operator.attrgetter(*names)
    return lambda instance: tuple(getattr(instance, name) for name in names)


def _comparison(cls: Any, name: str) -> Any:
    values = _values(cls, lambda each: each.compare)
    compare = getattr(operator, name)

    def method(self: Any, other: Any) -> Any:
        if other.__class__ is self.__class__:
            return compare(values(self), values(other))
        return NotImplemented

    return method


def _hash(cls: Any, _: str) -> Any:
    values = _values(cls, lambda each: each.compare if each.hash is None else each.hash)
    return lambda self: hash(values(self))


def _repr(cls: Any, _: str) -> Any:
    names = [each.name for each in fields(cls) if each.repr]

    def method(self: Any) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({shown})"

    return recursive_repr()(method)


def _refuse_assignment(self: Any, name: str, value: Any) -> None:
    _refuse(self, name, "assign to")
    object.__setattr__(self, name, value)


def _refuse_deletion(self: Any, name: str) -> None:
    _refuse(self, name, "delete")
    object.__delattr__(self, name)


def _refuse(self: Any, name: str, what: str) -> None:
    """Frozen are all attributes of the class itself, and those of its fields in one below it."""
    if "__dataclass_fields__" in vars(type(self)) or name in self.__dataclass_fields__:
        raise FrozenInstanceError(f"cannot {what} field {name!r}")


def _state(self: Any) -> list[Any]:
    """The values of a frozen class with slots, which nothing may set one by one, for a pickle."""
    return [getattr(self, each.name) for each in fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for each, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)
