"""Floating-point errors are the user's own matter, whichever context a call comes from."""

from __future__ import annotations

import threading
from contextvars import ContextVar, copy_context
from typing import Any

import numpy as np
import pytest

from syncaug.backends.errstate import is_usual

VARIABLE: ContextVar[Any] = ContextVar("somebody else's")


def test_what_numpy_was_told_is_seen_at_once() -> None:
    assert is_usual()
    with np.errstate(all="raise"):
        assert not is_usual()
        with np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"):
            assert is_usual()
        assert not is_usual()
    assert is_usual()


def test_every_thread_has_its_own() -> None:
    seen: list[bool] = []
    with np.errstate(over="ignore"):
        other = threading.Thread(target=lambda: seen.append(is_usual()))
        other.start()
        other.join()
        assert not is_usual()
    assert seen == [True]


class Unequal:
    """Something in a context that does not compare."""

    def __eq__(self, other: object) -> bool:
        raise ValueError("ambiguous")

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize("value", [Unequal(), np.arange(3)])
def test_what_others_keep_in_their_context_does_no_harm(value: Any) -> None:
    def told() -> list[bool]:
        VARIABLE.set(value)
        first = is_usual()
        VARIABLE.set(Unequal())
        with np.errstate(invalid="raise"):
            return [first, is_usual()]

    assert copy_context().run(told) == [True, False]
    assert is_usual()
