"""What people did in channels whose home is elsewhere, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.channels.federation.model import Request
from dure.state import Tx

CHANNEL = "dure_federation_answers"


async def add(tx: Tx, one: Request) -> None:
    await tx.run(
        "insert into channels.partner_request (id, partner, workspace, account, channel, what, subject, body, state,"
        " made_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (one.id, one.partner, one.workspace, one.account, one.channel, one.what, one.subject, Jsonb(one.body),
         one.state, one.made_at),
    )  # fmt: skip


async def find(tx: Tx, id: str) -> Request | None:
    row = await tx.row("select * from channels.partner_request where id = %s", (id,))
    return None if row is None else _request(row)


async def said(tx: Tx, channel: str, subject: str) -> Request | None:
    """A message that waits under this client id."""
    row = await tx.row(
        "select * from channels.partner_request where channel = %s and subject = %s and what = 'post'"
        " and state <> 'done' order by made_at desc limit 1",
        (channel, subject),
    )
    return None if row is None else _request(row)


async def about(tx: Tx, channel: str, subject: str) -> Request | None:
    """The newest about an invitation."""
    row = await tx.row(
        "select * from channels.partner_request where channel = %s and subject = %s"
        " and what in ('accept', 'approve', 'decline') order by made_at desc, id desc limit 1",
        (channel, subject),
    )
    return None if row is None else _request(row)


async def asked(tx: Tx, partner: str, channel: str, account: str, what: str, subjects: Sequence[str]) -> bool:
    """Whether somebody of here asked for exactly these, each once, and has no answer yet."""
    found = await tx.value(
        "select count(distinct subject) from channels.partner_request where partner = %s and channel = %s"
        " and account = %s and what = %s and subject = any(%s) and state = 'waiting'",
        (partner, channel, account, what, list(subjects)),
    )
    return bool(found == len(subjects))


async def end(tx: Tx, partner: str, id: str, state: str, code: str, why: str, at: datetime) -> Request | None:
    """A request's answer; the request as it was, None where it has one already or is another's."""
    row = await tx.row(
        "update channels.partner_request set state = %s, code = %s, why = %s, ended_at = %s"
        " where id = %s and partner = %s and state = 'waiting' returning *",
        (state, code[:80], why[:300], at, id, partner),
    )
    return None if row is None else _request(row)


async def open_posts(tx: Tx, channel: str, account: str) -> list[Request]:
    """Messages of somebody that are on their way or were refused, the oldest first."""
    rows = await tx.rows(
        "select * from channels.partner_request where channel = %s and account = %s and what = 'post'"
        " and state in ('waiting', 'refused') order by made_at, id",
        (channel, account),
    )
    return [_request(row) for row in rows]


async def drop_refused(tx: Tx, id: str, account: str) -> Request | None:
    row = await tx.row(
        "delete from channels.partner_request where id = %s and account = %s and state = 'refused' returning *",
        (id, account),
    )
    return None if row is None else _request(row)


async def give_up(tx: Tx, partner: str, why: str, at: datetime) -> None:
    """Every request that waits is refused: the partnership ended."""
    await tx.run(
        "update channels.partner_request set state = 'refused', code = 'partnership_ended', why = %s, ended_at = %s"
        " where partner = %s and state = 'waiting'",
        (why, at, partner),
    )


async def brought(tx: Tx, partner: str, channel: str, user: str) -> bool:
    """Whether somebody of here asked to come into a conversation, was to be brought in, or accepted it."""
    return bool(
        await tx.value(
            "select exists (select from channels.partner_request where partner = %s and channel = %s"
            " and state = 'waiting' and ((what in ('join', 'accept') and account = %s)"
            " or (what = 'invite' and body->'users' ? %s)))",
            (partner, channel, user, user),
        )
    )


async def wake(tx: Tx, id: str) -> None:
    """Tells who waits for an answer, in whatever process, that it is there."""
    await tx.run("select pg_notify(%s, %s)", (CHANNEL, id))


def _request(row: dict[str, Any]) -> Request:
    return Request(
        row["id"], row["partner"], row["workspace"], row["account"], row["channel"], row["what"], row["subject"],
        row["body"], row["state"], row["code"], row["why"], row["made_at"],
    )  # fmt: skip
