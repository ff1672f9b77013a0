"""Customers over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from dure.channels.model import ts_text
from dure.customers.api import Customer, Customers, Row
from dure.customers.timeline import Timelines
from dure.governance.http import Caller
from dure.web.routing import APIRouter


def router(api: Customers, timelines: Timelines) -> APIRouter:
    """/api/v1/customers."""
    routes = APIRouter(prefix="/api/v1/customers", tags=["customers"])

    @routes.get("")
    async def customers(caller: Caller) -> dict[str, Any]:
        """Every customer with owner, channels, open questions, health, open deals and their last word; of channels that
        the caller is in. Not for guests."""
        return {"customers": [_row(one) for one in await api.listed(caller)]}

    @routes.get("/week")
    async def week(caller: Caller, topic: str = "", audience: Literal["outside", "inside", "both"] = "both") -> Any:
        """The cards that the recipe customer-weekly would post now, by channel; nothing is posted. As far as the caller
        sees the channels."""
        return {"cards": [asdict(one) for one in await api.week(caller, topic, audience)]}

    @routes.get("/{account}")
    async def customer(caller: Caller, account: str) -> dict[str, Any]:
        """One customer: channels by topic, open questions, files, deals with health, deliveries, people on both sides,
        mentions. A part that the caller has no right to see is null."""
        return _customer(await api.one(caller, account))

    @routes.get("/{account}/timeline")
    async def timeline(caller: Caller, account: str, limit: int = 50) -> dict[str, Any]:
        """What happened with a customer, newest first: messages of their people and files in channels that the caller
        is in, and what happened to their deals."""
        return {"entries": [asdict(one) for one in await timelines.of(caller, account, limit)]}

    return routes


def _row(one: Row) -> dict[str, Any]:
    return {**asdict(one), "oldest": _ts(one.oldest), "touched": _ts(one.touched)}


def _customer(one: Customer) -> dict[str, Any]:
    found = asdict(one)
    found["row"] = _row(one.row)
    for name, stamps in _STAMPS.items():
        for line in found[name] or ():
            line.update({stamp: _ts(line[stamp]) for stamp in stamps})
    for question in found["questions"]:
        question["thread"] = question["thread"] or None
    return found


# Which fields are timestamps of messages, told as Slack writes them, null for never.
_STAMPS = {
    "rooms": ("touched",), "questions": ("asked", "thread"), "files": ("ts",), "ours": ("last",), "theirs": ("last",),
}  # fmt: skip


def _ts(ts: int) -> str | None:
    return ts_text(ts) if ts else None
