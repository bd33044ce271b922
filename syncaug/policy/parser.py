"""YAML 1.2 text to nodes: one pass over the parser's events, with limits, and never recursive."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml

from syncaug.errors import PolicyError
from syncaug.policy.document import MAX_DEPTH, MAX_VALUES, SURROGATE, Document, Mark, Node
from syncaug.policy.scalars import CORE_TAGS, Scalar, ScalarError, resolve, tagged
from syncaug.policy.suggest import suggest
from syncaug.policy.syntax import explain
from syncaug.problem import Position, Problem

__all__ = ["parse_text"]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""All that YAML 1.2 (section 5.1) does not call printable; a set of few compiles fast."""
_COLLECTION_TAGS = {
    yaml.MappingStartEvent: "tag:yaml.org,2002:map",
    yaml.SequenceStartEvent: "tag:yaml.org,2002:seq",
}
_NOTHING: dict[Any, Any] = {}
"""What is inside of single values, and is never written to."""


def parse_text(text: str, name: str) -> Document:
    """The document that a text holds. Raises PolicyError with located problems."""
    return _Builder(text, name).build()


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet, and the key whose value comes next."""

    node: Node
    before: int
    block: bool
    anchor: str
    key: Scalar = None
    key_mark: Mark | None = None


class _Builder:
    """Builds the nodes of one text from the parser's events."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._lines = tuple(text.splitlines())
        self._open: list[_Open] = []
        self._anchors: dict[str, Node | None] = {}
        self._count = 0
        self._root: Node | None = None
        self._problems: list[Problem] = []

    def build(self) -> Document:
        found = _UNPRINTABLE.search(self._text)
        if found:
            line = self._text.count("\n", 0, found.start())
            column = found.start() - (self._text.rfind("\n", 0, found.start()) + 1)
            self._fail(
                "SA116",
                Mark(line, column),
                f"the character U+{ord(found.group()):04X} cannot stand in a policy",
                hint='write it as an escape inside double quotes, such as "\\u0007"',
            )
        loader = _Loader(self._text)
        takes: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._start,
            yaml.SequenceStartEvent: self._start,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        try:
            while loader.check_event():
                event = loader.get_event()
                take = takes.get(type(event))
                if take is not None:
                    take(event)
        except yaml.YAMLError as error:
            mark, message, hint = explain(error, self._lines)
            self._fail("SA105", mark, message, hint=hint)
        finally:
            loader.dispose()
        return self._finish()

    def _finish(self) -> Document:
        if self._problems:
            raise PolicyError(self._problems)
        root = self._root
        if root is None or (root.value is None and not root.mark.length):
            self._fail("SA104", Mark(0, 0), "the policy is empty", hint="begin with `syncaug: 1`")
        if not isinstance(root.value, dict):
            kind = "list" if isinstance(root.value, list) else "single value"
            self._fail(
                "SA111",
                root.mark,
                f"a policy is a mapping, not a {kind}",
                hint="begin with `syncaug: 1`",
            )
        return Document(self._name, root.value, self._lines, root)

    # Events ---------------------------------------------------------------------------------------

    def _document(self, event: Any) -> None:
        if self._root is not None:
            self._fail(
                "SA110",
                _mark(event),
                "a policy is one document, and here a second begins",
                hint="keep one policy in each file",
            )

    def _scalar(self, event: Any) -> None:
        mark = _mark(event, self._lines)
        tag = event.tag
        value: Scalar = event.value
        plain = event.implicit[0]
        try:
            if tag is None or tag == "!":
                if tag is None and plain:
                    value = resolve(event.value)
            elif tag in CORE_TAGS:
                value = tagged(tag, event.value)
            else:
                self._refuse_tag(tag, mark)
        except ScalarError as error:
            self._complain("SA113", mark, str(error), hint="put it in quotes if it is a text")
        # Only an escape inside double quotes can bring half of a character.
        lone = SURROGATE.search(event.value) if event.style == '"' else None
        if lone and isinstance(value, str):
            self._complain(
                "SA116",
                mark,
                f"the character U+{ord(lone.group()):04X} cannot stand in a policy",
                hint="write the whole character, such as \U0001f600, in place of its two halves",
            )
        node = Node(value, mark, _NOTHING, _NOTHING)
        if event.anchor:
            self._anchors[event.anchor] = node
        self._attach(node, merges=plain and event.value == "<<")

    def _start(self, event: Any) -> None:
        mark = _mark(event)
        if event.tag not in (None, "!", _COLLECTION_TAGS[type(event)]):
            self._refuse_tag(event.tag, mark)
        self._deeper(mark, 1)
        value: Any = {} if type(event) is yaml.MappingStartEvent else []
        block = not event.flow_style
        anchor = event.anchor or ""
        self._open.append(_Open(Node(value, mark, {}, {}), self._count, block, anchor))
        if anchor:
            self._anchors[anchor] = None

    def _end(self, event: Any) -> None:
        done = self._open.pop()
        node = done.node
        node.size = self._count - done.before + 1
        if not done.block and event.end_mark.line == node.mark.line:
            node.mark.length = event.end_mark.column - node.mark.column
        if done.anchor:
            self._anchors[done.anchor] = node
        self._attach(node)

    def _alias(self, event: Any) -> None:
        mark = _mark(event)
        if event.anchor not in self._anchors:
            hint = (
                suggest(event.anchor, self._anchors) or f"mark a value above with &{event.anchor}"
            )
            self._fail("SA115", mark, f"nothing above is marked &{event.anchor}", hint=hint)
        node = self._anchors[event.anchor]
        if node is None:
            message = f"*{event.anchor} stands inside the value that it repeats"
            self._fail("SA115", mark, message, hint="write out what is meant there")
        self._deeper(mark, node.height)
        copy = Node(node.value, mark, node.children, node.keys, node.size, node.height)
        self._attach(copy, adds=node.size)

    # Nodes ----------------------------------------------------------------------------------------

    def _attach(self, node: Node, *, adds: int = 1, merges: bool = False) -> None:
        if not self._open:
            self._root = node
            return
        top = self._open[-1]
        parent = top.node
        if isinstance(parent.value, dict) and top.key_mark is None:
            self._key(top, node, merges)
            return
        self._count += adds
        if self._count > MAX_VALUES:
            self._fail(
                "SA108",
                node.mark,
                f"the policy holds more than {MAX_VALUES:,} values, aliases written out",
                hint="repeat less by aliases, or split the policy",
            )
        if node.height >= parent.height:
            parent.height = node.height + 1
        if isinstance(parent.value, list):
            parent.children[len(parent.value)] = node
            parent.value.append(node.value)
        elif top.key_mark is not None:
            if top.key not in parent.value:
                parent.value[top.key] = node.value
                parent.children[top.key] = node
                parent.keys[top.key] = top.key_mark
            top.key_mark = None

    def _key(self, top: _Open, node: Node, merges: bool) -> None:
        mapping = top.node
        if isinstance(node.value, dict | list):
            self._fail(
                "SA114",
                node.mark,
                "a key is one word or number, not a list or mapping",
                hint="quote a text that holds brackets or braces",
            )
        if top.block and not mapping.value:
            mapping.mark = Mark(node.mark.line, node.mark.column, node.mark.length)
        top.key, top.key_mark = node.value, node.mark
        if merges:
            self._complain(
                "SA112",
                node.mark,
                "merge keys are no part of YAML 1.2",
                hint="write the keys out, or repeat a whole value by an alias",
            )
        elif node.value in mapping.value:
            first = mapping.keys[node.value].line + 1
            self._complain(
                "SA106",
                node.mark,
                f"duplicate key {str(node.value)!r}",
                hint=f"the first is on line {first}",
            )

    def _deeper(self, mark: Mark, levels: int) -> None:
        if len(self._open) + levels > MAX_DEPTH:
            message = f"lists and mappings nest deeper than {MAX_DEPTH}"
            self._fail("SA107", mark, message, hint="look for brackets that are never closed")

    # Problems -------------------------------------------------------------------------------------

    def _refuse_tag(self, tag: str, mark: Mark) -> None:
        shown = tag.replace("tag:yaml.org,2002:", "!!")
        self._complain(
            "SA109",
            mark,
            f"the tag {shown} is not allowed",
            hint="a policy is plain data: remove the tag",
        )

    def _complain(self, code: str, mark: Mark, message: str, *, hint: str = "") -> None:
        length = max(1, mark.length)
        position = Position(self._name, mark.line + 1, mark.column + 1, length)
        line = self._lines[mark.line] if mark.line < len(self._lines) else ""
        excerpt = _UNPRINTABLE.sub("\ufffd", line)
        self._problems.append(Problem(code, message, position, "", hint, excerpt))

    def _fail(self, code: str, mark: Mark, message: str, *, hint: str = "") -> NoReturn:
        self._complain(code, mark, message, hint=hint)
        raise PolicyError(self._problems)


def _mark(event: Any, lines: tuple[str, ...] = ()) -> Mark:
    """Where an event stands; a value that spans lines is marked to the end of its first."""
    start, end = event.start_mark, event.end_mark
    if start.line == end.line:
        return Mark(start.line, start.column, end.column - start.column)
    if getattr(event, "style", "") in ("|", ">") or start.line >= len(lines):
        return Mark(start.line, start.column)
    return Mark(start.line, start.column, max(1, len(lines[start.line]) - start.column))
