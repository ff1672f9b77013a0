"""Links' entrance: made in sets within somebody's act, followed by visitors, ended, and counted."""

from __future__ import annotations

import asyncio
import secrets
import time
import uuid
from array import array
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import structlog

from dure.feed.api import Collector, append, encode, message_key
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid
from dure.kernel.ids import uuid7
from dure.log.api import Log
from dure.social.links import events, log_sql, rules, store
from dure.social.links.model import Clicks, Link, NewLink, Seen
from dure.state import State, Tx

__all__ = ["Clicks", "Link", "Links", "NewLink", "Seen"]

MOST = 1_000
# How long a process leads on by what it remembers; so long an ended link still leads on elsewhere.
_REMEMBERED = 5.0
_SHELF = 20_000
_KINDS = 40

log = structlog.get_logger("social.links")


class Links:
    """`site` is the server's address outside. `run` must be running for clicks to be stored."""

    def __init__(
        self, state: State, events_log: Log, clock: Clock, site: str, *, codes: Callable[[], str] = rules.new_code
    ) -> None:  # fmt: skip
        self._state = state
        self._log = events_log
        self._clock = clock
        self._site = site.rstrip("/")
        self._codes = codes
        self._collector = Collector(state)
        self._shelf: OrderedDict[str, tuple[float, Link | None]] = OrderedDict()
        self._salt: tuple[date, bytes] | None = None

    async def run(self) -> None:
        """Stores clicks until cancelled; what is waiting then is stored before it returns."""
        await self._collector.run()

    def url(self, code: str) -> str:
        """The address that people share."""
        return f"{self._site}/l/{code}"

    # -- making and ending ------------------------------------------------------------------------------------------

    async def made(self, tx: Tx, principal: Principal, wanted: Sequence[NewLink]) -> list[Link]:
        """Makes a set within the act of whoever wants it, in the order wanted; at most 1,000 at a time. Invalid for a
        target that is no page's address."""
        access(principal, "social:write")
        if len(wanted) > MOST:
            raise Invalid(f"At most {MOST:,} links at a time.", field="links")
        now = self._clock.now()
        found = [self._made(principal, one, now) for one in wanted]
        if found:
            await store.add(tx, found)
            await append(tx, *(
                events.link_event(
                    principal, events.CREATED, now, one,
                    {"expires_at": one.expires_at.isoformat() if one.expires_at else ""},
                )
                for one in found
            ))  # fmt: skip
        return found

    async def create(self, principal: Principal, wanted: NewLink) -> Link:
        """One by hand."""
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            return (await self.made(tx, principal, [wanted]))[0]

    async def end(self, principal: Principal, ids: Sequence[uuid.UUID]) -> int:
        """They lead nowhere any more: whoever follows one is told so. How many had not ended before."""
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            gone = await self.end_in(tx, principal, ids)
        return len(gone)

    async def end_in(self, tx: Tx, principal: Principal, ids: Sequence[uuid.UUID]) -> list[Link]:
        access(principal, "social:write")
        now = self._clock.now()
        gone = await store.end(tx, principal.tenant.workspace, ids, now)
        await append(tx, *(events.link_event(principal, events.ENDED, now, one, {}) for one in gone))
        for one in gone:
            self._shelf.pop(one.code, None)
        return gone

    async def forget_maker_in(self, tx: Tx, workspace: str, user: str, belongs: str) -> int:
        """Takes somebody's name off the links of a kind that they made."""
        return await store.forget_maker(tx, workspace, user, belongs)

    # -- looking ----------------------------------------------------------------------------------------------------

    async def recent(self, principal: Principal, belongs: str = "", limit: int = 100) -> list[Link]:
        """The newest first; of a kind, or of all."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.recent(tx, principal.tenant.workspace, belongs, min(max(limit, 1), MOST))

    async def of(self, tx: Tx, principal: Principal, belongs: str, ids: Sequence[str]) -> list[Link]:
        """The links that belong to these."""
        access(principal, "social:read")
        return await store.of(tx, principal.tenant.workspace, belongs, ids)

    async def clicks(
        self, principal: Principal, links: Sequence[Link], since: datetime | None = None, until: datetime | None = None
    ) -> dict[uuid.UUID, Clicks]:  # fmt: skip
        """What the log says of each, in the range; it is behind by a second or two."""
        access(principal, "social:read")
        if not links:
            return {}
        opened, came = await self._rows(
            principal, since or min(one.created_at for one in links) - timedelta(minutes=1),
            until or self._clock.now() + timedelta(seconds=1),
            {"every": 0, "links": [str(one.id) for one in links], "codes": [one.code for one in links]},
        )  # fmt: skip
        return _counted(links, opened, came)

    async def followed(self, principal: Principal, since: datetime, until: datetime) -> list[tuple[Link, Clicks]]:
        """Every link that was followed in the range, whatever it belongs to."""
        access(principal, "social:read")
        opened, came = await self._rows(principal, since, until, {"every": 1, "links": [], "codes": []})
        async with self._state.begin(principal.tenant) as tx:
            links = await store.named(
                tx, principal.tenant.workspace, [uuid.UUID(row[0]) for row in opened], [row[0] for row in came]
            )
        clicks = _counted(links, opened, came)
        return [(one, clicks[one.id]) for one in links]

    async def counted(
        self, principal: Principal, belongs: str, ids: Sequence[str], since: datetime | None = None
    ) -> dict[str, Clicks]:
        """The same by what the links belong to, whoever's ids these are."""
        async with self._state.begin(principal.tenant) as tx:
            links = await self.of(tx, principal, belongs, ids)
        found: defaultdict[str, Clicks] = defaultdict(Clicks)
        clicks = await self.clicks(principal, links, since)
        for one in links:
            found[one.belongs[1]] += clicks[one.id]
        return dict(found)

    async def behind(self, principal: Principal, url: str) -> str:
        """The page that an address leads to, without UTM parameters: of a link of the house's own its target, so that
        a click on what is shared anew does not count for the first link too."""
        code = url.removeprefix(self.url(""))
        link = await self.leads_to(code) if code != url else None
        ours = link is not None and link.tenant == principal.tenant
        return rules.without_utm(link.target if link is not None and ours else url)

    # -- following --------------------------------------------------------------------------------------------------

    async def leads_to(self, code: str) -> Link | None:
        """The link of a code, whether or not it still leads on; None for a code that was never given."""
        if not rules.CODE.fullmatch(code):
            return None
        now = time.monotonic()
        until, link = self._shelf.get(code, (0.0, None))
        if now < until:
            return link
        async with self._state.begin_system() as tx:
            link = await store.by_code(tx, code)
        self._shelf[code] = (now + _REMEMBERED, link)
        if len(self._shelf) > _SHELF:  # strangers' codes must not fill the memory
            self._shelf.popitem(last=False)
        return link

    def leads_on(self, link: Link) -> bool:
        """Whether it has neither ended nor expired."""
        return link.leads_on(self._clock.now())

    async def clicked(self, link: Link, seen: Seen) -> None:
        """Notes who followed it: a person, or something else. On disk when it returns.

        A visitor is led on even where it cannot be kept; that is logged.
        """
        now, by = self._clock.now(), rules.machine(seen)
        told = {"referrer": rules.host_of(seen.referrer)}
        try:
            if by:
                event = events.opened(link, now, uuid7(), events.FETCHED, {**told, "by": by})
            else:
                who = rules.visitor(await self._salt_of(now), link.tenant.workspace, seen)
                event = events.opened(link, now, uuid7(), events.CLICKED, {**told, "visitor": who})
            key = message_key(link.tenant.workspace.encode(), event.message_id)
            await self._collector.collect(link.tenant, 1, encode(event), array("Q", [key]).tobytes())
        except Exception:
            log.exception("links.click_lost", link=str(link.id))

    # -- within -----------------------------------------------------------------------------------------------------

    def _made(self, principal: Principal, one: NewLink, now: datetime) -> Link:
        kind, of = one.belongs
        if not kind or len(kind) > _KINDS or len(of) > 200:
            raise Invalid("`belongs` is a kind and an id.", field="belongs")
        if one.expires_at is not None and one.expires_at <= now:
            raise Invalid("It would have expired already.", field="expires_at")
        code = self._codes()
        target = rules.with_utm(one.target, one.utm, code)
        return Link(
            principal.tenant, uuid7(), code, target, one.network[:60], one.side, one.belongs, one.person, now,
            principal.actor, one.expires_at,
        )  # fmt: skip

    async def _rows(
        self, principal: Principal, since: datetime, until: datetime, given: Mapping[str, Any]
    ) -> tuple[Sequence[Any], Sequence[Any]]:
        bound = {**given, "since": _said(since), "until": _said(until)}
        opened, came = await asyncio.gather(
            *(self._log.query(principal.tenant, sql, bound) for sql in (log_sql.CLICKS, log_sql.CAME))
        )
        return opened.rows, came.rows

    async def _salt_of(self, now: datetime) -> bytes:
        day = now.astimezone(UTC).date()
        if self._salt is None or self._salt[0] != day:
            async with self._state.begin_system() as tx:
                self._salt = (day, await store.salt(tx, day, secrets.token_bytes(16)))
        return self._salt[1]


def _counted(links: Sequence[Link], opened: Sequence[Any], came: Sequence[Any]) -> dict[uuid.UUID, Clicks]:
    """Of these links; others that a page names are not ours."""
    by_code, found = {one.code: one.id for one in links}, {one.id: Clicks() for one in links}
    for link, clicks, visitors, fetched in opened:
        if (known := uuid.UUID(link)) in found:
            found[known] = Clicks(int(clicks), int(visitors), int(fetched))
    for code, people, signed in came:
        if code in by_code:
            found[by_code[code]] = replace(found[by_code[code]], came=int(people), signed=int(signed))
    return found


def _said(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
