"""Asking a question from the command line."""

from __future__ import annotations

import json
from typing import Any

import click

from dure.commands.answers import tables_of
from dure.commands.asking import Refused, as_json, call, err, options, out, print_rows
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
    metric = answer.get("metric")
    if isinstance(metric, dict) and "value" in metric:
        out.print(f"{metric['id']}: {metric['value']}", markup=False)
    for title, columns, rows in tables_of(answer):
        if title:
            out.print(title, style="bold", markup=False)
        if rows:
            print_rows(columns, rows)
        else:
            out.print("no rows")
    for warning in answer.get("meta", {}).get("warnings", []):
        err.print(f"! {warning}", markup=False, soft_wrap=True)
