"""The only SQL of clocks and their setting."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from psycopg.types.json import Jsonb

from dure.kernel.tenant import Tenant
from dure.social.clocks.model import Policy, ResponseClock, Run, Setting
from dure.state import Tx

_NAMES = (
    "id", "conversation", "kind", "run", "team", "priority", "network", "started_at", "running_at", "spent", "passed",
    "target", "policy", "agent", "warn_at", "due_at", "warned_at", "breached_at", "stopped_at", "outcome",
)  # fmt: skip
_FIELDS = ", ".join(f"c.{name}" for name in _NAMES)
_KEEP = (
    f"insert into social.clock (workspace, org, look_at, {', '.join(_NAMES)}) values (%(workspace)s, %(org)s,"
    f" %(look_at)s, {', '.join(f'%({name})s' for name in _NAMES)}) on conflict (workspace, id) do update set"
    f" look_at = excluded.look_at, {', '.join(f'{name} = excluded.{name}' for name in _NAMES[4:])}"
)


async def keep(tx: Tx, tenant: Tenant, clocks: Sequence[ResponseClock]) -> None:
    await tx.many(
        _KEEP,
        [
            {"workspace": tenant.workspace, "org": tenant.org, "look_at": one.look_at,
             **{name: getattr(one, name) for name in _NAMES}}
            for one in clocks
        ],
    )  # fmt: skip


async def running(tx: Tx, workspace: str, conversations: Sequence[uuid.UUID]) -> list[ResponseClock]:
    """Those of conversations that have not stopped, held until the end of the transaction."""
    rows = await tx.rows(
        f"select {_FIELDS} from social.clock c where workspace = %s and conversation = any(%s) and stopped_at is null"
        " order by id for update",
        (workspace, list(conversations)),
    )
    return [ResponseClock(**row) for row in rows]


async def latest(tx: Tx, workspace: str, conversations: Sequence[uuid.UUID]) -> dict[uuid.UUID, Run]:
    """The newest run of each conversation that had one."""
    rows = await tx.rows(
        "select distinct on (conversation) conversation, run as number,"
        " coalesce(bool_and(stopped_at is not null) filter (where kind = 'resolve'), false) as over,"
        " min(started_at) filter (where kind = 'first') as asked from social.clock"
        " where workspace = %s and conversation = any(%s) group by conversation, run order by conversation, run desc",
        (workspace, list(conversations)),
    )
    return {row.pop("conversation"): Run(**row) for row in rows}


async def resolving(tx: Tx, workspace: str, conversation: uuid.UUID, run: int) -> datetime | None:
    found = await tx.value(
        "select started_at from social.clock where workspace = %s and conversation = %s and run = %s"
        " and kind = 'resolve'", (workspace, conversation, run),
    )  # fmt: skip
    return found if isinstance(found, datetime) else None


async def heard(tx: Tx, workspace: str, conversation: uuid.UUID, run: int) -> bool:
    """Whether the customer said anything in this run."""
    return bool(
        await tx.value(
            "select exists (select from social.clock where workspace = %s and conversation = %s and run = %s"
            " and kind in ('first', 'next'))", (workspace, conversation, run),
        )
    )  # fmt: skip


async def answered_by(tx: Tx, workspace: str, conversation: uuid.UUID) -> str | None:
    """Who said the newest answer of a person; "" where it was said in the network itself."""
    found = await tx.value(
        "select actor from social.entry where workspace = %s and conversation = %s and kind = 'reply'"
        " and outcome = 'said' and by in ('person', 'elsewhere') order by seq desc limit 1",
        (workspace, conversation),
    )
    return None if found is None else str(found)


async def of(tx: Tx, workspace: str, conversations: Sequence[uuid.UUID]) -> list[ResponseClock]:
    """Promised clocks that have not stopped, of several conversations."""
    rows = await tx.rows(
        f"select {_FIELDS} from social.clock c where workspace = %s and conversation = any(%s) and stopped_at is null"
        " and kind <> 'agent' order by due_at nulls last, id",
        (workspace, list(conversations)),
    )
    return [ResponseClock(**row) for row in rows]


async def standing(tx: Tx, workspace: str, now: datetime, soon: bool, limit: int) -> list[ResponseClock]:
    """Promised clocks that are past due; with `soon` those that are not yet, but past their warning."""
    rows = await tx.rows(
        f"select {_FIELDS} from social.clock c where workspace = %(w)s and stopped_at is null and kind <> 'agent' and "
        + ("warn_at <= %(now)s and due_at > %(now)s" if soon else "due_at <= %(now)s")
        + " order by due_at, id limit %(limit)s",
        {"w": workspace, "now": now, "limit": limit},
    )
    return [ResponseClock(**row) for row in rows]


async def ever(tx: Tx, workspace: str, conversation: uuid.UUID) -> list[ResponseClock]:
    rows = await tx.rows(
        f"select {_FIELDS} from social.clock c where workspace = %s and conversation = %s order by started_at, id",
        (workspace, conversation),
    )
    return [ResponseClock(**row) for row in rows]


async def due(tx: Tx, now: datetime, limit: int) -> list[tuple[Tenant, ResponseClock]]:
    """Promised clocks of every workspace of which there is something to say, taken so that nobody else says it."""
    rows = await tx.rows(
        f"select c.workspace, c.org, {_FIELDS} from social.clock c where look_at <= %s and kind <> 'agent'"
        " order by look_at limit %s for update skip locked",
        (now, limit),
    )
    return [(Tenant(row.pop("org"), row.pop("workspace")), ResponseClock(**row)) for row in rows]


async def silent(tx: Tx, now: datetime, limit: int) -> list[tuple[Tenant, uuid.UUID, str]]:
    """Conversations whose assignee has said nothing for too long, and who that is."""
    rows = await tx.rows(
        "select workspace, org, conversation, agent from social.clock where look_at <= %s and kind = 'agent'"
        " order by look_at limit %s",
        (now, limit),
    )
    return [(Tenant(row["org"], row["workspace"]), row["conversation"], row["agent"]) for row in rows]


async def open_in(tx: Tx, workspace: str) -> list[uuid.UUID]:
    """Conversations with a clock that has not stopped, in the order in which their rows are to be held."""
    rows = await tx.rows(
        "select distinct conversation from social.clock where workspace = %s and stopped_at is null"
        " order by conversation",
        (workspace,),
    )
    return [row["conversation"] for row in rows]


async def setting(tx: Tx, workspace: str, *, lock: bool = False) -> Setting:
    row = await tx.row(
        "select policies, silent, survey, version from social.clock_setting where workspace = %s"
        + (" for update" if lock else ""),
        (workspace,),
    )
    if row is None:
        return Setting()
    return Setting(msgspec.convert(row["policies"], list[Policy]), row["silent"], row["survey"], row["version"])


async def set_setting(tx: Tx, workspace: str, kept: Setting, now: datetime, actor: str) -> bool:
    """Whether it was kept: not where somebody changed it meanwhile."""
    done = await tx.run(
        "insert into social.clock_setting (workspace, policies, silent, survey, version, changed_at, changed_by)"
        " values (%s, %s, %s, %s, %s, %s, %s) on conflict (workspace) do update set policies = excluded.policies,"
        " silent = excluded.silent, survey = excluded.survey, version = excluded.version,"
        " changed_at = excluded.changed_at, changed_by = excluded.changed_by"
        " where social.clock_setting.version = excluded.version - 1",
        (workspace, Jsonb(msgspec.to_builtins(list(kept.policies))), kept.silent, kept.survey, kept.version, now,
         actor),
    )  # fmt: skip
    return bool(done)


def by_conversation(clocks: Sequence[ResponseClock]) -> Mapping[uuid.UUID, list[ResponseClock]]:
    found: dict[uuid.UUID, list[ResponseClock]] = {}
    for one in clocks:
        found.setdefault(one.conversation, []).append(one)
    return found
