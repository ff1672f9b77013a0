"""Writes docs/reference from the code itself; the suite fails when a page is not what the code says."""

from __future__ import annotations

import dataclasses
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from dure.kernel import errors
from dure.settings import Settings

REFERENCE = Path(__file__).parent / "reference"
_MADE = "<!-- Written by `python docs/build.py` from the code; change it there. -->\n\n"


def pages(app: Any, automation: Any) -> dict[str, str]:
    """File name → text of every generated page. `app` is the ASGI application, `automation` the slice."""
    return {
        "commands.md": commands(),
        "settings.md": settings(),
        "errors.md": error_tree(),
        "api.md": routes(app),
        "automation.md": building_blocks(automation),
    }


def commands() -> str:
    from dure.commands import cli

    return _MADE + "# Commands\n\n" + "\n".join(_command(cli, "dure"))


def settings() -> str:
    lines = [
        _MADE + "# Settings\n",
        "Flags come first, then `DURE_*` variables, then `dure.toml` in the data folder.\n",
        "| `dure.toml` | variable | default | |",
        "|---|---|---|---|",
    ]
    for spec in dataclasses.fields(Settings):
        shown = "" if spec.default == "" else f"`{spec.default}`"
        lines.append(f"| `{spec.name}` | `DURE_{spec.name.upper()}` | {shown} | {spec.metadata.get('help', '')} |")
    return "\n".join(lines) + "\n"


def error_tree() -> str:
    lines = [
        _MADE + "# Errors\n",
        "Every error at Dure's own doors has one shape: "
        '`{"error": {"code", "message", "field"?, "data"?}}`. Slack\'s and Segment\'s doors answer as theirs do.\n',
        "| status | code | |",
        "|---|---|---|",
    ]
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.DureError)]
    for kind in sorted(kinds, key=lambda kind: (kind.status, kind.code)):
        lines.append(f"| {kind.status} | `{kind.code}` | {(kind.__doc__ or '').strip().splitlines()[0]} |")
    return "\n".join(lines) + "\n"


def routes(app: Any) -> str:
    document = app.openapi()
    by_tag: dict[str, list[str]] = {}
    for path, methods in sorted(document["paths"].items()):
        for method, operation in methods.items():
            about = operation.get("description") or operation.get("summary") or ""
            row = f"| `{method.upper()} {path}` | {about.splitlines()[0] if about else ''} |"
            by_tag.setdefault((operation.get("tags") or ["other"])[0], []).append(row)
    lines = [
        _MADE + "# REST\n",
        "The whole of it with every field is served at `/api/v1/openapi.json`. Sign in with "
        "`Authorization: Bearer TOKEN`.",
    ]
    for tag, rows in sorted(by_tag.items()):
        lines += [f"\n## {tag}\n", "| route | |", "|---|---|", *rows]
    return "\n".join(lines) + "\n"


def building_blocks(automation: Any) -> str:
    lines = [_MADE + "# Automation: events, steps, recipes\n", "## Events that can start a run\n"]
    lines += ["| event | written by | properties |", "|---|---|---|"]
    for event in sorted(automation.event_kinds(), key=lambda event: (event.slice, event.name)):
        lines.append(f"| {event.name} | {event.slice} | {', '.join(f'`{name}`' for name in event.properties)} |")
    lines += ["\n## Steps\n", "| step | | what goes in |", "|---|---|---|"]
    for kind in sorted(automation.step_kinds(), key=lambda kind: kind.name):
        fields = ", ".join(f"`{name}`" for name in kind.inputs.__struct_fields__)
        lines.append(f"| `{kind.name}` | {kind.title['en']} | {fields} |")
    lines += ["\n## Recipes\n", "| recipe | | |", "|---|---|---|"]
    for recipe in sorted(automation.ready_recipes(), key=lambda recipe: recipe.id):
        lines.append(f"| `{recipe.id}` | {recipe.title['en']} | {recipe.about['en']} |")
    return "\n".join(lines) + "\n"


def _command(command: click.Command, name: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        for inner in command.commands:
            yield from _command(command.commands[inner], f"{name} {inner}")
        return
    arguments = " ".join(f"{one.human_readable_name}" for one in command.params if isinstance(one, click.Argument))
    yield f"## `{name}{' ' + arguments if arguments else ''}`\n"
    yield f"{command.help or ''}\n"
    rows = []
    for one in command.params:
        if isinstance(one, click.Option):
            needed = " (needed)" if one.required else ""
            rows.append(f"| `{', '.join(one.opts)}` | {one.help or ''}{needed} |")
    if rows:
        yield "| option | |\n|---|---|\n" + "\n".join(rows) + "\n"


def main() -> None:
    from dure.kernel.clock import SystemClock
    from dure.log.api import Log
    from dure.main import compose
    from dure.state import State

    # Nothing is opened: the pages need the shape of the house only.
    house = compose(Settings(), SystemClock(), State("postgresql://nowhere"), Log("chdb://nowhere"))
    for name, text in pages(house.app, house.automation).items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"wrote docs/reference/{name}\n")


if __name__ == "__main__":
    main()
