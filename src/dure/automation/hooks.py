"""Inbound webhooks: an address of its own for each automation, and from a request to a run in one transaction.

The secret in an address is made of the automation's id, a salt in the database and the server's own key: whoever reads
the database has no address, and renewing the salt ends the old one. Calls that come at the same moment share a
transaction. It holds the event, the runs, and as much of each run as the engine's own nodes are; so the first call
outside is made as soon as the sender's answer is true.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dure.automation import crossing, events, nodes, store
from dure.automation.advance import acquaint
from dure.automation.candidate import Candidate, key_of, subject_of
from dure.automation.match import run_of
from dure.automation.plan import Plan
from dure.automation.plans import Plans
from dure.automation.plugs import Lookup
from dure.automation.standing import Standing
from dure.automation.store import PAUSED, NewRun
from dure.automation.tick import Engine
from dure.feed.api import Event, append, encode
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, DureError, NotFound, NotSignedIn
from dure.kernel.ids import uuid7
from dure.state import State, Tx
from dure.state.together import Together

PREFIX = "/api/v1/hooks/"
_decode = msgspec.json.Decoder().decode

# Which automations these addresses belong to, as they are now.
_OF = """
select h.automation, h.salt, a.workspace, a.version, a.enabled from automation.hook h
join automation.automation a on a.workspace = h.workspace and a.id = h.automation
where h.automation = any(%s)
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
        self._clock = clock
        self._plans = plans
        self._engine = engine
        self._lookups = lookups
        self._key = key
        self._state = state
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
        answers: list[list[str] | Exception | None] = [None] * len(calls)
        async with self._state.begin_system() as tx:
            now = self._clock.now()
            owners = await self._owners(tx, calls)
            meant: dict[int, _Meant] = {}
            for number, call in enumerate(calls):
                try:
                    meant[number] = self._meant(call, owners.get(_automation(call.secret)), now)
                except DureError as error:
                    answers[number] = error
            claims = await self._start(tx, meant, answers, now) if meant else []
        self._engine.made(claims)
        return [answer if answer is not None else [] for answer in answers]

    async def _owners(self, tx: Tx, calls: Sequence[Call]) -> dict[str, tuple[Plan, str, bool]]:
        rows = await tx.rows(_OF, (sorted({_automation(call.secret) for call in calls} - {""}),))
        plans = await self._plans.get(tx, {(row["workspace"], row["automation"], row["version"]) for row in rows})
        return {
            row["automation"]: (plans[row["workspace"], row["automation"], row["version"]], row["salt"], row["enabled"])
            for row in rows
            if (row["workspace"], row["automation"], row["version"]) in plans
        }

    def _meant(self, call: Call, owner: tuple[Plan, str, bool] | None, now: datetime) -> _Meant:
        if owner is None:
            raise NotFound("There is no such address.")
        plan, salt, enabled = owner
        wanted = UUID(plan.automation).hex + self._mac("address", plan.automation, salt)
        if plan.definition.trigger.hook is None or not hmac.compare_digest(wanted, call.secret):
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
        return _Meant(call, plan, event, line, Candidate(plan, _decode(line), line.decode()))

    async def _start(
        self, tx: Tx, meant: Mapping[int, _Meant], answers: list[list[str] | Exception | None], now: datetime
    ) -> list[dict[str, Any]]:
        held = await self._holding(tx, [one.candidate for one in meant.values()], now)
        for one in meant.values():
            if id(one.candidate) in held:
                trigger = one.plan.definition.trigger
                subject = subject_of(trigger, one.candidate.scope)
                key = key_of(trigger, one.candidate.scope, subject)
                if trigger.key == "event":
                    key = f"hook:{one.call.key or one.event.message_id}"[:500]
                one.run = run_of(one.plan, subject, key, store.as_json(one.candidate.event))
        new = await store.insert_runs(tx, [one.run for one in meant.values() if one.run is not None], now)
        known = await self._known(tx, [one.run for one in meant.values() if one.run and one.run.id not in new])
        happened: dict[str, list[Event]] = {}
        for number, one in meant.items():
            if one.run is None or one.run.id in new:
                happened.setdefault(one.plan.tenant.workspace, []).append(one.event)
            found = None if one.run is None else (one.run.id if one.run.id in new else known.get(_key(one.run)))
            answers[number] = [str(found)] if found else []
        for some in happened.values():
            await append(tx, *some)
        begun = [
            Standing.new(one.run, one.plan, one.candidate.event, now)
            for one in meant.values()
            if one.run is not None and new.get(one.run.id, PAUSED) < PAUSED and one.run.status == "running"
            and one.run.lane == 0
        ]  # fmt: skip
        return await self._engine.begin_in(tx, begun, now) if begun else []

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

    async def _known(self, tx: Tx, runs: Sequence[NewRun]) -> dict[tuple[str, str, str], UUID]:
        """The runs that were started before by the same keys."""
        if not runs:
            return {}
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


def _automation(secret: str) -> str:
    """The automation whose address this may be."""
    try:
        return str(UUID(secret[:32])) if len(secret) == 64 else ""
    except ValueError:
        return ""


def _key(run: NewRun) -> tuple[str, str, str]:
    return run.workspace, run.automation, run.trigger_key
