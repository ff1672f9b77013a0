"""Stories, rules and advocates in PostgreSQL."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dure.kernel.tenant import Tenant
from dure.social.advocacy.model import Advocate, Content, Rules, Story, Text
from dure.state import Tx

_FIELDS = (
    "id, state, title, about, url, texts, networks, teams, campaign, starts_at, ends_at, origin, origin_id, author,"
    " asked_by, approved_by, comment, version, created_at, changed_at, changed_by, started_at, ended_at"
)


async def add(tx: Tx, tenant: Tenant, story: Story) -> bool:
    """False where the same was offered before."""
    return bool(await tx.run(
        f"insert into social.story (workspace, org, {_FIELDS}) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,"
        " %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " on conflict (workspace, origin, origin_id) where origin <> 'hand' do nothing",
        (tenant.workspace, tenant.org, story.id, *_values(story)),
    ))  # fmt: skip


async def keep(tx: Tx, workspace: str, story: Story) -> None:
    names = _FIELDS.split(", ")[1:]
    await tx.run(
        f"update social.story set {', '.join(f'{name} = %s' for name in names)} where workspace = %s and id = %s",
        (*_values(story), workspace, story.id),
    )


async def story(tx: Tx, workspace: str, id: uuid.UUID, *, lock: bool = False) -> Story | None:
    row = await tx.row(
        f"select {_FIELDS} from social.story where workspace = %s and id = %s{' for update' if lock else ''}",
        (workspace, id),
    )
    return None if row is None else _story(row)


async def offered(tx: Tx, workspace: str, origin: tuple[str, str]) -> Story | None:
    row = await tx.row(
        f"select {_FIELDS} from social.story where workspace = %s and origin = %s and origin_id = %s",
        (workspace, *origin),
    )
    return None if row is None else _story(row)


async def stories(tx: Tx, workspace: str, states: Sequence[str], limit: int) -> list[Story]:
    """Those in these states, or all: what was changed last comes first."""
    rows = await tx.rows(
        f"select {_FIELDS} from social.story where workspace = %s and (%s::text[] = '{{}}' or state = any(%s))"
        " order by changed_at desc, id desc limit %s",
        (workspace, list(states), list(states), limit),
    )
    return [_story(row) for row in rows]


async def running(tx: Tx, workspace: str, limit: int = 200) -> list[Story]:
    """What may be shared now, the newest first."""
    rows = await tx.rows(
        f"select {_FIELDS} from social.story where workspace = %s and state = 'running'"
        " order by started_at desc, id desc limit %s",
        (workspace, limit),
    )
    return [_story(row) for row in rows]


async def due(tx: Tx, now: datetime, limit: int = 100) -> list[tuple[Tenant, Story]]:
    """Of all workspaces: approved ones whose time has come, running ones whose time is over; locked."""
    rows = await tx.rows(
        f"select workspace, org, {_FIELDS} from social.story"
        " where (state = 'approved' and coalesce(starts_at, '-infinity') <= %(now)s)"
        " or (state = 'running' and ends_at <= %(now)s) order by id limit %(limit)s for update skip locked",
        {"now": now, "limit": limit},
    )
    return [(Tenant(row["org"], row["workspace"]), _story(row)) for row in rows]


async def rules(tx: Tx, workspace: str) -> Rules:
    row = await tx.row(
        "select approval, own, approvers, disclosed, disclosure, a_week, leaderboard, price, currency, version"
        " from social.advocacy_rule where workspace = %s",
        (workspace,),
    )
    return Rules(**row) if row else Rules()


async def set_rules(tx: Tx, workspace: str, rules: Rules) -> bool:
    """False where somebody else changed them meanwhile."""
    return bool(await tx.run(
        "insert into social.advocacy_rule as r (workspace, approval, own, approvers, disclosed, disclosure, a_week,"
        " leaderboard, price, currency, version) values (%(w)s, %(approval)s, %(own)s, %(approvers)s, %(disclosed)s,"
        " %(disclosure)s, %(a_week)s, %(leaderboard)s, %(price)s, %(currency)s, %(version)s) on conflict (workspace)"
        " do update set approval = excluded.approval, own = excluded.own, approvers = excluded.approvers,"
        " disclosed = excluded.disclosed, disclosure = excluded.disclosure, a_week = excluded.a_week,"
        " leaderboard = excluded.leaderboard, price = excluded.price, currency = excluded.currency,"
        " version = excluded.version where r.version = excluded.version - 1",
        {"w": workspace, "approval": rules.approval, "own": rules.own, "approvers": list(rules.approvers),
         "disclosed": rules.disclosed, "disclosure": json.dumps(dict(rules.disclosure), ensure_ascii=False),
         "a_week": rules.a_week, "leaderboard": rules.leaderboard, "price": rules.price, "currency": rules.currency,
         "version": rules.version},
    ))  # fmt: skip


async def advocates(tx: Tx, workspace: str, employees: Sequence[str]) -> dict[str, Advocate]:
    """Of these employees, with what holds for who never said anything."""
    rows = await tx.rows(
        "select employee, named, reminders, mastodon, sources from social.advocate where workspace = %s"
        " and employee = any(%s)",
        (workspace, list(employees)),
    )
    return {one: Advocate(one) for one in employees} | {row["employee"]: Advocate(**row) for row in rows}


async def set_advocate(tx: Tx, workspace: str, one: Advocate) -> None:
    await tx.run(
        "insert into social.advocate (workspace, employee, named, reminders, mastodon, sources)"
        " values (%s, %s, %s, %s, %s, %s) on conflict (workspace, employee) do update set named = excluded.named,"
        " reminders = excluded.reminders, mastodon = excluded.mastodon, sources = excluded.sources",
        (workspace, one.employee, one.named, one.reminders, one.mastodon, list(one.sources)),
    )


async def one_at_a_time(tx: Tx, workspace: str) -> None:
    """Until the transaction ends nobody else says whose a source is."""
    await tx.run("select pg_advisory_xact_lock(hashtext(%s))", (f"social.advocates:{workspace}",))


async def owner_of(tx: Tx, workspace: str, source: uuid.UUID) -> str:
    """Whose own account a source is, "" where nobody said."""
    sql = "select employee from social.advocate where workspace = %s and %s = any(sources)"
    return str(await tx.value(sql, (workspace, source)) or "")


async def owned(tx: Tx, workspace: str) -> set[uuid.UUID]:
    """Sources that are an employee's own account."""
    rows = await tx.rows(
        "select distinct unnest(sources) as source from social.advocate where workspace = %s", (workspace,)
    )
    return {row["source"] for row in rows}


