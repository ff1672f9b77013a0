"""The timeline's entrance: many sources, each read only as far as a page needs, merged into one line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import datetime, timedelta

from dure.deals.accounts.model import ACCOUNT
from dure.deals.model import DEAL, Deal
from dure.deals.record_id import full_id
from dure.deals.records import store as record_store
from dure.deals.timeline import log_sql, store
from dure.deals.timeline.model import (
    ALERT,
    DELIVERY,
    MESSAGE,
    PRODUCT,
    SOCIAL,
    Entry,
    Line,
    cursor,
    read_cursor,
    read_kinds,
)
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotAllowed, NotFound
from dure.log.api import Log
from dure.people.api import People
from dure.state import State

__all__ = ["Entry", "Line", "Timeline"]

_MOST = 200
# What was said and done a little before somebody wrote the deal down belongs to it.
_BEFORE_IT = timedelta(days=30)
_AHEAD = timedelta(days=366)
_SESSION = timedelta(minutes=30)


class Timeline:
    def __init__(self, state: State, log: Log, clock: Clock, people: People) -> None:
        self._state = state
        self._log = log
        self._clock = clock
        self._people = people

    async def of(
        self, principal: Principal, deal_id: str, *, before: str = "", kinds: str = "", limit: int = 50
    ) -> Line:
        """A page of everything that concerns a deal, newest first; meetings to come stand at the top."""
        access(principal, "deals:read")
        wanted = read_kinds(kinds)
        if not 1 <= limit <= _MOST:
            raise Invalid(f"`limit` is 1 to {_MOST}.", field="limit")
        until, last = read_cursor(before) if before else (self._clock.now() + _AHEAD, "")
        tenant, workspace = principal.tenant, principal.tenant.workspace
        async with self._state.begin(tenant) as tx:
            deal = await record_store.get(tx, DEAL, workspace, full_id(deal_id))
            if deal is None:
                raise NotFound("There is no such deal.", field="deal")
            account = (await record_store.several(tx, ACCOUNT, workspace, [deal.account])).get(deal.account)
            own = await store.entries(tx, workspace, deal.id, wanted, until, limit + 1)
        stretch = log_sql.within(deal.created_at - _BEFORE_IT, until, limit + 1)
        asked: list[Awaitable[list[Entry]]] = []
        if MESSAGE in wanted and deal.channel:
            asked.append(log_sql.messages(self._log, tenant, deal.channel, stretch))
        if ALERT in wanted:
            asked.append(log_sql.alerts(self._log, tenant, deal.id, stretch))
        if DELIVERY in wanted:
            asked.append(log_sql.deliveries(self._log, tenant, deal.id, stretch))
        if account is not None and SOCIAL in wanted:
            asked.append(log_sql.mentions(self._log, tenant, account.name, stretch))
        if account is not None and PRODUCT in wanted:
            ids = [account.id, *([account.external] if account.external else [])]
            asked.append(self._product(principal, ids, account.name, deal, until, limit + 1))
        return _merged([*own, *await asyncio.gather(*asked)], limit, (until, last) if last else None)

    async def _product(
        self, principal: Principal, ids: Sequence[str], name: str, deal: Deal, until: datetime, limit: int
    ) -> list[Entry]:
        """What the account's people did in the product; a stretch without a long pause is one entry."""
        try:
            access(principal, "people:read")
        except NotAllowed:
            return []  # who may not see people sees the rest of the line
        for one in [*ids, *await self._called(principal, name)]:
            try:
                moments = await self._people.directory.timeline(
                    principal, one, before=min(until, self._clock.now()), kinds=["activity"], limit=limit * 2
                )
            except NotFound:
                continue  # known to sales only
            since = deal.created_at - _BEFORE_IT
            found: list[Entry] = []
            for moment in moments:
                if moment.time < since:
                    break
                newest = found[-1] if found else None
                if newest and newest.actor == moment.distinct_id and newest.at - moment.time < _SESSION:
                    names = dict(newest.facts["events"])
                    names[moment.event] = names.get(moment.event, 0) + 1
                    facts = {"events": names, "count": newest.facts["count"] + 1}
                    found[-1] = Entry(newest.id, newest.at, PRODUCT, "used", newest.actor, facts, newest.path)
                else:
                    facts = {"events": {moment.event: 1}, "count": 1}
                    path = f"/people/{moment.distinct_id}"
                    found.append(
                        Entry(moment.message_id, moment.time, PRODUCT, "used", moment.distinct_id, facts, path)
                    )
            return found
        return []

    async def _called(self, principal: Principal, name: str) -> list[str]:
        """Accounts of the product that are called exactly so."""
        found = await self._people.directory.find(principal, name, limit=5)
        return [one.id for one in found if str(one.traits.get("name", "")).casefold() == name.casefold()]


def _merged(lists: Sequence[list[Entry]], limit: int, after: tuple[datetime, str] | None) -> Line:
    """One line of many. What lies before the end of a list that was cut off waits for the next page: there may be more
    of that list in between."""
    reached = [found[-1].at for found in lists if len(found) > limit]
    horizon = max(reached, default=None)
    entries = sorted((entry for found in lists for entry in found), key=lambda entry: entry.place, reverse=True)
    if after is not None:
        entries = [entry for entry in entries if entry.place < after]
    shown = [entry for entry in entries if horizon is None or entry.at >= horizon][:limit]
    more = len(entries) > len(shown) and bool(shown)
    return Line(tuple(shown), cursor(shown[-1]) if more else "")
