"""The forms of a conversation: its texts and its placeholders, found in turns and put back.

A conversation is a list of turns, or a mapping that holds one beside other keys, as ms-swift's rows
do. A turn is a mapping with a role and a content: a text, or a list of parts. What is no text of a
turn stays as it came.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from syncaug.errors import SampleError
from syncaug.modalities.carrier import describe
from syncaug.words.chat import placeholders, spellings

__all__ = [
    "Path",
    "Saying",
    "Turns",
    "found_at",
    "picture_paths",
    "put_back",
    "read_turns",
    "said_by",
    "turns_key",
]

Path = tuple[Any, ...]
"""The keys and indices that lead from a conversation to one of its values."""

_FORM = "a list of turns, mappings with a role and a content (or from and value)"


class Saying(NamedTuple):
    """One text of a turn: where it stands, what it says, and what it speaks of.

    `seen` is how many pictures have been placed up to the end of its turn, `question` what its turn
    answers. A `fixed` one, of a system prompt, stays as it is.
    """

    path: Path
    text: str
    seen: int
    question: str
    fixed: bool


class Turns(NamedTuple):
    """The texts of a conversation, and the kinds of its placeholders in order."""

    sayings: Sequence[Saying]
    placed: Sequence[str]


def turns_key(value: Any) -> str:
    """The key under which a mapping holds turns; empty for a list of turns itself."""
    if not isinstance(value, Mapping):
        return ""
    return next((key for key in spellings()["turns"] if key in value), "")


def read_turns(stream: str, value: Any) -> Turns:
    """The texts and placeholders of a conversation. Raises SampleError where it has another form.

    Without any placeholder its pictures stand before the first turn, as ms-swift reads it.
    """
    key = turns_key(value)
    turns = value[key] if key else value
    if not isinstance(turns, list | tuple):
        raise SampleError(stream, expected=_FORM, came=describe(turns))
    own: list[list[tuple[Path, str]]] = []
    kinds: list[list[str]] = []
    parted = any(_has_pictures(turn) for turn in turns)
    for index, turn in enumerate(turns):
        path: Path = (key, index) if key else (index,)
        if not isinstance(turn, Mapping):
            raise SampleError(
                stream,
                expected=_FORM,
                came=f"turn {index}: {describe(turn)}",
                hint='Write {"role": "user", "content": ...}, or "assistant" for an answer.',
            )
        _role(stream, index, turn)
        _check_says(stream, index, turn)
        texts = list(_texts(stream, path, turn))
        own.append(texts)
        kinds.append(
            [kind for _, kind in _parts(turn)]
            if parted
            else [found.kind for _, text in texts for found in placeholders(text)]
        )
    sayings = [*_sayings(stream, turns, own, kinds), *_references(value)]
    return Turns(tuple(sayings), tuple(k for ks in kinds for k in ks))


def _references(value: Any) -> Iterator[Saying]:
    """The phrases beside the turns, for which <ref-object> stands in them; of all pictures."""
    objects = value.get("objects") if isinstance(value, Mapping) else None
    held = objects.get("ref") if isinstance(objects, Mapping) else None
    for index, text in enumerate(held if isinstance(held, list | tuple) else ()):
        if isinstance(text, str):
            yield Saying(("objects", "ref", index), text, -1, "", False)


def said_by(stream: str, value: Any) -> Iterator[tuple[str, list[str]]]:
    """Who says what in a conversation, turn by turn; a part that is a picture is `[image]`."""
    key = turns_key(value)
    for index, turn in enumerate(value[key] if key else value):
        texts = [text for _, text in _texts(stream, (index,), turn)]
        yield _role(stream, index, turn), [*(f"[{kind}]" for _, kind in _parts(turn)), *texts]


def _sayings(
    stream: str,
    turns: Sequence[Mapping[str, Any]],
    own: Sequence[Sequence[tuple[Path, str]]],
    kinds: Sequence[Sequence[str]],
) -> Iterator[Saying]:
    table = spellings()
    seen, asked = 0, ""
    everything = not any(kinds)
    for index, (turn, texts, placed) in enumerate(zip(turns, own, kinds, strict=True)):
        role = _role(stream, index, turn)
        seen += len(placed)
        answering = role in table["answering"]
        for path, text in texts:
            yield Saying(
                path,
                text,
                -1 if everything else seen,
                asked if answering else "",
                role in table["system"],
            )
        if not answering:
            asked = "\n".join(text for _, text in texts)


def as_json(stream: str, value: Mapping[str, Any]) -> str:
    """The arguments of a tool as text. Raises SampleError where they are no plain data."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError) as error:
        expected = "arguments of tools as plain data, or as a text"
        raise SampleError(stream, expected=expected, came=f"{error}") from error


def _role(stream: str, index: int, turn: Mapping[str, Any]) -> str:
    """Who speaks in a turn."""
    role = next((turn[key] for key in spellings()["roles"] if key in turn), None)
    if not isinstance(role, str):
        came = f"turn {index}: {describe(turn if role is None else role)}"
        raise SampleError(stream, expected=_FORM, came=came)
    return role.lower()


