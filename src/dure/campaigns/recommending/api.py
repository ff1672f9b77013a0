"""The entrance to recommendations: the catalogue, what one person or thousands may like, and how well that goes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import msgspec

from dure.campaigns.design import Items
from dure.campaigns.events import workspace_event
from dure.campaigns.model import Recipient
from dure.campaigns.plugs import Directory
from dure.campaigns.recommending import events, measuring, reading_sql, store
from dure.campaigns.recommending.fitting import Fitting
from dure.campaigns.recommending.model import KINDS, Item, Kind, Measured, Recommended, Selectors, Standing
from dure.campaigns.recommending.reading import Reading
from dure.campaigns.recommending.recommender import Recommender
from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.segments.api import Segments, duration
from dure.state import State, Tx

READ, WRITE = "campaigns:read", "campaigns:write"
MOST = 50
MEASURED_EVERY = timedelta(minutes=5)


class Recommendations:
    """What people may like next."""

    def __init__(
        self, state: State, log: Log, clock: Clock, segments: Segments, directory: Directory, *, patience: float = 0.0
    ) -> None:  # fmt: skip
        self._state, self._log, self._clock, self._directory = state, log, clock, directory
        self._reading = Reading(state, log, segments)
        self._fitting = Fitting(state)
        self._recommender = Recommender(state, directory, patience)
        self._begun: set[str] = set()

    # -- what somebody may like -------------------------------------------------------------------------------------

    async def for_people(
        self, tenant: Tenant, people: Collection[UUID], kind: str, count: int, now: datetime, *, tx: Tx | None = None,
        besides: Mapping[UUID, Collection[str]] | None = None,
    ) -> dict[UUID, list[Recommended]]:  # fmt: skip
        """Up to `count` items for each person, best first, in sets of thousands; people by the id they have now.

        Never what they heard, what ended, or what they or staff blocked. `besides` names items that are not to be
        recommended to somebody besides: those of the event that brought them, which may be seconds old.
        """
        await self._read_once(tenant, now)
        return await self._recommender.for_people(tenant, people, _kind(kind), count, now, tx=tx, besides=besides)

    async def items_for(
        self, tx: Tx, tenant: Tenant, recipients: Sequence[Recipient], wanted: Items, now: datetime,
        besides: Mapping[UUID, Collection[str]] | None = None,
    ) -> dict[UUID, list[Item]]:  # fmt: skip
        """What goes into messages; fills `plugs.Recommending`."""
        people = [one.person for one in recipients]
        found = await self.for_people(tenant, people, wanted.kind, wanted.count, now, tx=tx, besides=besides)
        return {person: [each.item for each in each_of] for person, each_of in found.items()}

    async def for_person(
        self, principal: Principal, person: str, kind: str = "together", count: int = 3, besides: Collection[str] = ()
    ) -> list[Recommended]:
        """What one person may like next."""
        access(principal, READ)
        if not 1 <= count <= MOST:
            raise Invalid(f"`count` is 1 to {MOST}.", field="count")
        who, now = _uuid(person), self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            known = (await self._directory.known(tx, principal.tenant, [who])).get(who)
            now_is = known.id if known else who
            found = await self.for_people(
                principal.tenant, [now_is], kind, count, now, tx=tx, besides={now_is: list(besides)}
            )
        return found[now_is]

    async def block(self, principal: Principal, person: str, what: str, id: str, blocked: bool) -> None:
        """A person does not want an item or a creator any more, or wants them again. It counts at once."""
        access(principal, WRITE)
        if what not in ("item", "creator"):
            raise Invalid("`what` is item or creator.", field="what")
        if not id or len(id) > 200:
            raise Invalid("`id` names what is blocked.", field="id")
        who, tenant, now = _uuid(person), principal.tenant, self._clock.now()
        async with self._state.begin(tenant) as tx:
            known = (await self._directory.known(tx, tenant, [who])).get(who)
            now_is = known.id if known else who
            await store.begin(tx, tenant.org, tenant.workspace)
            chosen = (await _standing(tx, tenant)).selectors
            name = {
                ("item", True): chosen.block_item, ("item", False): chosen.unblock_item,
                ("creator", True): chosen.block, ("creator", False): chosen.unblock,
            }[what, blocked]  # fmt: skip
            if not name:
                raise Conflict("The set-up names no event for this.")
            await self._reading.block(tx, tenant, now_is, what, id, blocked, now)
            distinct_id = known.distinct_ids[0] if known and known.distinct_ids else ""
            await append(tx, workspace_event(principal, now, name, what, id, {}, now_is, distinct_id))

    # -- the catalogue ----------------------------------------------------------------------------------------------

    async def load_items(self, principal: Principal, items: Sequence[Item]) -> int:
        """Adds items to the catalogue or replaces those of the same id; at most 10,000 at a time."""
        access(principal, WRITE)
        if len(items) > 10_000:
            raise Invalid("At most 10,000 items at a time.", field="items")
        for index, item in enumerate(items):
            _check(item, f"items[{index}]")
        last, tenant, now = {item.id: item for item in items}, principal.tenant, self._clock.now()
        async with self._state.begin(tenant) as tx:
            await store.begin(tx, tenant.org, tenant.workspace)
            await store.save_items(
                tx, tenant.workspace, list(last.values()), now, await store.turn_page(tx, tenant.workspace)
            )
            await self._changed(tx, principal, {"items": len(last)})
        return len(last)

    async def items(
        self, principal: Principal, text: str = "", *, kind: str = "", only: str = "", limit: int = 100, offset: int = 0
    ) -> tuple[int, list[Item]]:
        """How many items there are that fit, and a page of them, newest first."""
        access(principal, READ)
        if only not in ("", "live", "ended", "blocked"):
            raise Invalid("`only` is live, ended or blocked.", field="only")
        async with self._state.begin(principal.tenant) as tx:
            return await store.page(
                tx, principal.tenant.workspace, text, kind, only, self._clock.now(), max(1, min(limit, 500)), offset
            )

    async def block_item(self, principal: Principal, id: str, blocked: bool) -> None:
        """Staff takes an item out of every recommendation, or lets it in again; at once, in every process."""
        access(principal, WRITE)
        tenant, now = principal.tenant, self._clock.now()
        async with self._state.begin(tenant) as tx:
            await store.begin(tx, tenant.org, tenant.workspace)
            page = await store.turn_page(tx, tenant.workspace)
            if not await store.block_items(tx, tenant.workspace, [id], blocked, now, page):
                raise NotFound("There is no such item.", field="item")
            await self._changed(tx, principal, {"item": id, "blocked": blocked})

    async def block_creator(self, principal: Principal, creator: str, blocked: bool) -> None:
        """Staff takes all that a creator makes out of every recommendation, or lets it in again."""
        access(principal, WRITE)
        if not creator or len(creator) > 200:
            raise Invalid("`creator` is an id.", field="creator")
        tenant, now = principal.tenant, self._clock.now()
        async with self._state.begin(tenant) as tx:
            await store.begin(tx, tenant.org, tenant.workspace)
            await store.turn_page(tx, tenant.workspace)
            await store.block_creator(tx, tenant.workspace, creator, blocked, principal.actor, now)
            await self._changed(tx, principal, {"creator": creator, "blocked": blocked})

    async def blocked_creators(self, principal: Principal) -> dict[str, datetime]:
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            return await store.blocked_creators(tx, principal.tenant.workspace)

    # -- how it stands ----------------------------------------------------------------------------------------------

    async def standing(self, principal: Principal) -> Standing:
        """How far the log is read, which model answers, and what a fit under way does."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            return await store.standing(tx, principal.tenant.workspace) or Standing(Selectors())

    async def measured(self, principal: Principal) -> list[Measured]:
        """How each kind did, as it was last counted."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            return measuring.measured(await store.outcomes(tx, principal.tenant.workspace))

    async def set_up(self, principal: Principal, raw: object) -> Standing:
        """Other events say what people like; all histories are read anew. Invalid names the field."""
        access(principal, WRITE)
        chosen, tenant = read_selectors(raw), principal.tenant
        async with self._state.begin(tenant) as tx:
            await store.begin(tx, tenant.org, tenant.workspace)
            await store.start_over(tx, tenant.workspace, chosen)
            told = cast("dict[str, Any]", msgspec.to_builtins(chosen))
            await append(
                tx, workspace_event(principal, self._clock.now(), events.SET_UP, "catalogue", "items", told)
            )  # fmt: skip
            return await _standing(tx, tenant)

    async def want_model(self, principal: Principal) -> None:
        """Asks for a model now; a process that is free makes it."""
        await self._mark(principal, events.MODEL_WANTED, wanted=True, cancel=False)

    async def stop_model(self, principal: Principal) -> None:
        """Stops the fit under way; the model before goes on answering."""
        await self._mark(principal, events.MODEL_STOPPED, wanted=False, cancel=True)

    # -- beside the doors -------------------------------------------------------------------------------------------

    async def tick(self) -> int:
        """Reads what arrived in the log of every workspace that recommends; returns how many histories moved."""
        moved = 0
        for tenant, _ in await self._all():
            moved += await self._reading.step(tenant, self._clock.now())
        return moved

    async def learn(self) -> int:
        """Makes the models that are due and counts how kinds did; returns how many models were made."""
        made = 0
        for tenant, standing in await self._all():
            now = self._clock.now()
            if self._fitting.due(tenant.workspace, standing, now):
                made += await self._fitting.fit(tenant, now)
                await self._recommender.warm(tenant, now)
            if standing.measured_at is None or not standing.measured_at <= now < standing.measured_at + MEASURED_EVERY:
                await self.count(tenant)
        return made

    async def count(self, tenant: Tenant) -> None:
        """Counts how each kind did, from the log; the blend draws from it from now on."""
        now = self._clock.now()
        async with self._state.begin(tenant) as tx:
            standing = await _standing(tx, tenant)
        counts = await measuring.counted(self._log, tenant, standing.selectors, now)
        async with self._state.begin(tenant) as tx:
            await store.save_outcomes(tx, tenant.workspace, counts)
            await store.note(tx, tenant.workspace, measured_at=now)

    async def _all(self) -> list[tuple[Tenant, Standing]]:
        async with self._state.begin_system() as tx:
            return [(Tenant(org, workspace), standing) for org, workspace, standing in await store.standings(tx)]

    async def _read_once(self, tenant: Tenant, now: datetime) -> None:
        """A workspace that was never read is read when it is first asked for."""
        if tenant.workspace in self._begun:
            return
        async with self._state.begin(tenant) as tx:
            standing = await store.standing(tx, tenant.workspace)
        if standing is not None and standing.read_to is None:
            await self._reading.step(tenant, now)
        if standing is not None:
            self._begun.add(tenant.workspace)

    async def _changed(self, tx: Tx, principal: Principal, what: dict[str, Any]) -> None:
        now = self._clock.now()
        await append(tx, workspace_event(principal, now, events.CATALOGUE_CHANGED, "catalogue", "items", what))

    async def _mark(self, principal: Principal, event: str, **values: Any) -> None:
        access(principal, WRITE)
        tenant = principal.tenant
        async with self._state.begin(tenant) as tx:
            await store.begin(tx, tenant.org, tenant.workspace)
            await store.note(tx, tenant.workspace, **values)
            await append(tx, workspace_event(principal, self._clock.now(), event, "catalogue", "items", {}))


def item_of(raw: Mapping[str, object], field: str = "items") -> Item:
    """A catalogue item out of decoded JSON; `title` is a text or `{ko, en}`. When it was first here is not taken."""
    title = raw.get("title")
    titles = {"ko": title, "en": title} if isinstance(title, str) else title
    unknown = set(raw) - set(Item.__slots__) | raw.keys() & {"why"}
    if unknown:
        raise Invalid(f"An item has no field {min(unknown)!r}.", field=f"{field}.{min(unknown)}")
    try:
        return replace(msgspec.convert({**raw, "title": titles}, Item), created_at=None)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        raise Invalid(message, field=f"{field}.{path.rstrip('`')}" if path else field) from error


def read_selectors(raw: object) -> Selectors:
    """Selectors out of decoded JSON; Invalid names the field."""
    try:
        chosen = msgspec.convert(raw, Selectors)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        raise Invalid(message, field=path.rstrip("`") or "selectors") from error
    if not chosen.event.strip():
        raise Invalid("`event` names what people do with an item.", field="event")
    if not chosen.item:
        raise Invalid("`item` names at least one place where an item's id stands.", field="item")
    if not 7 <= chosen.days <= 730:
        raise Invalid("`days` is 7 to 730.", field="days")
    duration(chosen.window, "window")
    reading_sql.checked({"item": chosen.item, "creator": chosen.creator, "genre": (chosen.genre,)})
    return chosen


def _check(item: Item, field: str) -> None:
    if not item.id or len(item.id) > 200 or not item.title or "\n" in item.id:
        raise Invalid("An item has an id and a title.", field=field)
    if item.url and not re.match(r"https?://", item.url):
        raise Invalid("`url` begins with https:// or http://.", field=f"{field}.url")
    for name in ("live_from", "live_to"):
        at = getattr(item, name)
        if at is not None and at.tzinfo is None:
            raise Invalid(f"`{name}` has a zone, such as +09:00.", field=f"{field}.{name}")
    if item.live_from is not None and item.live_to is not None and item.live_to <= item.live_from:
        raise Invalid("`live_to` is later than `live_from`.", field=f"{field}.live_to")


def _kind(kind: str) -> Kind:
    if kind not in KINDS:
        raise Invalid(f"`kind` is one of {', '.join(KINDS)}.", field="kind")
    return kind


async def _standing(tx: Tx, tenant: Tenant) -> Standing:
    return await store.standing(tx, tenant.workspace) or Standing(Selectors())


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(f"{text!r} is not an id.", field="person") from error
