"""Files of another system on their way in: looked at, planned, run, stopped, gone on with."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import psycopg
import structlog

from dure.deals.events import IMPORT_CANCELLED, IMPORT_FINISHED, IMPORT_STARTED
from dure.deals.imports import analysis, guessing, reading, store, writing
from dure.deals.imports.analysis import Known, Prepared
from dure.deals.imports.model import Finding, Job, Plan
from dure.deals.pipelines.store import stages as stages_of
from dure.deals.record_id import IMPORT, full_id, new_id
from dure.deals.records.records import Desk, Records
from dure.deals.rules import check_currency
from dure.feed.api import append
from dure.governance.api import Principal, Role, User, access
from dure.governance.events import act
from dure.kernel.errors import Conflict, DureError, Invalid, NotFound
from dure.kernel.tenant import Tenant
from dure.state import Tx

log = structlog.get_logger("deals.imports")

_CHUNK = 1_000
_MOST_FILES = 20
_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class _Ready:
    sheets: Sequence[reading.Sheet]
    known: Known
    users: Sequence[User]
    prepared: Prepared


class Imports:
    """Jobs lie in the database with their files, so that any process goes on with one whose own process ended."""

    def __init__(self, desk: Desk, records: Callable[[str], Records[Any]]) -> None:
        self._desk = desk
        self._records = records

    # -- planning ---------------------------------------------------------------------------------------------------

    async def begin(self, principal: Principal, files: Mapping[str, bytes], *, currency: str = "") -> Job:
        """Reads the files, guesses what they hold and says what would come of it. Nothing is brought in yet."""
        access(principal, "deals:write")
        if not 1 <= len(files) <= _MOST_FILES:
            raise Invalid(f"An import has 1 to {_MOST_FILES} files.", field="files")
        plain = {name: reading.unpacked(body, name) for name, body in files.items()}
        sheets = await asyncio.to_thread(lambda: [reading.sheet(name, body) for name, body in plain.items()])
        now = self._desk.clock.now()
        async with self._desk.state.begin(principal.tenant) as tx:
            plan = await self._guess(tx, principal, sheets, currency)
            made = Job(new_id(IMPORT), "mapping", plan, 0, 0, {}, "", principal.actor, now, now, None)
            await store.add(tx, principal.tenant.workspace, made, plain)
            return await self._look(tx, principal, made, sheets)

    async def replan(self, principal: Principal, job_id: str, plan: Plan) -> Job:
        """Looks at the files again by another plan; a job that runs or has run keeps its own."""
        access(principal, "deals:write")
        async with self._desk.state.begin(principal.tenant) as tx:
            job = await self._job(tx, principal, job_id, lock=True)
            _require(job, "mapping")
            sheets = await self._sheets(tx, principal.tenant, job)
            stages = await stages_of(tx, principal.tenant.workspace)
            users = {user.id for user in await self._desk.governance.users_in(tx, principal.tenant) if not user.deleted}
            analysis.check_plan(plan, {one.name: one.columns for one in sheets}, stages, users)
            if plan.currency:
                check_currency(plan.currency)
            told = replace(job, plan=_with_currency(plan, job.plan.currency), changed_at=self._desk.clock.now())
            return await self._look(tx, principal, told, sheets)

    async def take_suggestions(self, principal: Principal, job_id: str) -> Job:
        """Takes every suggestion that there is: what looks misspelt or joins nothing becomes what it is near to."""
        access(principal, "deals:write")
        job = await self.job(principal, job_id)
        fixes = {one.fix: one.suggestion for one in job.findings if one.suggestion and one.kind in _FIXABLE}
        users = {one.value: one.suggestion for one in job.findings if one.kind == "user_unknown" and one.suggestion}
        by_name = await self._users_by_name(principal.tenant)
        named = {value: by_name[guessing.bare(name)] for value, name in users.items() if guessing.bare(name) in by_name}
        plan = replace_plan(job.plan, fixes={**job.plan.fixes, **fixes}, users={**job.plan.users, **named})
        return await self.replan(principal, job_id, plan)

    # -- looking ----------------------------------------------------------------------------------------------------

    async def job(self, principal: Principal, job_id: str) -> Job:
        """With its findings."""
        access(principal, "deals:read")
        async with self._desk.state.begin(principal.tenant) as tx:
            found = await self._job(tx, principal, job_id)
            return replace(found, findings=await store.findings(tx, principal.tenant.workspace, found.id))

    async def jobs(self, principal: Principal, limit: int = 20) -> list[Job]:
        access(principal, "deals:read")
        async with self._desk.state.begin(principal.tenant) as tx:
            return await store.jobs(tx, principal.tenant.workspace, min(max(limit, 1), 200))

    # -- running ----------------------------------------------------------------------------------------------------

    async def start(self, principal: Principal, job_id: str) -> Job:
        """Lets a job run; one that was stopped goes on where it was."""
        return await self._turn(principal, job_id, "waiting", ("mapping", "cancelled", "failed"), IMPORT_STARTED)

    async def cancel(self, principal: Principal, job_id: str) -> Job:
        """Stops a job after the part that it is in; what was brought in stays."""
        return await self._turn(principal, job_id, "cancelled", ("mapping", "waiting", "running"), IMPORT_CANCELLED)

    async def tick(self) -> int:
        """Runs what waits, also what another process had begun; how many jobs it ended."""
        async with self._desk.state.begin_system() as tx:
            found = await store.waiting(tx)
            await store.drop_old_files(tx, self._desk.clock.now() - _KEPT)
        ended = 0
        spaces = {space.id: space.tenant for space in await self._desk.governance.workspaces()} if found else {}
        for workspace, job_id in found:
            async with self._desk.state.alone() as connection:
                # Held as long as the job runs: another process that looks meanwhile goes on to the next.
                row = await (
                    await connection.execute("select pg_try_advisory_lock(hashtext(%s)) as mine", (f"import {job_id}",))
                ).fetchone()
                if row and row["mine"]:
                    ended += await self._run(spaces[workspace], job_id)
        return ended

    async def _run(self, tenant: Tenant, job_id: str) -> int:
        try:
            async with self._desk.state.begin(tenant) as tx:
                job = await store.job(tx, tenant.workspace, job_id)
                if job is None or job.state not in ("waiting", "running"):
                    return 0
                principal = _hand(tenant, job, self._desk)
                ready = await self._prepare(tx, principal, job, await self._sheets(tx, tenant, job))
            while await self._part(principal, job_id, ready):
                pass
        except (DureError, psycopg.DataError, psycopg.IntegrityError) as error:
            message = error.message if isinstance(error, DureError) else "A part of it could not be written."
            async with self._desk.state.begin(tenant) as tx:
                failed = await store.job(tx, tenant.workspace, job_id, lock=True)
                if failed is not None:
                    await store.keep(tx, tenant.workspace, replace(failed, state="failed", error=message))
            log.warning("deals.import_failed", job=job_id, error=str(error))
        return 1

    async def _part(self, principal: Principal, job_id: str, ready: _Ready) -> bool:
        """The next part in one transaction; False at the end, or where somebody stopped the job."""
        tenant, now = principal.tenant, self._desk.clock.now()
        async with self._desk.state.begin(tenant) as tx:
            job = await store.job(tx, tenant.workspace, job_id, lock=True)
            if job is None or job.state not in ("waiting", "running"):
                return False
            items = ready.prepared.items[job.done : job.done + _CHUNK]
            owner = job.plan.owner or _owner(principal, ready.users)
            hand = writing.Hand(principal, self._records, ready.known.stages, owner, job.plan, now)
            done = await writing.write(tx, hand, items)
            report = _grown(job.report, done)
            through = job.done + len(items)
            job = replace(job, state="running", done=through, report=report, changed_at=now)
            if done.refused:
                found = await store.findings(tx, tenant.workspace, job_id)
                await store.set_findings(tx, tenant.workspace, job_id, [*_refusals(done), *found])
            if through >= len(ready.prepared.items):
                job = replace(job, state="finished", finished_at=now)
                await store.drop_files(tx, tenant.workspace, job_id)
                count = len(await store.findings(tx, tenant.workspace, job_id))
                await self._tell(tx, principal, IMPORT_FINISHED, job, {**_sums(report), "findings": count})
            await store.keep(tx, tenant.workspace, job)
        return job.state == "running"

    async def _turn(self, principal: Principal, job_id: str, state: Any, before: Sequence[str], event: str) -> Job:
        access(principal, "deals:write")
        async with self._desk.state.begin(principal.tenant) as tx:
            job = await self._job(tx, principal, job_id, lock=True)
            _require(job, *before)
            report = {**job.report, "kinds": _from_nothing(job.report)} if job.state == "mapping" else job.report
            after = replace(job, state=state, error="", report=report if state == "waiting" else job.report,
                            changed_at=self._desk.clock.now(), actor=principal.actor)  # fmt: skip
            await store.keep(tx, principal.tenant.workspace, after)
            await self._tell(tx, principal, event, after, {})
        return after

    # -- what is known ----------------------------------------------------------------------------------------------

    async def _look(self, tx: Tx, principal: Principal, job: Job, sheets: Sequence[reading.Sheet]) -> Job:
        """The dry run: what would be added, what is there, and everything found, kept with the job."""
        workspace = principal.tenant.workspace
        ready = await self._prepare(tx, principal, job, sheets)
        there = await writing.known_of(tx, workspace, ready.prepared.items)
        known: Counter[str] = Counter()
        known_in: Counter[str] = Counter()
        for item in ready.prepared.items:
            if writing.is_known(item, there):
                known[item.kind] += 1
                known_in[item.file] += 1
        total: Counter[str] = Counter(item.kind for item in ready.prepared.items)
        left = ready.prepared.left_out
        report = {
            "kinds": {
                kind: {"added": total[kind] - known[kind], "known": known[kind], "left_out": left[kind]}
                for kind in dict.fromkeys([*total, *left])
            },
            "stages": ready.prepared.stages,
            "currency": job.plan.currency,
            "files": {
                name: {"rows": rows, "kind": job.plan.files[name].kind if name in job.plan.files else ""}
                for name, rows in ready.prepared.rows.items()
            },
        }
        found = [*ready.prepared.findings, *(
            Finding("already_there", file, "", "", count, ()) for file, count in known_in.items()
        )]  # fmt: skip
        looked = replace(job, total=len(ready.prepared.items), report=report, findings=found)
        await store.keep(tx, workspace, looked)
        await store.set_findings(tx, workspace, job.id, found)
        return looked

    async def _prepare(self, tx: Tx, principal: Principal, job: Job, sheets: Sequence[reading.Sheet]) -> _Ready:
        workspace = principal.tenant.workspace
        names = [
            row.cells.get(column, "")
            for one in sheets if one.name in job.plan.files
            for column, target in job.plan.files[one.name].columns.items()
            if target in ("account", "parent") or (target == "name" and job.plan.files[one.name].kind == "account")
            for row in one.rows
        ]  # fmt: skip
        users = await self._desk.governance.users_in(tx, principal.tenant)
        real = [user for user in users if not user.is_bot and not user.deleted]
        by_name = {guessing.bare(name): user.id for user in real for name in (user.name, user.email) if name}
        products = {
            row["name"].lower(): (row["id"], row["name"], row["prices"]) for row in await store.products(tx, workspace)
        }
        known = Known(
            await store.named(tx, workspace, "account", [name for name in names if name]), products, by_name,
            [user.name for user in real if user.name], await stages_of(tx, workspace),
            (await self._records("deal").seen_in(tx, principal)).today,
        )  # fmt: skip
        prepared = await asyncio.to_thread(analysis.prepare, sheets, job.plan, known)
        return _Ready(sheets, known, real, prepared)

    async def _guess(self, tx: Tx, principal: Principal, sheets: Sequence[reading.Sheet], currency: str) -> Plan:
        if not currency:
            spaces = await self._desk.governance.workspaces_in(tx)
            currency = next(one.currency for one in spaces if one.tenant == principal.tenant)
        files = {one.name: guessing.plan_of(one.name, one.columns) for one in sheets}
        there = [stage for stage in (await stages_of(tx, principal.tenant.workspace)).values() if stage.active]
        values = {
            row.cells.get(column, "")
            for one in sheets for column, target in files[one.name].columns.items() if target == "stage"
            for row in one.rows
        } if files else set()  # fmt: skip
        stages = {value: guessing.stage_for(value, there) for value in sorted(values) if value}
        found = {value: key for value, key in stages.items() if key}
        return Plan(files, found, currency=check_currency(currency))

    async def _sheets(self, tx: Tx, tenant: Tenant, job: Job) -> list[reading.Sheet]:
        files = await store.files(tx, tenant.workspace, job.id)
        if not files:
            raise Conflict("The files of this import are not kept any more; send them again.")
        return await asyncio.to_thread(lambda: [reading.sheet(name, body) for name, body in files.items()])

    async def _users_by_name(self, tenant: Tenant) -> dict[str, str]:
        users = await self._desk.governance.users(tenant)
        return {guessing.bare(user.name): user.id for user in users if user.name and not user.deleted}

    async def _job(self, tx: Tx, principal: Principal, job_id: str, *, lock: bool = False) -> Job:
        found = await store.job(tx, principal.tenant.workspace, full_id(job_id), lock=lock)
        if found is None:
            raise NotFound("There is no such import.", field="import")
        return found

    async def _tell(self, tx: Tx, principal: Principal, event: str, job: Job, more: Mapping[str, Any]) -> None:
        facts = {"import": job.id, "files": list(job.plan.files), **more}
        await append(tx, act(principal, "deals", event, "import", job.id, facts, self._desk.clock.now()))


_FIXABLE = frozenset({"product_unknown", "account_unknown", "parent_unknown", "likely_typo", "stage_unknown"})


def replace_plan(plan: Plan, **changes: Any) -> Plan:
    return Plan(**{**{name: getattr(plan, name) for name in Plan.__struct_fields__}, **changes})


def _with_currency(plan: Plan, currency: str) -> Plan:
    return plan if plan.currency else replace_plan(plan, currency=currency)


def _require(job: Job, *states: str) -> None:
    if job.state not in states:
        raise Conflict(f"The import is {job.state}.", data={"state": job.state})


def _hand(tenant: Tenant, job: Job, desk: Desk) -> Principal:
    """Who started it; what a command on the server's machine started is the system's own."""
    if job.actor.startswith("U"):
        return Principal(tenant, job.actor, Role.MEMBER)
    return desk.governance.system(tenant, job.actor or "import")


def _owner(principal: Principal, users: Sequence[User]) -> str:
    if principal.user:
        return principal.user
    return next((user.id for user in users if user.role is Role.OWNER), users[0].id)


def _from_nothing(report: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    return {kind: {**told, "added": 0, "known": 0} for kind, told in report.get("kinds", {}).items()}


def _grown(report: Mapping[str, Any], done: writing.Written) -> dict[str, Any]:
    kinds = {kind: dict(told) for kind, told in report["kinds"].items()}
    refused: Counter[str] = Counter(item.kind for item, _ in done.refused)
    for name, counts in (("added", done.added), ("known", done.known), ("left_out", refused)):
        for kind, count in counts.items():
            kinds.setdefault(kind, {"added": 0, "known": 0, "left_out": 0})[name] += count
    return {**report, "kinds": kinds}


def _sums(report: Mapping[str, Any]) -> dict[str, int]:
    return {name: sum(told[name] for told in report["kinds"].values()) for name in ("added", "known", "left_out")}


def _refusals(done: writing.Written) -> list[Finding]:
    return [
        Finding("value_invalid", item.file, error.field or "", error.message[:200], 1, (item.line,))
        for item, error in done.refused
    ]
