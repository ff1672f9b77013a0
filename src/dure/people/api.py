"""People's entrance: who somebody is and why, what they did, finding them, and loading many at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.ids import person_id
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.people import store, timeline
from dure.people.facts import learn
from dure.people.follow import PeopleFollower
from dure.people.links import Claim, is_junk, sound
from dure.people.model import Facts, Known, Moment, News, Person, Reason
from dure.people.store import Profile
from dure.state import State, Tx

__all__ = ["Known", "Moment", "People", "PeopleFollower", "Person", "Reason", "is_junk"]

_A_TRANSACTION = 5000


class People:
    """Who there is among the customers; employees are governance's."""

    def __init__(self, state: State, log: Log, clock: Clock) -> None:
        self._state = state
        self._log = log
        self._clock = clock

    async def person(self, principal: Principal, id: str) -> Person:
        """By person id or by any distinct id. Somebody merged is answered as whom they are now."""
        access(principal, "people:read")
        person, profile = await self._resolve(principal.tenant, id)
        ids = await self._person_ids(principal.tenant, person)
        seen = await timeline.seen(self._log, principal.tenant, ids)
        if profile is None and not seen:
            raise NotFound("There is nobody by that id.", field="id")
        first = min(first for first, _, _ in seen.values()) if seen else None
        last = max(last for _, last, _ in seen.values()) if seen else None
        if profile is None:
            return Person(person, tuple(known_as for _, _, known_as in seen.values()), {}, "", first, last)
        if first is not None:
            profile.first_seen = min(profile.first_seen, first)
        return _person(profile, ids, last)

    async def timeline(
        self, principal: Principal, id: str, *, before: datetime | None = None, message: str = "",
        after: datetime | None = None, limit: int = 50, sources: Sequence[str] = (), events: Sequence[str] = (),
    ) -> list[Moment]:  # fmt: skip
        """What somebody did under all their ids, newest first; `before` and `after` are exclusive.

        To read on, give the last moment's time as `before` and its message id as `message`.
        """
        access(principal, "people:read")
        if not 1 <= limit <= 500:
            raise Invalid("`limit` is 1 to 500.", field="limit")
        person, _ = await self._resolve(principal.tenant, id)
        ids = await self._person_ids(principal.tenant, person)
        return await timeline.moments(
            self._log,
            principal.tenant,
            ids,
            before=before,
            message=message,
            after=after,
            sources=sources,
            events=events,
            limit=limit,
        )

    async def identity(self, principal: Principal, id: str) -> list[Reason]:
        """Why these ids are one person: for each the statement that decided, and those that changed nothing."""
        access(principal, "people:read")
        person, profile = await self._resolve(principal.tenant, id)
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            rows = await store.identities_of(tx, workspace, [person])
            claims = await store.claims_about(tx, workspace, [row.distinct_id for row in rows])
        reasons = []
        for row in rows:
            about = sorted(sound(claims.get(row.distinct_id, [])))
            decided = None if row.is_user else next(iter(about), None)
            reasons.append(
                Reason(row.distinct_id, row.is_user, decided, tuple(claim for claim in about if claim is not decided))
            )
        return reasons or [Reason(profile.distinct_id if profile else id, False, None)]

    async def search(self, principal: Principal, text: str = "", limit: int = 50) -> list[Person]:
        """By the beginning of an e-mail, name or id; by `trait:value`; without a text, who was here last."""
        access(principal, "people:read")
        if not 1 <= limit <= 200:
            raise Invalid("`limit` is 1 to 200.", field="limit")
        text = text.strip().replace("\0", "")
        tenant = principal.tenant
        if not text:
            return await self._latest(tenant, limit)
        name, colon, value = text.partition(":")
        async with self._state.begin(tenant) as tx:
            if _is_uuid(text):
                found = list((await store.profiles(tx, tenant.workspace, [UUID(text)])).values())
            elif colon and name.replace("_", "").isalnum() and value.strip():
                found = await store.with_trait(tx, tenant.workspace, name.strip(), value.strip(), limit)
            else:
                found = await store.search(tx, tenant.workspace, text, limit)
            ids = await self._ids_of(tx, tenant, found)
        seen = await timeline.seen(self._log, tenant, [own for of_one in ids.values() for own in of_one])
        return [
            _person(row, ids[row.id], max((seen[own][1] for own in ids[row.id] if own in seen), default=None))
            for row in found
        ]

    async def count(self, principal: Principal) -> int:
        """How many are known by more than events."""
        access(principal, "people:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.count(tx, principal.tenant.workspace)

    # -- for other slices ---------------------------------------------------------------------------------------------

    async def traits(self, tx: Tx, tenant: Tenant, people: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
        """The traits of many people at once, by person id; those of whom nothing is known are missing."""
        return {who: row.traits for who, row in (await self._current(tx, tenant, people)).items()}

    async def known(self, tx: Tx, tenant: Tenant, people: Collection[UUID]) -> dict[UUID, Person]:
        """Like `traits`, with ids and account."""
        rows = await self._current(tx, tenant, people)
        ids = await self._ids_of(tx, tenant, list(rows.values()))
        return {asked: _person(row, ids[row.id], None) for asked, row in rows.items()}

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
                facts.people.append(News(row.distinct_id, row.traits, row.at, row.account))
                facts.claims += [
                    Claim(at, f"history-{device}-{row.distinct_id}", device, row.distinct_id, "people")
                    for device, at in row.links
                ]
            async with self._state.begin(tenant) as tx:
                linked += await learn(tx, tenant, facts, self._clock.now())
        return linked

    # -- within -------------------------------------------------------------------------------------------------------

    async def _resolve(self, tenant: Tenant, id: str) -> tuple[UUID, Profile | None]:
        workspace = tenant.workspace
        async with self._state.begin(tenant) as tx:
            identity = (await store.identities(tx, workspace, [id.replace("\0", "")])).get(id)
            if identity is not None:
                person = identity.person
            else:
                person = UUID(id) if _is_uuid(id) and UUID(id).version == 5 else person_id(workspace, id)
                person = (await store.moved(tx, workspace, [person])).get(person, person)
            return person, (await store.profiles(tx, workspace, [person])).get(person)

    async def _person_ids(self, tenant: Tenant, person: UUID) -> dict[UUID, str]:
        """The ids that somebody's events carry: their own and those of the devices that became theirs."""
        async with self._state.begin(tenant) as tx:
            rows = await store.identities_of(tx, tenant.workspace, [person])
            own = (await store.profiles(tx, tenant.workspace, [person])).get(person)
        ids = {person: own.distinct_id} if own else {person: ""}
        ids.update({row.own: row.distinct_id for row in rows})
        return ids

    async def _ids_of(self, tx: Tx, tenant: Tenant, rows: Sequence[Profile]) -> dict[UUID, dict[UUID, str]]:
        ids = {row.id: {row.id: row.distinct_id} for row in rows}
        for identity in await store.identities_of(tx, tenant.workspace, list(ids)):
            ids[identity.person][identity.own] = identity.distinct_id
        return ids

    async def _current(self, tx: Tx, tenant: Tenant, people: Collection[UUID]) -> dict[UUID, Profile]:
        moved = await store.moved(tx, tenant.workspace, people)
        rows = await store.profiles(tx, tenant.workspace, {moved.get(who, who) for who in people})
        return {who: rows[now] for who in people if (now := moved.get(who, who)) in rows}

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


def _person(row: Profile, ids: dict[UUID, str], last: datetime | None) -> Person:
    return Person(row.id, tuple(ids.values()), row.traits, row.account, row.first_seen, last)


def _is_uuid(text: str) -> bool:
    try:
        return len(text) == 36 and bool(UUID(text))
    except ValueError:
        return False
