"""The loop that works jobs off. A job goes on where it was after any crash: what a row did and that it is done are one
transaction, and whoever is at a job holds a lease on it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import structlog
import zstandard

from dure.deals.records.records import Desk
from dure.deals.salesforce.bulk import csvs, store
from dure.deals.salesforce.bulk.model import DONE, FAILED, Job
from dure.deals.salesforce.call import Call, part_of
from dure.deals.salesforce.collections import Collections
from dure.deals.salesforce.desk import View, view
from dure.deals.salesforce.faults import Fault, fault_of
from dure.deals.salesforce.reading import records, understood
from dure.deals.salesforce.soql.meaning import Plan
from dure.deals.salesforce.values import cell
from dure.governance.api import Principal
from dure.kernel.errors import DureError, NotFound, NotSignedIn
from dure.kernel.tenant import Tenant
from dure.state import Tx

log = structlog.get_logger("deals.bulk")

_ROWS = 200
_LINES = 2000
_LEASE = timedelta(seconds=60)


class Work:
    def __init__(self, desk: Desk, collections: Collections, rows: int = _ROWS) -> None:
        """`rows` are written in one transaction."""
        self._desk = desk
        self._collections = collections
        self._rows = rows

    async def tick(self) -> int:
        """Works off everything that waits; how many jobs it was at."""
        count = 0
        while await self.step():
            count += 1
        return count

    async def step(self) -> bool:
        """One job to its end; False where none waits."""
        async with self._desk.state.begin_system() as tx:
            job = await store.claim(tx, self._desk.clock.now(), _LEASE)
        if job is None:
            return False
        try:
            principal = await self._principal(job)
            if job.kind == "query":
                await self._find(job, principal)
            else:
                await self._write(job, principal)
        except DureError as error:
            fault = fault_of(error)
            async with self._desk.state.begin(_tenant(job)) as tx:
                if await store.hold(tx, job):
                    await store.set_state(tx, job, FAILED, self._desk.clock.now(), f"{fault.code} : {fault.message}")
        except Exception:
            # The lease runs out and the job is taken up again; what fails for ever is seen in the log.
            log.exception("a job failed", job=job.id)
            raise
        return True

    async def _principal(self, job: Job) -> Principal:
        try:
            user = await self._desk.governance.user(_tenant(job), job.account)
        except NotFound as error:
            raise NotSignedIn from error
        if user.deleted:
            raise NotSignedIn
        return Principal(_tenant(job), user.id, user.role, frozenset(job.scopes), "user", job.app)

    # -- queries ----------------------------------------------------------------------------------------------------

    async def _find(self, job: Job, principal: Principal) -> None:
        """The whole answer in one transaction, so that it is of one moment; a crash begins it again."""
        began = time.monotonic()
        async with self._desk.state.begin(principal.tenant) as tx:
            held = await store.hold(tx, job)
            if held is None:
                return
            seen = await view(self._desk, tx, principal)
            seen = seen.with_deleted() if job.operation == "queryAll" else seen
            asked = understood(seen, job.query)
            names = [".".join(column.path) for column in asked.columns]
            await store.drop_parts(tx, job)
            await self._keep(tx, job, 0, -1, 1, [names])
            first = number = 0
            async with aclosing(records(self._desk, tx, seen, asked, job.api_version, _LINES)) as pages:
                async for page in pages:
                    number += 1
                    await self._keep(tx, job, number, first, len(page), _cells(asked, page))
                    first += len(page)
            now, spent = self._desk.clock.now(), int((time.monotonic() - began) * 1000)
            await store.move_on(tx, job, first, 0, spent, now, _LEASE)
            await store.set_state(tx, job, DONE, now)

    async def _keep(self, tx: Tx, job: Job, number: int, first: int, count: int, rows: Sequence[Sequence[str]]) -> None:
        text = csvs.lines(rows, job.delimiter, job.line_ending)
        await store.add_part(tx, job, number, first, count, zstandard.ZstdCompressor(level=3).compress(text.encode()))

    # -- ingest -----------------------------------------------------------------------------------------------------

    async def _write(self, job: Job, principal: Principal) -> None:
        async with self._desk.state.begin(principal.tenant) as tx:
            sent = [zstandard.ZstdDecompressor().decompress(part) for part in await store.whole(tx, job)]
        rows = list(csvs.read(b"".join(sent), job.delimiter))
        header, body = rows[0], rows[1:]
        _check(job, header)
        while True:
            began = time.monotonic()
            async with self._desk.state.begin(principal.tenant) as tx:
                held = await store.hold(tx, job)
                if held is None:
                    return  # somebody ended it
                now = self._desk.clock.now()
                chunk = body[held.next_row : held.next_row + self._rows]
                if not chunk:
                    await store.set_state(tx, job, DONE, now)
                    return
                seen = await view(self._desk, tx, principal)
                done = [
                    (held.next_row + n, *await self._row(tx, held, principal, seen, header, row))
                    for n, row in enumerate(chunk)
                ]
                await store.add_rows(tx, job, done)
                failed = sum(bool(error) for *_, error in done)
                spent = int((time.monotonic() - began) * 1000)
                await store.move_on(tx, job, len(done), failed, spent, now, _LEASE)

    async def _row(
        self, tx: Tx, job: Job, principal: Principal, seen: View, header: Sequence[str], row: Sequence[str]
    ) -> tuple[str, bool, str]:
        """The record's id, whether it is new, and what went wrong with it."""
        record = ""
        try:
            if len(row) != len(header):
                raise Fault("INVALID_CSV_ROW", f"The row has {len(row)} values and the header {len(header)}.")
            values = _values(header, row)
            record = str(values.get("Id", ""))
            async with part_of(tx):
                record, created = await self._act(tx, job, principal, seen, values)
            return record, created, ""
        except DureError as error:
            fault = fault_of(error)
            names = f"{','.join(fault.fields)}:--" if fault.fields else "--"
            return record, False, f"{fault.code}:{fault.message}:{names}"

    async def _act(
        self, tx: Tx, job: Job, principal: Principal, seen: View, values: dict[str, Any]
    ) -> tuple[str, bool]:
        of = seen.catalogue.find(job.object)
        if of is None:
            raise Fault("INVALID_TYPE", f"sObject type '{job.object}' is not supported.")
        writing = self._collections.writing
        if job.operation == "insert":
            return await writing.create(tx, principal, seen, of, values), True
        if job.operation == "upsert":
            call = Call(self._desk, principal, "POST", job.api_version, (), {}, tx=tx)
            return await self._collections.upsert_one(tx, call, seen, of, job.external_field, values)
        ident = str(values.pop("Id", "") or "")
        if not ident:
            raise Fault("MISSING_ARGUMENT", "Id not specified")
        if job.operation == "update":
            await writing.update(tx, principal, seen, of, ident, values)
        else:
            await writing.delete(tx, principal, seen, of, ident)
        return ident, False


