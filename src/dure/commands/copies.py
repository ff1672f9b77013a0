"""A folder is backed up, and made again from a backup."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import click
from rich.progress import Progress

from dure.commands.asking import Refused, as_json, door, err, options, out
from dure.commands.root import cli
from dure.logs import logging_to
from dure.restore import restore as restore_backup
from dure.settings import Settings, read_settings


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "in_json", is_flag=True)
@options
def backup(settings: Settings, workspace: str, folder: Path, in_json: bool) -> None:
    """Write state, log and keys into an empty FOLDER while the server runs. The erasure ledger stays out of it."""
    into = str(folder.resolve())

    async def run() -> dict[str, Any]:
        async with door(settings, workspace) as client:
            last: dict[str, Any] = {}
            async with client.stream("POST", "/api/v1/backups", json={"folder": into}, timeout=None) as answer:
                if answer.is_error:
                    await answer.aread()
                    raise Refused(answer.json()["error"]["message"])
                with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
                    task = bar.add_task("backup", total=None)
                    async for line in answer.aiter_lines():
                        last = json.loads(line)
                        if "total" in last:
                            bar.update(task, description=last["stage"], completed=last["done"], total=last["total"])
            if last.get("stage") != "done":
                raise Refused(last.get("message", "The server ended before the backup was whole."))
            return last

    logging_to(settings, quiet=True)
    done = asyncio.run(run())
    as_json(done) if in_json else out.print(f"{done['bytes']:,} bytes, {done['events']:,} events in {folder}")


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="The empty data folder (./dure-data).")
@click.option(
    "--ledger", type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Where the erasure ledger is: the old data folder, or DURE_ERASURE_LEDGER.",
)  # fmt: skip
@click.option("--no-ledger", is_flag=True, help="There is none any more: who was erased since then comes back.")
@click.option("--json", "in_json", is_flag=True)
def restore(folder: Path, data: Path | None, ledger: Path | None, no_ledger: bool, in_json: bool) -> None:
    """Make an empty data folder out of the backup in FOLDER; its server erases again whom the ledger names."""
    settings = read_settings({"data": data})
    if ledger is None and settings.erasure_ledger:
        ledger = Path(settings.erasure_ledger)
    if ledger is None and not no_ledger:
        raise Refused("Say with --ledger where the erasure ledger is, or with --no-ledger that there is none.")
    logging_to(settings, quiet=True)
    with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("restore", total=None)
        done = restore_backup(
            folder, settings, ledger,
            lambda stage, at, total: bar.update(task, description=stage, completed=at, total=total),
        )  # fmt: skip
    rows = done.tables["events"]["rows"]
    if in_json:
        as_json({"taken_at": done.taken_at, "files": len(done.files), "events": rows})
    else:
        out.print(f"{rows:,} events as of {done.taken_at} in {settings.data}", soft_wrap=True)
