"""Records one by one, by id or by an external id; what there is to describe, what changed and what went."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from dure.deals.salesforce import describe, store
from dure.deals.salesforce.call import Answer, Call, known
from dure.deals.salesforce.catalogue import NUMBERS, Field, SObject
from dure.deals.salesforce.desk import View
from dure.deals.salesforce.faults import Fault
from dure.deals.salesforce.ids import inside, is_id
from dure.deals.salesforce.reading import Record, answered, outside_id
from dure.deals.salesforce.values import moment
from dure.deals.salesforce.writing import Writing
from dure.governance.api import access
from dure.state import Tx

# How far back deletions are kept for whoever asks.
_KEPT = timedelta(days=15)
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]+)?", re.ASCII)


class Resources:
    def __init__(self, writing: Writing) -> None:
        self.writing = writing

    # -- what there is ----------------------------------------------------------------------------------------------

    async def everything(self, call: Call) -> Answer:
        access(call.principal, "deals:read")
        async with call.begin() as tx:
            return Answer(body=describe.everything((await call.view(tx)).catalogue, call.version))

    async def basics(self, call: Call, name: str) -> Answer:
        access(call.principal, "deals:read")
        async with call.begin() as tx:
            seen = await call.view(tx)
        of = known(seen, name)
        return Answer(body={"objectDescribe": describe.brief(of, call.version), "recentItems": []})

    async def described(self, call: Call, name: str) -> Answer:
        access(call.principal, "deals:read")
        async with call.begin() as tx:
            return Answer(body=describe.whole(known(await call.view(tx), name), call.version))

    async def layouts(self, call: Call, name: str, which: str = "") -> Answer:
        access(call.principal, "deals:read")
        async with call.begin() as tx:
            found = describe.layouts(known(await call.view(tx), name))
        if not which:
            return Answer(body=found)
        if which[:15] not in (describe.LAYOUT[:15], describe.MASTER[:15]):
            raise Fault("NOT_FOUND", "The requested resource does not exist")
        return Answer(body=found["layouts"][0])

    # -- by id ------------------------------------------------------------------------------------------------------

    async def create(self, call: Call, name: str) -> Answer:
        values = call.json_object()
        async with call.begin() as tx:
            seen = await call.view(tx)
            made = await self.writing.create(tx, call.principal, seen, known(seen, name), values)
        location = f"/services/data/v{call.version}/sobjects/{name}/{made}"
        return Answer(201, {"id": made, "success": True, "errors": []}, {"location": location})

    async def read(self, call: Call, name: str, record: str) -> Answer:
        access(call.principal, "deals:read")
        async with call.begin() as tx:
            seen = await call.view(tx)
            of = known(seen, name)
            found = await self._by_id(tx, call, seen, of, record)
        return Answer(body=found)

    async def update(self, call: Call, name: str, record: str) -> Answer:
        values = call.json_object()
        async with call.begin() as tx:
            seen = await call.view(tx)
            await self.writing.update(tx, call.principal, seen, known(seen, name), record, values)
        return Answer(204)

    async def delete(self, call: Call, name: str, record: str) -> Answer:
        async with call.begin() as tx:
            seen = await call.view(tx)
            await self.writing.delete(tx, call.principal, seen, known(seen, name), record)
        return Answer(204)

    async def _by_id(self, tx: Tx, call: Call, seen: View, of: SObject, record: str) -> Record:
        if not is_id(record):
            raise Fault("NOT_FOUND", "Provided external ID field does not exist or is not accessible: " + record[:80])
        found = await answered(
            call.desk, tx, call.principal, seen.with_deleted(), _question(of, call.query, record), call.version
        )
        if not found:
            raise Fault("NOT_FOUND", "The requested resource does not exist")
        if found[0].get("IsDeleted"):
            raise Fault("ENTITY_IS_DELETED", "entity is deleted")
        return found[0]

    async def set_password(self, call: Call, user: str) -> Answer:
        """One's own password, or anybody's by an administrator; not by a session that may less than its user."""
        if "*" not in call.principal.scopes:
            access(call.principal, "governance:write")
        said = call.json_object().get("NewPassword")
        if not isinstance(said, str):
            raise Fault("MISSING_ARGUMENT", "NewPassword is required", ["NewPassword"])
        ident = inside(user, users=True)
        await call.desk.governance.set_password(call.principal, ident or user, said)
        return Answer(204)

    # -- by an external id ------------------------------------------------------------------------------------------

    async def read_external(self, call: Call, name: str, field: str, value: str) -> Answer:
        """`Ext__c/42`: the record; `006…/Account`: what an id's record points at, or what points at it."""
        access(call.principal, "deals:read")
        async with call.begin() as tx:
            seen = await call.view(tx)
            of = known(seen, name)
            if of.field(field) is None and is_id(field):
                return Answer(body=await self._related(tx, call, seen, of, field, value))
            ids = await self.matching(tx, call, seen, of, self.external(of, field), value)
            if not ids:
                raise Fault("NOT_FOUND", "The requested resource does not exist")
            if len(ids) > 1:
                return _choices(call, of, ids)
            return Answer(body=await self._by_id(tx, call, seen, of, ids[0]))

    async def upsert(self, call: Call, name: str, field: str, value: str) -> Answer:
        values = call.json_object()
        async with call.begin() as tx:
            seen = await call.view(tx)
            of = known(seen, name)
            key = self.external(of, field)
            if key.type == "id":
                await self.writing.update(tx, call.principal, seen, of, value, values)
                return self._upserted(call, of, inside(value) or value, created=False)
            ids = await self.matching(tx, call, seen, of, key, value)
            if len(ids) > 1:
                return _choices(call, of, ids)
            values.pop(key.name, None)
            if ids:
                await self.writing.update(tx, call.principal, seen, of, ids[0], values)
                return self._upserted(call, of, ids[0], created=False)
            made = await self.writing.create(tx, call.principal, seen, of, {**values, key.name: value})
        return self._upserted(call, of, made, created=True)

    async def delete_external(self, call: Call, name: str, field: str, value: str) -> Answer:
        async with call.begin() as tx:
            seen = await call.view(tx)
            of = known(seen, name)
            ids = await self.matching(tx, call, seen, of, self.external(of, field), value)
            if not ids:
                raise Fault("NOT_FOUND", "The requested resource does not exist")
            if len(ids) > 1:
                return _choices(call, of, ids)
            await self.writing.delete(tx, call.principal, seen, of, ids[0])
        return Answer(204)

    def external(self, of: SObject, name: str) -> Field:
        found = of.field(name)
        if found is None or not (found.external or found.type == "id"):
            raise Fault(
                "NOT_FOUND", f"Provided external ID field does not exist or is not accessible: {name[:80]}", [name]
            )
        return found

    async def matching(self, tx: Tx, call: Call, seen: View, of: SObject, key: Field, value: str) -> list[str]:
        """Ids of the records with this external id. A blank comes as `+` from clients that quote a path as a form.

        Almost always it is found by what keeps values unique; values from before a field was unique, by looking.
        """
        for tried in dict.fromkeys((value, value.replace("+", " "))):
            found_one = await self.writing.deals.records(of.kind).find_in(tx, call.principal, key.writes, tried)
            if found_one is not None and found_one.deleted_at is None:
                return [found_one.id]
            if not key.custom:
                continue
            told = tried if key.type in NUMBERS else f"'{quoted(tried)}'"
            if key.type in NUMBERS and not _NUMBER.fullmatch(tried):
                continue
            found = await answered(
                call.desk, tx, call.principal, seen,
                f"SELECT Id FROM {of.name} WHERE {key.name} = {told} LIMIT 2", call.version,
            )  # fmt: skip
            if found:
                return [one["Id"] for one in found]
        return []

    def _upserted(self, call: Call, of: SObject, record: str, *, created: bool) -> Answer:
        """A record that was there is answered without a body, except to the other parts of a composite call: they
        may refer to its id."""
        if not created and call.tx is None:
            return Answer(204)
        body = {"id": outside_id(of, record), "success": True, "errors": [], "created": created}
        return Answer(201 if created else 200, body)

    async def _related(
        self, tx: Tx, call: Call, seen: View, of: SObject, record: str, relationship: str
    ) -> dict[str, Any]:
        child, parent = of.child(relationship), of.parent(relationship)
        if child is not None:
            theirs = known(seen, child.object)
            names = ", ".join(one.name for one in theirs.fields.values())
            asked = f"SELECT {names} FROM {theirs.name} WHERE {child.field} = '{record}' LIMIT 2000"
            found = await answered(call.desk, tx, call.principal, seen, asked, call.version)
            return {"totalSize": len(found), "done": True, "records": found}
        if parent is None:
            raise Fault("NOT_FOUND", "The requested resource does not exist")
        asked = f"SELECT {parent.name} FROM {of.name} WHERE Id = '{record}'"
        [pointing] = await answered(call.desk, tx, call.principal, seen, asked, call.version) or [{}]
        target = seen.catalogue.by_prefix(pointing.get(parent.name) or "-")
        if target is None:
            raise Fault("NOT_FOUND", "The requested resource does not exist")
        return await self._by_id(tx, call, seen, known(seen, target.name), pointing[parent.name])

    # -- what changed and what went ---------------------------------------------------------------------------------

    async def updated(self, call: Call, name: str) -> Answer:
        access(call.principal, "deals:read")
        start, end = _span(call)
        async with call.begin() as tx:
            seen = await call.view(tx)
            of = known(seen, name)
            if of.field("SystemModstamp") is None:
                raise Fault("INVALID_TYPE", f"{of.name} is not replicateable")
            stamp = "SystemModstamp"
            found = await answered(
                call.desk, tx, call.principal, seen,
                f"SELECT Id FROM {of.name} WHERE {stamp} >= {_soql(start)} AND {stamp} < {_soql(end)} LIMIT 600000",
                call.version,
            )  # fmt: skip
        latest = min(end, seen.now)
        return Answer(body={"ids": [one["Id"] for one in found], "latestDateCovered": moment(latest)})

    async def deleted(self, call: Call, name: str) -> Answer:
        access(call.principal, "deals:read")
        start, end = _span(call)
        async with call.begin() as tx:
            seen = await call.view(tx)
            of = known(seen, name)
            if not of.deletable:
                raise Fault("INVALID_TYPE", f"{of.name} is not replicateable")
            if start < seen.now - _KEPT:
                raise Fault("INVALID_REPLICATION_DATE", "startDate before org replication enabled date")
            rows = await store.tombstones(tx, seen.seat.workspace, of.kind, start, end)
            earliest = await store.earliest(tx, seen.seat.workspace) or seen.now
        return Answer(
            body={
                "deletedRecords": [{"id": row["record"], "deletedDate": moment(row["at"])} for row in rows],
                "earliestDateAvailable": moment(max(earliest, seen.now - _KEPT)),
                "latestDateCovered": moment(min(end, seen.now)),
            }
        )


