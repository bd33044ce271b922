"""What is said of the scene: a caption with colours, sides and depths, and the phrases in it."""

from __future__ import annotations

import numpy as np

from tests.scene.render_marks import shown_at_first
from tests.scene.scene import Eye, Scene, Shape

__all__ = ["caption_of", "phrase_of", "relation_of"]


def phrase_of(scene: Scene, shape: Shape) -> str:
    """A shape with its colour and the article that suits it."""
    colour = scene.colour_word(shape)
    return f"{'an' if colour[0] in 'aeiou' else 'a'} {colour} {shape.outline}"


def relation_of(scene: Scene, eye: Eye, one: Shape, other: Shape) -> str:
    """Where one shape lies from another, as the eye's picture shows them."""
    places = [scene.sheet(shape, 0.0)[0] for shape in (one, other)]
    (here, there), _ = scene.look(eye, np.array(places))
    way = here - there
    if abs(way.real) > abs(way.imag):
        return "to the left of" if way.real < 0 else "to the right of"
    return "above" if way.imag < 0 else "below"


def caption_of(scene: Scene, eye: Eye) -> str:
    """Shapes in pairs with their relation, the odd one alone, and which of two is nearer."""
    shapes = [scene.shapes[index] for index in shown_at_first(scene, eye)]
    said = []
    for one, other in zip(shapes[::2], shapes[1::2], strict=False):
        relation = relation_of(scene, eye, one, other)
        said.append(f"There is {phrase_of(scene, one)} {relation} {phrase_of(scene, other)}.")
        _, (near, far) = scene.look(eye, np.array([scene.sheet(s, 0.0)[0] for s in (one, other)]))
        depth = "nearer" if near < far else "farther"
        said.append(f"The {one.outline} is {depth} than the {other.outline}.")
    if len(shapes) % 2:
        said.append(f"There is also {phrase_of(scene, shapes[-1])}.")
    return " ".join(said)
