"""Writes docs/reference from the code itself; the suite fails when a page is not what the code says."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec
from fastapi import FastAPI

from dure.automation.api import Automation
from dure.automation.plugs import Recipe, TriggerKind
from dure.commands import cli
from dure.governance.model import Principal, Role
from dure.kernel import errors
from dure.kernel.clock import SystemClock
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.main import House, compose
from dure.settings import Settings
from dure.state import State

REFERENCE = Path(__file__).parent / "reference"
_MADE = "<!-- Written by `python docs/build.py` from the code; change it there. -->\n\n"


def pages(house: House) -> dict[str, str]:
    """File name → text of every generated page. Nothing of the house needs to be open."""
    return {
        "commands.md": commands(),
        "settings.md": settings(),
        "errors.md": error_tree(),
        "api.md": routes(house.app),
        "building-blocks.md": building_blocks(house.automation),
        "recipes.md": recipes(house.automation),
    }


def commands() -> str:
    """Every command with its options."""
    return _MADE + "# Commands\n\n" + "\n".join(_command(cli, "dure"))


def settings() -> str:
    """Every setting by its three names."""
    lines = [
        _MADE + "# Settings\n",
        "Flags come first, then `DURE_*` variables, then `dure.toml` in the data folder.\n",
        "| `dure.toml` | variable | default | |",
        "|---|---|---|---|",
    ]
    for spec in dataclasses.fields(Settings):
        shown = "" if spec.default == "" else f"`{spec.default}`"
        key = "" if spec.name == "data" else f"`{spec.name}`"
        lines.append(f"| {key} | `DURE_{spec.name.upper()}` | {shown} | {spec.metadata.get('help', '')} |")
    return "\n".join(lines) + "\n"


def error_tree() -> str:
    """Every error that a caller can meet."""
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


def routes(app: FastAPI) -> str:
    """Every route of Dure's own REST, by slice."""
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
        "`Authorization: Bearer TOKEN`. Other doors: [events](events-in.md), "
        "[Slack's clients](../how-to/slack-clients.md).",
    ]
    for tag, rows in sorted(by_tag.items()):
        lines += [f"\n## {tag}\n", "| route | |", "|---|---|", *rows]
    return "\n".join(lines) + "\n"


def building_blocks(automation: Automation) -> str:
    """Every event and trigger that can start a run, and every step."""
    anyone = Principal(Tenant("E0", "T0"), "", Role.OWNER, kind="system")
    lines = [
        _MADE + "# Building blocks of automations\n",
        "How they are put together: [automations](automation.md). A workspace's own list, with the kind of every "
        "field, is at `GET /api/v1/automations/kinds`.\n",
        "## Events\n",
        "Any event can start a run, also one that you send yourself. These are written by Dure.\n",
        "| event | | written by | properties |",
        "|---|---|---|---|",
    ]
    for event in automation.events(anyone):
        given = ", ".join(f"`{name}`: {_cell(kind)}" for name, kind in event.properties.items())
        lines.append(f"| {event.name} | {event.title['en']} | {event.slice} | {given} |")
    lines += _triggers(automation.triggers(anyone))
    lines += ["\n## Steps\n", "| step | | takes | answers |", "|---|---|---|---|"]
    for kind in automation.kinds(anyone):
        takes, answers = (", ".join(_fields(shape)) for shape in (kind.inputs, kind.outputs))
        lines.append(f"| `{kind.name}` | {_cell(kind.title['en'])} | {takes} | {answers} |")
    lines += ["\nWhat each takes, in words:\n"]
    for kind in automation.kinds(anyone):
        said = [kind.about.get("en", ""), *_about(kind.inputs)]
        if any(said):
            lines.append(f"- `{kind.name}`: {' '.join(filter(None, said))}")
    lines.append("\nWhat is not in italics has to be given. Ready automations made of them: [recipes](recipes.md).")
    return "\n".join(lines) + "\n"


_GROUPS = {
    "campaign": "A campaign's life", "sales": "Sales", "growth": "Growth", "care": "Care and social",
    "house": "Housekeeping",
}  # fmt: skip


def recipes(automation: Automation) -> str:
    """Every ready automation with its form, what starts it and its steps."""
    ready = automation.ready(Principal(Tenant("E0", "T0"), "", Role.OWNER, kind="system"))
    lines = [
        _MADE + "# Recipes\n",
        f"{len(ready)} ready automations. [How to switch one on](../how-to/switch-on-a-recipe.md); how they are put "
        "together: [automations](automation.md), [building blocks](building-blocks.md).\n",
        "| recipe | | 한국어 |",
        "|---|---|---|",
    ]
    for group in _GROUPS:
        for recipe in (one for one in ready if one.group == group):
            lines.append(f"| [`{recipe.id}`](#{recipe.id}) | {recipe.title['en']} | {recipe.title['ko']} |")
    for group, title in _GROUPS.items():
        lines.append(f"\n## {title}")
        for recipe in (one for one in ready if one.group == group):
            lines += _recipe(recipe)
    return "\n".join(lines) + "\n"


