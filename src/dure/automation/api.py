"""Automation's entrance: definitions, recipes, runs, dry runs; and the loops that make it all move."""

from __future__ import annotations

import asyncio
import os
import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from dure.automation import catalogue, definition, dry_run, events, limits, schedule, store
from dure.automation.asking import Asking
from dure.automation.dry_run import DryRun
from dure.automation.history.api import History
from dure.automation.hooks import PREFIX, Hooks
from dure.automation.http_step import http_request
from dure.automation.match import Matcher
from dure.automation.model import AutomationInfo, Definition
from dure.automation.month import Bounds, Month
from dure.automation.past import acts, past_events
from dure.automation.plan import Plan
from dure.automation.plans import Plans
from dure.automation.plugs import EventKind, Lookup, Outgoing, Recipe, Start, StepKind, TriggerKind
from dure.automation.runs import READ, WRITE
from dure.automation.shelf import Preview, Shelf
from dure.automation.standstill import Standstill
from dure.automation.starts import started_by
from dure.automation.tick import BULK, INTERACTIVE, Engine
from dure.automation.trust.api import Trust
from dure.feed.api import Bell, append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.state import State, Tx

# What an automation that gets limits counts of what it did before: the longest that limits look back usually.
_COUNTED = timedelta(days=31)


class Automation(Asking, Standstill):
    """Definitions, recipes and runs of every workspace, and this process's part in moving them.

    Slices offer their steps, events and recipes here or later by `offer`. `lookups` say what is known of things that
    templates and conditions begin with (`person`, `account`, `deal`). `outgoing` is the way to typed-in addresses;
    without it there is no `http.request`. `site` is the address of the screens, for links. `lease` is how long a
    claimed outside call belongs to its worker.
    """

    def __init__(
        self, state: State, clock: Clock, governance: Governance, *, steps: Sequence[StepKind] = (),
        kinds_of_events: Sequence[EventKind] = (), recipes: Sequence[Recipe] = (),
        lookups: Mapping[str, Lookup] | None = None, log: Log | None = None, outgoing: Outgoing | None = None,
        signing_key: bytes = b"", rng: random.Random | None = None, lease: timedelta = timedelta(seconds=60),
        worker: str = "", site: str = "",
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._governance = governance
        self._log = log
        self._kinds: dict[str, StepKind] = {}
        self._triggers: dict[str, TriggerKind] = {}
        self._events: dict[str, EventKind] = {}
        self._recipes: dict[str, Recipe] = {}
        self._lookups: dict[str, Lookup] = dict(lookups or {})
        self._plans = Plans()
        self._site = site
        worker = worker or f"{os.getpid()}-{secrets.token_hex(3)}"
        self.engine = Engine(
            state, clock, self._kinds, self._lookups, self._plans, governance.system,
            rng=rng or random.Random(), worker=worker, lease=lease,
        )  # fmt: skip
        self.engine.advance.site = site
        self._shelf = Shelf(self, state, clock, governance, log, self._read, self._recipes, self._events)
        self.history = History(self, state)
        self.trust = Trust(self, state)
        self.matcher = Matcher(state, clock, self._plans, self._lookups, self.engine.wake)
        self.hooks = Hooks(state, clock, self._plans, self.engine, self._lookups, signing_key)
        if outgoing is not None:
            self.offer(steps=[http_request(outgoing, signing_key)])
        self.offer(steps=steps, kinds_of_events=(*events.EVENTS, *kinds_of_events), recipes=recipes)

    def offer(
        self, *, steps: Sequence[StepKind] = (), kinds_of_events: Sequence[EventKind] = (),
        recipes: Sequence[Recipe] = (), lookups: Mapping[str, Lookup] | None = None,
        triggers: Sequence[TriggerKind] = (),
    ) -> None:  # fmt: skip
        """Adds what a slice brings. Two of one name among steps, triggers or recipes are an error of the program."""
        for kind in steps:
            if kind.name in self._kinds:
                raise ValueError(f"two kinds of steps are named {kind.name}")
            self._kinds[kind.name] = kind
        for trigger in triggers:
            if trigger.name in self._triggers:
                raise ValueError(f"two kinds of triggers are named {trigger.name}")
            self._triggers[trigger.name] = trigger
        for event in kinds_of_events:
            before = self._events.get(event.name)
            # Two slices may write one event; whoever listens to it may meet the properties of either.
            given = event if before is None else replace(event, properties={**before.properties, **event.properties})
            self._events[event.name] = given
        for recipe in recipes:
            if recipe.id in self._recipes:
                raise ValueError(f"two recipes are named {recipe.id}")
            self._recipes[recipe.id] = recipe
        self._lookups.update(lookups or {})

    # -- what there is to build with --------------------------------------------------------------------------------

    def kinds(self, principal: Principal) -> list[StepKind]:
        access(principal, READ)
        return sorted(self._kinds.values(), key=lambda kind: kind.name)

    def triggers(self, principal: Principal) -> list[TriggerKind]:
        access(principal, READ)
        return sorted(self._triggers.values(), key=lambda kind: kind.name)

    def things(self, principal: Principal) -> list[str]:
        """What templates and conditions may begin with beside event, run and steps."""
        access(principal, READ)
        return sorted(self._lookups)

    def events(self, principal: Principal) -> list[EventKind]:
        access(principal, READ)
        return sorted(self._events.values(), key=lambda kind: (kind.slice, kind.name))

    def ready(self, principal: Principal) -> list[Recipe]:
        """The recipes that there are, in the order in which slices offer them: that of the work."""
        access(principal, READ)
        return list(self._recipes.values())

    async def started_by(self, tx: Tx, tenant: Tenant, kind: str) -> list[Start]:
        """The automations that are on and begin with a kind of trigger, for the slice that offers it to people."""
        return await started_by(tx, tenant.workspace, kind)

    async def recipes(self, principal: Principal) -> list[tuple[Recipe, AutomationInfo | None]]:
        """Every recipe, with the automation made of it where there is one."""
        return await self._shelf.recipes(principal)

    # -- definitions ------------------------------------------------------------------------------------------------

    async def automations(self, principal: Principal) -> list[AutomationInfo]:
        access(principal, READ)
        today = await self._today(principal)
        async with self._state.begin(principal.tenant) as tx:
            return await catalogue.automations(tx, principal.tenant.workspace, today)

    async def get(self, principal: Principal, automation: str) -> AutomationInfo:
        access(principal, READ)
        today = await self._today(principal)
        async with self._state.begin(principal.tenant) as tx:
            found = await catalogue.automations(tx, principal.tenant.workspace, today, [automation])
        if not found:
            raise NotFound("There is no such automation.", field="automation")
        return found[0]

    async def create(
        self, principal: Principal, name: str, doc: Mapping[str, Any], *, enabled: bool = False, recipe: str = "",
        note: str = "",
    ) -> AutomationInfo:  # fmt: skip
        """A new automation. Invalid names the field of the definition that makes no sense."""
        access(principal, WRITE)
        text = await self._read(principal, doc)
        async with self._state.begin(principal.tenant) as tx:
            made = await self.create_in(tx, principal, name, text, enabled=enabled, recipe=recipe, note=note)
        return await self.get(principal, made)

    async def create_in(
        self, tx: Tx, principal: Principal, name: str, text: Definition, *, enabled: bool, recipe: str = "",
        settings: Mapping[str, Any] | None = None, note: str = "",
    ) -> str:  # fmt: skip
        """A new automation within a transaction; returns its id, or that of the recipe's that is there already."""
        access(principal, WRITE)
        if not name.strip() or len(name) > 200:
            raise Invalid("`name` is a text of 1 to 200 characters.", field="name")
        workspace, now, new = principal.tenant.workspace, self._clock.now(), str(uuid7())
        made = await catalogue.insert(
            tx, workspace, principal.tenant.org, new, name, recipe, enabled, principal.actor, now
        )
        if not made:
            return await catalogue.of_recipe(tx, workspace, recipe) or new
        version = await catalogue.publish(tx, workspace, new, name, text, principal.actor, now, _note(note), settings)
        await self._settled(tx, workspace, new, text, enabled)
        happened = [
            events.by(principal, now, events.CREATED, new, {"name": name, "version": version, "recipe": recipe})
        ]
        if enabled:
            happened.append(events.by(principal, now, events.ENABLED, new, {"name": name, "recipe": recipe}))
        await append(tx, *happened)
        return new

    async def switch_on(
        self, principal: Principal, recipe: str, *, enabled: bool = True, settings: Mapping[str, Any] | None = None
    ) -> AutomationInfo:
        """Makes the automation of a recipe, once, and turns it on or off. Done again it changes nothing but the
        settings that are given. Invalid names `settings.x`."""
        return await self._shelf.switch_on(principal, recipe, enabled=enabled, settings=settings)

    async def set_up(
        self, principal: Principal, automation: str, settings: Mapping[str, Any], *, note: str = ""
    ) -> AutomationInfo:
        """Publishes a recipe's automation with other settings; those not given stay, None asks for the default."""
        return await self._shelf.set_up(principal, automation, settings, note)

    async def update(
        self, principal: Principal, automation: str, *, name: str | None = None, doc: Mapping[str, Any] | None = None,
        note: str = "", base: int | None = None, settings: Mapping[str, Any] | None = None,
    ) -> AutomationInfo:  # fmt: skip
        """Publishes a new version, with a note on why. Runs under way stay on theirs. `base` is the version that was
        changed; Conflict where another one is live by now. `settings` are those that a recipe's `doc` was filled with;
        a definition written by hand has none."""
        access(principal, WRITE)
        workspace, now = principal.tenant.workspace, self._clock.now()
        text = await self._read(principal, doc) if doc is not None else None
        async with self._state.begin(principal.tenant) as tx:
            row = await self._locked(tx, principal, automation)
            if base is not None and base != row["version"]:
                raise Conflict(
                    f"Version {row['version']} was published since version {base}.", field="base",
                    data={"version": row["version"]},
                )  # fmt: skip
            text = text or msgspec.convert(row["doc"], Definition)
            version = await catalogue.publish(
                tx, workspace, automation, name or row["name"], text, principal.actor, now, _note(note),
                settings if doc is not None else row["settings"],
            )  # fmt: skip
            await self._settled(tx, workspace, automation, text, row["enabled"])
            properties = {"name": name or row["name"], "version": version, "note": note}
            await append(tx, events.by(principal, now, events.CHANGED, automation, properties))
        return await self.get(principal, automation)

    async def switch(self, principal: Principal, automation: str, enabled: bool) -> AutomationInfo:
        """Turns an automation on or off. Off, it starts no more runs; those under way go on to their end."""
        access(principal, WRITE)
        workspace, now = principal.tenant.workspace, self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            row = await self._locked(tx, principal, automation)
            if await catalogue.switch(tx, workspace, automation, enabled, now):
                await self._settled(tx, workspace, automation, msgspec.convert(row["doc"], Definition), enabled)
                name = events.ENABLED if enabled else events.DISABLED
                properties = {"name": row["name"], "recipe": row["recipe"]}
                await append(tx, events.by(principal, now, name, automation, properties))
        return await self.get(principal, automation)

    async def read(self, principal: Principal, doc: Mapping[str, Any]) -> Definition:
        """A definition as it would be saved; Invalid names the field that makes no sense."""
        access(principal, READ)
        return await self._read(principal, doc)

    # -- what would be ----------------------------------------------------------------------------------------------

    async def dry_run(
        self, principal: Principal, *, automation: str = "", doc: Mapping[str, Any] | None = None,
        event: Mapping[str, Any] | None = None, past: int = 0,
    ) -> DryRun:  # fmt: skip
        """What a definition (the live one, or `doc`) would do with an event, or with the last `past` events of its
        kind in the log (at most 500). Nothing is kept and nothing goes out."""
        access(principal, READ)
        plan = await self._rehearsed(principal, automation, doc)
        text = plan.definition
        looked: Sequence[Mapping[str, Any] | None] = [event]
        if past:
            if self._log is None:
                raise Unavailable("There is no log to take past events from.")
            if text.trigger.event is None:
                raise Invalid("Only an automation that an event starts can be tried on past events.", field="past")
            looked = await past_events(self._log, principal.tenant, text.trigger.event, min(past, 500))
        return await dry_run.dry_run(
            self._state, plan, looked, self._clock.now(),
            kinds=self._kinds, lookups=self._lookups, system=self._governance.system,
        )  # fmt: skip

    async def preview(
        self, principal: Principal, recipe: str, settings: Mapping[str, Any], *, past: int = 100
    ) -> Preview:
        """What a recipe would do with these settings, over the newest events of its kind or with a sample."""
        return await self._shelf.preview(principal, recipe, settings, past=past)

    async def dry_run_month(
        self, principal: Principal, *, automation: str = "", doc: Mapping[str, Any] | None = None,
        bounds: Bounds | None = None,
    ) -> Month:  # fmt: skip
        """What a definition would have done in the past month; `rehearse()` tells it while it is found out."""
        access(principal, READ)
        plan = await self._rehearsed(principal, automation, doc)
        bounds = bounds or Bounds()
        for name, most in (("days", 31), ("events", 200_000), ("runs", 1_000), ("seconds", 300)):
            if not 1 <= getattr(bounds, name) <= most:
                raise Invalid(f"`{name}` is between 1 and {most}.", field=name)
        if self._log is None:
            raise Unavailable("There is no log to take past events from.")
        return Month.of(
            self._state, self._log, plan, self._clock.now(), bounds,
            kinds=self._kinds, lookups=self._lookups, system=self._governance.system,
        )  # fmt: skip

    async def past_events(self, principal: Principal, event: str, limit: int = 20) -> list[dict[str, Any]]:
        """The last events of a name in the log, newest first, to try an automation with."""
        access(principal, READ)
        if self._log is None:
            raise Unavailable("There is no log to take past events from.")
        return await past_events(self._log, principal.tenant, event, max(1, min(limit, 100)))

    async def acts(self, principal: Principal, automation: str, limit: int = 200) -> list[dict[str, Any]]:
        """What people did with an automation, newest first: changes, switches, retries, decisions."""
        await self.get(principal, automation)
        if self._log is None:
            return []
        return await acts(self._log, principal.tenant, automation, events.ACTS, max(1, min(limit, 500)))

    # -- where it is started from ------------------------------------------------------------------------------------

    async def hook_address(self, principal: Principal, automation: str, *, anew: bool = False) -> Mapping[str, Any]:
        """The address of an automation that webhooks start: `url`, and the `key` and `header` of its signature where it
        wants one. `anew` makes another and ends the one before."""
        access(principal, WRITE)
        info = await self.get(principal, automation)
        hook = info.definition.trigger.hook
        if hook is None:
            raise Invalid("This automation is not one that a webhook starts.", field="automation")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            if anew:
                await self.hooks.ensure(tx, workspace, automation, anew=True)
                await append(
                    tx, events.by(principal, self._clock.now(), events.HOOK_RENEWED, automation, {"name": info.name})
                )
            found = await self.hooks.address(tx, workspace, automation)
        if found is None:
            raise NotFound("It has no address.", field="automation")
        secret, key = found
        path = PREFIX + secret
        return {
            "url": self._site.rstrip("/") + path, "path": path, "header": hook.signature,
            "key": key if hook.signature else "",
        }  # fmt: skip

    async def for_record(self, principal: Principal, type: str) -> list[AutomationInfo]:
        """The automations that may be started by hand on a record of a type."""
        access(principal, READ)
        today = await self._today(principal)
        async with self._state.begin(principal.tenant) as tx:
            ids = await catalogue.for_record(tx, principal.tenant.workspace, type)
            return await catalogue.automations(tx, principal.tenant.workspace, today, ids) if ids else []

    # -- moving -----------------------------------------------------------------------------------------------------

    async def run_followers(self, bell: Bell) -> None:
        """Starts and wakes runs as events come, until cancelled."""
        await self.matcher.run(bell, handle=self.matcher.handle, every=0.02)

    async def work(self) -> None:
        """Moves runs, until cancelled; calls under way are waited for a little then, and their answers kept."""
        self.engine.calls.closed = False
        try:
            await asyncio.gather(self.engine.run(INTERACTIVE), self.engine.run(BULK))
        except asyncio.CancelledError:
            await asyncio.shield(self._wind_up())
            raise

    async def settle(self) -> int:
        """Moves everything that is due now, calls outside included, until nothing is left; returns how much moved.

        For tests, the command line and a story told at once: what is due later stays."""
        moved = 0
        while True:
            now = await self.matcher.step()
            for lane in (INTERACTIVE, BULK):
                now += await self.engine.beat(lane)
            moved += now
            if not now and not await self.engine.calls.wait():
                return moved

    async def _wind_up(self) -> None:
        self.engine.calls.closed = True
        await self.engine.calls.drain()
        for lane in (INTERACTIVE, BULK):
            if self.engine.calls.done[lane]:
                await self.engine.beat(lane)

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _settled(self, tx: Tx, workspace: str, automation: str, text: Definition, enabled: bool) -> None:
        """What follows from a change of definition or switch: the schedule, and that others read it again."""
        now = self._clock.now()
        next_at = await schedule.next_of(tx, workspace, text.trigger, now) if enabled else None
        await store.set_schedule(tx, workspace, automation, next_at)
        if text.trigger.hook is not None:
            await self.hooks.ensure(tx, workspace, automation)
        if Plan.of(Tenant("", workspace), automation, "", 0, text).watched:
            await limits.watch(tx, workspace, automation, now - _COUNTED)
        await store.changed(tx, workspace)

    async def _read(self, principal: Principal, doc: Mapping[str, Any]) -> Definition:
        text = definition.read(doc, self._kinds, frozenset(self._lookups), self._triggers)
        if text.trigger.zone is None:
            zone = (await self._governance.workspace(principal.tenant)).timezone
            text = msgspec.structs.replace(text, trigger=msgspec.structs.replace(text.trigger, zone=zone))
        return text

    async def _rehearsed(self, principal: Principal, automation: str, doc: Mapping[str, Any] | None) -> Plan:
        """The live definition, or one that is not saved, ready to be tried."""
        if doc is None:
            info = await self.get(principal, automation)
            name, text = info.name, info.definition
        else:
            name, text = "", await self._read(principal, doc)
        return Plan.of(principal.tenant, automation or "dry-run", name, 0, text)

    async def _today(self, principal: Principal) -> datetime:
        zone = ZoneInfo((await self._governance.workspace(principal.tenant)).timezone)
        return self._clock.now().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def _note(note: str) -> str:
    if len(note) > 500:
        raise Invalid("`note` has at most 500 characters.", field="note")
    return note.strip()
