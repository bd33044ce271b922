"""STAND-IN until the real model module lands."""
from __future__ import annotations
from typing import Any
def parse(document: Any) -> tuple[Any, list[Any]]:
    return document.data, []
