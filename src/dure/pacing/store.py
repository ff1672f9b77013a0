"""Pacing's only SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from datetime import date, datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.pacing.curve import Curve
from dure.pacing.model import LineItem, Outlook
from dure.state import Tx

_ITEM = tuple(LineItem.__slots__)
_OUTLOOK = tuple(Outlook.__slots__)


def _names(columns: Iterable[str]) -> str:
    """Quoted: one of them is `order`."""
    return ", ".join(f'"{name}"' for name in columns)


async def lock(tx: Tx, workspace: str) -> None:
    """One look at a workspace's line items at a time."""
    await tx.run("select pg_advisory_xact_lock(hashtext('pacing.assess'), hashtext(%s))", (workspace,))


async def add_items(tx: Tx, workspace: str, items: Iterable[LineItem]) -> None:
    await tx.many(
        f"insert into pacing.line_item (workspace, {_names(_ITEM)}) values (%s{', %s' * len(_ITEM)})",
        [(workspace, *(_plain(getattr(item, name)) for name in _ITEM)) for item in items],
    )


async def keep_item(tx: Tx, workspace: str, item: LineItem) -> None:
    sets = ", ".join(f'"{name}" = %({name})s' for name in _ITEM if name not in ("id", "external", "created_at"))
    await tx.run(
        f"update pacing.line_item set {sets} where workspace = %(workspace)s and id = %(id)s",
        {name: _plain(getattr(item, name)) for name in _ITEM} | {"workspace": workspace},
    )


async def note_milestones(tx: Tx, workspace: str, items: Iterable[LineItem]) -> None:
    """Writes when goals were reached and flights ended, and nothing else: somebody may be editing the rest."""
    await tx.many(
        "update pacing.line_item set delivered_at = %s, ended_at = %s, launched_at = %s, halfway_at = %s,"
        " trafficking = case when %s then 'live' else trafficking end where workspace = %s and id = %s",
        [
            (i.delivered_at, i.ended_at, i.launched_at, i.halfway_at, i.trafficking == "live", workspace, i.id)
            for i in items
        ],
    )


async def look_again(tx: Tx, workspace: str, items: Sequence[str]) -> None:
    """Line items that ended long ago and whose figures were corrected are looked at once more."""
    await tx.run(
        "update pacing.line_item set look_again = true where workspace = %s and id = any(%s) and ended_at is not null",
        (workspace, list(items)),
    )


async def looked_again(tx: Tx, workspace: str) -> None:
    await tx.run("update pacing.line_item set look_again = false where workspace = %s and look_again", (workspace,))


async def note_source(tx: Tx, workspace: str, source: str, items: Sequence[str]) -> None:
    await tx.run(
        "update pacing.line_item set source = %s where workspace = %s and id = any(%s) and source <> %s",
        (source, workspace, list(items), source),
    )


async def item(tx: Tx, workspace: str, item_id: str, *, lock: bool = False) -> LineItem | None:
    row = await tx.row(
        f"select * from pacing.line_item where workspace = %s and id = %s{' for update' if lock else ''}",
        (workspace, item_id),
    )
    return None if row is None else _item(row)


async def items(tx: Tx, workspace: str, ended_since: datetime | None = None) -> list[LineItem]:
    """Line items that have not ended, and those that ended since (all with None), by their end."""
    rows = await tx.rows(
        "select * from pacing.line_item where workspace = %(workspace)s and"
        " (ended_at is null or %(since)s::timestamptz is null or ended_at >= %(since)s or look_again)"
        " order by end_day, id",
        {"workspace": workspace, "since": ended_since},
    )
    return [_item(row) for row in rows]


async def ids(tx: Tx, workspace: str, given: Sequence[str]) -> dict[str, LineItem]:
    """Line items by whichever of id and external id was given."""
    rows = await tx.rows(
        "select * from pacing.line_item where workspace = %(workspace)s and"
        " (id = any(%(given)s) or (external <> '' and external = any(%(given)s)))",
        {"workspace": workspace, "given": list(given)},
    )
    found: dict[str, LineItem] = {}
    for row in rows:
        found[row["id"]] = _item(row)
        if row["external"]:
            found.setdefault(row["external"], found[row["id"]])
    return found


async def named(tx: Tx, workspace: str, names: Sequence[str]) -> dict[str, LineItem]:
    """Line items by name, those whose name no other has."""
    rows = await tx.rows(
        "select * from pacing.line_item where workspace = %s and name = any(%s)", (workspace, list(names))
    )
    found: dict[str, list[LineItem]] = {}
    for row in rows:
        found.setdefault(row["name"], []).append(_item(row))
    return {name: items[0] for name, items in found.items() if len(items) == 1}


async def of_order(tx: Tx, workspace: str, order: str) -> list[LineItem]:
    rows = await tx.rows(
        'select * from pacing.line_item where workspace = %s and "order" = %s order by start_day, id',
        (workspace, order),
    )
    return [_item(row) for row in rows]


