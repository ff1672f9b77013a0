"""Flags' entrance: making them, and what they are for somebody."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from dure.experiments import events
from dure.experiments import store as experiment_store
from dure.experiments.api import note_exposed
from dure.experiments.flags import store
from dure.experiments.flags.audience import asks_the_log
from dure.experiments.flags.definitions import definition
from dure.experiments.flags.evaluating import Found, Whose, evaluate, payload
from dure.experiments.flags.model import KEY, Flag, FlagDesign, read_flag, trait
from dure.experiments.flags.shelf import Shelf, Shelved
from dure.feed.api import Event, append
from dure.governance.api import Governance, Principal, access
from dure.ingest.plugs import AskedFlags, ToldFlag
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.ids import person_id
from dure.kernel.tenant import Tenant
from dure.people.api import People
from dure.people.api import Person as Known
from dure.segments.api import Segments, read_rule
from dure.state import State, Together, Tx

_READ, _WRITE = "experiments:read", "experiments:write"
_REMEMBERED = 200_000
_SAID = {
    "condition_match": "Matched a condition", "no_condition_match": "No condition matched",
    "out_of_rollout_bound": "Out of rollout bound", "flag_disabled": "Flag is disabled",
    "override": "Set for this person",
}  # fmt: skip


class Flags:
    """Switches of a product. Fills `ingest.plugs.FlagSource`."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, people: People, segments: Segments
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._governance = governance
        self._people = people
        self._segments = segments
        self.shelf = Shelf(state)
        # What many requests of one moment need is asked and written once for all of them.
        self._persons: Together[tuple[Tenant, UUID], Known | None] = Together(self._known)
        self._exposing: Together[Event, None] = Together(self._write)
        self._told: OrderedDict[str, None] = OrderedDict()

    # -- making them ------------------------------------------------------------------------------------------------

    async def flags(self, principal: Principal) -> list[Flag]:
        """By key."""
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            return await store.flags(tx, principal.tenant.workspace)

    async def flag(self, principal: Principal, key: str) -> Flag:
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            return await _found(tx, principal, key)

    async def create(self, principal: Principal, key: str, raw: Mapping[str, Any]) -> Flag:
        """A flag; Conflict where its key is taken."""
        access(principal, _WRITE)
        if not KEY.fullmatch(key):
            raise Invalid("A key has Latin letters, digits, dots, dashes and underscores.", field="key")
        design = read_flag(raw)
        async with self._state.begin(principal.tenant) as tx:
            await self._check(tx, principal, design)
            workspace = principal.tenant.workspace
            if not await store.add(
                tx, principal.tenant.org, workspace, key, design, principal.actor, self._clock.now()
            ):
                raise Conflict(f"There is a flag {key!r} already.", field="key")
            await self._changed(tx, principal, events.FLAG_CREATED, key, {"active": design.active})
            return await _found(tx, principal, key)

    async def change(self, principal: Principal, key: str, raw: Mapping[str, Any]) -> Flag:
        access(principal, _WRITE)
        design = read_flag(raw)
        async with self._state.begin(principal.tenant) as tx:
            await _found(tx, principal, key)
            await self._check(tx, principal, design)
            await store.change(tx, principal.tenant.workspace, key, design, self._clock.now())
            await self._changed(tx, principal, events.FLAG_CHANGED, key, {"active": design.active})
            return await _found(tx, principal, key)

    async def delete(self, principal: Principal, key: str) -> None:
        access(principal, _WRITE)
        async with self._state.begin(principal.tenant) as tx:
            if not await store.delete(tx, principal.tenant.workspace, key):
                raise NotFound("There is no such flag.", field="key")
            await self._changed(tx, principal, events.FLAG_DELETED, key, {})

    async def override(self, principal: Principal, key: str, distinct_id: str, value: bool | str | None) -> Flag:
        """What the flag is for one person, whatever its conditions say; None takes that away."""
        access(principal, _WRITE)
        if not distinct_id.strip() or len(distinct_id) > 200 or "\0" in distinct_id:
            raise Invalid("Say whom by their distinct id.", field="distinct_id")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            flag = await _found(tx, principal, key)
            if value is None:
                if not await store.let_go(tx, workspace, key, distinct_id):
                    raise NotFound("Nothing is set for this person.", field="distinct_id")
            else:
                text = str(value).lower() if isinstance(value, bool) else value
                names = {"true", "false"} | await self._values(tx, principal, flag.design)
                if text not in names:
                    raise Invalid(f"`value` is one of {', '.join(sorted(names))}.", field="value")
                await store.override(tx, workspace, key, distinct_id, text, principal.actor, self._clock.now())
            # The act says for which flag, not for whom: the feed is kept when people are erased.
            await self._changed(tx, principal, events.FLAG_OVERRIDDEN, key, {"set": value is not None})
            return await _found(tx, principal, key)

    # -- what they are ----------------------------------------------------------------------------------------------

    async def answer(self, tenant: Tenant, asked: AskedFlags) -> Sequence[ToldFlag]:
        """Every flag that is asked for, as it is for this person now; from memory, but for what only the database
        knows of them."""
        shelved = await self.shelf.of(tenant.workspace)
        flags = [flag for flag in shelved.flags if asked.keys is None or flag.key in asked.keys]
        if not flags:
            return ()
        whose = await self._whose(tenant, shelved, asked)
        told, met = [], []
        for flag in flags:
            linked = shelved.linked.get(flag.design.experiment or "")
            found = evaluate(flag, linked, whose)
            if found.arm and linked is not None and linked.open and flag.design.expose == "evaluated":
                met.append((linked.id, found.arm))
            told.append(_told(flag, found))
        for experiment, arm in met:
            await self._met(tenant, experiment, arm, whose)
        return told

    async def try_out(
        self, principal: Principal, distinct_id: str, traits: Mapping[str, Any], keys: Sequence[str] | None = None
    ) -> Sequence[ToldFlag]:
        """What somebody would be told, without counting as exposed."""
        access(principal, _READ)
        asked = AskedFlags(distinct_id, traits, frozenset(keys) if keys is not None else None)
        async with self._state.begin_system() as tx:
            editions = await store.edition(tx, [principal.tenant.workspace])
        shelved = await self.shelf.of(principal.tenant.workspace)
        if shelved.edition != editions.get(principal.tenant.workspace, 0):
            await self.shelf.look()
            shelved = await self.shelf.of(principal.tenant.workspace)
        whose = await self._whose(principal.tenant, shelved, asked)
        return [
            _told(flag, evaluate(flag, shelved.linked.get(flag.design.experiment or ""), whose))
            for flag in shelved.flags if asked.keys is None or flag.key in asked.keys
        ]  # fmt: skip

    async def definitions(self, principal: Principal) -> tuple[int, list[dict[str, Any]]]:
        """For clients that evaluate by themselves, with the edition they are of."""
        access(principal, _READ)
        shelved = await self.shelf.of(principal.tenant.workspace)
        return shelved.edition, [definition(flag) for flag in shelved.flags]

    async def _whose(self, tenant: Tenant, shelved: Shelved, asked: AskedFlags) -> Whose:
        person = person_id(tenant.workspace, asked.distinct_id)
        if not shelved.people:
            return Whose(asked.distinct_id, str(person), asked.properties)
        known = await self._persons.ask((tenant, person))
        now = known.id if known is not None else person
        traits = {**(known.traits if known is not None else {}), **asked.properties}
        segments: Sequence[str] = ()
        if shelved.segments:
            segments = await self._segments.segments_of(self._governance.system(tenant, "flags"), now)
        return Whose(asked.distinct_id, str(now), traits, frozenset(segments))

    async def _known(self, asked: Sequence[tuple[Tenant, UUID]]) -> Sequence[Known | Exception | None]:
        by_tenant: dict[Tenant, set[UUID]] = defaultdict(set)
        for tenant, person in asked:
            by_tenant[tenant].add(person)
        found: dict[tuple[Tenant, UUID], Known] = {}
        for tenant, people in by_tenant.items():
            async with self._state.begin(tenant) as tx:
                known = await self._people.known(tx, tenant, people)
            found |= {(tenant, person): one for person, one in known.items()}
        return [found.get(one) for one in asked]

    # -- who was told -----------------------------------------------------------------------------------------------

    async def _met(self, tenant: Tenant, experiment: str, arm: str, whose: Whose) -> None:
        """Notes an exposure before it is answered; what this process has noted lately is not noted again."""
        event = events.exposed(
            tenant, self._clock.now(), experiment, arm, UUID(whose.unit), whose.distinct_id
        )  # fmt: skip
        key = f"{tenant.workspace}:{event.message_id}"
        if key in self._told:
            self._told.move_to_end(key)
            return
        await self._exposing.ask(event)
        self._told[key] = None
        while len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)

    async def _write(self, made: Sequence[Event]) -> Sequence[None]:
        by_tenant: dict[Tenant, dict[str, Event]] = defaultdict(dict)
        for event in made:
            by_tenant[Tenant(event.org, event.workspace)][event.message_id] = event
        for tenant, some in by_tenant.items():
            async with self._state.begin(tenant) as tx:
                await note_exposed(tx, tenant, list(some.values()))
        return [None] * len(made)

    # -- within -----------------------------------------------------------------------------------------------------

    async def _changed(self, tx: Tx, principal: Principal, name: str, key: str, more: dict[str, Any]) -> None:
        await experiment_store.touch(tx, principal.tenant.workspace)
        await append(tx, events.flag_event(principal, self._clock.now(), name, key, more))

    async def _check(self, tx: Tx, principal: Principal, design: FlagDesign) -> None:
        """Whether the segments, the experiment and the payloads that it names are there."""
        for place, condition in enumerate(design.conditions):
            for each in condition.where:
                if not trait(each.prop) or len(each.prop) > 200:
                    raise Invalid("A condition names a trait.", field=f"conditions[{place}].where")
            if condition.segment and not await self._segments.is_known(principal.tenant, condition.segment):
                raise Invalid(f"There is no segment {condition.segment!r}.", field=f"conditions[{place}].segment")
        if design.experiment is not None:
            found = await experiment_store.experiment(tx, principal.tenant.workspace, design.experiment)
            if found is None:
                raise Invalid("There is no such experiment.", field="experiment")
            if found.design.audience is not None and asks_the_log(read_rule(found.design.audience)):
                raise Invalid(
                    "A flag answers at once: the experiment's audience may name traits and segments only.",
                    field="experiment",
                )
        known = {"true"} | await self._values(tx, principal, design)
        for name in design.payloads:
            if name not in known:
                raise Invalid(f"There is no variant {name!r}.", field=f"payloads.{name}")

    async def _values(self, tx: Tx, principal: Principal, design: FlagDesign) -> set[str]:
        names = {variant.name for variant in design.variants}
        if design.experiment is not None:
            found = await experiment_store.experiment(tx, principal.tenant.workspace, design.experiment)
            names |= {arm.name for arm in found.design.arms} if found is not None else set()
        return names


async def _found(tx: Tx, principal: Principal, key: str) -> Flag:
    found = await store.flags(tx, principal.tenant.workspace, key)
    if not found:
        raise NotFound("There is no such flag.", field="key")
    return found[0]


def _told(flag: Flag, found: Found) -> ToldFlag:
    return ToldFlag(
        flag.key, flag.number, flag.version, found.value, payload(flag, found.value), found.code, _SAID[found.code],
        found.condition, flag.design.experiment is not None,
    )  # fmt: skip