def quoted(text: str) -> str:
    """A text for the inside of a literal."""
    return text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")


def _question(of: SObject, query: Any, record: str) -> str:
    asked = query.get("fields", "")
    names = [one.strip() for one in asked.split(",") if one.strip()] or [one.name for one in of.fields.values()]
    hidden = "IsDeleted" if of.field("IsDeleted") and "isdeleted" not in {one.lower() for one in names} else ""
    chosen = ", ".join([*names, *([hidden] if hidden else [])])
    return f"SELECT {chosen} FROM {of.name} WHERE Id = '{quoted(record)}'"


def _choices(call: Call, of: SObject, ids: list[str]) -> Answer:
    return Answer(300, [f"/services/data/v{call.version}/sobjects/{of.name}/{one}" for one in ids])


def _span(call: Call) -> tuple[datetime, datetime]:
    try:
        start, end = (_moment(call.query[name]) for name in ("start", "end"))
    except KeyError as error:
        raise Fault("MISSING_ARGUMENT", f"missing value for: {error.args[0]}") from None
    except ValueError:
        raise Fault("INVALID_ARGUMENT_TYPE", "`start` and `end` are moments with their offset from UTC") from None
    if end <= start:
        raise Fault("INVALID_REPLICATION_DATE", "`end` lies after `start`")
    return start, end


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text.replace(" ", "+"))
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _soql(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
