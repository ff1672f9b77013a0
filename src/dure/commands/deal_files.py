"""Deals in from another system's files."""

from __future__ import annotations

import asyncio
import base64
import gzip
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import httpx
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from dure.commands.asking import as_json, ask, door, err, options, out
from dure.commands.files import import_
from dure.logs import logging_to
from dure.settings import Settings

_KINDS = (".csv", ".csv.gz", ".ndjson", ".ndjson.gz", ".jsonl", ".jsonl.gz", ".tsv", ".tsv.gz", ".txt", ".txt.gz")
_SHOWN = 4
_WEIGHTS = {"error": "red", "warning": "yellow", "info": "dim"}


@import_.command("deals")
@click.argument(
    "files", metavar="FILE|FOLDER...", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True)
)
@click.option("--currency", default="", help="What amounts are in (the workspace's), as USD.")
@click.option("--fix", is_flag=True, help="Take every suggestion of the findings.")
@click.option("--dry-run", is_flag=True, help="Only say what would be added, and what is wrong.")
@click.option("--json", "in_json", is_flag=True)
@options
def import_deals(
    settings: Settings, workspace: str, files: tuple[Path, ...], currency: str, fix: bool, dry_run: bool, in_json: bool
) -> None:
    """Add the accounts, contacts, leads, products and deals of CSV or NDJSON FILEs (gzip too).

    What each file and column holds is guessed and told. A second run adds nothing. Ends with status 1 where the import
    failed.
    """
    logging_to(settings, quiet=True)
    job = asyncio.run(_import(settings, workspace, _found(files), currency, fix, dry_run))
    if in_json:
        as_json(job)
    else:
        _show(job, out)
    if job["state"] == "failed":
        err.print(f"[red]{job['error']}[/]")
        sys.exit(1)


def _found(given: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in given:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        found += [one for one in inside if one.is_file() and (one == path or one.name.lower().endswith(_KINDS))]
    return found


async def _import(
    settings: Settings, workspace: str, files: Sequence[Path], currency: str, fix: bool, dry_run: bool
) -> Any:
    body = {"files": [{"name": path.name, "body": _packed(path)} for path in files], "currency": currency}
    async with door(settings, workspace) as client:
        job = await ask(client, "POST", "/api/v1/deal-imports", json=body)
        if fix:
            job = await ask(client, "POST", f"/api/v1/deal-imports/{job['id']}/suggestions")
        if dry_run:
            return job
        await ask(client, "POST", f"/api/v1/deal-imports/{job['id']}/start")
        return await _watch(client, job["id"])


async def _watch(client: httpx.AsyncClient, job_id: str) -> Any:
    with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("deals", total=None)
        while True:
            job = await ask(client, "GET", f"/api/v1/deal-imports/{job_id}")
            bar.update(task, completed=job["done"], total=job["total"] or 1)
            if job["state"] not in ("waiting", "running"):
                return job
            await asyncio.sleep(0.2)


def _packed(path: Path) -> str:
    body = path.read_bytes()
    return base64.b64encode(body if body[:2] == b"\x1f\x8b" else gzip.compress(body)).decode()


def _show(job: Any, console: Console) -> None:
    records = Table("", "added", "there already", "left out", title="Records")
    for row in job["table"]:
        records.add_row(row["kind"], *(f"{row[name]:,}" for name in ("added", "known", "left_out")))
    console.print(records)
    if job["stages"]:
        stages = Table("In the file", "Stage here", "Deals", "Amount", title="Stages")
        for row in job["stages"]:
            stages.add_row(row["value"], row["stage"] or "-", f"{row['count']:,}", row["amount_text"])
        console.print(stages)
    for told in _findings(job["findings"]):
        console.print(told, highlight=False, soft_wrap=True)


def _findings(found: Sequence[Any]) -> list[str]:
    """A line each; many values of one kind in one column share a line."""
    alike: dict[tuple[str, str, str], list[Any]] = {}
    for one in found:
        alike.setdefault((one["kind"], one["file"], one["field"]), []).append(one)
    lines = []
    for (_, file, field), group in alike.items():
        shown = [_value(one) for one in group[:_SHOWN] if one["value"]]
        more = f" and {len(group) - _SHOWN} more" if len(group) > _SHOWN else ""
        style, title = _WEIGHTS[group[0]["weight"]], group[0]["title"]["en"]
        where = file + (f" · {field}" if field else "")
        values = f": {', '.join(shown)}{more}" if shown else ""
        rows = sum(one["count"] for one in group) if any(one["rows"] for one in group) else 0
        count = f" ({rows:,} rows: {', '.join(map(str, group[0]['rows'][:3]))}…)" if rows else ""
        lines.append(f"[{style}]{group[0]['weight']:7}[/] {title}{values}{count} [dim]{where}[/]")
    return lines


def _value(one: Any) -> str:
    suggestion = f" → {one['suggestion']}" if one["suggestion"] else ""
    return escape(f"{one['value']}{suggestion}" + (" (taken)" if one["fixed"] else ""))
