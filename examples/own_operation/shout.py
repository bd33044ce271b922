"""An operation of one's own: `shout.Louder` makes sound louder and its words upper case.

The entry point `shout = "shout"` in the group `syncaug.operations` names this module. Its
`OPERATIONS` describe each operation as the catalogue does, and `prepare` builds one for a stream.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

OPERATIONS: Mapping[str, Mapping[str, Any]] = {
    "Louder": {
        "summary": "Multiply the samples by a factor, and clip.",
        "takes": ["audio"],
        "moves": "nothing",
        "parameters": {
            "factor": {
                "schema": {"type": "number", "minimum": 0, "maximum": 100},
                "form": "value",
                "required": True,
                "description": "The factor on every sample.",
                "minimum": 0,
                "maximum": 100,
            }
        },
    }
}


class Louder:
    """The operation on one stream: constants were given when the plan was built."""

    def __init__(self, constants: Mapping[str, Any]) -> None:
        self._constants = dict(constants)

    def run(self, data: np.ndarray, values: Mapping[str, Any], entropy: Any) -> np.ndarray:
        """The louder sound; `values` hold what was drawn for this sample."""
        factor = {**self._constants, **values}["factor"]
        return np.clip(data * np.float32(factor), -1.0, 1.0)


def prepare(
    name: str, modality: str, constants: Mapping[str, Any], options: Mapping[str, Any]
) -> Louder:
    """Build `shout.<name>` for a stream."""
    return {"Louder": Louder}[name.removeprefix("shout.")](constants)
