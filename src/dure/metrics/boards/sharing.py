"""Links to a board for people without an account: what they open, and that they open nothing else.

A link speaks for whoever made it, within one board and one bar: when its maker leaves or may no longer share, it ends.
Whoever holds it never chooses filters, which could ask about a person by the back door, and never sees who is behind a
number unless the maker, who must be allowed to take people's data out, said so.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from dure.feed.api import append
from dure.governance.api import Governance, Principal, access, allowed
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.metrics.api import Metrics
from dure.metrics.boards import events as told
from dure.metrics.boards import store as board_store
from dure.metrics.boards.api import Boards, tile_of
from dure.metrics.boards.bar import read_bar
from dure.metrics.boards.model import Share
from dure.metrics.events import metrics_event
from dure.metrics.model import Board
from dure.state import State

_SHARE, _PEOPLE = "metrics:share", "people:export"
# What a reader outside has no business with: conditions may name people, and makers are colleagues.
_INSIDE = frozenset({"where", "segment", "actors", "created_by", "history"})
_AT_ONCE = 4


class Shares:
    """Makes, lists and ends links, and answers for them."""

    def __init__(self, state: State, clock: Clock, governance: Governance, metrics: Metrics, boards: Boards) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._metrics = metrics
        self._boards = boards
        # Strangers' questions wait for one another, not colleagues for strangers.
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def share(
        self, principal: Principal, board: str, bar: Mapping[str, Any], *, any_range: bool = False,
        people: bool = False, expires_at: datetime | None = None,
    ) -> tuple[Share, str]:  # fmt: skip
        """A new link and its secret, which is shown this once."""
        access(principal, _SHARE)
        if people:
            access(principal, _PEOPLE)
        if not principal.user:
            raise Invalid("A link is made by a person: it ends when they leave.", field="caller")
        now = self._clock.now()
        if expires_at is not None and (expires_at.tzinfo is None or expires_at <= now):
            raise Invalid("A link ends in the future, at a time with its zone.", field="expires_at")
        kept = read_bar(dict(bar))
        found = await self._boards.board(principal, board)
        secret = secrets.token_urlsafe(32)
        share = Share(
            id=str(uuid7()), board=found.id, bar=kept, any_range=any_range, people=people, hint=secret[:6],
            created_by=principal.actor, created_at=now, expires_at=expires_at,
        )  # fmt: skip
        async with self._state.begin(principal.tenant) as tx:
            tenant = principal.tenant
            await board_store.add_share(tx, tenant.org, tenant.workspace, share, _digest(secret))
            about = {"share": share.id, "people": people, "any_range": any_range,
                     "expires": expires_at.isoformat() if expires_at else ""}  # fmt: skip
            await append(tx, metrics_event(principal, self._clock, told.SHARED, "board", board, about))
        return share, secret

    async def shares(self, principal: Principal, board: str) -> list[Share]:
        """A board's links, newest first, never their secrets."""
        access(principal, _SHARE)
        await self._boards.board(principal, board)
        async with self._state.begin(principal.tenant) as tx:
            return await board_store.shares(tx, principal.tenant.workspace, board)

    async def revoke(self, principal: Principal, board: str, id: str) -> None:
        """Ends a link at once."""
        access(principal, _SHARE)
        async with self._state.begin(principal.tenant) as tx:
            if not await board_store.revoke_share(tx, principal.tenant.workspace, board, id, self._clock.now()):
                raise NotFound("There is no such link, or it was revoked before.", field="share")
            about = {"share": id}
            await append(tx, metrics_event(principal, self._clock, told.SHARE_REVOKED, "board", board, about))

    # -- whoever holds a link ---------------------------------------------------------------------------------------

    async def house(self, secret: str) -> dict[str, str]:
        """Whose board it is, for the page's frame; looking does not count as a use. NotFound as ever."""
        principal, _, _ = await self._opened(secret)
        space = await self._governance.workspace(principal.tenant)
        return {"name": space.name, "timezone": space.timezone, "currency": space.currency}

    async def open(self, secret: str) -> dict[str, Any]:
        """The board's name and places, without a number yet; counted as one use."""
        principal, share, board = await self._opened(secret)
        house, now = await self.house(secret), self._clock.now()
        acting = self._governance.system(principal.tenant, "shared link")
        async with self._state.begin(principal.tenant) as tx:
            uses = await board_store.count_use(tx, principal.tenant.workspace, share.id, now)
            about = {"share": share.id, "uses": uses}
            await append(tx, metrics_event(acting, self._clock, told.SHARE_OPENED, "board", board.id, about))
        from_, to = share.bar.range(now, house["timezone"])
        places = [
            {
                "size": tile.size, "look": tile.look, "title_ko": tile.title_ko, "title_en": tile.title_en,
                "kind": "text" if tile.text is not None else "metric" if tile.metric else (tile.question or {})["kind"],
            }
            for tile in board.tiles
        ]  # fmt: skip
        return {
            "name_ko": board.name_ko, "name_en": board.name_en, "tiles": places, "from": from_, "to": to,
            "any_range": share.any_range, "people": share.people, "expires_at": share.expires_at,
            "workspace": house,
        }  # fmt: skip

    async def tile(self, secret: str, number: int, from_: str | None, to: str | None) -> dict[str, Any]:
        """One tile's numbers, without what is not for outside."""
        principal, share, board = await self._opened(secret)
        self._readable(share, board, number)
        bar = share.bar
        if from_ or to:
            if not share.any_range:
                raise Invalid("The range of this link is fixed.", field="from" if from_ else "to")
            bar = read_bar(msgspec.to_builtins(msgspec.structs.replace(bar, last=None, from_=from_, to=to)))
        async with self._turn:
            shown = await self._boards.answered(principal, board, number, bar)
        return shown if share.people else _outside(shown)

    async def behind(self, secret: str, number: int, cell: Mapping[str, Any], from_: str | None, to: str | None) -> Any:
        """Who is behind one number, where the link allows that; else there is nothing here."""
        principal, share, _ = await self._opened(secret)
        if not share.people:
            raise NotFound
        shown = await self.tile(secret, number, from_, to)
        if "question" not in shown:
            raise NotFound
        async with self._turn:
            return await self._metrics.rows_behind(principal, shown["question"], cell)

    async def _opened(self, secret: str) -> tuple[Principal, Share, Board]:
        """The maker as the link's principal, the link and its board. Every way in which it does not hold is the same
        NotFound, so that nothing is learned by trying."""
        async with self._state.begin_system() as tx:
            found = await board_store.share_by(tx, _digest(secret), self._clock.now())
        if found is None:
            raise NotFound
        org, workspace, share = found
        maker = await self._governance.user(Tenant(org, workspace), share.created_by)
        principal = Principal(Tenant(org, workspace), maker.id, maker.role)
        if maker.deleted or not allowed(principal, _SHARE) or (share.people and not allowed(principal, _PEOPLE)):
            raise NotFound
        return principal, share, await self._boards.board(principal, share.board)

    def _readable(self, share: Share, board: Board, number: int) -> None:
        tile = tile_of(board, number)
        # Rows of SQL may be people; nobody can tell by looking at the statement.
        if tile.question is not None and tile.question["kind"] == "sql" and not share.people:
            raise NotFound


def _outside(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _outside(one) for name, one in value.items() if name not in _INSIDE}
    return [_outside(one) for one in value] if isinstance(value, list | tuple) else value


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
