"""Measure alignment on real files: each goes through a shipped policy and back out of its files.

    python -m tools.measure_alignment          # a table; exit code 1 where a bound is not kept

Bounds: a picture's moment is known to half a frame (20 ms at 25 frames a second), SRT rounds to
1 ms and MP4 subtitles to 10 microseconds; geometry keeps half a pixel.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tools.alignment.films import bunny_lines, webb_lines
from tools.alignment.measured import Line
from tools.alignment.room import robot_lines, room_lines
from tools.alignment.words import jfk_lines

__all__ = ["MEASURES", "main"]

MEASURES: Mapping[str, Callable[[Path], Iterator[Line]]] = {
    "webb": webb_lines,
    "bunny": bunny_lines,
    "jfk": jfk_lines,
    "living_room": room_lines,
    "imu": robot_lines,
}
"""Real files and what is measured on them."""


def main() -> int:
    """Measure all and print the table; 0 where every bound is kept."""
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, measure in track(MEASURES.items(), "measuring", console=Console(stderr=True)):
            (Path(folder) / name).mkdir()
            lines += measure(Path(folder) / name)
    table = Table("file", "policy", "measured", "over", "value", "bound", "")
    for line in lines:
        value, bound = (f"{number:.3g} {line.unit}" for number in (line.value, line.bound))
        kept = "kept" if line.kept else "MISSED"
        table.add_row(line.file, line.policy, line.what, str(line.count), value, bound, kept)
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    return 0 if all(line.kept for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
