"""Figures and line items of ad servers in from files."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import click
from rich.table import Table as Shown

from dure.commands.asking import as_json, ask, door, err, options, out
from dure.commands.files import import_
from dure.kernel.errors import Invalid
from dure.logs import logging_to
from dure.pacing.imports import delimited
from dure.pacing.imports.mapping import fields, guess
from dure.settings import Settings

_LISTED = 50


@import_.command("deliveries")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--map", "mapping", multiple=True, help="Which column says what, as impressions=Imps (guessed).")
@click.option("--source", default="", help="Who counted: the ad server's name, as its line items know it.")
@click.option("--third-party", is_flag=True, help="Somebody beside the ad server counted; --source says who.")
@click.option("--micro", is_flag=True, help="Amounts are in millionths, as some ad servers export them.")
@click.option("--day-first", is_flag=True, help="20/11/2026 rather than 11/20/2026.")
@click.option("--encoding", default="", help="The file's letters: utf-8, cp949, utf-16 (found out).")
@click.option("--dry-run", is_flag=True, help="Only say what would be kept.")
@click.option("--json", "in_json", is_flag=True)
@options
def import_deliveries(
    settings: Settings, workspace: str, file: Path, mapping: tuple[str, ...], source: str, third_party: bool,
    micro: bool, day_first: bool, encoding: str, dry_run: bool, in_json: bool,
) -> None:  # fmt: skip
    """Bring in figures of line items from a CSV FILE (by the day or the hour, gzip too).

    A line item is known by its id, its external id or its name. A second run of the same file adds nothing, and one
    that was stopped goes on. Ends with status 1 where there were rows and none of them could be kept.
    """
    more = {"source": source, "party": "third" if third_party else "first", "micro": micro, "day_first": day_first}
    _bring(settings, workspace, "deliveries", file, mapping, more, encoding, dry_run=dry_run, in_json=in_json)


@import_.command("line-items")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--map", "mapping", multiple=True, help="Which column says what, as goal=Booked (guessed).")
@click.option("--source", default="", help="The ad server that counts them.")
@click.option("--day-first", is_flag=True, help="20/11/2026 rather than 11/20/2026.")
@click.option("--encoding", default="", help="The file's letters: utf-8, cp949, utf-16 (found out).")
@click.option("--dry-run", is_flag=True, help="Only say what would be kept.")
@click.option("--json", "in_json", is_flag=True)
@options
def import_line_items(
    settings: Settings, workspace: str, file: Path, mapping: tuple[str, ...], source: str, day_first: bool,
    encoding: str, dry_run: bool, in_json: bool,
) -> None:  # fmt: skip
    """Bring in line items from a CSV FILE. One that is known by its external id stays as it is."""
    more = {"source": source, "day_first": day_first}
    _bring(settings, workspace, "line_items", file, mapping, more, encoding, dry_run=dry_run, in_json=in_json)


def _bring(
    settings: Settings, workspace: str, kind: Any, file: Path, mapping: tuple[str, ...], more: dict[str, Any],
    encoding: str, *, dry_run: bool, in_json: bool,
) -> None:  # fmt: skip
    given = dict(_pair(kind, text) for text in mapping)
    table = delimited.read(file, encoding)
    guessed = guess(kind, table.columns, given)
    digest = delimited.digest_of(file, kind, *sorted(f"{k}={v}" for k, v in {**guessed, **more}.items()))
    logging_to(settings, quiet=True)
    done: dict[str, Any] = {"mapping": guessed, "rows": 0, "added": 0, "corrected": 0, "unchanged": 0, "findings": []}

    async def run() -> None:
        async with door(settings, workspace) as client:
            for number, lines, rows in table.pieces:
                asked = {"columns": table.columns, "rows": rows, "lines": lines, "mapping": guessed, "digest": digest,
                         "number": number, "dry_run": dry_run, **more}  # fmt: skip
                path = f"/api/v1/pacing/imports/{kind.replace('_', '-')}"
                answer = await ask(client, "POST", path, json=asked)
                done["rows"] += len(rows)
                if answer["known"]:
                    # It is in already: whatever it brought then is unchanged now.
                    done["unchanged"] += answer["added"] + answer["corrected"] + answer["unchanged"]
                else:
                    for name in ("added", "corrected", "unchanged"):
                        done[name] += answer[name]
                done["findings"] += answer["findings"]

    asyncio.run(run())
    as_json(done) if in_json else _show(done, dry_run=dry_run)
    if done["rows"] and not done["added"] + done["corrected"] + done["unchanged"]:
        sys.exit(1)


def _pair(kind: Any, text: str) -> tuple[str, str]:
    field, mark, column = text.partition("=")
    if not mark or field not in fields(kind):
        raise Invalid(f"--map is FIELD=COLUMN with a field of {', '.join(fields(kind))}.", field="map")
    return field, column


def _show(done: dict[str, Any], *, dry_run: bool) -> None:
    verb = "would be added" if dry_run else "added"
    out.print(f"{done['rows']:,} rows: {done['added']:,} {verb}, {done['corrected']:,} corrected,"
              f" {done['unchanged']:,} unchanged, {len(done['findings']):,} left out")  # fmt: skip
    out.print("columns: " + ", ".join(f"{field} ← {column}" for field, column in done["mapping"].items()))
    if done["findings"]:
        shown = Shown("line", "field", "what is wrong", box=None)
        for one in done["findings"][:_LISTED]:
            shown.add_row(str(one["line"]), one["field"], one["message"])
        err.print(shown)
        if len(done["findings"]) > _LISTED:
            err.print(f"… and {len(done['findings']) - _LISTED:,} more")
