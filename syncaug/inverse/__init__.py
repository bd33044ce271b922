"""Inverse: what a model says of an augmented sample, brought back onto the original.

`path` composes what one stream has met, `written` keeps that in a record, and `predictions` undoes
it by what is predicted: `marks` in pictures, `rasters`, `moments` of a clock, and solids of worlds.
"""

from syncaug.inverse.path import Path, path_of
from syncaug.inverse.predictions import inverted
from syncaug.inverse.written import paths_in, written

__all__ = ["Path", "inverted", "path_of", "paths_in", "written"]
