"""The command line: one file for each command, imported when it is called.

Exit codes: 0 fine, 1 problems found, 2 wrong usage, 3 a bug of ours, 128 + N ended by signal N.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from importlib import import_module

import click

from syncaug.cli import output
from syncaug.cli.ending import code_of, undisturbed, unwind_on_signals
from syncaug.errors import SyncaugError
from syncaug.problem import shortened
from syncaug.version import __version__

__all__ = ["COMMANDS", "cli", "main"]

COMMANDS = {
    "init": "Write a first policy by looking at the samples of a manifest.",
    "validate": "Check policies and report every problem at once.",
    "diff": "Say what changes in meaning between two policies.",
    "explain": "Show what each step will do to each stream, or what a code such as SA302 means.",
    "draw": "Print what would be drawn for a sample.",
    "apply": "Augment the samples of a manifest.",
    "check-determinism": "Say whether loaders of all kinds give the same bytes.",
    "lock": "Write down digests of what a policy gives, or compare with them.",
    "preview": "Show variants of a sample in one page with sliders.",
    "stress": "Say which relation between streams breaks first for a model.",
    "ablate": "Train in step and out of step, and say whether synchrony helps.",
    "fit-latent": "Fit a joint latent space of streams on paired samples.",
    "stats": "Summarize what records tell: draws, refusals, outcomes, skew.",
    "replay": "Make a result again, bit for bit, from its record.",
    "schema": "Print the JSON Schema of policies, records or manifests.",
    "ops": "List all that a policy can name, or describe one of them.",
    "doctor": "Say what is installed, what is missing, and how to mend it.",
}
"""The commands and their one-line help; the code of each is in the module of its name."""
_LONG = ("ablate", "apply", "check-determinism", "replay", "stats", "stress")
"""Those that work on many samples."""


class _Commands(click.Group):
    """A group whose commands are imported on use, so that the command line starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"syncaug.cli.{cmd_name.replace('-', '_')}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from syncaug.policy.suggest import suggest

            hint = suggest(args[0], COMMANDS)
            ctx.fail(f"No such command {args[0]!r}; {hint or 'syncaug --help lists them'}")
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="syncaug")
@click.pass_context
def cli(context: click.Context) -> None:
    """Synchronized augmentation of paired multimodal samples, from one shared draw."""
    if context.invoked_subcommand in _LONG:  # whose garbage may hold pictures
        gc.set_threshold(*_USUAL)


_USUAL = gc.get_threshold()
_SHORT = (100_000, *_USUAL[1:])
"""Objects after which the garbage collector looks at them: more than a start makes."""


def main() -> None:
    """The entry point: run a command and turn what went wrong into an exit code.

    A command is one process. What its imports have made stays to the end, so that a collector that
    looks for garbage among them, now or while the interpreter shuts down, works in vain: a tenth of
    the time of a short command.
    """
    gc.set_threshold(*_SHORT)
    os.environ.setdefault("OPENCV_LOG_LEVEL", "OFF")  # what its codecs say of damage, errors tell
    output.prepare()
    unwind_on_signals()
    try:
        code = _run()
        undisturbed(code)
        output.finish()
    except OSError as error:  # from the last words, whatever they were about
        output.told_loss(error)
        code = 1
    gc.freeze()
    sys.exit(code)


_OF_PATHS = {
    errno.ENAMETOOLONG: "No file system has such a name: give a shorter one.",
    errno.EACCES: "Allow reading it, or name another one.",
    errno.ELOOP: "Its links lead to themselves: mend them.",
    **{
        getattr(errno, name): "Make room, or name another place."
        for name in ("ENOSPC", "EDQUOT", "EFBIG", "EROFS")
        if hasattr(errno, name)
    },
}
"""What asking for a path, or writing there, fails with that is no fault of ours; what to do."""


def _run() -> int:
    try:
        # Not standalone, click returns the code of ctx.exit() and raises all else.
        code = cli.main(standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as wrong:
        wrong.show()
        return 2
    except click.Abort as abort:
        output.say("stopped")
        return code_of(abort)
    except (SyncaugError, UserWarning) as error:  # warnings where the user makes them errors
        output.say(f"syncaug: {error}")
        return 1
    except Exception as error:
        if isinstance(error, OSError):
            if output.is_lost_output(error):
                raise
            if error.errno in _OF_PATHS and error.filename is not None:
                told = f"{shortened(str(error.filename))}: {error.strerror}"
                output.say(f"syncaug: {told}. {_OF_PATHS[error.errno]}")
                return 1
        import traceback

        output.say(traceback.format_exc().rstrip())
        output.say("syncaug: this is a bug of ours, please report it with the lines above")
        return 3
