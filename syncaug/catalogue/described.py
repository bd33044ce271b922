"""What descriptions of installed packages say that cannot be: of modalities, schemas and texts.

Each function returns what is wrong, in words that follow "SPEC: "; empty where nothing is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from syncaug.catalogue.external import MODALITIES, external_names

__all__ = ["wrong_modalities", "wrong_schema", "wrong_word"]


def wrong_modalities(what: str, told: Any) -> str:
    """Of a list of modalities; one of them may be a list of some of which one is needed."""
    from syncaug.catalogue.modalities import MODALITIES as OURS

    if isinstance(told, str) or not isinstance(told, Collection):
        return f"{what} is {told!r:.80}; expected a list of modalities"
    known = {*OURS, *external_names(MODALITIES)}
    for one in told:
        for name in (one,) if isinstance(one, str) else one:
            wrong = wrong_word(what, name, known)
            if wrong:
                return wrong
    return ""


def wrong_word(what: str, told: Any, known: Iterable[str]) -> str:
    """Of a word that must be one of those that are known."""
    from difflib import get_close_matches

    words = sorted(known)
    if told in words:
        return ""
    near = get_close_matches(str(told), words, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"expected one of {', '.join(words)}"
    return f"{what} names {told!r:.40}; {hint}"


def wrong_schema(what: str, schema: Any, values: Mapping[str, Any]) -> str:
    """Of a JSON Schema, and of the values, such as a default, that must fit it."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    if not isinstance(schema, Mapping):
        return f"{what}: its schema is {schema!r:.80}; expected a JSON Schema"
    try:
        Draft202012Validator.check_schema(dict(schema))
    except SchemaError as error:
        return f"{what}: its schema is no JSON Schema: {error.message}"[:300]
    checked = Draft202012Validator(dict(schema))
    for name, value in values.items():
        for misfit in checked.iter_errors(value) if value is not None else ():
            return f"{what}: its {name} does not fit its schema: {misfit.message}"[:300]
    return ""
