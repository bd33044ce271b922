"""A joint latent space: several modalities encoded into one, mixed there, and decoded or used.

    space = LatentSpace.fit({"film": films, "voice": voices}, dimensions=8)
    middle = slerp(space.encode("film", films), space.encode("voice", voices), 0.5)

`LatentSpace` needs no model and no download: it is fitted on features of your own with scikit-learn
(the extra `analysis`). An encoder of your own takes its place where it has `encode`; `adapters`
makes encoders of models on disk, and imports their library when it is asked for one.
"""

from syncaug.kernels.between import lerp, mixed_rows, principal_noise, slerp
from syncaug.latent.bank import Bank
from syncaug.latent.protocol import CallableEncoder, Decoder, Encoder, LatentError
from syncaug.latent.space import LatentSpace

__all__ = [
    "Bank",
    "CallableEncoder",
    "Decoder",
    "Encoder",
    "LatentError",
    "LatentSpace",
    "lerp",
    "mixed_rows",
    "principal_noise",
    "slerp",
]
