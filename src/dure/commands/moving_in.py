"""A company's past in Slack brought in from its export."""

from __future__ import annotations

import asyncio
import csv
import io
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import click
import httpx
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from dure.commands.asking import as_json, ask, door, err, options, out
from dure.commands.files import import_
from dure.kernel.errors import Invalid
from dure.logs import logging_to
from dure.settings import Settings

_PART = 1 << 20
_LISTED = 30


@import_.command("slack")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
@click.option("--go-on", default="", metavar="IMPORT", help="Go on with one that was stopped, instead of a FILE.")
@click.option("--dry-run", is_flag=True, help="Only say what is in it.")
@click.option("--people", type=click.Choice(["deactivated", "active"]), default="deactivated", show_default=True,
              help="What people without an account here become.")  # fmt: skip
@click.option("--private", is_flag=True, help="Private channels, too.")
@click.option("--direct", is_flag=True, help="Direct messages, too.")
@click.option("--fetch-files", is_flag=True, help="Fetch files by the export's links.")
@click.option("--who", multiple=True, metavar="THEIRS=OURS", help="Who somebody is here: U024BE7LH=U0MINA.")
@click.option("--into", multiple=True, metavar="NAME=CHANNEL", help="A conversation goes into a channel of here.")
@click.option("--skip", multiple=True, metavar="NAME", help="A conversation is left out.")
@click.option("--left", type=click.Path(path_type=Path, dir_okay=False), help="Write what was left out to this CSV.")
@click.option("--json", "in_json", is_flag=True)
@options
def import_slack(
    settings: Settings, workspace: str, file: Path | None, go_on: str, dry_run: bool, people: str, private: bool,
    direct: bool, fetch_files: bool, who: tuple[str, ...], into: tuple[str, ...], skip: tuple[str, ...],
    left: Path | None, in_json: bool,
) -> None:  # fmt: skip
    """Bring in what was said in Slack, from the zip FILE that Slack's export makes.

    Nobody is notified and nothing is unread. The same file again brings nothing twice, and one that was stopped goes
    on. Ends with status 1 where it failed.
    """
    if (file is None) is (not go_on):
        raise Invalid("Name a FILE, or --go-on with an import.", field="file")
    logging_to(settings, quiet=True)

    async def run() -> dict[str, Any]:
        async with door(settings, workspace) as client:
            moving = go_on or (await ask(client, "PUT", "/api/v1/moving-files", params={"name": _named(file)},
                                         content=_parts(file)))["id"]  # fmt: skip
            read = await _until(client, moving, "reading")
            if read["state"] == "failed" and not read["preview"]:
                return read
            if not in_json:
                _show(read)
            if dry_run:
                return read
            choices = {
                "people": people, "private": private, "direct": direct, "files": "fetch" if fetch_files else "leave",
                "match": dict(_pair(text, "who") for text in who), "rooms": _rooms(read["preview"], into, skip),
            }  # fmt: skip
            await ask(client, "POST", f"/api/v1/movings/{moving}/start", json=choices)
            done = await _until(client, moving, "waiting", "running")
            if left is not None:
                report = await client.get(f"/api/v1/movings/{moving}/left")
                await asyncio.to_thread(left.write_bytes, report.content)
            return done

    done = asyncio.run(run())
    if in_json:
        as_json({name: value for name, value in done.items() if name != "choices"})
    elif done["state"] == "done":
        _ended(done, left)
    if done["state"] in ("failed", "cancelled"):
        err.print(f"{done['state']}: {done['why']}  (--go-on {done['id']} goes on from here)", soft_wrap=True)
        sys.exit(1)


async def _until(client: httpx.AsyncClient, moving: str, *going: str) -> dict[str, Any]:
    """The import once it is in none of these states any more; a bar meanwhile."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[messages]:,}"),
        TimeRemainingColumn(), console=out, transient=True, disable=not out.is_terminal,
    )  # fmt: skip
    with bar:
        task = bar.add_task(going[-1], total=None, messages=0)
        while True:
            one: dict[str, Any] = await ask(client, "GET", f"/api/v1/movings/{moving}")
            if one["state"] not in going:
                return one
            told = one["progress"]
            bar.update(task, completed=told["days"], total=told["days_all"] or None, messages=told["messages"])
            await asyncio.sleep(0.5)


def _rooms(preview: dict[str, Any], into: tuple[str, ...], skip: tuple[str, ...]) -> dict[str, Any]:
    by_name = {room["name"] or room["id"]: room["id"] for room in preview["rooms"]}
    by_name |= {room["id"]: room["id"] for room in preview["rooms"]}

    def room(name: str, field: str) -> str:
        if name.lstrip("#") not in by_name:
            raise Invalid(f"The export has no conversation {name}.", field=field)
        return str(by_name[name.lstrip("#")])

    made: dict[str, Any] = {room(name, "skip"): {"do": "skip"} for name in skip}
    for text in into:
        name, channel = _pair(text, "into")
        made[room(name, "into")] = {"do": "into", "into": channel}
    return made


def _pair(text: str, field: str) -> tuple[str, str]:
    theirs, mark, ours = text.partition("=")
    if not mark or not theirs or not ours:
        raise Invalid(f"--{field} is NAME=ID.", field=field)
    return theirs, ours


def _named(file: Path | None) -> str:
    return file.name if file is not None else ""


async def _parts(file: Path | None) -> AsyncIterator[bytes]:
    assert file is not None  # noqa: S101
    with file.open("rb") as opened:
        while part := await asyncio.to_thread(opened.read, _PART):
            yield part


def _show(one: dict[str, Any]) -> None:
    preview = one["preview"]
    rooms, people = preview["rooms"], preview["people"]
    days = [room[name] for room in rooms for name in ("first", "last") if room[name]]
    how = Counter("bot" if each["kind"] == "bot" else each["how"] or "new" for each in people)
    out.print(
        f"{one['name']}: {sum(room['messages'] for room in rooms):,} messages, {sum(room['files'] for room in rooms):,}"
        f" files" + (f", {min(days)} to {max(days)}" if days else ""), soft_wrap=True,
    )  # fmt: skip
    found = how["email"] + how["known"]
    out.print(f"people: {found:,} found here, {how['new']:,} new, {how['bot']:,} bots")
    shown = Table("conversation", "kind", "messages", "files", "state", box=None)
    for room in sorted(rooms, key=lambda each: -each["messages"])[:_LISTED]:
        shown.add_row(room["name"] or room["id"], room["kind"], f"{room['messages']:,}", f"{room['files']:,}",
                      room["state"] + (", archived" if room["archived"] else ""))  # fmt: skip
    out.print(shown)
    if len(rooms) > _LISTED:
        out.print(f"… and {len(rooms) - _LISTED:,} more")
    for each in preview["left"][:_LISTED]:
        err.print(f"left out: {each['what']} ({each['why']}) {each['about'] or each['day']}", markup=False)


def _ended(done: dict[str, Any], left: Path | None) -> None:
    told = done["progress"]
    out.print(f"done: {told['messages']:,} messages and {told['files']:,} files are in, {told['held']:,} held by rules")
    for each in done["left"]:
        err.print(f"left out: {each['n']:,} × {each['what']} ({each['why']})", markup=False)
    if left is not None:
        lines = sum(1 for _ in csv.reader(io.StringIO(left.read_text("utf-8-sig")))) - 1
        out.print(f"{lines:,} lines in {left}")
