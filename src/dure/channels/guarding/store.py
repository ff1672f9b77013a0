"""Rules, violations and trials in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.channels.guarding.model import Rule, Trial, Violation
from dure.kernel.tenant import Tenant
from dure.state import Tx

_BODY = (
    "name", "action", "detectors", "patterns", "words", "confidence", "least", "where", "channels", "except_people",
    "except_functions", "unreadable",
)  # fmt: skip


# -- rules ----------------------------------------------------------------------------------------------------------


async def version(tx: Tx, org: str) -> int:
    """How often the organisation's rules were changed; 0 where it never had any."""
    return await tx.value("select version from channels.guard_version where org = %s", (org,)) or 0


async def raise_version(tx: Tx, org: str) -> int:
    """The next version, while nobody else changes rules."""
    made: int = await tx.value(
        "insert into channels.guard_version (org, version) values (%s, 1)"
        " on conflict (org) do update set version = channels.guard_version.version + 1 returning version",
        (org,),
    )
    return made


async def rules(tx: Tx, org: str) -> list[Rule]:
    rows = await tx.rows("select * from channels.guard where org = %s order by changed_at, id", (org,))
    return [_rule(row) for row in rows]


async def rule(tx: Tx, org: str, rule: str) -> Rule | None:
    row = await tx.row("select * from channels.guard where org = %s and id = %s for update", (org, rule))
    return None if row is None else _rule(row)


async def put(tx: Tx, rule: Rule, version: int) -> None:
    await tx.run(
        "insert into channels.guard (id, org, workspace, version, body, enabled, changed_by, changed_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict (id) do update set version = excluded.version,"
        " body = excluded.body, enabled = excluded.enabled, changed_by = excluded.changed_by,"
        " changed_at = excluded.changed_at where channels.guard.org = excluded.org",
        (rule.id, rule.org, rule.workspace, version, Jsonb(body_of(rule)), rule.enabled, rule.changed_by,
         rule.changed_at),
    )  # fmt: skip


async def drop(tx: Tx, org: str, rule: str) -> None:
    await tx.run("delete from channels.guard where org = %s and id = %s", (org, rule))


def body_of(rule: Rule) -> dict[str, Any]:
    whole = asdict(rule)
    return {name: whole[name] for name in _BODY}


def _rule(row: dict[str, Any]) -> Rule:
    return rule_of(
        row["body"], id=row["id"], org=row["org"], workspace=row["workspace"], enabled=row["enabled"],
        changed_by=row["changed_by"], changed_at=row["changed_at"],
    )  # fmt: skip


def rule_of(body: dict[str, Any], **more: Any) -> Rule:
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in body.items()}
    return Rule(**{**given, **more})


# -- violations -----------------------------------------------------------------------------------------------------


async def add(tx: Tx, one: Violation) -> bool:
    """Writes a violation down, once."""
    return bool(
        await tx.run(
            "insert into channels.violation (id, org, workspace, rules, action, what, channel, ts, account, app,"
            " excerpt, state, draft, at, unread)"
            " values (%(id)s, %(org)s, %(workspace)s, %(rules)s, %(action)s, %(what)s,"
            " %(channel)s, %(ts)s, %(user)s, %(app)s, %(excerpt)s, %(state)s, %(draft)s, %(at)s, %(unread)s)"
            " on conflict (id) do nothing",
            {**{name: getattr(one, name) for name in ("id", "org", "workspace", "action", "what", "channel", "ts",
                                                      "user", "app", "excerpt", "state", "at", "unread")},
             "rules": Jsonb(list(one.rules)), "draft": None if one.draft is None else Jsonb(one.draft)},
        )
    )  # fmt: skip


async def violation(tx: Tx, org: str, violation: str) -> Violation | None:
    row = await tx.row("select * from channels.violation where org = %s and id = %s for update", (org, violation))
    return None if row is None else _violation(row)


async def violations(
    tx: Tx, org: str, workspace: str, *, state: str, before: datetime | None, limit: int
) -> list[Violation]:
    """The newest first; `workspace` "" is everybody of the organisation."""
    rows = await tx.rows(
        "select * from channels.violation where org = %(org)s and (%(workspace)s = '' or workspace = %(workspace)s)"
        " and (%(state)s = '' or state = %(state)s) and (%(before)s::timestamptz is null or at < %(before)s)"
        " order by at desc, id limit %(limit)s",
        {"org": org, "workspace": workspace, "state": state, "before": before, "limit": limit},
    )
    return [_violation(row) for row in rows]


