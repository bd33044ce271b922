"""The summary of records: what was drawn, refused, mixed and kept, and where refusals skew draws.

    records --(tally)--> Tally --(summary)--> Summary

A tally counts records one by one in constant memory, and tallies of parts of a run merge into one.
"""

from __future__ import annotations

from syncaug.record.summary.summary import PolicySummary, Summary, summarize, summary_of
from syncaug.record.summary.tally import Tally

__all__ = ["PolicySummary", "Summary", "Tally", "summarize", "summary_of"]
