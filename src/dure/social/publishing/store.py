"""Publishing's SQL: plans with what they are on each source, and how they are taken when they are due."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from dure.kernel.tenant import Tenant
from dure.social.publishing.model import Content, Plan, Variant, Wording
from dure.state import Tx

_PLAN = (
    "p.id, p.title, p.text, p.language, p.campaign, p.state, p.due_at, p.author, p.created_at, p.changed_at,"
    " p.changed_by, p.version, p.evergreen, p.original, p.hash, p.approved_by, p.ended_at, (select count(*) from"
    " social.post_comment c where c.workspace = p.workspace and c.plan = p.id and not c.done) as comments"
)


LEASE = timedelta(minutes=7)
"""Longer than a claim to say something is believed in (`sources.saying`), so that who takes over learns what is so."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A plan in somebody's hands until the lease ends."""

    tenant: Tenant
    plan: uuid.UUID
    lease: uuid.UUID


async def add(tx: Tx, tenant: Tenant, plan: Plan, key: str = "") -> bool:
    """False where the key made one already."""
    done = await tx.run(
        "insert into social.post_plan (workspace, org, id, title, text, language, campaign, state, due_at, author,"
        " evergreen, original, key, created_at, changed_at, changed_by) values (%s, %s, %s, %s, %s, %s, %s, %s, %s,"
        " %s, %s, %s, %s, %s, %s, %s) on conflict (workspace, key) where key <> '' do nothing",
        (tenant.workspace, tenant.org, plan.id, plan.content.title, plan.content.text, plan.content.language,
         plan.content.campaign, plan.state, plan.due_at, plan.author, plan.evergreen, plan.original, key,
         plan.created_at, plan.changed_at, plan.changed_by),
    )  # fmt: skip
    if done:
        await _write(tx, tenant.workspace, plan)
    return bool(done)


async def made_by(tx: Tx, workspace: str, key: str) -> uuid.UUID | None:
    found = await tx.value("select id from social.post_plan where workspace = %s and key = %s", (workspace, key))
    return found if isinstance(found, uuid.UUID) else None


async def keep(tx: Tx, workspace: str, plan: Plan) -> None:
    """All of a plan but its variants; whoever had it in hand loses it unless it is still being published."""
    await tx.run(
        "update social.post_plan set title = %s, text = %s, language = %s, campaign = %s, state = %s, due_at = %s,"
        " evergreen = %s, hash = %s, approved_by = %s, version = %s, changed_at = %s, changed_by = %s, ended_at = %s,"
        " lease = case when %s = 'publishing' then lease end,"
        " leased_until = case when %s = 'publishing' then leased_until end where workspace = %s and id = %s",
        (plan.content.title, plan.content.text, plan.content.language, plan.content.campaign, plan.state, plan.due_at,
         plan.evergreen, plan.hash, plan.approved_by, plan.version, plan.changed_at, plan.changed_by, plan.ended_at,
         plan.state, plan.state, workspace, plan.id),
    )  # fmt: skip


async def keep_variants(tx: Tx, workspace: str, plan: Plan) -> None:
    """The wordings as they are now, in their order; what became of a source's stays with it."""
    await tx.run(
        "delete from social.post_variant where workspace = %s and plan = %s and source <> all(%s)",
        (workspace, plan.id, [one.wording.source for one in plan.variants]),
    )
    await _write(tx, workspace, plan)


async def _write(tx: Tx, workspace: str, plan: Plan) -> None:
    if plan.variants:
        await tx.many(
            "insert into social.post_variant (workspace, plan, source, place_no, text, title, place, utm, fate,"
            " attempt, tries, sent, outcome) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
            " on conflict (workspace, plan, source) do update set place_no = excluded.place_no, text = excluded.text,"
            " title = excluded.title, place = excluded.place, utm = excluded.utm, fate = excluded.fate,"
            " attempt = excluded.attempt, tries = excluded.tries, sent = excluded.sent, outcome = excluded.outcome",
            [
                (workspace, plan.id, one.wording.source, number, one.wording.text, one.wording.title,
                 one.wording.place, Jsonb(dict(one.wording.utm)), one.fate, one.attempt, one.tries, one.sent,
                 Jsonb(dict(one.outcome)))
                for number, one in enumerate(plan.variants)
            ],
        )  # fmt: skip


