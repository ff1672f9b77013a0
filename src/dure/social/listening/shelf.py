"""Keeps the log's `mention` table in line with the mentions: a follower of the feed, a moment behind.

What an event names is written as it stands when the follower comes to it. A mention that is there already is taken back
in the same insert, which ClickHouse takes once for a range of the feed, however often it is tried.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from xxhash import xxh3_64_intdigest

from dure.feed.api import Batch, Bell, Claimed, Follower, Lane
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.social import store
from dure.social.listening import log_sql
from dure.social.listening.matching import doc_of
from dure.social.model import Mention
from dure.social.rules import voice
from dure.state import State

FOLLOWER = "social-listening"
SPAM = 0.9
_ABOUT = (b'"event":"Mention ', b'"event":"Own Post ')
_EVERY = 0.4


class _Line(msgspec.Struct):
    source: str = ""
    object_type: str = ""
    object: str = ""
    org: str = ""
    workspace: str = ""


_line = msgspec.json.Decoder(_Line).decode


class Shelf:
    def __init__(self, state: State, log: Log) -> None:
        self._state = state
        self._log = log
        self._follower = Follower(state, FOLLOWER, lanes=(Lane.DOMAIN,), limit=400, events=20_000)

    async def run(self, bell: Bell) -> None:
        await self._follower.run(bell, step=self.step, every=_EVERY)

    async def step(self) -> int:
        return await self._follower.step_outside(self._write)

    async def _write(self, claimed: Claimed, batches: Sequence[Batch]) -> None:
        for tenant, ids in _named(batches).items():
            async with self._state.begin(tenant) as tx:
                now = await store.several(tx, tenant.workspace, ids)
            told = {str(one.id): row_of(tenant.workspace, one) for one in now if one.deleted_at is None and not one.own}
            back = []
            for row in await self._there(tenant, now):
                # What says the same as before is left as it is, which most of what is routed or done does.
                if (new := told.get(row["mention"])) and _same(row, new):
                    del told[row["mention"]]
                else:
                    back.append({**row, "sign": -1})
            if lines := await asyncio.to_thread(_lines, [*back, *told.values()]):
                await self._log.insert(f"{claimed.token}:{tenant.workspace}", lines, "mention")

    async def _there(self, tenant: Tenant, now: Sequence[Mention]) -> list[dict[str, Any]]:
        """What the log has of these, a row each."""
        if not now:
            return []
        bound = {
            "days": sorted({one.posted_at.astimezone(UTC).date() for one in now}),
            "parts": sorted({part_of(one.id) for one in now}), "mentions": [one.id for one in now],
        }  # fmt: skip
        balance: dict[str, list[dict[str, Any]]] = {}
        for row in (await self._log.query(tenant, log_sql.OF_THESE, bound)).dicts():
            balance.setdefault(str(row["mention"]), []).append({**row, "mention": str(row["mention"])})
        standing = [rows for rows in balance.values() if sum(row["sign"] for row in rows) > 0]
        return [_uncancelled(rows) for rows in standing]


def row_of(workspace: str, mention: Mention) -> dict[str, Any]:
    """A mention as a row of the log."""
    doc = doc_of(mention)
    return {
        "workspace": workspace, "at": mention.posted_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        "part": part_of(mention.id), "mention": str(mention.id), "sign": 1, "network": doc.network,
        "language": doc.language, "intent": doc.intent, "topic": doc.topic, "kind": doc.kind,
        "sentiment": doc.sentiment, "rating": doc.rating, "reach": doc.reach, "linked": doc.linked,
        "spam": mention.spam >= SPAM, "voice": xxh3_64_intdigest(
            voice(mention.network, mention.handle, mention.author, mention.external).encode()
        ),
        "author": doc.author, "handle": doc.handle, "entities": list(doc.entities), "folded": doc.folded,
    }  # fmt: skip


def part_of(mention: UUID) -> int:
    return mention.int % log_sql.PARTS


def _uncancelled(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The row that no other takes back."""
    back = [{**row, "sign": 1} for row in rows if row["sign"] < 0]
    for row in rows:
        if row["sign"] > 0:
            if row not in back:
                return row
            back.remove(row)
    return rows[-1]


def _same(there: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return all(_written(there[name]) == _written(value) for name, value in new.items() if name != "sign")


def _lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return b"\n".join(msgspec.json.encode({name: _plain(value) for name, value in row.items()}) for row in rows)


def _plain(value: Any) -> Any:
    return value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else value


def _written(value: Any) -> str:
    plain = _plain(value)
    return str(int(plain)) if isinstance(plain, bool) else str(list(plain) if isinstance(plain, tuple) else plain)


def _named(batches: Sequence[Batch]) -> dict[Tenant, list[UUID]]:
    found: dict[Tenant, dict[UUID, None]] = {}
    for batch in batches:
        for raw in batch.lines_with(_ABOUT):
            line = _line(raw)
            if line.source == "social" and line.object_type == "mention":
                found.setdefault(Tenant(line.org, line.workspace), {})[UUID(line.object)] = None
    return {tenant: list(ids) for tenant, ids in found.items()}
