"""The lens of a camera as its mapping states it: coefficients in a vector, or each by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.camera import Camera
from syncaug.maps.lens import COUNTS, NO_LENS, TERMS, Lens
from syncaug.modalities.world.camera_writing import Fail, Writers, writer_like

__all__ = ["UNDISTORT", "is_lens", "plain", "read_lens"]

UNDISTORT = (
    "Take the distortion out first: with a step that uses: undistort before this one, or with "
    "cv2.undistort (cv2.fisheye.undistortImage) before the policy, and the lens terms left out."
)
_VECTORS = re.compile(
    "^(?:dist|d|dc|distcoefs?|distcoeffs?|radtan|fisheye|kannalabrandt|ftheta|poly|polynomial"
    "|invpoly|omni|ocam|coeffs?)$|^(?!un).*distort|^fisheye(?:params|coeffs?)|^ftheta|^ocam|^omni"
)
"""Names of vectors of coefficients; `k` is one where it has too few numbers for a matrix."""
_NAMED: Mapping[str, str] = {
    **{term: term for term in TERMS if term not in ("tx", "ty")},
    "taux": "tx",
    "tauy": "ty",
}
"""Names of single coefficients."""
_PARTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("radial", "radialdistortion", "radialparams"), ("k1", "k2", "k3", "k4", "k5", "k6")
    ),
    **dict.fromkeys(("tangential", "tangentialdistortion", "tangentialparams"), ("p1", "p2")),
    "thinprism": ("s1", "s2", "s3", "s4"),
}
"""Names of vectors that hold a part of the coefficients."""
_ELSEWHERE = re.compile("ftheta|poly|omni|ocam|^xi$")
"""Names of coefficients of models that are not OpenCV's pinhole or fisheye."""
_MODEL = frozenset({"distortionmodel", "cameramodel", "model", "lensmodel", "cameratype"})
_FISHEYE = re.compile("fish|equidist|kannala|kb4")
_PINHOLE = re.compile("plumb|brown|opencv|radtan|pinhole|rational|perspective")
_UNKNOWN = re.compile("omni(?!v)|^mei|doublesphere|ftheta|^fov$|eucm|unified|^ocam|division")
_SHORT = frozenset({"d", "dc", "dist", "coeff", "coeffs", "poly"})
"""Names of vectors that are other things where they are one number: a distance, a degree."""
_LOOSE = frozenset({"d", "k"})
"""Names of vectors that say nothing of the model, of which four terms are two models'."""


class _Found(NamedTuple):
    """Coefficients under one key, perhaps `within` a mapping under another: what each is."""

    within: str
    key: str
    given: Any
    numbers: NDArray[np.float64]
    names: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"{self.within}.{self.key}" if self.within else self.key


@lru_cache(maxsize=1024)
def plain(key: Any) -> str:
    """A key's letters and digits in small, so that spellings of one name are one."""
    return re.sub(r"[^a-z0-9]", "", str(key).lower())


def is_lens(key: Any, value: Any) -> bool:
    """Whether a key of a camera tells of its lens. P1 and P2 are names of projections as well."""
    name = plain(key)
    if isinstance(value, bool | np.bool_):
        return False
    if name in ("p1", "p2"):
        return bool(np.size(value) == 1)
    if name == "k":
        return 4 <= np.size(value) <= 8
    if name in _SHORT and np.ndim(value) == 0 and not isinstance(value, Mapping):
        return False
    return name in _NAMED or name in _PARTS or name == "xi" or bool(_VECTORS.search(name))


def read_lens(
    value: Mapping[str, Any], writers: Writers, fail: Fail, suspect: Callable[[str, str], None]
) -> Lens:
    """The lens of a camera's mapping, and in `writers` what writes its terms anew.

    Raises what `fail` makes of terms that no model has, or that contradict each other. Says with
    `suspect` where four terms may be another model's.
    """
    told = _model(value, fail)
    found = list(_found("", value, told[1], fail))
    vectors = [f for f in found if not (len(f.names) == 1 or plain(f.key) in _PARTS)]
    single = [f for f in found if f not in vectors]
    model = told[1] or ("fisheye" if any(_FISHEYE.search(plain(f.path)) for f in found) else "")
    lenses: list[tuple[str, Lens]] = []
    for one in vectors:
        lenses.append((one.path, _lens(model, dict(_pairs(one)))))
        if model or one.numbers.size != 4 or not one.numbers.ravel()[2:].any():
            continue
        if plain(one.key) in _LOOSE:
            suspect(
                "lens",
                f"its {one.path!r} has four terms and it names no model: they are taken for "
                "k1, k2, p1 and p2 of a pinhole. Say model: pinhole, or model: fisheye, beside it.",
            )
    parts = {name: number for one in single for name, number in _pairs(one)}
    if single:
        lenses.append((single[0].path, _lens(model, parts)))
    for (key, lens), (other, second) in pairwise(lenses):
        if not np.allclose(lens.terms, second.terms, rtol=1e-5, atol=1e-9):
            raise fail(f"one lens, stated alike by {key!r} and {other!r}", "two that differ", "")
    lens = lenses[0][1] if lenses else NO_LENS
    if told[1] == "fisheye" and not lenses:
        raise fail(
            "the four coefficients of its fisheye model", "none",
            'Give "distortion": [k1, k2, k3, k4], zeros for an ideal fisheye; or say model: '
            "pinhole where the pictures are undistorted.",
        )  # fmt: skip
    _write(value, found, told[0], lens, writers)
    return lens


def _lens(model: str, terms: Mapping[str, float]) -> Lens:
    names = ("k1", "k2", "k3", "k4") if model == "fisheye" else TERMS
    return Lens.of(model or "pinhole", [terms.get(name, 0.0) for name in names])