async def remove(tx: Tx, workspace: str, id: uuid.UUID) -> None:
    await tx.run("delete from social.post_plan where workspace = %s and id = %s", (workspace, id))


async def plan(tx: Tx, workspace: str, id: uuid.UUID, *, lock: bool = False) -> Plan | None:
    if lock:
        await tx.run("select from social.post_plan where workspace = %s and id = %s for update", (workspace, id))
    rows = await tx.rows(
        f"select {_PLAN} from social.post_plan p where p.workspace = %s and p.id = %s", (workspace, id)
    )
    found = await _whole(tx, workspace, rows)
    return found[0] if found else None


async def plans(
    tx: Tx, workspace: str, *, since: datetime | None, until: datetime | None, states: Sequence[str], text: str,
    evergreen: bool, limit: int,
) -> list[Plan]:  # fmt: skip
    """By their time, those without one last. With a range, only what has a time within it."""
    rows = await tx.rows(
        f"select {_PLAN} from social.post_plan p where p.workspace = %(w)s"
        " and (%(since)s::timestamptz is null or p.due_at >= %(since)s)"
        " and (%(until)s::timestamptz is null or p.due_at < %(until)s)"
        " and (%(states)s::text[] = '{}' or p.state = any(%(states)s)) and (not %(ever)s or p.evergreen)"
        " and (%(text)s = '' or strpos(lower(p.title || ' ' || p.text || ' ' || p.campaign), lower(%(text)s)) > 0)"
        " order by p.due_at nulls last, p.changed_at desc, p.id limit %(limit)s",
        {"w": workspace, "since": since, "until": until, "states": list(states), "ever": evergreen, "text": text,
         "limit": limit},
    )  # fmt: skip
    return await _whole(tx, workspace, rows)


async def undated(tx: Tx, workspace: str, limit: int) -> list[Plan]:
    """What is being written and has no time yet, changed last first."""
    rows = await tx.rows(
        f"select {_PLAN} from social.post_plan p where p.workspace = %s and p.due_at is null and p.ended_at is null"
        " order by p.changed_at desc, p.id limit %s",
        (workspace, limit),
    )
    return await _whole(tx, workspace, rows)


async def claim(tx: Tx, lease: uuid.UUID, lasts: timedelta, now: datetime | None = None) -> Turn | None:
    """The plan that is due longest by the database's clock, or that somebody dropped; no other hand takes it
    meanwhile. `now` stands in for that clock."""
    row = await tx.row(
        "update social.post_plan p set state = 'publishing', lease = %(lease)s,"
        " leased_until = coalesce(%(now)s::timestamptz, clock_timestamp()) + %(lasts)s"
        " where (p.workspace, p.id) = (select d.workspace, d.id from social.post_plan d"
        "  cross join (select coalesce(%(now)s::timestamptz, clock_timestamp()) as at) c"
        "  where ((d.state = 'scheduled' and d.due_at <= c.at)"
        "   or (d.state = 'publishing' and coalesce(d.leased_until, '-infinity') <= c.at))"
        "  and not exists (select from social.publishing r where r.workspace = d.workspace"
        "   and r.paused_at is not null)"
        "  order by d.due_at for update of d skip locked limit 1)"
        " returning p.org, p.workspace, p.id",
        {"lease": lease, "lasts": lasts, "now": now},
    )
    return None if row is None else Turn(Tenant(row["org"], row["workspace"]), row["id"], lease)


async def held(tx: Tx, turn: Turn, now: datetime | None = None) -> Plan | None:
    """The plan while it is still ours, nobody else's until the transaction ends; the lease lasts anew."""
    mine = await tx.run(
        "update social.post_plan set leased_until = coalesce(%s::timestamptz, clock_timestamp()) + %s"
        " where workspace = %s and id = %s and lease = %s and state = 'publishing'",
        (now, LEASE, turn.tenant.workspace, turn.plan, turn.lease),
    )
    return await plan(tx, turn.tenant.workspace, turn.plan) if mine else None


