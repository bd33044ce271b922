"""The extras of syncaug: what each installs, from which version on, and how its import is tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["EXTRAS", "Extra", "Package"]


@dataclass(frozen=True, slots=True)
class Package:
    """A distribution of an extra, or one of several that install the same module.

    `least` is the oldest version that will do, empty where any will. It is needed on `system`
    (a value of `platform.system()`) alone, or on all.
    """

    names: tuple[str, ...]
    least: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class Extra:
    """What an extra installs, and a statement that fails where that does not work.

    `library` names the one among them of which only some versions are supported
    (`plan.versions.SUPPORTED`). A loader of others, or what brings models, is `apart`, not in
    `all`.
    """

    packages: tuple[Package, ...]
    importing: str
    library: str = ""
    apart: bool = False


def _package(names: str, least: str = "", system: str = "") -> Package:
    return Package(tuple(names.split("|")), least, system)


_OPENCV = _package(
    "opencv-python-headless|opencv-python|opencv-contrib-python-headless|opencv-contrib-python",
    "4.9",
)

EXTRAS: Mapping[str, Extra] = {
    "image": Extra(
        (_package("albumentations", "2.0.8"), _OPENCV),
        "import os; os.environ['NO_ALBUMENTATIONS_UPDATE'] = '1'; import albumentations",
        library="albumentations",
    ),
    "audio": Extra(
        (
            _package("audiomentations", "0.43.1"),
            _package("python-stretch", "0.3.1"),
            _package("soundfile", "0.12"),
            _package("soxr", "0.3.2"),
        ),
        "import audiomentations, python_stretch, soundfile, soxr",
        library="audiomentations",
    ),
    "text": Extra(
        (_package("nlpaug", "1.1.11"),), "import nlpaug.augmenter.word", library="nlpaug"
    ),
    "wordnet": Extra(
        (_package("nlpaug", "1.1.11"), _package("nltk", "3.9.1")), "import nltk.corpus"
    ),
    "points": Extra(
        (
            _package("libusb-package", "1.0.26", system="Linux"),
            _package("open3d-cpu|open3d", "0.19"),
            _OPENCV,
        ),
        "from syncaug.backends import open3d; open3d.load()",
        library="open3d",
    ),
    "video": Extra((_package("av", "17.0"), _OPENCV), "import av, cv2"),
    "subtitles": Extra((_package("pysubs2", "1.7"),), "import pysubs2"),
    "report": Extra((_package("Jinja2", "3.1"),), "import jinja2"),
    "coco": Extra((_package("pycocotools", "2.0.8"),), "import pycocotools.mask"),
    "lidar": Extra((_package("laspy", "2.5"), _package("lazrs")), "import laspy, lazrs"),
    "parquet": Extra((_package("pyarrow", "15"),), "import pyarrow.parquet"),
    "analysis": Extra(
        (
            _package("matplotlib", "3.8"),
            _package("scikit-learn", "1.5"),
            _package("scipy", "1.11"),
        ),
        "import matplotlib.figure, scipy.stats, sklearn.cross_decomposition",
    ),
    "encoders": Extra(
        (
            _package("onnxruntime", "1.18"),
            _package("sentence-transformers", "3"),
            _package("transformers", "4.45"),
        ),
        "import onnxruntime, sentence_transformers, transformers",
        apart=True,
    ),
    "torch": Extra((_package("torch", "2.2"),), "import torch", apart=True),
    "lightning": Extra((_package("lightning", "2.2"),), "import lightning.pytorch", apart=True),
    "torchdata": Extra(
        (_package("torchdata", "0.10"),),
        "import torchdata.nodes, torchdata.stateful_dataloader",
        apart=True,
    ),
    "huggingface": Extra((_package("datasets", "3"),), "import datasets", apart=True),
    "webdataset": Extra((_package("webdataset", "0.2.100"),), "import webdataset", apart=True),
    "ray": Extra((_package("ray", "2.40"),), "import ray.data", apart=True),
    "grain": Extra((_package("grain", "0.2.3"),), "import grain", apart=True),
    "lhotse": Extra((_package("lhotse", "1.24"),), "import lhotse", apart=True),
}
"""Extra -> what it installs, as pyproject.toml says it; loaders of others last."""
