"""Profiles and photographs in PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dure.channels.profile.model import Profile
from dure.state import Tx

# Photographs are large and asked for by themselves.
_COLUMNS = (
    "account, phone, pronouns, status_text, status_emoji, status_until, timezone, fields, away, photo_id, changed_at"
)


async def find(tx: Tx, workspace: str, account: str, *, lock: bool = False) -> Profile:
    """Somebody's profile, empty where they have none yet. `lock` keeps other changes waiting."""
    if lock:
        await tx.run("select pg_advisory_xact_lock(hashtext('channels.profile'), hashtext(%s))", (account,))
    row = await tx.row(
        f"select {_COLUMNS} from channels.profile where workspace = %s and account = %s", (workspace, account)
    )
    return Profile(account) if row is None else _profile(row)


async def of(tx: Tx, accounts: Sequence[str]) -> dict[str, Profile]:
    """Profiles of people whom the caller may know, of whatever workspace they are."""
    rows = await tx.rows(f"select {_COLUMNS} from channels.profile where account = any(%s)", (list(accounts),))
    return {row["account"]: _profile(row) for row in rows}


async def put(tx: Tx, workspace: str, profile: Profile, at: datetime) -> None:
    await tx.run(
        "insert into channels.profile (account, workspace, phone, pronouns, status_text, status_emoji, status_until,"
        " timezone, fields, away, changed_at) values (%(account)s, %(workspace)s, %(phone)s, %(pronouns)s, %(text)s,"
        " %(emoji)s, %(until)s, %(zone)s, %(fields)s, %(away)s, %(at)s)"
        " on conflict (account) do update set phone = excluded.phone, pronouns = excluded.pronouns,"
        " status_text = excluded.status_text, status_emoji = excluded.status_emoji,"
        " status_until = excluded.status_until, timezone = excluded.timezone, fields = excluded.fields,"
        " away = excluded.away, changed_at = excluded.changed_at",
        {"account": profile.account, "workspace": workspace, "phone": profile.phone, "pronouns": profile.pronouns,
         "text": profile.status_text, "emoji": profile.status_emoji, "until": profile.status_until,
         "zone": profile.timezone, "fields": json.dumps(dict(profile.fields)), "away": profile.away, "at": at},
    )  # fmt: skip


async def set_photo(tx: Tx, workspace: str, account: str, photo: tuple[str, bytes, bytes] | None, at: datetime) -> None:
    name, large, small = photo or (None, None, None)
    await tx.run(
        "insert into channels.profile (account, workspace, photo_id, photo, photo_small, changed_at)"
        " values (%s, %s, %s, %s, %s, %s) on conflict (account) do update set photo_id = excluded.photo_id,"
        " photo = excluded.photo, photo_small = excluded.photo_small, changed_at = excluded.changed_at",
        (account, workspace, name, large, small, at),
    )


async def photo(tx: Tx, name: str, *, small: bool) -> bytes | None:
    found: bytes | None = await tx.value(
        f"select {'photo_small' if small else 'photo'} from channels.profile where photo_id = %s", (name,)
    )
    return found


async def fields(tx: Tx, workspace: str) -> list[str]:
    rows = await tx.rows(
        "select distinct f.name from channels.profile p, jsonb_object_keys(p.fields) as f(name)"
        " where p.workspace = %s order by f.name",
        (workspace,),
    )
    return [row["name"] for row in rows]


async def run_out(tx: Tx, now: datetime, limit: int = 100) -> list[dict[str, Any]]:
    """Takes away statuses whose time is over; whose they were. Another process takes others."""
    return await tx.rows(
        "update channels.profile set status_text = '', status_emoji = '', status_until = null, changed_at = %(now)s"
        " where account in (select account from channels.profile where status_until <= %(now)s"
        " order by status_until limit %(limit)s for update skip locked) returning account, workspace",
        {"now": now, "limit": limit},
    )


def _profile(row: dict[str, Any]) -> Profile:
    return Profile(
        row["account"], row["phone"], row["pronouns"], row["status_text"], row["status_emoji"], row["status_until"],
        row["timezone"], row["fields"], row["away"], row["photo_id"] or "", row["changed_at"],
    )  # fmt: skip
