"""Ways in a latent space: what becomes of the vector of one stream."""

from __future__ import annotations

from dataclasses import dataclass

from syncaug.maps.mix import Mix

__all__ = ["Latent"]


@dataclass(frozen=True, slots=True)
class Latent:
    """What one stream meets in the space of an encoder.

    `way` is `lerp` or `slerp` (towards the partner's vector by the share `amount`), `swap` (the
    partner's numbers in a share `amount` of the dimensions) or `noise` (of the strength `amount`).
    `shape` is the drawn number from which dimensions are chosen, or directions of noise. `encoder`
    names the encoder; empty where vectors are in one space as they come. `word` says what the new
    vector becomes: `decode`, or `nearest` for the sample of a bank. `whole` takes that in.
    """

    way: str
    amount: float
    shape: float
    encoder: str
    word: str
    whole: Mix
