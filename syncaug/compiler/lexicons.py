"""Own lexicons of texts: the files that a policy names, read before it is compiled.

The path is replaced by the content, so that the plan, its fingerprint and records hold the words
themselves: a record is replayed without the file, and a file that has changed is another policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from syncaug.catalogue.modalities import MODALITIES
from syncaug.compiler.complaints import Complaints
from syncaug.errors import PolicyError
from syncaug.policy.source import Document, near_policy, read
from syncaug.problem import Problem

__all__ = ["with_lexicons"]

_WRITING = tuple(name for name, spec in MODALITIES.items() if spec.writes)


def with_lexicons(document: Document) -> tuple[Document, list[Problem]]:
    """The document with the content of each lexicon file in place of its path, and all problems.

    A path is relative to the policy's file; that of a policy without one to the working folder.
    """
    sample = document.data.get("sample")
    if not isinstance(sample, Mapping):
        return document, []
    named = {
        name: raw["lexicon"]
        for name, raw in sample.items()
        if isinstance(raw, Mapping)
        and raw.get("modality") in _WRITING
        and isinstance(raw.get("lexicon"), str)
        and raw["lexicon"]
    }
    if not named:
        return document, []
    complaints = Complaints(document)
    streams = dict(sample)
    for name, path in named.items():
        content = _content(
            Path(document.name).parent / path, ("sample", name, "lexicon"), complaints
        )
        if content is not None:
            streams[name] = {**sample[name], "lexicon": content}
    return replace(document, data={**document.data, "sample": streams}), complaints.problems


def _content(
    path: Path, place: tuple[str | int, ...], complaints: Complaints
) -> Mapping[str, Any] | None:
    """The data of a lexicon file, read like a policy; None where it is none."""
    from syncaug.words.layers import LexiconError, require_known_keys  # else not loaded

    try:
        data = read(path).data
        require_known_keys(data)
    except PolicyError as error:
        first = error.problems[0]
        line = f", line {first.position.line}" if first.position.line else ""
        complaints.add(
            "SA315",
            place,
            f"the lexicon {str(path)!r} cannot be read{line}: {first.message}",
            expected="a YAML file, named relative to the policy file",
            hint=(near_policy(str(path)) if first.code == "SA101" else first.hint)
            or "mend the path, or write the content under lexicon:",
        )
    except LexiconError as error:
        complaints.add(
            "SA315",
            place,
            f"{str(path)!r} is no lexicon: {error}",
            hint="mend the file: see docs/words.md",
        )
    else:
        return data
    return None
