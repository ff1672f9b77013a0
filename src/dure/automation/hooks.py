"""Inbound webhooks: an address of its own for each automation, and from a request to a run in one transaction.

The secret in an address is made of the automation's id, a salt in the database and the server's own key: whoever reads
the database has no address, and renewing the salt ends the old one.

Calls that come at the same moment share a transaction. It holds the event, the runs, and as much of each run as the
engine's own nodes are; so the first call outside is made as soon as the sender's answer is true. Where nothing has to
be asked for that (`_at_once`), it is one way to the database and back: what is known of the addresses is guarded by the
transaction itself, which undoes everything where that is no longer so.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from dure.automation import crossing, events, nodes, store
from dure.automation.advance import acquaint
from dure.automation.candidate import Candidate, key_of, subject_of
from dure.automation.match import run_of
from dure.automation.plan import Plan
from dure.automation.plans import Plans
from dure.automation.plugs import Lookup
from dure.automation.standing import Standing
from dure.automation.store import NewRun
from dure.automation.tick import INTERACTIVE, Engine
from dure.feed.api import Event, append_lines, encode, message_key
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, DureError, NotFound, NotSignedIn
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.state import State, Tx
from dure.state.together import Together

PREFIX = "/api/v1/hooks/"
Answers = list[list[str] | Exception | None]
_decode = msgspec.json.Decoder().decode
_MOST_KNOWN = 10_000

# Whose addresses these are, as it is now.
_OF = """
select h.automation, h.salt, a.workspace, a.version, a.enabled from automation.hook h
join automation.automation a on a.workspace = h.workspace and a.id = h.automation
where h.automation = any(%s)
"""
# Undone with everything beside it where one of these addresses is no longer what it was known to be.
_GUARD = """
select 1 / (count(*) = %(many)s)::int
from unnest(%(automations)s::text[], %(salts)s::text[], %(versions)s::int[]) as o (automation, salt, version)
join automation.hook h on h.automation = o.automation and h.salt = o.salt
join automation.automation a on a.workspace = h.workspace and a.id = h.automation and a.version = o.version
where a.enabled and not exists (select from automation.pause p where p.workspace = a.workspace)
"""


@dataclass(frozen=True, slots=True)
class Call:
    """A request to an address: `body` as it came (signed), `properties` as it was read, `key` the sender's own."""

    secret: str
    properties: dict[str, Any]
    key: str = ""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Meant:
    """A call to an address that there is, with the event it becomes and the run it starts, if it starts one."""

    call: Call
    plan: Plan
    event: Event
    line: bytes
    candidate: Candidate
    run: NewRun | None = None


