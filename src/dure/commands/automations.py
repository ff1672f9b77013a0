"""Automations as files from the command line: out, in after a look at what would change, and compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from dure.commands.asking import Refused, as_json, call, options, out
from dure.commands.root import cli
from dure.settings import Settings

_DOOR = "/api/v1/automations"
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


@cli.group()
def automation() -> None:
    """Take automations out as files, bring them in, see what is different."""


@automation.command()
@click.argument("name", default="")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="A file; else standard output.")
@options
def export(settings: Settings, workspace: str, name: str, to: Path | None) -> None:
    """Write one automation (by id or name) or all of them as JSON."""
    texts = call(settings, workspace, "GET", f"{_DOOR}/export")["automations"]
    if name:
        texts = [one for one in texts if name in (one["id"], one["name"], one["recipe"])]
        if not texts:
            raise Refused(f"There is no automation {name!r}.")
    if to is None:
        as_json({"automations": texts})
        return
    to.write_text(json.dumps({"automations": texts}, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    out.print(f"{len(texts)} in {to}", markup=False)


@automation.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--note", default="", help="Why; kept with each new version.")
@click.option("--json", "in_json", is_flag=True)
@options
def take_in(settings: Settings, workspace: str, file: Any, note: str, in_json: bool) -> None:
    """Publish the automations of a file (`-`: standard input): new ones off, known ones as a new version."""
    asked = {"automations": _texts(file), "publish": True, "note": note}
    done = call(settings, workspace, "POST", f"{_DOOR}/import", json=asked)["reviews"]
    if in_json:
        as_json({"reviews": done})
        return
    for one in done:
        new = one["version"] == 0
        same = not new and not one["changes"]
        said = "the same" if same else f"version {one['published']}" + (" (new, switched off)" if new else "")
        out.print(f"{one['name']}: {said}", markup=False)


@automation.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--json", "in_json", is_flag=True)
@options
def diff(settings: Settings, workspace: str, file: Any, in_json: bool) -> None:
    """Show what importing a file would change. Nothing is written."""
    reviews = call(settings, workspace, "POST", f"{_DOOR}/import", json={"automations": _texts(file)})["reviews"]
    if in_json:
        as_json({"reviews": reviews})
        return
    for one in reviews:
        if one["error"]:
            state = f"cannot be taken: {one['error']} ({one['field']})"
        elif not one["automation"]:
            state = "new"
        else:
            state = f"version {one['version']}" if one["changes"] else "the same"
        out.print(f"{one['name']}: {state}", style="bold", markup=False)
        for change in one["changes"]:
            out.print(f"  {_line(change)}", markup=False, soft_wrap=True)


def _texts(file: Any) -> list[Any]:
    try:
        read = json.load(file)
    except json.JSONDecodeError as error:
        raise Refused(f"The file is not JSON: {error}") from error
    if isinstance(read, dict):
        read = read.get("automations", [read])
    if not isinstance(read, list):
        raise Refused("The file holds no automations.")
    return read


def _line(change: dict[str, Any]) -> str:
    said = f"{_SIGNS[change['what']]} {change['said']['en']}"
    values = [_short(change[side]) for side in ("before", "after") if change[side] is not None]
    return f"{said}: {' → '.join(values)}" if values else said


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 160 else text[:159] + "…"
