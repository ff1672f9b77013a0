"""People's entrance: who somebody is and why, what they did, finding them, and loading many at once.

`People.ids` holds the acts on a person's ids, `People.directory` the accounts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.ids import person_id
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.people import history, search, store, strangers, timeline
from dure.people.directory import Directory
from dure.people.events import stated
from dure.people.facts import learn
from dure.people.follow import PeopleFollower
from dure.people.ids import Ids
from dure.people.links import Claim, is_junk
from dure.people.model import (
    OUR_SOURCES,
    Account,
    Changed,
    Facts,
    Found,
    Identity,
    Known,
    Moment,
    News,
    Person,
    Reason,
)
from dure.people.search import Term
from dure.people.store import Profile
from dure.people.timeline import Wanted
from dure.people.traits import checked
from dure.people.whose import event_ids, is_uuid, resolve, resolve_many
from dure.state import State, Tx

__all__ = [
    "OUR_SOURCES", "Account", "Changed", "Found", "Identity", "Known", "Moment", "People", "PeopleFollower", "Person",
    "Reason", "Wanted", "is_junk",
]  # fmt: skip

_A_TRANSACTION = 5000
T = TypeVar("T")
_FURTHEST = 10_000


class People:
    """Who there is among the customers; employees are governance's."""

    def __init__(self, state: State, log: Log, clock: Clock) -> None:
        self._state = state
        self._log = log
        self._clock = clock
        self.ids = Ids(state, clock)
        self.directory = Directory(state, log)

    async def person(self, principal: Principal, id: str) -> Person:
        """By person id or by any distinct id. Somebody merged is answered as whom they are now."""
        access(principal, "people:read")
        tenant = principal.tenant
        async with self._state.begin(tenant) as tx:
            person, profile = await resolve(tx, tenant.workspace, id)
            ids = await event_ids(tx, tenant.workspace, person)
        first, last, known_as = await timeline.first_and_last(self._log, tenant, ids)
        named = tuple(one for one in ids.values() if one) or ((known_as,) if known_as else ())
        if profile is None and not named:
            raise NotFound("There is nobody by that id.", field="id")
        if profile is None:
            return Person(person, named, {}, "", first, last)
        if first is not None:
            profile.first_seen = min(profile.first_seen, first)
        return _person(profile, ids, last)

    async def timeline(
        self, principal: Principal, id: str, *, before: datetime | None = None, message: str = "",
        after: datetime | None = None, limit: int = 50, sources: Sequence[str] = (), events: Sequence[str] = (),
        kinds: Sequence[str] = (),
    ) -> list[Moment]:  # fmt: skip
        """What somebody did under all their ids and what was done for them, newest first, with what happened to the
        deals of their account; `before` and `after` are exclusive.

        To read on, give the last moment's time as `before` and its message id as `message`.
        """
        access(principal, "people:read")
        if not 1 <= limit <= 500:
            raise Invalid("`limit` is 1 to 500.", field="limit")
        tenant = principal.tenant
        async with self._state.begin(tenant) as tx:
            person, profile = await resolve(tx, tenant.workspace, id)
            ids = await event_ids(tx, tenant.workspace, person)
        wanted = Wanted(before, message, after, sources, timeline.known_kinds(kinds), events, limit)
        page = await timeline.moments(self._log, tenant, ids, wanted, profile.account if profile else "")
        return page.moments

    async def identity(self, principal: Principal, id: str) -> Identity:
        """Why these ids are one person: for each the statement that decided, and those that changed nothing."""
        told = await self.ids.identity(principal, id)
        if told.ids == (Reason(told.ids[0].distinct_id, False, None),):
            await self.person(principal, id)  # an id that nothing joined may be nobody's: only the log knows
        return told

    async def trait_history(
        self, principal: Principal, id: str, *, trait: str = "", before: datetime | None = None, limit: int = 100
    ) -> list[Changed]:
        """How somebody's traits came to be what they are, newest first, across all their ids."""
        access(principal, "people:read")
        if not 1 <= limit <= 500:
            raise Invalid("`limit` is 1 to 500.", field="limit")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            person, _ = await resolve(tx, workspace, id)
            owners = [known_as for known_as in (await event_ids(tx, workspace, person)).values() if known_as]
            return await history.read(tx, workspace, "person", owners, trait=trait, before=before, limit=limit)

    async def search(self, principal: Principal, text: str = "", limit: int = 50) -> list[Person]:
        """Those whom `find` finds."""
        return [found.person for found in await self.find(principal, text, limit)]

    async def find(self, principal: Principal, text: str = "", limit: int = 50, offset: int = 0) -> list[Found]:
        """By a part of a name, the beginning of an e-mail or id, by `trait:value` or `trait>number`; all terms hold.

        Who is named exactly comes first; those of whom there are only events are found by their id and come last.
        Without a text, who was here last.
        """
        access(principal, "people:read")
        if not 1 <= limit <= 200:
            raise Invalid("`limit` is 1 to 200.", field="limit")
        if not 0 <= offset <= _FURTHEST:
            raise Invalid(f"`offset` is 0 to {_FURTHEST}.", field="offset")
        tenant = principal.tenant
        asked = search.terms(text)
        if not asked:
            return [Found(person) for person in (await self._latest(tenant, limit + offset))[offset:]]
        typed = strangers.typed_id(text)
        first = await strangers.named(self._state, self._log, tenant, typed) if typed else []
        found = first[offset : offset + limit]
        offset, limit = max(0, offset - len(first)), limit - len(found)
        known, before = await self._known(tenant, asked, limit, offset)
        found += known
        if typed and len(known) < limit:
            limit, offset = limit - len(known), max(0, offset - before)
            found += await strangers.beginning(self._state, self._log, tenant, typed, limit, offset, first)
        return found

    async def count(self, principal: Principal) -> int:
        """How many are known by more than events."""
        access(principal, "people:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.count(tx, principal.tenant.workspace)

    # -- for other slices ---------------------------------------------------------------------------------------------

    async def traits(self, tx: Tx, tenant: Tenant, people: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
        """The traits of many people at once, by person id; those of whom nothing is known are missing."""
        moved = await store.moved(tx, tenant.workspace, people)
        rows = await store.brief(tx, tenant.workspace, _now(people, moved))
        return _by_asked({row[0]: row[2] for row in rows}, people, moved)

    async def known(self, tx: Tx, tenant: Tenant, people: Collection[UUID]) -> dict[UUID, Person]:
        """Like `traits`, with ids and account."""
        moved = await store.moved(tx, tenant.workspace, people)
        rows = await store.brief(tx, tenant.workspace, _now(people, moved))
        # Most have one id: only of the others it is looked up which theirs are.
        more = await store.joined(tx, tenant.workspace, [row[0] for row in rows])
        found = {
            who: Person(who, (first, *more[who]) if more and who in more else (first,), traits, account, first_seen)
            for who, first, traits, account, first_seen in rows
        }
        return _by_asked(found, people, moved)

    async def having(
        self, tx: Tx, tenant: Tenant, traits: Collection[tuple[str, str]], emails: Collection[str] = ()
    ) -> dict[tuple[str, str], list[UUID]]:
        """Who has these traits with these values, and these e-mail addresses (as `("email", address)`, in small
        letters). Those that nobody has are missing; more than one person may have the same."""
        found: dict[tuple[str, str], list[UUID]] = {}
        for trait, value, person in await search.having(tx, tenant.workspace, traits, emails):
            found.setdefault((trait, value), []).append(person)
        return found

    async def account_by_domain(self, tx: Tx, tenant: Tenant, domain: str) -> list[str]:
        """The accounts whose id or whose trait `domain` or `website` is this domain."""
        return await search.accounts_of_domain(tx, tenant.workspace, domain)

    async def last_seen(self, tenant: Tenant, people: Mapping[UUID, Person]) -> dict[UUID, datetime]:
        """When those that `known` gave were last here, under any of their ids; nobody of whom there are no events."""
        ids = {who: [person_id(tenant.workspace, one) for one in person.distinct_ids] for who, person in people.items()}
        seen = await timeline.seen(self._log, tenant, [own for of_one in ids.values() for own in of_one])
        lasts = {who: _last(seen, own_ids) for who, own_ids in ids.items()}
        return {who: last for who, last in lasts.items() if last}

    async def accounts(self, tx: Tx, tenant: Tenant, ids: Collection[str]) -> dict[str, dict[str, Any]]:
        """The traits of accounts by their ids."""
        return {key: row.traits for key, row in (await store.accounts(tx, tenant.workspace, ids)).items()}

    async def bulk_people(self, tenant: Tenant, rows: Sequence[Known]) -> int:
        """Loads a history of people with their links, thousands a transaction; returns how many links were new.

        Loading the same rows again, or events that state the same, changes nothing.
        """
        linked = 0
        for start in range(0, len(rows), _A_TRANSACTION):
            facts = Facts()
            for row in rows[start : start + _A_TRANSACTION]:
                facts.users[row.distinct_id] = row.at
                loaded = f"history-{row.distinct_id}"
                facts.people.append(
                    News(row.distinct_id, row.traits, row.at, row.account, loaded, "History Loaded", "people")
                )
                facts.claims += [
                    Claim(
                        at, f"history-{device}-{row.distinct_id}", device, row.distinct_id, "people", "History Loaded"
                    )
                    for device, at in row.links
                ]
            async with self._state.begin(tenant) as tx:
                linked += await learn(tx, tenant, facts, self._clock.now())
        return linked

    async def state_in(
        self, tx: Tx, principal: Principal, said: Sequence[tuple[str, Mapping[str, Any]]]
    ) -> list[Person]:
        """States traits of people, by person id or any distinct id, within a transaction; who they are afterwards. Each
        is an *Identified* as if a program had sent it; null takes a trait away.

        NotFound for a person id of whom nothing is known; somebody new begins with a distinct id.
        """
        access(principal, "people:write")
        now, tenant = self._clock.now(), principal.tenant
        meant = await resolve_many(tx, tenant.workspace, [one for one, _ in said])
        facts, told = Facts(), []
        for one, given in said:
            person, profile = meant[one]
            if profile is None and is_uuid(one):
                raise NotFound("There is nobody by that id.", field="person")
            traits, known_as = checked(given), profile.distinct_id if profile else one
            event = stated(principal, now, person, known_as, traits)
            facts.people.append(
                News(known_as, traits, now, message_id=event.message_id, event=event.event, source=event.source)
            )
            told.append(event)
        await learn(tx, tenant, facts, now)
        await append(tx, *told)
        known = await self.known(tx, tenant, {person for person, _ in meant.values()})
        return [known[meant[one][0]] for one, _ in said]

    # -- within -------------------------------------------------------------------------------------------------------

    async def _known(self, tenant: Tenant, asked: Sequence[Term], limit: int, offset: int) -> tuple[list[Found], int]:
        """Those of whom more than events is known, and how many there are where these are the last of them."""
        async with self._state.begin(tenant) as tx:
            asked = await search.ids_among(tx, tenant.workspace, asked)
            found = await search.people(tx, tenant.workspace, asked, limit, offset)
            ids = await self._ids_of(tx, tenant, found)
            before = offset + len(found)
            if offset and not found:
                before = await search.count(tx, tenant.workspace, asked, offset)
        seen = await timeline.seen(self._log, tenant, [own for of_one in ids.values() for own in of_one])
        people = [
            Found(
                _person(row, ids[row.id], _last(seen, ids[row.id])),
                tuple(search.matched(term, tuple(ids[row.id].values()), row.traits) for term in asked),
            )
            for row in found
        ]
        return people, before

    async def _ids_of(self, tx: Tx, tenant: Tenant, rows: Sequence[Profile]) -> dict[UUID, dict[UUID, str]]:
        ids = {row.id: {row.id: row.distinct_id} for row in rows}
        for identity in await store.identities_of(tx, tenant.workspace, list(ids)):
            ids[identity.person][identity.own] = identity.distinct_id
        return ids

    async def _latest(self, tenant: Tenant, limit: int) -> list[Person]:
        seen = await timeline.latest(self._log, tenant, limit)
        async with self._state.begin(tenant) as tx:
            if not seen:
                found = await store.newest(tx, tenant.workspace, limit)
                ids = await self._ids_of(tx, tenant, found)
                return [_person(row, ids[row.id], None) for row in found]
            rows = await store.profiles(tx, tenant.workspace, [who for who, _, _ in seen])
            ids = await self._ids_of(tx, tenant, list(rows.values()))
        return [
            _person(rows[who], ids[who], last) if who in rows else Person(who, (known_as,), {}, last_seen=last)
            for who, last, known_as in seen
        ]


def _now(people: Collection[UUID], moved: Mapping[UUID, UUID]) -> Collection[UUID]:
    """Who they are now."""
    return {moved.get(who, who) for who in people} if moved else people


def _by_asked(found: dict[UUID, T], people: Collection[UUID], moved: Mapping[UUID, UUID]) -> dict[UUID, T]:
    """What was found of people as they are now, by whom was asked for."""
    return {who: found[now] for who in people if (now := moved.get(who, who)) in found} if moved else found


def _last(seen: Mapping[UUID, tuple[datetime | None, str]], own_ids: Iterable[UUID]) -> datetime | None:
    """When the one with these ids was last here."""
    return max((last for own in own_ids if own in seen and (last := seen[own][0])), default=None)


def _person(row: Profile, ids: dict[UUID, str], last: datetime | None) -> Person:
    return Person(row.id, tuple(ids.values()), row.traits, row.account, row.first_seen, last)
