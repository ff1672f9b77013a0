"""Who reads a workspace's mentions, what its people taught the reader, and the card that says how good it is."""

from __future__ import annotations

import asyncio
import uuid
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog

from dure.feed.api import append
from dure.governance.api import Principal, Role, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.social.conflicts import conflict
from dure.social.model import Reading
from dure.social.plugs import Reader
from dure.social.reading import card, events, store, weights
from dure.social.reading.builtin import BuiltInReader, built_in
from dure.social.reading.entities import KINDS, NOBODY, Dictionary, Name, NamedReader
from dure.social.reading.layer import MOST, Layer, Lesson, learn
from dure.state import State, Tx

DUE = 25  # corrections after which a new layer is learned by itself
_KEPT = 64  # workspaces whose readers a process keeps
_HELD = timedelta(seconds=60)
_LOOK_EVERY = 1.0  # seconds between two looks at a training
_MOST_NAMES = 2_000

log = structlog.get_logger("reading")


class Readers:
    """Readers by workspace. `given` is a stronger reader in the place of the one in the box."""

    def __init__(self, state: State, clock: Clock, given: Reader | None = None) -> None:
        self._state = state
        self._clock = clock
        self._given = given
        self._kept: OrderedDict[tuple[str, int, int], Reader] = OrderedDict()

    # -- reading ----------------------------------------------------------------------------------------------------

    async def for_workspace(self, tenant: Tenant) -> Reader:
        """The workspace's reader: its layer and its names on top of the one in the box. A given reader finds its names
        too; a layer adds to the weights in the box and says nothing to other readers.

        Which layer and which names is asked each time; what they make is kept, for a layer never changes.
        """
        async with self._state.begin(tenant) as tx:
            version, named = await store.reader(tx, tenant.workspace)
            if self._given is not None:
                version = 0
            key = (tenant.workspace, version, named)
            if found := self._kept.get(key):
                self._kept.move_to_end(key)
                return found
            packed = await store.weights(tx, tenant.workspace, version) if version else None
            names = [name for _, name in await store.names(tx, tenant.workspace)] if named else []
        self._kept[key] = made = await asyncio.to_thread(_reader, packed, names, self._given)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return made

    # -- corrections ------------------------------------------------------------------------------------------------

    async def corrected_in(
        self, tx: Tx, principal: Principal, mention: uuid.UUID, was: Reading, right: Reading, *, audit: bool = False,
        spam: bool = False,
    ) -> None:  # fmt: skip
        """Keeps what a person said of a reading. Of spam only what was said of it (`spam`) counts."""
        await store.keep_correction(
            tx, principal.tenant, mention, audit=audit, by=principal.actor or "system", at=self._clock.now(),
            was=_labels(was, spam=spam), says=_labels(right, spam=spam),
        )  # fmt: skip

    async def corrections(self, principal: Principal, limit: int = 50) -> list[dict[str, Any]]:
        """What people set right, the newest first."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.corrections(tx, principal.tenant.workspace, min(max(limit, 1), 500))

    async def to_judge(self, principal: Principal, limit: int = 10) -> list[uuid.UUID]:
        """Mentions picked by chance, for people to say whether they are read rightly."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.to_judge(tx, principal.tenant.workspace, min(max(limit, 1), 100))

    # -- learning ---------------------------------------------------------------------------------------------------

    async def ask(self, principal: Principal) -> int:
        """Asks for a new layer out of the corrections; returns its version. Conflict while one is being made."""
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            if not (await store.counted(tx, principal.tenant.workspace))["learned"]:
                raise Invalid("There is nothing to learn from yet: nobody corrected a mention.", field="corrections")
            return await self._ask(tx, principal)

    async def _ask(self, tx: Tx, principal: Principal) -> int:
        now = self._clock.now()
        version = await store.ask(tx, principal.tenant, principal.actor, now)
        if version is None:
            raise conflict("이미 배우는 중입니다.", "A lesson is under way already.", "version")
        await append(tx, events.layer_event(principal, now, events.LAYER_ASKED, version, {}))
        return version

    async def tick(self) -> int:
        """Asks for the layers that are due and makes those asked for; how many were made. For the server's loop."""
        async with self._state.begin_system() as tx:
            tenants = await store.due(tx, DUE)
        for tenant in tenants:
            async with self._state.begin(tenant) as tx:
                try:
                    await self._ask(tx, _system(tenant))
                except Conflict:
                    log.info("reading.asked_already", workspace=tenant.workspace)
        made = 0
        while await self._make_one():
            made += 1
        return made

    async def _make_one(self) -> bool:
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            taken = await store.claim(tx, now, now + _HELD)
        if taken is None:
            return False
        tenant, version, by = taken
        async with self._state.begin(tenant) as tx:
            rows = await store.corrections(tx, tenant.workspace, MOST, audit=False)
        lessons = [Lesson(row["text"], _heads(row["says"]), str(row["original"])) for row in rows]
        acting = _system(tenant, by)
        try:
            layer, figures = await self._learn(tenant, version, lessons)
        except (ValueError, FloatingPointError, MemoryError) as error:
            log.warning("reading.failed", workspace=tenant.workspace, error=str(error))
            await self._end(acting, version, len(lessons), None, {"error": str(error)})
        else:
            await self._end(acting, version, len(lessons), layer, figures)
        return True

    async def _learn(self, tenant: Tenant, version: int, lessons: Sequence[Lesson]) -> tuple[Layer, dict[str, Any]]:
        if not lessons:
            raise ValueError("No correction is left to learn from.")
        said = [0.0]
        work = asyncio.create_task(asyncio.to_thread(learn, lessons, weights.shipped(), said.append))
        while not (await asyncio.wait({work}, timeout=_LOOK_EVERY))[0]:
            async with self._state.begin(tenant) as tx:
                await store.hold(tx, tenant.workspace, version, said[-1], self._clock.now() + _HELD)
        return await work

    async def _end(
        self, acting: Principal, version: int, number: int, layer: Layer | None, figures: Mapping[str, Any]
    ) -> None:
        """A layer reads from now on where it does better on what it was not taught; else it is kept beside."""
        now, tenant = self._clock.now(), acting.tenant
        better = layer is not None and card.better(figures)
        async with self._state.begin(tenant) as tx:
            held = await store.finish(
                tx, tenant.workspace, version, state="failed" if layer is None else "ready", at=now,
                corrections=number, weights=None if layer is None else layer.packed(), figures=figures,
            )  # fmt: skip
            if not held:
                return
            if better:
                await store.set_layer(tx, tenant, version)
            name = events.LAYER_FAILED if layer is None else events.LAYER_LEARNED
            facts = {"corrections": number, "used": better, "effect": card.effect(figures)}
            await append(tx, events.layer_event(acting, now, name, version, facts))

    async def use(self, principal: Principal, version: int) -> None:
        """Lets an earlier (or later) layer read; 0 is the reader as it came. What was read stays as it is."""
        access(principal, "social:write")
        tenant, now = principal.tenant, self._clock.now()
        async with self._state.begin(tenant) as tx:
            if version and await store.weights(tx, tenant.workspace, version) is None:
                raise NotFound("There is no such version.", field="version")
            before, _ = await store.reader(tx, tenant.workspace)
            if before == version:
                return
            await store.set_layer(tx, tenant, version)
            await append(tx, events.layer_event(principal, now, events.READER_CHANGED, version, {"before": before}))

    # -- names ------------------------------------------------------------------------------------------------------

    async def names(self, principal: Principal) -> list[tuple[uuid.UUID, Name]]:
        """The brands, products, people and competitors that mentions are looked through for."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.names(tx, principal.tenant.workspace)

    async def save_name(self, principal: Principal, name: Name, name_id: uuid.UUID | None = None) -> uuid.UUID:
        """Adds a name, or changes one. Mentions that arrive from now on are looked through for it."""
        access(principal, "social:write")
        name = _checked(name)
        async with self._state.begin(principal.tenant) as tx:
            await store.take_names(tx, principal.tenant)
            others = dict(await store.names(tx, principal.tenant.workspace))
            if name_id is not None and name_id not in others:
                raise NotFound("There is no such name.")
            if any(other.label == name.label for one, other in others.items() if one != name_id):
                raise conflict("이미 있는 이름입니다.", "This name is there already.", "name")
            if name_id is None and len(others) >= _MOST_NAMES:
                raise Invalid(f"At most {_MOST_NAMES} names.", field="name")
            name_id = name_id or uuid7()
            await store.keep_name(tx, principal.tenant, name_id, name)
            await append(tx, events.name_event(principal, self._clock.now(), events.NAME_SAVED, name_id, name))
        return name_id

    async def remove_name(self, principal: Principal, name_id: uuid.UUID) -> None:
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            await store.take_names(tx, principal.tenant)
            found = dict(await store.names(tx, principal.tenant.workspace)).get(name_id)
            if found is None:
                raise NotFound("There is no such name.")
            await store.remove_name(tx, principal.tenant, name_id)
            await append(tx, events.name_event(principal, self._clock.now(), events.NAME_REMOVED, name_id, found))

    # -- the card ---------------------------------------------------------------------------------------------------

    async def card(self, principal: Principal) -> dict[str, Any]:
        """How good the reader is, as far as anybody knows: `built_in`, `layers`, `audit`, `corrections`, `uses`.
        `hostility` is how well a reader of it does that is not in the product."""
        access(principal, "social:read")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            version, _ = await store.reader(tx, workspace)
            counted = await store.counted(tx, workspace)
            layers = await store.layers(tx, workspace, 20)
            judged = await store.corrections(tx, workspace, MOST, audit=True)
        return {
            "reader": "built_in" if self._given is None else "plug",
            "built_in": weights.card(),
            "hostility": weights.hostility(),
            "uses": version,
            "due": DUE,
            "corrections": counted,
            "layers": [{**one, "effect": card.effect(one["figures"])} for one in layers],
            "audit": card.audit(judged),
        }


def _reader(packed: bytes | None, names: Sequence[Name], given: Reader | None) -> Reader:
    if given is not None:
        return NamedReader(given, Dictionary(names)) if names else given
    if packed is None and not names:
        return built_in()
    return BuiltInReader(
        weights.shipped(), Layer.unpacked(packed) if packed else None, Dictionary(names) if names else NOBODY
    )


def _labels(reading: Reading, *, spam: bool) -> dict[str, Any]:
    said = {
        "language": reading.language, "intent": reading.intent, "topic": reading.topic,
        "sentiment": str(reading.sentiment), "confidence": reading.confidence, "feeling": reading.feeling,
    }  # fmt: skip
    return {**said, "spam": "yes" if reading.spam >= 0.5 else "no"} if spam else said


def _heads(says: Mapping[str, Any]) -> dict[str, str]:
    return {head: str(says[head]) for head, classes in weights.HEADS.items() if str(says.get(head)) in classes}


def _checked(name: Name) -> Name:
    ways = [" ".join(one.split()) for one in (name.name, *name.aliases)]
    if name.kind not in KINDS:
        raise Invalid(f"`kind` is one of {', '.join(KINDS)}.", field="kind")
    if not 2 <= len(ways[0]) <= 80:
        raise Invalid("`name` has 2 to 80 characters.", field="name")
    if len(ways) > 31 or any(not 2 <= len(one) <= 80 for one in ways[1:]):
        raise Invalid("`aliases` are at most 30, each of 2 to 80 characters.", field="aliases")
    return Name(kind=name.kind, name=ways[0], aliases=tuple(dict.fromkeys(ways[1:])))


def _system(tenant: Tenant, by: str = "") -> Principal:
    return Principal(tenant, by, Role.ADMIN, frozenset({"*"}), "system", "social")
