"""Tiny models with random weights, written as real ones are: CLIP, CLAP, sentences and ONNX."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Any

import numpy as np
import torch

__all__ = ["WIDTH", "clap", "clip", "linear", "sentences"]

WIDTH = 12
_LETTERS = string.ascii_lowercase
_SMALL: dict[str, Any] = {
    "hidden_size": 16,
    "intermediate_size": 16,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
}


def clip(folder: Path) -> Path:
    """A CLIP for pictures of 32 x 32 pixels and texts of 16 tokens."""
    from transformers import CLIPConfig, CLIPModel, CLIPProcessor, CLIPTokenizer
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    words = ["<|startoftext|>", "<|endoftext|>", *_LETTERS, *(f"{c}</w>" for c in _LETTERS)]
    tokenizer = CLIPTokenizer(vocab={word: place for place, word in enumerate(words)}, merges=[])
    pictures = CLIPImageProcessorPil(
        size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}
    )
    CLIPProcessor(pictures, tokenizer).save_pretrained(folder)
    text = {**_SMALL, "vocab_size": len(words), "max_position_embeddings": 16}
    text |= {"bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 1}
    seen = {**_SMALL, "image_size": 32, "patch_size": 8}
    torch.manual_seed(0)
    config = CLIPConfig(text_config=text, vision_config=seen, projection_dim=WIDTH)
    CLIPModel(config).save_pretrained(folder)
    return folder


def clap(folder: Path, *, fusion: bool = False) -> Path:
    """A CLAP for two seconds of sound at 16 kHz and texts."""
    from transformers import (
        ClapConfig,
        ClapFeatureExtractor,
        ClapModel,
        ClapProcessor,
        RobertaTokenizer,
    )

    words = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *_LETTERS, *(f"Ġ{c}" for c in _LETTERS)]
    tokenizer = RobertaTokenizer(vocab={word: place for place, word in enumerate(words)}, merges=[])
    sounds = ClapFeatureExtractor(
        feature_size=64,
        sampling_rate=16000,
        max_length_s=2,
        frequency_max=8000,
        truncation="fusion" if fusion else "rand_trunc",
    )
    ClapProcessor(sounds, tokenizer).save_pretrained(folder)
    text = {**_SMALL, "vocab_size": len(words), "max_position_embeddings": 40, "pad_token_id": 1}
    heard = {
        "patch_embeds_hidden_size": 8,
        "hidden_size": 64,
        "depths": [1, 1, 1, 1],
        "num_attention_heads": [1, 1, 1, 1],
        "num_mel_bins": 64,
        "patch_size": 4,
        "patch_stride": [4, 4],
        "enable_fusion": fusion,
    }
    torch.manual_seed(0)
    config = ClapConfig(text_config=text, audio_config=heard, projection_dim=WIDTH)
    ClapModel(config).save_pretrained(folder)
    return folder


def sentences(folder: Path) -> Path:
    """A model of sentence-transformers: words in a bag, and a layer of numbers."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import BoW, Dense

    words = BoW(vocab=["a", "cat", "dog", "left", "right", "red", "two"])
    torch.manual_seed(0)
    layer = Dense(words.get_embedding_dimension(), WIDTH)
    SentenceTransformer(modules=[words, layer], device="cpu").save(str(folder))
    return folder


def linear(path: Path, matrix: np.ndarray[Any, Any]) -> Path:
    """An ONNX file of one product: (N, F) float32 to (N, D)."""
    from onnx import TensorProto, checker, helper, numpy_helper, save

    features, width = matrix.shape
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "linear",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", features])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", width])],
        [numpy_helper.from_array(matrix.astype(np.float32), "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    checker.check_model(model)
    save(model, path)
    return path


def counting(path: Path, kind: str) -> Path:
    """An ONNX file that takes numbers of a type (N, F) and gives them as float32."""
    from onnx import TensorProto, checker, helper, save

    graph = helper.make_graph(
        [helper.make_node("Cast", ["x"], ["y"], to=TensorProto.FLOAT)],
        "counting",
        [helper.make_tensor_value_info("x", getattr(TensorProto, kind.upper()), ["N", 3])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 3])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    checker.check_model(model)
    save(model, path)
    return path