class Hooks:
    """The addresses of this server's automations. `receive` is asked by the door."""

    def __init__(
        self, state: State, clock: Clock, plans: Plans, engine: Engine, lookups: Mapping[str, Lookup], key: bytes
    ) -> None:
        self._state = state
        self._clock = clock
        self._plans = plans
        self._engine = engine
        self._lookups = lookups
        self._key = key
        self._owners: dict[str, tuple[Plan, str, bool]] = {}
        self._together: Together[Call, list[str]] = Together(self._received, limit=200)

    async def receive(self, call: Call) -> list[str]:
        """Starts what a request starts, durably, and returns the runs' ids; none where conditions do not hold.

        Raises NotFound for an address that is none, Conflict where its automation is switched off, NotSignedIn for a
        signature that is missing or wrong.
        """
        return await self._together.ask(call)

    async def ensure(self, tx: Tx, workspace: str, automation: str, *, anew: bool = False) -> None:
        """Sees to it that an automation has an address; `anew` ends the one before."""
        await tx.run(
            """insert into automation.hook as h (automation, workspace, salt, made_at) values (%(id)s, %(ws)s, %(salt)s,
               %(now)s) on conflict (automation) do update set salt = excluded.salt, made_at = excluded.made_at
               where %(anew)s""",
            {"id": automation, "ws": workspace, "salt": secrets.token_hex(16), "now": self._clock.now(), "anew": anew},
        )

    async def address(self, tx: Tx, workspace: str, automation: str) -> tuple[str, str] | None:
        """The secret of an automation's address and the key for signatures; None where it has no address."""
        salt = await tx.value(
            "select salt from automation.hook where workspace = %s and automation = %s", (workspace, automation)
        )
        if salt is None:
            return None
        return UUID(automation).hex + self._mac("address", automation, salt), self._mac("signature", automation, salt)

    # -- one group of requests --------------------------------------------------------------------------------------

    async def _received(self, calls: Sequence[Call]) -> list[list[str] | Exception]:
        for anew in (False, True):
            now, answers = self._clock.now(), _blank(calls)
            if anew or not all(_automation(call.secret) in self._owners for call in calls):
                async with self._state.begin_system() as tx:
                    await self._learn(tx, calls)
            meant = self._all_meant(calls, answers, now)
            if not all(one.plan.alone and self._lookups.keys().isdisjoint(one.plan.roots) for one in meant.values()):
                break
            try:
                if not meant or await self._at_once(meant, answers, now):
                    return [answer if answer is not None else [] for answer in answers]
                break
            except psycopg.errors.DivisionByZero:
                continue  # an address, a version, a switch or a pause is not what it was
        return await self._in_steps(calls)

    async def _at_once(self, meant: Mapping[int, _Meant], answers: Answers, now: datetime) -> bool:
        """Everything in one way to the database and back; False where some run has more to ask than that."""
        begun = []
        for one in meant.values():
            definition = one.plan.definition
            if nodes.conditions((*definition.trigger.where, *definition.conditions), one.candidate.scope):
                one.run = self._run(one)
                begun.append(Standing.new(one.run, one.plan, one.candidate.event, now))
        ledger = await self._engine.advance.ahead(begun, now, self._engine.hands())
        if ledger.ended:
            return False
        runs = {one.run.id: one.run for one in meant.values() if one.run is not None}
        owners = {one.plan.automation: self._owners[one.plan.automation] for one in meant.values()}
        guard = {
            "many": len(owners), "automations": list(owners), "salts": [salt for _, salt, _ in owners.values()],
            "versions": [plan.version for plan, _, _ in owners.values()],
        }  # fmt: skip
        made = None
        async with self._state.pipelined() as tx:
            await tx.connection.execute(_GUARD, guard)
            if runs:
                made = await store.begin(tx, runs, ledger.moves, ledger.steps, now, self._engine.advance.lease)
            await _tell(tx, meant.values())
        new = {row["id"] for row in await made.fetchall()} if made is not None else set()
        await self._answer(meant, answers, new)
        self._engine.made([claim for claim in ledger.claims if claim["run"] in new], more=ledger.unsettled)
        return True

    async def _in_steps(self, calls: Sequence[Call]) -> list[list[str] | Exception]:
        """Whatever limits, crossings, lookups and longer ways may ask, in one transaction."""
        now, answers = self._clock.now(), _blank(calls)
        async with self._state.begin_system() as tx:
            await self._learn(tx, calls)
            meant = self._all_meant(calls, answers, now)
            held = await self._holding(tx, [one.candidate for one in meant.values()], now)
            for one in meant.values():
                if id(one.candidate) in held:
                    one.run = self._run(one)
            lanes = await store.insert_runs(tx, [one.run for one in meant.values() if one.run is not None], now)
            await _tell(tx, meant.values())
            begun = [
                Standing.new(one.run, one.plan, one.candidate.event, now)
                for one in meant.values()
                if one.run is not None and lanes.get(one.run.id) == INTERACTIVE and one.run.status == "running"
            ]
            claims = await self._engine.begin_in(tx, begun, now) if begun else []
        await self._answer(meant, answers, lanes.keys())
        self._engine.made(claims, more=True)
        return [answer if answer is not None else [] for answer in answers]

    async def _learn(self, tx: Tx, calls: Sequence[Call]) -> None:
        """Reads whose addresses these are."""
        wanted = sorted({_automation(call.secret) for call in calls} - {""})
        rows = await tx.rows(_OF, (wanted,))
        plans = await self._plans.get(tx, {(row["workspace"], row["automation"], row["version"]) for row in rows})
        if len(self._owners) > _MOST_KNOWN:
            self._owners.clear()
        for automation in wanted:
            self._owners.pop(automation, None)
        for row in rows:
            plan = plans.get((row["workspace"], row["automation"], row["version"]))
            if plan is not None:
                self._owners[row["automation"]] = (plan, row["salt"], row["enabled"])

    def _all_meant(self, calls: Sequence[Call], answers: Answers, now: datetime) -> dict[int, _Meant]:
        meant = {}
        for number, call in enumerate(calls):
            try:
                meant[number] = self._meant(call, self._owners.get(_automation(call.secret)), now)
            except DureError as error:
                answers[number] = error
        return meant

    def _meant(self, call: Call, owner: tuple[Plan, str, bool] | None, now: datetime) -> _Meant:
        if owner is None:
            raise NotFound("There is no such address.")
        plan, salt, enabled = owner
        wanted = UUID(plan.automation).hex + self._mac("address", plan.automation, salt)
        if plan.definition.trigger.hook is None or not hmac.compare_digest(wanted.encode(), call.secret.encode()):
            raise NotFound("There is no such address.")
        header = plan.definition.trigger.hook.signature
        if header:
            self._check_signature(call, header, self._mac("signature", plan.automation, salt))
        if not enabled:
            raise Conflict("The automation of this address is switched off.")
        message = f"hook:{plan.automation}:{call.key}"[:500] if call.key else str(uuid7())
        event = Event(
            org=plan.tenant.org, workspace=plan.tenant.workspace, event=events.WEBHOOK, time=now, received_at=now,
            message_id=message, source="automation", object_type="automation", object=plan.automation,
            properties=call.properties,
        )  # fmt: skip
        line = encode(event)
        return _Meant(call, plan, event, line, Candidate(plan, _decode(line), _text(line)))

    def _run(self, one: _Meant) -> NewRun:
        trigger = one.plan.definition.trigger
        subject = subject_of(trigger, one.candidate.scope)
        key = key_of(trigger, one.candidate.scope, subject)
        if trigger.key == "event":
            key = f"hook:{one.call.key or one.event.message_id}"[:500]
        return run_of(one.plan, subject, key, one.candidate.text)

    async def _holding(self, tx: Tx, candidates: Sequence[Candidate], now: datetime) -> set[int]:
        """Whose filters and conditions hold."""
        first = [one for one in candidates if nodes.conditions(one.plan.definition.trigger.where, one.scope)]
        first = await crossing.crossed(tx, first, now)
        asking = [
            (one.plan, one.event, subject_of(one.plan.definition.trigger, one.scope), one.things)
            for one in first
            if not one.plan.roots.isdisjoint({*self._lookups, "runs"})
        ]
        if asking:
            await acquaint(tx, self._lookups, asking, now)
        return {id(one) for one in first if nodes.conditions(one.plan.definition.conditions, one.scope)}

    async def _answer(self, meant: Mapping[int, _Meant], answers: Answers, new: Collection[UUID]) -> None:
        """The ids of the runs, also of those that the same keys had started before."""
        before = [one.run for one in meant.values() if one.run is not None and one.run.id not in new]
        known: dict[tuple[str, str, str], UUID] = {}
        if before:
            async with self._state.begin_system() as tx:
                known = await self._known(tx, before)
        for number, one in meant.items():
            run = one.run
            found = None if run is None else run.id if run.id in new else known.get(_key(run))
            answers[number] = [str(found)] if found else []

    async def _known(self, tx: Tx, runs: Sequence[NewRun]) -> dict[tuple[str, str, str], UUID]:
        rows = await tx.rows(
            "select r.id, r.workspace, r.automation, r.trigger_key from unnest(%s::text[], %s::text[], %s::text[])"
            " as k (workspace, automation, trigger_key) join automation.run r"
            " using (workspace, automation, trigger_key)",
            [list(column) for column in zip(*map(_key, runs), strict=True)],
        )
        return {(row["workspace"], row["automation"], row["trigger_key"]): row["id"] for row in rows}

    def _check_signature(self, call: Call, header: str, key: str) -> None:
        given = call.headers.get(header.lower(), "").removeprefix("sha256=")
        wanted = hmac.new(key.encode(), call.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            raise NotSignedIn(f"The signature in {header} is missing or wrong.")

    def _mac(self, what: str, automation: str, salt: str) -> str:
        text = f"hook:{what}:{automation}:{salt}".encode()
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()[:32]


async def _tell(tx: Tx, meant: Iterable[_Meant]) -> None:
    """Puts what came on the feed, on the lane of what comes from outside: a copy of a message is known there by its id,
    so that a key that comes twice is one event."""
    by_tenant: dict[Tenant, list[_Meant]] = {}
    for one in meant:
        by_tenant.setdefault(one.plan.tenant, []).append(one)
    for tenant, some in by_tenant.items():
        workspace = tenant.workspace.encode()
        keys = b"".join(message_key(workspace, one.event.message_id).to_bytes(8, "little") for one in some)
        await append_lines(tx, tenant, len(some), b"\n".join(one.line for one in some), keys)


def _blank(calls: Sequence[Call]) -> Answers:
    return [None for _ in calls]


def _text(line: bytes) -> str:
    text = line.decode()
    return store.as_json(_decode(line)) if "\\u0000" in text else text


def _automation(secret: str) -> str:
    """The automation whose address this may be."""
    try:
        return str(UUID(secret[:32])) if len(secret) == 64 else ""
    except ValueError:
        return ""


def _key(run: NewRun) -> tuple[str, str, str]:
    return run.workspace, run.automation, run.trigger_key
