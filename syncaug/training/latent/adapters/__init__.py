"""Encoders of models on disk, each in a module of its own that imports its library.

* `huggingface.TransformersEncoder`: CLIP- and CLAP-like models of transformers, from a folder;
* `sentences.SentenceEncoder`: models of sentence-transformers, from a folder;
* `onnx.OnnxEncoder`: ONNX files, one for each modality, and for the way back.

Nothing is fetched: a model is a folder or a file. Libraries come with the extra `encoders`. A
function `(modality, value)` needs no adapter, and `CallableEncoder` makes an encoder of it.
"""
