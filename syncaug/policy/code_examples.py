"""For each problem code a policy that has exactly this problem, and one that does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

__all__ = ["CodeExample", "code_examples"]

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class CodeExample:
    """A `wrong` and a `right` policy as texts.

    `given` says how the wrong one comes where it is no text of UTF-8: as a `path`, in `latin-1`, as
    a `python` expression, or with its last line many times (`long`). `where` is the environment in
    which it is wrong, and `encoders` are names that the right one is given.
    """

    wrong: str
    right: str
    given: str = ""
    where: str = ""
    encoders: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The wrong policy with its control characters made visible."""
        return "".join(
            chr(0x2400 + ord(char)) if char < " " and char != "\n" else char for char in self.wrong
        )

    @property
    def note(self) -> str:
        """What a reader must know beside the text of the wrong policy; empty for most."""
        if self.encoders:
            return f"with load_policy(..., encoders={{{self.encoders[0]!r}: encode}})"
        return self.where or _GIVEN[self.given]


_GIVEN: Mapping[str, str] = {
    "": "",
    "path": "as a path, where no such file is",
    "latin-1": "in a file that is encoded as Latin-1",
    "python": "as Python data",
    "long": "and 60,000 more such lines",
}


@lru_cache(maxsize=1)
def code_examples() -> Mapping[str, CodeExample]:
    """The example of every code, in the order of the codes."""
    path = Path(__file__).parent / "problem_examples.yaml"
    with path.open(encoding="utf-8") as file:
        table = yaml.load(file, Loader=_Loader)  # a safe loader, our own file
    return {code: _example(dict(entry)) for code, entry in table.items()}


def _example(entry: dict[str, object]) -> CodeExample:
    given = str(entry.get("given", ""))
    encoders = entry.get("encoders", [])
    assert isinstance(encoders, list)
    wrong = str(entry["wrong"])
    return CodeExample(
        wrong if given in ("path", "python") else _whole(wrong),
        _whole(str(entry["right"])),
        given,
        str(entry.get("where", "")),
        tuple(encoders),
    )


def _whole(text: str) -> str:
    """The text with the version of the language before it, where it begins with the sample."""
    begins = ("sample:", "seed:", "description:")
    return f"syncaug: 1\n{text}" if text.startswith(begins) else text