def _check(job: Job, header: Sequence[str]) -> None:
    if len({name.lower() for name in header}) < len(header) or not all(header):
        raise Fault("InvalidBatch", "Each column has a name of its own.")
    if job.operation in ("delete", "hardDelete") and [name.lower() for name in header] != ["id"]:
        raise Fault("InvalidBatch", "The 'delete' batch must contain only ids")


def _values(header: Sequence[str], row: Sequence[str]) -> dict[str, Any]:
    """A row's values: an empty one says nothing, `#N/A` empties the field, `Account.External_Id__c` names a record."""
    values: dict[str, Any] = {}
    for name, text in zip(header, row, strict=True):
        if text == "":
            continue
        value = None if text == "#N/A" else text
        relationship, _, key = name.partition(".")
        if key:
            values[relationship] = {key: value}
        else:
            values["Id" if name.lower() == "id" else name] = value
    return values


def _cells(asked: Plan, page: Sequence[dict[str, Any]]) -> list[list[str]]:
    return [[cell(_at(record, column.path)) for column in asked.columns] for record in page]


def _at(record: Any, path: Sequence[str]) -> Any:
    for name in path:
        record = record.get(name) if isinstance(record, dict) else None
    return record


def _tenant(job: Job) -> Tenant:
    return Tenant(job.org, job.workspace)
