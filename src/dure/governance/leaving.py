"""The end of somebody's access to a workspace: seat, sessions and tokens, at once, and every socket is told."""

from __future__ import annotations

from datetime import datetime

from dure.feed.api import append
from dure.governance import events, store
from dure.governance.model import Principal
from dure.kernel.clock import Clock
from dure.state import Tx


async def leave_in(tx: Tx, principal: Principal, clock: Clock, user: str, name: str, role: str, by: str = "") -> None:
    """Ends the access to the principal's workspace, within an act that has checked who may.

    Each token's end is an event, by which sockets that were opened with it close and apps hear of it; sessions' sockets
    close by that of the person.
    """
    workspace, now = principal.tenant.workspace, clock.now()
    for token in await _tokens(tx, workspace, user, now):
        about = {name: token[name] for name in ("kind", "user", "app")}
        await append(tx, events.governance_event(principal, clock, events.TOKEN_REVOKED, "token", token["id"], about))
    await store.unseat(tx, workspace, user, now)
    told = {"name": name, "role": role, **({"by": by} if by else {})}
    await append(tx, events.governance_event(principal, clock, events.USER_DEACTIVATED, "user", user, told))


async def _tokens(tx: Tx, workspace: str, user: str, at: datetime) -> list[dict[str, str]]:
    return await tx.rows(
        "update governance.token set revoked_at = %s where account = %s and workspace = %s and revoked_at is null"
        " returning id::text, kind, coalesce(account, '') as user, coalesce(app, '') as app",
        (at, user, workspace),
    )