def _texts(stream: str, path: Path, turn: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """The texts of a turn, with their paths; the arguments of tools count as JSON."""
    for where, call in _calls(turn):
        held = call.get("arguments")
        if isinstance(held, str):
            yield (*path, *where, "arguments"), held
        elif isinstance(held, Mapping):
            yield (*path, *where, "arguments"), as_json(stream, held)
    for key in spellings()["texts"]:
        held = turn.get(key)
        if held is None:
            continue
        if isinstance(held, str):
            yield (*path, key), held
        elif isinstance(held, list | tuple):
            for index, part in enumerate(held):
                yield from _part_texts(stream, (*path, key, index), part)
        elif isinstance(held, Mapping):
            yield from _part_texts(stream, (*path, key), held)
        else:
            raise SampleError(
                stream,
                expected=f"a text, or a list of parts, under {key!r}",
                came=f"turn {path[-1]}: {describe(held)}",
            )


def _calls(turn: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The calls of tools in a turn, each with its path: a list of them, or OpenAI's older one."""
    for index, call in enumerate(turn.get("tool_calls") or ()):
        inner = call.get("function") if isinstance(call, Mapping) else None
        if isinstance(inner, Mapping):
            yield ("tool_calls", index, "function"), inner
        elif isinstance(call, Mapping):
            yield ("tool_calls", index), call
    if isinstance(turn.get("function_call"), Mapping):
        yield ("function_call",), turn["function_call"]


def _check_says(stream: str, index: int, turn: Mapping[str, Any]) -> None:
    """Raises SampleError where what a turn says stands under a key that nothing reads."""
    table = spellings()
    if not any(key in turn for key in (*table["texts"], *table["calls"])):
        raise SampleError(
            stream,
            expected=_FORM,
            came=f"turn {index}: {describe(turn)}",
            hint="Name its text content. A turn that says nothing has content: None.",
        )


def _part_texts(stream: str, path: Path, part: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(part, str):
        yield path, part
    elif isinstance(part, Mapping):
        table = spellings()
        said = [key for key in table["texts"] if isinstance(part.get(key), str)]
        if not said and part.get("type") in table["parts"]["text"]:
            raise SampleError(
                stream,
                expected='a part such as {"type": "text", "text": ...}',
                came=describe(part),
                hint="Name its text text.",
            )
        for key in said:
            yield (*path, key), part[key]
    else:
        raise SampleError(
            stream,
            expected="parts of a content, texts or mappings with a type",
            came=describe(part),
            hint="Declare embedded: true and write a picture as "
            '{"type": "image", "image": PICTURE}.'
            if not isinstance(part, int | float)
            else "",
        )


def _has_pictures(turn: Any) -> bool:
    return isinstance(turn, Mapping) and any(True for _ in _parts(turn))


def _parts(turn: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """The parts of a turn's content that are pictures: the path inside of the turn, the kind."""
    kinds = spellings()["parts"]
    for key in spellings()["texts"]:
        held = turn.get(key)
        if not isinstance(held, list | tuple):
            continue
        for index, part in enumerate(held):
            if isinstance(part, Mapping):
                said = part.get("type")
                for kind in ("image", "video"):
                    if said in kinds[kind] or (said is None and kind in part):
                        yield (key, index), kind
                        break


def picture_paths(value: Any) -> list[tuple[Path, Any]]:
    """The pictures and films that a conversation holds itself, in order, each with its path.

    They stand in the parts of its turns, or in a list beside the turns.
    """
    table, key = spellings(), turns_key(value)
    found: list[tuple[Path, Any]] = []
    for index, turn in enumerate(value[key] if key else value):
        start: Path = (key, index) if key else (index,)
        for path, _ in _parts(turn) if isinstance(turn, Mapping) else ():
            part = turn[path[0]][path[1]]
            for payload in table["payloads"]:
                if part.get(payload) is not None:
                    found.append(((*start, *path, payload), part[payload]))
                    break
    if key and not found:
        for name in table["lists"]:
            held = value.get(name)
            if isinstance(held, list | tuple):
                found += [((name, place), picture) for place, picture in enumerate(held)]
            elif held is not None:
                found.append(((name,), held))
    return found


def found_at(value: Any, path: Path) -> Any:
    """What stands at a path of a conversation."""
    for step in path:
        value = value[step]
    return value


def put_back(value: Any, texts: Mapping[Path, Any]) -> Any:
    """A copy of a conversation with other values at some paths; the rest is shared with it."""
    if not texts:
        return value
    if () in texts:
        return texts[()]
    inner: dict[Any, dict[Path, Any]] = {}
    for path, held in texts.items():
        inner.setdefault(path[0], {})[path[1:]] = held
    if isinstance(value, Mapping):
        out: Any = dict(value) if type(value) is dict else type(value)(value)  # type: ignore[call-arg]
        for key, below in inner.items():
            out[key] = put_back(value[key], below)
        return out
    items = list(value)
    for index, below in inner.items():
        items[index] = put_back(items[index], below)
    return tuple(items) if isinstance(value, tuple) else items
