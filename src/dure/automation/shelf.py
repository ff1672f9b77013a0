"""The shelf of ready automations: switched on and set up by a small form, looked at before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dure.automation import catalogue, recipe, schedule
from dure.automation.dry_run import DryRun
from dure.automation.model import AutomationInfo, Definition
from dure.automation.plugs import EventKind, Recipe
from dure.automation.runs import READ, WRITE
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.log.api import Log
from dure.state import State

if TYPE_CHECKING:
    from dure.automation.api import Automation

Read = Callable[[Principal, Mapping[str, Any]], Awaitable[Definition]]
"""A document as a definition, checked against what this workspace can build with."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a recipe would do with these settings. `sample` is true where the log held no event that it would have
    acted on, so that `would.runs` shows a made-up one; the counts are always the log's. `next_at` is a schedule's."""

    settings: Mapping[str, Any]
    definition: Definition
    would: DryRun
    sample: bool
    next_at: datetime | None


class Shelf:
    """The recipes that slices offer, and the automations made of them."""

    def __init__(
        self, automation: Automation, state: State, clock: Clock, governance: Governance, log: Log | None, read: Read,
        recipes: Mapping[str, Recipe], events: Mapping[str, EventKind],
    ) -> None:  # fmt: skip
        self._automation = automation
        self._state = state
        self._clock = clock
        self._governance = governance
        self._log = log
        self._read = read
        self._recipes = recipes
        self._events = events

    async def recipes(self, principal: Principal) -> list[tuple[Recipe, AutomationInfo | None]]:
        """Every recipe, with the automation made of it where there is one."""
        made = {info.recipe: info for info in await self._automation.automations(principal)}
        return [(one, made.get(one.id)) for one in self._recipes.values()]

    async def switch_on(
        self, principal: Principal, recipe_id: str, *, enabled: bool = True, settings: Mapping[str, Any] | None = None
    ) -> AutomationInfo:
        """Makes the automation of a recipe, once, and turns it on or off. Done again it changes nothing but the
        settings that are given. Invalid names `settings.x`."""
        access(principal, WRITE)
        ready = self._ready(recipe_id)
        language = (await self._governance.workspace(principal.tenant)).language
        async with self._state.begin(principal.tenant) as tx:
            made = await catalogue.of_recipe(tx, principal.tenant.workspace, recipe_id)
        if made is None:
            values, doc = recipe.fill(ready, settings or {})
            text = await self._read(principal, doc)
            name = ready.title.get(language) or ready.title["en"]
            async with self._state.begin(principal.tenant) as tx:
                made = await self._automation.create_in(
                    tx, principal, name, text, enabled=enabled, recipe=recipe_id, settings=values
                )
        elif settings is not None:
            await self.set_up(principal, made, settings)
        return await self._automation.switch(principal, made, enabled)

    async def set_up(
        self, principal: Principal, automation: str, settings: Mapping[str, Any], note: str = ""
    ) -> AutomationInfo:
        """Publishes a new version of a recipe's automation with other settings; those not given stay, None asks for
        the default. The recipe's own steps come back where somebody had changed them by hand."""
        access(principal, WRITE)
        info = await self._automation.get(principal, automation)
        if not info.recipe:
            raise Invalid("Only an automation that was made of a recipe has settings.", field="settings")
        values, doc = recipe.fill(self._ready(info.recipe), settings, info.settings)
        if values == info.settings:
            return info
        return await self._automation.update(principal, automation, doc=doc, settings=values, note=note)

    async def preview(
        self, principal: Principal, recipe_id: str, settings: Mapping[str, Any], *, past: int = 100
    ) -> Preview:
        """What it would do: over the newest `past` events of its kind in the log, else with a sample that says so.
        Nothing is kept and nothing goes out."""
        access(principal, READ)
        ready = self._ready(recipe_id)
        made = next((one for one in await self._automation.automations(principal) if one.recipe == recipe_id), None)
        values, doc = recipe.fill(ready, settings, made.settings if made else None)
        text = await self._read(principal, doc)
        if text.trigger.event is None:
            would = await self._automation.dry_run(principal, doc=doc)
            workspace, now = principal.tenant.workspace, self._clock.now()
            async with self._state.begin(principal.tenant) as tx:
                next_at = await schedule.next_of(tx, workspace, text.trigger, now)
            return Preview(values, text, would, False, next_at)
        doc = _past_too(doc)
        counts = DryRun(0, 0, 0, (), ())
        if self._log is not None:
            counts = await self._automation.dry_run(principal, doc=doc, past=max(1, min(past, 500)))
        if counts.started:
            return Preview(values, text, counts, False, None)
        event = recipe.sample_event(
            text, self._events.get(text.trigger.event), principal.tenant, self._clock.now()
        )  # fmt: skip
        shown = await self._automation.dry_run(principal, doc=doc, event=event)
        would = DryRun(counts.looked_at, counts.met, counts.started, counts.refused, shown.runs)
        return Preview(values, text, would, True, None)

    def _ready(self, recipe_id: str) -> Recipe:
        ready = self._recipes.get(recipe_id)
        if ready is None:
            known = ", ".join(sorted(self._recipes)) or "none"
            raise NotFound(f"There is no recipe {recipe_id!r}; there are: {known}.", field="recipe")
        return ready


def _past_too(doc: Mapping[str, Any]) -> dict[str, Any]:
    """Without the filter that leaves out a past that was brought in: nothing is done to it by looking."""
    trigger = dict(doc["trigger"])
    trigger["where"] = [one for one in trigger.get("where", ()) if (one["prop"], one["op"]) != ("loaded", "not_set")]
    return {**doc, "trigger": trigger}
