"""Duplicates and merges over HTTP."""

from __future__ import annotations

from dataclasses import asdict, field
from typing import Any

from dure.deals.merge.api import Merges
from dure.deals.merge.duplicates import Duplicates
from dure.deals.records.doors import Given
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Pair:
    one: str
    other: str


@body
class MergeBody:
    object: str
    winner: str
    losers: list[str]
    choices: dict[str, str] = field(default_factory=dict)


@body
class UndoBody:
    force: bool = False


def routes(router: APIRouter, duplicates: Duplicates, merges: Merges) -> None:
    """/duplicates and /merges, under where deals are."""

    @router.get("/duplicates/{object_}")
    async def suspects(caller: Caller, object_: str, limit: int = 50) -> dict[str, Any]:
        """Pairs of accounts, contacts, leads or deals that are probably the same, the surest first."""
        return {"suspects": [asdict(one) for one in await duplicates.suspects(caller, object_, limit)]}

    @router.post("/duplicates/{object_}/similar")
    async def similar(caller: Caller, object_: str, body: Given) -> dict[str, Any]:
        """What is there and may be what is about to be made."""
        return {"similar": [asdict(one) for one in await duplicates.similar(caller, object_, body)]}

    @router.post("/duplicates/dismiss", status_code=204)
    async def dismiss(caller: Caller, body: Pair) -> None:
        """Says that two records are not the same."""
        await duplicates.dismiss(caller, body.one, body.other)

    @router.get("/merges")
    async def all_merges(caller: Caller, record: str = "", limit: int = 50) -> dict[str, Any]:
        """What was merged, newest first."""
        return {"merges": [asdict(one) for one in await merges.all(caller, record, limit)]}

    @router.post("/merges", status_code=201)
    async def merge(caller: Caller, body: MergeBody) -> dict[str, Any]:
        """Makes records one, field by field."""
        done = await merges.merge(caller, body.object, body.winner, body.losers, body.choices)
        return {**asdict(done.merge), "record": asdict(done.record), "moved": done.moved}

    @router.post("/merges/{merge_id}/undo")
    async def undo(caller: Caller, merge_id: str, body: UndoBody) -> dict[str, Any]:
        """Takes a merge apart again; what changed since in the same fields is a conflict unless it is forced."""
        return asdict(await merges.undo(caller, merge_id, force=body.force))