async def of_channel(tx: Tx, workspace: str, channel: str) -> list[LineItem]:
    """Line items whose alerts go to a channel and that have not ended."""
    rows = await tx.rows(
        "select * from pacing.line_item where workspace = %s and channel = %s and ended_at is null"
        " order by end_day, id",
        (workspace, channel),
    )
    return [_item(row) for row in rows]


async def made_good_by(tx: Tx, workspace: str, items: Sequence[str]) -> dict[str, list[str]]:
    """Line items that make good for others, by the original."""
    found: dict[str, list[str]] = {}
    for row in await tx.rows(
        "select id, original from pacing.line_item where workspace = %s and original = any(%s) order by created_at",
        (workspace, list(items)),
    ):
        found.setdefault(row["original"], []).append(row["id"])
    return found


async def curve(tx: Tx, workspace: str) -> tuple[Curve, date] | None:
    """What was learned last, and the last day it was learned from."""
    row = await tx.row("select body, data_through from pacing.curve where workspace = %s", (workspace,))
    return None if row is None else (Curve.from_json(row["body"]), row["data_through"])


async def keep_curve(tx: Tx, workspace: str, curve: Curve, data_through: date, at: datetime) -> None:
    await tx.run(
        "insert into pacing.curve (workspace, learned_at, data_through, flights, body) values (%s, %s, %s, %s, %s)"
        " on conflict (workspace) do update set learned_at = excluded.learned_at,"
        " data_through = excluded.data_through, flights = excluded.flights, body = excluded.body",
        (workspace, at, data_through, curve.flights, Jsonb(curve.as_json())),
    )


async def keep_outlooks(tx: Tx, workspace: str, outlooks: Iterable[Outlook], at: datetime) -> None:
    sets = ", ".join(f"{name} = excluded.{name}" for name in (*_OUTLOOK[1:], "assessed_at"))
    await tx.many(
        f"insert into pacing.outlook (workspace, assessed_at, {', '.join(_OUTLOOK)})"
        f" values (%s, %s{', %s' * len(_OUTLOOK)}) on conflict (workspace, line_item) do update set {sets}",
        [(workspace, at, *astuple(outlook)) for outlook in outlooks],
    )


async def outlooks(tx: Tx, workspace: str, items: Sequence[str]) -> dict[str, Outlook]:
    rows = await tx.rows(
        "select * from pacing.outlook where workspace = %s and line_item = any(%s)", (workspace, list(items))
    )
    return {row["line_item"]: Outlook(**{name: row[name] for name in _OUTLOOK}) for row in rows}


async def with_outlooks(
    tx: Tx, workspace: str, given: Sequence[str]
) -> dict[str, tuple[LineItem, Outlook | None]]:  # fmt: skip
    """Line items by their ids, each with how it stood when it was last looked at."""
    rows = await tx.rows(
        "select l.*, to_jsonb(o) as outlook, o.as_of from pacing.line_item l left join pacing.outlook o"
        " on o.workspace = l.workspace and o.line_item = l.id where l.workspace = %s and l.id = any(%s)",
        (workspace, list(given)),
    )
    return {row["id"]: (_item(row), _outlook(row)) for row in rows}


async def ask(tx: Tx, workspace: str, at: datetime) -> None:
    """Notes that line items should be looked at."""
    await tx.run(
        "insert into pacing.assessment (workspace, asked_at) values (%s, %s)"
        " on conflict (workspace) do update set asked_at = excluded.asked_at",
        (workspace, at),
    )


async def answered(tx: Tx, workspace: str, at: datetime) -> None:
    """Notes that they were looked at; whoever asked meanwhile is still waiting."""
    await tx.run(
        "insert into pacing.assessment (workspace, asked_at, done_at) values (%(workspace)s, %(at)s, %(at)s)"
        " on conflict (workspace) do update set done_at = excluded.done_at",
        {"workspace": workspace, "at": at},
    )


async def waiting(tx: Tx, done_before: datetime) -> set[str]:
    """Workspaces that asked after they were last looked at, or were last looked at before that time."""
    rows = await tx.rows(
        "select workspace from pacing.assessment where done_at is null or asked_at > done_at or done_at < %s",
        (done_before,),
    )
    return {row["workspace"] for row in rows}


def _item(row: Mapping[str, Any]) -> LineItem:
    return LineItem(**{name: row[name] for name in _ITEM})


def _outlook(row: Mapping[str, Any]) -> Outlook | None:
    said = row["outlook"]
    return Outlook(**{name: said[name] for name in _OUTLOOK} | {"as_of": row["as_of"]}) if said else None


def _plain(value: Any) -> Any:
    """PostgreSQL takes a tuple for a record."""
    return list(value) if isinstance(value, tuple) else value
