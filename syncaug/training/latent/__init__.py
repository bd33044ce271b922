"""A joint latent space: several modalities encoded into one, mixed there, and decoded or used.

    space = LatentSpace.fit({"film": films, "voice": voices}, dimensions=8)
    middle = slerp(space.encode("film", films), space.encode("voice", voices), 0.5)

`LatentSpace` needs no model and no download: it is fitted on features of your own with scikit-learn
(the extra `analysis`). An encoder of your own takes its place where it has `encode`.
"""

from syncaug.training.latent.bank import Bank
from syncaug.training.latent.between import lerp, mixed_rows, principal_noise, slerp
from syncaug.training.latent.space import Decoder, Encoder, LatentSpace

__all__ = [
    "Bank",
    "Decoder",
    "Encoder",
    "LatentSpace",
    "lerp",
    "mixed_rows",
    "principal_noise",
    "slerp",
]
