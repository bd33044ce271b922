"""The pages that are generated: one for each transform and modality, and the tables of both.

They come from the catalogue, the models of the language and the descriptions of modalities.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from syncaug.catalogue.schema_words import schema_in_words
from syncaug.catalogue.transforms import TransformSpec, transform, transform_names
from syncaug.plan.effects import effect_on
from syncaug.plan.spaces import LIVES_IN
from syncaug.policy.streams import STREAMS
from tools.docs.api import api_page
from tools.docs.checks import checks_page
from tools.docs.examples import EXAMPLES, FORMS
from tools.docs.language import language_page
from tools.docs.problems import problems_page
from tools.docs.values import shown
from tools.docs.zoo import zoo_page

__all__ = ["pages"]

_COMMON = ("modality", "optional", "description")


def pages() -> dict[Path, str]:
    """Every generated page: its place below docs/, and its text."""
    out = {Path("transforms/README.md"): _transforms_index()}
    out[Path("modalities/README.md")] = _modalities_index()
    out[Path("checks.md")] = checks_page()
    out[Path("api.md")] = api_page()
    out[Path("problems.md")] = problems_page()
    out[Path("language.md")] = language_page()
    out[Path("zoo.md")] = zoo_page()
    for name in transform_names():
        out[Path(f"transforms/{name}.md")] = _transform_page(transform(name))
    for modality in LIVES_IN:
        out[Path(f"modalities/{modality}.md")] = _modality_page(modality)
    return out


def _transforms_index() -> str:
    lines = ["# Transforms", "", _MADE, "", "| transform | what it does |", "|---|---|"]
    lines += [f"| [{name}]({name}.md) | {transform(name).summary} |" for name in transform_names()]
    return "\n".join(lines) + "\n"


def _modalities_index() -> str:
    lines = ["# Modalities", "", _MADE, "", "| modality | in memory | lives in |", "|---|---|---|"]
    for modality, spaces in LIVES_IN.items():
        lives = ", ".join(spaces) or "no space"
        lines.append(f"| [{modality}]({modality}.md) | {FORMS[modality]} | {lives} |")
    return "\n".join(lines) + "\n"


_MADE = "Written by `tools/make_docs.py` from the catalogue; do not edit."


def _transform_page(spec: TransformSpec) -> str:
    example = {"name": f"my_{spec.name}", "uses": spec.name, **EXAMPLES[spec.name]}
    written = yaml.safe_dump([example], sort_keys=False, default_flow_style=None, width=96)
    lines = [f"# {spec.name}", "", spec.summary, "", "```yaml", "steps:"]
    lines += [f"  {line}" for line in written.rstrip().split("\n")]
    lines += ["```", "", f"![What {spec.name} does to each stream](img/{spec.name}.jpg)", ""]
    lines += ["## Parameters", ""]
    if spec.one_of:
        lines += [f"One of {' and '.join(f'`{name}`' for name in spec.one_of)} is given.", ""]
    lines += ["| parameter | meaning | values | default |", "|---|---|---|---|"]
    for name, parameter in spec.parameters.items():
        default = "none" if parameter.optional else shown(parameter.default)
        default = "**required**" if parameter.required else default
        values = schema_in_words(parameter.schema, text="a name")
        lines.append(f"| `{name}` | {parameter.description} | {values} | {default} |")
    lines += _stream_words(spec)
    lines += ["", "## What it does to each stream", "", "| modality | |", "|---|---|"]
    lines += [f"| [{m}](../modalities/{m}.md) | {_does(spec, m)} |" for m in LIVES_IN]
    lines += ["", "The tests that hold each cell: [the table](../table.md).", ""]
    return "\n".join(lines)


def _stream_words(spec: TransformSpec) -> list[str]:
    """The words that streams may get by their own names; those with the same words in one row."""
    rows: dict[str, list[str]] = {}
    for modality, schema in spec.stream_parameters.items():
        rows.setdefault(schema_in_words(schema), []).append(modality)
    if not rows:
        return []
    lines = ["", "A word under a stream's own name says how that stream takes the step."]
    if "mix" in spec.makes:
        page = "latent" if spec.encodes else "mixing"
        lines[-1] += f" The first word holds where none is given; [{page}](../{page}.md) says what"
        lines.append("each word means. Where `keep` is the only word, it must be given.")
    elif "noise" in spec.makes:
        lines[-1] += " Once a stream is"
        lines.append("named, streams that are not have no noise; without any, all have that of the")
        lines.append("first word.")
    lines += ["", "| streams of | words |", "|---|---|"]
    return lines + [f"| {', '.join(names)} | {words} |" for words, names in rows.items()]


def _does(spec: TransformSpec, modality: str) -> str:
    return effect_on(spec, modality).in_words(modality)


def _modality_page(modality: str) -> str:
    model = STREAMS[modality]
    spaces = ", ".join(LIVES_IN[modality]) or "no space"
    lines = [f"# {modality}", "", (model.__doc__ or "").strip(), ""]
    lines += [f"In memory: {FORMS[modality]}. It lives in: {spaces}.", ""]
    lines += ["Tensors, lists and others are taken too: [forms](../forms.md).", ""]
    lines += [f"![{modality} before and after](img/{modality}.jpg)", ""]
    lines += ["## What a policy may say of it", "", "| key | meaning | default |", "|---|---|---|"]
    for key, field in model.model_fields.items():
        if key not in _COMMON[:1]:
            default = "" if field.is_required() else shown(field.get_default())
            lines.append(f"| `{key}` | {field.description} | {default} |")
    lines += ["", "## What changes it", "", "| transform | |", "|---|---|"]
    unaffected: dict[str, list[str]] = {}
    for name in transform_names():
        does = _does(transform(name), modality)
        if does.startswith("unaffected: "):
            unaffected.setdefault(does.removeprefix("unaffected: "), []).append(name)
        else:
            lines.append(f"| [{name}](../transforms/{name}.md) | {does} |")
    for reason, names in unaffected.items():
        listed = ", ".join(f"[{name}](../transforms/{name}.md)" for name in names)
        lines += ["", f"Unaffected by {listed}: {reason}."]
    return "\n".join(lines) + "\n"
