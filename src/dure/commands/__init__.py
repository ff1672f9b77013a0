"""The command line: `cli`, with every command."""

from dure.commands import access, copies, deal_files, files, persons, questions, running
from dure.commands.root import cli

__all__ = ["access", "cli", "copies", "deal_files", "files", "persons", "questions", "running"]
