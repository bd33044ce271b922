"""Models of sentence-transformers: texts to vectors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from syncaug.errors import MissingExtraError
from syncaug.latent.protocol import LatentError, Vectors, checked_vectors

__all__ = ["SentenceEncoder"]


class SentenceEncoder:
    """A model from a folder, as `SentenceTransformer.save` writes it; on the CPU.

    Texts become vectors of `dimensions`; cues, which are lists of mappings with `text`, one text.
    """

    streams = ("text", "timed_text")

    def __init__(self, folder: str | Path, *, device: str = "cpu") -> None:
        """Raises LatentError for a folder without such a model, MissingExtraError."""
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError:
            raise MissingExtraError("sentence-transformers", "encoders") from None
        if not (Path(folder) / "modules.json").is_file():
            raise LatentError(
                f"{folder}: expected the folder of a model of sentence-transformers, with "
                "modules.json; got none there. Nothing is fetched."
            )
        try:
            self._model = SentenceTransformer(str(folder), device=device, local_files_only=True)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LatentError(f"{folder}: the model cannot be loaded: {error}"[:400]) from error
        self._given = (str(folder), device)
        self.dimensions = self._model.get_embedding_dimension()

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, self._given

    def __call__(self, modality: str, value: Any) -> Vectors:
        """One vector, as the check `similarity` asks for it."""
        out: Vectors = self.encode(modality, [value])[0]
        return out

    def encode(self, name: str, values: Any) -> Vectors:
        """Vectors (N, D) of N texts. Raises LatentError for other modalities."""
        if name not in self.streams:
            raise LatentError(f"expected one of {', '.join(self.streams)}; got {name!r}")
        texts = [v if isinstance(v, str) else " ".join(cue["text"] for cue in v) for v in values]
        found = self._model.encode(texts, show_progress_bar=False, convert_to_numpy=True)
        return checked_vectors(found, name, len(texts), self.dimensions)


def _again(folder: str, device: str) -> SentenceEncoder:
    return SentenceEncoder(folder, device=device)
