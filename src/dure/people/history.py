"""How traits came to be what they are, as SQL keeps it; and which messages' operations were carried out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from dure.people.model import Changed
from dure.state import Tx

# Messages that changed something, kept of each id; older ones make room.
KEPT = 1000
# A message that comes again is known for this long; senders and doors repeat within hours.
REMEMBERED = timedelta(days=30)

Kind = Literal["person", "account"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What one message changed of one owner: a distinct id or an account."""

    kind: Kind
    owner: str
    at: datetime
    message_id: str
    event: str
    source: str
    changes: dict[str, list[Any]]
    late: dict[str, Any]


async def write(tx: Tx, workspace: str, entries: Sequence[Entry]) -> None:
    """Adds entries, the same one once, and drops what is beyond the kept."""
    if not entries:
        return
    rows = [(e.kind, e.owner, e.at, e.message_id, e.event, e.source, _json(e.changes), _json(e.late)) for e in entries]
    await tx.run(
        "insert into people.trait_change (workspace, kind, owner, at, message_id, event, source, changes, late)"
        " select %s, * from unnest(%s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::text[],"
        " %s::jsonb[], %s::jsonb[]) on conflict do nothing",
        [workspace, *[list(column) for column in zip(*rows, strict=True)]],
    )
    owners = sorted({(e.kind, e.owner) for e in entries})
    await tx.run(
        "delete from people.trait_change as t using unnest(%s::text[], %s::text[]) as o (kind, owner),"
        " lateral (select at from people.trait_change where workspace = %s and kind = o.kind and owner = o.owner"
        "  order by at desc, message_id desc offset %s limit 1) as oldest"
        " where t.workspace = %s and t.kind = o.kind and t.owner = o.owner and t.at <= oldest.at",
        ([kind for kind, _ in owners], [owner for _, owner in owners], workspace, KEPT, workspace),
    )


async def read(
    tx: Tx, workspace: str, kind: Kind, owners: Collection[str], *, trait: str, before: datetime | None, limit: int
) -> list[Changed]:
    """The newest changes of these owners' traits, at most `limit`, without cutting a message in two."""
    rows = await tx.rows(
        "select owner, at, message_id, event, source, changes, late from people.trait_change"
        " where workspace = %(w)s and kind = %(k)s and owner = any(%(o)s)"
        " and (%(b)s::timestamptz is null or at < %(b)s)"
        " and (%(t)s = '' or changes ? %(t)s or late ? %(t)s)"
        " order by at desc, message_id desc limit %(n)s",
        {"w": workspace, "k": kind, "o": list(owners), "b": before, "t": trait, "n": limit},
    )
    shown: list[Changed] = []
    for row in rows:
        told = (row["at"], row["owner"], row["message_id"], row["event"], row["source"])
        shown += [Changed(name, before, after, *told) for name, (before, after) in sorted(row["changes"].items())]
        shown += [Changed(name, None, value, *told, late=True) for name, value in sorted(row["late"].items())]
        if len(shown) >= limit:
            break
    return [one for one in shown if not trait or one.trait == trait]


async def first_time(tx: Tx, workspace: str, messages: Collection[str], now: datetime) -> set[str]:
    """Of these messages, those whose operations were never carried out; they count as carried out from now on."""
    if not messages:
        return set()
    await tx.run("delete from people.applied where at < %s", (now - REMEMBERED,))
    rows = await tx.rows(
        "insert into people.applied (workspace, message_id, at) select %s, m, %s from unnest(%s::text[]) as m"
        " on conflict do nothing returning message_id",
        (workspace, now, sorted(set(messages))),
    )
    return {row["message_id"] for row in rows}


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
