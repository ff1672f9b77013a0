"""Response clocks in PostgreSQL; `workspace` is the home side that is waited for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dure.channels.model import Response, ResponseState
from dure.state import Tx


async def start(tx: Tx, workspace: str, response: Response) -> None:
    await tx.run(
        "insert into channels.response (id, workspace, channel, thread, asked, asked_by, minutes, warn_at, due_at,"
        " state) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (response.id, workspace, response.channel, response.thread, response.asked, response.asked_by,
         response.minutes, response.warn_at, response.due_at, response.state),
    )  # fmt: skip


async def running(tx: Tx, channel: str) -> list[Response]:
    """A channel's clocks that nobody stopped, the longest waiting first."""
    rows = await tx.rows(
        "select * from channels.response where channel = %s and state <> 'answered' order by asked", (channel,)
    )
    return [_response(row) for row in rows]


async def running_of(tx: Tx, workspace: str, channels: Sequence[str]) -> list[Response]:
    rows = await tx.rows(
        "select * from channels.response where workspace = %s and channel = any(%s) and state <> 'answered'"
        " order by asked",
        (workspace, list(channels)),
    )
    return [_response(row) for row in rows]


async def recent(tx: Tx, channel: str, limit: int) -> list[Response]:
    rows = await tx.rows(
        "select * from channels.response where channel = %s order by asked desc limit %s", (channel, limit)
    )
    return [_response(row) for row in rows]


async def answer(tx: Tx, response_id: str, at: datetime, by: str, seconds: float) -> None:
    await tx.run(
        "update channels.response set state = 'answered', answered_at = %s, answered_by = %s, seconds = %s"
        " where id = %s",
        (at, by, seconds, response_id),
    )


async def cancel(tx: Tx, channel: str) -> None:
    """Takes away the running clocks of a channel that is no longer shared or no longer timed."""
    await tx.run("delete from channels.response where channel = %s and state <> 'answered'", (channel,))


async def due(tx: Tx, now: datetime, limit: int) -> list[Response]:
    """Clocks whose next moment has come, for this worker alone."""
    rows = await tx.rows(
        "select * from channels.response where state in ('waiting', 'warned')"
        " and (case state when 'waiting' then warn_at else due_at end) <= %s"
        " order by due_at limit %s for update skip locked",
        (now, limit),
    )
    return [_response(row) for row in rows]


async def home_of(tx: Tx, response_id: str) -> dict[str, Any]:
    """The home side's workspace and organisation of a clock."""
    row = await tx.row(
        "select c.workspace, c.org from channels.response r join channels.conversation c on c.id = r.channel"
        " where r.id = %s",
        (response_id,),
    )
    assert row is not None  # noqa: S101
    return row


async def set_state(tx: Tx, response_id: str, state: ResponseState) -> None:
    await tx.run("update channels.response set state = %s where id = %s", (state, response_id))


def _response(row: dict[str, Any]) -> Response:
    return Response(
        str(row["id"]), row["channel"], row["thread"], row["asked"], row["asked_by"], row["minutes"], row["warn_at"],
        row["due_at"], row["state"], row["answered_at"], row["answered_by"], row["seconds"],
    )  # fmt: skip
