"""How a command asks: over HTTP like everybody, of the running server or of one made for the moment."""

from __future__ import annotations

import asyncio
import functools
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NoReturn

import click
import httpx
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dure.folder import Folder, holds_dure, running
from dure.governance.http import WORKSPACE_HEADER
from dure.kernel.errors import DureError
from dure.logs import logging_to
from dure.settings import Settings, read_settings
from dure.tls import trusting

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
            _complain(said_of(error))
        except KeyboardInterrupt:
            click.echo("dure: stopped", err=True)
            sys.exit(130)


def said_of(error: OSError) -> str:
    """What the disk refused, in words, with the path."""
    if not isinstance(error.filename, str | os.PathLike) or error.strerror is None:
        return str(error)
    path = Path(error.filename)
    if isinstance(error, FileNotFoundError) and not path.parent.exists():
        return f"There is no folder {path.parent}."
    return f"{path}: {error.strerror[0].lower()}{error.strerror[1:]}."


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
async def door(settings: Settings, workspace: str = "", *, founding: bool = False) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the folder's server: the running one, or one made here for as long as the command takes.

    Raises Refused for a folder that holds no Dure, unless one is being founded there.
    """
    headers = {WORKSPACE_HEADER: workspace} if workspace else {}
    owner = running(settings.data)
    if owner is not None:
        headers["authorization"] = f"Bearer {owner.secret}"
        verify = trusting(Path(owner.certificate)) if owner.certificate else True
        async with httpx.AsyncClient(base_url=owner.url, headers=headers, timeout=600, verify=verify) as client:
            yield client
        return
    if not founding and not settings.postgres_url and not holds_dure(settings.data):
        raise Refused(f"There is no Dure in {settings.data}; `dure init` makes one.")
    # All rooms are read only where a house is made: a command that asks a running server answers sooner.
    from dure.main import house

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


def call(
    settings: Settings, workspace: str, method: str, path: str, *, founding: bool = False, **rest: Any
) -> Any:  # fmt: skip
    """One request from a command that needs no more."""

    async def once() -> Any:
        async with door(settings, workspace, founding=founding) as client:
            return await ask(client, method, path, **rest)

    logging_to(settings, quiet=True)
    return asyncio.run(once())


def as_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(rows: list[dict[str, Any]], columns: list[str], *, whole: Sequence[str] = ()) -> None:
    """A table of objects; the columns of `whole` are never broken, so that what stands there can be copied."""
    print_rows(columns, [[row.get(column) for column in columns] for row in rows], whole=whole)


def print_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, whole: Sequence[str] = ()) -> None:
    table = Table(header_style="bold")
    for column in columns:
        table.add_column(Text(str(column)), overflow="fold", no_wrap=column in whole)
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    out.print(table)


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_cell, value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)
