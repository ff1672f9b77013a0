"""`dure` and `python -m dure`: the command line. Light, so that Ctrl-C is met while the rest is still being read."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Runs a command; ended by Ctrl-C it says so in one line, with status 130."""
    try:
        gc.disable()  # what is read stays to the end: looking through it again and again takes a fifth of the start
        from dure.commands import cli

        gc.enable()
        cli()
    except KeyboardInterrupt:
        sys.stderr.write("dure: stopped\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
