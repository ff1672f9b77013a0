"""Links by which an invitation is opened on the other server, in PostgreSQL: on the side that offers and the other."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from dure.state import Tx


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


async def make(tx: Tx, partner: str, invite: str, at: datetime, *, by_letter: bool) -> str:
    """A new link's secret. It is kept only where a letter is to carry it, until that has gone."""
    secret = secrets.token_urlsafe(24)
    await tx.run(
        "insert into channels.partner_link (hash, partner, invite, secret, made_at) values (%s, %s, %s, %s, %s)",
        (hash_of(secret), partner, invite, secret if by_letter else "", at),
    )
    return secret


async def keep(tx: Tx, partner: str, invite: str, hash: str, at: datetime) -> None:
    """The other side told of a link of its invitation."""
    await tx.run(
        "insert into channels.partner_link (hash, partner, invite, made_at) values (%s, %s, %s, %s)"
        " on conflict do nothing",
        (hash, partner, invite, at),
    )


async def of(tx: Tx, invite: str) -> str:
    """The hash of an invitation's link; "" where it has none."""
    found: str | None = await tx.value("select hash from channels.partner_link where invite = %s limit 1", (invite,))
    return found or ""


async def opened(tx: Tx, org: str, secret: str) -> str | None:
    """The invitation that a link opens, of a partner of this organisation."""
    found: str | None = await tx.value(
        "select l.invite from channels.partner_link l join channels.partner p on p.id = l.partner"
        " where l.hash = %s and p.org = %s and p.state = 'active'",
        (hash_of(secret), org),
    )
    return found


async def letter(tx: Tx) -> dict[str, Any] | None:
    """A link that a letter is to carry, of an invitation that has gone out; nobody else takes the same."""
    return await tx.row(
        "select l.hash, l.secret, l.invite, l.partner, l.tries from channels.partner_link l"
        " join channels.invite i on i.id = l.invite and i.state = 'sent' where l.secret <> ''"
        " order by l.tries, l.made_at limit 1 for update of l skip locked"
    )


async def tried(tx: Tx, hash: str, *, over: bool) -> None:
    """A letter was given to the post; `over`: it is not tried again, and its secret is forgotten."""
    await tx.run(
        "update channels.partner_link set tries = tries + 1, secret = case when %s then '' else secret end"
        " where hash = %s",
        (over, hash),
    )


async def forget(tx: Tx, before: datetime) -> None:
    """Links of invitations that are over, once nobody opens them to see what became of them."""
    await tx.run(
        "delete from channels.partner_link l where made_at < %s and not exists ("
        " select from channels.invite i where i.id = l.invite and i.state in ('requested', 'sent', 'accepted'))",
        (before,),
    )
