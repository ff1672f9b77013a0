"""Queries answered: rows become records with their nested ones; answers that are long are kept as pages."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import zstandard

from dure.deals.records.records import Desk
from dure.deals.salesforce import store
from dure.deals.salesforce.catalogue import SObject
from dure.deals.salesforce.desk import View, supplied
from dure.deals.salesforce.faults import Fault
from dure.deals.salesforce.ids import user_outside
from dure.deals.salesforce.soql import sql
from dure.deals.salesforce.soql.meaning import Plan, columns_of
from dure.deals.salesforce.soql.parse import parse
from dure.deals.salesforce.soql.plan import plan
from dure.deals.salesforce.values import outside
from dure.governance.api import Principal, access
from dure.kernel.ids import uuid7
from dure.state import Tx

PAGE = 2000
_SMALLEST_PAGE = 200
_SECONDS = 60

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """`locator` leads to the next page, "" where there is none."""

    total: int
    records: Sequence[Record]
    locator: str = ""

    def as_json(self, version: str) -> dict[str, Any]:
        body: dict[str, Any] = {"totalSize": self.total, "done": not self.locator}
        if self.locator:
            body["nextRecordsUrl"] = f"/services/data/v{version}/query/{self.locator}"
        return {**body, "records": list(self.records)}


def understood(seen: View, text: str) -> Plan:
    return plan(parse(text), seen.catalogue, text)


async def query(
    desk: Desk, tx: Tx, principal: Principal, seen: View, text: str, version: str, size: int = PAGE
) -> Answer:
    """The first page; what does not fit on it is kept for whoever asked, as it was at this moment."""
    access(principal, "deals:read")
    asked = understood(seen, text)
    size = min(max(size, _SMALLEST_PAGE), PAGE)
    if asked.count_only:
        return Answer(await total(desk, tx, seen, asked), ())
    workspace, mark, number, count = seen.seat.workspace, f"01g{uuid7().hex}", 0, 0
    first: list[Record] = []
    async with aclosing(records(desk, tx, seen, asked, version, size)) as pages:
        async for page in pages:
            if not count:
                first = page
            else:
                number += 1
                await store.add_page(tx, workspace, mark, number, _asker(principal), _packed(page), seen.now)
            count += len(page)
    if not number:
        return Answer(count, first)
    await store.set_total(tx, workspace, mark, count)
    return Answer(count, first, f"{mark}-1")


async def answered(desk: Desk, tx: Tx, principal: Principal, seen: View, text: str, version: str) -> list[Record]:
    """All records of a query of this door's own making."""
    access(principal, "deals:read")
    found: list[Record] = []
    async with aclosing(records(desk, tx, seen, understood(seen, text), version, PAGE)) as pages:
        async for page in pages:
            found += page
    return found


async def more(tx: Tx, principal: Principal, locator: str) -> Answer:
    """A later page, as long as it is kept."""
    access(principal, "deals:read")
    mark, _, number = locator.rpartition("-")
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise _no_locator()
    row = await store.page(tx, principal.tenant.workspace, mark, int(number), _asker(principal))
    if row is None:
        raise _no_locator()
    following = "" if row["last"] else f"{mark}-{int(number) + 1}"
    return Answer(row["total"], _unpacked(row["body"]), following)


async def total(desk: Desk, tx: Tx, seen: View, asked: Plan) -> int:
    """How many rows a query has."""
    seat = await supplied(desk, tx, seen, asked.objects())
    made = sql.count(asked, seat)
    with _understandable():
        await _bounded(tx)
        return int(await tx.value(made.sql, made.values))


async def records(
    desk: Desk, tx: Tx, seen: View, asked: Plan, version: str, size: int
) -> AsyncGenerator[list[Record], None]:
    """The answer page by page; never more than a page of it is in memory."""
    seat = await supplied(desk, tx, seen, asked.objects())
    made = sql.statement(asked, seat)
    with _understandable():
        await _bounded(tx)
        async with tx.connection.cursor(name=f"soql_{uuid7().hex}") as cursor:
            await cursor.execute(made.sql, made.values)
            while rows := await cursor.fetchmany(size):
                page = [_record(asked, row, version) for row in rows]
                await _nest(tx, seat, asked, rows, page, version)
                yield page
                if len(rows) < size:
                    return


def _record(asked: Plan, row: dict[str, Any], version: str) -> Record:
    """Nested records stand where their first field was asked for; one that is not there is null."""
    columns = columns_of(asked)
    ids = {column.path[:-1]: row[f"c{n}"] for n, column in enumerate(columns) if column.path[-1] == ""}
    objects = {parent.path: parent.object for parent in asked.parents}
    if asked.aggregate:
        made: Record = {"attributes": {"type": "AggregateResult"}}
    else:
        made = _begun(asked.object, outside_id(asked.object, ids[()]), version)
    for n, column in enumerate(columns):
        if column.path[-1] == "":
            continue
        at: Record | None = made
        for depth in range(1, len(column.path)):
            path = column.path[:depth]
            assert at is not None  # noqa: S101 - a missing parent ends the way below
            if path[-1] not in at:
                ident = ids[path]
                at[path[-1]] = (
                    None if ident is None else _begun(objects[path], outside_id(objects[path], ident), version)
                )
            at = at[path[-1]]
            if at is None:
                break
        if at is not None:
            at[column.path[-1]] = outside(column.term, row[f"c{n}"])
    return made


async def _nest(
    tx: Tx, seat: sql.Seat, asked: Plan, rows: Sequence[dict[str, Any]], page: list[Record], version: str
) -> None:
    if not asked.children:
        return
    place = next(n for n, column in enumerate(columns_of(asked)) if column.path == ("",))
    ids = [row[f"c{place}"] for row in rows]
    for child, inner in asked.children:
        made = sql.children(inner, seat, ids)
        found: dict[str, list[Record]] = {}
        for row in await tx.rows(made.sql, made.values):
            found.setdefault(row["link"], []).append(_record(inner, row, version))
        for ident, record in zip(ids, page, strict=True):
            own = found.get(ident)
            record[child.relationship] = own and {"totalSize": len(own), "done": True, "records": own}


def _begun(of: SObject, ident: str, version: str) -> Record:
    return {"attributes": {"type": of.name, "url": f"/services/data/v{version}/sobjects/{of.name}/{ident}"}}


def outside_id(of: SObject, ident: str) -> str:
    field = of.field("Id")
    assert field is not None  # noqa: S101 - every object has one
    return user_outside(ident) if field.users else ident


async def _bounded(tx: Tx) -> None:
    await tx.run(f"set local statement_timeout = '{_SECONDS}s'")


@contextmanager
def _understandable() -> Iterator[None]:
    """The database's refusals of a query as this door's."""
    try:
        yield
    except psycopg.errors.QueryCanceled as error:
        raise Fault("QUERY_TIMEOUT", "Your query request was running for too long.") from error
    except psycopg.DataError as error:
        raise Fault("INVALID_QUERY_FILTER_OPERATOR", "A value of the query is out of range.") from error
    except (psycopg.errors.StatementTooComplex, psycopg.errors.ProgramLimitExceeded) as error:
        raise Fault("QUERY_TOO_COMPLICATED", "The query is too complicated.") from error


def _asker(principal: Principal) -> str:
    return principal.actor


def _packed(page: Sequence[Record]) -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(json.dumps(page).encode())


def _unpacked(body: bytes) -> list[Record]:
    found: list[Record] = json.loads(zstandard.ZstdDecompressor().decompress(bytes(body)))
    return found


def _no_locator() -> Fault:
    return Fault("INVALID_QUERY_LOCATOR", "invalid query locator")
