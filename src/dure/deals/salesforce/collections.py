"""Up to two hundred records in one call: created, changed, upserted, deleted, read; and records with their children."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from dure.deals.salesforce.call import Answer, Call, known, part_of
from dure.deals.salesforce.catalogue import SObject
from dure.deals.salesforce.desk import View
from dure.deals.salesforce.faults import Fault, fault_of
from dure.deals.salesforce.ids import is_id
from dure.deals.salesforce.reading import answered
from dure.deals.salesforce.resources import Resources, quoted
from dure.governance.api import access
from dure.kernel.errors import DureError
from dure.state import Tx

MOST = 200
_MOST_READ = 2000
_HALTED = {
    "statusCode": "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "message": "Record rolled back because not all records were valid and the request was using AllOrNone header",
    "fields": [],
}

Act = Callable[[Tx, View, Any], Awaitable[tuple[str, bool]]]


class Collections:
    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        self.writing = resources.writing

    async def create(self, call: Call) -> Answer:
        async def act(tx: Tx, seen: View, record: Any) -> tuple[str, bool]:
            of, values = _typed(seen, record)
            return await self.writing.create(tx, call.principal, seen, of, values), True

        return await self._each(call, *_asked(call), act, created=False)

    async def update(self, call: Call) -> Answer:
        async def act(tx: Tx, seen: View, record: Any) -> tuple[str, bool]:
            of, values = _typed(seen, record)
            ident = values.pop("id", None) or values.pop("Id", None)
            if not isinstance(ident, str):
                raise Fault("MISSING_ARGUMENT", "Id not specified in an update call")
            await self.writing.update(tx, call.principal, seen, of, ident, values)
            return ident, False

        return await self._each(call, *_asked(call), act, created=False)

    async def upsert(self, call: Call, name: str, field: str) -> Answer:
        async def act(tx: Tx, seen: View, record: Any) -> tuple[str, bool]:
            of, values = _typed(seen, record, known(seen, name))
            return await self.upsert_one(tx, call, seen, of, field, values)

        return await self._each(call, *_asked(call), act, created=True)

    async def upsert_one(
        self, tx: Tx, call: Call, seen: View, of: SObject, field: str, values: dict[str, Any]
    ) -> tuple[str, bool]:
        """The id, and whether the record is new."""
        key = self.resources.external(of, field)
        found = next((name for name in values if name.lower() == key.name.lower()), None)
        value = values.pop(found) if found else None
        if value is None or value == "":
            if key.type != "id":
                raise Fault("MISSING_ARGUMENT", f"{key.name} not specified")
            return await self.writing.create(tx, call.principal, seen, of, values), True
        if key.type == "id":
            await self.writing.update(tx, call.principal, seen, of, str(value), values)
            return str(value), False
        ids = await self.resources.matching(tx, call, seen, of, key, str(value))
        if len(ids) > 1:
            raise Fault("DUPLICATE_EXTERNAL_ID", f"{key.name}: more than one record has {value!r}", [key.name])
        if ids:
            await self.writing.update(tx, call.principal, seen, of, ids[0], values)
            return ids[0], False
        return await self.writing.create(tx, call.principal, seen, of, {**values, key.name: value}), True

    async def delete(self, call: Call) -> Answer:
        ids = [one.strip() for one in call.query.get("ids", "").split(",") if one.strip()]

        async def act(tx: Tx, seen: View, ident: Any) -> tuple[str, bool]:
            of = seen.catalogue.by_prefix(ident) if is_id(ident) else None
            if of is None:
                raise Fault("MALFORMED_ID", f"malformed id {ident[:80]}")
            await self.writing.delete(tx, call.principal, seen, of, ident)
            return ident, False

        all_or_none = call.query.get("allOrNone", "false").lower() == "true"
        return await self._each(call, ids, all_or_none, act, created=False)

    async def read(self, call: Call, name: str) -> Answer:
        """Records by id, in the order asked for, null where there is none."""
        access(call.principal, "deals:read")
        if call.method == "GET":
            ids, fields = (call.query.get(one, "").split(",") for one in ("ids", "fields"))
        else:
            body = call.json_object()
            ids, fields = _texts(body, "ids"), _texts(body, "fields")
        if not any(ids) or not any(fields):
            raise Fault("MISSING_ARGUMENT", "`ids` and `fields` are required")
        if len(ids) > _MOST_READ:
            raise Fault("EXCEEDED_ID_LIMIT", f"record limit reached, at most {_MOST_READ}")
        wanted = [one.strip() for one in ids]
        async with call.begin() as tx:
            seen = await call.view(tx)
            of = known(seen, name)
            among = ", ".join(f"'{quoted(one)}'" for one in wanted if is_id(one)) or "null"
            names = list(dict.fromkeys(["Id", *(one.strip() for one in fields if one.strip().lower() != "id")]))
            text = f"SELECT {', '.join(names)} FROM {of.name} WHERE Id IN ({among})"
            found = {
                one["Id"][:15]: one for one in await answered(call.desk, tx, call.principal, seen, text, call.version)
            }
        return Answer(body=[found.get(one[:15]) for one in wanted])

    async def tree(self, call: Call, name: str) -> Answer:
        """Records with the records that belong to them, all or none."""
        records = call.json_object().get("records")
        if not isinstance(records, list) or not records:
            raise Fault("JSON_PARSER_ERROR", "`records` is a list of records")
        results: list[dict[str, str]] = []
        errors: list[dict[str, Any]] = []
        try:
            async with call.begin() as tx:
                seen = await call.view(tx)
                for record in records:
                    await self._grow(tx, call, seen, known(seen, name), record, {}, results, errors, 0)
                if errors:
                    raise _Undo
        except _Undo:
            return Answer(400, {"hasErrors": True, "results": errors})
        return Answer(201, {"hasErrors": False, "results": results})

    async def _grow(
        self, tx: Tx, call: Call, seen: View, of: SObject, record: Any, link: dict[str, str],
        results: list[dict[str, str]], errors: list[dict[str, Any]], depth: int,
    ) -> None:  # fmt: skip
        if depth >= 5 or len(results) + len(errors) >= MOST:
            raise Fault("EXCEEDED_ID_LIMIT", f"A tree has at most {MOST} records and five levels.")
        typed, values = _typed(seen, record, of)
        reference = str((record.get("attributes") or {}).get("referenceId", ""))
        nested = [
            (child, values.pop(key))
            for key in list(values)
            if (child := typed.child(key)) is not None and isinstance(values[key], dict)
        ]
        try:
            async with part_of(tx):
                made = await self.writing.create(tx, call.principal, seen, typed, {**values, **link})
        except DureError as error:
            errors.append({"referenceId": reference, "errors": [fault_of(error).as_result()]})
            return
        results.append({"referenceId": reference, "id": made})
        for child, body in nested:
            target = known(seen, child.object)
            for one in body.get("records", []):
                await self._grow(tx, call, seen, target, one, {child.field: made}, results, errors, depth + 1)

    async def _each(self, call: Call, records: Sequence[Any], all_or_none: bool, act: Act, *, created: bool) -> Answer:
        """Each record alone, or all or none of them; one result for each, in order."""
        if not records:
            raise Fault("MISSING_ARGUMENT", "There are no records in the request.")
        if len(records) > MOST:
            raise Fault("EXCEEDED_ID_LIMIT", f"record limit reached. cannot submit more than {MOST} records")
        results: list[dict[str, Any]] = []
        failed = False
        try:
            async with call.begin() as tx:
                seen = await call.view(tx)
                for record in records:
                    try:
                        async with part_of(tx):
                            ident, new = await act(tx, seen, record)
                    except DureError as error:
                        failed = True
                        results.append({"success": False, "errors": [fault_of(error).as_result()]})
                    else:
                        made = {"id": ident, "success": True, "errors": []}
                        results.append({**made, "created": new} if created else made)
                if failed and all_or_none:
                    raise _Undo
        except _Undo:
            results = [one if not one["success"] else {"success": False, "errors": [_HALTED]} for one in results]
        return Answer(body=results)


class _Undo(Exception):
    """Takes back a transaction whose results are told nevertheless."""


def _asked(call: Call) -> tuple[list[Any], bool]:
    body = call.json_object()
    records = body.get("records")
    if not isinstance(records, list):
        raise Fault("JSON_PARSER_ERROR", "`records` is a list of records")
    return records, body.get("allOrNone") is True


def _typed(seen: View, record: Any, of: SObject | None = None) -> tuple[SObject, dict[str, Any]]:
    """The object that a record says it is, and its values."""
    if not isinstance(record, dict):
        raise Fault("JSON_PARSER_ERROR", "A record is an object of JSON.")
    values = dict(record)
    attributes = values.pop("attributes", None)
    said = attributes.get("type") if isinstance(attributes, dict) else None
    if said is None:
        if of is None:
            raise Fault("INVALID_TYPE", "sObject type not specified: set attributes.type")
        return of, values
    found = seen.catalogue.find(str(said))
    if found is None or (of is not None and found.name != of.name):
        raise Fault("INVALID_TYPE", f"sObject type '{str(said)[:80]}' is not supported.")
    return found, values


def _texts(body: dict[str, Any], name: str) -> list[str]:
    found = body.get(name)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise Fault("JSON_PARSER_ERROR", f"`{name}` is a list of texts", [name])
    return found
