"""Links that are written as other tools write them: what was meant, as a hint."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from syncaug.policy.draws import DISTRIBUTIONS, unlisted
from syncaug.policy.slips import UNQUOTE
from syncaug.policy.suggest import guess

__all__ = ["slip"]

_REFERENCE = re.compile(r"\$?\{*\s*([A-Za-z_]\w*)\s*\}*$")
"""A variable as shells, OmegaConf and Jinja write it: `$a`, `${a}`, `{{ a }}`; or bare."""
_WORD = re.compile(r"[A-Za-z_]\w*")
_FORMULA = re.compile(r"[-+*/]")
_KEYS = ("from", "expr")


def slip(raw: Any, variables: Collection[str]) -> str:
    """A hint for a constant that does not fit and was meant as a link; empty where none was."""
    if isinstance(raw, Mapping):
        return _link(raw) or _draw(raw)
    if not isinstance(raw, str):
        return ""
    if raw.startswith("{") and raw.endswith("}") and ":" in raw:
        return UNQUOTE
    found = _REFERENCE.match(raw)
    if found and (found[1] in variables or raw != found[1]):
        return f"write {{from: {found[1]}}}"
    if _FORMULA.search(raw) and set(_WORD.findall(raw)) & set(variables):
        return f'write {{expr: "{raw}"}}'
    return ""


def _draw(raw: Mapping[Any, Any]) -> str:
    """A distribution under the name that it has elsewhere: `{gaussian: ...}`."""
    (word, *others) = raw or ("",)
    listed = unlisted(raw)
    if listed:
        return listed
    if others and all(key in DISTRIBUTIONS for key in raw):
        return f"keep one of {', '.join(map(str, raw))}"
    if others or not isinstance(word, str):
        return ""
    return guess(word, DISTRIBUTIONS, "distributions").hint


def _link(raw: Mapping[Any, Any]) -> str:
    for key, value in raw.items():
        if isinstance(key, str) and isinstance(value, str):
            near = guess(key, _KEYS, "keys/a link").name
            rest = "".join(f", {other}: {raw[other]}" for other in raw if other != key)
            if near == "from":
                return f"write {{from: {value}{rest}}}"
            if near == "expr":
                return f'write {{expr: "{value}"{rest}}}'
    return ""
