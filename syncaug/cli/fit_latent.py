"""`syncaug fit-latent`: a joint latent space of one's own paired samples."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syncaug.cli.given import OutFile
from syncaug.cli.options import (
    echo_json,
    format_option,
    limit_options,
    manifest_option,
    policy_argument,
)
from syncaug.errors import PolicyError

if TYPE_CHECKING:
    from syncaug.plan.plan import Plan

__all__ = ["command"]


@click.command("fit-latent")
@policy_argument
@manifest_option
@click.option(
    "--streams",
    required=True,
    metavar="A,B",
    help="The streams of the space; the first two span it, the others are fitted to the first.",
)
@click.option(
    "--out",
    required=True,
    type=OutFile("a latent space"),
    help="The file (.npz), which stands beside the policy.",
)
@click.option(
    "--encoder",
    "encoders",
    multiple=True,
    metavar="STREAM=FUNCTION",
    help="package.module:name of a function (modality, value) or an encoder; built-in features "
    "without it. Once for each stream.",
)
@click.option("--dimensions", type=click.IntRange(min=1), help="Up to 8 without it.")
@click.option(
    "--method",
    type=click.Choice(["auto", "cca", "pls"]),
    default="auto",
    show_default=True,
    help="Canonical correlation, or partial least squares where samples are few.",
)
@click.option(
    "--components",
    type=click.IntRange(min=1),
    help="Principal components of each stream that count; one for ten samples without it.",
)
@click.option("--no-bank", is_flag=True, help="Do not save the vectors of the samples.")
@limit_options
@format_option
def command(policy: str, manifest: Path, streams: str, out: Path, **options: Any) -> None:
    """Fit a joint latent space of streams on the paired samples of a manifest.

    Steps such as latent_mix name the file: with: {encoder: FILE}. It holds a fingerprint of the
    features and of what POLICY says of the streams, which the policy checks when it is loaded.
    """
    from syncaug.io.limits import Limits
    from syncaug.training.latent.fitting import fit_latent

    if out.suffix != ".npz":
        raise click.BadParameter(
            f"expected a file that ends in .npz; got {out}", param_hint="--out"
        )
    sys.path.insert(0, str(Path.cwd()))  # where a user's own module lies
    named = dict(_pair(text) for text in options["encoders"])
    fitted = fit_latent(
        _plan_of(policy),
        manifest,
        [name.strip() for name in streams.split(",") if name.strip()],
        out,
        encoders=named,
        dimensions=options["dimensions"],
        method=options["method"],
        components=options["components"],
        bank=not options["no_bank"],
        limits=Limits(pixels=options["max_pixels"], memory=options["max_memory"] << 20),
    )
    if options["form"] == "json":
        echo_json(fitted.as_json())
        return
    if fitted.left_out:
        click.echo(f"left out: {len(fitted.left_out)} samples without one of the streams", err=True)
    agree = ", ".join(f"{share:.2f}" for share in fitted.correlations)
    click.echo(
        f"{out}: {fitted.space.dimensions} dimensions by {fitted.method} on {len(fitted.keys)} "
        f"samples, fingerprint {fitted.space.fingerprint}"
    )
    click.echo(f"correlations of the first two streams on these samples: {agree}")


def _pair(text: str) -> tuple[str, str]:
    name, equals, function = text.partition("=")
    if not (name and equals and ":" in function):
        raise click.BadParameter(
            f"expected STREAM=package.module:name; got {text!r}", param_hint="--encoder"
        )
    return name, function


def _plan_of(policy: str) -> Plan:
    """The plan of a policy, whose space need not be there yet: then that of its streams alone."""
    from syncaug.compiler.lexicons import with_lexicons
    from syncaug.loading import check_policy, compiled
    from syncaug.policy.source import read

    plan, problems, _ = check_policy(policy)
    if plan is not None:
        return plan
    if {problem.code for problem in problems if problem.severity == "error"} - {"SA320", "SA311"}:
        raise PolicyError(problems)
    document, _ = with_lexicons(read(policy))
    sample = {
        name: said
        for name, said in document.data["sample"].items()
        if isinstance(said, str) or not said.get("encodes")
    }
    alone = {key: document.data[key] for key in ("syncaug", "name") if key in document.data}
    return compiled({**alone, "sample": sample, "steps": []}).plan
