"""One person's data: handed out, and erased."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from dure.commands.asking import Refused, as_json, ask, door, err, options, out, print_table
from dure.commands.root import cli
from dure.logs import logging_to
from dure.people.erasure_model import REASONS
from dure.settings import Settings


@cli.command()
@click.argument("person")
@click.option("--reason", type=click.Choice(REASONS), default="request", show_default=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "in_json", is_flag=True, help="Print the proof as JSON.")
@options
def erase(settings: Settings, workspace: str, person: str, reason: str, yes: bool, in_json: bool) -> None:
    """Remove a PERSON (any id) from state, feed, log and disk, and print the proof.

    Asked again after an interruption, it goes on with the same erasure.
    """

    async def run() -> Any:
        async with door(settings, workspace) as client:
            path = f"/api/v1/people/{quote(person, safe='')}"
            found = await ask(client, "GET", path)
            ids = ", ".join(found["distinct_ids"])
            if not yes and not await asyncio.to_thread(
                click.confirm, f"Erase {ids} for good, with all events?", err=True
            ):
                raise Refused("Nothing was erased.")
            shown = await ask(client, "POST", f"{path}/erasure", json={"reason": reason})
            with err.status("asked", spinner="dots") as status:
                while not shown["over"]:
                    await asyncio.sleep(0.3)
                    shown = await ask(client, "GET", f"/api/v1/erasures/{shown['id']}")
                    status.update(shown["error"] or shown["stage"] or shown["state"])
            return shown

    logging_to(settings, quiet=True)
    proof = asyncio.run(run())
    if in_json:
        as_json(proof)
    else:
        out.print(f"{proof['state']} at {proof['done_at']}, proof {proof['id']}", soft_wrap=True)
        print_table([{"held by": name, "rows": rows} for name, rows in proof["counts"].items()], ["held by", "rows"])
        for table, rows in proof["remains"].items():
            err.print(f"! {table}: {rows} rows still speak of the person; look at them by hand")
    sys.exit(0 if proof["state"] == "done" else 1)


@cli.group("person")
def person_() -> None:
    """One person's data."""


@person_.command("export")
@click.argument("person")
@click.option("--to", "into", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The zip to write.")
@options
def export_person(settings: Settings, workspace: str, person: str, into: Path) -> None:
    """Write everything held of a PERSON (any id) into a zip of JSON and NDJSON."""

    async def run() -> None:
        async with door(settings, workspace) as client:
            path = f"/api/v1/people/{quote(person, safe='')}/export"
            async with client.stream("GET", path) as answer:
                if answer.is_error:
                    await answer.aread()
                    raise Refused(answer.json()["error"]["message"])
                with into.open("wb") as file:
                    async for chunk in answer.aiter_bytes():
                        file.write(chunk)

    logging_to(settings, quiet=True)
    asyncio.run(run())
    click.echo(str(into))
