"""The command that all others belong to."""

from __future__ import annotations

import click

from dure import __version__
from dure.commands.asking import Dure


@click.group(cls=Dure, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dure")
def cli() -> None:
    """Dure (두레): one server for the product, marketing, sales, ad-operations and social teams."""
