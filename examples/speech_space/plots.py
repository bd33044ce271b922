"""The plot of what windows find."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["plot"]


def plot(told: Mapping[str, Any], path: Path) -> None:
    """Write the ranks of each clip, and those of sounds that come earlier and later, as SVG."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    clips = told["clips"]
    with mpl.rc_context({"svg.hashsalt": "speech", "font.size": 8, "svg.fonttype": "none"}):
        figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2))
        left.barh([clip["key"] for clip in clips], [clip["rank"] for clip in clips])
        left.invert_yaxis()
        left.set_xlim(0.0, 1.0)
        left.set_xlabel("mean rank of the own sound")
        for clip in clips:
            count = len(clip["by_shift"])
            shifts = (np.arange(count) + count // 2) % count - count // 2
            order = np.argsort(shifts)
            seconds = shifts[order] / clip["fps"]
            right.plot(seconds, np.array(clip["by_shift"])[order], color="tab:blue", alpha=0.35)
        right.set_xlabel("seconds by which the sound is shifted, round the clip")
        right.set_ylabel("mean rank")
        for line in (left.axvline, right.axhline):
            line(0.5, color="tab:red", linestyle=":", linewidth=1)
        figure.tight_layout()
        out = io.BytesIO()
        figure.savefig(out, format="svg", metadata={"Date": None}, bbox_inches="tight")
        plt.close(figure)
    # matplotlib leaves blanks at the ends of some lines.
    path.write_bytes(re.sub(rb"[ \t]+\n", b"\n", out.getvalue()))