async def counts(tx: Tx, org: str, workspace: str) -> dict[str, int]:
    rows = await tx.rows(
        "select state, count(*) as n from channels.violation where org = %s and (%s = '' or workspace = %s)"
        " group by state",
        (org, workspace, workspace),
    )
    return {row["state"]: row["n"] for row in rows}


async def waiting_of(tx: Tx, workspace: str, account: str) -> list[Violation]:
    """What of somebody's waits, the oldest first."""
    rows = await tx.rows(
        "select * from channels.violation where workspace = %s and account = %s and state = 'waiting' order by at",
        (workspace, account),
    )
    return [_violation(row) for row in rows]


async def decide(tx: Tx, one: Violation) -> None:
    """What was to be said is not kept any longer than it waits."""
    await tx.run(
        "update channels.violation set state = %s, ts = %s, draft = null, decided_by = %s, decided_at = %s"
        " where org = %s and id = %s",
        (one.state, one.ts, one.decided_by, one.decided_at, one.org, one.id),
    )


def _violation(row: dict[str, Any]) -> Violation:
    names = ("id", "org", "workspace", "action", "what", "channel", "ts", "app", "excerpt", "state", "at", "draft",
             "decided_by", "decided_at", "unread")  # fmt: skip
    return Violation(**{name: row[name] for name in names}, user=row["account"], rules=tuple(row["rules"]))


async def names(tx: Tx, org: str, channels: Sequence[str]) -> dict[str, str]:
    rows = await tx.rows(
        "select channel, name from channels.share where org = %s and channel = any(%s)", (org, list(channels))
    )
    return {row["channel"]: row["name"] for row in rows}


# -- trials ---------------------------------------------------------------------------------------------------------


async def total_of(tx: Tx, workspaces: Sequence[str], since: int) -> int:
    found: int = await tx.value(
        "select count(*) from channels.message where team = any(%s) and ts >= %s and not deleted",
        (list(workspaces), since),
    )
    return found


async def begin_trial(tx: Tx, one: Trial) -> None:
    await tx.run(
        "insert into channels.guard_trial (id, org, workspace, body, state, since, total, began_by, began_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (one.id, one.org, one.workspace, Jsonb(body_of(one.rule)), one.state, one.since, one.total, one.began_by,
         one.began_at),
    )  # fmt: skip


async def trial(tx: Tx, org: str, trial: str, *, lock: bool = False) -> Trial | None:
    row = await tx.row(
        f"select * from channels.guard_trial where org = %s and id::text = %s{' for update' if lock else ''}",
        (org, trial),
    )
    return None if row is None else _trial(row)


async def due_trial(tx: Tx) -> Trial | None:
    """A trial to go on with, for this process alone."""
    row = await tx.row(
        "select * from channels.guard_trial where state = 'running' order by began_at limit 1 for update skip locked"
    )
    return None if row is None else _trial(row)


async def next_said(
    tx: Tx, workspaces: Sequence[str], since: int, after: tuple[str, int], limit: int
) -> list[dict[str, Any]]:
    return await tx.rows(
        "select channel, ts, team, account, text, username, blocks, attachments, metadata from channels.message"
        " where (channel, ts) > (%s, %s) and team = any(%s) and ts >= %s and not deleted"
        " order by channel, ts limit %s",
        (*after, list(workspaces), since, limit),
    )


async def keep_trial(tx: Tx, one: Trial) -> None:
    await tx.run(
        "update channels.guard_trial set state = %s, channel = %s, ts = %s, looked = %s, hits = %s, examples = %s,"
        " ended_at = %s where id = %s",
        (one.state, one.channel, one.ts, one.looked, one.hits, Jsonb(one.examples), one.ended_at, one.id),
    )


def _trial(row: dict[str, Any]) -> Trial:
    return Trial(
        id=str(row["id"]), org=row["org"], workspace=row["workspace"],
        rule=rule_of(row["body"], id="", org=row["org"], workspace=row["workspace"]), state=row["state"],
        since=row["since"], total=row["total"], began_by=row["began_by"], began_at=row["began_at"],
        channel=row["channel"], ts=row["ts"], looked=row["looked"], hits=row["hits"], examples=row["examples"],
        ended_at=row["ended_at"],
    )  # fmt: skip


async def workspaces_of(tx: Tx, tenant: Tenant, *, whole: bool) -> list[str]:
    """Workspaces of the organisation that have conversations, or the one alone."""
    if not whole:
        return [tenant.workspace]
    rows = await tx.rows("select distinct workspace from channels.share where org = %s", (tenant.org,))
    return [row["workspace"] for row in rows]