async def put_down(tx: Tx, turn: Turn, state: str, seconds: float, now: datetime | None = None) -> None:
    """Gives a plan back; while it is being published it is taken up again after so many seconds."""
    await tx.run(
        "update social.post_plan set state = %(state)s, lease = null, leased_until = case when %(state)s = 'publishing'"
        " then coalesce(%(now)s::timestamptz, clock_timestamp()) + make_interval(secs => %(seconds)s) end"
        " where workspace = %(w)s and id = %(id)s and lease = %(lease)s",
        {"state": state, "seconds": seconds, "now": now, "w": turn.tenant.workspace, "id": turn.plan,
         "lease": turn.lease},
    )  # fmt: skip


async def prepare(tx: Tx, workspace: str, id: uuid.UUID, source: uuid.UUID, sent: str) -> None:
    await tx.run(
        "update social.post_variant set sent = %s, tries = tries + 1"
        " where workspace = %s and plan = %s and source = %s",
        (sent, workspace, id, source),
    )


async def settle(
    tx: Tx, workspace: str, id: uuid.UUID, source: uuid.UUID, attempt: int, fate: str, outcome: Mapping[str, Any],
    reference: str, url: str, said_at: datetime | None,
) -> bool:  # fmt: skip
    """Keeps what became of an attempt, once."""
    return bool(
        await tx.run(
            "update social.post_variant set fate = %s, outcome = %s, reference = %s, url = %s, said_at = %s"
            " where workspace = %s and plan = %s and source = %s and attempt = %s and fate <> 'said'",
            (fate, Jsonb(dict(outcome)), reference, url, said_at, workspace, id, source, attempt),
        )
    )


async def again(tx: Tx, workspace: str, id: uuid.UUID, sources: Sequence[uuid.UUID]) -> None:
    """What was refused waits to be said again."""
    await tx.run(
        "update social.post_variant set fate = 'waiting', tries = 0, outcome = '{}' where workspace = %s and plan = %s"
        " and source = any(%s) and fate = 'refused'",
        (workspace, id, list(sources)),
    )


async def next_attempt(tx: Tx, workspace: str, id: uuid.UUID, source: uuid.UUID) -> None:
    """A person found that nothing stands there: what is said from now on is another."""
    await tx.run(
        "update social.post_variant set attempt = attempt + 1, sent = '' where workspace = %s and plan = %s"
        " and source = %s",
        (workspace, id, source),
    )


async def bound(tx: Tx, workspace: str) -> list[Plan]:
    """What was approved as it is and did not begin; nobody else's until the transaction ends."""
    rows = await tx.rows(
        "select id from social.post_plan where workspace = %s and state in ('approved', 'scheduled') order by id"
        " for update",
        (workspace,),
    )
    found = [await plan(tx, workspace, row["id"]) for row in rows]
    return [one for one in found if one is not None]


async def on_their_way(tx: Tx, workspace: str, before: datetime) -> list[Plan]:
    """What came due before a moment, or was put down half done; nobody else's until the transaction ends."""
    rows = await tx.rows(
        "select id from social.post_plan where workspace = %s and ((state = 'publishing' and lease is null)"
        " or (state = 'scheduled' and due_at <= %s)) order by id for update",
        (workspace, before),
    )
    found = [await plan(tx, workspace, row["id"]) for row in rows]
    return [one for one in found if one is not None]


async def _whole(tx: Tx, workspace: str, rows: Sequence[Mapping[str, Any]]) -> list[Plan]:
    if not rows:
        return []
    variants: dict[uuid.UUID, list[Variant]] = {}
    for row in await tx.rows(
        "select * from social.post_variant where workspace = %s and plan = any(%s) order by plan, place_no",
        (workspace, [row["id"] for row in rows]),
    ):
        wording = Wording(row["source"], row["text"], row["title"], row["place"], row["utm"])
        variants.setdefault(row["plan"], []).append(
            Variant(wording, row["fate"], row["attempt"], row["tries"], row["sent"], row["outcome"],
                    row["reference"], row["url"], row["said_at"])
        )  # fmt: skip
    found = []
    for each in rows:
        told = dict(each)
        mine = tuple(variants.get(told["id"], ()))
        words = {name: told.pop(name) for name in ("title", "text", "language", "campaign")}
        found.append(Plan(content=Content(**words, wordings=tuple(v.wording for v in mine)), variants=mine, **told))
    return found


def as_json(content: Content) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.to_builtins(content)
    return made


def of_json(told: Mapping[str, Any]) -> Content:
    return msgspec.convert(told, Content)