async def reminded(tx: Tx, workspace: str, since: datetime) -> dict[str, int]:
    """How often each was reminded since then."""
    rows = await tx.rows(
        "select employee, count(*)::int as times from social.advocacy_reminder where workspace = %s and at > %s"
        " group by employee",
        (workspace, since),
    )
    return {row["employee"]: row["times"] for row in rows}


async def remind(tx: Tx, workspace: str, employees: Sequence[str], at: datetime, forget: datetime) -> None:
    await tx.run("delete from social.advocacy_reminder where workspace = %s and at < %s", (workspace, forget))
    await tx.run(
        "insert into social.advocacy_reminder (workspace, employee, at) select %s, unnest(%s::text[]), %s"
        " on conflict do nothing",
        (workspace, list(employees), at),
    )


async def forget_advocate(tx: Tx, workspace: str, employee: str) -> None:
    for table in ("advocate", "advocacy_reminder"):
        await tx.run(f"delete from social.{table} where workspace = %s and employee = %s", (workspace, employee))


def _values(story: Story) -> tuple[Any, ...]:
    one = story.content
    return (
        story.state, one.title, one.about, one.url, msgspec.json.encode(list(one.texts)).decode(), list(one.networks),
        list(one.teams), one.campaign, one.starts_at, one.ends_at, *story.origin, story.author, story.asked_by,
        story.approved_by, story.comment, story.version, story.created_at, story.changed_at, story.changed_by,
        story.started_at, story.ended_at,
    )  # fmt: skip


def _story(row: Mapping[str, Any]) -> Story:
    return Story(
        row["id"], row["state"],
        Content(
            row["title"], row["url"], row["about"], msgspec.convert(row["texts"], list[Text]), row["networks"],
            row["teams"], row["campaign"], row["starts_at"], row["ends_at"],
        ),
        (row["origin"], row["origin_id"]), row["author"], row["created_at"], row["changed_at"], row["changed_by"],
        row["asked_by"], row["approved_by"], row["comment"], row["version"], row["started_at"], row["ended_at"],
    )  # fmt: skip
