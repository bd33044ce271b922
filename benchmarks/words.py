"""Captions by kind of change, in this checkout and another: with `--against TREE`.

Each call carries all captions of a kind, one after the other, so that none is remembered from the
call before. Only the public interface of `syncaug.words` is used.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import worker
from benchmarks.report import ROOT, Report, Run, commit
from benchmarks.timing import race

__all__ = ["contestants", "measure"]

CAPTIONS = (
    "A man in a blue shirt stands on the left of a red car.",
    "Two dogs run across a green field with a yellow ball in the upper right corner.",
    "a brown horse grazing next to a wooden fence under a cloudy sky",
    "The woman on the right wears an orange jacket and holds a light blue umbrella above her head.",
    "A black and white cat sits on top of a dark green suitcase.",
    "Children jump up and down on a trampoline in a park.",
    "A golden retriever with a red collar lies at the bottom of the stairs.",
    "Turn left at the traffic light, then take the second right.",
    "A plate of oranges and a glass of orange juice on a white table.",
    "A blond boy in a navy sweater looks to his left.",
    "The clock above the door shows ten past two.",
    "A skier in a bright yellow jacket goes down a slope, a lift behind him.",
    "An old photo of three men in suits in front of a bank.",
    "A pink and purple kite flies over the beach; the sea is turquoise.",
    "There is a stop sign at the left side of the road and a bus at the right.",
    "A kitchen with wooden cabinets, a stove and a refrigerator.",
    "A bunch of purple grapes beside a green apple and a peach.",
    "Several people wait in line outside a shop on a rainy day.",
    "A surfer rides a wave while another one paddles out on the far right.",
    "The leftmost of the five bottles is green, the others are brown.",
)
GROUNDED = (
    ("A dog, a cat and a bird sit on a bench.", ("A dog", "a cat", "a bird", "a bench"), "a cat"),
    ("A man riding a horse next to a dog on a beach.", ("A man", "a horse", "a dog"), "a horse"),
    ("Two women sit at a table with a laptop.", ("Two women", "a table", "a laptop"), "a laptop"),
    ("A boy throws a ball. A dog catches it.", ("A boy", "a ball", "A dog"), "a ball"),
    ("A girl in a red hat holds a kite while a man watches.", ("A girl", "a kite"), "a kite"),
    ("A bus and three cars wait at a light.", ("A bus", "three cars", "a light"), "A bus"),
)
AIM = 1 / 1.3
"""No kind of caption takes more than 1.3 times what it took."""


def contestants() -> tuple[dict[str, Callable[[], Any]], dict[str, str]]:
    """A call for each kind of change."""
    import syncaug
    from syncaug.words import Spoken, Symmetry, direction_edits, rebuild, recolour_edits
    from syncaug.words.colours import AmbiguousColour
    from syncaug.words.directions import UnmovableDirection

    refused = (AmbiguousColour, UnmovableDirection)

    def turned(symmetry: Symmetry) -> None:
        for text in CAPTIONS:
            try:
                direction_edits(text, symmetry)
            except refused:
                continue

    def recoloured(degrees: float) -> None:
        for text in CAPTIONS:
            try:
                recolour_edits(text, degrees)
            except refused:
                continue

    spoken = []
    for text, phrases, gone in GROUNDED:
        places = [(text.index(phrase), len(phrase), phrase != gone) for phrase in phrases]
        spoken.append((text, [Spoken(at, at + size, kept=int(kept)) for at, size, kept in places]))

    def rebuilt() -> None:
        for text, phrases in spoken:
            rebuild(text, phrases)

    made: dict[str, Callable[[], Any]] = {
        "mirror": partial(turned, Symmetry(True, 0)),
        "vertical flip": partial(turned, Symmetry(True, 2)),
        "quarter turn": partial(turned, Symmetry(False, 1)),
        "hue of 120": partial(recoloured, 120.0),
        "hue of 60": partial(recoloured, 60.0),
        "rebuilt": rebuilt,
    }
    return made, {"syncaug": str(Path(syncaug.__file__).parent.parent)}


def measure(run: Run) -> Report:
    """Each kind, before and after."""
    if run.against is None:
        raise SystemExit("words needs another checkout: --against TREE")
    report = Report(f"Captions, before ({commit(run.against)}) and after")
    trees = {"before": run.against, "after": ROOT}
    workers = {
        name: worker.Worker("benchmarks.words:contestants", tree=tree)
        for name, tree in trees.items()
    }
    try:
        for name, tree in trees.items():
            measured = workers[name].about["syncaug"]
            report.check(Path(measured) == tree, f"{name} is {commit(tree)}")
        for kind in workers["after"].names:
            both = {which: workers[which][kind] for which in workers}
            result = race(f"captions, {kind}", both, seconds=run.seconds, turn=worker.TURN)
            report.races.append(result)
            report.ratio(f"before/after: captions, {kind}", result, "before", "after", AIM)
    finally:
        for each in workers.values():
            each.close()
    return report
