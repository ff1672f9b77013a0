"""The command line: `cli`, with every command."""

from dure.commands import (
    access,
    automations,
    copies,
    deal_files,
    delivering,
    files,
    moving_in,
    persons,
    questions,
    running,
)
from dure.commands.root import cli

__all__ = [
    "access", "automations", "cli", "copies", "deal_files", "delivering", "files", "moving_in", "persons", "questions",
    "running",
]  # fmt: skip
