"""Jobs' entrance: begun, given their data, started, ended, looked at; what they found and what became of each row."""

from __future__ import annotations

import zstandard

from dure.deals.record_id import full_id, new_id
from dure.deals.salesforce.bulk import csvs, store
from dure.deals.salesforce.bulk.model import ABORTED, DONE, FAILED, INGEST, OPEN, QUERY, SENT, WORKING, Job
from dure.deals.salesforce.call import Answer, Call
from dure.deals.salesforce.faults import Fault
from dure.deals.salesforce.reading import understood
from dure.governance.api import access
from dure.state import Tx

MOST_BYTES = 150 * 1024 * 1024
MOST_RESULTS = 50_000
_LISTED = 1000
_CSV = "text/csv;charset=UTF-8"


class Jobs:
    """Each job is seen by whoever may read deals; it does its work with the rights of who started it."""

    async def create(self, call: Call, kind: str) -> Answer:
        said = call.json_object()
        operation = str(said.get("operation", ""))
        if operation not in (QUERY if kind == "query" else INGEST):
            raise Fault("INVALIDOPERATION", f"Operation not valid for this job: {operation[:40]!r}")
        if said.get("contentType", "CSV") != "CSV":
            raise Fault("INVALIDENTITY", "Only contentType CSV is supported.")
        delimiter, ending = str(said.get("columnDelimiter", "COMMA")), str(said.get("lineEnding", "LF"))
        if delimiter not in csvs.DELIMITERS:
            raise Fault("INVALIDENTITY", f"`columnDelimiter` is one of {', '.join(csvs.DELIMITERS)}.")
        if ending not in csvs.ENDINGS:
            raise Fault("INVALIDENTITY", f"`lineEnding` is one of {', '.join(csvs.ENDINGS)}.")
        access(call.principal, "deals:read" if kind == "query" else "deals:write")
        query = external = ""
        async with call.begin() as tx:
            seen = await call.view(tx)
            if kind == "query":
                query = str(said.get("query", ""))
                asked = understood(seen, query)
                if asked.children or asked.count_only:
                    raise Fault("INVALIDENTITY", "A job's query has no nested queries and no COUNT().")
                of = asked.object
            else:
                found = seen.catalogue.find(str(said.get("object", "")))
                if found is None:
                    raise Fault("INVALIDENTITY", f"Unable to find object: {str(said.get('object', ''))[:80]}")
                of = found
                external = str(said.get("externalIdFieldName") or "")
                if operation == "upsert":
                    key = of.field(external)
                    if key is None or not (key.external or key.type == "id"):
                        raise Fault("INVALIDENTITY", f"External ID was not found for {of.name}: {external[:80]!r}")
                    external = key.name
            principal, now = call.principal, seen.now
            job = Job(
                principal.tenant.workspace, principal.tenant.org, new_id("750"), kind, operation, of.name, external,
                query, delimiter, ending, SENT if kind == "query" else OPEN, principal.user, principal.app,
                tuple(sorted(principal.scopes)), 0, 0, 0, 0, "", call.version, now, now,
            )  # fmt: skip
            await store.add(tx, job)
        return Answer(body=job.as_json())

    async def all(self, call: Call, kind: str) -> Answer:
        access(call.principal, "deals:read")
        async with call.begin() as tx:
            found = await store.jobs(tx, call.principal.tenant.workspace, kind, None, _LISTED)
        return Answer(body={"done": True, "records": [one.as_json() for one in found], "nextRecordsUrl": None})

    async def one(self, call: Call, kind: str, job_id: str) -> Answer:
        access(call.principal, "deals:read")
        async with call.begin() as tx:
            return Answer(body=(await _job(tx, call, kind, job_id)).as_json())

    async def send(self, call: Call, job_id: str) -> Answer:
        """The data of an open job, once."""
        access(call.principal, "deals:write")
        async with call.begin() as tx:
            job = await _job(tx, call, "ingest", job_id, lock=True)
            if job.state != OPEN:
                raise Fault("INVALIDJOBSTATE", f"Data cannot be sent to a job that is {job.state}.")
            # Read once to its end, so that what is no CSV is refused here and not hours later.
            rows = sum(1 for _ in csvs.read(call.body, job.delimiter))
            if not rows:
                raise Fault("INVALIDBATCH", "There is no data.")
            await store.drop_parts(tx, job)
            await store.add_part(tx, job, 0, 0, rows - 1, zstandard.ZstdCompressor(level=3).compress(call.body))
        return Answer(201)

    async def set_state(self, call: Call, kind: str, job_id: str) -> Answer:
        """Starts an ingest job (`UploadComplete`) or ends any (`Aborted`)."""
        access(call.principal, "deals:read" if kind == "query" else "deals:write")
        wanted = call.json_object().get("state")
        async with call.begin() as tx:
            job = await _job(tx, call, kind, job_id, lock=True)
            now = call.desk.clock.now()
            if wanted == ABORTED and job.state in (OPEN, SENT, WORKING):
                await store.set_state(tx, job, ABORTED, now)
            elif wanted == SENT and kind == "ingest" and job.state == OPEN:
                if not await store.whole(tx, job):
                    raise Fault("INVALIDJOBSTATE", "There is no data to work with yet.")
                await store.set_state(tx, job, SENT, now)
            else:
                raise Fault("INVALIDJOBSTATE", f"A job that is {job.state} cannot become {str(wanted)[:40]}.")
            changed = await _job(tx, call, kind, job_id)
        return Answer(body=changed.as_json())

    async def delete(self, call: Call, kind: str, job_id: str) -> Answer:
        access(call.principal, "deals:write")
        async with call.begin() as tx:
            job = await _job(tx, call, kind, job_id, lock=True)
            if job.state not in (DONE, FAILED, ABORTED, *((OPEN,) if kind == "ingest" else ())):
                raise Fault("INVALIDJOBSTATE", f"A job that is {job.state} cannot be deleted.")
            await store.drop(tx, job)
        return Answer(204)

    # -- results ----------------------------------------------------------------------------------------------------

    async def found(self, call: Call, job_id: str) -> Answer:
        """Lines of a finished query from `locator` on."""
        access(call.principal, "deals:read")
        first = _count(call, "locator", 0) if call.query.get("locator", "null") != "null" else 0
        most = min(_count(call, "maxRecords", MOST_RESULTS), 250_000)
        if most < 1:
            raise Fault("INVALID_ARGUMENT_TYPE", "`maxRecords` is a number above 0.")
        async with call.begin() as tx:
            job = await _job(tx, call, "query", job_id)
            if job.state != DONE:
                raise Fault("INVALIDJOBSTATE", f"A job that is {job.state} has no results yet.")
            # Part 0 is the header alone; the lines begin behind it.
            header = (await store.parts(tx, job, -1, 0))[0]
            kept = await store.parts(tx, job, first, first + most)
        ending = csvs.ENDINGS[job.line_ending]
        lines = [_unpacked(header["body"])]
        for part in kept:
            rows = _cut(_unpacked(part["body"]), ending)
            begin, end = max(first - part["first"], 0), min(first + most - part["first"], part["count"])
            lines += rows[begin:end]
        count, last = len(lines) - 1, first + most >= job.processed
        headers = {
            "Sforce-Locator": "null" if last else str(first + most), "Sforce-NumberOfRecords": str(count),
            "Sforce-Query-Locator": "null" if last else str(first + most),
        }  # fmt: skip
        return Answer(body="".join(lines), headers=headers, media=_CSV)

    async def became(self, call: Call, job_id: str, which: str) -> Answer:
        """Rows that were successful, that failed, or that nobody came to."""
        access(call.principal, "deals:read")
        async with call.begin() as tx:
            job = await _job(tx, call, "ingest", job_id)
            sent = b"".join(_unpacked_bytes(part) for part in await store.whole(tx, job))
            done = await store.rows(tx, job)
        rows = list(csvs.read(sent, job.delimiter)) if sent else [[]]
        header, body = rows[0], rows[1:]
        if which == "unprocessedRecords":
            chosen = [header, *(row for n, row in enumerate(body) if n not in done)]
        elif which == "failedResults":
            chosen = [["sf__Id", "sf__Error", *header]]
            chosen += [[one["record"], one["error"], *body[n]] for n, one in sorted(done.items()) if one["error"]]
        else:
            chosen = [["sf__Id", "sf__Created", *header]]
            chosen += [
                [one["record"], str(one["created"]).lower(), *body[n]]
                for n, one in sorted(done.items())
                if not one["error"]
            ]
        text = csvs.lines(chosen, job.delimiter, job.line_ending)
        return Answer(body=text, headers={"Sforce-NumberOfRecords": str(len(chosen) - 1)}, media=_CSV)


async def _job(tx: Tx, call: Call, kind: str, job_id: str, *, lock: bool = False) -> Job:
    found = await store.job(tx, call.principal.tenant.workspace, kind, full_id(job_id), lock=lock)
    if found is None:
        raise Fault("NOT_FOUND", "The requested resource does not exist")
    return found


def _count(call: Call, name: str, without: int) -> int:
    text = call.query.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Fault("INVALID_ARGUMENT_TYPE", f"`{name}` is a number.")
    return int(text) if text else without


def _cut(text: str, ending: str) -> list[str]:
    """Lines as they were written, each with its ending; an ending inside quotes cuts nothing."""
    found, begin, at, quotes = [], 0, 0, 0
    while (end := text.find(ending, at)) >= 0:
        quotes += text.count('"', at, end)
        at = end + len(ending)
        if quotes % 2 == 0:
            found.append(text[begin:at])
            begin, quotes = at, 0
    return found


def _unpacked_bytes(body: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(bytes(body))


def _unpacked(body: bytes) -> str:
    return _unpacked_bytes(body).decode()
