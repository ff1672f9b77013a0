"""The SQL of the door's own things: apps, sessions, what was called, kept pages. Records are read by `soql.sql`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from dure.deals.fields.model import CustomField
from dure.state import State, Tx


async def add_app(tx: Tx, row: Mapping[str, Any]) -> None:
    await tx.run(
        "insert into deals.salesforce_app (workspace, org, id, name, consumer_key, secret, public_key, account,"
        " created_at, created_by) values (%(workspace)s, %(org)s, %(id)s, %(name)s, %(consumer_key)s, %(secret)s,"
        " %(public_key)s, %(account)s, %(created_at)s, %(created_by)s)",
        row,
    )


async def apps(tx: Tx, workspace: str) -> list[dict[str, Any]]:
    return await tx.rows(
        "select id, name, consumer_key, public_key <> '' as signs, account, created_at, created_by"
        " from deals.salesforce_app where workspace = %s order by created_at, id",
        (workspace,),
    )


async def drop_app(tx: Tx, workspace: str, app: str) -> str | None:
    """The name of what was dropped with its sessions; None where there was none."""
    await tx.run("delete from deals.salesforce_session where workspace = %s and app = %s", (workspace, app))
    name: str | None = await tx.value(
        "delete from deals.salesforce_app where workspace = %s and id = %s returning name", (workspace, app)
    )
    return name


async def app_by_key(tx: Tx, consumer_key: str) -> dict[str, Any] | None:
    """The app of any workspace that has this key."""
    return await tx.row("select * from deals.salesforce_app where consumer_key = %s", (consumer_key,))


async def add_session(tx: Tx, digest: bytes, org: str, workspace: str, account: str, app: str, until: datetime) -> None:
    await tx.run(
        "insert into deals.salesforce_session (digest, org, workspace, account, app, expires_at)"
        " values (%s, %s, %s, %s, %s, %s)",
        (digest, org, workspace, account, app, until),
    )


async def session(tx: Tx, digest: bytes, now: datetime) -> dict[str, Any] | None:
    return await tx.row(
        "select org, workspace, account, app from deals.salesforce_session where digest = %s and expires_at > %s",
        (digest, now),
    )


async def end_session(tx: Tx, digest: bytes) -> int:
    return await tx.run("delete from deals.salesforce_session where digest = %s", (digest,))


async def note_call(state: State, workspace: str, now: datetime) -> int:
    """Counts a call; how many there were within the day before it, itself included."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    async with state.begin_system() as tx:
        # A count that is lost with a crash is no loss: nobody waits for the disk on its account.
        await tx.run("set local synchronous_commit = off")
        return int(
            await tx.value(
                "with noted as (insert into deals.salesforce_usage (workspace, hour, calls) values (%(w)s, %(hour)s, 1)"
                " on conflict (workspace, hour) do update set calls = deals.salesforce_usage.calls + 1 returning calls)"
                " select (select calls from noted) + coalesce((select sum(calls) from deals.salesforce_usage"
                " where workspace = %(w)s and hour > %(day)s and hour < %(hour)s), 0)",
                {"w": workspace, "hour": hour, "day": hour - timedelta(days=1)},
            )
        )


