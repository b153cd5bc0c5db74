"""The command line: ``sfn-harness``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from sfn_harness.commands.errors import CommandError, UsageError
from sfn_harness.sandbox.secret import given_secret

HOME = Path(".sfn-harness")

_EXAMPLES = """\
examples:
  sfn-harness demo                                  see it work, in ten seconds
  sfn-harness up --detach                           start a sandbox in the background
  eval "$(sfn-harness env)"                         point aws, terraform and SDKs of this shell at it
  sfn-harness apply examples/tutorial               apply a configuration; prints outputs and curl commands
  sfn-harness apply . -var name=orders -var 'stages={"alpha"={}}'
  sfn-harness destroy examples/tutorial             take it away again
  sfn-harness down                                  end the sandbox

Records are kept in .sfn-harness/ of the directory you are in. Nothing is written into what you apply.
Exit codes: 0 done, 1 failed, 2 wrong use, 130 interrupted.
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> None:
        raise UsageError(f"{message}; {self.prog} --help says more")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit code: 0 done, 1 failed, 2 wrong use, 130 interrupted."""
    try:
        _run(_parser().parse_args(arguments))
    except CommandError as error:
        sys.stderr.write(f"sfn-harness: {error}\n")
        return error.code
    except KeyboardInterrupt:
        sys.stderr.write("sfn-harness: interrupted\n")
        return 130
    except BrokenPipeError:
        # Whoever read the output has had enough; the interpreter would complain of it once more at its end.
        sys.stderr.close()
        return 0
    return 0


def _run(options: argparse.Namespace) -> None:
    try:
        given_secret()
    except ValueError as error:
        raise UsageError(str(error)) from None
    # Each command imports what it needs only: --help takes no time.
    if options.command == "demo":
        from sfn_harness.demo import run

        _with_terraform(run, HOME)
        return
    if options.command in ("apply", "destroy"):
        from sfn_harness.commands.configurations import apply, destroy

        if options.command == "apply":
            _with_terraform(apply, HOME, options.directory, options.var, options.sandbox)
        else:
            _with_terraform(destroy, HOME, options.directory, options.var, options.sandbox)
        return
    from sfn_harness.commands import sandboxes

    if options.command == "up":
        sandboxes.up(HOME, options.port, options.detach)
    elif options.command == "down":
        sandboxes.down(HOME, options.quiet)
    else:
        sandboxes.env(HOME)


def _with_terraform(command, *arguments: object) -> None:
    from sfn_harness.terraform.binary import TerraformNotFoundError

    try:
        command(*arguments)
    except (TerraformNotFoundError, FileNotFoundError) as error:
        raise CommandError(str(error)) from None


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="sfn-harness",
        description="Applies Terraform to a sandbox and calls the Step Functions APIs it makes.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def add(name: str, text: str, example: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            help=text,
            description=f"{text[0].upper()}{text[1:]}.",
            epilog=f"example:\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    up = add("up", "start a sandbox", "sfn-harness up --port 4600 --detach")
    up.add_argument("--port", type=_port, help="exactly this one (default: 4566, or a free one if that is taken)")
    up.add_argument("--detach", action="store_true", help="leave it in the background; `sfn-harness down` ends it")
    down = add("down", "end the sandbox in the background", "sfn-harness down")
    down.add_argument("--quiet", action="store_true", help="do not mind if there is none")
    add("env", "print the shell commands that point AWS tools at the sandbox", 'eval "$(sfn-harness env)"')
    add(
        "demo",
        "apply the quickstart to a sandbox of its own, call it and clean up",
        "sfn-harness demo",
    )
    apply = add("apply", "apply a configuration to the sandbox", "sfn-harness apply examples/tutorial -var name=orders")
    destroy = add("destroy", "destroy what apply made of a configuration", "sfn-harness destroy examples/tutorial")
    for each in (apply, destroy):
        each.add_argument("directory", metavar="DIR", type=Path, help="a root configuration; it is not written to")
        each.add_argument(
            "--sandbox",
            type=_sandbox,
            metavar="aws|URL",
            help="AWS with the ambient credentials, or an emulator's URL (default: the sandbox that `up` started)",
        )
        each.add_argument(
            "-var",
            "--var",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="a variable, as Terraform takes it; may be given more than once",
        )
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: write a number from 1 to 65535, or 0 for any free one")
    return int(text)


def _sandbox(text: str) -> str:
    from sfn_harness.sandbox.kinds import check_spec

    if text == "local":
        raise argparse.ArgumentTypeError("a local sandbox is the one that `sfn-harness up` starts; leave it out")
    try:
        return check_spec(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main())
