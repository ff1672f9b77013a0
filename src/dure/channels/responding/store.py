"""Response clocks in PostgreSQL; `workspace` is the home side that is waited for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from dure.channels.model import Response
from dure.state import Tx

_OPEN = "state <> 'answered'"


async def start(tx: Tx, workspace: str, clock: Response) -> None:
    await tx.run(
        "insert into channels.response (id, workspace, channel, thread, asked, asked_by, minutes, warn_at, due_at,"
        " state, kind, asked_team, asked_org) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (clock.id, workspace, clock.channel, clock.thread, clock.asked, clock.asked_by, clock.minutes, clock.warn_at,
         clock.due_at, clock.state, clock.kind, clock.asked_team, clock.asked_org),
    )  # fmt: skip


async def keep(tx: Tx, workspace: str, clock: Response) -> None:
    """The clock as it stands now."""
    await tx.run(
        "update channels.response set warn_at = %s, due_at = %s, state = %s, answered_at = %s, answered_by = %s,"
        " seconds = %s, open_seconds = %s, within = %s, seen_at = %s, seen_by = %s, paused_at = %s, paused_by = %s,"
        " left_seconds = %s, escalated_at = %s, escalated_to = %s where id = %s and workspace = %s",
        (clock.warn_at, clock.due_at, clock.state, clock.answered_at, clock.answered_by, clock.seconds,
         clock.open_seconds, clock.within, clock.seen_at, clock.seen_by, clock.paused_at, clock.paused_by, clock.left,
         clock.escalated_at, list(clock.escalated_to), clock.id, workspace),
    )  # fmt: skip


async def running(tx: Tx, channel: str) -> list[Response]:
    """A channel's clocks that nobody stopped, the longest waiting first."""
    rows = await tx.rows(f"select * from channels.response where channel = %s and {_OPEN} order by asked", (channel,))
    return [_response(row) for row in rows]


async def running_of(tx: Tx, workspace: str, channels: Sequence[str]) -> list[Response]:
    rows = await tx.rows(
        f"select * from channels.response where workspace = %s and channel = any(%s) and {_OPEN} order by asked",
        (workspace, list(channels)),
    )
    return [_response(row) for row in rows]


async def recent(tx: Tx, channel: str, limit: int) -> list[Response]:
    rows = await tx.rows(
        "select * from channels.response where channel = %s order by asked desc limit %s", (channel, limit)
    )
    return [_response(row) for row in rows]


async def one(tx: Tx, workspace: str, clock: str) -> Response | None:
    """A clock by its id; lock its conversation before it is changed."""
    row = await tx.row("select * from channels.response where id::text = %s and workspace = %s", (clock, workspace))
    return None if row is None else _response(row)


async def at(tx: Tx, workspace: str, channel: str, asked: int) -> Response | None:
    """The clock of a question, running or stopped."""
    row = await tx.row(
        "select * from channels.response where workspace = %s and channel = %s and asked = %s",
        (workspace, channel, asked),
    )
    return None if row is None else _response(row)


async def cancel(tx: Tx, channel: str) -> None:
    """Takes away the running clocks of a channel that is no longer shared or no longer timed."""
    await tx.run(f"delete from channels.response where channel = %s and {_OPEN}", (channel,))


async def drop(tx: Tx, workspace: str, clock: Response) -> None:
    """Takes one away whose question is not there any more."""
    await tx.run("delete from channels.response where id = %s and workspace = %s", (clock.id, workspace))


async def said_after(
    tx: Tx, channel: str, thread: int, after: int, teams: Collection[str], guests: Collection[str]
) -> list[tuple[int, str]]:
    """What people from outside said in a place after a moment, the oldest first: when, and how it begins."""
    rows = await tx.rows(
        "select ts, left(text, 2000) as text from channels.message where channel = %s and coalesce(thread, 0) = %s"
        " and ts > %s and not deleted and app = '' and subtype = ''"
        " and (team <> all(%s) or account = any(%s)) order by ts limit 50",
        (channel, thread, after, list(teams), list(guests)),
    )
    return [(row["ts"], row["text"]) for row in rows]


async def due(tx: Tx, now: datetime, limit: int) -> list[tuple[str, str, Response]]:
    """Clocks whose next moment has come, for this worker alone, with the home side's workspace and organisation."""
    rows = await tx.rows(
        "select r.*, c.org from channels.response r join channels.conversation c on c.id = r.channel"
        " where r.state in ('waiting', 'warned')"
        " and (case r.state when 'waiting' then r.warn_at else r.due_at end) <= %s"
        " order by r.due_at limit %s for update of r skip locked",
        (now, limit),
    )
    return [(row["workspace"], row["org"], _response(row)) for row in rows]


async def spoke(
    tx: Tx, channel: str, thread: int | None, teams: Collection[str], guests: Collection[str], since: int
) -> bool:
    """Whether a person of the home side has written in a thread, or since a moment at the top level."""
    found: bool = await tx.value(
        "select exists (select from channels.message where channel = %(channel)s and team = any(%(teams)s)"
        " and account <> all(%(guests)s) and app = '' and subtype = '' and not deleted"
        " and case when %(thread)s::bigint is null then thread is null and ts >= %(since)s"
        " else thread = %(thread)s or ts = %(thread)s end)",
        {"channel": channel, "teams": list(teams), "guests": list(guests), "thread": thread, "since": since},
    )
    return found


async def readers(tx: Tx, workspace: str, clocks: Sequence[Response]) -> dict[str, list[str]]:
    """By clock who of the home side has read as far as the question, the first to join first."""
    rows = await tx.rows(
        "select r.id::text as id, array_agg(m.account order by m.joined_at) as readers from channels.response r"
        " join channels.membership m on m.channel = r.channel and m.workspace = r.workspace"
        " left join channels.following f on f.channel = r.channel and f.thread = r.thread and f.account = m.account"
        " where r.workspace = %s and r.id = any(%s::uuid[])"
        " and case when r.thread = 0 then m.last_read else coalesce(f.last_read, 0) end >= r.asked group by r.id",
        (workspace, [clock.id for clock in clocks]),
    )
    return {row["id"]: row["readers"] for row in rows}


def _response(row: dict[str, Any]) -> Response:
    return Response(
        str(row["id"]), row["channel"], row["thread"], row["asked"], row["asked_by"], row["minutes"], row["warn_at"],
        row["due_at"], row["state"], row["answered_at"], row["answered_by"], row["seconds"], row["kind"],
        row["asked_team"], row["asked_org"], row["open_seconds"], row["within"], row["seen_at"], row["seen_by"],
        row["paused_at"], row["paused_by"], row["left_seconds"], row["escalated_at"], tuple(row["escalated_to"]),
    )  # fmt: skip
