"""Links: what ties a value to a variable, or to a formula of variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from syncaug.policy.base import Checked, Model, fit, is_number, ref, shown, wrong
from syncaug.policy.models import Models
from syncaug.policy.slips import as_expected
from syncaug.policy.suggest import guess

__all__ = ["BOUND", "LINKS", "Bound", "choose_link", "is_link", "read_bound"]


def is_link(raw: Any) -> bool:
    """Whether a value is meant as a link."""
    return isinstance(raw, Mapping) and ("from" in raw or "expr" in raw)


LINKS: Mapping[str, type[Model]] = Models(
    {"from": "link_kinds:Link", "expr": "link_kinds:ExpressionLink"}
)
"""The key by which a link is known -> what it may say."""


def choose_link(raw: Any) -> type[Model]:
    """The model of a link, by whether it has `from` or `expr`."""
    if isinstance(raw, Mapping) and "from" in raw and "expr" in raw:
        message, hint = "a link has either from or expr, not both", "remove one of them"
        raise wrong("SA211", message, hint=hint, path=("expr",), key=True)
    return LINKS["expr" if isinstance(raw, Mapping) and "expr" in raw else "from"]


def read_bound(raw: Any) -> Any:
    """A number of a distribution, or a link that gives it."""
    if is_number(raw):
        return raw
    expected = "a number or a link"
    if isinstance(raw, Mapping) and not is_link(raw) and len(raw) == 1:
        ((key, number),) = raw.items()
        if is_number(number) and guess(key, LINKS, "keys/a link").name not in LINKS:
            hint = f"write {number}"
            raise wrong("SA203", "a mapping does not fit", expected=expected, hint=hint)
    if isinstance(raw, Mapping):
        return fit(choose_link(raw), raw)
    hint = as_expected(raw, "a number")
    raise wrong("SA203", f"{shown(raw)} does not fit", expected=expected, hint=hint)


BOUND = {"anyOf": [{"type": "number"}, ref("link")]}
Bound = Annotated[float, Checked(read_bound, BOUND)]
