"""How often somebody may try: counted before the try, by whom it is for and by where it comes from.

Who is not known here is counted as everybody else, so that a refusal tells nothing. An address is a network's: the
last number of IPv4, the lower half of IPv6 counts as one.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from dure.kernel.errors import TooMany
from dure.state import Tx

Kind = Literal["password", "code", "passkey", "reset", "invitation", "provider"]
_LONGEST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limit:
    for_one: int
    from_one: int
    window: timedelta
    told: str


_TEN = timedelta(minutes=10)
LIMITS: Mapping[Kind, Limit] = {
    "password": Limit(10, 100, _TEN, "Too many wrong passwords for this e-mail; try again later."),
    "code": Limit(5, 50, _TEN, "Too many wrong codes; try again later."),
    # These count beginnings, and a company of hundreds behind one address begins its morning at once.
    "passkey": Limit(30, 2_000, _TEN, "Too many tries with passkeys; try again later."),
    "reset": Limit(3, 30, _LONGEST, "Too many letters were asked for; try again later."),
    "invitation": Limit(10, 60, _TEN, "Too many tries with invitations; try again later."),
    "provider": Limit(20_000, 2_000, _TEN, "Too many sign-ins through this provider; try again later."),
}


async def take(tx: Tx, kind: Kind, whom: str, address: str, now: datetime) -> None:
    """Counts a try, or raises TooMany. Tries of one moment wait for each other, so that none slips through."""
    limit, whom, place = LIMITS[kind], whom.casefold()[:254], network(address)
    await _lock(tx, f"{kind} whom {whom}")
    since = now - limit.window
    if await _count(tx, "whom", kind, whom, since) >= limit.for_one:
        raise TooMany(limit.told, retry_after=int(limit.window.total_seconds()))
    if place:
        await _lock(tx, f"{kind} from {place}")
        if await _count(tx, "address", kind, place, since) >= limit.from_one:
            raise TooMany(limit.told, retry_after=int(limit.window.total_seconds()))
    await tx.run("delete from governance.attempt where at < %s", (now - _LONGEST,))
    await tx.run(
        "insert into governance.attempt (kind, whom, address, at) values (%s, %s, %s, %s)", (kind, whom, place, now)
    )


async def forget(tx: Tx, kind: Kind, whom: str) -> None:
    """Whoever got it right begins anew."""
    await tx.run("delete from governance.attempt where kind = %s and whom = %s", (kind, whom.casefold()[:254]))


def network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    prefix = 24 if found.version == 4 else 64
    return str(ipaddress.ip_network((found, prefix), strict=False).network_address)


async def _lock(tx: Tx, name: str) -> None:
    await tx.run("select pg_advisory_xact_lock(hashtext('governance.attempt ' || %s))", (name,))


async def _count(tx: Tx, column: Literal["whom", "address"], kind: Kind, value: str, since: datetime) -> int:
    statement = f"select count(*) from governance.attempt where kind = %s and {column} = %s and at > %s"
    return int(await tx.value(statement, (kind, value, since)))
