"""The command line: `cli`, with every command."""

from dure.commands import access, automations, copies, files, persons, questions, running
from dure.commands.root import cli

__all__ = ["access", "automations", "cli", "copies", "files", "persons", "questions", "running"]
