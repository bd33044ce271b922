"""Write `syncaug/transforms/parameters.py`: the types of each transform's parameters.

    python -m tools.make_parameters

They come from the catalogue, so that a parameter which a transform misspells, or takes for another
type, is an error of mypy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from syncaug.catalogue.transforms import TransformParameter, TransformSpec, transform
from syncaug.transforms import TRANSFORMS

__all__ = ["FILE", "class_name", "module"]

FILE = Path(__file__).resolve().parent.parent / "syncaug" / "transforms" / "parameters.py"
_HEAD = '''\
"""What each transform's `maps` gets: its parameters and their types, as the catalogue has them.

Written by `tools/make_parameters.py` from `catalogue/transforms`; do not edit. A parameter that may
be left out is not in the mapping then. Where streams may be named beside the parameters, the
mapping holds the words of those that are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict
'''
_PLAIN = {"number": "float", "integer": "int", "string": "str", "boolean": "bool"}


def module() -> str:
    """The text of the module."""
    names = sorted(TRANSFORMS)
    exported = "".join(f'    "{name}",\n' for name in sorted(map(class_name, names)))
    parts = [_HEAD, f"\n__all__ = [\n{exported}]\n"]
    parts += ["\n\n" + "\n".join(_class(transform(name))) + "\n" for name in names]
    return "".join(parts)


def class_name(name: str) -> str:
    """The type of the parameters of the transform of that name."""
    return "".join(part.capitalize() for part in name.split("_")) + "Parameters"


def _class(spec: TransformSpec) -> Iterator[str]:
    yield f"class {class_name(spec.name)}(TypedDict):"
    yield f'    """What `{spec.name}` gets."""'
    yield ""
    yield from (f"    {name}: {_field(given)}" for name, given in spec.parameters.items())


def _field(parameter: TransformParameter) -> str:
    kind = _type(parameter.schema)
    return f"NotRequired[{kind}]" if parameter.optional else kind


def _type(schema: Mapping[str, Any]) -> str:
    """The Python type of the values that a JSON Schema allows."""
    if "anyOf" in schema:
        return " | ".join(map(_type, schema["anyOf"]))
    if "enum" in schema:
        words = ", ".join(f'"{word}"' for word in schema["enum"])
        return f"Literal[{words}]"
    if schema["type"] == "array":
        return f"Sequence[{_type(schema['items'])}]"
    if schema["type"] == "object":
        kinds = " | ".join(dict.fromkeys(map(_type, schema["properties"].values())))
        return f"Mapping[str, {kinds}]"
    return _PLAIN[schema["type"]]


if __name__ == "__main__":
    FILE.write_text(module(), encoding="utf-8")
