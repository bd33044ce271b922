"""A client of yaml-language-server, as an editor is one: what it marks, and what it completes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

__all__ = ["Diagnostic", "LanguageServer"]

_MARKED = "syncaug: 1\nsteps: 5\n"
"""What nobody marks who has not read the schema."""


class Diagnostic(NamedTuple):
    """What an editor marks: the first line, from 1, and what it says."""

    line: int
    message: str


class LanguageServer:
    """A server whose files all have one schema; documents are opened by their text."""

    def __init__(self, program: Path, schema: Path) -> None:
        self._process = subprocess.Popen(
            ["node", str(program), "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._number = 0
        yaml = {
            "schemas": {schema.as_uri(): "*.yaml"},
            "validate": True,
            "completion": True,
            "schemaStore": {"enable": False},
            "yamlVersion": "1.2",
        }
        self._settings = {"yaml": yaml, "http": {}, "editor": {"tabSize": 2}}
        capabilities = {
            "workspace": {"configuration": True},
            "textDocument": {
                "completion": {"completionItem": {"snippetSupport": False}},
                "publishDiagnostics": {},
            },
        }
        self._ask("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities})
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": self._settings})
        self._wait_for_schema()

    def __enter__(self) -> LanguageServer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def diagnostics(self, texts: Sequence[str]) -> list[list[Diagnostic]]:
        """What is marked in each of several documents, which are open at once.

        The server waits a moment for more letters before it looks at a document.
        """
        waiting = {self._open(text): index for index, text in enumerate(texts)}
        found: list[list[Diagnostic]] = [[] for _ in texts]
        while waiting:
            message = self._read()
            if message.get("method") != "textDocument/publishDiagnostics":
                continue
            index = waiting.pop(message["params"]["uri"], None)
            if index is not None:
                for mark in message["params"]["diagnostics"]:
                    line = mark["range"]["start"]["line"] + 1
                    found[index].append(Diagnostic(line, mark["message"]))
        return found

    def completions(self, text: str) -> list[str]:
        """What is offered at the `|` of a document, as the editor lists it."""
        before, _, after = text.partition("|")
        uri = self._open(before + after)
        place = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        where = {"textDocument": {"uri": uri}, "position": place}
        found = self._ask("textDocument/completion", where)
        items = found["items"] if isinstance(found, Mapping) else found or []
        return [item["label"] for item in items]

    def _wait_for_schema(self) -> None:
        """Read on until a document is marked: before it has its settings, a server marks none.

        It looks at open documents again when it gets them.
        """
        uri, marks = self._open(_MARKED), []
        while not marks:
            message = self._read()
            if message.get("method") == "textDocument/publishDiagnostics":
                if message["params"]["uri"] == uri:
                    marks = message["params"]["diagnostics"]

    def _open(self, text: str) -> str:
        self._number += 1
        uri = f"file:///policies/{self._number}.yaml"
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def _ask(self, method: str, parameters: Mapping[str, Any]) -> Any:
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": parameters})
        while True:
            message = self._read()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message["error"]
                return message["result"]

    def _tell(self, method: str, parameters: Mapping[str, Any]) -> None:
        self._send({"method": method, "params": parameters})

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        """The next message; questions of the server are answered on the way."""
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        assert length, "the server has ended"
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if "method" in message and "id" in message:
            answer: Any = None
            if message["method"] == "workspace/configuration":
                sections = [item.get("section", "") for item in message["params"]["items"]]
                answer = [self._settings.get(section) for section in sections]
            self._send({"id": message["id"], "result": answer})
        return message
