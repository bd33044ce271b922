"""Words of captions that a picture's change touches: colours, directions, and what is gone.

    edits = direction_edits("a cat on the left", Symmetry(mirrored=True))
    apply_edits("a cat on the left", edits)             # "a cat on the right"
    move_span((0, 5), edits)                            # where "a cat" lies now
    rebuild("A cat and a dog sit.", [Spoken(0, 5), Spoken(10, 15, kept=0)])     # "A cat sits."

What the words mean is data (`lexicons/*.yaml`), read on first use and extended by
`DEFAULT.extended(load_lexicon("mine.yaml"))`. Standard library and PyYAML only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.lazy import names_of

if TYPE_CHECKING:
    from syncaug.words.colours import (
        AmbiguousColour,
        ColourWord,
        Signals,
        colour_words,
        recolour_edits,
    )
    from syncaug.words.directions import (
        Compass,
        DirectionWord,
        UnmovableDirection,
        direction_edits,
        direction_words,
    )
    from syncaug.words.edits import Edit, apply_edits, move_span
    from syncaug.words.lexicon import (
        DEFAULT,
        LANGUAGES,
        Lexicon,
        LexiconError,
        lexicon_for,
        load_lexicon,
    )
    from syncaug.words.rebuilding import CountsGone, NothingLeft, Spoken, rebuild
    from syncaug.words.spared import sparing
    from syncaug.words.symmetry import Symmetry

__all__ = [
    "DEFAULT",
    "LANGUAGES",
    "AmbiguousColour",
    "ColourWord",
    "Compass",
    "CountsGone",
    "DirectionWord",
    "Edit",
    "Lexicon",
    "LexiconError",
    "NothingLeft",
    "Signals",
    "Spoken",
    "Symmetry",
    "UnmovableDirection",
    "apply_edits",
    "colour_words",
    "direction_edits",
    "direction_words",
    "lexicon_for",
    "load_lexicon",
    "move_span",
    "rebuild",
    "recolour_edits",
    "sparing",
]

__getattr__ = names_of(
    __name__,
    {
        "syncaug.words.colours": (
            *("AmbiguousColour", "ColourWord", "Signals", "colour_words", "recolour_edits"),
        ),
        "syncaug.words.directions": (
            *("Compass", "DirectionWord", "UnmovableDirection"),
            *("direction_edits", "direction_words"),
        ),
        "syncaug.words.edits": ("Edit", "apply_edits", "move_span"),
        "syncaug.words.lexicon": (
            *("DEFAULT", "LANGUAGES", "Lexicon", "LexiconError", "lexicon_for", "load_lexicon"),
        ),
        "syncaug.words.rebuilding": ("CountsGone", "NothingLeft", "Spoken", "rebuild"),
        "syncaug.words.spared": ("sparing",),
        "syncaug.words.symmetry": ("Symmetry",),
    },
)
