"""Asking a question from the command line."""

from __future__ import annotations

import json
from typing import Any

import click

from dure.commands.asking import Refused, as_json, call, err, options, out, print_table
from dure.commands.root import cli
from dure.settings import Settings


@cli.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--json", "in_json", is_flag=True)
@options
def query(settings: Settings, workspace: str, file: Any, in_json: bool) -> None:
    """Ask a question (JSON, `-` for standard input) and print a table."""
    try:
        question = json.load(file)
    except json.JSONDecodeError as error:
        raise Refused(f"The question is not JSON: {error}") from error
    answer = call(settings, workspace, "POST", "/api/v1/query", json=question)
    if in_json:
        as_json(answer)
        return
    for title, rows in answer.items():
        if isinstance(rows, list) and rows and isinstance(rows[0], dict):
            out.print(f"[bold]{title}[/]")
            print_table(rows, list(rows[0]))
    for warning in answer.get("meta", {}).get("warnings", []):
        err.print(f"! {warning}")
