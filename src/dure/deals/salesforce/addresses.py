"""What answers at which address below `/services/data/vXX.0/`."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from dure.deals.salesforce.bulk.api import Jobs
from dure.deals.salesforce.call import Answer, Call
from dure.deals.salesforce.collections import Collections
from dure.deals.salesforce.composite import Composite
from dure.deals.salesforce.faults import Fault
from dure.deals.salesforce.reading import PAGE, more, query
from dure.deals.salesforce.resources import Resources
from dure.deals.salesforce.search import search
from dure.deals.salesforce.usage import Usage

Handle = Callable[..., Awaitable[Answer]]

_BATCH = re.compile(r"batchSize=(\d{1,5})")


def addresses_of(
    resources: Resources, collections: Collections, jobs: Jobs, composite: Composite, usage: Usage
) -> list[tuple[str, tuple[str, ...], Handle]]:
    """Method, path, what answers; `*` is handed on. The first that fits answers, so the particular come first."""

    def bound(handle: Handle, *first: Any) -> Handle:
        async def call_it(call: Call, *given: str) -> Answer:
            return await handle(call, *first, *given)

        return call_it

    listed: list[tuple[str, str, Handle]] = [
        ("GET", "query", _query),
        ("GET", "queryAll", _query_all),
        ("GET", "query/*", _more),
        ("GET", "queryAll/*", _more),
        ("GET", "search", _search),
        ("GET", "limits", usage.limits),
        ("GET", "recent", _recent),
        ("GET", "sobjects", resources.everything),
        ("GET", "sobjects/*", resources.basics),
        ("POST", "sobjects/*", resources.create),
        ("GET", "sobjects/*/describe", resources.described),
        ("GET", "sobjects/*/describe/layouts", resources.layouts),
        ("GET", "sobjects/*/describe/layouts/*", resources.layouts),
        ("GET", "sobjects/*/updated", resources.updated),
        ("GET", "sobjects/*/deleted", resources.deleted),
        ("GET", "sobjects/*/*", resources.read),
        ("PATCH", "sobjects/*/*", resources.update),
        ("DELETE", "sobjects/*/*", resources.delete),
        ("POST", "sobjects/User/*/password", resources.set_password),
        ("GET", "sobjects/*/*/*", resources.read_external),
        ("PATCH", "sobjects/*/*/*", resources.upsert),
        ("DELETE", "sobjects/*/*/*", resources.delete_external),
        ("POST", "composite", composite.composite),
        ("POST", "composite/batch", composite.batch),
        ("POST", "composite/tree/*", collections.tree),
        ("POST", "composite/sobjects", collections.create),
        ("PATCH", "composite/sobjects", collections.update),
        ("DELETE", "composite/sobjects", collections.delete),
        ("GET", "composite/sobjects/*", collections.read),
        ("POST", "composite/sobjects/*", collections.read),
        ("PATCH", "composite/sobjects/*/*", collections.upsert),
        ("PUT", "jobs/ingest/*/batches", jobs.send),
        ("GET", "jobs/ingest/*/successfulResults", bound(_swapped(jobs.became), "successfulResults")),
        ("GET", "jobs/ingest/*/failedResults", bound(_swapped(jobs.became), "failedResults")),
        ("GET", "jobs/ingest/*/unprocessedrecords", bound(_swapped(jobs.became), "unprocessedRecords")),
        ("GET", "jobs/ingest/*/unprocessedRecords", bound(_swapped(jobs.became), "unprocessedRecords")),
        ("GET", "jobs/query/*/results", jobs.found),
    ]
    for kind in ("query", "ingest"):
        listed += [
            ("POST", f"jobs/{kind}", bound(jobs.create, kind)),
            ("GET", f"jobs/{kind}", bound(jobs.all, kind)),
            ("GET", f"jobs/{kind}/*", bound(jobs.one, kind)),
            ("PATCH", f"jobs/{kind}/*", bound(jobs.set_state, kind)),
            ("DELETE", f"jobs/{kind}/*", bound(jobs.delete, kind)),
        ]
    return [(method, tuple(path.split("/")), handle) for method, path, handle in listed]


def _swapped(handle: Handle) -> Handle:
    async def call_it(call: Call, which: str, job: str) -> Answer:
        return await handle(call, job, which)

    return call_it


async def _query(call: Call) -> Answer:
    return await _asked(call, deleted=False)


async def _query_all(call: Call) -> Answer:
    return await _asked(call, deleted=True)


async def _asked(call: Call, *, deleted: bool) -> Answer:
    text = call.query.get("q")
    if text is None:
        raise Fault("MALFORMED_QUERY", "The request has no query: say it as `q`.")
    size = _BATCH.search(call.headers.get("sforce-query-options", ""))
    async with call.begin() as tx:
        seen = await call.view(tx)
        seen = seen.with_deleted() if deleted else seen
        found = await query(call.desk, tx, call.principal, seen, text, call.version, int(size[1]) if size else PAGE)
    return Answer(body=found.as_json(call.version))


async def _more(call: Call, locator: str) -> Answer:
    async with call.begin() as tx:
        found = await more(tx, call.principal, locator)
    return Answer(body=found.as_json(call.version))


async def _search(call: Call) -> Answer:
    return await search(call, call.query.get("q", ""))


async def _recent(_: Call) -> Answer:
    """What somebody looked at is not kept."""
    return Answer(body=[])


def fits(pattern: tuple[str, ...], parts: tuple[str, ...]) -> tuple[str, ...] | None:
    """What stands in the places of `*`, or None; names of resources have no case."""
    if len(pattern) != len(parts):
        return None
    given = []
    for wanted, part in zip(pattern, parts, strict=True):
        if wanted == "*":
            given.append(part)
        elif wanted != part and wanted.lower() != part.lower():
            return None
    return tuple(given)
