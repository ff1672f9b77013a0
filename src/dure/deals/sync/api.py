"""The sync's entrance: a run, how it stands, what both sides changed, who wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import structlog

from dure.deals.api import Deals
from dure.deals.plugs import Elsewhere, OutOfBudget
from dure.deals.salesforce.call import known
from dure.deals.salesforce.desk import view
from dure.deals.salesforce.writing import Writing
from dure.deals.sync import store
from dure.deals.sync.fields import DEFAULTS, DURE, FIELDS, KEY, NEWEST, OWNERS, SALESFORCE
from dure.deals.sync.here import Here, People
from dure.deals.sync.model import Status
from dure.deals.sync.pulling import Pull
from dure.deals.sync.pushing import Push
from dure.deals.sync.stages import bring_stages
from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.governance.events import act
from dure.kernel.errors import Conflict, DureError, Invalid, NotFound

log = structlog.get_logger("deals.sync")

RESOLVED = "Sync Conflict Resolved"
OWNER_SET = "Sync Field Owner Set"
FINISHED = "Sync Finished"
_SHOWN = 200


class Sync:
    """Keeps a workspace and an org elsewhere the same. `there` is None where the installation has no org."""

    def __init__(self, deals: Deals, there: Elsewhere | None, workspace: str = "", *, name: str = "salesforce") -> None:
        self._desk = deals.desk
        self._deals = deals
        self._there = there
        self._workspace = workspace
        self._name = name
        self._here = Here(deals.desk, Writing(deals))

    # -- how it stands ----------------------------------------------------------------------------------------------

    async def state(self, principal: Principal) -> dict[str, Any]:
        """The last run, the day's calls, how far each object is, conflicts (open ones first), what was not taken."""
        access(principal, "deals:read")
        workspace = principal.tenant.workspace
        async with self._desk.state.begin(principal.tenant) as tx:
            status = await store.status(tx, workspace)
            conflicts = await store.conflicts(tx, workspace, _SHOWN)
            places = await store.cursors(tx, workspace)
            failures = await store.failures(tx, workspace)
            owners = await store.owners(tx, workspace)
        return {
            "on": await self._is_ours(principal),
            "last_run": asdict(status),
            "budget": {"used": status.used, "total": status.total},
            "objects": places,
            "conflicts": [asdict(one) for one in conflicts],
            "failures": failures,
            "fields": [
                {"object": object_, "field": field, "owner": _owner(owners, object_, field)}
                for object_, fields in FIELDS.items()
                for field in fields
            ],
        }

    async def set_owner(self, principal: Principal, object_: str, field: str, owner: str) -> None:
        """Which side wins where both change a field: salesforce, dure, newest, or ask."""
        access(principal, "deals:configure")
        if field not in FIELDS.get(object_, ()):
            raise Invalid(f"{object_}.{field} is not kept the same.", field="field")
        if owner not in OWNERS:
            raise Invalid(f"`owner` is one of {', '.join(OWNERS)}.", field="owner")
        now = self._desk.clock.now()
        async with self._desk.state.begin(principal.tenant) as tx:
            await store.set_owner(tx, principal.tenant.workspace, object_, field, owner)
            facts = {"object": object_, "field": field, "owner": owner}
            await append(tx, act(principal, "deals", OWNER_SET, "sync_field", f"{object_}.{field}", facts, now))

    async def resolve(self, principal: Principal, conflict_id: str, keep: str) -> None:
        """Says which side's value holds; the other side follows, here at once, there with the next run."""
        access(principal, "deals:write")
        if keep not in (SALESFORCE, DURE):
            raise Invalid("`keep` is salesforce or dure.", field="keep")
        now, workspace = self._desk.clock.now(), principal.tenant.workspace
        async with self._desk.state.begin(principal.tenant) as tx:
            found = await store.conflict(tx, workspace, conflict_id)
            if found is None:
                raise NotFound("There is no such conflict.", field="conflict")
            if found.kept:
                raise Conflict("It is settled already.", field="conflict", data={"kept": found.kept})
            await store.resolve(tx, workspace, conflict_id, keep, now, principal.actor)
            seen = await view(self._desk, tx, principal)
            of = known(seen, found.object)
            gone_here = found.field == "" and found.here is None
            if found.field == "" and gone_here and keep == SALESFORCE:
                await self._deals.records(of.kind).restore_in(tx, principal, found.record)
                await self._here.writing.update(tx, principal, seen, of, found.record, found.there)
            elif found.field == "" and not gone_here and keep == SALESFORCE:
                await self._here.writing.delete(tx, principal, seen, of, found.record)
                await store.drop_link(tx, workspace, found.record)
            elif found.field == "" and not gone_here:
                await store.drop_link(tx, workspace, found.record)
                await store.note_failure(tx, workspace, found.object, "push", found.record, "to be made again", now)
            elif found.field and keep == SALESFORCE:
                await self._here.writing.update(tx, principal, seen, of, found.record, {found.field: found.there})
            elif found.field:
                # The next run sends it, wherever its cursor is.
                await store.note_failure(tx, workspace, found.object, "push", found.record, "to be sent", now)
            facts = {"object": found.object, "record": found.record, "field": found.field, "kept": keep}
            await append(tx, act(principal, "deals", RESOLVED, "sync_conflict", conflict_id, facts, now))

    # -- a run ------------------------------------------------------------------------------------------------------

    async def tick(self) -> None:
        """A run for the workspace that the installation names; nothing without an org."""
        spaces = await self._desk.governance.workspaces()
        ours = next((one for one in spaces if self._workspace in ("", one.id, one.domain)), None)
        if self._there is not None and ours is not None:
            await self._run(self._desk.governance.system(ours.tenant, self._name))

    async def run(self, principal: Principal) -> Status:
        """A run now, for whoever does not want to wait."""
        access(principal, "deals:configure")
        if not await self._is_ours(principal):
            raise Invalid("No Salesforce org is set up for this workspace (DURE_SALESFORCE_URL).", field="sync")
        return await self._run(self._desk.governance.system(principal.tenant, self._name))

    async def _is_ours(self, principal: Principal) -> bool:
        space = await self._desk.governance.workspace(principal.tenant)
        if self._there is None:
            return False
        if not self._workspace:
            return (await self._desk.governance.workspaces())[0].id == space.id
        return self._workspace in (space.id, space.domain)

    async def _run(self, system: Principal) -> Status:
        """One at a time in a workspace, whichever process asks; a killed one lets go by itself."""
        workspace = system.tenant.workspace
        async with self._desk.state.alone() as connection:
            cursor = await connection.execute(
                "select pg_try_advisory_lock(hashtext('deals.sync'), hashtext(%s)) as mine", (workspace,)
            )
            row = await cursor.fetchone()
            if row is None or not row["mine"]:
                raise Conflict("A run is under way.")
            status = await self._both_ways(system)
            # A closed connection lets go too, but only once the database has noticed.
            await connection.execute("select pg_advisory_unlock(hashtext('deals.sync'), hashtext(%s))", (workspace,))
            return status

    async def _both_ways(self, system: Principal) -> Status:
        assert self._there is not None  # noqa: S101 - asked before
        workspace = system.tenant.workspace
        status = Status(started_at=self._desk.clock.now())
        pull: Pull | None = None
        push: Push | None = None
        try:
            async with self._desk.state.begin(system.tenant) as tx:
                owners = await store.owners(tx, workspace)
                ours, first_owner = await self._here.people(tx, system)
            people = People(ours, await self._there.people())
            pull = Pull(self._here, self._there, system, people, first_owner, owners)
            push = Push(self._here, self._there, system, people)
            fields = await self._fields(system)
            if "Opportunity" in fields:
                await bring_stages(self._deals, self._there, system)
            for object_, names in fields.items():
                await pull.object(object_, names)
            for object_, names in fields.items():
                await pull.deletions(object_, names)
            for object_, names in fields.items():
                await push.object(object_, names)
            for object_ in fields:
                await push.deletions(object_)
            status = replace(status, outcome="ok")
        except OutOfBudget:
            status = replace(status, outcome="budget")
        except (OSError, DureError) as error:
            log.warning("the sync could not finish", error=str(error))
            status = replace(status, outcome="failed", error=str(error)[:1000])
        return await self._told(system, status, pull, push)

    async def _fields(self, system: Principal) -> dict[str, list[str]]:
        """What both sides have and may write; an object without a place for our id there is left alone."""
        assert self._there is not None  # noqa: S101 - asked before
        async with self._desk.state.begin(system.tenant) as tx:
            catalogue = (await self._here.view(tx, system)).catalogue
        found: dict[str, list[str]] = {}
        for object_, names in FIELDS.items():
            there = await self._there.fields(object_)
            of = catalogue.find(object_)
            if KEY not in there or of is None:
                continue
            found[object_] = [name for name in names if name in there and of.field(name) is not None]
        return found

    async def _told(self, system: Principal, status: Status, pull: Pull | None, push: Push | None) -> Status:
        assert self._there is not None  # noqa: S101 - asked before
        budget = self._there.budget
        now = self._desk.clock.now()
        status = replace(
            status, finished_at=now, used=budget.used, total=budget.total, pulled=pull.pulled if pull else 0,
            pushed=push.pushed if push else 0, deleted=sum(one.deleted for one in (pull, push) if one),
            failed=sum(one.failed for one in (pull, push) if one),
        )  # fmt: skip
        async with self._desk.state.begin(system.tenant) as tx:
            await store.keep_status(tx, system.tenant.workspace, status)
            if status.pulled or status.pushed or status.deleted or status.outcome != "ok":
                facts = {
                    name: getattr(status, name)
                    for name in ("outcome", "error", "pulled", "pushed", "deleted", "failed")
                }
                await append(tx, act(system, "deals", FINISHED, "sync", system.tenant.workspace, facts, now))
        return status


def _owner(owners: Mapping[tuple[str, str], str], object_: str, field: str) -> str:
    return owners.get((object_, field)) or DEFAULTS.get((object_, field), NEWEST)
