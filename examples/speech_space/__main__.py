"""Does a joint space of mouths and voices hold for speakers that it has never seen?

    python -m examples.speech_space FOLDER --out out/speech --same id2_vcd_swwp2s,pwij3p

FOLDER holds films of one speaker each, who looks into the camera. For each speaker a space is
fitted on all others by what `syncaug fit-latent` runs, and asked for the sound of each window of
the film among all windows of the same clip. Clips in a folder of FOLDER are one speaker's; so are
those that `--same` names.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from examples.speech_space.clips import Box, Clip, read_clips
from examples.speech_space.fits import fitted
from examples.speech_space.plots import plot
from examples.speech_space.refits import refitted
from examples.speech_space.retrieval import DRAWS, Found, crossed, crossed_p, found, shifted_p
from examples.speech_space.windows import windows
from syncaug.training.latent import LatentSpace

__all__ = ["main", "results"]

BOX: Box = (0.36, 0.62, 0.63, 0.88)
"""Where the mouth is of a speaker whose head fills most of the picture's height."""
LEAST = 4
"""Speakers, so that each half has two."""


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Fit, ask, print and plot; what `results.json` holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="films of one speaker each")
    parser.add_argument("--out", type=Path, default=Path("out/speech_space"), help="a folder")
    parser.add_argument(
        *("--same", "-s"), action="append", default=[], metavar="A,B", help="clips of one speaker"
    )
    parser.add_argument(
        *("--box", "-b"), type=_box, default=BOX, metavar="L,T,R,B", help=f"of the mouth ({BOX})"
    )
    parser.add_argument(
        *("--refits", "-r"),
        type=int,
        default=0,
        help="draws of which each fits the spaces anew (0)",
    )
    given = parser.parse_args(arguments)
    given.out.mkdir(parents=True, exist_ok=True)
    clips = read_clips(given.folder, given.out, given.box, [one.split(",") for one in given.same])
    told = results(clips, given.out, given.refits)
    text = json.dumps(told, indent=1)
    (given.out / "results.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    plot(told, given.out / "speech_space.svg")
    print(_table(told))
    return told


def results(clips: Sequence[Clip], out: Path, refits: int = 0) -> dict[str, Any]:
    """What is found with each speaker left out, and by each half of them on the other.

    Files of the spaces and their manifests go to `out`. Raises SystemExit for fewer
    than 4 speakers.
    """
    sources = sorted({clip.source for clip in clips})
    if len(sources) < LEAST:
        raise SystemExit(
            f"expected {LEAST} speakers or more; got {', '.join(sources)}. Clips in a folder "
            "of the folder are one speaker's."
        )
    cut = {clip.key: windows(clip) for clip in clips}

    def space(name: str, unseen: Sequence[str]) -> LatentSpace:
        known = [(clip.key, *cut[clip.key]) for clip in clips if clip.source not in unseen]
        return fitted(known, out / f"{name}.npz")

    without = {source: space(f"without_{n}", [source]) for n, source in enumerate(sources)}
    each = [found(without[clip.source], *cut[clip.key]) for clip in clips]
    table = crossed([(without[clip.source], *cut[clip.key]) for clip in clips])
    halves = []
    for n, asked in enumerate((sources[1::2], sources[::2])):
        half = space(f"half_{n}", asked)
        theirs = [found(half, *cut[clip.key]) for clip in clips if clip.source in asked]
        halves.append({"asked": asked, **_summary(theirs)})
    keys = [[c.key for c in clips if c.source in half["asked"]] for half in halves]
    others = table[~np.eye(len(table), dtype=bool)]
    return {
        "draws": DRAWS,
        "clips": [_of_clip(clip, one) for clip, one in zip(clips, each, strict=True)],
        "each_left_out": _summary(each),
        "other_clips": {"rank": float(others.mean()), "p": crossed_p(table)},
        "halves": halves,
        **({"refits": refitted(cut, keys, refits)} if refits > 0 else {}),
    }


def _of_clip(clip: Clip, one: Found) -> dict[str, Any]:
    shifts = one.by_shift
    return {
        "key": clip.key,
        "source": clip.source,
        "fps": clip.fps,
        "windows": len(shifts),
        "rank": one.rank,
        "as_good": int((shifts <= one.rank).sum()),
        "by_shift": shifts.tolist(),
    }


def _summary(each: Sequence[Found]) -> dict[str, Any]:
    return {"rank": float(np.mean([one.rank for one in each])), "p": shifted_p(each)}


def _table(told: dict[str, Any]) -> str:
    """What was found, as Markdown."""
    lines = ["| clip | speaker | windows | mean rank | shifts as good |", "|---|---|---|---|---|"]
    for clip in told["clips"]:
        name = f"| {clip['key']} | {clip['source']} | {clip['windows']} "
        lines.append(f"{name}| {clip['rank']:.3f} | {clip['as_good']} of {clip['windows']} |")
    whole, others = told["each_left_out"], told["other_clips"]
    lines += [
        "",
        f"Each speaker left out once: mean rank {whole['rank']:.3f} (0.5 by chance), "
        f"p = {whole['p']:.2g} of {told['draws']} draws of shifts.",
        f"Sounds of other clips at the same time: mean rank {others['rank']:.3f}; own sounds are "
        f"nearer, p = {others['p']:.2g}.",
        *(
            f"Fitted on the others, asked of {', '.join(half['asked'])}: mean rank "
            f"{half['rank']:.3f}, p = {half['p']:.2g}."
            for half in told["halves"]
        ),
    ]
    if "refits" in told:
        again = told["refits"]
        lines.append(
            f"Both halves, spaces fitted anew after each of {again['draws']} shifts of all clips: "
            f"mean rank {again['rank']:.3f}, the best of the draws {again['best']:.3f}, "
            f"p = {again['p']:.2g}."
        )
    return "\n".join(lines)


def _box(text: str) -> Box:
    try:
        left, top, right, bottom = map(float, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected four numbers L,T,R,B; got {text!r}") from None
    if not (0.0 <= left < right <= 1.0 and 0.0 <= top < bottom <= 1.0):
        raise argparse.ArgumentTypeError(f"expected shares of the picture; got {text!r}")
    return left, top, right, bottom


if __name__ == "__main__":
    main()
