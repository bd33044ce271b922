"""Take the distortion of its lens out of a picture, and out of all that lies on its plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.errors import RefusalError
from syncaug.maps.lens_map import LensMap, straightened
from syncaug.transforms.lenses import one_lens
from syncaug.transforms.view import Located, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import UndistortParameters

__all__ = ["maps"]


def maps(parameters: UndistortParameters, view: View) -> Maps:
    """For each plane whose camera has a lens, the warp that its picture meets, and its camera.

    The same map each time: it depends on the camera, not on the draw. Raises RefusalError where
    `alpha` asks for what no picture shows.
    """
    out: list[Located] = []
    for plane in view.planes(parameters.get("plane", "")):
        camera = one_lens(plane, view)
        if camera is None:
            raise AssertionError("the compiler asks for a camera")
        if not camera.lens.bends:
            continue
        size = view.size(plane)
        try:
            after = straightened(camera, size, parameters.get("alpha"))
        except ValueError as error:
            hint = "leave alpha: out, and the focal length stays"
            raise RefusalError(plane, f"{error} (alpha: {parameters['alpha']:g}); {hint}") from None
        straight = LensMap(camera._replace(size=size), after)
        out += [("field", plane, straight), ("lens", plane, straight)]
    return out
