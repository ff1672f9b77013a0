"""Names of events: which the workspace takes, which wait for somebody's word, and the events that wait with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from dure.feed.api import append, append_lines
from dure.governance.api import Principal, access
from dure.ingest import events, pipeline, rules_store, store
from dure.ingest.model import Held, Reason, Refused
from dure.ingest.personal import PersonalData
from dure.ingest.rulebook import RuleBook
from dure.ingest.rules import CALLS, NameMode
from dure.ingest.tally import shown
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.state import State, Tx

# What may wait in a workspace. More than that is refused, counted, and the newest example kept.
HELD_A_NAME = 1_000
HELD_IN_ALL = 50_000
WAITING_NAMES = 500

_STATES = ("waiting", "approved", "refused")


@dataclass(frozen=True, slots=True)
class EventName:
    """A name that waits or was decided. `seen` counts its events while it waited, `held` those that are kept."""

    name: str
    state: str
    becomes: str
    source: str
    first_at: datetime
    last_at: datetime
    seen: int
    held: int
    example: str
    decided_at: datetime | None
    decided_by: str


class EventNames:
    """`log` tells which names came in before a workspace began to ask; without one none did."""

    def __init__(self, rules: RuleBook, clock: Clock, log: Log | None = None) -> None:
        self._rules = rules
        self._clock = clock
        self._log = log

    @property
    def _state(self) -> State:
        return self._rules.state

    async def names(self, principal: Principal, state: str = "") -> tuple[NameMode, list[EventName]]:
        """The mode, and the names that wait (first) or were decided; at most 2,000."""
        access(principal, "ingest:read")
        if state not in ("", *_STATES):
            raise Invalid(f"`state` is one of {', '.join(_STATES)}.", field="state")
        async with self._state.begin(principal.tenant) as tx:
            row = await rules_store.rule_set(tx, principal.tenant.workspace)
            rows = await rules_store.names(tx, principal.tenant.workspace, state)
        return (row["mode"] if row else "open"), [_name(row) for row in rows]

    async def set_mode(self, principal: Principal, mode: str) -> int:
        """Open, approve or closed. Names that came in before an open workspace closes are approved; says how many."""
        if mode not in get_args(NameMode):
            raise Invalid("`mode` is `open`, `approve` or `closed`.", field="mode")
        access(principal, "ingest:write")
        known = await self._names_in_log(principal.tenant) if mode != "open" else []
        async with self._rules.changing(principal) as (tx, row):
            approved = 0
            if row["mode"] == "open" and known:
                approved = await rules_store.approve_known(
                    tx, principal.tenant.workspace, known, self._clock.now(), principal.actor
                )
            await rules_store.set_mode(tx, principal.tenant.workspace, mode)
            about = {"mode": mode, "approved": approved}
            await append(
                tx,
                events.rule_event(
                    principal, self._clock, events.NAME_MODE_SET, "tracking_plan", principal.tenant.workspace, about
                ),
            )
        return approved

    async def approve(self, principal: Principal, name: str, becomes: str = "") -> int:
        """Takes a name from now on, under another where `becomes` says so, and lets its held events go on as they
        would have then: with their own times and message ids, once. Returns how many those were."""
        name, becomes = _checked(name, "name"), _checked(becomes or name, "becomes")
        async with self._rules.changing(principal) as (tx, _):
            workspace, at = principal.tenant.workspace, self._clock.now()
            if becomes != name:
                target = await rules_store.name(tx, workspace, becomes)
                if target is not None and (target["state"] == "refused" or target["becomes"] != becomes):
                    raise Invalid(f"Events named {becomes!r} are refused or go on under another name.", field="becomes")
            # The name's row is locked before its events are read: what is held meanwhile waits and finds it approved.
            await rules_store.decide(tx, workspace, name, "approved", becomes, at, principal.actor)
            lines = await rules_store.release(tx, workspace, name)
            if becomes != name:
                lines = [pipeline.renamed(line, becomes) for line in lines]
            if lines:
                await append_lines(
                    tx, principal.tenant, len(lines), b"\n".join(lines), pipeline.keys_of(workspace, lines)
                )
            about = {"becomes": becomes, "released": len(lines)}
            await append(tx, events.rule_event(principal, self._clock, events.NAME_APPROVED, "event_name", name, about))
        return len(lines)

    async def refuse(self, principal: Principal, name: str) -> int:
        """Refuses a name from now on and drops its held events, which count as refused. Returns how many those were."""
        name = _checked(name, "name")
        async with self._rules.changing(principal) as (tx, _):
            workspace = principal.tenant.workspace
            at = self._clock.now()
            known = await rules_store.name(tx, workspace, name)
            await rules_store.decide(tx, workspace, name, "refused", name, at, principal.actor)
            sources = Counter(pipeline.source_of(line) for line in await rules_store.release(tx, workspace, name))
            dropped = sources.total()
            if dropped:
                await store.add_rejects(tx, _as_rejects(workspace, sources, known["example"] if known else "", at))
            await append(
                tx,
                events.rule_event(
                    principal, self._clock, events.NAME_REFUSED, "event_name", name, {"dropped": dropped}
                ),
            )
        return dropped

    async def hold(
        self, tx: Tx, tenant: Tenant, source: str, held: Sequence[Held], at: datetime, personal: PersonalData
    ) -> tuple[list[Refused], int]:
        """Keeps events of names that nobody has decided on; returns those that are more than may wait, and how many
        do wait.

        A name that was decided while the events were under way is treated as decided.
        """
        by_name: dict[str, list[Held]] = {}
        for one in held:
            by_name.setdefault(one.event, []).append(one)
        refused: list[Refused] = []
        waiting = 0
        for name, ones in sorted(by_name.items()):  # in order, so that two requests do not wait for each other
            known = await rules_store.name(tx, tenant.workspace, name)
            names, in_all = await rules_store.waiting(tx, tenant.workspace)
            if known is None and names >= WAITING_NAMES:
                refused += [_too_many(one) for one in ones]
                continue
            if known is None or known["state"] == "waiting":
                known = await rules_store.saw_name(
                    tx, tenant.workspace, name, source, at, len(ones), shown(ones[-1].raw, personal)
                )
            if known["state"] == "approved":
                lines = [pipeline.renamed(one.line, known["becomes"]) for one in ones]
                await append_lines(tx, tenant, len(lines), b"\n".join(lines), pipeline.keys_of(tenant.workspace, lines))
            elif known["state"] == "refused":
                refused += [Refused(Reason.BLOCKED_EVENT, one.raw) for one in ones]
            else:
                room = max(0, min(HELD_A_NAME - known["held"], HELD_IN_ALL - in_all))
                kept, over = ones[:room], ones[room:]
                waiting += len(kept)
                if kept:
                    await rules_store.hold(
                        tx, tenant.workspace, name, [one.message_id for one in kept],
                        [str(one.person) for one in kept], [one.line for one in kept],
                    )  # fmt: skip
                refused += [_too_many(one) for one in over]
        return refused, waiting

    async def _names_in_log(self, tenant: Tenant) -> list[str]:
        if self._log is None:
            return []
        found = await self._log.query(
            tenant,
            "select distinct toString(event) from events where workspace = {workspace:String} and actor = ''"
            " and object_type = '' limit 100000",
        )
        return [name for (name,) in found.rows if name not in CALLS]


def _as_rejects(
    workspace: str, sources: Counter[str], example: str, at: datetime
) -> list[tuple[str, str, str, str, int, datetime, str, str]]:
    reason, day = Reason.BLOCKED_EVENT, at.date().isoformat()
    return [
        (workspace, source, reason.value, day, count, at, reason.sentence, example)
        for source, count in sorted(sources.items())
    ]


def _too_many(one: Held) -> Refused:
    return Refused(Reason.WAITING_FOR_APPROVAL, one.raw)


def _checked(name: str, field: str) -> str:
    name = name.strip()
    if not name or len(name) > 255 or "\0" in name:
        raise Invalid(f"`{field}` is a name of 1 to 255 characters.", field=field)
    if name in CALLS and field == "name":
        raise NotFound(f"{name!r} is a call that every protocol has; it needs no approval.", field=field)
    return name


def _name(row: dict[str, Any]) -> EventName:
    return EventName(
        row["name"], row["state"], row["becomes"], row["source"], row["first_at"], row["last_at"], row["seen"],
        row["held"], row["example"], row["decided_at"], row["decided_by"],
    )  # fmt: skip
