"""The command line. Commands speak HTTP like everybody: to the running server, or to one made for the moment."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

import click
import httpx
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from dure import __version__, filing, taking_out
from dure.demo import memory
from dure.demo.stage import Stage
from dure.folder import Folder, running
from dure.governance.http import WORKSPACE_HEADER
from dure.ingest import imports
from dure.kernel.errors import DureError
from dure.main import House, house, logging_to, run, serve_until_stopped
from dure.people.erasure_model import REASONS
from dure.restore import restore as restore_backup
from dure.settings import Settings, read_settings
from dure.staging import Report, go_on, passing_folder, print_report, print_welcome, tell_story, welcome

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


class Refused(Exception):
    """The server answered a command with an error."""


class Dure(click.Group):
    """The group that turns expected errors into one line on standard error and status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DureError as error:
            _complain(error.message, error.field)
        except Refused as error:
            _complain(str(error))
        except httpx.TransportError as error:
            _complain(f"The server does not answer: {error}")
        except OSError as error:
            _complain(str(error))


def _complain(message: str, field: str | None = None) -> NoReturn:
    err.print(
        f"dure: {message}" + (f" ({field})" if field and field not in message else ""), style="bold red", soft_wrap=True
    )
    sys.exit(1)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--data` and `--workspace`, which every command that talks to a server has; hands on `Settings`."""

    @click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="The data folder (./dure-data).")
    @click.option("--workspace", default="", help="Which workspace, by id or domain; the first where there is one.")
    @functools.wraps(command)
    def with_settings(data: Path | None, workspace: str, **rest: Any) -> Any:
        return command(settings=read_settings({"data": data}), workspace=workspace, **rest)

    return with_settings


@asynccontextmanager
async def door(settings: Settings, workspace: str = "") -> AsyncIterator[httpx.AsyncClient]:
    """A client of the folder's server: the running one, or one made here for as long as the command takes."""
    headers = {WORKSPACE_HEADER: workspace} if workspace else {}
    owner = running(settings.data)
    if owner is not None:
        headers["authorization"] = f"Bearer {owner.secret}"
        async with httpx.AsyncClient(base_url=owner.url, headers=headers, timeout=600) as client:
            yield client
        return
    with Folder(settings) as folder:
        async with house(settings, folder) as made:
            headers["authorization"] = f"Bearer {folder.secret}"
            transport = httpx.ASGITransport(app=made.app)
            async with httpx.AsyncClient(
                transport=transport, base_url=settings.url, headers=headers, timeout=600
            ) as client:
                yield client
                await made.settle_log()


async def ask(client: httpx.AsyncClient, method: str, path: str, **rest: Any) -> Any:
    """The JSON answer, or Refused with the server's own sentence."""
    response = await client.request(method, path, **rest)
    if response.is_success:
        return response.json() if response.content else None
    try:
        error = response.json()["error"]
        raise Refused(error["message"] + (f" ({error['field']})" if error.get("field") else ""))
    except (json.JSONDecodeError, KeyError, TypeError):
        raise Refused(f"The server answered {response.status_code}: {response.text[:300]}") from None


async def ask_bytes(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> bytes:
    """An answer that is a file, or Refused."""
    response = await client.post(path, json=body)
    if response.is_success:
        return response.content
    raise Refused(response.json()["error"]["message"])


def call(settings: Settings, workspace: str, method: str, path: str, **rest: Any) -> Any:
    """One request from a command that needs no more."""

    async def once() -> Any:
        async with door(settings, workspace) as client:
            return await ask(client, method, path, **rest)

    logging_to(settings, quiet=True)
    return asyncio.run(once())


def as_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@click.group(cls=Dure, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dure")
def cli() -> None:
    """Dure (두레): one server for the product, marketing, sales, ad-operations and social teams."""


@cli.command()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="The data folder (./dure-data).")
@click.option("--host", help="Where to listen (127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="Which port (8400); 0 takes a free one.")
@click.option("--log-level", type=click.Choice(["debug", "info", "warning", "error"]))
def serve(**flags: Any) -> None:
    """Run the server: every door on one port."""
    settings = read_settings(flags)
    logging_to(settings)

    def ready(_: House, url: str) -> None:
        click.echo(f"Dure answers at {url}")

    run(serve_until_stopped(settings, ready))


@cli.command()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="The data folder (./dure-data).")
@click.option("--org", required=True, help="The organisation's name.")
@click.option("--workspace", "name", required=True, help="The first workspace's name.")
@click.option("--email", required=True, help="The owner's e-mail.")
@click.option("--name", "owner", default="", help="The owner's name.")
@click.option("--timezone", default="Asia/Seoul", show_default=True)
@click.option("--currency", default="KRW", show_default=True)
@click.option("--language", type=click.Choice(["ko", "en"]), default="ko", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), help="The port it will be served on, for the sign-in link.")
@click.option("--json", "in_json", is_flag=True, help="Print JSON.")
def init(
    data: Path | None, org: str, name: str, email: str, owner: str, timezone: str, currency: str, language: str,
    port: int | None, in_json: bool,
) -> None:  # fmt: skip
    """Make the first organisation, its workspace and owner; prints what they sign in and send with, once."""
    body = {
        "org": org,
        "workspace": name,
        "email": email,
        "name": owner,
        "timezone": timezone,
        "currency": currency,
        "language": language,
    }
    made = call(read_settings({"data": data, "port": port}), "", "POST", "/api/v1/found", json=body)
    if in_json:
        as_json(made)
        return
    for key, value in made.items():
        out.print(f"{key:>14}  {value}", soft_wrap=True)


@cli.group()
def token() -> None:
    """Tokens that people and programs carry."""


@token.command("create")
@click.option("--kind", type=click.Choice(["user", "bot", "app"]), required=True)
@click.option("--user", "holder", required=True, help="A user's e-mail, or an app's name.")
@click.option("--scopes", default="*", show_default=True, help="Comma-separated.")
@click.option("--json", "in_json", is_flag=True)
@options
def create_token(settings: Settings, workspace: str, kind: str, holder: str, scopes: str, in_json: bool) -> None:
    """Make a token; it is shown this once."""
    body = {"kind": kind, "holder": holder, "scopes": [scope.strip() for scope in scopes.split(",") if scope.strip()]}
    made = call(settings, workspace, "POST", "/api/v1/tokens", json=body)
    as_json(made) if in_json else click.echo(made["token"])


@token.command("list")
@click.option("--json", "in_json", is_flag=True)
@options
def list_tokens(settings: Settings, workspace: str, in_json: bool) -> None:
    """Every token of the workspace, without its secret."""
    tokens = call(settings, workspace, "GET", "/api/v1/tokens")["tokens"]
    if in_json:
        as_json(tokens)
        return
    _table(tokens, ["id", "kind", "holder", "hint", "scopes", "revoked"])


@token.command("revoke")
@click.argument("token_id")
@options
def revoke_token(settings: Settings, workspace: str, token_id: str) -> None:
    """End a token at once."""
    call(settings, workspace, "DELETE", f"/api/v1/tokens/{token_id}")
    click.echo("revoked")


@cli.group()
def source() -> None:
    """Where outside events come from."""


@source.command("create")
@click.argument("name")
@click.option("--json", "in_json", is_flag=True)
@options
def create_source(settings: Settings, workspace: str, name: str, in_json: bool) -> None:
    """Make a write key for sending events."""
    made = call(settings, workspace, "POST", "/api/v1/sources", json={"name": name})
    as_json(made) if in_json else click.echo(made["write_key"])


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
                with filing.Told(err, file) as told:
                    await imports.import_events(
                        file, columns, post, known, source=source, reading=reading, done=done, progress=told.update
                    )

    stopped = False
    try:
        with filing.bad_rows_to(bad, done.rows):
            asyncio.run(run())
    except KeyboardInterrupt:
        stopped = True
    if in_json:
        as_json(filing.as_report(done, stopped=stopped))
    else:
        filing.report(out, err, done, stopped=stopped)
    if stopped:
        sys.exit(130)
    if done.nothing_read:
        sys.exit(1)


def _rehearse(
    files: list[imports.EventFile], columns: imports.Columns, reading: imports.Reading, source: str, bad: Path | None,
    in_json: bool,
) -> None:  # fmt: skip
    done = imports.Rehearsal()
    with filing.bad_rows_to(bad, done.bad):
        for file in files:
            with filing.Told(err, file) as told:
                imports.rehearse(
                    file, columns, datetime.now(UTC), source=source, reading=reading, done=done, progress=told.update
                )
    as_json(filing.as_rehearsal(done)) if in_json else filing.rehearsal(out, err, done)
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

    async def run() -> taking_out.TakenOut:
        async with door(settings, workspace) as client:

            async def plan(body: taking_out.Asked) -> dict[str, Any]:
                return dict(await ask(client, "POST", "/api/v1/exports/history", json=body))

            async def fetch(body: taking_out.Asked) -> bytes:
                return await ask_bytes(client, "/api/v1/exports/history/part", body)

            with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
                task = bar.add_task(folder.name, total=None)
                return await taking_out.take_out(
                    folder, asked, plan, fetch, lambda at, total: bar.update(task, completed=at, total=total)
                )

    logging_to(settings, quiet=True)
    try:
        done = asyncio.run(run())
    except KeyboardInterrupt:
        err.print("stopped; what is written stays, and the same command goes on from here")
        sys.exit(130)
    if in_json:
        as_json(asdict(done))
        return
    known = f", {done.known:,} were there already" if done.known else ""
    out.print(f"{done.rows:,} events in {done.files:,} files ({done.bytes / 1e6:,.1f} MB){known}", soft_wrap=True)


def _column(text: str) -> tuple[str, str]:
    name, mark, kind = text.rpartition(":")
    return (name, kind) if mark else (text, "text")


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
            _table(rows, list(rows[0]))
    for warning in answer.get("meta", {}).get("warnings", []):
        err.print(f"! {warning}")


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
        _table([{"held by": name, "rows": rows} for name, rows in proof["counts"].items()], ["held by", "rows"])
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


@cli.command()
@options
def doctor(settings: Settings, workspace: str) -> None:
    """Say how the installation is: databases, followers, folder."""
    report = call(settings, workspace, "GET", "/readyz?verbose=1")
    _table([{"part": key, **value} for key, value in report["parts"].items()], ["part", "ok", "detail"])
    sys.exit(0 if report["ok"] else 1)


def _table(rows: list[dict[str, Any]], columns: list[str]) -> None:
    table = Table(header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row.get(column)) for column in columns))
    out.print(table)


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_cell, value))
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)


@cli.command()
@click.argument("name")
def bench(name: str) -> None:
    """Measure a promise (`all` for every one) and print it beside its peer; needs a checkout of the repository."""
    folder = Path(__file__).resolve().parents[2] / "bench"
    known = {path.stem: path for path in sorted(folder.glob("*.py"))}
    if not known:
        raise Refused("The benches lie in the repository, and this is an installed package.")
    if name != "all" and name not in known:
        raise Refused(f"There is no bench {name!r}; there are {', '.join(known)}, and all.")
    for one in known if name == "all" else [name]:
        out.rule(one)
        subprocess.run([sys.executable, str(known[one])], check=True)  # noqa: S603


@cli.command()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="An empty folder (./dure-demo).")
@click.option("--port", type=click.IntRange(0, 65535), help="Which port (8400; with --once a free one).")
@click.option("--once", is_flag=True, help="Play the story, read it back from the doors, and exit.")
@click.option(
    "--json", "in_json", is_flag=True, help="Print the report as JSON; without --once on one line, with how to sign in."
)
@click.option("--seed", default=7, show_default=True, help="Another seed is another company.")
def demo(data: Path | None, port: int | None, once: bool, in_json: bool, seed: int) -> None:
    """A simulated audio company lives through a quarter, then goes on live.

    Started again on the same folder it goes on where it was.
    """
    with contextlib.ExitStack() as stack:
        if data is None:
            data = stack.enter_context(passing_folder()) if once else Path("dure-demo")
        settings = read_settings({"data": data, "port": 0 if once and port is None else port, "log_level": "error"})
        logging_to(settings, quiet=True)

        def ready(stage: Stage, report: Report) -> None:
            met = welcome(stage, report)
            click.echo(json.dumps(met, ensure_ascii=False)) if in_json else print_welcome(out, met)

        company = None if once else memory.recall(settings.data)
        if company is not None:
            run(go_on(settings, company, ready))
            return
        report = run(tell_story(settings, err if in_json else out, once=once, seed=seed, ready=ready))
    if once:
        print_report(report, out, in_json=in_json)
    sys.exit(0 if report.ok else 1)
