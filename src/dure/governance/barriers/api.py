"""Barriers' entrance: who is kept from whom, and the one question that slices ask before they bring people together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from dure.feed.api import append
from dure.governance import events
from dure.governance.access import access
from dure.governance.barriers import store
from dure.governance.barriers.functions import FunctionGroups
from dure.governance.barriers.model import SUBJECTS, Barrier, GroupName, Subject, barred, pairs
from dure.governance.barriers.plugs import Groups
from dure.governance.barriers.refusals import (
    BarrierCrossed,
    BarrierExists,
    BarrierNotFound,
    GroupsNotFound,
    InvalidSubjects,
    PrimaryNotFound,
)
from dure.governance.model import Principal
from dure.kernel.clock import Clock
from dure.kernel.errors import TooLarge
from dure.kernel.ids import slack_id
from dure.state import State, Tx

MOST_BARRIERS = 200
MOST_GROUPS = 100


class Barriers:
    """`groups` are what names groups of people; the first that knows one is asked."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        self.groups: list[Groups] = [FunctionGroups()]

    # -- looked after -----------------------------------------------------------------------------------------------

    async def listed(self, principal: Principal) -> Sequence[Barrier]:
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.of_org(tx, principal.tenant.org)

    async def nameable(self, principal: Principal) -> Sequence[GroupName]:
        """Every group that a barrier could name."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            return [one for source in self.groups for one in await source.named(tx, principal.tenant.org)]

    async def create(
        self, principal: Principal, primary: str, groups: Sequence[str], subjects: Sequence[str] = SUBJECTS, *,
        rooms: bool = False,
    ) -> Barrier:  # fmt: skip
        """Keeps a group from others. Raises PrimaryNotFound, GroupsNotFound, BarrierExists, InvalidSubjects."""
        access(principal, "org:write")
        now = self._clock.now()
        made = Barrier(
            slack_id("Ba"), principal.tenant.org, primary, tuple(dict.fromkeys(groups)),
            _subjects(subjects), rooms, principal.actor, now, now,
        )  # fmt: skip
        async with self._state.begin(principal.tenant) as tx:
            standing = await self._checked(tx, made)
            if len(standing) >= MOST_BARRIERS:
                raise TooLarge(f"An organisation has at most {MOST_BARRIERS} barriers.")
            await store.put(tx, made)
            await self._tell(tx, principal, events.BARRIER_CREATED, made)
        return made

    async def update(
        self, principal: Principal, barrier: str, primary: str, groups: Sequence[str],
        subjects: Sequence[str] = SUBJECTS, *, rooms: bool | None = None,
    ) -> Barrier:  # fmt: skip
        """Puts other groups in the place of those before; `rooms` stays where it is not said."""
        access(principal, "org:write")
        subjects = _subjects(subjects)
        async with self._state.begin(principal.tenant) as tx:
            before = await self._found(tx, principal, barrier)
            made = replace(
                before, primary=primary, groups=tuple(dict.fromkeys(groups)), subjects=tuple(subjects),
                rooms=before.rooms if rooms is None else rooms, changed_at=self._clock.now(),
            )  # fmt: skip
            await self._checked(tx, made)
            await store.put(tx, made)
            await self._tell(tx, principal, events.BARRIER_CHANGED, made)
        return made

    async def delete(self, principal: Principal, barrier: str) -> None:
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._found(tx, principal, barrier)
            await store.drop(tx, principal.tenant.org, found.id)
            await self._tell(tx, principal, events.BARRIER_REMOVED, found)

    async def names(self, principal: Principal) -> Mapping[str, str]:
        """What each group is called."""
        return {one.id: one.name for one in await self.nameable(principal)}

    # -- asked by others, within a transaction ----------------------------------------------------------------------

    async def crossed(self, tx: Tx, org: str, people: Collection[str], subject: Subject) -> tuple[str, str] | None:
        """Two of these people who are kept apart in this; None where nobody is."""
        standing = [one for one in await store.of_org(tx, org) if one.rules(subject)] if len(people) > 1 else []
        if not standing:
            return None
        known = await self._people(tx, org, standing)
        return next((pair for one in standing for pair in pairs(one, known, people)), None)

    async def require(self, tx: Tx, org: str, people: Collection[str], subject: Subject) -> None:
        """BarrierCrossed where two of these people are kept apart in this."""
        pair = await self.crossed(tx, org, people, subject)
        if pair is not None:
            raise BarrierCrossed(field="users", data={"users": list(pair)})

    async def kept_from(self, tx: Tx, org: str, person: str) -> set[str]:
        """To whom somebody may not write directly."""
        standing = [one for one in await store.of_org(tx, org) if one.rules("im")]
        if not standing:
            return set()
        known = await self._people(tx, org, standing)
        return set().union(*(barred(one, known, person) for one in standing))

    async def _people(self, tx: Tx, org: str, standing: Sequence[Barrier]) -> Mapping[str, set[str]]:
        asked = list(dict.fromkeys(group for one in standing for group in (one.primary, *one.groups)))
        return await self.people_of(tx, org, asked)

    async def people_of(self, tx: Tx, org: str, asked: Sequence[str]) -> Mapping[str, set[str]]:
        """Who is in each of the groups that are known."""
        found: dict[str, set[str]] = {}
        for source in self.groups:
            found |= {k: v for k, v in (await source.people(tx, org, asked)).items() if k not in found}
        return found

    async def _checked(self, tx: Tx, made: Barrier) -> Sequence[Barrier]:
        """The organisation's barriers, where the new one makes sense beside the others."""
        await store.take_turns(tx, made.org)
        if not made.groups or len(made.groups) > MOST_GROUPS or made.primary in made.groups:
            raise GroupsNotFound(field="barriered_from_usergroup_ids")
        known = await self._people(tx, made.org, [made])
        if made.primary not in known:
            raise PrimaryNotFound(field="primary_usergroup_id")
        if not known.keys() >= set(made.groups):
            raise GroupsNotFound(field="barriered_from_usergroup_ids")
        standing = await store.of_org(tx, made.org)
        apart = {frozenset((made.primary, group)) for group in made.groups}
        for one in standing:
            if one.id != made.id and apart & {frozenset((one.primary, group)) for group in one.groups}:
                raise BarrierExists(field="primary_usergroup_id")
        return standing

    async def _found(self, tx: Tx, principal: Principal, barrier: str) -> Barrier:
        await store.take_turns(tx, principal.tenant.org)
        for one in await store.of_org(tx, principal.tenant.org):
            if one.id == barrier:
                return one
        raise BarrierNotFound(field="barrier_id")

    async def _tell(self, tx: Tx, principal: Principal, name: str, one: Barrier) -> None:
        about = {"primary": one.primary, "groups": list(one.groups), "subjects": list(one.subjects), "rooms": one.rooms}
        await append(tx, events.governance_event(principal, self._clock, name, "barrier", one.id, about))


def _subjects(given: Sequence[str]) -> tuple[str, ...]:
    if set(given) != set(SUBJECTS):
        raise InvalidSubjects(field="restricted_subjects")
    return SUBJECTS
