"""Partners in PostgreSQL."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dure.channels.federation.model import Partner
from dure.state import Tx

_SOON = timedelta(seconds=1)

_PARTNER = """
select p.*, (select count(*) from channels.partner_entry e where e.partner = p.id) as waiting from channels.partner p
"""


async def add(tx: Tx, one: Partner, code_key: bytes | None) -> None:
    await tx.run(
        "insert into channels.partner (id, org, workspace, state, pairing, address, name, stranger, code_key,"
        " code_until, their_key, our_key, made_by, made_at) values"
        " (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (one.id, one.org, one.workspace, one.state, one.pairing, one.address, one.name, one.stranger, code_key,
         one.code_until, one.their_key or None, one.our_key, one.made_by, one.made_at),
    )  # fmt: skip


async def of(tx: Tx, org: str) -> list[Partner]:
    """An organisation's partners, the oldest first."""
    return [_partner(row) for row in await tx.rows(f"{_PARTNER} where p.org = %s order by p.made_at, p.id", (org,))]


async def find(tx: Tx, id: str, *, lock: bool = False) -> Partner | None:
    """One by its id; locked, the next who locks it waits, and who writes an entry for it does not."""
    row = await tx.row(f"{_PARTNER} where p.id = %s {'for no key update of p' if lock else ''}", (id,))
    return None if row is None else _partner(row)


async def paired(tx: Tx, pairing: str, *, lock: bool = False) -> Partner | None:
    """One by the partnership's name on both servers."""
    row = await tx.row(f"{_PARTNER} where p.pairing = %s {'for no key update of p' if lock else ''}", (pairing,))
    return None if row is None else _partner(row)


async def offered(tx: Tx, now: datetime) -> list[tuple[str, bytes]]:
    """Codes that were shown and may still be used: (partner, key)."""
    rows = await tx.rows(
        "select id, code_key from channels.partner where state = 'offered' and code_until > %s for update", (now,)
    )
    return [(row["id"], bytes(row["code_key"])) for row in rows]


async def forget_offers(tx: Tx, org: str) -> None:
    await tx.run("delete from channels.partner where org = %s and state = 'offered'", (org,))


async def pair(tx: Tx, one: Partner) -> None:
    """A code was used: who the partner is."""
    await tx.run(
        "update channels.partner set state = 'compare', code_key = null, code_until = null, pairing = %s, address = %s,"
        " name = %s, stranger = %s, their_key = %s, our_key = %s where id = %s",
        (one.pairing, one.address, one.name, one.stranger, one.their_key, one.our_key, one.id),
    )


async def confirm(tx: Tx, id: str, at: datetime) -> None:
    await tx.run("update channels.partner set state = 'active', confirmed_at = %s where id = %s", (at, id))


async def end(tx: Tx, id: str, at: datetime) -> None:
    await tx.run("update channels.partner set state = 'ended', ended_at = %s where id = %s", (at, id))


async def set_our_key(tx: Tx, id: str, key: str) -> None:
    await tx.run("update channels.partner set our_key = %s where id = %s", (key, id))


async def set_their_key(tx: Tx, id: str, key: bytes, following: bytes | None) -> None:
    await tx.run("update channels.partner set their_key = %s, their_next = %s where id = %s", (key, following, id))


async def keys_used(tx: Tx) -> set[str]:
    rows = await tx.rows("select distinct our_key from channels.partner where state <> 'ended'")
    return {row["our_key"] for row in rows}


async def active(tx: Tx) -> list[str]:
    rows = await tx.rows("select id from channels.partner where state = 'active' order by id")
    return [row["id"] for row in rows]


async def due(tx: Tx, now: datetime) -> list[str]:
    """Partners for whom something waits that may be sent now."""
    rows = await tx.rows(
        "select id from channels.partner p where state in ('active', 'ended') and due_at <= %s"
        " and exists (select from channels.partner_entry e where e.partner = p.id) order by id",
        (now,),
    )
    return [row["id"] for row in rows]


async def received(tx: Tx, id: str, n: int, ahead: int, at: datetime) -> None:
    """How far we are with what they send, and how much of it they still have. Who is heard is reached again soon."""
    await tx.run(
        "update channels.partner set received = %s, ahead = %s, heard_at = %s, due_at = least(due_at, %s)"
        " where id = %s",
        (n, ahead, at, at + _SOON, id),
    )


async def answered(tx: Tx, id: str, at: datetime) -> None:
    await tx.run(
        "update channels.partner set heard_at = %s, tries = 0, due_at = 'epoch', error = '' where id = %s",
        (at, id),
    )


async def failed(tx: Tx, id: str, due: datetime, why: str) -> None:
    await tx.run(
        "update channels.partner set tries = tries + 1, due_at = %s, error = %s where id = %s", (due, why[:500], id)
    )


async def restored(tx: Tx, id: str, who: str, at: datetime) -> None:
    """One of the two sides, `we` or `they`, has lost what it knew: it stands on an older backup."""
    await tx.run("update channels.partner set restored = %s, restored_at = %s where id = %s", (who, at, id))


async def refuse(tx: Tx, id: str, n: int, kind: str, why: str, at: datetime) -> None:
    """Notes an entry of theirs that could not be done."""
    await tx.run(
        "insert into channels.partner_refused (partner, n, kind, why, at) values (%s, %s, %s, %s, %s)"
        " on conflict do nothing",
        (id, n, kind, why[:300], at),
    )


async def refused(tx: Tx, id: str, limit: int = 20) -> list[dict[str, Any]]:
    """The newest entries of theirs that could not be done."""
    return await tx.rows(
        "select n, kind, why, at from channels.partner_refused where partner = %s order by n desc limit %s", (id, limit)
    )


async def nonce(tx: Tx, id: str, nonce: str, until: datetime) -> bool:
    """Keeps a word that is said once; False where it was said."""
    return bool(
        await tx.run(
            "insert into channels.partner_nonce (partner, nonce, until) values (%s, %s, %s) on conflict do nothing",
            (id, nonce, until),
        )
    )


async def forget(tx: Tx, now: datetime, requests_before: datetime) -> None:
    """What was kept long enough: words that nobody could say again, requests that ended long ago."""
    await tx.run("delete from channels.partner_nonce where until < %s", (now,))
    await tx.run("delete from channels.partner_request where ended_at < %s", (requests_before,))
    await tx.run("delete from channels.partner where state = 'offered' and code_until < %s", (requests_before,))


def _partner(row: dict[str, Any]) -> Partner:
    return Partner(
        row["id"], row["org"], row["workspace"], row["state"], row["pairing"], row["address"], row["name"],
        row["stranger"], bytes(row["their_key"] or b""), bytes(row["their_next"] or b""), row["our_key"],
        row["made_by"], row["made_at"], row["code_until"], row["confirmed_at"], row["ended_at"], row["sent"],
        row["acked"], row["received"], row["ahead"], row["heard_at"], row["tries"], row["due_at"], row["error"],
        row["restored"], row["restored_at"], row["waiting"],
    )  # fmt: skip
