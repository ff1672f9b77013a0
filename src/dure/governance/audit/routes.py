"""The audit trail over HTTP, for screens and scripts."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import StreamingResponse

from dure.governance.audit.api import MOST, Audit, Wanted
from dure.governance.audit.model import Head, Kept
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.web.routing import APIRouter

_Seconds = Annotated[int | None, Query(ge=0, le=1 << 40)]


def router(audit: Audit) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/audit", tags=["governance"])

    @routes.get("")
    async def logs(
        caller: Caller, latest: _Seconds = None, oldest: _Seconds = None, action: str = "", actor: str = "",
        entity: str = "", workspace: str = "", limit: Annotated[int, Query(ge=1, le=MOST)] = 100, cursor: str = "",
    ) -> dict[str, Any]:  # fmt: skip
        """Entries of the organisation's audit trail, the newest first. Filters must all fit: `action` is one or several
        with commas between, `actor` and `entity` are ids, times are seconds since 1970, both included. `names` are what
        the ids in the page are called today; `cursor` leads to the next page, "" at the end."""
        wanted = Wanted(
            latest, oldest, tuple(one for one in action.split(",") if one), actor, entity, workspace
        )  # fmt: skip
        found = await audit.logs(caller, wanted, limit=limit, cursor=cursor)
        entries = [{"number": one.number, "digest": one.digest, **one.told} for one in found.entries]
        return {"entries": entries, "names": found.names, "cursor": found.cursor}

    @routes.get("/actions")
    async def actions(caller: Caller) -> dict[str, Any]:
        """The actions that the organisation's trail holds."""
        return {"actions": await audit.actions(caller)}

    @routes.get("/head")
    async def head(caller: Caller) -> dict[str, Any]:
        """The newest entry's number and digest. Kept where this server's administrators cannot change it, it shows
        later whether anything before it was changed."""
        return _head(await audit.head(caller))

    @routes.get("/verify")
    async def verify(
        caller: Caller, number: Annotated[int | None, Query(ge=0, le=1 << 60)] = None, digest: str = ""
    ) -> dict[str, Any]:
        """Walks the whole trail and says where it first does not hold: `missing`, `changed`, `cut`, or `other` where
        the `number` and `digest` that were kept elsewhere are not in it."""
        if (number is None) is not (not digest):
            raise Invalid("`number` and `digest` belong together.", field="digest" if number is not None else "number")
        found = await audit.verify(caller, None if number is None else Head(number, digest.lower()))
        return {
            "ok": found.ok, "entries": found.entries, "digest": found.head, "broken_at": found.broken_at,
            "problem": found.problem,
        }  # fmt: skip

    @routes.get("/export", response_class=StreamingResponse)
    async def export(caller: Caller) -> StreamingResponse:
        """The whole trail as lines of JSON, each with its digest, to be verified anywhere without this server. The
        first line names the organisation and the newest entry; that it was taken out is the newest entry."""
        head, parts = await audit.export(caller)
        name = f"audit-{caller.tenant.org}-{head.number}.ndjson"
        return StreamingResponse(
            _lines(caller.tenant.org, head, parts), media_type="application/x-ndjson",
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )  # fmt: skip

    return routes


async def _lines(org: str, head: Head, parts: AsyncIterator[Sequence[Kept]]) -> AsyncIterator[bytes]:
    yield json.dumps({"org": org, "head": _head(head)}).encode() + b"\n"
    async for part in parts:
        lines = [
            {"number": one.number, "digest": one.digest.hex(), "entry": one.entry.decode()}
            for one in part
            if one.number <= head.number
        ]
        yield "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines).encode()


def _head(head: Head) -> dict[str, Any]:
    return {"number": head.number, "digest": head.digest}
