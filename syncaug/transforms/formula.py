"""Formulas: maps that follow from a transform's parameters and a picture's size alone.

A transform whose maps ask nothing else of a sample lists its formulas, by kind of map, as
`FORMULAS`; its `maps` uses the same functions. What cameras and bodies add is left to `maps`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["Formula"]

Formula = tuple[str, Callable[..., Any]]
"""A kind of map and its function: `plane` of parameters and size, `tone` of parameters, and `world`
of parameters, which may give None for none."""
