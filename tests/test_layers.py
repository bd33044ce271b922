"""Who may import whom: downward only, and augmentation libraries only in their backends."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import syncaug

PACKAGE = Path(syncaug.__file__).parent

LAYERS = [
    {"lazy", "problem"},
    {
        *("allocation", "body_sides", "errors", "version", "forks"),
        *("limits", "missing", "randomness", "regular"),
    },
    {"threads", "unread"},
    {"arguments", "dropped", "partner", "shared", "suspicions"},
    {"schedules"},
    {"values", "words"},
    {"catalogue"},
    {"policy"},
    {"maps"},
    {"plan"},
    {"compiler"},
    {"transforms", "draw"},
    {"backends"},
    {"kernels"},
    {"clips"},
    {"modalities"},
    {"digest", "environment"},
    {"engine"},
    {"checks"},
    {"record"},
    {"io"},
    {"datasets"},
    {"latent"},
    {"forms"},
    {"report"},
    {"inverse"},
    {"attempts"},
    {"ablated", "inverting", "recording", "replaying"},
    {"compiled"},
    {"drawing"},
    {"augmenter"},
    {"loading"},
    {"loaders"},
    {"runs"},
    {"stress"},
    {"ablate"},
    {"determinism"},
    {"training"},
    {"testing"},
    {"cli"},
    {"__main__", "pytest_plugin"},
]
"""Rooms from the lowest to the highest; a room imports its own modules and rooms below it."""

COMPILER = ["complaints", "parameters", "streams", "reach", "declared", "rules", "steps"]
"""Inside of the compiler, from the lowest up; checks, lints and the flow stand above them."""

HEAVY = {
    "albumentations", "audiomentations", "nlpaug", "open3d", "cv2", "torch", "librosa",
    "av", "laspy", "pysubs2", "pycocotools", "soxr", "python_stretch", "nltk",
}  # fmt: skip
BACKEND_LIBRARIES = {
    "albumentations": {"albumentations", "cv2"},
    "audiomentations": {"audiomentations"},
    "nlpaug": {"nlpaug"},
    "paraphrase": {"nlpaug"},
    "wordnet": {"nltk"},
    "open3d": {"open3d", "libusb_package"},
    "codecs": {"cv2"},
    "opencv": {"cv2", "stringzilla"},
    "resampling": {"soxr"},
    "run_lengths": {"pycocotools"},
    "stretching": {"python_stretch"},
}

FILE_LIBRARIES = {"containers": {"av"}, "las": {"laspy"}, "substation": {"pysubs2"}}
"""Modules of `io` that import the library of a kind of file; others ask them for it."""

LOADER_LIBRARIES = {name: {"torch"} for name in ("torch", "batches", "shared_rooms", "trials")}
"""Modules of `loaders`, each imported only when it is asked for."""

TRAINING_LIBRARIES = {"dropout": {"torch"}, "losses": {"torch"}, "latent": {"torch"}}
"""Rooms of `training` that import the library of the model; the others need none."""

RANK = {room: rank for rank, layer in enumerate(LAYERS) for room in layer}


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> list[str]:
    """Every module that a file imports, also inside functions, but not for type checking only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and "TYPE_CHECKING" in ast.unparse(branch.test)
        for node in ast.walk(branch)
    }
    found: list[str] = []
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            found += (
                [f"{base}.{alias.name}" for alias in node.names] if base == "syncaug" else [base]
            )
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_downward_only(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        return
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "syncaug" and len(parts) > 1 and parts[1] in RANK and parts[1] != room:
            assert RANK[parts[1]] < RANK[room], f"{path.name} ({room}) imports {name} from above it"


def test_a_room_of_the_compiler_imports_downward_only() -> None:
    folder = PACKAGE / "compiler"
    for path in folder.rglob("*.py"):
        own = path.relative_to(folder).parts[0].removesuffix(".py")
        for name in imports(path):
            if name.startswith("syncaug.compiler.") and own in COMPILER:
                other = name.split(".")[2]
                assert other in COMPILER, f"{path} imports {name} from above it"
                assert COMPILER.index(other) <= COMPILER.index(own), f"{path} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_a_backend_imports_its_library(path: Path) -> None:
    tables = {
        "backends": BACKEND_LIBRARIES,
        "io": FILE_LIBRARIES,
        "loaders": LOADER_LIBRARIES,
        "training": TRAINING_LIBRARIES,
    }
    inside = path.relative_to(PACKAGE).parts[1:]  # a backend is a module or a folder of them
    allowed = (
        tables.get(room_of(path), {}).get(inside[0].removesuffix(".py"), set()) if inside else set()
    )
    heavy = {name.split(".")[0] for name in imports(path)} & HEAVY
    assert heavy <= allowed, f"{path} imports {heavy - allowed}"


def test_every_room_has_a_rank() -> None:
    rooms = {room_of(path) for path in modules()} - {"__init__"}
    assert rooms <= set(RANK), rooms - set(RANK)


def test_compiling_and_drawing_imports_no_heavy_library_and_no_numpy() -> None:
    code = (
        "import sys; from syncaug.loading import check_policy\n"
        f"check_policy({str(PACKAGE.parent / 'policies' / 'pets.yaml')!r})\n"
        f"check_policy({str(PACKAGE.parent / 'policies' / 'driving.yaml')!r})\n"
        "from syncaug import load_policy\n"
        f"load_policy({str(PACKAGE.parent / 'policies' / 'pets.yaml')!r}).draw(key=1)\n"
        f"heavy = {HEAVY | {'numpy'}!r} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


FIRST_SAMPLES = {
    "image": (
        "{name: a, uses: rotate, with: {degrees: 9}}, {name: b, uses: light, with: {value: 0.2}}",
        "np.zeros((8, 8, 3), np.uint8)",
        {"clips", "words", "clock", "language.wording", "world", "whole"},
        {"numpy.random", "concurrent.futures", "soxr", "albumentations"},
    ),
    "{modality: audio, sample_rate: 8000}": (
        "{name: a, uses: reverse}, {name: b, uses: trim, with: {duration: 0.5, unit: share}}",
        "np.zeros(800, np.float32)",
        {"clips", "words", "plane", "language.wording", "world", "whole"},
        {"cv2", "concurrent.futures", "audiomentations"},
    ),
    "points": (
        "{name: a, uses: world_rotate, with: {degrees: 9}}",
        "np.zeros((8, 3), np.float32)",
        {"clips", "words", "clock", "language.wording", "whole"},
        {"soxr", "numpy.random", "open3d"},
    ),
}
"""Modality -> steps, a value, rooms and libraries that none of them needs."""


@pytest.mark.parametrize("modality", FIRST_SAMPLES)
def test_a_first_sample_imports_what_its_plan_needs(modality: str) -> None:
    steps, value, rooms, libraries = FIRST_SAMPLES[modality]
    policy = f"syncaug: 1\nsample: {{stream: {modality}}}\nsteps: [{steps}]"
    code = (
        "import sys; import numpy as np; from syncaug import load_policy\n"
        f"load_policy({policy!r})({{'stream': {value}}}, key=1)\n"
        "homes = ('syncaug.', 'syncaug.modalities.')\n"
        f"rooms = {{home + room for home in homes for room in {rooms!r}}}\n"
        f"needless = sorted((rooms | {libraries!r}) & set(sys.modules))\n"
        "assert not needless, needless"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
