"""Links to a board for people without an account: what they open, and that they open nothing else.

A link speaks for whoever made it, within one board and one bar: when its maker leaves or may no longer share, it ends.
Whoever holds it never chooses filters, which could ask about a person by the back door, and never sees who is behind a
number, nor a value of a person's traits, unless the maker, who must be allowed to take people's data out, said so.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Mapping, Sequence
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
from dure.metrics.boards.bar import Bar, narrowed, read_bar
from dure.metrics.boards.model import Share
from dure.metrics.boards.outside import may_name_people, of_any_event, shown_outside
from dure.metrics.events import metrics_event
from dure.metrics.model import Board, Tile
from dure.state import State

_SHARE, _PEOPLE = "metrics:share", "people:export"
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
        if not people and (kept.breakdown or "").startswith("person."):
            raise Invalid("A link that does not show people is not broken down by their traits.", field="bar.breakdown")
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
        hidden = await self._hidden(principal, share, board.tiles)
        places = [
            {
                "size": tile.size, "look": tile.look, "title_ko": tile.title_ko, "title_en": tile.title_en,
                "kind": "text" if tile.text is not None else "metric" if tile.metric else (tile.question or {})["kind"],
                "hidden": not_shown,
            }
            for tile, not_shown in zip(board.tiles, hidden, strict=True)
        ]  # fmt: skip
        return {
            "name_ko": board.name_ko, "name_en": board.name_en, "tiles": places, "from": from_, "to": to,
            "any_range": share.any_range, "people": share.people, "expires_at": share.expires_at,
            "workspace": house,
        }  # fmt: skip

    async def tile(self, secret: str, number: int, from_: str | None, to: str | None) -> dict[str, Any]:
        """One tile's numbers, without what is not for outside."""
        share, shown = await self._answered(secret, number, from_, to)
        outside: dict[str, Any] = shown_outside(shown, people=share.people)
        return outside

    async def behind(self, secret: str, number: int, cell: Mapping[str, Any], from_: str | None, to: str | None) -> Any:
        """Who is behind one number, where the link allows that; else there is nothing here."""
        principal, share, _ = await self._opened(secret)
        if not share.people:
            raise NotFound
        _, shown = await self._answered(secret, number, from_, to)
        if "question" not in shown:
            raise NotFound
        async with self._turn:
            return await self._metrics.rows_behind(principal, shown["question"], cell)

    async def _answered(
        self, secret: str, number: int, from_: str | None, to: str | None
    ) -> tuple[Share, dict[str, Any]]:
        principal, share, board = await self._opened(secret)
        # Asked every time: the board and its metrics may have changed since the link was made.
        if any(await self._hidden(principal, share, [tile_of(board, number)])):
            raise NotFound
        bar = share.bar
        if from_ or to:
            if not share.any_range:
                raise Invalid("The range of this link is fixed.", field="from" if from_ else "to")
            bar = read_bar(msgspec.to_builtins(msgspec.structs.replace(bar, last=None, from_=from_, to=to)))
        async with self._turn:
            return share, await self._boards.answered(principal, board, number, bar)

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

    async def _hidden(self, principal: Principal, share: Share, tiles: Sequence[Tile]) -> list[bool]:
        """Which tiles are not shown by this link, because their values may be people's."""
        if share.people:
            return [False] * len(tiles)
        known = (await self._metrics.measuring(principal)).known
        asked = [({}, None) if tile.text is not None else _asked(tile, share.bar) for tile in tiles]
        telling = [bool(question) and may_name_people(question, known, split) for question, split in asked]
        of_any = [of_any_event(question, known, split) if question else set() for question, split in asked]
        if not any(of_any):
            return telling
        async with self._turn:
            names = {one["name"] for one in await self._metrics.property_names(principal, "Identified")}
        traits = {name.removeprefix("person.") for name in names if name.startswith("person.")}
        return [one or bool(props & traits) for one, props in zip(telling, of_any, strict=True)]


def _asked(tile: Tile, bar: Bar) -> tuple[Mapping[str, Any], str | None]:
    """What a tile asks within a bar, and the property that the bar lays over a metric's own question."""
    if tile.question is not None:
        return narrowed(tile.question, bar, None, None), None
    return {"kind": "metric", "metric": tile.metric}, bar.breakdown


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
