"""The page: before and after of every result, in one file that needs nothing else.

    write_report(results, "out/index.html")

Pictures and sounds are data URIs and style and script are inline, so that the page opens from a
disk, a mail or a server alike and asks the network for nothing.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from syncaug.errors import MissingExtraError
from syncaug.io.atomic import write_bytes
from syncaug.report.figures import Row
from syncaug.report.result import Result
from syncaug.report.rows import rows_of
from syncaug.report.telling import CheckLine, StepLine, check_lines, outcome_of, step_lines

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["Card", "card_of", "environment", "render_report", "write_report"]

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Card:
    """One result, ready for the template."""

    anchor: str
    title: str
    key: str | int
    epoch: int
    outcome: str
    verdict: str
    rows: tuple[Row, ...]
    steps: tuple[StepLine, ...]
    checks: tuple[CheckLine, ...]
    attempts: tuple[tuple[int, str], ...]
    record: str

    @property
    def applied(self) -> tuple[str, ...]:
        """The names of the steps that happened."""
        return tuple(step.name for step in self.steps if step.applied and step.streams)


@dataclass(slots=True)
class _Section:
    """The results of one policy."""

    anchor: str
    name: str
    description: str
    fingerprint: str
    seed: int
    source: str
    cards: list[Card] = field(default_factory=list)


def render_report(
    results: Iterable[Result],
    *,
    title: str = "Before and after",
    sources: Mapping[str, str] | None = None,
) -> str:
    """The page as text.

    `sources` maps the names of policies to their YAML, which the page then shows. Raises
    MissingExtraError without Jinja2.
    """
    sections: dict[str, _Section] = {}
    versions: dict[str, str] = {}
    outcomes: Counter[str] = Counter()
    for result in results:
        section = sections.get(result.policy)
        if section is None:
            section = sections[result.policy] = _section(
                result, (sources or {}).get(result.policy, "")
            )
        number = len(section.cards) + 1
        section.cards.append(card_of(result, f"{section.anchor}-{number}"))
        versions.update(result.record.versions)
        outcomes[result.record.outcome.replace("_", " ")] += 1
    return (
        environment()
        .get_template("page.html.jinja")
        .render(
            title=title,
            sections=list(sections.values()),
            versions=versions,
            outcomes=outcomes,
            total=outcomes.total(),
            samples=sum(len({card.key for card in section.cards}) for section in sections.values()),
        )
    )


def write_report(
    results: Iterable[Result],
    path: str | Path,
    *,
    title: str = "Before and after",
    sources: Mapping[str, str] | None = None,
) -> Path:
    """Write the page to `path` (folders are made as needed) and return it."""
    path = Path(path)
    page = render_report(results, title=title, sources=sources)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, page.encode())
    return path


def _section(result: Result, source: str) -> _Section:
    return _Section(
        anchor=_anchor(result.policy),
        name=result.policy,
        description=str(result.record.policy.get("description", "")),
        fingerprint=result.record.fingerprint,
        seed=result.record.draw.seed,
        source=source.strip(),
    )


def card_of(result: Result, anchor: str) -> Card:
    """A result, ready for the template; `anchor` is its place on the page."""
    record = result.record
    failed = tuple((a.number + 1, reason) for a in record.attempts for reason in a.failed)
    return Card(
        anchor=anchor,
        title=result.title or str(result.key),
        key=result.key,
        epoch=result.epoch,
        outcome=record.outcome,
        verdict=outcome_of(record),
        rows=rows_of(result),
        steps=step_lines(result),
        checks=check_lines(record, result.plan),
        attempts=failed,
        record=json.dumps(json.loads(record.to_json()), ensure_ascii=False, indent=1),
    )


def _anchor(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "policy"


def environment() -> Environment:
    """The templates. Raises MissingExtraError without Jinja2."""
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        raise MissingExtraError("jinja2", "report") from None
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
