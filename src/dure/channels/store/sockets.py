"""Tickets and open sockets in PostgreSQL: who may open one, and how many an app has in all processes.

Liveness goes by the database's own clock, so that processes need not agree on the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dure.channels.delivery.model import Ticket
from dure.state import State, Tx

# A process says this often that it lives; without a word for the second it is taken for dead.
ALIVE = 5.0
_DEAD = "20 seconds"


async def add_ticket(state: State, digest: bytes, ticket: Ticket, expires: datetime) -> None:
    """In one way to the database and back, without waiting for the disk: a thousand may be asked for at once."""
    await state.at_once(
        "with quick as materialized (select set_config('synchronous_commit', 'off', true))"
        " insert into channels.ticket (digest, app, token, expires_at)"
        " select %(digest)s, %(app)s, %(token)s, %(expires)s from quick",
        {"digest": digest, "app": ticket.app, "token": ticket.token, "expires": expires},
    )


async def take_ticket(tx: Tx, digest: bytes, now: datetime) -> Ticket | None:
    """Uses a ticket up; the rest of the transaction does not wait for the disk either."""
    row = await tx.row(
        "with quick as materialized (select set_config('synchronous_commit', 'off', true))"
        " delete from channels.ticket where digest = %s and exists (select from quick)"
        " returning app, token, expires_at > %s as good",
        (digest, now),
    )
    return Ticket(row["app"], row["token"]) if row and row["good"] else None


async def forget_tickets(tx: Tx, now: datetime) -> None:
    await tx.run("delete from channels.ticket where expires_at < %s", (now,))


async def revoke_tickets(tx: Tx, token: str) -> None:
    await tx.run("delete from channels.ticket where token = %s", (token,))


async def open_socket(tx: Tx, id: str, app: str, process: str, most: int) -> tuple[int, list[str]]:
    """Adds a socket; how many the app then has, and the oldest beyond `most`, which are to be closed."""
    await tx.run("select pg_advisory_xact_lock(hashtext('channels.socket'), hashtext(%s))", (app,))
    rows = await tx.rows(
        "with mine as (insert into channels.socket (id, app, process) values (%(id)s, %(app)s, %(process)s))"
        " select id::text as id from channels.socket where app = %(app)s"
        f" and seen_at > clock_timestamp() - interval '{_DEAD}' order by opened_at desc",
        {"id": id, "app": app, "process": process},
    )
    return min(len(rows) + 1, most), [row["id"] for row in rows[most - 1 :]]


async def close_socket(tx: Tx, id: str) -> None:
    await tx.run("set local synchronous_commit = off")
    await tx.run("delete from channels.socket where id = %s", (id,))


async def count(tx: Tx, app: str) -> int:
    found: int = await tx.value(
        f"select count(*) from channels.socket where app = %s and seen_at > clock_timestamp() - interval '{_DEAD}'",
        (app,),
    )
    return found


async def keep_alive(tx: Tx, ids: Sequence[str]) -> None:
    """Says that these sockets live, and forgets those of processes that have died."""
    await tx.run("update channels.socket set seen_at = clock_timestamp() where id = any(%s::uuid[])", (list(ids),))
    await tx.run(f"delete from channels.socket where seen_at < clock_timestamp() - interval '{_DEAD}'")