def _recipe(recipe: Recipe) -> Iterator[str]:
    trigger, nodes = recipe.doc["trigger"], recipe.doc["nodes"]
    begins = f"`{trigger['kind']}`" if "kind" in trigger else "a schedule"
    begins = f"*{trigger['event']}*" if "event" in trigger else begins
    conditions = [_condition(one) for one in trigger.get("where", ())]
    yield f"\n### {recipe.id}\n"
    yield f"**{recipe.title['en']}** · {recipe.title['ko']}\n\n{recipe.about['en']}\n"
    yield f"- Starts with {begins}" + (f" where {', '.join(conditions)}" if conditions else "")
    if "key" in trigger:
        yield f"- Once for each: `{trigger['key']}`"
    yield f"- Steps: {' → '.join(_step(node) for node in nodes)}"
    if recipe.settings:
        yield "\n| setting | | kind | default |\n|---|---|---|---|"
        for one in recipe.settings:
            shown = (
                "has to be given" if one.default is None else f"`{_default(one.default)}`" if one.default != "" else ""
            )
            yield f"| `{one.name}` | {_cell(one.title['en'])} | {one.type} | {shown} |"


def _condition(given: Mapping[str, Any]) -> str:
    value = given.get("value")
    if isinstance(value, Mapping):
        value = f"[{value['$setting']}]"
    elif isinstance(value, str) and (place := re.fullmatch(r"\[\[(\w+)\]\]", value)):
        value = f"[{place[1]}]"
    shown = "" if given["op"] in ("set", "not_set") else f" {value if value != '' else 'nothing'}"
    return f"`{given['prop']} {given['op'].replace('_', ' ')}{shown}`"


def _step(node: Mapping[str, Any]) -> str:
    given = node.get("with", {})
    if node["kind"] == "wait_event":
        return f"wait for *{given['event']}*"
    return {"wait": "wait", "branch": "branch"}.get(node["kind"], f"`{node['kind']}`")


def _default(value: Any) -> str:
    return (
        ", ".join(value) if isinstance(value, list) else str(value).lower() if isinstance(value, bool) else str(value)
    )


def _triggers(kinds: Sequence[TriggerKind]) -> Iterator[str]:
    """Every typed way to start, with the event that it stands for."""
    yield "\n## Triggers\n"
    yield (
        'Instead of an event and its filters a trigger may name one of these kinds: `"trigger": {"kind": '
        '"channels.message", "with": {"channel": "help", "contains": "invoice"}}`.\n'
    )
    yield "| kind | | takes | event |"
    yield "|---|---|---|---|"
    for kind in kinds:
        event = "depends on what is chosen" if kind.event_of else kind.event
        yield f"| `{kind.name}` | {_cell(kind.title['en'])} | {', '.join(_fields(kind.inputs))} | {event} |"
    yield "\nWhat each takes, in words:\n"
    for kind in kinds:
        yield f"- `{kind.name}`: {' '.join(filter(None, [kind.about.get('en', ''), *_about(kind.inputs)]))}"


def _about(shape: type[msgspec.Struct]) -> Iterator[str]:
    """What a struct says of its fields, on one line."""
    yield " ".join((shape.__dict__.get("__doc__") or "").split())


def _fields(shape: type[msgspec.Struct]) -> Iterator[str]:
    for one in msgspec.structs.fields(shape):
        yield f"`{one.encode_name}`" if one.required else f"*`{one.encode_name}`*"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _command(command: click.Command, name: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        for inner in command.commands:
            yield from _command(command.commands[inner], f"{name} {inner}")
        return
    arguments = " ".join(f"{one.human_readable_name}" for one in command.params if isinstance(one, click.Argument))
    yield f"## `{name}{' ' + arguments if arguments else ''}`\n"
    yield f"{inspect.cleandoc(command.help or '')}\n"
    rows = []
    for one in command.params:
        if isinstance(one, click.Option):
            needed = " (needed)" if one.required else ""
            rows.append(f"| `{', '.join(one.opts)}` | {one.help or ''}{needed} |")
    if rows:
        yield "| option | |\n|---|---|\n" + "\n".join(rows) + "\n"


@functools.cache
def composed() -> House:
    """A house with nothing opened: the pages need its shape only."""
    return compose(Settings(), SystemClock(), State("postgresql://nowhere"), Log("chdb://nowhere"))


def main() -> None:
    for name, text in pages(composed()).items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"wrote docs/reference/{name}\n")


if __name__ == "__main__":
    main()
