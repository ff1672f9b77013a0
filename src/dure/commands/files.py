"""Events in from files, and out to files."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.progress import Progress

from dure.commands import filing, taking_out
from dure.commands.asking import as_json, ask, ask_bytes, door, err, options, out
from dure.commands.root import cli
from dure.ingest import imports
from dure.logs import logging_to
from dure.settings import Settings


@cli.group("import")
def import_() -> None:
    """Bring in what lies in files."""


@import_.command("events")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--event", required=True, help="The column with the event's name; `=name` names every row.")
@click.option("--user", required=True, help="The column with the user's id.")
@click.option(
    "--time", required=True,
    help="The column with the time: ISO 8601 (UTC where no zone is said) or Unix; `=2026-01-01` for every row.",
)  # fmt: skip
@click.option("--anonymous", default="", help="The column with a device's id.")
@click.option("--account", default="", help="The column with the account's id.")
@click.option("--message-id", default="", help="The column with an id of the event's own.")
@click.option("--properties", default="", help="A column with a JSON object, whose entries become properties.")
@click.option("--columns", "names", default="", help="The columns' names, comma-separated, of a file without a header.")
@click.option("--time-format", default="", help="How times are written: %Y%m%d and the like, `unix`, `unix-ms`.")
@click.option("--timezone", default="", help="Where times without a zone are meant, as Asia/Seoul (UTC).")
@click.option("--delimiter", default="", help="What sets fields apart: a character, `tab` or `blank` (found out).")
@click.option("--quote", default='"', show_default=True, help="What quotes a field: a character or `none`.")
@click.option("--encoding", default="utf-8", show_default=True, help="The letters: cp949, euc-kr, utf-16 and so on.")
@click.option("--source", default="import", show_default=True, help="What the events' source is called.")
@click.option("--bad", type=click.Path(path_type=Path, dir_okay=False), help="Write the rows left out to this file.")
@click.option("--dry-run", is_flag=True, help="Only say what would be added.")
@click.option("--json", "in_json", is_flag=True)
@options
def import_events(
    settings: Settings, workspace: str, files: tuple[Path, ...], event: str, user: str, time: str, anonymous: str,
    account: str, message_id: str, properties: str, names: str, time_format: str, timezone: str, delimiter: str,
    quote: str, encoding: str, source: str, bad: Path | None, dry_run: bool, in_json: bool,
) -> None:  # fmt: skip
    """Add the events of CSV, NDJSON or Parquet FILEs (gzip too, and folders of them).

    A second run of the same file adds nothing, and one that was stopped goes on. Ends with status 1 where there were
    rows and none of them could be read, and with 130 where it was stopped.
    """
    columns = imports.Columns(event, user, time, anonymous, account, message_id, properties)
    reading = imports.Reading(
        {"tab": "\t", "\\t": "\t", "blank": " "}.get(delimiter, delimiter), "" if quote == "none" else quote, encoding,
        tuple(name.strip() for name in names.split(",")) if names else (), time_format, timezone,
    )  # fmt: skip
    found = imports.files_of(files)
    logging_to(settings, quiet=True)
    if dry_run:
        _rehearse(found, columns, reading, source, bad, in_json)
        return
    done = imports.Imported()

    async def run() -> None:
        async with door(settings, workspace) as client:

            async def post(chunk: bytes) -> dict[str, Any]:
                headers = {"content-type": "application/json"}
                return dict(await ask(client, "POST", "/api/v1/imports", content=chunk, headers=headers))

            async def known(digest: str) -> list[imports.KnownChunk]:
                return imports.known_chunks(await ask(client, "GET", f"/api/v1/imports/{digest}"))

            for file in found:
                with filing.Told(err, file) as told, left_out.of(file, reading):
                    await imports.import_events(
                        file, columns, post, known, source=source, reading=reading, done=done, progress=told.update
                    )

    stopped, left_out = False, filing.LeftOut(bad, done.rows)
    try:
        with left_out:
            asyncio.run(run())
    except KeyboardInterrupt:
        stopped = True
    if in_json:
        as_json(filing.as_report(done, stopped=stopped))
    else:
        filing.report(out, err, done, stopped=stopped, named=len(found) > 1)
    if stopped:
        sys.exit(130)
    if done.nothing_read:
        sys.exit(1)


def _rehearse(
    files: list[imports.EventFile], columns: imports.Columns, reading: imports.Reading, source: str, bad: Path | None,
    in_json: bool,
) -> None:  # fmt: skip
    done = imports.Rehearsal()
    with filing.LeftOut(bad, done.bad) as left_out:
        for file in files:
            with filing.Told(err, file) as told, left_out.of(file, reading):
                imports.rehearse(
                    file, columns, datetime.now(UTC), source=source, reading=reading, done=done, progress=told.update
                )
    as_json(filing.as_rehearsal(done)) if in_json else filing.rehearsal(out, err, done, named=len(files) > 1)
    if done.bad.count and not done.events:
        sys.exit(1)


@cli.group()
def export() -> None:
    """Take out what lies in the log."""


@export.command("events")
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder.")
@click.option("--format", "kind", type=click.Choice(["parquet", "csv", "ndjson"]), default="parquet", show_default=True)
@click.option("--from", "begin", type=click.DateTime(["%Y-%m-%d"]), help="The first day.")
@click.option("--to-date", "end", type=click.DateTime(["%Y-%m-%d"]), help="The last day, included.")
@click.option("--timezone", default="UTC", show_default=True, help="In which zone a day begins.")
@click.option("--event", "events", multiple=True, help="Only events of this name; may be given again.")
@click.option("--source", "sources", multiple=True, help="Only events of this source; may be given again.")
@click.option(
    "--column", "columns", multiple=True, metavar="PROPERTY:TYPE",
    help="A property as a column of its own; text, number, integer or bool; may be given again.",
)  # fmt: skip
@click.option("--rows", type=click.IntRange(1000, 1_000_000), default=200_000, show_default=True, help="Rows a file.")
@click.option("--json", "in_json", is_flag=True)
@options
def export_events(
    settings: Settings, workspace: str, folder: Path, kind: str, begin: datetime | None, end: datetime | None,
    timezone: str, events: tuple[str, ...], sources: tuple[str, ...], columns: tuple[str, ...], rows: int,
    in_json: bool,
) -> None:  # fmt: skip
    """Write the events as files, a folder for each day, with a manifest of rows and checksums.

    A run that was stopped goes on; a later one brings the folder up to date.
    """
    asked = {
        "format": kind, "begin": begin and begin.date().isoformat(), "end": end and end.date().isoformat(),
        "timezone": timezone, "events": list(events), "sources": list(sources), "rows": rows,
        "columns": dict(_column(column) for column in columns),
    }  # fmt: skip

    unknown: list[str] = []

    async def run() -> taking_out.TakenOut:
        async with door(settings, workspace) as client:

            async def plan(body: taking_out.Asked) -> dict[str, Any]:
                return dict(await ask(client, "POST", "/api/v1/exports/history", json=body))

            async def fetch(body: taking_out.Asked) -> bytes:
                return await ask_bytes(client, "/api/v1/exports/history/part", body)

            with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
                task = bar.add_task(folder.name, total=None)
                taken = await taking_out.take_out(
                    folder, asked, plan, fetch, lambda at, total: bar.update(task, completed=at, total=total)
                )
            for name in events if taken.rows == 0 else ():
                if not (await plan({"format": kind, "events": [name]}))["parts"]:
                    unknown.append(name)
            return taken

    logging_to(settings, quiet=True)
    try:
        done = asyncio.run(run())
    except KeyboardInterrupt:
        err.print("stopped; what is written stays, and the same command goes on from here")
        sys.exit(130)
    for name in unknown:
        err.print(f"! No event of the name {name!r} is in the log.", markup=False, soft_wrap=True)
    if in_json:
        as_json(asdict(done))
        return
    known = f", {done.known:,} were there already" if done.known else ""
    out.print(f"{done.rows:,} events in {done.files:,} files ({done.bytes / 1e6:,.1f} MB){known}", soft_wrap=True)


def _column(text: str) -> tuple[str, str]:
    name, mark, kind = text.rpartition(":")
    return (name, kind) if mark else (text, "text")
