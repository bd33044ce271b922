"""CLIP- and CLAP-like models of transformers: all that have features of several modalities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from syncaug.backends.isolation import addressed_globals
from syncaug.errors import MissingExtraError
from syncaug.latent.protocol import LatentError, Vectors, checked_vectors
from syncaug.randomness import Entropy
from syncaug.training.latent.adapters.frames import picture_of, sound_of

__all__ = ["TransformersEncoder"]

_METHODS = {
    "image": "get_image_features",
    "video": "get_image_features",
    "audio": "get_audio_features",
    "text": "get_text_features",
}
"""Modality -> the method of a model that gives its vectors."""
_FIXED = Entropy(bytes(32))
_LONGEST = 1 << 20
"""What tokenizers without a greatest length say is more than this."""


class TransformersEncoder:
    """A model and its processor from a folder, as `save_pretrained` writes them; on the CPU.

    Pictures and films (by their middle frame), sounds (one channel, at the model's rate; of longer
    ones than it takes the middle) and texts (cut at its greatest length) become vectors of
    `dimensions`. `sample_rate` is that of sounds that come without one. Copies in other processes
    read the folder again.
    """

    def __init__(
        self, folder: str | Path, *, sample_rate: float = 0.0, device: str = "cpu"
    ) -> None:
        """Raises LatentError for a folder without such a model, MissingExtraError."""
        try:
            from transformers import AutoModel, AutoProcessor
        except ImportError:
            raise MissingExtraError("transformers", "encoders") from None
        if not (Path(folder) / "config.json").is_file():
            raise LatentError(
                f"{folder}: expected the folder of a model, with config.json; got none there. "
                "Nothing is fetched."
            )
        try:
            model = AutoModel.from_pretrained(str(folder), local_files_only=True)
            processors: Any = AutoProcessor
            self._processor = processors.from_pretrained(str(folder), local_files_only=True)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LatentError(f"{folder}: the model cannot be loaded: {error}"[:400]) from error
        self._model = model.eval().to(device)
        self._given = (str(folder), sample_rate, device)
        self.streams = tuple(name for name, method in _METHODS.items() if hasattr(model, method))
        if len(self.streams) < 2:
            raise LatentError(
                f"{folder}: expected a model of several modalities, with "
                f"{', '.join(sorted(set(_METHODS.values())))}; got {type(model).__name__}"
            )
        self.dimensions = int(model.config.projection_dim)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, self._given

    def __call__(self, modality: str, value: Any) -> Vectors:
        """One vector, as the check `similarity` asks for it."""
        out: Vectors = self.encode(modality, [value])[0]
        return out

    def encode(self, name: str, values: Any) -> Vectors:
        """Vectors (N, D) of N values of a modality. Raises LatentError."""
        if name not in self.streams:
            raise LatentError(f"expected one of {', '.join(self.streams)}; got {name!r}")
        import torch

        inputs = self._inputs(name, list(values))
        with torch.inference_mode():
            found = getattr(self._model, _METHODS[name])(**inputs)
        vectors = getattr(found, "pooler_output", found)
        return checked_vectors(vectors.float(), name, len(values), self.dimensions)

    def _inputs(self, name: str, values: list[Any]) -> dict[str, Any]:
        """What the model's method takes, from its processor."""
        import torch

        if name == "text":
            given = self._processor(
                text=[str(value) for value in values],
                padding=True,
                truncation=True,
                max_length=self._longest(),
                return_tensors="pt",
            )
        elif name == "audio":
            extractor = self._processor.feature_extractor
            rate = int(extractor.sampling_rate)
            sounds = [sound_of(value, self._given[1], rate) for value in values]
            most = int(getattr(extractor, "nb_max_samples", 0)) or None
            with addressed_globals(_FIXED):  # from which it draws, also where nothing is cut
                given = self._processor(
                    audio=[_middle(sound, most) for sound in sounds],
                    sampling_rate=rate,
                    return_tensors="pt",
                )
            if "is_longer" in given:  # one of them, by chance, where none is
                given["is_longer"] = torch.zeros(len(values), 1, dtype=torch.bool)
        else:
            given = self._processor(images=[picture_of(v) for v in values], return_tensors="pt")
        return {key: part.to(self._given[2]) for key, part in given.items()}

    def _longest(self) -> int:
        """The greatest number of tokens that the model takes."""
        text = self._model.config.text_config
        places = int(text.max_position_embeddings)
        if text.model_type != "clip_text_model":  # places of RoBERTa begin after the padding
            places -= int(text.pad_token_id or 0) + 1
        told = int(self._processor.tokenizer.model_max_length)
        return min(places, told if told < _LONGEST else places)


def _middle(sound: np.ndarray[Any, Any], most: int | None) -> np.ndarray[Any, Any]:
    """The middle of a sound that is longer than a model takes, which would choose by chance."""
    if most is None or len(sound) <= most:
        return sound
    start = (len(sound) - most) // 2
    return sound[start : start + most]


def _again(folder: str, sample_rate: float, device: str) -> TransformersEncoder:
    return TransformersEncoder(folder, sample_rate=sample_rate, device=device)
