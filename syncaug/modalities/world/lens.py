"""Lens distortion beside a camera: true after what moves pixels, refused where its axis turns.

Distortion acts on directions before K. A map of pixels goes into K and leaves it true. Where the
camera's axes turn or mirror by T, distortion f must become T f T^-1: of the usual radial terms
this is f itself about the optical axis; tangential and prism terms change their signs in a mirror
(Brown, Decentering Distortion of Lenses, 1966; the order of coefficients is OpenCV's).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["LensError", "is_lens", "keep_lens", "plain"]

_VECTORS = re.compile(
    "^(?:dist|d|dc|distcoefs?|distcoeffs?|radtan|fisheye|kannalabrandt|ftheta|poly|polynomial"
    "|invpoly|omni|ocam|coeffs?)$|^(?!un).*distort|^fisheye(?:params|coeffs?)"
)
"""Names of vectors of coefficients; `k` is one where it has too few numbers for a matrix."""
_RADIAL = frozenset(
    {*(f"k{n}" for n in range(1, 7)), "xi", "radialdistortion", "radial", "radialparams"}
)
_TANGENTIAL = {"p1": 1, "p2": 0}
"""Which axis' mirror changes the sign: 0 is x, 1 is y."""
_PRISM = {"s1": 0, "s2": 0, "s3": 1, "s4": 1}
_OTHER = frozenset(
    {"tangentialdistortion", "tangential", "tangentialparams", "taux", "tauy", "thinprism"}
)
_ORDER = ("k1", "k2", "p1", "p2", "k3", "k4", "k5", "k6", "s1", "s2", "s3", "s4", "tx", "ty")
_MODEL = frozenset({"distortionmodel", "cameramodel", "model", "lensmodel", "cameratype"})
_FISHEYE = re.compile("fish|equidist|kannala|kb4|ftheta")
_BROWN = re.compile("plumb|brown|opencv|radtan|pinhole|rational")


class LensError(ValueError):
    """Distortion that no coefficient could state any more."""


@lru_cache(maxsize=1024)
def plain(key: Any) -> str:
    """A key's letters and digits in small, so that spellings of one name are one."""
    return re.sub(r"[^a-z0-9]", "", str(key).lower())


def is_lens(key: Any, value: Any) -> bool:
    """Whether a key of a camera tells of its lens. P1 and P2 are names of projections as well."""
    name = plain(key)
    if name in _TANGENTIAL:
        return bool(np.size(value) == 1)
    if isinstance(value, bool | np.bool_):
        return False
    known = name in _RADIAL or name in _PRISM or name in _OTHER
    return known or _is_vector(name, value)


def _is_vector(name: str, value: Any) -> bool:
    if name == "k":
        return 4 <= np.size(value) <= 8
    return bool(_VECTORS.search(name))


def _terms(value: Mapping[str, Any]) -> dict[str, NDArray[np.float64]]:
    """The keys that hold lens terms which are not all 0, with their numbers."""
    found: dict[str, NDArray[np.float64]] = {}
    for key, given in value.items():
        if given is None or isinstance(given, str | Mapping) or not is_lens(key, given):
            continue
        try:
            numbers = np.asarray(given, dtype=np.float64)
        except (TypeError, ValueError):
            continue
        if numbers.size and numbers.any():
            found[key] = numbers
    return found


def keep_lens(value: Mapping[str, Any], turned: NDArray[np.float64]) -> dict[str, Any]:
    """The lens terms that change where the camera's axes turned or mirrored by `turned` (3x3).

    Terms in mappings inside are kept as well. Raises LensError where no terms of the same form are
    true.
    """
    if np.allclose(turned, np.eye(3), atol=1e-12):
        return {}
    out: dict[str, Any] = {}
    for key, inner in value.items():
        if isinstance(inner, Mapping) and (changed := keep_lens(inner, turned)):
            out[key] = {**inner, **changed}
    found = _terms(value)
    if not found:
        return out
    key = next(iter(found))
    if np.abs(turned[2, :2]).max() > 1e-9:
        raise LensError(f"{key!r} of a lens whose axis turns")
    mirror = np.diag(turned)[:2] if np.abs(turned[0, 1]) < 1e-9 else None
    for key, numbers in found.items():
        name = plain(key)
        if name in _RADIAL:
            continue
        if name in _TANGENTIAL or name in _PRISM:
            names: tuple[str, ...] = (name,)
        elif name not in _OTHER:
            names = _order_of(key, numbers, value)
        else:
            raise LensError(f"{key!r} of a picture that turns")
        signs = np.array([_sign(term, mirror) for term in names])
        if np.isnan(signs[numbers.ravel() != 0]).any():
            raise LensError(f"{key!r} with tangential terms in a picture that turns")
        if (signs[numbers.ravel() != 0] < 0).any():
            signed = numbers.ravel() * np.nan_to_num(signs, nan=1.0)
            out[key] = _like(value[key], signed.reshape(numbers.shape))
    return out


def _order_of(key: str, numbers: NDArray[np.float64], value: Mapping[str, Any]) -> tuple[str, ...]:
    """What each coefficient is. Four may be two models' where the last two are not 0."""
    model = " ".join(str(given).lower() for k, given in value.items() if plain(k) in _MODEL)
    count = numbers.size
    if _FISHEYE.search(model):
        return ("k1",) * count
    if count == 4 and numbers.ravel()[2:].any() and not _BROWN.search(model):
        raise LensError(f"{key!r} of four terms, which are Brown's or a fisheye's")
    if count > len(_ORDER):
        raise LensError(f"{key!r} of {count} terms, which are not known")
    return _ORDER[:count]


def _sign(term: str, mirror: NDArray[np.float64] | None) -> float:
    """The sign that a term takes in a mirror; NaN where it takes no sign."""
    if term[0] == "k":
        return 1.0
    axis = {**_TANGENTIAL, **_PRISM}.get(term)
    if axis is None or mirror is None:
        return float("nan")
    return float(mirror[axis])


def _like(given: Any, numbers: NDArray[np.float64]) -> Any:
    if isinstance(given, np.ndarray):
        return numbers.astype(given.dtype if given.dtype.kind == "f" else np.float64)
    make: Callable[..., Any] = tuple if isinstance(given, tuple) else lambda n: n
    return make(numbers.tolist())
