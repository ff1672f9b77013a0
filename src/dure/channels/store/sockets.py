"""Tickets and open sockets in PostgreSQL: who may open one, and how many an app has in all processes.

Liveness goes by the database's own clock, so that processes need not agree on the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dure.channels.delivery.model import Ticket
from dure.state import Tx

# A process says this often that it lives; without a word for the second it is taken for dead.
ALIVE = 5.0
_DEAD = "20 seconds"


async def add_ticket(tx: Tx, digest: bytes, ticket: Ticket, expires: datetime) -> None:
    await tx.run("set local synchronous_commit = off")
    await tx.run(
        "insert into channels.ticket (digest, app, token, expires_at) values (%s, %s, %s, %s)",
        (digest, ticket.app, ticket.token, expires),
    )


async def take_ticket(tx: Tx, digest: bytes, now: datetime) -> Ticket | None:
    """Uses a ticket up."""
    row = await tx.row(
        "delete from channels.ticket where digest = %s returning app, token, expires_at > %s as good", (digest, now)
    )
    return Ticket(row["app"], row["token"]) if row and row["good"] else None


async def forget_tickets(tx: Tx, now: datetime) -> None:
    await tx.run("delete from channels.ticket where expires_at < %s", (now,))


async def revoke_tickets(tx: Tx, token: str) -> None:
    await tx.run("delete from channels.ticket where token = %s", (token,))


async def open_socket(tx: Tx, id: str, app: str, process: str, most: int) -> tuple[int, list[str]]:
    """Adds a socket; how many the app then has, and the oldest beyond `most`, which are to be closed."""
    await tx.run("select pg_advisory_xact_lock(hashtext('channels.socket'), hashtext(%s))", (app,))
    await tx.run("insert into channels.socket (id, app, process) values (%s, %s, %s)", (id, app, process))
    rows = await tx.rows(
        "select id::text as id from channels.socket where app = %s"
        f" and seen_at > clock_timestamp() - interval '{_DEAD}' order by opened_at desc",
        (app,),
    )
    return min(len(rows), most), [row["id"] for row in rows[most:]]


async def close_socket(tx: Tx, id: str) -> None:
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
