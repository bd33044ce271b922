"""Previews: variants of one sample, for notebooks, files and eyes.

    preview = policy.preview(sample, key="pets/1", variants=4)
    preview                             # in a notebook: before and after of each variant
    preview.save("pets.html")           # one file that needs nothing else
    preview[2].after["image"]           # what variant 2 gives

Knobs choose among variants that were made before: the page needs no server.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any, overload

from syncaug.forms import Border
from syncaug.io.atomic import write_bytes
from syncaug.report.html import card_of, environment
from syncaug.report.result import Result
from syncaug.unread import opened

__all__ = ["Preview", "Variant", "preview_of"]

_HEIGHT = 900
"""How many pixels of a notebook a preview takes; it scrolls inside."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One result, and where it stands among the others: knob -> its setting, as it is read."""

    result: Result
    settings: Mapping[str, str]


class Preview(Sequence[Result]):
    """Variants of one sample: a sequence of results, and a page about them.

    Each result has `before`, `after` (falsy where the sample was dropped) and `record`.
    """

    __slots__ = ("_title", "_variants")

    def __init__(self, variants: Sequence[Variant], *, title: str) -> None:
        self._variants, self._title = tuple(variants), title

    @overload
    def __getitem__(self, index: int) -> Result: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Result]: ...
    def __getitem__(self, index: int | slice) -> Result | Sequence[Result]:
        if isinstance(index, slice):
            return [variant.result for variant in self._variants[index]]
        return self._variants[index].result

    def __len__(self) -> int:
        return len(self._variants)

    def __iter__(self) -> Iterator[Result]:
        return (variant.result for variant in self._variants)

    def __repr__(self) -> str:
        outcomes = [result.record.outcome for result in self]
        told = ", ".join(f"{outcomes.count(one)} {one}" for one in dict.fromkeys(outcomes))
        return f"<Preview of {self._title}: {told}>"

    @property
    def settings(self) -> tuple[Mapping[str, str], ...]:
        """The settings of each result, such as `{"severity": "0.5", "epoch": "2"}`."""
        return tuple(variant.settings for variant in self._variants)

    def html(self) -> str:
        """The page as text. Raises MissingExtraError without Jinja2 (extra `report`)."""
        cards = [
            (variant.settings, card_of(_as_carried(variant.result), f"variant-{number}"))
            for number, variant in enumerate(self._variants)
        ]
        names = dict.fromkeys(name for settings, _ in cards for name in settings)
        knobs = {
            name: list(dict.fromkeys(settings.get(name, "") for settings, _ in cards))
            for name in names
        }
        page: str = (
            environment()
            .get_template("preview.html.jinja")
            .render(
                title=self._title,
                knobs={name: values for name, values in knobs.items() if len(values) > 1},
                cards=cards,
            )
        )
        return page

    def save(self, path: str | Path) -> Path:
        """Write the page to `path` (folders are made as needed) and return it."""
        path = Path(path)
        page = self.html()
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, page.encode())
        return path

    def _repr_html_(self) -> str:
        """The page in a frame of its own, so that its style and script meet no other's."""
        style = f"width: 100%; height: {_HEIGHT}px; border: 0"
        return f'<iframe srcdoc="{escape(self.html())}" style="{style}"></iframe>'


def preview_of(
    policy: Any, sample: Mapping[str, Any], settings: Mapping[str, str], **how: Any
) -> Variant:
    """The variant that an augmenter gives of a sample; `how` is what its `apply` takes."""
    after, record = policy.apply(sample, **how)
    partner = how.get("partner")
    if record.partner is None:
        partner = None
    elif callable(partner):
        partner = partner()
    name = policy.plan.name or "the policy"
    return Variant(Result(name, sample, after, record, policy.plan, partner=partner), settings)


def _as_carried(result: Result) -> Result:
    """A result whose samples hold what the page can draw, in whatever forms they came."""
    border, key = Border(result.plan), result.key

    def carried(sample: Any) -> Any:  # what is still in its file is read: all of it is drawn
        read = opened(sample) if isinstance(sample, Mapping) else sample
        return border.taken(read, key).sample

    return replace(
        result,
        before=carried(result.before),
        after=carried(result.after),
        partner=carried(result.partner),
    )
