"""Ideas' only SQL."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dure.kernel.tenant import Tenant
from dure.social.ideas.model import Asking, Idea, Merge
from dure.state import Tx

_FIELDS = (
    "i.id, i.title, i.about, i.state, i.topic, i.owner, i.merged_into, i.version, i.created_at, i.created_by,"
    " i.changed_at"
)
# A mention asks with its near copies: each is somebody else's. The company asks itself for nothing.
_COUNTED = (
    " left join lateral (select count(*) as votes, bool_or(voter = %(me)s) as mine from social.idea_vote v"
    "   where v.workspace = i.workspace and v.idea = i.id) v on true"
    " left join lateral (select jsonb_object_agg(source, asked) as demand, max(last) as last_asked,"
    "   coalesce(sum(people), 0)::int as people from (select a.source, sum(case when m.own then 0"
    "     else 1 + coalesce(m.copies, 0) end)::int as asked,"
    "     max(a.at) as last, count(distinct a.person) as people from social.asking a"
    "     left join social.mention m on a.source = 'mention' and m.workspace = a.workspace and m.id::text = a.ref"
    "     where a.workspace = i.workspace and a.idea = i.id group by a.source) per) d on true"
    " left join lateral (select array_agg(distinct account) as accounts from social.asking a"
    "   where a.workspace = i.workspace and a.idea = i.id and account <> '') c on true"
)


async def add(tx: Tx, tenant: Tenant, idea: Idea, grams: Sequence[int]) -> None:
    await tx.run(
        "insert into social.idea (workspace, org, id, title, about, state, topic, owner, grams, created_at, created_by,"
        " changed_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (tenant.workspace, tenant.org, idea.id, idea.title, idea.about, idea.state, idea.topic, idea.owner, list(grams),
         idea.created_at, idea.created_by, idea.changed_at),
    )  # fmt: skip


async def keep(tx: Tx, workspace: str, idea: Idea, grams: Sequence[int]) -> None:
    await tx.run(
        "update social.idea set title = %s, about = %s, state = %s, topic = %s, owner = %s, merged_into = %s,"
        " grams = %s, version = %s, changed_at = %s where workspace = %s and id = %s",
        (idea.title, idea.about, idea.state, idea.topic, idea.owner, idea.merged_into, list(grams), idea.version,
         idea.changed_at, workspace, idea.id),
    )  # fmt: skip


async def ideas(tx: Tx, workspace: str, me: str, state: str, text: str, limit: int) -> list[Idea]:
    """Those that went into no other, with what is counted of them; the most asked for first."""
    rows = await tx.rows(
        f"select {_FIELDS}, v.votes, v.mine, d.*, c.accounts from social.idea i"
        + _COUNTED
        + " where i.workspace = %(w)s"
        " and i.merged_into is null and (%(state)s = '' or i.state = %(state)s)"
        " and (%(text)s = '' or strpos(lower(i.title || ' ' || i.about), lower(%(text)s)) > 0)"
        " order by coalesce((select sum(value::int) from jsonb_each_text(d.demand)), 0) + v.votes desc, i.changed_at"
        " desc, i.id limit %(limit)s",
        {"w": workspace, "me": me, "state": state, "text": text, "limit": limit},
    )
    return [_idea(row) for row in rows]


async def idea(tx: Tx, workspace: str, id: uuid.UUID, me: str = "", *, lock: bool = False) -> Idea | None:
    if lock:
        await tx.run("select from social.idea where workspace = %s and id = %s for update", (workspace, id))
    row = await tx.row(
        f"select {_FIELDS}, v.votes, v.mine, d.*, c.accounts from social.idea i" + _COUNTED
        + " where i.workspace = %(w)s and i.id = %(id)s",
        {"w": workspace, "id": id, "me": me},
    )  # fmt: skip
    return None if row is None else _idea(row)


async def near(
    tx: Tx, workspace: str, grams: Sequence[int], but: uuid.UUID | None
) -> list[tuple[uuid.UUID, list[int]]]:
    """Ideas that share a piece, with their pieces."""
    rows = await tx.rows(
        "select id, grams from social.idea where workspace = %s and merged_into is null and grams && %s::int[]"
        " and id is distinct from %s limit 2000",
        (workspace, list(grams), but),
    )
    return [(row["id"], row["grams"]) for row in rows]


async def vote(tx: Tx, workspace: str, idea: uuid.UUID, voter: str, now: datetime) -> bool:
    sql = "insert into social.idea_vote (workspace, idea, voter, at) values (%s, %s, %s, %s) on conflict do nothing"
    return bool(await tx.run(sql, (workspace, idea, voter, now)))


async def unvote(tx: Tx, workspace: str, idea: uuid.UUID, voter: str) -> bool:
    return bool(
        await tx.run(
            "delete from social.idea_vote where workspace = %s and idea = %s and voter = %s", (workspace, idea, voter)
        )
    )


async def voters(tx: Tx, workspace: str, idea: uuid.UUID) -> list[str]:
    rows = await tx.rows(
        "select voter from social.idea_vote where workspace = %s and idea = %s order by at, voter", (workspace, idea)
    )
    return [row["voter"] for row in rows]


async def ask(tx: Tx, workspace: str, one: Asking) -> uuid.UUID | None:
    """Keeps it, unless the same was said before: then the idea it asks for."""
    done = await tx.run(
        "insert into social.asking (workspace, id, idea, source, ref, said, person, account, at, actor)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (workspace, source, ref) do nothing",
        (workspace, one.id, one.idea, one.source, one.ref, one.said, one.person, one.account, one.at, one.actor),
    )
    if done:
        return None
    found = await tx.value(
        "select idea from social.asking where workspace = %s and source = %s and ref = %s",
        (workspace, one.source, one.ref),
    )
    return found if isinstance(found, uuid.UUID) else None


async def unask(tx: Tx, workspace: str, idea: uuid.UUID, asking: uuid.UUID) -> Asking | None:
    row = await tx.row(
        "delete from social.asking where workspace = %s and idea = %s and id = %s"
        " returning id, idea, source, ref, said, person, account, at, actor",
        (workspace, idea, asking),
    )
    return None if row is None else Asking(**row)


async def askings(tx: Tx, workspace: str, idea: uuid.UUID) -> list[Asking]:
    rows = await tx.rows(
        "select id, idea, source, ref, said, person, account, at, actor from social.asking"
        " where workspace = %s and idea = %s order by at desc, id limit 500",
        (workspace, idea),
    )
    return [Asking(**row) for row in rows]


async def merge(
    tx: Tx, workspace: str, id: uuid.UUID, idea: uuid.UUID, into: uuid.UUID, now: datetime, actor: str
) -> None:  # fmt: skip
    """Moves askings and votes, and remembers which, so that it can be taken back."""
    asked = await tx.rows(
        "update social.asking set idea = %s where workspace = %s and idea = %s returning id", (into, workspace, idea)
    )
    moved = await tx.rows(
        "insert into social.idea_vote (workspace, idea, voter, at) select workspace, %s, voter, at"
        " from social.idea_vote where workspace = %s and idea = %s on conflict do nothing returning voter",
        (into, workspace, idea),
    )
    await tx.run(
        "insert into social.idea_merge (workspace, id, idea, into_idea, askings, voters, at, actor)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (workspace, id, idea, into, [row["id"] for row in asked], [row["voter"] for row in moved], now, actor),
    )


async def merges(tx: Tx, workspace: str, into: uuid.UUID) -> list[Merge]:
    rows = await tx.rows(
        "select m.id, m.idea, i.title, m.at, m.actor, cardinality(m.askings) as askings from social.idea_merge m"
        " join social.idea i on i.workspace = m.workspace and i.id = m.idea"
        " where m.workspace = %s and m.into_idea = %s and m.undone_at is null order by m.at desc",
        (workspace, into),
    )
    return [Merge(**row) for row in rows]


async def unmerge(tx: Tx, workspace: str, id: uuid.UUID, now: datetime) -> Mapping[str, Any] | None:
    """Moves back what the merge moved; its two ideas. None where there is nothing to undo."""
    row = await tx.row(
        "update social.idea_merge set undone_at = %s where workspace = %s and id = %s and undone_at is null"
        " returning idea, into_idea, askings, voters",
        (now, workspace, id),
    )
    if row is None:
        return None
    await tx.run(
        "update social.asking set idea = %s where workspace = %s and idea = %s and id = any(%s)",
        (row["idea"], workspace, row["into_idea"], row["askings"]),
    )
    await tx.run(
        "delete from social.idea_vote where workspace = %s and idea = %s and voter = any(%s)",
        (workspace, row["into_idea"], row["voters"]),
    )
    return row


async def grams_of(tx: Tx, workspace: str, id: uuid.UUID) -> list[int]:
    return list(await tx.value("select grams from social.idea where workspace = %s and id = %s", (workspace, id)) or ())


def _idea(row: Mapping[str, Any]) -> Idea:
    told = dict(row)
    return Idea(
        **told | {"votes": told["votes"] or 0, "mine": bool(told["mine"]), "demand": told["demand"] or {},
                  "people": told["people"] or 0, "accounts": tuple(told["accounts"] or ())}
    )  # fmt: skip
