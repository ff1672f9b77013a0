"""A customer's timeline: what their people said, what was shared, and what happened to their deals, as one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from dure.channels.model import ts_text
from dure.customers.gathering import Sources, may_look
from dure.deals.timeline.api import Timeline
from dure.governance.api import Principal
from dure.kernel.errors import Invalid, NotFound
from dure.state import State

__all__ = ["Moment", "Timelines"]

_MOST = 200
_DEALS = 5
# Of a deal's own line everything but what is said in channels and who used the product: channels are asked apart, by
# what the caller may read there.
_KINDS = "stage,change,note,task,meeting,file,delivery,alert,social"
_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Moment:
    """`kind` and `what` as a deal's timeline has them; of channels, kind is message or shared. `about` names the deal
    or the channel."""

    id: str
    at: datetime
    kind: str
    what: str
    actor: str
    actor_name: str
    about: str
    facts: Mapping[str, Any]
    path: str


class Timelines:
    def __init__(self, state: State, sources: Sources, deals: Timeline) -> None:
        self._state = state
        self._sources = sources
        self._deals = deals

    async def of(self, principal: Principal, account: str, limit: int = 50) -> list[Moment]:
        """The newest first. Raises NotFound for no such account."""
        may_look(principal)
        if not 1 <= limit <= _MOST:
            raise Invalid(f"`limit` is 1 to {_MOST}.", field="limit")
        async with self._state.begin(principal.tenant) as tx:
            known = await self._sources.accounts(tx, principal.tenant, [account])
            if account not in known:
                raise NotFound("There is no such customer.", field="account")
            account = str(known[account].get("account", account))
            found = await self._channels(tx, principal, account, limit)
            deals = await self._sources.deals.with_in(tx, principal, account=account, closed_days=365)
            users = {one.id: one for one in await self._sources.governance.users_in(tx, principal.tenant)}
        newest = sorted(deals, key=lambda one: one.changed_at, reverse=True)[:_DEALS]
        for deal in newest:
            line = await self._deals.of(principal, deal.id, kinds=_KINDS, limit=limit)
            for entry in line.entries:
                user = users.get(entry.actor)
                found.append(
                    Moment(entry.id, entry.at, entry.kind, entry.what, entry.actor,
                           (user.display or user.name) if user else "", deal.name, entry.facts,
                           entry.path or f"/deals/{deal.id}")
                )  # fmt: skip
        # What hangs on the account stands in the line of each of its deals.
        once = {moment.id: moment for moment in found}
        return sorted(once.values(), key=lambda one: (one.at, one.id), reverse=True)[:limit]

    async def _channels(self, tx: Any, principal: Principal, account: str, limit: int) -> list[Moment]:
        rooms = self._sources.rooms
        places = (await rooms.standing_in(tx, principal, [account])).places
        names = {one.channel: one.name for one in places}
        if not names:
            return []
        people = {
            user.id: user.display or user.name for _, user in await rooms.seated_in(tx, principal.tenant, [*names])
        }
        said = await rooms.said_in(tx, principal.tenant, [*names], limit)
        moments = [
            Moment(f"{one.channel}:{one.asked}", _at(one.asked), "message", "said", one.by, people.get(one.by, ""),
                   names[one.channel], {"text": one.text}, _path(one.channel, one.asked, one.thread))
            for one in said
        ]  # fmt: skip
        return moments + [
            Moment(f"{one.file}:{one.ts}", _at(one.ts), "shared", one.filetype, one.by, people.get(one.by, ""),
                   names[one.channel], {"title": one.title, "file": one.file}, _path(one.channel, one.ts, 0))
            for one in await rooms.files_in(tx, principal.tenant, [*names], limit)
        ]  # fmt: skip


def _at(ts: int) -> datetime:
    return _BEGAN + timedelta(microseconds=ts)


def _path(channel: str, ts: int, thread: int) -> str:
    return f"/channels/{channel}?ts={ts_text(ts)}" + (f"&thread={ts_text(thread)}" if thread else "")
