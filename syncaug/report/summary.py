"""The page of a summary: outcomes, refusals, and a small plot of every draw, in one file.

Plots are inline SVG, so that the page asks the network for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from syncaug.io.atomic import write_bytes
from syncaug.record.summary import PolicySummary, Summary
from syncaug.record.summary.telling import told_course, told_drops
from syncaug.record.summary.values import Values
from syncaug.report.html import environment

__all__ = ["render_summary", "write_summary_page"]

_WIDTH, _HEIGHT = 240, 48
_WORDS = 12
"""So many counts of values that are no numbers are shown."""


@dataclass(frozen=True, slots=True)
class _Plot:
    """One draw: SVG paths of what was accepted and of all that was drawn, or shares by value."""

    name: str
    declared: str
    count: int
    told: str
    low: str
    high: str
    accepted: str
    drawn: str
    shares: tuple[tuple[str, float, int], ...]


def render_summary(summary: Summary, *, title: str) -> str:
    """The page as text. Raises MissingExtraError without Jinja2."""
    policies = [(policy, _plots(policy)) for policy in summary.policies]
    template = environment().get_template("summary.html.jinja")
    return template.render(
        title=title,
        summary=summary,
        policies=policies,
        width=_WIDTH,
        height=_HEIGHT,
        drops=told_drops,
        course=told_course,
    )


def write_summary_page(summary: Summary, path: str | Path, *, title: str) -> Path:
    """Write the page to `path` (folders are made as needed) and return it."""
    path = Path(path)
    page = render_summary(summary, title=title)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, page.encode("utf-8", "backslashreplace"))
    return path


def _plots(policy: PolicySummary) -> list[_Plot]:
    plots = []
    for row in policy.draws:
        if row.constant:
            continue
        values = row.accepted
        ends = values | row.drawn if row.varies else values
        low, high = (ends.least, ends.greatest) if ends.numbers else (0.0, 0.0)
        told = ""
        if values.numbers:
            middle = [f"{values.quantile(share):.4g}" for share in (0.05, 0.5, 0.95)]
            told = f"mean {values.mean:.4g}; 5%, 50%, 95%: {', '.join(middle)}"
        shares = tuple(
            (word, 100.0 * count / values.count, count)
            for word, count in list(values.words().items())[:_WORDS]
        )
        plots.append(
            _Plot(
                str(row.label),
                row.declared,
                values.count,
                told,
                f"{low:.4g}" if ends.numbers else "",
                f"{high:.4g}" if ends.numbers else "",
                _path(values, low, high),
                _path(row.drawn, low, high) if row.varies else "",
                shares,
            )
        )
    return plots


def _path(values: Values, low: float, high: float) -> str:
    """The histogram as an SVG path: bars as high as the share of their bin of the fullest one."""
    bins = values.histogram()
    if not bins:
        return ""
    spread = (high - low) or 1.0
    least = 2.0  # what a single value is drawn as
    top = max(count for *_, count in bins)
    parts = []
    for start, end, count in bins:
        left = _WIDTH * (max(start, low) - low) / spread
        right = _WIDTH * (min(end, high) - low) / spread
        if right - left < least:
            middle = min(max((left + right) / 2.0, least / 2), _WIDTH - least / 2)
            left, right = middle - least / 2, middle + least / 2
        up = _HEIGHT * (1.0 - count / top)
        parts.append(f"M{left:.1f} {_HEIGHT}V{up:.1f}H{right:.1f}V{_HEIGHT}Z")
    return "".join(parts)
