"""The tracking plan's entrance: what events look like, who changed that when, and what differed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args

import msgspec

from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.ingest import events, rules_store
from dure.ingest.plan import Action, checked_schema
from dure.ingest.rulebook import RuleBook
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.state import Tx

EVENTS = 2000
_VIOLATION_DAYS = 14


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """One event of the plan in one of its versions; `schema` is the JSON text as it was written."""

    event: str
    version: int
    action: str
    schema: str
    description: str
    removed: bool
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class Imported:
    added: int
    changed: int
    removed: int
    unchanged: int


class TrackingPlan:
    def __init__(self, rules: RuleBook, clock: Clock) -> None:
        self._rules = rules
        self._clock = clock

    async def planned(self, principal: Principal) -> list[PlannedEvent]:
        access(principal, "ingest:read")
        async with self._rules.state.begin(principal.tenant) as tx:
            return [_planned(row) for row in await rules_store.plan(tx, principal.tenant.workspace)]

    async def versions(self, principal: Principal, event: str) -> list[PlannedEvent]:
        """Every version of one event, the newest first."""
        access(principal, "ingest:read")
        async with self._rules.state.begin(principal.tenant) as tx:
            rows = await rules_store.planned_versions(tx, principal.tenant.workspace, event)
        if not rows:
            raise NotFound(f"The plan never had an event {event!r}.", field="event")
        return [_planned(row) for row in rows]

    async def violations(
        self, principal: Principal, event: str = "", days: int = _VIOLATION_DAYS
    ) -> list[dict[str, Any]]:
        """How events differ from the plan, the most frequent first, each with its newest example."""
        access(principal, "ingest:read")
        async with self._rules.state.begin(principal.tenant) as tx:
            return await rules_store.violations(tx, principal.tenant.workspace, event, self._since(days))

    async def violations_by_event(self, principal: Principal, days: int = _VIOLATION_DAYS) -> dict[str, list[int]]:
        """Violations a day for each event, today last."""
        access(principal, "ingest:read")
        today = self._clock.now().date()
        async with self._rules.state.begin(principal.tenant) as tx:
            rows = await rules_store.violations_by_event(tx, principal.tenant.workspace, self._since(days))
        counts: dict[str, list[int]] = {}
        for row in rows:
            ago = (today - row["day"]).days
            if 0 <= ago < days:
                counts.setdefault(row["event"], [0] * days)[days - 1 - ago] = row["count"]
        return counts

    async def plan_event(
        self, principal: Principal, event: str, schema: object, action: str = "warn", description: str = ""
    ) -> PlannedEvent:
        """Sets what an event looks like from now on. What is the same already makes no new version."""
        text = _checked(event, schema, action, description)
        async with self._rules.changing(principal) as (tx, _):
            made, new = await self._put(tx, principal, event, text, action, description)
            if new:
                about = {"action": action, "version": made.version, "schema": text, "description": description}
                await append(
                    tx, events.rule_event(principal, self._clock, events.PLAN_CHANGED, "planned_event", event, about)
                )
        return made

    async def remove(self, principal: Principal, event: str) -> None:
        """Takes an event out of the plan; its versions stay readable."""
        async with self._rules.changing(principal) as (tx, _):
            if not await self._remove(tx, principal, event):
                raise NotFound(f"The plan has no event {event!r}.", field="event")
            await append(tx, events.rule_event(principal, self._clock, events.PLAN_REMOVED, "planned_event", event, {}))

    async def take_over(self, principal: Principal, planned: Sequence[dict[str, Any]], replace: bool) -> Imported:
        """Puts events in as `{event, schema, action?, description?}`; `replace` takes out those that are not listed."""
        if len(planned) > EVENTS:
            raise Invalid(f"A plan has at most {EVENTS} events.", field="events")
        checked: dict[str, tuple[str, str, str]] = {}
        for number, one in enumerate(planned):
            try:
                event, action, about = (
                    str(one["event"]),
                    str(one.get("action", "warn")),
                    str(one.get("description", "")),
                )
                checked[event] = (_checked(event, one["schema"], action, about), action, about)
            except KeyError as error:
                raise Invalid(f"`{error.args[0]}` is missing.", field=f"events.{number}.{error.args[0]}") from error
            except Invalid as error:
                raise Invalid(error.message, field=f"events.{number}.{error.field}") from error
        done = {"added": 0, "changed": 0, "removed": 0, "unchanged": 0}
        async with self._rules.changing(principal) as (tx, _):
            known = {row["event"] for row in await rules_store.plan(tx, principal.tenant.workspace)}
            for event, (text, action, about) in checked.items():
                _, new = await self._put(tx, principal, event, text, action, about)
                done["unchanged" if not new else "changed" if event in known else "added"] += 1
            for event in known - checked.keys() if replace else ():
                done["removed"] += await self._remove(tx, principal, event)
            about_all = {**done, "replace": replace}
            await append(
                tx,
                events.rule_event(
                    principal, self._clock, events.PLAN_IMPORTED, "tracking_plan", principal.tenant.workspace, about_all
                ),
            )
        return Imported(**done)

    async def _put(
        self, tx: Tx, principal: Principal, event: str, schema: str, action: str, description: str
    ) -> tuple[PlannedEvent, bool]:
        workspace = principal.tenant.workspace
        newest = await rules_store.newest_planned(tx, workspace, event)
        if newest is not None and not newest["removed"]:
            same = (newest["schema"], newest["action"], newest["description"]) == (schema, action, description)
            if same:
                return _planned(newest), False
        elif len(await rules_store.plan(tx, workspace)) >= EVENTS:
            raise Invalid(f"A plan has at most {EVENTS} events.", field="event")
        version, at = (newest["version"] if newest else 0) + 1, self._clock.now()
        made = PlannedEvent(event, version, action, schema, description, False, at, principal.actor)
        await rules_store.add_planned(
            tx, workspace, event, version, action, schema, description, False, at, principal.actor
        )
        return made, True

    async def _remove(self, tx: Tx, principal: Principal, event: str) -> bool:
        workspace = principal.tenant.workspace
        newest = await rules_store.newest_planned(tx, workspace, event)
        if newest is None or newest["removed"]:
            return False
        await rules_store.add_planned(
            tx, workspace, event, newest["version"] + 1, newest["action"], newest["schema"], newest["description"],
            True, self._clock.now(), principal.actor,
        )  # fmt: skip
        return True

    def _since(self, days: int) -> datetime:
        if not 1 <= days <= 90:
            raise Invalid("`days` is from 1 to 90.", field="days")
        return self._clock.now() - timedelta(days=days - 1)


def _checked(event: str, schema: object, action: str, description: str) -> str:
    if not event.strip() or len(event) > 255 or "\0" in event:
        raise Invalid("`event` is a name of 1 to 255 characters.", field="event")
    if action not in get_args(Action):
        raise Invalid("`action` is `warn`, `block` or `strip`.", field="action")
    if len(description) > 2000 or "\0" in description:
        raise Invalid("`description` has at most 2000 characters.", field="description")
    return checked_schema(schema)


def _planned(row: dict[str, Any]) -> PlannedEvent:
    return PlannedEvent(
        row["event"], row["version"], row["action"], row["schema"], row["description"], row["removed"],
        row["changed_at"], row["changed_by"],
    )  # fmt: skip


def as_json(planned: PlannedEvent) -> dict[str, Any]:
    """One event of the plan with its schema as an object."""
    return {
        "event": planned.event,
        "version": planned.version,
        "action": planned.action,
        "schema": msgspec.json.decode(planned.schema),
        "description": planned.description,
        "removed": planned.removed,
        "changed_at": planned.changed_at,
        "changed_by": planned.changed_by,
    }
