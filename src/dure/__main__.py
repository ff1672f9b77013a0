"""`python -m dure` is the `dure` command."""

from dure.commands import cli

cli()
