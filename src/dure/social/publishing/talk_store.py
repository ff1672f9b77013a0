"""SQL of what is said about plans: versions, reviews and comments; and what the world answered to posts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.social.publishing.model import Comment, Review, Version
from dure.social.publishing.store import as_json, of_json
from dure.state import Tx

_KEPT = 100


async def add_version(tx: Tx, workspace: str, plan: uuid.UUID, made: Version) -> None:
    """The newest hundred are kept."""
    await tx.run(
        "insert into social.post_version (workspace, id, plan, version, at, by, content, aside)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (workspace, made.id, plan, made.version, made.at, made.by, Jsonb(as_json(made.content)), made.aside),
    )
    await tx.run(
        "delete from social.post_version where workspace = %(w)s and plan = %(p)s and id in (select id from"
        " social.post_version where workspace = %(w)s and plan = %(p)s order by at desc, id desc offset %(n)s)",
        {"w": workspace, "p": plan, "n": _KEPT},
    )


async def versions(tx: Tx, workspace: str, plan: uuid.UUID) -> list[Version]:
    """Newest first."""
    rows = await tx.rows(
        "select id, version, at, by, content, aside from social.post_version where workspace = %s and plan = %s"
        " order by at desc, id desc", (workspace, plan),
    )  # fmt: skip
    return [Version(**row | {"content": of_json(row["content"])}) for row in rows]


async def add_review(tx: Tx, workspace: str, made: Review) -> None:
    """In the place of one that is open: what was asked before is asked no more."""
    await drop_reviews(tx, workspace, made.plan)
    await tx.run(
        "insert into social.post_review (workspace, id, plan, hash, asked_by, asked_at, note)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (workspace, made.id, made.plan, made.hash, made.asked_by, made.asked_at, made.note),
    )


async def drop_reviews(tx: Tx, workspace: str, plan: uuid.UUID) -> None:
    """An open request ends with what it was about."""
    await tx.run(
        "delete from social.post_review where workspace = %s and plan = %s and decision = ''", (workspace, plan)
    )


async def reviews(tx: Tx, workspace: str, plan: uuid.UUID) -> list[Review]:
    """Newest first."""
    rows = await tx.rows(
        "select id, plan, hash, asked_by, asked_at, note, decision, decided_by, decided_at, comment"
        " from social.post_review where workspace = %s and plan = %s order by asked_at desc, id desc limit 50",
        (workspace, plan),
    )
    return [Review(**row) for row in rows]


async def asked(tx: Tx, workspace: str, plans: Sequence[uuid.UUID]) -> dict[uuid.UUID, Review]:
    """The open request of each plan that has one."""
    rows = await tx.rows(
        "select id, plan, hash, asked_by, asked_at, note, decision, decided_by, decided_at, comment"
        " from social.post_review where workspace = %s and plan = any(%s) and decision = ''",
        (workspace, list(plans)),
    )
    return {row["plan"]: Review(**row) for row in rows}


async def decide(tx: Tx, workspace: str, made: Review) -> None:
    await tx.run(
        "update social.post_review set decision = %s, decided_by = %s, decided_at = %s, comment = %s"
        " where workspace = %s and id = %s",
        (made.decision, made.decided_by, made.decided_at, made.comment, workspace, made.id),
    )


async def writers(tx: Tx, workspace: str, plan: uuid.UUID) -> set[str]:
    """Everybody whose text it ever was."""
    rows = await tx.rows(
        "select distinct by from social.post_version where workspace = %s and plan = %s and not aside",
        (workspace, plan),
    )
    return {row["by"] for row in rows}


async def add_comment(tx: Tx, workspace: str, made: Comment) -> None:
    await tx.run(
        "insert into social.post_comment (workspace, id, plan, source, by, at, text) values (%s, %s, %s, %s, %s, %s,"
        " %s)", (workspace, made.id, made.plan, made.source, made.by, made.at, made.text),
    )  # fmt: skip


async def comments(tx: Tx, workspace: str, plan: uuid.UUID) -> list[Comment]:
    rows = await tx.rows(
        "select id, plan, source, by, at, text, done from social.post_comment where workspace = %s and plan = %s"
        " order by at, id", (workspace, plan),
    )  # fmt: skip
    return [Comment(**row) for row in rows]


async def comment_done(tx: Tx, workspace: str, plan: uuid.UUID, id: uuid.UUID, done: bool) -> Comment | None:
    row = await tx.row(
        "update social.post_comment set done = %s where workspace = %s and plan = %s and id = %s"
        " returning id, plan, source, by, at, text, done", (done, workspace, plan, id),
    )  # fmt: skip
    return None if row is None else Comment(**row)


# -- what came back ----------------------------------------------------------------------------------------------------


async def answers(tx: Tx, workspace: str, network: str, reference: str, limit: int) -> Sequence[Mapping[str, Any]]:
    """Mentions in a post's thread, oldest first."""
    return await tx.rows(
        "select id, author, handle, text, posted_at, sentiment, url from social.mention where workspace = %(w)s"
        " and network = %(n)s and (thread = %(r)s or parent = %(r)s) and external <> %(r)s"
        " order by posted_at, id limit %(l)s",
        {"w": workspace, "n": network, "r": reference, "l": limit},
    )  # fmt: skip


async def answered(tx: Tx, workspace: str, posts: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """How many mentions of others stand in the thread of each post: a network, and its id of it."""
    rows = await tx.rows(
        "select r.net, r.ref, (select count(*) from social.mention m where m.workspace = %(w)s and m.network = r.net"
        " and m.thread = r.ref and m.external <> r.ref and not m.own) + (select count(*) from social.mention m"
        " where m.workspace = %(w)s and m.network = r.net and m.parent = r.ref and m.parent <> '' and m.thread <> r.ref"
        " and not m.own) as n"
        " from unnest(%(nets)s::text[], %(refs)s::text[]) as r (net, ref)",
        {"w": workspace, "nets": [net for net, _ in posts], "refs": [ref for _, ref in posts]},
    )
    return {(row["net"], row["ref"]): row["n"] for row in rows}


async def past(tx: Tx, workspace: str, since: datetime, until: datetime) -> Sequence[Mapping[str, Any]]:
    """What was said in a range: when, where, and the network's id of it."""
    return await tx.rows(
        "select plan, source, reference, said_at from social.post_variant where workspace = %s and said_at >= %s"
        " and said_at < %s order by said_at", (workspace, since, until),
    )  # fmt: skip