def _pairs(one: _Found) -> Iterator[tuple[str, float]]:
    return zip(one.names, one.numbers.ravel().tolist(), strict=False)


def _model(value: Mapping[str, Any], fail: Fail) -> tuple[tuple[str, str] | None, str]:
    """Where the model is named (within, key), and which it is; empty where nothing says so."""
    inner = [(str(k), v) for k, v in value.items() if isinstance(v, Mapping)]
    for within, part in [("", value), *inner]:
        for key, given in part.items():
            if plain(key) not in _MODEL or not isinstance(given, str):
                continue
            name = plain(given)
            if _UNKNOWN.search(name) and any(
                np.any(f.numbers) for f in _found("", value, "", fail, count=False)
            ):
                raise fail(
                    "a lens of the model pinhole or fisheye of OpenCV", f"{key!r}: {given!r}",
                    "Undistort the pictures with the tools of that model, and leave its terms out.",
                )  # fmt: skip
            if _FISHEYE.search(name):
                return (within, str(key)), "fisheye"
            if _PINHOLE.search(name):
                return (within, str(key)), "pinhole"
    return None, ""


def _found(
    within: str, value: Mapping[str, Any], model: str, fail: Fail, *, count: bool = True
) -> Iterator[_Found]:
    """The coefficients of a mapping, and of the mappings inside of it."""
    for key, given in value.items():
        if isinstance(given, Mapping):
            if not within:
                yield from _found(str(key), given, model, fail, count=count)
            continue
        if given is None or isinstance(given, str) or not is_lens(key, given):
            continue
        try:
            numbers = np.asarray(given, dtype=np.float64)
        except (TypeError, ValueError):
            continue
        path = f"{within}.{key}" if within else str(key)
        if not numbers.size:
            continue
        if not np.isfinite(numbers).all():
            raise fail("finite lens terms", f"{path!r} with NaN or infinity", "")
        names = _names(plain(key), path, numbers, model, fail) if count else ()
        yield _Found(within, str(key), given, numbers, names)


def _names(
    name: str, path: str, numbers: NDArray[np.float64], model: str, fail: Fail
) -> tuple[str, ...]:
    """What each coefficient under a key is. Raises what `fail` makes of what no model has."""
    if name in _NAMED and numbers.size == 1:
        return (_NAMED[name],)
    if not numbers.any() and model != "fisheye":
        return TERMS[: numbers.size]
    if _ELSEWHERE.search(name):
        raise fail(
            "a lens of the model pinhole or fisheye of OpenCV", f"{path!r}, which is of another",
            "Undistort the pictures with the tools of that model, and leave its terms out.",
        )  # fmt: skip
    if name in _PARTS and numbers.size <= len(_PARTS[name]):
        return _PARTS[name][: numbers.size]
    model = model or ("fisheye" if _FISHEYE.search(plain(path)) else "pinhole")
    if numbers.size not in COUNTS[model]:
        counts = ", ".join(map(str, COUNTS[model]))
        raise fail(
            f"{path!r} of {counts} coefficients, as the {model} model has",
            f"{numbers.size}",
            "OpenCV's order is k1, k2, p1, p2, k3, k4, k5, k6, s1, s2, s3, s4, tx, ty (fisheye: "
            "k1, k2, k3, k4). Fill it up with zeros, or name each coefficient.",
        )
    return ("k1", "k2", "k3", "k4") if model == "fisheye" else TERMS[: numbers.size]


# Out again


def _write(
    value: Mapping[str, Any],
    found: list[_Found],
    named: tuple[str, str] | None,
    lens: Lens,
    writers: Writers,
) -> None:
    """Let each key state the lens of another camera in its own form; unchanged, as it came."""
    inner: dict[str, dict[str, Callable[[Camera], Any]]] = {}
    for one in found:
        write = _writer(one, lens)
        if one.within:
            inner.setdefault(one.within, {})[one.key] = write
        else:
            writers[one.key] = write
    if named is not None:
        within, key = named
        given = value[within][key] if within else value[key]

        def tell(camera: Camera) -> Any:
            return given if camera.lens.model == lens.model else "pinhole"

        if within:
            inner.setdefault(within, {})[key] = tell
        else:
            writers[key] = tell
    for within, parts in inner.items():
        writers[within] = _nested(value[within], parts, lens)


def _nested(
    given: Mapping[str, Any], parts: Mapping[str, Callable[[Camera], Any]], lens: Lens
) -> Callable[[Camera], Any]:
    def write(camera: Camera) -> Any:
        if camera.lens == lens:
            return given
        return {**given, **{key: part(camera) for key, part in parts.items()}}

    return write


def _writer(one: _Found, lens: Lens) -> Callable[[Camera], Any]:
    def state(camera: Camera) -> NDArray[np.float64]:
        terms = dict(zip(TERMS, camera.lens.terms, strict=False))
        if camera.lens.model == "fisheye":
            terms = dict(zip(("k1", "k2", "k3", "k4"), camera.lens.terms, strict=True))
        shape = one.numbers.shape
        return np.reshape([terms.get(name, 0.0) for name in one.names], shape)

    shaped = one.given if isinstance(one.given, list | tuple | np.ndarray) else 0.0
    stated = writer_like(shaped, state)

    def write(camera: Camera) -> Any:
        if camera.lens == lens or (not one.numbers.any() and not camera.lens.bends):
            return one.given
        if lens.model == "fisheye" != camera.lens.model and _FISHEYE.search(plain(one.path)):
            return None  # its name alone says fisheye, which zeros would be, too
        return stated(camera)

    return write