async def calls(tx: Tx, workspace: str, now: datetime) -> int:
    """How many calls there were within the last day."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    found = await tx.value(
        "select coalesce(sum(calls), 0) from deals.salesforce_usage where workspace = %s and hour > %s",
        (workspace, hour - timedelta(days=1)),
    )
    return int(found)


async def add_page(tx: Tx, workspace: str, locator: str, number: int, account: str, body: bytes, now: datetime) -> None:
    await tx.run(
        "insert into deals.salesforce_page (workspace, locator, number, account, total, body, created_at)"
        " values (%s, %s, %s, %s, 0, %s, %s)",
        (workspace, locator, number, account, body, now),
    )


async def set_total(tx: Tx, workspace: str, locator: str, total: int) -> None:
    await tx.run(
        "update deals.salesforce_page set total = %s where workspace = %s and locator = %s", (total, workspace, locator)
    )


async def page(tx: Tx, workspace: str, locator: str, number: int, account: str) -> dict[str, Any] | None:
    """A kept page, for whoever asked the question; `last` says that none follows."""
    return await tx.row(
        "select body, total, not exists (select from deals.salesforce_page n where n.workspace = p.workspace"
        " and n.locator = p.locator and n.number > p.number) as last from deals.salesforce_page p"
        " where workspace = %s and locator = %s and number = %s and account = %s",
        (workspace, locator, number, account),
    )


async def tombstones(tx: Tx, workspace: str, kind: str, start: datetime, end: datetime) -> list[dict[str, Any]]:
    """What was deleted within the time: id and when."""
    return await tx.rows(
        "select record, at from deals.tombstone where workspace = %s and object = %s and at >= %s and at < %s"
        " order by at, record",
        (workspace, kind, start, end),
    )


async def earliest(tx: Tx, workspace: str) -> datetime | None:
    found: datetime | None = await tx.value("select min(at) from deals.tombstone where workspace = %s", (workspace,))
    return found


async def fields(tx: Tx, workspace: str) -> list[CustomField]:
    """The fields that the workspace added to any kind of record, in order."""
    rows = await tx.rows(
        "select * from deals.field where workspace = %s and active order by object, position, name", (workspace,)
    )
    return [
        CustomField(
            row["object"], row["name"], row["type"], row["label_ko"], row["label_en"], tuple(row["options"]),
            row["required"], row["is_unique"], row["external"], row["reference"], row["position"], row["active"],
        )
        for row in rows
    ]  # fmt: skip


async def is_buried(tx: Tx, workspace: str, record: str) -> bool:
    sql = "select exists (select from deals.tombstone where workspace = %s and record = %s)"
    return bool(await tx.value(sql, (workspace, record)))


async def note_maker(tx: Tx, workspace: str, record: str, actor: str) -> None:
    """Who made a record at this door."""
    await tx.run(
        "insert into deals.salesforce_maker (workspace, record, actor) values (%s, %s, %s) on conflict do nothing",
        (workspace, record, actor),
    )


async def team_member(tx: Tx, workspace: str, member: str) -> dict[str, Any] | None:
    """Which deal and which user a seat in a team is."""
    return await tx.row(
        "select opportunity, member from deals.team_member where workspace = %s and id = %s", (workspace, member)
    )


async def deal_of_role(tx: Tx, workspace: str, role: str) -> str | None:
    found: str | None = await tx.value(
        "select opportunity from deals.contact_role where workspace = %s and id = %s", (workspace, role)
    )
    return found


async def deal_of_line(tx: Tx, workspace: str, line: str) -> str | None:
    found: str | None = await tx.value(
        "select opportunity from deals.line_item where workspace = %s and id = %s", (workspace, line)
    )
    return found


async def price(tx: Tx, workspace: str, entry: str) -> dict[str, Any] | None:
    """The product and the currency that an entry of the price book is, by the id that is made of both."""
    return await tx.row(
        "select product, currency from deals.price where workspace = %s"
        " and '01u' || substr(md5(product || ' ' || currency), 1, 12) = %s",
        (workspace, entry[:15]),
    )


async def forget(tx: Tx, now: datetime) -> None:
    """Drops what nobody can ask for any more: old pages, ended sessions, counts of the days before."""
    await tx.run("delete from deals.salesforce_page where created_at < %s", (now - timedelta(hours=2),))
    await tx.run("delete from deals.salesforce_session where expires_at < %s", (now,))
    await tx.run("delete from deals.salesforce_usage where hour < %s", (now - timedelta(days=2),))
    await tx.run("delete from deals.salesforce_job where changed_at < %s", (now - timedelta(days=7),))
