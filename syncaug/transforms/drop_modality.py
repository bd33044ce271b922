"""Let some streams show nothing, as where a sensor is out; which ones is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.mask import Drop
from syncaug.transforms.clock import numbers
from syncaug.transforms.view import Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import DropModalityParameters

__all__ = ["maps"]


def maps(parameters: DropModalityParameters, view: View) -> Maps:
    """One drop for each stream that is out: `count` of them, or from one up to `at_most`."""
    streams = list(view.mixing())
    amount, *places = numbers(parameters["choice"], len(streams) + 1).tolist()
    most = min(int(parameters["at_most"]), len(streams))
    count = int(parameters["count"]) if "count" in parameters else 1 + int(amount * most)
    order = sorted(range(len(streams)), key=places.__getitem__)
    return [("drop", streams[index], Drop()) for index in sorted(order[:count])]
